#include "services/gateway/cross_origin.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

// A browser keeps what it was told for two hours; longer, none does.
constexpr char kMaxAgeSeconds[] = "7200";

// "127.0.0.1:7480" and "localhost:7480", but not a name that somebody may point
// at this machine.
bool IsLoopback(std::string_view host) {
  std::string_view name = host.substr(0, host.rfind(':'));
  if (name == "[:") name = host;  // "[::1]" without a port
  return name == "localhost" || name == "[::1]" ||
         (absl::StartsWith(ToAbsl(name), "127.") &&
          name.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

bool IsOrigin(std::string_view text) {
  if (text == "*") return true;
  const size_t at = text.find("://");
  if (at == std::string_view::npos) return false;
  const std::string_view scheme = text.substr(0, at);
  const std::string_view rest = text.substr(at + 3);
  return (scheme == "http" || scheme == "https") && !rest.empty() &&
         rest.find_first_of("/?# \t,*") == std::string_view::npos;
}

CrossOrigin::CrossOrigin(std::vector<std::string> allowed)
    : allowed_(std::move(allowed)) {}

bool CrossOrigin::Listed(const std::string& origin) const {
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [&origin](const std::string& allowed) {
                       return allowed == "*" || allowed == origin;
                     });
}

bool CrossOrigin::Admits(const HttpRequest& request) const {
  const std::string origin = request.Header("origin");
  if (origin.empty() || Listed(origin)) return true;
  const std::string host = request.Header("host");
  return origin == absl::StrCat("http://", host) && IsLoopback(host);
}

bool CrossOrigin::AdmitsGet(const HttpRequest& request) const {
  if (!request.Header("origin").empty()) return Admits(request);
  const std::string host = request.Header("host");
  return IsLoopback(host) || Listed(absl::StrCat("http://", host)) ||
         Listed(absl::StrCat("https://", host));
}

HttpAnswer CrossOrigin::Preflight(const HttpRequest& request) const {
  HttpAnswer answer{.status = 204};
  answer.headers = {
      {"Access-Control-Allow-Methods", "GET, POST"},
      {"Access-Control-Allow-Headers",
       request.Header("access-control-request-headers")},
      {"Access-Control-Max-Age", kMaxAgeSeconds},
      {"Vary", "Access-Control-Request-Headers"},
  };
  return answer;
}

void CrossOrigin::Mark(const HttpRequest& request, HttpAnswer& answer) const {
  if (allowed_.empty()) return;
  answer.headers.emplace_back("Vary", "Origin");
  const std::string origin = request.Header("origin");
  if (origin.empty() || !Listed(origin)) return;
  std::string exposed = "Content-Encoding";
  for (const auto& [name, value] : answer.headers) {
    if (name != "Vary") absl::StrAppend(&exposed, ", ", name);
  }
  answer.headers.emplace_back("Access-Control-Allow-Origin", origin);
  answer.headers.emplace_back("Access-Control-Expose-Headers", exposed);
}

}  // namespace samverk
