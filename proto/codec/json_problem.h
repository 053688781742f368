// What can be wrong with JSON, and its words in Swedish and English.
#ifndef SAMVERK_PROTO_CODEC_JSON_PROBLEM_H_
#define SAMVERK_PROTO_CODEC_JSON_PROBLEM_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "proto/codec/text.h"

namespace samverk::codec {

// Each stands in the ErrorInfo of its error as "problem", by its name in snake
// case, beside the values that its sentence mentions.
enum class JsonProblem {
  kByteOrderMark,
  kNotUtf8,
  kEndsEarly,  // expected
  kSingleQuotes,
  kComment,
  kUnexpected,  // found, expected
  kEmpty,
  kTrailingComma,  // closed
  kTooManyValues,  // limit
  kTooDeep,        // limit
  kNameTwice,      // name
  kLeadingZero,
  kNotAValue,  // found
  kTextUnended,
  kTextOverLines,
  kControlCharacter,
  kUnknownEscape,
  kEscapeWithoutDigits,
  kHalfSurrogate,
  kNotAnObject,    // found, type
  kUnknownField,   // type, name
  kMisspeltField,  // type, name, nearest
  kFieldTwice,     // first, name
  kSecondOfOneof,  // oneof, first
  kNotAList,       // found
  kNullInList,
  kNotABool,      // found
  kNotWhole,      // found
  kNotWholeOre,   // found
  kOutOfRange,    // found, least, most
  kUnknownEnum,   // found, type, values
  kMisspeltEnum,  // found, type, nearest
  kNotAText,      // found
  kNotBase64,     // found
  kNotATime,      // found
  kNotADuration,  // found
  kNotReadable,
  kNoFact,
  kNoEvents,
};
inline constexpr int kJsonProblems =
    static_cast<int>(JsonProblem::kNoEvents) + 1;

using JsonValues = std::vector<std::pair<std::string, std::string>>;

// "name_twice".
std::string_view JsonProblemName(JsonProblem problem);

// The sentence of a problem, without where it is.
std::string JsonProblemText(JsonProblem problem, const JsonValues& values,
                            Language language);

// The sentence of an error of JSON in a language, with line, column and path;
// the message of any other status as it is.
std::string JsonErrorText(const absl::Status& status, Language language);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_JSON_PROBLEM_H_
