// What a query matches, by definition. Pure.
#ifndef SAMVERK_EVENTSTORE_QUERY_H_
#define SAMVERK_EVENTSTORE_QUERY_H_

#include "eventstore/record.h"
#include "eventstore/types.h"

namespace samverk {

// True when the event has one of the types, all of the tags and one of the
// streams; an empty list does not restrict.
bool Matches(const QueryItem& item, const BodyView& body);

// True when any item matches, or there are none.
bool Matches(const Query& query, const BodyView& body);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_QUERY_H_
