// Following a real server that is killed, and one that very many follow.
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "samverk/bus/v1/subscription.grpc.pb.h"
#include "tests/bus/goals.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"
#include "tests/fault/suite.h"

namespace samverk::e2e {
namespace {

using bus::v1::SubscribeRequest;
using bus::v1::SubscribeResponse;

// Follows with the client library on a thread of its own.
class Follower {
 public:
  Follower(const std::string& address, SubscribeRequest request) {
    auto connected = client::Client::Connect({.address = address});
    EXPECT_TRUE(connected.ok()) << connected.status();
    client_ = *std::move(connected);
    thread_ = std::thread([this, request] {
      client::Subscriber subscriber;
      subscriber.on_message = [this](const SubscribeResponse& message) {
        for (const auto& event : message.events().events()) {
          hashes_.push_back({event.position(), event.leaf_hash()});
        }
        cursor_ = message.cursor();
        return true;
      };
      subscriber.cancellation = &cancellation_;
      status_ = client_->Subscribe(request, subscriber);
    });
  }
  ~Follower() { End(); }

  uint64_t cursor() const { return cursor_; }
  void End() {
    cancellation_.Cancel();
    if (thread_.joinable()) thread_.join();
  }
  // After End: position and leaf of each event that came, in order.
  const std::vector<std::pair<uint64_t, std::string>>& hashes() const {
    return hashes_;
  }
  const absl::Status& status() const { return status_; }

 private:
  std::unique_ptr<client::Client> client_;
  client::Cancellation cancellation_;
  std::atomic<uint64_t> cursor_{0};
  std::vector<std::pair<uint64_t, std::string>> hashes_;
  absl::Status status_;
  std::thread thread_;
};

// What the log itself holds, of a type or all.
std::vector<std::pair<uint64_t, std::string>> Stored(const std::string& address,
                                                     const char* type) {
  const auto client = client::Client::Connect({.address = address});
  EXPECT_TRUE(client.ok()) << client.status();
  view::v1::ReadLogRequest request;
  if (type != nullptr) request.add_types(type);
  std::vector<std::pair<uint64_t, std::string>> stored;
  client::LogReader reader;
  reader.on_page = [&stored](const view::v1::ReadLogResponse& page) {
    for (const auto& event : page.events()) {
      stored.push_back({event.position(), event.leaf_hash()});
    }
    return true;
  };
  EXPECT_TRUE((*client)->ReadLog(request, reader).ok());
  return stored;
}

TEST(Following, AKilledServerIsFollowedWithoutGapOrRepetition) {
  constexpr uint64_t kGoals = 120;
  TemporaryDirectory directory;
  const std::string data = directory.path() + "/data";
  auto server = std::make_unique<RunningServer>(data);
  server->RecordDemo();
  const std::string address = server->address();
  SubscribeRequest rare;
  rare.mutable_filter()->add_types("actor_registered");
  rare.mutable_heartbeat()->set_nanos(100'000'000);
  Follower all(address, {});
  Follower filtered(address, rare);
  Process shown({SAMVERK_PROGRAM, "--server", address, "log", "--follow"}, "",
                {});
  uint64_t head = DemoEvents();
  for (uint64_t round = 0; round < fault::Rounds(); ++round) {
    Process recorder(
        {SAMVERK_PROGRAM, "--server", address, "record", "--batch", "1", "-"},
        Goals(round * kGoals + 1, kGoals), {});
    // In the middle of following what is being recorded.
    const uint64_t until = head + 5 + round * 7 % 60;
    ASSERT_TRUE(WaitUntil([&] { return all.cursor() >= until; }));
    server->Kill();
    server = std::make_unique<RunningServer>(
        data, std::vector<std::string>{"--grpc", address});
    const Outcome recorded = recorder.Wait();
    ASSERT_EQ(recorded.status, 0) << recorded.err;
    head += kGoals;
  }
  ASSERT_TRUE(WaitUntil([&] {
    return all.cursor() == head && filtered.cursor() == head;
  })) << all.cursor()
      << ", " << filtered.cursor() << " of " << head;
  ASSERT_TRUE(WaitUntil([&] { return Lines(shown.Out()).size() >= head; }));
  all.End();
  filtered.End();
  EXPECT_EQ(all.status().code(), absl::StatusCode::kCancelled) << all.status();
  EXPECT_EQ(all.hashes(), Stored(address, nullptr));
  EXPECT_EQ(filtered.hashes(), Stored(address, "actor_registered"));
  // The command line shows each event on a line of its own, once.
  shown.Signal(SIGINT);
  const std::vector<std::string> lines = Lines(shown.Wait().out);
  ASSERT_EQ(lines.size(), head);
  for (uint64_t i = 0; i < head; ++i) {
    EXPECT_TRUE(absl::StartsWith(lines[i], absl::StrCat("#", i + 1, " ")))
        << lines[i];
  }
}

// A number that stands after a name in a file of /proc.
int64_t ProcNumber(const std::string& path, const std::string& name) {
  std::ifstream in(path);
  std::string word;
  int64_t number = 0;
  while (in >> word) {
    if (word == name && in >> number) return number;
  }
  return -1;
}

int64_t ResidentBytes(pid_t pid) {
  return ProcNumber(absl::StrCat("/proc/", pid, "/status"), "VmRSS:") * 1024;
}

// Time of the processor that a process has used.
absl::Duration Used(pid_t pid) {
  const std::vector<std::string> words =
      absl::StrSplit(ReadFile(absl::StrCat("/proc/", pid, "/stat")), ' ');
  int64_t user = 0;
  int64_t system = 0;
  EXPECT_TRUE(absl::SimpleAtoi(words[13], &user));
  EXPECT_TRUE(absl::SimpleAtoi(words[14], &system));
  return absl::Seconds(user + system) / sysconf(_SC_CLK_TCK);
}

// Counts what comes; reads on by itself unless told to stop.
class Counting final : public grpc::ClientReadReactor<SubscribeResponse> {
 public:
  Counting(bus::v1::SubscriptionService::Stub& stub,
           const SubscribeRequest& request, bool reads)
      : reads_(reads) {
    stub.async()->Subscribe(&context_, &request, this);
    StartRead(&message_);
    StartCall();
  }
  ~Counting() override {
    context_.TryCancel();
    while (!done_) absl::SleepFor(absl::Milliseconds(1));
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    events_ += static_cast<uint64_t>(message_.events().events_size());
    if (message_.has_caught_up()) caught_up_ = true;
    if (reads_) StartRead(&message_);
  }
  void OnDone(const grpc::Status&) override { done_ = true; }

  uint64_t events() const { return events_; }
  bool caught_up() const { return caught_up_; }

 private:
  const bool reads_;
  grpc::ClientContext context_;
  SubscribeResponse message_;
  std::atomic<uint64_t> events_{0};
  std::atomic<bool> caught_up_{false};
  std::atomic<bool> done_{false};
};

TEST(Following, VeryManyAndOneThatStoppedReading) {
  const size_t subscribers = fault::Rounds() > 10 ? 1'000 : 150;
  constexpr uint64_t kGoals = 50;
  TemporaryDirectory directory;
  RunningServer server(directory.path());
  server.RecordDemo();
  // More than a connection takes in without being read.
  ASSERT_EQ(
      server.Samverk({"record", "--batch", "50", "-"}, Goals(1, 2'000, 10'000))
          .status,
      0);
  const pid_t pid = server.process().pid();
  std::vector<std::unique_ptr<bus::v1::SubscriptionService::Stub>> stubs;
  for (int i = 0; i < 11; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stubs.push_back(
        bus::v1::SubscriptionService::NewStub(grpc::CreateCustomChannel(
            server.address(), grpc::InsecureChannelCredentials(), arguments)));
  }
  SubscribeRequest from_the_beginning;
  from_the_beginning.set_batch_size(10);
  Counting stopped(*stubs[10], from_the_beginning, /*reads=*/false);
  ASSERT_TRUE(WaitUntil([&] { return stopped.events() > 0; }));

  const int64_t before = ResidentBytes(pid);
  SubscribeRequest now;
  now.mutable_start()->set_now(true);
  std::vector<std::unique_ptr<Counting>> many;
  for (size_t i = 0; i < subscribers; ++i) {
    many.push_back(
        std::make_unique<Counting>(*stubs[i % 10], now, /*reads=*/true));
  }
  for (const auto& one : many) {
    ASSERT_TRUE(WaitUntil([&] { return one->caught_up(); }));
  }
  const int64_t each =
      (ResidentBytes(pid) - before) / static_cast<int64_t>(subscribers);
  const absl::Duration used = Used(pid);
  const absl::Time since = absl::Now();
  absl::SleepFor(absl::Seconds(3));
  const double share =
      absl::FDivDuration(Used(pid) - used, absl::Now() - since);
  std::cout << subscribers << " idle subscribers: " << each << " bytes each, "
            << share * 100 << " % of a core" << std::endl;
  // With room for what the allocator keeps when there are few.
  EXPECT_LT(each, subscribers >= 1'000 ? 50'000 : 100'000);
  EXPECT_LT(share, 0.05);

  ASSERT_EQ(
      server.Samverk({"record", "--batch", "1", "-"}, Goals(10'001, kGoals))
          .status,
      0);
  for (const auto& one : many) {
    ASSERT_TRUE(WaitUntil([&] { return one->events() >= kGoals; }))
        << one->events();
    EXPECT_EQ(one->events(), kGoals);
  }
  EXPECT_LT(stopped.events(), 100u);
  std::cout << "after " << kGoals
            << " events to each: " << (ResidentBytes(pid) - before) / 1'000'000
            << " MB more" << std::endl;
  // Nor does it hold up the end: it is told, or cut off.
  many.clear();
  const absl::Time told = absl::Now();
  EXPECT_EQ(server.Stop().status, 0);
  EXPECT_LT(absl::Now() - told, absl::Seconds(3));
}

}  // namespace
}  // namespace samverk::e2e
