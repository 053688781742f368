#include "eventstore/rocksdb/closed_register.h"

#include <rocksdb/cache.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/database.h"
#include "eventstore/rocksdb/database_options.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/no_log.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/rocksdb/wal_scan.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

constexpr size_t kCacheBytes = 64 << 20;
constexpr std::array<const char*, 4> kFamilies = {"default", "events",
                                                  "commits", "derived"};

absl::Status FormatNewer(const std::string& directory,
                         const std::string& found) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_FORMAT_NEWER,
      absl::StrCat(directory, " has log format ", found,
                   ", this program knows up to ", kLogFormat,
                   "; use the release that wrote it, or a later one"),
      {{"format", found}, {"known", absl::StrCat(kLogFormat)}});
}

absl::Status CheckFormat(const std::string& directory) {
  std::ifstream file(directory + "/FORMAT");
  std::string line;
  if (!file.is_open() || !std::getline(file, line)) return absl::OkStatus();
  absl::string_view number = line;
  uint32_t format = 0;
  if (!absl::ConsumePrefix(&number, "samverk log ") ||
      !absl::SimpleAtoi(number, &format) || format > kLogFormat) {
    return FormatNewer(directory, std::string(number));
  }
  return absl::OkStatus();
}

}  // namespace

ClosedRegister::~ClosedRegister() {
  if (db_ == nullptr) return;
  for (auto* handle : handles_) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle);
  }
}

absl::StatusOr<std::unique_ptr<ClosedRegister>> ClosedRegister::Open(
    const std::string& directory, Findings& findings) {
  const std::string path = directory + "/rocksdb";
  std::error_code error;
  if (!fs::exists(directory + "/FORMAT", error) &&
      !fs::exists(path + "/CURRENT", error)) {
    return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                     absl::StrCat(directory,
                                  " holds no register; name the directory "
                                  "that the server is given"),
                     {{"directory", directory}});
  }
  RETURN_IF_ERROR(CheckFormat(directory));
  if (!fs::exists(path + "/CURRENT", error)) {
    findings.Add({FindingKind::kDatabase, path, "a database",
                  "none, or its file CURRENT is lost"});
    return nullptr;
  }
  auto opened = std::unique_ptr<ClosedRegister>(new ClosedRegister());
  ASSIGN_OR_RETURN(
      opened->lock_,
      FileLock::Take(path + "/LOCK",
                     absl::StrCat(directory,
                                  " is in use by a server; stop that one, or "
                                  "check a restored backup instead")));
  ASSIGN_OR_RETURN(const bool usable, opened->OpenRocks(directory, findings));
  if (!usable || !opened->ReadDescription(findings)) return nullptr;
  return opened;
}

absl::StatusOr<bool> ClosedRegister::OpenRocks(const std::string& directory,
                                               Findings& findings) {
  const std::string path = directory + "/rocksdb";
  rocksdb::DBOptions options = RegisterDbOptions();
  options.create_if_missing = false;
  options.create_missing_column_families = false;
  options.info_log = std::make_shared<NoLog>();
  // What a crash cut short at the end is no damage: see wal_scan.h.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  std::vector<std::string> present;
  const auto listed = rocksdb::DB::ListColumnFamilies(options, path, &present);
  if (!listed.ok()) {
    findings.Add({FindingKind::kDatabase, path, "a database that opens",
                  listed.ToString()});
    return false;
  }
  const auto cache = rocksdb::NewLRUCache(kCacheBytes);
  const rocksdb::ColumnFamilyOptions family_options[] = {
      MetaOptions(), LogOptions(cache), LogOptions(cache),
      DerivedOptions(cache)};
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  std::vector<size_t> places;
  for (const std::string& name : present) {
    const auto known = std::find(kFamilies.begin(), kFamilies.end(), name);
    if (known == kFamilies.end()) return FormatNewer(directory, "with " + name);
    places.push_back(static_cast<size_t>(known - kFamilies.begin()));
    families.push_back({name, family_options[places.back()]});
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto opened =
      rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &db);
  if (!opened.ok()) {
    findings.Add({FindingKind::kDatabase, path, "a database that opens",
                  opened.ToString()});
    return false;
  }
  db_.reset(db);
  for (size_t i = 0; i < handles.size(); ++i) handles_[places[i]] = handles[i];
  for (size_t i = 0; i < 3; ++i) {
    if (handles_[i] != nullptr) continue;
    findings.Add({FindingKind::kDatabase, path,
                  absl::StrCat("a column family ", kFamilies[i]), "none"});
    return false;
  }
  ASSIGN_OR_RETURN(const uint64_t last, LastSequenceInLogs(path));
  if (const uint64_t reached = db_->GetLatestSequenceNumber(); reached < last) {
    findings.Add({FindingKind::kLog, "the write-ahead log",
                  absl::StrCat(last, " keys that were acknowledged"),
                  absl::StrCat("damage after ", reached, " of them")});
  }
  return true;
}

bool ClosedRegister::ReadDescription(Findings& findings) {
  std::string created;
  std::string format;
  int64_t created_us = 0;
  uint32_t log_format = 0;
  const auto get = [&](const char* key, std::string& value) {
    return db_->Get(rocksdb::ReadOptions(), meta(), key, &value).ok();
  };
  if (get("origin", origin_) && get("created_us", created) &&
      get("log_format", format) && absl::SimpleAtoi(created, &created_us) &&
      absl::SimpleAtoi(format, &log_format)) {
    return true;
  }
  findings.Add({FindingKind::kDatabase, "the register's description",
                "origin, created_us and log_format",
                "not all of them can be read"});
  return false;
}

std::unique_ptr<rocksdb::Iterator> ClosedRegister::Scan(
    rocksdb::ColumnFamilyHandle* family) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.readahead_size = 1 << 20;
  options.total_order_seek = true;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family));
}

std::optional<uint64_t> NumberedRows::Last() {
  taken_ = false;
  it_->SeekToLast();
  if (it_->Valid()) return keys::NumberOf(ToStd(it_->key()));
  if (it_->status().ok()) return 0;
  return std::nullopt;
}

NumberedRows::State NumberedRows::Read(uint64_t number) {
  if (taken_) it_->Next();
  taken_ = false;
  if (!it_->Valid() || keys::NumberOf(ToStd(it_->key())) != number) {
    it_->Seek(keys::Number(number));
  }
  if (it_->Valid()) {
    taken_ = keys::NumberOf(ToStd(it_->key())) == number;
    return taken_ ? State::kThere : State::kMissing;
  }
  return it_->status().ok() ? State::kMissing : State::kUnreadable;
}

std::optional<uint64_t> NumberedRows::Next() const {
  if (!it_->Valid()) return std::nullopt;
  return keys::NumberOf(ToStd(it_->key()));
}

std::string_view NumberedRows::value() const { return ToStd(it_->value()); }

}  // namespace samverk
