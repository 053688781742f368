// A store around another one, for tests that meddle with some of its calls.
#ifndef SAMVERK_TESTS_TESTING_WRAPPED_STORE_H_
#define SAMVERK_TESTS_TESTING_WRAPPED_STORE_H_

#include <optional>
#include <utility>
#include <vector>

#include "eventstore/event_store.h"

namespace samverk::testing {

// Passes everything on; what is to be otherwise is overridden. As thread-safe
// as the store inside, which must outlive it.
class WrappedStore : public EventStore {
 public:
  explicit WrappedStore(EventStore& store) : store_(store) {}

  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override {
    store_.Append(std::move(request), deadline, std::move(done));
  }
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    return store_.Visit(options, visit);
  }
  Position Head() override { return store_.Head(); }
  absl::StatusOr<Position> AwaitBeyond(Position position,
                                       absl::Time deadline) override {
    return store_.AwaitBeyond(position, deadline);
  }
  absl::StatusOr<std::vector<std::optional<Position>>> Locate(
      absl::Span<const EventId> ids) override {
    return store_.Locate(ids);
  }

 private:
  EventStore& store_;
};

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_TESTING_WRAPPED_STORE_H_
