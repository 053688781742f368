// The demo process, recorded without a client.
#ifndef SAMVERK_SERVICES_SERVER_DEMO_H_
#define SAMVERK_SERVICES_SERVER_DEMO_H_

#include <string>

#include "absl/status/status.h"
#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"

namespace samverk {

// Records every *.jsonl file of the directory, in the order of their names,
// each as one batch; what is recorded already is not recorded twice.
//   NOT_FOUND: the directory has no such file. Otherwise as
//   RecordingService.Record, with the file's name; files before it are
//   recorded.
absl::Status RecordDemo(EventStore& store, Clock& clock,
                        const std::string& directory);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_DEMO_H_
