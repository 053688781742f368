// Recording over gRPC.
#ifndef SAMVERK_SERVICES_RECORDING_RECORDING_SERVICE_H_
#define SAMVERK_SERVICES_RECORDING_RECORDING_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"
#include "services/access/gate.h"
#include "services/recording/event_sealer.h"

namespace samverk::recording {

// What is done with personal data.
struct PersonalData {
  // Seals it; must outlive the service. Null: it is refused.
  EventSealer* sealer = nullptr;
  // Carries out the disposals that are on record; called when one was recorded,
  // before that is answered. An error is the answer: the event is on record,
  // and sending it again, or a start, tries again.
  std::function<absl::Status()> dispose = nullptr;
  // One person may decide on a disposal and carry it out.
  bool by_one = false;
};

// samverk.recording.v1.RecordingService over the log, which must outlive it, as
// must clock and gate. Whoever has logged in may record what they have the
// right to. Small batches are judged on gRPC's own threads, others on two of
// its own; when too many wait, RESOURCE_EXHAUSTED (QUEUE_FULL). The server that
// it is registered with is shut down first; then it is destroyed.
std::unique_ptr<grpc::Service> MakeRecordingService(EventStore& store,
                                                    Clock& clock,
                                                    access::Gate& gate,
                                                    PersonalData personal = {});

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_RECORDING_SERVICE_H_
