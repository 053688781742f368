#include "services/recording/messages.h"

#include <string>

#include "gtest/gtest.h"
#include "proto/codec/edtf.h"
#include "services/recording/structure.h"
#include "tests/testing/events.h"

namespace samverk::recording {
namespace {

using codec::Language;

TEST(ViolationText, PutsValuesIntoTheSentence) {
  const Violation violation{
      Rule::kIdTaken,
      "cost_booked.cost",
      {{"id", "a-117"}, {"kind", "cost"}, {"event", "018b"}}};
  EXPECT_EQ(ViolationText(violation, Language::kSwedish),
            "Id ”a-117” (kostnad) är redan taget av händelse 018b. Välj ett "
            "annat id, eller rätta den händelsen.");
  EXPECT_EQ(ViolationText(violation, Language::kEnglish),
            "The id \"a-117\" (cost) is taken already, by event 018b. Choose "
            "another id, or correct that event.");
}

TEST(ViolationText, WritesSumsAndNumbersInTheLanguage) {
  const Violation violation{Rule::kInKindProduct,
                            "in_kind_recorded.value",
                            {{"quantity_hundredths", "123405"},
                             {"rate_ore", "60050"},
                             {"product_ore", "74104700"},
                             {"value_ore", "-1"}}};
  EXPECT_EQ(
      ViolationText(violation, Language::kSwedish),
      "1\u00A0234,05 × 600,50\u00A0kr är 741\u00A0047\u00A0kr, men värdet "
      "är \u22120,01\u00A0kr. Rätta antal, pris eller värde.");
  EXPECT_EQ(ViolationText(violation, Language::kEnglish).substr(0, 8),
            "1,234.05");
}

TEST(ViolationText, DoesNotTakeAValueForATemplate) {
  const Violation violation{
      Rule::kActorUnknown, "f", {{"id", "{event}"}, {"event", "x"}}};
  EXPECT_NE(ViolationText(violation, Language::kEnglish).find("{event}"),
            std::string::npos);
}

// Every way in which a time can be wrong is said in Swedish.
TEST(ViolationText, SaysInSwedishWhatIsWrongWithATime) {
  for (const char* edtf :
       {"2025-13",
        "2025-02-30",
        "2025-09-17T25:00",
        "2025-03-30T02:30",
        "1899",
        "2201",
        "Y12025",
        "-2025",
        "2026/2025",
        "/2025",
        "2025/",
        "../..",
        "2025/2026/2027",
        "2025-09T18:30",
        "2025-03-01T10:00/2025",
        "2025-09-17T18",
        "2025-09-17T18:30+2",
        "2025~/2026",
        "2025-21~",
        "2025-21/2025-22",
        "202X/2030",
        "2XXX",
        "[2025,2026]",
        "2025-30",
        "hösten 2025",
        "17/9",
        "2025-1",
        "2025-09-17-2025-09-17-2025-09-17-2025-09-17-2025-09-17-2025-09-17"}) {
    ASSERT_FALSE(codec::ParseEdtf(edtf).ok()) << edtf;
    event::v1::Event event =
        testing::EventOf("finding_closed { finding: 'f' }");
    event.mutable_occurred()->set_edtf(edtf);
    const auto violations = CheckStructure(event);
    ASSERT_EQ(violations.size(), 1u) << edtf;
    const std::string& why = violations[0].values[1].second;
    EXPECT_EQ(why.find('"' + std::string(edtf)), std::string::npos) << why;
    const std::string text = ViolationText(violations[0], Language::kSwedish);
    EXPECT_EQ(text.find(why), std::string::npos)
        << edtf << ": no Swedish words for \"" << why << "\"";
    EXPECT_NE(ViolationText(violations[0], Language::kEnglish).find(why),
              std::string::npos);
  }
}

TEST(ViolationText, SaysInSwedishToWhatATimeIsChanged) {
  struct Case {
    const char* edtf;
    const char* says;
  };
  const Case cases[] = {
      {"[2025,2026]", "flera tider är flera händelser"},
      {"202X-05", "lämna bort månad och dag"},
      {"2025-XX-05", "skriv också dagen som XX"},
      {"2025-1X", "två siffror eller som XX"},
      {"2025-09-1X", "dagen skrivs"},
      {"2025-30", "21 (våren)"},
      {"2025-21/2025-22", "2025-03/2025-05"},
      {"202X/2030", "lämna bort det som är okänt"},
  };
  for (const Case& c : cases) {
    event::v1::Event event =
        testing::EventOf("finding_closed { finding: 'f' }");
    event.mutable_occurred()->set_edtf(c.edtf);
    const auto violations = CheckStructure(event);
    ASSERT_EQ(violations.size(), 1u) << c.edtf;
    const std::string text = ViolationText(violations[0], Language::kSwedish);
    EXPECT_NE(text.find(c.says), std::string::npos) << text;
  }
}

TEST(KindWord, HasAWordForEveryKind) {
  for (int kind = 1; kind < kEntityKinds; ++kind) {
    const auto name = KindName(static_cast<EntityKind>(kind));
    EXPECT_FALSE(KindWord(name, Language::kSwedish).empty()) << name;
    EXPECT_EQ(KindWord(name, Language::kEnglish).find('_'), std::string::npos)
        << name;
  }
  EXPECT_EQ(KindWord("in_kind", Language::kSwedish), "egen insats");
}

TEST(NoticeText, IsWholeInBothLanguages) {
  const std::vector<RuleValue> values = {
      {"days", "45"},     {"value", "2025-05"},      {"name", "Skolor"},
      {"id", "fgk-2025"}, {"period", "2025"},        {"event", "018b"},
      {"other", "2026"},  {"recorder", "mkb/ekonom"}};
  for (const NoticeKind kind :
       {NoticeKind::kLate, NoticeKind::kUnknownMention,
        NoticeKind::kUnknownRecorder, NoticeKind::kOutsidePeriod, NoticeKind::kOutOfOrder,
        NoticeKind::kSameAttester}) {
    for (const Language language : {Language::kSwedish, Language::kEnglish}) {
      const std::string text = NoticeText({kind, values}, language);
      EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
      EXPECT_EQ(text.back(), '.') << text;
    }
  }
  EXPECT_EQ(NoticeText({NoticeKind::kLate, values}, Language::kSwedish),
            "Händelsen registreras 45 dagar efter att den inträffade "
            "(2025-05). Den märks som sen.");
}

TEST(RefusalText, Counts) {
  EXPECT_EQ(RefusalText(2, 7, Language::kSwedish),
            "2 av 7 händelser tas inte emot, och ingen är registrerad. Rätta "
            "dem och sänd om.");
}

}  // namespace
}  // namespace samverk::recording
