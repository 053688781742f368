#include "clients/cli/withheld.h"

namespace samverk::cli {

absl::StatusOr<Reach> ReachOf(client::Client& client,
                              const std::string& process) {
  const auto head = client.GetHead();
  if (!head.ok()) return head.status();
  // Every view tells it; of this one a page is enough, however large it is.
  view::v1::ListCostsRequest request;
  request.set_page_size(1);
  request.mutable_scope()->set_process(process);
  request.mutable_scope()->set_at_least(*head);
  const auto answer = client.ListCosts(request);
  if (!answer.ok()) return answer.status();
  Reach reach;
  reach.head = *head;
  reach.withheld = answer->answered().withheld();
  return reach;
}

}  // namespace samverk::cli
