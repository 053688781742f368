#include "projections/engine/dispatcher.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"

namespace samverk::projections {
namespace {

using event::v1::Event;

// Decoded events are forgotten when they have grown to this.
constexpr uint64_t kArenaBytes = 256 << 10;
// A few years of days.
constexpr size_t kTimesKept = 2'048;

bool IsAmendment(const Event& event) {
  return event.has_event_corrected() || event.has_event_reversed() ||
         event.has_event_voided();
}

const std::string& TargetOf(const Event& amendment) {
  if (amendment.has_event_corrected()) {
    return amendment.event_corrected().target();
  }
  return amendment.has_event_reversed() ? amendment.event_reversed().target()
                                        : amendment.event_voided().target();
}

// What admission cannot have let in.
absl::Status Impossible(Position position, std::string_view what) {
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat("the event at position ", position.value(), " ",
                   ToAbsl(what),
                   "; admission refuses such, so the log was written by "
                   "something else or is damaged: compare it with a backup"),
      {{"where", absl::StrCat("position ", position.value())}});
}

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

absl::StatusOr<std::optional<RecordedEvent>> StoreTargetLookup::Find(
    const EventId& id) {
  ASSIGN_OR_RETURN(const auto positions, store_->Locate({&id, 1}));
  if (!positions[0].has_value()) return std::optional<RecordedEvent>();
  ReadOptions options;
  options.after = Position(positions[0]->value() - 1);
  options.limit = 1;
  ASSIGN_OR_RETURN(EventPage page, store_->Read(options));
  if (page.events.empty() || page.events[0].position() != *positions[0]) {
    return Impossible(*positions[0], "is indexed and cannot be read");
  }
  return std::optional<RecordedEvent>(std::move(page.events[0]));
}

absl::StatusOr<std::vector<RecordedEvent>> StoreTargetLookup::AmendmentsBefore(
    std::string_view process, Position before) {
  QueryItem item;
  for (const auto fact :
       {Event::kEventCorrected, Event::kEventReversed, Event::kEventVoided}) {
    item.types.emplace_back(codec::TypeName(fact));
  }
  item.tags.push_back(codec::ProcessTag(process));
  ReadOptions options;
  options.query.items.push_back(std::move(item));
  options.before = before;
  std::vector<RecordedEvent> amendments;
  for (bool end = false; !end;) {
    ASSIGN_OR_RETURN(EventPage page, store_->Read(options));
    for (RecordedEvent& event : page.events) {
      amendments.push_back(std::move(event));
    }
    options.after = page.scanned_to;
    end = page.end;
  }
  return amendments;
}

absl::StatusOr<std::optional<Dispatcher::Placed>> Dispatcher::Decode(
    const RecordedEvent& recorded) {
  const auto body = DecodeBody(recorded.body());
  if (!body.ok()) return CannotDecode(recorded.position(), body.status());
  if (body->type.substr(0, codec::kTypePrefix.size()) != codec::kTypePrefix) {
    return std::optional<Placed>();
  }
  Placed placed;
  placed.event = google::protobuf::Arena::CreateMessage<Event>(&arena_);
  placed.position = recorded.position();
  placed.recorded_at_us = recorded.header().recorded_at_us;
  placed.id = body->id;
  const absl::Status decoded = codec::DecodePayload(
      body->type, FormatUuid(body->id), body->payload, *placed.event);
  if (!decoded.ok()) return CannotDecode(recorded.position(), decoded);
  RETURN_IF_ERROR(SetOccurred(placed));
  return std::optional<Placed>(placed);
}

absl::Status Dispatcher::SetOccurred(Placed& placed) {
  const event::v1::Occurred& occurred = placed.event->occurred();
  if (occurred.edtf().empty()) return absl::OkStatus();
  auto known = times_.find(occurred.edtf());
  if (known == times_.end()) {
    const auto span = codec::ParseEdtf(occurred.edtf());
    if (!span.ok()) {
      return Impossible(placed.position,
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

absl::Status Dispatcher::Dispatch(const RecordedEvent& recorded, Sink sink) {
  if (arena_.SpaceUsed() > kArenaBytes) arena_.Reset();
  ASSIGN_OR_RETURN(const auto placed, Decode(recorded));
  if (!placed.has_value()) return absl::OkStatus();
  if (IsAmendment(*placed->event)) return DispatchAmendment(*placed, sink);
  sink(FactChange::kApply, FactOf(*placed));
  return absl::OkStatus();
}

absl::Status Dispatcher::DispatchAmendment(const Placed& amendment, Sink sink) {
  RETURN_IF_ERROR(
      LoadAmendments(amendment.event->process(), amendment.position));
  ASSIGN_OR_RETURN(const EventId target, TargetIdOf(amendment));
  std::optional<Placed> standing;
  if (const auto id = amendments_.Standing(target); id.has_value()) {
    ASSIGN_OR_RETURN(standing, FactById(*id, amendment));
  }
  if (!amendment.event->has_event_corrected()) {
    amendments_.TakeOut(target);
    if (standing.has_value()) sink(FactChange::kRetract, FactOf(*standing));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Placed replacement, ReplacementOf(amendment));
  amendments_.Correct(target, amendment.id);
  if (standing.has_value()) sink(FactChange::kRetract, FactOf(*standing));
  sink(FactChange::kApply, FactOf(replacement));
  return absl::OkStatus();
}

absl::Status Dispatcher::LoadAmendments(std::string_view process,
                                        Position position) {
  if (amendments_.Knows(process)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto earlier,
                   lookup_->AmendmentsBefore(process, position));
  for (const RecordedEvent& recorded : earlier) {
    ASSIGN_OR_RETURN(const auto placed, Decode(recorded));
    if (!placed.has_value() || !IsAmendment(*placed->event)) {
      return Impossible(recorded.position(), "is indexed as an amendment");
    }
    ASSIGN_OR_RETURN(const EventId target, TargetIdOf(*placed));
    if (placed->event->has_event_corrected()) {
      amendments_.Correct(target, placed->id);
    } else {
      amendments_.TakeOut(target);
    }
  }
  amendments_.SetKnown(process);
  return absl::OkStatus();
}

absl::StatusOr<EventId> Dispatcher::TargetIdOf(const Placed& amendment) {
  const std::string& target = TargetOf(*amendment.event);
  const auto id = ParseUuid(target);
  if (id.ok()) return *id;
  return Impossible(amendment.position,
                    absl::StrCat("amends \"", target, "\", which is no id"));
}

absl::StatusOr<Dispatcher::Placed> Dispatcher::FactById(
    const EventId& id, const Placed& amendment) {
  const std::string name = FormatUuid(id);
  ASSIGN_OR_RETURN(const auto recorded, lookup_->Find(id));
  if (!recorded.has_value() || recorded->position() >= amendment.position) {
    return Impossible(
        amendment.position,
        absl::StrCat("amends ", name, ", which is not recorded before it"));
  }
  ASSIGN_OR_RETURN(const auto placed, Decode(*recorded));
  if (!placed.has_value() || placed->event->has_event_reversed() ||
      placed->event->has_event_voided()) {
    return Impossible(amendment.position,
                      absl::StrCat("amends ", name, ", which is no fact"));
  }
  if (placed->event->process() != amendment.event->process()) {
    return Impossible(amendment.position,
                      absl::StrCat("amends ", name, " of another process, \"",
                                   placed->event->process(), "\""));
  }
  if (placed->event->has_event_corrected()) return ReplacementOf(*placed);
  return *placed;
}

absl::StatusOr<Dispatcher::Placed> Dispatcher::ReplacementOf(
    const Placed& correction) {
  Event& event =
      *correction.event->mutable_event_corrected()->mutable_replacement();
  if (event.fact_case() == Event::FACT_NOT_SET || IsAmendment(event)) {
    return Impossible(correction.position, "corrects without a fact");
  }
  // What the replacement does not say is said by the correction.
  event.set_id(correction.event->id());
  if (event.process().empty()) event.set_process(correction.event->process());
  if (!event.has_recorded_by()) {
    *event.mutable_recorded_by() = correction.event->recorded_by();
  }
  Placed placed = correction;
  placed.event = &event;
  placed.occurred.reset();
  RETURN_IF_ERROR(SetOccurred(placed));
  return placed;
}

}  // namespace samverk::projections
