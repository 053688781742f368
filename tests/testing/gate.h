// A gate for threads under test.
#ifndef SAMVERK_TESTS_TESTING_GATE_H_
#define SAMVERK_TESTS_TESTING_GATE_H_

#include "absl/base/thread_annotations.h"
#include "eventstore/base/mutex.h"

namespace samverk::testing {

// Holds up whoever passes while it is closed; it begins open.
class Gate {
 public:
  void Close() {
    MutexLock lock(mu_);
    open_ = false;
  }
  void Open() {
    MutexLock lock(mu_);
    open_ = true;
    changed_.NotifyAll();
  }
  void Pass() {
    MutexLock lock(mu_);
    if (open_) return;
    ++waiting_;
    changed_.NotifyAll();
    while (!open_) changed_.Wait(mu_);
    --waiting_;
  }
  // Until somebody stands before the closed gate.
  void AwaitSomebody() {
    MutexLock lock(mu_);
    while (waiting_ == 0) changed_.Wait(mu_);
  }

 private:
  Mutex mu_;
  CondVar changed_;
  bool open_ ABSL_GUARDED_BY(mu_) = true;
  int waiting_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_TESTING_GATE_H_
