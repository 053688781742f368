#include "services/gateway/metadata.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "services/common/caller.h"
#include "services/common/field_error.h"
#include "services/gateway/connect_error.h"

namespace samverk {
namespace {

using MetadataMap = std::multimap<grpc::string_ref, grpc::string_ref>;

// Of HTTP and of browsers, in order.
constexpr std::string_view kOfHttp[] = {"accept",
                                        "accept-encoding",
                                        "connection",
                                        "content-encoding",
                                        "content-length",
                                        "content-type",
                                        "cookie",
                                        "expect",
                                        "host",
                                        "keep-alive",
                                        "local_addr",
                                        "local_port",
                                        "origin",
                                        "proxy-authorization",
                                        "proxy-connection",
                                        "range",
                                        "referer",
                                        "remote_addr",
                                        "remote_port",
                                        "te",
                                        "trailer",
                                        "transfer-encoding",
                                        "upgrade",
                                        "user-agent"};

// Of bodies, that are undone before they come here.
constexpr std::string_view kEncodings[] = {"", "identity", "gzip", "deflate",
                                           "br"};

// For services, and such as gRPC takes.
bool Passes(const std::string& name, const std::string& value) {
  if (std::find(std::begin(kOfHttp), std::end(kOfHttp), name) !=
          std::end(kOfHttp) ||
      absl::StartsWith(name, "connect-") || absl::StartsWith(name, "grpc-") ||
      absl::StartsWith(name, "sec-") || name == kGatewayPeer) {
    return false;
  }
  const auto in_name = [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-' ||
           c == '_' || c == '.';
  };
  const auto in_value = [](char c) { return c >= 0x20 && c <= 0x7e; };
  return !name.empty() && std::all_of(name.begin(), name.end(), in_name) &&
         std::all_of(value.begin(), value.end(), in_value);
}

// Connect's headers have base64 with or without padding.
bool Decode(std::string text, std::string& bytes) {
  while (!text.empty() && text.back() == '=') text.pop_back();
  return absl::Base64Unescape(text, &bytes);
}

// The metadata that is the services' own, as Connect writes it.
CallMetadata Visible(const MetadataMap& metadata) {
  CallMetadata visible;
  for (const auto& [key, value] : metadata) {
    const std::string name(key.data(), key.size());
    if (name == "content-type" || name == "user-agent" ||
        absl::StartsWith(name, "grpc-") || absl::StartsWith(name, ":")) {
      continue;
    }
    std::string text(value.data(), value.size());
    if (absl::EndsWith(name, "-bin")) {
      text = absl::Base64Escape(text);
      while (!text.empty() && text.back() == '=') text.pop_back();
    }
    visible.emplace_back(name, std::move(text));
  }
  return visible;
}

}  // namespace

absl::StatusOr<CallMetadata> MetadataOf(const HttpRequest& request) {
  CallMetadata metadata;
  for (const auto& [name, value] : request.headers) {
    if (!Passes(name, value)) {
      if (name != "authorization") continue;
      return FieldError("Authorization",
                        "the header has characters other than visible ASCII "
                        "and spaces; send \"Bearer\" and a token as it was "
                        "given");
    }
    std::string bytes = value;
    if (absl::EndsWith(name, "-bin") && !Decode(value, bytes)) {
      return FieldError(name,
                        "the header is not base64, which headers that "
                        "end in -bin are written in");
    }
    metadata.emplace_back(name, std::move(bytes));
  }
  return metadata;
}

CallMetadata HeadersOf(const MetadataMap& metadata, std::string_view prefix) {
  CallMetadata headers;
  for (auto& [name, value] : Visible(metadata)) {
    headers.emplace_back(absl::StrCat(ToAbsl(prefix), name), value);
  }
  return headers;
}

std::string MetadataJson(const MetadataMap& metadata) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : Visible(metadata)) {
    std::string& all = values[name];
    absl::StrAppend(&all, all.empty() ? "" : ",", JsonText(value));
  }
  std::string json;
  for (const auto& [name, all] : values) {
    absl::StrAppend(&json, json.empty() ? "{" : ",", JsonText(name), ":[", all,
                    "]");
  }
  return json.empty() ? "" : json + "}";
}

absl::StatusOr<absl::Duration> TimeoutOf(const HttpRequest& request) {
  constexpr size_t kDigits = 10;
  const std::string text = request.Header("connect-timeout-ms");
  if (text.empty()) return absl::InfiniteDuration();
  int64_t milliseconds = 0;
  if (text.size() > kDigits ||
      text.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(text, &milliseconds)) {
    return FieldError("Connect-Timeout-Ms",
                      absl::StrCat("\"", absl::Utf8SafeCHexEscape(text),
                                   "\" is not a number of milliseconds of at "
                                   "most ten digits"));
  }
  return absl::Milliseconds(milliseconds);
}

absl::Status CheckProtocol(const HttpRequest& request) {
  const std::string version = request.Header("connect-protocol-version");
  if (!version.empty() && version != "1") {
    return FieldError(
        "Connect-Protocol-Version",
        absl::StrCat("version \"", absl::Utf8SafeCHexEscape(version),
                     "\" is not known here; send 1"));
  }
  const std::string body = request.Header("content-encoding");
  const std::string messages = request.Header("connect-content-encoding");
  if (std::find(std::begin(kEncodings), std::end(kEncodings), body) ==
          std::end(kEncodings) ||
      (!messages.empty() && messages != "identity")) {
    return absl::UnimplementedError(
        "this compression is not known here; send a body of gzip, deflate or "
        "br, and messages of streams as they are");
  }
  return absl::OkStatus();
}

}  // namespace samverk
