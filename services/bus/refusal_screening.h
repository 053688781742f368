// What members of consumer groups may not write into the dead letters.
#ifndef SAMVERK_SERVICES_BUS_REFUSAL_SCREENING_H_
#define SAMVERK_SERVICES_BUS_REFUSAL_SCREENING_H_

#include "absl/status/status.h"
#include "samverk/bus/v1/consumer_group.pb.h"

namespace samverk {

// Reasons why events were refused are kept in a register that cannot forget, so
// they are screened as all other text that people write there.
//   INVALID_ARGUMENT (INVALID_FIELD): a reason has what looks like an identity
//     number, a telephone number or an e-mail address; says of which event, and
//     hides most of it.
absl::Status CheckReasons(const bus::v1::AcknowledgeRequest& request);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_REFUSAL_SCREENING_H_
