// Whatever a client sends is answered: nothing ends the server.
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "proto/codec/event_codec.h"
#include "services/recording/refusal.h"
#include "tests/testing/given.h"
#include "tests/testing/proto_fill.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::Given;
using testing::RecordNow;
using testing::Uuid;

// Judges and records the batch, and puts what comes back into words.
void Try(Given& given, const std::vector<Event>& events) {
  const auto validation = given.recorder().Validate(events);
  if (validation.ok()) {
    for (const auto& violation : validation->judgement.violations) {
      for (const auto language :
           {codec::Language::kSwedish, codec::Language::kEnglish}) {
        EXPECT_FALSE(ViolationMessage(violation, language).text().empty());
      }
    }
  }
  const RecordOutcome outcome = RecordNow(given.recorder(), events);
  EXPECT_EQ(outcome.status.ok(),
            outcome.violations.empty() && !outcome.places.empty())
      << outcome.status;
  // What is refused is what was said to be.
  if (validation.ok()) {
    EXPECT_EQ(validation->judgement.violations.size(),
              outcome.violations.size());
  }
}

TEST(AnyEvent, WithoutOrWithAllFieldsIsAnswered) {
  Given given;
  uint64_t id = 1000;
  for (const Event::FactCase fact : codec::AllFacts()) {
    const auto* arm = Event::descriptor()->FindFieldByNumber(fact);
    for (const bool filled : {false, true}) {
      Event event;
      if (filled) testing::FillAllFields(event);
      event.set_process("p");
      Message* message = Event::GetReflection()->MutableMessage(&event, arm);
      if (filled) testing::FillAllFields(*message);
      Try(given, {event});
      event.set_id(Uuid(id++));
      Try(given, {event});
      Try(given, {event, event});
    }
  }
}

TEST(AnyEvent, ThatAmendsNothingProperlyIsAnswered) {
  Given given;
  uint64_t id = 1000;
  const std::vector<std::string> targets = {"", "x", Uuid(7), Uuid(999)};
  for (const std::string& target : targets) {
    for (const char* replacement :
         {"", "replacement {}", "replacement { goal_set {} }",
          "replacement { event_corrected { replacement { goal_set {} } } }",
          "replacement { event_reversed {} }",
          "replacement { process: 'q' process_registered {} }"}) {
      Event event = testing::EventOf(absl::StrCat(
          "event_corrected { target: '", target, "' ", replacement, " }"));
      Try(given, {event});
      event.set_id(Uuid(id++));
      Try(given, {event});
    }
  }
  // The same when it is taken for something sent again.
  for (const char* fact :
       {"", "event_corrected {}", "event_reversed { target: 'x' }",
        "event_corrected { target: '00000000-0000-4000-8000-000000000007' }"}) {
    Event event = testing::EventOf(fact);
    event.set_id(Uuid(7));
    Try(given, {event});
  }
}

// Changes fields at random to values that may be anything.
class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  size_t Below(size_t n) { return random_() % n; }

  void Mutate(Message& message) {
    const auto* type = message.GetDescriptor();
    if (type->field_count() == 0) return;
    // Mostly a field that is set, so that changes go deep.
    std::vector<const FieldDescriptor*> set;
    message.GetReflection()->ListFields(message, &set);
    const FieldDescriptor* field =
        set.empty() || Below(4) == 0
            ? type->field(static_cast<int>(
                  Below(static_cast<size_t>(type->field_count()))))
            : set[Below(set.size())];
    Change(message, field);
  }

 private:
  std::string Text() {
    static const std::vector<std::string> texts = {
        "",         "x",           "f-1",
        "g-1",      "mkb",         "stod",
        "c-1",      "i-1",         "torget",
        "vandring", "o-1",         "2025",
        "2025-13",  "811228-9874", "å\n",
        "SEK",      "EUR",         Uuid(7),
        Uuid(14),   Uuid(999),     "C3/stod",
        "../..",    "blomlador",   "../2025",
        "a@b.se",   "h",           std::string(300, 'x')};
    return texts[Below(texts.size())];
  }

  void Change(Message& message, const FieldDescriptor* field) {
    const auto& reflection = *message.GetReflection();
    const bool list = field->is_repeated();
    if (Below(8) == 0) return reflection.ClearField(&message, field);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Mutate(
            list ? (reflection.FieldSize(message, field) > 0
                        ? *reflection.MutableRepeatedMessage(&message, field, 0)
                        : *reflection.AddMessage(&message, field))
                 : *reflection.MutableMessage(&message, field));
      case FieldDescriptor::CPPTYPE_STRING:
        return list ? reflection.AddString(&message, field, Text())
                    : reflection.SetString(&message, field, Text());
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int value = static_cast<int>(Below(9));
        return list ? reflection.AddEnumValue(&message, field, value)
                    : reflection.SetEnumValue(&message, field, value);
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(&message, field, Below(2) == 0);
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(&message, field,
                                   static_cast<int32_t>(random_()));
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection.SetUInt32(&message, field,
                                    static_cast<uint32_t>(random_()));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(&message, field,
                                   static_cast<int64_t>(random_() * random_()));
      case FieldDescriptor::CPPTYPE_UINT64:
        return reflection.SetUInt64(&message, field, random_());
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return;
    }
  }

  std::mt19937_64 random_;
};

TEST(AnyEvent, ChangedAtRandomIsAnswered) {
  const uint32_t seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Mutator mutator(seed);
  Given given;
  std::vector<Event> seeds = testing::World();
  seeds.push_back(testing::EventOf("event_corrected { target: '" + Uuid(7) +
                                   "' reason_code: 'c' reason: 'r' "
                                   "replacement { goal_set { goal: 'g-1' "
                                   "text: 't' } } }"));
  seeds.push_back(testing::EventOf("event_reversed { target: '" + Uuid(14) +
                                   "' reason_code: 'c' reason: 'r' }"));
  seeds.push_back(
      testing::EventOf("finding_merged { finding: 'f-1' into: 'f-2' }"));
  seeds.push_back(testing::EventOf(
      "measure_implemented { measure: 'blomlador' description: 'd' }"));
  uint64_t id = 10'000;
  for (int i = 0; i < 1'500; ++i) {
    std::vector<Event> batch;
    for (size_t n = mutator.Below(3) + 1; n > 0; --n) {
      Event event = seeds[mutator.Below(seeds.size())];
      event.set_id(Uuid(id++));
      for (size_t changes = mutator.Below(4); changes > 0; --changes) {
        mutator.Mutate(event);
      }
      batch.push_back(event);
    }
    Try(given, batch);
  }
}

}  // namespace
}  // namespace samverk::recording
