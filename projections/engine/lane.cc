#include "projections/engine/lane.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"

namespace samverk::projections {
namespace {

// So many events leave messages that stay in the processor's cache.
constexpr uint64_t kPackEvents = 200;

// Errors that do not go away by trying again.
bool IsPermanent(const absl::Status& status) {
  return status.code() != absl::StatusCode::kUnavailable &&
         status.code() != absl::StatusCode::kDeadlineExceeded &&
         status.code() != absl::StatusCode::kResourceExhausted;
}

}  // namespace

Lane::Lane(EventStore& events, ViewStore& views, std::vector<LaneTable> tables,
           Options options)
    : events_(&events),
      views_(&views),
      options_(std::move(options)),
      tables_(std::move(tables)),
      lookup_(events),
      dispatcher_(std::in_place, lookup_),
      committed_at_(absl::Now()) {
  committed_ = Applied();
}

Position Lane::Applied() const {
  if (tables_.empty()) return committed_;
  return (*std::min_element(tables_.begin(), tables_.end(),
                            [](const LaneTable& a, const LaneTable& b) {
                              return a.table->applied() < b.table->applied();
                            }))
      .table->applied();
}

bool Lane::Pending() const {
  return last_.has_value() && Applied() != committed_;
}

bool Lane::Settled() const {
  return std::all_of(tables_.begin(), tables_.end(), [&](const LaneTable& e) {
    return e.table->live() && e.table->applied() == committed_;
  });
}

Position Lane::answering() const {
  for (const LaneTable& entry : tables_) {
    // Its predecessor still answers, and with it all live tables stand there.
    if (!entry.table->live() && entry.live_at.has_value()) {
      return *entry.live_at;
    }
  }
  return committed_;
}

absl::StatusOr<Lane::Step> Lane::Advance(Position bound) {
  Step step;
  SAMVERK_CHECK(!lost_) << "a lane that could not write is made anew";
  if (tables_.empty()) {
    step.at_end = true;
    return step;
  }
  if (!log_.has_value()) {
    ReadOptions options;
    options.after = Applied();
    options.before = bound.Next();
    options.limit = options_.page_events;
    log_.emplace(*events_, std::move(options));
  }
  const auto page = log_->Next();
  if (!page.ok()) {
    const absl::Status error = page.status();
    log_.reset();
    if (IsPermanent(error)) {
      if (Pending()) RETURN_IF_ERROR(Commit());
      StopAll(Applied().Next(), error);
    }
    return error;
  }
  std::optional<Stop> halt;
  const absl::Status taken = TakeIn(**page, step, halt);
  step.at_end = (*page)->page.end || tables_.empty() || halt.has_value();
  if (step.at_end || !taken.ok()) log_.reset();
  RETURN_IF_ERROR(taken);
  if (Pending() && (step.at_end || MemoryBytes() > options_.memory_bytes ||
                    absl::Now() - committed_at_ > options_.commit_every)) {
    RETURN_IF_ERROR(Commit());
    step.committed = true;
  }
  if (halt.has_value()) StopAll(halt->position, halt->why);
  return step;
}

absl::Status Lane::TakeIn(const DecodedPage& page, Step& step,
                          std::optional<Stop>& halt) {
  absl::Status error;
  for (const RecordedEvent& event : page.page.events) {
    const Position position = event.position();
    absl::Status dispatched;
    if (step.events == page.decoded.size()) {
      dispatched = page.status;
    } else if (const auto& placed = page.decoded[step.events]) {
      dispatched = dispatcher_->Dispatch(
          *placed, [&](FactChange change, const Fact& fact) {
            Apply(position, change, fact);
          });
    }
    if (!dispatched.ok()) {
      if (IsPermanent(dispatched)) {
        halt = Stop{ProjectionId{}, position, committed_, dispatched};
      } else {
        error = dispatched;
      }
      break;
    }
    if (step.events % kPackEvents == 0) {
      for (const LaneTable& entry : tables_) entry.table->Pack();
    }
    StopBrokenTables(position);
    if (tables_.empty()) break;
    for (const LaneTable& entry : tables_) {
      if (entry.table->applied() < position) entry.table->SetApplied(position);
    }
    ++step.events;
  }
  if (step.events > 0) last_ = page.page.events[step.events - 1];
  return error;
}

void Lane::Apply(Position position, FactChange change, const Fact& fact) {
  for (const LaneTable& entry : tables_) {
    StoredViewTable& table = *entry.table;
    if (table.applied() >= position) continue;  // it is ahead
    if (change == FactChange::kApply) {
      table.projection().apply(fact, table);
    } else {
      table.projection().retract(fact, table);
    }
  }
}

void Lane::StopBrokenTables(Position position) {
  const auto broken = [&](const LaneTable& entry) {
    return !entry.table->status().ok();
  };
  for (const LaneTable& entry : tables_) {
    if (!broken(entry)) continue;
    stops_.push_back({entry.table->projection().id, position, committed_,
                      entry.table->status()});
  }
  tables_.erase(std::remove_if(tables_.begin(), tables_.end(), broken),
                tables_.end());
}

void Lane::StopAll(Position position, const absl::Status& why) {
  for (const LaneTable& entry : tables_) {
    stops_.push_back({entry.table->projection().id, position, committed_, why});
  }
  tables_.clear();
  log_.reset();
}

size_t Lane::MemoryBytes() const {
  size_t bytes = 0;
  for (const LaneTable& entry : tables_) bytes += entry.table->MemoryBytes();
  return bytes;
}

void Lane::Shrink() {
  std::vector<StoredViewTable*> largest_first;
  for (const LaneTable& entry : tables_) {
    largest_first.push_back(entry.table.get());
  }
  std::sort(largest_first.begin(), largest_first.end(),
            [](const StoredViewTable* a, const StoredViewTable* b) {
              return a->MemoryBytes() > b->MemoryBytes();
            });
  for (StoredViewTable* table : largest_first) {
    if (MemoryBytes() <= options_.memory_bytes / 2) return;
    table->Forget();
  }
}

absl::Status Lane::Commit() {
  const Hash hash = Sha256(last_->record());
  ViewBatch batch;
  for (const LaneTable& entry : tables_) {
    StoredViewTable& table = *entry.table;
    if (table.applied() != last_->position()) continue;  // it is ahead
    table.WriteTo(batch, last_->header().recorded_at_us, hash);
    if (table.live() || !entry.live_at.has_value() ||
        table.applied() < *entry.live_at) {
      continue;
    }
    table.GoLive(batch);
    if (entry.replaces.has_value()) batch.Drop(*entry.replaces);
  }
  if (options_.before_commit) options_.before_commit();
  if (absl::Status status = views_->Commit(std::move(batch)); !status.ok()) {
    if (IsPermanent(status)) {
      StopAll(last_->position(), status);
    } else {
      lost_ = true;
    }
    return status;
  }
  Shrink();
  committed_ = Applied();
  committed_at_ = absl::Now();
  return absl::OkStatus();
}

absl::Status Lane::Adopt(std::unique_ptr<StoredViewTable> table) {
  SAMVERK_CHECK(table->applied() == committed_ && Settled())
      << "a rebuilt table joins where the others are";
  const ProjectionId id = table->projection().id;
  const auto old =
      std::find_if(tables_.begin(), tables_.end(), [&](const LaneTable& entry) {
        return entry.table->projection().id == id;
      });
  ViewBatch batch;
  table->GoLive(batch);
  RETURN_IF_ERROR(views_->Commit(std::move(batch)));
  if (tables_.empty()) {
    // What was read and dispatched after committed() reached no table that is
    // left; it comes again.
    log_.reset();
    last_.reset();
    dispatcher_.emplace(lookup_);
  }
  LaneTable entry;
  entry.table = std::move(table);
  if (old != tables_.end()) {
    *old = std::move(entry);
  } else {
    tables_.push_back(std::move(entry));
  }
  stops_.erase(
      std::remove_if(stops_.begin(), stops_.end(),
                     [&](const Stop& stop) { return stop.projection == id; }),
      stops_.end());
  return absl::OkStatus();
}

std::unique_ptr<StoredViewTable> Lane::Release() {
  SAMVERK_CHECK(tables_.size() == 1);
  return std::move(tables_.front().table);
}

}  // namespace samverk::projections
