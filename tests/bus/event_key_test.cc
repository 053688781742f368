#include "eventstore/bus/event_key.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace samverk::bus {
namespace {

std::string KeyOf(const std::vector<std::string_view>& tags,
                  std::string_view key) {
  BodyView body;
  body.stream = "stream";
  body.tags.assign(tags.begin(), tags.end());
  return std::string(EventKey(body, key));
}

TEST(EventKey, IsTheStreamOrATag) {
  EXPECT_EQ(KeyOf({"finding:7"}, ""), "stream");
  EXPECT_EQ(KeyOf({"finding:7", "grant:g"}, "grant"), "grant:g");
  EXPECT_EQ(KeyOf({"finding:7"}, "grant"), "stream");
  EXPECT_EQ(KeyOf({}, "grant"), "stream");
}

// As the server qualifies tags: the same grant of two processes is two keys.
TEST(EventKey, TagsOfAProcessAreFoundByTheirKind) {
  EXPECT_EQ(KeyOf({"augustenborg/grant:g", "process:augustenborg"}, "grant"),
            "augustenborg/grant:g");
  EXPECT_EQ(KeyOf({"sofielund/grant:g"}, "grant"), "sofielund/grant:g");
}

TEST(EventKey, PartsOfAKeyOrAValueAreNoKey) {
  EXPECT_EQ(KeyOf({"subgrant:g"}, "grant"), "stream");
  EXPECT_EQ(KeyOf({"grants:g"}, "grant"), "stream");
  EXPECT_EQ(KeyOf({"p/x:y/grant:g"}, "grant"), "stream");
  EXPECT_EQ(KeyOf({"grant"}, "grant"), "stream");
}

TEST(EventKey, FirstOfSeveralCounts) {
  EXPECT_EQ(KeyOf({"p/grant:a", "p/grant:b"}, "grant"), "p/grant:a");
}

}  // namespace
}  // namespace samverk::bus
