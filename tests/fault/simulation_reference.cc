#include "tests/fault/simulation_reference.h"

#include <algorithm>
#include <set>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"

namespace samverk::fault {
namespace {

using Answer = Reference::Answer;
using error::v1::REASON_UNSPECIFIED;

Answer Refuse(absl::StatusCode code, error::v1::Reason reason,
              std::map<std::string, std::string> values = {}) {
  Answer answer;
  answer.code = code;
  answer.reason = reason;
  answer.values = std::move(values);
  return answer;
}

NewEvent Normal(NewEvent event) {
  const std::set<std::string> tags(event.tags.begin(), event.tags.end());
  event.tags.assign(tags.begin(), tags.end());
  return event;
}

bool Same(const NewEvent& a, const NewEvent& b) {
  return a.id == b.id && a.stream == b.stream && a.type == b.type &&
         a.tags == b.tags && a.occurred == b.occurred &&
         a.metadata == b.metadata && a.payload == b.payload;
}

bool Contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool Matches(const QueryItem& item, const NewEvent& event) {
  if (!item.types.empty() && !Contains(item.types, event.type)) return false;
  if (!item.streams.empty() && !Contains(item.streams, event.stream)) {
    return false;
  }
  for (const std::string& tag : item.tags) {
    if (!Contains(event.tags, tag)) return false;
  }
  return true;
}

bool Matches(const Query& query, const NewEvent& event) {
  if (query.items.empty()) return true;
  for (const QueryItem& item : query.items) {
    if (Matches(item, event)) return true;
  }
  return false;
}

// Of a name that must be there. The only text that is no UTF-8 which the steps
// give has this byte.
error::v1::Reason WhyNoName(const std::string& name, size_t most) {
  if (name.empty()) return error::v1::REASON_INVALID_FIELD;
  if (name.size() > most) return error::v1::REASON_LIMIT_EXCEEDED;
  if (name.find('\xff') != std::string::npos) {
    return error::v1::REASON_INVALID_FIELD;
  }
  return REASON_UNSPECIFIED;
}

error::v1::Reason WhyMalformed(const NewEvent& event) {
  if (event.id == EventId{}) return error::v1::REASON_INVALID_FIELD;
  auto why = WhyNoName(event.stream, limits::kStreamBytes);
  if (why != REASON_UNSPECIFIED) return why;
  why = WhyNoName(event.type, limits::kTypeBytes);
  if (why != REASON_UNSPECIFIED) return why;
  if (event.tags.size() > limits::kTags) {
    return error::v1::REASON_LIMIT_EXCEEDED;
  }
  for (const std::string& tag : event.tags) {
    why = WhyNoName(tag, limits::kTagBytes);
    if (why != REASON_UNSPECIFIED) return why;
  }
  if (event.occurred && event.occurred->from_us >= event.occurred->to_us) {
    return error::v1::REASON_INVALID_FIELD;
  }
  // Steps give payloads that are much smaller than this, or larger.
  if (event.payload.size() >= limits::kRecordBytes) {
    return error::v1::REASON_LIMIT_EXCEEDED;
  }
  return REASON_UNSPECIFIED;
}

error::v1::Reason WhyMalformed(const Query& query) {
  if (query.items.size() > limits::kQueryItems) {
    return error::v1::REASON_LIMIT_EXCEEDED;
  }
  return REASON_UNSPECIFIED;
}

error::v1::Reason WhyMalformed(const std::vector<Condition>& conditions) {
  if (conditions.size() > limits::kAppendConditions) {
    return error::v1::REASON_LIMIT_EXCEEDED;
  }
  for (const Condition& condition : conditions) {
    auto why = REASON_UNSPECIFIED;
    if (const auto* query = std::get_if<QueryCondition>(&condition)) {
      why = WhyMalformed(query->query);
    } else {
      why = WhyNoName(std::get<StreamCondition>(condition).stream,
                      limits::kStreamBytes);
    }
    if (why != REASON_UNSPECIFIED) return why;
  }
  return REASON_UNSPECIFIED;
}

using Source = std::pair<std::string, std::string>;
Source SourceOf(const NewEvent& event) {
  return {event.metadata.source_system, event.metadata.source_ref};
}

// No id and no source reference twice in one request.
std::optional<Answer> Repetition(const std::vector<NewEvent>& events) {
  std::set<EventId> ids;
  std::set<Source> sources;
  for (const NewEvent& event : events) {
    if (!ids.insert(event.id).second) {
      return Refuse(absl::StatusCode::kAlreadyExists,
                    error::v1::REASON_ID_CONFLICT,
                    {{"event_ids", FormatUuid(event.id)}});
    }
    if (event.metadata.source_ref.empty()) continue;
    if (!sources.insert(SourceOf(event)).second) {
      return Refuse(absl::StatusCode::kAlreadyExists,
                    error::v1::REASON_SOURCE_CONFLICT,
                    {{"source_ref", event.metadata.source_ref}});
    }
  }
  return std::nullopt;
}

std::optional<Answer> Malformed(const AppendRequest& request) {
  const auto refuse = [](error::v1::Reason why) {
    return Refuse(absl::StatusCode::kInvalidArgument, why);
  };
  if (request.events.empty()) return refuse(error::v1::REASON_INVALID_FIELD);
  if (request.events.size() > limits::kAppendEvents) {
    return refuse(error::v1::REASON_LIMIT_EXCEEDED);
  }
  for (const NewEvent& event : request.events) {
    const auto why = WhyMalformed(event);
    if (why != REASON_UNSPECIFIED) return refuse(why);
  }
  if (auto repeated = Repetition(request.events)) return repeated;
  auto why = WhyMalformed(request.conditions);
  if (why == REASON_UNSPECIFIED && request.track.has_value()) {
    why = WhyNoName(request.track->consumer, limits::kTrackNameBytes);
    if (why == REASON_UNSPECIFIED && request.track->upstream_position == 0) {
      why = error::v1::REASON_INVALID_FIELD;
    }
  }
  if (why != REASON_UNSPECIFIED) return refuse(why);
  return std::nullopt;
}

Answer IdConflict(const std::vector<EventId>& known) {
  std::vector<std::string> ids;
  for (const EventId& id : known) ids.push_back(FormatUuid(id));
  if (ids.size() > 100) ids.resize(100);
  return Refuse(absl::StatusCode::kAlreadyExists, error::v1::REASON_ID_CONFLICT,
                {{"event_ids", absl::StrJoin(ids, ",")}});
}

}  // namespace

std::string Reference::Answer::ToString() const {
  std::string text;
  if (ok()) {
    text = replayed ? "replayed" : "recorded";
    for (const auto& [position, revision] : recorded) {
      absl::StrAppend(&text, " ", position, "/", revision);
    }
    absl::StrAppend(&text, " at ", recorded_at_us);
    return text;
  }
  text = absl::StrCat(absl::StatusCodeToString(code), " ",
                      error::v1::Reason_Name(reason));
  for (const auto& [name, value] : values) {
    absl::StrAppend(&text, " ", name, "=", value);
  }
  return text;
}

Reference::Answer Reference::Append(const AppendRequest& request,
                                    int64_t now_us, bool in_time) {
  if (auto malformed = Malformed(request)) return *malformed;
  if (checks_clock_ && !log_.empty() &&
      log_.back().recorded_at_us - now_us >
          limits::kClockBehindSeconds * 1'000'000) {
    return Refuse(absl::StatusCode::kFailedPrecondition,
                  error::v1::REASON_READ_ONLY);
  }
  if (!in_time) {
    return Refuse(absl::StatusCode::kDeadlineExceeded, REASON_UNSPECIFIED);
  }
  std::vector<NewEvent> events;
  for (const NewEvent& event : request.events) events.push_back(Normal(event));
  if (auto answer = Replay(events)) return *answer;
  if (auto conflict = KnownSource(events)) return *conflict;
  if (auto conflict = BrokenConditions(request)) return *conflict;

  Answer answer;
  answer.recorded_at_us = now_us;
  if (!log_.empty()) {
    answer.recorded_at_us = std::max(now_us, log_.back().recorded_at_us);
  }
  ++requests_;
  for (const NewEvent& event : events) {
    Fact fact;
    fact.event = event;
    fact.position = log_.size() + 1;
    fact.revision = RevisionOf(event.stream) + 1;
    fact.recorded_at_us = answer.recorded_at_us;
    fact.request = requests_;
    answer.recorded.emplace_back(fact.position, fact.revision);
    log_.push_back(std::move(fact));
  }
  if (request.track.has_value()) {
    tracks_[request.track->consumer] = request.track->upstream_position;
  }
  return answer;
}

std::optional<Reference::Answer> Reference::Replay(
    const std::vector<NewEvent>& events) const {
  std::vector<EventId> known;
  Answer answer;
  answer.replayed = true;
  std::set<uint64_t> requests;
  bool same = true;
  for (const NewEvent& event : events) {
    const Fact* fact = Find(event.id);
    if (fact == nullptr) continue;
    known.push_back(event.id);
    requests.insert(fact->request);
    if (!Same(fact->event, event)) same = false;
    answer.recorded.emplace_back(fact->position, fact->revision);
    answer.recorded_at_us = fact->recorded_at_us;
  }
  if (known.empty()) return std::nullopt;
  // The same again: all of one request, and all that it had.
  size_t had = 0;
  for (const Fact& fact : log_) had += requests.count(fact.request);
  if (!same || requests.size() != 1 || known.size() != events.size() ||
      had != events.size()) {
    return IdConflict(known);
  }
  return answer;
}

std::optional<Reference::Answer> Reference::KnownSource(
    const std::vector<NewEvent>& events) const {
  for (const NewEvent& event : events) {
    if (event.metadata.source_ref.empty()) continue;
    for (const Fact& fact : log_) {
      if (SourceOf(fact.event) == SourceOf(event)) {
        return Refuse(absl::StatusCode::kAlreadyExists,
                      error::v1::REASON_SOURCE_CONFLICT,
                      {{"event_id", FormatUuid(fact.event.id)}});
      }
    }
  }
  return std::nullopt;
}

std::optional<Reference::Answer> Reference::BrokenConditions(
    const AppendRequest& request) const {
  std::vector<std::string> broken;
  std::map<std::string, std::string> values;
  bool query_first = false;
  for (size_t i = 0; i < request.conditions.size(); ++i) {
    const std::string name = absl::StrCat("conditions[", i, "].");
    if (const auto* on = std::get_if<StreamCondition>(&request.conditions[i])) {
      const uint64_t revision = RevisionOf(on->stream);
      const bool holds = on->expect == StreamCondition::Expect::kNone
                             ? revision == 0
                         : on->expect == StreamCondition::Expect::kExists
                             ? revision != 0
                             : revision == on->revision.value();
      if (holds) continue;
      values[name + "actual"] = absl::StrCat(revision);
    } else {
      const auto& query = std::get<QueryCondition>(request.conditions[i]);
      const auto found =
          std::find_if(log_.begin(), log_.end(), [&](const Fact& fact) {
            return fact.position > query.after.value() &&
                   Matches(query.query, fact.event);
          });
      if (found == log_.end()) continue;
      if (broken.empty()) query_first = true;
      values[name + "position"] = absl::StrCat(found->position);
    }
    broken.push_back(absl::StrCat(i));
  }
  if (request.track.has_value()) {
    const auto recorded = TrackOf(request.track->consumer);
    if (recorded && request.track->upstream_position <= *recorded) {
      broken.push_back("track");
    }
  }
  if (broken.empty()) return std::nullopt;
  values["conditions"] = absl::StrJoin(broken, ",");
  return Refuse(absl::StatusCode::kAborted,
                query_first ? error::v1::REASON_QUERY_CONFLICT
                            : error::v1::REASON_REVISION_CONFLICT,
                std::move(values));
}

error::v1::Reason Reference::WhyRefused(const ReadOptions& options) {
  if (options.limit == 0) return error::v1::REASON_INVALID_FIELD;
  if (options.limit > limits::kReadPage) {
    return error::v1::REASON_LIMIT_EXCEEDED;
  }
  return WhyMalformed(options.query);
}

std::vector<const Reference::Fact*> Reference::Matching(
    const ReadOptions& options) const {
  std::vector<const Fact*> matching;
  for (const Fact& fact : log_) {
    const absl::Time at = absl::FromUnixMicros(fact.recorded_at_us);
    if (fact.position <= options.after.value()) continue;
    if (options.before && fact.position >= options.before->value()) continue;
    if (options.recorded_from && at < *options.recorded_from) continue;
    if (options.recorded_until && at >= *options.recorded_until) continue;
    if (Matches(options.query, fact.event)) matching.push_back(&fact);
  }
  if (options.direction == Direction::kBackward) {
    std::reverse(matching.begin(), matching.end());
  }
  return matching;
}

const Reference::Fact* Reference::Find(const EventId& id) const {
  for (const Fact& fact : log_) {
    if (fact.event.id == id) return &fact;
  }
  return nullptr;
}

uint64_t Reference::RevisionOf(const std::string& stream) const {
  uint64_t revision = 0;
  for (const Fact& fact : log_) {
    if (fact.event.stream == stream) ++revision;
  }
  return revision;
}

std::optional<uint64_t> Reference::TrackOf(const std::string& consumer) const {
  const auto it = tracks_.find(consumer);
  if (it == tracks_.end()) return std::nullopt;
  return it->second;
}

void Reference::PutCursor(const std::string& key, const std::string& value) {
  if (value.empty()) {
    cursors_.erase(key);
  } else {
    cursors_[key] = value;
  }
}

}  // namespace samverk::fault
