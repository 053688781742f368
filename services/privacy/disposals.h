// Carrying out the disposals that are on record.
#ifndef SAMVERK_SERVICES_PRIVACY_DISPOSALS_H_
#define SAMVERK_SERVICES_PRIVACY_DISPOSALS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/strings.h"
#include "eventstore/event_store.h"
#include "services/privacy/disposal.h"
#include "services/privacy/subject_keys.h"

namespace samverk::privacy {

// Follows the log: each KeyDestroyed destroys the key of its subject, with the
// decision (GallringDecided, as it stood then) that it rests on. A disposal
// that was done before stays as it was, so that all of them are carried out
// again at each start: what a crash cut short, and what a restore of keys
// brought back. Reversing such an event brings nothing back. Thread-safe.
class Disposals {
 public:
  // All must outlive it. `destroyed` is called, if it is there, when keys were
  // destroyed that had not been before; it may take its time.
  Disposals(EventStore& store, SubjectKeys& keys,
            std::function<void()> destroyed = nullptr)
      : store_(store), keys_(keys), destroyed_(std::move(destroyed)) {}

  // Carries out what is recorded and was not carried out yet. Errors of
  // EventStore::Read, codec::DecodePayload and SubjectKeys::Dispose: of the
  // first that cannot be; the others are. To be called again.
  absl::Status CarryOut();

  // The same, but OK when the log could be read: what cannot be carried out
  // (a full disk) is found by Find until it is.
  absl::Status Follow();

  // How a subject was disposed of by what is on record, but for what was
  // carried out: then its keys say so (SubjectKeys::Find). As of the last call
  // of the two above.
  std::optional<Disposal> Find(std::string_view subject) const;

  // What is on record and not carried out, in a sentence; empty: nothing.
  std::string Problem() const;

  // Whether the keys are there for what is sealed in the log: at start, so that
  // a forgotten restore of keys is seen before new keys are made.
  //   FAILED_PRECONDITION: there is no key, or another one, and no disposal,
  //   for
  //     a subject of the log; says what to do.
  absl::Status CheckKeys();

 private:
  // Takes in what was recorded since.
  absl::Status ReadOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Take(const RecordedEvent& recorded)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Destroys the keys of those that wait; true: of one at least.
  bool DestroyKeys(absl::Status& first_error)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // `read`: whether the log could be read; then `done` of what it says.
  struct Outcome {
    absl::Status read;
    absl::Status done;
  };
  Outcome Proceed();

  EventStore& store_;
  SubjectKeys& keys_;
  const std::function<void()> destroyed_;
  mutable Mutex mu_;
  Position upto_ ABSL_GUARDED_BY(mu_);
  // On record and not carried out, by subject.
  StringMap<Disposal> waiting_ ABSL_GUARDED_BY(mu_);
  absl::Status why_ ABSL_GUARDED_BY(mu_);  // the first of them waits
};

// To be asked before an empty directory of keys is opened, which gets a name
// of its own then: FAILED_PRECONDITION, as CheckKeys, when something is sealed
// in the log.
absl::Status CheckNothingIsSealed(EventStore& store);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_DISPOSALS_H_
