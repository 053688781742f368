#include "services/privacy/personal_fields.h"

#include "proto/codec/kinds_with.h"
#include "proto/codec/message_walk.h"

namespace samverk::privacy {

using event::v1::Event;
using event::v1::Personal;
using google::protobuf::Message;

void ForEachPersonal(Event& event, const OnPersonal& visit) {
  codec::ForEachMessage(event, [&](Message& message, const std::string& path) {
    if (message.GetDescriptor() != Personal::descriptor()) return true;
    visit(static_cast<Personal&>(message), path);
    return false;
  });
}

const std::vector<Event::FactCase>& PersonalKinds() {
  static const auto& kinds = *new std::vector<Event::FactCase>(
      codec::KindsWith(*Personal::descriptor()));
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
