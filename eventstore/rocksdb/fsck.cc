#include "eventstore/rocksdb/fsck.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/closed_register.h"
#include "eventstore/rocksdb/database.h"
#include "eventstore/rocksdb/derived_store.h"
#include "eventstore/rocksdb/fsck_derived.h"
#include "eventstore/rocksdb/fsck_log.h"
#include "eventstore/rocksdb/log_reader.h"
#include "eventstore/rocksdb/register_state.h"
#include "eventstore/rocksdb/rocksdb_commit_log.h"
#include "eventstore/store_errors.h"

namespace samverk {

uint64_t FsckResult::Findings() const {
  uint64_t sum = 0;
  for (const uint64_t count : findings) sum += count;
  return sum;
}

uint64_t FsckResult::Irreparable() const {
  uint64_t sum = 0;
  for (int kind = 0; kind < kFindingKinds; ++kind) {
    if (!CanBeDerived(static_cast<FindingKind>(kind))) sum += findings[kind];
  }
  return sum;
}

absl::StatusOr<FsckResult> CheckRegister(const FsckOptions& options) {
  FsckResult result;
  Findings findings([&](const Finding& finding) {
    uint64_t& count = result.findings[static_cast<int>(finding.kind)];
    if (++count <= FsckResult::kListed && options.on_finding) {
      options.on_finding(finding);
    }
  });
  ASSIGN_OR_RETURN(const auto closed,
                   ClosedRegister::Open(options.directory, findings));
  if (closed == nullptr) {
    result.derived_checked = false;
    return result;
  }
  result.origin = closed->origin();
  DerivedCheck derived(*closed, findings, result, options.segment_size);
  LogCheck log(*closed, options, findings, derived, result);
  RETURN_IF_ERROR(log.Run());
  findings.Flush();
  derived.Finish(result.point);
  return result;
}

absl::Status RepairDerived(
    const std::string& directory, const Index::SegmentSize& segment_size,
    const std::function<void(Position done, Position all)>& on_progress) {
  Database::Options options;
  options.directory = directory;
  ASSIGN_OR_RETURN(const auto database, Database::Open(options));
  ASSIGN_OR_RETURN(const auto log, RocksDbCommitLog::Open(*database));
  const LogReader records(*database);
  DerivedStore derived(*database);
  // The marker is all that remembers a log whose end is gone.
  ASSIGN_OR_RETURN(const auto applied, derived.Applied());
  if (applied.has_value() && applied->sequence > log->Head().sequence) {
    return DataDamaged(
        "the end of the log",
        absl::StrCat("it ends at position ", log->Head().position.value(),
                     ", but events up to ", applied->position.value(),
                     " were durable"));
  }
  ASSIGN_OR_RETURN(const auto state,
                   RegisterState::Open(*log, records, derived,
                                       {true, segment_size, on_progress}));
  return state->index().Flush();
}

}  // namespace samverk
