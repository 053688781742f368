#include "eventstore/rocksdb/backup.h"

#include <rocksdb/utilities/backup_engine.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/file_lock.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

// RocksDB copies 5 MiB at a time.
constexpr uint64_t kProgressBytes = 4 << 20;

rocksdb::BackupEngineOptions EngineOptions(const std::string& directory,
                                           rocksdb::Env* env) {
  rocksdb::BackupEngineOptions options(directory, env);
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.sync = true;
  options.callback_trigger_interval_size = kProgressBytes;
  return options;
}

// What a failure of the backup engine means.
absl::Status FromEngine(const rocksdb::Status& status,
                        const std::string& directory, const std::string& what) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsNoSpace()) {
    return DiskFull(directory,
                    absl::StrCat(what, " failed: ", status.ToString()));
  }
  // A file that is missing or has another size is damage too.
  if (status.IsCorruption() || status.IsNotFound() ||
      status.IsInvalidArgument() || status.IsPathNotFound()) {
    return MakeError(absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
                     absl::StrCat(what, " in ", directory,
                                  " is damaged: ", status.ToString(),
                                  "; use another backup, and look at the disk"),
                     {{"where", directory}, {"what", status.ToString()}});
  }
  return absl::UnavailableError(
      absl::StrCat(what, " in ", directory, " failed: ", status.ToString(),
                   "; look at the disk, then try again"));
}

std::string NameOf(uint32_t number) { return absl::StrCat("backup ", number); }

absl::Status NoBackups(const std::string& directory) {
  return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                   absl::StrCat(directory,
                                " holds no backups; name the directory that "
                                "the server writes its backups to"),
                   {{"directory", directory}});
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenToRead(
    const std::string& directory) {
  std::error_code error;
  if (!fs::is_directory(directory + "/meta", error)) {
    return NoBackups(directory);
  }
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const rocksdb::Status opened = rocksdb::BackupEngineReadOnly::Open(
      EngineOptions(directory, nullptr), rocksdb::Env::Default(), &engine);
  RETURN_IF_ERROR(FromEngine(opened, directory, "the list of backups"));
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(engine);
}

std::vector<Backup> BackupsOf(const rocksdb::BackupEngineReadOnlyBase& engine) {
  std::vector<Backup> backups;
  std::vector<rocksdb::BackupInfo> infos;
  engine.GetBackupInfo(&infos);
  for (const rocksdb::BackupInfo& info : infos) {
    Backup& backup = backups.emplace_back();
    backup.number = info.backup_id;
    backup.bytes = info.size;
    auto manifest = DecodeManifest(info.app_metadata);
    backup.usable = manifest.status();
    if (manifest.ok()) backup.manifest = *std::move(manifest);
  }
  std::vector<rocksdb::BackupID> damaged;
  engine.GetCorruptedBackups(&damaged);
  for (const rocksdb::BackupID number : damaged) {
    Backup& backup = backups.emplace_back();
    backup.number = number;
    backup.usable = MakeError(
        absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
        absl::StrCat(NameOf(number),
                     " cannot be used: its list of files is damaged, or a file "
                     "is missing; use another backup, and look at the disk"),
        {{"what", NameOf(number)}});
  }
  std::sort(
      backups.begin(), backups.end(),
      [](const Backup& a, const Backup& b) { return a.number < b.number; });
  return backups;
}

// Holds the directory against other writers, also of this process.
absl::StatusOr<std::unique_ptr<FileLock>> LockToWrite(
    const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat(
        "the directory of backups ", directory, " cannot be made: ",
        error.message(), "; make it, or see that it may be written to"));
  }
  return FileLock::Take(directory + "/LOCK",
                        absl::StrCat("a backup is being written to ", directory,
                                     " already; wait for it to end"));
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngine>> OpenToWrite(
    const std::string& directory, rocksdb::Env* env) {
  rocksdb::BackupEngine* engine = nullptr;
  const rocksdb::Status opened = rocksdb::BackupEngine::Open(
      EngineOptions(directory, env), rocksdb::Env::Default(), &engine);
  RETURN_IF_ERROR(FromEngine(opened, directory, "opening the backups"));
  return std::unique_ptr<rocksdb::BackupEngine>(engine);
}

// Bytes of the database's files that no backup has yet, about: files come and
// go meanwhile.
uint64_t NewBytes(const Database& database, const std::string& backups) {
  std::error_code error;
  // A shared table is called NUMBER_SESSION_SIZE.sst.
  std::set<std::string> shared;
  for (const auto& entry :
       fs::directory_iterator(backups + "/shared_checksum", error)) {
    const std::string name = entry.path().stem().string();
    const size_t first = name.find('_');
    const size_t last = name.rfind('_');
    if (first == std::string::npos) continue;
    shared.insert(name.substr(0, first) + name.substr(last));
  }
  uint64_t bytes = 0;
  for (const auto& entry :
       fs::directory_iterator(database.directory() + "/rocksdb", error)) {
    const uint64_t size = entry.file_size(error);
    if (error) continue;  // gone by now
    const bool table = entry.path().extension() == ".sst";
    if (table && shared.contains(
                     absl::StrCat(entry.path().stem().string(), "_", size))) {
      continue;
    }
    bytes += size;
  }
  return bytes;
}

absl::Status CheckRoom(const std::string& directory, uint64_t needed,
                       uint64_t reserve) {
  struct statvfs info;
  if (statvfs(directory.c_str(), &info) != 0) return absl::OkStatus();
  const uint64_t free = static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
  if (free >= needed + reserve) return absl::OkStatus();
  return DiskFull(directory,
                  absl::StrCat("the backup needs ", needed, " bytes, ", free,
                               " are free and ", reserve, " stay reserved"));
}

absl::Status CheckOwner(const std::vector<Backup>& backups,
                        const std::string& directory,
                        const std::string& origin) {
  for (const Backup& backup : backups) {
    if (!backup.usable.ok() || backup.manifest.origin == origin) continue;
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_READ_ONLY,
        absl::StrCat(directory, " holds backups of the register \"",
                     backup.manifest.origin, "\", not \"", origin,
                     "\"; give each register a directory of its own"),
        {{"origin", backup.manifest.origin}, {"given", origin}});
  }
  return absl::OkStatus();
}

absl::Status Purge(rocksdb::BackupEngine& engine, const std::string& directory,
                   uint32_t keep) {
  return FromEngine(engine.PurgeOldBackups(keep), directory,
                    "removing old backups");
}

absl::StatusOr<Backup> FindAmong(const std::vector<Backup>& backups,
                                 const std::string& directory,
                                 uint32_t number) {
  const Backup* found = nullptr;
  for (const Backup& backup : backups) {
    if (number == 0 ? backup.usable.ok() : backup.number == number) {
      found = &backup;
    }
  }
  if (found == nullptr && backups.empty()) return NoBackups(directory);
  if (found == nullptr && number == 0) found = &backups.back();
  if (found == nullptr) {
    const std::string there = absl::StrJoin(
        backups, ", ", [](std::string* out, const Backup& backup) {
          absl::StrAppend(out, backup.number);
        });
    return MakeError(
        absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
        absl::StrCat(directory, " has no backup ", number, "; it has ", there),
        {{"number", absl::StrCat(number)}, {"there", there}});
  }
  RETURN_IF_ERROR(found->usable);
  return *found;
}

}  // namespace

absl::StatusOr<Backup> CreateBackup(Database& database,
                                    const CommitPoint& point,
                                    const BackupOptions& options) {
  const std::string& directory = options.directory;
  ASSIGN_OR_RETURN(const auto lock, LockToWrite(directory));
  ASSIGN_OR_RETURN(const auto engine, OpenToWrite(directory, options.env));
  const std::string& origin = database.description().origin;
  RETURN_IF_ERROR(CheckOwner(BackupsOf(*engine), directory, origin));
  BackupProgress progress;
  progress.bytes_total = NewBytes(database, directory);
  RETURN_IF_ERROR(CheckRoom(directory, progress.bytes_total,
                            options.reserved_bytes));  // B3

  const BackupManifest manifest{
      origin, database.description().log_format, point,
      absl::FromUnixSeconds(absl::ToUnixSeconds(options.now))};
  rocksdb::CreateBackupOptions create;
  bool stopped = false;
  create.progress_callback = [&] {
    progress.bytes_done += kProgressBytes;
    progress.bytes_total = std::max(progress.bytes_total, progress.bytes_done);
    if (options.on_progress && !options.on_progress(progress)) {
      stopped = true;
      engine->StopBackup();
    }
  };
  // The write-ahead log goes along as it is: nothing is written to the register
  // for the sake of its backup.
  rocksdb::BackupID number = 0;
  const rocksdb::Status made = engine->CreateNewBackupWithMetadata(
      create, &database.db(), EncodeManifest(manifest), &number);
  if (stopped && !made.ok()) return ShuttingDown();
  RETURN_IF_ERROR(FromEngine(made, directory, "writing a backup"));
  if (options.keep > 0) {
    RETURN_IF_ERROR(Purge(*engine, directory, options.keep));
  }
  return FindAmong(BackupsOf(*engine), directory, number);
}

absl::StatusOr<std::vector<Backup>> ListBackups(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto engine, OpenToRead(directory));
  std::vector<Backup> backups = BackupsOf(*engine);
  if (backups.empty()) return NoBackups(directory);
  return backups;
}

absl::StatusOr<Backup> FindBackup(const std::string& directory,
                                  uint32_t number) {
  ASSIGN_OR_RETURN(const auto backups, ListBackups(directory));
  return FindAmong(backups, directory, number);
}

absl::Status VerifyBackup(const std::string& directory, uint32_t number) {
  ASSIGN_OR_RETURN(const auto engine, OpenToRead(directory));
  ASSIGN_OR_RETURN(const Backup backup,
                   FindAmong(BackupsOf(*engine), directory, number));
  return FromEngine(engine->VerifyBackup(backup.number, true), directory,
                    NameOf(backup.number));
}

absl::Status PurgeBackups(const std::string& directory, uint32_t keep) {
  ASSIGN_OR_RETURN(const auto lock, LockToWrite(directory));
  ASSIGN_OR_RETURN(const auto engine, OpenToWrite(directory, nullptr));
  return Purge(*engine, directory, std::max<uint32_t>(keep, 1));
}

absl::Status CopyBackup(const std::string& backups, uint32_t number,
                        const std::string& directory) {
  ASSIGN_OR_RETURN(const auto engine, OpenToRead(backups));
  ASSIGN_OR_RETURN(const Backup backup,
                   FindAmong(BackupsOf(*engine), backups, number));
  const std::string target = directory + "/rocksdb";
  const rocksdb::Status copied =
      engine->RestoreDBFromBackup(backup.number, target, target);
  if (copied.IsNoSpace()) return DiskFull(directory, copied.ToString());
  return FromEngine(copied, backups, NameOf(backup.number));
}

}  // namespace samverk
