// How much a witness takes.
#ifndef SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_LIMITS_H_
#define SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_LIMITS_H_

#include <cstddef>

namespace samverk {

// Logs that one witness cosigns.
inline constexpr size_t kWitnessedLogsMost = 100;
// A request: at most 63 hashes, and a checkpoint with its signatures.
inline constexpr size_t kWitnessRequestBytesMost = 16 << 10;
// Witnesses that one register asks.
inline constexpr size_t kWitnessesMost = 16;

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_LIMITS_H_
