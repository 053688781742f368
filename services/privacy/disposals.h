// Carrying out the disposals that are on record.
#ifndef SAMVERK_SERVICES_PRIVACY_DISPOSALS_H_
#define SAMVERK_SERVICES_PRIVACY_DISPOSALS_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/strings.h"
#include "eventstore/event_store.h"
#include "services/privacy/subject_keys.h"

namespace samverk::privacy {

// Follows the log: each KeyDestroyed destroys the key of its subject, with the
// decision (GallringDecided) that it rests on. A disposal that was done before
// stays as it was, so that all of them are carried out again at each start:
// what a crash cut short, and what a restore of keys brought back. Reversing
// such an event brings nothing back. Thread-safe.
class Disposals {
 public:
  // Both must outlive it.
  Disposals(EventStore& store, SubjectKeys& keys)
      : store_(store), keys_(keys) {}

  // Carries out what was recorded since the last time. Errors of
  // EventStore::Read, codec::DecodePayload and SubjectKeys::Dispose: what came
  // before was carried out; to be called again.
  absl::Status CarryOut();

  // Whether the keys are there for what is sealed in the log: at start, so that
  // a forgotten restore of keys is seen before new keys are made.
  //   FAILED_PRECONDITION: there is no key, or another one, and no disposal,
  //   for
  //     a subject of the log; says what to do.
  absl::Status CheckKeys();

 private:
  absl::Status Take(const RecordedEvent& recorded)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  EventStore& store_;
  SubjectKeys& keys_;
  Mutex mu_;
  Position done_ ABSL_GUARDED_BY(mu_);
  // Registry numbers of decisions, by process and id.
  StringMap<std::string> decisions_ ABSL_GUARDED_BY(mu_);
};

// To be asked before an empty directory of keys is opened, which gets a name
// of its own then: FAILED_PRECONDITION, as CheckKeys, when something is sealed
// in the log.
absl::Status CheckNothingIsSealed(EventStore& store);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_DISPOSALS_H_
