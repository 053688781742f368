#include "services/recording/text_screening.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace samverk::recording {
namespace {

// The numbers are those that the tax agency and the telecom authority give out
// for examples.
std::optional<PersonalDetail> Found(std::string_view text,
                                    Screening how = Screening::kWords) {
  const auto detail = ScreenText(text, how);
  if (!detail.has_value()) return std::nullopt;
  return detail->what;
}

TEST(ScreenText, FindsIdentityNumbers) {
  for (const std::string text :
       {"811228-9874", "8112289874", "19811228-9874", "198112289874",
        "811228+9874", "811228 9874", "19811228 9874", "1981-12-28-9874",
        "811228\u20139874", "811228\u00A09874", "811228\u22129874",
        "Anna, 811228-9874, sa att", "(811228-9874)", "pnr:8112289874.",
        "pnr 811228-9874, 070", "f. 811228-9874;", "12/811228-9874",
        "121212-1212", "191212121212",
        // Other separators, other spaces and dashes, digits of other scripts.
        "811228 - 9874", "811228  9874", "1981-12-28 9874", "811228\u20149874",
        "811228\u20099874", "811228/9874", "811228.9874",
        "\uFF18\uFF11\uFF11\uFF12\uFF12\uFF18\uFF0D\uFF19\uFF18\uFF17\uFF14",
        "\u0668\u0661\u0661\u0662\u0662\u0668-\u0669\u0668\u0667\u0664",
        // What cannot be seen within it.
        "811228\u200B-9874", "8112\u00AD289874", "81\u206012289874",
        "811228-\uFEFF9874"}) {
    EXPECT_EQ(Found(text), PersonalDetail::kIdentityNumber) << text;
  }
}

TEST(ScreenText, FindsIdentityNumbersWithinWords) {
  for (const std::string text :
       {"pnr811228-9874", "Anna811228-9874", "811228-9874x", "8112289874x",
        "f811228-9874", "pnr8112289874", "Anna19811228-9874och", "å811228-9874",
        "Anna198112289874"}) {
    EXPECT_EQ(Found(text), PersonalDetail::kIdentityNumber) << text;
  }
}

TEST(ScreenText, FindsIdentityNumbersInPairsAndWithOtherSeparators) {
  for (const std::string text :
       {"81 12 28 98 74", "19 81 12 28-98 74", "811228-98 74", "811228_9874",
        "811228:9874", "811228,9874", "811228.9874", "811228--9874",
        "811228(9874)", "811228 (9874)", "811228[9874]", "81-12-28-9874",
        "81.12.28.98.74", "81 12 28-9874", "81/12/28 9874", "1981 12 28 9874",
        "1981-12-28:9874", "1981.12.28-98 74", "19811228_9874",
        "20051212-98 75", "Anna 81 12 28 98 74, boende",
        // Digits of mathematics: monospace and bold.
        "𝟾𝟷𝟷𝟸𝟸𝟾-"
        "𝟿𝟾𝟽𝟺",
        "𝟖𝟏𝟏𝟐𝟐𝟖-"
        "𝟗𝟖𝟕𝟒"}) {
    EXPECT_EQ(Found(text), PersonalDetail::kIdentityNumber) << text;
  }
}

// Texts of reports, with days, times, sums and numbers of cases.
TEST(ScreenText, LetsHarmlessTextsThrough) {
  for (const std::string text : {"2025-10-14 09:30",
                                 "1998-09-02 16:53",
                                 "20251014-0930",
                                 "2025-10-14T09:30:00",
                                 "2025-10-14 18:30-20:00",
                                 "25 10 14 09 30",
                                 "2025 10 14 09 30",
                                 "20251014_0930",
                                 "20251014:0930",
                                 "268 412,50",
                                 "268 412,50 kr",
                                 "2024-01234",
                                 "dnr 2024-01234",
                                 "FGK-2024-01234",
                                 "ver A 117-2",
                                 "1 268 412 kr",
                                 "81 12 28 98 74 kr",
                                 "811228,9874 kr",
                                 "81 12 28 98 74 11",
                                 "08 12 16 20 24 28 32",
                                 "14/10 2025 kl 09.30",
                                 "2025-10-14, 1234 deltagare",
                                 "2025-10-14/2025-11-20",
                                 "1950-01-01/1981-12-31",
                                 "1981-12-28/1981",
                                 "2025-03 2025-04",
                                 "5050-1055",
                                 "bankgiro 991-2346",
                                 "konto 4610,5010,6110",
                                 "55.604981, 13.012345",
                                 "10 20 30 40 50",
                                 "12, 34, 56, 78, 90",
                                 "rum 1203, 1204 och 1205",
                                 "lgh 1101-1204",
                                 "a8112289874",
                                 "e3b08112289874c4",
                                 "sha256 ab8112289874ff",
                                 "IMG_20250917_1837",
                                 "kl 07.30-12.15",
                                 "07 30, 08 15, 09 45",
                                 "Etapp 1: 2025-10-14--2025-11-20",
                                 "2025:1234",
                                 "SFS 2009:400",
                                 "prop. 2008/09:150",
                                 "tfn. anges inte",
                                 "art.nr 0701-2",
                                 "811228-9873x",
                                 "81 12 28 98 73",
                                 "811328(9875)",
                                 "81 13 28 98 75",
                                 "850 000 (2024) och 900 000 (2025)",
                                 "20 24 25 26 27"}) {
    EXPECT_EQ(Found(text), std::nullopt) << text;
  }
}

TEST(ScreenText, FindsCoordinationNumbers) {
  for (const std::string text :
       {"701063-2391", "7010632391", "19701063-2391", "197010632391"}) {
    EXPECT_EQ(Found(text), PersonalDetail::kIdentityNumber) << text;
  }
}

TEST(ScreenText, LetsNumbersThroughThatAreNoPersons) {
  for (const std::string text :
       {"811228-9873",  // check digit
        "811328-9875",  // month 13
        "810231-9871",  // 31 February
        "811228-0007",
        "811228-000",  // serial number 000
        "212000-1124",
        "556016-0680",  // organisations
        "2120001124",
        "16212000-1124",  //
        "18011228-9874",
        "20991228-9874",                      // centuries
        "300 000 kr och varav ca 270 000kr",  //
        "342 840 kr",
        "cirka 642 840",
        "12 345 678 901 kr",
        "Konto 4610, verifikation A 117",
        "konto 461010 och 5010",
        "2026\u20132027",
        "2026-2027",
        "2025-09-17",
        "2025-09-17T18:30",
        "2025-03/2025-05",
        "2025-09-17/2025-10-01",
        "202X",
        "dnr TN-2025-1234",
        "STK-2025-001234",
        "§ 112",
        "2:3-företag",
        "018bcfe5-6800-7000-8000-00000000002a",
        "00000000-0000-4000-8000-198112289874",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "8112289874123",
        "81122898741",
        "a8112289874",
        "8112289874,50",
        "8112289874.25",
        "1,8112289874",
        "55.604981,13.012345"}) {
    EXPECT_EQ(Found(text), std::nullopt) << text;
  }
}

TEST(ScreenText, FindsPhoneNumbers) {
  for (const std::string text :
       {"070-174 06 05", "0701-740605", "0701740605", "070 174 06 05",
        "070-1740605", "tel. 040-628 12 34", "040 - 628 12 34",
        "(040) 628 12 34", "040/628 12 34", "08-465 004 00", "08-46500400",
        "08 465 00 40", "040-6281234", "0406281234", "0455-12345",
        "0455-123 45", "+46 70 174 06 05", "+46701740605", "+46(0)70-1740605",
        "+46 (0)40 628 12 34", "0046 40 628 12 34", "+45 32 12 34 56",
        "+47 22 12 34 56", "+358 40 123 4567", "ring 0771-123 456",
        "070\u2011174\u00A006\u00A005",
        // With numbers after it.
        "Ring 070-174 06 05 12 maj", "Tel 040-628 12 34 100 deltagare",
        "Ring +46 70 174 06 05 2025-09-17", "070-174 06 05 100 kr",
        "040-628 12 34 100 kr",
        // Grouped otherwise.
        "070.174.06.05", "070-174.06.05", "070-1740 605", "0701-7406 05",
        "+46 (70) 174 06 05", "+46.70.174.06.05", "+ 46 70 174 06 05",
        // From elsewhere.
        "+49 170 1234567", "+48 512 345 678", "+354 555 1234", "00354 555 1234",
        "0049 170 1234567", "+1 (212) 555-0123", "\uFF0B46 70 174 06 05",
        "07\u200C0-174 06 05",
        // Within words, in pairs, with other marks.
        "tel0701740605", "Mobil070-1740605", "tfn+46701740605",
        "07 01 74 06 05", "07-01-74-06-05", "070_174_06_05",
        "Ring 07 01 74 06 05.", "0701740605x"}) {
    EXPECT_EQ(Found(text), PersonalDetail::kPhoneNumber) << text;
  }
}

TEST(ScreenText, LetsNumbersThroughThatAreNoPhones) {
  for (const std::string text :
       {"300 000 kr", "+300 000 kr", "+45 000 000 kr", "000117", "0117",
        "lgh 0902", "kl 08-12", "08-12 och 13-16", "09-17 18 30",
        "0180-1234/25", "2025-09-17 18:30", "1 234 567 890", "0,25 procent",
        "0.12345678", "05-06-2025", "112 eller 114 14", "3 \u00D7 040",
        "varannan månad, 2025-02 2025-04 2025-06", "0000123456",
        // Times of day and sums, numbers of cases and invoices.
        "kl 08-16 120 000 kr", "kl 08-16 1 200 000 kronor",
        "post 010 250 000 kr", "Konto 019 342 840 kr", "010 250 000,50 SEK",
        "Dnr 042-123456", "dnr: 042-123456", "Faktura 0402512345",
        "Faktura nr 0402512345", "OCR 0701740605", "kl 08.30-16.00",
        "kl 08-12 13-16", "kl 08-12 2025-09-17", "kl 0730-1630 15 personer",
        "08 12 16 20", "+12 500 000", "+55.604981, +13.012345", "0012 345 678",
        "0,25 %", "ungefär +30000000 kr"}) {
    EXPECT_EQ(Found(text), std::nullopt) << text;
  }
}

TEST(ScreenText, FindsEmailAddresses) {
  for (const std::string text :
       {"anna @ mkb.se",      "anna\uFF20mkb.se",
        "\"anna\"@mkb.se",    "anna@mkb.se.1",
        "anna@\u200Bmkb.se",  "namn.efternamn@example.se",
        "skriv till n@b.nu.", "<fgk+stod@kontor.example.com>",
        "åsa@exempel.se",     "a_b@c-d.org,",
        "anna(at)malmo.se",   "anna [AT] malmo.se",
        "anna(@)malmo.se",    "anna{at}malmo.se",
        "anna@malmo .se",     "anna@malmo. se",
        "anna(at)malmo .se",  "anna@malmo\u3002se",
        "anna@malmo\uFF0Ese", "anna@malmo\uFF61se"}) {
    EXPECT_EQ(Found(text), PersonalDetail::kEmailAddress) << text;
  }
  for (const std::string text :
       {"@ekostaden", "5 st @ 600 kr", "a@b", "a@b.1", "@example.se", "a@.se",
        "kl @ 18.30", "möte @ torget.Sedan fika", "a@b.1.2", "vi (at) torget",
        "möte (at) torget. Sedan fika", "@torget .se", "skala (a) och (b)",
        "a@b . och"}) {
    EXPECT_EQ(Found(text), std::nullopt) << text;
  }
}

TEST(ScreenText, LooksAtReferencesWithLessZeal) {
  const auto found = [](std::string_view text) {
    return Found(text, Screening::kReference);
  };
  // Invoice numbers, telephone-like vouchers, times of day.
  for (const std::string text :
       {"8112289874", "0701740605", "08-123456", "vandring-20250917-1830",
        "20250917-1837", "202509171837", "250917-1837"}) {
    EXPECT_EQ(found(text), std::nullopt) << text;
  }
  EXPECT_EQ(Found("20250917-1837"), PersonalDetail::kIdentityNumber);
  for (const std::string text :
       {"811228-9874", "p-19811228-9874", "198112289874"}) {
    EXPECT_EQ(found(text), PersonalDetail::kIdentityNumber) << text;
  }
  EXPECT_EQ(found("a@example.se"), PersonalDetail::kEmailAddress);
}

TEST(ScreenText, TakesTimesInTitlesForTimes) {
  const auto found = [](std::string_view text) {
    return Found(text, Screening::kTitle);
  };
  EXPECT_EQ(found("Protokoll 20250917-1837.pdf"), std::nullopt);
  EXPECT_EQ(found("Protokoll 19811228-9874.pdf"),
            PersonalDetail::kIdentityNumber);
  EXPECT_EQ(found("8112289874"), PersonalDetail::kIdentityNumber);
  EXPECT_EQ(found("Ring 070-174 06 05"), PersonalDetail::kPhoneNumber);
}

TEST(ScreenText, SaysWhereAndHidesMostOfIt) {
  const auto number = ScreenText("Enligt 811228-9874 är", Screening::kWords);
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(number->offset, 7u);
  EXPECT_EQ(number->masked, "81••••-••••");
  const auto phone = ScreenText("å 070-174 06 05", Screening::kWords);
  ASSERT_TRUE(phone.has_value());
  EXPECT_EQ(phone->offset, 3u);
  EXPECT_EQ(phone->masked, "07•-••• •• ••");
  const auto mail = ScreenText("anna@example.se", Screening::kWords);
  ASSERT_TRUE(mail.has_value());
  EXPECT_EQ(mail->masked, "a•••@•••.se");
  const auto swedish = ScreenText("åsa@example.se", Screening::kWords);
  ASSERT_TRUE(swedish.has_value());
  EXPECT_EQ(swedish->masked, "å•••@•••.se");
  // Of a folded text the original's bytes count.
  const auto wide =
      ScreenText("å\u00AD \uFF180\u00AD1063-2398", Screening::kWords);
  const auto folded = ScreenText("å\u00AD \uFF1811228-9874", Screening::kWords);
  EXPECT_FALSE(wide.has_value());
  ASSERT_TRUE(folded.has_value());
  EXPECT_EQ(folded->offset, 5u);
  EXPECT_EQ(folded->masked, "81••••-••••");
}

TEST(HasLuhnCheckDigit, FollowsTheRule) {
  EXPECT_TRUE(HasLuhnCheckDigit("8112189876"));
  EXPECT_FALSE(HasLuhnCheckDigit("8112189877"));
  EXPECT_TRUE(HasLuhnCheckDigit("0"));
  EXPECT_FALSE(HasLuhnCheckDigit(""));
}

}  // namespace
}  // namespace samverk::recording
