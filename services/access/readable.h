// Whether an event of the log may be read, with what it amends.
#ifndef SAMVERK_SERVICES_ACCESS_READABLE_H_
#define SAMVERK_SERVICES_ACCESS_READABLE_H_

#include "eventstore/event_store.h"
#include "samverk/event/v1/event.pb.h"
#include "samverk/view/v1/view_service.pb.h"
#include "services/access/admitted.h"

namespace samverk::access {

// What amends an event says what that was about: it may be read by whoever may
// read both, and what that one amends in turn. Reads the amended from the
// store; what cannot be read there may not be read here.
bool MayRead(const Admitted& who, EventStore& store,
             const event::v1::Event& event);

// Of other applications' events, which say of themselves nothing that we
// understand, those who read what partners read in every process.
inline bool MayRead(const Admitted& who, EventStore& store,
                    const view::v1::LoggedEvent& logged) {
  return MayRead(who, store, logged.event());
}

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_READABLE_H_
