// Unary calls that are answered by a pool's threads.
#ifndef SAMVERK_SERVICES_COMMON_POOLED_CALL_H_
#define SAMVERK_SERVICES_COMMON_POOLED_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <functional>

#include "absl/status/status.h"
#include "services/common/worker_pool.h"

namespace samverk {

// Has the pool do what a call asks for, and finishes the call with the outcome,
// in the caller's language. When too much waits it is refused at once, with the
// time after which to come again.
grpc::ServerUnaryReactor* AnswerFrom(WorkerPool& pool,
                                     grpc::CallbackServerContext& context,
                                     std::function<absl::Status()> what);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_POOLED_CALL_H_
