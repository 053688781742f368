// Telling work that it should end.
#ifndef SAMVERK_SERVICES_COMMON_STOP_SIGNAL_H_
#define SAMVERK_SERVICES_COMMON_STOP_SIGNAL_H_

#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "eventstore/base/mutex.h"

namespace samverk {

// Given once, for good. Any thread.
class StopSignal {
 public:
  void Give() {
    MutexLock lock(mu_);
    given_ = true;
    changed_.NotifyAll();
    if (act_ != nullptr) act_();
  }
  bool given() {
    MutexLock lock(mu_);
    return given_;
  }
  // What to do when it is given, or at once if it was; null: nothing. Does not
  // return while that is being done.
  void WhenGiven(std::function<void()> act) {
    MutexLock lock(mu_);
    act_ = std::move(act);
    if (given_ && act_ != nullptr) act_();
  }
  // Waits until an instant of the machine's clock. True: the signal was given.
  bool AwaitUntil(absl::Time instant) {
    MutexLock lock(mu_);
    while (!given_ && changed_.WaitUntil(mu_, instant)) {
    }
    return given_;
  }

 private:
  Mutex mu_;
  CondVar changed_;
  bool given_ ABSL_GUARDED_BY(mu_) = false;
  std::function<void()> act_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_STOP_SIGNAL_H_
