#include "services/common/head_watcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

// The longest that the thread waits without looking at the deadlines of those
// who came meanwhile.
constexpr absl::Duration kSlice = absl::Milliseconds(25);

absl::Status NotInTime(Position position) {
  return absl::DeadlineExceededError(
      absl::StrCat("the log did not grow beyond position ", position.value(),
                   " in time; ask again"));
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
  for (Answer& answer : TakeAnswered(ShuttingDown())) {
    answer.done(std::move(answer.head));
  }
}

HeadWatcher::WaiterId HeadWatcher::Await(Position position, absl::Time deadline,
                                         Done done) {
  const Position head = store_.Head();
  if (head > position) {
    done(head);
    return 0;
  }
  WaiterId id;
  {
    MutexLock lock(mu_);
    id = ++last_id_;
    waiters_[id] = Waiter{position, deadline, std::move(done)};
  }
  changed_.NotifyAll();
  return id;
}

bool HeadWatcher::Remove(WaiterId id) {
  MutexLock lock(mu_);
  return waiters_.erase(id) > 0;
}

std::vector<HeadWatcher::Answer> HeadWatcher::TakeAnswered(
    const absl::StatusOr<Position>& head) {
  const absl::Time now = absl::Now();
  std::vector<Answer> answers;
  MutexLock lock(mu_);
  for (auto it = waiters_.begin(); it != waiters_.end();) {
    Waiter& waiter = it->second;
    if (!head.ok() || *head > waiter.position) {
      answers.push_back({std::move(waiter.done), head});
    } else if (waiter.deadline <= now) {
      answers.push_back({std::move(waiter.done), NotInTime(waiter.position)});
    } else {
      ++it;
      continue;
    }
    it = waiters_.erase(it);
  }
  return answers;
}

absl::Time HeadWatcher::NearestDeadline() {
  absl::Time nearest = absl::InfiniteFuture();
  for (const auto& [id, waiter] : waiters_) {
    nearest = std::min(nearest, waiter.deadline);
  }
  return nearest;
}

void HeadWatcher::Run() {
  for (;;) {
    absl::Time until;
    {
      MutexLock lock(mu_);
      while (waiters_.empty() && !stopping_) changed_.Wait(mu_);
      if (stopping_) return;
      until = std::min(NearestDeadline(), absl::Now() + kSlice);
    }
    // The head before this wait: those who came before it was read and are
    // behind it were answered when they came, or are answered now.
    absl::StatusOr<Position> head = store_.Head();
    std::vector<Answer> answers = TakeAnswered(head);
    if (answers.empty()) {
      absl::StatusOr<Position> grown = store_.AwaitBeyond(*head, until);
      if (grown.ok() ||
          grown.status().code() != absl::StatusCode::kDeadlineExceeded) {
        head = std::move(grown);
      }
      answers = TakeAnswered(head);
    }
    for (Answer& answer : answers) answer.done(std::move(answer.head));
  }
}

}  // namespace samverk
