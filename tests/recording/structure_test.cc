// Every field of every event, by the contract's own words; and the rules of
// single fields.
#include "services/recording/structure.h"

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "services/recording/field_catalogue.h"
#include "tests/testing/events.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using testing::EventOf;

// "RULE field" of each violation.
std::vector<std::string> Broken(const Event& event) {
  std::vector<std::string> broken;
  for (const Violation& violation : CheckStructure(event)) {
    broken.push_back(absl::StrCat(std::string(EntryOf(violation.rule).id), " ",
                                  violation.field));
  }
  return broken;
}
std::vector<std::string> Broken(std::string_view text) {
  return Broken(EventOf(text));
}
using Strings = std::vector<std::string>;

// --- The contract's comments -------------------------------------------------

// Comments of fields in the .proto files, by "Message.field".
std::map<std::string, std::string> FieldComments() {
  std::map<std::string, std::string> comments;
  for (const char* name :
       {"activity", "actor", "archive", "document", "event", "finding",
        "knowledge", "measure", "money", "place", "process", "types"}) {
    std::ifstream file(absl::StrCat("proto/samverk/event/v1/", name, ".proto"));
    EXPECT_TRUE(file.good()) << name;
    std::string message;
    std::string comment;
    for (std::string line; std::getline(file, line);) {
      absl::string_view text = absl::StripAsciiWhitespace(line);
      if (absl::ConsumePrefix(&text, "// ")) {
        absl::StrAppend(&comment, comment.empty() ? "" : " ", text);
        continue;
      }
      if (absl::ConsumePrefix(&text, "message ")) {
        message = std::string(text.substr(0, text.find(' ')));
      } else if (const size_t equals = text.find(" = ");
                 equals != absl::string_view::npos) {
        const absl::string_view before = text.substr(0, equals);
        const absl::string_view field =
            before.substr(before.find_last_of(' ') + 1);
        comments[absl::StrCat(message, ".", field)] = comment;
      }
      comment.clear();
    }
  }
  return comments;
}

// Required in the comment's words, not only under a condition.
bool SaysRequired(const std::string& comment) {
  return absl::StrContains(comment, "Required.") ||
         absl::StrContains(comment, "At least one.");
}

TEST(FieldCatalogue, RequiresWhatTheContractRequires) {
  // Numbers, whose ranges are CheckFact's.
  const std::set<std::string> ranges = {
      "VolunteerTimeReported.hours_hundredths"};
  std::set<std::string> required;
  for (const FieldRule& rule : FieldRules()) {
    if (rule.required) required.insert(std::string(rule.field));
  }
  // Required under a condition: structure_facts.cc, rules_activity.cc.
  const std::set<std::string> conditional = {"Held.title"};
  int said = 0;
  for (const auto& [field, comment] : FieldComments()) {
    if (ranges.contains(field) || conditional.contains(field)) continue;
    said += SaysRequired(comment);
    EXPECT_EQ(required.contains(field), SaysRequired(comment))
        << field << ": the contract says \"" << comment << "\"";
  }
  EXPECT_GT(said, 100);
}

// The field's path ends the violation of a rule that it is missing.
bool IsMissing(const Event& event, const std::string& field) {
  for (const std::string& broken : Broken(event)) {
    if (absl::StartsWith(broken, "FIELD_MISSING ") &&
        (absl::EndsWith(broken, " " + field) ||
         absl::EndsWith(broken, "." + field))) {
      return true;
    }
  }
  return false;
}

// Takes the fields of a message of `event` away, one at a time, and sees
// whether that is refused where the contract says that they are required, and
// nowhere else. Those seen are added to `required` and `optional`.
void TakeFieldsAway(const Event& event, google::protobuf::Message& message,
                    const std::map<std::string, std::string>& comments,
                    std::set<std::string>& required,
                    std::set<std::string>& optional) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->message_type() != nullptr) {
      for (int i = 0;
           i <
           (field->is_repeated() ? reflection->FieldSize(message, field) : 1);
           ++i) {
        TakeFieldsAway(
            event,
            field->is_repeated()
                ? *reflection->MutableRepeatedMessage(&message, field, i)
                : *reflection->MutableMessage(&message, field),
            comments, required, optional);
      }
    }
    // A fact is looked for elsewhere: "RULE" without a field.
    if (field->real_containing_oneof() != nullptr) continue;
    const std::string name =
        absl::StrCat(message.GetDescriptor()->name(), ".", field->name());
    // Of a time that is required.
    if (name == "Occurred.edtf") continue;
    const bool says = SaysRequired(comments.at(name));
    const std::unique_ptr<google::protobuf::Message> whole(message.New());
    whole->CopyFrom(message);
    reflection->ClearField(&message, field);
    EXPECT_EQ(IsMissing(event, field->name()), says)
        << name << " is missing in " << event.ShortDebugString();
    message.CopyFrom(*whole);
    (says ? required : optional).insert(name);
  }
}

TEST(CheckStructure, RefusesAnEventWithoutWhatTheContractRequires) {
  std::vector<Event> events = testing::World();
  events.push_back(EventOf(R"pb(
    inferred { field: "occurred" basis: "the minutes" }
    meeting_held {
      held {
        activity: "m"
        title: "t"
        participants {
          actor: "mkb"
          headcount {
            total: 2
            by_category { category: "boende" count: 2 }
            basis: COUNT_BASIS_COUNTED
          }
        }
      }
    })pb"));
  events.push_back(EventOf(R"pb(
    event_corrected {
      target: "00000000-0000-4000-8000-000000000001"
      reason_code: "skrivfel"
      reason: "fel ord"
      replacement { goal_set { goal: "g" text: "t" } }
    })pb"));
  const auto comments = FieldComments();
  std::set<std::string> required;
  std::set<std::string> optional;
  for (Event& event : events) {
    EXPECT_EQ(Broken(event), Strings()) << event.ShortDebugString();
    TakeFieldsAway(event, event, comments, required, optional);
  }
  EXPECT_GT(required.size(), 50);
  EXPECT_GT(optional.size(), 25);
  for (const char* field :
       {"Participation.actor", "Recorder.organisation", "Inference.field",
        "CategoryCount.category", "EventCorrected.replacement"}) {
    EXPECT_TRUE(required.contains(field)) << field;
  }
}

// Those in brackets and quotes: ("a-117-1").
TEST(FieldCatalogue, ExamplesOfIdsAreIds) {
  int examples = 0;
  for (const FieldRule& rule : FieldRules()) {
    if (rule.content != FieldContent::kId) continue;
    const std::string comment = FieldComments().at(std::string(rule.field));
    const size_t begin = comment.find("(\"");
    if (begin == std::string::npos) continue;
    const size_t end = comment.find("\")", begin);
    ASSERT_NE(end, std::string::npos) << comment;
    ++examples;
    Event event = EventOf("finding_closed {}");
    event.mutable_finding_closed()->set_finding(
        comment.substr(begin + 2, end - begin - 2));
    EXPECT_EQ(Broken(event), Strings()) << rule.field << ": " << comment;
  }
  EXPECT_GT(examples, 0);
}

TEST(FieldCatalogue, KnowsEveryIdByItsComment) {
  std::map<std::string, FieldRule> rules;
  for (const FieldRule& rule : FieldRules()) {
    rules.emplace(std::string(rule.field), rule);
  }
  int ids = 0;
  for (const auto& [field, comment] : FieldComments()) {
    const bool says_id = absl::StartsWith(comment, "Id of ") ||
                         absl::StartsWith(comment, "Ids of ");
    if (!says_id) continue;
    ++ids;
    const auto rule = rules.find(field);
    ASSERT_NE(rule, rules.end()) << field << " is not in the catalogue";
    const FieldContent content = rule->second.content;
    EXPECT_TRUE(content == FieldContent::kId ||
                content == FieldContent::kCheckId ||
                content == FieldContent::kEventId)
        << field;
  }
  EXPECT_GT(ids, 120);
}

// --- Any field ---------------------------------------------------------------

// Calls visit(message, field) for every field that an event can hold, with a
// path of messages that leads to it set.
void ForEachField(google::protobuf::Message& message, Event& event,
                  const std::function<void(google::protobuf::Message&,
                                           const FieldDescriptor*)>& visit) {
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const auto* reflection = message.GetReflection();
    visit(message, field);
    if (field->message_type() == nullptr ||
        field->message_type() == Event::descriptor() ||
        field->message_type()->full_name() == "samverk.event.v1.Personal") {
      continue;
    }
    google::protobuf::Message* inner =
        field->is_repeated() ? reflection->AddMessage(&message, field)
                             : reflection->MutableMessage(&message, field);
    ForEachField(*inner, event, visit);
    reflection->ClearField(&message, field);
  }
}

void SetText(google::protobuf::Message& message, const FieldDescriptor* field,
             const std::string& text) {
  const auto* reflection = message.GetReflection();
  if (field->is_repeated()) {
    reflection->AddString(&message, field, text);
  } else {
    reflection->SetString(&message, field, text);
  }
}

bool Refuses(const Event& event, std::initializer_list<Rule> rules) {
  for (const Violation& violation : CheckStructure(event)) {
    for (const Rule rule : rules) {
      if (violation.rule == rule) return true;
    }
  }
  return false;
}

TEST(CheckStructure, LooksAtEveryTextOfEveryEvent) {
  Event event = EventOf("");
  int texts = 0;
  ForEachField(
      event, event,
      [&](google::protobuf::Message& message, const FieldDescriptor* field) {
        if (field->type() != FieldDescriptor::TYPE_STRING) return;
        ++texts;
        SetText(message, field, "a\nb");
        EXPECT_TRUE(Refuses(event, {Rule::kTextHasControlCharacter,
                                    Rule::kIdInvalid, Rule::kCheckIdInvalid}))
            << field->full_name();
        message.GetReflection()->ClearField(&message, field);
        SetText(message, field, std::string(20'000, 'x'));
        EXPECT_TRUE(Refuses(event, {Rule::kTextTooLong, Rule::kIdInvalid,
                                    Rule::kCheckIdInvalid}))
            << field->full_name();
        message.GetReflection()->ClearField(&message, field);
        SetText(message, field, "p-811228-9874");
        EXPECT_TRUE(
            Refuses(event, {Rule::kTextHasIdentityNumber, Rule::kUuidInvalid,
                            Rule::kEventIdInvalid, Rule::kTimeInvalid,
                            Rule::kCurrencyUnsupported, Rule::kValueNotAllowed,
                            Rule::kMediaTypeInvalid, Rule::kLanguageInvalid}))
            << field->full_name() << " may hold an identity number";
        message.GetReflection()->ClearField(&message, field);
      });
  EXPECT_GT(texts, 250);
}

TEST(CheckStructure, LooksAtEveryEnumAndList) {
  Event event = EventOf("");
  int enums = 0;
  int lists = 0;
  ForEachField(
      event, event,
      [&](google::protobuf::Message& message, const FieldDescriptor* field) {
        const auto* reflection = message.GetReflection();
        if (field->type() == FieldDescriptor::TYPE_ENUM) {
          ++enums;
          if (field->is_repeated()) {
            reflection->AddEnumValue(&message, field, 99);
          } else {
            reflection->SetEnumValue(&message, field, 99);
          }
          EXPECT_TRUE(Refuses(event, {Rule::kEnumUnknown}))
              << field->full_name();
          reflection->ClearField(&message, field);
        }
        if (field->is_repeated()) {
          ++lists;
          for (int i = 0; i < 201; ++i) {
            if (field->message_type() != nullptr) {
              reflection->AddMessage(&message, field);
            } else if (field->type() == FieldDescriptor::TYPE_ENUM) {
              reflection->AddEnumValue(&message, field, 1);
            } else {
              reflection->AddString(&message, field, "x");
            }
          }
          EXPECT_TRUE(Refuses(event, {Rule::kListTooLong}))
              << field->full_name();
          reflection->ClearField(&message, field);
        }
      });
  EXPECT_GT(enums, 30);
  EXPECT_GT(lists, 35);
}

TEST(CheckStructure, LooksAtEverySumTimeAndHash) {
  Event event = EventOf("");
  int sums = 0;
  int times = 0;
  int hashes = 0;
  ForEachField(
      event, event,
      [&](google::protobuf::Message& message, const FieldDescriptor* field) {
        const auto* reflection = message.GetReflection();
        if (field->full_name() == "samverk.event.v1.Money.ore") {
          ++sums;
          reflection->SetInt64(&message, field, -1);
          EXPECT_TRUE(Refuses(
              event, {Rule::kAmountNegative, Rule::kAmountNotPositive}));
          reflection->SetInt64(&message, field, 1'000'000'000'000'001);
          EXPECT_TRUE(Refuses(event, {Rule::kAmountTooLarge}));
          reflection->ClearField(&message, field);
        }
        if (field->full_name() == "samverk.event.v1.Occurred.edtf") {
          ++times;
          reflection->SetString(&message, field, "2025-13");
          EXPECT_TRUE(Refuses(event, {Rule::kTimeInvalid}));
          reflection->ClearField(&message, field);
        }
        if (field->type() == FieldDescriptor::TYPE_BYTES) {
          ++hashes;
          reflection->SetString(&message, field, std::string(20, 'h'));
          EXPECT_TRUE(Refuses(event, {Rule::kHashInvalid}))
              << field->full_name();
          reflection->ClearField(&message, field);
        }
      });
  EXPECT_GT(sums, 15);
  EXPECT_GT(times, 15);
  EXPECT_GE(hashes, 5);
}

TEST(CheckStructure, RefusesFieldsThatTheContractDoesNotHave) {
  Event event = EventOf("actor_renamed { actor: 'mkb' name: 'MKB' }");
  Event::GetReflection()->MutableUnknownFields(&event)->AddVarint(412, 1);
  EXPECT_EQ(Broken(event), Strings({"FIELD_UNKNOWN "}));
  Event inner = EventOf("actor_renamed { actor: 'mkb' name: 'MKB' }");
  auto* fact = inner.mutable_actor_renamed();
  fact->GetReflection()->MutableUnknownFields(fact)->AddVarint(99, 1);
  EXPECT_EQ(Broken(inner), Strings({"FIELD_UNKNOWN actor_renamed"}));
  // A newer client's kind of fact is one thing wrong, not two.
  Event newer = EventOf("");
  Event::GetReflection()->MutableUnknownFields(&newer)->AddLengthDelimited(412,
                                                                           "x");
  EXPECT_EQ(Broken(newer), Strings({"FIELD_UNKNOWN "}));
}

TEST(CheckStructure, NamesThePathOfWhatIsWrong) {
  EXPECT_EQ(Broken(R"pb(
              meeting_held {
                held {
                  activity: "m"
                  title: "t"
                  participants { actor: "MKB" }
                  participants {
                    actor: "fgk"
                    headcount {
                      total: 3
                      by_category { category: "boende" count: 4 }
                    }
                  }
                }
              })pb"),
            Strings({"ID_INVALID meeting_held.held.participants[0].actor",
                     "HEADCOUNT_SUM "
                     "meeting_held.held.participants[1].headcount"}));
}

TEST(CheckStructure, AcceptsTheWorldOfTheTests) {
  for (const Event& event : testing::World()) {
    EXPECT_EQ(Broken(event), Strings()) << event.ShortDebugString();
  }
}

TEST(CheckStructure, AcceptsIdsAtTheirLimits) {
  const auto event = [](const std::string& id) {
    Event made = EventOf("finding_closed {}");
    made.mutable_finding_closed()->set_finding(id);
    return made;
  };
  for (const std::string& id :
       {std::string("f"), std::string("0"), std::string("f-12.b_3"),
        std::string(64, 'x')}) {
    EXPECT_EQ(Broken(event(id)), Strings()) << id;
  }
  for (const std::string& id :
       {std::string("F-12"), std::string("-f"), std::string(".f"),
        std::string("f 12"), std::string("f/12"), std::string("å"),
        std::string(65, 'x')}) {
    EXPECT_EQ(Broken(event(id)), Strings({"ID_INVALID finding_closed.finding"}))
        << id;
  }
}

TEST(CheckStructure, KeepsTagsWithinTheStoresLimit) {
  for (int kind = 1; kind < kEntityKinds; ++kind) {
    const auto name = KindName(static_cast<EntityKind>(kind));
    const size_t id = static_cast<EntityKind>(kind) == EntityKind::kCheck
                          ? kCheckIdBytes
                          : kEntityIdBytes;
    EXPECT_LE(kProcessIdBytes + 1 + name.size() + 1 + id, limits::kTagBytes)
        << name;
  }
}

TEST(CheckStructure, AcceptsTextsAtTheirLimit) {
  Event event = EventOf("goal_set { goal: 'g' }");
  event.mutable_goal_set()->set_text(std::string(limits::kTextBytes, 'x'));
  EXPECT_EQ(Broken(event), Strings());
  event.mutable_goal_set()->mutable_text()->push_back('x');
  EXPECT_EQ(Broken(event), Strings({"TEXT_TOO_LONG goal_set.text"}));
}

TEST(CheckStructure, RefusesCharactersThatNobodySees) {
  for (const std::string& bad :
       {std::string("a\tb"), std::string("a\0b", 3), std::string("a\x7f"),
        std::string("a\u0085b"), std::string("a\u2028b"),
        std::string("a\u202Eb"), std::string("a\u2066b"),
        std::string("a\u200Bb")}) {
    Event event = EventOf("goal_set { goal: 'g' }");
    event.mutable_goal_set()->set_text(bad);
    EXPECT_EQ(Broken(event),
              Strings({"TEXT_HAS_CONTROL_CHARACTER goal_set.text"}));
  }
  for (const std::string& good :
       {std::string("åäö ÅÄÖ é ß"), std::string("\u00A0\u2013\u201D"),
        std::string("مرحبا"), std::string("\U0001F33B")}) {
    Event event = EventOf("goal_set { goal: 'g' }");
    event.mutable_goal_set()->set_text(good);
    EXPECT_EQ(Broken(event), Strings()) << good;
  }
}

TEST(CheckStructure, RefusesWhatIsNotUtf8) {
  Event event = EventOf("goal_set { goal: 'g' }");
  event.mutable_goal_set()->set_text("M\xf6rkt");
  EXPECT_EQ(Broken(event), Strings({"TEXT_NOT_UTF8 goal_set.text"}));
}

TEST(CheckStructure, TakesReplacementsApartToo) {
  EXPECT_EQ(
      Broken(R"pb(event_corrected {
                    target: "00000000-0000-4000-8000-000000000001"
                    reason_code: "skrivfel"
                    reason: "fel ord"
                    replacement { goal_set { goal: "G" } }
                  })pb"),
      Strings({"ID_INVALID event_corrected.replacement.goal_set.goal",
               "FIELD_MISSING event_corrected.replacement.goal_set.text"}));
}

TEST(CheckStructure, LooksIntoTheIdsOfDerivedChecks) {
  const auto event = [](const std::string& id) {
    Event made = EventOf("check_resolved { resolution: 'klart' }");
    made.mutable_check_resolved()->set_check(id);
    return made;
  };
  EXPECT_EQ(Broken(event("C12/Skolor i området")), Strings());
  EXPECT_EQ(Broken(event("C3/" + std::string(77, 'x'))), Strings());
  EXPECT_EQ(Broken(event("C3/" + std::string(78, 'x'))),
            Strings({"CHECK_ID_INVALID check_resolved.check"}));
  EXPECT_EQ(Broken(event("C15/x")),
            Strings({"CHECK_ID_INVALID check_resolved.check"}));
  EXPECT_EQ(Broken(event("C3/a\nb")),
            Strings({"TEXT_HAS_CONTROL_CHARACTER check_resolved.check"}));
  EXPECT_EQ(Broken(event("C12/811228-9874")),
            Strings({"TEXT_HAS_IDENTITY_NUMBER check_resolved.check"}));
}

TEST(IsDerivedCheckId, KnowsTheFormOfDerivedChecks) {
  for (const char* id : {"C1", "C14", "C3/fgk-2025", "C12/Skolor i området"}) {
    EXPECT_TRUE(IsDerivedCheckId(id)) << id;
  }
  for (const char* id : {"", "C", "C 3", "C0", "C15", "C03", "C3/", "c3",
                         "CX/1", "stickprov-1"}) {
    EXPECT_FALSE(IsDerivedCheckId(id)) << id;
  }
}

}  // namespace
}  // namespace samverk::recording
