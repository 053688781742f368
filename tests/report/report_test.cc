// The model: any process, any period, any size.
#include "projections/report/report.h"

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "projections/checks/checks_answer.h"
#include "projections/report/words.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/event_json.h"
#include "services/reporting/canonical_json.h"
#include "services/reporting/markdown.h"
#include "services/reporting/report_generator.h"
#include "tests/report/test_register.h"

namespace samverk {
namespace {

using event::v1::Event;
using report::v1::ReportModel;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TestRegister;

Event FromJson(const std::string& json) {
  auto event = codec::EventFromJson(json);
  SAMVERK_CHECK(event.ok()) << event.status() << "\n" << json;
  return *std::move(event);
}

constexpr char kEnvelope[] =
    R"("process":"p","recorded_by":{"organisation":"mkb","role":"projektledare",)"
    R"("subject":"p-1"})";

Event Fact(const std::string& id_end, const std::string& fact) {
  return FromJson(absl::StrCat("{\"id\":\"0199a000-0000-7000-8000-",
                               std::string(12 - id_end.size(), '0'), id_end,
                               "\",", kEnvelope, ",", fact, "}"));
}

Event Registered() {
  return Fact("1", R"("process_registered":{"name":"Proven"})");
}

absl::StatusOr<ReportModel> ModelOf(TestRegister& test_register,
                                    ReportQuestion question) {
  return BuildModel(test_register.store(), "prov", question);
}

ReportQuestion Asking(const std::string& period = "2025") {
  ReportQuestion question;
  question.process = "p";
  question.period = period;
  return question;
}

std::string Text(const ReportModel& model) {
  return RenderMarkdown(model, std::string(32, '\0'));
}

TEST(Words, EveryKindOfFactHasANameInBothLanguages) {
  std::set<std::string_view> names;
  for (const Event::FactCase fact : codec::AllFacts()) {
    const projections::Words words = projections::WordsFor(fact);
    EXPECT_NE(words.sv, "Okänd händelse") << codec::TypeName(fact);
    EXPECT_FALSE(words.en.empty());
    EXPECT_TRUE(names.insert(words.sv).second) << words.sv << " twice";
  }
}

TEST(Words, JoinAndCapitals) {
  using codec::Language;
  EXPECT_EQ(projections::JoinList({}, Language::kSwedish), "");
  EXPECT_EQ(projections::JoinList({"a"}, Language::kSwedish), "a");
  EXPECT_EQ(projections::JoinList({"a", "b"}, Language::kSwedish), "a och b");
  EXPECT_EQ(projections::JoinList({"a", "b", "c"}, Language::kEnglish),
            "a, b and c");
  EXPECT_EQ(projections::Capitalised("åtgärd"), "Åtgärd");
  EXPECT_EQ(projections::Capitalised("möte"), "Möte");
  EXPECT_EQ(projections::Capitalised("÷"), "÷");
  EXPECT_EQ(projections::Capitalised(""), "");
}

TEST(Report, OfAnEmptyProcessSaysWhatIsMissing) {
  TestRegister test_register;
  test_register.Record({Registered()});
  const auto model = ModelOf(test_register, Asking());
  ASSERT_TRUE(model.ok()) << model.status();
  ASSERT_EQ(model->sections_size(), 8);
  for (const report::v1::Section& section : model->sections()) {
    EXPECT_GT(section.missing_size(), 0) << section.heading();
  }
  EXPECT_THAT(Text(*model), HasSubstr("Proven"));
  EXPECT_EQ(model->as_of_position(), 1u);
}

TEST(Report, OfASmallProcessHasNoEmptyHeadingAndNoBrokenSentence) {
  TestRegister test_register;
  test_register.Record({Fact(
      "1",
      R"("process_registered":{"name":"Sofielund","municipality":"Malmö"})")});
  const auto model = ModelOf(test_register, Asking());
  ASSERT_TRUE(model.ok()) << model.status();
  const std::string text = Text(*model);
  EXPECT_THAT(text, HasSubstr("Sofielund är en samverkansprocess i Malmö"));
  EXPECT_THAT(text, Not(HasSubstr("Medverkande och arbetsformer")));
  EXPECT_THAT(text, HasSubstr("Inga aktörer är registrerade."));
  for (const report::v1::Section& section : model->sections()) {
    for (int b = 0; b < section.blocks_size(); ++b) {
      if (section.blocks(b).subheading().empty()) continue;
      ASSERT_LT(b + 1, section.blocks_size()) << section.heading();
      EXPECT_TRUE(section.blocks(b + 1).subheading().empty())
          << section.blocks(b).subheading();
    }
  }
}

TEST(Report, SaysHowMuchOfARemainderIsRepaid) {
  TestRegister test_register;
  const auto sum = [](const std::string& name, int64_t ore) {
    return absl::StrCat("\"", name, R"(":{"ore":")", ore,
                        R"(","currency":"SEK","precision":"PRECISION_EXACT"})");
  };
  test_register.Record(
      {Registered(),
       Fact("5", R"("actor_registered":{"actor":"fgk","name":"FGK",)"
                 R"("kind":"ACTOR_KIND_ADMINISTRATION"})"),
       Fact("2", absl::StrCat(R"("grant_awarded":{"grant":"g","funder":"fgk",)",
                              R"("period":{"edtf":"2025"},)",
                              sum("amount", 30000000), "}")),
       Fact("3", absl::StrCat(R"("grant_settled":{"grant":"g",)",
                              sum("used", 26841250), ",",
                              sum("remainder", 3158750), "}")),
       Fact("4", absl::StrCat(R"("grant_repaid":{"grant":"g","payment":"1",)",
                              sum("amount", 1000000), "}"))});
  ReportQuestion question = Asking();
  auto model = ModelOf(test_register, question);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_THAT(Text(*model), HasSubstr("Rest: 10\u00A0000\u00A0kr återbetalt, "
                                      "21\u00A0587,50\u00A0kr saknar "
                                      "disposition"));
  EXPECT_THAT(Text(*model),
              HasSubstr("Bidrag slutreglerat; fastställt av finansiären"));
  question.language = codec::Language::kEnglish;
  model = ModelOf(test_register, question);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_THAT(Text(*model),
              HasSubstr("Remainder: SEK 10,000 repaid, SEK 21,587.50 "
                        "without disposition"));
}

TEST(Report, OfAPeriodInWhichNothingHappenedIsNotEmpty) {
  TestRegister test_register;
  test_register.RecordFileAsItHappened("tests/report/data/grona_straket.jsonl");
  ReportQuestion question = Asking("1999");
  question.process = "grona-straket";
  const auto model = ModelOf(test_register, question);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->sections_size(), 8);
  EXPECT_THAT(Text(*model), Not(HasSubstr("Armaturer")));
}

TEST(Report, OfAnUnknownProcessIsNotFound) {
  TestRegister test_register;
  test_register.Record({Registered()});
  ReportQuestion question = Asking();
  question.process = "q";
  EXPECT_EQ(ModelOf(test_register, question).status().code(),
            absl::StatusCode::kNotFound);
  // Within an earlier prefix the process is not there yet either.
  question = Asking();
  question.prefix.position = Position(0);
  EXPECT_EQ(ModelOf(test_register, question).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(Report, RefusesAMalformedPeriod) {
  TestRegister test_register;
  test_register.Record({Registered()});
  for (const char* period : {"", "tvåtusentjugofem", "2025-13", "2026/2025"}) {
    EXPECT_EQ(ModelOf(test_register, Asking(period)).status().code(),
              absl::StatusCode::kInvalidArgument)
        << period;
  }
}

// The same prefix gives the same bytes, also after more has been recorded.
TEST(Report, IsTheSameForTheSamePrefix) {
  TestRegister test_register;
  testing::RecordDemo(test_register);
  ReportQuestion question = Asking();
  question.process = "augustenborg";
  const auto first = ModelOf(test_register, question);
  ASSERT_TRUE(first.ok());
  question.prefix.position = Position(first->as_of_position());
  const std::string json = CanonicalJson(*first);
  EXPECT_EQ(CanonicalJson(*ModelOf(test_register, question)), json);

  test_register.RecordFileAsItHappened("tests/report/data/grona_straket.jsonl");
  Event later = Fact(
      "800007",
      R"("grant_disbursed":{"grant":"fgk-2025","payment":"u-1","amount":)"
      R"({"ore":"30000000","currency":"SEK","precision":"PRECISION_EXACT",)"
      R"("vat":"VAT_NOT_APPLICABLE"}})");
  later.set_process("augustenborg");
  test_register.Record({later});
  EXPECT_EQ(CanonicalJson(*ModelOf(test_register, question)), json);
  for (const auto format :
       {report::v1::REPORT_FORMAT_MARKDOWN, report::v1::REPORT_FORMAT_HTML}) {
    question.format = format;
    const auto once = GenerateReport(test_register.store(), "prov", question);
    const auto again = GenerateReport(test_register.store(), "prov", question);
    EXPECT_EQ(once->content, again->content);
    EXPECT_EQ(once->content, RenderReport(*first, format)->content);
  }
  question.prefix.position.reset();
  EXPECT_NE(CanonicalJson(*ModelOf(test_register, question)), json);
}

TEST(Report, OfAnEarlierStateDoesNotKnowTheCorrection) {
  TestRegister test_register;
  test_register.RecordFileAsItHappened("tests/report/data/grona_straket.jsonl");
  ReportQuestion question = Asking();
  question.process = "grona-straket";
  const std::string now = Text(*ModelOf(test_register, question));
  EXPECT_THAT(now, HasSubstr("Buskarna står vid lekparken, inte vid torget"));
  EXPECT_THAT(now, HasSubstr("Klippa häcken vid lekparken"));
  // Before the correction, the walk's finding lay at the square.
  const auto model = ModelOf(test_register, question);
  ASSERT_TRUE(model.ok());
  for (const auto& reference : model->references()) {
    if (reference.type() != "samverk.event_corrected") continue;
    question.prefix.position = Position(reference.position() - 1);
  }
  ASSERT_TRUE(question.prefix.position.has_value());
  const std::string then = Text(*ModelOf(test_register, question));
  EXPECT_THAT(then, HasSubstr("Buskar skymmer gångvägen"));
  EXPECT_THAT(then, Not(HasSubstr("Buskarna står vid lekparken")));
}

TEST(Report, TellsWhatHappenedAfterThePeriodApart) {
  TestRegister test_register;
  test_register.RecordFileAsItHappened("tests/report/data/grona_straket.jsonl");
  ReportQuestion question = Asking();
  question.process = "grona-straket";
  const std::string text = Text(*ModelOf(test_register, question));
  // Planned in 2025, carried out in April 2026.
  EXPECT_THAT(text, HasSubstr("(efter perioden: genomförd, 14 april 2026"));
  const size_t carried_out = text.find("Åtgärder genomförda under perioden");
  ASSERT_NE(carried_out, std::string::npos);
  const std::string table =
      text.substr(carried_out, text.find("###", carried_out) - carried_out);
  EXPECT_THAT(table, HasSubstr("Nya armaturer vid trappan"));
  EXPECT_THAT(table, Not(HasSubstr("Klippa häcken")));
}

TEST(Report, ShowsTheEstimateThatVouchersTookThePlaceOf) {
  TestRegister test_register;
  test_register.RecordFileAsItHappened("tests/report/data/grona_straket.jsonl");
  ReportQuestion question = Asking();
  question.process = "grona-straket";
  const std::string text = Text(*ModelOf(test_register, question));
  EXPECT_THAT(text, HasSubstr("99\u00A0000,50\u00A0kr"));
  EXPECT_THAT(text, HasSubstr("var: ca 120\u00A0000\u00A0kr, uppgivet 2025-"));
}

Event Cost(int number) {
  return Fact(
      absl::StrCat(number + 100),
      absl::StrCat(
          R"("occurred":{"edtf":"2025-06-01"},"cost_booked":{"cost":"c-)",
          number, R"(","voucher_series":"A","voucher_number":")", number,
          R"(","grant":"g","amount":{"ore":"100","currency":"SEK",)"
          R"("precision":"PRECISION_EXACT"},"text":"Kostnad"})"));
}

// Nobody hides a check: what is not told one by one is counted.
TEST(Report, CountsTheChecksOfARuleThatItDoesNotTell) {
  constexpr int kMeasures = 250;
  TestRegister test_register;
  test_register.clock().Set(absl::FromUnixSeconds(1767225600));  // 2026-01-01
  std::vector<Event> events = {Registered()};
  for (int i = 0; i < kMeasures; ++i) {
    events.push_back(Fact(
        absl::StrCat(i + 100),
        absl::StrCat(R"("occurred":{"edtf":"2025-06-01"},"measure_proposed":)"
                     R"({"intended":{"edtf":"2026"},"measure":"m-)",
                     i, R"(","title":"Bänk )", i, R"("})")));
  }
  test_register.Record(std::move(events));
  ReportQuestion question = Asking();
  question.process = "p";
  const auto model = ModelOf(test_register, question);
  ASSERT_TRUE(model.ok()) << model.status();
  int told = 0;
  for (const auto& check : model->checks()) told += check.rule() == "C8";
  EXPECT_EQ(told, 200);
  std::string missing;
  for (const auto& section : model->sections()) {
    for (const std::string& text : section.missing()) missing += text + "\n";
  }
  EXPECT_THAT(missing, HasSubstr("C8: 50 kontroller till"));
}

// Ten thousand costs (the memory store, a model, looks through all events for
// an id, so more would take minutes to record): sums with counts, fifty events
// named. tests/bench measures the report of a hundred thousand.
TEST(Report, OfManyCostsIsShortAndFast) {
  constexpr int kCosts = 10'000;
  TestRegister test_register;
  test_register.clock().Set(absl::FromUnixSeconds(1767225600));  // 2026-01-01
  test_register.Record(
      {Registered(),
       Fact("2", R"("actor_registered":{"actor":"fgk","name":"FGK",)"
                 R"("kind":"ACTOR_KIND_ADMINISTRATION"})"),
       Fact("3",
            R"("grant_awarded":{"grant":"g","funder":"fgk","amount":)"
            R"({"ore":"20000000","currency":"SEK",)"
            R"("precision":"PRECISION_EXACT"},"period":{"edtf":"2025"}})")});
  for (int first = 0; first < kCosts; first += 1000) {
    std::vector<Event> batch;
    for (int i = first; i < first + 1000; ++i) batch.push_back(Cost(i));
    test_register.Record(std::move(batch));
  }
  const auto folded = projections::FoldPrefix(test_register.store(), "p", {});
  ASSERT_TRUE(folded.ok()) << folded.status();
  projections::ReportParameters parameters;
  parameters.question.process = "p";
  parameters.question.period = *codec::ParseEdtf("2025");
  parameters.question.evaluate_at_us = (*folded)->recorded_at_us();
  parameters.period = "2025";
  parameters.as_of = (*folded)->position();
  const auto started = std::chrono::steady_clock::now();
  const auto model =
      projections::BuildReport((*folded)->views(), parameters,
                               [&] {
                                 return projections::AnswerChecks(
                                     (*folded)->views(), parameters.question);
                               },
                               LookupIn(test_register.store()));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started);
  ASSERT_TRUE(model.ok()) << model.status();
  RecordProperty("build_ms", static_cast<int>(took.count()));
  std::printf("built from %d events in %d ms\n", kCosts,
              static_cast<int>(took.count()));
  // A loose bound: tests run unoptimised and beside others.
  EXPECT_LT(took.count(), 2000);
  EXPECT_THAT(Text(*model), HasSubstr("10\u00A0000\u00A0kr"));
  EXPECT_THAT(Text(*model), HasSubstr("10\u00A0000\u00A0bokförda kostnader"));
  EXPECT_LT(model->references_size(), 500);
  EXPECT_LT(CanonicalJson(*model).size(), size_t{400'000});
}

}  // namespace
}  // namespace samverk
