// What can be said about an event without knowing what is recorded: is every
// field well formed? Pure.
#ifndef SAMVERK_SERVICES_RECORDING_STRUCTURE_H_
#define SAMVERK_SERVICES_RECORDING_STRUCTURE_H_

#include <string>
#include <string_view>
#include <vector>

#include "samverk/event/v1/event.pb.h"
#include "services/recording/field_plan.h"
#include "services/recording/rule.h"

namespace samverk::recording {

// Everything that is wrong with the event, in the order of its fields; empty:
// it is well formed. The event's id is not looked at (event_ids.h): it may be
// made of the source. What is personal is refused unless it `can_seal`ed.
std::vector<Violation> CheckStructure(const event::v1::Event& event,
                                      bool can_seal = false);

// True for ids that the register gives to checks which it derives: "C3",
// "C3/fgk-2025", with C1 to C14.
bool IsDerivedCheckId(std::string_view id);

// A value as a violation shows it: its beginning, when it is long.
std::string ShownValue(std::string_view value);

// Where the checks of this folder's other files put what they find.
class ViolationList {
 public:
  explicit ViolationList(bool can_seal = false) : can_seal_(can_seal) {}

  // Whether what is personal can be sealed.
  bool can_seal() const { return can_seal_; }

  // `field` stands within the message that the path leads to; null: the
  // message itself.
  void Add(Rule rule, const google::protobuf::FieldDescriptor* field,
           std::vector<RuleValue> values = {});
  // The same for a field by its name, which must be that of a field of `type`.
  void Add(Rule rule, const google::protobuf::Descriptor* type,
           std::string_view field, std::vector<RuleValue> values = {});

  FieldPath& path() { return path_; }
  std::vector<Violation> Take() { return std::move(violations_); }

 private:
  const bool can_seal_;
  FieldPath path_;
  std::vector<Violation> violations_;
};

// The checks of values (money, time, headcount …) beyond those of their
// fields, and of what the fields of one kind of fact say together. `type` is
// the value's, `rule` that of the field that holds it.
void CheckValue(const google::protobuf::Message& value,
                const google::protobuf::Descriptor* type, const FieldRule& rule,
                ViolationList& violations);
void CheckFact(const event::v1::Event& event, ViolationList& violations);

// The checks of one text: length, encoding, form, personal data. `text` is not
// empty.
void CheckText(std::string_view text, const FieldPlan& field,
               ViolationList& violations);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_STRUCTURE_H_
