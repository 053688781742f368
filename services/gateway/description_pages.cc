#include "services/gateway/description_pages.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "proto/describe/asyncapi.h"
#include "proto/describe/event_schemas.h"
#include "services/gateway/entity_tag.h"

namespace samverk {
namespace {

struct Page {
  const char* type = "application/json";
  std::string body = {};
  std::string tag = {};
};

Page MakePage(const char* type, std::string body) {
  std::string tag = TagOfBytes(body);
  return {type, std::move(body), std::move(tag)};
}

// By path. They do not change while the program runs.
std::map<std::string, Page> MakePages() {
  std::map<std::string, Page> pages;
  std::string list;
  for (describe::EventSchema& schema : describe::EventSchemas()) {
    const std::string path = absl::StrCat("/schemas/", schema.type, ".json");
    absl::StrAppend(&list, list.empty() ? "[" : ",\n ", "\"", path, "\"");
    pages[path] = MakePage("application/schema+json", std::move(schema.json));
  }
  pages["/schemas"] = MakePage("application/json", list + "]\n");
  pages["/asyncapi.json"] = MakePage("application/json", describe::AsyncApi());
  return pages;
}

}  // namespace

std::optional<HttpAnswer> DescriptionPage(const HttpRequest& request) {
  static const auto& pages = *new std::map<std::string, Page>(MakePages());
  const auto found = pages.find(request.path);
  if (found == pages.end()) {
    if (request.path.rfind("/schemas/", 0) != 0) return std::nullopt;
    return HttpAnswer{.status = 404,
                      .body = "there is no such schema; /schemas lists them\n"};
  }
  const Page& page = found->second;
  HttpAnswer answer{
      .type = page.type,
      .headers = {{"ETag", page.tag}, {"Cache-Control", "no-cache"}}};
  if (HasTag(request, page.tag)) {
    answer.status = 304;
  } else {
    answer.body = page.body;
  }
  return answer;
}

}  // namespace samverk
