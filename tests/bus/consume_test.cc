// Taking part in a consumer group with the library, against a real server.
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "clients/cpp/consumer_groups.h"
#include "clients/cpp/status.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/limits.h"
#include "eventstore/memory/memory_event_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"
#include "services/bus/consumer_group_service.h"
#include "tests/bus/test_cursor_store.h"
#include "tests/testing/events.h"
#include "tests/testing/gate.h"

namespace samverk::client {
namespace {

using bus::v1::LeasedEvent;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The machine's clock, set wrong.
class WrongClock : public Clock {
 public:
  absl::Time Now() override {
    return absl::Now() + absl::Seconds(ahead.load());
  }
  std::atomic<int64_t> ahead{0};  // seconds
};

class Consume : public ::testing::Test {
 protected:
  Consume() : store_(clock_) {
    Start();
    options_.address = absl::StrCat("127.0.0.1:", port_);
    options_.language = "en";
    options_.connect_timeout = absl::Seconds(10);
    auto client = Client::Connect(options_);
    EXPECT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }
  ~Consume() override {
    store_.Close();
    Stop();
  }

  // On the port that it had before, if any.
  void Start() {
    auto runner = bus::GroupRunner::Open({&store_, &cursors_, &clock_});
    EXPECT_TRUE(runner.ok()) << runner.status();
    runner_ = *std::move(runner);
    service_ = std::make_unique<ConsumerGroupService>(*runner_, store_, clock_,
                                                      access::OpenGate());
    grpc::ServerBuilder builder;
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", port_),
                             grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }
  void Stop() {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    service_.reset();
    runner_.reset();
  }

  // So many events, each of a stream of its own; or all of one.
  void Append(int count, const std::string& stream = "") {
    for (int i = 0; i < count; ++i) {
      AppendRequest request;
      NewEvent& event = request.events.emplace_back();
      event.id = *ParseUuid(testing::Uuid(++ids_));
      event.stream = stream.empty() ? absl::StrCat("p/shelf/", ids_) : stream;
      event.type = "inventory.counted";
      event.payload = "7";
      ASSERT_TRUE(AppendAndWait(store_, std::move(request)).ok());
    }
  }

  // A group whose leases last a second.
  void Create(uint32_t attempts = 3) {
    bus::v1::GroupSettings settings;
    settings.mutable_lease()->set_seconds(1);
    settings.set_attempts(attempts);
    settings.mutable_first_delay()->set_nanos(1'000'000);
    const auto made = groups().Create("finance", settings);
    ASSERT_TRUE(made.ok()) << made.status();
  }
  bus::v1::GroupState State() {
    const auto state = groups().Get("finance");
    EXPECT_TRUE(state.ok()) << state.status();
    return state.ok() ? *state : bus::v1::GroupState();
  }
  static bool Eventually(const std::function<bool()>& holds) {
    for (int i = 0; i < 1'000; ++i) {
      if (holds()) return true;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return false;
  }

  // Takes part, until `count` events were given and what was said of them is
  // known. `work` comes before the verdict.
  absl::Status Run(size_t count,
                   const std::function<Verdict(const LeasedEvent& event)>& work,
                   uint32_t batch = 100, uint32_t leases = 2) {
    bus::v1::ReceiveRequest request;
    request.set_name("finance");
    request.set_batch_size(batch);
    request.set_open_leases(leases);
    const std::thread::id caller = std::this_thread::get_id();
    return groups().Consume(
        request,
        {.on_event =
             [&](const LeasedEvent& event) {
               EXPECT_EQ(std::this_thread::get_id(), caller);
               seen_.push_back(event.event().position());
               const Verdict verdict = work(event);
               if (seen_.size() == count) cancellation_.Cancel();
               return verdict;
             },
         .on_interrupted = [this](const absl::Status&) { ++interrupted_; },
         .cancellation = &cancellation_});
  }
  static Verdict Done(const LeasedEvent&) { return Verdict::Done(); }
  static std::function<Verdict(const LeasedEvent&)> DoneAfter(
      absl::Duration time) {
    return [time](const LeasedEvent&) {
      absl::SleepFor(time);
      return Verdict::Done();
    };
  }

  ConsumerGroups& groups() { return client_->groups(); }

  WrongClock clock_;
  MemoryEventStore store_;
  bus::TestCursorStore cursors_;
  uint64_t ids_ = 0;
  int port_ = 0;
  std::unique_ptr<bus::GroupRunner> runner_;
  std::unique_ptr<ConsumerGroupService> service_;
  std::unique_ptr<grpc::Server> server_;
  Options options_;
  std::unique_ptr<Client> client_;
  Cancellation cancellation_;
  std::vector<uint64_t> seen_;
  std::atomic<int> interrupted_{0};
};

TEST_F(Consume, GivesEventsInOrderAndSaysThatTheyAreDone) {
  Append(5, "p/shelf/1");
  Create();
  EXPECT_TRUE(absl::IsCancelled(Run(5, Done)));
  EXPECT_THAT(seen_, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(State().cursor(), 5u);
  EXPECT_EQ(State().redelivered(), 0u);
}

TEST_F(Consume, WaitsForWhatIsYetToCome) {
  Create();
  std::thread appending([this] {
    EXPECT_TRUE(Eventually([this] { return State().members() == 1; }));
    Append(2);
  });
  EXPECT_TRUE(absl::IsCancelled(Run(2, Done)));
  appending.join();
  EXPECT_THAT(seen_, ElementsAre(1, 2));
}

TEST_F(Consume, RefusedComesAgainUntilItIsParkedAndParkedDoesNot) {
  Append(3);
  Create(/*attempts=*/2);
  std::vector<uint32_t> attempts;
  EXPECT_TRUE(absl::IsCancelled(Run(4, [&](const LeasedEvent& event) {
    if (event.event().position() == 1) {
      attempts.push_back(event.attempt());
      return Verdict::Refused("no account");
    }
    return event.event().position() == 2 ? Verdict::Parked("no such process")
                                         : Verdict::Done();
  })));
  EXPECT_THAT(seen_, ElementsAre(1, 2, 3, 1));
  EXPECT_THAT(attempts, ElementsAre(1, 2));
  EXPECT_EQ(State().cursor(), 3u);
  const auto parked = groups().ListParked("finance", 10);
  ASSERT_TRUE(parked.ok()) << parked.status();
  ASSERT_THAT(*parked, SizeIs(2));
  EXPECT_EQ(parked->at(0).reason(), "no account");
  EXPECT_EQ(parked->at(0).attempts(), 2u);
  EXPECT_EQ(parked->at(1).reason(), "no such process");
  EXPECT_THAT(*groups().ListParked("finance", 1), SizeIs(1));
  EXPECT_THAT(*groups().ListParked("finance", 0), IsEmpty());
}

// Two leases of four events, each of which takes 0.4 s: the first lease is
// worked on for longer than its term, and so long the second one waits.
TEST_F(Consume, KeepsTheLeasesThatWait) {
  Append(8);
  Create();
  EXPECT_TRUE(absl::IsCancelled(Run(8, DoneAfter(absl::Milliseconds(400)), 4)));
  EXPECT_THAT(seen_, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_EQ(State().cursor(), 8u);
  EXPECT_EQ(State().redelivered(), 0u);
  EXPECT_EQ(State().parked(), 0u);
}

TEST_F(Consume, KeepsLeasesWhileOneEventTakesLongerThanATerm) {
  Append(2);
  Create();
  EXPECT_TRUE(absl::IsCancelled(Run(2, DoneAfter(absl::Seconds(2)), 1)));
  EXPECT_THAT(seen_, ElementsAre(1, 2));
  EXPECT_EQ(State().cursor(), 2u);
  EXPECT_EQ(State().redelivered(), 0u);
}

TEST_F(Consume, KeepsLeasesWhateverTheClocksSay) {
  const int64_t day = 86'400;
  uint64_t head = 0;
  Create();
  for (const int64_t ahead : {-day, day}) {
    clock_.ahead = ahead;
    Stop();
    Start();
    Append(2);
    head += 2;
    Cancellation enough;
    int given = 0;
    bus::v1::ReceiveRequest request;
    request.set_name("finance");
    EXPECT_TRUE(absl::IsCancelled(groups().Consume(
        request, {.on_event =
                      [&](const LeasedEvent&) {
                        absl::SleepFor(absl::Milliseconds(900));
                        if (++given == 2) enough.Cancel();
                        return Verdict::Done();
                      },
                  .cancellation = &enough})));
    EXPECT_EQ(State().cursor(), head) << "server ahead by " << ahead << " s";
    EXPECT_EQ(State().redelivered(), 0u);
  }
}

TEST_F(Consume, SaysOnTheWayWhatIsDoneOfALongLease) {
  Append(8);
  Create();
  uint64_t settled = 0;
  EXPECT_TRUE(absl::IsCancelled(Run(8, [&](const LeasedEvent&) {
    absl::SleepFor(absl::Milliseconds(200));
    if (seen_.size() == 8) settled = State().cursor();
    return Verdict::Done();
  })));
  EXPECT_GE(settled, 2u);
  EXPECT_EQ(State().cursor(), 8u);
  EXPECT_EQ(State().redelivered(), 0u);
}

TEST_F(Consume, CancellationSaysWhatWasDealtWith) {
  Append(10);
  Create();
  EXPECT_TRUE(absl::IsCancelled(Run(3, Done)));
  EXPECT_THAT(seen_, ElementsAre(1, 2, 3));
  EXPECT_EQ(State().cursor(), 3u);
  EXPECT_TRUE(Eventually([this] { return State().members() == 0; }));
}

TEST_F(Consume, CancellationWaitsForTheEventAtHandWhoseLeaseIsKept) {
  Append(2);
  Create();
  testing::Gate gate;
  gate.Close();
  absl::Status ended;
  std::thread consumer([&] {
    ended = Run(10, [&gate](const LeasedEvent&) {
      gate.Pass();
      return Verdict::Done();
    });
  });
  gate.AwaitSomebody();
  cancellation_.Cancel();
  absl::SleepFor(absl::Seconds(2));
  gate.Open();
  consumer.join();
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  EXPECT_THAT(seen_, ElementsAre(1));
  EXPECT_EQ(State().cursor(), 1u);
}

TEST_F(Consume, GoesOnAfterARestartWithoutWhatWasSaid) {
  Append(6);
  Create();
  testing::Gate gate;
  absl::Status ended;
  std::thread consumer([&] {
    ended = Run(
        7,
        [&](const LeasedEvent& event) {
          if (event.event().position() == 3 && event.attempt() == 1 &&
              interrupted_ == 0) {
            gate.Close();
          }
          gate.Pass();
          return Verdict::Done();
        },
        1);
  });
  gate.AwaitSomebody();
  Stop();
  Start();
  // The member is there again; it knows that leases of before are over.
  EXPECT_TRUE(Eventually([this] { return State().members() == 1; }));
  gate.Open();
  consumer.join();
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  // What was at hand could not be said.
  EXPECT_THAT(seen_, ElementsAre(1, 2, 3, 3, 4, 5, 6));
  EXPECT_GE(interrupted_, 1);
  EXPECT_EQ(State().cursor(), 6u);
  EXPECT_EQ(State().parked(), 0u);
}

TEST_F(Consume, RestOfALeaseThatIsOverIsLeftAlone) {
  Append(4);
  Create();
  EXPECT_TRUE(absl::IsCancelled(Run(5, [this](const LeasedEvent&) {
    if (seen_.size() == 1) {
      Stop();
      Start();
      EXPECT_TRUE(Eventually([this] { return State().members() == 1; }));
    }
    return Verdict::Done();
  })));
  EXPECT_THAT(seen_, ElementsAre(1, 1, 2, 3, 4));
}

TEST_F(Consume, WhatCannotBeSaidEndsItAlsoWhenNothingMoreComes) {
  Append(1);
  Create();
  const absl::Status ended = Run(2, [](const LeasedEvent&) {
    return Verdict::Refused(std::string(limits::kRefusalBytes + 1, 'x'));
  });
  EXPECT_TRUE(absl::IsInvalidArgument(ended)) << ended;
  EXPECT_TRUE(Eventually([this] { return State().members() == 0; }));
}

TEST_F(Consume, ExceptionEndsItAndTheEventComesAgain) {
  Append(1);
  Create();
  EXPECT_THROW(Run(9,
                   [](const LeasedEvent&) -> Verdict {
                     throw std::runtime_error("no memory");
                   })
                   .IgnoreError(),
               std::runtime_error);
  EXPECT_TRUE(absl::IsCancelled(Run(2, Done)));
  EXPECT_THAT(seen_, ElementsAre(1, 1));
}

TEST_F(Consume, GroupThatIsNotThereOrIsDeleted) {
  const absl::Status none = Run(1, Done);
  EXPECT_TRUE(absl::IsNotFound(none)) << none;
  Create();
  std::thread deleting([this] {
    EXPECT_TRUE(Eventually([this] { return State().members() == 1; }));
    EXPECT_TRUE(groups().Delete("finance").ok());
  });
  const absl::Status deleted = Run(1, Done);
  deleting.join();
  EXPECT_TRUE(absl::IsNotFound(deleted)) << deleted;
}

}  // namespace
}  // namespace samverk::client
