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
    return ImpossibleEvent(*positions[0], "is indexed and cannot be read");
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

absl::Status Dispatcher::Dispatch(const RecordedEvent& recorded, Sink sink) {
  if (arena_.SpaceUsed() > kArenaBytes) arena_.Reset();
  ASSIGN_OR_RETURN(const auto placed, decoder_.Decode(recorded, arena_));
  if (!placed.has_value()) return absl::OkStatus();
  return Tell(*placed, sink);
}

absl::Status Dispatcher::Dispatch(const PlacedEvent& placed, Sink sink) {
  if (arena_.SpaceUsed() > kArenaBytes) arena_.Reset();
  return Tell(placed, sink);
}

absl::Status Dispatcher::Tell(const PlacedEvent& placed, Sink sink) {
  if (IsAmendment(*placed.event)) return DispatchAmendment(placed, sink);
  sink(FactChange::kApply, placed.AsFact());
  return absl::OkStatus();
}

absl::Status Dispatcher::DispatchAmendment(const PlacedEvent& amendment,
                                           Sink sink) {
  RETURN_IF_ERROR(
      LoadAmendments(amendment.event->process(), amendment.position));
  ASSIGN_OR_RETURN(const EventId target, TargetIdOf(amendment));
  std::optional<PlacedEvent> standing;
  if (const auto id = amendments_.Standing(target); id.has_value()) {
    ASSIGN_OR_RETURN(standing, FactById(*id, amendment));
  }
  if (!amendment.event->has_event_corrected()) {
    amendments_.TakeOut(target);
    if (standing.has_value()) sink(FactChange::kRetract, standing->AsFact());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const PlacedEvent replacement, ReplacementOf(amendment));
  amendments_.Correct(target, amendment.id);
  if (standing.has_value()) sink(FactChange::kRetract, standing->AsFact());
  sink(FactChange::kApply, replacement.AsFact());
  return absl::OkStatus();
}

absl::Status Dispatcher::LoadAmendments(std::string_view process,
                                        Position position) {
  if (amendments_.Knows(process)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto earlier,
                   lookup_->AmendmentsBefore(process, position));
  for (const RecordedEvent& recorded : earlier) {
    ASSIGN_OR_RETURN(const auto placed, decoder_.Decode(recorded, arena_));
    if (!placed.has_value() || !IsAmendment(*placed->event)) {
      return ImpossibleEvent(recorded.position(), "is indexed as an amendment");
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

absl::StatusOr<EventId> Dispatcher::TargetIdOf(const PlacedEvent& amendment) {
  const std::string& target = TargetOf(*amendment.event);
  const auto id = ParseUuid(target);
  if (id.ok()) return *id;
  return ImpossibleEvent(
      amendment.position,
      absl::StrCat("amends \"", target, "\", which is no id"));
}

absl::StatusOr<PlacedEvent> Dispatcher::FactById(const EventId& id,
                                                 const PlacedEvent& amendment) {
  const std::string name = FormatUuid(id);
  ASSIGN_OR_RETURN(const auto recorded, lookup_->Find(id));
  if (!recorded.has_value() || recorded->position() >= amendment.position) {
    return ImpossibleEvent(
        amendment.position,
        absl::StrCat("amends ", name, ", which is not recorded before it"));
  }
  ASSIGN_OR_RETURN(const auto placed, decoder_.Decode(*recorded, arena_));
  if (!placed.has_value() || placed->event->has_event_reversed() ||
      placed->event->has_event_voided()) {
    return ImpossibleEvent(amendment.position,
                           absl::StrCat("amends ", name, ", which is no fact"));
  }
  if (placed->event->process() != amendment.event->process()) {
    return ImpossibleEvent(
        amendment.position,
        absl::StrCat("amends ", name, " of another process, \"",
                     placed->event->process(), "\""));
  }
  if (placed->event->has_event_corrected()) return ReplacementOf(*placed);
  return *placed;
}

absl::StatusOr<PlacedEvent> Dispatcher::ReplacementOf(
    const PlacedEvent& correction) {
  Event& event =
      *correction.event->mutable_event_corrected()->mutable_replacement();
  if (event.fact_case() == Event::FACT_NOT_SET || IsAmendment(event)) {
    return ImpossibleEvent(correction.position, "corrects without a fact");
  }
  // What the replacement does not say is said by the correction.
  if (event.process().empty()) event.set_process(correction.event->process());
  if (!event.has_recorded_by()) {
    *event.mutable_recorded_by() = correction.event->recorded_by();
  }
  PlacedEvent placed = correction;
  placed.event = &event;
  placed.occurred.reset();
  RETURN_IF_ERROR(decoder_.SetOccurred(placed));
  return placed;
}

}  // namespace samverk::projections
