// How long a fault suite runs, and from which seeds: said on its command line.
//
//   SUITE_test --rounds=N     N rounds, each from a seed of its own
//   SUITE_test --seed=S       the one round that began from S, again
#ifndef SAMVERK_TESTS_FAULT_SUITE_H_
#define SAMVERK_TESTS_FAULT_SUITE_H_

#include <cstdint>
#include <functional>

namespace samverk::fault {

// Calls `round` once for each seed, until one has a failure, and says which
// seed that was. The first seed is drawn at random; the others follow it.
void ForEachSeed(const std::function<void(uint64_t seed)>& round);

// The number of rounds that the command line asks for; 1 with --seed.
uint64_t Rounds();

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_SUITE_H_
