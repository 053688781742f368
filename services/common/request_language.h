// In which language a caller is answered.
#ifndef SAMVERK_SERVICES_COMMON_REQUEST_LANGUAGE_H_
#define SAMVERK_SERVICES_COMMON_REQUEST_LANGUAGE_H_

#include <grpcpp/server_context.h>

#include <string_view>

#include "proto/codec/text.h"

namespace samverk {

// The language of ours that an Accept-Language header (RFC 9110, 12.5.4)
// prefers: "sv-SE,sv;q=0.9,en;q=0.8" is Swedish. Swedish for an empty header
// and for "*"; English when only other languages are asked for. Malformed
// parts are passed over. Pure.
codec::Language LanguageOfHeader(std::string_view accept_language);

// The language that the request's own field says ("sv", "en"); when it is
// empty that of the call's accept-language metadata; otherwise Swedish.
codec::Language RequestLanguage(std::string_view field,
                                const grpc::ServerContextBase& context);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_REQUEST_LANGUAGE_H_
