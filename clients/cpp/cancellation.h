// A way to end a call from another thread.
#ifndef SAMVERK_CLIENTS_CPP_CANCELLATION_H_
#define SAMVERK_CLIENTS_CPP_CANCELLATION_H_

#include <condition_variable>
#include <functional>
#include <mutex>

#include "absl/time/time.h"

namespace samverk::client {

// Ends the calls that were given it. Once cancelled it stays so. All methods
// may be called from any thread; must outlive the calls.
class Cancellation {
 public:
  // Ends what goes on, and what begins later.
  void Cancel();
  bool cancelled() const;

  // Waits so long, or until cancelled; true when cancelled.
  bool WaitFor(absl::Duration duration) const;

  // For the calls of this library: `end` ends what goes on from now on, and is
  // called at once when cancelled already. It may not use the cancellation.
  // Null before what it ends is gone.
  void Watch(std::function<void()> end);

 private:
  mutable std::mutex mu_;
  mutable std::condition_variable changed_;
  bool cancelled_ = false;     // guarded by mu_
  std::function<void()> end_;  // guarded by mu_
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_CANCELLATION_H_
