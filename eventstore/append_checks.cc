#include "eventstore/append_checks.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/record.h"
#include "eventstore/store_errors.h"
#include "eventstore/track_store.h"

namespace samverk {
namespace {

// Ids that an error lists; the first ones say enough.
constexpr size_t kIdsInError = 100;

// Where a value stands in the request: "events[3].tags[1]". Made into text only
// when the value is refused.
struct Field {
  const char* list = nullptr;  // "events", or null
  size_t index = 0;
  const char* name = nullptr;  // or null
  std::optional<size_t> sub;

  std::string ToString() const {
    std::string text;
    if (list != nullptr) absl::StrAppend(&text, list, "[", index, "]");
    if (list != nullptr && name != nullptr) text += ".";
    if (name != nullptr) text += name;
    if (sub.has_value()) absl::StrAppend(&text, "[", *sub, "]");
    return text;
  }
};

absl::Status Invalid(const Field& field, const char* why) {
  const std::string name = field.ToString();
  return MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
      absl::StrCat(name, " ", why), {{"field", name}, {"why", why}});
}

absl::Status OverLimit(std::string what, size_t value, size_t limit) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_LIMIT_EXCEEDED,
                   absl::StrCat(what, ": ", value, ", but at most ", limit,
                                " is allowed; send less in one request"),
                   {{"what", what},
                    {"value", absl::StrCat(value)},
                    {"limit", absl::StrCat(limit)}});
}

absl::Status CheckText(const Field& field, std::string_view text,
                       size_t limit) {
  if (text.size() > limit) {
    return OverLimit(field.ToString() + " bytes", text.size(), limit);
  }
  if (!IsValidUtf8(text)) return Invalid(field, "is not valid UTF-8");
  return absl::OkStatus();
}

absl::Status CheckName(const Field& field, std::string_view text,
                       size_t limit) {
  if (text.empty()) return Invalid(field, "is empty");
  return CheckText(field, text, limit);
}

absl::Status CheckMetadata(size_t index, const Metadata& metadata) {
  const std::pair<const char*, const std::string*> fields[] = {
      {"metadata.source_system", &metadata.source_system},
      {"metadata.source_ref", &metadata.source_ref},
      {"metadata.recorded_by", &metadata.recorded_by},
      {"metadata.on_behalf_of", &metadata.on_behalf_of},
      {"metadata.correlation_id", &metadata.correlation_id},
      {"metadata.causation_id", &metadata.causation_id},
      {"metadata.traceparent", &metadata.traceparent}};
  for (const auto& [name, text] : fields) {
    if (text->empty()) continue;
    RETURN_IF_ERROR(
        CheckText({"events", index, name, {}}, *text, limits::kMetadataBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckEvent(size_t index, const NewEvent& event) {
  const auto field = [&](const char* name) {
    return Field{"events", index, name, {}};
  };
  if (event.id == EventId{}) {
    return Invalid(field("id"), "is missing; give each event a new UUID");
  }
  RETURN_IF_ERROR(
      CheckName(field("stream"), event.stream, limits::kStreamBytes));
  RETURN_IF_ERROR(CheckName(field("type"), event.type, limits::kTypeBytes));
  if (event.tags.size() > limits::kTags) {
    return OverLimit(field("tags").ToString(), event.tags.size(),
                     limits::kTags);
  }
  for (size_t i = 0; i < event.tags.size(); ++i) {
    RETURN_IF_ERROR(CheckName({"events", index, "tags", i}, event.tags[i],
                              limits::kTagBytes));
  }
  if (event.occurred.has_value() &&
      event.occurred->from_us >= event.occurred->to_us) {
    return Invalid(field("occurred"), "ends before it begins, or is empty");
  }
  return CheckMetadata(index, event.metadata);
}

// No id and no source reference twice in one request.
absl::Status CheckDistinct(const std::vector<NewEvent>& events) {
  absl::flat_hash_set<EventId> ids;
  StringSet sources;
  for (const NewEvent& event : events) {
    if (!ids.insert(event.id).second) {
      return MakeError(
          absl::StatusCode::kAlreadyExists, error::v1::REASON_ID_CONFLICT,
          absl::StrCat("event id ", FormatUuid(event.id),
                       " occurs twice in the request; give each event an id "
                       "of its own"),
          {{"event_ids", FormatUuid(event.id)}});
    }
    const Metadata& m = event.metadata;
    if (m.source_ref.empty()) continue;
    if (!sources
             .insert(absl::StrCat(m.source_system.size(), ":", m.source_system,
                                  m.source_ref))
             .second) {
      return MakeError(
          absl::StatusCode::kAlreadyExists, error::v1::REASON_SOURCE_CONFLICT,
          absl::StrCat("source reference ", m.source_ref, " of ",
                       m.source_system,
                       " occurs twice in the request; it is one fact, send "
                       "it once"),
          {{"source_system", m.source_system}, {"source_ref", m.source_ref}});
    }
  }
  return absl::OkStatus();
}

// What an item costs to look for.
size_t TermsOf(const QueryItem& item) {
  return std::max<size_t>(
      1, item.types.size() + item.tags.size() + item.streams.size());
}

absl::Status CheckTermsTotal(const char* what, size_t terms) {
  if (terms <= limits::kTermsTotal) return absl::OkStatus();
  return OverLimit(what, terms, limits::kTermsTotal);
}

// Each item alone.
absl::Status CheckItems(const Query& query) {
  if (query.items.size() > limits::kQueryItems) {
    return OverLimit("query.items", query.items.size(), limits::kQueryItems);
  }
  for (const QueryItem& item : query.items) {
    for (const auto* terms : {&item.types, &item.tags, &item.streams}) {
      if (terms->size() > limits::kQueryTerms) {
        return OverLimit("terms of a query's item", terms->size(),
                         limits::kQueryTerms);
      }
    }
  }
  return absl::OkStatus();
}

size_t TermsOf(const Query& query) {
  size_t terms = 0;
  for (const QueryItem& item : query.items) terms += TermsOf(item);
  return terms;
}

size_t BytesOf(const Query& query) {
  size_t bytes = query.items.size() * sizeof(QueryItem);
  for (const QueryItem& item : query.items) {
    for (const auto* terms : {&item.types, &item.tags, &item.streams}) {
      for (const std::string& term : *terms) {
        bytes += sizeof(term) + term.size();
      }
    }
  }
  return bytes;
}

size_t BytesOf(const std::vector<Condition>& conditions) {
  size_t bytes = conditions.size() * sizeof(Condition);
  for (const Condition& condition : conditions) {
    if (const auto* query = std::get_if<QueryCondition>(&condition)) {
      bytes += BytesOf(query->query);
    } else {
      bytes += std::get<StreamCondition>(condition).stream.size();
    }
  }
  return bytes;
}

absl::Status CheckConditions(const std::vector<Condition>& conditions) {
  if (conditions.size() > limits::kAppendConditions) {
    return OverLimit("conditions", conditions.size(),
                     limits::kAppendConditions);
  }
  size_t terms = 0;
  for (size_t i = 0; i < conditions.size(); ++i) {
    if (const auto* query = std::get_if<QueryCondition>(&conditions[i])) {
      RETURN_IF_ERROR(CheckItems(query->query));
      terms += TermsOf(query->query);
      continue;
    }
    const auto& stream = std::get<StreamCondition>(conditions[i]);
    RETURN_IF_ERROR(CheckName({"conditions", i, "stream", {}}, stream.stream,
                              limits::kStreamBytes));
  }
  return CheckTermsTotal("terms of all conditions", terms);
}

}  // namespace

absl::StatusOr<CheckedAppend> CheckAppend(AppendRequest request) {
  if (request.events.empty())
    return Invalid({nullptr, 0, "events", {}}, "is empty");
  if (request.events.size() > limits::kAppendEvents) {
    return OverLimit("events", request.events.size(), limits::kAppendEvents);
  }
  CheckedAppend checked;
  checked.ids.reserve(request.events.size());
  checked.bodies.reserve(request.events.size());
  for (size_t i = 0; i < request.events.size(); ++i) {
    RETURN_IF_ERROR(CheckEvent(i, request.events[i]));
    std::string body = EncodeBody(request.events[i]);
    const size_t size = kRecordHeaderBytes + body.size();
    if (size > limits::kRecordBytes) {
      return OverLimit(absl::StrCat("events[", i, "] stored bytes"), size,
                       limits::kRecordBytes);
    }
    checked.stored_bytes += size;
    checked.ids.push_back(request.events[i].id);
    checked.bodies.push_back(std::move(body));
  }
  // Only now: `bodies` grows no more. Its strings are too long to be stored
  // within the std::string, so their bytes stay where they are when moved.
  for (const std::string& body : checked.bodies) {
    ASSIGN_OR_RETURN(BodyView view, DecodeBody(body));
    checked.views.push_back(std::move(view));
  }
  if (checked.stored_bytes > limits::kAppendBytes) {
    return OverLimit("stored bytes of the append", checked.stored_bytes,
                     limits::kAppendBytes);
  }
  RETURN_IF_ERROR(CheckDistinct(request.events));
  RETURN_IF_ERROR(CheckConditions(request.conditions));
  if (request.track.has_value()) {
    RETURN_IF_ERROR(CheckTrack(*request.track, "track.consumer",
                               "track.upstream_position"));
  }
  checked.queued_bytes = checked.stored_bytes + BytesOf(request.conditions);
  checked.conditions = std::move(request.conditions);
  checked.track = std::move(request.track);
  checked.caller = request.caller;
  return checked;
}

absl::Status CheckQuery(const Query& query) {
  RETURN_IF_ERROR(CheckItems(query));
  return CheckTermsTotal("terms of the query", TermsOf(query));
}

absl::Status CheckRead(const ReadOptions& options) {
  if (options.limit == 0)
    return Invalid({nullptr, 0, "limit", {}}, "is 0; ask for at least 1");
  if (options.limit > limits::kReadPage) {
    return OverLimit("limit", options.limit, limits::kReadPage);
  }
  return CheckQuery(options.query);
}

absl::Status CheckClock(absl::Time now, absl::Time last_recorded_at) {
  const absl::Duration behind = last_recorded_at - now;
  if (behind <= absl::Seconds(limits::kClockBehindSeconds) &&
      -behind <= absl::Seconds(limits::kClockAheadSeconds)) {
    return absl::OkStatus();
  }
  const std::string clock = absl::FormatTime(now, absl::UTCTimeZone());
  const std::string last =
      absl::FormatTime(last_recorded_at, absl::UTCTimeZone());
  return ReadOnly(absl::StrCat(
      "the clock says ", clock, ", but the last event was recorded at ", last,
      "; one of them must be wrong. Set the clock of the server; writes go on "
      "when it is right. If it is, restore a backup from before the clock was "
      "wrong, or start with option accept-clock: later events then carry no "
      "time than the last one"));
}

absl::Status IdConflict(absl::Span<const EventId> ids) {
  std::vector<std::string> texts;
  for (const EventId& id : ids.subspan(0, std::min(ids.size(), kIdsInError))) {
    texts.push_back(FormatUuid(id));
  }
  const std::string list = absl::StrJoin(texts, ",");
  return MakeError(
      absl::StatusCode::kAlreadyExists, error::v1::REASON_ID_CONFLICT,
      absl::StrCat(ids.size(),
                   " of the event ids are recorded already, with other content "
                   "or in another request: ",
                   list,
                   "; leave those events out, or give new events new ids"),
      {{"event_ids", list}, {"count", absl::StrCat(ids.size())}});
}

absl::Status SourceConflict(std::string_view system, std::string_view reference,
                            const EventId& recorded) {
  return MakeError(
      absl::StatusCode::kAlreadyExists, error::v1::REASON_SOURCE_CONFLICT,
      absl::StrCat("reference ", ToAbsl(reference), " of source ",
                   ToAbsl(system), " is recorded already, as event ",
                   FormatUuid(recorded),
                   "; if it is the same fact, leave the event out; if it is "
                   "another, give it a reference of its own"),
      {{"source_system", std::string(system)},
       {"source_ref", std::string(reference)},
       {"event_id", FormatUuid(recorded)}});
}

}  // namespace samverk
