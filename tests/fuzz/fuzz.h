// What every fuzz target has: it takes some bytes, whatever they are, and ends
// the process when something that must always hold does not.
//
// In the preset `fuzz` libFuzzer looks for such bytes; in every other build
// driver.cc tries those of the corpus, and random ones.
#ifndef SAMVERK_TESTS_FUZZ_FUZZ_H_
#define SAMVERK_TESTS_FUZZ_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "eventstore/base/check.h"

// The name that libFuzzer calls.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace samverk::fuzz {

inline std::string_view Bytes(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace samverk::fuzz

#endif  // SAMVERK_TESTS_FUZZ_FUZZ_H_
