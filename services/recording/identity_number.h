// Finds Swedish personal identity and coordination numbers. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_IDENTITY_NUMBER_H_
#define SAMVERK_SERVICES_RECORDING_IDENTITY_NUMBER_H_

#include <cstddef>
#include <string_view>

#include "services/recording/text_screening.h"

namespace samverk::recording {

// Length of the identity number that begins at `at`, where a digit stands and
// none before it; 0: none does. text_screening.h says what is one. `text` is
// folded.
size_t IdentityNumberAt(std::string_view text, size_t at, Screening screening);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_IDENTITY_NUMBER_H_
