#include "eventstore/query.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace samverk {
namespace {

bool AnyOf(const std::vector<std::string>& allowed, std::string_view value) {
  return allowed.empty() ||
         std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

}  // namespace

bool Matches(const QueryItem& item, const BodyView& body) {
  return AnyOf(item.types, body.type) && AnyOf(item.streams, body.stream) &&
         std::all_of(item.tags.begin(), item.tags.end(),
                     [&](const std::string& tag) {
                       return std::binary_search(body.tags.begin(),
                                                 body.tags.end(), tag);
                     });
}

bool Matches(const Query& query, const BodyView& body) {
  return query.items.empty() ||
         std::any_of(
             query.items.begin(), query.items.end(),
             [&](const QueryItem& item) { return Matches(item, body); });
}

}  // namespace samverk
