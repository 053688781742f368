// What was verified once.
#include "services/access/remembered_credentials.h"

#include <gtest/gtest.h>

namespace samverk::access {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Credential Somebody() { return {"p-1", "mkb", {}, kNow + absl::Seconds(10)}; }

TEST(RememberedCredentials, HoldUntilTheyEnd) {
  RememberedCredentials remembered;
  const Hash hash = Sha256("shown");
  EXPECT_FALSE(remembered.Find(hash, kNow).has_value());
  remembered.Keep(hash, Somebody(), remembered.generation());
  ASSERT_TRUE(remembered.Find(hash, kNow).has_value());
  EXPECT_EQ(remembered.Find(hash, kNow)->subject, "p-1");
  EXPECT_FALSE(remembered.Find(Sha256("other"), kNow).has_value());
  EXPECT_FALSE(remembered.Find(hash, kNow + absl::Seconds(10)).has_value());
}

// Given a token that is being verified, when the keys are replaced before it is
// remembered, then it is verified again the next time.
TEST(RememberedCredentials, WhatOldKeysVerifiedIsNotKept) {
  RememberedCredentials remembered;
  const Hash hash = Sha256("shown");
  const uint64_t generation = remembered.generation();
  remembered.Forget();
  remembered.Keep(hash, Somebody(), generation);
  EXPECT_FALSE(remembered.Find(hash, kNow).has_value());
  remembered.Keep(hash, Somebody(), remembered.generation());
  EXPECT_TRUE(remembered.Find(hash, kNow).has_value());
  remembered.Forget();
  EXPECT_FALSE(remembered.Find(hash, kNow).has_value());
}

}  // namespace
}  // namespace samverk::access
