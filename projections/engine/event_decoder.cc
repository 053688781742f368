#include "projections/engine/event_decoder.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "proto/codec/event_codec.h"

namespace samverk::projections {
namespace {

// A few years of days.
constexpr size_t kTimesKept = 2'048;

absl::Status CannotDecode(Position position, const absl::Status& why) {
  const bool unknown = why.code() == absl::StatusCode::kFailedPrecondition;
  return MakeError(
      why.code(),
      unknown ? error::v1::REASON_UNKNOWN_EVENT : error::v1::REASON_DAMAGED,
      absl::StrCat("the event at position ", position.value(),
                   " cannot be decoded: ", why.message()),
      {{"where", absl::StrCat("position ", position.value())}});
}

}  // namespace

absl::Status ImpossibleEvent(Position position, std::string_view what) {
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat("the event at position ", position.value(), " ",
                   ToAbsl(what),
                   "; admission refuses such, so the log was written by "
                   "something else or is damaged: compare it with a backup"),
      {{"where", absl::StrCat("position ", position.value())}});
}

absl::StatusOr<std::optional<PlacedEvent>> EventDecoder::Decode(
    const RecordedEvent& recorded, google::protobuf::Arena& arena) {
  const auto body = DecodeStated(recorded.body());
  if (!body.ok()) return CannotDecode(recorded.position(), body.status());
  if (body->type.substr(0, codec::kTypePrefix.size()) != codec::kTypePrefix) {
    return std::optional<PlacedEvent>();
  }
  PlacedEvent placed;
  placed.event =
      google::protobuf::Arena::CreateMessage<event::v1::Event>(&arena);
  placed.position = recorded.position();
  placed.recorded_at_us = recorded.header().recorded_at_us;
  placed.id = body->id;
  const absl::Status decoded =
      codec::DecodePayload(body->type, "", body->payload, *placed.event);
  if (!decoded.ok()) return CannotDecode(recorded.position(), decoded);
  RETURN_IF_ERROR(SetOccurred(placed));
  return std::optional<PlacedEvent>(placed);
}

absl::Status EventDecoder::SetOccurred(PlacedEvent& placed) {
  const event::v1::Occurred& occurred = placed.event->occurred();
  if (occurred.edtf().empty()) return absl::OkStatus();
  auto known = times_.find(occurred.edtf());
  if (known == times_.end()) {
    const auto span = codec::ParseEdtf(occurred.edtf());
    if (!span.ok()) {
      return ImpossibleEvent(placed.position,
                             absl::StrCat("occurred at an impossible time (",
                                          span.status().message(), ")"));
    }
    if (times_.size() >= kTimesKept) times_.clear();
    known = times_.emplace(occurred.edtf(), *span).first;
  }
  placed.occurred = known->second;
  placed.occurred->circa = known->second.circa || occurred.circa();
  return absl::OkStatus();
}

}  // namespace samverk::projections
