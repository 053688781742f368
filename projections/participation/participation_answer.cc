#include "projections/participation/participation_answer.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "projections/kept_facts.h"
#include "projections/participation/swedish_sort_key.h"
#include "samverk/view/v1/activities.pb.h"

namespace samverk::projections {
namespace {

using view::v1::ActorParticipation;
using view::v1::ActorRole;
using view::v1::ActorView;
using view::v1::AttendanceView;
using view::v1::CategoryTotal;
using view::v1::KindCount;
using view::v1::ParticipationAnswer;
using view::v1::ParticipationEntry;
using view::v1::ParticipationView;

// Whether a role was held at some time of the period: from the time it is said
// to be valid for, or else from when it was given, until it ended.
bool HeldInPeriod(const ActorRole& role, const Question& question) {
  if (!question.period.has_value()) return true;
  int64_t from = std::numeric_limits<int64_t>::min();
  int64_t to = std::numeric_limits<int64_t>::max();
  if (IsKnown(role.valid())) {
    from = role.valid().from_us();
    to = role.valid().to_us();
  } else if (IsKnown(role.origin().occurred())) {
    from = role.origin().occurred().from_us();
  }
  if (role.has_ended() && IsKnown(role.ended().occurred())) {
    to = std::min<int64_t>(to, role.ended().occurred().to_us());
  }
  return from < question.period->to_us && question.period->from_us < to;
}

// The title as the schedule has it, for an event that gives none.
void FillTitle(const ViewSet& views, const Question& question,
               ParticipationView& participation) {
  if (!participation.title().empty()) return;
  const auto* entry = views.Of(ProjectionId::kActivities)
                          .Find<view::v1::ActivityEntry>(
                              KeyPrefix(question.process, "activity") +
                              participation.activity());
  if (entry != nullptr) {
    participation.set_title(entry->activity().title());
  }
}

using ActorsById = std::map<std::string, ActorParticipation>;

// Registered actors with the roles that they held in the period.
ActorsById ActorsOf(const ViewSet& views, const Question& question) {
  ActorsById actors;
  views.Of(ProjectionId::kParticipation)
      .Scan<ParticipationEntry>(
          KeyPrefix(question.process, "actor"), "",
          [&](std::string_view, const ParticipationEntry& entry) {
            ActorView& actor = *actors[entry.actor().actor()].mutable_actor();
            actor = entry.actor();
            actor.clear_roles();
            for (const ActorRole& role : entry.actor().roles()) {
              if (HeldInPeriod(role, question)) *actor.add_roles() = role;
            }
            return true;
          });
  return actors;
}

void AddParticipations(const ViewSet& views, const Question& question,
                       ActorsById& actors) {
  std::vector<ParticipationView> selected;
  views.Of(ProjectionId::kParticipation)
      .Scan<ParticipationEntry>(
          KeyPrefix(question.process, "participation"), "",
          [&](std::string_view, const ParticipationEntry& entry) {
            if (question.Selects(entry.participation().origin().occurred())) {
              selected.push_back(entry.participation());
            }
            return true;
          });
  std::sort(selected.begin(), selected.end(),
            [](const ParticipationView& a, const ParticipationView& b) {
              return HappenedBefore(a.origin(), b.origin());
            });
  for (ParticipationView& participation : selected) {
    FillTitle(views, question, participation);
    ActorParticipation& actor = actors[participation.actor()];
    actor.mutable_actor()->set_actor(participation.actor());
    *actor.add_entries() = std::move(participation);
  }
}

void CountKinds(ActorParticipation& actor) {
  std::map<int, KindCount> kinds;
  for (const ParticipationView& entry : actor.entries()) {
    KindCount& count = kinds[entry.kind()];
    count.set_kind(entry.kind());
    count.set_entries(count.entries() + 1);
    count.set_occasions(count.occasions() + entry.occasions());
    if (entry.occasions() == 0) count.set_occasions_unknown(true);
  }
  for (auto& [kind, count] : kinds) *actor.add_kinds() = std::move(count);
}

// Adds what one activity says of a category. What was not counted adds no
// heads: it is counted as uncounted.
void AddHeads(bool counted, uint32_t heads, bool estimated,
              CategoryTotal& total) {
  if (!counted) {
    total.set_uncounted_in(total.uncounted_in() + 1);
    return;
  }
  total.set_count(total.count() + heads);
  total.set_counted_in(total.counted_in() + 1);
  if (estimated) total.set_estimated(true);
}

std::map<std::string, CategoryTotal> HeadsByCategory(const ViewSet& views,
                                                     const Question& question) {
  std::map<std::string, CategoryTotal> totals;
  const auto total_of = [&](const std::string& category) -> CategoryTotal& {
    CategoryTotal& total = totals[category];
    total.set_category(category);
    return total;
  };
  views.Of(ProjectionId::kParticipation)
      .Scan<ParticipationEntry>(
          KeyPrefix(question.process, "attendance"), "",
          [&](std::string_view, const ParticipationEntry& entry) {
            const AttendanceView& attendance = entry.attendance();
            if (!question.Selects(attendance.origin().occurred())) return true;
            const auto& heads = attendance.headcount();
            const bool estimated =
                heads.basis() == event::v1::COUNT_BASIS_ESTIMATED;
            AddHeads(heads.has_total(), heads.total(), estimated, total_of(""));
            for (const auto& category : heads.by_category()) {
              AddHeads(category.has_count(), category.count(), estimated,
                       total_of(category.category()));
            }
            return true;
          });
  return totals;
}

std::string SortKeyOf(const ActorView& actor) {
  return SwedishSortKey(actor.names().empty() ? actor.actor()
                                              : actor.names(0).name());
}

}  // namespace

ParticipationAnswer AnswerParticipation(const ViewSet& views,
                                        const Question& question) {
  ActorsById actors = ActorsOf(views, question);
  AddParticipations(views, question, actors);
  // By name; the id tells apart those of the same name.
  std::map<std::pair<std::string, std::string>, ActorParticipation> sorted;
  for (auto& [id, actor] : actors) {
    if (actor.actor().roles().empty() && actor.entries().empty()) continue;
    CountKinds(actor);
    sorted.emplace(std::pair(SortKeyOf(actor.actor()), id), std::move(actor));
  }
  ParticipationAnswer answer;
  for (auto& [key, actor] : sorted) *answer.add_actors() = std::move(actor);
  std::map<std::string, CategoryTotal> categories;
  for (auto& [category, total] : HeadsByCategory(views, question)) {
    categories.emplace(SwedishSortKey(category), std::move(total));
  }
  for (auto& [key, total] : categories) {
    *answer.add_categories() = std::move(total);
  }
  return answer;
}

std::string ActorName(const ViewSet& views, std::string_view process,
                      std::string_view actor) {
  const auto* entry = views.Of(ProjectionId::kParticipation)
                          .Find<ParticipationEntry>(
                              KeyPrefix(process, "actor") + std::string(actor));
  if (entry == nullptr || entry->actor().names().empty()) {
    return std::string(actor);
  }
  return entry->actor().names(0).name();
}

}  // namespace samverk::projections
