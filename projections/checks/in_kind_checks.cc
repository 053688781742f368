// C5 and C6: contributions in kind.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/budget/outcome_rows.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"

namespace samverk::projections {
namespace {

using view::v1::CostView;
using view::v1::Figure;
using view::v1::InKindView;
using view::v1::StatementView;

// The contributions that a statement is the sum of: those that name it and, of
// the only statement that stands, those that name none.
InKindTotal PartsOf(const CheckContext& context, const StatementView& statement,
                    bool only) {
  InKindTotal parts;
  for (const auto& [key, total] : context.money.in_kind) {
    if (key.contributor != statement.contributor()) continue;
    if (key.statement != statement.statement() &&
        !(only && key.statement.empty())) {
      continue;
    }
    parts.counted.Add(total.counted.Result(view::v1::BASIS_SPECIFIED));
    parts.without_rate += total.without_rate;
  }
  return parts;
}

void TellNoParts(const CheckContext& context, const StatementView& statement,
                 const Figure& stated, CheckDraft& draft) {
  draft.Text(absl::StrCat(
      context.Say("Egen insats från ", "The own contribution of "),
      context.Name(statement.contributor()), ", ", context.Show(stated),
      context.Say(", saknar delposter (timmar och taxa, yta och hyra).",
                  ", has no parts (hours and rate, area and rent).")));
  std::vector<std::string> kinds;
  for (const int kind : statement.in_kind_parts()) {
    kinds.emplace_back(InKindKindText(static_cast<event::v1::InKindKind>(kind),
                                      context.language()));
  }
  if (kinds.empty()) return;
  draft.Text(absl::StrCat(
      context.Say("Den uppges bestå av ", "It is said to consist of "),
      JoinWords(kinds, context.language()), "."));
}

void TellParts(const CheckContext& context, const Figure& stated,
               const InKindTotal& parts, CheckDraft& draft) {
  const Figure sum = parts.counted.Result(view::v1::BASIS_SPECIFIED);
  if (sum.ore() != stated.ore()) {
    draft.Text(absl::StrCat(
        context.Say("Delposterna ger ", "The parts give "), context.Show(sum),
        context.Say(", uppgivet är ", ", stated is "), context.Show(stated),
        context.Say(": skillnad ", ": difference "),
        context.Show(Difference(stated, sum)), "."));
  }
  if (parts.without_rate > 0) {
    draft.Text(absl::StrCat(parts.without_rate, context.Say(" av ", " of "),
                            parts.counted.parts(),
                            context.Say(" delposter saknar antal eller taxa.",
                                        " parts have no quantity or rate.")));
  }
  if (!draft.empty()) draft.AtAll(sum.positions());
}

// C5: the parts of a stated contribution are known and sum to it.
void AddPartsCheck(const CheckContext& context, const StatementView& statement,
                   bool only, Checks& checks) {
  const Figure stated = MakeFigure(statement.amount(), view::v1::BASIS_STATED,
                                   statement.origin().position());
  const InKindTotal parts = PartsOf(context, statement, only);
  CheckDraft draft("C5", statement.statement());
  if (parts.counted.empty()) {
    TellNoParts(context, statement, stated, draft);
  } else {
    TellParts(context, stated, parts, draft);
  }
  if (draft.empty()) return;
  checks.push_back(
      draft.At(statement.origin().position())
          .Row(kInKindStatedRow, statement.contributor())
          .Row(kInKindSpecifiedRow, statement.contributor())
          .Action(context.Say(
              "Registrera delposterna med antal och taxa, eller rätta det "
              "uppgivna beloppet.",
              "Record the parts with quantity and rate, or correct the stated "
              "sum."))
          .Done());
}

// The costs with these ids that stand, each with its sum; the draft gets their
// events.
template <typename Costs>
std::vector<std::string> StandingCosts(const CheckContext& context,
                                       const Costs& ids, CheckDraft& draft) {
  std::vector<std::string> named;
  for (const std::string& id : ids) {
    const auto at = context.costs.named_costs.find(id);
    if (at == context.costs.named_costs.end()) continue;
    const CostView& cost = at->second;
    draft.At(cost.origin().position()).Row(kUsedBookedRow, cost.grant());
    named.push_back(absl::StrCat(
        cost.cost(), " (",
        codec::MoneyText(cost.amount().ore(), cost.amount().precision(),
                         context.language()),
        ")"));
  }
  return named;
}

// C6: what is paid by money is not counted as own contribution as well.
void AddDoubleFinancing(const CheckContext& context, const InKindView& in_kind,
                        Checks& checks) {
  CheckDraft draft("C6", in_kind.in_kind());
  draft.At(in_kind.origin().position())
      .Row(kInKindSpecifiedRow, in_kind.contributor());
  const std::string what = absl::StrCat(
      context.Say("Egen insats ", "Own contribution "), in_kind.in_kind(), " (",
      codec::MoneyText(in_kind.counted_ore(), in_kind.value().precision(),
                       context.language()),
      ")");
  const auto named = StandingCosts(context, in_kind.same_as_costs(), draft);
  if (!named.empty()) {
    draft.Text(
        absl::StrCat(what,
                     context.Say(" avser samma sak som bokförda kostnader: ",
                                 " covers the same as booked costs: "),
                     JoinWords(named, context.language()), "."));
  }
  std::vector<std::string> shared;
  const auto at = context.shared_evidence.find(in_kind.in_kind());
  if (at != context.shared_evidence.end()) {
    shared = StandingCosts(context, at->second, draft);
  }
  if (!shared.empty()) {
    draft.Text(absl::StrCat(
        what,
        context.Say(" har samma underlag som bokförda kostnader, och kan vara "
                    "samma sak: ",
                    " has the same evidence as booked costs, and may be the "
                    "same thing: "),
        JoinWords(shared, context.language()), "."));
  }
  checks.push_back(
      draft
          .Action(
              shared.empty()
                  ? context.Say("Räkna det en gång: underkänn den egna "
                                "insatsen, eller vänd kostnaden.",
                                "Count it once: reject the contribution, or "
                                "reverse the cost.")
                  : context.Say("Räkna det en gång: underkänn den egna "
                                "insatsen, eller vänd kostnaden. Är det två "
                                "saker, så förklara vad underlaget visar.",
                                "Count it once: reject the contribution, or "
                                "reverse the cost. If they are two things, "
                                "explain what the evidence shows."))
          .Done());
}

void AddDoubleFinancings(const CheckContext& context,
                         const std::string& contributor,
                         const Suspects<InKindView>& suspects, Checks& checks) {
  suspects.Tell(
      [&](const InKindView& in_kind) {
        AddDoubleFinancing(context, in_kind, checks);
      },
      [&](const Figure& sum) {
        checks.push_back(
            CheckDraft("C6", contributor)
                .AtAll(sum.positions())
                .Row(kInKindSpecifiedRow, contributor)
                .Text(absl::StrCat(
                    codec::NumberText(static_cast<int64_t>(sum.parts()),
                                      context.language()),
                    context.Say(" egna insatser på sammanlagt ",
                                " own contributions of together "),
                    context.Show(sum),
                    context.Say(" anges avse samma sak som kostnader, eller "
                                "har samma underlag.",
                                " are said to cover the same as costs, or have "
                                "the same evidence.")))
                .Action(context.Say(
                    "Räkna det en gång: underkänn de egna insatserna, eller "
                    "vänd kostnaderna.",
                    "Count it once: reject the contributions, or reverse the "
                    "costs."))
                .Done());
      });
}

}  // namespace

void AddInKindChecks(const CheckContext& context, Checks& checks) {
  for (const std::string& contributor : Contributors(context.money)) {
    const Claim claim = ClaimOfInKind(context.money, contributor);
    for (const StatementView* statement : claim.standing) {
      AddPartsCheck(context, *statement, claim.standing.size() == 1, checks);
    }
  }
  for (const auto& [contributor, of_one] : context.costs.doubly_financed) {
    AddDoubleFinancings(context, contributor, of_one, checks);
  }
}

}  // namespace samverk::projections
