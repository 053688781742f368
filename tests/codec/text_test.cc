// Given sums, times and numbers, when people read them, then in their language.
#include "proto/codec/text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "proto/codec/edtf.h"

namespace samverk::codec {
namespace {

using event::v1::Precision;
using event::v1::PRECISION_ESTIMATE;
using event::v1::PRECISION_EXACT;
using event::v1::PRECISION_STATED;
using event::v1::PRECISION_UNKNOWN;
using event::v1::PRECISION_UNSPECIFIED;

constexpr Language kSv = Language::kSwedish;
constexpr Language kEn = Language::kEnglish;

TEST(LanguageOf, IsSwedishUnlessSaidOtherwise) {
  EXPECT_EQ(LanguageOf(""), kSv);
  EXPECT_EQ(LanguageOf("sv"), kSv);
  EXPECT_EQ(LanguageOf("sv-SE"), kSv);
  EXPECT_EQ(LanguageOf("SV-se"), kSv);
  EXPECT_EQ(LanguageOf("en"), kEn);
  EXPECT_EQ(LanguageOf("s"), kEn);
  EXPECT_EQ(LanguageOf("de-SE"), kEn);
}

TEST(MoneyText, GroupsByThreeAndShowsOreOnlyWhenThereAreSome) {
  EXPECT_EQ(MoneyText(27'000'000, PRECISION_EXACT, kSv),
            "270\u00A0000\u00A0kr");
  EXPECT_EQ(MoneyText(26'841'250, PRECISION_EXACT, kSv),
            "268\u00A0412,50\u00A0kr");
  EXPECT_EQ(MoneyText(5, PRECISION_STATED, kSv), "0,05\u00A0kr");
  EXPECT_EQ(MoneyText(0, PRECISION_EXACT, kSv), "0\u00A0kr");
  EXPECT_EQ(MoneyText(100'000'000'000, PRECISION_EXACT, kSv),
            "1\u00A0000\u00A0000\u00A0000\u00A0kr");
  EXPECT_EQ(MoneyText(27'000'000, PRECISION_EXACT, kEn), "SEK 270,000");
  EXPECT_EQ(MoneyText(26'841'250, PRECISION_EXACT, kEn), "SEK 268,412.50");
}

TEST(MoneyText, SaysAboutBeforeEstimatesAlone) {
  EXPECT_EQ(MoneyText(27'000'000, PRECISION_ESTIMATE, kSv),
            "ca 270\u00A0000\u00A0kr");
  EXPECT_EQ(MoneyText(27'000'000, PRECISION_ESTIMATE, kEn),
            "approx. SEK 270,000");
  EXPECT_EQ(MoneyText(34'284'000, PRECISION_STATED, kSv),
            "342\u00A0840\u00A0kr");
}

TEST(MoneyText, HasATrueMinusSign) {
  EXPECT_EQ(MoneyText(-3'000'050, PRECISION_EXACT, kSv),
            "\u221230\u00A0000,50\u00A0kr");
  EXPECT_EQ(MoneyText(-3'000'000, PRECISION_ESTIMATE, kEn),
            "approx. SEK \u221230,000");
  EXPECT_EQ(
      MoneyText(std::numeric_limits<int64_t>::min(), PRECISION_EXACT, kEn),
      "SEK \u221292,233,720,368,547,758.08");
}

TEST(MoneyText, SaysUnknownForAnUnknownSum) {
  EXPECT_EQ(MoneyText(0, PRECISION_UNKNOWN, kSv), "okänt");
  EXPECT_EQ(MoneyText(0, PRECISION_UNSPECIFIED, kEn), "unknown");
  EXPECT_EQ(MoneyText(100, PRECISION_UNKNOWN, kSv), "1\u00A0kr");
}

TEST(PrecisionText, HasAWordForEach) {
  EXPECT_EQ(PrecisionText(PRECISION_EXACT, kSv), "exakt");
  EXPECT_EQ(PrecisionText(PRECISION_STATED, kSv), "uppgivet");
  EXPECT_EQ(PrecisionText(PRECISION_ESTIMATE, kSv), "uppskattning");
  EXPECT_EQ(PrecisionText(PRECISION_UNKNOWN, kSv), "okänt");
  EXPECT_EQ(PrecisionText(PRECISION_UNSPECIFIED, kSv), "okänt");
  EXPECT_EQ(PrecisionText(PRECISION_EXACT, kEn), "exact");
  EXPECT_EQ(PrecisionText(PRECISION_STATED, kEn), "stated");
  EXPECT_EQ(PrecisionText(PRECISION_ESTIMATE, kEn), "estimate");
  EXPECT_EQ(PrecisionText(PRECISION_UNKNOWN, kEn), "unknown");
}

TEST(WorsePrecision, IsTheLessSureInEitherOrder) {
  const Precision from_worst[] = {PRECISION_UNKNOWN, PRECISION_ESTIMATE,
                                  PRECISION_STATED, PRECISION_EXACT};
  for (int i = 0; i < 4; ++i) {
    for (int j = i; j < 4; ++j) {
      EXPECT_EQ(WorsePrecision(from_worst[i], from_worst[j]), from_worst[i]);
      EXPECT_EQ(WorsePrecision(from_worst[j], from_worst[i]), from_worst[i]);
    }
  }
  EXPECT_EQ(WorsePrecision(PRECISION_EXACT, PRECISION_UNSPECIFIED),
            PRECISION_UNKNOWN);
  EXPECT_EQ(WorsePrecision(PRECISION_UNSPECIFIED, PRECISION_UNSPECIFIED),
            PRECISION_UNKNOWN);
}

struct TimeCase {
  const char* edtf;
  const char* swedish;
  const char* english;
};

TEST(EdtfText, SaysTimesInWords) {
  for (const TimeCase& c : {
           TimeCase{"", "okänt", "unknown"},
           {"2025", "2025", "2025"},
           {"2025-21", "våren 2025", "spring 2025"},
           {"2025-22", "sommaren 2025", "summer 2025"},
           {"2025-23", "hösten 2025", "autumn 2025"},
           {"2025-24", "vintern 2025–2026", "winter 2025–2026"},
           {"2025-09", "september 2025", "September 2025"},
           {"2025-09-17", "17 september 2025", "17 September 2025"},
           {"2025-05-01", "1 maj 2025", "1 May 2025"},
           {"2025-09-17T18:30", "17 september 2025 kl. 18.30",
            "17 September 2025, 18:30"},
           {"2025-09-17T18:30:05", "17 september 2025 kl. 18.30.05",
            "17 September 2025, 18:30:05"},
           {"2025-12-31T23:30Z", "1 januari 2026 kl. 00.30",
            "1 January 2026, 00:30"},
           {"2025-07-01T00:15+05:00", "30 juni 2025 kl. 21.15",
            "30 June 2025, 21:15"},
           {"2025~", "ca 2025", "approx. 2025"},
           {"2025?", "2025 (osäkert)", "2025 (uncertain)"},
           {"2025-09%", "ca september 2025 (osäkert)",
            "approx. September 2025 (uncertain)"},
           {"2025-XX", "någon gång 2025", "some time in 2025"},
           {"2025-09-XX", "någon gång i september 2025",
            "some time in September 2025"},
           {"202X", "2020-talet", "the 2020s"},
           {"20XX", "2000–2099", "2000–2099"},
           {"2025-03/2025-05", "mars–maj 2025", "March–May 2025"},
           {"2025-11/2026-02", "november 2025–februari 2026",
            "November 2025–February 2026"},
           {"2026/2027", "2026–2027", "2026–2027"},
           {"2025-09-17/2025-09-19", "17–19 september 2025",
            "17–19 September 2025"},
           {"2025-09-28/2025-10-02", "28 september–2 oktober 2025",
            "28 September–2 October 2025"},
           {"2025-12-30/2026-01-02", "30 december 2025–2 januari 2026",
            "30 December 2025–2 January 2026"},
           {"2025-03/2025-05-10", "mars 2025–10 maj 2025",
            "March 2025–10 May 2025"},
           {"2026/..", "från 2026", "from 2026"},
           {"../2025-06", "till och med juni 2025", "until June 2025"},
           {"not a time", "not a time", "not a time"},
       }) {
    EXPECT_EQ(EdtfText(c.edtf, false, kSv), c.swedish);
    EXPECT_EQ(EdtfText(c.edtf, false, kEn), c.english);
  }
}

TEST(EdtfText, SaysAboutOnce) {
  EXPECT_EQ(EdtfText("2025-21", true, kSv), "ca våren 2025");
  EXPECT_EQ(EdtfText("2025~", true, kSv), "ca 2025");
  EXPECT_EQ(EdtfText("2026/2027", true, kEn), "approx. 2026–2027");
  EXPECT_EQ(EdtfText("", true, kSv), "okänt");
}

TEST(NumberText, GroupsByThree) {
  EXPECT_EQ(NumberText(12345, kSv), "12\u00A0345");
  EXPECT_EQ(NumberText(12345, kEn), "12,345");
  EXPECT_EQ(NumberText(999, kSv), "999");
  EXPECT_EQ(NumberText(-1000, kSv), "\u22121\u00A0000");
  EXPECT_EQ(NumberText(0, kEn), "0");
}

TEST(DateText, IsStockholms) {
  const int64_t midnight = StockholmMidnightUs(2025, 9, 17);
  EXPECT_EQ(DateText(midnight), "2025-09-17");
  EXPECT_EQ(DateText(midnight - 1), "2025-09-16");
  EXPECT_EQ(DateTimeText(midnight), "2025-09-17 00:00");
  EXPECT_EQ(DateTimeText(ParseEdtf("2025-09-17T18:30")->from_us),
            "2025-09-17 18:30");
  EXPECT_EQ(DateTimeText(ParseEdtf("2026-01-15T09:12:44Z")->from_us),
            "2026-01-15 10:12");
  EXPECT_EQ(DateTimeText(-1), "1970-01-01 00:59");
}

TEST(DisplayWidth, CountsWhatTakesAColumn) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("Åtgärd"), 6u);
  EXPECT_EQ(DisplayWidth("A\u030Atga\u0308rd"), 6u);
  EXPECT_EQ(DisplayWidth("270\u00A0000\u00A0kr"), 10u);
  EXPECT_EQ(DisplayWidth("\u2212\u2013…"), 3u);
  EXPECT_EQ(DisplayWidth("a\xFF"
                         "b"),
            3u);
}

}  // namespace
}  // namespace samverk::codec
