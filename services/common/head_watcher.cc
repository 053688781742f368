#include "services/common/head_watcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/thread_name.h"
#include "eventstore/query.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

// The longest that the thread waits without looking at the deadlines of those
// who came meanwhile.
constexpr absl::Duration kSlice = absl::Milliseconds(25);
// Events looked at before those for whom they are are answered.
constexpr uint32_t kLookedAtOnce = 256;
// Bytes of events that are kept for those who come a moment later.
constexpr size_t kRecentBytes = 1 << 20;

absl::Status NotInTime(Position position) {
  return absl::DeadlineExceededError(
      absl::StrCat("the log did not grow beyond position ", position.value(),
                   " in time; ask again"));
}

// An event that cannot be taken apart is for everybody: whoever reads it finds
// out what is wrong.
bool IsFor(const RecordedEvent& event, const Query& query) {
  const auto body = DecodeBody(event.body());
  return !body.ok() || Matches(query, *body);
}

}  // namespace

HeadWatcher::HeadWatcher(EventStore& store)
    : store_(store), thread_([this] { Run(); }) {}

HeadWatcher::~HeadWatcher() {
  {
    MutexLock lock(mu_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
  Call(TakeAnswered(ShuttingDown()));
}

bool HeadWatcher::Call(std::vector<Answer> answers) {
  for (Answer& answer : answers) answer.done(std::move(answer.head));
  return !answers.empty();
}

HeadWatcher::WaiterId HeadWatcher::Await(const Wait& wait, Done done) {
  const Position head = store_.Head();
  const bool grown =
      head > wait.after && (wait.query == nullptr || head >= wait.at_most);
  WaiterId id = 0;
  if (!grown) {
    MutexLock lock(mu_);
    if (wait.query == nullptr || NothingYet(wait)) {
      id = ++last_id_;
      deadlines_.emplace(wait.deadline, id);
      if (wait.query == nullptr) {
        any_.emplace(wait.after, id);
      } else {
        at_most_.emplace(wait.at_most, id);
        queries_.Add(id, *wait.query);
      }
      waiters_.emplace(id, Waiter{wait, std::move(done)});
    }
  }
  if (id == 0) {
    done(head);
  } else {
    changed_.NotifyAll();
  }
  return id;
}

bool HeadWatcher::NothingYet(const Wait& wait) {
  // Nobody had it looked at: it begins here.
  if (queries_.empty() && wait.after > looked_at_) ForgetUpTo(wait.after);
  if (wait.after < recent_after_) return false;
  const auto first = std::partition_point(
      recent_.begin(), recent_.end(), [&](const RecordedEvent& event) {
        return event.position() <= wait.after;
      });
  return std::none_of(first, recent_.end(), [&](const RecordedEvent& event) {
    return IsFor(event, *wait.query);
  });
}

void HeadWatcher::ForgetUpTo(Position position) {
  recent_.clear();
  recent_bytes_ = 0;
  recent_after_ = looked_at_ = position;
}

bool HeadWatcher::Remove(WaiterId id) {
  MutexLock lock(mu_);
  const auto at = waiters_.find(id);
  if (at == waiters_.end()) return false;
  Take(at);
  return true;
}

Position HeadWatcher::LookedAt() {
  MutexLock lock(mu_);
  return looked_at_;
}

HeadWatcher::Waiter HeadWatcher::Take(std::map<WaiterId, Waiter>::iterator at) {
  const WaiterId id = at->first;
  Waiter waiter = std::move(at->second);
  waiters_.erase(at);
  deadlines_.erase({waiter.wait.deadline, id});
  any_.erase({waiter.wait.after, id});
  at_most_.erase({waiter.wait.at_most, id});
  queries_.Remove(id);
  return waiter;
}

void HeadWatcher::Take(WaiterId id, const absl::StatusOr<Position>& head,
                       std::vector<Answer>& answers) {
  const auto at = waiters_.find(id);
  if (at != waiters_.end()) answers.push_back({Take(at).done, head});
}

std::vector<HeadWatcher::Answer> HeadWatcher::TakeAnswered(
    const absl::StatusOr<Position>& head) {
  const absl::Time now = absl::Now();
  std::vector<Answer> answers;
  MutexLock lock(mu_);
  if (!head.ok()) {
    while (!waiters_.empty()) Take(waiters_.begin()->first, head, answers);
    return answers;
  }
  while (!any_.empty() && any_.begin()->first < *head) {
    Take(any_.begin()->second, head, answers);
  }
  while (!at_most_.empty() && at_most_.begin()->first <= *head) {
    Take(at_most_.begin()->second, head, answers);
  }
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const WaiterId id = deadlines_.begin()->second;
    Take(id, NotInTime(waiters_.at(id).wait.after), answers);
  }
  return answers;
}

bool HeadWatcher::LookAtNew(Position head) {
  bool answered = false;
  for (;;) {
    ReadOptions options;
    options.limit = kLookedAtOnce;
    {
      MutexLock lock(mu_);
      if (looked_at_ < head && queries_.empty()) ForgetUpTo(head);
      if (looked_at_ >= head) return answered;
      options.after = looked_at_;
    }
    std::vector<RecordedEvent> events;
    const auto read = store_.Visit(options, [&events](const RecordView& event) {
      events.emplace_back(event);
      return true;
    });
    answered |= Call(TakeMatching(std::move(events), read, head));
  }
}

std::vector<HeadWatcher::Answer> HeadWatcher::TakeMatching(
    std::vector<RecordedEvent> events, const absl::StatusOr<ReadEnd>& read,
    Position head) {
  std::vector<Answer> answers;
  MutexLock lock(mu_);
  if (!read.ok()) {
    // Whoever reads finds out what is wrong, and whether it is for him.
    for (const WaiterId id : queries_.All()) Take(id, head, answers);
    ForgetUpTo(head);
    return answers;
  }
  for (RecordedEvent& event : events) {
    const auto body = DecodeBody(event.body());
    for (const WaiterId id :
         body.ok() ? queries_.Matching(*body) : queries_.All()) {
      if (waiters_.at(id).wait.after < event.position()) {
        Take(id, std::max(head, event.position()), answers);
      }
    }
    recent_bytes_ += event.record().size();
    recent_.push_back(std::move(event));
  }
  looked_at_ = read->scanned_to;
  while (recent_bytes_ > kRecentBytes) {
    recent_bytes_ -= recent_.front().record().size();
    recent_after_ = recent_.front().position();
    recent_.pop_front();
  }
  return answers;
}

void HeadWatcher::Run() {
  SetThreadName("log-watcher");
  for (;;) {
    absl::Time until;
    {
      MutexLock lock(mu_);
      while (waiters_.empty() && !stopping_) changed_.Wait(mu_);
      if (stopping_) return;
      until = std::min(deadlines_.begin()->first, absl::Now() + kSlice);
    }
    // The head before this wait: those who came before it was read and are
    // behind it were answered when they came, or are answered now.
    const Position head = store_.Head();
    bool answered = Call(TakeAnswered(head));
    answered |= LookAtNew(head);
    if (answered) continue;  // time has passed
    const auto grown = store_.AwaitBeyond(head, until);
    if (!grown.ok() && !absl::IsDeadlineExceeded(grown.status())) {
      Call(TakeAnswered(grown.status()));
    }
  }
}

}  // namespace samverk
