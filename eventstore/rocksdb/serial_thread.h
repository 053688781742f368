// A thread that does one thing after the other beside its owner.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_SERIAL_THREAD_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_SERIAL_THREAD_H_

#include <cstddef>
#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "eventstore/base/mutex.h"

namespace samverk {

// Runs what it is given, in that order. Run is called by one thread at a time;
// Close by the same, or when that has ended.
class SerialThread {
 public:
  // So much may wait; then Run waits too, so that work cannot pile up.
  static constexpr size_t kWaitingMax = 4;

  // `name` is a literal of at most 15 characters.
  explicit SerialThread(const char* name);
  ~SerialThread() { Close(); }
  SerialThread(const SerialThread&) = delete;
  SerialThread& operator=(const SerialThread&) = delete;

  void Run(absl::AnyInvocable<void()> work);
  // Waits until all has been run, and ends the thread. Idempotent.
  void Close();

 private:
  void Loop(const char* name);

  Mutex mu_;
  CondVar changed_;
  std::deque<absl::AnyInvocable<void()>> waiting_ ABSL_GUARDED_BY(mu_);
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_SERIAL_THREAD_H_
