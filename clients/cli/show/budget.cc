// "samverk show budget": never one number without its certainty, its basis and
// its source.
#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::BudgetView;
using view::v1::Figure;
using view::v1::OutcomeRow;

std::string Certainty(const Figure& figure, const Style& style) {
  if (figure.precision() == event::v1::PRECISION_UNSPECIFIED) return "";
  return codec::PrecisionText(figure.precision(), style.language);
}

// Where a figure comes from: events, the words used, notes.
std::string Source(const OutcomeRow& row, Sources& sources) {
  std::string out = sources.Of(row.figure().positions(), row.figure().parts());
  if (!row.figure().verbatim().empty()) {
    absl::StrAppend(&out, out.empty() ? "" : " ", "”", row.figure().verbatim(),
                    "”");
  }
  for (const std::string& note : row.notes()) {
    absl::StrAppend(&out, out.empty() ? "" : "; ", note);
  }
  return out;
}

std::string OutcomeTable(const BudgetView& budget, Sources& sources,
                         const Style& style) {
  Table table({{style("Post", "Item"), Kind::kText},
               {style("Belopp", "Amount"), Kind::kRight},
               {style("Säkerhet", "Certainty"), Kind::kText},
               {style("Grund", "Basis"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const OutcomeRow& row : budget.rows()) {
    table.Row({absl::StrCat(row.reconciliation() ? "– " : "", row.label()),
               FigureCell(row.figure(), style), Certainty(row.figure(), style),
               Label(row.figure().basis(), style), Source(row, sources)});
    for (const Figure& earlier : row.superseded()) {
      table.Row({style("↳ tidigare", "↳ earlier"), FigureCell(earlier, style),
                 Certainty(earlier, style), Label(earlier.basis(), style),
                 sources.Of(earlier.positions(), earlier.parts())});
    }
  }
  return table.Text(style);
}

// What happened with the remainder: in one word when it is all of it, else
// sum by sum, with what nobody has disposed of.
std::string Remainder(const view::v1::GrantPosition& position,
                      const Style& style) {
  struct Way {
    view::v1::Disposition disposition;
    std::string words;
  };
  const Way ways[] = {
      {view::v1::DISPOSITION_REPAID, style(" återbetalt", " repaid")},
      {view::v1::DISPOSITION_CARRIED_OVER, style(" överfört", " carried over")},
      {view::v1::DISPOSITION_OFFSET, style(" avräknat", " set off")}};
  absl::int128 left = position.remainder().ore();
  std::string parts;
  for (const Way& way : ways) {
    absl::int128 ore = 0;
    bool any = false;
    auto precision = event::v1::PRECISION_EXACT;
    for (const auto& dated : position.grant().dispositions()) {
      if (dated.disposition() != way.disposition) continue;
      any = true;
      ore += dated.amount().ore();
      precision = codec::WorsePrecision(precision, dated.amount().precision());
    }
    left -= ore;
    if (!any) continue;
    absl::StrAppend(
        &parts, parts.empty() ? "" : ", ",
        codec::MoneyText(static_cast<int64_t>(ore), precision, style.language),
        way.words);
  }
  if (parts.empty() || !position.has_remainder() || left <= 0 ||
      position.disposition() == view::v1::DISPOSITION_RECLAIMED) {
    return Label(position.disposition(), style);
  }
  return absl::StrCat(
      parts, ", ",
      codec::MoneyText(static_cast<int64_t>(left),
                       position.remainder().precision(), style.language),
      style(" saknar disposition", " without disposition"));
}

std::string Grants(const BudgetView& budget, const Style& style) {
  Table table({{style("Bidrag", "Grant"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Beviljat", "Awarded"), Kind::kRight},
               {style("Utbetalt", "Disbursed"), Kind::kRight},
               {style("Bokfört", "Booked"), Kind::kRight},
               {style("Använt", "Used"), Kind::kRight},
               {style("Kvar", "Left"), Kind::kRight},
               {style("Rest", "Remainder"), Kind::kText}});
  for (const auto& grant : budget.grants()) {
    table.Row({grant.grant().grant().empty() ? style("egna medel", "own money")
                                             : grant.grant().grant(),
               Label(grant.state(), style), FigureCell(grant.awarded(), style),
               FigureCell(grant.disbursed(), style),
               FigureCell(grant.booked(), style),
               FigureCell(grant.used(), style),
               FigureCell(grant.remainder(), style), Remainder(grant, style)});
  }
  return table.Text(style);
}

std::string Lines(const BudgetView& budget, const Style& style) {
  Table table({{style("Budgetrad", "Budget line"), Kind::kText},
               {style("Finansieras av", "Paid by"), Kind::kText},
               {style("Planerat", "Planned"), Kind::kRight},
               {style("Bokfört", "Booked"), Kind::kRight},
               {style("Kvar", "Left"), Kind::kRight}});
  for (const auto& line : budget.lines()) {
    table.Row(
        {line.line().name().empty() ? line.line().line() : line.line().name(),
         line.line().grant().empty() ? style("egna medel", "own money")
                                     : line.line().grant(),
         FigureCell(line.planned(), style), FigureCell(line.booked(), style),
         FigureCell(line.remainder(), style)});
  }
  return table.Text(style);
}

std::string InKind(const BudgetView& budget, const Style& style) {
  Table table({{style("Egen insats", "In kind"), Kind::kText},
               {style("Uppgivet", "Stated"), Kind::kRight},
               {style("Specificerat", "Specified"), Kind::kRight},
               {style("Skillnad", "Difference"), Kind::kRight}});
  for (const auto& contributor : budget.in_kind()) {
    table.Row({contributor.contributor(),
               FigureCell(contributor.stated(), style),
               FigureCell(contributor.specified(), style),
               FigureCell(contributor.difference(), style)});
  }
  return table.Text(style);
}

std::string Years(const BudgetView& budget, const Style& style) {
  Table table({{style("År", "Year"), Kind::kWhole},
               {style("Bokfört", "Booked"), Kind::kRight}});
  for (const auto& year : budget.years()) {
    table.Row({year.year() == 0 ? style("okänt", "unknown")
                                : absl::StrCat(year.year()),
               FigureCell(year.booked(), style)});
  }
  return table.Text(style);
}

// The checks that the rows name, in the order of the answer (open first).
std::string ChecksOfRows(const BudgetView& budget,
                         const view::v1::ChecksAnswer& checks,
                         const Style& style) {
  std::string out;
  for (const auto& check : checks.checks()) {
    bool named = false;
    for (const OutcomeRow& row : budget.rows()) {
      for (const std::string& id : row.checks()) named |= id == check.id();
    }
    if (named) out += Paragraph(CheckLine(check, style), 0, style);
  }
  return out;
}

void AppendPart(std::string_view title, const std::string& part,
                const Style& style, std::string& out) {
  if (!part.empty()) out += PartHeading(title, style) + part;
}

absl::Status ListAllChecks(client::Client& client, const view::v1::Scope& scope,
                           view::v1::ChecksAnswer& all) {
  view::v1::ListChecksRequest first;
  *first.mutable_scope() = scope;
  return ForEachPage(first, [&](const view::v1::ListChecksRequest& request,
                                std::string& next) {
    auto page = client.ListChecks(request);
    if (!page.ok()) return page.status();
    next = page->checks().next_page_token();
    AppendLists(*page->mutable_checks(), all);
    return absl::OkStatus();
  });
}

}  // namespace

std::string BudgetText(const BudgetView& budget,
                       const view::v1::ChecksAnswer& checks,
                       const ScopeOptions& scope, Sources sources,
                       const Style& style) {
  std::string out = ViewHeading("Budget", scope.process, scope.period,
                                budget.answered(), style);
  AppendPart(style("Utfallstabell", "Outcome"),
             OutcomeTable(budget, sources, style), style, out);
  if (budget.rows().empty()) out += "\n" + Nothing(style);
  AppendPart(style("Kontroller", "Checks"), ChecksOfRows(budget, checks, style),
             style, out);
  AppendPart(style("Bidrag", "Grants"), Grants(budget, style), style, out);
  AppendPart(style("Budgetrader", "Budget lines"), Lines(budget, style), style,
             out);
  AppendPart(style("Egen insats", "In kind"), InKind(budget, style), style,
             out);
  AppendPart(style("Bokfört per år", "Booked by year"), Years(budget, style),
             style, out);
  if (budget.volunteer_hours_hundredths() != 0) {
    const int64_t hundredths = budget.volunteer_hours_hundredths();
    std::string hours = absl::StrCat(hundredths / 100);
    if (hundredths % 100 != 0) {
      absl::StrAppend(&hours, style(",", "."), hundredths % 100 / 10,
                      hundredths % 10);
    }
    absl::StrAppend(
        &out, "\n", style("Ideella timmar: ", "Volunteer hours: "), hours,
        style(" (ingår inte i egen insats)\n", " (not part of in kind)\n"));
  }
  return out + sources.Legend(style);
}

int ShowBudget(Session& session, const ScopeOptions& options) {
  return AskAbout(
      session, options,
      [&](client::Client& client, const view::v1::Scope& scope) {
        view::v1::GetBudgetRequest request;
        *request.mutable_scope() = scope;
        const auto budget = client.GetBudget(request);
        if (!budget.ok()) return FailToShow(session, budget.status());
        if (session.json) {
          session.PrintJson(budget->budget());
          return kDone;
        }
        view::v1::ChecksAnswer checks;
        const absl::Status listed = ListAllChecks(client, scope, checks);
        if (!listed.ok()) return FailToShow(session, listed);
        auto sources = FindSources(client, options.process, budget->budget());
        if (!sources.ok()) return session.Fail(sources.status());
        session.Print(BudgetText(budget->budget(), checks, options,
                                 *std::move(sources), session.style));
        return kDone;
      });
}

}  // namespace samverk::cli
