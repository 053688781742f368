#include "services/maintenance/view_comparison.h"

#include <rocksdb/db.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/no_log.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "projections/engine/projector.h"
#include "projections/engine/view_keys.h"
#include "services/maintenance/closed_log.h"

namespace samverk::maintenance {
namespace {

namespace fs = std::filesystem;
namespace view_keys = projections::view_keys;

using projections::Projection;
using projections::Projector;
using projections::StoredTable;
using projections::TableId;

constexpr absl::Duration kRound = absl::Milliseconds(200);

// Made when constructed, removed with all that is in it when destroyed.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::error_code error;
    std::string pattern =
        (fs::temp_directory_path(error) / "samverk-fsck-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~ScratchDirectory() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Projections whose live generation takes in events up to the same one.
using Groups = std::map<Position, std::vector<std::pair<Projection, TableId>>>;

Groups GroupsOf(const StoredViews& views) {
  Groups groups;
  for (const StoredTable& table : views.tables) {
    for (const Projection& projection : projections::AllProjections()) {
      if (projection.name == table.id.projection && table.live &&
          projection.version == table.marker.version) {
        groups[table.marker.applied].emplace_back(projection, table.id);
      }
    }
  }
  return groups;
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenToRead(
    const std::string& directory) {
  rocksdb::DB* db = nullptr;
  rocksdb::Options options;
  options.info_log = std::make_shared<NoLog>();
  RETURN_IF_ERROR(
      FromRocks(rocksdb::DB::OpenForReadOnly(options, directory, &db),
                absl::StrCat("opening ", directory)));
  return std::unique_ptr<rocksdb::DB>(db);
}

// Entries of one generation, in order.
class Entries {
 public:
  Entries(rocksdb::DB& db, const TableId& table)
      : prefix_(view_keys::Entry(table, "")), it_(db.NewIterator({})) {
    it_->Seek(prefix_);
  }
  bool Valid() const { return it_->Valid() && it_->key().starts_with(prefix_); }
  std::string_view key() const {
    return ToStd(it_->key()).substr(prefix_.size());
  }
  std::string_view value() const { return ToStd(it_->value()); }
  void Next() { it_->Next(); }
  absl::Status status() const {
    return FromRocks(it_->status(), "reading views");
  }

 private:
  const std::string prefix_;
  const std::unique_ptr<rocksdb::Iterator> it_;
};

absl::Status CompareTable(rocksdb::DB& stored_db, const TableId& stored_id,
                          rocksdb::DB& right_db, StoredViews& views) {
  Entries stored(stored_db, stored_id);
  Entries right(right_db, {stored_id.projection, 1});
  uint64_t told = 0;
  const auto tell = [&](std::string_view key, const char* expected,
                        const char* found) {
    if (++told > FsckResult::kListed) return;
    views.findings.push_back(
        {FindingKind::kView,
         absl::StrCat("view ", stored_id.projection, ", entry ",
                      absl::CHexEscape(ToAbsl(key))),
         expected, found});
  };
  while (stored.Valid() || right.Valid()) {
    if (!right.Valid() || (stored.Valid() && stored.key() < right.key())) {
      tell(stored.key(), "nothing", "an entry");
      stored.Next();
    } else if (!stored.Valid() || right.key() < stored.key()) {
      tell(right.key(), "an entry", "nothing");
      right.Next();
    } else {
      if (stored.value() != right.value()) {
        tell(right.key(), "what the log gives", "another entry");
      }
      stored.Next();
      right.Next();
    }
  }
  RETURN_IF_ERROR(stored.status());
  return right.status();
}

// Folds the log up to its head.
absl::Status Fold(
    ClosedLog& log, const std::string& directory,
    const std::vector<std::pair<Projection, TableId>>& tables,
    const std::function<void(Position done, Position all)>& on_progress) {
  Projector::Options options;
  options.directory = directory;
  for (const auto& [projection, id] : tables) {
    options.projections.push_back(projection);
  }
  ASSIGN_OR_RETURN(const auto projector,
                   Projector::Open(log, std::move(options)));
  while (true) {
    const absl::Status applied =
        projector->AwaitApplied(log.Head(), absl::Now() + kRound);
    if (!absl::IsDeadlineExceeded(applied)) return applied;
    if (on_progress) {
      Position done = log.Head();
      for (const auto& status : projector->Status()) {
        done = std::min(done, status.applied);
      }
      on_progress(done, log.Head());
    }
  }
}

}  // namespace

absl::Status CompareViews(
    const std::string& directory, const std::string& view_directory,
    const FsckResult& log, StoredViews& views,
    const std::function<void(Position done, Position all)>& on_progress) {
  for (const auto& [position, tables] : GroupsOf(views)) {
    const ScratchDirectory scratch;
    if (scratch.path().empty()) {
      return absl::UnavailableError(
          "views cannot be folded again to compare them: there is no place "
          "for temporary files; name one in TMPDIR");
    }
    ASSIGN_OR_RETURN(
        const auto closed,
        ClosedLog::Open(directory, std::min(log.stored_through, position),
                        position));
    RETURN_IF_ERROR(Fold(*closed, scratch.path(), tables, on_progress));
    ASSIGN_OR_RETURN(const auto stored, OpenToRead(view_directory));
    ASSIGN_OR_RETURN(const auto right, OpenToRead(scratch.path()));
    for (const auto& [projection, id] : tables) {
      RETURN_IF_ERROR(CompareTable(*stored, id, *right, views));
    }
  }
  return absl::OkStatus();
}

}  // namespace samverk::maintenance
