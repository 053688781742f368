// What a store tells of its work while it works: for metrics.
#ifndef SAMVERK_EVENTSTORE_STORE_OBSERVER_H_
#define SAMVERK_EVENTSTORE_STORE_OBSERVER_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace samverk {

// A request that the writer has answered.
struct AnsweredRequest {
  // From its arrival in the queue until the writer took it.
  absl::Duration queued;
  // From its arrival until its answer.
  absl::Duration total;
  // The answer was OK without anything written: it was recorded before.
  bool replayed = false;
  absl::Status status;
};

// One group commit. The stages follow one another.
struct CommitWork {
  size_t requests = 0;  // that it holds
  size_t events = 0;
  size_t bytes = 0;      // of its events' records
  absl::Duration check;  // deciding, numbering, hashing
  absl::Duration write;  // handing it to the disk, without the sync
  absl::Duration sync;   // until the disk has it
  absl::Duration apply;  // taking it into the indexes and showing it
};

// Called by the store's threads, which wait meanwhile: must not block, nor call
// the store. Thread-safe.
class StoreObserver {
 public:
  virtual ~StoreObserver() = default;
  // A request was turned away before it was queued.
  virtual void OnTurnedAway(const absl::Status& why) = 0;
  // Requests that were taken together have been answered.
  virtual void OnAnswered(absl::Span<const AnsweredRequest> requests) = 0;
  // A commit is durable and published.
  virtual void OnCommit(const CommitWork& work) = 0;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_STORE_OBSERVER_H_
