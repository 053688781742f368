// Random histories of money: whatever is recorded, in whatever order, taking a
// fact out leaves the views as if it had never been there.
//
// The seed is printed on failure; SAMVERK_SEED=n runs that one alone.
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "projections/budget/budget.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;

// Makes events about a handful of entities, so that they meet.
class RandomEvents {
 public:
  explicit RandomEvents(uint64_t seed) : random_(seed) {}

  std::vector<Event> Take(size_t count) {
    std::vector<Event> events;
    while (events.size() < count) {
      Event event;
      if (Chance(4)) event.mutable_occurred()->set_edtf(Date());
      if (Fill(event)) events.push_back(std::move(event));
    }
    return events;
  }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }
  bool Chance(uint64_t of) { return Below(of) != 0; }
  std::string Id(std::string_view kind) {
    return std::string(kind) + std::to_string(Below(2));
  }
  std::string Date() {
    return std::to_string(2024 + Below(3)) + "-0" +
           std::to_string(1 + Below(9));
  }
  void Amount(event::v1::Money& money) {
    money.set_ore(static_cast<int64_t>(1 + Below(1000)));
    money.set_currency("SEK");
    money.set_precision(event::v1::PRECISION_EXACT);
  }
  // An entity that is recorded once: false when it already was.
  bool New(const std::string& id) { return used_.insert(id).second; }

  bool Fill(Event& event) {
    return Chance(2) ? FillGrant(event) : FillCost(event);
  }

  bool FillGrant(Event& event) {
    switch (Below(10)) {
      case 0: {
        auto& awarded = *event.mutable_grant_awarded();
        awarded.set_grant(Id("g"));
        awarded.set_funder(Id("f"));
        Amount(*awarded.mutable_amount());
        return true;
      }
      case 1:
        event.mutable_grant_applied_for()->set_grant(Id("g"));
        event.mutable_grant_applied_for()->set_purpose(Id("p"));
        return true;
      case 2: {
        auto& paid = *event.mutable_grant_disbursed();
        paid.set_grant(Id("g"));
        Amount(*paid.mutable_amount());
        return true;
      }
      case 3: {
        auto& settled = *event.mutable_grant_settled();
        settled.set_grant(Id("g"));
        Amount(*settled.mutable_remainder());
        return true;
      }
      case 4: {
        auto& carried = *event.mutable_carry_over_approved();
        carried.set_grant(Id("g"));
        Amount(*carried.mutable_amount());
        return true;
      }
      case 9: {
        auto& reclaimed = *event.mutable_grant_reclaimed();
        reclaimed.set_grant(Id("g"));
        Amount(*reclaimed.mutable_amount());
        return true;
      }
      case 5:
        event.mutable_report_submitted()->set_report(Id("r"));
        if (Chance(3)) event.mutable_report_submitted()->set_grant(Id("g"));
        return true;
      case 6:
        event.mutable_report_returned()->set_report(Id("r"));
        return true;
      case 7: {
        auto& set = *event.mutable_budget_line_set();
        set.set_line(Id("l"));
        Amount(*set.mutable_amount());
        return true;
      }
      default: {
        auto& moved = *event.mutable_budget_reallocated();
        moved.set_from_line("l0");
        moved.set_to_line("l1");
        Amount(*moved.mutable_amount());
        return true;
      }
    }
  }

  bool FillCost(Event& event) {
    switch (Below(6)) {
      case 0:
      case 1: {
        auto& booked = *event.mutable_cost_booked();
        booked.set_cost("c" + std::to_string(Below(3)));
        if (Chance(3)) booked.set_grant(Id("g"));
        if (Chance(3)) booked.set_budget_line(Id("l"));
        Amount(*booked.mutable_amount());
        return New(booked.cost());
      }
      case 2:
        event.mutable_cost_reversed()->set_cost(Id("c"));
        return true;
      case 3:
        event.mutable_cost_attested()->set_cost(Id("c"));
        event.mutable_cost_attested()->mutable_attester()->set_subject(Id("s"));
        return true;
      case 4: {
        auto& in_kind = *event.mutable_in_kind_recorded();
        in_kind.set_in_kind(Id("i"));
        Amount(*in_kind.mutable_value());
        return New(in_kind.in_kind());
      }
      default: {
        auto& reviewed = *event.mutable_in_kind_reviewed();
        reviewed.set_in_kind(Id("i"));
        reviewed.set_verdict(Chance(2)
                                 ? event::v1::IN_KIND_VERDICT_REJECTED
                                 : event::v1::IN_KIND_VERDICT_PARTLY_REJECTED);
        Amount(*reviewed.mutable_accepted_value());
        return true;
      }
    }
  }

  std::mt19937_64 random_;
  std::set<std::string> used_;
};

TEST(BudgetProperty, RetractUndoesApplyInRandomHistories) {
  const char* given = std::getenv("SAMVERK_SEED");
  const uint64_t first = given == nullptr ? 1 : std::stoull(given);
  const uint64_t last = given == nullptr ? 40 : first;
  for (uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("SAMVERK_SEED=" + std::to_string(seed));
    testing::ExpectRetractUndoesApply(BudgetProjection(),
                                      RandomEvents(seed).Take(18));
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace samverk::projections
