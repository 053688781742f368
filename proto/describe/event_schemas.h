// A JSON Schema (2020-12) for every kind of event, as it is recorded.
#ifndef SAMVERK_PROTO_DESCRIBE_EVENT_SCHEMAS_H_
#define SAMVERK_PROTO_DESCRIBE_EVENT_SCHEMAS_H_

#include <string>
#include <vector>

namespace samverk::describe {

struct EventSchema {
  std::string type;  // "samverk.cost_booked"
  std::string json;  // stands by itself
};

// One for each kind, in the order of the contract.
std::vector<EventSchema> EventSchemas();

}  // namespace samverk::describe

#endif  // SAMVERK_PROTO_DESCRIBE_EVENT_SCHEMAS_H_
