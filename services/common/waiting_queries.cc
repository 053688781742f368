#include "services/common/waiting_queries.h"

#include <string_view>

#include "eventstore/query.h"

namespace samverk {

template <typename File>
void WaitingQueries::ForEachTerm(const Query& query, File file) {
  if (query.items.empty()) file(rest_, std::string());
  for (const QueryItem& item : query.items) {
    if (!item.streams.empty()) {
      for (const std::string& stream : item.streams) file(streams_, stream);
    } else if (!item.types.empty()) {
      for (const std::string& type : item.types) file(types_, type);
    } else if (!item.tags.empty()) {
      // The first one is a process's most often, which many events have.
      file(tags_, item.tags.back());
    } else {
      file(rest_, std::string());
    }
  }
}

void WaitingQueries::Add(Id id, const Query& query) {
  queries_.emplace(id, &query);
  ForEachTerm(query, [id](Filed& filed, const std::string& term) {
    filed[term].insert(id);
  });
}

void WaitingQueries::Remove(Id id) {
  const auto at = queries_.find(id);
  if (at == queries_.end()) return;
  ForEachTerm(*at->second, [id](Filed& filed, const std::string& term) {
    const auto ids = filed.find(term);
    if (ids == filed.end()) return;  // the query names it twice
    ids->second.erase(id);
    if (ids->second.empty()) filed.erase(ids);
  });
  queries_.erase(at);
}

std::vector<WaitingQueries::Id> WaitingQueries::Matching(
    const BodyView& body) const {
  Ids found;
  const auto ask = [&](const Filed& filed, std::string_view term) {
    const auto ids = filed.find(term);
    if (ids == filed.end()) return;
    for (const Id id : ids->second) {
      if (Matches(*queries_.at(id), body)) found.insert(id);
    }
  };
  ask(streams_, body.stream);
  ask(types_, body.type);
  for (const std::string_view tag : body.tags) ask(tags_, tag);
  ask(rest_, "");
  return {found.begin(), found.end()};
}

std::vector<WaitingQueries::Id> WaitingQueries::All() const {
  std::vector<Id> all;
  all.reserve(queries_.size());
  for (const auto& [id, query] : queries_) all.push_back(id);
  return all;
}

}  // namespace samverk
