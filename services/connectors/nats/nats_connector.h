// Events as messages of a NATS JetStream stream.
#ifndef SAMVERK_SERVICES_CONNECTORS_NATS_NATS_CONNECTOR_H_
#define SAMVERK_SERVICES_CONNECTORS_NATS_NATS_CONNECTOR_H_

#include <nats/nats.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "samverk/bus/v1/connector.pb.h"
#include "services/connectors/connector.h"

namespace samverk::connectors {

// INVALID_ARGUMENT (INVALID_FIELD): an URL that is none, or neither tls nor to
// this machine; a stream or a prefix that NATS would not take.
absl::Status CheckNats(const bus::v1::NatsTarget& target);

// Whether two targets are one stream, as far as their addresses tell: each
// would take the other's messages for its own. Pure.
bool ShareStream(const bus::v1::NatsTarget& a, const bus::v1::NatsTarget& b);

// "PREFIX.PROCESS.TYPE" of an event: the first part of its stream, and its type
// without "samverk."; what may not stand in a subject is percent-encoded. Pure.
std::string SubjectOf(const std::string& prefix, const CloudEvent& event);

// Publishes one event after the other, each when NATS has acknowledged the one
// before. What the stream holds already is not published again: each message
// says how far the log had been published when it was (its furthest position).
// After connecting, and so after each failure, the stream is read backwards to
// a message whose furthest position is settled. Whatever was published since,
// and its acknowledgement lost, lies between. What was parked and is given
// again lies anywhere: all messages of its subject are looked through for its
// id.
class NatsConnector final : public Connector {
 public:
  // A target that CheckNats lets through.
  NatsConnector(bus::v1::NatsTarget target, absl::Duration timeout);
  ~NatsConnector() override;

  DeliveryReport Deliver(absl::Span<const CloudEvent> events,
                         const DeliveryTerms& terms) override;

 private:
  template <typename T, void (*Destroy)(T*)>
  struct Destroyer {
    void operator()(T* object) const { Destroy(object); }
  };
  using Connection =
      std::unique_ptr<natsConnection,
                      Destroyer<natsConnection, &natsConnection_Destroy>>;
  using Stream = std::unique_ptr<jsCtx, Destroyer<jsCtx, &jsCtx_Destroy>>;

  // Connects, and finds out how far the stream goes, if that is not so.
  absl::Status Connect(const DeliveryTerms& terms);
  // Goes on reading the stream backwards until that is done, or there is no
  // more time: then `read_back_` is not 0.
  absl::Status ReadBack(const DeliveryTerms& terms);
  // What is begun now may end after the lease.
  bool IsTooLate(const DeliveryTerms& terms) const;
  // Finds those of the events that were parked once and are in the stream.
  absl::Status FindReplayed(absl::Span<const CloudEvent> events,
                            const DeliveryTerms& terms);
  absl::Status FindHeld(const std::string& subject,
                        const std::set<std::string>& ids,
                        const DeliveryTerms& terms);
  // What became of an event; not OK: nobody knows.
  absl::StatusOr<Outcome> Publish(const CloudEvent& event);
  void CloseWhenStopped(const DeliveryTerms& terms);
  void Disconnect();

  const bus::v1::NatsTarget target_;
  const int64_t timeout_ms_;
  Connection connection_;
  Stream stream_;
  // In the stream, and perhaps not settled: ids by position.
  absl::btree_map<uint64_t, std::string> published_;
  uint64_t furthest_ = 0;
  uint64_t read_back_ = 0;      // to be read back next; 0: all was
  uint64_t first_ = 0;          // of the stream, when it was connected to
  std::set<std::string> held_;  // ids of FindReplayed
};

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_NATS_NATS_CONNECTOR_H_
