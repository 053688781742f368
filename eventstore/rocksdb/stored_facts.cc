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

// Finds the streams of one request.
class StreamGatherer {
 public:
  StreamGatherer(const Index& index, Position through)
      : index_(index), through_(through) {}

  absl::StatusOr<StreamState> Find(std::string_view stream) {
    if (stream == last_ && !last_.empty()) return state_;
    last_ = stream;
    if (const auto remembered = index_.RememberedStream(stream)) {
      return state_ = *remembered;
    }
    if (!on_disk_.has_value()) on_disk_.emplace(index_.store());
    ASSIGN_OR_RETURN(state_, on_disk_->Find(stream));
    if (state_.revision != Revision()) {
      index_.RememberStream(stream, state_, through_);
    }
    return state_;
  }

 private:
  const Index& index_;
  const Position through_;
  std::optional<DerivedStore::StreamFinder> on_disk_;
  std::string_view last_;
  StreamState state_;
};

absl::Status GatherStreams(const Index& index, const CheckedAppend& append,
                           StoredFacts& facts) {
  StreamGatherer gatherer(index, facts.through);
  facts.streams.reserve(append.views.size());
  for (const BodyView& body : append.views) {
    ASSIGN_OR_RETURN(const StreamState state, gatherer.Find(body.stream));
    facts.streams.push_back(state);
  }
  facts.condition_streams.resize(append.conditions.size());
  for (size_t i = 0; i < append.conditions.size(); ++i) {
    const auto* on_stream = std::get_if<StreamCondition>(&append.conditions[i]);
    if (on_stream == nullptr) continue;
    ASSIGN_OR_RETURN(facts.condition_streams[i],
                     gatherer.Find(on_stream->stream));
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
