// Backups of keys, and what a restore may bring back.
#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/privacy/aead.h"
#include "services/privacy/file_error.h"
#include "services/privacy/key_files.h"
#include "services/privacy/subject_keys.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

// OK: the file does not lie in the directory, where it would outlive disposals.
absl::Status CheckOutside(const std::string& path,
                          const std::string& directory) {
  std::error_code error;
  const fs::path above = fs::absolute(path, error).parent_path();
  if (!fs::equivalent(above, directory, error)) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
      absl::StrCat("the backup of keys ", path,
                   " would lie in the directory "
                   "of keys itself; name another place, best on another disk"),
      {{"path", path}});
}

absl::Status NotAsWritten(const std::string& path) {
  return DamagedFile(path,
                     "has entries that no backup of keys has; restore another");
}

// Reads a backup to its end.
absl::Status ForEachEntry(
    const std::string& path, const MasterKeys& keys,
    const std::function<absl::Status(const BackupEntry&)>& visit) {
  ASSIGN_OR_RETURN(const auto reader, BackupReader::Open(path, keys));
  while (true) {
    ASSIGN_OR_RETURN(const BackupEntry entry, reader->Next());
    if (entry.kind == BackupKind::kEnd) return absl::OkStatus();
    RETURN_IF_ERROR(visit(entry));
  }
}

}  // namespace

absl::StatusOr<SubjectKeys::BackedUp> SubjectKeys::Backup(
    const std::string& path, const MasterKey& key) {
  RETURN_IF_ERROR(CheckOutside(path, directory_->path()));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, Names());
  ASSIGN_OR_RETURN(const auto writer, BackupWriter::Create(path, key));
  RETURN_IF_ERROR(writer->Add(BackupKind::kNames, names_));
  BackedUp counts;
  for (const std::string& name : names) {
    const auto entry = [&]() -> absl::StatusOr<BackupEntry> {
      MutexLock lock(files_);
      return EntryOf(name);
    }();
    RETURN_IF_ERROR(entry.status());
    ++(entry->kind == BackupKind::kKey ? counts.keys : counts.disposals);
    RETURN_IF_ERROR(writer->Add(entry->kind, entry->bytes));
  }
  RETURN_IF_ERROR(writer->Finish());
  return counts;
}

absl::StatusOr<BackupEntry> SubjectKeys::EntryOf(const std::string& name) {
  const auto disposal = ReadTombstone(name);
  if (disposal.ok()) {
    return BackupEntry{BackupKind::kDisposal,
                       SecretBytes::CopyOf(absl::StrCat(
                           name, FormatTombstone(*disposal, name, names_)))};
  }
  if (!absl::IsNotFound(disposal.status())) return disposal.status();
  ASSIGN_OR_RETURN(const Record found, ReadRecord(name));
  return BackupEntry{
      BackupKind::kKey,
      FormatSubjectRecord(found.record.key, found.record.subject)};
}

absl::StatusOr<SubjectKeys::Restored> SubjectKeys::Restore(
    Options options, const std::string& path, const MasterKeys& backup_keys) {
  SecretBytes names;
  RETURN_IF_ERROR(ForEachEntry(
      path, backup_keys, [&](const BackupEntry& entry) -> absl::Status {
        if ((entry.kind == BackupKind::kNames) != (names.size() == 0) ||
            (names.size() == 0 && entry.bytes.size() != kKeyBytes)) {
          return NotAsWritten(path);
        }
        if (names.size() == 0) names = SecretBytes::CopyOf(entry.bytes.view());
        return absl::OkStatus();
      }));
  if (names.size() == 0) return NotAsWritten(path);
  ASSIGN_OR_RETURN(const auto keys, OpenWith(std::move(options), &names));
  // First whether all can be put back, then it is.
  Restored counts;
  for (const bool change : {false, true}) {
    counts = Restored();
    RETURN_IF_ERROR(ForEachEntry(
        path, backup_keys, [&](const BackupEntry& entry) -> absl::Status {
          MutexLock lock(keys->files_);
          return keys->RestoreEntry(entry, path, change, counts);
        }));
  }
  return counts;
}

absl::Status SubjectKeys::RestoreEntry(const BackupEntry& entry,
                                       const std::string& path, bool change,
                                       Restored& counts) {
  if (entry.kind == BackupKind::kNames) return absl::OkStatus();
  if (entry.kind == BackupKind::kKey) {
    return RestoreKey(entry.bytes, path, change, counts);
  }
  if (entry.kind == BackupKind::kDisposal) {
    return RestoreDisposal(entry.bytes.view(), path, change, counts);
  }
  return NotAsWritten(path);
}

absl::Status SubjectKeys::RestoreKey(const SecretBytes& bytes,
                                     const std::string& path, bool change,
                                     Restored& counts) {
  const auto record = ParseSubjectRecord(bytes.view());
  if (!record) return NotAsWritten(path);
  const std::string name = NameOf(record->subject);
  const auto disposal = ReadTombstone(name);
  if (disposal.ok()) {
    ++counts.refused;
    return absl::OkStatus();
  }
  // Nor where a tombstone cannot be read.
  if (!absl::IsNotFound(disposal.status())) return disposal.status();
  const std::string file = KeyFileOf(name);
  const auto here = ReadRecord(name);
  if (here.ok()) {
    if (here->record.key.view() != record->key.view()) {
      return absl::FailedPreconditionError(absl::StrCat(
          directory_->PathOf(file), " is another key of a subject than ", path,
          " has; restore into an empty directory, nothing was changed"));
    }
    ++counts.kept;
    return absl::OkStatus();
  }
  if (!absl::IsNotFound(here.status()) && !absl::IsDataLoss(here.status())) {
    return here.status();
  }
  ++counts.keys;
  if (!change) return absl::OkStatus();
  const std::string wrapped = WrapRecord(name, bytes);
  return absl::IsNotFound(here.status()) ? directory_->Write(file, wrapped)
                                         : directory_->Replace(file, wrapped);
}

absl::Status SubjectKeys::RestoreDisposal(std::string_view bytes,
                                          const std::string& path, bool change,
                                          Restored& counts) {
  if (bytes.size() < kNameDigits) return NotAsWritten(path);
  const std::string name = NameOfFile(bytes);
  const std::string_view tombstone = bytes.substr(kNameDigits);
  RETURN_IF_ERROR(ParseTombstone(tombstone, name, names_, path).status());
  if (!IsTombstoneFile(TombstoneFileOf(name))) return NotAsWritten(path);
  const auto here = ReadTombstone(name);
  if (here.ok()) {
    ++counts.kept;
    return absl::OkStatus();
  }
  if (!absl::IsNotFound(here.status())) return here.status();
  ++counts.disposals;
  return change ? Bury(name, tombstone) : absl::OkStatus();
}

}  // namespace samverk::privacy
