#include "services/maintenance/maintenance.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/backup.h"
#include "eventstore/rocksdb/fsck.h"
#include "eventstore/rocksdb/restore.h"
#include "services/maintenance/view_check.h"
#include "services/maintenance/view_comparison.h"
#include "services/server/data_directory.h"

namespace samverk::maintenance {
namespace {

namespace fs = std::filesystem;

std::function<void(Position, Position)> InPositions(
    const OnProgress& on_progress) {
  if (!on_progress) return {};
  return [on_progress](Position done, Position all) {
    on_progress(done.value(), all.value());
  };
}

std::string RootOf(const CommitPoint& point) {
  return std::string(AsBytes(point.tree.root));
}

// OK when nothing is there but what a restore has left.
absl::Status CheckEmpty(const std::string& data) {
  std::error_code error;
  if (!fs::exists(data, error)) return absl::OkStatus();
  bool empty = fs::is_directory(data, error);
  const fs::path left = RestoringDirectory(LogDirectory(data));
  for (auto it = fs::directory_iterator(data, error);
       empty && it != fs::directory_iterator(); it.increment(error)) {
    empty = it->path().filename() == left.filename();
  }
  if (empty) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat(data, " is not an empty directory; restore into a new one"));
}

RestoredRegister Answer(const Backup& backup, const CommitPoint& point) {
  return {backup.number, absl::ToUnixSeconds(backup.manifest.made),
          backup.manifest.origin, point.position.value(), RootOf(point)};
}

Finding ToFinding(const samverk::Finding& finding) {
  return {std::string(NameOf(finding.kind)), finding.where, finding.expected,
          finding.found, CanBeDerived(finding.kind)};
}

// A view that has come further than the log, or was made from another one.
void CheckViewsAgainstLog(const FsckResult& log, StoredViews& views) {
  for (const projections::StoredTable& table : views.tables) {
    const Position applied = table.marker.applied;
    const std::string where = absl::StrCat(
        "view ", table.id.projection, ", generation ", table.id.generation);
    if (applied > log.point.position) {
      views.findings.push_back(
          {FindingKind::kView, where,
           absl::StrCat("events up to ", log.point.position.value(),
                        ", where the log ends"),
           absl::StrCat("event ", applied.value())});
      continue;
    }
    const auto record = log.wanted.find(applied);
    if (record != log.wanted.end() &&
        record->second != table.marker.record_hash) {
      views.findings.push_back(
          {FindingKind::kView, where,
           absl::StrCat("event ", applied.value(), " of this log"),
           "that of another one"});
    }
  }
}

struct Checked {
  FsckResult log;
  StoredViews views;
};

absl::StatusOr<Checked> CheckAll(
    const std::string& data,
    const std::function<void(const samverk::Finding&)>& on_finding,
    const OnProgress& on_progress) {
  Checked checked;
  ASSIGN_OR_RETURN(checked.views, ReadViews(ViewDirectory(data)));
  FsckOptions options;
  options.directory = LogDirectory(data);
  options.on_finding = on_finding;
  options.on_progress = InPositions(on_progress);
  for (const projections::StoredTable& table : checked.views.tables) {
    options.wanted.insert(table.marker.applied);
  }
  ASSIGN_OR_RETURN(checked.log, samverk::CheckRegister(options));
  CheckViewsAgainstLog(checked.log, checked.views);
  if (checked.log.Findings() == 0 && checked.views.findings.empty()) {
    RETURN_IF_ERROR(CompareViews(LogDirectory(data), ViewDirectory(data),
                                 checked.log, checked.views,
                                 options.on_progress));
  }
  return checked;
}

}  // namespace

absl::StatusOr<RestoredRegister> RestoreRegister(
    const RestoreRequest& request) {
  RETURN_IF_ERROR(CheckEmpty(request.data));
  RestoreOptions options;
  options.backups = request.backups;
  options.number = request.number;
  options.directory = LogDirectory(request.data);
  if (request.to.has_value()) options.to = Position(*request.to);
  options.on_progress = InPositions(request.on_progress);
  std::error_code error;
  const bool was_there = fs::exists(request.data, error);
  const auto restored = Restore(options);
  if (!restored.ok()) {
    // Only when it is empty.
    if (!was_there) fs::remove(request.data, error);
    return restored.status();
  }
  return Answer(restored->backup, restored->point);
}

absl::StatusOr<RestoredRegister> VerifyBackup(const std::string& backups,
                                              uint32_t number) {
  ASSIGN_OR_RETURN(const Backup backup, FindBackup(backups, number));
  RETURN_IF_ERROR(samverk::VerifyBackup(backups, backup.number));
  return Answer(backup, backup.manifest.point);
}

absl::StatusOr<CheckedRegister> CheckRegister(const CheckRequest& request) {
  const auto tell = [&](const samverk::Finding& finding) {
    if (request.on_finding) request.on_finding(ToFinding(finding));
  };
  ASSIGN_OR_RETURN(const Checked all,
                   CheckAll(request.data, tell, request.on_progress));
  for (const samverk::Finding& finding : all.views.findings) tell(finding);

  const FsckResult& log = all.log;
  CheckedRegister checked;
  checked.name = log.origin;
  checked.position = log.point.position.value();
  checked.root = RootOf(log.point);
  checked.commits = log.commits;
  checked.streams = log.streams;
  checked.tiles = log.tiles;
  checked.index_entries = log.index_entries;
  checked.cursors = log.cursors;
  checked.view_entries = all.views.entries;
  checked.findings = log.Findings() + all.views.findings.size();
  checked.irreparable = log.Irreparable();
  checked.derived_checked = log.derived_checked;
  return checked;
}

absl::Status RepairRegister(const std::string& data,
                            const OnProgress& on_progress) {
  RETURN_IF_ERROR(
      RepairDerived(LogDirectory(data), {}, InPositions(on_progress)));
  ASSIGN_OR_RETURN(const Checked all, CheckAll(data, {}, on_progress));
  if (all.views.findings.empty()) return absl::OkStatus();
  std::error_code error;
  fs::remove_all(ViewDirectory(data), error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      "the views in ", ViewDirectory(data), " cannot be removed: ",
      error.message(), "; remove them, the server builds them again"));
}

}  // namespace samverk::maintenance
