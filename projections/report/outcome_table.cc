#include "projections/report/outcome_table.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/prose.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using event::v1::Event;
using report::v1::Paragraph;
using view::v1::Figure;
using view::v1::OutcomeRow;

namespace {

// How sure the figure is, and why.
std::string CertaintyText(const ReportContext& context, const Figure& figure) {
  if (figure.basis() == view::v1::BASIS_DERIVED) {
    return std::string(context.Say("härlett", "derived"));
  }
  const std::string precision =
      codec::PrecisionText(figure.precision(), context.language());
  if (figure.basis() == view::v1::BASIS_BOOKED) {
    return absl::StrCat(precision,
                        std::string(context.Say(", bokfört", ", booked")));
  }
  if (figure.basis() == view::v1::BASIS_SPECIFIED) {
    return absl::StrCat(
        precision, std::string(context.Say(", specificerat", ", specified")));
  }
  return precision;
}

// What kind of events the figure comes from, in words.
std::string BasisText(const ReportContext& context, const Figure& figure) {
  const codec::Language language = context.language();
  const auto parts = static_cast<int64_t>(figure.parts());
  switch (static_cast<int>(figure.basis())) {
    case view::v1::BASIS_DECIDED:
      return std::string(WordsFor(Event::kGrantAwarded).In(language));
    case view::v1::BASIS_STATED:
      return std::string(WordsFor(Event::kAmountStated).In(language));
    case view::v1::BASIS_BOOKED:
      return Counted(context, parts, {"bokförd kostnad", "booked cost"},
                     {"bokförda kostnader", "booked costs"});
    case view::v1::BASIS_SPECIFIED:
      return Counted(context, parts,
                     {"specificerad insats", "specified contribution"},
                     {"specificerade insatser", "specified contributions"});
    default:  // Derived: the notes say from what.
      return std::string(context.Say("Beräknat", "Calculated"));
  }
}

// Day when the statement at one of the positions was recorded; empty if none.
std::string StatedOn(const ReportContext& context, const Figure& figure) {
  for (const view::v1::StatementView& statement : context.budget.statements()) {
    for (const uint64_t position : figure.positions()) {
      if (statement.origin().position() == position) {
        return codec::DateText(statement.origin().recorded_at_us());
      }
    }
  }
  return "";
}

void TellSuperseded(const ReportContext& context, const Figure& old,
                    Prose& prose) {
  std::string text = absl::StrCat(
      std::string(context.Say("var: ", "was: ")), SumText(context, old), ", ",
      old.basis() == view::v1::BASIS_STATED
          ? std::string(context.Say("uppgivet", "stated"))
          : CertaintyText(context, old));
  const std::string day = StatedOn(context, old);
  if (!day.empty()) absl::StrAppend(&text, " ", day);
  prose.Own("; ").Fact(text, old);
}

Paragraph SourceCell(const ReportContext& context, const OutcomeRow& row) {
  Prose prose;
  prose.Fact(BasisText(context, row.figure()), row.figure());
  for (const std::string& note : row.notes()) {
    prose.Own("; ").Fact(note, row.figure());
  }
  for (const Figure& old : row.superseded()) {
    TellSuperseded(context, old, prose);
  }
  std::vector<std::string> rules;
  for (const std::string& check : row.checks()) {
    const std::string rule = check.substr(0, check.find('/'));
    if (rules.empty() || rules.back() != rule) rules.push_back(rule);
  }
  if (!rules.empty()) {
    prose.Own(context.Say("; kontroll ", "; check "))
        .Own(JoinList(rules, context.language()));
  }
  return prose.Done();
}

Paragraph AmountCell(const ReportContext& context, const Figure& figure) {
  return Prose().Fact(SumText(context, figure), figure).Done();
}

bool IsInKind(const OutcomeRow& row) {
  return RowKind(row).starts_with("in_kind");
}

}  // namespace

std::string_view RowKind(const OutcomeRow& row) {
  const std::string_view key = row.key();
  return key.substr(0, key.find('/'));
}

report::v1::Table OutcomeTable(const ReportContext& context) {
  TableWriter table(context.Say("Utfallstabell", "Outcome table"));
  table.Left(context.Say("Post", "Item"))
      .Right(context.Say("Belopp", "Amount"))
      .Left(context.Say("Säkerhet", "Certainty"))
      .Left(context.Say("Källa", "Source"));
  for (const OutcomeRow& row : context.budget.rows()) {
    if (table.rows() >= kRowsMax) break;
    table.Row({Prose().Fact(row.label(), row.figure()).Done(),
               AmountCell(context, row.figure()),
               OwnCell(CertaintyText(context, row.figure())),
               SourceCell(context, row)},
              row.reconciliation());
  }
  return table.Done();
}

report::v1::BudgetChart OutcomeChart(const ReportContext& context) {
  report::v1::BudgetChart chart;
  chart.set_title(std::string(context.Say("Beviljat, använt och egen insats",
                                          "Granted, used and in kind")));
  std::string description(context.Say("Staplar: ", "Bars: "));
  for (const OutcomeRow& row : context.budget.rows()) {
    if (row.reconciliation() || RowKind(row) == "total_stated" ||
        chart.bars_size() >= kRowsMax) {
      continue;
    }
    report::v1::Bar& bar = *chart.add_bars();
    bar.set_label(row.label());
    *bar.mutable_figure() = row.figure();
    bar.set_figure_text(SumText(context, row.figure()));
    bar.set_in_kind(IsInKind(row));
    absl::StrAppend(&description, chart.bars_size() > 1 ? "; " : "",
                    row.label(), " ", bar.figure_text());
  }
  absl::StrAppend(
      &description,
      std::string(context.Say(
          ". Pengar och egen insats visas var för sig och läggs inte ihop.",
          ". Money and contributions in kind are shown apart and not added "
          "up.")));
  chart.set_description(description);
  return chart;
}

}  // namespace samverk::projections
