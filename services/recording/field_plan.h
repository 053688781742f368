// The field catalogue joined with the contracts' descriptors: what walks over
// events go by.
#ifndef SAMVERK_SERVICES_RECORDING_FIELD_PLAN_H_
#define SAMVERK_SERVICES_RECORDING_FIELD_PLAN_H_

#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/recording/field_catalogue.h"

namespace samverk::recording {

struct MessagePlan;

// One field of a message.
struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  // Of the message that has the field.
  const google::protobuf::Reflection* reflection = nullptr;
  FieldRule rule;  // the catalogue's, or the rule of what is not listed
  const MessagePlan* message = nullptr;  // for a field that is a message
  bool envelope = false;                 // a field of Event itself
  // It names an entity, or a field within it does.
  bool names_entities = false;
  // The same of entities that the event brings into being.
  bool makes_entities = false;
};

// One message.
struct MessagePlan {
  const google::protobuf::Descriptor* type = nullptr;
  const google::protobuf::Reflection* reflection = nullptr;
  // Fields outside of a oneof, in the order of the contract.
  std::vector<FieldPlan> fields;
  // The arms of its oneof, in order; none of our messages has two.
  std::vector<FieldPlan> arms;
  bool names_entities = false;
  bool makes_entities = false;

  // The arm that is set; null: none is, or there is no oneof.
  const FieldPlan* ArmOf(const google::protobuf::Message& message) const;
};

// The plan of Event and, through it, of every message within. The replacement
// of a correction has no plan of its own (`message` is null): it is an event
// again, and whoever walks decides what to do with it. Made once; thread-safe.
const MessagePlan& EventPlan();

// Where a field stands within an event. Cheap to extend and to leave; made into
// text only when something is wrong with the field.
class FieldPath {
 public:
  void Push(const google::protobuf::FieldDescriptor* field, int index = -1) {
    parts_.push_back({field, index});
  }
  void Pop() { parts_.pop_back(); }
  bool empty() const { return parts_.empty(); }
  // "cost_booked.amount.ore", "held.participants[2].actor".
  std::string ToString() const;

 private:
  struct Part {
    const google::protobuf::FieldDescriptor* field;
    int index;  // -1: not an entry of a list
  };
  absl::InlinedVector<Part, 6> parts_;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_FIELD_PLAN_H_
