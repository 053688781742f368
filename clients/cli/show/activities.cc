// "samverk show activities": planned against held.
#include "absl/strings/str_cat.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::ActivitiesAnswer;
using view::v1::ActivityView;

// When it was held, or is planned; with the plan it replaced.
std::string Time(const ActivityView& activity, const Style& style) {
  std::string out;
  for (const auto& occasion : activity.held()) {
    absl::StrAppend(&out, out.empty() ? "" : "\n",
                    WhenCell(occasion.origin().occurred(), style));
  }
  if (!out.empty()) return out;
  if (activity.plans().empty()) return WhenCell({}, style);
  return WhenCell(activity.plans(activity.plans_size() - 1).planned(), style);
}

// "3 av 6" held of expected; says when a number is not known.
std::string Occasions(const ActivityView& activity, const Style& style) {
  std::string out;
  if (activity.held_count() > 0 || activity.held_count_unknown()) {
    out = activity.held_count_unknown()
              ? (activity.held_count() > 0
                     ? absl::StrCat(style("minst ", "at least "),
                                    activity.held_count())
                     : style("okänt", "unknown"))
              : absl::StrCat(activity.held_count());
  }
  if (activity.expected_count() > 0) {
    out = absl::StrCat(out.empty() ? "0" : out,
                       style("\u00a0av\u00a0", "\u00a0of\u00a0"),
                       activity.expected_count());
  }
  return out;
}

std::string Place(const ActivityView& activity) {
  std::string out;
  const auto add = [&out](const auto& places) {
    for (const auto& where : places) {
      const std::string cell = WhereCell(where);
      if (cell.empty() || out.find(cell) != std::string::npos) continue;
      absl::StrAppend(&out, out.empty() ? "" : ", ", cell);
    }
  };
  for (const auto& occasion : activity.held()) add(occasion.held().where());
  if (out.empty()) add(activity.planned_where());
  return out;
}

std::string Heads(const ActivityView& activity, const Style& style) {
  std::string out;
  for (const auto& occasion : activity.held()) {
    const std::string cell = HeadcountCell(occasion.held().headcount(), style);
    if (!cell.empty()) absl::StrAppend(&out, out.empty() ? "" : "\n", cell);
  }
  return out;
}

std::string Activities(const ActivitiesAnswer& answer, Sources& sources,
                       const Style& style) {
  Table table({{style("När", "When"), Kind::kText},
               {style("Aktivitet", "Activity"), Kind::kText},
               {style("Slag", "Kind"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Gånger", "Times"), Kind::kText},
               {style("Plats", "Place"), Kind::kText},
               {style("Deltagare", "Heads"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const ActivityView& activity : answer.activities()) {
    std::string state = Label(activity.state(), style);
    if (!activity.cancel_reason().empty()) {
      absl::StrAppend(&state, ": ", activity.cancel_reason());
    }
    table.Row(
        {Time(activity, style),
         activity.title().empty() ? activity.activity() : activity.title(),
         Label(activity.kind(), style), state, Occasions(activity, style),
         Place(activity), Heads(activity, style), sources.OfRow(activity)});
  }
  return table.Text(style);
}

std::string Kinds(const ActivitiesAnswer& answer, const Style& style) {
  Table table({{style("Slag", "Kind"), Kind::kText},
               {style("Planerade", "Planned"), Kind::kRight},
               {style("Genomförda", "Held"), Kind::kRight},
               {style("Inställda", "Cancelled"), Kind::kRight},
               {style("Utfall saknas", "Outcome missing"), Kind::kRight},
               {style("Utan plan", "Unplanned"), Kind::kRight}});
  for (const auto& kind : answer.kinds()) {
    table.Row({Label(kind.kind(), style), absl::StrCat(kind.planned()),
               absl::StrCat(kind.held()), absl::StrCat(kind.cancelled()),
               absl::StrCat(kind.outcome_missing()),
               absl::StrCat(kind.unplanned())});
  }
  return table.Text(style);
}

std::string Contributions(const ActivitiesAnswer& answer, Sources& sources,
                          const Style& style) {
  Table table({{style("Aktivitet", "Activity"), Kind::kText},
               {style("Tema", "Theme"), Kind::kText},
               {style("Sagt", "Said"), Kind::kText},
               {style("Liknande", "Similar"), Kind::kRight},
               {style("Källa", "Source"), Kind::kWhole}});
  for (const auto& contribution : answer.contributions()) {
    table.Row({contribution.activity(), contribution.theme(),
               contribution.paraphrase(),
               contribution.similar_count() == 0
                   ? ""
                   : absl::StrCat(contribution.similar_count()),
               sources.Of(contribution.origin())});
  }
  return table.Text(style);
}

}  // namespace

std::string ActivitiesText(const ActivitiesAnswer& answer,
                           const ScopeOptions& scope, Sources sources,
                           const Style& style) {
  std::string out =
      ViewHeading(style("Aktiviteter", "Activities"), scope.process,
                  scope.period, answer.answered(), style);
  const std::string activities = Activities(answer, sources, style);
  absl::StrAppend(&out, "\n", activities.empty() ? Nothing(style) : activities);
  const std::string kinds = Kinds(answer, style);
  if (!kinds.empty()) {
    out += PartHeading(style("Planerat mot genomfört", "Planned against held"),
                       style) +
           kinds;
  }
  const std::string contributions = Contributions(answer, sources, style);
  if (!contributions.empty()) {
    out += PartHeading(style("Synpunkter", "Contributions"), style) +
           contributions;
  }
  return out + sources.Legend(style);
}

int ShowActivities(Session& session, const ScopeOptions& options) {
  PagedView<view::v1::ListActivitiesRequest, ActivitiesAnswer> view;
  view.ask = [](client::Client& client,
                const view::v1::ListActivitiesRequest& request)
      -> absl::StatusOr<ActivitiesAnswer> {
    auto answer = client.ListActivities(request);
    if (!answer.ok()) return answer.status();
    return std::move(*answer->mutable_activities());
  };
  view.text = &ActivitiesText;
  return ShowPages(session, options, view);
}

}  // namespace samverk::cli
