// Section 2: how the grant and other resources were used.
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/budget/budget_text.h"
#include "projections/report/outcome_table.h"
#include "projections/report/prose.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using report::v1::BulletList;
using report::v1::Section;
using view::v1::GrantPosition;
using view::v1::InKindView;
using view::v1::Origin;
using view::v1::StatementView;

namespace {

// The mark of a sum; how sure it is stands elsewhere.
Marks SumMark(const Origin& origin) {
  return InferredMark(origin, {"amount", "value", "ore", "currency"});
}

// Whether a row of the outcome table points to the check.
bool IsOfARow(const ReportContext& context, const std::string& check) {
  for (const view::v1::OutcomeRow& row : context.budget.rows()) {
    for (const std::string& id : row.checks()) {
      if (id == check) return true;
    }
  }
  return false;
}

// The checks of the section and of the table's rows, where the table's reader
// needs them.
void WriteChecksList(const ReportContext& context, Section& section) {
  BulletList list;
  for (const view::v1::CheckView& check : context.checks.checks()) {
    if (list.items_size() >= kRowsMax) break;
    if (check.section() != 2 && !IsOfARow(context, check.id())) continue;
    Prose prose;
    prose.Fact(
        absl::StrCat(
            check.rule(), " ",
            std::string(WordsForRule(check.rule()).In(context.language())),
            " (", std::string(WordsFor(check.state()).In(context.language())),
            ")"),
        Sources(check.positions()));
    *list.add_items() = Item(std::move(prose));
  }
  if (list.items().empty()) return;
  AddParagraph(section, Prose().Own(context.Say("Kontroller av tabellen:",
                                                "Checks of the table:")));
  AddList(section, std::move(list));
}

Words WordsForStated(event::v1::StatedKind kind) {
  switch (static_cast<int>(kind)) {
    case event::v1::STATED_KIND_GRANT_USED:
      return {"Använt av bidrag", "Used of a grant"};
    case event::v1::STATED_KIND_IN_KIND:
      return {"Egen insats", "Contribution in kind"};
    case event::v1::STATED_KIND_TOTAL:
      return {"Sammanlagd summa", "Total"};
    case event::v1::STATED_KIND_GRANT_AWARDED:
      return {"Beviljat bidrag", "Grant awarded"};
    case event::v1::STATED_KIND_PLANNED:
      return {"Planerat", "Planned"};
    default:
      return {"Uppgivet belopp", "Amount stated"};
  }
}

// The words behind a sum: of the event, else of the sum itself.
std::string_view WordsOf(const event::v1::Money& money, const Origin& origin) {
  return origin.verbatim().empty() ? money.verbatim() : origin.verbatim();
}

report::v1::ListItem StatementItem(const ReportContext& context,
                                   const StatementView& statement) {
  const Origin& origin = statement.origin();
  Prose main;
  main.Fact(
      std::string(WordsForStated(statement.kind()).In(context.language())),
      origin, InferredMark(origin, {"kind"}));
  if (!statement.contributor().empty()) {
    main.Own(", ").Fact(context.actor_name(statement.contributor()), origin,
                        InferredMark(origin, {"contributor"}));
  }
  main.Own(": ").Fact(SumText(context, statement.amount()), origin,
                      SumMark(origin));
  const std::string_view words = WordsOf(statement.amount(), origin);
  if (!words.empty())
    main.Own(" – ").Quote(Shortened(words, kQuoteBytesMax), origin);

  std::vector<Prose> details;
  if (!statement.in_kind_parts().empty()) {
    std::vector<std::string> kinds;
    for (const int kind : statement.in_kind_parts()) {
      kinds.emplace_back(WordsFor(static_cast<event::v1::InKindKind>(kind))
                             .In(context.language()));
    }
    details.emplace_back();
    details.back()
        .Own(context.Say("Uppges bestå av: ", "Said to consist of: "))
        .Fact(JoinList(kinds, context.language()), origin,
              InferredMark(origin, {"in_kind_parts"}))
        .Own(".");
  }
  if (!statement.period().edtf().empty()) {
    details.emplace_back();
    details.back()
        .Own(context.Say("Avser ", "For "))
        .Fact(TimeText(context, statement.period()), origin,
              InferredMark(origin, {"period"}))
        .Own(".");
  }
  if (statement.amount().currency_inferred()) {
    details.emplace_back();
    details.back().Fact(context.Say("Underlaget anger ingen valuta.",
                                    "The source states no currency."),
                        origin, {mark::kInferred});
  }
  return Item(std::move(main), std::move(details));
}

// Sums in the words in which they were stated.
void WriteStatements(const ReportContext& context, Section& section) {
  BulletList list;
  for (const GrantPosition& position : context.budget.grants()) {
    const view::v1::DatedAmount& awarded = position.grant().awarded();
    const std::string_view words = WordsOf(awarded.amount(), awarded.origin());
    if (words.empty()) continue;
    Prose prose;
    prose
        .Fact(std::string(WordsForStated(event::v1::STATED_KIND_GRANT_AWARDED)
                              .In(context.language())),
              awarded.origin())
        .Own(": ")
        .Fact(SumText(context, awarded.amount()), awarded.origin(),
              SumMark(awarded.origin()))
        .Own(" – ")
        .Quote(Shortened(words, kQuoteBytesMax), awarded.origin());
    *list.add_items() = Item(std::move(prose));
  }
  for (const StatementView& statement : context.budget.statements()) {
    if (list.items_size() >= kRowsMax) break;
    *list.add_items() = StatementItem(context, statement);
  }
  if (list.items().empty()) return;
  AddSubheading(section, context.Say("Så står det i underlaget",
                                     "In the words of the sources"));
  AddList(section, std::move(list));
}

Prose GrantProse(const ReportContext& context, const GrantPosition& position) {
  const view::v1::GrantView& grant = position.grant();
  const Origin& origin = grant.has_awarded() ? grant.awarded().origin()
                                             : grant.applied_for().origin();
  Prose prose;
  prose.Fact(
      Capitalised(grant.purpose().empty() ? grant.grant() : grant.purpose()),
      origin, InferredMark(origin, {"purpose"}));
  if (!grant.funder().empty()) {
    prose.Own(context.Say(", finansiär ", ", funder "));
    prose.Fact(context.actor_name(grant.funder()), origin,
               InferredMark(origin, {"funder"}));
  }
  if (!grant.recipient().empty()) {
    prose.Own(context.Say(", mottagare ", ", recipient "));
    prose.Fact(context.actor_name(grant.recipient()), origin,
               InferredMark(origin, {"recipient"}));
  }
  prose.Own(context.Say(". Läge: ", ". State: "));
  prose.Fact(WordsFor(position.state()).In(context.language()), origin);
  if (!grant.period().edtf().empty()) {
    prose.Own(context.Say(". Avser ", ". For "));
    prose.Fact(TimeText(context, grant.period()), origin,
               InferredMark(origin, {"period"}));
  }
  prose.Own(context.Say(". Beslut: ", ". Decision: "));
  if (grant.registry_number().empty()) {
    prose.Lack(context.Say("diarienummer saknas", "registry number missing"));
  } else {
    prose.Fact(grant.registry_number(), origin,
               InferredMark(origin, {"registry_number"}));
  }
  if (!grant.conditions().empty()) {
    prose.Own(context.Say(". Villkor: ", ". Conditions: "));
    prose.Fact(grant.conditions(), origin,
               InferredMark(origin, {"conditions"}));
  }
  prose.Own(context.Say(". Utbetalt: ", ". Disbursed: "));
  const std::string disbursed = SumText(context, position.disbursed());
  if (position.disbursed().parts() == 0) {
    prose.Lack(context.Say("inte registrerat", "not recorded"));
  } else {
    prose.Fact(disbursed, position.disbursed(),
               InferredMark(context, Sources(position.disbursed()),
                            {"amount", "ore", "currency"}));
  }
  const std::string remainder = RemainderText(position, context.language());
  if (!remainder.empty()) {
    Sources sources = Sources(position.remainder());
    for (const view::v1::DatedAmount& part : grant.dispositions()) {
      sources.Add(part.origin().position());
    }
    prose.Own(context.Say(". Rest: ", ". Remainder: "))
        .Fact(remainder, sources);
  }
  return prose.Own(".");
}

void WriteGrants(const ReportContext& context, Section& section) {
  BulletList list;
  for (const GrantPosition& position : context.budget.grants()) {
    if (list.items_size() >= kRowsMax) break;
    *list.add_items() = Item(GrantProse(context, position));
    const std::string& id = position.grant().grant();
    if (position.grant().registry_number().empty()) {
      AddMissing(
          section,
          absl::StrCat(std::string(context.Say("Beslut om bidraget ",
                                               "The decision on grant ")),
                       id,
                       std::string(context.Say(" (diarienummer).",
                                               " (registry number)."))));
    }
    if (position.disbursed().parts() == 0) {
      AddMissing(
          section,
          absl::StrCat(std::string(context.Say("Utbetalning av bidraget ",
                                               "Disbursement of grant ")),
                       id, "."));
    }
    if (position.disposition() == view::v1::DISPOSITION_MISSING) {
      AddMissing(section,
                 absl::StrCat(std::string(context.Say(
                                  "Beslut om vad som händer med resten av "
                                  "bidraget ",
                                  "A decision on what happens with the "
                                  "remainder of grant ")),
                              id, "."));
    }
    if (position.used().basis() == view::v1::BASIS_STATED) {
      AddMissing(section,
                 absl::StrCat(std::string(context.Say(
                                  "Verifikationer för det använda av bidraget ",
                                  "Vouchers for what was used of grant ")),
                              id, "."));
    }
  }
  if (list.items().empty()) {
    AddMissing(section, context.Say("Inget bidrag är registrerat.",
                                    "No grant is recorded."));
    return;
  }
  AddSubheading(section, context.Say("Bidrag", "Grants"));
  AddList(section, std::move(list));
}

void WriteLines(const ReportContext& context, Section& section) {
  TableWriter table(context.Say("Budgetrader", "Budget lines"));
  table.Left(context.Say("Rad", "Line"))
      .Right(context.Say("Planerat", "Planned"))
      .Right(context.Say("Bokfört", "Booked"))
      .Right(context.Say("Kvar", "Left"));
  for (const view::v1::LinePosition& line : context.budget.lines()) {
    if (table.rows() >= kRowsMax) break;
    const auto cell = [&](const view::v1::Figure& figure) {
      return Prose().Fact(SumText(context, figure), figure).Done();
    };
    Sources sources = line.line().origin();
    sources.Add(line.planned()).Add(line.booked());
    table.Row({Prose().Fact(line.line().name(), sources).Done(),
               cell(line.planned()), cell(line.booked()),
               cell(line.remainder())});
  }
  AddTable(section, table.Done());
}

void WriteYears(const ReportContext& context, Section& section) {
  TableWriter table(context.Say("Bokfört per år", "Booked by year"));
  table.Left(context.Say("År", "Year"))
      .Right(context.Say("Bokfört", "Booked"))
      .Right(context.Say("Antal kostnader", "Number of costs"));
  for (const view::v1::YearPosition& year : context.budget.years()) {
    table.Row(
        {Prose()
             .Fact(year.year() == 0
                       ? std::string(context.Say("okänt", "unknown"))
                       : absl::StrCat(year.year()),
                   year.booked())
             .Done(),
         Prose().Fact(SumText(context, year.booked()), year.booked()).Done(),
         Prose()
             .Fact(
                 codec::NumberText(static_cast<int64_t>(year.booked().parts()),
                                   context.language()),
                 year.booked())
             .Done()});
  }
  AddTable(section, table.Done());
}

// "57,5 h", from hundredths; empty when no quantity was given.
std::string QuantityText(const ReportContext& context, int64_t hundredths,
                         std::string_view unit) {
  if (hundredths == 0) return "";
  std::string text = codec::NumberText(hundredths / 100, context.language());
  const int64_t rest = std::abs(hundredths % 100);
  if (rest != 0) {
    absl::StrAppend(&text, std::string(context.Say(",", ".")), rest / 10);
    if (rest % 10 != 0) absl::StrAppend(&text, rest % 10);
  }
  return absl::StrCat(text, "\u00A0", std::string(unit));
}

void WriteInKindParts(const ReportContext& context, Section& section) {
  TableWriter table(context.Say("Egen insats, delposter",
                                "Contributions in kind, part by part"));
  table.Left(context.Say("Delpost", "Part"))
      .Left(context.Say("Bidragsgivare", "Contributor"))
      .Right(context.Say("Omfattning × taxa", "Quantity × rate"))
      .Right(context.Say("Värde", "Value"))
      .Left(context.Say("Läge", "State"));
  for (const InKindView& part : context.in_kind) {
    std::string calculation =
        QuantityText(context, part.quantity_hundredths(), part.unit());
    if (part.rate_ore() != 0) {
      absl::StrAppend(
          &calculation, " × ",
          codec::MoneyText(part.rate_ore(), event::v1::PRECISION_EXACT,
                           context.language()));
      if (!part.rate_basis().empty()) {
        absl::StrAppend(&calculation, " (", part.rate_basis(), ")");
      }
    }
    if (calculation.empty()) {
      calculation = context.Say("ej specificerad", "not specified");
    }
    std::string state(WordsFor(part.state()).In(context.language()));
    if (part.counted_ore() != part.value().ore()) {
      absl::StrAppend(
          &state, std::string(context.Say(", räknas som ", ", counted as ")),
          codec::MoneyText(part.counted_ore(), part.value().precision(),
                           context.language()));
    }
    Sources state_sources = part.origin();
    for (const view::v1::InKindStep& step : part.steps()) {
      state_sources.Add(step.origin().position());
    }
    table.Row(
        {Prose()
             .Fact(Capitalised(WordsFor(part.kind()).In(context.language())),
                   part.origin(), InferredMark(part.origin(), {"kind"}))
             .Done(),
         Prose()
             .Fact(context.actor_name(part.contributor()), part.origin(),
                   InferredMark(part.origin(), {"contributor"}))
             .Done(),
         Prose()
             .Fact(calculation, part.origin(),
                   InferredMark(part.origin(), {"quantity_hundredths", "unit",
                                                "rate_ore", "rate_basis"}))
             .Done(),
         Prose()
             .Fact(SumText(context, part.value()), part.origin(),
                   SumMark(part.origin()))
             .Done(),
         Prose().Fact(state, state_sources).Done()});
  }
  AddTable(section, table.Done());
}

void WriteInKind(const ReportContext& context, Section& section) {
  TableWriter table(
      context.Say("Egen insats per bidragsgivare", "In kind by contributor"));
  table.Left(context.Say("Bidragsgivare", "Contributor"))
      .Right(context.Say("Uppgivet", "Stated"))
      .Right(context.Say("Specificerat", "Specified"))
      .Right(context.Say("Skillnad", "Difference"));
  for (const view::v1::ContributorPosition& position :
       context.budget.in_kind()) {
    if (table.rows() >= kRowsMax) break;
    const auto cell = [&](const view::v1::Figure& figure) {
      const std::string text = SumText(context, figure);
      return text.empty() || figure.parts() == 0
                 ? LackCell(context.Say("saknas", "missing"))
                 : Prose().Fact(text, figure).Done();
    };
    Sources sources = position.stated();
    sources.Add(position.specified());
    table.Row({Prose()
                   .Fact(context.actor_name(position.contributor()), sources)
                   .Done(),
               cell(position.stated()), cell(position.specified()),
               cell(position.difference())});
    if (position.specified().parts() == 0) {
      AddMissing(section,
                 absl::StrCat(std::string(context.Say(
                                  "Delposter (timmar, taxor, lokaler) för egen "
                                  "insats från ",
                                  "Parts (hours, rates, premises) of the "
                                  "contribution from ")),
                              context.actor_name(position.contributor()), "."));
    }
  }
  AddTable(section, table.Done());
  WriteInKindParts(context, section);
}

Prose VolunteerProse(const ReportContext& context) {
  Prose prose;
  const int64_t hours = context.budget.volunteer_hours_hundredths();
  if (hours == 0) return prose;
  prose.Own(context.Say("Ideell tid: ", "Volunteer time: "))
      .Fact(QuantityText(context, hours, "h"), context.volunteer_time)
      .Own(context.Say(". Räknas inte in i egen insats.",
                       ". Not counted among contributions in kind."));
  return prose;
}

}  // namespace

void WriteMoneySection(const ReportContext& context, Section& section) {
  AddTable(section, OutcomeTable(context));
  AddTable(section, ClaimedTotals(context));
  WriteChecksList(context, section);
  report::v1::BudgetChart chart = OutcomeChart(context);
  if (!chart.bars().empty()) {
    *section.add_blocks()->mutable_budget_chart() = std::move(chart);
  }
  WriteStatements(context, section);
  WriteGrants(context, section);
  WriteLines(context, section);
  WriteYears(context, section);
  WriteInKind(context, section);
  AddParagraph(section, VolunteerProse(context));
}

}  // namespace samverk::projections
