#include "services/access/readable.h"

#include <string>
#include <vector>

#include "eventstore/base/uuid.h"
#include "eventstore/record.h"
#include "proto/codec/event_codec.h"

namespace samverk::access {
namespace {

using event::v1::Event;

// A correction of a correction of …: nobody's history is so long.
constexpr int kChain = 1'000;

// The event that this one amends; empty: it amends none.
std::string TargetOf(const Event& event) {
  if (event.has_event_corrected()) return event.event_corrected().target();
  if (event.has_event_reversed()) return event.event_reversed().target();
  if (event.has_event_voided()) return event.event_voided().target();
  return "";
}

// The event with this id; false: it cannot be read.
bool Find(EventStore& store, const std::string& id, Event& event) {
  const auto parsed = ParseUuid(id);
  if (!parsed.ok()) return false;
  const std::vector<EventId> ids = {*parsed};
  const auto positions = store.Locate(ids);
  if (!positions.ok() || !positions->front().has_value()) return false;
  ReadOptions one;
  one.after = Position(positions->front()->value() - 1);
  one.before = positions->front()->Next();
  one.limit = 1;
  const auto page = store.Read(one);
  if (!page.ok() || page->events.empty()) return false;
  const auto body = DecodeBody(page->events.front().body());
  return body.ok() &&
         codec::DecodePayload(body->type, id, body->payload, event).ok();
}

}  // namespace

bool MayRead(const Admitted& who, EventStore& store, const Event& event) {
  if (!who.MayRead(event)) return false;
  if (who.ReadsAll(event.process())) return true;
  std::string target = TargetOf(event);
  for (int i = 0; !target.empty(); ++i) {
    Event amended;
    if (i == kChain || !Find(store, target, amended) || !who.MayRead(amended)) {
      return false;
    }
    target = TargetOf(amended);
  }
  return true;
}

}  // namespace samverk::access
