#include "services/privacy/personal_fields.h"

#include <set>
#include <string_view>

#include "proto/codec/event_codec.h"
#include "proto/codec/message_walk.h"

namespace samverk::privacy {
namespace {

using event::v1::Event;
using event::v1::Personal;
using google::protobuf::Descriptor;
using google::protobuf::Message;

// Whether messages of a type can have a Personal inside; `seen` are those that
// are being looked at.
bool CanHavePersonal(const Descriptor* type,
                     std::set<const Descriptor*>& seen) {
  if (type == Personal::descriptor()) return true;
  if (!seen.insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const Descriptor* inner = type->field(i)->message_type();
    if (inner != nullptr && CanHavePersonal(inner, seen)) return true;
  }
  return false;
}

}  // namespace

void ForEachPersonal(Event& event, const OnPersonal& visit) {
  codec::ForEachMessage(event, [&](Message& message, const std::string& path) {
    if (message.GetDescriptor() != Personal::descriptor()) return true;
    visit(static_cast<Personal&>(message), path);
    return false;
  });
}

const std::vector<Event::FactCase>& PersonalKinds() {
  static const auto& kinds = *[] {
    auto* found = new std::vector<Event::FactCase>();
    for (const Event::FactCase kind : codec::AllFacts()) {
      // What an event's own envelope may have, a correction's replacement has.
      std::set<const Descriptor*> seen = {Event::descriptor()};
      const Descriptor* type =
          Event::descriptor()->FindFieldByNumber(kind)->message_type();
      if (kind == Event::kEventCorrected || CanHavePersonal(type, seen)) {
        found->push_back(kind);
      }
    }
    return found;
  }();
  return kinds;
}

bool HasClear(const Event& event) {
  bool may = false;
  for (const Event::FactCase kind : PersonalKinds()) {
    may |= event.fact_case() == kind;
  }
  if (!may) return false;
  bool has = false;
  // The walk changes nothing that its visitor does not change.
  ForEachPersonal(const_cast<Event&>(event),
                  [&has](Personal& personal, const std::string&) {
                    has |= personal.has_clear();
                  });
  return has;
}

}  // namespace samverk::privacy
