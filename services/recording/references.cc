#include "services/recording/references.h"

#include <algorithm>

#include "eventstore/base/check.h"
#include "services/recording/route.h"

namespace samverk::recording {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class Collector {
 public:
  // Of what `is_wanted` says of fields.
  explicit Collector(bool FieldPlan::*is_wanted) : is_wanted_(is_wanted) {}

  std::vector<Reference> Collect(const event::v1::Event& event) {
    found_.reserve(8);  // more than most events name
    Walk(event, EventPlan());
    return std::move(found_);
  }

 private:
  void Walk(const Message& message, const MessagePlan& plan) {
    const auto& reflection = *plan.reflection;
    for (const FieldPlan& field : plan.fields) {
      if (!(field.*is_wanted_)) continue;
      if (field.field->is_repeated()) {
        const int size = reflection.FieldSize(message, field.field);
        for (int i = 0; i < size; ++i) Entry(message, field, i);
      } else if (reflection.HasField(message, field.field)) {
        Entry(message, field, -1);
      }
    }
    const FieldPlan* arm = plan.ArmOf(message);
    if (arm != nullptr && arm->*is_wanted_) Entry(message, *arm, -1);
  }

  // One value of a field; `index` is -1 for a field that is not a list.
  void Entry(const Message& message, const FieldPlan& field, int index) {
    const auto& reflection = *field.reflection;
    path_.Push(field.field, index);
    if (field.message != nullptr) {
      Walk(index < 0
               ? reflection.GetMessage(message, field.field)
               : reflection.GetRepeatedMessage(message, field.field, index),
           *field.message);
    } else {
      // The contract's strings are stored as such: nothing is put in scratch.
      std::string scratch;
      const std::string& id =
          index < 0
              ? reflection.GetStringReference(message, field.field, &scratch)
              : reflection.GetRepeatedStringReference(message, field.field,
                                                      index, &scratch);
      SAMVERK_CHECK(&id != &scratch);
      if (!id.empty()) {
        found_.push_back({field.rule.entity, &id, field.rule.relation, path_,
                          field.envelope});
      }
    }
    path_.Pop();
  }

  bool FieldPlan::*const is_wanted_;
  FieldPath path_;
  std::vector<Reference> found_;
};

}  // namespace

std::vector<Reference> ReferencesOf(const event::v1::Event& event) {
  return Collector(&FieldPlan::names_entities).Collect(event);
}

std::vector<EntityKey> EntitiesMadeBy(const event::v1::Event& event) {
  std::vector<EntityKey> made;
  for (const Reference& reference :
       Collector(&FieldPlan::makes_entities).Collect(event)) {
    const bool again =
        std::find(made.begin(), made.end(), reference.key()) != made.end();
    if (!again) made.push_back(reference.key());
  }
  return made;
}

bool MayPrecedeActors(const event::v1::Event& event) {
  return event.has_process_registered() || event.has_actor_registered();
}

bool Uses(const event::v1::Event& event, const EntityKey& entity) {
  if (SubjectOf(event) == entity) return false;
  for (const Reference& reference : ReferencesOf(event)) {
    const bool rests = reference.relation == Relation::kRefers ||
                       reference.relation == Relation::kAbout;
    if (!rests || reference.kind != entity.kind || *reference.id != entity.id) {
      continue;
    }
    if (!reference.envelope || !MayPrecedeActors(event)) return true;
  }
  return false;
}

}  // namespace samverk::recording
