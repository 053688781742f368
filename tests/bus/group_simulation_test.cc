// Consumer groups when everything goes wrong: members that crash, stall and
// say things late, twice, out of order and with leases of others; a server that
// starts again; writes that fail or are slow; time that jumps; filters that
// match rarely or never. After every step the group stands as its model, which
// looks at each event; in the end everything was dealt with.
#include <gtest/gtest.h>

#include <string>

#include "tests/bus/group_world.h"
#include "tests/fault/simulation_steps.h"
#include "tests/fault/suite.h"

namespace samverk::bus {
namespace {

constexpr size_t kSteps = 200;

TEST(GroupSimulation, GuaranteeG7HoldsWhateverHappens) {
  fault::ForEachSeed([](uint64_t seed) {
    fault::RandomChoices choices(seed);
    GroupWorld world(choices);
    const std::string wrong = world.Run(kSteps);
    EXPECT_TRUE(wrong.empty()) << wrong;
  });
}

}  // namespace
}  // namespace samverk::bus
