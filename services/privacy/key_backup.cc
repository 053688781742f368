#include "services/privacy/key_backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/privacy/aead.h"
#include "services/privacy/file_error.h"

namespace samverk::privacy {
namespace {

constexpr std::string_view kBegin = "samverk key backup 1\n";
constexpr size_t kStreamHeaderBytes =
    crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr size_t kStreamBytes = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr size_t kHeaderBytes =
    kBegin.size() + sizeof(KeyId) + kStreamHeaderBytes;
constexpr size_t kWriteBytes = 64 << 10;

static_assert(crypto_secretstream_xchacha20poly1305_KEYBYTES == kKeyBytes);

// A key for backups alone, so that these and wrapped keys are never mistaken
// for one another.
SecretBytes StreamKeyOf(const MasterKey& key) {
  SecretBytes stream_key(kKeyBytes);
  KeyedHash(key.bytes(), "samverk backup", {}, stream_key.span());
  return stream_key;
}

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

}  // namespace

BackupWriter::BackupWriter(std::unique_ptr<NewPrivateFile> file)
    : file_(std::move(file)) {}

BackupWriter::~BackupWriter() { sodium_memzero(&stream_, sizeof(stream_)); }

absl::StatusOr<std::unique_ptr<BackupWriter>> BackupWriter::Create(
    const std::string& path, const MasterKey& key) {
  ASSIGN_OR_RETURN(auto file, NewPrivateFile::Create(path));
  std::unique_ptr<BackupWriter> writer(new BackupWriter(std::move(file)));
  std::array<uint8_t, kStreamHeaderBytes> header;
  crypto_secretstream_xchacha20poly1305_init_push(
      &writer->stream_, header.data(), StreamKeyOf(key).data());
  writer->bound_ = absl::StrCat(
      ToAbsl(kBegin), ToAbsl(AsBytes(key.id())),
      absl::string_view(reinterpret_cast<const char*>(header.data()),
                        header.size()));
  writer->pending_ = writer->bound_;
  return writer;
}

absl::Status BackupWriter::Add(BackupKind kind, const SecretBytes& bytes) {
  SAMVERK_CHECK(bytes.size() <= kBackupEntryBytes) << bytes.size();
  SecretBytes clear(1 + bytes.size());
  clear.span()[0] = static_cast<uint8_t>(kind);
  std::copy(bytes.data(), bytes.data() + bytes.size(), clear.span().data() + 1);
  std::string sealed(clear.size() + kStreamBytes, '\0');
  const uint8_t tag = kind == BackupKind::kEnd
                          ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                          : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  const int failed = crypto_secretstream_xchacha20poly1305_push(
      &stream_, reinterpret_cast<uint8_t*>(sealed.data()), nullptr,
      clear.data(), clear.size(), Bytes(bound_), bound_.size(), tag);
  SAMVERK_CHECK(failed == 0) << clear.size();
  bound_.clear();
  PutLittle(static_cast<uint32_t>(sealed.size()), pending_);
  pending_.append(sealed);
  return pending_.size() < kWriteBytes ? absl::OkStatus() : Flush();
}

absl::Status BackupWriter::Finish() {
  RETURN_IF_ERROR(Add(BackupKind::kEnd, SecretBytes()));
  RETURN_IF_ERROR(Flush());
  return file_->Finish();
}

absl::Status BackupWriter::Flush() {
  RETURN_IF_ERROR(file_->Append(pending_));
  pending_.clear();
  return absl::OkStatus();
}

BackupReader::BackupReader(std::string path, int fd)
    : path_(std::move(path)), fd_(fd) {}

BackupReader::~BackupReader() {
  close(fd_);
  sodium_memzero(&stream_, sizeof(stream_));
}

absl::StatusOr<std::unique_ptr<BackupReader>> BackupReader::Open(
    const std::string& path, const MasterKeys& keys) {
  const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) {
    return absl::NotFoundError(absl::StrCat("there is no backup of keys ", path,
                                            "; name one that is there"));
  }
  if (fd < 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the backup of keys ", path, " cannot be read: ", std::strerror(errno),
        "; see that this user may read it"));
  }
  std::unique_ptr<BackupReader> reader(new BackupReader(path, fd));
  RETURN_IF_ERROR(reader->Begin(keys));
  return reader;
}

absl::Status BackupReader::Begin(const MasterKeys& keys) {
  struct stat found;
  if (fstat(fd_, &found) != 0 || !S_ISREG(found.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the backup of keys ", path_, " is no file; name one"));
  }
  ASSIGN_OR_RETURN(bound_, Take(kHeaderBytes));
  if (bound_.size() != kHeaderBytes || !bound_.starts_with(kBegin)) {
    return DamagedFile(path_, "is no backup of keys; name another file");
  }
  const std::string_view header = bound_;
  const KeyId id = KeyIdFromBytes(header.substr(kBegin.size(), sizeof(KeyId)));
  const MasterKey* const key = keys.Find(id);
  if (key == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the backup of keys ", path_, " is wrapped with the master key ",
        KeyIdText(id), ", and those given are ", keys.Ids(),
        "; give that one, from the copy that was kept of it"));
  }
  if (crypto_secretstream_xchacha20poly1305_init_pull(
          &stream_, Bytes(header.substr(kHeaderBytes - kStreamHeaderBytes)),
          StreamKeyOf(*key).data()) != 0) {
    return Damaged();
  }
  return absl::OkStatus();
}

absl::StatusOr<BackupEntry> BackupReader::Next() {
  ASSIGN_OR_RETURN(const std::string length, Take(sizeof(uint32_t)));
  if (length.size() != sizeof(uint32_t)) return Damaged();
  const auto size = GetLittle<uint32_t>(length.data());
  if (size <= kStreamBytes || size > kBackupEntryBytes + 1 + kStreamBytes) {
    return Damaged();
  }
  ASSIGN_OR_RETURN(const std::string sealed, Take(size));
  if (sealed.size() != size) return Damaged();
  SecretBytes clear(size - kStreamBytes);
  uint8_t tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(
          &stream_, clear.span().data(), nullptr, &tag, Bytes(sealed),
          sealed.size(), Bytes(bound_), bound_.size()) != 0) {
    return Damaged();
  }
  bound_.clear();
  BackupEntry entry{static_cast<BackupKind>(clear.span()[0]),
                    SecretBytes::CopyOf(clear.view().substr(1))};
  if (entry.kind == BackupKind::kEnd) {
    ASSIGN_OR_RETURN(const std::string more, Take(1));
    if (!more.empty()) return Damaged();
  }
  return entry;
}

absl::Status BackupReader::Damaged() const {
  return DamagedFile(path_,
                     "was changed or cut off; restore another backup of the "
                     "keys, nothing was taken from this one");
}

absl::StatusOr<std::string> BackupReader::Take(size_t size) {
  std::string bytes(size, '\0');
  size_t taken = 0;
  while (taken < size) {
    const ssize_t got = read(fd_, bytes.data() + taken, size - taken);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return absl::UnavailableError(absl::StrCat(
          "the backup of keys ", path_,
          " cannot be read: ", std::strerror(errno), "; try again"));
    }
    if (got == 0) break;
    taken += static_cast<size_t>(got);
  }
  bytes.resize(taken);
  return bytes;
}

}  // namespace samverk::privacy
