// What consumers of other event stores suffer from, one test each, by its name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "eventstore/base/error.h"
#include "eventstore/bus/consumer_group.h"
#include "eventstore/bus/leases.h"
#include "eventstore/limits.h"

namespace samverk::bus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A group, a member, and events "key" at positions 1, 2, 3 …
class WhatGoesWrong : public testing::Test {
 protected:
  void Make(GroupSettings settings = {}) {
    group_ = std::make_unique<ConsumerGroup>("finance", std::move(settings),
                                             Position(), ++life_);
    group_->Join({100, 10});
    Store();
  }
  void Feed(const std::vector<std::string>& keys) {
    for (const std::string& key : keys) {
      group_->Feed(group_->scanned_to().Next(), key, now_);
    }
  }
  // Stores what has changed, as the server would.
  void Store() {
    for (const CursorEntry& entry : group_->TakeChanges()) {
      if (entry.value.empty()) {
        stored_.erase(entry.key);
      } else {
        stored_[entry.key] = entry.value;
      }
    }
    group_->Stored();
  }
  void Restart() {
    std::vector<CursorEntry> entries;
    for (const auto& [key, value] : stored_) entries.push_back({key, value});
    auto found = DecodeGroup("finance", entries);
    ASSERT_TRUE(found.ok()) << found.status();
    group_ =
        std::make_unique<ConsumerGroup>("finance", *std::move(found), ++life_);
    group_->Join({100, 10});
  }
  // Gives; the positions, lease after lease.
  std::vector<uint64_t> Give() {
    std::vector<uint64_t> positions;
    for (const Delivery& delivery : group_->Give(now_)) {
      lease_ = delivery.lease;
      for (const auto& event : delivery.events) {
        positions.push_back(event.position.value());
      }
    }
    return positions;
  }
  absl::Status Done(std::vector<Position> done) {
    return group_->Acknowledge({lease_, std::move(done), false, {}}, now_);
  }
  absl::Status Refuse(uint64_t position, bool park) {
    return group_->Acknowledge(
        {lease_, {}, false, {{Position(position), "no such account", park}}},
        now_);
  }
  uint64_t cursor() { return group_->state().cursor.value(); }

  absl::Time now_ = absl::FromUnixSeconds(1'764'000'000);
  uint64_t life_ = 0;
  std::unique_ptr<ConsumerGroup> group_;
  std::map<std::string, std::string> stored_;
  std::string lease_;
};

TEST_F(WhatGoesWrong, CheckpointAheadOfUnacknowledgedEvents) {
  Make();
  Feed({"a", "b", "c"});
  EXPECT_THAT(Give(), ElementsAre(1, 2, 3));
  // The last and the first are done, the one between is not.
  ASSERT_TRUE(Done({Position(3)}).ok());
  EXPECT_EQ(cursor(), 0);
  ASSERT_TRUE(Done({Position(1)}).ok());
  EXPECT_EQ(cursor(), 1);
  Store();

  Restart();
  Feed({"b", "c"});

  EXPECT_THAT(Give(), ElementsAre(2));
  ASSERT_TRUE(Done({Position(2)}).ok());
  EXPECT_EQ(cursor(), 3);
}

TEST_F(WhatGoesWrong, ReplayingParkedMessagesMovesTheCursor) {
  Make();
  Feed({"a", "b", "c"});
  Give();
  ASSERT_TRUE(Refuse(1, true).ok());
  ASSERT_TRUE(Done({Position(2), Position(3)}).ok());
  EXPECT_EQ(cursor(), 3);

  EXPECT_EQ(group_->ReplayParked(std::nullopt), 1);

  EXPECT_EQ(cursor(), 3);
  EXPECT_THAT(Give(), ElementsAre(1));
  EXPECT_EQ(cursor(), 3);
  // Also when the server starts again meanwhile: given again, and then gone.
  Store();
  Restart();
  EXPECT_EQ(cursor(), 3);
  EXPECT_THAT(Give(), ElementsAre(1));
  ASSERT_TRUE(Done({Position(1)}).ok());
  EXPECT_EQ(cursor(), 3);
  Store();
  Restart();
  EXPECT_THAT(Give(), IsEmpty());
  EXPECT_THAT(group_->parked(), IsEmpty());
}

TEST_F(WhatGoesWrong, CursorOnIdleFilteredStreamStuckBelowTheHead) {
  Make();
  group_->ScannedTo(Position(1'000'000));
  EXPECT_EQ(cursor(), 1'000'000);
  EXPECT_TRUE(group_->changed());
  Store();

  Restart();

  EXPECT_EQ(group_->scanned_to(), Position(1'000'000));
}

TEST_F(WhatGoesWrong, StartUpTimeGrowsWithTheLog) {
  Make();
  for (int i = 0; i < 100; ++i) {
    Feed(std::vector<std::string>(100, "a" + std::to_string(i)));
    while (!Give().empty()) {
      ASSERT_TRUE(group_->Acknowledge({lease_, {}, true, {}}, now_).ok());
    }
  }
  Store();
  size_t bytes = 0;
  for (const auto& [key, value] : stored_) bytes += key.size() + value.size();
  EXPECT_LT(bytes, 100);

  Restart();

  EXPECT_EQ(group_->scanned_to(), Position(10'000));
}

TEST_F(WhatGoesWrong, ErrorsWhoseDetailsExistOnlyAsText) {
  Make();
  const absl::Status status =
      group_->Acknowledge({"0000000000000009-1", {}, true, {}}, now_);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_LEASE_ENDED);
}

TEST_F(WhatGoesWrong, AcknowledgementOfAnEndedLeaseIsTaken) {
  Make();
  Feed({"a"});
  Give();
  const std::string late = lease_;
  now_ += group_->settings().lease;
  // Even before anybody else was given it.
  EXPECT_EQ(ReasonOf(group_->Acknowledge({late, {}, true, {}}, now_)),
            error::v1::REASON_LEASE_ENDED);
  EXPECT_EQ(cursor(), 0);
  EXPECT_THAT(Give(), ElementsAre(1));
  EXPECT_EQ(ReasonOf(group_->Acknowledge({late, {}, true, {}}, now_)),
            error::v1::REASON_LEASE_ENDED);
  EXPECT_EQ(cursor(), 0);
}

TEST_F(WhatGoesWrong, SayingItTwiceIsAnError) {
  Make();
  Feed({"a", "b"});
  Give();
  const Acknowledgement said = {
      lease_, {Position(1)}, false, {{Position(2), "later", false}}};
  ASSERT_TRUE(group_->Acknowledge(said, now_).ok());
  Store();
  EXPECT_TRUE(group_->Acknowledge(said, now_).ok());
  EXPECT_FALSE(group_->changed());
  // But not something else.
  EXPECT_EQ(ReasonOf(Done({Position(2)})), error::v1::REASON_LEASE_ENDED);
}

TEST_F(WhatGoesWrong, BrokenConnectionGivesAnEventToTwoMembers) {
  Make();
  Feed({"a"});
  Give();
  // The stream of the member breaks, it goes on working, and acknowledges by
  // another connection.
  group_->Leave(1);
  group_->Join({100, 10});
  const std::string lease = lease_;
  EXPECT_THAT(Give(), IsEmpty());
  EXPECT_TRUE(group_->Acknowledge({lease, {}, true, {}}, now_).ok());
  EXPECT_EQ(cursor(), 1);
}

TEST_F(WhatGoesWrong, MemberThatIsGoneKeepsItsEvents) {
  Make();
  Feed({"a"});
  Give();
  group_->Leave(1);
  group_->Join({100, 10});
  EXPECT_EQ(group_->NextDeadline(), now_ + group_->settings().lease);
  now_ = group_->NextDeadline();
  EXPECT_THAT(Give(), ElementsAre(1));
  EXPECT_EQ(group_->state().redelivered, 1);
}

TEST_F(WhatGoesWrong, PoisonousEventHoldsUpAllOthers) {
  GroupSettings settings;
  settings.attempts = 2;
  Make(settings);
  Feed({"a", "a", "b"});
  EXPECT_THAT(Give(), ElementsAre(1, 3));
  ASSERT_TRUE(Done({Position(3)}).ok());
  ASSERT_TRUE(Refuse(1, false).ok());
  // Its key waits for it, until it is parked.
  EXPECT_THAT(Give(), IsEmpty());
  now_ += absl::Seconds(1);
  EXPECT_THAT(Give(), ElementsAre(1));
  ASSERT_TRUE(Refuse(1, false).ok());
  EXPECT_THAT(Give(), ElementsAre(2));
  EXPECT_EQ(cursor(), 1);
  EXPECT_EQ(group_->parked().at(Position(1)).reason, "no such account");
}

TEST_F(WhatGoesWrong, BlockedKeyGoesOn) {
  GroupSettings settings;
  settings.block_key_while_parked = true;
  Make(settings);
  Feed({"a", "a", "b"});
  Give();
  ASSERT_TRUE(Refuse(1, true).ok());
  EXPECT_THAT(Give(), IsEmpty());
  EXPECT_EQ(cursor(), 1);
  Store();
  Restart();
  Feed({"a", "b"});
  EXPECT_THAT(Give(), ElementsAre(3));
  group_->DropParked(std::nullopt);
  EXPECT_THAT(Give(), ElementsAre(2));
}

TEST_F(WhatGoesWrong, SlowMemberFillsTheServersMemory) {
  GroupSettings settings;
  settings.in_flight = 5;
  Make(settings);
  // One key has the window to itself: no more is read.
  const size_t window = limits::kGroupReadAhead + 5;
  EXPECT_EQ(group_->Wanted(), window);
  Feed(std::vector<std::string>(window, "a"));
  EXPECT_EQ(group_->Wanted(), 0);
  EXPECT_THAT(Give(), ElementsAre(1));
  ASSERT_TRUE(Done({Position(1)}).ok());
  EXPECT_EQ(group_->Wanted(), 1);
}

TEST_F(WhatGoesWrong, BrokenConsumerParksTheWholeLog) {
  GroupSettings settings;
  settings.in_flight = 1'000;
  Make(settings);
  while (group_->Wanted() > 0) {
    Feed({std::to_string(group_->scanned_to().value())});
    Give();
    ASSERT_TRUE(Refuse(group_->scanned_to().value(), true).ok());
  }
  EXPECT_EQ(group_->state().parked, limits::kGroupParked);
  EXPECT_TRUE(group_->state().too_many_parked);
  const Position first[] = {Position(1)};
  EXPECT_EQ(group_->DropParked(first), 1);
  EXPECT_FALSE(group_->state().too_many_parked);
  EXPECT_GT(group_->Wanted(), 0);
}

TEST_F(WhatGoesWrong, RetriesComeTooFastOrNever) {
  GroupSettings settings;
  settings.attempts = 6;
  settings.first_delay = absl::Seconds(1);
  settings.longest_delay = absl::Seconds(5);
  Make(settings);
  Feed({"a"});
  std::vector<absl::Duration> delays;
  while (group_->parked().empty()) {
    ASSERT_THAT(Give(), ElementsAre(1));
    ASSERT_TRUE(Refuse(1, false).ok());
    if (!group_->parked().empty()) break;
    delays.push_back(group_->NextDeadline() - now_);
    now_ = group_->NextDeadline();
  }
  EXPECT_THAT(delays,
              ElementsAre(absl::Seconds(1), absl::Seconds(2), absl::Seconds(4),
                          absl::Seconds(5), absl::Seconds(5)));
  EXPECT_EQ(group_->parked().at(Position(1)).attempts, 6);
}

TEST_F(WhatGoesWrong, AttemptsOfASlowMemberCountWhatItNeverSaw) {
  GroupSettings settings;
  settings.attempts = 2;
  Make(settings);
  Feed({"a"});
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Give(), ElementsAre(1));
    EXPECT_TRUE(group_->Waits(lease_, true));
    now_ += settings.lease;
  }
  // It is sent at last, and that counts.
  EXPECT_THAT(Give(), ElementsAre(1));
  EXPECT_TRUE(group_->Waits(lease_, true));
  EXPECT_TRUE(group_->Waits(lease_, false));
  EXPECT_EQ(group_->state().redelivered, 0);
  now_ += settings.lease;
  EXPECT_THAT(Give(), ElementsAre(1));
  EXPECT_EQ(group_->state().redelivered, 1);
  now_ += settings.lease;
  EXPECT_THAT(Give(), IsEmpty());
  EXPECT_EQ(group_->state().parked, 1);
  EXPECT_FALSE(group_->Waits(lease_, true)) << "it is over";
}

TEST_F(WhatGoesWrong, LeasesThatWereTakenBackAreRememberedForEver) {
  Make();
  Feed({"a"});
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(Give(), ElementsAre(1));
    group_->TakeBack(lease_);
    const absl::Status said = Done({Position(1)});
    EXPECT_THAT(std::string(said.message()), testing::HasSubstr("is over;"))
        << "it is not known any more";
  }
}

TEST_F(WhatGoesWrong, AWithheldEventIsSettledAndNoMoreOfItsLease) {
  Make();
  Feed({"a", "b", "c"});
  EXPECT_THAT(Give(), ElementsAre(1, 2, 3));
  group_->Withhold(lease_, {Position(1), Position(3), Position(7)});
  EXPECT_EQ(cursor(), 1u);
  EXPECT_EQ(group_->state().in_flight, 1u);
  EXPECT_FALSE(Done({Position(1)}).ok()) << "as a position of no lease";
  EXPECT_TRUE(Done({Position(2)}).ok());
  EXPECT_EQ(cursor(), 3u);
  Store();
  Restart();
  EXPECT_EQ(cursor(), 3u);
  EXPECT_THAT(Give(), IsEmpty());
}

TEST_F(WhatGoesWrong, ALeaseOfWithheldEventsAloneMakesRoomAgain) {
  Make();
  group_ = std::make_unique<ConsumerGroup>("finance", GroupSettings(),
                                           Position(), ++life_);
  group_->Join({1, 1});
  Feed({"a", "b"});
  EXPECT_THAT(Give(), ElementsAre(1));
  group_->Withhold(lease_, {Position(1)});
  EXPECT_EQ(cursor(), 1u);
  EXPECT_THAT(Give(), ElementsAre(2));
}

// Whoever is given the first and the last lease of many must not be able to
// count those between, whose events may have been withheld.
TEST_F(WhatGoesWrong, NamesOfLeasesCountNothing) {
  constexpr uint64_t kLife = 0x1234'5678'9abc'def0;
  std::set<std::string> names;
  std::set<std::string> beginnings;
  for (uint64_t number = 1; number <= 100; ++number) {
    const std::string name = LeaseToken(kLife, number);
    EXPECT_EQ(LeaseNumber(kLife, name), number);
    EXPECT_EQ(LeaseNumber(kLife + 1, name), std::nullopt);
    EXPECT_EQ(LeaseNumber(kLife, name + "0"), std::nullopt);
    EXPECT_EQ(name.find("123456789abcdef0"), std::string::npos) << name;
    names.insert(name);
    beginnings.insert(name.substr(name.find('-') + 1, 2));
  }
  EXPECT_EQ(names.size(), 100u);
  EXPECT_GT(beginnings.size(), 50u) << "scattered";
}

}  // namespace
}  // namespace samverk::bus
