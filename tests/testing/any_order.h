// The strongest form of the contract of folds, with chance: whatever facts come
// and are taken out again, in whatever order, the entries are those of the
// facts that are left.
#ifndef SAMVERK_TESTS_TESTING_ANY_ORDER_H_
#define SAMVERK_TESTS_TESTING_ANY_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "projections/engine/memory_view_table.h"
#include "projections/fact.h"
#include "projections/projection.h"
#include "proto/codec/edtf.h"
#include "samverk/event/v1/event.pb.h"
#include "tests/testing/fold_harness.h"

namespace samverk::testing {

// Chance that gives the same on every machine for the same seed.
class Chance {
 public:
  explicit Chance(uint32_t seed) : generator_(seed) {}
  // 0 to count - 1.
  size_t Below(size_t count) { return generator_() % count; }
  bool Maybe() { return Below(2) == 0; }
  std::string Pick(const std::vector<std::string>& from) {
    return from[Below(from.size())];
  }

 private:
  std::mt19937 generator_;
};

// The seed of --gtest_random_seed, or one by chance; printed, so that a failure
// can be had again.
inline uint32_t PrintedSeed() {
  const int32_t given = ::testing::GTEST_FLAG(random_seed);
  const uint32_t seed = given != 0 ? static_cast<uint32_t>(given)
                                   : 1 + std::random_device()() % 99'999;
  std::cout << "seed " << seed << " (--gtest_random_seed=" << seed << ")\n";
  return seed;
}

// Times as people give them: exact, vague, overlapping, unknown.
inline event::v1::Occurred AnyTime(Chance& chance) {
  event::v1::Occurred occurred;
  occurred.set_edtf(
      chance.Pick({"", "2025", "2025-21", "2025-23", "2025-05", "2025-05-12",
                   "2025-09-17", "2026", "2026-03-01", "2025-09-17T18:30"}));
  return occurred;
}

namespace internal {

// Owns the event that a Fact refers to.
struct OwnedFact {
  event::v1::Event event;
  uint64_t position = 0;

  projections::Fact fact() const {
    const auto span = codec::ParseEdtf(event.occurred().edtf());
    return {event, Position(position), RecordedAtUs(position),
            span.ok() ? std::optional(*span) : std::nullopt};
  }
};

inline projections::MemoryViewTable* NewTable(
    const projections::Projection& projection) {
  return new projections::MemoryViewTable(projection.prototype());
}

}  // namespace internal

// Plays `steps` steps of facts that come (made by `make`; the harness gives
// them process and recorder) and facts that are taken out; compares the entries
// with those of the facts that are left, put in in another order; then takes
// these out too, after which nothing may be left.
inline void ExpectAnyOrderGivesTheSame(
    const projections::Projection& projection, size_t steps,
    const std::function<event::v1::Event(Chance&)>& make) {
  const uint32_t seed = PrintedSeed();
  for (uint32_t round = 0; round < 200; ++round) {
    SCOPED_TRACE(::testing::Message()
                 << "seed " << seed << ", round " << round);
    Chance chance(seed + round * 100'003);
    const std::unique_ptr<projections::MemoryViewTable> table(
        internal::NewTable(projection));
    std::vector<internal::OwnedFact> left;
    for (size_t step = 1; step <= steps; ++step) {
      if (!left.empty() && chance.Below(3) == 0) {
        const size_t out = chance.Below(left.size());
        projection.retract(left[out].fact(), *table);
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(out));
        continue;
      }
      internal::OwnedFact owned{make(chance), step};
      owned.event.set_process(std::string(kProcess));
      owned.event.mutable_recorded_by()->set_organisation("org");
      left.push_back(std::move(owned));
      projection.apply(left.back().fact(), *table);
    }
    for (size_t i = left.size(); i > 1; --i) {
      std::swap(left[i - 1], left[chance.Below(i)]);
    }
    const std::unique_ptr<projections::MemoryViewTable> other(
        internal::NewTable(projection));
    for (const auto& owned : left) projection.apply(owned.fact(), *other);
    ASSERT_EQ(Contents(*table), Contents(*other));
    for (const auto& owned : left) projection.retract(owned.fact(), *table);
    ASSERT_EQ(table->size(), 0u);
  }
}

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_TESTING_ANY_ORDER_H_
