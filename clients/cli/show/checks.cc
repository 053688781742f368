// "samverk show checks": what a controller should look at; then documents and
// reports.
#include "absl/strings/str_cat.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::ChecksAnswer;
using view::v1::CheckView;

std::string Sign(view::v1::CheckState state) {
  switch (state) {
    case view::v1::CHECK_STATE_EXPLAINED:
      return "·";
    case view::v1::CHECK_STATE_RESOLVED:
      return "✓";
    default:
      return "⚠";
  }
}

// A check with what it says, what to do about it, and what was said of it.
std::string Check(const CheckView& check, Sources& sources,
                  const Style& style) {
  constexpr size_t kIndent = 4;
  std::string head = absl::StrCat(Sign(check.state()), " ", check.id(), " ",
                                  Label(check.state(), style));
  const std::string positions = sources.Of(check.positions());
  if (!positions.empty()) absl::StrAppend(&head, "  ", positions);
  std::string out = absl::StrCat(style.Bold(head), "\n",
                                 Paragraph(check.text(), kIndent, style));
  if (!check.action().empty()) {
    out += Paragraph(absl::StrCat("→ ", check.action()), kIndent, style);
  }
  for (const auto& step : check.steps()) {
    std::string said =
        absl::StrCat(Label(step.state(), style), ": ", step.text());
    if (!step.accepted_by().empty()) {
      absl::StrAppend(&said, " (", step.accepted_by(), ")");
    }
    const std::string source = sources.Of(step.origin());
    if (!source.empty()) absl::StrAppend(&said, " ", source);
    out += Paragraph(said, kIndent, style);
  }
  return out;
}

std::string Checks(const ChecksAnswer& answer, Sources& sources,
                   const Style& style) {
  std::string out;
  for (const CheckView& check : answer.checks())
    out += Check(check, sources, style);
  return out;
}

std::string Documents(const ChecksAnswer& answer, Sources& sources,
                      const Style& style) {
  Table table({{style("Dokument", "Document"), Kind::kText},
               {style("Titel", "Title"), Kind::kText},
               {style("Slag", "Kind"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const auto& document : answer.documents()) {
    const bool attached = document.has_attached();
    table.Row(
        {document.document(),
         attached ? document.attached().title()
                  : document.missing().referenced_as(),
         Label(
             attached ? document.attached().kind() : document.missing().kind(),
             style),
         attached ? style("bifogat", "attached") : style("saknas", "missing"),
         sources.Of(attached ? document.attached_origin()
                             : document.missing_origin())});
  }
  return table.Text(style);
}

std::string Reports(const ChecksAnswer& answer, Sources& sources,
                    const Style& style) {
  Table table({{style("Rapport", "Report"), Kind::kText},
               {style("Steg", "Step"), Kind::kText},
               {style("Uppgifter", "Details"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  const auto name_of = [&style](const std::string& state) {
    if (state == "generated") return style("genererad", "generated");
    if (state == "submitted") return style("inlämnad", "submitted");
    if (state == "returned") return style("kompletteras", "returned");
    if (state == "approved") return style("godkänd", "approved");
    return state;
  };
  for (const auto& report : answer.reports()) {
    for (const auto& step : report.steps()) {
      table.Row({report.report(), name_of(step.state()),
                 Joined(step.details(), "\n"), sources.Of(step.origin())});
    }
  }
  return table.Text(style);
}

}  // namespace

std::string CheckLine(const CheckView& check, const Style& style) {
  return absl::StrCat(Sign(check.state()), " ", check.id(), " ",
                      Label(check.state(), style), ": ", check.text());
}

std::string ChecksText(const ChecksAnswer& answer, const ScopeOptions& scope,
                       Sources sources, const Style& style) {
  std::string out = ViewHeading(style("Kontroller", "Checks"), scope.process,
                                scope.period, answer.answered(), style);
  const std::string checks = Checks(answer, sources, style);
  absl::StrAppend(&out, "\n", checks.empty() ? Nothing(style) : checks);
  const std::string documents = Documents(answer, sources, style);
  if (!documents.empty()) {
    out += PartHeading(style("Dokument", "Documents"), style) + documents;
  }
  const std::string reports = Reports(answer, sources, style);
  if (!reports.empty()) {
    out += PartHeading(style("Rapporter", "Reports"), style) + reports;
  }
  return out + sources.Legend(style);
}

int ShowChecks(Session& session, const ScopeOptions& options) {
  PagedView<view::v1::ListChecksRequest, ChecksAnswer> view;
  view.ask = [](client::Client& client,
                const view::v1::ListChecksRequest& request)
      -> absl::StatusOr<ChecksAnswer> {
    auto answer = client.ListChecks(request);
    if (!answer.ok()) return answer.status();
    return std::move(*answer->mutable_checks());
  };
  view.text = &ChecksText;
  return ShowPages(session, options, view);
}

}  // namespace samverk::cli
