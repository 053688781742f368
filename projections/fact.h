// What a fold is given: one fact with its place in the log.
#ifndef SAMVERK_PROJECTIONS_FACT_H_
#define SAMVERK_PROJECTIONS_FACT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "eventstore/types.h"
#include "proto/codec/edtf.h"
#include "samverk/event/v1/event.pb.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk::projections {

// One fact. A correction reaches folds as Retract(the fact it replaces), then
// Apply(its replacement, at the correction's position); a reversal or a void as
// Retract alone. The event has no id: what folds keep of it is its position.
// Valid during the call.
struct Fact {
  const event::v1::Event& event;
  Position position;
  int64_t recorded_at_us = 0;
  // Normalised; absent when not known.
  std::optional<codec::TimeSpan> occurred;
};

// What views keep of where they come from. `origin` says nothing else
// afterwards.
void SetOrigin(const Fact& fact, view::v1::Origin& origin);

// A time as views keep it; all empty when not known.
view::v1::When WhenOf(const event::v1::Occurred& occurred);

// "process/kind/id": the key of an entity's entry. Ids contain no "/".
std::string EntryKey(const event::v1::Event& event, std::string_view kind,
                     std::string_view id);

// Year of the first day in Europe/Stockholm; 0 when not known.
int YearOf(const view::v1::When& when);

// Order of the business: by from_us (unknown last), then by position.
bool HappenedBefore(const view::v1::Origin& a, const view::v1::Origin& b);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_FACT_H_
