#include "services/recording/record_and_wait.h"

#include <future>
#include <utility>

#include "absl/time/clock.h"

namespace samverk::recording {

RecordOutcome RecordAndWait(Recorder& recorder,
                            std::vector<event::v1::Event> events,
                            absl::Duration within) {
  std::promise<RecordOutcome> promise;
  recorder.Record(std::move(events), absl::Now() + within,
                  [&promise](RecordOutcome outcome) {
                    promise.set_value(std::move(outcome));
                  });
  return promise.get_future().get();
}

}  // namespace samverk::recording
