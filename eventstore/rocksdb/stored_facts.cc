#include "eventstore/rocksdb/stored_facts.h"

#include <utility>
#include <variant>

#include "eventstore/base/status_macros.h"

namespace samverk {
namespace {

absl::Status GatherSources(const Index& index, const CheckedAppend& append,
                           StoredFacts& facts) {
  for (size_t i = 0; i < append.views.size(); ++i) {
    const BodyView& body = append.views[i];
    if (body.source_ref.empty()) continue;
    ASSIGN_OR_RETURN(const auto position,
                     index.store().FindSource(
                         keys::Source(body.source_system, body.source_ref)));
    if (!position.has_value()) continue;
    facts.sources.resize(append.views.size());
    facts.sources[i] = position;
  }
  return absl::OkStatus();
}

absl::Status GatherStreams(const Index& index, const CheckedAppend& append,
                           StoredFacts& facts) {
  std::optional<DerivedStore::StreamFinder> finder;
  const auto gather = [&](std::string_view stream) -> absl::Status {
    if (facts.streams.contains(stream) || index.HasInMemory(stream)) {
      return absl::OkStatus();
    }
    if (const auto remembered = index.RememberedStream(stream)) {
      facts.streams[stream] = *remembered;
      return absl::OkStatus();
    }
    if (!finder.has_value()) finder.emplace(index.store());
    ASSIGN_OR_RETURN(const StreamState state, finder->Find(stream));
    facts.streams[stream] = state;
    if (state.revision != Revision()) {
      index.RememberStream(stream, state, facts.through);
    }
    return absl::OkStatus();
  };
  std::string_view last;
  for (const BodyView& body : append.views) {
    if (body.stream == last) continue;
    RETURN_IF_ERROR(gather(body.stream));
    last = body.stream;
  }
  for (const Condition& condition : append.conditions) {
    if (const auto* on_stream = std::get_if<StreamCondition>(&condition)) {
      RETURN_IF_ERROR(gather(on_stream->stream));
    }
  }
  return absl::OkStatus();
}

absl::Status GatherConditions(const Index& index, const CheckedAppend& append,
                              StoredFacts& facts) {
  for (size_t i = 0; i < append.conditions.size(); ++i) {
    const auto* on_query = std::get_if<QueryCondition>(&append.conditions[i]);
    if (on_query == nullptr || on_query->after >= facts.through) continue;
    const auto matches =
        index.Search(on_query->query, on_query->after, facts.through);
    const uint64_t found = matches->AtOrAfter(on_query->after.value() + 1);
    RETURN_IF_ERROR(matches->status());
    if (found > facts.through.value()) continue;
    facts.broken_by.resize(append.conditions.size());
    facts.broken_by[i] = Position(found);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<StoredFacts> GatherFacts(const Index& index,
                                        const CheckedAppend& append) {
  StoredFacts facts;
  facts.through = index.stored_through();
  if (facts.through == Position()) return facts;  // nothing is on disk
  ASSIGN_OR_RETURN(facts.ids, index.FindStoredIds(append.ids));
  RETURN_IF_ERROR(GatherSources(index, append, facts));
  RETURN_IF_ERROR(GatherStreams(index, append, facts));
  RETURN_IF_ERROR(GatherConditions(index, append, facts));
  return facts;
}

}  // namespace samverk
