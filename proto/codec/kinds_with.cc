#include "proto/codec/kinds_with.h"

#include <set>

#include "proto/codec/event_codec.h"

namespace samverk::codec {
namespace {

using event::v1::Event;
using google::protobuf::Descriptor;

// Whether messages of `type` are, or can have inside, a `wanted`; `seen` are
// those that are being looked at.
bool CanHave(const Descriptor* type, const Descriptor* wanted,
             std::set<const Descriptor*>& seen) {
  if (type == wanted) return true;
  if (!seen.insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const Descriptor* inner = type->field(i)->message_type();
    if (inner != nullptr && CanHave(inner, wanted, seen)) return true;
  }
  return false;
}

}  // namespace

std::vector<Event::FactCase> KindsWith(const Descriptor& type) {
  std::vector<Event::FactCase> kinds;
  for (const Event::FactCase kind : AllFacts()) {
    // What an event's own envelope may have, a correction's replacement has.
    std::set<const Descriptor*> seen = {Event::descriptor()};
    const Descriptor* fact =
        Event::descriptor()->FindFieldByNumber(kind)->message_type();
    if (kind == Event::kEventCorrected || CanHave(fact, &type, seen)) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

}  // namespace samverk::codec
