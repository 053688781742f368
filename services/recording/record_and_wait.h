// Recording for those who have nothing else to do meanwhile.
#ifndef SAMVERK_SERVICES_RECORDING_RECORD_AND_WAIT_H_
#define SAMVERK_SERVICES_RECORDING_RECORD_AND_WAIT_H_

#include <vector>

#include "absl/time/time.h"
#include "samverk/event/v1/event.pb.h"
#include "services/recording/recorder.h"

namespace samverk::recording {

// Recorder::Record for Everybody, and what became of it. Not to be called on a
// thread of the recorder's pool or of the store.
RecordOutcome RecordAndWait(Recorder& recorder,
                            std::vector<event::v1::Event> events,
                            absl::Time deadline);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_RECORD_AND_WAIT_H_
