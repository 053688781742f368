#include "services/common/target_url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

constexpr size_t kUrlBytesMost = 2'000;

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

// Empty: the URL has none.
std::string Part(const Url& url, CURLUPart what) {
  char* text = nullptr;
  if (curl_url_get(url.get(), what, &text, 0) != CURLUE_OK) return "";
  std::string part(text);
  curl_free(text);
  return part;
}

bool IsThisMachine(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

absl::Status CheckUrl(std::string_view field, const std::string& text,
                      const std::array<std::string_view, 2>& schemes) {
  const Url url(curl_url(), &curl_url_cleanup);
  SAMVERK_CHECK(url != nullptr);
  const bool printable = std::all_of(
      text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!printable || text.size() > kUrlBytesMost ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(),
                   CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return FieldError(field, absl::StrCat("is no URL; give ",
                                          ToAbsl(schemes[0]), "://HOST…"));
  }
  const std::string scheme = Part(url, CURLUPART_SCHEME);
  const std::string host = Part(url, CURLUPART_HOST);
  // As it is written, too: those who read it later may read "TLS" otherwise.
  if (!text.starts_with(scheme + "://") ||
      (scheme != schemes[0] &&
       !(scheme == schemes[1] && IsThisMachine(host)))) {
    return FieldError(
        field, absl::StrCat(scheme, "://", host, " is not allowed; give ",
                            ToAbsl(schemes[0]), "://, or ", ToAbsl(schemes[1]),
                            ":// to this machine itself"));
  }
  if (!Part(url, CURLUPART_USER).empty() ||
      !Part(url, CURLUPART_PASSWORD).empty() ||
      !Part(url, CURLUPART_FRAGMENT).empty()) {
    return FieldError(field, "user, password and fragment are not allowed");
  }
  return absl::OkStatus();
}

}  // namespace samverk
