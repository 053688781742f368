// What a verification says, in words.
#ifndef SAMVERK_CLIENTS_VERIFY_WORDS_H_
#define SAMVERK_CLIENTS_VERIFY_WORDS_H_

#include <string>

#include "absl/status/status.h"
#include "eventstore/audit/verifier.h"

namespace samverk::verify {

// What was proved, one fact a line, each line with two spaces before it.
std::string Proved(const Verified& verified, bool swedish);

// Why nothing was proved: one line.
std::string NotProved(const absl::Status& status, bool swedish);

}  // namespace samverk::verify

#endif  // SAMVERK_CLIENTS_VERIFY_WORDS_H_
