// Keys of a register's data subjects, while no server serves it.
#ifndef SAMVERK_SERVICES_MAINTENANCE_SUBJECT_KEYS_H_
#define SAMVERK_SERVICES_MAINTENANCE_SUBJECT_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace samverk::maintenance {

struct KeyPlaces {
  std::string data;             // of the register
  std::string master_key_file;  // empty: secrets/master-key in it
};

struct RestoredKeys {
  uint64_t keys = 0;       // put back
  uint64_t disposals = 0;  // put back
  uint64_t kept = 0;       // were here already
  uint64_t refused = 0;    // of subjects that are disposed of here
};

// Puts keys of a backup back. `backup_key_file`: of the master key that the
// backup is wrapped with; empty: those of the register, as the server has them:
// the variable SAMVERK_MASTER_KEY, or the file. Errors of SubjectKeys::Restore
// and ReadMasterKeys.
absl::StatusOr<RestoredKeys> RestoreKeys(const KeyPlaces& places,
                                         const std::string& backup,
                                         const std::string& backup_key_file);

// Puts a new master key before those that there are: the next start wraps all
// keys with it. The old ones stay in the file, for backups, until somebody
// takes them out (DropMasterKeys). Errors of MakeMasterKeyFile;
// FAILED_PRECONDITION (IN_USE): a server has the register open. NOT_FOUND:
// there is no directory of keys. After an error the file is as it was.
absl::Status ChangeMasterKey(const KeyPlaces& places);

// Takes all master keys but the current one out of the file, when all keys of
// subjects are wrapped with that one, which is done here if it was not. Backups
// of keys that are wrapped with another need a copy of it from then on. Gives
// how many were taken out, and the file. Errors of ChangeMasterKey,
// SubjectKeys::Open, RewrapAll and DropOldMasterKeys.
struct DroppedKeys {
  size_t dropped = 0;
  std::string file;
};
absl::StatusOr<DroppedKeys> DropMasterKeys(const KeyPlaces& places);

}  // namespace samverk::maintenance

#endif  // SAMVERK_SERVICES_MAINTENANCE_SUBJECT_KEYS_H_
