#include "eventstore/rocksdb/append_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/thread_name.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

// Takes turns with the callers.
constexpr uint64_t kOwnWork = ~uint64_t{0};
constexpr uint64_t kTrackWork = kOwnWork - 1;
// A commit of so many events costs more time before and after the disk than on
// it: others go on meanwhile.
constexpr size_t kWorthOverlapping = 256;
// While a commit is on its way, so many events are worth waking the writer for.
constexpr size_t kWorthDeciding = 64;
constexpr size_t kNever = ~size_t{0};

}  // namespace

void AppendWriter::Request::Refuse(const absl::Status& status) {
  if (is_append()) {
    done(status);
  } else {
    changed(status);
  }
}

AppendWriter::AppendWriter(Options options)
    : options_(std::move(options)), thread_([this] { Run(); }) {}

void AppendWriter::Append(CheckedAppend append, StoredFacts facts,
                          absl::Time deadline,
                          EventStore::AppendCallback done) {
  const QueuedSize size = {append.bodies.size(), append.queued_bytes};
  const uint64_t caller = append.caller;
  Request request;
  request.deadline = deadline;
  request.append = std::move(append);
  request.facts = std::move(facts);
  request.done = std::move(done);
  Enqueue(caller, size, std::move(request));
}

void AppendWriter::PutCursors(std::vector<CursorEntry> cursors,
                              absl::Time deadline,
                              CursorStore::PutCallback done) {
  QueuedSize size;
  size.events = cursors.size();
  for (const CursorEntry& cursor : cursors) {
    size.bytes += cursor.key.size() + cursor.value.size();
  }
  Request request;
  request.deadline = deadline;
  request.cursors = std::move(cursors);
  request.changed = std::move(done);
  Enqueue(kOwnWork, size, std::move(request));
}

void AppendWriter::ChangeTrack(TrackChange change, absl::Time deadline,
                               TrackStore::TrackCallback done) {
  const QueuedSize size = {1, change.track.consumer.size()};
  Request request;
  request.deadline = deadline;
  request.track = std::move(change);
  request.changed = std::move(done);
  Enqueue(kTrackWork, size, std::move(request));
}

void AppendWriter::Enqueue(uint64_t caller, const QueuedSize& size,
                           Request request) {
  using Room = FairQueue<Request>::Room;
  request.arrived = absl::Now();
  request.size = size;
  absl::Status refused;
  {
    MutexLock lock(mu_);
    const Room room = queue_.RoomFor(caller, size);
    if (!problem_.empty()) {
      refused = ReadOnly(problem_);
    } else if (closing_) {
      refused = ShuttingDown();
    } else if (room == Room::kQueueIsFull) {
      refused = QueueFull(queue_.size(), queue_.bytes());
    } else if (room == Room::kKeptForOthers) {
      refused = KeptForOthers(queue_.size(), queue_.bytes());
    } else {
      queue_.Push(caller, size, std::move(request));
      if (queue_.events() >= wake_at_) changed_.NotifyOne();
    }
  }
  if (refused.ok()) return;
  if (options_.observer != nullptr) options_.observer->OnTurnedAway(refused);
  request.Refuse(refused);
}

void AppendWriter::Close() {
  {
    MutexLock lock(mu_);
    closing_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
  answer_thread_.Close();
}

size_t AppendWriter::QueueLength() {
  MutexLock lock(mu_);
  return queue_.size();
}

std::string AppendWriter::Problem() {
  MutexLock lock(mu_);
  return problem_;
}

void AppendWriter::Run() {
  SetThreadName("log-writer");
  const auto epoch = options_.log->Lead();
  if (epoch.ok()) {
    epoch_ = *epoch;
  } else {
    Stop(epoch.status());
  }
  std::unique_ptr<Round> on_its_way;
  auto next = std::make_unique<Round>();
  while (true) {
    if (!TakeRequests(*next, on_its_way != nullptr)) return;
    Decide(*next, on_its_way.get());
    if (on_its_way != nullptr && !HasEnded()) continue;
    std::unique_ptr<Round> written = std::move(on_its_way);
    if (written != nullptr && !written->written.ok()) {
      Complete(std::move(written));
      DecideAgain(*next);  // I7
    }
    if (next->requests.empty()) {
      if (written != nullptr) Complete(std::move(written));
      continue;
    }
    if (next->decider != nullptr) {
      next->commits = next->decider->pending().TakeCommits(epoch_);
    }
    // A small commit is sooner done from here: most of its time the disk syncs,
    // and whoever comes meanwhile shares the next sync.
    const bool overlap =
        written != nullptr || next->size.events >= kWorthOverlapping;
    if (overlap && !next->commits.empty()) {
      on_its_way = std::move(next);
      SendOnItsWay(*on_its_way);
      if (written != nullptr) Complete(std::move(written));
    } else {
      if (written != nullptr) Complete(std::move(written));
      Write(*next);
      Complete(std::move(next));
    }
    next = std::make_unique<Round>();
  }
}

bool AppendWriter::TakeRequests(Round& round, bool on_its_way) {
  MutexLock lock(mu_);
  wake_at_ = round.full ? kNever : on_its_way ? kWorthDeciding : 1;
  while (queue_.events() < wake_at_ &&
         (on_its_way ? !commit_ended_ : !closing_)) {
    changed_.Wait(mu_);
  }
  wake_at_ = kNever;
  if (!round.full) {
    const absl::Time now = absl::Now();
    const QueuedSize room = {limits::kCommitEvents - round.size.events,
                             limits::kCommitBytes - round.size.bytes};
    // I4
    round.full =
        !queue_.TakeUpTo(room, round.requests.empty(), [&](Request request) {
          request.taken = now;
          round.size.events += request.size.events;
          round.size.bytes += request.size.bytes;
          round.requests.push_back(std::move(request));
        });
    round.full = round.full || round.size.events >= limits::kCommitEvents ||
                 round.size.bytes >= limits::kCommitBytes;
  }
  return on_its_way || !round.requests.empty();
}

bool AppendWriter::HasEnded() {
  MutexLock lock(mu_);
  return commit_ended_;
}

absl::Status AppendWriter::CheckReady(absl::Time now) {
  if (const std::string problem = Problem(); !problem.empty()) {
    return ReadOnly(problem);
  }
  const CommitPoint& last = options_.state->point();
  if (last.position != Position() && !options_.accept_clock) {
    RETURN_IF_ERROR(CheckClock(now, absl::FromUnixMicros(last.recorded_at_us)));
  }
  // What cannot be taken in is not committed either.
  return options_.state->index().Ready();
}

void AppendWriter::Decide(Round& round, const Round* on_its_way) {
  if (round.answers.size() == round.requests.size()) return;
  const absl::Time begun = absl::Now();
  if (round.answers.empty()) {
    const absl::Time now = options_.clock->Now();
    round.refused = CheckReady(now);
    if (round.refused.ok()) {
      round.decider = std::make_unique<Decider>(
          *options_.state,
          on_its_way != nullptr ? &on_its_way->decider->pending() : nullptr,
          *options_.records, options_.salt, absl::ToUnixMicros(now));
    }
  }
  if (round.decider != nullptr) ExpectUndecided(round);
  while (round.answers.size() < round.requests.size()) {
    Request& request = round.requests[round.answers.size()];
    round.answers.push_back(DecideOne(round, request, begun));
  }
  round.work.check += absl::Now() - begun;
}

void AppendWriter::ExpectUndecided(Round& round) {
  size_t events = 0;
  size_t bytes = 0;
  for (size_t i = round.answers.size(); i < round.requests.size(); ++i) {
    events += round.requests[i].append.bodies.size();
    bytes += round.requests[i].append.stored_bytes;
  }
  round.decider->Expect(events, bytes);
}

AppendWriter::Decision AppendWriter::DecideOne(Round& round, Request& request,
                                               absl::Time now) {
  if (round.decider == nullptr) return {round.refused};
  if (request.deadline <= now) return {DeadlinePassed()};
  if (request.track.has_value()) {
    const absl::Status decided = round.decider->Decide(*request.track);
    const bool rests = round.decider->rests_on_pending();
    if (!decided.ok()) return {decided, rests};
    return {AppendResult(), rests};
  }
  if (!request.is_append()) {
    round.decider->pending().AddCursors(request.cursors);
    return {AppendResult(), true};
  }
  auto answer = round.decider->Decide(request.append, request.facts);
  const bool admitted = answer.ok() && !answer->replayed;
  return {std::move(answer), admitted || round.decider->rests_on_pending()};
}

void AppendWriter::DecideAgain(Round& round) {
  round.answers.clear();
  round.decider.reset();
  Decide(round, nullptr);
}

void AppendWriter::SendOnItsWay(Round& round) {
  {
    MutexLock lock(mu_);
    commit_ended_ = false;
  }
  disk_thread_.Run([this, &round] {
    Write(round);
    MutexLock lock(mu_);
    commit_ended_ = true;
    changed_.NotifyOne();
  });
}

void AppendWriter::Write(Round& round) {
  if (round.commits.empty()) return;
  const absl::Time begun = absl::Now();
  const auto synced = options_.log->Append(round.commits);
  round.written = synced.status();
  if (!synced.ok()) return;
  round.work.sync = *synced;
  round.work.write = absl::Now() - begun - *synced;
}

void AppendWriter::Complete(std::unique_ptr<Round> round) {
  absl::Status done = round->written;
  if (done.ok()) {
    done = Apply(*round);
  } else if (ReasonOf(done) == error::v1::REASON_OUTCOME_UNKNOWN) {
    Stop(done);  // I5
  }
  if (!done.ok()) {
    for (Decision& decision : round->answers) {
      if (decision.rests_on_commit) decision.answer = done;  // I7
    }
  }
  if (options_.observer != nullptr) {
    if (done.ok() && !round->commits.empty()) {
      options_.observer->OnCommit(round->work);
    }
    Tell(*round);
  }
  Answer(std::move(round));
}

absl::Status AppendWriter::Apply(Round& round) {
  if (round.commits.empty()) return absl::OkStatus();
  if (const std::string problem = Problem(); !problem.empty()) {
    return OutcomeUnknown(problem);  // I5: the one before could not be applied
  }
  const absl::Time begun = absl::Now();
  const auto bodies = round.decider->pending().bodies();
  for (const Commit& commit : round.commits) {  // I3
    const absl::Status applied =
        options_.state->Apply(commit, bodies.subspan(0, commit.header.count));
    if (!applied.ok()) {
      Stop(applied);  // I5
      return OutcomeUnknown(ToStd(applied.message()));
    }
    round.work.requests += commit.header.requests.size();
    round.work.events += commit.header.count;
    round.work.bytes += commit.bytes();
  }
  options_.publish(round.commits.back().header.after);
  round.work.apply = absl::Now() - begun;
  return absl::OkStatus();
}

void AppendWriter::Answer(std::unique_ptr<Round> round) {
  // Handing over costs a thread's waking: alone, a caller is faster answered
  // from here.
  if (QueueLength() == 0) return CallBack(*round);
  answer_thread_.Run([round = std::move(round)] { CallBack(*round); });
}

void AppendWriter::CallBack(Round& round) {
  for (size_t i = 0; i < round.requests.size(); ++i) {
    Request& request = round.requests[i];
    if (request.is_append()) {
      request.done(std::move(round.answers[i].answer));
    } else {
      request.changed(round.answers[i].answer.status());
    }
  }
}

void AppendWriter::Tell(const Round& round) {
  const absl::Time now = absl::Now();
  std::vector<AnsweredRequest> told;
  told.reserve(round.requests.size());
  for (size_t i = 0; i < round.requests.size(); ++i) {
    const Request& request = round.requests[i];
    const auto& answer = round.answers[i].answer;
    told.push_back({request.taken - request.arrived, now - request.arrived,
                    answer.ok() && answer->replayed, answer.status()});
  }
  options_.observer->OnAnswered(told);
}

void AppendWriter::Stop(const absl::Status& why) {
  MutexLock lock(mu_);
  if (problem_.empty()) problem_ = std::string(why.message());
}

}  // namespace samverk
