// Recording over gRPC.
#ifndef SAMVERK_SERVICES_RECORDING_RECORDING_SERVICE_H_
#define SAMVERK_SERVICES_RECORDING_RECORDING_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"

namespace samverk::recording {

// samverk.recording.v1.RecordingService over the log, which must outlive it, as
// must the clock. Small batches are judged on gRPC's own threads, others on
// two of its own; when too many wait, RESOURCE_EXHAUSTED (QUEUE_FULL). The
// server that it is registered with is shut down first; then it is destroyed.
std::unique_ptr<grpc::Service> MakeRecordingService(EventStore& store,
                                                    Clock& clock);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_RECORDING_SERVICE_H_
