// The log of a register that nobody has open, as an event store to read.
#ifndef SAMVERK_SERVICES_MAINTENANCE_CLOSED_LOG_H_
#define SAMVERK_SERVICES_MAINTENANCE_CLOSED_LOG_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "eventstore/event_store.h"
#include "eventstore/rocksdb/closed_register.h"

namespace samverk::maintenance {

// For folding views from the first event on. The register has been checked:
// what its indexes say is taken as right. Reads forward; a query is answered
// with nothing, which is right for what such a fold asks, the amendments of a
// process before its first one. Thread-safe.
class ClosedLog : public EventStore {
 public:
  // Events up to `head`, of which those up to `stored_through` are in the
  // indexes. Errors of CheckRegister; DATA_LOSS when it is damaged after all.
  static absl::StatusOr<std::unique_ptr<ClosedLog>> Open(
      const std::string& directory, Position stored_through, Position head);

  // Refused.
  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override;
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override;
  Position Head() override { return head_; }
  // It does not grow: waits until the deadline.
  absl::StatusOr<Position> AwaitBeyond(Position position,
                                       absl::Time deadline) override;
  absl::StatusOr<std::vector<std::optional<Position>>> Locate(
      absl::Span<const EventId> ids) override;

 private:
  ClosedLog(std::unique_ptr<ClosedRegister> closed, Position head)
      : closed_(std::move(closed)), head_(head) {}
  // Takes in the ids that no index has.
  absl::Status IndexTail(Position stored_through);

  const std::unique_ptr<ClosedRegister> closed_;
  const Position head_;
  absl::flat_hash_map<EventId, Position> tail_;
};

}  // namespace samverk::maintenance

#endif  // SAMVERK_SERVICES_MAINTENANCE_CLOSED_LOG_H_
