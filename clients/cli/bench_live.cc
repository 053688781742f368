#include "clients/cli/bench_live.h"

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/status.h"
#include "clients/load/channels.h"
#include "samverk/bus/v1/subscription.grpc.pb.h"

namespace samverk::cli {
namespace {

using bus::v1::SubscribeRequest;
using bus::v1::SubscribeResponse;
using bus::v1::SubscriptionService;
using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

// How long what was acknowledged may take to come.
constexpr std::chrono::seconds kPatience{60};

SubscribeRequest FromNowOn() {
  SubscribeRequest request;
  request.mutable_start()->set_now(true);
  return request;
}

// Follows all that comes, and knows when it came.
class Follower {
 public:
  explicit Follower(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(SubscriptionService::NewStub(channel)),
        thread_([this] { Follow(); }) {}
  ~Follower() { End(); }

  // Waits until it follows.
  absl::Status AwaitBegin() {
    std::unique_lock<std::mutex> lock(mu_);
    changed_.wait(lock, [this] { return first_.has_value() || !why_.ok(); });
    return why_;
  }

  // Waits until everything up to a position has come, and ends.
  absl::Status EndAfter(uint64_t position) {
    std::unique_lock<std::mutex> lock(mu_);
    const bool over = changed_.wait_for(
        lock, kPatience, [&] { return !why_.ok() || cursor_ >= position; });
    const absl::Status why =
        over ? why_
             : absl::DeadlineExceededError(
                   absl::StrCat("event ", position,
                                " was acknowledged, but the subscriber has "
                                "come no further than ",
                                cursor_));
    lock.unlock();
    End();
    return why;
  }

  // After the end: when the event at a position came; nullopt: it did not.
  std::optional<Time> CameAt(uint64_t position) const {
    if (!first_.has_value() || position < *first_) return std::nullopt;
    const uint64_t at = position - *first_;
    if (at >= came_.size()) return std::nullopt;
    return came_[at];
  }

 private:
  void Follow() {
    const auto reader = stub_->Subscribe(&context_, FromNowOn());
    SubscribeResponse message;
    while (reader->Read(&message)) {
      const Time now = Clock::now();
      // Nothing is left out: events come one after the other.
      came_.insert(came_.end(),
                   static_cast<size_t>(message.events().events_size()), now);
      std::lock_guard<std::mutex> lock(mu_);
      if (!first_.has_value()) first_ = message.cursor() + 1 - came_.size();
      cursor_ = message.cursor();
      changed_.notify_one();
    }
    const absl::Status status = client::FromGrpcStatus(reader->Finish());
    std::lock_guard<std::mutex> lock(mu_);
    why_ = status.ok() ? absl::UnavailableError("the subscription was ended")
                       : status;
    changed_.notify_one();
  }

  void End() {
    context_.TryCancel();
    if (thread_.joinable()) thread_.join();
  }

  const std::unique_ptr<SubscriptionService::Stub> stub_;
  grpc::ClientContext context_;
  std::vector<Time> came_;  // of the thread that follows
  std::mutex mu_;
  std::condition_variable changed_;
  std::optional<uint64_t> first_;  // position; guarded by mu_, as what follows
  uint64_t cursor_ = 0;
  absl::Status why_;  // it has ended
  std::thread thread_;
};

// Follows what never comes, and takes signs of life as they are.
class Idle final
    : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Idle(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(channel) {
    SubscribeRequest request = FromNowOn();
    request.mutable_filter()->add_types("bench.never");
    const grpc::Slice slice(request.SerializeAsString());
    request_ = grpc::ByteBuffer(&slice, 1);
    stub_.PrepareBidiStreamingCall(
        &context_, "/samverk.bus.v1.SubscriptionService/Subscribe", {}, this);
    StartWriteLast(&request_, {});
    StartRead(&message_);
    StartCall();
  }
  ~Idle() override {
    context_.TryCancel();
    std::unique_lock<std::mutex> lock(mu_);
    changed_.wait(lock, [this] { return done_; });
  }

  // Waits for its first message, or its end.
  void AwaitBegin() {
    std::unique_lock<std::mutex> lock(mu_);
    changed_.wait(lock, [this] { return begun_ || done_; });
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    {
      std::lock_guard<std::mutex> lock(mu_);
      begun_ = true;
      changed_.notify_one();
    }
    StartRead(&message_);
  }
  void OnDone(const grpc::Status& /*status*/) override {
    std::lock_guard<std::mutex> lock(mu_);
    done_ = true;
    changed_.notify_one();
  }

 private:
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  std::mutex mu_;
  std::condition_variable changed_;
  bool begun_ = false;  // guarded by mu_
  bool done_ = false;   // guarded by mu_
};

// When which events were acknowledged. Any thread.
class Acknowledgements {
 public:
  void Add(const store::v1::AppendResponse& response) {
    const Time now = Clock::now();
    std::lock_guard<std::mutex> lock(mu_);
    for (const auto& recorded : response.recorded()) {
      all_.emplace_back(recorded.position(), now);
    }
  }
  // When nothing is added any more.
  const std::vector<std::pair<uint64_t, Time>>& all() const { return all_; }

 private:
  std::mutex mu_;
  std::vector<std::pair<uint64_t, Time>> all_;  // guarded by mu_
};

}  // namespace

absl::StatusOr<load::Result> RunLive(const AppendLoad& load,
                                     const load::Options& options, size_t idle,
                                     const client::Options& server,
                                     const Channels& channels,
                                     std::atomic<uint64_t>& head) {
  const Channels own = load::MakeChannels(server, 2);
  std::vector<std::unique_ptr<Idle>> others;
  for (size_t i = 0; i < idle; ++i) {
    others.push_back(std::make_unique<Idle>(own[1]));
  }
  for (const auto& other : others) other->AwaitBegin();
  Follower follower(own[0]);
  if (const absl::Status begun = follower.AwaitBegin(); !begun.ok()) {
    return begun;
  }
  Acknowledgements acknowledged;
  AppendLoad observed = load;
  observed.on_appended = [&](const store::v1::AppendResponse& response) {
    acknowledged.Add(response);
  };
  const Time begin = Clock::now() + options.warm_up;
  auto result = load::Run(options, AppendCallers(observed, channels, head));
  if (!result.ok()) return result;
  uint64_t last = 0;
  for (const auto& [position, at] : acknowledged.all()) {
    last = std::max(last, position);
  }
  if (const absl::Status ended = follower.EndAfter(last); !ended.ok()) {
    return ended;
  }
  result->latency = {};
  for (const auto& [position, at] : acknowledged.all()) {
    if (at < begin || at >= begin + options.duration) continue;
    const std::optional<Time> came = follower.CameAt(position);
    if (!came.has_value()) {
      return absl::DataLossError(absl::StrCat("event ", position,
                                              " was passed over; see the "
                                              "server's log"));
    }
    result->latency.Add(static_cast<uint64_t>(
        std::max(*came - at, Clock::duration::zero()).count()));
  }
  return result;
}

}  // namespace samverk::cli
