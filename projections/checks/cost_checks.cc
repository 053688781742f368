// C7 and C14: single costs and contributions, gathered when there are many.
#include <string>

#include "absl/strings/str_cat.h"
#include "projections/budget/outcome_rows.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "projections/checks/suspects.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::CostView;
using view::v1::Figure;
using view::v1::GrantView;
using view::v1::InKindView;

constexpr char kOwnMoney[] = "own_money";

std::string CountText(const CheckContext& context, const Figure& sum) {
  return codec::NumberText(static_cast<int64_t>(sum.parts()),
                           context.language());
}

// "Kostnaden A-117-1 (12 500 kr, 20 januari 2026)".
std::string CostText(const CheckContext& context, const CostView& cost) {
  std::string text = absl::StrCat(
      context.Say("Kostnaden ", "Cost "), cost.cost(), " (",
      codec::MoneyText(cost.amount().ore(), cost.amount().precision(),
                       context.language()));
  if (IsKnown(cost.origin().occurred())) {
    absl::StrAppend(&text, ", ", context.Show(cost.origin().occurred()));
  }
  return text + ")";
}

// The time of a grant, as its decision gives it; "" when not known.
std::string TimeText(const CheckContext& context, const std::string& id) {
  for (const auto* grants :
       {&context.money.grants, &context.money.other_grants}) {
    for (const GrantView& grant : *grants) {
      if (grant.grant() == id) return context.Show(grant.period());
    }
  }
  return "";
}

CheckDraft& Finish(const CheckContext& context, CheckDraft& draft,
                   const std::string& grant) {
  return draft.Row(kUsedBookedRow, grant)
      .Action(context.Say(
          "Boka kostnaden på rätt bidrag, rätta datumet eller förklara den.",
          "Book the cost on the right grant, correct its date or explain "
          "it."));
}

void AddOutside(const CheckContext& context, const std::string& grant,
                const Suspects<CostView>& costs, Checks& checks) {
  const std::string time = TimeText(context, grant);
  costs.Tell(
      [&](const CostView& cost) {
        CheckDraft draft("C7", cost.cost());
        draft.At(cost.origin().position())
            .Text(absl::StrCat(
                CostText(context, cost),
                IsKnown(cost.origin().occurred())
                    ? context.Say(" ligger utanför tiden för bidraget ",
                                  " lies outside the time of grant ")
                    : context.Say(" har inget datum, och ska ligga i tiden "
                                  "för bidraget ",
                                  " has no date, and should lie in the time "
                                  "of grant "),
                grant, " (", time, ")."));
        checks.push_back(Finish(context, draft, grant).Done());
      },
      [&](const Figure& sum) {
        CheckDraft draft("C7", grant);
        draft.AtAll(sum.positions())
            .Text(absl::StrCat(
                CountText(context, sum),
                context.Say(" kostnader på sammanlagt ", " costs of together "),
                context.Show(sum),
                context.Say(" ligger utanför tiden för bidraget ",
                            " lie outside the time of grant "),
                grant, " (", time,
                context.Say(") eller har inget datum.", ") or have no date.")));
        checks.push_back(Finish(context, draft, grant).Done());
      });
}

void AddSelfAttested(const CheckContext& context, const std::string& grant,
                     const Suspects<CostView>& costs, Checks& checks) {
  const absl::string_view action =
      context.Say("Låt någon annan attestera.", "Let somebody else attest.");
  costs.Tell(
      [&](const CostView& cost) {
        checks.push_back(
            CheckDraft("C14", cost.cost())
                .At(cost.origin().position())
                .At(cost.attested().position())
                .Row(kUsedBookedRow, grant)
                .Text(absl::StrCat(
                    CostText(context, cost),
                    context.Say(" är registrerad och attesterad av samma (",
                                " is recorded and attested by the same ("),
                    cost.attester(), ")."))
                .Action(action)
                .Done());
      },
      [&](const Figure& sum) {
        checks.push_back(
            CheckDraft("C14", grant.empty() ? kOwnMoney : grant)
                .AtAll(sum.positions())
                .Row(kUsedBookedRow, grant)
                .Text(absl::StrCat(
                    CountText(context, sum),
                    context.Say(" kostnader på sammanlagt ",
                                " costs of together "),
                    context.Show(sum),
                    context.Say(" är registrerade och attesterade av samma.",
                                " are recorded and attested by the same.")))
                .Action(action)
                .Done());
      });
}

void AddSelfAttestedInKind(const CheckContext& context,
                           const std::string& contributor,
                           const Suspects<InKindView>& suspects,
                           Checks& checks) {
  const absl::string_view action =
      context.Say("Låt någon annan attestera och granska.",
                  "Let somebody else attest and review.");
  suspects.Tell(
      [&](const InKindView& in_kind) {
        CheckDraft draft("C14", in_kind.in_kind());
        for (const auto& step : in_kind.steps()) {
          draft.At(step.origin().position());
        }
        checks.push_back(
            draft.At(in_kind.origin().position())
                .Row(kInKindSpecifiedRow, contributor)
                .Text(absl::StrCat(
                    context.Say("Egen insats ", "Own contribution "),
                    in_kind.in_kind(), " (",
                    codec::MoneyText(in_kind.value().ore(),
                                     in_kind.value().precision(),
                                     context.language()),
                    context.Say(") är registrerad och attesterad eller "
                                "granskad av samma (",
                                ") is recorded and attested or reviewed by "
                                "the same ("),
                    in_kind.origin().recorded_by(), ")."))
                .Action(action)
                .Done());
      },
      [&](const Figure& sum) {
        checks.push_back(
            CheckDraft("C14", contributor)
                .AtAll(sum.positions())
                .Row(kInKindSpecifiedRow, contributor)
                .Text(absl::StrCat(
                    CountText(context, sum),
                    context.Say(" egna insatser på sammanlagt ",
                                " own contributions of together "),
                    context.Show(sum),
                    context.Say(" är registrerade och attesterade eller "
                                "granskade av samma.",
                                " are recorded and attested or reviewed by "
                                "the same.")))
                .Action(action)
                .Done());
      });
}

}  // namespace

void AddCostChecks(const CheckContext& context, Checks& checks) {
  for (const auto& [grant, costs] : context.costs.outside_period) {
    AddOutside(context, grant, costs, checks);
  }
}

void AddAttestChecks(const CheckContext& context, Checks& checks) {
  for (const auto& [grant, costs] : context.costs.self_attested) {
    AddSelfAttested(context, grant, costs, checks);
  }
  for (const auto& [contributor, suspects] :
       context.costs.self_attested_in_kind) {
    AddSelfAttestedInKind(context, contributor, suspects, checks);
  }
}

}  // namespace samverk::projections
