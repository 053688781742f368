// A refused batch on the wire.
#ifndef SAMVERK_SERVICES_RECORDING_REFUSAL_H_
#define SAMVERK_SERVICES_RECORDING_REFUSAL_H_

#include <vector>

#include "absl/status/status.h"
#include "proto/codec/text.h"
#include "samverk/recording/v1/recording_service.pb.h"
#include "services/recording/decision.h"

namespace samverk::recording {

// A violation and a notice with their words.
v1::Violation ViolationMessage(const BatchViolation& violation,
                               codec::Language language);
v1::Notice NoticeMessage(const BatchNotice& notice, codec::Language language);

// `refused` (REFUSED) in the caller's language, with a Refusal and a BadRequest
// among its details. The trailers of a call hold about 8 KiB, so only the first
// violations are there: the ErrorInfo's metadata says which events are refused
// ("refused_events": "0,3,7-12"), how many violations there are and how many
// are "shown". Validate answers with all of them.
absl::Status RefusalStatus(const absl::Status& refused,
                           const std::vector<BatchViolation>& violations,
                           size_t events, codec::Language language);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_REFUSAL_H_
