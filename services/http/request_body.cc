#include "services/http/request_body.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {
namespace {

// Of a body that is too large so much is read, and dropped: a sender who is cut
// off while sending does not hear the answer.
constexpr size_t kDroppedBytes = 16 << 20;

// A body whose end can be told in one way.
bool WellFramed(const httplib::Request& request) {
  const size_t lengths = request.get_header_value_count("Content-Length");
  const size_t codings = request.get_header_value_count("Transfer-Encoding");
  if (codings == 0) return lengths <= 1;
  return codings == 1 && lengths == 0 &&
         absl::EqualsIgnoreCase(request.get_header_value("Transfer-Encoding"),
                                "chunked");
}

bool HasBody(const httplib::Request& request) {
  if (request.has_header("Transfer-Encoding")) return true;
  return request.has_header("Content-Length") &&
         request.get_header_value("Content-Length") != "0";
}

}  // namespace

absl::StatusOr<std::string> RequestBody::Read(size_t bytes_max) {
  const bool first = !read_;
  read_ = true;
  if (first && WellFramed(request_) && !HasBody(request_)) {
    whole_ = true;
    return std::string();
  }
  // The library takes parts of forms apart by itself; nobody here sends any.
  if (!first || reader_ == nullptr || !WellFramed(request_) ||
      request_.is_multipart_form_data()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     error::v1::REASON_INVALID_FIELD,
                     "the body cannot be read here; send it with a "
                     "Content-Length or in chunks",
                     {{"field", "body"}});
  }
  std::string body;
  size_t bytes = 0;
  whole_ = (*reader_)([&](const char* data, size_t size) {
    bytes += size;
    if (bytes <= bytes_max) body.append(data, size);
    return bytes <= bytes_max + kDroppedBytes;
  });
  if (bytes > bytes_max) {
    return MakeError(absl::StatusCode::kResourceExhausted,
                     error::v1::REASON_LIMIT_EXCEEDED,
                     absl::StrCat("the body has more than ", bytes_max,
                                  " bytes; send less in one call"),
                     {{"what", "body_bytes"},
                      {"value", absl::StrCat("> ", bytes_max)},
                      {"limit", absl::StrCat(bytes_max)}});
  }
  if (!whole_) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        "the body did not come whole; send it again", {{"field", "body"}});
  }
  return body;
}

bool RequestBody::Skip() {
  if (!read_) Read(0).IgnoreError();
  return whole_;
}

}  // namespace samverk
