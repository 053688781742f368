#include "projections/engine/dispatcher.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/test_log.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::Correction;
using testing::Cost;
using ::testing::ElementsAre;
using testing::EventIdOf;
using testing::Finding;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Reversal;
using testing::TestLog;

// What a fold is told of costs, as "+100@1".
std::string Told(FactChange change, const Fact& fact) {
  return absl::StrCat(change == FactChange::kApply ? "+" : "-",
                      fact.event.cost_booked().amount().ore() / 100, "@",
                      fact.position.value());
}

class DispatcherTest : public ::testing::Test {
 protected:
  // Dispatches the event at the position.
  absl::Status Dispatch(Dispatcher& dispatcher, uint64_t position) {
    return dispatcher.Dispatch(log_.At(Position(position)),
                               [&](FactChange change, const Fact& fact) {
                                 told_.push_back(Told(change, fact));
                               });
  }
  // What folds are told of the whole log.
  std::vector<std::string> ToldOfAll() {
    Dispatcher dispatcher(lookup_);
    told_.clear();
    for (uint64_t n = 1; n <= log_.store().Head().value(); ++n) {
      const absl::Status status = Dispatch(dispatcher, n);
      EXPECT_TRUE(status.ok()) << status.ToString();
    }
    return told_;
  }
  // The error at the last event, which comes after good ones.
  absl::Status ErrorAtLast() {
    Dispatcher dispatcher(lookup_);
    const uint64_t last = log_.store().Head().value();
    for (uint64_t n = 1; n < last; ++n) {
      EXPECT_TRUE(Dispatch(dispatcher, n).ok());
    }
    told_.clear();
    absl::Status status = Dispatch(dispatcher, last);
    EXPECT_THAT(told_, IsEmpty()) << "nothing may be told before an error";
    return status;
  }

  TestLog log_;
  StoreTargetLookup lookup_{log_.store()};
  std::vector<std::string> told_;
};

TEST_F(DispatcherTest, AppliesFactsInOrder) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Cost("c-2", "g", 50'00));
  EXPECT_THAT(ToldOfAll(), ElementsAre("+100@1", "+50@2"));
}

TEST_F(DispatcherTest, TakesOutTheTargetOfACorrectionAndPutsInItsReplacement) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 90'00)));
  EXPECT_THAT(ToldOfAll(), ElementsAre("+100@1", "-100@1", "+90@2"));
}

TEST_F(DispatcherTest, FollowsAChainOfCorrections) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 90'00)));
  log_.Append(Correction(EventIdOf(2), Cost("c-1", "g", 80'00)));
  log_.Append(Correction(EventIdOf(3), Cost("c-1", "g", 70'00)));
  log_.Append(Reversal(EventIdOf(4)));
  EXPECT_THAT(ToldOfAll(), ElementsAre("+100@1", "-100@1", "+90@2", "-90@2",
                                       "+80@3", "-80@3", "+70@4", "-70@4"));
}

TEST_F(DispatcherTest, TheFirstEventsIdNamesItsLatestCorrection) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 90'00)));
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 80'00)));
  log_.Append(Reversal(EventIdOf(1)));
  EXPECT_THAT(ToldOfAll(), ElementsAre("+100@1", "-100@1", "+90@2", "-90@2",
                                       "+80@3", "-80@3"));
}

TEST_F(DispatcherTest, VoidsAsItReverses) {
  log_.Append(Cost("c-1", "g", 100'00));
  Event voided;
  voided.mutable_event_voided()->set_target(EventIdOf(1));
  log_.Append(voided);
  EXPECT_THAT(ToldOfAll(), ElementsAre("+100@1", "-100@1"));
}

TEST_F(DispatcherTest, ACorrectionOfWhatWasReversedPutsItInAgain) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Reversal(EventIdOf(1)));
  log_.Append(Reversal(EventIdOf(1)));
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 90'00)));
  EXPECT_THAT(ToldOfAll(), ElementsAre("+100@1", "-100@1", "+90@4"));
}

TEST_F(DispatcherTest, KnowsEarlierAmendmentsWhenItBeginsInTheMiddle) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 90'00)));
  log_.Append(Cost("c-2", "g", 10'00));
  log_.Append(Reversal(EventIdOf(3)));
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 80'00)));
  log_.Append(Reversal(EventIdOf(3)));
  Dispatcher dispatcher(lookup_);
  ASSERT_TRUE(Dispatch(dispatcher, 5).ok());
  ASSERT_TRUE(Dispatch(dispatcher, 6).ok());
  EXPECT_THAT(told_, ElementsAre("-90@2", "+80@5"));
}

TEST_F(DispatcherTest, CompletesAReplacementFromItsCorrection) {
  log_.Append(Cost("c-1", "g", 100'00));
  Event correction = Correction(EventIdOf(1), Cost("c-1", "g", 90'00));
  correction.mutable_recorded_by()->set_organisation("mkb");
  log_.Append(correction);
  Dispatcher dispatcher(lookup_);
  ASSERT_TRUE(Dispatch(dispatcher, 1).ok());
  ASSERT_TRUE(
      dispatcher
          .Dispatch(log_.At(Position(2)),
                    [&](FactChange change, const Fact& fact) {
                      if (change == FactChange::kRetract) return;
                      EXPECT_EQ(fact.event.id(), "");
                      EXPECT_EQ(fact.event.process(), "p");
                      EXPECT_EQ(fact.event.recorded_by().organisation(), "mkb");
                      EXPECT_EQ(fact.recorded_at_us, testing::RecordedAtUs(2));
                      ASSERT_TRUE(fact.occurred.has_value());
                      EXPECT_EQ(fact.occurred->from_us,
                                codec::StockholmMidnightUs(2025, 9, 17));
                    })
          .ok());
}

TEST_F(DispatcherTest, TellsTheTimeNormalisedOrNotAtAll) {
  Event circa = Cost("c-1", "g", 100);
  circa.mutable_occurred()->set_circa(true);
  log_.Append(circa);
  Event unknown = Cost("c-2", "g", 100);
  unknown.clear_occurred();
  log_.Append(unknown);
  Dispatcher dispatcher(lookup_);
  std::vector<std::optional<codec::TimeSpan>> times;
  for (const uint64_t n : {1, 2}) {
    ASSERT_TRUE(dispatcher
                    .Dispatch(log_.At(Position(n)),
                              [&](FactChange, const Fact& fact) {
                                times.push_back(fact.occurred);
                              })
                    .ok());
  }
  ASSERT_EQ(times.size(), 2u);
  ASSERT_TRUE(times[0].has_value());
  EXPECT_TRUE(times[0]->circa);
  EXPECT_FALSE(times[1].has_value());
}

TEST_F(DispatcherTest, PassesOverTypesOutsideTheCatalogue) {
  log_.AppendOpaque("partner.sensor_read", "\xff\xff no message");
  log_.Append(Cost("c-1", "g", 100'00));
  EXPECT_THAT(ToldOfAll(), ElementsAre("+100@2"));
}

TEST_F(DispatcherTest, StopsAtAnUnknownTypeOfTheCatalogue) {
  // An empty message in field 400, which is a fact of a later release.
  log_.AppendOpaque("samverk.moon_landed", std::string("\x82\x19\x00", 3));
  const absl::Status status = ErrorAtLast();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_UNKNOWN_EVENT);
  EXPECT_THAT(status.ToString(), HasSubstr("position 1"));
}

TEST_F(DispatcherTest, StopsAtBytesThatAreNoEvent) {
  log_.AppendOpaque("samverk.cost_booked", "\xff\xff no message");
  const absl::Status status = ErrorAtLast();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_DAMAGED);
  EXPECT_THAT(status.ToString(), HasSubstr("position 1"));
}

TEST_F(DispatcherTest, StopsAtAnAmendmentWithoutATarget) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Reversal(EventIdOf(77)));
  const absl::Status status = ErrorAtLast();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(status.ToString(), HasSubstr("position 2"));
  EXPECT_THAT(status.ToString(), HasSubstr(EventIdOf(77)));
}

TEST_F(DispatcherTest, StopsAtAnAmendmentOfALaterEvent) {
  log_.Append(Reversal(EventIdOf(2)));
  log_.Append(Cost("c-1", "g", 100'00));
  Dispatcher dispatcher(lookup_);
  EXPECT_EQ(Dispatch(dispatcher, 1).code(), absl::StatusCode::kDataLoss);
}

TEST_F(DispatcherTest, StopsAtAnAmendmentOfAnotherProcess) {
  Event elsewhere = Cost("c-1", "g", 100'00);
  elsewhere.set_process("q");
  log_.Append(elsewhere);
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 90'00)));
  const absl::Status status = ErrorAtLast();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(status.ToString(), HasSubstr("another process, \"q\""));
}

TEST_F(DispatcherTest, StopsAtAnAmendmentOfAReversal) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Reversal(EventIdOf(1)));
  log_.Append(Reversal(EventIdOf(2)));
  const absl::Status status = ErrorAtLast();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(status.ToString(), HasSubstr("no fact"));
}

TEST_F(DispatcherTest, StopsAtACorrectionWithoutAFact) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Correction(EventIdOf(1), Event()));
  EXPECT_EQ(ErrorAtLast().code(), absl::StatusCode::kDataLoss);
}

TEST_F(DispatcherTest, GoesOnAfterALookupThatFailed) {
  log_.Append(Cost("c-1", "g", 100'00));
  log_.Append(Correction(EventIdOf(1), Cost("c-1", "g", 90'00)));
  log_.Append(Reversal(EventIdOf(1)));

  class FailingLookup : public StoreTargetLookup {
   public:
    using StoreTargetLookup::StoreTargetLookup;
    absl::StatusOr<std::vector<RecordedEvent>> AmendmentsBefore(
        std::string_view process, Position before) override {
      if (failures-- > 0) return absl::UnavailableError("away");
      return StoreTargetLookup::AmendmentsBefore(process, before);
    }
    int failures = 1;
  };
  FailingLookup lookup(log_.store());
  Dispatcher dispatcher(lookup);
  EXPECT_EQ(Dispatch(dispatcher, 3).code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(told_, IsEmpty());
  ASSERT_TRUE(Dispatch(dispatcher, 3).ok());
  EXPECT_THAT(told_, ElementsAre("-90@2"));
}

}  // namespace
}  // namespace samverk::projections
