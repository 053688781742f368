#include "eventstore/audit/tile_path.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace samverk {
namespace {

TEST(TilePath, IsThatOfTlogTiles) {
  const struct {
    TilePath path;
    const char* text;
  } cases[] = {{{false, {0, 0}, 256}, "tile/0/000"},
               {{false, {0, 1'234'067}, 256}, "tile/0/x001/x234/067"},
               {{false, {1, 999}, 17}, "tile/1/999.p/17"},
               {{false, {63, 1000}, 255}, "tile/63/x001/000.p/255"},
               {{true, {0, 273}, 112}, "tile/entries/273.p/112"},
               {{true, {0, 1'000'000}, 256}, "tile/entries/x001/x000/000"}};
  for (const auto& one : cases) {
    EXPECT_EQ(FormatTilePath(one.path), one.text);
    EXPECT_EQ(ParseTilePath(one.text), one.path) << one.text;
  }
}

TEST(TilePath, HasOneForm) {
  for (const char* text : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/00/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/0/x000/000",
                           "tile/0/001/000",
                           "tile/0/x001",
                           "tile/0/x001/",
                           "tile/0/x001/x000",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/1/",
                           "tile/0/000/",
                           "tile/entries",
                           "tile/entries/",
                           "tile/data/000",
                           "/tile/0/000",
                           "tile/0/../000",
                           "tile/0/x/000",
                           "tile/0/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_EQ(ParseTilePath(text), std::nullopt) << text;
  }
}

TEST(TilePath, SaysHowManyLeavesATreeMustHave) {
  const auto needed = [](const char* text) {
    return ParseTilePath(text)->LeavesNeeded();
  };
  EXPECT_EQ(needed("tile/0/000"), 256u);
  EXPECT_EQ(needed("tile/0/000.p/1"), 1u);
  EXPECT_EQ(needed("tile/0/273.p/112"), 70'000u);
  EXPECT_EQ(needed("tile/1/000"), 65'536u);
  EXPECT_EQ(needed("tile/1/001.p/17"), 69'888u);
  EXPECT_EQ(needed("tile/2/000.p/1"), 65'536u);
  EXPECT_EQ(needed("tile/entries/273.p/112"), 70'000u);
  EXPECT_EQ(needed("tile/7/000.p/127"), uint64_t{127} << 56);
  EXPECT_EQ(needed("tile/7/000.p/128"), std::nullopt);
  EXPECT_EQ(needed("tile/8/000.p/1"), std::nullopt);
  EXPECT_EQ(needed("tile/0/x009/x223/x372/x036/x854/x775/807"), std::nullopt);
}

}  // namespace
}  // namespace samverk
