#include "services/http/stop_event.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "eventstore/base/check.h"

namespace samverk {
namespace {

// poll() takes no infinite future.
constexpr absl::Duration kLongestWait = absl::Minutes(1);

}  // namespace

StopEvent::StopEvent() : event_(eventfd(0, EFD_CLOEXEC)) {
  SAMVERK_CHECK(event_ >= 0) << "no descriptors are left";
}
StopEvent::~StopEvent() { close(event_); }

void StopEvent::Set() { eventfd_write(event_, 1); }

bool StopEvent::IsSet() const {
  pollfd event{event_, POLLIN, 0};
  return poll(&event, 1, 0) > 0;
}

bool StopEvent::Await(int socket, int events, absl::Time deadline) const {
  while (true) {
    pollfd waiting[] = {{socket, static_cast<short>(events), 0},
                        {event_, POLLIN, 0}};
    // Rounded up: nobody is to wake up before the deadline, and wait again.
    const absl::Duration left =
        std::clamp(deadline - absl::Now(), absl::ZeroDuration(), kLongestWait);
    const int ready = poll(waiting, 2,
                           static_cast<int>(absl::ToInt64Milliseconds(
                               absl::Ceil(left, absl::Milliseconds(1)))));
    if (ready > 0 && waiting[0].revents != 0) return true;
    if (ready > 0 || absl::Now() >= deadline) return false;
  }
}

}  // namespace samverk
