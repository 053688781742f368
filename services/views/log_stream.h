// One caller who reads the history.
#ifndef SAMVERK_SERVICES_VIEWS_LOG_STREAM_H_
#define SAMVERK_SERVICES_VIEWS_LOG_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include "eventstore/event_store.h"
#include "samverk/view/v1/view_service.pb.h"
#include "services/access/gate.h"
#include "services/common/worker_pool.h"
#include "services/views/logged_event.h"

namespace samverk {

// Reads page by page, the next one when the one before has left: a slow caller
// is further back in the log and costs the server one page. Ends at the head of
// its beginning. Deletes itself when the call is done; everything given must
// outlive it. `who` is not given what they may not read; a limit counts what
// they are given. `disposed` may be null.
//   INVALID_ARGUMENT: filters that contradict each other or name no event.
//   DATA_LOSS, FAILED_PRECONDITION (UNKNOWN_EVENT): what stands in the log.
grpc::ServerWriteReactor<view::v1::ReadLogResponse>* NewLogStream(
    EventStore& store, WorkerPool& pool,
    const view::v1::ReadLogRequest& request, access::Gate& gate,
    access::Admitted who, const DisposedValues* disposed);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_LOG_STREAM_H_
