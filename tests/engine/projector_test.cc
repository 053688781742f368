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
#include "tests/engine/flaky_store.h"
#include "tests/engine/temp_directory.h"
#include "tests/engine/test_log.h"
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

constexpr absl::Duration kLong = absl::Seconds(20);

// A gate that commits go through.
class Gate {
 public:
  void Close() {
    MutexLock lock(mu_);
    open_ = false;
  }
  void Open() {
    MutexLock lock(mu_);
    open_ = true;
    changed_.NotifyAll();
  }
  void Pass() {
    MutexLock lock(mu_);
    if (open_) return;
    ++waiting_;
    changed_.NotifyAll();
    while (!open_) changed_.Wait(mu_);
    --waiting_;
  }
  // Until somebody stands before the closed gate.
  void AwaitSomebody() {
    MutexLock lock(mu_);
    while (waiting_ == 0) changed_.Wait(mu_);
  }

 private:
  Mutex mu_;
  CondVar changed_;
  bool open_ ABSL_GUARDED_BY(mu_) = true;
  int waiting_ ABSL_GUARDED_BY(mu_) = 0;
};

class ProjectorTest : public ::testing::Test {
 protected:
  ~ProjectorTest() override { gate_.Open(); }

  Projector::Options DefaultOptions() {
    Projector::Options options;
    options.directory = directory_.path() + "/views";
    options.projections = projections_;
    options.lane.before_commit = [this] { gate_.Pass(); };
    options.log = [this](std::string_view text) {
      MutexLock lock(mu_);
      said_.emplace_back(text);
    };
    return options;
  }
  void Open() { Open(DefaultOptions(), log_.store()); }
  void Open(Projector::Options options, EventStore& store) {
    projector_.reset();
    auto opened = Projector::Open(store, std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status().ToString();
    projector_ = *std::move(opened);
  }
  void Append(const std::vector<event::v1::Event>& events) {
    for (const auto& event : events) log_.Append(event);
  }
  absl::Status AwaitHead() {
    return projector_->AwaitApplied(log_.store().Head(), absl::Now() + kLong);
  }
  // Checks that the views are at the head and show what a fresh fold gives.
  void ExpectLikeFreshFold() {
    const absl::Status caught_up = AwaitHead();
    ASSERT_TRUE(caught_up.ok()) << caught_up.ToString();
    const auto live = projector_->Views(All());
    ASSERT_TRUE(live.ok()) << live.status().ToString();
    EXPECT_EQ(live->position, log_.store().Head());
    EXPECT_EQ(Contents(live->snapshot->views(), projections_),
              FreshFold(log_.store(), projections_));
    EXPECT_TRUE(live->snapshot->status().ok());
  }
  ProjectionSet All() { return {ProjectionId::kBudget, ProjectionId::kChecks}; }
  std::vector<std::string> Said() {
    MutexLock lock(mu_);
    return said_;
  }
  ProjectionStatus StatusOf(std::string_view name) {
    for (const ProjectionStatus& status : projector_->Status()) {
      if (status.name == name) return status;
    }
    ADD_FAILURE() << "no projection " << name;
    return {};
  }
  // Waits until the projection's status is so.
  void AwaitState(std::string_view name, ProjectionStatus::State state) {
    const absl::Time deadline = absl::Now() + kLong;
    while (StatusOf(name).state != state && absl::Now() < deadline) {
      std::this_thread::yield();
    }
    ASSERT_EQ(StatusOf(name).state, state);
  }
  // Rebuilds and waits for the end.
  absl::StatusOr<RebuildProgress> Rebuild(std::string_view name) {
    Mutex mu;
    CondVar ended;
    std::optional<absl::StatusOr<RebuildProgress>> result;
    const absl::Status begun = projector_->Rebuild(
        name, [&](const absl::StatusOr<RebuildProgress>& progress) {
          MutexLock lock(mu);
          if (progress.ok() && !progress->done) return;
          result = progress;
          ended.NotifyAll();
        });
    if (!begun.ok()) return begun;
    MutexLock lock(mu);
    while (!result.has_value()) ended.Wait(mu);
    return *result;
  }
  // Changes the stored views behind the projector's back.
  void TamperWith(const std::string& key, const BudgetEntry& entry) {
    projector_.reset();
    std::string discarded;
    const auto store = ViewStore::Open({DefaultOptions().directory}, discarded);
    ASSERT_TRUE(store.ok());
    const auto tables = *(*store)->Tables();
    for (const StoredTable& table : tables) {
      if (table.id.projection != "sums") continue;
      ViewBatch batch;
      batch.Put(table.id, key, entry);
      ASSERT_TRUE((*store)->Commit(std::move(batch)).ok());
    }
  }
  // An entry that is no message of its type.
  static BudgetEntry Unreadable() {
    BudgetEntry entry;
    entry.GetReflection()->MutableUnknownFields(&entry)->AddLengthDelimited(
        1, "\xff");
    return entry;
  }

  testing::TempDirectory directory_;
  TestLog log_;
  std::vector<Projection> projections_ = {SumsProjection(), NotesProjection()};
  Gate gate_;
  Mutex mu_;
  std::vector<std::string> said_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<Projector> projector_;
};

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

int64_t SumOf(const LiveViews& live) {
  return live.snapshot->views()
      .Of(ProjectionId::kBudget)
      .Find<BudgetEntry>("p/grant/g")
      ->grant()
      .booked(0)
      .ore();
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
