// What partners' tools are told of events and calls, over HTTP.
#ifndef SAMVERK_SERVICES_GATEWAY_DESCRIPTION_PAGES_H_
#define SAMVERK_SERVICES_GATEWAY_DESCRIPTION_PAGES_H_

#include <optional>

#include "services/http/http_message.h"

namespace samverk {

// Answers requests to read /asyncapi.json (AsyncAPI 3.0), /schemas (the paths
// of all schemas, a JSON array) and /schemas/TYPE.json (JSON Schema 2020-12 of
// a kind of event): what `samverk export` writes. nullopt for other paths.
// Thread-safe.
std::optional<HttpAnswer> DescriptionPage(const HttpRequest& request);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_DESCRIPTION_PAGES_H_
