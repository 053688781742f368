#include "projections/engine/projector.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/store_errors.h"
#include "projections/engine/table_plan.h"

namespace samverk::projections {
namespace {

// How long the thread sleeps at most: deadlines and requests are seen then.
constexpr absl::Duration kRound = absl::Milliseconds(100);
// After an error that may go away.
constexpr absl::Duration kRetryAfter = absl::Seconds(1);
// A page of a rebuild: short, because live views wait for it.
constexpr uint32_t kRebuildPageEvents = 1'000;

std::string PositionText(Position position) {
  return absl::StrCat(position.value());
}

absl::Status Stopped(const Stop& stop, std::string_view name) {
  return MakeError(
      absl::StatusCode::kUnavailable, error::v1::REASON_PROJECTION_STOPPED,
      absl::StrCat("the projection ", ToAbsl(name), " has stopped at position ",
                   stop.position.value(), ": ", stop.why.message()),
      {{"projection", std::string(name)},
       {"position", PositionText(stop.position)},
       {"why", std::string(stop.why.message())}});
}

absl::Status NotCaughtUp(absl::StatusCode code, Position wanted,
                         Position answering) {
  return MakeError(
      code, error::v1::REASON_NOT_CAUGHT_UP,
      absl::StrCat("the views take in position ", answering.value(),
                   " and not yet ", wanted.value(), "; ask again"),
      {{"position", PositionText(wanted)},
       {"applied", PositionText(answering)}});
}

// True when the marker is of this log: its last event is the log's.
absl::StatusOr<bool> IsOfLog(EventStore& events, const TableMarker& marker) {
  if (marker.applied == Position(0)) return true;
  ReadOptions options;
  options.after = Position(marker.applied.value() - 1);
  options.limit = 1;
  ASSIGN_OR_RETURN(const EventPage page, events.Read(options));
  return !page.events.empty() &&
         Sha256(page.events[0].record()) == marker.record_hash;
}

// Views take in nothing that is not durable, so the log has lost what they have
// seen, or is another one.
absl::Status LogLacksEvents(const StoredTable& table, Position head) {
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat("the log has lost events or is another one: the view ",
                   table.id.projection, " takes in position ",
                   table.marker.applied.value(), ", which the log (head ",
                   head.value(),
                   ") does not hold or holds with another event; restore the "
                   "latest backup, or start with --rebuild if the log was "
                   "restored from an older one or the loss is accepted"),
      {{"where", absl::StrCat("position ", table.marker.applied.value())},
       {"head", PositionText(head)}});
}

// What is stored. When it is of another log: nothing, and it is dropped, if
// that is `accepted`.
absl::StatusOr<std::vector<StoredTable>> UsableTables(
    EventStore& events, ViewStore& views, bool accepted,
    const std::function<void(std::string_view)>& log) {
  ASSIGN_OR_RETURN(std::vector<StoredTable> stored, views.Tables());
  for (const StoredTable& table : stored) {
    ASSIGN_OR_RETURN(const bool usable, IsOfLog(events, table.marker));
    if (usable) continue;
    if (!accepted) return LogLacksEvents(table, events.Head());
    log(absl::StrCat(
        "the views are thrown away and built again: ", table.id.projection,
        " takes in position ", table.marker.applied.value(),
        ", which this log does not hold or holds with another event (head ",
        events.Head().value(), ")"));
    ViewBatch batch;
    for (const StoredTable& each : stored) batch.Drop(each.id);
    RETURN_IF_ERROR(views.Commit(std::move(batch)));
    return std::vector<StoredTable>();
  }
  return stored;
}

}  // namespace

Projector::Projector(EventStore& events, Options options)
    : events_(&events), options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<Projector>> Projector::Open(EventStore& events,
                                                           Options options) {
  std::unique_ptr<Projector> projector(
      new Projector(events, std::move(options)));
  RETURN_IF_ERROR(projector->OpenViews());
  projector->Publish();
  projector->thread_ = std::thread([p = projector.get()] { p->Run(); });
  return projector;
}

absl::Status Projector::OpenViews() {
  ViewStore::Options store = options_.store;
  store.directory = options_.directory;
  std::string discarded;
  ASSIGN_OR_RETURN(views_, ViewStore::Open(store, discarded));
  if (!discarded.empty()) {
    options_.log(absl::StrCat(
        "the view store could not be used and is built again: ", discarded));
  }
  return OpenLane();
}

absl::Status Projector::OpenLane() {
  ASSIGN_OR_RETURN(
      const auto stored,
      UsableTables(*events_, *views_, options_.accept_loss, options_.log));
  const TablePlan plan = PlanTables(options_.projections, stored);
  ViewBatch batch;
  std::vector<LaneTable> tables;
  for (const StoredTable& table : plan.leftover) batch.Drop(table.id);
  for (const PlannedTable& planned : plan.tables) {
    if (planned.begin) batch.SetMarker(planned.table.id, planned.table.marker);
    if (planned.go_live) batch.SetLive(planned.table.id);
    if (planned.replaces.has_value()) {
      options_.log(absl::StrCat("the projection ", planned.table.id.projection,
                                " has version ", planned.projection.version,
                                " now and is built again"));
    }
    uint64_t& last = generations_[planned.table.id.projection];
    last = std::max(last, planned.table.id.generation);
    tables.push_back({std::make_unique<StoredViewTable>(
                          *views_, planned.projection, planned.table),
                      planned.live_at, planned.replaces});
  }
  RETURN_IF_ERROR(views_->Commit(std::move(batch)));
  live_ = std::make_unique<Lane>(*events_, *views_, std::move(tables),
                                 options_.lane);
  return absl::OkStatus();
}

Projector::~Projector() {
  {
    MutexLock lock(mu_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
  AnswerWaiters();
  if (rebuild_ != nullptr) rebuild_->request.observer(ShuttingDown());
  for (const Request& request : requests_) request.observer(ShuttingDown());
}

bool Projector::Stopping() {
  MutexLock lock(mu_);
  return stopping_;
}

void Projector::Run() {
  while (!Stopping()) {
    const auto idle = Work();
    Publish();
    AnswerWaiters();
    absl::Duration pause;
    if (!idle.ok()) {
      options_.log(absl::StrCat("the views stand still for now: ",
                                idle.status().ToString()));
      pause = kRetryAfter;
    } else if (*idle) {
      const Position seen =
          live_->tables().empty() ? events_->Head() : live_->committed();
      const auto head = events_->AwaitBeyond(seen, absl::Now() + kRound);
      // A store that is closing answers at once.
      const bool closing =
          !head.ok() && head.status().code() == absl::StatusCode::kUnavailable;
      if (closing) pause = kRound;
    }
    MutexLock lock(mu_);
    if (pause != absl::ZeroDuration() && !stopping_) {
      wake_.WaitUntil(mu_, absl::Now() + pause);
    }
  }
}

absl::StatusOr<bool> Projector::Work() {
  if (live_->lost()) RETURN_IF_ERROR(Reopen());
  std::optional<Request> request;
  if (rebuild_ == nullptr) {
    MutexLock lock(mu_);
    if (!requests_.empty()) {
      request = std::move(requests_.front());
      requests_.pop_front();
    }
  }
  if (request.has_value()) {
    const absl::Status started = StartRebuild(*request);
    if (!started.ok()) Answer(*request, started);
  }
  ASSIGN_OR_RETURN(const Lane::Step step, live_->Advance(events_->Head()));
  // Before a rebuild takes its turn: who waits for what was just committed is
  // answered first.
  Publish();
  AnswerWaiters();
  if (rebuild_ == nullptr) return step.at_end;
  ASSIGN_OR_RETURN(const bool waiting, AdvanceRebuild());
  return step.at_end && waiting;
}

absl::Status Projector::Reopen() {
  if (rebuild_ != nullptr) {
    EndRebuild(absl::UnavailableError(
        "the views could not be written; ask for the rebuild again"));
  }
  RETURN_IF_ERROR(views_->Resume());
  return OpenLane();
}

absl::Status Projector::StartRebuild(const Request& request) {
  const std::string name(request.projection.name);
  StoredTable table;
  table.id = {name, ++generations_[name]};
  table.marker.version = request.projection.version;
  ViewBatch batch;
  batch.SetMarker(table.id, table.marker);
  RETURN_IF_ERROR(views_->Commit(std::move(batch)));

  rebuild_ = std::make_unique<RebuildRun>();
  std::vector<LaneTable> tables;
  tables.push_back(
      {std::make_unique<StoredViewTable>(*views_, request.projection, table),
       std::nullopt, std::nullopt});
  Lane::Options lane = options_.lane;
  lane.page_events = std::min(lane.page_events, kRebuildPageEvents);
  rebuild_->lane = std::make_unique<Lane>(*events_, *views_, std::move(tables),
                                          std::move(lane));
  rebuild_->request = request;
  rebuild_->started = absl::Now();
  return absl::OkStatus();
}

absl::StatusOr<bool> Projector::AdvanceRebuild() {
  Lane& lane = *rebuild_->lane;
  const absl::StatusOr<Lane::Step> advanced = lane.Advance(live_->committed());
  if (lane.lost()) {
    EndRebuild(advanced.status());
    return false;
  }
  ASSIGN_OR_RETURN(const Lane::Step step, advanced);
  if (!lane.stops().empty()) {
    EndRebuild(lane.stops().front().why);
    return false;
  }
  if (lane.committed() == live_->committed() && live_->Settled()) {
    const absl::Status swapped = SwapRebuilt();
    if (!swapped.ok()) EndRebuild(swapped);
    return false;
  }
  if (step.committed) rebuild_->request.observer(ProgressOfRebuild());
  // The end of what the lane set out to read; meanwhile there may be more.
  return step.at_end && lane.committed() >= live_->committed();
}

absl::Status Projector::SwapRebuilt() {
  const Projection projection = rebuild_->request.projection;
  ASSIGN_OR_RETURN(const auto stored, views_->Tables());
  std::unique_ptr<StoredViewTable> table = rebuild_->lane->Release();
  const TableId id = table->id();
  RETURN_IF_ERROR(live_->Adopt(std::move(table)));
  ViewBatch batch;
  for (const StoredTable& old : stored) {
    if (old.id.projection == projection.name && old.id != id)
      batch.Drop(old.id);
  }
  // It answers now; what is left of the old one goes at the next start.
  if (const auto dropped = views_->Commit(std::move(batch)); !dropped.ok()) {
    options_.log(absl::StrCat("the old entries of ", ToAbsl(projection.name),
                              " stay for now: ", dropped.ToString()));
  }
  RebuildProgress progress = ProgressOfRebuild();
  progress.done = true;
  EndRebuild(progress);
  return absl::OkStatus();
}

void Projector::EndRebuild(const absl::StatusOr<RebuildProgress>& result) {
  const std::unique_ptr<RebuildRun> run = std::move(rebuild_);
  Publish();
  Answer(run->request, result);
}

void Projector::Answer(const Request& request,
                       const absl::StatusOr<RebuildProgress>& result) {
  {
    MutexLock lock(mu_);
    rebuilding_.erase(std::find(rebuilding_.begin(), rebuilding_.end(),
                                request.projection.id));
  }
  if (!result.ok()) {
    options_.log(absl::StrCat("the rebuild of ",
                              ToAbsl(request.projection.name),
                              " has failed: ", result.status().ToString()));
  }
  request.observer(result);
}

RebuildProgress Projector::ProgressOfRebuild() const {
  RebuildProgress progress;
  progress.applied = rebuild_->lane->committed();
  progress.head = events_->Head();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - rebuild_->started);
  if (seconds > 0) {
    progress.events_per_second =
        static_cast<double>(progress.applied.value()) / seconds;
  }
  return progress;
}

void Projector::Publish() {
  std::vector<ProjectionStatus> all;
  for (const Projection& projection : options_.projections) {
    ProjectionStatus status;
    status.name = projection.name;
    status.version = projection.version;
    status.applied = live_->answering();
    for (const LaneTable& entry : live_->tables()) {
      if (entry.table->projection().id != projection.id) continue;
      status.state = ProjectionStatus::State::kLive;
      status.entries = entry.table->entries();
      if (!entry.table->live()) {
        status.rebuild_applied = entry.table->applied();
      }
    }
    if (rebuild_ != nullptr &&
        rebuild_->request.projection.id == projection.id) {
      status.rebuild_applied = rebuild_->lane->committed();
    }
    if (status.rebuild_applied.has_value()) {
      status.state = ProjectionStatus::State::kRebuilding;
    }
    for (const Stop& stop : live_->stops()) {
      if (stop.projection != projection.id) continue;
      status.state = ProjectionStatus::State::kStopped;
      status.applied = stop.committed;
      status.stopped_reason =
          std::string(Stopped(stop, projection.name).message());
    }
    all.push_back(std::move(status));
  }
  std::vector<std::string> news;
  {
    MutexLock lock(mu_);
    for (size_t i = 0; i < all.size(); ++i) {
      const bool known = i < status_.size() &&
                         status_[i].stopped_reason == all[i].stopped_reason;
      if (!known && !all[i].stopped_reason.empty()) {
        news.push_back(all[i].stopped_reason);
      }
    }
    status_ = std::move(all);
    stops_ = live_->stops();
    answering_ = live_->answering();
  }
  for (const std::string& text : news) options_.log(text);
}

std::optional<absl::Status> Projector::Outcome(Position position,
                                               absl::Time deadline) {
  if (answering_ >= position) return absl::OkStatus();
  if (stopping_) return ShuttingDown();
  if (stops_.size() == options_.projections.size() && !stops_.empty()) {
    return Stopped(stops_.front(), "of every view");
  }
  if (absl::Now() >= deadline) {
    return NotCaughtUp(absl::StatusCode::kDeadlineExceeded, position,
                       answering_);
  }
  return std::nullopt;
}

void Projector::AnswerWaiters() {
  std::vector<std::pair<std::function<void(absl::Status)>, absl::Status>> ended;
  {
    MutexLock lock(mu_);
    for (size_t i = 0; i < waiters_.size();) {
      auto outcome = Outcome(waiters_[i].position, waiters_[i].deadline);
      if (!outcome.has_value()) {
        ++i;
        continue;
      }
      ended.emplace_back(std::move(waiters_[i].done), *std::move(outcome));
      std::swap(waiters_[i], waiters_.back());
      waiters_.pop_back();
    }
  }
  for (auto& [done, status] : ended) done(std::move(status));
}

void Projector::OnApplied(Position position, absl::Time deadline,
                          std::function<void(absl::Status)> done) {
  std::optional<absl::Status> outcome;
  {
    MutexLock lock(mu_);
    outcome = Outcome(position, deadline);
    if (!outcome.has_value()) {
      waiters_.push_back({position, deadline, std::move(done)});
    }
  }
  if (outcome.has_value()) done(*std::move(outcome));
}

absl::Status Projector::AwaitApplied(Position position, absl::Time deadline) {
  struct {
    Mutex mu;
    CondVar arrived;
    std::optional<absl::Status> status ABSL_GUARDED_BY(mu);
  } answer;
  OnApplied(position, deadline, [&](absl::Status status) {
    MutexLock lock(answer.mu);
    answer.status = std::move(status);
    answer.arrived.NotifyOne();
  });
  MutexLock lock(answer.mu);
  while (!answer.status.has_value()) answer.arrived.Wait(answer.mu);
  return *answer.status;
}

absl::StatusOr<LiveViews> Projector::Views(ProjectionSet needed) {
  Position answering;
  {
    MutexLock lock(mu_);
    answering = answering_;
    for (const Stop& stop : stops_) {
      if (!needed.Has(stop.projection)) continue;
      for (const Projection& projection : options_.projections) {
        if (projection.id == stop.projection) {
          return Stopped(stop, projection.name);
        }
      }
    }
  }
  LiveViews live;
  ASSIGN_OR_RETURN(live.snapshot, views_->Snapshot(options_.projections));
  const TableMarker* first = nullptr;
  for (const Projection& projection : options_.projections) {
    if (!needed.Has(projection.id)) continue;
    const auto& marker = live.snapshot->MarkerOf(projection.id);
    const bool same_position =
        marker.has_value() &&
        (first == nullptr || marker->applied == first->applied);
    if (!same_position) {
      return NotCaughtUp(absl::StatusCode::kUnavailable, answering,
                         marker.has_value() ? marker->applied : Position(0));
    }
    first = &*marker;
  }
  if (first != nullptr) {
    live.position = first->applied;
    live.recorded_at_us = first->recorded_at_us;
  }
  return live;
}

absl::Status Projector::Rebuild(std::string_view name,
                                RebuildObserver observer) {
  std::string names;
  for (const Projection& projection : options_.projections) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", ToAbsl(projection.name));
    if (projection.name != name) continue;
    MutexLock lock(mu_);
    const bool runs = std::find(rebuilding_.begin(), rebuilding_.end(),
                                projection.id) != rebuilding_.end();
    if (runs) {
      return absl::FailedPreconditionError(
          absl::StrCat("the projection ", ToAbsl(name),
                       " is being rebuilt already; wait for that to end"));
    }
    rebuilding_.push_back(projection.id);
    requests_.push_back({projection, std::move(observer)});
    wake_.NotifyAll();
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                   absl::StrCat("there is no projection \"", ToAbsl(name),
                                "\"; there are: ", names),
                   {{"projection", std::string(name)}});
}

std::vector<ProjectionStatus> Projector::Status() {
  const Position head = events_->Head();
  MutexLock lock(mu_);
  std::vector<ProjectionStatus> all = status_;
  for (ProjectionStatus& status : all) {
    if (status.state == ProjectionStatus::State::kLive &&
        status.applied < head) {
      status.state = ProjectionStatus::State::kCatchingUp;
    }
  }
  return all;
}

}  // namespace samverk::projections
