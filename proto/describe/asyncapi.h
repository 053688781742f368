// The AsyncAPI document: what a partner's program records and follows.
#ifndef SAMVERK_PROTO_DESCRIBE_ASYNCAPI_H_
#define SAMVERK_PROTO_DESCRIBE_ASYNCAPI_H_

#include <string>

namespace samverk::describe {

// An AsyncAPI 3.0 document as JSON, from the partner's side: it records
// batches, subscribes to the log, works in consumer groups, and receives events
// of each kind, also from connectors.
std::string AsyncApi();

}  // namespace samverk::describe

#endif  // SAMVERK_PROTO_DESCRIBE_ASYNCAPI_H_
