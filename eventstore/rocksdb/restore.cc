#include "eventstore/rocksdb/restore.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/database.h"
#include "eventstore/rocksdb/derived_store.h"
#include "eventstore/rocksdb/file_lock.h"
#include "eventstore/rocksdb/log_reader.h"
#include "eventstore/rocksdb/register_state.h"
#include "eventstore/rocksdb/rocksdb_commit_log.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

constexpr size_t kReadBytes = 4 << 20;

absl::Status Invalid(absl::StatusCode code, const std::string& message,
                     Position to) {
  return MakeError(code, error::v1::REASON_INVALID_FIELD, message,
                   {{"to", absl::StrCat(to.value())}});
}

absl::Status NotTheBackedUp(const Backup& backup, std::string_view what) {
  const std::string text(what);
  return MakeError(absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
                   absl::StrCat("backup ", backup.number,
                                " is not what was backed up: ", text,
                                "; nothing was restored, use another backup"),
                   {{"what", text}});
}

// The commit's requests that end at `to` or before, as a commit of their own.
// Tracks are left out: which request one came with is not recorded, and a
// consumer that hears of an event twice drops the second by its id.
absl::StatusOr<Commit> CutCommit(const Commit& whole, TreeFrontier frontier,
                                 Position to) {
  const uint64_t before = whole.header.first_position().value() - 1;
  Commit cut;
  uint64_t end = before;
  for (const uint32_t count : whole.header.requests) {
    const uint64_t next = end + count;
    if (next > to.value()) break;
    cut.header.requests.push_back(count);
    end = next;
  }
  if (end != to.value()) {
    const uint64_t next =
        end + whole.header.requests[cut.header.requests.size()];
    return Invalid(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("position ", to.value(),
                     " lies within a request, of the "
                     "events ",
                     end + 1, " to ", next,
                     "; they were recorded together and are restored together: "
                     "restore to ",
                     next, end == 0 ? "" : absl::StrCat(", or to ", end)),
        to);
  }
  cut.header.kind = whole.header.kind;
  cut.header.count = static_cast<uint32_t>(end - before);
  for (size_t i = 0; i < cut.header.count; ++i) {
    cut.AddRecord(whole.record(i));
    frontier.Append(cut.leaves().back());
  }
  cut.header.after = whole.header.after;
  cut.header.after.position = to;
  cut.header.after.tree = frontier.Head();
  return cut;
}

// Reads a log from its beginning, verifies it (R3), and copies it up to a
// position.
class LogCopy {
 public:
  LogCopy(RocksDbCommitLog& from, const Backup& backup,
          const RestoreOptions& options)
      : from_(from), backup_(backup), options_(options) {}

  // `to` may be null: then nothing is copied.
  absl::Status Run(RocksDbCommitLog* to) {
    const CommitPoint head = from_.Head();
    if (options_.to.has_value() && *options_.to > head.position) {
      return Invalid(
          absl::StatusCode::kOutOfRange,
          absl::StrCat("position ", options_.to->value(),
                       " is beyond the end of backup ", backup_.number,
                       ", which is ", head.position.value(),
                       "; restore to that one or before"),
          *options_.to);
    }
    while (point_.sequence < head.sequence) {
      auto commits = from_.Read(point_.sequence, kReadBytes);
      if (!commits.ok()) {
        return NotTheBackedUp(backup_, std::string(commits.status().message()));
      }
      std::vector<Commit> copied;
      for (Commit& commit : *commits) {
        RETURN_IF_ERROR(Take(commit, to != nullptr, copied));
      }
      if (!copied.empty()) RETURN_IF_ERROR(to->Append(copied).status());
      if (options_.on_progress) {
        options_.on_progress(point_.position, head.position);
      }
    }
    if (point_.sequence < backup_.manifest.point.sequence) {
      return NotTheBackedUp(
          backup_,
          absl::StrCat("its log ends at position ", point_.position.value(),
                       ", its manifest tells of position ",
                       backup_.manifest.point.position.value()));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Take(Commit& commit, bool copy, std::vector<Commit>& copied) {
    const TreeFrontier before = frontier_;
    for (const Hash& leaf : commit.leaves()) frontier_.Append(leaf);
    const CommitPoint& after = commit.header.after;
    if (after.sequence != point_.sequence + 1 || after.epoch < point_.epoch ||
        after.recorded_at_us < point_.recorded_at_us ||
        commit.header.first_position() != point_.position.Next() ||
        after.tree != frontier_.Head()) {
      return NotTheBackedUp(
          backup_, absl::StrCat("commit ", after.sequence,
                                " does not follow from the ones before it"));
    }
    point_ = after;
    const CommitPoint& known = backup_.manifest.point;
    if (point_.sequence == known.sequence && point_ != known) {
      return NotTheBackedUp(
          backup_, absl::StrCat("position ", point_.position.value(),
                                " has another root than its manifest"));
    }
    if (!copy || copied_all_) return absl::OkStatus();
    if (after.position <= *options_.to) {
      copied.push_back(std::move(commit));
      return absl::OkStatus();
    }
    copied_all_ = true;
    if (commit.header.first_position() > *options_.to) return absl::OkStatus();
    ASSIGN_OR_RETURN(Commit cut, CutCommit(commit, before, *options_.to));
    copied.push_back(std::move(cut));
    return absl::OkStatus();
  }

  RocksDbCommitLog& from_;
  const Backup& backup_;
  const RestoreOptions& options_;
  CommitPoint point_;
  TreeFrontier frontier_;
  bool copied_all_ = false;
};

absl::StatusOr<std::unique_ptr<Database>> OpenAt(const std::string& directory,
                                                 const std::string& origin,
                                                 absl::Time created) {
  Database::Options options;
  options.directory = directory;
  options.origin = origin;
  options.now = created;
  return Database::Open(options);
}

// Brings indexes and tiles up to the log, which is thereby read once more.
absl::Status Derive(Database& database, RocksDbCommitLog& log,
                    const Index::SegmentSize& segment_size) {
  const LogReader records(database);
  DerivedStore derived(database);
  ASSIGN_OR_RETURN(
      const auto state,
      RegisterState::Open(log, records, derived, {false, segment_size, {}}));
  return state->index().Flush();
}

// The register in `directory`/whole, or in `directory`/cut.
absl::StatusOr<CommitPoint> Make(const RestoreOptions& options,
                                 const Backup& backup,
                                 const std::string& work) {
  const std::string whole = work + "/whole";
  RETURN_IF_ERROR(CopyBackup(options.backups, backup.number, whole));
  ASSIGN_OR_RETURN(auto database, OpenAt(whole, backup.manifest.origin, {}));
  ASSIGN_OR_RETURN(auto log, RocksDbCommitLog::Open(*database));
  if (!options.to.has_value()) {
    RETURN_IF_ERROR(LogCopy(*log, backup, options).Run(nullptr));
    RETURN_IF_ERROR(Derive(*database, *log, options.segment_size));
    return log->Head();
  }
  ASSIGN_OR_RETURN(const auto cut,
                   OpenAt(work + "/cut", database->description().origin,
                          database->description().created));
  ASSIGN_OR_RETURN(const auto cut_log, RocksDbCommitLog::Open(*cut));
  RETURN_IF_ERROR(LogCopy(*log, backup, options).Run(cut_log.get()));
  RETURN_IF_ERROR(Derive(*cut, *cut_log, options.segment_size));
  return cut_log->Head();
}

void SyncDirectory(const fs::path& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

}  // namespace

std::string RestoringDirectory(const std::string& directory) {
  return directory + ".restoring";
}

absl::StatusOr<Restored> Restore(const RestoreOptions& options) {
  if (options.to == Position(0)) {
    return Invalid(absl::StatusCode::kInvalidArgument,
                   "position 0 is before the first event; restore to 1 or "
                   "later",
                   *options.to);
  }
  std::error_code error;
  if (fs::exists(options.directory, error)) {
    return absl::AlreadyExistsError(
        absl::StrCat(options.directory,
                     " is there already; restore into another directory"));
  }
  ASSIGN_OR_RETURN(const Backup backup,
                   FindBackup(options.backups, options.number));
  const std::string work = RestoringDirectory(options.directory);
  fs::create_directories(work, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat(work, " cannot be made: ", error.message(),
                     "; name a directory that may be written to"));
  }
  ASSIGN_OR_RETURN(
      auto lock, FileLock::Take(work + "/LOCK",
                                absl::StrCat("another restore writes to ", work,
                                             "; wait for it to end")));
  for (const char* part : {"/whole", "/cut"}) {
    fs::remove_all(work + part, error);
  }
  fs::create_directories(work + "/whole", error);
  auto made = Make(options, backup, work);
  if (made.ok()) {
    const std::string part = options.to.has_value() ? "/cut" : "/whole";
    SyncDirectory(work + part);
    fs::rename(work + part, options.directory, error);  // R1
    SyncDirectory(fs::path(options.directory).parent_path());
    if (error) {
      made = absl::UnavailableError(absl::StrCat(
          "the restored register cannot be given its name ", options.directory,
          ": ", error.message(), "; look at the disk, then try again"));
    }
  }
  lock.reset();
  fs::remove_all(work, error);
  if (!made.ok()) return made.status();
  return Restored{backup, backup.manifest.origin, *made};
}

}  // namespace samverk
