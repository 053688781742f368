// C1: a stated total against what can be derived.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/budget/derivations.h"
#include "projections/budget/figures.h"
#include "projections/budget/outcome_rows.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::Figure;
using view::v1::GrantPosition;
using view::v1::StatementView;

// "Beviljat + egen insats: 300 000 kr + 342 840 kr = 642 840 kr."
std::string FormulaText(const CheckContext& context, absl::string_view cash,
                        const Figure& sum_of_cash, const Derivations& derived,
                        const Figure& sum) {
  if (!derived.has_in_kind()) {
    return absl::StrCat(cash, ": ", context.Show(sum_of_cash), ".");
  }
  return absl::StrCat(cash, context.Say(" + egen insats: ", " + in kind: "),
                      context.Show(sum_of_cash), " + ",
                      context.Show(derived.in_kind), " = ", context.Show(sum),
                      ".");
}

// The sum of the parts that a total names, as far as they are known; without
// parts: nothing was named.
FigureSum SumOfParts(const CheckContext& context,
                     const StatementView& statement) {
  FigureSum sum;
  for (const auto& part : statement.total_of()) {
    for (const GrantPosition& position : context.budget.grants()) {
      if (!part.grant().empty() && position.grant().grant() == part.grant() &&
          position.has_awarded()) {
        sum.Add(position.awarded());
      }
    }
    for (const StatementView& other : context.money.statements) {
      if (!part.statement().empty() && other.statement() == part.statement()) {
        sum.Add(MakeFigure(other.amount(), view::v1::BASIS_STATED,
                           other.origin().position()));
      }
    }
  }
  return sum;
}

bool IsAbout(const Figure& figure) {
  return figure.precision() == event::v1::PRECISION_ESTIMATE ||
         figure.precision() == event::v1::PRECISION_UNKNOWN;
}

void TellBasis(const CheckContext& context, const Figure& claim,
               const Derivations& derived, const FigureSum& parts,
               CheckDraft& draft) {
  if (!derived.has_granted() && !derived.has_used() && !derived.has_in_kind() &&
      parts.empty()) {
    draft.Text(context.Say("Summan kan inte räknas fram ur registret.",
                           "The sum cannot be derived from the register."));
    return;
  }
  const bool is_granted =
      derived.has_granted() && derived.GrantedPlusInKind().ore() == claim.ore();
  const bool is_used =
      derived.has_used() && derived.UsedPlusInKind().ore() == claim.ore();
  if (is_used) return;
  if (is_granted && derived.has_used()) {
    draft.Text(context.Say(
        "Summan räknar med hela det beviljade beloppet, också det som inte "
        "har använts: den blandar det som har funnits och det som har "
        "förbrukats.",
        "The sum takes in the whole grant, also what was not used: it mixes "
        "what was available and what was consumed."));
  } else if (!is_granted &&
             parts.Result(view::v1::BASIS_DERIVED).ore() != claim.ore()) {
    draft.Text(context.Say("Summan stämmer inte med någon uträkning.",
                           "The sum agrees with no derivation."));
  }
}

void TellParts(const CheckContext& context, const Figure& claim,
               const FigureSum& parts, CheckDraft& draft) {
  if (parts.empty()) return;
  const Figure sum = parts.Result(view::v1::BASIS_DERIVED);
  draft.AtAll(sum.positions());
  if (sum.ore() != claim.ore()) {
    draft.Text(absl::StrCat(
        context.Say("Delarna som anges ger ", "The parts that it names give "),
        context.Show(sum), "."));
  }
}

// Words of rounding against arithmetic: with the parts, if they are named, or
// else with the derivation that the sum is.
void TellRounding(const CheckContext& context, const Figure& claim,
                  const Derivations& derived, const FigureSum& parts,
                  CheckDraft& draft) {
  for (const Figure& sum :
       {parts.Result(view::v1::BASIS_DERIVED), derived.UsedPlusInKind(),
        derived.GrantedPlusInKind()}) {
    if (sum.parts() == 0 || sum.ore() != claim.ore()) continue;
    if (IsAbout(claim) && !IsAbout(sum)) {
      draft.Text(
          context.Say("Den anges som ungefärlig, men delarna är det inte.",
                      "It is said to be approximate, but its parts are not."));
    } else if (!IsAbout(claim) && IsAbout(sum)) {
      draft.Text(context.Say(
          "Den anges utan \"ca\", men någon av delarna är en uppskattning.",
          "It is said without \"about\", but one of its parts is an "
          "estimate."));
    }
    return;
  }
}

// Unit, VAT and time: without them nobody can audit a sum.
void TellMissing(const CheckContext& context, const StatementView& statement,
                 CheckDraft& draft) {
  std::vector<std::string> missing;
  if (statement.amount().currency_inferred()) {
    missing.emplace_back(context.Say("enhet", "unit"));
  }
  const auto vat = statement.amount().vat();
  if (vat == event::v1::VAT_UNSPECIFIED || vat == event::v1::VAT_UNKNOWN) {
    missing.emplace_back(context.Say("moms", "VAT"));
  }
  bool inferred = false;
  for (const std::string& field : statement.origin().inferred_fields()) {
    inferred = inferred || field == "amount_stated.period";
  }
  if (inferred || !IsKnown(statement.period())) {
    missing.emplace_back(context.Say("period", "period"));
  }
  if (missing.empty()) return;
  draft.Text(absl::StrCat(context.Say("Den anger inte ", "It lacks "),
                          JoinWords(missing, context.language()), "."));
}

void AddTotal(const CheckContext& context, const Derivations& derived,
              const StatementView& statement, Checks& checks) {
  const Figure claim = MakeFigure(statement.amount(), view::v1::BASIS_STATED,
                                  statement.origin().position());
  const FigureSum parts = SumOfParts(context, statement);
  CheckDraft found("C1", statement.statement());
  TellBasis(context, claim, derived, parts, found);
  TellParts(context, claim, parts, found);
  TellRounding(context, claim, derived, parts, found);
  TellMissing(context, statement, found);
  if (found.empty()) return;

  CheckDraft draft("C1", statement.statement());
  draft.Text(absl::StrCat(
      context.Say("Uppgiven totalsumma: ", "Stated total: "),
      statement.amount().verbatim().empty()
          ? context.Show(claim)
          : absl::StrCat("\"", statement.amount().verbatim(), "\""),
      "."));
  const Figure granted = derived.GrantedPlusInKind();
  const Figure used = derived.UsedPlusInKind();
  if (derived.has_granted()) {
    draft.Text(FormulaText(context, context.Say("Beviljat", "Granted"),
                           derived.granted, derived, granted));
  }
  if (derived.has_used()) {
    draft.Text(FormulaText(context, context.Say("Använt", "Used"), derived.used,
                           derived, used));
  }
  const auto found_check = found.Done();
  checks.push_back(
      draft.Text(found_check.text())
          .Action(context.Say(
              "Ange vad totalsumman avser (beviljat eller använt) och det som "
              "saknas, eller förklara den.",
              "Say what the total is of (granted or used) and what is missing, "
              "or explain it."))
          .At(statement.origin().position())
          .AtAll(found_check.positions())
          .AtAll(granted.positions())
          .AtAll(used.positions())
          .Row(kTotalStatedRow, statement.statement())
          .Row(kGrantedPlusInKindRow)
          .Row(kUsedPlusInKindRow)
          .Done());
}

// The award of a grant, or null.
const view::v1::DatedAmount* AwardOf(const MoneyFacts& money,
                                     std::string_view id) {
  for (const auto* grants : {&money.grants, &money.other_grants}) {
    for (const view::v1::GrantView& grant : *grants) {
      if (grant.grant() == id && grant.has_awarded()) return &grant.awarded();
    }
  }
  return nullptr;
}

// A report's word on what was awarded, against the decision.
void AddAwardClaim(const CheckContext& context, const StatementView& statement,
                   Checks& checks) {
  const Figure claim = MakeFigure(statement.amount(), view::v1::BASIS_STATED,
                                  statement.origin().position());
  const view::v1::DatedAmount* award =
      AwardOf(context.money, statement.grant());
  CheckDraft draft("C1", statement.statement());
  if (award == nullptr) {
    draft.Text(absl::StrCat(
        context.Show(claim),
        context.Say(" uppges vara beviljat, men inget beviljande är "
                    "registrerat.",
                    " is said to be awarded, but no award is recorded.")));
  } else if (award->amount().ore() != claim.ore()) {
    draft.At(award->origin().position())
        .Text(absl::StrCat(
            context.Show(claim),
            context.Say(" uppges vara beviljat, beslutet är på ",
                        " is said to be awarded, the decision is on "),
            codec::MoneyText(award->amount().ore(), award->amount().precision(),
                             context.language()),
            "."));
  }
  if (draft.empty()) return;
  checks.push_back(
      draft.At(statement.origin().position())
          .Row(kGrantedRow, statement.grant())
          .Action(context.Say("Registrera beslutet, eller rätta uppgiften.",
                              "Record the decision, or correct the statement."))
          .Done());
}

}  // namespace

void AddTotalChecks(const CheckContext& context, Checks& checks) {
  const Derivations derived = Derive(context.budget);
  for (const StatementView& statement : context.money.statements) {
    if (statement.kind() == event::v1::STATED_KIND_TOTAL) {
      AddTotal(context, derived, statement, checks);
    } else if (statement.kind() == event::v1::STATED_KIND_GRANT_AWARDED) {
      AddAwardClaim(context, statement, checks);
    }
  }
}

}  // namespace samverk::projections
