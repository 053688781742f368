#include "services/access/admitted_call.h"

#include <string>
#include <utility>

#include "services/common/error_language.h"
#include "services/common/grpc_status.h"
#include "services/common/refused_call.h"
#include "services/common/request_language.h"
#include "services/common/retry_delay.h"

namespace samverk::access {

grpc::ServerUnaryReactor* AnswerFrom(
    WorkerPool& pool, Gate& gate, CallRight right,
    grpc::CallbackServerContext& context,
    std::function<absl::Status(const Admitted&)> what) {
  absl::StatusOr<Admitted> admitted = gate.Admit(context, right);
  if (!admitted.ok()) return RefuseCall(context, admitted.status());
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  const auto language = RequestLanguage("", context);
  const std::string turn = admitted->TurnKey();
  const absl::Status taken = pool.Submit(
      [reactor, language, who = *std::move(admitted), what = std::move(what)] {
        reactor->Finish(ToGrpcStatus(InLanguage(what(who), language)));
      },
      turn);
  if (!taken.ok()) {
    reactor->Finish(ToGrpcStatus(InLanguage(WithRetryDelay(taken), language)));
  }
  return reactor;
}

}  // namespace samverk::access
