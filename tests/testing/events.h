// Events for tests, and a small process that most of them can begin with.
#ifndef SAMVERK_TESTS_TESTING_EVENTS_H_
#define SAMVERK_TESTS_TESTING_EVENTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "samverk/event/v1/event.pb.h"

namespace samverk::testing {

// "00000000-0000-4000-8000-00000000000n".
std::string Uuid(uint64_t n);

// An event from protobuf's text format; ends the program when it is malformed.
// What it does not say: process "p", recorded by {organisation: "mkb", role:
// "projektledare", subject: "s-1"}. It gets no id.
event::v1::Event EventOf(std::string_view text);

// The process "p" with a little of everything, one event each, in order, with
// the ids Uuid(1), Uuid(2), …:
//   actors mkb, fgk, hgf; place torget; decision d-1; goal g-1;
//   document doc-1; grant stod (300 000 kr for 2025, by fgk); budget line
//   lokaler; statement m-3; activity vandring (scheduled, not held) and dialog
//   (held); finding f-1 (a deficiency) and f-2 (an asset); measure blomlador
//   (proposed); study mobilitet; initiative sommargata; outcome o-1 (claimed by
//   mkb); cost c-1 (1 000 kr, recorded by s-eko) and in-kind i-1 (recorded by
//   s-1).
std::vector<event::v1::Event> World();

// The cost of a voucher of the grant "stod": for tests of many.
event::v1::Event CostOf(std::string_view cost, int64_t ore);

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_TESTING_EVENTS_H_
