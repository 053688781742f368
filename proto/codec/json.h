// Strict JSON (RFC 8259) as a tree that remembers where each value stood.
#ifndef SAMVERK_PROTO_CODEC_JSON_H_
#define SAMVERK_PROTO_CODEC_JSON_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/codec/json_problem.h"

namespace samverk::codec {

// One text, and the values within one tree: more than any event can hold.
inline constexpr size_t kJsonBytesMax = 64 << 20;
inline constexpr size_t kJsonValuesMax = 1 << 18;
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

// Parses one JSON text: UTF-8 without a byte order mark, no duplicate names,
// nothing after it but white space, within the limits above. INVALID_ARGUMENT:
// "line 3, column 17: <path>: <what>", path in the manner of a[2].b; without
// the path at the top.
absl::StatusOr<JsonValue> ParseJson(std::string_view text);

// Checks the same without keeping the values, so without kJsonValuesMax.
absl::Status CheckJson(std::string_view text);

// Calls `visit` with each value of a list, and its path (`name`[0], `name`[1],
// …): the elements of the array that `text` is, or values that follow each
// other, each beginning on a line of its own. One value is kept at a time. Ends
// with the first error, of the text or of `visit`; a text without values is
// not one.
using VisitJson =
    std::function<absl::Status(const JsonValue& value, const std::string&)>;
absl::Status ForEachJson(std::string_view text, std::string_view name,
                         const VisitJson& visit);

// INVALID_ARGUMENT about the byte at offset `at` of `text`, in English, reason
// INVALID_FIELD, metadata problem and its values, line, column and path (its
// first 200 bytes). Columns count characters from 1. See JsonErrorText.
absl::Status JsonError(std::string_view text, size_t at,
                       const std::string& path, JsonProblem problem,
                       const JsonValues& values = {});

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_JSON_H_
