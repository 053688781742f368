// "samverk show timeline": the progression: phases, decisions, shifts.
#include "absl/strings/str_cat.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::TimelineAnswer;
using view::v1::TimelineEntry;

// How far to trust an entry.
std::string Strength(const TimelineEntry& entry, const Style& style) {
  std::string out = Label(entry.grade(), style);
  const std::string hedge = Label(entry.hedge(), style);
  if (!hedge.empty()) {
    out = out.empty() ? hedge : absl::StrCat(out, " (", hedge, ")");
  }
  if (entry.claimed_only()) {
    absl::StrAppend(&out, out.empty() ? "" : ", ",
                    style("uppgift utan beslut", "claim without decision"));
  }
  return out;
}

std::string Entries(const TimelineAnswer& answer, Sources& sources,
                    const Style& style) {
  Table table({{style("När", "When"), Kind::kText},
               {style("Slag", "Kind"), Kind::kText},
               {style("Vad", "What"), Kind::kText},
               {style("Styrka", "Grade"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const TimelineEntry& entry : answer.entries()) {
    std::string kind = Label(entry.kind(), style);
    if (entry.kind() == view::v1::TIMELINE_KIND_PHASE) {
      absl::StrAppend(&kind, " ", entry.phase());
    }
    std::string what = entry.title();
    if (!entry.detail().empty()) absl::StrAppend(&what, "\n", entry.detail());
    table.Row({WhenCell(entry.when(), style), kind, what,
               Strength(entry, style), sources.Of(entry.positions())});
  }
  return table.Text(style);
}

}  // namespace

std::string TimelineText(const TimelineAnswer& answer,
                         const ScopeOptions& scope, Sources sources,
                         const Style& style) {
  std::string out =
      ViewHeading(style("Förflyttning", "Timeline"), scope.process,
                  scope.period, answer.answered(), style);
  const auto& registered = answer.process().registered();
  if (!registered.name().empty()) {
    absl::StrAppend(&out, registered.name(),
                    registered.municipality().empty() ? "" : ", ",
                    registered.municipality(), "\n");
  }
  if (answer.has_current_phase()) {
    const auto& phase = answer.current_phase().entered();
    absl::StrAppend(&out, style("Fas nu: ", "Phase now: "), phase.phase(), " ",
                    phase.name(), "\n");
  }
  const std::string entries = Entries(answer, sources, style);
  absl::StrAppend(&out, "\n", entries.empty() ? Nothing(style) : entries);
  return out + sources.Legend(style);
}

int ShowTimeline(Session& session, const ScopeOptions& options) {
  PagedView<view::v1::GetTimelineRequest, TimelineAnswer> view;
  view.ask = [](client::Client& client,
                const view::v1::GetTimelineRequest& request)
      -> absl::StatusOr<TimelineAnswer> {
    auto answer = client.GetTimeline(request);
    if (!answer.ok()) return answer.status();
    return std::move(*answer->mutable_timeline());
  };
  view.text = &TimelineText;
  return ShowPages(session, options, view);
}

}  // namespace samverk::cli
