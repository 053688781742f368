#include "eventstore/conflict.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"

namespace samverk {
namespace {

std::string Expected(const StreamCondition& condition) {
  switch (condition.expect) {
    case StreamCondition::Expect::kRevision:
      return absl::StrCat(condition.revision.value());
    case StreamCondition::Expect::kNone:
      return "none";
    case StreamCondition::Expect::kExists:
      return "exists";
  }
  SAMVERK_CHECK(false) << "unknown expectation";
}

}  // namespace

bool Holds(const StreamCondition& condition, const StreamState& actual) {
  switch (condition.expect) {
    case StreamCondition::Expect::kRevision:
      return actual.revision == condition.revision;
    case StreamCondition::Expect::kNone:
      return actual.revision == Revision();
    case StreamCondition::Expect::kExists:
      return actual.revision != Revision();
  }
  SAMVERK_CHECK(false) << "unknown expectation";
}

void ConflictCollector::AddStream(size_t index,
                                  const StreamCondition& condition,
                                  const StreamState& actual) {
  const std::string expected = Expected(condition);
  failures_.push_back(
      {absl::StrCat("conditions[", index, "]"),
       absl::StrCat(index),
       false,
       absl::StrCat("stream ", condition.stream, " is at revision ",
                    actual.revision.value(), " (position ",
                    actual.position.value(), "), expected ", expected),
       {{"stream", condition.stream},
        {"expected", expected},
        {"actual", absl::StrCat(actual.revision.value())},
        {"position", absl::StrCat(actual.position.value())}}});
}

void ConflictCollector::AddQuery(size_t index, const QueryCondition& condition,
                                 Position found) {
  failures_.push_back(
      {absl::StrCat("conditions[", index, "]"),
       absl::StrCat(index),
       true,
       absl::StrCat("an event that matches the query was recorded at position ",
                    found.value(), ", after ", condition.after.value()),
       {{"after", absl::StrCat(condition.after.value())},
        {"position", absl::StrCat(found.value())}}});
}

void ConflictCollector::AddTrack(const Track& track, uint64_t recorded) {
  failures_.push_back(
      {"track",
       "track",
       false,
       absl::StrCat("consumer ", track.consumer, " is at upstream position ",
                    recorded, " already, so ", track.upstream_position,
                    " does not go on from it; go on after ", recorded),
       {{"consumer", track.consumer},
        {"recorded", absl::StrCat(recorded)},
        {"expected", absl::StrCat("> ", recorded)},
        {"actual", absl::StrCat(track.upstream_position)}}});
}

absl::Status ConflictCollector::ToStatus() const {
  if (failures_.empty()) return absl::OkStatus();
  std::vector<std::string> sentences;
  std::vector<std::string> indexes;
  std::vector<ErrorValue> values = failures_.front().values;
  for (const Failure& failure : failures_) {
    sentences.push_back(absl::StrCat(failure.name, ": ", failure.sentence));
    indexes.push_back(failure.index);
    for (const auto& [name, value] : failure.values) {
      values.emplace_back(absl::StrCat(failure.name, ".", name), value);
    }
  }
  const bool only_track = indexes.size() == 1 && indexes.front() == "track";
  values.emplace_back("conditions", absl::StrJoin(indexes, ","));
  return MakeError(
      absl::StatusCode::kAborted,
      failures_.front().is_query ? error::v1::REASON_QUERY_CONFLICT
                                 : error::v1::REASON_REVISION_CONFLICT,
      absl::StrCat(absl::StrJoin(sentences, "; "),
                   only_track ? "" : "; read again and decide again"),
      std::move(values));
}

}  // namespace samverk
