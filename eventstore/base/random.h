// Random bytes that nobody can guess.
#ifndef SAMVERK_EVENTSTORE_BASE_RANDOM_H_
#define SAMVERK_EVENTSTORE_BASE_RANDOM_H_

#include <cstdint>

#include "absl/types/span.h"

namespace samverk {

// Fills `bytes` from OpenSSL's generator. Ends the process when there is none:
// to go on with bytes that can be guessed would be worse. Thread-safe.
void FillRandom(absl::Span<uint8_t> bytes);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_RANDOM_H_
