// The store's interface: an append-only log of opaque events.
#ifndef SAMVERK_EVENTSTORE_EVENT_STORE_H_
#define SAMVERK_EVENTSTORE_EVENT_STORE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "eventstore/record.h"
#include "eventstore/types.h"

namespace samverk {

// How far a reading came.
struct ReadEnd {
  // Everything up to here, in the direction of reading, has been looked at:
  // the next reading is `after` (forward) or `before` (backward) it.
  Position scanned_to;
  // True when nothing is left within the bounds and the head.
  bool end = false;
  // The head when this was read.
  Position head;
};

// Some events in the order of reading, and how far that was.
struct EventPage : ReadEnd {
  std::vector<RecordedEvent> events;
};

// Takes an event, or not: then it is not counted as read, and the reading ends
// before it. The first event of a reading must be taken. What it is given lasts
// until it returns.
using EventVisitor = absl::FunctionRef<bool(const RecordView&)>;

// One register's log. All methods may be called from any thread at once.
class EventStore {
 public:
  using AppendCallback = std::function<void(absl::StatusOr<AppendResult>)>;

  virtual ~EventStore() = default;

  // Appends all events or none, and calls `done` exactly once, from a thread
  // of the store or from within the call; `done` must not block.
  //   OK: the events are durable and every read from now on sees them. If all
  //     ids were appended before, in one request and with the same content:
  //     the first answer, `replayed`, whatever the conditions say now.
  //   INVALID_ARGUMENT (INVALID_FIELD, LIMIT_EXCEEDED): malformed request.
  //   ALREADY_EXISTS (ID_CONFLICT): an id is recorded with other content, or
  //     only some are recorded, or twice in this request; metadata "event_ids".
  //     (SOURCE_CONFLICT): a (source system, source reference) is recorded
  //     under another id.
  //   ABORTED (REVISION_CONFLICT, QUERY_CONFLICT): conditions, or a track, that
  //     do not hold, all of them, each with the position that broke it.
  //   RESOURCE_EXHAUSTED (QUEUE_FULL): come again. (LIMIT_EXCEEDED): kTracks.
  //   DEADLINE_EXCEEDED: `deadline` passed while queued; nothing was written.
  //   UNAVAILABLE (OUTCOME_UNKNOWN): send again with the same ids.
  //     (SHUTTING_DOWN): nothing was written.
  //   FAILED_PRECONDITION (READ_ONLY): the store refuses writes, and why.
  // After any error but OUTCOME_UNKNOWN nothing of the request is stored.
  virtual void Append(AppendRequest request, absl::Time deadline,
                      AppendCallback done) = 0;

  // Gives the next events that match to `visit`, where they lie, up to the head
  // at the time of the call. Fewer than `limit`, or none, need not be the end.
  //   INVALID_ARGUMENT: a limit of the query is exceeded.
  //   DATA_LOSS (DAMAGED): a record cannot be read; it is never given.
  virtual absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                        EventVisitor visit) = 0;

  // The same events as a page of their copies, at most limits::kReadPageBytes.
  absl::StatusOr<EventPage> Read(const ReadOptions& options);

  // Position of the last event; 0 when there is none.
  virtual Position Head() = 0;

  // Blocks until Head() > position and returns it.
  //   DEADLINE_EXCEEDED: it did not grow in time.
  //   UNAVAILABLE (SHUTTING_DOWN): the store is closing.
  virtual absl::StatusOr<Position> AwaitBeyond(Position position,
                                               absl::Time deadline) = 0;

  // Where the events with these ids are, in the order asked; nullopt for an id
  // that is not recorded. DATA_LOSS as Read.
  virtual absl::StatusOr<std::vector<std::optional<Position>>> Locate(
      absl::Span<const EventId> ids) = 0;
};

// Appends and waits for the answer. Not to be called from `done`.
absl::StatusOr<AppendResult> AppendAndWait(
    EventStore& store, AppendRequest request,
    absl::Time deadline = absl::InfiniteFuture());

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_EVENT_STORE_H_
