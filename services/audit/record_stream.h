// One caller who reads records as they were hashed.
#ifndef SAMVERK_SERVICES_AUDIT_RECORD_STREAM_H_
#define SAMVERK_SERVICES_AUDIT_RECORD_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include "eventstore/event_store.h"
#include "proto/codec/text.h"
#include "samverk/audit/v1/audit_service.pb.h"
#include "services/access/gate.h"
#include "services/common/worker_pool.h"

namespace samverk {

// Reads page by page, the next one when the one before has left: a slow caller
// costs the server one page and no thread. Deletes itself when the call is
// done; store and pool must outlive it. `who` was let in, and is looked at
// again for each page. Errors as ReadRecords has them.
grpc::ServerWriteReactor<audit::v1::ReadRecordsResponse>* NewRecordStream(
    EventStore& store, WorkerPool& pool,
    const audit::v1::ReadRecordsRequest& request, codec::Language language,
    access::Gate& gate, access::Admitted who);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_RECORD_STREAM_H_
