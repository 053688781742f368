#include "eventstore/base/strings.h"

#include <string>

#include "absl/strings/escaping.h"
#include "eventstore/base/sha256.h"
#include "gtest/gtest.h"

namespace samverk {
namespace {

TEST(IsValidUtf8, AcceptsWellFormedText) {
  for (const std::string& text :
       {std::string(), std::string("trygghetsvandring"), std::string("Malmö å"),
        std::string("\xed\x9f\xbf"), std::string("\xee\x80\x80"),
        std::string("\xf0\x90\x80\x80"), std::string("\xf4\x8f\xbf\xbf"),
        std::string("a\0b", 3), std::string("12345678é2345678€")}) {
    EXPECT_TRUE(IsValidUtf8(text)) << text;
  }
}

TEST(IsValidUtf8, RefusesMalformedText) {
  for (const std::string& text :
       {std::string("\x80"), std::string("\xc0\x80"), std::string("\xc1\xbf"),
        std::string("\xc3"), std::string("\xe0\x9f\xbf"),
        std::string("\xed\xa0\x80"), std::string("\xe2\x82"),
        std::string("\xf0\x8f\xbf\xbf"), std::string("\xf4\x90\x80\x80"),
        std::string("\xf5\x80\x80\x80"), std::string("\xff"),
        std::string("12345678\xc3(345678"), std::string("abc\xf0\x9f\x98")}) {
    EXPECT_FALSE(IsValidUtf8(text)) << absl::CHexEscape(text);
    EXPECT_FALSE(IsValidUtf8("12345678" + text)) << absl::CHexEscape(text);
  }
}

TEST(StringMap, FindsByView) {
  StringMap<int> map;
  map["beslut"] = 1;
  EXPECT_EQ(map.find(std::string_view("beslut"))->second, 1);
  EXPECT_EQ(map.find(std::string_view("besluta")), map.end());
}

TEST(Sha256, AgreesWithThePublishedExample) {
  EXPECT_EQ(absl::BytesToHexString(ToAbsl(AsBytes(Sha256("abc")))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Stream().Update("a").Update("bc").Finish(), Sha256("abc"));
}

}  // namespace
}  // namespace samverk
