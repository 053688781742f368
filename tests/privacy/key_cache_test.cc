// What is remembered of keys, and what is not.
#include "services/privacy/key_cache.h"

#include <gtest/gtest.h>

#include <memory>

namespace samverk::privacy {
namespace {

SubjectKey SomeKey() {
  return {std::make_shared<const DataKey>(RandomDataKey()), nullptr};
}

TEST(KeyCache, KeepsWhatWasUsedLast) {
  KeyCache cache(2);
  cache.Put("a", SomeKey());
  cache.Put("b", SomeKey());
  EXPECT_TRUE(cache.Find("a").has_value());
  cache.Put("c", SomeKey());
  EXPECT_TRUE(cache.Find("a").has_value());
  EXPECT_FALSE(cache.Find("b").has_value());
  EXPECT_TRUE(cache.Find("c").has_value());
}

TEST(KeyCache, LetsGoOfWhatIsErasedOrReplaced) {
  KeyCache cache(2);
  const SubjectKey key = SomeKey();
  const std::weak_ptr<const DataKey> first = key.key;
  cache.Put("a", key);
  EXPECT_EQ(first.use_count(), 2);
  cache.Put("a", SomeKey());
  EXPECT_EQ(first.use_count(), 1);
  cache.Put("a", key);
  cache.Erase("a");
  cache.Erase("a");
  EXPECT_EQ(first.use_count(), 1);
  EXPECT_FALSE(cache.Find("a").has_value());
}

TEST(KeyCache, MayKeepNothing) {
  KeyCache cache(0);
  cache.Put("a", SomeKey());
  EXPECT_FALSE(cache.Find("a").has_value());
}

}  // namespace
}  // namespace samverk::privacy
