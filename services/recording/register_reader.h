// What a decision reads from the store.
#ifndef SAMVERK_SERVICES_RECORDING_REGISTER_READER_H_
#define SAMVERK_SERVICES_RECORDING_REGISTER_READER_H_

#include <memory>
#include <set>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "eventstore/event_store.h"
#include "services/recording/decision_scope.h"
#include "services/recording/history_cache.h"
#include "services/recording/process_state.h"
#include "services/recording/route.h"

namespace samverk::recording {

// An event found by its id.
struct RecordedFact {
  std::string process;
  Route route;
  std::shared_ptr<const event::v1::Event> event;  // as it was recorded
};

// Reads and decodes. Errors of all methods: those of EventStore::Read, and
// those of codec::DecodePayload for what this program does not know. Thread-
// safe as the store is.
class RegisterReader {
 public:
  // `store` must outlive it.
  explicit RegisterReader(EventStore& store) : store_(&store) {}

  Position Head() const { return store_->Head(); }

  // The events that are recorded, of those asked for.
  absl::StatusOr<absl::btree_map<EventId, RecordedFact>> Find(
      absl::Span<const EventId> ids) const;

  // Whether the event at a position was recorded with this body.
  absl::StatusOr<bool> Holds(Position position, std::string_view body) const;

  // Folds into `state` what the scope holds up to and with `head`. What was
  // read before is not read again.
  absl::Status ReadInto(const DecisionScope& scope, Position head,
                        ProcessState& state);

  // Standing events, up to `head`, that name the entity beside those of its
  // own history: at most `most`, the latest.
  absl::StatusOr<std::set<EventId>> UsersOf(std::string_view process,
                                            const EntityKey& entity,
                                            Position head, size_t most) const;

 private:
  EventStore* const store_;
  HistoryCache histories_;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_REGISTER_READER_H_
