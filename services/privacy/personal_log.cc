#include "services/privacy/personal_log.h"

#include <algorithm>
#include <utility>

#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/record.h"
#include "proto/codec/event_codec.h"

namespace samverk::privacy {

using event::v1::Event;

QueryItem KindsItem(const std::vector<Event::FactCase>& kinds) {
  QueryItem item;
  for (const Event::FactCase kind : kinds) {
    item.types.emplace_back(codec::TypeName(kind));
  }
  return item;
}

absl::Status DecodeRecorded(const RecordedEvent& recorded, Event& event) {
  ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
  return codec::DecodePayload(body.type, FormatUuid(body.id), body.payload,
                              event);
}

absl::Status ForEachEvent(
    EventStore& store, QueryItem item,
    absl::FunctionRef<absl::Status(Position, Event&)> visit) {
  ReadOptions options;
  options.query.items.push_back(std::move(item));
  options.limit = limits::kReadPage;
  for (bool end = false; !end;) {
    ASSIGN_OR_RETURN(const EventPage page, store.Read(options));
    for (const RecordedEvent& recorded : page.events) {
      Event event;
      RETURN_IF_ERROR(DecodeRecorded(recorded, event));
      RETURN_IF_ERROR(visit(recorded.position(), event));
    }
    options.after = std::max(options.after, page.scanned_to);
    end = page.end;
  }
  return absl::OkStatus();
}

}  // namespace samverk::privacy
