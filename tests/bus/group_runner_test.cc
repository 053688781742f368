// Groups at work on a log: threads, members and writes, without a wire.
#include "eventstore/bus/group_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/limits.h"
#include "eventstore/memory/memory_event_store.h"
#include "eventstore/store_errors.h"
#include "tests/bus/test_cursor_store.h"
#include "tests/testing/wrapped_store.h"

namespace samverk::bus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Everything that is waited for comes long before.
absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

// A store of which the body of one event is damaged, counting what is read.
class DamagedStore : public samverk::testing::WrappedStore {
 public:
  explicit DamagedStore(EventStore& store) : WrappedStore(store) {}
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    return WrappedStore::Visit(options, [&](const RecordView& event) {
      ++visited;
      if (event.position() != damaged) return visit(event);
      ++seen;
      std::string record(event.record());
      record[record.size() - event.body().size()] ^= '\x55';
      return visit(*RecordView::Of(record));
    });
  }

  Position damaged;
  std::atomic<int> seen{0};
  std::atomic<int> visited{0};
};

// Keeps what it is given.
class TestMember : public GroupMember {
 public:
  bool Deliver(const Delivery& delivery,
               std::vector<RecordedEvent> events) override {
    MutexLock lock(mu_);
    if (refuses_) return false;
    EXPECT_EQ(events.size(), delivery.events.size());
    for (size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].position(), delivery.events[i].position);
    }
    if (counts_ != nullptr) {
      int64_t bytes = 0;
      for (const RecordedEvent& event : events) {
        bytes += static_cast<int64_t>(event.record().size());
      }
      counts_->Unsent(delivery.member, bytes);
    }
    if (clock_ != nullptr) clock_->Advance(takes_);
    deliveries_.push_back(delivery);
    changed_.NotifyAll();
    return true;
  }
  void End(const absl::Status& why) override {
    MutexLock lock(mu_);
    ended_ = why;
  }

  void Refuse() {
    MutexLock lock(mu_);
    refuses_ = true;
  }
  // It tells the group what it has not sent.
  void CountFor(RunningGroup* group) {
    MutexLock lock(mu_);
    counts_ = group;
  }
  // So much time passes while it is given something.
  void Take(absl::Duration time, FakeClock& clock) {
    MutexLock lock(mu_);
    takes_ = time;
    clock_ = &clock;
  }
  // The next delivery.
  Delivery Next() {
    MutexLock lock(mu_);
    while (deliveries_.size() <= taken_) {
      if (!changed_.WaitUntil(mu_, Soon())) {
        ADD_FAILURE() << "nothing is given";
        return {};
      }
    }
    return deliveries_[taken_++];
  }
  bool has_more() {
    MutexLock lock(mu_);
    return deliveries_.size() > taken_;
  }
  absl::Status ended() {
    MutexLock lock(mu_);
    return ended_;
  }

 private:
  Mutex mu_;
  CondVar changed_;
  bool refuses_ ABSL_GUARDED_BY(mu_) = false;
  RunningGroup* counts_ ABSL_GUARDED_BY(mu_) = nullptr;
  absl::Duration takes_ ABSL_GUARDED_BY(mu_);
  FakeClock* clock_ ABSL_GUARDED_BY(mu_) = nullptr;
  std::vector<Delivery> deliveries_ ABSL_GUARDED_BY(mu_);
  size_t taken_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status ended_ ABSL_GUARDED_BY(mu_);
};

class GroupRunnerTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }
  void TearDown() override { cursors_.Release(); }

  void Open() {
    runner_.reset();
    auto runner = GroupRunner::Open({&damaged_, &cursors_, &clock_});
    ASSERT_TRUE(runner.ok()) << runner.status();
    runner_ = *std::move(runner);
  }
  // Each of a stream of its own.
  NewEvent Event(const std::string& type = "t", size_t bytes = 0) {
    NewEvent event;
    ++events_;
    event.id.bytes[0] = static_cast<uint8_t>(events_);
    event.id.bytes[1] = static_cast<uint8_t>(events_ >> 8);
    event.id.bytes[6] = 0x40;
    event.id.bytes[8] = 0x80;
    event.stream = absl::StrCat("stream-", events_);
    event.type = type;
    event.payload.assign(bytes, 'x');
    return event;
  }
  void Append(std::vector<NewEvent> events) {
    AppendRequest request;
    request.events = std::move(events);
    const auto result = AppendAndWait(store_, std::move(request));
    ASSERT_TRUE(result.ok()) << result.status();
  }
  // So many events, one after the other.
  void Append(int n, const std::string& type = "t", size_t bytes = 0) {
    for (int i = 0; i < n; ++i) Append({Event(type, bytes)});
  }
  using Cursor = std::future<absl::StatusOr<Position>>;
  std::pair<RunningGroup::Answer, Cursor> Promise() {
    auto promise = std::make_shared<std::promise<absl::StatusOr<Position>>>();
    Cursor cursor = promise->get_future();
    return {[promise](absl::StatusOr<Position> answer) {
              promise->set_value(std::move(answer));
            },
            std::move(cursor)};
  }
  absl::Status Create(const std::string& name, GroupSettings settings = {}) {
    auto [answer, cursor] = Promise();
    runner_->Create(name, std::move(settings), Position(), std::move(answer));
    return cursor.get().status();
  }
  std::shared_ptr<RunningGroup> Group(const std::string& name = "finance") {
    return *runner_->Find(name);
  }
  std::shared_ptr<TestMember> Join(MemberRoom room = {100, 2}) {
    auto member = std::make_shared<TestMember>();
    EXPECT_TRUE(Group()->Join(room, member).ok());
    return member;
  }
  Cursor Acknowledge(const std::string& lease) {
    auto [answer, cursor] = Promise();
    Group()->Ask(
        [&](ConsumerGroup& group, absl::Time now) {
          return group.Acknowledge({lease, {}, true, {}}, now);
        },
        std::move(answer));
    return std::move(cursor);
  }
  static bool IsAnswered(const Cursor& cursor) {
    return cursor.wait_for(std::chrono::milliseconds(50)) ==
           std::future_status::ready;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'764'000'000)};
  MemoryEventStore store_{clock_};
  DamagedStore damaged_{store_};
  TestCursorStore cursors_;
  int events_ = 0;
  std::unique_ptr<GroupRunner> runner_;
};

TEST_F(GroupRunnerTest, GivesWhatIsThereAndWhatComesAndGoesOnAfterARestart) {
  Append(3);
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join();
  Delivery first = member->Next();
  EXPECT_THAT(first.events, SizeIs(3));
  EXPECT_EQ(*Acknowledge(first.lease).get(), Position(3));
  Append(1);
  const Delivery second = member->Next();
  EXPECT_EQ(second.events[0].position, Position(4));

  Open();

  EXPECT_EQ(ReasonOf(member->ended()), error::v1::REASON_SHUTTING_DOWN);
  EXPECT_EQ(ReasonOf(Acknowledge(second.lease).get().status()),
            error::v1::REASON_LEASE_ENDED);
  member = Join();
  first = member->Next();
  EXPECT_EQ(first.events[0].position, Position(4));
  EXPECT_EQ(*Acknowledge(first.lease).get(), Position(4));
}

TEST_F(GroupRunnerTest, WhatIsGivenSoonIsReadOnce) {
  constexpr int kEvents = 250;
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join({50, 2});
  Append(kEvents);
  for (int given = 0; given < kEvents;) {
    const Delivery delivery = member->Next();
    given += static_cast<int>(delivery.events.size());
    ASSERT_TRUE(Acknowledge(delivery.lease).get().ok());
  }
  EXPECT_EQ(damaged_.visited, kEvents);
}

TEST_F(GroupRunnerTest, LogThatGrowsWakesAGroupThatRests) {
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join();
  // Until nothing is left to do.
  EXPECT_FALSE(IsAnswered(Promise().second));
  Append(1);
  EXPECT_THAT(member->Next().events, SizeIs(1));
}

TEST_F(GroupRunnerTest, AcknowledgesWhatIsNotDurable) {
  Append(6);
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join({1, 6});
  std::vector<Delivery> deliveries;
  for (int i = 0; i < 6; ++i) deliveries.push_back(member->Next());
  cursors_.Hold();
  const int before = cursors_.writes();

  std::vector<Cursor> answers;
  for (const Delivery& delivery : deliveries) {
    answers.push_back(Acknowledge(delivery.lease));
  }

  // One write is on its way, nobody is answered.
  EXPECT_FALSE(IsAnswered(answers[0]));
  EXPECT_FALSE(IsAnswered(answers[5]));
  EXPECT_EQ(cursors_.writes(), before + 1);
  cursors_.Release();
  for (Cursor& answer : answers) EXPECT_TRUE(answer.get().ok());
  // The others shared the second.
  EXPECT_EQ(cursors_.writes(), before + 2);
}

TEST_F(GroupRunnerTest, FailedWriteIsSaidAndSayingItAgainIsTaken) {
  Append(2);
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join();
  const Delivery delivery = member->Next();
  cursors_.Answer(QueueFull(1, 1));
  EXPECT_EQ(ReasonOf(Acknowledge(delivery.lease).get().status()),
            error::v1::REASON_QUEUE_FULL);
  // Not durable yet, so not OK either.
  EXPECT_EQ(ReasonOf(Acknowledge(delivery.lease).get().status()),
            error::v1::REASON_QUEUE_FULL);
  cursors_.Answer(absl::OkStatus());
  EXPECT_EQ(*Acknowledge(delivery.lease).get(), Position(2));
  Open();
  Append(1);
  EXPECT_EQ(Join()->Next().events[0].position, Position(3));
}

TEST_F(GroupRunnerTest, EventsOfAMemberThatIsGoneComeToAnother) {
  Append(1);
  ASSERT_TRUE(Create("finance").ok());
  auto gone = Join();
  const Delivery lost = gone->Next();
  Group()->Leave(lost.member);
  auto other = Join();
  clock_.Advance(absl::Seconds(31));
  const Delivery again = other->Next();
  EXPECT_EQ(again.events[0].attempt, 2);
  EXPECT_EQ(ReasonOf(Acknowledge(lost.lease).get().status()),
            error::v1::REASON_LEASE_ENDED);
}

TEST_F(GroupRunnerTest, WhatAMemberDoesNotTakeComesToAnotherAsNew) {
  ASSERT_TRUE(Create("finance").ok());
  auto full = Join();
  full->Refuse();
  auto other = Join();
  Append(5);
  size_t given = 0;
  while (given < 5) {
    const Delivery delivery = other->Next();
    for (const auto& event : delivery.events) EXPECT_EQ(event.attempt, 1);
    given += delivery.events.size();
    EXPECT_TRUE(Acknowledge(delivery.lease).get().ok());
  }
}

TEST_F(GroupRunnerTest, ProgressWithoutAMatchIsStored) {
  GroupSettings settings;
  settings.query.items = {{{"rare"}, {}, {}}};
  ASSERT_TRUE(Create("finance", settings).ok());
  Append(10);
  // When it is read, and the delay has passed.
  Position stored;
  const absl::Time late = Soon();
  while (stored != Position(10) && absl::Now() < late) {
    clock_.Advance(absl::Seconds(6));
    stored = DecodePlace("finance", **cursors_.GetCursor(PlaceKey("finance")))
                 ->cursor;
  }
  EXPECT_EQ(stored, Position(10));
}

TEST_F(GroupRunnerTest, LargeEventsComeInLeasesOfBoundedSize) {
  Append(80, "t", 60'000);
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join({1'000, 10});
  size_t given = 0;
  while (given < 80) {
    const Delivery delivery = member->Next();
    EXPECT_LE(delivery.events.size() * 60'000, limits::kReadPageBytes);
    for (const auto& event : delivery.events) {
      EXPECT_EQ(event.attempt, 1);
      EXPECT_EQ(event.position, Position(++given));
    }
  }
}

TEST_F(GroupRunnerTest, MemberWithMuchUnsentIsGivenNothingUntilSomeHasLeft) {
  constexpr size_t kBytes = 60'000;
  Append(150, "t", kBytes);
  ASSERT_TRUE(Create("finance").ok());
  auto slow = std::make_shared<TestMember>();
  slow->CountFor(Group().get());
  const uint64_t id = *Group()->Join({1, 100}, slow);

  std::vector<Delivery> given;
  while ((given.size() + 1) * kBytes < limits::kMemberUnsentBytes) {
    given.push_back(slow->Next());
  }
  auto other = Join({1, 1});
  // It comes after those, and has its turn: the slow one has had its last.
  while (other->Next().events[0].position < Position(given.size() + 1)) {
  }
  while (slow->has_more()) given.push_back(slow->Next());
  EXPECT_LE(given.size(), limits::kMemberUnsentBytes / kBytes + 1);
  size_t in_flight = 0;
  Group()->Look(
      [&](const ConsumerGroup& group) { in_flight = group.state().in_flight; });
  EXPECT_EQ(in_flight, given.size() + 1) << "the rest is not leased";

  Group()->Unsent(id, -static_cast<int64_t>(kBytes * 2));
  EXPECT_GT(slow->Next().events[0].position, given.back().events[0].position);
}

TEST_F(GroupRunnerTest, MembersBeyondTheLimitOfAGroupAreTurnedAway) {
  ASSERT_TRUE(Create("finance").ok());
  ASSERT_TRUE(Create("archive").ok());
  std::vector<uint64_t> members;
  for (size_t i = 0; i < limits::kGroupMembers; ++i) {
    members.push_back(*Group()->Join({}, std::make_shared<TestMember>()));
  }
  const auto one_more = Group()->Join({}, std::make_shared<TestMember>());
  EXPECT_EQ(ReasonOf(one_more.status()), error::v1::REASON_QUEUE_FULL);
  EXPECT_THAT(std::string(one_more.status().message()),
              HasSubstr("finance has 1000 members"));
  EXPECT_TRUE(Group("archive")->Join({}, std::make_shared<TestMember>()).ok());
  Group()->Leave(members.back());
  EXPECT_TRUE(Group()->Join({}, std::make_shared<TestMember>()).ok());
}

TEST_F(GroupRunnerTest, DamagedEventIsNotPassedOverAndSaidWithItsPosition) {
  Append(3);
  damaged_.damaged = Position(2);
  GroupSettings settings;
  settings.lease = absl::Hours(1);  // however often it is tried again
  ASSERT_TRUE(Create("finance", settings).ok());
  auto member = Join({1, 10});
  EXPECT_EQ(member->Next().events[0].position, Position(1));
  const absl::Time late = Soon();
  while (Group()->problem().ok() && absl::Now() < late) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  const absl::Status problem = Group()->problem();
  EXPECT_EQ(ReasonOf(problem), error::v1::REASON_DAMAGED);
  EXPECT_THAT(std::string(problem.message()), HasSubstr("position 2: "));
  EXPECT_THAT(std::string(problem.message()), HasSubstr("restore a backup"));
  // Nor when it is tried again. On a slow machine, too, the lease lasts longer.
  for (const int tries = damaged_.seen;
       damaged_.seen < tries + 2 && absl::Now() < late;) {
    clock_.Advance(absl::Seconds(1));
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_FALSE(Group()->problem().ok());
  Group()->Look([](const ConsumerGroup& group) {
    EXPECT_EQ(group.scanned_to(), Position(1));
  });
  EXPECT_FALSE(member->has_more());
}

// The group once forgot its problem, and to try again, when giving what came
// before the damage took longer than the time until it tries again.
TEST_F(GroupRunnerTest, ProblemIsNotForgottenWhileEventsAreGivenSlowly) {
  damaged_.damaged = Position(3);
  GroupSettings settings;
  settings.lease = absl::Hours(1);
  ASSERT_TRUE(Create("finance", settings).ok());
  auto member = Join({10, 10});
  member->Take(absl::Seconds(2), clock_);
  Append({Event(), Event(), Event()});
  EXPECT_THAT(member->Next().events, SizeIs(2));
  const absl::Time late = Soon();
  do {
    EXPECT_EQ(ReasonOf(Group()->problem()), error::v1::REASON_DAMAGED);
    absl::SleepFor(absl::Milliseconds(1));
  } while (damaged_.seen < 2 && absl::Now() < late);
  EXPECT_GE(damaged_.seen, 2) << "it was not tried again";
}

TEST_F(GroupRunnerTest, SameGroupAgainIsTheGroupAndAnotherIsRefused) {
  GroupSettings settings;
  settings.key = "grant";
  ASSERT_TRUE(Create("finance", settings).ok());
  EXPECT_TRUE(Create("finance", settings).ok());
  settings.key = "voucher";
  EXPECT_EQ(ReasonOf(Create("finance", settings)),
            error::v1::REASON_GROUP_EXISTS);
  EXPECT_EQ(ReasonOf(Create("No Name")), error::v1::REASON_INVALID_FIELD);
  auto [answer, cursor] = Promise();
  runner_->Create("beyond", {}, Position(1), std::move(answer));
  EXPECT_EQ(ReasonOf(cursor.get().status()), error::v1::REASON_INVALID_FIELD);
  EXPECT_THAT(runner_->List(), ElementsAre("finance"));
}

TEST_F(GroupRunnerTest, GroupThatIsNotStoredIsNone) {
  cursors_.Answer(QueueFull(1, 1));
  EXPECT_EQ(ReasonOf(Create("finance")), error::v1::REASON_QUEUE_FULL);
  EXPECT_EQ(ReasonOf(runner_->Find("finance").status()),
            error::v1::REASON_NOT_FOUND);
}

TEST_F(GroupRunnerTest, DeletedGroupLeavesNothing) {
  Append(2);
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join({1, 1});
  const Delivery delivery = member->Next();
  auto [parked, parked_cursor] = Promise();
  Group()->Ask(
      [&](ConsumerGroup& group, absl::Time now) {
        return group.Acknowledge(
            {delivery.lease,
             {},
             false,
             {{delivery.events[0].position, "never", true}}},
            now);
      },
      std::move(parked));
  ASSERT_TRUE(parked_cursor.get().ok());
  auto [answer, cursor] = Promise();
  runner_->Delete("finance", std::move(answer));
  ASSERT_TRUE(cursor.get().ok());
  EXPECT_EQ(ReasonOf(member->ended()), error::v1::REASON_NOT_FOUND);
  EXPECT_THAT(*cursors_.ListCursors(kGroupPrefix), SizeIs(0));
  auto [again, none] = Promise();
  runner_->Delete("finance", std::move(again));
  EXPECT_EQ(ReasonOf(none.get().status()), error::v1::REASON_NOT_FOUND);
}

TEST_F(GroupRunnerTest, GroupDeletedWhileAnotherWriteGoesOnLeavesNothing) {
  Append(2);
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join({1, 2});
  const Delivery first = member->Next();
  cursors_.Hold();
  Cursor acknowledged = Acknowledge(first.lease);
  auto [answer, deleted] = Promise();
  runner_->Delete("finance", std::move(answer));
  EXPECT_FALSE(IsAnswered(deleted)) << "it is not forgotten yet";

  cursors_.Release();

  EXPECT_TRUE(acknowledged.get().ok());
  EXPECT_TRUE(deleted.get().ok());
  EXPECT_THAT(*cursors_.ListCursors(kGroupPrefix), SizeIs(0));
  Open();
  EXPECT_THAT(runner_->List(), SizeIs(0));
}

TEST_F(GroupRunnerTest, DeletingIsTriedWhenTheWriteBeforeItFails) {
  Append(1);
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join();
  const Delivery first = member->Next();
  cursors_.Hold();
  Cursor acknowledged = Acknowledge(first.lease);
  auto [answer, deleted] = Promise();
  runner_->Delete("finance", std::move(answer));
  cursors_.Release(QueueFull(1, 1));
  EXPECT_FALSE(acknowledged.get().ok());
  EXPECT_TRUE(deleted.get().ok());
  EXPECT_THAT(*cursors_.ListCursors(kGroupPrefix), SizeIs(0));
}

TEST_F(GroupRunnerTest, DeletingIsAnsweredWhenTheServerStopsBefore) {
  Append(1);
  ASSERT_TRUE(Create("finance").ok());
  auto member = Join();
  const Delivery first = member->Next();
  cursors_.Hold();
  Cursor acknowledged = Acknowledge(first.lease);
  auto [answer, deleted] = Promise();
  runner_->Delete("finance", std::move(answer));
  store_.Close();
  EXPECT_EQ(ReasonOf(deleted.get().status()), error::v1::REASON_SHUTTING_DOWN);
  cursors_.Release();
  EXPECT_TRUE(acknowledged.get().ok());
}

TEST_F(GroupRunnerTest, DamagedGroupDoesNotHoldUpOthers) {
  Append(1);
  ASSERT_TRUE(Create("archive").ok());
  ASSERT_TRUE(Create("finance").ok());
  runner_.reset();
  cursors_.Put(PlaceKey("archive"), "nonsense");
  Open();
  EXPECT_EQ(ReasonOf(runner_->Find("archive").status()),
            error::v1::REASON_FORMAT_NEWER);
  EXPECT_THAT(Join()->Next().events, SizeIs(1));
  EXPECT_THAT(runner_->List(), ElementsAre("archive", "finance"));
  auto [answer, cursor] = Promise();
  runner_->Delete("archive", std::move(answer));
  EXPECT_TRUE(cursor.get().ok());
  EXPECT_TRUE(Create("archive").ok());
}

TEST_F(GroupRunnerTest, TwoMembersShareTheWork) {
  GroupSettings settings;
  settings.in_flight = 4;
  ASSERT_TRUE(Create("finance", settings).ok());
  auto a = Join({1, 2});
  auto b = Join({1, 2});
  Append(4);
  std::vector<uint64_t> positions;
  for (int i = 0; i < 2; ++i) {
    positions.push_back(a->Next().events[0].position.value());
    positions.push_back(b->Next().events[0].position.value());
  }
  EXPECT_THAT(positions, ::testing::UnorderedElementsAre(1, 2, 3, 4));
}

}  // namespace
}  // namespace samverk::bus
