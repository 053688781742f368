// The demo process, recorded without a client.
#ifndef SAMVERK_SERVICES_SERVER_DEMO_H_
#define SAMVERK_SERVICES_SERVER_DEMO_H_

#include <string>

#include "absl/status/status.h"
#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"

namespace samverk {

// Records every *.jsonl file of the directory, in the order of their names,
// each as one batch; what is recorded already is not recorded twice, and what
// an interrupted start left out is added.
//   NOT_FOUND: the directory has no such file. ALREADY_EXISTS: the register
//   holds other events under the same ids, of another version of the files.
//   Otherwise as RecordingService.Record, with the file's name; files before
//   it are recorded.
absl::Status RecordDemo(EventStore& store, Clock& clock,
                        const std::string& directory);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_DEMO_H_
