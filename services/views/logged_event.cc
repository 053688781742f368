#include "services/views/logged_event.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "proto/codec/event_codec.h"
#include "services/common/field_error.h"
#include "services/views/log_filter.h"

namespace samverk {
namespace {

// Events recorded later than this after they happened are marked.
constexpr int64_t kLateUs = int64_t{30} * 24 * 3600 * 1'000'000;

// The same error, with where the event stands.
absl::Status At(Position position, std::string_view type,
                const absl::Status& why) {
  if (why.ok()) return why;
  return MakeError(
      why.code(), ReasonOf(why),
      absl::StrCat("position ", position.value(), ": ", why.message()),
      {{"position", absl::StrCat(position.value())},
       {"type", std::string(type)}});
}

}  // namespace

absl::Status ToLoggedEvent(const RecordView& recorded,
                           view::v1::LoggedEvent& logged) {
  ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
  logged.set_position(recorded.position().value());
  logged.set_revision(recorded.header().revision.value());
  logged.set_stream(std::string(body.stream));
  logged.set_type(std::string(body.type));
  for (const std::string_view tag : body.tags) {
    logged.add_tags(std::string(tag));
  }
  const int64_t recorded_at_us = recorded.header().recorded_at_us;
  logged.mutable_recorded_at()->set_seconds(recorded_at_us / 1'000'000);
  logged.mutable_recorded_at()->set_nanos(
      static_cast<int32_t>(recorded_at_us % 1'000'000) * 1000);
  logged.set_late(body.occurred.has_value() &&
                  recorded_at_us - body.occurred->to_us > kLateUs);
  const Hash leaf = LeafHash(recorded.record());
  logged.set_leaf_hash(leaf.data(), leaf.size());
  if (body.type.substr(0, codec::kTypePrefix.size()) != codec::kTypePrefix) {
    return absl::OkStatus();
  }
  return At(recorded.position(), body.type,
            codec::DecodePayload(body.type, FormatUuid(body.id), body.payload,
                                 *logged.mutable_event()));
}

absl::StatusOr<ReadOptions> ReadOptionsOf(
    const view::v1::ReadLogRequest& request) {
  if (request.to() != 0 && request.from() > request.to()) {
    return FieldError("from", absl::StrCat(request.from(), " lies after to, ",
                                           request.to(), "; swap them"));
  }
  LogFilter filter;
  filter.process = request.process();
  filter.types = &request.types();
  filter.tags = &request.tags();
  ReadOptions options;
  ASSIGN_OR_RETURN(options.query, QueryOf(filter));
  options.direction =
      request.reverse() ? Direction::kBackward : Direction::kForward;
  if (request.from() > 0) options.after = Position(request.from() - 1);
  // Nothing lies beyond the greatest number.
  if (request.to() > 0 && request.to() < UINT64_MAX) {
    options.before = Position(request.to()).Next();
  }
  options.limit = limits::kReadPageDefault;
  return options;
}

}  // namespace samverk
