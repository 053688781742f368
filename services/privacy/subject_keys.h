// The keys of data subjects: one each, kept outside the log, and gone for good
// when it is disposed of.
//
// A directory of its own has
//
//   names        the key that the names below are made with, wrapped
//   NAME.key     a subject's key and id, wrapped with a master key
//   NAME.gone    a subject's tombstone (disposal.h)
//   LOCK         so that two do not work on it at once
//
// NAME is a keyed hash of the subject's id: 64 hexadecimal digits, which tell
// nobody whose key it is who has not a master key.
//
// I1  A key is durable before it is given out.
// I2  A tombstone is durable before its key is wiped, and stays. Where both
//     are, the tombstone holds; the next Open wipes the key.
// I3  A key is bound to its file's name and to its master key: of another
//     subject's file, or a changed one, comes an error, never a key.
// I4  No key is made for a subject whose files cannot be read.
// I5  No file of the directory has a key after its disposal returned OK. Files
//     that are not the directory's own might: Open refuses them.
//
// Overwriting reaches what the file system keeps in place. A copying one
// (Btrfs, ZFS), a disk that moves blocks, and images of it may keep what was
// there. That is wrapped: changing the master key (RewrapAll) and destroying
// the old one makes it useless.
#ifndef SAMVERK_SERVICES_PRIVACY_SUBJECT_KEYS_H_
#define SAMVERK_SERVICES_PRIVACY_SUBJECT_KEYS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/base/mutex.h"
#include "services/privacy/disposal.h"
#include "services/privacy/key_backup.h"
#include "services/privacy/key_cache.h"
#include "services/privacy/master_key.h"
#include "services/privacy/private_directory.h"
#include "services/privacy/secret_bytes.h"
#include "services/privacy/secret_key.h"
#include "services/privacy/subject_record.h"

namespace samverk::privacy {

// One subject, as a list shows it.
struct SubjectState {
  std::string name;                  // of its file
  std::string subject;               // empty: disposed of, and not kept
  std::optional<KeyId> key;          // nullopt: disposed of
  std::optional<KeyId> master_key;   // that the key is wrapped with; likewise
  std::optional<Disposal> disposal;  // nullopt: there is a key
};

// Owned by the server. Any thread. Errors name files and ids of keys, never a
// key or a subject.
//
// Every call may also fail with these:
//   FAILED_PRECONDITION: the master key of a file is not among those given.
//   DATA_LOSS (DAMAGED): a file was changed, cut off or exchanged.
//   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: a file cannot be read or
//     written; nothing is half done, call again.
// After an error nothing has changed, unless it says otherwise.
//
// RewrapAll, ForEach and Backup list all names first: some 200 bytes a subject.
class SubjectKeys {
 public:
  struct Options {
    std::string directory;
    MasterKeys master_keys;
    // Keys and tombstones kept in memory; a key takes four pages of addresses
    // and one of memory.
    size_t cache_entries = 1'024;
    // For tests (PrivateDirectory).
    PrivateDirectory::Hook hook = nullptr;
  };

  // Opens the directory, which is made when it is not there, and completes
  // disposals that were cut short.
  //   FAILED_PRECONDITION: others may enter it, it is in use (IN_USE), or it
  //     has files that are not its own.
  static absl::StatusOr<std::unique_ptr<SubjectKeys>> Open(Options options);
  SubjectKeys(const SubjectKeys&) = delete;
  SubjectKeys& operator=(const SubjectKeys&) = delete;

  // The key of a subject, or how it was disposed of. Hold the key for one
  // request: it is wiped from memory when nobody holds it.
  //   NOT_FOUND: there never was one.
  //   INVALID_ARGUMENT: this can be no subject (CheckSubject).
  absl::StatusOr<SubjectKey> Find(std::string_view subject);

  // The key of a subject, made if it has none.
  //   FAILED_PRECONDITION: it was disposed of.
  //   INVALID_ARGUMENT: this can be no subject (CheckSubject).
  absl::StatusOr<std::shared_ptr<const DataKey>> FindOrMake(
      std::string_view subject);

  // Destroys a subject's key and leaves a tombstone; also for a subject that
  // has none here, so that no restore brings one back. OK, and the first
  // tombstone stays, when that was done before, but for a damaged one, which is
  // written anew. After an error call again: the
  // subject is disposed of, or all is as it was.
  //   INVALID_ARGUMENT: no subject, or no disposal (CheckDisposal).
  absl::Status Dispose(std::string_view subject, const Disposal& disposal);

  // Wraps everything with the current master key that is not yet. Others may
  // call meanwhile. After an error or a crash it goes on where it ended; until
  // it is OK the older master keys are needed. Then they are needed for
  // backups alone.
  //   FAILED_PRECONDITION: also when the file system cannot exchange files.
  //   DATA_LOSS: a file cannot be unwrapped; the others are wrapped all the
  //     same.
  struct Rewrapped {
    size_t done = 0;
    size_t were_current = 0;
  };
  absl::StatusOr<Rewrapped> RewrapAll();

  // Calls `visit` for each subject, by name. What comes or goes meanwhile is
  // shown or not. Ends with the first error.
  absl::Status ForEach(const std::function<void(const SubjectState&)>& visit);

  // Writes all keys and tombstones into a new file outside the directory,
  // wrapped with `key`. It has at least what was there when it began.
  //   ALREADY_EXISTS: something has that name.
  //   INVALID_ARGUMENT: the file would lie in the directory.
  struct BackedUp {
    size_t keys = 0;
    size_t disposals = 0;
  };
  absl::StatusOr<BackedUp> Backup(const std::string& path,
                                  const MasterKey& key);

  // Puts what a backup has into a directory that nobody has open: an empty
  // one, or the one that it was made of, as it is now or was once. A tombstone
  // wins over a key, whichever of the two the backup has. What is damaged here
  // (a key, the names) is replaced. The backup is read to its end before
  // anything is changed; after an error or a crash later on, restore again.
  //   NOT_FOUND: there is no such backup.
  //   FAILED_PRECONDITION: also when the directory is another's, or a subject
  //     has another key here.
  struct Restored {
    size_t keys = 0;       // put back
    size_t disposals = 0;  // put back
    size_t kept = 0;       // were here already
    size_t refused = 0;    // keys of subjects that are disposed of here
  };
  static absl::StatusOr<Restored> Restore(Options options,
                                          const std::string& path,
                                          const MasterKeys& backup_keys);

 private:
  SubjectKeys(Options options, std::unique_ptr<PrivateDirectory> directory);

  static absl::StatusOr<std::unique_ptr<SubjectKeys>> OpenWith(
      Options options, const SecretBytes* names);
  // What Open does after the directory is locked. `names` are taken over by a
  // directory that is empty or has lost its own; null: its own or new ones.
  absl::Status Begin(const SecretBytes* names);
  absl::Status TakeNames(const std::vector<std::string>& files,
                         const SecretBytes* names)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  absl::StatusOr<SecretBytes> ReadNames() ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  // OK: all files are called as `names_` has it.
  absl::Status CheckNames(const std::vector<std::string>& files)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  absl::Status CompleteDisposals(const std::vector<std::string>& files)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);

  std::string NameOf(std::string_view subject) const;
  // Names of all subjects, sorted.
  absl::StatusOr<std::vector<std::string>> Names();

  // From the files, into the cache. NOT_FOUND: there is neither.
  absl::StatusOr<SubjectKey> Load(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  absl::StatusOr<Disposal> ReadTombstone(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  struct Record {
    SubjectRecord record;
    KeyId master_key;
  };
  absl::StatusOr<Record> ReadRecord(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  std::string WrapRecord(const std::string& name,
                         const SecretBytes& record) const;
  // The tombstone is written unless there is one; then the key is wiped.
  absl::Status Bury(const std::string& name, std::string_view tombstone)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  // True: it was not wrapped with the current master key, and is now.
  absl::StatusOr<bool> Rewrap(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  absl::Status RewrapNames() ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  absl::StatusOr<SubjectState> StateOf(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);

  absl::StatusOr<BackupEntry> EntryOf(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  // Puts one entry back; `change` false: only finds out whether it can be.
  absl::Status RestoreEntry(const BackupEntry& entry, const std::string& path,
                            bool change, Restored& counts)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  absl::Status RestoreKey(const SecretBytes& bytes, const std::string& path,
                          bool change, Restored& counts)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);
  absl::Status RestoreDisposal(std::string_view bytes, const std::string& path,
                               bool change, Restored& counts)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_);

  const MasterKeys master_keys_;
  Mutex files_;  // held while files come and go, and are read
  const std::unique_ptr<PrivateDirectory> directory_;  // one thread at a time
  // What names are made with. Constant after Begin.
  SecretBytes names_;
  // Self-synchronised. Filled under files_ alone, so that nothing comes into it
  // after a disposal took it out.
  KeyCache cache_;
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_SUBJECT_KEYS_H_
