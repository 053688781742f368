// Bytes as the steps of a simulation of the model: see tests/fault/simulation*.
#include <string>

#include "tests/fault/simulation_run.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kSteps = 100;
  samverk::fault::ByteChoices choices(samverk::fuzz::Bytes(data, size));
  samverk::fault::SimulatedMemoryStore store;
  const std::string wrong = samverk::fault::Simulate(store, choices, kSteps);
  SAMVERK_CHECK(wrong.empty()) << wrong;
  return 0;
}
