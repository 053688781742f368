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

}  // namespace

void AppendWriter::Request::Refuse(const absl::Status& status) {
  if (is_append()) {
    done(status);
  } else {
    cursors_done(status);
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
  request.cursors_done = std::move(done);
  Enqueue(kOwnWork, size, std::move(request));
}

void AppendWriter::Enqueue(uint64_t caller, const QueuedSize& size,
                           Request request) {
  using Room = FairQueue<Request>::Room;
  request.arrived = absl::Now();
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
      if (queue_.size() == 1) changed_.NotifyOne();
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
  Batch batch;
  while (TakeBatch(batch)) {
    Process(std::move(batch));
    batch = Batch();
  }
}

bool AppendWriter::TakeBatch(Batch& batch) {
  MutexLock lock(mu_);
  while (queue_.empty() && !closing_) changed_.Wait(mu_);
  // I4
  queue_.TakeUpTo(
      {limits::kCommitEvents, limits::kCommitBytes},
      [&batch](Request request) { batch.push_back(std::move(request)); });
  return !batch.empty();
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

void AppendWriter::Process(Batch batch) {
  const absl::Time taken = absl::Now();
  Answers answers = Work(batch, taken);
  if (options_.observer != nullptr) Tell(batch, answers, taken);
  Answer(std::move(batch), std::move(answers));
}

AppendWriter::Answers AppendWriter::Work(Batch& batch, absl::Time taken) {
  const absl::Time now = options_.clock->Now();
  if (const absl::Status ready = CheckReady(now); !ready.ok()) {
    return Answers(batch.size(), Decision{ready});
  }
  Decider decider(*options_.state, *options_.records, options_.salt,
                  absl::ToUnixMicros(now));
  Answers answers;
  const std::vector<Commit> commits = Decide(batch, decider, answers);
  if (commits.empty()) return answers;
  CommitWork work;
  work.check = absl::Now() - taken;
  const absl::Status done = CommitAndApply(commits, decider.bodies(), work);
  if (!done.ok()) {
    for (Decision& decision : answers) {
      if (decision.rests_on_commit) decision.answer = done;  // I7
    }
  } else if (options_.observer != nullptr) {
    options_.observer->OnCommit(work);
  }
  return answers;
}

void AppendWriter::Tell(const Batch& batch, const Answers& answers,
                        absl::Time taken) {
  const absl::Time now = absl::Now();
  std::vector<AnsweredRequest> told;
  told.reserve(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    const auto& answer = answers[i].answer;
    told.push_back({taken - batch[i].arrived, now - batch[i].arrived,
                    answer.ok() && answer->replayed, answer.status()});
  }
  options_.observer->OnAnswered(told);
}

std::vector<Commit> AppendWriter::Decide(Batch& batch, Decider& decider,
                                         Answers& answers) {
  const absl::Time now = absl::Now();
  Commit cursors;
  cursors.header.kind = CommitKind::kCursors;
  answers.reserve(batch.size());
  size_t events = 0;
  size_t bytes = 0;
  for (const Request& request : batch) {
    events += request.append.bodies.size();
    bytes += request.append.stored_bytes;
  }
  decider.Expect(events, bytes);
  for (Request& request : batch) {
    if (request.deadline <= now) {
      answers.push_back({DeadlinePassed()});
    } else if (request.is_append()) {
      auto answer = decider.Decide(request.append, request.facts);  // I2
      const bool admitted = answer.ok() && !answer->replayed;
      answers.push_back(
          {std::move(answer), admitted || decider.rests_on_pending()});
    } else {
      for (CursorEntry& cursor : request.cursors) {
        cursors.header.cursors.push_back(std::move(cursor));
      }
      answers.push_back({AppendResult(), true});
    }
  }
  std::vector<Commit> commits;
  CommitPoint last = options_.state->point();
  if (decider.admitted() > 0) {
    commits.push_back(decider.TakeCommit(epoch_));
    last = commits.back().header.after;
  }
  if (!cursors.header.cursors.empty()) {
    cursors.header.after = last;
    cursors.header.after.epoch = epoch_;
    ++cursors.header.after.sequence;
    commits.push_back(std::move(cursors));
  }
  return commits;
}

absl::Status AppendWriter::CommitAndApply(
    absl::Span<const Commit> commits, absl::Span<const BodyView* const> bodies,
    CommitWork& work) {
  const absl::Time begun = absl::Now();
  const auto synced = options_.log->Append(commits);
  if (!synced.ok()) {
    if (ReasonOf(synced.status()) == error::v1::REASON_OUTCOME_UNKNOWN) {
      Stop(synced.status());  // I5
    }
    return synced.status();
  }
  const absl::Time durable = absl::Now();
  for (const Commit& commit : commits) {  // I3
    const absl::Status applied =
        options_.state->Apply(commit, bodies.subspan(0, commit.header.count));
    if (!applied.ok()) {
      Stop(applied);  // I5
      return OutcomeUnknown(ToStd(applied.message()));
    }
    work.requests += commit.header.requests.size();
    work.events += commit.header.count;
    work.bytes += commit.bytes();
  }
  options_.publish(commits.back().header.after);
  work.sync = *synced;
  work.write = durable - begun - *synced;
  work.apply = absl::Now() - durable;
  return absl::OkStatus();
}

void AppendWriter::Answer(Batch batch, Answers answers) {
  // Handing over costs a thread's waking: alone, a caller is faster answered
  // from here.
  if (QueueLength() == 0) return CallBack(batch, answers);
  answer_thread_.Run(
      [batch = std::move(batch), answers = std::move(answers)]() mutable {
        CallBack(batch, answers);
      });
}

void AppendWriter::CallBack(Batch& batch, Answers& answers) {
  for (size_t i = 0; i < batch.size(); ++i) {
    if (batch[i].is_append()) {
      batch[i].done(std::move(answers[i].answer));
    } else {
      batch[i].cursors_done(answers[i].answer.status());
    }
  }
}

void AppendWriter::Stop(const absl::Status& why) {
  MutexLock lock(mu_);
  if (problem_.empty()) problem_ = std::string(why.message());
}

}  // namespace samverk
