#include "eventstore/rocksdb/query_plan.h"

#include <set>

namespace samverk {

TermPositions PositionsOfTerms(const Query& query, const RecentSegments& recent,
                               Position after, Position upto) {
  TermPositions found;
  const auto add = [&](keys::TermKind kind,
                       const std::vector<std::string>& terms) {
    for (const std::string& term : terms) {
      const auto [it, is_new] = found.try_emplace(Term(kind, term));
      if (is_new) it->second = recent.Positions(kind, term, after, upto);
    }
  };
  for (const QueryItem& item : query.items) {
    add(keys::TermKind::kType, item.types);
    add(keys::TermKind::kTag, item.tags);
    add(keys::TermKind::kStream, item.streams);
  }
  return found;
}

std::unique_ptr<PositionSource> CombineTerms(
    const Query& query, Position upto,
    absl::FunctionRef<std::unique_ptr<PositionSource>(keys::TermKind,
                                                      const std::string&)>
        source_of) {
  if (query.items.empty()) return AllPositions(upto.value());
  const auto sources_of = [&](keys::TermKind kind,
                              const std::vector<std::string>& terms) {
    const std::set<std::string> distinct(terms.begin(), terms.end());
    PositionSources sources;
    for (const std::string& term : distinct) {
      sources.push_back(source_of(kind, term));
    }
    return sources;
  };
  PositionSources items;
  for (const QueryItem& item : query.items) {
    PositionSources all = sources_of(keys::TermKind::kTag, item.tags);
    if (!item.streams.empty()) {
      all.push_back(UnionOf(sources_of(keys::TermKind::kStream, item.streams)));
    }
    if (!item.types.empty()) {
      all.push_back(UnionOf(sources_of(keys::TermKind::kType, item.types)));
    }
    if (all.empty()) return AllPositions(upto.value());
    items.push_back(IntersectionOf(std::move(all)));
  }
  return UnionOf(std::move(items));
}

}  // namespace samverk
