#include "projections/budget/grant_position.h"

#include "google/protobuf/repeated_field.h"
#include "projections/budget/last_happened.h"

namespace samverk::projections {
namespace {

using google::protobuf::RepeatedPtrField;
using view::v1::DatedAmount;
using view::v1::Disposition;
using view::v1::Figure;
using view::v1::GrantPosition;
using view::v1::GrantState;
using view::v1::GrantStep;
using view::v1::GrantView;

Figure FigureOf(const DatedAmount& dated, view::v1::Basis basis) {
  return MakeFigure(dated.amount(), basis, dated.origin().position());
}

Figure SumOf(const RepeatedPtrField<DatedAmount>& amounts,
             view::v1::Basis basis) {
  FigureSum sum;
  for (const DatedAmount& dated : amounts) sum.Add(FigureOf(dated, basis));
  return sum.Result(basis);
}

void SetUsed(const Booked& booked, const Claim& claim,
             GrantPosition& position) {
  *position.mutable_booked() =
      BookedOnGrant(booked.in_period, position.grant().grant());
  if (!claim.empty()) *position.mutable_stated_used() = claim.Sum();
  if (position.booked().parts() > 0) {
    *position.mutable_used() = position.booked();
  } else if (!claim.empty()) {
    *position.mutable_used() = position.stated_used();
  }
}

void SetRemainder(const Booked& booked, GrantPosition& position) {
  const GrantView& grant = position.grant();
  if (grant.has_settled_remainder()) {
    *position.mutable_remainder() =
        FigureOf(grant.settled_remainder(), view::v1::BASIS_DECIDED);
    return;
  }
  if (!grant.has_awarded() || !position.has_used()) return;
  FigureSum left;
  left.Add(position.awarded());
  left.Subtract(BookedOnGrant(booked.before_period, grant.grant()));
  left.Subtract(position.used());
  *position.mutable_remainder() = left.Result(view::v1::BASIS_DERIVED);
}

Disposition DispositionOf(const GrantPosition& position, bool accountable) {
  const GrantView& grant = position.grant();
  if (ReclaimedAndOwed(grant).ore() > 0) return view::v1::DISPOSITION_RECLAIMED;
  Disposition all = view::v1::DISPOSITION_UNSPECIFIED;
  for (const DatedAmount& dated : grant.dispositions()) {
    if (all == view::v1::DISPOSITION_UNSPECIFIED) {
      all = dated.disposition();
    } else if (all != dated.disposition()) {
      all = view::v1::DISPOSITION_MIXED;
    }
  }
  if (all != view::v1::DISPOSITION_UNSPECIFIED) return all;
  const bool something_left =
      position.has_remainder() && position.remainder().ore() > 0;
  return something_left && accountable ? view::v1::DISPOSITION_MISSING
                                       : view::v1::DISPOSITION_UNSPECIFIED;
}

GrantState StateByMoney(const GrantPosition& position) {
  const GrantView& grant = position.grant();
  if (position.has_used()) return view::v1::GRANT_STATE_IN_USE;
  if (position.disbursed().ore() > 0) {
    return position.disbursed().ore() >= position.awarded().ore()
               ? view::v1::GRANT_STATE_DISBURSED
               : view::v1::GRANT_STATE_PARTLY_DISBURSED;
  }
  if (grant.has_awarded()) return view::v1::GRANT_STATE_AWARDED;
  return grant.has_applied_for() ? view::v1::GRANT_STATE_APPLIED_FOR
                                 : view::v1::GRANT_STATE_UNSPECIFIED;
}

GrantState StateOf(const GrantPosition& position) {
  const GrantView& grant = position.grant();
  if (ReclaimedAndOwed(grant).ore() > 0) return view::v1::GRANT_STATE_RECLAIMED;
  // Settled, or disposed of to the last krona before anybody has settled it.
  const bool closed =
      position.has_remainder() && Undisposed(position).ore() <= 0 &&
      (grant.has_settled_remainder() || !grant.dispositions().empty());
  if (closed) return view::v1::GRANT_STATE_SETTLED;
  if (grant.has_settled_used()) return view::v1::GRANT_STATE_APPROVED;
  const GrantStep* last =
      LastHappened(grant.steps(), [](const GrantStep&) { return true; });
  return last != nullptr ? last->state() : StateByMoney(position);
}

}  // namespace

Figure DisposedOf(const GrantView& grant) {
  return SumOf(grant.dispositions(), view::v1::BASIS_DECIDED);
}

Figure ReclaimedAndOwed(const GrantView& grant) {
  FigureSum owed;
  owed.Add(SumOf(grant.reclaimed(), view::v1::BASIS_DECIDED));
  for (const DatedAmount& dated : grant.dispositions()) {
    if (dated.disposition() == view::v1::DISPOSITION_REPAID) {
      owed.Subtract(FigureOf(dated, view::v1::BASIS_DECIDED));
    }
  }
  return owed.Result(view::v1::BASIS_DERIVED);
}

Figure Undisposed(const GrantPosition& position) {
  return Difference(position.remainder(), DisposedOf(position.grant()));
}

GrantPosition PositionOf(const GrantView& grant, const MoneyFacts& facts,
                         const Question& question) {
  GrantPosition position;
  *position.mutable_grant() = grant;
  if (grant.has_awarded()) {
    *position.mutable_awarded() =
        FigureOf(grant.awarded(), view::v1::BASIS_DECIDED);
  }
  *position.mutable_disbursed() =
      SumOf(grant.disbursed(), view::v1::BASIS_DECIDED);
  SetUsed(facts.booked, ClaimOfUse(facts, grant.grant()), position);
  SetRemainder(facts.booked, position);
  position.set_disposition(DispositionOf(
      position, IsAccountable(grant, position.has_used(), question)));
  position.set_state(StateOf(position));
  return position;
}

}  // namespace samverk::projections
