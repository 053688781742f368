// A projector over a log in memory, for its tests.
#ifndef SAMVERK_TESTS_ENGINE_PROJECTOR_FIXTURE_H_
#define SAMVERK_TESTS_ENGINE_PROJECTOR_FIXTURE_H_

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "projections/engine/projector.h"
#include "samverk/view/v1/budget.pb.h"
#include "tests/engine/temp_directory.h"
#include "tests/engine/test_log.h"
#include "tests/testing/gate.h"

namespace samverk::projections {

inline constexpr absl::Duration kLong = absl::Seconds(20);

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
    EXPECT_EQ(testing::Contents(live->snapshot->views(), projections_),
              testing::FreshFold(log_.store(), projections_));
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
  void TamperWith(const std::string& key, const view::v1::BudgetEntry& entry) {
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
  static view::v1::BudgetEntry Unreadable() {
    view::v1::BudgetEntry entry;
    entry.GetReflection()->MutableUnknownFields(&entry)->AddLengthDelimited(
        1, "\xff");
    return entry;
  }

  // What is booked on the grant "g" of process "p".
  static int64_t SumOf(const LiveViews& live) {
    return live.snapshot->views()
        .Of(ProjectionId::kBudget)
        .Find<view::v1::BudgetEntry>("p/grant/g")
        ->grant()
        .booked(0)
        .ore();
  }

  testing::TempDirectory directory_;
  testing::TestLog log_;
  std::vector<Projection> projections_ = {testing::SumsProjection(),
                                          testing::NotesProjection()};
  testing::Gate gate_;  // that commits go through
  Mutex mu_;
  std::vector<std::string> said_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<Projector> projector_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_TESTS_ENGINE_PROJECTOR_FIXTURE_H_
