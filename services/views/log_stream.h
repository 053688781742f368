// One caller who reads, and perhaps follows, the history.
#ifndef SAMVERK_SERVICES_VIEWS_LOG_STREAM_H_
#define SAMVERK_SERVICES_VIEWS_LOG_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include "eventstore/event_store.h"
#include "samverk/view/v1/view_service.pb.h"
#include "services/common/head_watcher.h"
#include "services/common/worker_pool.h"

namespace samverk {

// Reads page by page, the next one when the one before has left: a slow caller
// is further back in the log and costs the server one page. While following it
// waits for the log to grow without a thread of its own. Deletes itself when
// the call is done; everything given must outlive it.
//   INVALID_ARGUMENT: filters that contradict each other or name no event.
//   DATA_LOSS, FAILED_PRECONDITION (UNKNOWN_EVENT): what stands in the log.
grpc::ServerWriteReactor<view::v1::ReadLogResponse>* NewLogStream(
    EventStore& store, HeadWatcher& watcher, WorkerPool& pool,
    const view::v1::ReadLogRequest& request);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_LOG_STREAM_H_
