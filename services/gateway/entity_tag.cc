#include "services/gateway/entity_tag.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/strings.h"

namespace samverk {

std::string TagOfBytes(std::string_view bytes) {
  constexpr size_t kBytes = 16;
  const Hash hash = Sha256(bytes);
  return absl::StrCat(
      "\"", absl::BytesToHexString(ToAbsl(AsBytes(hash).substr(0, kBytes))),
      "\"");
}

bool HasTag(const HttpRequest& request, std::string_view tag) {
  const std::string list = request.Header("if-none-match");
  for (absl::string_view item : absl::StrSplit(list, ',')) {
    item = absl::StripPrefix(absl::StripAsciiWhitespace(item), "W/");
    if (item == ToAbsl(tag) || item == "*") return true;
  }
  return false;
}

}  // namespace samverk
