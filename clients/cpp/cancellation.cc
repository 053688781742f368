#include "clients/cpp/cancellation.h"

#include <utility>

namespace samverk::client {

void Cancellation::Cancel() {
  std::lock_guard<std::mutex> lock(mu_);
  cancelled_ = true;
  if (end_) end_();
  changed_.notify_all();
}

bool Cancellation::cancelled() const {
  std::lock_guard<std::mutex> lock(mu_);
  return cancelled_;
}

bool Cancellation::WaitFor(absl::Duration duration) const {
  std::unique_lock<std::mutex> lock(mu_);
  return changed_.wait_for(lock, absl::ToChronoNanoseconds(duration),
                           [this] { return cancelled_; });
}

void Cancellation::Watch(std::function<void()> end) {
  std::lock_guard<std::mutex> lock(mu_);
  end_ = std::move(end);
  if (cancelled_ && end_) end_();
}

}  // namespace samverk::client
