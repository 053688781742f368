#include "eventstore/rocksdb/answer_thread.h"

#include <utility>

#include "eventstore/base/thread_name.h"

namespace samverk {

AnswerThread::AnswerThread() : thread_([this] { Loop(); }) {}

void AnswerThread::Run(absl::AnyInvocable<void()> answers) {
  MutexLock lock(mu_);
  while (waiting_.size() >= kWaitingMax) changed_.Wait(mu_);
  waiting_.push_back(std::move(answers));
  changed_.NotifyAll();
}

void AnswerThread::Close() {
  {
    MutexLock lock(mu_);
    closing_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void AnswerThread::Loop() {
  SetThreadName("log-answers");
  while (true) {
    absl::AnyInvocable<void()> answers;
    {
      MutexLock lock(mu_);
      while (waiting_.empty() && !closing_) changed_.Wait(mu_);
      if (waiting_.empty()) return;
      answers = std::move(waiting_.front());
      waiting_.pop_front();
      changed_.NotifyAll();
    }
    answers();
  }
}

}  // namespace samverk
