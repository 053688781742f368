#include "services/recording/structure.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/check.h"
#include "google/protobuf/unknown_field_set.h"
#include "services/recording/folded_text.h"
#include "services/recording/route.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Walks over an event by its plan.
class StructureCheck {
 public:
  explicit StructureCheck(bool can_seal) : violations_(can_seal) {}

  std::vector<Violation> Check(const Event& event) {
    CheckMessage(event, EventPlan(), {});
    CheckOneFact(event);
    return violations_.Take();
  }

 private:
  void CheckMessage(const Message& message, const MessagePlan& plan,
                    const FieldRule& rule) {
    const auto& unknown = plan.reflection->GetUnknownFields(message);
    if (!unknown.empty()) AddUnknown(unknown);
    for (const FieldPlan& field : plan.fields) CheckField(message, field);
    // Personal data is refused as such (CheckValue), not looked into.
    if (plan.type != event::v1::Personal::descriptor()) {
      const FieldPlan* arm = plan.ArmOf(message);
      if (arm != nullptr) CheckField(message, *arm);
    }
    CheckValue(message, plan.type, rule, violations_);
  }

  void AddUnknown(const google::protobuf::UnknownFieldSet& unknown) {
    std::set<int> numbers;
    for (int i = 0; i < unknown.field_count(); ++i) {
      numbers.insert(unknown.field(i).number());
    }
    violations_.Add(Rule::kFieldUnknown, nullptr,
                    {{"numbers", absl::StrJoin(numbers, ", ")}});
  }

  void CheckField(const Message& message, const FieldPlan& plan) {
    const auto& reflection = *plan.reflection;
    if (plan.field->is_repeated()) return CheckList(message, plan);
    if (plan.message != nullptr) {
      if (reflection.HasField(message, plan.field)) {
        return CheckEntry(message, plan, -1);
      }
      return AddIfRequired(plan);
    }
    // The replacement of a correction: see CheckOneFact.
    if (plan.field->message_type() != nullptr) {
      if (!reflection.HasField(message, plan.field)) AddIfRequired(plan);
      return;
    }
    CheckEntry(message, plan, -1);
  }

  void AddIfRequired(const FieldPlan& plan) {
    if (!plan.rule.required || IsInherited(plan)) return;
    violations_.Add(Rule::kFieldMissing, plan.field);
  }

  // A replacement takes from its correction what it does not say itself.
  bool IsInherited(const FieldPlan& plan) const {
    return in_replacement_ && plan.envelope;
  }

  void CheckList(const Message& message, const FieldPlan& plan) {
    const int size = plan.reflection->FieldSize(message, plan.field);
    if (size == 0) return AddIfRequired(plan);
    if (size > kListEntries) {
      return violations_.Add(Rule::kListTooLong, plan.field,
                             {{"count", absl::StrCat(size)},
                              {"limit", absl::StrCat(kListEntries)}});
    }
    for (int i = 0; i < size; ++i) CheckEntry(message, plan, i);
    const bool names = plan.rule.content == FieldContent::kId ||
                       plan.rule.content == FieldContent::kEventId;
    if (names) CheckDistinct(message, plan, size);
  }

  void CheckDistinct(const Message& message, const FieldPlan& plan, int size) {
    std::set<std::string> seen;
    for (int i = 0; i < size; ++i) {
      std::string id =
          plan.reflection->GetRepeatedString(message, plan.field, i);
      if (seen.insert(id).second) continue;
      violations_.path().Push(plan.field, i);
      violations_.Add(Rule::kListRepeats, nullptr, {{"value", ShownValue(id)}});
      violations_.path().Pop();
    }
  }

  // One value of a field; `index` is -1 for a field that is not a list.
  void CheckEntry(const Message& message, const FieldPlan& plan, int index) {
    const auto& reflection = *plan.reflection;
    violations_.path().Push(plan.field, index);
    switch (plan.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        CheckMessage(index < 0 ? reflection.GetMessage(message, plan.field)
                               : reflection.GetRepeatedMessage(
                                     message, plan.field, index),
                     *plan.message, plan.rule);
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        CheckString(message, plan, index);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        CheckEnum(index < 0 ? reflection.GetEnumValue(message, plan.field)
                            : reflection.GetRepeatedEnumValue(
                                  message, plan.field, index),
                  plan, index >= 0);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_UINT32:
      case FieldDescriptor::CPPTYPE_UINT64:
      case FieldDescriptor::CPPTYPE_BOOL:
        break;  // ranges are CheckValue's and CheckFact's
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        SAMVERK_CHECK(false) << "no event has a floating-point number: "
                             << plan.field->full_name();
    }
    violations_.path().Pop();
  }

  void CheckString(const Message& message, const FieldPlan& plan, int index) {
    const auto& reflection = *plan.reflection;
    std::string scratch;
    const std::string& text =
        index < 0 ? reflection.GetStringReference(message, plan.field, &scratch)
                  : reflection.GetRepeatedStringReference(message, plan.field,
                                                          index, &scratch);
    // An empty entry of a list says nothing and is as wrong as a missing field.
    const bool required =
        index >= 0 || (plan.rule.required && !IsInherited(plan));
    // A hash is no text: its bytes may be anything.
    const bool hash = plan.rule.content == FieldContent::kHash;
    if (text.empty() || (!hash && IsBlank(text))) {
      if (required) violations_.Add(Rule::kFieldMissing, nullptr);
      if (required || text.empty()) return;
    }
    CheckText(text, plan, violations_);
  }

  void CheckEnum(int value, const FieldPlan& plan, bool in_list) {
    if (plan.field->enum_type()->FindValueByNumber(value) == nullptr) {
      violations_.Add(Rule::kEnumUnknown, nullptr,
                      {{"value", absl::StrCat(value)}});
    } else if (value == 0 && (plan.rule.required || in_list)) {
      violations_.Add(Rule::kFieldMissing, nullptr);
    }
  }

  // The fact, and the event that a correction puts in place of another.
  void CheckOneFact(const Event& event) {
    if (event.fact_case() == Event::FACT_NOT_SET) {
      // A kind of fact that is not known here is an unknown field.
      const bool unknown =
          !event.GetReflection()->GetUnknownFields(event).empty();
      if (!unknown) violations_.Add(Rule::kFactMissing, nullptr);
      return;
    }
    CheckFact(event, violations_);
    if (event.has_event_corrected() &&
        event.event_corrected().has_replacement()) {
      CheckReplacement(event);
    }
  }

  void CheckReplacement(const Event& event) {
    const Event& replacement = event.event_corrected().replacement();
    FieldPath& path = violations_.path();
    path.Push(Event::descriptor()->FindFieldByNumber(Event::kEventCorrected));
    path.Push(event::v1::EventCorrected::descriptor()->FindFieldByName(
        "replacement"));
    if (IsAmendment(replacement)) {
      violations_.Add(Rule::kCorrectionNested, nullptr);
    } else {
      if (!replacement.id().empty()) {
        violations_.Add(Rule::kReplacementHasId, Event::descriptor(), "id",
                        {{"value", ShownValue(replacement.id())}});
      }
      if (!replacement.process().empty() &&
          replacement.process() != event.process()) {
        violations_.Add(Rule::kProcessDiffers, Event::descriptor(), "process",
                        {{"process", ShownValue(replacement.process())},
                         {"expected", ShownValue(event.process())}});
      }
      in_replacement_ = true;
      CheckMessage(replacement, EventPlan(), {});
      CheckOneFact(replacement);
      in_replacement_ = false;
    }
    path.Pop();
    path.Pop();
  }

  ViolationList violations_;
  bool in_replacement_ = false;
};

}  // namespace

void ViolationList::Add(Rule rule, const FieldDescriptor* field,
                        std::vector<RuleValue> values) {
  if (field != nullptr) path_.Push(field);
  violations_.push_back({rule, path_.ToString(), std::move(values)});
  if (field != nullptr) path_.Pop();
}

void ViolationList::Add(Rule rule, const Descriptor* type,
                        std::string_view field, std::vector<RuleValue> values) {
  const FieldDescriptor* found = type->FindFieldByName(std::string(field));
  SAMVERK_CHECK(found != nullptr) << type->full_name() << " has no " << field;
  Add(rule, found, std::move(values));
}

std::vector<Violation> CheckStructure(const Event& event, bool can_seal) {
  return StructureCheck(can_seal).Check(event);
}

}  // namespace samverk::recording
