// The words of refusals.
#include "services/access/refusal.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "eventstore/base/strings.h"

namespace samverk::access {
namespace {

TEST(RefusalCatalogue, HasANameAndASentenceForEach) {
  std::set<std::string_view> names;
  for (const RefusalEntry& entry : RefusalCatalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_EQ(
        entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789"),
        std::string_view::npos)
        << entry.name;
    for (const std::string_view text : {entry.swedish, entry.english}) {
      EXPECT_TRUE(IsValidUtf8(text)) << entry.name;
      ASSERT_FALSE(text.empty()) << entry.name;
      EXPECT_EQ(text.back(), '.') << entry.name;
      EXPECT_EQ(text.find("  "), std::string_view::npos) << entry.name;
    }
    EXPECT_EQ(RefusalName(entry.refusal), entry.name);
    const absl::Status status =
        RefusalStatus(entry.refusal, codec::Language::kEnglish);
    if (entry.refusal == Refusal::kNone) {
      EXPECT_TRUE(status.ok());
    } else {
      EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
      EXPECT_EQ(status.message(), ToAbsl(entry.english));
    }
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kRefusals));
}

}  // namespace
}  // namespace samverk::access
