#include "clients/cli/bench_group.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/status.h"
#include "clients/load/grpc_callers.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"

namespace samverk::cli {
namespace {

using bus::v1::AcknowledgeRequest;
using bus::v1::AcknowledgeResponse;
using bus::v1::ConsumerGroupService;
using bus::v1::ReceiveRequest;
using bus::v1::ReceiveResponse;
using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

// What has been acknowledged. All methods may be called from any thread.
class Tally {
 public:
  explicit Tally(const GroupLoad& load)
      : head_(load.head),
        begin_(Clock::now() + load.warm_up),
        end_(begin_ + load.duration) {}

  // An acknowledgement was answered.
  void Acknowledged(Time given, uint64_t events, uint64_t cursor) {
    const Time now = Clock::now();
    std::lock_guard<std::mutex> lock(mu_);
    if (now >= begin_ && now < end_ && !at_head_.has_value()) {
      ++result_.operations;
      result_.events += events;
      result_.latency.Add(static_cast<uint64_t>((now - given).count()));
    }
    if (cursor >= head_ && !at_head_.has_value()) at_head_ = now;
    if (at_head_.has_value()) over_.notify_one();
  }

  void Fail(const absl::Status& why) {
    std::lock_guard<std::mutex> lock(mu_);
    if (error_.ok()) error_ = why;
    over_.notify_one();
  }

  // Waits for the end.
  absl::StatusOr<load::Result> Await() {
    std::unique_lock<std::mutex> lock(mu_);
    over_.wait_until(lock, end_,
                     [this] { return at_head_.has_value() || !error_.ok(); });
    if (!error_.ok()) return error_;
    const Time end = at_head_.value_or(end_);
    if (end <= begin_) {
      return absl::FailedPreconditionError(
          absl::StrCat("all ", head_,
                       " events were acknowledged before the measured time "
                       "began; append more, or give a shorter --warm-up"));
    }
    if (result_.events == 0) {
      return absl::DeadlineExceededError(
          "nothing was acknowledged in the measured time; see the server's "
          "log, or give more --seconds");
    }
    result_.duration = end - begin_;
    return result_;
  }

 private:
  const uint64_t head_;
  const Time begin_;
  const Time end_;
  std::mutex mu_;
  std::condition_variable over_;
  std::optional<Time> at_head_;  // guarded by mu_, as all that follows
  absl::Status error_;
  load::Result result_;
};

class Member final : public grpc::ClientReadReactor<ReceiveResponse> {
 public:
  Member(const GroupLoad& load, std::shared_ptr<grpc::Channel> channel,
         Tally& tally)
      : name_(load.group),
        stub_(ConsumerGroupService::NewStub(std::move(channel))),
        tally_(tally) {
    request_.set_name(name_);
    request_.set_batch_size(load.batch);
    request_.set_open_leases(load.leases);
    stub_->async()->Receive(&context_, &request_, this);
    StartRead(&given_);
    StartCall();
  }

  // Waits until nothing of it is under way.
  ~Member() override {
    {
      std::lock_guard<std::mutex> lock(mu_);
      leaving_ = true;
    }
    context_.TryCancel();
    std::unique_lock<std::mutex> lock(mu_);
    changed_.wait(lock, [this] { return done_ && unanswered_ == 0; });
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    if (!given_.events().empty()) Acknowledge();
    StartRead(&given_);
  }

  void OnDone(const grpc::Status& status) override {
    std::lock_guard<std::mutex> lock(mu_);
    if (!leaving_) tally_.Fail(client::FromGrpcStatus(status));
    done_ = true;
    changed_.notify_one();
  }

 private:
  struct Call {
    Time given;
    uint64_t events = 0;
    grpc::ClientContext context;
    AcknowledgeRequest request;
    AcknowledgeResponse response;
  };

  void Acknowledge() {
    auto call = std::make_shared<Call>();
    call->given = Clock::now();
    call->events = static_cast<uint64_t>(given_.events_size());
    call->context.set_deadline(std::chrono::system_clock::now() +
                               load::kAnswerPatience);
    call->request.set_name(name_);
    call->request.set_lease(given_.lease());
    call->request.set_all_done(true);
    {
      std::lock_guard<std::mutex> lock(mu_);
      ++unanswered_;
    }
    stub_->async()->Acknowledge(
        &call->context, &call->request, &call->response,
        [this, call](const grpc::Status& status) { Answered(*call, status); });
  }

  void Answered(const Call& call, const grpc::Status& status) {
    if (status.ok()) {
      tally_.Acknowledged(call.given, call.events, call.response.cursor());
    } else {
      tally_.Fail(client::FromGrpcStatus(status));
    }
    std::lock_guard<std::mutex> lock(mu_);
    --unanswered_;
    changed_.notify_one();
  }

  const std::string name_;
  const std::unique_ptr<ConsumerGroupService::Stub> stub_;
  Tally& tally_;
  grpc::ClientContext context_;
  ReceiveRequest request_;
  ReceiveResponse given_;
  std::mutex mu_;
  std::condition_variable changed_;
  bool leaving_ = false;   // guarded by mu_, as all that follows
  bool done_ = false;      // no more is given
  size_t unanswered_ = 0;  // acknowledgements
};

}  // namespace

absl::StatusOr<load::Result> RunGroup(const GroupLoad& load,
                                      const Channels& channels) {
  Tally tally(load);
  std::vector<std::unique_ptr<Member>> members;
  for (size_t i = 0; i < load.members; ++i) {
    members.push_back(
        std::make_unique<Member>(load, channels[i % channels.size()], tally));
  }
  return tally.Await();
}

}  // namespace samverk::cli
