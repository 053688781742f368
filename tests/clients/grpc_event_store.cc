#include "tests/clients/grpc_event_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

std::string IdBytes(const EventId& id) {
  return std::string(id.bytes.begin(), id.bytes.end());
}

void ToProto(const Query& query, store::v1::Query& proto) {
  for (const QueryItem& item : query.items) {
    store::v1::QueryItem& added = *proto.add_items();
    *added.mutable_types() = {item.types.begin(), item.types.end()};
    *added.mutable_tags() = {item.tags.begin(), item.tags.end()};
    *added.mutable_streams() = {item.streams.begin(), item.streams.end()};
  }
}

void ToProto(const StreamCondition& condition, store::v1::Condition& proto) {
  store::v1::StreamCondition& stream = *proto.mutable_stream();
  stream.set_stream(condition.stream);
  switch (condition.expect) {
    case StreamCondition::Expect::kRevision:
      stream.set_revision(condition.revision.value());
      break;
    case StreamCondition::Expect::kNone:
      stream.set_none(true);
      break;
    case StreamCondition::Expect::kExists:
      stream.set_exists(true);
      break;
  }
}

void ToProto(const QueryCondition& condition, store::v1::Condition& proto) {
  ToProto(condition.query, *proto.mutable_query()->mutable_query());
  proto.mutable_query()->set_after(condition.after.value());
}

void ToProto(const Metadata& metadata, store::v1::Metadata& proto) {
  proto.set_source_system(metadata.source_system);
  proto.set_source_ref(metadata.source_ref);
  proto.set_recorded_by(metadata.recorded_by);
  proto.set_on_behalf_of(metadata.on_behalf_of);
  proto.set_correlation_id(metadata.correlation_id);
  proto.set_causation_id(metadata.causation_id);
  proto.set_traceparent(metadata.traceparent);
}

store::v1::AppendRequest ToProto(const AppendRequest& request) {
  store::v1::AppendRequest proto;
  for (const NewEvent& event : request.events) {
    store::v1::NewEvent& added = *proto.add_events();
    added.set_id(IdBytes(event.id));
    added.set_stream(event.stream);
    added.set_type(event.type);
    *added.mutable_tags() = {event.tags.begin(), event.tags.end()};
    if (event.occurred.has_value()) {
      added.mutable_occurred()->set_from_us(event.occurred->from_us);
      added.mutable_occurred()->set_to_us(event.occurred->to_us);
    }
    ToProto(event.metadata, *added.mutable_metadata());
    added.set_payload(event.payload);
  }
  for (const Condition& condition : request.conditions) {
    std::visit([&proto](const auto& c) { ToProto(c, *proto.add_conditions()); },
               condition);
  }
  if (request.track.has_value()) {
    proto.mutable_track()->set_consumer(request.track->consumer);
    proto.mutable_track()->set_upstream_position(
        request.track->upstream_position);
  }
  return proto;
}

absl::StatusOr<AppendResult> FromProto(
    absl::StatusOr<store::v1::AppendResponse> response) {
  if (!response.ok()) return response.status();
  AppendResult result;
  for (const store::v1::Recorded& recorded : response->recorded()) {
    result.recorded.push_back(
        {Position(recorded.position()), Revision(recorded.revision())});
  }
  result.recorded_at =
      absl::FromUnixSeconds(response->recorded_at().seconds()) +
      absl::Nanoseconds(response->recorded_at().nanos());
  result.replayed = response->replayed();
  return result;
}

// The record again from what the wire carries. The body is encoded anew, so
// that this fails to parse, or hashes otherwise, should the server send other
// bytes than the stored ones.
absl::StatusOr<RecordedEvent> FromProto(const store::v1::RecordedEvent& event) {
  RecordHeader header;
  header.position = Position(event.position());
  header.revision = Revision(event.revision());
  header.recorded_at_us = event.recorded_at_us();
  SAMVERK_CHECK(event.salt().size() == header.salt.size()) << event.salt();
  std::copy(event.salt().begin(), event.salt().end(), header.salt.begin());
  std::string record;
  AppendRecord(header, event.body().SerializeAsString(), record);
  return RecordedEvent::FromRecord(std::move(record));
}

void SetTime(absl::Time time, google::protobuf::Timestamp& proto) {
  const int64_t ns = absl::ToUnixNanos(time);
  proto.set_seconds(ns / 1'000'000'000);
  proto.set_nanos(static_cast<int32_t>(ns % 1'000'000'000));
}

store::v1::ReadRequest ToProto(const ReadOptions& options) {
  store::v1::ReadRequest proto;
  ToProto(options.query, *proto.mutable_query());
  proto.set_after(options.after.value());
  if (options.before.has_value()) proto.set_before(options.before->value());
  if (options.recorded_from.has_value()) {
    SetTime(*options.recorded_from, *proto.mutable_recorded_from());
  }
  if (options.recorded_until.has_value()) {
    SetTime(*options.recorded_until, *proto.mutable_recorded_until());
  }
  proto.set_direction(options.direction == Direction::kForward
                          ? store::v1::DIRECTION_FORWARD
                          : store::v1::DIRECTION_BACKWARD);
  proto.set_page_size(options.limit);
  return proto;
}

}  // namespace

GrpcEventStore::GrpcEventStore(std::unique_ptr<client::Client> client,
                               Appends appends)
    : client_(std::move(client)), appends_(appends) {
  if (appends_ == Appends::kStream) {
    stream_ = client_->raw_store().OpenAppendStream();
  }
}

GrpcEventStore::~GrpcEventStore() = default;

void GrpcEventStore::Append(AppendRequest request, absl::Time deadline,
                            AppendCallback done) {
  auto answer = [done = std::move(done)](
                    absl::StatusOr<store::v1::AppendResponse> response) {
    done(FromProto(std::move(response)));
  };
  // A message of a stream carries no deadline; what has passed is not sent.
  if (appends_ == Appends::kStream && deadline <= absl::Now()) {
    answer(DeadlinePassed());
    return;
  }
  MutexLock lock(mu_);
  if (appends_ == Appends::kStream) {
    stream_->Send(ToProto(request), std::move(answer));
  } else {
    client_->raw_store().AppendAsync(ToProto(request), deadline,
                                     std::move(answer));
  }
}

absl::StatusOr<ReadEnd> GrpcEventStore::Visit(const ReadOptions& options,
                                              EventVisitor visit) {
  // On the wire a page size of 0 is the default, and no "before" is 0.
  RETURN_IF_ERROR(CheckRead(options));
  ReadEnd result;
  if (options.before == Position(0)) {
    result.end = true;
    result.head = Head();
    return result;
  }
  uint64_t left = options.limit;
  bool stopped = false;
  absl::Status damaged;
  RETURN_IF_ERROR(client_->raw_store().Read(
      ToProto(options), [&](store::v1::ReadResponse& response) {
        result.head = Position(response.head());
        for (const store::v1::RecordedEvent& event : response.events()) {
          const auto recorded = FromProto(event);
          if (!recorded.ok()) {
            damaged = recorded.status();
            return false;
          }
          stopped = left == 0 || !visit(recorded->view());
          if (stopped) return false;
          --left;
          result.scanned_to = recorded->position();
        }
        result.scanned_to = Position(response.scanned_to());
        return true;
      }));
  RETURN_IF_ERROR(damaged);
  result.end = !stopped;
  return result;
}

Position GrpcEventStore::Head() {
  const auto head = client_->raw_store().GetHead();
  SAMVERK_CHECK(head.ok()) << head.status().ToString();
  return Position(head->position());
}

absl::StatusOr<Position> GrpcEventStore::AwaitBeyond(Position position,
                                                     absl::Time deadline) {
  // The longest that the server waits at a time.
  constexpr absl::Duration kAtATime = absl::Seconds(60);
  for (;;) {
    const absl::Duration left = deadline - absl::Now();
    const absl::Duration timeout =
        std::clamp(left, absl::ZeroDuration(), kAtATime);
    store::v1::AwaitBeyondRequest request;
    request.set_position(position.value());
    request.mutable_timeout()->set_seconds(timeout / absl::Seconds(1));
    request.mutable_timeout()->set_nanos(static_cast<int32_t>(
        (timeout % absl::Seconds(1)) / absl::Nanoseconds(1)));
    const auto answer = client_->raw_store().AwaitBeyond(request);
    if (answer.ok()) return Position(answer->head());
    if (answer.status().code() != absl::StatusCode::kDeadlineExceeded ||
        absl::Now() >= deadline) {
      return answer.status();
    }
  }
}

absl::StatusOr<std::vector<std::optional<Position>>> GrpcEventStore::Locate(
    absl::Span<const EventId> ids) {
  store::v1::LocateRequest request;
  for (const EventId& id : ids) request.add_ids(IdBytes(id));
  const auto answer = client_->raw_store().Locate(request);
  if (!answer.ok()) return answer.status();
  std::vector<std::optional<Position>> positions;
  for (const uint64_t position : answer->positions()) {
    positions.push_back(position == 0 ? std::nullopt
                                      : std::optional(Position(position)));
  }
  return positions;
}

void GrpcEventStore::ChangeTrack(TrackChange change, absl::Time,
                                 TrackCallback done) {
  if (change.kind == TrackChange::Kind::kForget) {
    return done(client_->DeleteTrack(change.track.consumer));
  }
  bus::v1::TrackRequest request;
  request.set_name(change.track.consumer);
  request.set_position(change.track.upstream_position);
  request.set_rewind(change.kind == TrackChange::Kind::kRewind);
  const auto answer = client_->Track(request);
  if (answer.ok()) {
    SAMVERK_CHECK(answer->track().position() == request.position())
        << answer->track().position();
  }
  done(answer.status());
}

std::optional<uint64_t> GrpcEventStore::FindTrack(std::string_view consumer) {
  const auto answer = client_->GetTrack(consumer);
  if (absl::IsNotFound(answer.status())) return std::nullopt;
  SAMVERK_CHECK(answer.ok()) << answer.status().ToString();
  return answer->track().position();
}

std::vector<Track> GrpcEventStore::ListTracks(std::string_view after,
                                              size_t limit) {
  const auto answer = client_->ListTracks();
  SAMVERK_CHECK(answer.ok()) << answer.status().ToString();
  std::vector<Track> tracks;
  for (const auto& track : answer->tracks()) {
    if (track.name() > after && tracks.size() < limit) {
      tracks.push_back({track.name(), track.position()});
    }
  }
  return tracks;
}

}  // namespace samverk
