#include "services/maintenance/subject_keys.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/status_macros.h"
#include "services/privacy/master_key.h"
#include "services/privacy/private_directory.h"
#include "services/privacy/private_file.h"
#include "services/privacy/subject_keys.h"
#include "services/server/data_directory.h"

namespace samverk::maintenance {
namespace {

std::string MasterKeyFile(const KeyPlaces& places) {
  return places.master_key_file.empty()
             ? SecretDirectory(places.data) + "/master-key"
             : places.master_key_file;
}

// Those of the variable, which goes before the file, as for the server.
absl::StatusOr<privacy::MasterKeys> MasterKeysOf(const KeyPlaces& places) {
  if (const char* text = std::getenv(privacy::kMasterKeyVariable);
      text != nullptr) {
    return privacy::ParseMasterKeys(
        text, absl::StrCat("the variable ", privacy::kMasterKeyVariable));
  }
  return privacy::ReadMasterKeys(MasterKeyFile(places));
}

// The file of the master keys can be changed: the server takes no others.
absl::Status CheckFileHolds() {
  if (std::getenv(privacy::kMasterKeyVariable) == nullptr) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the master keys come from the variable ", privacy::kMasterKeyVariable,
      ", which goes before the file; change them there: the new "
      "key before the old one, which goes when all is wrapped "
      "with the new one"));
}

// OK: there are keys, so that they can be held. Opening them would make the
// directory.
absl::Status CheckKeysAreThere(const KeyPlaces& places) {
  const std::string directory = KeyDirectory(places.data);
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(
      "there is no directory of keys, ", directory,
      "; name the directory of a register that a server has had open, or "
      "restore its keys first"));
}

}  // namespace

absl::StatusOr<RestoredKeys> RestoreKeys(const KeyPlaces& places,
                                         const std::string& backup,
                                         const std::string& backup_key_file) {
  ASSIGN_OR_RETURN(auto master, MasterKeysOf(places));
  absl::StatusOr<privacy::MasterKeys> backup_keys =
      backup_key_file.empty() ? MasterKeysOf(places)
                              : privacy::ReadMasterKeys(backup_key_file);
  if (!backup_keys.ok()) return backup_keys.status();
  privacy::SubjectKeys::Options options{KeyDirectory(places.data),
                                        std::move(master)};
  ASSIGN_OR_RETURN(
      const auto restored,
      privacy::SubjectKeys::Restore(std::move(options), backup, *backup_keys));
  return RestoredKeys{restored.keys, restored.disposals, restored.kept,
                      restored.refused};
}

absl::Status ChangeMasterKey(const KeyPlaces& places) {
  RETURN_IF_ERROR(CheckFileHolds());
  RETURN_IF_ERROR(CheckKeysAreThere(places));
  // As a server holds them, so that none runs, and nobody else changes the
  // file.
  ASSIGN_OR_RETURN(const auto held,
                   privacy::PrivateDirectory::Open(KeyDirectory(places.data)));
  const std::string file = MasterKeyFile(places);
  ASSIGN_OR_RETURN(const privacy::MasterKeys old,
                   privacy::ReadMasterKeys(file));
  const std::string fresh = file + ".new";
  // What a change that was cut short left; the rename is what counts.
  RETURN_IF_ERROR(privacy::WipePrivateFile(fresh));
  RETURN_IF_ERROR(privacy::MakeMasterKeyFile(fresh, old).status());
  if (std::rename(fresh.c_str(), file.c_str()) != 0) {
    return absl::UnavailableError(
        absl::StrCat(file, ": ", std::strerror(errno)));
  }
  const size_t slash = file.rfind('/');
  SyncDirectory(slash == std::string::npos ? "." : file.substr(0, slash + 1));
  return absl::OkStatus();
}

absl::StatusOr<DroppedKeys> DropMasterKeys(const KeyPlaces& places) {
  RETURN_IF_ERROR(CheckFileHolds());
  RETURN_IF_ERROR(CheckKeysAreThere(places));
  const std::string file = MasterKeyFile(places);
  ASSIGN_OR_RETURN(privacy::MasterKeys all, privacy::ReadMasterKeys(file));
  const privacy::KeyId current = all.current().id();
  // Held until the end.
  ASSIGN_OR_RETURN(
      const auto keys,
      privacy::SubjectKeys::Open({KeyDirectory(places.data), std::move(all)}));
  RETURN_IF_ERROR(keys->RewrapAll().status());
  ASSIGN_OR_RETURN(const privacy::MasterKeys now,
                   privacy::ReadMasterKeys(file));
  if (now.current().id() != current) {
    return absl::AbortedError(absl::StrCat(
        file, " was changed meanwhile; nothing was taken out, try again"));
  }
  ASSIGN_OR_RETURN(const size_t dropped, privacy::DropOldMasterKeys(file));
  return DroppedKeys{dropped, file};
}

}  // namespace samverk::maintenance
