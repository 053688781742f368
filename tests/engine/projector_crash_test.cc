// Each event counts once, whenever the program is killed (G8).
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "gtest/gtest.h"
#include "projections/engine/projector.h"
#include "tests/engine/temp_directory.h"
#include "tests/engine/test_log.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::NotesProjection;
using testing::SumsProjection;
using testing::TestLog;

// What one life of the program does.
struct Life {
  size_t events_before = 0;  // in the log when it starts
  size_t events_after = 0;   // in the log in the end
  int version = 1;           // of the first fold
  bool rebuild = false;
  bool flush = false;  // each batch is on the disk, or those of a while ago are
  int killed_at_commit = 0;
};

std::vector<Projection> ProjectionsOf(int version) {
  return {SumsProjection(version), NotesProjection()};
}

// Runs the projector and kills the program at a commit; if there are too few
// of them, at the end.
[[noreturn]] void Live(const std::string& directory,
                       const std::vector<Event>& history, const Life& life) {
  TestLog log;
  for (size_t i = 0; i < life.events_before; ++i) log.Append(history[i]);
  int commits = 0;
  Projector::Options options;
  options.directory = directory;
  options.projections = ProjectionsOf(life.version);
  options.store.write_buffer_bytes = 64 << 10;  // so that much is flushed
  options.store.flush_each_batch = life.flush;
  options.lane.page_events = 7;
  options.lane.memory_bytes = 4 << 10;
  options.lane.before_commit = [&] {
    if (++commits == life.killed_at_commit) raise(SIGKILL);
  };
  auto projector = Projector::Open(log.store(), std::move(options));
  SAMVERK_CHECK(projector.ok()) << projector.status().ToString();
  if (life.rebuild) {
    const auto begun = (*projector)->Rebuild("sums", [](const auto&) {});
    SAMVERK_CHECK(begun.ok()) << begun.ToString();
  }
  for (size_t i = life.events_before; i < life.events_after; ++i) {
    log.Append(history[i]);
  }
  const auto caught_up =
      (*projector)
          ->AwaitApplied(log.store().Head(), absl::Now() + absl::Seconds(60));
  SAMVERK_CHECK(caught_up.ok()) << caught_up.ToString();
  raise(SIGKILL);
  std::abort();
}

// How a check ends that is made in a process of its own.
constexpr int kNothingStored = 10;
constexpr int kSomethingStored = 11;

// Checks that the live views hold what folding the log up to their position
// gives.
[[noreturn]] void Check(const std::string& directory,
                        const std::vector<Event>& history) {
  std::string discarded;
  const auto store = ViewStore::Open({directory}, discarded);
  SAMVERK_CHECK(store.ok()) << store.status().ToString();
  SAMVERK_CHECK(discarded.empty())
      << "a crash must not break the store: " << discarded;
  const std::vector<Projection> projections = ProjectionsOf(1);
  auto snapshot = (*store)->Snapshot(projections);
  SAMVERK_CHECK(snapshot.ok());
  const auto& sums = (*snapshot)->MarkerOf(ProjectionId::kBudget);
  const auto& notes = (*snapshot)->MarkerOf(ProjectionId::kChecks);
  // Killed before anything was flushed?
  if (!sums.has_value()) _exit(kNothingStored);
  SAMVERK_CHECK(notes.has_value() && sums->applied == notes->applied)
      << "live views move together";
  TestLog prefix;
  for (size_t i = 0; i < sums->applied.value(); ++i) prefix.Append(history[i]);
  SAMVERK_CHECK(testing::Contents((*snapshot)->views(), projections) ==
                testing::FreshFold(prefix.store(), projections))
      << "the views at position " << sums->applied.value()
      << " are not what the log says";
  _exit(sums->applied > Position(0) ? kSomethingStored : kNothingStored);
}

// Catches up with everything, as when nobody kills it.
[[noreturn]] void Finish(const std::string& directory,
                         const std::vector<Event>& history, int version) {
  TestLog log;
  for (const Event& event : history) log.Append(event);
  Projector::Options options;
  options.directory = directory;
  options.projections = ProjectionsOf(version);
  auto projector = Projector::Open(log.store(), std::move(options));
  SAMVERK_CHECK(projector.ok()) << projector.status().ToString();
  const auto caught_up =
      (*projector)
          ->AwaitApplied(log.store().Head(), absl::Now() + absl::Seconds(60));
  SAMVERK_CHECK(caught_up.ok()) << caught_up.ToString();
  projector->reset();  // flushes
  Check(directory, history);
}

// Runs `body` in a process of its own and returns how that ended. RocksDB's
// threads do not survive a fork, so this process never opens it.
template <typename Body>
int InChild(Body body) {
  const pid_t child = fork();
  SAMVERK_CHECK(child >= 0);
  if (child == 0) body();
  int status = 0;
  SAMVERK_CHECK(waitpid(child, &status, 0) == child);
  return status;
}

bool EndedWith(int status, int code) {
  return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

TEST(ProjectorCrash, EachEventCountsOnce) {
  constexpr size_t kEvents = 1'500;
  constexpr int kLives = 40;
  const char* given = std::getenv("SAMVERK_TEST_SEED");
  const uint32_t seed =
      given != nullptr ? static_cast<uint32_t>(std::atoi(given)) : 20251231;
  SCOPED_TRACE(seed);
  std::mt19937 chance(seed);
  const auto history = testing::RandomHistory(seed, kEvents, 3);
  const testing::TempDirectory directory;
  int survived = 0;
  Life life;
  for (int i = 1; i <= kLives; ++i) {
    life.events_before = life.events_after;
    life.events_after = kEvents * static_cast<size_t>(i) / kLives;
    life.version = 1 + i / 12;  // a new fold now and then
    life.rebuild = chance() % 3 == 0;
    life.flush = chance() % 2 == 0;
    life.killed_at_commit = static_cast<int>(1 + chance() % 60);
    const int lived = InChild([&] { Live(directory.path(), history, life); });
    ASSERT_TRUE(WIFSIGNALED(lived) && WTERMSIG(lived) == SIGKILL)
        << "life " << i << " ended by itself: " << lived;
    const int checked = InChild([&] { Check(directory.path(), history); });
    ASSERT_TRUE(EndedWith(checked, kNothingStored) ||
                EndedWith(checked, kSomethingStored))
        << "after life " << i << ": " << checked;
    if (EndedWith(checked, kSomethingStored)) ++survived;
  }
  EXPECT_GT(survived, kLives / 2) << "too little was on the disk to prove much";
  const int finished =
      InChild([&] { Finish(directory.path(), history, life.version); });
  EXPECT_TRUE(EndedWith(finished, kSomethingStored)) << finished;
}

}  // namespace
}  // namespace samverk::projections
