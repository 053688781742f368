#include "projections/budget/outcome_rows.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/budget/budget_text.h"
#include "projections/budget/derivations.h"
#include "projections/budget/grant_position.h"

namespace samverk::projections {
namespace {

using codec::Language;
using view::v1::BudgetView;
using view::v1::ContributorPosition;
using view::v1::Figure;
using view::v1::GrantPosition;
using view::v1::GrantView;
using view::v1::OutcomeRow;
using view::v1::StatementView;

constexpr char kMinus[] = " \u2212 ";

// Whether awarded − booked before the period − used is what is left: a settled
// remainder may be another sum.
bool GivesRemainder(const GrantPosition& position, const Figure& before) {
  if (!position.has_awarded() || !position.has_used()) return false;
  FigureSum left;
  left.Add(position.awarded());
  left.Subtract(before);
  left.Subtract(position.used());
  return left.Result(view::v1::BASIS_DERIVED).ore() ==
         position.remainder().ore();
}

// Writes rows into a budget.
class RowWriter {
 public:
  RowWriter(const ViewSet& views, const Question& question,
            const MoneyFacts& facts, BudgetView& budget)
      : views_(views),
        question_(question),
        facts_(facts),
        budget_(budget),
        language_(question.language) {}

  void AddGrant(const GrantPosition& position);
  void AddCostsOfOtherGrants();
  void AddOwnMoney();
  void AddContributor(const ContributorPosition& position);
  void AddTotals();
  void AddReconciliation();

 private:
  OutcomeRow& Row(absl::string_view kind, absl::string_view about,
                  std::string label, Figure figure);
  absl::string_view Say(absl::string_view sv, absl::string_view en) const {
    return projections::Say(language_, sv, en);
  }
  std::string Show(const Figure& figure) const {
    return FigureText(figure, language_);
  }
  std::string ShortName(const std::string& actor) const {
    return ShortActorName(views_, question_.process, actor);
  }
  // " (FGK)", or with the grant's id when there are several; for rows that
  // need no funder: "" when there is but one grant.
  std::string GrantSuffix(const GrantView& grant, bool always) const;

  void AddGranted(const GrantPosition& position);
  void AddUsed(const GrantPosition& position);
  void AddBookedNotes(const GrantPosition& position, OutcomeRow& row) const;
  void AddUnused(const GrantPosition& position);
  void AddSuperseded(const Claim& claim, bool standing_too,
                     OutcomeRow& row) const;
  std::string AttestText(const std::string& grant) const;
  void AddSum(absl::string_view kind, absl::string_view label,
              const Figure& cash, const Figure& in_kind, Figure sum);
  std::string ClaimText(const StatementView& statement) const;

  const ViewSet& views_;
  const Question& question_;
  const MoneyFacts& facts_;
  BudgetView& budget_;
  const Language language_;
};

OutcomeRow& RowWriter::Row(absl::string_view kind, absl::string_view about,
                           std::string label, Figure figure) {
  OutcomeRow& row = *budget_.add_rows();
  row.set_key(about.empty() ? std::string(kind)
                            : absl::StrCat(kind, "/", about));
  row.set_label(std::move(label));
  *row.mutable_figure() = std::move(figure);
  return row;
}

std::string RowWriter::GrantSuffix(const GrantView& grant, bool always) const {
  const bool several = facts_.grants.size() > 1;
  if (!several && !always) return "";
  std::vector<std::string> parts;
  if (!grant.funder().empty()) parts.push_back(ShortName(grant.funder()));
  if (several || parts.empty()) parts.push_back(grant.grant());
  return absl::StrCat(" (", parts.front(),
                      parts.size() > 1 ? ", " + parts.back() : "", ")");
}

void RowWriter::AddGrant(const GrantPosition& position) {
  if (position.has_awarded()) AddGranted(position);
  if (position.has_awarded() || position.has_used()) AddUsed(position);
  if (position.has_remainder()) AddUnused(position);
}

void RowWriter::AddGranted(const GrantPosition& position) {
  const GrantView& grant = position.grant();
  OutcomeRow& row =
      Row(kGrantedRow, grant.grant(),
          absl::StrCat(Say("Beviljat samverkansstöd", "Grant awarded"),
                       GrantSuffix(grant, true)),
          position.awarded());
  if (LacksDecision(grant)) {
    row.add_notes(std::string(Say("beslut saknas, bilaga krävs",
                                  "decision missing, attachment required")));
  } else if (!grant.registry_number().empty()) {
    row.add_notes(
        absl::StrCat(Say("dnr ", "registry no. "), grant.registry_number()));
  }
}

void RowWriter::AddUsed(const GrantPosition& position) {
  const GrantView& grant = position.grant();
  const Claim claim = ClaimOfUse(facts_, grant.grant());
  const std::string label =
      absl::StrCat(Say("Använt av samverkansstödet", "Used of the grant"),
                   GrantSuffix(grant, false));
  if (position.booked().parts() > 0) {
    OutcomeRow& row =
        Row(kUsedBookedRow, grant.grant(), label, position.booked());
    AddBookedNotes(position, row);
    AddSuperseded(claim, true, row);
    return;
  }
  if (claim.empty()) {
    Figure unknown;
    unknown.set_currency("SEK");
    unknown.set_precision(event::v1::PRECISION_UNKNOWN);
    unknown.set_basis(view::v1::BASIS_STATED);
    Row(kUsedStatedRow, grant.grant(), label, std::move(unknown))
        .add_notes(std::string(Say("inget uppgivet och inget bokfört",
                                   "nothing stated and nothing booked")));
    return;
  }
  OutcomeRow& row =
      Row(kUsedStatedRow, grant.grant(), label, position.stated_used());
  row.add_notes(std::string(
      Say("ej styrkt av verifikationer", "not backed by vouchers")));
  AddSuperseded(claim, false, row);
}

void RowWriter::AddBookedNotes(const GrantPosition& position,
                               OutcomeRow& row) const {
  row.add_notes(AttestText(position.grant().grant()));
  if (position.has_stated_used()) {
    const Figure difference =
        Difference(position.stated_used(), position.booked());
    if (difference.ore() != 0) {
      row.add_notes(
          absl::StrCat(Say("uppgivet minus bokfört: ", "stated minus booked: "),
                       Show(difference)));
    }
  }
  if (position.grant().has_settled_used()) {
    const auto& settled = position.grant().settled_used().amount();
    row.add_notes(absl::StrCat(
        Say("godkänt av finansiären: ", "accepted by the funder: "),
        codec::MoneyText(settled.ore(), settled.precision(), language_)));
  }
}

std::string RowWriter::AttestText(const std::string& grant) const {
  uint64_t count = 0;
  uint64_t attested = 0;
  for (const auto& [key, total] : facts_.booked.in_period) {
    if (key.grant != grant) continue;
    count += total.count;
    attested += total.attested;
  }
  return absl::StrCat(attested, Say(" av ", " of "), count,
                      Say(" attesterade", " attested"));
}

void RowWriter::AddUnused(const GrantPosition& position) {
  const GrantView& grant = position.grant();
  OutcomeRow& row =
      Row(kUnusedRow, grant.grant(),
          absl::StrCat(Say("Ej använt", "Unused"), GrantSuffix(grant, false)),
          position.remainder());
  row.set_disposition(position.disposition());
  const Figure before =
      BookedOnGrant(facts_.booked.before_period, grant.grant());
  if (GivesRemainder(position, before)) {
    std::string formula = Show(position.awarded());
    if (before.parts() > 0) {
      absl::StrAppend(&formula, kMinus, Show(before),
                      Say(" före perioden", " before the period"));
    }
    absl::StrAppend(&formula, kMinus, Show(position.used()));
    row.add_notes(std::move(formula));
  }
  if (grant.has_settled_remainder()) {
    row.add_notes(
        std::string(Say("fastställt av finansiären", "settled by the funder")));
  }
  for (std::string& text : DispositionTexts(grant, language_)) {
    row.add_notes(std::move(text));
  }
  if (position.disposition() == view::v1::DISPOSITION_MISSING) {
    row.add_notes(
        std::string(Say("disposition saknas", "disposition missing")));
  } else if (position.remainder().ore() < 0) {
    row.add_notes(
        std::string(Say("mer använt än beviljat", "more used than awarded")));
  } else if (!grant.dispositions().empty()) {
    const Figure left = Undisposed(position);
    if (left.ore() > 0) {
      row.add_notes(absl::StrCat(
          Say("disposition saknas för ", "disposition missing for "),
          Show(left)));
    }
  }
}

void RowWriter::AddSuperseded(const Claim& claim, bool standing_too,
                              OutcomeRow& row) const {
  const auto add = [&row](const StatementView* statement) {
    *row.add_superseded() =
        MakeFigure(statement->amount(), view::v1::BASIS_STATED,
                   statement->origin().position());
  };
  if (standing_too) {
    for (const StatementView* statement : claim.standing) add(statement);
  }
  for (const StatementView* statement : claim.superseded) add(statement);
}

void RowWriter::AddCostsOfOtherGrants() {
  for (const GrantView& grant : facts_.other_grants) {
    const Figure booked = BookedOnGrant(facts_.booked.in_period, grant.grant());
    if (booked.parts() == 0) continue;
    Row(kUsedBookedRow, grant.grant(),
        absl::StrCat(Say("Bokfört på ", "Booked on "), grant.grant()), booked)
        .add_notes(std::string(Say("bidraget är inte för perioden",
                                   "the grant is not for the period")));
  }
}

void RowWriter::AddOwnMoney() {
  const Figure booked = BookedOnGrant(facts_.booked.in_period, "");
  if (booked.parts() == 0) return;
  Row(kUsedBookedRow, "",
      std::string(Say("Bokfört på egna medel", "Booked on own money")), booked)
      .add_notes(AttestText(""));
}

void RowWriter::AddContributor(const ContributorPosition& position) {
  const std::string& id = position.contributor();
  const std::string name =
      absl::StrCat(Say("Egen insats ", "Own contribution "), ShortName(id));
  const absl::string_view in_kind = Say(" (naturainsats)", " (in kind)");
  if (position.has_stated()) {
    OutcomeRow& row = Row(kInKindStatedRow, id, absl::StrCat(name, in_kind),
                          position.stated());
    if (!position.has_specified()) {
      row.add_notes(std::string(Say("delposter saknas", "parts missing")));
    } else if (position.difference().ore() != 0) {
      row.add_notes(absl::StrCat(
          Say("uppgivet minus delposter: ", "stated minus parts: "),
          Show(position.difference())));
    }
    AddSuperseded(ClaimOfInKind(facts_, id), false, row);
  }
  if (position.has_specified()) {
    OutcomeRow& row =
        Row(kInKindSpecifiedRow, id,
            absl::StrCat(name, Say(", delposter", ", parts"), in_kind),
            position.specified());
    const uint64_t without_rate = SpecifiedBy(facts_, id).without_rate;
    if (without_rate > 0) {
      row.add_notes(absl::StrCat(
          without_rate, Say(" av ", " of "), position.specified().parts(),
          Say(" utan antal eller taxa", " without quantity or rate")));
    }
  }
}

std::string RowWriter::ClaimText(const StatementView& statement) const {
  const std::string& words = statement.amount().verbatim();
  return absl::StrCat(
      Say("så räknat i rapporten (\"", "as counted in the report (\""),
      words.empty()
          ? codec::MoneyText(statement.amount().ore(),
                             statement.amount().precision(), language_)
          : words,
      "\")");
}

void RowWriter::AddTotals() {
  for (const StatementView& statement : facts_.statements) {
    if (statement.kind() != event::v1::STATED_KIND_TOTAL) continue;
    OutcomeRow& row = Row(kTotalStatedRow, statement.statement(),
                          std::string(Say("Uppgiven sammanlagd resursinsats",
                                          "Stated total of resources")),
                          MakeFigure(statement.amount(), view::v1::BASIS_STATED,
                                     statement.origin().position()));
    row.set_reconciliation(true);
    row.add_notes(ClaimText(statement));
  }
}

void RowWriter::AddSum(absl::string_view kind, absl::string_view label,
                       const Figure& cash, const Figure& in_kind, Figure sum) {
  OutcomeRow& row = Row(kind, "", std::string(label), std::move(sum));
  row.set_reconciliation(true);
  row.add_notes(absl::StrCat(Show(cash), " + ", Show(in_kind)));
  for (const StatementView& statement : facts_.statements) {
    if (statement.kind() == event::v1::STATED_KIND_TOTAL &&
        statement.amount().ore() == row.figure().ore()) {
      row.add_notes(ClaimText(statement));
    }
  }
}

void RowWriter::AddReconciliation() {
  const Derivations derived = Derive(budget_);
  if (!derived.has_in_kind()) return;
  if (derived.has_granted()) {
    AddSum(kGrantedPlusInKindRow,
           Say("Beviljat + egen insats", "Granted + own contribution"),
           derived.granted, derived.in_kind, derived.GrantedPlusInKind());
  }
  if (derived.has_used()) {
    AddSum(kUsedPlusInKindRow,
           Say("Använt + egen insats", "Used + own contribution"), derived.used,
           derived.in_kind, derived.UsedPlusInKind());
    if (!derived.use_is_known) {
      budget_.mutable_rows(budget_.rows_size() - 1)
          ->add_notes(
              std::string(Say("användningen är inte känd för alla bidrag",
                              "the use of some grants is not known")));
    }
  }
}

}  // namespace

void AddOutcomeRows(const ViewSet& views, const Question& question,
                    const MoneyFacts& facts, BudgetView& budget) {
  RowWriter writer(views, question, facts, budget);
  for (const GrantPosition& position : budget.grants()) {
    writer.AddGrant(position);
  }
  writer.AddCostsOfOtherGrants();
  writer.AddOwnMoney();
  for (const ContributorPosition& position : budget.in_kind()) {
    writer.AddContributor(position);
  }
  writer.AddTotals();
  writer.AddReconciliation();
}

}  // namespace samverk::projections
