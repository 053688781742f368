// What makes a request acceptable whatever is stored. Every implementation of
// EventStore calls these first, in the caller's thread. Pure.
#ifndef SAMVERK_EVENTSTORE_APPEND_CHECKS_H_
#define SAMVERK_EVENTSTORE_APPEND_CHECKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "eventstore/record.h"
#include "eventstore/types.h"

namespace samverk {

// An append whose events are encoded and within all limits.
struct CheckedAppend {
  std::vector<EventId> ids;
  std::vector<std::string> bodies;  // EncodeBody of each event
  std::vector<BodyView> views;      // DecodeBody of each: views into `bodies`,
                                    // also after this struct was moved
  size_t stored_bytes = 0;          // of all records, headers included
  size_t queued_bytes = 0;          // the same, and the conditions
  std::vector<Condition> conditions;
  std::optional<Track> track;
  uint64_t caller = 0;

  CheckedAppend() = default;
  CheckedAppend(CheckedAppend&&) = default;
  CheckedAppend& operator=(CheckedAppend&&) = default;
  CheckedAppend(const CheckedAppend&) = delete;
  CheckedAppend& operator=(const CheckedAppend&) = delete;
};

// Checks the request and encodes its events. A tag may be given twice and in
// any order; limits::kTags counts it each time.
//   INVALID_ARGUMENT (INVALID_FIELD, LIMIT_EXCEEDED): names the field.
//   ALREADY_EXISTS (ID_CONFLICT): an id, or (SOURCE_CONFLICT): a source
//     reference, occurs twice in the request.
absl::StatusOr<CheckedAppend> CheckAppend(AppendRequest request);

// INVALID_ARGUMENT when a limit of the query or the page is exceeded.
absl::Status CheckQuery(const Query& query);
absl::Status CheckRead(const ReadOptions& options);

// FAILED_PRECONDITION (READ_ONLY) when the clock is so far behind the last
// event's recorded_at, or so far ahead of it, that one of them must be wrong:
// an event recorded then would carry a false time for ever.
absl::Status CheckClock(absl::Time now, absl::Time last_recorded_at);

// The answer to an append that shares ids with what is recorded, without being
// the same append again: ALREADY_EXISTS (ID_CONFLICT).
absl::Status IdConflict(absl::Span<const EventId> ids);

// The answer to an event whose source reference is recorded under `recorded`.
absl::Status SourceConflict(std::string_view system, std::string_view reference,
                            const EventId& recorded);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_APPEND_CHECKS_H_
