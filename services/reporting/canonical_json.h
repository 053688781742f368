// Canonical JSON (RFC 8785, JCS): equal messages give equal bytes.
#ifndef SAMVERK_SERVICES_REPORTING_CANONICAL_JSON_H_
#define SAMVERK_SERVICES_REPORTING_CANONICAL_JSON_H_

#include <string>
#include <string_view>

#include "google/protobuf/message.h"

namespace samverk {

// The proto3 JSON of `message`, with the field names of its .proto, in the
// canonical form of RFC 8785: members sorted by the UTF-16 code units of their
// names, no white space, numbers as ECMAScript writes them. Integers of 64 bits
// are strings, bytes base64, enums names, unset fields left out. Maps, floats
// and the well-known types with a JSON form of their own are not supported: a
// programming error.
std::string CanonicalJson(const google::protobuf::Message& message);

// The parts of the canonical form.
namespace jcs {

// Appends `utf8` as a JSON string, with its quotes (RFC 8785, 3.2.2.2).
void AppendString(std::string_view utf8, std::string& out);

// Appends a finite number (RFC 8785, 3.2.2.3).
void AppendNumber(double number, std::string& out);

// True when `a` comes before `b` in the order of UTF-16 code units (RFC 8785,
// 3.2.3). Both must be UTF-8.
bool Before(std::string_view a, std::string_view b);

}  // namespace jcs

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_CANONICAL_JSON_H_
