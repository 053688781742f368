#include "projections/participation/swedish_sort_key.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace samverk::projections {
namespace {

std::vector<std::string> Sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) {
              return SwedishSortKey(a) < SwedishSortKey(b);
            });
  return names;
}

TEST(SwedishSortKey, PutsTheLastThreeLettersLast) {
  EXPECT_THAT(Sorted({"Ö", "Ä", "Å", "Z", "A"}),
              ::testing::ElementsAre("A", "Z", "Å", "Ä", "Ö"));
  EXPECT_THAT(Sorted({"öst", "Ängen", "åkern", "Zoo", "ängel"}),
              ::testing::ElementsAre("Zoo", "åkern", "ängel", "Ängen", "öst"));
}

TEST(SwedishSortKey, SortsTheActorsOfTheProcess) {
  EXPECT_THAT(
      Sorted({"Polisen", "Odlingsgruppen Augustenborg", "MKB Fastighets AB",
              "Malmö stad", "Lokala företag vid Augustenborgstorget",
              "Hyresgästföreningen", "Gnistan", "Boende i området",
              "Fastighets- och gatukontoret (FGK)"}),
      ::testing::ElementsAre(
          "Boende i området", "Fastighets- och gatukontoret (FGK)", "Gnistan",
          "Hyresgästföreningen", "Lokala företag vid Augustenborgstorget",
          "Malmö stad", "MKB Fastighets AB", "Odlingsgruppen Augustenborg",
          "Polisen"));
}

TEST(SwedishSortKey, TakesAccentsAndOtherLettersWithTheirRelatives) {
  EXPECT_THAT(Sorted({"Idéer", "Idef", "Idea"}),
              ::testing::ElementsAre("Idea", "Idéer", "Idef"));
  EXPECT_THAT(Sorted({"Müller", "Myrdal", "Mzz", "Muzz"}),
              ::testing::ElementsAre("Muzz", "Müller", "Myrdal", "Mzz"));
  EXPECT_THAT(Sorted({"Øre", "Ör", "Æ", "Ål", "Łódź", "Lo"}),
              ::testing::ElementsAre("Lo", "Łódź", "Ål", "Æ", "Ör", "Øre"));
  EXPECT_THAT(Sorted({"Űz", "Xa", "Őa", "Za"}),
              ::testing::ElementsAre("Xa", "Űz", "Za", "Őa"));
}

TEST(SwedishSortKey, PutsMarksBeforeDigitsBeforeLettersBeforeOtherScripts) {
  EXPECT_THAT(Sorted({"Ωμέγα", "ö", "a", "7", "- x"}),
              ::testing::ElementsAre("- x", "7", "a", "ö", "Ωμέγα"));
}

TEST(SwedishSortKey, TellsNamesApartThatSortAlike) {
  EXPECT_NE(SwedishSortKey("mkb"), SwedishSortKey("MKB"));
  EXPECT_NE(SwedishSortKey("ide"), SwedishSortKey("idé"));
  EXPECT_LT(SwedishSortKey("MKB"), SwedishSortKey("mkb a"));
  EXPECT_EQ(SwedishSortKey("mkb"), SwedishSortKey("mkb"));
}

TEST(SwedishSortKey, TakesBytesThatAreNotUtf8) {
  EXPECT_LT(SwedishSortKey("ö"), SwedishSortKey("\xff\xfe"));
  EXPECT_LT(SwedishSortKey(""), SwedishSortKey(" "));
}

}  // namespace
}  // namespace samverk::projections
