#include "projections/engine/projector.h"

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"
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

TEST_F(ProjectorTest, AnEmptyLogGivesEmptyViewsAtOnce) {
  Open();
  const auto live = projector_->Views(All());
  ASSERT_TRUE(live.ok()) << live.status().ToString();
  EXPECT_EQ(live->position, Position(0));
  EXPECT_EQ(live->recorded_at_us, 0);
  EXPECT_THAT(Contents(live->snapshot->views(), projections_), IsEmpty());
  EXPECT_TRUE(projector_->AwaitApplied(Position(0), absl::Now()).ok());
}

TEST_F(ProjectorTest, CatchesUpWithWhatIsThereAndWithWhatComes) {
  const auto history = testing::RandomHistory(1, 600, 3);
  Append({history.begin(), history.begin() + 300});
  Open();
  ExpectLikeFreshFold();
  Append({history.begin() + 300, history.end()});
  ExpectLikeFreshFold();
  EXPECT_EQ(StatusOf("sums").state, ProjectionStatus::State::kLive);
  EXPECT_EQ(StatusOf("sums").applied, Position(600));
  EXPECT_GT(StatusOf("sums").entries, 0u);
  EXPECT_THAT(Said(), IsEmpty());
}

TEST_F(ProjectorTest, SaysWhenTheLastEventWasRecorded) {
  Append({Cost("c-1", "g", 1), Cost("c-2", "g", 1)});
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  const auto live = projector_->Views(All());
  ASSERT_TRUE(live.ok());
  EXPECT_EQ(live->recorded_at_us, log_.At(Position(2)).header().recorded_at_us);
}

// The projection of which each application is counted.
std::atomic<int> applications;
Projection Counted() {
  Projection projection = SumsProjection();
  projection.apply = [](const Fact& fact, ViewTable& views) {
    ++applications;
    SumsProjection().apply(fact, views);
  };
  return projection;
}

TEST_F(ProjectorTest, GoesOnWhereItWasAfterARestart) {
  projections_ = {Counted(), NotesProjection()};
  Append(testing::RandomHistory(2, 200, 2));
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  applications = 0;
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  EXPECT_EQ(applications, 0) << "what was applied is not applied again";
  log_.Append(Cost("new", "g", 1));
  ExpectLikeFreshFold();
  // ExpectLikeFreshFold applies everything once more itself.
}

TEST_F(ProjectorTest, AmendsWhatWasRecordedBeforeARestart) {
  Append({Cost("c-1", "g", 100),
          testing::Correction(testing::EventIdOf(1), Cost("c-1", "g", 90))});
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  Open();
  log_.Append(testing::Correction(testing::EventIdOf(1), Cost("c-1", "h", 80)));
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, OneEventATimeGivesTheSame) {
  Append(testing::RandomHistory(3, 300, 3));
  Projector::Options options = DefaultOptions();
  options.lane.page_events = 1;
  options.lane.memory_bytes = 1;  // written and forgotten after each event
  Open(std::move(options), log_.store());
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, WaitsForAPosition) {
  Open();
  absl::Status seen = absl::UnknownError("not called");
  std::thread waiter([&] {
    seen = projector_->AwaitApplied(Position(1), absl::Now() + kLong);
  });
  log_.Append(Cost("c-1", "g", 1));
  waiter.join();
  EXPECT_TRUE(seen.ok()) << seen.ToString();
}

TEST_F(ProjectorTest, SaysThatItHasNotCaughtUpInTime) {
  Open();
  const absl::Status status = projector_->AwaitApplied(
      Position(1), absl::Now() + absl::Milliseconds(20));
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_NOT_CAUGHT_UP);
}

TEST_F(ProjectorTest, NobodySeesWhatIsNotCommitted) {
  Open();
  log_.Append(Cost("c-1", "g", 1));
  ASSERT_TRUE(AwaitHead().ok());
  gate_.Close();
  Append({Cost("c-2", "g", 1), Finding("f-1")});
  gate_.AwaitSomebody();
  const auto live = projector_->Views(All());
  ASSERT_TRUE(live.ok());
  EXPECT_EQ(live->position, Position(1));
  EXPECT_EQ(live->snapshot->views()
                .Of(ProjectionId::kBudget)
                .Find<BudgetEntry>("p/cost/c-2"),
            nullptr);
  EXPECT_EQ(StatusOf("sums").state, ProjectionStatus::State::kCatchingUp);
  gate_.Open();
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, RebuildsBesideTheLiveViews) {
  Append(testing::RandomHistory(4, 3'000, 3));
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  // What is wrong in the old entries is not in the new ones.
  BudgetEntry wrong;
  wrong.mutable_grant()->set_grant("wrong");
  TamperWith("p0/grant/g0", wrong);
  Open();

  gate_.Close();
  std::vector<uint64_t> progress;
  Mutex mu;
  CondVar ended;
  bool done = false;
  ASSERT_TRUE(projector_
                  ->Rebuild("sums",
                            [&](const absl::StatusOr<RebuildProgress>& p) {
                              MutexLock lock(mu);
                              progress.push_back(p.ok() ? p->applied.value()
                                                        : 0);
                              done = p.ok() && p->done;
                              ended.NotifyAll();
                            })
                  .ok());
  gate_.AwaitSomebody();
  EXPECT_EQ(StatusOf("sums").state, ProjectionStatus::State::kRebuilding);
  // The old entries still answer.
  auto before = projector_->Views(All());
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(before->snapshot->views()
                .Of(ProjectionId::kBudget)
                .Find<BudgetEntry>("p0/grant/g0")
                ->grant()
                .grant(),
            "wrong");
  // Only one at a time.
  EXPECT_EQ(projector_->Rebuild("sums", [](const auto&) {}).code(),
            absl::StatusCode::kFailedPrecondition);
  Append({Cost("while", "g0", 1)});
  gate_.Open();
  {
    MutexLock lock(mu);
    while (!done) ended.Wait(mu);
    EXPECT_GE(progress.back(), 3'000u);
  }
  ExpectLikeFreshFold();
  EXPECT_EQ(StatusOf("sums").state, ProjectionStatus::State::kLive);
  // The snapshot taken before still shows the old entries.
  EXPECT_EQ(Contents(before->snapshot->views(), projections_)
                .count("sums:p0/grant/g0"),
            1u);
  EXPECT_TRUE(before->snapshot->status().ok());
  before->snapshot.reset();
  // It goes on with the new ones, also after a restart.
  Append({Cost("after", "g0", 1)});
  ExpectLikeFreshFold();
  Open();
  ExpectLikeFreshFold();
  projector_.reset();
  std::string discarded;
  const auto store = ViewStore::Open({DefaultOptions().directory}, discarded);
  const auto tables = *(*store)->Tables();
  ASSERT_EQ(tables.size(), 2u) << "the old generation is gone";
  EXPECT_EQ(tables[1].id, (TableId{"sums", 2}));
}

TEST_F(ProjectorTest, KeepsUpWithALogThatGrowsDuringARebuild) {
  Append(testing::RandomHistory(5, 1'000, 2));
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop && i < 2'000; ++i) {
      log_.Append(Cost("w-" + std::to_string(i), "g", 1));
    }
  });
  for (const char* name : {"sums", "notes", "sums"}) {
    const auto rebuilt = Rebuild(name);
    EXPECT_TRUE(rebuilt.ok()) << rebuilt.status().ToString();
  }
  stop = true;
  writer.join();
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, KnowsItsProjectionsByName) {
  Open();
  const absl::Status status = projector_->Rebuild("sum", [](const auto&) {});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.ToString(), HasSubstr("sums, notes"));
}

// The second version of the fold counts each krona twice.
Projection Doubling() {
  Projection projection = SumsProjection(2);
  projection.apply = [](const Fact& fact, ViewTable& views) {
    if (!fact.event.has_cost_booked()) return;
    event::v1::Event twice = fact.event;
    auto& amount = *twice.mutable_cost_booked()->mutable_amount();
    amount.set_ore(2 * amount.ore());
    SumsProjection().apply(
        Fact{twice, fact.position, fact.recorded_at_us, fact.occurred}, views);
  };
  return projection;
}

TEST_F(ProjectorTest, AChangedFoldIsBuiltBesideTheOldOneAndSwappedIn) {
  Append({Cost("c-1", "g", 10), Finding("f-1"), Cost("c-2", "g", 20)});
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  projector_.reset();
  log_.Append(Cost("c-3", "g", 30));

  projections_ = {Doubling(), NotesProjection()};
  gate_.Close();
  Projector::Options options = DefaultOptions();
  options.lane.page_events = 1;
  options.lane.memory_bytes = 1;
  Open(std::move(options), log_.store());
  gate_.AwaitSomebody();
  {
    // The old entries answer, where they were; all views stand still there.
    const auto old = projector_->Views(All());
    ASSERT_TRUE(old.ok()) << old.status().ToString();
    EXPECT_EQ(old->position, Position(3));
    EXPECT_EQ(SumOf(*old), 30);
    EXPECT_EQ(StatusOf("sums").state, ProjectionStatus::State::kRebuilding);
    EXPECT_EQ(StatusOf("sums").applied, Position(3));
    EXPECT_TRUE(StatusOf("sums").rebuild_applied.has_value());
    EXPECT_TRUE(projector_->AwaitApplied(Position(3), absl::Now()).ok());
  }
  EXPECT_THAT(Said(), Contains(HasSubstr("version 2")));
  gate_.Open();
  ExpectLikeFreshFold();
  EXPECT_EQ(SumOf(*projector_->Views(All())), 120);
}

TEST_F(ProjectorTest, AChangedFoldIsGoneOnWithAfterARestart) {
  Append(testing::RandomHistory(6, 50, 1));
  Open();
  ASSERT_TRUE(AwaitHead().ok());
  Projection counted = Counted();
  counted.version = 2;
  projections_ = {counted, NotesProjection()};
  applications = 0;
  FreshFold(log_.store(), projections_);
  const int all = applications;

  std::atomic<int> commits = 0;
  Projector::Options options = DefaultOptions();
  options.lane.page_events = 10;
  options.lane.memory_bytes = 1;
  options.lane.before_commit = [&] {
    if (++commits == 3) gate_.Close();
    gate_.Pass();
  };
  Open(std::move(options), log_.store());
  gate_.AwaitSomebody();
  // It is told to stop while it stands before its third commit.
  std::thread opener([&] {
    absl::SleepFor(absl::Milliseconds(50));
    gate_.Open();
  });
  projector_.reset();
  opener.join();
  applications = 0;
  Open();
  AwaitState("sums", ProjectionStatus::State::kLive);
  EXPECT_GT(applications, 0);
  EXPECT_LT(applications, all) << "what was built is not built again";
  ExpectLikeFreshFold();
}

TEST_F(ProjectorTest, AnswersThoseWhoWaitWhenItIsClosed) {
  Open();
  absl::Status seen;
  projector_->OnApplied(Position(5), absl::InfiniteFuture(),
                        [&](absl::Status status) { seen = status; });
  projector_.reset();
  EXPECT_EQ(ReasonOf(seen), error::v1::REASON_SHUTTING_DOWN);
}

TEST_F(ProjectorTest, ManyReadersSeeWholeStates) {
  // Each cost is of 1 öre, so the grant's sum is the number of cost entries.
  Open();
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&] {
      Position last;
      while (!stop) {
        const auto live = projector_->Views(All());
        ASSERT_TRUE(live.ok()) << live.status().ToString();
        ASSERT_GE(live->position, last) << "answers never go back";
        last = live->position;
        int64_t costs = 0;
        live->snapshot->views()
            .Of(ProjectionId::kBudget)
            .Scan<BudgetEntry>("p/cost/", "",
                               [&](std::string_view, const BudgetEntry&) {
                                 ++costs;
                                 return true;
                               });
        ASSERT_EQ(static_cast<uint64_t>(costs), live->position.value());
        if (costs > 0) {
          ASSERT_EQ(SumOf(*live), costs);
        }
      }
    });
  }
  for (int i = 0; i < 500; ++i) {
    log_.Append(Cost("c-" + std::to_string(i), "g", 1));
  }
  EXPECT_TRUE(AwaitHead().ok());
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace samverk::projections
