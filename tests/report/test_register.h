// A register for tests: the recording service's own recorder over the memory
// store, with a clock that begins with 2025 and stands still between events.
#ifndef SAMVERK_TESTS_REPORT_TEST_REGISTER_H_
#define SAMVERK_TESTS_REPORT_TEST_REGISTER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "eventstore/base/clock.h"
#include "eventstore/memory/memory_event_store.h"
#include "samverk/event/v1/event.pb.h"
#include "services/common/worker_pool.h"
#include "services/recording/recorder.h"

namespace samverk::testing {

// The same calls give the same records, byte for byte. Ends the program, with
// the reasons, when a batch is refused.
class TestRegister {
 public:
  TestRegister();

  // Records the events as one batch, a minute after the one before.
  void Record(std::vector<event::v1::Event> events);
  // Records the events of a file, by its path within the source tree, as one
  // batch; or each by itself, a day after it happened where that is later
  // than the event before it.
  void RecordFile(std::string_view path);
  void RecordFileAsItHappened(std::string_view path);

  EventStore& store() { return store_; }
  FakeClock& clock() { return clock_; }

 private:
  FakeClock clock_;
  uint8_t salts_ = 0;
  MemoryEventStore store_;
  WorkerPool pool_;
  recording::Recorder recorder_;
};

// The demo process, recorded in January 2026.
void RecordDemo(TestRegister& test_register);

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_REPORT_TEST_REGISTER_H_
