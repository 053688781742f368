// Histories that were read before, so that a decision asks the store only for
// what was added since.
#ifndef SAMVERK_SERVICES_RECORDING_HISTORY_CACHE_H_
#define SAMVERK_SERVICES_RECORDING_HISTORY_CACHE_H_

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "eventstore/base/mutex.h"
#include "eventstore/types.h"
#include "services/recording/decision_scope.h"
#include "services/recording/process_state.h"

namespace samverk::recording {

// A recorded event, decoded.
struct HistoryEvent {
  Position position;
  size_t bytes = 0;  // that it takes in memory, roughly
  NumberedEvent event;
};

// The events of one term, in order: all that are recorded up to `upto`, and
// perhaps some after it. Not changed once it is made.
using HistoryEvents = std::vector<HistoryEvent>;
struct History {
  Position upto;
  std::shared_ptr<const HistoryEvents> events;
};

// Keeps the histories that were used last. What is recorded is never changed,
// so none is ever wrong: it only ends earlier than the log. Thread-safe.
class HistoryCache {
 public:
  // Holds events that take at most `bytes`.
  explicit HistoryCache(size_t bytes = size_t{32} << 20) : most_bytes_(bytes) {}

  // The history of a term; `events` is null when it is not known.
  History Find(const Term& term);

  // Keeps a history, unless one that goes further is known. Histories without
  // events are not kept: most are of entities that nobody asks for again.
  void Keep(const Term& term, History history);

  // What the events kept take.
  size_t bytes() const;

 private:
  struct Entry {
    Term term;
    History history;
    size_t bytes = 0;
  };
  using Entries = std::list<Entry>;

  void Drop(Entries::iterator entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const size_t most_bytes_;
  mutable Mutex mu_;
  Entries entries_ ABSL_GUARDED_BY(mu_);  // the last used first
  absl::btree_map<Term, Entries::iterator> by_term_ ABSL_GUARDED_BY(mu_);
  size_t bytes_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_HISTORY_CACHE_H_
