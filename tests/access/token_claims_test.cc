// Times of tokens.
#include "services/access/token_claims.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "proto/codec/json.h"

namespace samverk::access {
namespace {

std::optional<absl::Time> Read(const std::string& number) {
  return ReadNumericDate(*codec::ParseJson(number));
}

TEST(NumericDate, IsSecondsAndFractions) {
  EXPECT_EQ(Read("0"), absl::UnixEpoch());
  EXPECT_EQ(Read("-0"), absl::UnixEpoch());
  EXPECT_EQ(Read("1300819380"), absl::FromUnixSeconds(1'300'819'380));
  EXPECT_EQ(Read("1.5"), absl::UnixEpoch() + absl::Milliseconds(1'500));
  EXPECT_EQ(Read("15e-1"), absl::UnixEpoch() + absl::Milliseconds(1'500));
  EXPECT_EQ(Read("253402300799"), absl::FromUnixSeconds(253'402'300'799));
}

TEST(NumericDate, IsWithinBounds) {
  for (const char* number :
       {"-1", "-0.001", "253402300799.1", "253402300800", "1e12", "1e308",
        "1e309", "1e999999999", "-1e999999999", "9223372036854775808", "\"1\"",
        "null", "true", "[]", "{}"}) {
    EXPECT_EQ(Read(number), std::nullopt) << number;
  }
  EXPECT_EQ(Read(std::string(5'000, '9')), std::nullopt);
  EXPECT_EQ(Read("1e-999999999"), absl::UnixEpoch());
  EXPECT_EQ(Read("0." + std::string(5'000, '9')),
            absl::UnixEpoch() + absl::Seconds(1));
}

}  // namespace
}  // namespace samverk::access
