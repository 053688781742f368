// How generated code checks that texts are UTF-8, in place of libprotobuf's
// checks (samverk_proto_library sees to that; nothing else includes this).
#ifndef SAMVERK_PROTO_TEXT_CHECK_H_
#define SAMVERK_PROTO_TEXT_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "google/protobuf/stubs/common.h"
#include "google/protobuf/wire_format_lite.h"

namespace samverk::proto {

inline bool IsAscii(const std::string& text) {
  const char* at = text.data();
  size_t left = text.size();
  uint64_t all = 0;
  for (uint64_t some; left >= sizeof(some); left -= sizeof(some)) {
    std::memcpy(&some, at, sizeof(some));
    all |= some;
    at += sizeof(some);
  }
  for (; left > 0; --left) all |= static_cast<unsigned char>(*at++);
  return (all & 0x8080'8080'8080'8080) == 0;
}

// Of a text that was read. Most are short and without special characters. One
// that is not UTF-8 makes a message unreadable, which its reader says; nothing
// is logged.
inline bool IsText(const std::string* text, const char* /*field*/) {
  return IsAscii(*text) ||
         google::protobuf::internal::IsStructurallyValidUTF8(*text);
}

// Of a text that is written. Libprotobuf would look and log, and write it
// nevertheless.
inline void WriteAnyText(const char*, int,
                         google::protobuf::internal::WireFormatLite::Operation,
                         const char*) {}

}  // namespace samverk::proto

#endif  // SAMVERK_PROTO_TEXT_CHECK_H_
