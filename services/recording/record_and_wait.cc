#include "services/recording/record_and_wait.h"

#include <future>
#include <utility>

namespace samverk::recording {

RecordOutcome RecordAndWait(Recorder& recorder,
                            std::vector<event::v1::Event> events,
                            absl::Time deadline) {
  std::promise<RecordOutcome> promise;
  recorder.Record(std::move(events), deadline,
                  [&promise](RecordOutcome outcome) {
                    promise.set_value(std::move(outcome));
                  });
  return promise.get_future().get();
}

}  // namespace samverk::recording
