// "samverk show findings": what was noticed, who has the say, what came of it.
#include "absl/strings/str_cat.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::FindingsAnswer;
using view::v1::FindingView;

std::string Unknown(const Style& style) { return style("okänt", "unknown"); }

// The state, and why, for those where a reason is owed.
std::string State(const FindingView& finding, const Style& style) {
  std::string out = Label(finding.state(), style);
  if (finding.state() == view::v1::FINDING_STATE_DECLINED) {
    for (const auto& step : finding.steps()) {
      if (step.state() == view::v1::FINDING_STATE_DECLINED &&
          !step.text().empty()) {
        absl::StrAppend(&out, ": ", step.text());
      }
    }
  }
  return out;
}

std::string Findings(const FindingsAnswer& answer, Sources& sources,
                     const Style& style) {
  Table table({{style("Iakttagelse", "Finding"), Kind::kText},
               {style("Vad", "What"), Kind::kText},
               {style("Slag", "Kind"), Kind::kText},
               {style("Plats", "Place"), Kind::kText},
               {style("Rådighet", "Control"), Kind::kText},
               {style("Ansvarig", "Assignee"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Åtgärder", "Measures"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const FindingView& finding : answer.findings()) {
    const auto& logged = finding.logged();
    std::string kind = Label(logged.polarity(), style);
    const std::string category = Label(logged.category(), style);
    if (!category.empty()) {
      absl::StrAppend(&kind, kind.empty() ? "" : ", ", category);
    }
    table.Row({finding.finding(), logged.description(), kind,
               WhereCell(logged.where()), finding.controlled_by(),
               finding.assignee(), State(finding, style),
               Joined(finding.measures()), sources.OfRow(finding)});
  }
  return table.Text(style);
}

std::string Funnel(const FindingsAnswer& answer, const Style& style) {
  Table table({{style("Rådighet", "Control"), Kind::kText},
               {style("Brister", "Logged"), Kind::kRight},
               {style("Tilldelade", "Assigned"), Kind::kRight},
               {style("Planerade", "Planned"), Kind::kRight},
               {style("Genomförda", "Implemented"), Kind::kRight},
               {style("Utvärderade", "Evaluated"), Kind::kRight},
               {style("Avböjda", "Declined"), Kind::kRight},
               {style("Att värna", "Assets"), Kind::kRight}});
  for (const auto& row : answer.funnel()) {
    table.Row(
        {row.controlled_by().empty() ? Unknown(style) : row.controlled_by(),
         absl::StrCat(row.logged()), absl::StrCat(row.assigned()),
         absl::StrCat(row.planned()), absl::StrCat(row.implemented()),
         absl::StrCat(row.evaluated()), absl::StrCat(row.declined()),
         absl::StrCat(row.assets())});
  }
  return table.Text(style);
}

}  // namespace

std::string FindingsText(const FindingsAnswer& answer,
                         const ScopeOptions& scope, Sources sources,
                         const Style& style) {
  std::string out =
      ViewHeading(style("Iakttagelser", "Findings"), scope.process,
                  scope.period, answer.answered(), style);
  const std::string findings = Findings(answer, sources, style);
  absl::StrAppend(&out, "\n", findings.empty() ? Nothing(style) : findings);
  const std::string funnel = Funnel(answer, style);
  if (!funnel.empty()) {
    out += PartHeading(style("Hur långt de har kommit", "How far they are"),
                       style) +
           funnel;
  }
  return out + sources.Legend(style);
}

int ShowFindings(Session& session, const ScopeOptions& options) {
  PagedView<view::v1::ListFindingsRequest, FindingsAnswer> view;
  view.ask = [](client::Client& client,
                const view::v1::ListFindingsRequest& request)
      -> absl::StatusOr<FindingsAnswer> {
    auto answer = client.ListFindings(request);
    if (!answer.ok()) return answer.status();
    return std::move(*answer->mutable_findings());
  };
  view.text = &FindingsText;
  return ShowPages(session, options, view);
}

}  // namespace samverk::cli
