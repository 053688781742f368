// Tags by which a caller's copy of an answer is known (RFC 9110, 8.8.3).
#ifndef SAMVERK_SERVICES_GATEWAY_ENTITY_TAG_H_
#define SAMVERK_SERVICES_GATEWAY_ENTITY_TAG_H_

#include <string>
#include <string_view>

#include "services/http/http_message.h"

namespace samverk {

// A tag, in quotes, that changes with these bytes.
std::string TagOfBytes(std::string_view bytes);

// If-None-Match has this tag, or "*": the caller has the answer already.
bool HasTag(const HttpRequest& request, std::string_view tag);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_ENTITY_TAG_H_
