// A mutex that both clang's thread-safety analysis and ThreadSanitizer
// understand (Debian's absl::Mutex is not built for the latter).
#ifndef SAMVERK_EVENTSTORE_BASE_MUTEX_H_
#define SAMVERK_EVENTSTORE_BASE_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace samverk {

// Not recursive. Fields that it guards say ABSL_GUARDED_BY(mu_).
class ABSL_LOCKABLE Mutex {
 public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mu_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mu_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mu_;
};

// Holds a mutex for a scope.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mu) ABSL_EXCLUSIVE_LOCK_FUNCTION(mu) : mu_(mu) {
    mu_.Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mu_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mu_;
};

// Waits are spurious: test the condition in a loop.
class CondVar {
 public:
  void Wait(Mutex& mu) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu) {
    std::unique_lock<std::mutex> lock(mu.mu_, std::adopt_lock);
    cv_.wait(lock);
    lock.release();
  }
  // False when `deadline` has passed, as a clock that nobody sets measures it
  // from now on: a wall clock set back lets nobody wait for longer.
  bool WaitUntil(Mutex& mu, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu) {
    const absl::Duration left = deadline - absl::Now();
    std::unique_lock<std::mutex> lock(mu.mu_, std::adopt_lock);
    bool in_time = true;
    if (left > kLongestWait) {
      // The clock cannot count for ever; this return is a spurious one.
      cv_.wait_for(lock, absl::ToChronoNanoseconds(kLongestWait));
    } else {
      in_time = cv_.wait_for(lock, absl::ToChronoNanoseconds(left)) ==
                std::cv_status::no_timeout;
    }
    lock.release();
    return in_time;
  }
  void NotifyOne() { cv_.notify_one(); }
  void NotifyAll() { cv_.notify_all(); }

 private:
  static constexpr absl::Duration kLongestWait = absl::Hours(24);

  std::condition_variable cv_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_MUTEX_H_
