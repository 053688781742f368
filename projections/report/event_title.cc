// An event in one line.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "projections/report/references.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

namespace {

using event::v1::Event;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kTitleBytesMax = 200;

// Fields that say in words what a fact is about, the best first. Facts name
// their fields alike, so a new kind of fact needs nothing here.
constexpr std::array<const char*, 17> kTextFields = {
    "title",         "name",        "claim",      "text",    "paraphrase",
    "description",   "observation", "motivation", "reason",  "conclusions",
    "referenced_as", "explanation", "resolution", "comment", "joint_proposal",
    "outcome",       "body"};

// Fields with a sum.
constexpr std::array<const char*, 4> kMoneyFields = {"amount", "value", "used",
                                                     "actual_cost"};

// Fields that name the actor that a fact is about.
constexpr std::array<const char*, 6> kActorFields = {
    "actor",         "contributor", "assignee",
    "substantiator", "shared_by",   "association"};

std::string StringField(const Message& fact, const char* name) {
  const FieldDescriptor* field = fact.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() ||
      field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return "";
  }
  return fact.GetReflection()->GetString(fact, field);
}

template <size_t kSize>
std::string FirstOf(const Message& fact,
                    const std::array<const char*, kSize>& names) {
  for (const char* name : names) {
    std::string value = StringField(fact, name);
    if (!value.empty()) return value;
  }
  return "";
}

// The message under `name`, or null.
const Message* MessageField(const Message& fact, const char* name) {
  const FieldDescriptor* field = fact.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() ||
      field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
      !fact.GetReflection()->HasField(fact, field)) {
    return nullptr;
  }
  return &fact.GetReflection()->GetMessage(fact, field);
}

std::string SumOf(const ReportContext& context, const Message& fact) {
  for (const char* name : kMoneyFields) {
    const Message* sum = MessageField(fact, name);
    if (sum == nullptr) continue;
    if (sum->GetDescriptor() != event::v1::Money::descriptor()) continue;
    return SumText(context, static_cast<const event::v1::Money&>(*sum));
  }
  return "";
}

// The id of the entity: the first field of every fact.
std::string IdOf(const Message& fact) {
  const FieldDescriptor* first = fact.GetDescriptor()->FindFieldByNumber(1);
  if (first == nullptr || first->is_repeated() ||
      first->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return "";
  }
  return fact.GetReflection()->GetString(fact, first);
}

// The fact's own message, or null when none is set.
const Message* FactOf(const Event& event) {
  const google::protobuf::OneofDescriptor* oneof =
      Event::descriptor()->FindOneofByName("fact");
  const Reflection* reflection = event.GetReflection();
  const FieldDescriptor* field =
      reflection->GetOneofFieldDescriptor(event, oneof);
  return field == nullptr ? nullptr : &reflection->GetMessage(event, field);
}

// The title of the entity that the fact is about, when another fact gave it.
std::string EntityTitle(const ReportContext& context, const Message& fact) {
  const FieldDescriptor* first = fact.GetDescriptor()->FindFieldByNumber(1);
  const std::string id = IdOf(fact);
  if (first == nullptr || id.empty()) return "";
  std::string title = id;
  if (first->name() == "measure") title = context.MeasureTitle(id);
  if (first->name() == "study") title = context.StudyTitle(id);
  if (first->name() == "initiative") title = context.InitiativeTitle(id);
  if (first->name() == "activity") title = context.ActivityTitle(id);
  return title == id ? "" : title;
}

// An outcome that is judged is known by its own claim, not by its id.
std::string TextOf(const Message& fact) {
  const bool of_outcome =
      fact.GetDescriptor() == event::v1::OutcomeSubstantiated::descriptor();
  return of_outcome ? StringField(fact, "comment") : FirstOf(fact, kTextFields);
}

std::string Subject(const ReportContext& context, const Event& event) {
  const Message* fact = FactOf(event);
  if (fact == nullptr) return "";
  // What all held activities have stands in a message of its own.
  const Message* held = MessageField(*fact, "held");
  const Message& told = held == nullptr ? *fact : *held;
  std::vector<std::string> parts;
  const auto add = [&parts](const std::string& part) {
    if (part.empty()) return;
    for (const std::string& other : parts) {
      if (other == part) return;
    }
    parts.push_back(part);
  };
  add(EntityTitle(context, told));
  if (!event.has_actor_registered() && !event.has_actor_renamed()) {
    const std::string actor = FirstOf(told, kActorFields);
    if (!actor.empty()) add(context.actor_name(actor));
  }
  add(TextOf(told));
  add(SumOf(context, *fact));
  if (parts.empty()) add(IdOf(told));
  std::string subject;
  for (const std::string& part : parts) {
    absl::StrAppend(&subject, subject.empty() ? "" : ", ", part);
  }
  return subject;
}

}  // namespace

std::string EventTitle(const ReportContext& context, const Event& event) {
  const codec::Language language = context.language();
  const std::string kind(WordsFor(event.fact_case()).In(language));
  if (event.visibility() == event::v1::VISIBILITY_SECRET) {
    return absl::StrCat(
        kind, ": ", std::string(context.Say("sekretess", "secret")),
        event.secrecy_ground().empty() ? "" : ", ", event.secrecy_ground());
  }
  if (event.has_event_corrected()) {
    const event::v1::EventCorrected& corrected = event.event_corrected();
    return absl::StrCat(
        kind, ": ",
        Shortened(EventTitle(context, corrected.replacement()), kTitleBytesMax),
        " (", std::string(context.Say("skäl: ", "reason: ")),
        Shortened(corrected.reason(), kTitleBytesMax), ")");
  }
  const std::string subject = Subject(context, event);
  if (subject.empty()) return kind;
  return absl::StrCat(kind, ": ", Shortened(subject, kTitleBytesMax));
}

}  // namespace samverk::projections
