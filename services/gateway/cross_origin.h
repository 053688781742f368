// Which web pages may call (CORS, https://fetch.spec.whatwg.org).
#ifndef SAMVERK_SERVICES_GATEWAY_CROSS_ORIGIN_H_
#define SAMVERK_SERVICES_GATEWAY_CROSS_ORIGIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "services/http/http_message.h"

namespace samverk {

// "https://samverk.example" or "http://127.0.0.1:5173": scheme, host, perhaps a
// port, nothing after it. Or "*": every page.
bool IsOrigin(std::string_view text);

// Browsers say from which page a call comes. The server's own pages may call,
// and those of the origins that are listed; others are refused, whatever they
// ask: without accounts, a page that a user of this machine happens to visit
// must not record in that user's name. Pure.
class CrossOrigin {
 public:
  explicit CrossOrigin(std::vector<std::string> allowed);

  // False: it comes from a page that may not call.
  bool Admits(const HttpRequest& request) const;

  // The same of a call with GET. Of those, a browser does not say from which
  // page they come when page and server have one name; and a page may have its
  // name lead to this machine. So the name must be this machine's own, or that
  // of a listed origin.
  bool AdmitsGet(const HttpRequest& request) const;

  // The answer to a browser that asks before it calls. Only for what Admits.
  HttpAnswer Preflight(const HttpRequest& request) const;

  // Tells the browser that the page may see the answer.
  void Mark(const HttpRequest& request, HttpAnswer& answer) const;

 private:
  bool Listed(const std::string& origin) const;

  const std::vector<std::string> allowed_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_CROSS_ORIGIN_H_
