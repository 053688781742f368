// The store's vocabulary and its messages, one to the other. Pure.
#ifndef SAMVERK_SERVICES_STORE_CONVERSIONS_H_
#define SAMVERK_SERVICES_STORE_CONVERSIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/event_store.h"
#include "samverk/store/v1/store_service.pb.h"

namespace samverk {

// What is to be appended. INVALID_ARGUMENT (INVALID_FIELD) for an id that is
// not 16 bytes, a condition that says nothing, and a type name of the catalogue
// ("samverk.…"), which enters through recording alone; the sentence names the
// field. Limits are the store's to judge.
absl::StatusOr<AppendRequest> AppendFromProto(
    store::v1::AppendRequest& request);

store::v1::AppendResponse AppendToProto(const AppendResult& result);

// What is to be read first: `limit` is the size of a page.
absl::StatusOr<ReadOptions> ReadFromProto(
    const store::v1::ReadRequest& request);

// INVALID_ARGUMENT (INVALID_FIELD, LIMIT_EXCEEDED).
absl::StatusOr<std::vector<EventId>> IdsFromProto(
    const store::v1::LocateRequest& request);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_STORE_CONVERSIONS_H_
