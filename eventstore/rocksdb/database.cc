#include "eventstore/rocksdb/database.h"

#include <rocksdb/cache.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/database_options.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/rocksdb/wal_scan.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

constexpr char kFormatLine[] = "samverk log ";
constexpr char kOriginKey[] = "origin";
constexpr char kCreatedKey[] = "created_us";
constexpr char kLogFormatKey[] = "log_format";

absl::Status FormatNewer(std::string_view directory, std::string_view found) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_FORMAT_NEWER,
      absl::StrCat(ToAbsl(directory), " has log format ", ToAbsl(found),
                   ", this program knows up to ", kLogFormat,
                   "; use the release that wrote it, or a later one (nothing "
                   "was changed)"),
      {{"format", std::string(found)}, {"known", absl::StrCat(kLogFormat)}});
}

// OK when the file is absent, is still empty or names a format that we know.
absl::Status CheckFormatFile(const std::string& directory) {
  std::ifstream file(directory + "/FORMAT");
  std::string line;
  if (!file.is_open() || !std::getline(file, line)) return absl::OkStatus();
  absl::string_view number = line;
  uint32_t format = 0;
  if (!absl::ConsumePrefix(&number, kFormatLine) ||
      !absl::SimpleAtoi(number, &format)) {
    return DataDamaged(directory + "/FORMAT",
                       absl::StrCat("it does not say \"", kFormatLine,
                                    kLogFormat, "\" (nothing was changed)"));
  }
  if (format > kLogFormat) return FormatNewer(directory, ToStd(number));
  return absl::OkStatus();
}

absl::Status WriteFormatFile(const std::string& directory) {
  const std::string path = directory + "/FORMAT";
  std::error_code error;
  if (fs::exists(path, error)) return absl::OkStatus();
  return WriteFileDurably(path, absl::StrCat(kFormatLine, kLogFormat, "\n"));
}

absl::Status OpenError(const rocksdb::Status& status,
                       const std::string& directory) {
  const std::string text = status.ToString();
  if (status.IsIOError() && text.find("lock") != std::string::npos) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     error::v1::REASON_IN_USE,
                     absl::StrCat(directory,
                                  " is in use by another server; stop that one "
                                  "or choose another directory"),
                     {{"directory", directory}});
  }
  const std::string doing = absl::StrCat("opening ", directory);
  // The directory is there, so it is a file of the register that is not.
  if (status.IsPathNotFound()) return DataDamaged(doing, text);
  return FromRocks(status, doing);
}

absl::Status NoRegisterYet(const std::string& directory) {
  return absl::InvalidArgumentError(absl::StrCat(
      directory, " holds no register yet; give the new register's name"));
}

// RocksDB would make a new database where CURRENT is lost, and remove what it
// does not know. FORMAT is written once a register is there.
absl::Status CheckNothingIsThere(const std::string& directory) {
  std::error_code error;
  bool there = fs::exists(directory + "/FORMAT", error);
  for (const auto& entry :
       fs::directory_iterator(directory + "/rocksdb", error)) {
    there = there || entry.path().extension() == ".sst";
  }
  if (!there) return absl::OkStatus();
  return DataDamaged(
      directory + "/rocksdb/CURRENT",
      "it is not there, but a register is (nothing was changed)");
}

using Families = std::vector<rocksdb::ColumnFamilyDescriptor>;

// What to do about a log that is not whole. OK when all whole records in it
// come before the place that is not: then it is a last write that was cut
// short. Changes nothing.
absl::Status CheckLogTail(
    rocksdb::DBOptions options, const std::string& path,
    const Families& families,
    absl::FunctionRef<rocksdb::Status(absl::FunctionRef<rocksdb::Status()>)>
        with_index_files) {
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  ASSIGN_OR_RETURN(const uint64_t last, LastSequenceInLogs(path));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(FromRocks(with_index_files([&] {
                              return rocksdb::DB::OpenForReadOnly(
                                  options, path, families, &handles, &opened);
                            }),
                            absl::StrCat("opening ", path)));
  const std::unique_ptr<rocksdb::DB> db(opened);
  const uint64_t reached = db->GetLatestSequenceNumber();
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  if (reached >= last) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat(
          "the write-ahead log in ", path,
          " is damaged, and acknowledged writes follow the damage (", reached,
          " of ", last,
          " keys can be read); nothing was changed. Restore a backup and "
          "compare it with a kept checkpoint; without one, keep a copy of the "
          "directory, and deriving again (option rebuild) accepts the loss of "
          "what follows the damage"),
      {{"where", path},
       {"readable_keys", absl::StrCat(reached)},
       {"keys", absl::StrCat(last)}});
}

absl::StatusOr<std::string> GetMeta(rocksdb::DB& db,
                                    rocksdb::ColumnFamilyHandle* meta,
                                    const char* key) {
  std::string value;
  const auto status = db.Get(rocksdb::ReadOptions(), meta, key, &value);
  if (status.IsNotFound()) return std::string();
  RETURN_IF_ERROR(FromRocks(status, "reading the register's description"));
  return value;
}

}  // namespace

Database::~Database() {
  if (db_ == nullptr) return;
  recovery_.reset();
  for (auto* handle : {meta_, events_, commits_, derived_}) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle);
  }
  db_->Close();
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    const Options& options) {
  RETURN_IF_ERROR(CheckFormatFile(options.directory));
  std::error_code error;
  const bool exists = fs::exists(options.directory + "/rocksdb/CURRENT", error);
  if (!exists) {
    RETURN_IF_ERROR(CheckNothingIsThere(options.directory));
    if (options.origin.empty()) return NoRegisterYet(options.directory);
  }
  fs::create_directories(options.directory + "/rocksdb", error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot create ", options.directory, ": ", error.message(),
                     "; choose a directory that may be "
                     "written to"));
  }
  auto database = std::unique_ptr<Database>(new Database());
  database->directory_ = options.directory;
  database->reserved_bytes_ = options.reserved_bytes;
  RETURN_IF_ERROR(database->OpenRocks(options));
  RETURN_IF_ERROR(database->Describe(options));
  RETURN_IF_ERROR(WriteFormatFile(options.directory));
  return database;
}

absl::Status Database::OpenRocks(const Options& options) {
  // Eight shards: each must hold some filters, see DerivedOptions.
  cache_ = rocksdb::NewLRUCache(options.block_cache_bytes, 3, false, 0.5);
  derived_options_ = DerivedOptions(cache_);
  const Families families = {{rocksdb::kDefaultColumnFamilyName, MetaOptions()},
                             {"events", LogOptions(cache_)},
                             {"commits", LogOptions(cache_)},
                             {"derived", derived_options_}};
  const std::string path = options.directory + "/rocksdb";
  std::vector<std::string> present;
  if (rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &present)
          .ok()) {
    for (const std::string& name : present) {
      const bool known =
          std::any_of(families.begin(), families.end(),
                      [&](const auto& family) { return family.name == name; });
      if (!known) return FormatNewer(options.directory, "with " + name);
    }
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  rocksdb::DBOptions db_options = RegisterDbOptions();
  watch_ = std::make_shared<DiskWatch>();
  db_options.listeners = {watch_};
  statistics_ = rocksdb::CreateDBStatistics();
  statistics_->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
  db_options.statistics = statistics_;
  if (options.env != nullptr) db_options.env = options.env;
  // Of another size than the manifest says, RocksDB refuses it: then it was not
  // the file that is missing, and does not stay.
  std::vector<std::string> put_back;
  absl::Cleanup take_away = [&put_back] {
    std::error_code error;
    for (const std::string& table : put_back) fs::remove(table, error);
  };
  const auto with_index_files =
      [&](absl::FunctionRef<rocksdb::Status()> open) -> rocksdb::Status {
    auto opened = open();
    while (opened.IsCorruption() && PutIndexFileBack(opened, put_back)) {
      opened = open();
    }
    return opened;
  };
  const auto open = [&] {
    return rocksdb::DB::Open(db_options, path, families, &handles, &db);
  };
  if (!present.empty() && !options.accept_loss) {
    ASSIGN_OR_RETURN(const bool framed, LogsAreFramed(path));
    if (!framed) {
      // RocksDB might take the damage for the end, and say nothing.
      RETURN_IF_ERROR(
          CheckLogTail(db_options, path, families, with_index_files));
    }
  }
  auto status = with_index_files(open);
  if (status.IsCorruption()) {
    // Perhaps only a last write that was cut short.
    db_options.wal_recovery_mode =
        rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    if (!options.accept_loss) {
      RETURN_IF_ERROR(
          CheckLogTail(db_options, path, families, with_index_files));
    }
    handles.clear();
    status = open();
  }
  if (!status.ok()) return OpenError(status, options.directory);
  std::move(take_away).Cancel();
  db_.reset(db);
  recovery_ = std::make_unique<DiskRecovery>(*db_, *watch_);
  meta_ = handles[0];
  events_ = handles[1];
  commits_ = handles[2];
  derived_ = handles[3];
  return absl::OkStatus();
}

bool Database::PutIndexFileBack(const rocksdb::Status& missing,
                                std::vector<std::string>& put_back) const {
  // "… /register/rocksdb/000018.ldb: No such file or directory …": the second
  // of the names that RocksDB tries, and the number is what they share.
  static constexpr std::string_view kEnd = ".ldb: No such file";
  const std::string text = missing.ToString();
  const std::string start = directory_ + "/rocksdb/";
  const size_t end = text.find(kEnd);
  const size_t begin = text.rfind(start, end);
  if (end == std::string::npos || begin == std::string::npos) return false;
  const std::string table = text.substr(begin, end - begin) + ".sst";
  std::error_code error;
  fs::create_hard_link(IndexFile(), table, error);
  if (!error) put_back.push_back(table);
  return !error;
}

absl::Status Database::Describe(const Options& options) {
  ASSIGN_OR_RETURN(const std::string format,
                   GetMeta(*db_, meta_, kLogFormatKey));
  if (format.empty()) {
    RETURN_IF_ERROR(CheckNew(options));
    rocksdb::WriteBatch batch;
    batch.Put(meta_, kOriginKey, options.origin);
    batch.Put(meta_, kCreatedKey,
              absl::StrCat(absl::ToUnixMicros(options.now)));
    batch.Put(meta_, kLogFormatKey, absl::StrCat(kLogFormat));
    rocksdb::WriteOptions durably;
    durably.sync = true;
    RETURN_IF_ERROR(
        FromRocks(db_->Write(durably, &batch), "creating the register"));
    description_ = {options.origin, kLogFormat, options.now};
    return absl::OkStatus();
  }
  if (!absl::SimpleAtoi(format, &description_.log_format) ||
      description_.log_format > kLogFormat) {
    return FormatNewer(options.directory, format);
  }
  ASSIGN_OR_RETURN(description_.origin, GetMeta(*db_, meta_, kOriginKey));
  ASSIGN_OR_RETURN(const std::string created,
                   GetMeta(*db_, meta_, kCreatedKey));
  int64_t created_us = 0;
  if (!absl::SimpleAtoi(created, &created_us)) {
    return DataDamaged("the register's description", "no time of creation");
  }
  description_.created = absl::FromUnixMicros(created_us);
  if (!options.origin.empty() && options.origin != description_.origin) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_READ_ONLY,
        absl::StrCat(options.directory, " holds the register \"",
                     description_.origin, "\", not \"", options.origin,
                     "\"; a register's name never changes, choose another "
                     "directory or leave the name out"),
        {{"origin", description_.origin}, {"given", options.origin}});
  }
  return absl::OkStatus();
}

absl::Status Database::CheckNew(const Options& options) {
  // FORMAT is written once the description is durable.
  std::error_code error;
  bool there = fs::exists(options.directory + "/FORMAT", error);
  for (auto* family : {events_, commits_}) {
    const std::unique_ptr<rocksdb::Iterator> it(
        db_->NewIterator(rocksdb::ReadOptions(), family));
    it->SeekToFirst();
    RETURN_IF_ERROR(FromRocks(it->status(), "looking for events"));
    there = there || it->Valid();
  }
  if (there) {
    return DataDamaged("the register's description",
                       "it is not there, but a register is");
  }
  if (options.origin.empty()) return NoRegisterYet(options.directory);
  return absl::OkStatus();
}

absl::Status Database::DropDerived() {
  RETURN_IF_ERROR(
      FromRocks(db_->DropColumnFamily(derived_), "dropping derived data"));
  db_->DestroyColumnFamilyHandle(derived_);
  derived_ = nullptr;
  return FromRocks(
      db_->CreateColumnFamily(derived_options_, "derived", &derived_),
      "creating derived data");
}

Database::CacheUse Database::GetCacheUse() const {
  return {statistics_->getTickerCount(rocksdb::BLOCK_CACHE_HIT),
          statistics_->getTickerCount(rocksdb::BLOCK_CACHE_MISS),
          cache_->GetUsage()};
}

uint64_t Database::BytesOnDisk() const {
  uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry :
       fs::directory_iterator(directory_ + "/rocksdb", error)) {
    // A file may be gone by now.
    const uint64_t size = entry.file_size(error);
    if (!error) bytes += size;
  }
  return bytes;
}

absl::Status Database::CheckRoom() const {
  struct statvfs info;
  // Not to know is no reason to refuse: the write itself will tell.
  if (statvfs(directory_.c_str(), &info) != 0) return absl::OkStatus();
  const uint64_t free = static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
  if (free >= reserved_bytes_) return absl::OkStatus();
  return DiskFull(directory_, absl::StrCat(free, " bytes free, ",
                                           reserved_bytes_, " are reserved"));
}

absl::Status Database::Refusing() const {
  const rocksdb::Status why = watch_->Refusing();
  if (why.ok()) return absl::OkStatus();
  if (watch_->WriteFailed()) {
    return ReadOnly(absl::StrCat(
        "a write failed: ", why.ToString(),
        "; what is on the disk is known when the register is opened again. "
        "Look at the disk, then start the server again"));
  }
  if (why.IsNoSpace()) return DiskFull(directory_, why.ToString());
  return ReadOnly(absl::StrCat(
      "writing tables failed: ", why.ToString(),
      "; nothing is lost by that. Look at the disk; writes go on when it works "
      "again"));
}

absl::Status Database::CheckWritable() {
  if (watch_->Refusing().ok()) return absl::OkStatus();
  // After a failed write itself only opening again tells what there is.
  if (!watch_->WriteFailed()) recovery_->Try();
  return Refusing();
}

bool Database::WroteNothing(const rocksdb::Status& status) const {
  if (watch_->WriteFailed()) return false;
  // Incomplete: RocksDB would have had to wait for a disk that is full.
  return status.IsIncomplete() || !watch_->Refusing().ok();
}

}  // namespace samverk
