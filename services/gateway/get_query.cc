#include "services/gateway/get_query.h"

#include <zlib.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/limits.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

absl::Status TooLarge() {
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_LIMIT_EXCEEDED,
      absl::StrCat("the message has more than ", limits::kMessageBytes,
                   " bytes when it is unpacked; send less"),
      {{"what", "message_bytes"},
       {"value", absl::StrCat("> ", limits::kMessageBytes)},
       {"limit", absl::StrCat(limits::kMessageBytes)}});
}

// Of gzip or deflate; which of them it is, it says itself.
absl::StatusOr<std::string> Unpack(std::string packed) {
  constexpr int kEither = 15 + 32;
  z_stream stream{};
  if (inflateInit2(&stream, kEither) != Z_OK) {
    return absl::ResourceExhaustedError("there is no memory to unpack with");
  }
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string message(limits::kMessageBytes + 1, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(message.data());
  stream.avail_out = static_cast<uInt>(message.size());
  const int end = inflate(&stream, Z_FINISH);
  message.resize(stream.total_out);
  inflateEnd(&stream);
  if (message.size() > size_t{limits::kMessageBytes}) return TooLarge();
  if (end != Z_STREAM_END) {
    return FieldError("message", "it cannot be unpacked as it is said to be");
  }
  return message;
}

}  // namespace

std::optional<Wire> WireOfQuery(const HttpRequest& request) {
  const std::string encoding = request.Query("encoding");
  if (encoding != "json" && encoding != "proto") return std::nullopt;
  return WireOf("application/" + encoding);
}

absl::StatusOr<std::string> MessageOfQuery(const HttpRequest& request) {
  const std::string version = request.Query("connect");
  if (!version.empty() && version != "v1") {
    return FieldError(
        "connect", absl::StrCat("version \"", absl::Utf8SafeCHexEscape(version),
                                "\" is not known here; send v1"));
  }
  const auto found = request.query.find("message");
  if (found == request.query.end()) {
    return FieldError("message",
                      "the query has none; {} stands for one without fields");
  }
  std::string message = found->second;
  if (request.Query("base64") == "1" &&
      !absl::WebSafeBase64Unescape(found->second, &message)) {
    return FieldError("message", "it is not base64 of the kind for addresses");
  }
  const std::string compression = request.Query("compression");
  if (compression.empty() || compression == "identity" || message.empty()) {
    return message;
  }
  if (compression != "gzip" && compression != "deflate") {
    return absl::UnimplementedError(
        "this compression is not known here; send identity, gzip or deflate");
  }
  return Unpack(std::move(message));
}

}  // namespace samverk
