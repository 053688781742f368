// What the command line is given: texts of any length.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

TEST(Wrap, TakesATimeThatFollowsTheLengthOfTheText) {
  // Two megabytes of one word: minutes when each line measures all of the rest.
  const std::string word(2 << 20, 'x');
  const auto began = std::chrono::steady_clock::now();
  const std::vector<std::string> lines = Wrap(word, 64);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_EQ(lines.size(), word.size() / 64);
  EXPECT_EQ(lines.back().size(), 64u);
}

}  // namespace
}  // namespace samverk::cli
