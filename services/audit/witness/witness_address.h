// A witness as whoever asks it is told of it.
#ifndef SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_ADDRESS_H_
#define SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "eventstore/audit/note_key.h"

namespace samverk {

struct WitnessAddress {
  NoteVerifier key;
  std::string url;  // what "/add-checkpoint" comes after
};

// Reads "NAME+ID+KEY URL". INVALID_ARGUMENT, saying what is wrong: not that
// form, the key of a log, an URL that is neither https nor to this machine.
absl::StatusOr<WitnessAddress> ParseWitnessAddress(const std::string& text);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_ADDRESS_H_
