// The keys that data keys are wrapped with, and where they come from.
//
// As text a master key is
//
//   MASTER+KEY+<id, 16 hexadecimal digits>+<base64 of 32 bytes>
//
// The id follows from the key, so that a slip in copying is noticed. A file (or
// a variable) has one or more of them, apart by white space. The first is the
// current one, which wraps; the others are older ones, which still unwrap. What
// follows "#" on a line is not read.
#ifndef SAMVERK_SERVICES_PRIVACY_MASTER_KEY_H_
#define SAMVERK_SERVICES_PRIVACY_MASTER_KEY_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/privacy/secret_bytes.h"
#include "services/privacy/secret_key.h"

namespace samverk::privacy {

// Where master keys may come from instead of a file.
inline constexpr char kMasterKeyVariable[] = "SAMVERK_MASTER_KEY";

// Master keys at once: the current one, and those that are being left.
inline constexpr size_t kMasterKeys = 16;

// One or more master keys. Constant; any thread.
class MasterKeys {
 public:
  // `keys` are not empty; the first is the current one.
  explicit MasterKeys(std::vector<MasterKey> keys);
  const MasterKey& current() const { return keys_.front(); }
  // Null: it is not among them.
  const MasterKey* Find(const KeyId& id) const;
  // The ids of all, for a sentence: "0f…, 3a…".
  std::string Ids() const;
  const std::vector<MasterKey>& all() const { return keys_; }

 private:
  std::vector<MasterKey> keys_;
};

// Keys from a text. `source` says in errors where it is from ("the variable
// X", a path).
//   FAILED_PRECONDITION: there is none, one is malformed or does not fit its
//     id, one is there twice, or they are more than kMasterKeys; the sentence
//     says what to do, and nothing of what was read.
absl::StatusOr<MasterKeys> ParseMasterKeys(std::string_view text,
                                           const std::string& source);

// Keys from a file that only its owner may read, of 64 KiB at most.
//   NOT_FOUND: there is no such file.
//   FAILED_PRECONDITION: it cannot be taken (ReadPrivateFile, ParseMasterKeys);
//     the sentence names the file and says what to do.
absl::StatusOr<MasterKeys> ReadMasterKeys(const std::string& path);

// A key as text, without a line's end.
SecretBytes FormatMasterKey(const MasterKey& key);

// Makes a new key in a file of its own, durably.
//   ALREADY_EXISTS: something has that name; a key is never replaced.
//   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be written.
absl::StatusOr<MasterKeys> MakeMasterKeyFile(const std::string& path);

// Makes a new key and writes it and after it the keys of `older` into a new
// file: what to go on with when keys are changed. The caller puts it where the
// old one was. Errors of MakeMasterKeyFile; FAILED_PRECONDITION: `older` are
// kMasterKeys already.
absl::StatusOr<MasterKeys> MakeMasterKeyFile(const std::string& path,
                                             const MasterKeys& older);

// Takes all keys but the current one out of a file, durably: another file takes
// its place, and what it had is overwritten before its name goes. `path` with
// ".new" is used meanwhile, and wiped first, for what was cut short. Gives how
// many were taken out. The caller has seen to it that nothing is wrapped with
// them that is needed, and that nobody else changes the file.
//   NOT_FOUND, FAILED_PRECONDITION: as ReadMasterKeys; FAILED_PRECONDITION also
//     when the file system cannot exchange two files.
//   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be written or wiped;
//     the file has the old keys or the current one. Call again: what is left of
//     the old ones is wiped then.
absl::StatusOr<size_t> DropOldMasterKeys(const std::string& path);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_MASTER_KEY_H_
