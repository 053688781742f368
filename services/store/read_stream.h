// One reading of the log, page by page.
#ifndef SAMVERK_SERVICES_STORE_READ_STREAM_H_
#define SAMVERK_SERVICES_STORE_READ_STREAM_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "eventstore/event_store.h"
#include "services/access/lasting_right.h"
#include "services/common/worker_pool.h"

namespace samverk {

// The server's side of Read: takes the bytes of a ReadRequest and sends those
// of ReadResponses up to the head of now. Each page is read by a job of `pool`,
// the next one while the one before is on its way, and no more: a slow caller
// holds two pages and no thread. Deletes itself when the call is over. `store`
// and `pool` must outlive the call. Ends when the right no longer holds, and
// when it cannot be recorded that what is secret is read.
grpc::ServerWriteReactor<grpc::ByteBuffer>* NewReadStream(
    EventStore& store, WorkerPool& pool, const grpc::ByteBuffer& request,
    access::LastingRight right);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_STORE_READ_STREAM_H_
