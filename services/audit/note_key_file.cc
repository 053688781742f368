#include "services/audit/note_key_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/common/small_file.h"

namespace samverk {
namespace {

constexpr size_t kBytesMost = 64 << 10;

absl::Status Unusable(const NoteKeyFile& file, std::string_view why,
                      std::string_view action) {
  return absl::FailedPreconditionError(absl::StrCat(
      file.what, ", ", file.path, ", ", ToAbsl(why), "; ", ToAbsl(action)));
}

// A key that was kept is better than another one.
absl::Status PutBack(const NoteKeyFile& file, std::string_view why) {
  return Unusable(file, why,
                  absl::StrCat("put back the file that was kept of it, or ",
                               file.otherwise));
}

}  // namespace

absl::StatusOr<NoteSigner> ReadNoteKey(const NoteKeyFile& file) {
  mode_t mode = 0;
  auto bytes = ReadSmallFile(file.path, kBytesMost, &mode);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(absl::StrCat(file.path, " is not there"));
  }
  if (!bytes.ok()) return PutBack(file, ToStd(bytes.status().message()));
  if ((mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Unusable(file, "may be read by others than its owner",
                    absl::StrCat("chmod 600 it; if others may have read it, ",
                                 file.otherwise));
  }
  std::string text = *std::move(bytes);
  absl::StripAsciiWhitespace(&text);
  auto key = ParseSigner(text);
  if (!key.ok()) return PutBack(file, "holds no key");
  if (key->kind != file.kind) {
    return PutBack(file, key->kind == NoteSignatureKind::kCosignature
                             ? "holds the key of a witness"
                             : "holds the key of a log");
  }
  if (key->name != file.name) {
    return PutBack(
        file, absl::StrCat("is that of ", key->name, ", not of ", file.name));
  }
  return key;
}

absl::Status MakeSecretDirectory(const std::string& directory) {
  if (mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the directory of secrets, ", directory, ", cannot be made: ",
      std::strerror(errno), "; see that the server may write there"));
}

absl::StatusOr<NoteSigner> MakeNoteKey(const NoteKeyFile& file) {
  RETURN_IF_ERROR(MakeSecretDirectory(
      std::filesystem::path(file.path).parent_path().string()));
  NoteSigner key{file.name, file.kind, Ed25519PrivateKey::Generate()};
  RETURN_IF_ERROR(WriteFileDurably(file.path, FormatSigner(key) + "\n", 0600));
  return key;
}

}  // namespace samverk
