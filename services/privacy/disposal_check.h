// Whether what a key has sealed may be disposed of.
#ifndef SAMVERK_SERVICES_PRIVACY_DISPOSAL_CHECK_H_
#define SAMVERK_SERVICES_PRIVACY_DISPOSAL_CHECK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/event_store.h"
#include "samverk/event/v1/event.pb.h"
#include "services/recording/rule.h"

namespace samverk::privacy {

// The rules that destroying the key breaks (kKeyOfNobody to kKeyAskedFor), with
// the fields of a KeyDestroyed. All events with something personal are read, in
// all processes; of one that was corrected the class that it has since counts.
// Errors of EventStore::Read and codec::DecodePayload.
absl::StatusOr<std::vector<recording::Violation>> CheckSealedMayGo(
    EventStore& store, const event::v1::KeyDestroyed& destroyed,
    const event::v1::GallringDecided& decision);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_DISPOSAL_CHECK_H_
