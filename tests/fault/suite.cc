#include "tests/fault/suite.h"

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace samverk::fault {
namespace {

uint64_t rounds = 1;
std::optional<uint64_t> only_seed;

// True when `argument` is "--name=N"; N is then in `number`.
bool IsNumber(std::string_view argument, std::string_view name,
              uint64_t& number) {
  const std::string start =
      absl::StrCat("--", absl::string_view(name.data(), name.size()), "=");
  if (!argument.starts_with(start)) return false;
  argument.remove_prefix(start.size());
  return absl::SimpleAtoi(absl::string_view(argument.data(), argument.size()),
                          &number);
}

// Takes what GoogleTest has left over. False when it cannot be understood.
bool TakeArguments(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    uint64_t seed = 0;
    if (IsNumber(argv[i], "seed", seed)) {
      only_seed = seed;
    } else if (!IsNumber(argv[i], "rounds", rounds) || rounds == 0) {
      std::cerr << argv[0] << ": cannot understand " << argv[i]
                << "; give --rounds=N (1 or more) or --seed=N\n";
      return false;
    }
  }
  return true;
}

}  // namespace

uint64_t Rounds() { return only_seed.has_value() ? 1 : rounds; }

void ForEachSeed(const std::function<void(uint64_t seed)>& round) {
  const uint64_t first =
      only_seed.has_value() ? *only_seed : std::random_device{}();
  std::cout << Rounds() << " rounds from seed " << first << std::endl;
  for (uint64_t i = 0; i < Rounds(); ++i) {
    const uint64_t seed = first + i;
    SCOPED_TRACE(absl::StrCat("again with --seed=", seed));
    round(seed);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace samverk::fault

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (!samverk::fault::TakeArguments(argc, argv)) return 2;
  return RUN_ALL_TESTS();
}
