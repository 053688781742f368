// How this folder makes errors: with a reason of the catalogue and the values
// that the sentence mentions.
#ifndef SAMVERK_PROTO_CODEC_ERRORS_H_
#define SAMVERK_PROTO_CODEC_ERRORS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "samverk/error/v1/reasons.pb.h"

namespace samverk::codec {

// Abseil's view of a standard one: Debian's Abseil has a type of its own.
inline absl::string_view View(std::string_view s) {
  return absl::string_view(s.data(), s.size());
}

inline constexpr std::string_view kErrorInfoUrl =
    "type.googleapis.com/google.rpc.ErrorInfo";

// An error with a google.rpc.ErrorInfo {reason, "samverk", values}. The same
// payload as eventstore/base/error.h makes, which contracts may not include.
absl::Status CodecError(
    absl::StatusCode code, error::v1::Reason reason, const std::string& message,
    const std::vector<std::pair<std::string, std::string>>& values = {});

// `text`, or its first `bytes_max` bytes and "…", never cut within a character.
std::string Clipped(std::string_view text, size_t bytes_max);

// `text` in quotes for a sentence: clipped to 40 bytes, and what cannot be
// printed as \xNN.
std::string Quoted(std::string_view text);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_ERRORS_H_
