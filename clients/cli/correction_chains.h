// Which events of a log are about one and the same: an event, its corrections,
// and what takes it out.
#ifndef SAMVERK_CLIENTS_CLI_CORRECTION_CHAINS_H_
#define SAMVERK_CLIENTS_CLI_CORRECTION_CHAINS_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::cli {

// Keeps of the events only those that amend another. One thread.
class CorrectionChains {
 public:
  // Takes an event in, and gives the id that all of its chain have in common:
  // that of the first event. In the order of the log, in which what amends
  // comes after what it amends; one that is taken in again gives the same.
  std::string RootOf(const event::v1::Event& event);

 private:
  absl::flat_hash_map<std::string, std::string> roots_;  // by id
};

// The id of the event that this one amends; empty: it amends none.
std::string TargetOf(const event::v1::Event& event);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_CORRECTION_CHAINS_H_
