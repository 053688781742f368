#include "eventstore/rocksdb/keys.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace samverk::keys {
namespace {

TEST(TermGroup, IsTheOrderOfPrefixes) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 chance(seed);
  std::vector<std::string> terms;
  for (const size_t size :
       {1, 2, 126, 127, 128, 129, 255, 256, 383, 384, 511}) {
    for (int i = 0; i < 5; ++i) {
      std::string term(size, 'a');
      term[chance() % size] = static_cast<char>(chance());
      terms.push_back(term);
    }
  }
  for (const std::string& a : terms) {
    for (const std::string& b : terms) {
      EXPECT_EQ(std::make_tuple(TermGroup(a), std::string_view(a)) <
                    std::make_tuple(TermGroup(b), std::string_view(b)),
                TermPrefix(TermKind::kTag, a) < TermPrefix(TermKind::kTag, b))
          << a.size() << " " << b.size();
    }
  }
}

}  // namespace
}  // namespace samverk::keys
