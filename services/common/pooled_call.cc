#include "services/common/pooled_call.h"

#include <utility>

#include "services/common/error_language.h"
#include "services/common/grpc_status.h"
#include "services/common/request_language.h"
#include "services/common/retry_delay.h"

namespace samverk {

grpc::ServerUnaryReactor* AnswerFrom(WorkerPool& pool,
                                     grpc::CallbackServerContext& context,
                                     std::function<absl::Status()> what) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  const auto language = RequestLanguage("", context);
  const absl::Status taken =
      pool.Submit([reactor, language, what = std::move(what)] {
        reactor->Finish(ToGrpcStatus(InLanguage(what(), language)));
      });
  if (!taken.ok()) {
    reactor->Finish(ToGrpcStatus(InLanguage(WithRetryDelay(taken), language)));
  }
  return reactor;
}

}  // namespace samverk
