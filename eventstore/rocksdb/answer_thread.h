// Calls back beside the writer, which has the next commit on its way meanwhile.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_ANSWER_THREAD_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_ANSWER_THREAD_H_

#include <cstddef>
#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "eventstore/base/mutex.h"

namespace samverk {

// Runs what it is given, in that order, on one thread. Run is called by one
// thread at a time; Close by the same, or when that has ended.
class AnswerThread {
 public:
  // So much may wait; then Run waits too, so that answers cannot pile up.
  static constexpr size_t kWaitingMax = 4;

  AnswerThread();
  ~AnswerThread() { Close(); }
  AnswerThread(const AnswerThread&) = delete;
  AnswerThread& operator=(const AnswerThread&) = delete;

  void Run(absl::AnyInvocable<void()> answers);
  // Waits until all has been run, and ends the thread. Idempotent.
  void Close();

 private:
  void Loop();

  Mutex mu_;
  CondVar changed_;
  std::deque<absl::AnyInvocable<void()>> waiting_ ABSL_GUARDED_BY(mu_);
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_ANSWER_THREAD_H_
