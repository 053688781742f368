// Given JSON as people and scripts write it, when it is read, then it is that
// event, or the error says line, column, path and value in a sentence.
#include "proto/codec/event_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/json_problem.h"
#include "tests/testing/proto_fill.h"

namespace samverk::codec {
namespace {

using event::v1::Event;
using google::protobuf::util::MessageDifferencer;
using ::testing::HasSubstr;

void ThenRefused(const absl::Status& status, const std::string& sentence) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(std::string(status.message()), sentence);
}

// --- One JSON text ---

void ThenStrictlyRefused(const std::string& json, const std::string& sentence) {
  ThenRefused(CheckStrictJson(json), sentence);
}

TEST(StrictJson, TakesEveryFormThatJsonHas) {
  for (const std::string json :
       {R"({})", R"([])", R"(null)", R"( true )", R"("")", R"(-0.5e+10)",
        R"(0)", R"({"a": [1, {"b": "å\u00e5\ud83d\ude00\/\n"}], "c": null})",
        "\r\n\t{}\n"}) {
    EXPECT_TRUE(CheckStrictJson(json).ok())
        << json << CheckStrictJson(json).ToString();
  }
}

TEST(StrictJson, RefusesANameGivenTwice) {
  ThenStrictlyRefused(R"({"a": 1, "b": {"c": 1, "c": 2}})",
                      "line 1, column 24: b: the name \"c\" is given twice");
  // The same name written otherwise.
  ThenStrictlyRefused(R"({"a": 1, "\u0061": 2})",
                      "line 1, column 10: the name \"a\" is given twice");
}

TEST(StrictJson, RefusesACommaAtTheEnd) {
  ThenStrictlyRefused(
      R"({"a": 1,})",
      "line 1, column 9: a comma stands before \"}\"; take it out");
  ThenStrictlyRefused(
      "{\"a\": [1,\n  2,\n]}",
      "line 3, column 1: a: a comma stands before \"]\"; take it out");
}

TEST(StrictJson, RefusesSingleQuotes) {
  ThenStrictlyRefused("{'a': 1}",
                      "line 1, column 2: texts stand in double quotes (\"), "
                      "not single ones");
}

TEST(StrictJson, RefusesComments) {
  ThenStrictlyRefused("{ // why\n}",
                      "line 1, column 3: JSON has no comments; take them out");
  ThenStrictlyRefused("# why\n{}",
                      "line 1, column 1: JSON has no comments; take them out");
}

TEST(StrictJson, RefusesNumbersThatJsonDoesNotHave) {
  ThenStrictlyRefused(R"({"a": NaN})",
                      "line 1, column 7: a: \"NaN\" is not a value of JSON; "
                      "texts stand in double quotes");
  ThenStrictlyRefused(R"({"a": -Infinity})",
                      "line 1, column 8: a: \"I\" stands where a digit was "
                      "expected");
  ThenStrictlyRefused(R"({"a": 007})",
                      "line 1, column 7: a: a number cannot begin with 0 and "
                      "more digits; codes and numbers with leading zeros are "
                      "texts, in double quotes");
  ThenStrictlyRefused(R"({"a": 1.})",
                      "line 1, column 9: a: \"}\" stands where a digit was "
                      "expected");
  ThenStrictlyRefused(R"({"a": .5})",
                      "line 1, column 7: a: \".\" stands where a value was "
                      "expected");
  ThenStrictlyRefused(R"({"a": +1})",
                      "line 1, column 7: a: \"+\" stands where a value was "
                      "expected");
  ThenStrictlyRefused(R"({"a": 1e})",
                      "line 1, column 9: a: \"}\" stands where a digit was "
                      "expected");
  ThenStrictlyRefused(R"({"a": 300 000})",
                      "line 1, column 11: \"0\" stands where \",\" or \"}\" "
                      "was expected");
}

TEST(StrictJson, RefusesWordsWithoutQuotes) {
  ThenStrictlyRefused(R"({"a": True})",
                      "line 1, column 7: a: \"True\" is not a value of JSON; "
                      "texts stand in double quotes");
  ThenStrictlyRefused(R"({a: 1})",
                      "line 1, column 2: \"a\" stands where a name in quotes "
                      "was expected");
}

TEST(StrictJson, RefusesTextsThatAreNotWhole) {
  ThenStrictlyRefused("{\"a\": \"no end",
                      "line 1, column 7: a: the text that begins here never "
                      "ends");
  ThenStrictlyRefused("{\"a\": \"one\ntwo\"}",
                      "line 1, column 11: a: a text goes on over the end of "
                      "the line; write \\n for a line break within it");
  ThenStrictlyRefused("{\"a\": \"one\ttwo\"}",
                      "line 1, column 11: a: a control character stands in a "
                      "text; write it as \\u00NN or take it out");
  ThenStrictlyRefused(R"({"a": "C:\dir"})",
                      "line 1, column 10: a: a backslash stands before "
                      "something that JSON does not know; write \\\\ for a "
                      "backslash");
  ThenStrictlyRefused(R"({"a": "\u12g4"})",
                      "line 1, column 8: a: \\u is not followed by four "
                      "hexadecimal digits");
}

TEST(StrictJson, RefusesHalfASurrogatePair) {
  for (const std::string half :
       {R"("\ud83d")", R"("\ude00")", R"("\ud83d\u0041")", R"("\ud83dx")",
        R"("\ude00\ud83d")"}) {
    ThenStrictlyRefused(half,
                        "line 1, column 2: half of a surrogate pair stands "
                        "alone; write the character itself");
  }
}

TEST(StrictJson, RefusesBytesThatAreNotUtf8) {
  for (const std::string bytes :
       {"\xC3(", "\xE5", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80"}) {
    ThenStrictlyRefused("{\"å\":\n \"" + bytes + "\"}",
                        "line 2, column 3: the text is not UTF-8 here; save "
                        "it as UTF-8");
  }
}

TEST(StrictJson, RefusesAByteOrderMark) {
  ThenStrictlyRefused("\xEF\xBB\xBF{}",
                      "line 1, column 1: the text begins with a byte order "
                      "mark; save it as UTF-8 without one");
}

TEST(StrictJson, CountsColumnsInCharacters) {
  ThenStrictlyRefused("{\"åäö\": 1,}",
                      "line 1, column 11: a comma stands before \"}\"; take "
                      "it out");
}

TEST(StrictJson, Takes64LevelsAndNotOneMore) {
  const auto nested = [](size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_TRUE(CheckStrictJson(nested(64)).ok());
  EXPECT_THAT(std::string(CheckStrictJson(nested(65)).message()),
              HasSubstr("more than 64 levels lie within each other"));
  // Far beyond: refused at level 65, not by a crash.
  EXPECT_FALSE(CheckStrictJson(std::string(10'000'000, '[')).ok());
}

TEST(StrictJson, RefusesMoreThanOneTextAndNone) {
  ThenStrictlyRefused("{} {}",
                      "line 1, column 4: \"{\" stands where the end of the "
                      "text was expected");
  ThenStrictlyRefused("", "line 1, column 1: the text is empty");
  ThenStrictlyRefused(" \n ", "line 2, column 2: the text is empty");
  ThenStrictlyRefused("{\"a\"",
                      "line 1, column 5: the text ends where \":\" was "
                      "expected");
  ThenStrictlyRefused("[1 2]",
                      "line 1, column 4: \"2\" stands where \",\" or "
                      "\"]\" was expected");
}

TEST(StrictJson, HasErrorsOfReadableLength) {
  const std::string name(1'000'000, 'x');
  for (const std::string& json :
       {"{\"" + name + "\": {\"" + name + "\": 1,}}",
        "{\"" + name + "\": 1, \"" + name + "\": 2}", "[" + name + "]",
        "{\"cost_booked\": {\"" + name + "\": 1}}",
        "{\"process\": " + std::string(1'000'000, '7') + "}"}) {
    const absl::Status status = EventFromJson(json).status();
    EXPECT_FALSE(status.ok());
    EXPECT_LT(status.message().size(), 400u);
  }
}

TEST(StrictJson, KeepsNoMoreThanItsLimits) {
  std::string list = "[0";
  for (int i = 0; i < 300'000; ++i) list += ",0";
  list += "]";
  EXPECT_TRUE(CheckStrictJson(list).ok()) << "checking keeps nothing";
  EXPECT_THAT(std::string(EventFromJson("{\"mentioned_actors\":" + list + "}")
                              .status()
                              .message()),
              HasSubstr("more than 262144 values"));
  EXPECT_THAT(
      std::string(CheckStrictJson(std::string((64 << 20) + 1, ' ')).message()),
      HasSubstr("at most 67108864"));
}

// --- One event ---

constexpr char kCost[] = R"({
  "process": "augustenborg",
  "occurred": {"edtf": "2025-09-13"},
  "cost_booked": {
    "cost": "A-117-1",
    "amount": {"ore": 1250000, "currency": "SEK", "precision": "PRECISION_EXACT"},
    "text": "Scen och tält"
  }
})";

// kCost with one piece of text replaced.
std::string Cost(const std::string& from, const std::string& to) {
  std::string json = kCost;
  const size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

void ThenEventRefused(const std::string& json, const std::string& sentence) {
  ThenRefused(EventFromJson(json).status(), sentence);
}

TEST(EventFromJson, ReadsAnEvent) {
  const absl::StatusOr<Event> event = EventFromJson(kCost);
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->process(), "augustenborg");
  EXPECT_EQ(event->occurred().edtf(), "2025-09-13");
  EXPECT_EQ(event->cost_booked().amount().ore(), 1250000);
  EXPECT_EQ(event->cost_booked().amount().precision(),
            event::v1::PRECISION_EXACT);
  EXPECT_EQ(event->cost_booked().text(), "Scen och tält");
}

TEST(EventFromJson, ReadsWhatToJsonWritesForEveryKind) {
  for (const Event& event : testing::OneOfEachKind()) {
    const std::string json = ToJson(event);
    EXPECT_EQ(json.find('\n'), std::string::npos);
    const absl::StatusOr<Event> read = EventFromJson(json);
    ASSERT_TRUE(read.ok()) << read.status() << json;
    EXPECT_TRUE(MessageDifferencer::Equals(*read, event)) << json;
  }
}

// The oracle is protobuf's own reader, with both kinds of names.
TEST(EventFromJson, ReadsWhatProtobufWritesAndReads) {
  for (const Event& event : testing::OneOfEachKind()) {
    std::string json;
    google::protobuf::util::JsonPrintOptions options;
    options.add_whitespace = true;
    options.always_print_primitive_fields = true;
    ASSERT_TRUE(
        google::protobuf::util::MessageToJsonString(event, &json, options)
            .ok());
    ASSERT_NE(json.find("mentionedActors"), std::string::npos);
    Event expected;
    ASSERT_TRUE(
        google::protobuf::util::JsonStringToMessage(json, &expected).ok());
    const absl::StatusOr<Event> read = EventFromJson(json);
    ASSERT_TRUE(read.ok()) << read.status() << json;
    EXPECT_TRUE(MessageDifferencer::Equals(*read, expected)) << json;
  }
}

// What ReadMessage's contract asks of every message in an event.
TEST(EventFromJson, MeetsOnlyFieldsThatItCanRead) {
  std::vector<const google::protobuf::Descriptor*> open = {Event::descriptor()};
  std::set<const google::protobuf::Descriptor*> seen;
  while (!open.empty()) {
    const auto* type = open.back();
    open.pop_back();
    if (!seen.insert(type).second) continue;
    EXPECT_EQ(type->file()->package(), "samverk.event.v1");
    for (int i = 0; i < type->field_count(); ++i) {
      const auto* field = type->field(i);
      EXPECT_FALSE(field->is_map()) << field->full_name();
      EXPECT_NE(field->cpp_type(),
                google::protobuf::FieldDescriptor::CPPTYPE_DOUBLE);
      EXPECT_NE(field->cpp_type(),
                google::protobuf::FieldDescriptor::CPPTYPE_FLOAT);
      if (field->message_type() != nullptr) {
        open.push_back(field->message_type());
      }
    }
  }
}

TEST(EventFromJson, RefusesFractionsOfAnOre) {
  ThenEventRefused(Cost("1250000", "1.5"),
                   "line 6, column 23: cost_booked.amount.ore: 1.5 is not a "
                   "whole number of öre written with digits alone");
  for (const std::string number : {"1.0", "1e3", "1E3", "true", "{}", "[]"}) {
    const absl::Status status = EventFromJson(Cost("1250000", number)).status();
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("is not a whole number of öre"))
        << number;
  }
  for (const std::string text : {"1,5", "1.5", "", "-", "1e3", " 1", "0x10",
                                 "+1", "01", "1 000", "ca 270 000kr"}) {
    const absl::Status status =
        EventFromJson(Cost("1250000", '"' + text + '"')).status();
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("is not a whole number of öre"))
        << text;
  }
}

TEST(EventFromJson, TakesWholeNumbersInQuotesAndWithout) {
  EXPECT_EQ(EventFromJson(Cost("1250000", "\"1250000\""))
                ->cost_booked()
                .amount()
                .ore(),
            1250000);
  EXPECT_EQ(EventFromJson(Cost("1250000", "-9223372036854775808"))
                ->cost_booked()
                .amount()
                .ore(),
            INT64_MIN);
}

TEST(EventFromJson, RefusesNumbersThatAreTooLarge) {
  ThenEventRefused(Cost("1250000", "9223372036854775808"),
                   "line 6, column 23: cost_booked.amount.ore: "
                   "9223372036854775808 lies outside -9223372036854775808 to "
                   "9223372036854775807");
  ThenEventRefused(
      R"({"safety_walk_held": {"held": {"activity": "w", "occasions": -1}}})",
      "line 1, column 62: safety_walk_held.held.occasions: -1 lies outside 0 "
      "to 4294967295");
  ThenEventRefused(
      R"({"safety_walk_held": {"route": [{"latitude_e7": 2147483648}]}})",
      "line 1, column 49: safety_walk_held.route[0].latitude_e7: 2147483648 "
      "lies outside -2147483648 to 2147483647");
}

TEST(EventFromJson, RefusesUnknownFieldsWithTheLikelyName) {
  ThenEventRefused(Cost("\"amount\"", "\"ammount\""),
                   "line 6, column 5: cost_booked.ammount: CostBooked has no "
                   "field \"ammount\"; did you mean \"amount\"?");
  ThenEventRefused(Cost("\"text\"", "\"zzzzzzzzzzzz\""),
                   "line 7, column 5: cost_booked.zzzzzzzzzzzz: CostBooked has "
                   "no field \"zzzzzzzzzzzz\"");
  ThenEventRefused(Cost("\"cost_booked\"", "\"cost_bocked\""),
                   "line 4, column 3: cost_bocked: Event has no field "
                   "\"cost_bocked\"; did you mean \"cost_booked\"?");
}

TEST(EventFromJson, RefusesAFieldGivenUnderBothItsNames) {
  ThenEventRefused(
      Cost("\"process\"",
           "\"onBehalfOf\": \"a\", \"on_behalf_of\": \"b\", "
           "\"process\""),
      "line 2, column 22: on_behalf_of: given twice, as \"onBehalfOf\" and as "
      "\"on_behalf_of\"");
}

TEST(EventFromJson, RefusesMoreThanOneFactAndNone) {
  ThenEventRefused(Cost("\"cost_booked\"",
                        "\"lesson_recorded\": {}, "
                        "\"cost_booked\""),
                   "line 4, column 26: cost_booked: only one fact may be "
                   "given, and \"lesson_recorded\" is given already");
  ThenEventRefused(R"({"process": "augustenborg"})",
                   "line 1, column 1: the event states no fact; give one, such "
                   "as \"cost_booked\": {…}");
}

TEST(EventFromJson, RefusesValuesOfTheWrongKind) {
  ThenEventRefused(Cost("\"augustenborg\"", "7"),
                   "line 2, column 14: process: 7 stands where a text (in "
                   "double quotes) belongs");
  ThenEventRefused(Cost("{\"edtf\": \"2025-09-13\"}", "\"2025-09-13\""),
                   "line 3, column 15: occurred: \"2025-09-13\" stands where "
                   "an object ({…}) belongs: Occurred");
  ThenEventRefused(R"({"process_registered": {"focus": "trygghet"}})",
                   "line 1, column 34: process_registered.focus: \"trygghet\" "
                   "stands where a list ([…]) belongs");
  ThenEventRefused(R"({"process_registered": {"focus": ["a", null]}})",
                   "line 1, column 40: process_registered.focus[1]: null "
                   "stands in a list; leave it out");
  ThenEventRefused(R"({"phase_entered": {"claimed_only": "true"}})",
                   "line 1, column 36: phase_entered.claimed_only: \"true\" "
                   "stands where true or false belongs");
  ThenEventRefused(R"([1])",
                   "line 1, column 1: an array stands where an object ({…}) "
                   "belongs: Event");
}

TEST(EventFromJson, RefusesValuesThatAnEnumDoesNotHave) {
  ThenEventRefused(Cost("PRECISION_EXACT", "PRECISION_EXAKT"),
                   "line 6, column 64: cost_booked.amount.precision: "
                   "\"PRECISION_EXAKT\" is not a Precision; did you mean "
                   "PRECISION_EXACT?");
  ThenEventRefused(Cost("\"PRECISION_EXACT\"", "17"),
                   "line 6, column 64: cost_booked.amount.precision: 17 is "
                   "not a Precision; give PRECISION_EXACT, PRECISION_STATED, "
                   "PRECISION_ESTIMATE, PRECISION_UNKNOWN");
  // Its value for "not given" is refused where one belongs: not a suggestion.
  ThenEventRefused(Cost("\"PRECISION_EXACT\"", "\"PRECISION_UNSPECIFIE\""),
                   "line 6, column 64: cost_booked.amount.precision: "
                   "\"PRECISION_UNSPECIFIE\" is not a Precision; give "
                   "PRECISION_EXACT, PRECISION_STATED, PRECISION_ESTIMATE, "
                   "PRECISION_UNKNOWN");
  EXPECT_EQ(EventFromJson(Cost("\"PRECISION_EXACT\"", "3"))
                ->cost_booked()
                .amount()
                .precision(),
            event::v1::PRECISION_ESTIMATE);
}

TEST(EventFromJson, TakesNullAsNotGiven) {
  const absl::StatusOr<Event> event = EventFromJson(
      R"({"process": null, "occurred": null, "lesson_recorded": null,
          "cost_booked": {"amount": null}})");
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_FALSE(event->has_occurred());
  EXPECT_TRUE(event->has_cost_booked());
  EXPECT_FALSE(event->cost_booked().has_amount());
}

TEST(EventFromJson, ReadsBase64OfEitherAlphabet) {
  const auto sha = [](const std::string& base64) {
    return EventFromJson("{\"document_attached\": {\"sha256\": \"" + base64 +
                         "\"}}");
  };
  EXPECT_EQ(sha("+/8=")->document_attached().sha256(), "\xFB\xFF");
  EXPECT_EQ(sha("-_8")->document_attached().sha256(), "\xFB\xFF");
  for (const std::string wrong : {"+/8 ", "+", "å", "+/9", "+=/8"}) {
    EXPECT_THAT(std::string(sha(wrong).status().message()),
                HasSubstr("is not base64"))
        << wrong;
  }
}

// --- A file of events ---

constexpr char kLine[] =
    R"({"process": "p", "measure_started": {"measure": "m"}})";

TEST(EventsFromJson, ReadsOneEventALine) {
  const std::string text =
      std::string(kLine) + "\n\n  " + kLine + "\r\n" + kLine;
  const auto events = EventsFromJson(text);
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(events->size(), 3u);
  EXPECT_EQ((*events)[2].measure_started().measure(), "m");
}

TEST(EventsFromJson, ReadsAnArrayAndAnEventOverSeveralLines) {
  const auto array =
      EventsFromJson(std::string("\n[") + kLine + ",\n" + kLine + "]\n");
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->size(), 2u);
  const auto pretty = EventsFromJson(std::string(kCost) + "\n" + kCost);
  ASSERT_TRUE(pretty.ok()) << pretty.status();
  EXPECT_EQ(pretty->size(), 2u);
}

TEST(EventsFromJson, NamesLineAndIndex) {
  const std::string wrong = R"({"cost_booked": {"amount": {"ore": 1.5}}})";
  const std::string sentence =
      "events[2].cost_booked.amount.ore: 1.5 is not a whole number of öre "
      "written with digits alone";
  const std::string line = kLine;
  ThenRefused(EventsFromJson(line + "\n\n" + line + "\n" + wrong).status(),
              "line 4, column 36: " + sentence);
  ThenRefused(
      EventsFromJson("[" + line + ",\n" + line + ",\n" + wrong + "]").status(),
      "line 3, column 36: " + sentence);
  ThenRefused(EventsFromJson(line + "\n{\"a\": }").status(),
              "line 2, column 7: events[1].a: \"}\" stands where a value was "
              "expected");
  ThenRefused(EventsFromJson("[" + line + ",\n{\"a\": }]").status(),
              "line 2, column 7: events[1].a: \"}\" stands where a value was "
              "expected");
}

TEST(EventsFromJson, RefusesTwoEventsOnALine) {
  const std::string line = kLine;
  ThenRefused(EventsFromJson(line + " " + line).status(),
              "line 1, column " + std::to_string(line.size() + 2) +
                  ": events[0]: \"{\" stands where the end of the line was "
                  "expected");
  EXPECT_FALSE(EventsFromJson(line + ",\n" + line).ok());
}

TEST(EventsFromJson, RefusesAFileWithoutEvents) {
  for (const std::string text : {"", " \n\t\r\n", "[]", "[ ]\n"}) {
    ThenRefused(EventsFromJson(text).status(),
                "the text holds no events; give one a line, or an array of "
                "them");
  }
}

TEST(EventsFromJson, RefusesByteOrderMarkAndRubbish) {
  EXPECT_THAT(std::string(EventsFromJson("\xEF\xBB\xBF" + std::string(kLine))
                              .status()
                              .message()),
              HasSubstr("byte order mark"));
  EXPECT_FALSE(EventsFromJson("hello").ok());
  EXPECT_FALSE(EventsFromJson(std::string(kLine) + "\n]").ok());
  EXPECT_FALSE(EventsFromJson(std::string("[") + kLine + "]\n" + kLine).ok());
}

// No input makes it crash or accept what it would not accept again: every
// prefix and every change of one byte of a file.
TEST(EventsFromJson, SurvivesDamage) {
  const std::string text = std::string(kCost) + "\n" + kLine;
  size_t accepted = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(EventFromJson(std::string_view(text).substr(0, i)).ok() &&
                 i < std::string_view(kCost).size());
    for (const char c : {'\0', '"', '{', '}', '\\', '\xFF', '9', '\n'}) {
      std::string damaged = text;
      damaged[i] = c;
      const auto events = EventsFromJson(damaged);
      if (!events.ok()) continue;
      ++accepted;
      for (const Event& event : *events) {
        EXPECT_TRUE(EventFromJson(ToJson(event)).ok());
      }
    }
  }
  EXPECT_GT(accepted, 0u);
}

// --- In Swedish ---

TEST(JsonErrorText, SaysTheSameInSwedish) {
  struct Case {
    const char* json;
    const char* swedish;
  };
  const Case cases[] = {
      {R"({"process": "p", "process": "q"})",
       "rad 1, kolumn 18: namnet \"process\" står två gånger"},
      {R"({"proces": "p"})",
       "rad 1, kolumn 2: proces: Event har inget fält \"proces\"; menades "
       "”process”?"},
      {R"({"cost_booked": {"amount": {"ore": 1.5}}})",
       "rad 1, kolumn 36: cost_booked.amount.ore: 1.5 är inget helt antal ören "
       "skrivet med enbart siffror"},
      {R"({"mentioned_actors": {}})",
       "rad 1, kolumn 22: mentioned_actors: ett objekt står där en lista ([…]) "
       "hör hemma"},
      {R"({"process": "p",})",
       "rad 1, kolumn 17: ett kommatecken står före \"}\"; ta bort det"},
      {R"({"process": "p")",
       "rad 1, kolumn 16: texten slutar där \",\" eller "
       "\"}\" väntades"},
      {R"({"process": "p"})",
       "rad 1, kolumn 1: händelsen anger inget faktum; ange ett, som "
       "\"cost_booked\": {…}"},
  };
  for (const Case& c : cases) {
    const absl::Status status = EventFromJson(c.json).status();
    EXPECT_EQ(JsonErrorText(status, Language::kSwedish), c.swedish);
    EXPECT_EQ(JsonErrorText(status, Language::kEnglish),
              std::string(status.message()));
  }
  EXPECT_EQ(JsonErrorText(EventsFromJson("").status(), Language::kSwedish),
            "texten innehåller inga händelser; ange en per rad, eller en lista "
            "av dem");
  EXPECT_EQ(JsonErrorText(absl::NotFoundError("x"), Language::kSwedish), "x");
}

TEST(JsonProblem, HasWordsInBothLanguages) {
  for (int i = 0; i < kJsonProblems; ++i) {
    const auto problem = static_cast<JsonProblem>(i);
    const std::string english =
        JsonProblemText(problem, {}, Language::kEnglish);
    EXPECT_FALSE(english.empty()) << i;
    EXPECT_NE(english, JsonProblemText(problem, {}, Language::kSwedish));
    EXPECT_FALSE(JsonProblemName(problem).empty()) << i;
  }
}

}  // namespace
}  // namespace samverk::codec
