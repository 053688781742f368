// A store of which some reads fail.
#ifndef SAMVERK_TESTS_ENGINE_FLAKY_STORE_H_
#define SAMVERK_TESTS_ENGINE_FLAKY_STORE_H_

#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "eventstore/event_store.h"

namespace samverk::testing {

// Hands everything to another store, which must outlive it, but for
// `failures` reads after the first `successes`. When `page_events` is set, only
// reads of the whole log in pages of that size count.
class FlakyStore : public EventStore {
 public:
  explicit FlakyStore(EventStore& store) : store_(&store) {}
  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override {
    store_->Append(std::move(request), deadline, std::move(done));
  }
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    const bool counts = page_events == 0 || (options.limit == page_events &&
                                             options.query.items.empty());
    if (!counts) return store_->Visit(options, visit);
    const int before = reads.fetch_add(1);
    if (before >= successes && before < successes + failures) return error;
    return store_->Visit(options, visit);
  }
  Position Head() override { return store_->Head(); }
  absl::StatusOr<Position> AwaitBeyond(Position position,
                                       absl::Time deadline) override {
    return store_->AwaitBeyond(position, deadline);
  }
  absl::StatusOr<std::vector<std::optional<Position>>> Locate(
      absl::Span<const EventId> ids) override {
    return store_->Locate(ids);
  }

  std::atomic<int> reads = 0;
  std::atomic<uint32_t> page_events = 0;
  std::atomic<int> successes = 0;
  std::atomic<int> failures = 0;
  absl::Status error = absl::UnavailableError("the disk is away");

 private:
  EventStore* const store_;
};

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_ENGINE_FLAKY_STORE_H_
