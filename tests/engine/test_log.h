// A log for tests, and small projections over it.
#ifndef SAMVERK_TESTS_ENGINE_TEST_LOG_H_
#define SAMVERK_TESTS_ENGINE_TEST_LOG_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/base/clock.h"
#include "eventstore/memory/memory_event_store.h"
#include "projections/projection.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::testing {

// Events in memory, a minute apart from 2026-01-01T00:01Z on. The same events
// give the same records.
class TestLog {
 public:
  TestLog();

  // Appends the event, completed as the fold harness completes it. Ends the
  // program when the store refuses it.
  Position Append(event::v1::Event event);
  // Appends an event of any type with any payload.
  Position AppendOpaque(std::string_view type, std::string_view payload);
  // The event at this position.
  RecordedEvent At(Position position);

  MemoryEventStore& store() { return store_; }
  FakeClock& clock() { return clock_; }

 private:
  Position AppendNew(NewEvent event);

  FakeClock clock_;
  uint64_t salts_ = 0;
  MemoryEventStore store_;
};

// Costs of process "p" on a grant, of so many öre.
event::v1::Event Cost(std::string_view id, std::string_view grant, int64_t ore);
event::v1::Event Finding(std::string_view id);
event::v1::Event Correction(std::string_view target,
                            event::v1::Event replacement);
event::v1::Event Reversal(std::string_view target);

// A history in which costs are booked, corrected and reversed and findings
// logged in `processes` processes, by chance but always the same for a seed.
std::vector<event::v1::Event> RandomHistory(uint32_t seed, size_t events,
                                            size_t processes);

// "sums", entries of type BudgetEntry: "p/cost/<id>" for each cost and
// "p/grant/<id>" with the sum and number of its costs.
projections::Projection SumsProjection(int version = 1);
// "notes", entries of type CheckEntry: "p/finding/<id>" for each finding.
projections::Projection NotesProjection(int version = 1);

// What folding the whole log from the start with these gives: each entry,
// encoded, by "<projection>:<key>".
std::map<std::string, std::string> FreshFold(
    EventStore& store, const std::vector<projections::Projection>& projections);
// The same of what a reader shows.
std::map<std::string, std::string> Contents(
    const projections::ViewSet& views,
    const std::vector<projections::Projection>& projections);

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_ENGINE_TEST_LOG_H_
