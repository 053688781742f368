// One stream of appends with many in flight.
#ifndef SAMVERK_SERVICES_STORE_APPEND_STREAM_H_
#define SAMVERK_SERVICES_STORE_APPEND_STREAM_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "absl/time/time.h"
#include "eventstore/event_store.h"
#include "services/access/lasting_right.h"

namespace samverk {

// The server's side of AppendStream, given and giving the bytes of its
// messages. Answers in the order of the requests, whatever order the store
// answers in; stops reading while too much is in flight. Deletes itself when
// the call is over and the store has answered. `store` must outlive the call;
// `caller` is AppendRequest.caller. When the right no longer holds, each
// request is answered with why.
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* NewAppendStream(
    EventStore& store, absl::Time deadline, uint64_t caller,
    access::LastingRight right);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_STORE_APPEND_STREAM_H_
