// Events as they leave the register: CloudEvents 1.0. Pure.
#ifndef SAMVERK_SERVICES_CONNECTORS_CLOUD_EVENT_H_
#define SAMVERK_SERVICES_CONNECTORS_CLOUD_EVENT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/event_store.h"
#include "google/protobuf/message.h"

namespace samverk::connectors {

struct CloudEvent {
  Position position;
  std::string id;
  std::string type;    // "samverk.cost_booked"
  std::string stream;  // "augustenborg/cost/c-1"
  // All context attributes but specversion and datacontenttype, in order; the
  // ones above among them. Names are lower case letters; values are texts.
  std::vector<std::pair<std::string, std::string>> attributes;
  // The event as proto3 JSON, or another application's bytes.
  std::string data;
  bool is_json = true;
};

// "application/json", or "application/octet-stream".
std::string_view DataContentType(const CloudEvent& event);

// An event of a register with this name. `time` is when it happened, if that
// is known to the minute; otherwise `occurredat` alone tells it. Nothing of
// Personal fields is left but the pseudonyms.
//   FAILED_PRECONDITION (UNKNOWN_EVENT), DATA_LOSS (DAMAGED)
absl::StatusOr<CloudEvent> ToCloudEvent(const RecordView& recorded,
                                        std::string_view register_name);

// The JSON event format.
std::string ToStructuredJson(const CloudEvent& event);

// Takes the values of all Personal messages inside `message` away, in clear or
// sealed.
void MaskPersonal(google::protobuf::Message& message);

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_CLOUD_EVENT_H_
