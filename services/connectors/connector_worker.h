// One connector at work, as the member of its group.
#ifndef SAMVERK_SERVICES_CONNECTORS_CONNECTOR_WORKER_H_
#define SAMVERK_SERVICES_CONNECTORS_CONNECTOR_WORKER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/bus/running_group.h"
#include "samverk/event/v1/event.pb.h"
#include "services/connectors/connector.h"

namespace samverk::connectors {

using EventFilter = std::function<bool(const event::v1::Event&)>;

// How a connector stands, for people.
struct WorkerState {
  uint64_t delivered = 0;
  uint64_t refused = 0;      // times that an event was refused or parked
  uint64_t unavailable = 0;  // times that nothing could be delivered
  absl::Time last_success = absl::InfinitePast();
  std::string last_error;
  absl::Time last_error_at = absl::InfinitePast();
  // Nothing can be delivered now; the infinite past: something can.
  absl::Time tries_again_at = absl::InfinitePast();
  // The target wants no more, and why; the worker has ended.
  std::string paused_because;
  // The worker has ended: for that, because its group is gone, or as it was
  // told to.
  bool ended = false;
};

// Takes leases of its group, has a connector deliver them in a thread of its
// own, and says what became of them. It holds:
//   W1  One lease at a time. Of its events those that were dealt with are said
//       to be so, durably, before the next one is taken; the rest is given
//       back uncounted.
//   W2  While nothing can be delivered it is no member of the group.
//   W3  Once the target wants no more nothing is sent to it, and that is stored
//       before it is shown.
class ConnectorWorker {
 public:
  struct Options {
    std::shared_ptr<bus::RunningGroup> group;
    std::unique_ptr<Connector> connector;
    Clock* clock = nullptr;  // the group's; outlives the worker
    std::string register_name;
    uint32_t events_per_second = 0;  // 0: as many as there are
    absl::Duration timeout;          // of the target
    // What there was before this worker.
    WorkerState before;
    // Stores that the target wants no more, and why; called in the worker's
    // thread, again until it is OK or the worker is told to stop.
    std::function<absl::Status(const std::string& why)> store_pause;
    // Whether an event may leave; those that may not count as delivered. Null:
    // all may.
    EventFilter may_leave;
  };
  explicit ConnectorWorker(Options options);
  // As Stop.
  ~ConnectorWorker();

  // Tells it to end, in the middle of a request too. Any thread.
  void TellToStop() { stop_.Give(); }
  // Tells it, and waits until it has ended. One thread at a time.
  void Stop();

  // Any thread.
  WorkerState state();

 private:
  class Inbox;
  struct Leased {
    bus::Delivery delivery;
    std::vector<RecordedEvent> events;
  };

  void Run();
  // Takes part in the group until nothing can be delivered. How long to wait
  // then; nullopt: it is over.
  std::optional<absl::Duration> TakePart();
  // Whether an event may not leave.
  bool Stays(const RecordView& recorded) const;
  // What became of a lease.
  DeliveryReport Deliver(Leased& leased);
  // Why no request would end before its lease does; empty when one does. People
  // may change the group.
  std::string TooShortLease();
  // Makes a report durable. False: it is over.
  bool Say(const Leased& leased, const DeliveryReport& report);
  // True: it has waited.
  bool AwaitRate(size_t events);
  // The target wants no more.
  void Pause(const std::string& why);
  absl::Duration Delay(const DeliveryReport& report);
  void NoteError(std::string why);
  Position Cursor();

  Options options_;
  StopSignal stop_;
  uint32_t failures_ = 0;  // of the target as a whole, one after the other
  absl::Time next_batch_ = absl::InfinitePast();

  Mutex mu_;
  WorkerState state_ ABSL_GUARDED_BY(mu_);

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_CONNECTOR_WORKER_H_
