// C2 to C4: a grant's money, from award to voucher.
#include <string>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "projections/budget/booked.h"
#include "projections/budget/figures.h"
#include "projections/budget/grant_position.h"
#include "projections/budget/outcome_rows.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "proto/codec/civil_time.h"
#include "proto/codec/edtf.h"

namespace samverk::projections {
namespace {

using view::v1::Figure;
using view::v1::GrantPosition;

constexpr char kOwnMoney[] = "own_money";

// Whether no cost of the grant's time lies after the period asked about.
bool IsWholeUse(const CheckContext& context, const GrantPosition& position) {
  const auto& period = context.question.period;
  const int64_t end_us = position.grant().period().to_us();
  return !period.has_value() || (end_us != 0 && end_us <= period->to_us);
}

// What the funder has settled: used and left are the award, and what is used
// is what is booked. Where nothing is booked C4 says so.
void TellSettlement(const CheckContext& context, const GrantPosition& position,
                    CheckDraft& draft) {
  const auto& grant = position.grant();
  if (!grant.has_settled_used() || !grant.has_settled_remainder()) return;
  const auto figure = [](const view::v1::DatedAmount& settled) {
    return MakeFigure(settled.amount(), view::v1::BASIS_DECIDED,
                      settled.origin().position());
  };
  const Figure used = figure(grant.settled_used());
  const Figure left = figure(grant.settled_remainder());
  FigureSum sum;
  sum.Add(used);
  sum.Add(left);
  const Figure settled = sum.Result(view::v1::BASIS_DERIVED);
  if (position.has_awarded() && settled.ore() != position.awarded().ore()) {
    draft.AtAll(settled.positions())
        .Row(kUnusedRow, grant.grant())
        .Text(absl::StrCat(
            context.Say("Avräkningen: ", "The settlement: "),
            context.Show(used), context.Say(" använt + ", " used + "),
            context.Show(left), context.Say(" rest = ", " left = "),
            context.Show(settled), context.Say(", men ", ", but "),
            context.Show(position.awarded()),
            context.Say(" är beviljat.", " is awarded.")));
  }
  FigureSum all;
  all.Add(BookedOnGrant(context.money.booked.before_period, grant.grant()));
  all.Add(position.booked());
  const Figure booked = all.Result(view::v1::BASIS_BOOKED);
  if (booked.parts() == 0 || booked.ore() == used.ore() ||
      !IsWholeUse(context, position)) {
    return;
  }
  const bool more = booked.ore() > used.ore();
  const Figure difference =
      more ? Difference(booked, used) : Difference(used, booked);
  draft.AtAll(difference.positions())
      .Row(kUnusedRow, grant.grant())
      .Text(absl::StrCat(context.Say("Avräkningen har ", "The settlement has "),
                         context.Show(used),
                         context.Say(" som använt, men ", " as used, but "),
                         context.Show(booked),
                         context.Say(" är bokfört: skillnaden är ",
                                     " is booked: the difference is "),
                         context.Show(difference), "."));
}

// C2: used <= disbursed <= granted, to the end of the period; and what the
// funder has settled is the award, and what is booked.
void AddOrderCheck(const CheckContext& context, const GrantPosition& position,
                   Checks& checks) {
  const std::string& id = position.grant().grant();
  const Figure& disbursed = position.disbursed();
  CheckDraft draft("C2", id);
  if (position.has_awarded() && disbursed.ore() > position.awarded().ore()) {
    draft
        .Text(
            absl::StrCat(context.Show(disbursed),
                         context.Say(" är utbetalt, mer än beviljade ",
                                     " is disbursed, more than was awarded: "),
                         context.Show(position.awarded()), "."))
        .Row(kGrantedRow, id);
  }
  if (position.has_used()) {
    FigureSum all;
    all.Add(BookedOnGrant(context.money.booked.before_period, id));
    all.Add(position.used());
    const Figure used = all.Result(view::v1::BASIS_DERIVED);
    draft.AtAll(used.positions());
    if (position.has_awarded() && used.ore() > position.awarded().ore()) {
      draft.Text(absl::StrCat(context.Show(used),
                              context.Say(" är använt, mer än beviljade ",
                                          " is used, more than was awarded: "),
                              context.Show(position.awarded()), "."));
    }
    if (disbursed.parts() == 0 && used.ore() > 0) {
      draft.Text(absl::StrCat(
          context.Say("Utbetalning saknas: ", "No disbursement: "),
          context.Show(used),
          context.Say(" är använt, men ingen utbetalning är registrerad.",
                      " is used, but no disbursement is recorded.")));
    } else if (used.ore() > disbursed.ore()) {
      draft.Text(absl::StrCat(context.Show(used),
                              context.Say(" är använt, mer än utbetalda ",
                                          " is used, more than disbursed: "),
                              context.Show(disbursed), "."));
    }
  }
  TellSettlement(context, position, draft);
  if (draft.empty()) return;
  checks.push_back(
      draft.AtAll(position.awarded().positions())
          .AtAll(disbursed.positions())
          .Row(kUsedStatedRow, id)
          .Row(kUsedBookedRow, id)
          .Action(context.Say(
              "Registrera utbetalningarna, eller rätta det belopp som är fel.",
              "Record the disbursements, or correct the sum that is wrong."))
          .Done());
}

// C3: what is left has a disposition once the grant's time is over, and what
// was claimed back is repaid.
void AddDispositionCheck(const CheckContext& context,
                         const GrantPosition& position, Checks& checks) {
  const std::string& id = position.grant().grant();
  CheckDraft draft("C3", id);
  const Figure owed = ReclaimedAndOwed(position.grant());
  if (owed.ore() > 0) {
    draft.AtAll(owed.positions())
        .Text(absl::StrCat(context.Show(owed),
                           context.Say(" är återkrävt och inte återbetalt.",
                                       " is claimed back and not repaid.")));
  }
  const bool accountable =
      IsAccountable(position.grant(), position.has_used(), context.question);
  if (position.has_remainder() && position.remainder().ore() > 0 &&
      accountable) {
    const Figure left = Undisposed(position);
    draft.AtAll(left.positions());
    if (position.grant().dispositions().empty()) {
      draft.Text(absl::StrCat(
          context.Show(left),
          context.Say(" är inte använt, och ingen disposition är registrerad.",
                      " is unused, and no disposition is recorded.")));
    } else if (left.ore() > 0) {
      draft.Text(absl::StrCat(
          context.Say("Av resten på ", "Of the remainder of "),
          context.Show(position.remainder()),
          context.Say(" saknar ", ", there is no disposition for "),
          context.Show(left), context.Say(" disposition.", ".")));
    }
  }
  if (draft.empty()) return;
  checks.push_back(
      draft.Row(kUnusedRow, id)
          .Action(context.Say(
              "Registrera om resten är återbetald, överförd (med beslut) eller "
              "avräknad.",
              "Record whether the remainder is repaid, carried over (with the "
              "decision) or set off."))
          .Done());
}

// Costs without a voucher's number.
void TellVouchers(const CheckContext& context, const std::string& grant,
                  CheckDraft& draft) {
  const auto costs = context.costs.without_voucher.find(grant);
  if (costs == context.costs.without_voucher.end()) return;
  const Figure sum = costs->second.Sum();
  const auto count = static_cast<int64_t>(sum.parts());
  draft.AtAll(sum.positions())
      .Text(absl::StrCat(
          codec::NumberText(count, context.language()),
          count == 1 ? context.Say(" bokförd kostnad", " booked cost")
                     : context.Say(" bokförda kostnader", " booked costs"),
          " (", context.Show(sum), ") ",
          context.Say("saknar verifikationsnummer.",
                      count == 1 ? "has no voucher number."
                                 : "have no voucher number.")));
}

void AddVoucherCheck(const CheckContext& context, const std::string& grant,
                     const Figure* claimed, const Figure& booked,
                     Checks& checks) {
  CheckDraft draft("C4", grant.empty() ? kOwnMoney : grant);
  if (claimed != nullptr) {
    const Figure lacking = Difference(*claimed, booked);
    if (lacking.ore() > 0) {
      draft.AtAll(lacking.positions())
          .Text(absl::StrCat(
              context.Show(*claimed),
              context.Say(" uppges använt, ", " is said to be used, "),
              context.Show(booked),
              context.Say(" är bokfört: ", " is booked: "),
              context.Show(lacking),
              context.Say(" saknar verifikation.", " has no voucher.")));
    }
  }
  TellVouchers(context, grant, draft);
  if (draft.empty()) return;
  checks.push_back(
      draft.Row(kUsedStatedRow, grant)
          .Row(kUsedBookedRow, grant)
          .Action(context.Say(
              "Bokför det som saknas med verifikation, eller rätta det "
              "uppgivna beloppet.",
              "Book what is missing with its voucher, or correct the stated "
              "sum."))
          .Done());
}

// C4: what is said to be used (or what the funder accepted as used) is booked.
void AddVoucherChecks(const CheckContext& context, Checks& checks) {
  absl::btree_set<std::string> done;
  for (const GrantPosition& position : context.budget.grants()) {
    const auto& grant = position.grant();
    Figure settled;
    if (grant.has_settled_used()) {
      settled =
          MakeFigure(grant.settled_used().amount(), view::v1::BASIS_DECIDED,
                     grant.settled_used().origin().position());
    }
    const Figure* claimed = position.has_stated_used() ? &position.stated_used()
                            : grant.has_settled_used() ? &settled
                                                       : nullptr;
    AddVoucherCheck(context, grant.grant(), claimed, position.booked(), checks);
    done.insert(grant.grant());
  }
  // Own money, and grants that are not of the period.
  for (const auto& [grant, costs] : context.costs.without_voucher) {
    if (!done.contains(grant)) {
      AddVoucherCheck(context, grant, nullptr, Figure(), checks);
    }
  }
}

}  // namespace

void AddGrantChecks(const CheckContext& context, Checks& checks) {
  for (const GrantPosition& position : context.budget.grants()) {
    AddOrderCheck(context, position, checks);
    AddDispositionCheck(context, position, checks);
  }
  AddVoucherChecks(context, checks);
}

// C13: an estimate that nothing exact has followed.
void AddEstimateChecks(const CheckContext& context, Checks& checks) {
  constexpr int64_t kDaysMax = 90;
  const auto look = [&](const Claim& claim, const std::string& row,
                        const std::string& about) {
    for (const view::v1::StatementView* statement : claim.standing) {
      const Figure figure =
          MakeFigure(statement->amount(), view::v1::BASIS_STATED,
                     statement->origin().position());
      if (figure.precision() != event::v1::PRECISION_ESTIMATE &&
          figure.precision() != event::v1::PRECISION_UNKNOWN) {
        continue;
      }
      const int64_t days = codec::StockholmDaysSince(
          StatedAtUs(statement->origin()), context.question.evaluate_at_us);
      if (days <= kDaysMax) continue;
      checks.push_back(
          CheckDraft("C13", statement->statement())
              .At(statement->origin().position())
              .Row(row, about)
              .Text(absl::StrCat(
                  context.Show(figure),
                  context.Say(" har varit en uppskattning i ",
                              " has been an estimate for "),
                  codec::NumberText(days, context.language()),
                  context.Say(" dagar utan exakt uppföljning.",
                              " days without an exact follow-up.")))
              .Action(context.Say(
                  "Ersätt uppskattningen med bokförda eller specificerade "
                  "belopp.",
                  "Replace the estimate by booked or specified sums."))
              .Done());
    }
  };
  for (const GrantPosition& position : context.budget.grants()) {
    const auto& grant = position.grant();
    if (position.booked().parts() > 0 || grant.has_settled_used()) continue;
    look(ClaimOfUse(context.money, grant.grant()), kUsedStatedRow,
         grant.grant());
  }
  for (const auto& position : context.budget.in_kind()) {
    if (position.has_specified()) continue;
    look(ClaimOfInKind(context.money, position.contributor()), kInKindStatedRow,
         position.contributor());
  }
}

}  // namespace samverk::projections
