// Events of some kinds, wherever they are in the log.
#ifndef SAMVERK_SERVICES_PRIVACY_PERSONAL_LOG_H_
#define SAMVERK_SERVICES_PRIVACY_PERSONAL_LOG_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "eventstore/event_store.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::privacy {

// A query for events of these kinds.
QueryItem KindsItem(const std::vector<event::v1::Event::FactCase>& kinds);

// An event as it was recorded. DATA_LOSS, FAILED_PRECONDITION (UNKNOWN_EVENT).
absl::Status DecodeRecorded(const RecordedEvent& recorded,
                            event::v1::Event& event);

// Calls `visit` with what matches, in order, to its first error. Errors of
// EventStore::Read and DecodeRecorded.
absl::Status ForEachEvent(
    EventStore& store, QueryItem item,
    absl::FunctionRef<absl::Status(Position, event::v1::Event&)> visit);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_PERSONAL_LOG_H_
