#include "services/recording/batch.h"

#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "proto/codec/event_codec.h"
#include "services/recording/state/entity_history.h"
#include "services/recording/structure.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

absl::Status CheckSize(size_t events) {
  if (events == 0) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        "the batch has no events; send at least one", {{"field", "events"}});
  }
  if (events <= limits::kAppendEvents) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_LIMIT_EXCEEDED,
                   absl::StrCat("the batch has ", events,
                                " events, but at most ", limits::kAppendEvents,
                                " are allowed; send them in several batches"),
                   {{"what", "events"},
                    {"value", absl::StrCat(events)},
                    {"limit", absl::StrCat(limits::kAppendEvents)}});
}

// The event's id, given or made of its source. All zeros: it has none. A given
// id that is none is found by CheckStructure.
EventId IdOf(const Event& event) {
  if (event.id().empty()) {
    return DerivedEventId(event.source().system(), event.source().ref(),
                          event.process());
  }
  const auto id = ParseUuid(event.id());
  return id.ok() ? *id : EventId{};
}

bool SameSource(const Event& a, const Event& b) {
  return a.source().system() == b.source().system() &&
         a.source().ref() == b.source().ref();
}

// The place of an event in its batch, as texts count: 1 is the first.
std::string CountedFromOne(size_t index) { return absl::StrCat(index + 1); }

// "organisation/role/subject", without what is missing at the end.
std::string RecordedBy(const event::v1::Recorder& recorder) {
  std::string text = recorder.organisation();
  if (!recorder.role().empty() || !recorder.subject().empty()) {
    absl::StrAppend(&text, "/", recorder.role());
  }
  if (!recorder.subject().empty()) {
    absl::StrAppend(&text, "/", recorder.subject());
  }
  return text;
}

}  // namespace

std::vector<EventId> Batch::ids() const {
  std::vector<EventId> ids;
  ids.reserve(events.size());
  for (const BatchEvent& event : events) ids.push_back(event.id);
  return ids;
}

std::vector<BatchViolation> Batch::malformed() const {
  std::vector<BatchViolation> all;
  for (size_t i = 0; i < events.size(); ++i) {
    for (const Violation& violation : events[i].malformed) {
      all.push_back({i, ShownValue(events[i].event->id()), violation});
    }
  }
  return all;
}

EventId DerivedEventId(std::string_view system, std::string_view ref,
                       std::string_view process) {
  if (system.empty() || ref.empty()) return {};
  // No text of an event has a line break, so parts cannot run together.
  return UuidV8FromText(
      absl::StrCat(ToAbsl(system), "\n", ToAbsl(ref), "\n", ToAbsl(process)));
}

absl::StatusOr<Batch> MakeBatch(std::vector<Event> events, bool can_seal) {
  if (absl::Status status = CheckSize(events.size()); !status.ok()) {
    return status;
  }
  Batch batch;
  batch.process = events[0].process();
  batch.events.reserve(events.size());
  absl::btree_map<EventId, size_t> seen;
  absl::btree_map<std::pair<std::string, std::string>, size_t> seen_sources;
  for (Event& event : events) {
    const size_t index = batch.events.size();
    const bool id_given = !event.id().empty();
    BatchEvent made;
    made.id = IdOf(event);
    made.malformed = CheckStructure(event, can_seal);
    if (event.id().empty() && made.id == EventId{}) {
      made.malformed.push_back({Rule::kEventIdMissing, "id", {}});
    }
    if (event.process() != batch.process) {
      made.malformed.push_back({Rule::kProcessDiffers,
                                "process",
                                {{"process", ShownValue(event.process())},
                                 {"expected", ShownValue(batch.process)}}});
    }
    if (made.id == EventId{}) {
      batch.has_ids = false;
    } else {
      event.set_id(FormatUuid(made.id));
      const auto [first, is_new] = seen.emplace(made.id, index);
      if (!is_new) {
        batch.has_ids = false;
        // Ids made of the same source are told as that source.
        if (id_given ||
            !SameSource(event, *batch.events[first->second].event)) {
          made.malformed.push_back(
              {Rule::kEventIdRepeated,
               "id",
               {{"id", event.id()}, {"other", CountedFromOne(first->second)}}});
        }
      }
    }
    if (!event.source().system().empty() && !event.source().ref().empty()) {
      const auto [first, is_new] = seen_sources.emplace(
          std::pair(event.source().system(), event.source().ref()), index);
      // An id that was given twice is told as such.
      if (!is_new && (!id_given || made.id != batch.events[first->second].id)) {
        made.malformed.push_back(
            {Rule::kSourceRepeated,
             "source.ref",
             {{"ref", ShownValue(event.source().ref())},
              {"system", ShownValue(event.source().system())},
              {"other", CountedFromOne(first->second)}}});
      }
    }
    made.event = std::make_shared<const Event>(std::move(event));
    batch.events.push_back(std::move(made));
  }
  return batch;
}

NewEvent ToNewEvent(const BatchEvent& batch_event, const Route& route) {
  const Event& event = *batch_event.event;
  NewEvent made;
  made.id = batch_event.id;
  made.stream = route.stream;
  made.type = codec::TypeName(event.fact_case());
  made.tags = route.tags;
  made.occurred = OccurredOf(event);
  // No trace context: it differs when the same event is sent again.
  made.metadata.source_system = event.source().system();
  made.metadata.source_ref = event.source().ref();
  made.metadata.recorded_by = RecordedBy(event.recorded_by());
  made.metadata.on_behalf_of = event.on_behalf_of();
  made.metadata.correlation_id = event.correlation_id();
  made.metadata.causation_id = event.causation_id();
  made.payload = codec::EncodePayload(event);
  return made;
}

}  // namespace samverk::recording
