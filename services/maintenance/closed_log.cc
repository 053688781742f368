#include "services/maintenance/closed_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/store_errors.h"

namespace samverk::maintenance {
namespace {

absl::Status Unreadable(uint64_t position) {
  return DataDamaged(absl::StrCat("event ", position), "it cannot be read");
}

}  // namespace

absl::StatusOr<std::unique_ptr<ClosedLog>> ClosedLog::Open(
    const std::string& directory, Position stored_through, Position head) {
  absl::Status wrong;
  Findings findings([&](const samverk::Finding& finding) {
    wrong = DataDamaged(finding.where, finding.found);
  });
  ASSIGN_OR_RETURN(auto closed, ClosedRegister::Open(directory, findings));
  RETURN_IF_ERROR(wrong);
  auto log = std::unique_ptr<ClosedLog>(new ClosedLog(std::move(closed), head));
  RETURN_IF_ERROR(log->IndexTail(stored_through));
  return log;
}

absl::Status ClosedLog::IndexTail(Position stored_through) {
  NumberedRows rows(closed_->Scan(closed_->events()));
  for (uint64_t n = stored_through.value() + 1; n <= head_.value(); ++n) {
    if (rows.Read(n) != NumberedRows::State::kThere ||
        rows.value().size() < kRecordHeaderBytes) {
      return Unreadable(n);
    }
    ASSIGN_OR_RETURN(const BodyView body,
                     DecodeBody(rows.value().substr(kRecordHeaderBytes)));
    tail_[body.id] = Position(n);
  }
  return absl::OkStatus();
}

void ClosedLog::Append(AppendRequest /*request*/, absl::Time /*deadline*/,
                       AppendCallback done) {
  done(ReadOnly("it is only looked at"));
}

absl::StatusOr<ReadEnd> ClosedLog::Visit(const ReadOptions& options,
                                         EventVisitor visit) {
  if (options.direction != Direction::kForward) {
    return absl::UnimplementedError("a closed log is read forward");
  }
  ReadEnd result;
  result.head = head_;
  Position end = head_;
  if (options.before.has_value() && *options.before <= head_) {
    end = Position(std::max<uint64_t>(options.before->value(), 1) - 1);
  }
  result.scanned_to = std::max(options.after, end);
  result.end = true;
  if (!options.query.items.empty() || options.after >= end) return result;
  NumberedRows rows(closed_->Scan(closed_->events()));
  for (uint64_t n = options.after.value() + 1; n <= end.value(); ++n) {
    bool more = n - options.after.value() <= options.limit;
    if (more) {
      if (rows.Read(n) != NumberedRows::State::kThere) return Unreadable(n);
      ASSIGN_OR_RETURN(const RecordView event, RecordView::Of(rows.value()));
      more = visit(event);
    }
    if (!more) {
      result.end = false;
      result.scanned_to = Position(n - 1);
      break;
    }
  }
  return result;
}

absl::StatusOr<Position> ClosedLog::AwaitBeyond(Position position,
                                                absl::Time deadline) {
  if (head_ > position) return head_;
  Mutex mu;
  CondVar never;
  MutexLock lock(mu);
  while (absl::Now() < deadline) never.WaitUntil(mu, deadline);
  return DeadlinePassed();
}

absl::StatusOr<std::vector<std::optional<Position>>> ClosedLog::Locate(
    absl::Span<const EventId> ids) {
  std::vector<std::optional<Position>> positions;
  for (const EventId& id : ids) {
    std::optional<Position>& position = positions.emplace_back();
    if (const auto it = tail_.find(id); it != tail_.end()) {
      position = it->second;
      continue;
    }
    if (closed_->derived() == nullptr) continue;
    std::string value;
    const auto found = closed_->db().Get(
        rocksdb::ReadOptions(), closed_->derived(), keys::Id(id), &value);
    if (found.IsNotFound()) continue;
    RETURN_IF_ERROR(FromRocks(found, "the id index"));
    std::string_view bytes = value;
    uint64_t at = 0;
    if (!TakeVarint(bytes, at)) {
      return DataDamaged("the id index", "an entry cannot be taken apart");
    }
    if (at <= head_.value()) position = Position(at);
  }
  return positions;
}

}  // namespace samverk::maintenance
