#include "services/recording/notices.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "proto/codec/edtf.h"
#include "proto/codec/utf8.h"
#include "services/recording/judge.h"
#include "services/recording/references.h"
#include "services/recording/route.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

// A code point in its small form, for letters of Latin alphabets.
uint32_t SmallLetter(uint32_t code) {
  if (code >= 'A' && code <= 'Z') return code + 0x20;
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 0x20;
  // Capitals and their small letters stand in pairs, but for a few.
  if (code == 0x178) return 0xFF;
  if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E)) {
    return code % 2 == 1 ? code + 1 : code;
  }
  if (code >= 0x100 && code <= 0x177 && code != 0x130 && code != 0x131) {
    return code % 2 == 0 ? code + 1 : code;
  }
  return code;
}

bool HasName(const EntityHistory& actor, const std::string& name) {
  const auto same = [&](const std::string& other) {
    return SameName(other, name);
  };
  for (const Step& step : actor.steps()) {
    const Event& event = *step.event;
    if (event.has_actor_registered()) {
      const auto& fact = event.actor_registered();
      if (same(fact.name()) ||
          std::any_of(fact.aliases().begin(), fact.aliases().end(), same)) {
        return true;
      }
    } else if (event.has_actor_renamed() &&
               same(event.actor_renamed().name())) {
      return true;
    }
  }
  return false;
}

// By id, or by any name that an actor has or had.
bool IsKnownActor(const ProcessState& state, const std::string& name) {
  const EntityKey first{EntityKind::kActor, ""};
  for (auto it = state.entities().lower_bound(first);
       it != state.entities().end() && it->first.kind == EntityKind::kActor;
       ++it) {
    if (!it->second.exists()) continue;
    if (it->first.id == name || HasName(it->second, name)) return true;
  }
  return false;
}

class Noticing {
 public:
  Noticing(const ProcessState& state, const Event& event,
           const AdmissionContext& context)
      : state_(state),
        event_(event),
        context_(context),
        when_(HappenedAtOf(event, {context.now_us, state.taken_in()})) {}

  std::vector<FoundNotice> Find() {
    FindLate();
    FindOutsidePeriod();
    FindOutOfOrder();
    FindSameAttester();
    return std::move(found_);
  }

 private:
  void Add(NoticeKind kind, std::vector<RuleValue> values) {
    found_.push_back({kind, std::move(values)});
  }

  void FindLate() {
    if (!when_.known) return;
    const int64_t days =
        codec::StockholmDaysSince(when_.to_us, context_.now_us);
    if (days <= kLateDays) return;
    Add(NoticeKind::kLate,
        {{"days", absl::StrCat(days)}, {"value", event_.occurred().edtf()}});
  }

  void FindOutsidePeriod() {
    if (!event_.has_cost_booked() || !when_.known) return;
    const std::string& grant = event_.cost_booked().grant();
    const Step* awarded =
        state_.Of(EntityKind::kGrant, grant).Last(Event::kGrantAwarded);
    if (awarded == nullptr) return;
    const auto& award = awarded->event->grant_awarded();
    const auto period = codec::ParseEdtf(award.period().edtf());
    if (!period.ok()) return;  // the award does not say
    int64_t until_us = period->to_us;
    if (!award.last_use().edtf().empty()) {
      const auto last_use = codec::ParseEdtf(award.last_use().edtf());
      if (last_use.ok()) until_us = last_use->to_us;
    }
    if (period->from_us <= when_.from_us && when_.to_us <= until_us) return;
    Add(NoticeKind::kOutsidePeriod, {{"value", event_.occurred().edtf()},
                                     {"id", grant},
                                     {"period", award.period().edtf()}});
  }

  void FindOutOfOrder() {
    if (!when_.known) return;
    for (const Step& step : state_.Of(SubjectOf(event_)).steps()) {
      if (!step.when.known || !step.when.IsAfter(when_)) continue;
      return Add(NoticeKind::kOutOfOrder,
                 {{"value", event_.occurred().edtf()},
                  EventValue(step),
                  {"other", step.event->occurred().edtf()}});
    }
  }

  void FindSameAttester() {
    if (!IsImported(event_)) return;
    if (event_.has_cost_attested()) {
      const auto& fact = event_.cost_attested();
      CheckPersons(EntityKind::kCost, fact.cost(), Event::kCostBooked,
                   fact.attester());
    } else if (event_.has_in_kind_attested()) {
      const auto& fact = event_.in_kind_attested();
      CheckPersons(EntityKind::kInKind, fact.in_kind(), Event::kInKindRecorded,
                   fact.attester());
    } else if (event_.has_in_kind_reviewed()) {
      const auto& fact = event_.in_kind_reviewed();
      CheckPersons(EntityKind::kInKind, fact.in_kind(), Event::kInKindRecorded,
                   fact.reviewer());
    }
  }

  // Who sends imported history records all of it, so the checker alone counts.
  void CheckPersons(EntityKind kind, const std::string& id,
                    Event::FactCase recording,
                    const event::v1::Recorder& checker) {
    const Step* step = state_.Of(kind, id).Last(recording);
    if (step == nullptr) return;
    const event::v1::Recorder* recorder = RecorderLike(*step, checker);
    if (recorder == nullptr) return;
    Add(NoticeKind::kSameAttester,
        {{"id", id}, {"recorder", RecorderText(*recorder)}});
  }

  const ProcessState& state_;
  const Event& event_;
  const AdmissionContext& context_;
  const HappenedAt when_;
  std::vector<FoundNotice> found_;
};

}  // namespace

bool NamesRecorder(const Event& event) {
  return !IsAmendment(event) && !MayPrecedeActors(event) && !IsImported(event);
}

std::vector<FoundNotice> NoticesOf(const ProcessState& state,
                                   const Event& event,
                                   const AdmissionContext& context) {
  if (IsAmendment(event)) return {};
  return Noticing(state, event, context).Find();
}

std::vector<FoundNotice> MentionNoticesOf(const ProcessState& state,
                                          const Event& event) {
  std::vector<FoundNotice> found;
  if (IsAmendment(event)) return found;
  const std::string& organisation = event.recorded_by().organisation();
  if (NamesRecorder(event) &&
      !state.Exists({EntityKind::kActor, organisation})) {
    found.push_back({NoticeKind::kUnknownRecorder, {{"name", organisation}}});
  }
  for (const std::string& name : event.mentioned_actors()) {
    if (IsKnownActor(state, name)) continue;
    found.push_back({NoticeKind::kUnknownMention, {{"name", name}}});
  }
  return found;
}

bool SameName(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view x = codec::FirstCharacter(a);
    const std::string_view y = codec::FirstCharacter(b);
    if (SmallLetter(codec::CodePoint(x)) != SmallLetter(codec::CodePoint(y))) {
      return false;
    }
    a.remove_prefix(x.size());
    b.remove_prefix(y.size());
  }
  return a.empty() && b.empty();
}

}  // namespace samverk::recording
