// Consumer groups of a real server that is killed while their members work.
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "clients/cpp/consumer_groups.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"
#include "tests/bus/goals.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"
#include "tests/fault/suite.h"

namespace samverk::e2e {
namespace {

using bus::v1::ReceiveResponse;
using Stub = bus::v1::ConsumerGroupService::Stub;

constexpr uint64_t kGoals = 60;  // a round

// What the members of one group have seen, all together.
class Journal {
 public:
  // Those that were acknowledged before now.
  std::set<uint64_t> Done() {
    std::lock_guard<std::mutex> lock(mu_);
    return done_;
  }
  // Each position that is given, before anything is said of it. `in_order`: all
  // events have one key.
  void Given(uint64_t position, bool in_order) {
    std::lock_guard<std::mutex> lock(mu_);
    if (!in_order) return;
    // What came before it has been said to be done, or it would not be given.
    for (auto other = given_.begin(); other != given_.lower_bound(position);
         ++other) {
      if (said_.count(*other) == 0) {
        ADD_FAILURE() << "#" << position << " is given before #" << *other
                      << " was done";
      }
    }
    given_.insert(position);
  }
  void Saying(uint64_t position) {
    std::lock_guard<std::mutex> lock(mu_);
    said_.insert(position);
  }
  // The server took it.
  void Taken(uint64_t position, bool was_done) {
    std::lock_guard<std::mutex> lock(mu_);
    if (was_done) {
      ADD_FAILURE() << "#" << position << " was acknowledged, and given again";
    }
    done_.insert(position);
  }

 private:
  std::mutex mu_;
  std::set<uint64_t> given_;
  std::set<uint64_t> said_;
  std::set<uint64_t> done_;
};

// A member that comes again when the connection breaks, refuses some events
// the first time, and forgets about others.
class Member {
 public:
  Member(const std::string& address, const std::string& group, uint32_t batch,
         bool in_order, Journal& journal)
      : group_(group),
        batch_(batch),
        in_order_(in_order),
        journal_(journal),
        stub_(bus::v1::ConsumerGroupService::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))),
        thread_([this] { Run(); }) {}
  ~Member() {
    ending_ = true;
    {
      std::lock_guard<std::mutex> lock(mu_);
      if (context_ != nullptr) context_->TryCancel();
    }
    thread_.join();
  }

 private:
  void Run() {
    while (!ending_) {
      grpc::ClientContext context;
      {
        std::lock_guard<std::mutex> lock(mu_);
        context_ = &context;
      }
      bus::v1::ReceiveRequest request;
      request.set_name(group_);
      request.set_batch_size(batch_);
      const auto stream = stub_->Receive(&context, request);
      ReceiveResponse given;
      while (!ending_ && stream->Read(&given)) Work(given);
      context.TryCancel();
      while (stream->Read(&given)) {
      }
      stream->Finish().ok();
      {
        std::lock_guard<std::mutex> lock(mu_);
        context_ = nullptr;
      }
      absl::SleepFor(absl::Milliseconds(20));
    }
  }

  void Work(const ReceiveResponse& given) {
    const std::set<uint64_t> done_before = journal_.Done();
    bus::v1::AcknowledgeRequest said;
    said.set_name(group_);
    said.set_lease(given.lease());
    for (const auto& event : given.events()) {
      const uint64_t position = event.event().position();
      journal_.Given(position, in_order_);
      if (event.attempt() == 1 && position % 17 == 0) continue;  // forgotten
      if (event.attempt() == 1 && position % 13 == 0) {
        auto& refused = *said.add_refused();
        refused.set_position(position);
        refused.set_reason("not now");
      } else {
        journal_.Saying(position);
        said.add_done(position);
      }
    }
    bus::v1::AcknowledgeResponse response;
    grpc::ClientContext context;
    if (!stub_->Acknowledge(&context, said, &response).ok()) return;
    for (const uint64_t position : said.done()) {
      journal_.Taken(position, done_before.count(position) > 0);
    }
  }

  const std::string group_;
  const uint32_t batch_;
  const bool in_order_;
  Journal& journal_;
  const std::unique_ptr<Stub> stub_;
  std::atomic<bool> ending_{false};
  std::mutex mu_;
  grpc::ClientContext* context_ = nullptr;  // guarded by mu_
  std::thread thread_;
};

bus::v1::GroupSettings Settings(const char* key) {
  bus::v1::GroupSettings settings;
  settings.mutable_filter()->add_types("goal_set");
  settings.set_key(key);
  settings.set_attempts(100);
  settings.mutable_lease()->set_seconds(1);
  settings.mutable_first_delay()->set_nanos(10'000'000);
  return settings;
}

TEST(GroupKill, NothingIsLostNorGivenAgainWhenTheServerIsKilled) {
  TemporaryDirectory directory;
  const std::string data = directory.path() + "/data";
  auto server = std::make_unique<RunningServer>(data);
  server->RecordDemo();
  const std::string address = server->address();
  auto connected = client::Client::Connect({.address = address});
  ASSERT_TRUE(connected.ok()) << connected.status();
  client::ConsumerGroups& groups = (*connected)->groups();
  // Every goal has a stream of its own; all are of one process.
  ASSERT_TRUE(groups.Create("by-stream", Settings("")).ok());
  ASSERT_TRUE(groups.Create("by-process", Settings("process")).ok());
  Journal by_stream;
  Journal by_process;
  std::vector<std::unique_ptr<Member>> members;
  for (int i = 0; i < 3; ++i) {
    members.push_back(
        std::make_unique<Member>(address, "by-stream", 7, false, by_stream));
  }
  for (int i = 0; i < 2; ++i) {
    members.push_back(
        std::make_unique<Member>(address, "by-process", 5, true, by_process));
  }
  const size_t demo_goals = [&] {
    size_t count = 0;
    view::v1::ReadLogRequest request;
    request.add_types("goal_set");
    client::LogReader reader;
    reader.on_page = [&count](const view::v1::ReadLogResponse& page) {
      count += static_cast<size_t>(page.events_size());
      return true;
    };
    EXPECT_TRUE((*connected)->ReadLog(request, reader).ok());
    return count;
  }();

  uint64_t head = DemoEvents();
  for (uint64_t round = 0; round < fault::Rounds(); ++round) {
    Process recorder(
        {SAMVERK_PROGRAM, "--server", address, "record", "--batch", "1", "-"},
        Goals(round * kGoals + 1, kGoals), {});
    const size_t until = by_stream.Done().size() + 5 + round * 7 % 30;
    ASSERT_TRUE(WaitUntil([&] { return by_stream.Done().size() >= until; }));
    server->Kill();
    server = std::make_unique<RunningServer>(
        data, std::vector<std::string>{"--grpc", address});
    const Outcome recorded = recorder.Wait();
    ASSERT_EQ(recorded.status, 0) << recorded.err;
    head += kGoals;
  }
  const auto settled = [&](const char* name) {
    const auto state = groups.Get(name);
    return state.ok() && state->cursor() == head;
  };
  EXPECT_TRUE(WaitUntil([&] { return settled("by-stream"); }));
  EXPECT_TRUE(WaitUntil([&] { return settled("by-process"); }));
  members.clear();
  // An acknowledgement whose answer was lost was taken all the same, so that
  // the journal may have fewer; what it lacks was not given again in vain.
  const size_t goals = demo_goals + fault::Rounds() * kGoals;
  EXPECT_LE(by_stream.Done().size(), goals);
  EXPECT_GE(by_stream.Done().size(), goals - fault::Rounds() * 3 * 7);
  EXPECT_GE(by_process.Done().size(), goals - fault::Rounds() * 2 * 5);
  for (const char* name : {"by-stream", "by-process"}) {
    const auto state = groups.Get(name);
    ASSERT_TRUE(state.ok());
    EXPECT_EQ(state->parked(), 0u);
    EXPECT_EQ(state->lag_events(), 0u);
  }
}

}  // namespace
}  // namespace samverk::e2e
