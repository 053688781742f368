// A backup of keys: one file, apart from the backups of the log.
//
//   21 bytes  "samverk key backup 1" and a line's end
//   8 bytes   id of the backup's master key
//   24 bytes  header of the stream
//   entries   each with its length (four bytes, little endian)
//
// The entries are one stream of XChaCha20-Poly1305 (libsodium's secretstream),
// whose key is made from the master key and whose first entry is bound to what
// stands before it. So none can be changed, left out, moved or cut off the end
// without that being seen.
#ifndef SAMVERK_SERVICES_PRIVACY_KEY_BACKUP_H_
#define SAMVERK_SERVICES_PRIVACY_KEY_BACKUP_H_

#include <sodium.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/privacy/master_key.h"
#include "services/privacy/private_file.h"
#include "services/privacy/secret_bytes.h"

namespace samverk::privacy {

// What an entry is, as its first byte.
enum class BackupKind : uint8_t {
  kNames = 'n',     // the key that names are made with; the first entry
  kKey = 'k',       // a subject's record
  kDisposal = 'd',  // a name and its tombstone
  kEnd = 'e',       // nothing; the last entry
};

struct BackupEntry {
  BackupKind kind;
  SecretBytes bytes;
};

// Bytes of an entry at most.
inline constexpr size_t kBackupEntryBytes = 4'096;

// Writes a backup; what was not finished is removed. One thread at a time.
class BackupWriter {
 public:
  // Errors of NewPrivateFile::Create, here and below.
  static absl::StatusOr<std::unique_ptr<BackupWriter>> Create(
      const std::string& path, const MasterKey& key);
  ~BackupWriter();
  BackupWriter(const BackupWriter&) = delete;
  BackupWriter& operator=(const BackupWriter&) = delete;

  // `bytes` are kBackupEntryBytes at most.
  absl::Status Add(BackupKind kind, const SecretBytes& bytes);
  // Writes the end and gives the file its name, durably.
  absl::Status Finish();

 private:
  explicit BackupWriter(std::unique_ptr<NewPrivateFile> file);
  absl::Status Flush();

  const std::unique_ptr<NewPrivateFile> file_;
  std::string bound_;    // what the next entry is bound to
  std::string pending_;  // bytes that are not written yet
  crypto_secretstream_xchacha20poly1305_state stream_;
};

// Reads a backup from its beginning to its end. One thread at a time.
class BackupReader {
 public:
  //   NOT_FOUND: there is no such file.
  //   FAILED_PRECONDITION: it cannot be read, or none of the keys is its own.
  //   DATA_LOSS (DAMAGED): it is no backup of keys.
  static absl::StatusOr<std::unique_ptr<BackupReader>> Open(
      const std::string& path, const MasterKeys& keys);
  ~BackupReader();
  BackupReader(const BackupReader&) = delete;
  BackupReader& operator=(const BackupReader&) = delete;

  // The next entry. kEnd is the last: then the file was whole.
  //   DATA_LOSS (DAMAGED): it was changed or cut off.
  //   UNAVAILABLE: it cannot be read.
  absl::StatusOr<BackupEntry> Next();

 private:
  BackupReader(std::string path, int fd);
  absl::Status Begin(const MasterKeys& keys);
  absl::Status Damaged() const;
  // Takes `size` bytes, or fewer at the file's end.
  absl::StatusOr<std::string> Take(size_t size);

  const std::string path_;
  const int fd_;
  std::string bound_;
  crypto_secretstream_xchacha20poly1305_state stream_;
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_KEY_BACKUP_H_
