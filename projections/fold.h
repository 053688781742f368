// Folding a process's prefix of the log in memory: as-of views and reports.
#ifndef SAMVERK_PROJECTIONS_FOLD_H_
#define SAMVERK_PROJECTIONS_FOLD_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/event_store.h"
#include "projections/projection.h"

namespace samverk::projections {

// Which prefix: up to a position, up to an instant of recording, or all.
struct Prefix {
  std::optional<Position> position;
  std::optional<absl::Time> recorded_at;
};

// Views of one process over one prefix of the log.
class FoldedViews {
 public:
  virtual ~FoldedViews() = default;
  virtual ViewSet views() const = 0;
  // Last position of the register within the prefix, whichever process it is
  // of, and when it was recorded (0 when the prefix is empty). With a filter:
  // when the last event that takes part was, for of others nothing is told.
  virtual Position position() const = 0;
  virtual int64_t recorded_at_us() const = 0;
  // Events of the process that were folded.
  virtual uint64_t events() const = 0;
  // Those that were left out.
  virtual uint64_t withheld() const = 0;
};

// Whether an event takes part. Null: every one does.
using EventFilter = std::function<bool(const event::v1::Event&)>;

// Reads the process's events up to the prefix's end and folds them with every
// projection. What amends an event that is left out is left out with it, and
// what takes one back takes it back also when it is left out itself, so that
// each fold is given a history that makes sense. DATA_LOSS (DAMAGED) from the
// store; FAILED_PRECONDITION (UNKNOWN_EVENT) for a kind of event that this
// program does not know.
absl::StatusOr<std::unique_ptr<FoldedViews>> FoldPrefix(
    EventStore& store, std::string_view process, const Prefix& prefix,
    const EventFilter& filter = nullptr);

// Views of all of a process that can go on as the log grows. To be used by one
// thread at a time.
class GrowingViews : public FoldedViews {
 public:
  // Goes on to the head of now. Errors of FoldPrefix; the views are then of no
  // use any more.
  virtual absl::Status Grow() = 0;
};

// Nothing is folded yet. `store` must outlive it.
std::unique_ptr<GrowingViews> MakeGrowingViews(EventStore& store,
                                               std::string process,
                                               EventFilter filter);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_FOLD_H_
