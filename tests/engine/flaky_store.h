// A store of which some reads fail.
#ifndef SAMVERK_TESTS_ENGINE_FLAKY_STORE_H_
#define SAMVERK_TESTS_ENGINE_FLAKY_STORE_H_

#include <atomic>

#include "tests/testing/wrapped_store.h"

namespace samverk::testing {

// Hands everything to another store, which must outlive it, but for
// `failures` reads after the first `successes`. When `page_events` is set, only
// reads of the whole log in pages of that size count.
class FlakyStore : public WrappedStore {
 public:
  explicit FlakyStore(EventStore& store) : WrappedStore(store) {}
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    const bool counts = page_events == 0 || (options.limit == page_events &&
                                             options.query.items.empty());
    if (!counts) return WrappedStore::Visit(options, visit);
    const int before = reads.fetch_add(1);
    if (before >= successes && before < successes + failures) return error;
    return WrappedStore::Visit(options, visit);
  }

  std::atomic<int> reads = 0;
  std::atomic<uint32_t> page_events = 0;
  std::atomic<int> successes = 0;
  std::atomic<int> failures = 0;
  absl::Status error = absl::UnavailableError("the disk is away");
};

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_ENGINE_FLAKY_STORE_H_
