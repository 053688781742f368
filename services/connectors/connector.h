// What brings events to one kind of target.
#ifndef SAMVERK_SERVICES_CONNECTORS_CONNECTOR_H_
#define SAMVERK_SERVICES_CONNECTORS_CONNECTOR_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "eventstore/types.h"
#include "services/common/stop_signal.h"
#include "services/connectors/cloud_event.h"

namespace samverk::connectors {

// What became of an event.
struct Outcome {
  enum class Kind {
    kDone,
    kRefused,  // to be tried again, and parked after the group's attempts
    kParked,   // trying again cannot help
  };
  Kind kind = Kind::kDone;
  std::string reason;  // for people; empty when done
};

// What became of a delivery.
struct DeliveryReport {
  // Of the first so many events, in order. The others were not tried, and are
  // given again as if they had not been.
  std::vector<Outcome> outcomes;
  // Nothing can be delivered now, and why: it is not the events' fault.
  std::string unavailable;
  // With `unavailable`: try again after this; zero: after the group's delay,
  // which grows.
  absl::Duration retry_after;
  // Nothing is to be delivered until people say so, and why.
  std::string pause;
};

struct DeliveryTerms {
  // Everything up to here is settled.
  Position cursor;
  // Nothing is begun that may end later than this, but for the first event.
  absl::Time deadline;
  // Given: return soon, in the middle of a request too.
  StopSignal* stop = nullptr;
};

// A folder each. Used by one thread at a time.
class Connector {
 public:
  virtual ~Connector() = default;
  // Delivers events, in order of their positions, each of another key. Blocks
  // until that is done or has failed. An event that is said to be done is safe
  // with its target.
  virtual DeliveryReport Deliver(absl::Span<const CloudEvent> events,
                                 const DeliveryTerms& terms) = 0;
};

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_CONNECTOR_H_
