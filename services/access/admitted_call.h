// Unary calls that are let in and then answered by a pool's threads.
#ifndef SAMVERK_SERVICES_ACCESS_ADMITTED_CALL_H_
#define SAMVERK_SERVICES_ACCESS_ADMITTED_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <functional>

#include "absl/status/status.h"
#include "services/access/gate.h"
#include "services/common/worker_pool.h"

namespace samverk::access {

// Has the pool do what a call asks for, if the gate lets its caller in, and
// finishes the call with the outcome, in the caller's language. When too much
// waits it is refused at once, with the time after which to come again.
grpc::ServerUnaryReactor* AnswerFrom(
    WorkerPool& pool, Gate& gate, CallRight right,
    grpc::CallbackServerContext& context,
    std::function<absl::Status(const Admitted&)> what);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_ADMITTED_CALL_H_
