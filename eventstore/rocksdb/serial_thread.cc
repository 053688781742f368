#include "eventstore/rocksdb/serial_thread.h"

#include <utility>

#include "eventstore/base/thread_name.h"

namespace samverk {

SerialThread::SerialThread(const char* name)
    : thread_([this, name] { Loop(name); }) {}

void SerialThread::Run(absl::AnyInvocable<void()> work) {
  MutexLock lock(mu_);
  while (waiting_.size() >= kWaitingMax) changed_.Wait(mu_);
  waiting_.push_back(std::move(work));
  changed_.NotifyAll();
}

void SerialThread::Close() {
  {
    MutexLock lock(mu_);
    closing_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void SerialThread::Loop(const char* name) {
  SetThreadName(name);
  while (true) {
    absl::AnyInvocable<void()> work;
    {
      MutexLock lock(mu_);
      while (waiting_.empty() && !closing_) changed_.Wait(mu_);
      if (waiting_.empty()) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
      changed_.NotifyAll();
    }
    work();
  }
}

}  // namespace samverk
