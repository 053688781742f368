// Does the steps of a simulation to a store, and compares every answer with
// the reference's.
#ifndef SAMVERK_TESTS_FAULT_SIMULATION_RUN_H_
#define SAMVERK_TESTS_FAULT_SIMULATION_RUN_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "eventstore/audit/tree_reader.h"
#include "eventstore/base/clock.h"
#include "eventstore/cursor_store.h"
#include "eventstore/event_store.h"
#include "eventstore/memory/memory_event_store.h"
#include "tests/fault/simulation_steps.h"

namespace samverk::fault {

// A store, empty at first, and what it can do.
class SimulatedStore {
 public:
  virtual ~SimulatedStore() = default;
  virtual EventStore& store() = 0;
  virtual Abilities abilities() const { return {}; }
  // Null when it has none.
  virtual CursorStore* cursors() { return nullptr; }
  virtual TreeReader* tree() { return nullptr; }
  // Opens the store again as the step says.
  virtual absl::Status Reopen(Step::Kind) { return absl::OkStatus(); }

  // The clock that the store asks.
  FakeClock clock{absl::FromUnixMicros(StepMaker::kStartUs)};
};

class SimulatedMemoryStore : public SimulatedStore {
 public:
  EventStore& store() override { return store_; }

 private:
  MemoryEventStore store_{clock};
};

// Takes at most `steps` steps, fewer when the choices are exhausted. Returns
// what did not agree and the steps that led there, or nothing.
std::string Simulate(SimulatedStore& store, Choices& choices, size_t steps);

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_SIMULATION_RUN_H_
