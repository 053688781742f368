#include "services/audit/log_key.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/audit/small_file.h"

namespace samverk {
namespace {

constexpr size_t kBytesMost = 64 << 10;

absl::Status Unusable(const std::string& path, std::string_view why,
                      std::string_view action) {
  return absl::FailedPreconditionError(
      absl::StrCat("the key that checkpoints are signed with, ", path, ", ",
                   ToAbsl(why), "; ", ToAbsl(action)));
}

constexpr std::string_view kPutBack =
    "put back the file that was kept of it, or start with --new-log-key, which "
    "makes another one that outsiders must be told of";

}  // namespace

std::string LogNameOf(std::string_view register_name) {
  std::string name(register_name);
  if (IsNoteKeyName(name)) return name;
  // Whatever is not plain is replaced, so that spaces of all kinds are.
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return !absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
               std::string_view("-_./:").find(c) == std::string_view::npos;
      },
      '-');
  return name.empty() ? "-" : name;
}

absl::StatusOr<NoteSigner> ReadLogKey(const std::string& path,
                                      std::string_view log_name) {
  mode_t mode = 0;
  auto bytes = ReadSmallFile(path, kBytesMost, &mode);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(absl::StrCat(path, " is not there"));
  }
  if (!bytes.ok()) {
    return Unusable(path, ToStd(bytes.status().message()), kPutBack);
  }
  if ((mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Unusable(path, "may be read by others than its owner",
                    "chmod 600 it; if others may have read it, start with "
                    "--new-log-key");
  }
  std::string text = *std::move(bytes);
  absl::StripAsciiWhitespace(&text);
  auto key = ParseSigner(text);
  if (!key.ok()) return Unusable(path, "holds no key", kPutBack);
  if (key->kind != NoteSignatureKind::kEd25519) {
    return Unusable(path, "holds the key of a witness", kPutBack);
  }
  if (key->name != log_name) {
    return Unusable(path,
                    absl::StrCat("is that of the register ", key->name,
                                 ", not of ", ToAbsl(log_name)),
                    kPutBack);
  }
  return key;
}

absl::StatusOr<NoteSigner> MakeLogKey(const std::string& path,
                                      std::string_view log_name) {
  const std::string directory =
      std::filesystem::path(path).parent_path().string();
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Unusable(path,
                    absl::StrCat("cannot be made: ", std::strerror(errno)),
                    "see that the server may write there");
  }
  NoteSigner key{std::string(log_name), NoteSignatureKind::kEd25519,
                 Ed25519PrivateKey::Generate()};
  RETURN_IF_ERROR(WriteFileDurably(path, FormatSigner(key) + "\n", 0600));
  return key;
}

}  // namespace samverk
