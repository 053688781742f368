#include "eventstore/base/uuid.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "eventstore/base/error.h"
#include "gtest/gtest.h"

namespace samverk {
namespace {

constexpr char kText[] = "018bcfe5-6800-7000-8000-00000000002a";

TEST(ParseUuid, ReadsWhatFormatWrites) {
  const auto id = ParseUuid(kText);
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_EQ(id->bytes[0], 0x01);
  EXPECT_EQ(id->bytes[15], 0x2a);
  EXPECT_EQ(FormatUuid(*id), kText);
}

TEST(ParseUuid, AcceptsUpperCase) {
  EXPECT_EQ(ParseUuid(absl::AsciiStrToUpper(kText)), ParseUuid(kText));
}

TEST(ParseUuid, RefusesEverythingElse) {
  const std::string good = kText;
  const std::vector<std::string> all_bad = {
      std::string(),
      good.substr(1),
      good + "0",
      "{" + good + "}",
      "018bcfe5x6800-7000-8000-00000000002a",
      "018bcfe5-6800-7000-8000-00000000002g",
      std::string("018bcfe5680070008000000000000002a"),
      "018bcfe-56800-7000-8000-00000000002a",
      std::string(36, '\0')};
  for (const std::string& bad : all_bad) {
    const auto id = ParseUuid(bad);
    EXPECT_EQ(id.status().code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(ReasonOf(id.status()), error::v1::REASON_INVALID_FIELD) << bad;
  }
}

TEST(NewUuidV7, HoldsTimeVersionAndVariant) {
  std::array<uint8_t, 10> ones;
  ones.fill(0xff);
  EXPECT_EQ(
      FormatUuid(NewUuidV7(absl::FromUnixMillis(1'700'000'000'000), ones)),
      "018bcfe5-6800-7fff-bfff-ffffffffffff");
  EXPECT_EQ(FormatUuid(NewUuidV7(absl::FromUnixMillis(1'700'000'000'000), {})),
            "018bcfe5-6800-7000-8000-000000000000");
}

TEST(NewUuidV7, IsDifferentEachTime) {
  const absl::Time now = absl::FromUnixMillis(1'700'000'000'000);
  EXPECT_NE(NewUuidV7(now), NewUuidV7(now));
}

TEST(UuidV8FromText, IsTheSameForTheSameText) {
  // SHA-256("abc") = ba7816bf 8f01cfea 414140de 5dae2223 …
  EXPECT_EQ(FormatUuid(UuidV8FromText("abc")),
            "ba7816bf-8f01-8fea-8141-40de5dae2223");
  EXPECT_NE(UuidV8FromText("abc"), UuidV8FromText("abd"));
}

}  // namespace
}  // namespace samverk
