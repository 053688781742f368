// Which events somebody's views and reports may rest on.
#ifndef SAMVERK_SERVICES_ACCESS_EVENT_FILTER_H_
#define SAMVERK_SERVICES_ACCESS_EVENT_FILTER_H_

#include <functional>
#include <string_view>

#include "samverk/event/v1/event.pb.h"
#include "services/access/admitted.h"

namespace samverk::access {

// True for the events of a process that somebody may read; null when that is
// all there may ever be.
inline std::function<bool(const event::v1::Event&)> FilterFor(
    const Admitted& who, std::string_view process) {
  if (who.ReadsAll(process)) return nullptr;
  // Without what they showed: a filter may be kept.
  return [who = Admitted(*who.caller(), who.language())](
             const event::v1::Event& event) { return who.MayRead(event); };
}

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_EVENT_FILTER_H_
