// The raw event store over gRPC: opaque append and read.
#ifndef SAMVERK_SERVICES_STORE_STORE_SERVICE_H_
#define SAMVERK_SERVICES_STORE_STORE_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "eventstore/event_store.h"
#include "services/access/gate.h"

namespace samverk {

// samverk.store.v1.EventStoreService over `store`, which must outlive it, as
// must the gate: who runs the register appends, who reads everything reads. No
// thread waits for a caller: appends, reads and waits go on when the store or
// the connection is ready. Bounds: two pages of a reading, and 1024 appends of
// 16 MiB together of a stream, are in memory at a time.
std::unique_ptr<grpc::Service> MakeStoreService(EventStore& store,
                                                access::Gate& gate);

// The same service where it is switched off: every call is answered with
// FAILED_PRECONDITION (DISABLED), which says how to switch it on.
std::unique_ptr<grpc::Service> MakeDisabledStoreService();

}  // namespace samverk

#endif  // SAMVERK_SERVICES_STORE_STORE_SERVICE_H_
