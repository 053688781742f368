// Events as connectors bring them to other systems: CloudEvents 1.0, with what
// webhooks and NATS send beside them (docs/connectors.md).
#ifndef SAMVERK_PROTO_DESCRIBE_CLOUD_EVENTS_H_
#define SAMVERK_PROTO_DESCRIBE_CLOUD_EVENTS_H_

#include "proto/describe/json_tree.h"

namespace samverk::describe {

// The schema of a CloudEvent in structured mode, whose data is an `event`.
Json CloudEventSchema(Json event);

// The schemas of headers: of a webhook's request, of a NATS message.
Json WebhookHeaders();
Json NatsHeaders();

}  // namespace samverk::describe

#endif  // SAMVERK_PROTO_DESCRIBE_CLOUD_EVENTS_H_
