#include "clients/cli/withheld.h"

namespace samverk::cli {

absl::StatusOr<Reach> ReachOf(client::Client& client,
                              const std::string& process) {
  const auto head = client.GetHead();
  if (!head.ok()) return head.status();
  // Every view tells it; this one is a single message.
  view::v1::GetBudgetRequest request;
  request.mutable_scope()->set_process(process);
  request.mutable_scope()->set_at_least(*head);
  const auto answer = client.GetBudget(request);
  if (!answer.ok()) return answer.status();
  Reach reach;
  reach.head = *head;
  reach.withheld = answer->budget().answered().withheld();
  return reach;
}

}  // namespace samverk::cli
