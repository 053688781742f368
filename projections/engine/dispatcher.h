// Turns recorded events into what folds are told: facts put in and taken out.
#ifndef SAMVERK_PROJECTIONS_ENGINE_DISPATCHER_H_
#define SAMVERK_PROJECTIONS_ENGINE_DISPATCHER_H_

#include <optional>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/event_store.h"
#include "eventstore/record.h"
#include "google/protobuf/arena.h"
#include "projections/engine/amendments.h"
#include "projections/engine/event_decoder.h"
#include "projections/fact.h"

namespace samverk::projections {

// Where the dispatcher finds what corrections, reversals and voids are about.
class TargetLookup {
 public:
  virtual ~TargetLookup() = default;

  // The event with this id, or nothing when it is not recorded. Errors as
  // EventStore::Read.
  virtual absl::StatusOr<std::optional<RecordedEvent>> Find(
      const EventId& id) = 0;

  // The corrections, reversals and voids of a process that were recorded
  // before `before`, in order. Errors as EventStore::Read.
  virtual absl::StatusOr<std::vector<RecordedEvent>> AmendmentsBefore(
      std::string_view process, Position before) = 0;
};

// Looks in an event store, which must outlive it.
class StoreTargetLookup : public TargetLookup {
 public:
  explicit StoreTargetLookup(EventStore& store) : store_(&store) {}
  absl::StatusOr<std::optional<RecordedEvent>> Find(const EventId& id) override;
  absl::StatusOr<std::vector<RecordedEvent>> AmendmentsBefore(
      std::string_view process, Position before) override;

 private:
  EventStore* const store_;
};

enum class FactChange { kApply, kRetract };

// Tells folds, for each recorded event in order:
//   a fact          apply it;
//   a correction    retract what stands for its target, then apply the
//                   replacement at the correction's place;
//   a reversal or a void   retract what stands for its target.
// What stands for a target is the event itself or, once it was corrected, the
// latest replacement, whichever of them the target names. When nothing stands
// any more (it was reversed), nothing is retracted.
//
// Example: e1 books 100; e2 corrects e1 to 90; e3 corrects e2 to 80. Folds are
// told: apply 100 at 1; retract 100, apply 90 at 2; retract 90, apply 80 at 3.
//
// Not thread-safe. Any event may be the first one; from then on every event of
// a process must come, in order.
class Dispatcher {
 public:
  using Sink = absl::FunctionRef<void(FactChange, const Fact&)>;

  // `lookup` must outlive the dispatcher.
  explicit Dispatcher(TargetLookup& lookup) : lookup_(&lookup) {}

  // Tells `sink` what the event means: at most two calls. After an error `sink`
  // was not called:
  //   DATA_LOSS (DAMAGED), with the position: admission cannot have let it in,
  //     since its target is not recorded before it, is of another process or is
  //     no fact.
  // Other errors are those of the lookup, and of EventDecoder for the target.
  absl::Status Dispatch(const PlacedEvent& placed, Sink sink);
  // The same with what it takes to decode the event; its errors too.
  absl::Status Dispatch(const RecordedEvent& recorded, Sink sink);

 private:
  static absl::StatusOr<EventId> TargetIdOf(const PlacedEvent& amendment);

  // The replacement of a correction, completed, at the correction's place.
  absl::StatusOr<PlacedEvent> ReplacementOf(const PlacedEvent& correction);

  absl::Status Tell(const PlacedEvent& placed, Sink sink);
  absl::Status DispatchAmendment(const PlacedEvent& amendment, Sink sink);
  // Takes in what was amended in the process before `position`, once.
  absl::Status LoadAmendments(std::string_view process, Position position);
  // The fact of the event with this id, or its replacement if it corrects.
  absl::StatusOr<PlacedEvent> FactById(const EventId& id,
                                       const PlacedEvent& amendment);

  TargetLookup* const lookup_;
  Amendments amendments_;
  // What is decoded here: targets, and events that come undecoded.
  EventDecoder decoder_;
  google::protobuf::Arena arena_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_DISPATCHER_H_
