// What the command line prints, and how it understands what it is given.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "clients/cli/event_lines.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/scope.h"
#include "clients/cli/show/show.h"
#include "clients/cli/sources.h"
#include "clients/cli/style.h"
#include "clients/cli/table.h"
#include "google/protobuf/text_format.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

Style Swedish(size_t width = 100) {
  Style style;
  style.width = width;
  return style;
}

Style English(size_t width = 100) {
  Style style = Swedish(width);
  style.language = codec::Language::kEnglish;
  return style;
}

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

using Kind = Column::Kind;

TEST(Wrap, BreaksBetweenWordsAndKeepsLineBreaks) {
  EXPECT_EQ(
      Wrap("ett tryggt och bilfritt Augustenborg", 15),
      (std::vector<std::string>{"ett tryggt och", "bilfritt", "Augustenborg"}));
  EXPECT_EQ(Wrap("a\nb", 10), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Wrap("", 10), (std::vector<std::string>{""}));
}

TEST(Wrap, BreaksALongWordBetweenItsCharacters) {
  EXPECT_EQ(Wrap("ååååå öö", 3), (std::vector<std::string>{"ååå", "åå", "öö"}));
}

TEST(Wrap, KeepsSumsWhole) {
  EXPECT_EQ(Wrap("kvar 30\u00a0000\u00a0kr nu", 10),
            (std::vector<std::string>{"kvar", "30\u00a0000\u00a0kr", "nu"}));
}

TEST(Table, AlignsByWhatIsSeen) {
  Table table({{"Post", Kind::kText}, {"Belopp", Kind::kRight}});
  table.Row({"Åkeri", "1 kr"});
  table.Row({"Bil", "20 kr"});
  EXPECT_EQ(table.Text(Swedish()),
            "Post   Belopp\n"
            "─────  ──────\n"
            "Åkeri    1 kr\n"
            "Bil     20 kr\n");
}

TEST(Table, FitsTheScreenByWrappingItsWidestText) {
  Table table(
      {{"Id", Kind::kWhole}, {"Vad", Kind::kText}, {"Belopp", Kind::kRight}});
  table.Row({"f-1", "lampan vid torget lyser inte om natten", "270 000 kr"});
  const std::string text = table.Text(Swedish(40));
  EXPECT_EQ(text,
            "Id   Vad                          Belopp\n"
            "───  ───────────────────────  ──────────\n"
            "f-1  lampan vid torget lyser  270 000 kr\n"
            "     inte om natten\n");
}

TEST(Table, LeavesOutColumnsWithoutContent) {
  Table table({{"A", Kind::kText}, {"B", Kind::kText}, {"C", Kind::kText}});
  table.Row({"x", "", "z"});
  EXPECT_EQ(table.Text(Swedish()), "A  C\n─  ─\nx  z\n");
  EXPECT_EQ(Table({{"A", Kind::kText}}).Text(Swedish()), "");
}

TEST(ChooseLanguage, TheFlagGoesBeforeTheEnvironment) {
  setenv("LC_ALL", "en_GB.UTF-8", 1);
  EXPECT_EQ(ChooseLanguage("sv"), codec::Language::kSwedish);
  EXPECT_EQ(ChooseLanguage(""), codec::Language::kEnglish);
  setenv("LC_ALL", "C", 1);
  EXPECT_EQ(ChooseLanguage(""), codec::Language::kSwedish);
  EXPECT_EQ(ChooseLanguage("en"), codec::Language::kEnglish);
  unsetenv("LC_ALL");
}

// Every value of the enum but "not given" has words in both languages.
template <typename Enum>
void ExpectLabels() {
  const auto* descriptor = google::protobuf::GetEnumDescriptor<Enum>();
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto* value = descriptor->value(i);
    const auto as_enum = static_cast<Enum>(value->number());
    if (value->number() == 0 || value->name() == "HEDGE_NONE") {
      EXPECT_EQ(Label(as_enum, Swedish()), "") << value->name();
      continue;
    }
    EXPECT_NE(Label(as_enum, Swedish()), "") << value->name();
    EXPECT_NE(Label(as_enum, English()), "") << value->name();
  }
}

TEST(Label, EveryValueHasWords) {
  ExpectLabels<event::v1::ActivityKind>();
  ExpectLabels<event::v1::ActorKind>();
  ExpectLabels<event::v1::DocumentKind>();
  ExpectLabels<event::v1::FindingCategory>();
  ExpectLabels<event::v1::Hedge>();
  ExpectLabels<event::v1::InKindKind>();
  ExpectLabels<event::v1::InitiativeStatus>();
  ExpectLabels<event::v1::LandKind>();
  ExpectLabels<event::v1::MeasureEffect>();
  ExpectLabels<event::v1::OutcomeKind>();
  ExpectLabels<event::v1::Polarity>();
  ExpectLabels<event::v1::RoleKind>();
  ExpectLabels<view::v1::ActivityState>();
  ExpectLabels<view::v1::Basis>();
  ExpectLabels<view::v1::CheckState>();
  ExpectLabels<view::v1::Disposition>();
  ExpectLabels<view::v1::FindingState>();
  ExpectLabels<view::v1::Grade>();
  ExpectLabels<view::v1::GrantState>();
  ExpectLabels<view::v1::InKindState>();
  ExpectLabels<view::v1::MeasureState>();
  ExpectLabels<view::v1::TimelineKind>();
  ExpectLabels<admin::v1::ProjectionState>();
}

TEST(Label, AValueOfANewerServerIsItsNumber) {
  EXPECT_EQ(Label(static_cast<view::v1::CheckState>(77), Swedish()), "77");
}

TEST(LinesOfEvents, CountsLinesOfObjectsInFilesAndArrays) {
  EXPECT_EQ(LinesOfEvents("{\"a\":1}\n\n{\"b\":\"}{\\\"\"}\n"),
            (std::vector<size_t>{1, 3}));
  EXPECT_EQ(LinesOfEvents("[\n {\"a\": {\"x\": 1}},\n {\n} ]"),
            (std::vector<size_t>{2, 3}));
}

TEST(ParseAsOf, ANumberIsAPositionAndTheRestATime) {
  EXPECT_EQ(ParseAsOf("94")->position(), 94u);
  EXPECT_EQ(ParseAsOf("")->at_case(), view::v1::AsOf::AT_NOT_SET);
  // The day ends at midnight in Stockholm, an hour before UTC's.
  const auto day = ParseAsOf("2026-01-31");
  ASSERT_TRUE(day.ok()) << day.status();
  EXPECT_EQ(day->recorded_at().seconds(), 1'769'900'399);
  EXPECT_EQ(day->recorded_at().nanos(), 999'999'000);
}

TEST(ParseAsOf, RefusesWhatIsNeither) {
  EXPECT_FALSE(ParseAsOf("0").ok());
  EXPECT_FALSE(ParseAsOf("99999999999999999999999").ok());
  EXPECT_FALSE(ParseAsOf("2026-02-30").ok());
  EXPECT_FALSE(ParseAsOf("2026/..").ok());
  EXPECT_FALSE(ParseAsOf("yesterday").ok());
}

view::v1::BudgetView Budget2025() {
  return FromText<view::v1::BudgetView>(R"pb(
    answered {
      position: 94
      recorded_at { seconds: 1768468364 }
      head: 120
    }
    rows {
      key: "granted/fgk-2025"
      label: "Beviljat samverkansstöd (FGK)"
      figure {
        ore: 30000000
        currency: "SEK"
        precision: PRECISION_EXACT
        basis: BASIS_DECIDED
        positions: 12
        parts: 1
      }
    }
    rows {
      key: "used_stated/fgk-2025"
      label: "Använt av samverkansstödet"
      figure {
        ore: 27000000
        currency: "SEK"
        precision: PRECISION_ESTIMATE
        basis: BASIS_STATED
        verbatim: "varav ca 270 000kr har använts"
        positions: 41
        parts: 1
      }
      notes: "ej styrkt av verifikationer"
      checks: "C1/fgk-2025"
      superseded {
        ore: 26000000
        currency: "SEK"
        precision: PRECISION_STATED
        basis: BASIS_STATED
        positions: 30
        parts: 1
      }
    }
    rows {
      key: "granted_plus_in_kind"
      label: "Beviljat + egen insats"
      reconciliation: true
      figure {
        ore: 64284000
        currency: "SEK"
        precision: PRECISION_STATED
        basis: BASIS_DERIVED
        positions: [ 12, 42 ]
        parts: 2
      }
    }
    volunteer_hours_hundredths: 1250
  )pb");
}

// U+00A0, which keeps a sum whole, reads as a space.
std::string WithPlainSpaces(std::string text) {
  for (size_t at; (at = text.find("\u00a0")) != std::string::npos;) {
    text.replace(at, 2, " ");
  }
  return text;
}

TEST(BudgetText, SaysHowMuchOfARemainderIsRepaid) {
  auto budget = FromText<view::v1::BudgetView>(R"pb(
    grants {
      grant {
        grant: "fgk-2025"
        dispositions {
          amount { ore: 1000000 currency: "SEK" precision: PRECISION_EXACT }
          disposition: DISPOSITION_REPAID
        }
      }
      remainder { ore: 3158750 currency: "SEK" precision: PRECISION_EXACT }
      disposition: DISPOSITION_REPAID
    })pb");
  const auto text = [&](const Style& style) {
    return WithPlainSpaces(BudgetText(budget, {}, {}, Sources({}), style));
  };
  EXPECT_NE(text(Swedish(200))
                .find("10 000 kr återbetalt, 21 587,50 kr saknar disposition"),
            std::string::npos);
  budget.mutable_grants(0)->mutable_remainder()->set_ore(1000000);
  EXPECT_NE(text(Swedish(200)).find("  återbetald"), std::string::npos);
  EXPECT_EQ(text(Swedish(200)).find("disposition"), std::string::npos);
}

TEST(BudgetText, ShowsEachSumWithCertaintyBasisAndSource) {
  const auto checks = FromText<view::v1::ChecksAnswer>(R"pb(
    checks {
      id: "C1/fgk-2025"
      rule: "C1"
      text: "olika grund för totalsumman"
      state: CHECK_STATE_OPEN
    }
    checks { id: "C9/x" rule: "C9" text: "rör inte pengar" }
  )pb");
  ScopeOptions scope;
  scope.process = "augustenborg";
  scope.period = "2025";
  EXPECT_EQ(WithPlainSpaces(BudgetText(Budget2025(), checks, scope,
                                       Sources({41}), Swedish(120))),
            R"(Budget: augustenborg
period 2025 · kunskapsläge 2026-01-15 10:12 (händelse 94 av 120)

Utfallstabell
Post                                  Belopp  Säkerhet      Grund     Källa
─────────────────────────────  ─────────────  ────────────  ────────  ──────────────────────────────────────────────────
Beviljat samverkansstöd (FGK)     300 000 kr  exakt         beslutat  #12
Använt av samverkansstödet     ca 270 000 kr  uppskattning  uppgivet  #41* ”varav ca 270 000kr har använts”; ej styrkt
                                                                      av verifikationer
↳ tidigare                        260 000 kr  uppgivet      uppgivet  #30
– Beviljat + egen insats          642 840 kr  uppgivet      härlett   #12, #42

Kontroller
⚠ C1/fgk-2025 öppen: olika grund för totalsumman

Ideella timmar: 12,50 (ingår inte i egen insats)

* helt eller delvis slutet av sammanhanget, står inte i källan
)");
}

TEST(Sources, TellTheFirstAndHowManyThereAre) {
  Positions positions;
  for (uint64_t i = 1; i <= 10; ++i) positions.Add(i);
  EXPECT_EQ(Sources({}).Of(positions, 23),
            "#1, #2, #3, #4, #5, #6, #7, #8 … (23)");
  EXPECT_EQ(Sources({}).Of(Positions()), "");
  EXPECT_EQ(Sources({}).Of(view::v1::Origin()), "");
}

view::v1::MeasuresAnswer PlannedBench() {
  return FromText<view::v1::MeasuresAnswer>(R"pb(
    measures {
      measure {
        measure: "bank"
        title: "Bänk"
        origin { position: 7 }
        facts {
          proposed { measure: "bank" }
          origin { position: 7 }
        }
        facts {
          planned { measure: "bank" }
          origin { position: 12 inferred_fields: "measure_planned.planned" }
        }
        steps { origin { position: 12 } }
      }
    }
  )pb");
}

TEST(Sources, MarkWhatWasInferredAndSayWhatTheMarkMeans) {
  Sources sources(InferredIn(PlannedBench()));
  EXPECT_EQ(sources.Legend(English()), "");
  EXPECT_EQ(sources.OfRow(PlannedBench().measures(0)), "#7, #12*");
  EXPECT_EQ(
      sources.Legend(English()),
      "\n* wholly or partly inferred from the context, not in the source\n");
  EXPECT_EQ(sources.OfRow(PlannedBench().measures(0), 3), "#7, #12* … (5)");
}

TEST(Sources, AreSilentWhenNothingWasInferred) {
  Sources sources({12});
  EXPECT_EQ(sources.Of(FromText<view::v1::Origin>("position: 7")), "#7");
  EXPECT_EQ(sources.Legend(Swedish()), "");
}

TEST(PositionsWithoutOrigin, AreThoseThatTheAnswerSaysNoMoreOf) {
  const auto timeline = FromText<view::v1::TimelineAnswer>(R"pb(
    entries { positions: [ 3, 7 ] }
    entries { positions: [ 1, 2, 3, 4, 5, 6, 7, 8, 9 ] }
    current_phase { origin { position: 3 } }
  )pb");
  // The ninth is not shown; of the third, its origin says it.
  EXPECT_EQ(PositionsWithoutOriginIn(timeline),
            (std::set<uint64_t>{1, 2, 4, 5, 6, 7, 8}));
  EXPECT_TRUE(PositionsWithoutOriginIn(PlannedBench()).empty());
}

TEST(MeasuresText, MarksARowThatRestsOnInference) {
  ScopeOptions scope;
  scope.process = "augustenborg";
  const std::string text = MeasuresText(
      PlannedBench(), scope, Sources(InferredIn(PlannedBench())), English());
  EXPECT_NE(text.find("#7, #12*\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n* wholly or partly inferred"), std::string::npos)
      << text;
}

TEST(HeadcountCell, SaysWhatWasNotCounted) {
  EXPECT_EQ(HeadcountCell(FromText<event::v1::Headcount>(R"pb(
                            total: 34
                            by_category { category: "boende" count: 20 }
                            by_category { category: "barn" }
                            basis: COUNT_BASIS_ESTIMATED)pb"),
                          Swedish()),
            "ca 34 (boende 20, barn)");
  EXPECT_EQ(HeadcountCell(FromText<event::v1::Headcount>(R"pb(
                            by_category { category: "boende" })pb"),
                          English()),
            "number unknown (boende)");
  EXPECT_EQ(HeadcountCell({}, Swedish()), "");
}

}  // namespace
}  // namespace samverk::cli
