// The report of 2025 written again: every fact of the document that the demo
// process was transcribed from is there, with its words, its doubts and its
// events.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/reporting/markdown.h"
#include "services/reporting/report_generator.h"
#include "tests/report/test_register.h"

namespace samverk {
namespace {

using report::v1::ReportModel;
using report::v1::Section;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ReportModel DemoModel(const std::string& language) {
  testing::TestRegister test_register;
  testing::RecordDemo(test_register);
  ReportQuestion question;
  question.process = "augustenborg";
  question.period = "2025";
  question.language = codec::LanguageOf(language);
  auto model = BuildModel(test_register.store(), "demo", question);
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

const ReportModel& Demo() {
  static const auto& model = *new ReportModel(DemoModel("sv"));
  return model;
}

// One section of the model as plain text: Markdown without its escapes.
std::string TextOf(const ReportModel& model, int number) {
  ReportModel alone = model;
  alone.clear_sections();
  alone.clear_checks();
  alone.clear_references();
  *alone.add_sections() = model.sections(number - 1);
  std::string text = RenderMarkdown(alone, std::string(32, '\0'));
  text.erase(std::remove(text.begin(), text.end(), '\\'), text.end());
  return text;
}

// Every span of the section, wherever it stands.
std::vector<report::v1::Span> SpansOf(const Section& section) {
  std::vector<report::v1::Span> spans;
  const auto add = [&spans](const report::v1::Paragraph& paragraph) {
    spans.insert(spans.end(), paragraph.spans().begin(),
                 paragraph.spans().end());
  };
  for (const report::v1::Block& block : section.blocks()) {
    add(block.paragraph());
    for (const auto& item : block.list().items()) {
      add(item.paragraph());
      for (const auto& detail : item.details()) add(detail);
    }
    for (const auto& row : block.table().rows()) {
      for (const auto& cell : row.cells()) add(cell);
    }
  }
  return spans;
}

void ExpectAll(int section, const std::vector<std::string>& facts) {
  const std::string text = TextOf(Demo(), section);
  for (const std::string& fact : facts) {
    EXPECT_THAT(text, HasSubstr(fact)) << "in section " << section;
  }
}

TEST(DemoReport, HasTheFundersHeadingsWordForWord) {
  const std::vector<std::string> headings = {
      "Beskrivning av utfallet av samverkansprocessen",
      "Specificering av hur beviljat belopp/resurser har använts",
      "Beskrivning av vad som har uppnåtts som har varit avgörande för "
      "områdets utveckling",
      "Beskrivning av vilka dialogaktiviteter som har genomförts med boende, "
      "fastighetsägare, näringsliv, föreningsliv mm.",
      "Vilka medverkande aktörer/samarbetspartners som har varit avgörande i "
      "samverkansprocessen och vilken funktion de har haft",
      "Beskrivning av hur samverkan bidragit till områdets utveckling och "
      "vilken förflyttning har skett med stöd av Malmö stads resurser",
      "Beskrivning av vilka lärdomar har dragits bland deltagande aktörer?",
      "Bifoga"};
  ASSERT_EQ(Demo().sections_size(), 8);
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(Demo().sections(i).heading(), headings[static_cast<size_t>(i)]);
    EXPECT_EQ(Demo().sections(i).number(), static_cast<uint32_t>(i + 1));
  }
}

TEST(DemoReport, TellsTheProcess) {
  ExpectAll(1, {"Ekostaden Augustenborg", "Malmö", "samverkansprocess",
                "”ett tryggt och bilfritt Augustenborg”",
                "trygghet, rörelse, miljö och social hållbarhet",
                "initial samverkansstruktur", "mer fördjupad form", "2026–2027",
                "ett nära och konstruktivt samarbete mellan MKB, Malmö stad, "
                "polis, Fastighets- och gatukontoret, Hyresgästföreningen, "
                "Gnistan, Odlingsgruppen och lokala företag",
                "en stärkt lokal förankring, ökad förståelse för områdets "
                "behov samt en tydlig gemensam riktning framåt",
                "(påstådd)"});
}

TEST(DemoReport, TellsTheMoneyWithItsBasis) {
  ExpectAll(2,
            {"300\u00A0000\u00A0kr", "ca 270\u00A0000\u00A0kr",
             "ca 30\u00A0000\u00A0kr", "342\u00A0840\u00A0kr",
             "642\u00A0840\u00A0kr", "ca 612\u00A0840\u00A0kr", "exakt",
             "uppskattning", "uppgivet", "härlett", "beslut saknas",
             "ej styrkt av verifikationer", "disposition saknas",
             "delposter saknas", "så räknat i rapporten (\"cirka 642 840\")",
             // The sources' own words.
             "uppgick till 300 000 kr", "”varav ca 270 000kr har använts”",
             "egen insats motsvarande 342 840 kr i form av arbetstid, "
             "styrgruppsarbete, projektledning och lokaler",
             "”Den sammanlagda resursinsatsen under perioden uppgår till cirka "
             "642 840”",
             "Underlaget anger ingen valuta."});
}

TEST(DemoReport, HasTheOutcomeTableOfTheHandbook) {
  std::vector<std::string> rows;
  for (const view::v1::OutcomeRow& row : Demo().outcome_table()) {
    if (row.key().starts_with("total_stated")) continue;
    rows.push_back(row.label() + " " +
                   std::to_string(row.figure().ore() / 100));
  }
  EXPECT_THAT(rows, ::testing::ElementsAre(
                        "Beviljat samverkansstöd (FGK) 300000",
                        "Använt av samverkansstödet 270000", "Ej använt 30000",
                        "Egen insats MKB (naturainsats) 342840",
                        "Beviljat + egen insats 642840",
                        "Använt + egen insats 612840"));
  const report::v1::Table& table = Demo().sections(1).blocks(0).table();
  ASSERT_EQ(table.rows_size(), Demo().outcome_table_size());
  for (int r = 0; r < table.rows_size(); ++r) {
    EXPECT_EQ(table.rows(r).set_apart(),
              Demo().outcome_table(r).reconciliation());
  }
}

TEST(DemoReport, TellsWhatWasAchievedAndHowSureItIs) {
  ExpectAll(3,
            {"Augustenborg har tagit ett tydligt steg mot att bli en tryggare "
             "och mer sammanhållen stadsdel",
             "Mobilitetsutredningen har påbörjats med fokus på de "
             "socioekonomiska förutsättningarna i området – ett arbete som är "
             "unikt i Malmö",
             "Utredningen har gett nya insikter om hur trafik, rörelsefrihet "
             "och ekonomi samspelar med trygghet",
             "konkreta förbättringsförslag för belysning, trafikflöden och "
             "utemiljöer",
             "större delaktighet och tydligare prioriteringar",
             "Ekostadens dag och barnaktiviteter har stärkt gemenskapen och "
             "synliggjort Ekostadens hållbarhetsprofil",
             "Ett mer samlat nätverk mellan aktörer har etablerats",
             "sommargata och torg", "Malmöinitiativet", "inskickat",
             "Inte känt: röstetal och länk", "påbörjad, inte publicerad",
             "(preliminärt)", "(flera, antal ej angivet)"});
}

TEST(DemoReport, TellsTheActivities) {
  ExpectAll(4, {"våren 2025",
                "sommaren 2025",
                "hösten 2025",
                "Café Sommaren",
                "Augustenborgstorget",
                "trafiksäkerhet, barnrörelse och trivsel",
                "framtidens Augustenborg",
                "mer bilfri och grön stadsdel",
                "Ekostadens dag",
                "visade upp projekt och skapade mötesplatser",
                "varannan månad",
                "lägesbild, trygghetsfrågor och planering",
                "6 väntade",
                "odling och trygghet",
                "Enkäter",
                "antal ej angivet",
                "antal gånger ej angivet",
                "Boende i området, MKB Fastighet AB, Polisen, Fastighets- och "
                "gatukontoret (FGK), Hyresgästföreningen",
                "Datum för 9 av 9",
                "Antal deltagare för 9 av 9"});
}

TEST(DemoReport, TellsTheActorsAndTheirFunction) {
  ExpectAll(
      5,
      {"Roll / Funktion i samverkansprocessen",
       "MKB Fastighet AB",
       "Huvudansvarig, samordning, projektledning, boendedialoger och "
       "styrgruppsarbete",
       "Gnistan",
       "Genomfört barn- och ungdomsaktiviteter kopplat till odling och "
       "trygghet",
       "Hyresgästföreningen",
       "Representerat boendeperspektivet, deltagit i trygghetsvandringar och "
       "workshops",
       "Odlingsgruppen Augustenborg",
       "Bidragit med lokalt engagemang och gröna initiativ",
       "Lokala företag vid Augustenborgstorget",
       "Medverkat i trygghetsarbetet och platsaktivering",
       "Polisen",
       "Samverkanspartner i trygghetsvandringar och lägesbild",
       "Fastighets- och gatukontoret (FGK)",
       "Rådgivande part i trafik- och gatufrågor samt mobilitetsutredningen",
       "Boende i området",
       "Centrala deltagare i dialoger, enkäter och trygghetsaktiviteter",
       "Skolor",
       "Malmö stad",
       "rådgivare, finansiär och mottagare av rapporten"});
}

TEST(DemoReport, TellsTheShiftsAndThePlan) {
  ExpectAll(6, {"Samverkan har skapat en tydlig struktur för gemensamt "
                "ansvarstagande mellan aktörer i området",
                "Från enskilda insatser till gemensam strategi",
                "Från dialog till handling",
                "som vi tror kommer genom vårt fortsatta arbete leda till",
                "Från kortsiktiga aktiviteter till långsiktig process",
                "nätverk som fortsätter utveckla området 2026–2027",
                "Samverkansstödet från Malmö stad har varit avgörande",
                "(påstådd)", "(antagande)", "en förhoppning, inte ett utfall",
                "2026 planerar vi fysiska åtgärder som blomlådor, farthinder "
                "och förbättrad belysning",
                "ansvarig, plats, datum, beslut och kostnad"});
}

TEST(DemoReport, TellsTheLessons) {
  ExpectAll(7,
            {"Tillit och kontinuitet är avgörande",
             "Små, konkreta åtgärder gör stor skillnad – blomlådor, "
             "belysning och synliga aktiviteter ökar trygghetskänslan direkt",
             "Socioekonomiskt perspektiv måste integreras i planeringen",
             "Boendedialoger måste ske på deras villkor",
             "Samverkan kräver gemensam resursförståelse",
             "Vilka aktörer som instämmer är inte angivet"});
}

TEST(DemoReport, NamesTheAttachmentsThatAreMissing) {
  ExpectAll(8, {"bifogad fil mer detaljerad", "Schema 2025", "Utfall av budget",
                "Underlag från deltagande aktörer och deras erfarenheter",
                "avsnitt 2", "avsnitt 4"});
  EXPECT_THAT(Demo().sections(7).missing(), Contains("Schema 2025."));
}

// Handbook 1.2: what does not add up in the document shows as open checks.
TEST(DemoReport, ShowsWhatDoesNotAddUp) {
  std::set<std::string> open;
  for (const view::v1::CheckView& check : Demo().checks()) {
    if (check.state() == view::v1::CHECK_STATE_OPEN) open.insert(check.rule());
  }
  for (const char* rule : {"C1", "C3", "C5", "C8", "C9", "C11", "C12"}) {
    EXPECT_TRUE(open.contains(rule)) << rule;
  }
  EXPECT_THAT(TextOf(Demo(), 2), HasSubstr("C1 olika grund för totalsumman"));
  EXPECT_THAT(TextOf(Demo(), 5), HasSubstr("lokala aktörer"));
}

TEST(DemoReport, DoesNotTellThePlanAsDone) {
  for (const int section : {1, 3, 4}) {
    const std::string text = TextOf(Demo(), section);
    EXPECT_THAT(text, Not(HasSubstr("Farthinder"))) << section;
    EXPECT_THAT(text, Not(HasSubstr("farthinder"))) << section;
  }
}

TEST(DemoReport, HasTheTrackFrom2025To2027) {
  const report::v1::TimelineChart* chart = nullptr;
  for (const report::v1::Block& block : Demo().sections(5).blocks()) {
    if (block.has_timeline_chart()) chart = &block.timeline_chart();
  }
  ASSERT_NE(chart, nullptr);
  EXPECT_EQ(chart->first_year(), 2025);
  EXPECT_EQ(chart->last_year(), 2027);
  std::set<view::v1::TimelineKind> kinds;
  for (const view::v1::TimelineEntry& entry : chart->entries()) {
    kinds.insert(entry.kind());
  }
  for (const auto kind :
       {view::v1::TIMELINE_KIND_PHASE, view::v1::TIMELINE_KIND_SHIFT,
        view::v1::TIMELINE_KIND_ACTIVITY, view::v1::TIMELINE_KIND_PLAN}) {
    EXPECT_TRUE(kinds.contains(kind)) << kind;
  }
}

TEST(DemoReport, KeepsCashAndInKindApartInTheChart) {
  for (const report::v1::Block& block : Demo().sections(1).blocks()) {
    for (const report::v1::Bar& bar : block.budget_chart().bars()) {
      EXPECT_EQ(bar.in_kind(), bar.label().starts_with("Egen insats"))
          << bar.label();
      EXPECT_THAT(bar.label(), Not(HasSubstr("+")));
    }
  }
}

// Every figure and every quotation leads back to events, and every event that
// is referred to is listed.
TEST(DemoReport, EveryFigureAndQuotationHasItsEvents) {
  std::set<uint64_t> listed;
  for (const report::v1::EventReference& reference : Demo().references()) {
    listed.insert(reference.position());
    EXPECT_FALSE(reference.title().empty());
    EXPECT_FALSE(reference.event_id().empty());
    EXPECT_FALSE(reference.source().empty()) << reference.position();
  }
  int figures = 0;
  int quotes = 0;
  for (const Section& section : Demo().sections()) {
    for (const report::v1::Span& span : SpansOf(section)) {
      if (span.quoted() || span.text().ends_with("kr")) {
        EXPECT_THAT(span.positions(), Not(IsEmpty())) << span.text();
        span.quoted() ? ++quotes : ++figures;
      }
      for (const uint64_t position : span.positions()) {
        EXPECT_TRUE(listed.contains(position)) << position;
      }
    }
  }
  EXPECT_GE(figures, 14);
  EXPECT_GE(quotes, 40);
}

TEST(DemoReport, SpeaksEnglishButQuotesSwedish) {
  const ReportModel english = DemoModel("en");
  const std::string money = TextOf(english, 2);
  EXPECT_THAT(money, HasSubstr("Outcome table"));
  EXPECT_THAT(money, HasSubstr("approx. SEK 270,000"));
  EXPECT_THAT(money, HasSubstr("varav ca 270 000kr har använts"));
  EXPECT_THAT(money, Not(HasSubstr("saknas")));
}

}  // namespace
}  // namespace samverk
