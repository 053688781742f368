// What a member says of the events that it was given. Pure.
#ifndef SAMVERK_EVENTSTORE_BUS_ACKNOWLEDGEMENT_H_
#define SAMVERK_EVENTSTORE_BUS_ACKNOWLEDGEMENT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/bus/leases.h"
#include "eventstore/types.h"

namespace samverk::bus {

struct Acknowledgement {
  struct Refusal {
    Position position;
    std::string reason;  // at most limits::kRefusalBytes, UTF-8
    bool park = false;   // at once: trying again cannot help
  };
  std::string lease;  // its token
  std::vector<Position> done;
  bool all_done = false;  // all that are not refused are done
  std::vector<Refusal> refused;
};

// What will have been said of each event of a lease, when this is taken: as
// before, or new. To say the same again is no error.
//   FAILED_PRECONDITION (LEASE_ENDED): something else was said of an event.
//   INVALID_ARGUMENT (INVALID_FIELD, LIMIT_EXCEEDED): an event was not given
//     under this lease, is done and refused at once, or a reason is no text.
absl::StatusOr<std::vector<Outcome>> OutcomesOf(const Lease& lease,
                                                const Acknowledgement& said);

// A reason as a group takes it: UTF-8, and not too long.
std::string RefusalReason(std::string text);

// FAILED_PRECONDITION (LEASE_ENDED), with the reason why.
absl::Status LeaseEnded(std::string_view lease, std::string_view why);

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_ACKNOWLEDGEMENT_H_
