// What a projector does when its log, its views or its disk fail.
#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"
#include "tests/engine/flaky_store.h"
#include "tests/engine/projector_fixture.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using testing::Contents;
using testing::Cost;
using testing::Finding;
using testing::FreshFold;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::NotesProjection;
using testing::SumsProjection;
using testing::TestLog;
using view::v1::BudgetEntry;

TEST_F(ProjectorTest, StopsLoudlyAtAnUnknownEvent) {
  Append({Cost("c-1", "g", 1), Finding("f-1")});
  log_.AppendOpaque("samverk.moon_landed", std::string("\x82\x19\x00", 3));
  log_.Append(Cost("c-2", "g", 1));
  Open();
  AwaitState("sums", ProjectionStatus::State::kStopped);
  EXPECT_EQ(StatusOf("notes").state, ProjectionStatus::State::kStopped);
  EXPECT_EQ(StatusOf("sums").applied, Position(2)) << "what comes before is in";
  EXPECT_THAT(StatusOf("sums").stopped_reason, HasSubstr("position 3"));
  EXPECT_THAT(Said(), Contains(AllOf(HasSubstr("sums has stopped"),
                                     HasSubstr("upgrade"))));

  const auto live = projector_->Views(All());
  EXPECT_EQ(live.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(live.status()), error::v1::REASON_PROJECTION_STOPPED);
  const absl::Status waited =
      projector_->AwaitApplied(Position(4), absl::Now() + kLong);
  EXPECT_EQ(ReasonOf(waited), error::v1::REASON_PROJECTION_STOPPED);
}

TEST_F(ProjectorTest, OneProjectionStopsAndTheOthersGoOn) {
  Append({Cost("c-1", "g", 1), Finding("f-1")});
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  TamperWith("p/grant/g", Unreadable());
  Open();
  Append({Cost("c-2", "g", 1), Finding("f-2")});
  AwaitState("sums", ProjectionStatus::State::kStopped);
  ASSERT_TRUE(AwaitHead().ok());
  EXPECT_EQ(ReasonOf(projector_->Views({ProjectionId::kBudget}).status()),
            error::v1::REASON_PROJECTION_STOPPED);
  const auto notes = projector_->Views({ProjectionId::kChecks});
  ASSERT_TRUE(notes.ok()) << notes.status().ToString();
  EXPECT_EQ(notes->position, Position(4));
  EXPECT_NE(notes->snapshot->views()
                .Of(ProjectionId::kChecks)
                .Find<view::v1::CheckEntry>("p/finding/f-2"),
            nullptr);

  // A rebuild is what heals it.
  const auto rebuilt = Rebuild("sums");
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.status().ToString();
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, ALaggardCatchesUpAfterARestart) {
  Append({Cost("c-1", "g", 1), Finding("f-1")});
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  const BudgetEntry right = *projector_->Views(All())
                                 ->snapshot->views()
                                 .Of(ProjectionId::kBudget)
                                 .Find<BudgetEntry>("p/grant/g");
  TamperWith("p/grant/g", Unreadable());
  Open();
  Append({Cost("c-2", "g", 1), Finding("f-2")});
  AwaitState("sums", ProjectionStatus::State::kStopped);
  ASSERT_TRUE(AwaitHead().ok());
  TamperWith("p/grant/g", right);  // mended
  Open();
  Append({Cost("c-3", "g", 1), Finding("f-3")});
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, DoesNotOpenOverALogThatHasLostEvents) {
  Append({Cost("c-1", "g", 10), Cost("c-2", "g", 20), Cost("c-3", "g", 30)});
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  projector_.reset();

  TestLog shorter;
  shorter.Append(Cost("c-1", "g", 10));
  shorter.Append(Cost("c-2", "g", 20));
  for (int i = 0; i < 2; ++i) {  // the proof of it is not thrown away
    const auto opened = Projector::Open(shorter.store(), DefaultOptions());
    ASSERT_EQ(opened.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(opened.status().message()),
                AllOf(HasSubstr("takes in position 3"), HasSubstr("head 2"),
                      HasSubstr("--rebuild")));
  }
}

TEST_F(ProjectorTest, BuildsViewsAgainWhenThatIsAccepted) {
  Append({Cost("c-1", "g", 10), Cost("c-2", "g", 20), Cost("c-3", "g", 30)});
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  projector_.reset();

  // A backup that lacks the last event.
  TestLog shorter;
  shorter.Append(Cost("c-1", "g", 10));
  shorter.Append(Cost("c-2", "g", 20));
  Projector::Options options = DefaultOptions();
  options.accept_loss = true;
  Open(options, shorter.store());
  ASSERT_TRUE(projector_->AwaitApplied(Position(2), absl::Now() + kLong).ok());
  EXPECT_EQ(SumOf(*projector_->Views(All())), 30);
  EXPECT_THAT(Said(), Contains(HasSubstr("thrown away and built again")));
  projector_.reset();

  // A log that is as long, and is another one.
  TestLog other;
  other.Append(Cost("c-1", "g", 11));
  other.Append(Cost("c-2", "g", 22));
  Open(options, other.store());
  ASSERT_TRUE(projector_->AwaitApplied(Position(2), absl::Now() + kLong).ok());
  EXPECT_EQ(SumOf(*projector_->Views(All())), 33);
  projector_.reset();  // it reads the log until then
}

TEST_F(ProjectorTest, BuildsViewsAgainWhenTheyAreLostOrBroken) {
  Append(testing::RandomHistory(7, 100, 2));
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  projector_.reset();
  std::filesystem::remove_all(DefaultOptions().directory);
  Open();
  ExpectLikeFreshFold();
  projector_.reset();
  std::filesystem::resize_file(DefaultOptions().directory + "/CURRENT", 0);
  Open();
  ExpectLikeFreshFold();
  EXPECT_THAT(Said(), Contains(HasSubstr("could not be used")));
}

TEST_F(ProjectorTest, TriesAgainWhatMayGoAway) {
  Append(testing::RandomHistory(8, 50, 1));
  testing::FlakyStore flaky(log_.store());
  flaky.failures = 1;
  Open(DefaultOptions(), flaky);
  ExpectLikeFreshFold();
  EXPECT_THAT(Said(), Contains(HasSubstr("the disk is away")));
  projector_.reset();  // it reads the store until then
}

// What was read, folded or dispatched and not committed before a stop comes
// again with the rebuilt tables.
TEST_F(ProjectorTest, ARebuildAfterAFailedCommitMissesNothing) {
  Append(testing::RandomHistory(3, 400, 2));
  Projector::Options options = DefaultOptions();
  options.lane.page_events = 50;
  options.lane.memory_bytes = 1;  // commits after each page
  std::atomic<bool> opened = false;
  std::atomic<int> writes = 0;
  options.store.before_commit = [&] {
    return opened && ++writes == 3
               ? absl::DataLossError("the file that was taken in is damaged")
               : absl::OkStatus();
  };
  gate_.Close();
  Open(std::move(options), log_.store());
  opened = true;
  gate_.Open();
  AwaitState("sums", ProjectionStatus::State::kStopped);
  for (const char* name : {"sums", "notes"}) {
    const auto rebuilt = Rebuild(name);
    ASSERT_TRUE(rebuilt.ok()) << rebuilt.status().ToString();
  }
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, AStopAtADamagedPageCommitsWhatCameBefore) {
  Append(testing::RandomHistory(3, 400, 2));
  testing::FlakyStore flaky(log_.store());
  flaky.error = absl::DataLossError("the record at position 151 is damaged");
  flaky.page_events = 50;
  flaky.successes = 3;
  flaky.failures = 1;
  Projector::Options options = DefaultOptions();
  options.lane.page_events = 50;
  options.lane.commit_every = absl::InfiniteDuration();
  Open(std::move(options), flaky);
  AwaitState("sums", ProjectionStatus::State::kStopped);
  EXPECT_EQ(StatusOf("sums").applied, Position(150));
  for (const char* name : {"sums", "notes"}) {
    const auto rebuilt = Rebuild(name);
    ASSERT_TRUE(rebuilt.ok()) << rebuilt.status().ToString();
  }
  ExpectLikeFreshFold();
  projector_.reset();  // it reads the store until then
}

TEST_F(ProjectorTest, ARebuildOfTheOnlyProjectionAfterItBrokeMissesNothing) {
  projections_ = {SumsProjection()};
  const auto history = testing::RandomHistory(4, 600, 1);
  Append({history.begin(), history.begin() + 300});
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  TamperWith("p0/grant/g0", Unreadable());
  Append({history.begin() + 300, history.end()});
  Open();
  AwaitState("sums", ProjectionStatus::State::kStopped);
  const auto rebuilt = Rebuild("sums");
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.status().ToString();
  ASSERT_TRUE(AwaitHead().ok());
  const auto live = projector_->Views(ProjectionSet{ProjectionId::kBudget});
  ASSERT_TRUE(live.ok()) << live.status().ToString();
  EXPECT_EQ(Contents(live->snapshot->views(), projections_),
            FreshFold(log_.store(), projections_));
}

// A full disk under the views: nothing is lost and nothing counts twice.
TEST_F(ProjectorTest, GoesOnWhenTheViewsCanBeWrittenAgain) {
  Projector::Options options = DefaultOptions();
  options.lane.page_events = 10;
  std::atomic<bool> opened = false;
  std::atomic<int> writes = 0;
  std::atomic<int> failures = 0;
  options.store.before_commit = [&] {
    const bool fails = opened && ++writes % 2 == 0 && failures < 3;
    if (!fails) return absl::OkStatus();
    ++failures;
    return absl::ResourceExhaustedError("the disk of the views is full");
  };
  Open(std::move(options), log_.store());
  opened = true;
  const auto history = testing::RandomHistory(20, 240, 2);
  for (auto part = history.begin(); part != history.end(); part += 60) {
    Append({part, part + 60});
    ExpectLikeFreshFold();
  }
  EXPECT_EQ(failures, 3);
  EXPECT_EQ(StatusOf("sums").state, ProjectionStatus::State::kLive);
  EXPECT_THAT(Said(), Contains(HasSubstr("the disk of the views is full")));
}

TEST_F(ProjectorTest, ARebuildThatCannotBeginIsAnsweredAndCanBeAskedForAgain) {
  Append({Cost("c-1", "g", 10)});
  Projector::Options options = DefaultOptions();
  std::atomic<bool> full = false;
  options.store.before_commit = [&] {
    return full ? absl::ResourceExhaustedError("the disk of the views is full")
                : absl::OkStatus();
  };
  Open(std::move(options), log_.store());
  ASSERT_TRUE(AwaitHead().ok());
  full = true;
  EXPECT_EQ(Rebuild("sums").status().code(),
            absl::StatusCode::kResourceExhausted);
  full = false;
  const auto again = Rebuild("sums");
  ASSERT_TRUE(again.ok()) << again.status().ToString();
  EXPECT_TRUE(again->done);
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, StopsAtDamage) {
  Append(testing::RandomHistory(9, 50, 1));
  testing::FlakyStore flaky(log_.store());
  flaky.error = absl::DataLossError("the record at position 1 is damaged");
  flaky.failures = 1;
  Open(DefaultOptions(), flaky);
  AwaitState("sums", ProjectionStatus::State::kStopped);
  EXPECT_THAT(StatusOf("notes").stopped_reason, HasSubstr("is damaged"));
  projector_.reset();  // it reads the store until then
}

}  // namespace
}  // namespace samverk::projections
