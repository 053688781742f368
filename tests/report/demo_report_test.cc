// The report of 2025 written again: every fact of the document that the demo
// process was transcribed from is there, with its words, its doubts and its
// events.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/reporting/html.h"
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

// The phases' names are parts of a sentence; the rest of it says what they are.
TEST(DemoReport, TellsThePhasesInTheWordsOfTheSource) {
  ExpectAll(1, {"där aktörerna inte bara samordnar insatser utan tillsammans "
                "planerar och utvärderar pågående aktiviteter"});
}

// The document counts Malmö stad among those who worked together, and gives it
// no role.
TEST(DemoReport, SaysWhereAnActorWithoutARoleIsNamed) {
  ExpectAll(1, {"Nämns också: Malmö stad [#57](#h57) [#70](#h70)."});
  ExpectAll(5, {"Nämns i underlaget utan angiven roll: Malmö stad"});
  EXPECT_THAT(TextOf(Demo(), 5), Not(HasSubstr("I registret utan roll")));
  // Who has no role of its own may have one at an activity.
  ExpectAll(4,
            {"Skolor (visade upp projekt), Föreningar (visade upp projekt)"});
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

// The table's rows point to checks by rule: each stands below it, with its
// events.
TEST(DemoReport, ListsTheChecksThatTheOutcomeTablePointsTo) {
  ExpectAll(2, {"C2 använt, utbetalt och beviljat är inte avstämt (öppen) "
                "[#50](#h50) [#51](#h51)",
                "C3 disposition av rest saknas (öppen) [#50](#h50) [#51](#h51)",
                "C4 använt utan verifikationer (öppen) [#51](#h51)",
                "C11 bilaga saknas (öppen) [#50](#h50)"});
}

TEST(DemoReport, HasTheOutcomeTableWithItsTwoTotals) {
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
  std::vector<std::string> columns;
  for (const report::v1::Column& column : table.columns()) {
    columns.push_back(column.header());
  }
  EXPECT_THAT(columns, ::testing::ElementsAre("Post", "Belopp", "Säkerhet",
                                              "Grund", "Källa"));
  ASSERT_EQ(table.rows_size(), 6);
  for (int r = 0; r < table.rows_size(); ++r) {
    EXPECT_EQ(table.rows(r).set_apart(), r >= 4) << r;
  }
  EXPECT_EQ(table.rows(2).cells(3).spans(0).text(),
            "härlett: 300\u00A0000\u00A0kr \u2212 ca 270\u00A0000\u00A0kr");
}

TEST(DemoReport, KeepsTheStatedTotalApartAsAClaim) {
  const report::v1::Table& table = Demo().sections(1).blocks(1).table();
  EXPECT_THAT(table.caption(), HasSubstr("ett påstående som kontrolleras"));
  ASSERT_EQ(table.rows_size(), 1);
  EXPECT_EQ(table.rows(0).cells(1).spans(0).text(), "ca 642\u00A0840\u00A0kr");
  EXPECT_EQ(table.rows(0).cells(3).spans(0).text(), "uppgivet");
  EXPECT_THAT(table.rows(0).cells(4).spans().rbegin()->text(),
              HasSubstr("kontroll C1"));
}

TEST(DemoReport, TellsWhatWasAchievedAndHowSureItIs) {
  ExpectAll(
      3, {"Augustenborg har tagit ett tydligt steg mot att bli en tryggare "
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
          "sommargata och torg", "Malmöinitiativet",
          "Inte känt: status, röstetal och länk",
          "Initiativet är ett ärende utanför processen",
          "påbörjad, inte publicerad", "Från Trygghetsvandringar *(härlett)*",
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
                "MKB Fastighet AB *(härlett)*",
                "Datum för 7 av 7",
                "Antal deltagare för 7 av 7",
                "Antal tillfällen för 6 av 7"});
}

// The document gives seasons and no number: nowhere does one stand.
TEST(DemoReport, DoesNotCountTheWalks) {
  ExpectAll(1, {"trygghetsvandringar (antal ej angivet)"});
  ExpectAll(4, {"vår, sommar och höst", "antal gånger ej angivet",
                "antalet genomförda är inte känt"});
  ExpectAll(5, {"trygghetsvandringar (antal ej angivet)"});
  for (int section = 1; section <= 8; ++section) {
    const std::string text = TextOf(Demo(), section);
    for (const char* counted :
         {"3 trygghetsvandring", "3\u00A0trygghetsvandring", "3 gånger",
          "3\u00A0gånger", "1\u00A0trygghetsvandring", "genomförda 3"}) {
      EXPECT_THAT(text, Not(HasSubstr(counted))) << section;
    }
  }
  for (const report::v1::Block& block : Demo().sections(3).blocks()) {
    for (const report::v1::Row& row : block.table().rows()) {
      if (row.cells(0).spans(0).text() != "Trygghetsvandring") continue;
      // Planned, held, of them unplanned.
      EXPECT_EQ(row.cells(2).spans(0).text(), "ej angivet");
      EXPECT_EQ(row.cells(3).spans(0).text(), "ej angivet");
    }
  }
}

// What the document does not say is marked where it is told, not only when it
// happened.
TEST(DemoReport, MarksWhatWasInferred) {
  ExpectAll(1, {"Malmö *(härlett)*", "2026–2027 *(härlett)*",
                "enkäter (antal ej angivet) *(härlett)*", "2025 *(härlett)*"});
  ExpectAll(2, {"Avser 2025 *(härlett)*", "exakt *(härlett)*",
                "ca 642\u00A0840\u00A0kr *(härlett)*"});
  ExpectAll(3, {"Malmöinitiativet *(härlett)*", "*(preliminärt)* *(härlett)*"});
  ExpectAll(4, {"genomförd *(härlett)*", "6 väntade *(härlett)*",
                "våren 2025 *(härlett)*", "arrangör: Gnistan *(härlett)*",
                "odling och trygghet "
                "*(härlett)*"});
  ExpectAll(5,
            {"mottagare av rapporten *(härlett)*", "Malmö stad *(härlett)*"});
  ExpectAll(6, {"Blomlådor, Farthinder och Förbättrad belysning *(härlett)*"});
  ExpectAll(7, {"Boendedialoger *(härlett)*"});
  ExpectAll(8, {"Återrapport 2025 *(härlett)*"});
  // What it does say is not.
  for (const report::v1::Span& span : SpansOf(Demo().sections(0))) {
    if (span.text() == "ett tryggt och bilfritt Augustenborg") {
      EXPECT_THAT(span.marks(), IsEmpty());
    }
  }
}

// As narrowly as it is recorded: one of two places, one of two actors.
TEST(DemoReport, MarksOnlyThePartThatWasInferred) {
  ExpectAll(4, {"Café Sommaren; Augustenborgstorget (vid "
                "torget) *(härlett)*",
                "Boende i området, Hyresgästföreningen *(härlett)*",
                "Augustenborg (i området) *(härlett)*"});
  ExpectAll(5, {"workshoppar (antal ej angivet) *(härlett)* [#37](#h37) |"});
  ExpectAll(6, {"| 2026–2027 *(härlett)* "});
}

// D20.
TEST(DemoReport, SaysWhatTheReportDoesNotSayOfItself) {
  ExpectAll(8, {"Författare: ej angivet", "Datum: ej angivet",
                "Diarienummer: ej angivet", "Beslut om stödet: ej angivet",
                "Underskrift: ej angivet"});
  EXPECT_THAT(Demo().sections(7).missing(),
              Contains("Författare, datum, diarienummer, beslut om stödet och "
                       "underskrift: ej angivet i \"Återrapport 2025\"."));
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
       "Flera roller hos samma aktör",
       "evenemang (antal ej angivet) *(härlett)*"});
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

// What does not add up in the document shows as open checks.
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

TEST(DemoReport, NamesWhatOpenChecksAreAboutByItsTitle) {
  const std::string text = RenderMarkdown(Demo(), std::string(32, '\0'));
  EXPECT_THAT(text, HasSubstr("**C8** ofullständig plan: Blomlådor; "
                              "Farthinder; Förbättrad belysning\n"));
  EXPECT_THAT(text, HasSubstr("Föreningar; lokala aktörer; Malmö stad; "
                              "Skolor\n"));
  EXPECT_THAT(text, HasSubstr("Mobilitetsutredningen har påbörjats"));
  EXPECT_THAT(text, HasSubstr("**C3** disposition av rest saknas: fgk-2025\n"));
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

// Markdown has no drawing whose hatching could be explained.
TEST(DemoReport, SaysInTheTimelinesTableWhatIsPlanned) {
  const std::string text = TextOf(Demo(), 6);
  EXPECT_THAT(text, Not(HasSubstr("treckat")));
  for (const char* row : {"| Blomlådor [#54](#h54)",
                          "| Samverkan fortsätter 2026–2027 [#1](#h1)"}) {
    const size_t at = text.find(row);
    ASSERT_NE(at, std::string::npos) << row;
    EXPECT_THAT(text.substr(at, text.find('\n', at) - at),
                HasSubstr("| planerat"));
  }
}

// A day of which only the year is known does not fill the year.
TEST(DemoReport, ExplainsWhatTheTimelineDraws) {
  const std::string html = RenderHtml(Demo(), std::string(32, '\0'));
  for (const char* said : {"påstådd fas, antagande, preliminärt eller plan",
                           "någon gång under tiden", "class=\"vague\""}) {
    EXPECT_THAT(html, HasSubstr(said));
  }
  EXPECT_THAT(html, Not(HasSubstr("class=\"span-activity\"")));
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
  EXPECT_THAT(TextOf(english, 1),
              HasSubstr("Ekostaden Augustenborg is a collaboration process"));
  EXPECT_THAT(TextOf(english, 1), HasSubstr("Malmö *(inferred)*"));
}

}  // namespace
}  // namespace samverk
