#include "services/store/conversions.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"
#include "proto/codec/event_codec.h"

namespace samverk {
namespace {

absl::Status InvalidField(std::string_view field, std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_INVALID_FIELD,
                   absl::StrCat(std::string(field), " ", std::string(what)),
                   {{"field", std::string(field)}});
}

absl::StatusOr<EventId> IdFromBytes(const std::string& bytes,
                                    std::string_view field) {
  EventId id;
  if (bytes.size() != id.bytes.size()) {
    return InvalidField(
        field, absl::StrCat("has ", bytes.size(),
                            " bytes; an event's id is the 16 bytes of a UUID"));
  }
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

template <typename Repeated>
std::vector<std::string> Strings(Repeated& strings) {
  return {std::make_move_iterator(strings.begin()),
          std::make_move_iterator(strings.end())};
}

Metadata MetadataFromProto(store::v1::Metadata& metadata) {
  Metadata result;
  result.source_system = std::move(*metadata.mutable_source_system());
  result.source_ref = std::move(*metadata.mutable_source_ref());
  result.recorded_by = std::move(*metadata.mutable_recorded_by());
  result.on_behalf_of = std::move(*metadata.mutable_on_behalf_of());
  result.correlation_id = std::move(*metadata.mutable_correlation_id());
  result.causation_id = std::move(*metadata.mutable_causation_id());
  result.traceparent = std::move(*metadata.mutable_traceparent());
  return result;
}

absl::StatusOr<NewEvent> EventFromProto(store::v1::NewEvent& event,
                                        const std::string& field) {
  if (absl::StartsWith(event.type(), ToAbsl(codec::kTypePrefix))) {
    return InvalidField(
        absl::StrCat(field, ".type"),
        absl::StrCat("is \"", event.type(),
                     "\"; types that begin with \"samverk.\" are recorded "
                     "through samverk.recording.v1.RecordingService"));
  }
  NewEvent result;
  ASSIGN_OR_RETURN(result.id,
                   IdFromBytes(event.id(), absl::StrCat(field, ".id")));
  result.stream = std::move(*event.mutable_stream());
  result.type = std::move(*event.mutable_type());
  result.tags = Strings(*event.mutable_tags());
  if (event.has_occurred()) {
    result.occurred =
        Interval{event.occurred().from_us(), event.occurred().to_us()};
  }
  result.metadata = MetadataFromProto(*event.mutable_metadata());
  result.payload = std::move(*event.mutable_payload());
  return result;
}

Query QueryFromProto(const store::v1::Query& query) {
  Query result;
  for (const auto& item : query.items()) {
    result.items.push_back(
        QueryItem{{item.types().begin(), item.types().end()},
                  {item.tags().begin(), item.tags().end()},
                  {item.streams().begin(), item.streams().end()}});
  }
  return result;
}

absl::StatusOr<Condition> ConditionFromProto(
    const store::v1::Condition& condition, const std::string& field) {
  using Proto = store::v1::StreamCondition;
  if (condition.has_query()) {
    return QueryCondition{QueryFromProto(condition.query().query()),
                          Position(condition.query().after())};
  }
  StreamCondition result;
  result.stream = condition.stream().stream();
  switch (condition.stream().expected_case()) {
    case Proto::kRevision:
      result.expect = StreamCondition::Expect::kRevision;
      result.revision = Revision(condition.stream().revision());
      return result;
    case Proto::kNone:
      if (!condition.stream().none()) break;
      result.expect = StreamCondition::Expect::kNone;
      return result;
    case Proto::kExists:
      if (!condition.stream().exists()) break;
      result.expect = StreamCondition::Expect::kExists;
      return result;
    case Proto::EXPECTED_NOT_SET:
      break;
  }
  return InvalidField(field,
                      "says nothing; set stream (with revision, none: true or "
                      "exists: true) or query");
}

absl::Time TimeFromProto(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

}  // namespace

absl::StatusOr<AppendRequest> AppendFromProto(
    store::v1::AppendRequest& request) {
  AppendRequest result;
  result.events.reserve(static_cast<size_t>(request.events_size()));
  for (int i = 0; i < request.events_size(); ++i) {
    ASSIGN_OR_RETURN(NewEvent event,
                     EventFromProto(*request.mutable_events(i),
                                    absl::StrCat("events[", i, "]")));
    result.events.push_back(std::move(event));
  }
  for (int i = 0; i < request.conditions_size(); ++i) {
    ASSIGN_OR_RETURN(Condition condition,
                     ConditionFromProto(request.conditions(i),
                                        absl::StrCat("conditions[", i, "]")));
    result.conditions.push_back(std::move(condition));
  }
  if (request.has_track()) {
    result.track =
        Track{std::move(*request.mutable_track()->mutable_consumer()),
              request.track().upstream_position()};
  }
  return result;
}

store::v1::AppendResponse AppendToProto(const AppendResult& result) {
  store::v1::AppendResponse response;
  for (const AppendResult::Recorded& recorded : result.recorded) {
    store::v1::Recorded& added = *response.add_recorded();
    added.set_position(recorded.position.value());
    added.set_revision(recorded.revision.value());
  }
  const int64_t us = absl::ToUnixMicros(result.recorded_at);
  response.mutable_recorded_at()->set_seconds(us / 1'000'000);
  response.mutable_recorded_at()->set_nanos(
      static_cast<int32_t>(us % 1'000'000 * 1'000));
  response.set_replayed(result.replayed);
  return response;
}

absl::StatusOr<ReadOptions> ReadFromProto(
    const store::v1::ReadRequest& request) {
  ReadOptions options;
  options.query = QueryFromProto(request.query());
  options.after = Position(request.after());
  if (request.before() > 0) options.before = Position(request.before());
  if (request.has_recorded_from()) {
    options.recorded_from = TimeFromProto(request.recorded_from());
  }
  if (request.has_recorded_until()) {
    options.recorded_until = TimeFromProto(request.recorded_until());
  }
  switch (request.direction()) {
    case store::v1::DIRECTION_UNSPECIFIED:
    case store::v1::DIRECTION_FORWARD:
      options.direction = Direction::kForward;
      break;
    case store::v1::DIRECTION_BACKWARD:
      options.direction = Direction::kBackward;
      break;
    default:
      return InvalidField("direction",
                          absl::StrCat("is ", request.direction(),
                                       "; 1 is forward, 2 is backward"));
  }
  options.limit =
      request.page_size() == 0 ? limits::kReadPageDefault : request.page_size();
  return options;
}

absl::StatusOr<std::vector<EventId>> IdsFromProto(
    const store::v1::LocateRequest& request) {
  if (static_cast<size_t>(request.ids_size()) > limits::kAppendEvents) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     error::v1::REASON_LIMIT_EXCEEDED,
                     absl::StrCat(request.ids_size(),
                                  " ids were asked for; ask for at most ",
                                  limits::kAppendEvents, " at a time"),
                     {{"what", "ids"},
                      {"value", absl::StrCat(request.ids_size())},
                      {"limit", absl::StrCat(limits::kAppendEvents)}});
  }
  std::vector<EventId> ids;
  for (int i = 0; i < request.ids_size(); ++i) {
    ASSIGN_OR_RETURN(EventId id,
                     IdFromBytes(request.ids(i), absl::StrCat("ids[", i, "]")));
    ids.push_back(id);
  }
  return ids;
}

}  // namespace samverk
