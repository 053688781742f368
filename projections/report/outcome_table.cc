#include "projections/report/outcome_table.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/budget/outcome_rows.h"
#include "projections/report/prose.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using event::v1::Event;
using report::v1::Paragraph;
using view::v1::Figure;
using view::v1::OutcomeRow;

namespace {

// What the figure rests on.
Words BasisWords(view::v1::Basis basis) {
  switch (static_cast<int>(basis)) {
    case view::v1::BASIS_DECIDED:
      return {"beslutat", "decided"};
    case view::v1::BASIS_STATED:
      return {"uppgivet", "stated"};
    case view::v1::BASIS_BOOKED:
      return {"bokfört", "booked"};
    case view::v1::BASIS_SPECIFIED:
      return {"specificerat", "specified"};
    case view::v1::BASIS_DERIVED:
      return {"härlett", "derived"};
    default:
      return {"okänt", "unknown"};
  }
}

// Signs of a formula that the budget's notes spell out.
bool IsFormula(std::string_view note) {
  return note.find(" \u2212 ") != std::string_view::npos ||
         note.find(" + ") != std::string_view::npos;
}

// "härlett: 300 000 kr − ca 270 000 kr"; "uppgivet".
std::string BasisText(const ReportContext& context, const OutcomeRow& row) {
  std::string text(BasisWords(row.figure().basis()).In(context.language()));
  if (row.figure().basis() != view::v1::BASIS_DERIVED) return text;
  for (const std::string& note : row.notes()) {
    if (IsFormula(note)) return absl::StrCat(text, ": ", note);
  }
  return text;
}

// What kind of events the figure comes from, in words.
std::string EventsText(const ReportContext& context, const OutcomeRow& row) {
  const Figure& figure = row.figure();
  const codec::Language language = context.language();
  const auto parts = static_cast<int64_t>(figure.parts());
  switch (static_cast<int>(figure.basis())) {
    case view::v1::BASIS_DECIDED:
      return std::string(WordsFor(RowKind(row) == kUnusedRow
                                      ? Event::kGrantSettled
                                      : Event::kGrantAwarded)
                             .In(language));
    case view::v1::BASIS_STATED:
      return std::string(WordsFor(Event::kAmountStated).In(language));
    case view::v1::BASIS_BOOKED:
      return Counted(context, parts, {"bokförd kostnad", "booked cost"},
                     {"bokförda kostnader", "booked costs"});
    case view::v1::BASIS_SPECIFIED:
      return Counted(context, parts,
                     {"specificerad insats", "specified contribution"},
                     {"specificerade insatser", "specified contributions"});
    default:  // Derived: the basis says from what.
      return std::string(context.Say("Uträknat", "Calculated"));
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
          : codec::PrecisionText(old.precision(), context.language()));
  const std::string day = StatedOn(context, old);
  if (!day.empty()) absl::StrAppend(&text, " ", day);
  prose.Own("; ").Fact(text, old);
}

Paragraph SourceCell(const ReportContext& context, const OutcomeRow& row) {
  Prose prose;
  prose.Fact(EventsText(context, row), row.figure());
  for (const std::string& note : row.notes()) {
    const bool told =
        row.figure().basis() == view::v1::BASIS_DERIVED && IsFormula(note);
    if (!told) prose.Own("; ").Fact(note, row.figure());
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

// Marks of what one event says of the sum itself; a sum of others has none of
// its own.
Marks MarksOf(const ReportContext& context, const Figure& figure,
              std::initializer_list<std::string_view> fields) {
  if (figure.basis() == view::v1::BASIS_DERIVED) return {};
  return InferredMark(context, Sources(figure), fields);
}

std::vector<Paragraph> Cells(const ReportContext& context,
                             const OutcomeRow& row) {
  const Figure& figure = row.figure();
  return {
      Prose().Fact(row.label(), figure).Done(),
      Prose()
          .Fact(SumText(context, figure), figure,
                MarksOf(context, figure, {"ore", "amount", "currency"}))
          .Done(),
      Prose()
          .Fact(codec::PrecisionText(figure.precision(), context.language()),
                figure, MarksOf(context, figure, {"precision"}))
          .Done(),
      Prose().Fact(BasisText(context, row), figure).Done(),
      SourceCell(context, row)};
}

TableWriter WriterOf(const ReportContext& context, std::string_view caption) {
  TableWriter table(caption);
  table.Left(context.Say("Post", "Item"))
      .Right(context.Say("Belopp", "Amount"))
      .Left(context.Say("Säkerhet", "Certainty"))
      .Left(context.Say("Grund", "Basis"))
      .Left(context.Say("Källa", "Source"));
  return table;
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
  TableWriter table =
      WriterOf(context, context.Say("Utfallstabell", "Outcome table"));
  for (const OutcomeRow& row : context.budget.rows()) {
    if (RowKind(row) == kTotalStatedRow || table.rows() >= kRowsMax) continue;
    table.Row(Cells(context, row), row.reconciliation());
  }
  return table.Done();
}

report::v1::Table ClaimedTotals(const ReportContext& context) {
  TableWriter table = WriterOf(
      context,
      context.Say(
          "Uppgiven totalsumma: ett påstående som kontrolleras, aldrig "
          "en del av en summa",
          "Stated total: a claim that is checked, never part of a sum"));
  for (const OutcomeRow& row : context.budget.rows()) {
    if (RowKind(row) != kTotalStatedRow || table.rows() >= kRowsMax) continue;
    table.Row(Cells(context, row));
  }
  return table.Done();
}

report::v1::BudgetChart OutcomeChart(const ReportContext& context) {
  report::v1::BudgetChart chart;
  chart.set_title(std::string(context.Say("Beviljat, använt och egen insats",
                                          "Granted, used and in kind")));
  std::string description(context.Say("Staplar: ", "Bars: "));
  for (const OutcomeRow& row : context.budget.rows()) {
    if (row.reconciliation() || RowKind(row) == kTotalStatedRow ||
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
