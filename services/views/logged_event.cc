#include "services/views/logged_event.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "proto/codec/errors.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

// Events recorded later than this after they happened are marked.
constexpr int64_t kLateUs = int64_t{30} * 24 * 3600 * 1'000'000;

absl::StatusOr<std::string> TypeOf(const std::string& given) {
  const std::string type = absl::StartsWith(given, "samverk.")
                               ? given
                               : absl::StrCat("samverk.", given);
  if (codec::FactOfTypeName(type) == event::v1::Event::FACT_NOT_SET) {
    return FieldError("types",
                      absl::StrCat(codec::Quoted(given),
                                   " is no kind of event; they are named as "
                                   "in samverk.cost_booked"));
  }
  return type;
}

std::string TagOf(const std::string& given, const std::string& process) {
  if (process.empty() || absl::StrContains(given, "/") ||
      absl::StartsWith(given, "process:")) {
    return given;
  }
  return absl::StrCat(process, "/", given);
}

}  // namespace

absl::Status ToLoggedEvent(const RecordedEvent& recorded,
                           view::v1::LoggedEvent& logged) {
  ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
  logged.set_position(recorded.position().value());
  logged.set_revision(recorded.revision().value());
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
  return codec::DecodePayload(body.type, FormatUuid(body.id), body.payload,
                              *logged.mutable_event());
}

absl::StatusOr<ReadOptions> ReadOptionsOf(
    const view::v1::ReadLogRequest& request) {
  if (request.follow() && (request.reverse() || request.to() != 0)) {
    return FieldError("follow",
                      "a log cannot be followed backwards or to an end; leave "
                      "out reverse and to");
  }
  if (request.to() != 0 && request.from() > request.to()) {
    return FieldError("from", absl::StrCat(request.from(), " lies after to, ",
                                           request.to(), "; swap them"));
  }
  const int terms = request.types_size() + request.tags_size();
  if (terms > static_cast<int>(limits::kQueryTerms) - 1) {
    return FieldError("types", absl::StrCat(terms,
                                            " filters are too many; give at "
                                            "most ",
                                            limits::kQueryTerms - 1));
  }
  QueryItem item;
  for (const std::string& given : request.types()) {
    ASSIGN_OR_RETURN(std::string type, TypeOf(given));
    item.types.push_back(std::move(type));
  }
  if (!request.process().empty()) {
    item.tags.push_back(codec::ProcessTag(request.process()));
  }
  for (const std::string& tag : request.tags()) {
    item.tags.push_back(TagOf(tag, request.process()));
  }
  ReadOptions options;
  if (!item.types.empty() || !item.tags.empty()) {
    options.query.items.push_back(std::move(item));
  }
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
