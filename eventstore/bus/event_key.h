// What events are kept in order by. Pure.
#ifndef SAMVERK_EVENTSTORE_BUS_EVENT_KEY_H_
#define SAMVERK_EVENTSTORE_BUS_EVENT_KEY_H_

#include <string_view>

#include "eventstore/record.h"

namespace samverk::bus {

// The text that stands for an event's key: its first tag "KEY:…" as a whole, or
// its stream when it has none, or `key` is empty. A view into the body.
inline std::string_view EventKey(const BodyView& body, std::string_view key) {
  if (key.empty()) return body.stream;
  for (const std::string_view tag : body.tags) {
    if (tag.size() > key.size() && tag.starts_with(key) &&
        tag[key.size()] == ':') {
      return tag;
    }
  }
  return body.stream;
}

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_EVENT_KEY_H_
