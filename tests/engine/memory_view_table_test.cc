#include "projections/engine/memory_view_table.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "eventstore/base/key_order.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {
namespace {

using ::testing::ElementsAre;
using view::v1::BudgetEntry;

std::vector<std::string> Scan(const ViewReader& reader, std::string_view prefix,
                              std::string_view from) {
  std::vector<std::string> seen;
  reader.Scan<BudgetEntry>(
      prefix, from, [&](std::string_view key, const BudgetEntry& entry) {
        seen.push_back(std::string(key) + "=" + entry.cost().text());
        return true;
      });
  return seen;
}

// Keys that begin alike, end early, and hold zeros and bytes above 127.
std::string RandomKey(std::mt19937& chance) {
  std::string key = chance() % 2 == 0 ? "process/cost/" : "process/";
  for (uint64_t n = chance() % 24; n > 0; --n) {
    key.push_back("\0a\xc3\xff"[chance() % 4]);
  }
  return key;
}

TEST(SortByKey, SortsAsStringsAreSorted) {
  for (uint32_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 chance(seed);
    std::vector<std::string> keys(chance() % 200);
    for (std::string& key : keys) key = RandomKey(chance);
    std::vector<const std::string*> sorted;
    for (const std::string& key : keys) sorted.push_back(&key);
    SortByKey(sorted,
              [](const std::string* key) { return std::string_view(*key); });
    for (size_t i = 1; i < sorted.size(); ++i) {
      ASSERT_LE(*sorted[i - 1], *sorted[i]);
    }
  }
}

TEST(MemoryViewTable, FindsAndScansLikeASortedMap) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 chance(seed);
    MemoryViewTable table(BudgetEntry::default_instance());
    std::map<std::string, std::string> model;
    for (int i = 0; i < 2'000; ++i) {
      const std::string key = RandomKey(chance);
      switch (chance() % 6) {
        case 0:
          table.Erase(key);
          model.erase(key);
          break;
        case 1: {
          const std::string from = RandomKey(chance);
          const std::string prefix =
              chance() % 2 == 0 ? "process/cost/" : "process/";
          std::vector<std::string> wanted;
          for (const auto& [each, text] : model) {
            if (each >= from && each.compare(0, prefix.size(), prefix) == 0) {
              wanted.push_back(each + "=" + text);
            }
          }
          ASSERT_EQ(Scan(table, prefix, from), wanted);
          break;
        }
        default:
          table.Mutable<BudgetEntry>(key).mutable_cost()->set_text(
              std::to_string(i));
          model[key] = std::to_string(i);
      }
      ASSERT_EQ(table.size(), model.size());
    }
  }
}

TEST(MemoryViewTable, AScanEndsWhenItIsTold) {
  MemoryViewTable table(BudgetEntry::default_instance());
  for (const char* key : {"c", "a", "b"}) table.Mutable<BudgetEntry>(key);
  std::vector<std::string> seen;
  table.Scan<BudgetEntry>("", "",
                          [&](std::string_view key, const BudgetEntry&) {
                            seen.emplace_back(key);
                            return seen.size() < 2;
                          });
  EXPECT_THAT(seen, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace samverk::projections
