// What events are kept in order by. Pure.
#ifndef SAMVERK_EVENTSTORE_BUS_EVENT_KEY_H_
#define SAMVERK_EVENTSTORE_BUS_EVENT_KEY_H_

#include <string_view>

#include "eventstore/record.h"

namespace samverk::bus {

// The text that stands for an event's key: its first tag "KEY:…" or
// "PROCESS/KEY:…" as a whole, or its stream when it has none, or `key` is
// empty. A view into the body.
inline std::string_view EventKey(const BodyView& body, std::string_view key) {
  if (key.empty()) return body.stream;
  for (const std::string_view tag : body.tags) {
    const size_t colon = tag.find(':');
    if (colon == tag.npos) continue;
    const std::string_view name = tag.substr(0, colon);
    if (name.ends_with(key) && (name.size() == key.size() ||
                                name[name.size() - key.size() - 1] == '/')) {
      return tag;
    }
  }
  return body.stream;
}

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_EVENT_KEY_H_
