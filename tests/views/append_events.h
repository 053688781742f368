// Histories of many events, for tests.
#ifndef SAMVERK_TESTS_VIEWS_APPEND_EVENTS_H_
#define SAMVERK_TESTS_VIEWS_APPEND_EVENTS_H_

#include <vector>

#include "eventstore/event_store.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::testing {

// Appends the events as they would be recorded, but without asking the rules,
// in as many batches as it takes. Those without an id get one that no other
// call gives. Ends the program when the store refuses them.
void AppendEvents(EventStore& store, std::vector<event::v1::Event> events);

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_VIEWS_APPEND_EVENTS_H_
