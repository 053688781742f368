// Strict JSON (RFC 8259) as a tree that remembers where each value stood.
#ifndef SAMVERK_PROTO_CODEC_JSON_H_
#define SAMVERK_PROTO_CODEC_JSON_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace samverk::codec {

inline constexpr size_t kJsonBytesMax = 64 << 20;
inline constexpr int kJsonDepthMax = 64;

// One value. Plain data.
struct JsonValue {
  enum class Kind { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  std::string text;                // kString: decoded; kNumber: as written
  std::vector<JsonValue> items;    // kArray: elements; kObject: values
  std::vector<std::string> names;  // kObject: unique, one for each of items
  std::vector<size_t> name_at;     // kObject: offset of each name
  size_t at = 0;                   // offset of the first byte
};

// "object", "whole number", … as a sentence names it: "an object".
std::string_view KindName(JsonValue::Kind kind);

// Parses one JSON text: UTF-8 without a byte order mark, no duplicate names, at
// most kJsonBytesMax bytes and kJsonDepthMax levels, nothing after it but white
// space. INVALID_ARGUMENT: "line 3, column 17: <path>: <what>", path in the
// manner of a[2].b behind `name` (empty: no name; without the path at the top).
absl::StatusOr<JsonValue> ParseJson(std::string_view text,
                                    std::string_view name = "");

// Parses values that follow each other, each beginning on a line of its own.
// Paths begin with `name`[0], `name`[1], …
absl::StatusOr<std::vector<JsonValue>> ParseJsonLines(std::string_view text,
                                                      std::string_view name);

// INVALID_ARGUMENT about the byte at offset `at` of `text`, reason
// INVALID_FIELD, metadata line, column and path. Columns count characters
// from 1.
absl::Status JsonError(std::string_view text, size_t at,
                       const std::string& path, const std::string& what);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_JSON_H_
