// Which events of a batch the register has already.
#ifndef SAMVERK_CLIENTS_CLI_CONFLICTS_H_
#define SAMVERK_CLIENTS_CLI_CONFLICTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cpp/client.h"

namespace samverk::cli {

struct Conflict {
  size_t index = 0;      // in the batch
  std::string event_id;  // of the recorded event
};

// The events that a refused recording is about (ID_CONFLICT, SOURCE_CONFLICT),
// in the order of the batch. Ids that nobody wrote (the server makes them of
// the source) are looked up in the log. Empty for another error, and when the
// server does not say which; some may be missing when there are very many.
std::vector<Conflict> FindConflicts(client::Client& client,
                                    const recording::v1::RecordRequest& request,
                                    const absl::Status& refused);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_CONFLICTS_H_
