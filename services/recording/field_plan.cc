#include "services/recording/field_plan.h"

#include <map>
#include <memory>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::recording {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Builds the plans of all messages within Event.
class Planner {
 public:
  Planner() {
    for (const FieldRule& rule : FieldRules()) {
      const bool is_new = rules_.emplace(rule.field, rule).second;
      SAMVERK_CHECK(is_new) << "listed twice: " << rule.field;
    }
  }

  const MessagePlan* Plan(const Descriptor* type) {
    std::unique_ptr<MessagePlan>& plan = plans_[type];
    if (plan != nullptr) return plan.get();
    plan = std::make_unique<MessagePlan>();
    plan->type = type;
    plan->reflection = google::protobuf::MessageFactory::generated_factory()
                           ->GetPrototype(type)
                           ->GetReflection();
    SAMVERK_CHECK(type->real_oneof_decl_count() <= 1) << type->full_name();
    for (int i = 0; i < type->field_count(); ++i) {
      const bool arm = type->field(i)->real_containing_oneof() != nullptr;
      std::vector<FieldPlan>& fields = arm ? plan->arms : plan->fields;
      fields.push_back(PlanField(type->field(i)));
      fields.back().reflection = plan->reflection;
      plan->names_entities |= fields.back().names_entities;
      plan->makes_entities |= fields.back().makes_entities;
    }
    return plan.get();
  }

  // What the catalogue lists and no message has.
  std::string Unused() const {
    std::string unused;
    for (const auto& [field, rule] : rules_) {
      absl::StrAppend(&unused, " ", std::string(field));
    }
    return unused;
  }

 private:
  FieldPlan PlanField(const FieldDescriptor* field) {
    FieldPlan plan;
    plan.field = field;
    plan.envelope = field->containing_type() == event::v1::Event::descriptor();
    const auto rule = rules_.find(
        absl::StrCat(field->containing_type()->name(), ".", field->name()));
    if (rule != rules_.end()) {
      plan.rule = rule->second;
      rules_.erase(rule);
    }
    plan.names_entities = plan.rule.relation != Relation::kNone;
    plan.makes_entities = BringsIntoBeing(plan.rule.relation);
    // An event is not within another one but as a replacement.
    if (field->message_type() != nullptr &&
        field->message_type() != event::v1::Event::descriptor()) {
      plan.message = Plan(field->message_type());
      plan.names_entities |= plan.message->names_entities;
      plan.makes_entities |= plan.message->makes_entities;
    }
    return plan;
  }

  std::map<std::string, FieldRule, std::less<>> rules_;
  std::map<const Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace

const FieldPlan* MessagePlan::ArmOf(
    const google::protobuf::Message& message) const {
  if (arms.empty()) return nullptr;
  const FieldDescriptor* set = reflection->GetOneofFieldDescriptor(
      message, arms[0].field->real_containing_oneof());
  return set == nullptr ? nullptr
                        : &arms[static_cast<size_t>(set->index_in_oneof())];
}

const MessagePlan& EventPlan() {
  // Never destroyed: the plans live as long as the program.
  static Planner& planner = *new Planner;
  static const MessagePlan& plan = *[] {
    const MessagePlan* made = planner.Plan(event::v1::Event::descriptor());
    SAMVERK_CHECK(planner.Unused().empty())
        << "no message has:" << planner.Unused();
    return made;
  }();
  return plan;
}

std::string FieldPath::ToString() const {
  std::string text;
  for (const Part& part : parts_) {
    absl::StrAppend(&text, text.empty() ? "" : ".", part.field->name());
    if (part.index >= 0) absl::StrAppend(&text, "[", part.index, "]");
  }
  return text;
}

}  // namespace samverk::recording
