// Backups of keys in the server's own directory for them.
#ifndef SAMVERK_SERVICES_PRIVACY_KEY_BACKUPS_H_
#define SAMVERK_SERVICES_PRIVACY_KEY_BACKUPS_H_

#include <atomic>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "services/privacy/master_key.h"
#include "services/privacy/subject_keys.h"

namespace samverk::privacy {

// A key lives until the last backup that has it is gone: these live for so long
// and no longer, and go when a key that they have is destroyed. Copies that
// somebody took elsewhere are theirs to destroy. Thread-safe.
class KeyBackups {
 public:
  // `keys` and `clock` must outlive it. The directory is made when it is
  // needed; `key` wraps what is in the backups.
  KeyBackups(SubjectKeys& keys, Clock& clock, MasterKeys key,
             std::string directory, absl::Duration life);

  struct Made {
    std::string path;
    SubjectKeys::BackedUp counts;
    absl::Time destroy_by;
  };
  // Makes one, and removes those that have lived their time. Errors of
  // SubjectKeys::Backup; UNAVAILABLE: one cannot be removed.
  absl::StatusOr<Made> Make();

  // Keys were destroyed: the next Tidy makes a new one in the place of all that
  // there are.
  void KeysWereDestroyed() { renew_ = true; }

  // Removes those that have lived their time or were not finished, and, after
  // keys were destroyed, all that there are, when a new one is made. What is
  // removed is overwritten. Errors of Make; to be called again.
  absl::Status Tidy();

 private:
  absl::Status RemoveOld() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Renew() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<Made> MakeOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  SubjectKeys& keys_;
  Clock& clock_;
  const MasterKeys key_;
  const std::string directory_;
  const absl::Duration life_;
  std::atomic<bool> renew_ = false;
  Mutex mu_;  // held while files come and go
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_KEY_BACKUPS_H_
