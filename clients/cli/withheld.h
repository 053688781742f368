// What whoever asks is not shown.
#ifndef SAMVERK_CLIENTS_CLI_WITHHELD_H_
#define SAMVERK_CLIENTS_CLI_WITHHELD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cpp/client.h"

namespace samverk::cli {

// A process, as far as its log is at the moment.
struct Reach {
  uint64_t head = 0;      // of the register: read the log up to here
  uint64_t withheld = 0;  // events up to there that the caller may not read
};

// NOT_FOUND: there is no such process, or none that the caller may know of.
absl::StatusOr<Reach> ReachOf(client::Client& client,
                              const std::string& process);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_WITHHELD_H_
