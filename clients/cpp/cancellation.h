// A way to end a call from another thread.
#ifndef SAMVERK_CLIENTS_CPP_CANCELLATION_H_
#define SAMVERK_CLIENTS_CPP_CANCELLATION_H_

#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace grpc {
class ClientContext;
}

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

  // For the calls of this library: `context`, if not null, is the call to end
  // from now on. Null before the context ends.
  void Watch(grpc::ClientContext* context);

 private:
  mutable std::mutex mu_;
  mutable std::condition_variable changed_;
  bool cancelled_ = false;                  // guarded by mu_
  grpc::ClientContext* context_ = nullptr;  // guarded by mu_
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_CANCELLATION_H_
