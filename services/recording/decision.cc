#include "services/recording/decision.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "services/access/secret_event.h"
#include "services/recording/asked_right.h"
#include "services/recording/structure.h"
#include "services/recording/unsent_values.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

template <typename Ids>
void AddIds(const Ids& texts, std::vector<EventId>& ids) {
  for (const std::string& text : texts) {
    if (const auto id = ParseUuid(text); id.ok()) ids.push_back(*id);
  }
}

void AddCause(const Event& event, std::vector<EventId>& ids) {
  if (event.causation_id().empty()) return;
  const auto id = ParseUuid(event.causation_id());
  if (id.ok()) ids.push_back(*id);
}

// The events that an event names by their ids.
std::vector<EventId> NamedBy(const Event& event) {
  std::vector<EventId> ids;
  if (IsAmendment(event)) {
    if (const auto id = ParseUuid(TargetOf(event)); id.ok()) ids.push_back(*id);
  }
  AddCause(event, ids);
  AddIds(event.decision_recorded().about_events(), ids);
  AddIds(event.check_raised().about_events(), ids);
  const auto& replacement = event.event_corrected().replacement();
  AddCause(replacement, ids);
  AddIds(replacement.decision_recorded().about_events(), ids);
  AddIds(replacement.check_raised().about_events(), ids);
  return ids;
}

}  // namespace

absl::Status OfBatch(const absl::Status& denied, size_t index, size_t events,
                     codec::Language language) {
  if (denied.ok() || events == 1) return denied;
  const bool swedish = language == codec::Language::kSwedish;
  return MakeError(
      absl::StatusCode::kPermissionDenied, error::v1::REASON_NOT_PERMITTED,
      absl::StrCat(
          swedish ? "Händelse " : "event ", index + 1,
          swedish ? " i sändningen: " : " of the batch: ", denied.message()));
}

Decision::Decision(const Batch& batch, RegisterReader& reader,
                   bool disposal_by_one)
    : batch_(batch),
      reader_(reader),
      scope_(batch.process),
      state_(batch.process) {
  context_.disposal_by_one = disposal_by_one;
}

absl::Status Decision::Prepare() {
  std::vector<EventId> ids;
  for (const BatchEvent& event : batch_.events) {
    for (const EventId& id : NamedBy(*event.event)) ids.push_back(id);
  }
  ASSIGN_OR_RETURN(named_, reader_.Find(ids));
  for (const auto& [id, fact] : named_) {
    context_.located[id] = {fact.process};
  }
  RouteEvents();
  BuildScope();
  return absl::OkStatus();
}

const RecordedFact* Decision::TargetOfEvent(const Event& amendment) const {
  const auto id = ParseUuid(TargetOf(amendment));
  if (!id.ok()) return nullptr;
  const auto found = named_.find(*id);
  // An event of another process is not amended, so it routes nothing.
  const bool ours = found != named_.end() && found->second.event != nullptr &&
                    found->second.process == batch_.process;
  return ours ? &found->second : nullptr;
}

void Decision::RouteEvents() {
  routes_.resize(batch_.events.size());
  route_violations_.resize(batch_.events.size());
  for (size_t i = 0; i < batch_.events.size(); ++i) {
    const BatchEvent& event = batch_.events[i];
    if (event.event->fact_case() == Event::FACT_NOT_SET) continue;
    const Route* target = nullptr;
    if (IsAmendment(*event.event)) {
      const RecordedFact* fact = TargetOfEvent(*event.event);
      if (fact == nullptr) continue;
      target = &fact->route;
    }
    Route route = RouteOf(*event.event, target);
    const size_t most = IsAmendment(*event.event) ? limits::kTags : kFactTags;
    if (route.tags.size() > most) {
      // One tag is the process's, of an amendment one its target's, and of what
      // is secret one that says so.
      const size_t own = 1 + (IsAmendment(*event.event) ? 1 : 0) +
                         (access::SecretOf(*event.event).has_value() ? 1 : 0);
      route_violations_[i].push_back(
          {Rule::kTooManyReferences,
           "",
           {{"count", absl::StrCat(route.tags.size() - own)},
            {"limit", absl::StrCat(most - own)}}});
    }
    // A later event of the batch may amend it.
    const bool may_be_named = i + 1 < batch_.events.size();
    if (may_be_named && event.id != EventId{}) {
      named_[event.id] = {batch_.process, route, event.event};
    }
    routes_[i] = std::move(route);
  }
}

bool Decision::IsJudged(size_t index) const {
  return batch_.events[index].malformed.empty() &&
         route_violations_[index].empty();
}

void Decision::BuildScope() {
  for (size_t i = 0; i < batch_.events.size(); ++i) {
    if (!IsJudged(i)) continue;
    const Event& event = *batch_.events[i].event;
    if (!IsAmendment(event)) {
      scope_.AddFact(event);
      continue;
    }
    const RecordedFact* target = TargetOfEvent(event);
    if (target == nullptr) continue;
    scope_.AddAmendment(event, target->route);
    const Event& out = *target->event;
    if (event.has_event_corrected()) continue;
    if (out.has_event_corrected()) {
      scope_.AddTakenOut(CompletedReplacement(out));
    } else if (!IsAmendment(out)) {
      scope_.AddTakenOut(out);
    }
  }
}

absl::Status Decision::Read() {
  head_ = reader_.Head();
  RETURN_IF_ERROR(reader_.ReadInto(scope_, head_, state_));
  // Each amendment of the batch takes one user away at most, so one more than
  // there are amendments shows whether any is left.
  const auto amendments = static_cast<size_t>(std::count_if(
      batch_.events.begin(), batch_.events.end(),
      [](const BatchEvent& event) { return IsAmendment(*event.event); }));
  for (const EntityKey& entity : scope_.watched()) {
    ASSIGN_OR_RETURN(auto users, reader_.UsersOf(batch_.process, entity, head_,
                                                 amendments + 1));
    state_.Watch(entity, std::move(users));
  }
  context_.head = head_;
  return absl::OkStatus();
}

absl::Status Decision::CheckRight(size_t index,
                                  const access::Admitted& who) const {
  const Event& event = *batch_.events[index].event;
  if (who.caller() == nullptr || event.fact_case() == Event::FACT_NOT_SET) {
    return absl::OkStatus();
  }
  // Of what is malformed the state was not read, and of an amendment of
  // something unknown there is none: the rules have the word, to whoever may
  // record the kind at all.
  AskedRight asked = AskedRightOf(state_, event);
  absl::Status may = IsJudged(index) && asked.target_known
                         ? who.MayRecord(asked.action)
                         : who.MayRecordKind(batch_.process, event.fact_case());
  if (!may.ok() && RestsOnWithheld(who)) {
    // Whose it is, is not told.
    asked.action.owner.reset();
    absl::Status untold = who.MayRecord(asked.action);
    if (!untold.ok()) may = std::move(untold);
  }
  if (may.ok() && event.has_rights_granted() &&
      event.rights_granted().principal() == who.caller()->subject) {
    may = MakeError(absl::StatusCode::kPermissionDenied,
                    error::v1::REASON_NOT_PERMITTED,
                    who.language() == codec::Language::kSwedish
                        ? "ingen ger rättigheter åt sig själv; låt en annan "
                          "administratör göra det"
                        : "nobody gives rights to themselves; let another "
                          "administrator do so");
  }
  return OfBatch(may, index, batch_.events.size(), who.language());
}

bool Decision::RestsOnWithheld(const access::Admitted& who) const {
  if (who.ReadsAll(batch_.process)) return false;
  for (const auto& [id, known] : state_.known()) {
    if (known.event != nullptr && !who.MayRead(*known.event)) return true;
    for (const auto& earlier : known.earlier) {
      if (!who.MayRead(*earlier)) return true;
    }
  }
  return std::any_of(named_.begin(), named_.end(), [&who](const auto& named) {
    const auto& event = named.second.event;
    return event != nullptr && !who.MayRead(*event);
  });
}

const event::v1::GallringDecided* Decision::DisposalOf(
    const Event& key_destroyed) const {
  const Step* decided =
      state_.Of(EntityKind::kGallring, key_destroyed.key_destroyed().gallring())
          .Last(Event::kGallringDecided);
  return decided == nullptr ? nullptr : &decided->event->gallring_decided();
}

Judgement Decision::Judge(int64_t now_us, const access::Admitted& who) {
  Judgement judgement;
  AdmissionContext context = context_;
  context.now_us = now_us;
  context.by_person = who.caller() != nullptr && !who.caller()->machine;
  const bool all_told = who.ReadsAll(batch_.process);
  // Asked when something would be told: it takes every event that was read.
  std::optional<bool> rests;
  const auto untold = [&] {
    if (!rests.has_value()) rests = RestsOnWithheld(who);
    return *rests;
  };
  for (size_t i = 0; i < batch_.events.size(); ++i) {
    const BatchEvent& event = batch_.events[i];
    std::vector<Violation> violations = event.malformed;
    if (violations.empty()) violations = route_violations_[i];
    // Of those that are malformed too: rules are told to whoever may record.
    if (judgement.denied.ok()) judgement.denied = CheckRight(i, who);
    if (IsJudged(i)) {
      violations = Admit(state_, *event.event, context);
      for (FoundNotice& notice : NoticesOf(state_, *event.event, context)) {
        if (!all_told && HasUnsent(*event.event, notice.values) && untold()) {
          LeaveOutUnsent(*event.event, notice.values);
        }
        judgement.notices.push_back({i, std::move(notice)});
      }
    }
    // A fact also when it is refused: what rests on it is not blamed for it.
    const bool evolves = violations.empty() || !IsAmendment(*event.event);
    for (Violation& violation : violations) {
      if (!all_told && !EntryOf(violation.rule).event_alone &&
          HasUnsent(*event.event, violation.values) && untold()) {
        LeaveOutUnsent(*event.event, violation.values);
      }
      judgement.violations.push_back(
          {i, ShownValue(event.event->id()), std::move(violation)});
    }
    if (evolves && event.event->fact_case() != Event::FACT_NOT_SET) {
      state_.Evolve({event.id, event.event, now_us});
    }
  }
  if (!judgement.denied.ok()) {
    judgement.violations.clear();
    judgement.notices.clear();
    return judgement;
  }
  if (!judgement.violations.empty()) {
    judgement.notices.clear();
    return judgement;
  }
  for (size_t i = 0; i < batch_.events.size(); ++i) {
    for (FoundNotice& notice :
         MentionNoticesOf(state_, *batch_.events[i].event)) {
      // Which names the register has is not told to whoever may not read them
      // all.
      if (untold()) break;
      judgement.notices.push_back({i, std::move(notice)});
    }
  }
  std::stable_sort(judgement.notices.begin(), judgement.notices.end(),
                   [](const BatchNotice& a, const BatchNotice& b) {
                     return std::pair(a.event_index, a.notice.kind) <
                            std::pair(b.event_index, b.notice.kind);
                   });
  return judgement;
}

std::optional<NewEvent> Decision::EventToAppend(size_t index) const {
  if (!routes_[index].has_value()) return std::nullopt;
  return ToNewEvent(batch_.events[index], *routes_[index]);
}

std::optional<AppendRequest> Decision::Request(bool conditional) const {
  AppendRequest request;
  request.events.reserve(batch_.events.size());
  for (size_t i = 0; i < batch_.events.size(); ++i) {
    std::optional<NewEvent> event = EventToAppend(i);
    if (!event.has_value()) return std::nullopt;
    request.events.push_back(*std::move(event));
  }
  if (conditional) request.conditions = scope_.Conditions(head_);
  return request;
}

}  // namespace samverk::recording
