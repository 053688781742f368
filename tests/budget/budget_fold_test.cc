// Every kind of fact about money: put in, taken out, corrected.
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "projections/budget/budget.h"
#include "projections/budget/wide_sum.h"
#include "samverk/view/v1/budget.pb.h"
#include "tests/budget/money_events.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::Correction;
using testing::ExpectRetractUndoesApply;
using testing::FoldedFacts;
using testing::Reversal;
using testing::Text;
using view::v1::BudgetEntry;

FoldedFacts Given(std::vector<Event> events) {
  return testing::GivenFacts(BudgetProjection(), std::move(events));
}

Event Awarded() {
  return Text<Event>(R"pb(
    occurred { edtf: "2025-01-10" }
    grant_awarded {
      grant: "g"
      funder: "fgk"
      recipient: "mkb"
      purpose: "samverkan"
      registry_number: "TN-2025-1"
      conditions: "återrapport"
      period { edtf: "2025" }
      amount { ore: 30000000 currency: "SEK" precision: PRECISION_EXACT }
    })pb");
}

Event Booked(std::string cost, int64_t ore, std::string edtf,
             std::string line = "") {
  Event event = Text<Event>(R"pb(
    cost_booked {
      voucher_series: "A"
      voucher_number: "117"
      account: "5990"
      grant: "g"
      text: "Scen"
      amount { currency: "SEK" precision: PRECISION_EXACT }
    })pb");
  event.mutable_occurred()->set_edtf(edtf);
  event.mutable_cost_booked()->set_cost(cost);
  event.mutable_cost_booked()->set_budget_line(line);
  event.mutable_cost_booked()->mutable_amount()->set_ore(ore);
  return event;
}

Event CostReversed() {
  return Text<Event>(R"pb(
    cost_reversed { cost: "c" voucher_number: "118" reason: "dubbel" })pb");
}

Event CostAttested(std::string subject = "s-2") {
  Event event = Text<Event>(R"pb(
    cost_attested {
      cost: "c"
      attester { organisation: "mkb" role: "chef" }
    }
  )pb");
  event.mutable_cost_attested()->mutable_attester()->set_subject(subject);
  return event;
}

TEST(BudgetFold, GrantAppliedForThenAwarded) {
  const Event applied = Text<Event>(R"pb(
    grant_applied_for {
      grant: "g"
      funder: "okänd"
      purpose: "trygghet"
      amount { ore: 40000000 currency: "SEK" precision: PRECISION_STATED }
    })pb");
  constexpr char kApplied[] = R"pb(
    grant {
      grant: "g"
      funder: "okänd"
      purpose: "trygghet"
      applied_for {
        amount { ore: 40000000 currency: "SEK" precision: PRECISION_STATED }
        origin { position: 1 }
      }
      facts {
        applied_for {
          grant: "g"
          funder: "okänd"
          purpose: "trygghet"
          amount { ore: 40000000 currency: "SEK" precision: PRECISION_STATED }
        }
        origin { position: 1 }
      }
    })pb";
  Given({applied}).ThenEntry<BudgetEntry>("p/grant/g", kApplied);
  Given({applied, Awarded()}).ThenEntry<BudgetEntry>("p/grant/g", R"pb(
    grant {
      grant: "g"
      funder: "fgk"
      recipient: "mkb"
      purpose: "samverkan"
      conditions: "återrapport"
      registry_number: "TN-2025-1"
      period { edtf: "2025" }
      applied_for {
        amount { ore: 40000000 currency: "SEK" precision: PRECISION_STATED }
        origin { position: 1 }
      }
      awarded {
        amount { ore: 30000000 currency: "SEK" precision: PRECISION_EXACT }
        origin {
          position: 2
          occurred { edtf: "2025-01-10" }
        }
      }
      facts {
        applied_for {
          grant: "g"
          funder: "okänd"
          purpose: "trygghet"
          amount { ore: 40000000 currency: "SEK" precision: PRECISION_STATED }
        }
        origin { position: 1 }
      }
      facts {
        awarded {
          grant: "g"
          funder: "fgk"
          recipient: "mkb"
          purpose: "samverkan"
          registry_number: "TN-2025-1"
          conditions: "återrapport"
          period { edtf: "2025" }
          amount { ore: 30000000 currency: "SEK" precision: PRECISION_EXACT }
        }
        origin { position: 2 }
      }
    })pb");
  // Taking the award out brings back what the application said.
  Given({applied, Awarded(), Reversal(2)})
      .ThenEntry<BudgetEntry>("p/grant/g", kApplied);
  Given({applied, Reversal(1)}).ThenNoEntry<BudgetEntry>("p/grant/g");
}

TEST(BudgetFold, AwardCorrectedStandsAtThePlaceOfItsCorrection) {
  Event right = Awarded();
  right.mutable_grant_awarded()->mutable_amount()->set_ore(31000000);
  Given({Awarded(), Correction(1, right)})
      .ThenEntry<BudgetEntry>("p/grant/g", R"pb(
        grant {
          grant: "g"
          funder: "fgk"
          recipient: "mkb"
          purpose: "samverkan"
          conditions: "återrapport"
          registry_number: "TN-2025-1"
          period { edtf: "2025" }
          awarded {
            amount { ore: 31000000 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 2 }
          }
          facts {
            awarded {
              grant: "g"
              funder: "fgk"
              recipient: "mkb"
              purpose: "samverkan"
              registry_number: "TN-2025-1"
              conditions: "återrapport"
              period { edtf: "2025" }
              amount {
                ore: 31000000
                currency: "SEK"
                precision: PRECISION_EXACT
              }
            }
            origin { position: 2 }
          }
        })pb");
}

TEST(BudgetFold, GrantDisbursedInParts) {
  const auto paid = [](std::string payment, std::string reference) {
    Event event = Text<Event>(R"pb(
      grant_disbursed {
        grant: "g"
        amount { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
      })pb");
    event.mutable_grant_disbursed()->set_payment(payment);
    event.mutable_grant_disbursed()->set_payment_reference(reference);
    return event;
  };
  Given({paid("p-1", ""), paid("p-2", "OCR 77")})
      .ThenEntry<BudgetEntry>("p/grant/g", R"pb(
        grant {
          grant: "g"
          disbursed {
            amount { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 1 }
            reference: "p-1"
          }
          disbursed {
            amount { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 2 }
            reference: "OCR 77"
          }
        })pb");
  Given({paid("p-1", ""), paid("p-2", "OCR 77"), Reversal(1)})
      .ThenEntry<BudgetEntry>("p/grant/g", R"pb(
        grant {
          grant: "g"
          disbursed {
            amount { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 2 }
            reference: "OCR 77"
          }
        })pb");
  Given({paid("p-1", ""), Reversal(1)}).ThenNoEntry<BudgetEntry>("p/grant/g");
}

TEST(BudgetFold, RemainderSettledRepaidCarriedOverSetOffAndReclaimed) {
  Given(
      {Text<Event>(R"pb(
         grant_settled {
           grant: "g"
           decision: "d-1"
           used { ore: 27000000 currency: "SEK" precision: PRECISION_EXACT }
           remainder { ore: 3000000 currency: "SEK" precision: PRECISION_EXACT }
         })pb"),
       Text<Event>(R"pb(
         grant_repaid {
           grant: "g"
           payment: "p-9"
           amount { ore: 10 currency: "SEK" precision: PRECISION_EXACT }
         })pb"),
       Text<Event>(R"pb(
         carry_over_approved {
           grant: "g"
           decision: "d-2"
           amount { ore: 20 currency: "SEK" precision: PRECISION_EXACT }
           until { edtf: "2026" }
         })pb"),
       Text<Event>(R"pb(
         carry_over_approved {
           grant: "g"
           against_grant: "g-2"
           amount { ore: 30 currency: "SEK" precision: PRECISION_EXACT }
         })pb"),
       Text<Event>(R"pb(
         grant_reclaimed {
           grant: "g"
           reason: "villkor 3"
           amount { ore: 40 currency: "SEK" precision: PRECISION_EXACT }
         })pb")})
      .ThenEntry<BudgetEntry>("p/grant/g", R"pb(
        grant {
          grant: "g"
          settled_used {
            amount { ore: 27000000 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 1 }
            reference: "d-1"
          }
          settled_remainder {
            amount { ore: 3000000 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 1 }
            reference: "d-1"
          }
          facts {
            settled {
              grant: "g"
              decision: "d-1"
              used { ore: 27000000 currency: "SEK" precision: PRECISION_EXACT }
              remainder {
                ore: 3000000
                currency: "SEK"
                precision: PRECISION_EXACT
              }
            }
            origin { position: 1 }
          }
          dispositions {
            amount { ore: 10 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 2 }
            reference: "p-9"
            disposition: DISPOSITION_REPAID
          }
          dispositions {
            amount { ore: 20 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 3 }
            reference: "d-2"
            disposition: DISPOSITION_CARRIED_OVER
            until { edtf: "2026" }
          }
          dispositions {
            amount { ore: 30 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 4 }
            reference: "g-2"
            disposition: DISPOSITION_OFFSET
          }
          reclaimed {
            amount { ore: 40 currency: "SEK" precision: PRECISION_EXACT }
            origin { position: 5 }
            reference: "villkor 3"
            disposition: DISPOSITION_RECLAIMED
          }
        })pb");
}

TEST(BudgetFold, ReportMovesTheGrantThatItNames) {
  const Event returned = Text<Event>(
      R"pb(report_returned { report: "r" questions: "Var är budgeten?" })pb");
  const Event submitted = Text<Event>(R"pb(
    report_submitted { report: "r" addressee: "fgk" grant: "g" })pb");
  const Event approved =
      Text<Event>(R"pb(report_approved { report: "r" approved_by: "FGK" })pb");
  // The question was recorded first: it is dealt out once the grant is known.
  Given({returned, submitted, approved})
      .ThenEntry<BudgetEntry>("p/grant/g", R"pb(
        grant {
          grant: "g"
          steps {
            state: GRANT_STATE_RETURNED
            origin { position: 1 }
          }
          steps {
            state: GRANT_STATE_REPORTED
            origin { position: 2 }
          }
          steps {
            state: GRANT_STATE_APPROVED
            origin { position: 3 }
          }
        })pb");
  Given({returned, submitted, approved, Reversal(2)})
      .ThenNoEntry<BudgetEntry>("p/grant/g")
      .ThenEntry<BudgetEntry>("p/report/r", R"pb(
        report {
          report: "r"
          steps {
            state: GRANT_STATE_RETURNED
            origin { position: 1 }
          }
          steps {
            state: GRANT_STATE_APPROVED
            origin { position: 3 }
          }
        })pb");
  // Handed in for another grant: the steps follow.
  Event other = submitted;
  other.mutable_report_submitted()->set_grant("h");
  Given({returned, submitted, Correction(2, other)})
      .ThenNoEntry<BudgetEntry>("p/grant/g")
      .ThenEntry<BudgetEntry>("p/grant/h", R"pb(
        grant {
          grant: "h"
          steps {
            state: GRANT_STATE_RETURNED
            origin { position: 1 }
          }
          steps {
            state: GRANT_STATE_REPORTED
            origin { position: 3 }
          }
        })pb");
}

TEST(BudgetFold, BudgetLineSetAndReallocated) {
  const auto set = [](std::string edtf, int64_t ore) {
    Event event = Text<Event>(R"pb(
      budget_line_set {
        line: "l"
        name: "Evenemang"
        grant: "g"
        amount { currency: "SEK" precision: PRECISION_EXACT }
      })pb");
    event.mutable_occurred()->set_edtf(edtf);
    event.mutable_budget_line_set()->mutable_amount()->set_ore(ore);
    return event;
  };
  const Event moved = Text<Event>(R"pb(
    budget_reallocated {
      from_line: "l"
      to_line: "m"
      reason: "mer till scen"
      amount { ore: 30 currency: "SEK" precision: PRECISION_EXACT }
    })pb");
  // The second is recorded later but happened earlier.
  auto given = Given({set("2025-02-01", 100), set("2025-01-01", 90), moved});
  given.ThenEntry<BudgetEntry>("p/line/l", R"pb(
    line {
      line: "l"
      name: "Evenemang"
      grant: "g"
      planned { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
      reallocated_ore: -30
      origin { position: 1 }
      facts {
        set {
          line: "l"
          name: "Evenemang"
          grant: "g"
          amount { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
        }
        origin { position: 1 }
      }
      facts {
        set {
          line: "l"
          name: "Evenemang"
          grant: "g"
          amount { ore: 90 currency: "SEK" precision: PRECISION_EXACT }
        }
        origin { position: 2 }
      }
      facts {
        reallocated {
          from_line: "l"
          to_line: "m"
          reason: "mer till scen"
          amount { ore: 30 currency: "SEK" precision: PRECISION_EXACT }
        }
        origin { position: 3 }
      }
    })pb");
  given.ThenEntry<BudgetEntry>("p/line/m", R"pb(
    line {
      line: "m"
      reallocated_ore: 30
      facts {
        reallocated {
          from_line: "l"
          to_line: "m"
          reason: "mer till scen"
          amount { ore: 30 currency: "SEK" precision: PRECISION_EXACT }
        }
        origin { position: 3 }
      }
    })pb");
  Given({moved, Reversal(1)})
      .ThenNoEntry<BudgetEntry>("p/line/l")
      .ThenNoEntry<BudgetEntry>("p/line/m");
}

TEST(BudgetFold, CostBookedCountsInItsGrantByLineAndYear) {
  auto given = Given({Booked("c", 100, "2025-09-13", "event"),
                      Booked("d", 50, "2025-12-31", "event"),
                      Booked("e", 7, "2026-01-01", "event"),
                      Booked("f", 5, "2025-05", "")});
  given.ThenEntry<BudgetEntry>("p/cost/c", R"pb(
    cost {
      cost: "c"
      voucher: "A 117"
      account: "5990"
      grant: "g"
      budget_line: "event"
      text: "Scen"
      amount { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
      origin { position: 1 recorder_subject: "s-1" }
    })pb");
  given.ThenEntry<BudgetEntry>("p/grant/g", R"pb(
    grant {
      grant: "g"
      booked { year: 2025 ore: 5 count: 1 }
      booked { line: "event" year: 2025 ore: 150 count: 2 }
      booked { line: "event" year: 2026 ore: 7 count: 1 }
    })pb");
  Given({Booked("c", 100, "2025-09-13"), Reversal(1)})
      .ThenNoEntry<BudgetEntry>("p/cost/c")
      .ThenNoEntry<BudgetEntry>("p/grant/g");
}

TEST(BudgetFold, CostCorrectedMovesBetweenYears) {
  Given({Booked("c", 100, "2025-12-31"), CostAttested(),
         Correction(1, Booked("c", 90, "2026-01-02"))})
      .ThenEntry<BudgetEntry>("p/cost/c", R"pb(
        cost {
          cost: "c"
          voucher: "A 117"
          account: "5990"
          grant: "g"
          text: "Scen"
          amount { ore: 90 currency: "SEK" precision: PRECISION_EXACT }
          origin { position: 3 }
          attested { position: 2 }
          attester: "mkb/chef"
          attester_subject: "s-2"
        })pb")
      .ThenEntry<BudgetEntry>("p/grant/g", R"pb(
        grant {
          grant: "g"
          booked { year: 2026 ore: 90 count: 1 attested: 1 }
        })pb");
}

TEST(BudgetFold, ReversedCostCountsNoLonger) {
  const std::vector<Event> reversed = {Booked("c", 100, "2025-09-13"),
                                       Booked("d", 1, "2025-09-13"),
                                       CostReversed()};
  Given(reversed)
      .ThenEntry<BudgetEntry>("p/grant/g", R"pb(
        grant {
          grant: "g"
          booked { year: 2025 ore: 1 count: 1 }
        })pb")
      .ThenEntry<BudgetEntry>("p/cost/c", R"pb(
        cost {
          cost: "c"
          voucher: "A 117"
          account: "5990"
          grant: "g"
          text: "Scen"
          amount { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
          origin { position: 1 }
          reversed { position: 3 }
        })pb");
  // The reversal did not happen: the cost counts again.
  std::vector<Event> undone = reversed;
  undone.push_back(Reversal(3));
  Given(undone).ThenEntry<BudgetEntry>("p/grant/g", R"pb(
    grant {
      grant: "g"
      booked { year: 2025 ore: 101 count: 2 }
    })pb");
  // A reversal that arrives before its cost.
  Given({CostReversed(), Booked("c", 100, "2025-09-13")})
      .ThenNoEntry<BudgetEntry>("p/grant/g");
}

TEST(BudgetFold, SecondAttestStandsInWhenTheFirstIsTakenOut) {
  Given({Booked("c", 100, "2025"), CostAttested("s-2"), CostAttested("s-3"),
         Reversal(2)})
      .ThenEntry<BudgetEntry>("p/cost/c", R"pb(
        cost {
          cost: "c"
          voucher: "A 117"
          account: "5990"
          grant: "g"
          text: "Scen"
          amount { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
          origin { position: 1 }
          attested { position: 3 }
          attester: "mkb/chef"
          attester_subject: "s-3"
        })pb")
      .ThenEntry<BudgetEntry>("p/grant/g", R"pb(
        grant {
          grant: "g"
          booked { year: 2025 ore: 100 count: 1 attested: 1 }
        })pb");
}

TEST(BudgetFold, OwnMoneyHasAnEntryWithoutId) {
  Event own = Booked("c", 100, "2025");
  own.mutable_cost_booked()->clear_grant();
  Given({own}).ThenEntry<BudgetEntry>("p/grant/", R"pb(
    grant { booked { year: 2025 ore: 100 count: 1 } })pb");
}

TEST(BudgetFold, SumBeyond64BitsIsKeptWhole) {
  constexpr int64_t kMost = 1'000'000'000'000'000;  // 10^15
  std::vector<Event> events;
  const int count = 9'300;  // 9.3 * 10^18 is more than 64 bits hold
  for (int i = 0; i < count; ++i) {
    events.push_back(Booked("c-" + std::to_string(i), kMost, "2025"));
  }
  const FoldedFacts given = Given(events);
  const auto* entry =
      given.views().Of(ProjectionId::kBudget).Find<BudgetEntry>("p/grant/g");
  ASSERT_NE(entry, nullptr);
  const auto& sum = entry->grant().booked(0);
  EXPECT_NE(sum.ore_high(), 0);
  EXPECT_TRUE(Join(sum.ore(), sum.ore_high()) == WideSum{kMost} * count);
  EXPECT_EQ(ClampToInt64(Join(sum.ore(), sum.ore_high())),
            std::numeric_limits<int64_t>::max());
}

TEST(BudgetFold, SplitSumIsOnePartWhileItFits) {
  for (const int64_t value : {int64_t{0}, int64_t{1}, int64_t{-1},
                              std::numeric_limits<int64_t>::max(),
                              std::numeric_limits<int64_t>::min()}) {
    EXPECT_EQ(Split(value).low, value);
    EXPECT_EQ(Split(value).high, 0) << value;
  }
  const WideSum beyond = WideSum{std::numeric_limits<int64_t>::min()} - 1;
  EXPECT_TRUE(Join(Split(beyond).low, Split(beyond).high) == beyond);
  EXPECT_EQ(ClampToInt64(beyond), std::numeric_limits<int64_t>::min());
}

Event InKind(int64_t quantity, int64_t rate) {
  Event event = Text<Event>(R"pb(
    in_kind_recorded {
      in_kind: "i"
      kind: IN_KIND_KIND_WORKING_TIME
      contributor: "mkb"
      unit: "h"
      rate_basis: "schablon"
      part_of_statement: "m3"
      same_as_costs: "c"
      value { ore: 600 currency: "SEK" precision: PRECISION_STATED }
    })pb");
  event.mutable_in_kind_recorded()->set_quantity_hundredths(quantity);
  event.mutable_in_kind_recorded()->set_rate_ore(rate);
  return event;
}

Event InKindAttested(std::string edtf) {
  Event event = Text<Event>(R"pb(
    in_kind_attested {
      in_kind: "i"
      attester { organisation: "mkb" role: "ekonom" subject: "s-9" }
    })pb");
  event.mutable_occurred()->set_edtf(edtf);
  return event;
}

Event InKindReviewed(std::string_view verdict, int64_t accepted,
                     std::string edtf) {
  Event event = Text<Event>(R"pb(
    in_kind_reviewed {
      in_kind: "i"
      reviewer { organisation: "fgk" role: "controller" subject: "s-8" }
    })pb");
  event.mutable_occurred()->set_edtf(edtf);
  auto& reviewed = *event.mutable_in_kind_reviewed();
  auto parsed = event::v1::IN_KIND_VERDICT_UNSPECIFIED;
  EXPECT_TRUE(event::v1::InKindVerdict_Parse(std::string(verdict), &parsed));
  reviewed.set_verdict(parsed);
  if (accepted != 0) reviewed.mutable_accepted_value()->set_ore(accepted);
  return event;
}

const view::v1::InKindView& InKindOf(const FoldedFacts& given) {
  static const auto* const none = new view::v1::InKindView;
  const auto* entry =
      given.views().Of(ProjectionId::kBudget).Find<BudgetEntry>("p/in_kind/i");
  EXPECT_NE(entry, nullptr);
  return entry == nullptr ? *none : entry->in_kind();
}

void ThenInKind(std::vector<Event> events, view::v1::InKindState state,
                int64_t counted) {
  const FoldedFacts given = Given(std::move(events));
  EXPECT_EQ(InKindOf(given).state(), state);
  EXPECT_EQ(InKindOf(given).counted_ore(), counted);
}

TEST(BudgetFold, InKindRecorded) {
  Given({InKind(100, 600)}).ThenEntry<BudgetEntry>("p/in_kind/i", R"pb(
    in_kind {
      in_kind: "i"
      kind: IN_KIND_KIND_WORKING_TIME
      contributor: "mkb"
      value { ore: 600 currency: "SEK" precision: PRECISION_STATED }
      counted_ore: 600
      state: IN_KIND_STATE_SPECIFIED
      quantity_hundredths: 100
      unit: "h"
      rate_ore: 600
      rate_basis: "schablon"
      part_of_statement: "m3"
      same_as_costs: "c"
      origin { position: 1 }
    })pb");
  ThenInKind({InKind(0, 0)}, view::v1::IN_KIND_STATE_STATED, 600);
  ThenInKind({InKind(100, 0)}, view::v1::IN_KIND_STATE_STATED, 600);
  Given({InKind(0, 0), Reversal(1)}).ThenNoEntry<BudgetEntry>("p/in_kind/i");
}

TEST(BudgetFold, InKindStateIsThatOfWhatHappenedLast) {
  const Event attested = InKindAttested("2025-06-01");
  ThenInKind({InKind(100, 600), attested}, view::v1::IN_KIND_STATE_ATTESTED,
             600);
  const Event rejected =
      InKindReviewed("IN_KIND_VERDICT_REJECTED", 0, "2026-02-01");
  const Event partly =
      InKindReviewed("IN_KIND_VERDICT_PARTLY_REJECTED", 400, "2026-03-01");
  const Event accepted =
      InKindReviewed("IN_KIND_VERDICT_ACCEPTED", 0, "2026-04-01");
  ThenInKind({InKind(100, 600), rejected}, view::v1::IN_KIND_STATE_REJECTED, 0);
  // Recorded in the wrong order; the attest, late, changes nothing.
  ThenInKind({InKind(100, 600), partly, rejected, attested},
             view::v1::IN_KIND_STATE_PARTLY_REJECTED, 400);
  ThenInKind({InKind(100, 600), rejected, partly, accepted},
             view::v1::IN_KIND_STATE_ACCEPTED, 600);
  ThenInKind({InKind(100, 600), partly, accepted, Reversal(3)},
             view::v1::IN_KIND_STATE_PARTLY_REJECTED, 400);
  // Without the contribution nothing counts, but its steps are kept.
  ThenInKind({InKind(100, 600), partly, Reversal(1)},
             view::v1::IN_KIND_STATE_UNSPECIFIED, 0);
}

TEST(BudgetFold, InKindCorrectedKeepsItsSteps) {
  Event larger = InKind(200, 600);
  larger.mutable_in_kind_recorded()->mutable_value()->set_ore(1200);
  const FoldedFacts given = Given(
      {InKind(100, 600), InKindAttested("2025-06-01"), Correction(1, larger)});
  EXPECT_EQ(InKindOf(given).state(), view::v1::IN_KIND_STATE_ATTESTED);
  EXPECT_EQ(InKindOf(given).counted_ore(), 1200);
  ASSERT_EQ(InKindOf(given).steps_size(), 1);
  EXPECT_EQ(InKindOf(given).steps(0).by(), "mkb/ekonom");
  EXPECT_EQ(InKindOf(given).steps(0).by_subject(), "s-9");
  EXPECT_EQ(InKindOf(given).origin().position(), 3u);
}

TEST(BudgetFold, VolunteerTimeReported) {
  const Event reported = Text<Event>(R"pb(
    volunteer_time_reported {
      report: "v"
      association: "odling"
      hours_hundredths: 1250
      headcount { total: 8 }
    })pb");
  Given({reported}).ThenEntry<BudgetEntry>("p/volunteer_time/v", R"pb(
    volunteer_time {
      report: "v"
      association: "odling"
      hours_hundredths: 1250
      headcount { total: 8 }
      origin { position: 1 }
    })pb");
  Given({reported, Reversal(1)}).ThenNoEntry<BudgetEntry>("p/volunteer_time/v");
}

TEST(BudgetFold, AmountStated) {
  const Event stated = Text<Event>(R"pb(
    amount_stated {
      statement: "m2"
      kind: STATED_KIND_GRANT_USED
      grant: "g"
      contributor: "mkb"
      in_kind_parts: IN_KIND_KIND_PREMISES
      period { edtf: "2025" }
      total_of { label: "beviljat" grant: "g" }
      amount {
        ore: 27000000
        currency: "SEK"
        precision: PRECISION_ESTIMATE
        verbatim: "ca 270 000kr"
      }
    })pb");
  Given({stated}).ThenEntry<BudgetEntry>("p/statement/m2", R"pb(
    statement {
      statement: "m2"
      kind: STATED_KIND_GRANT_USED
      grant: "g"
      contributor: "mkb"
      in_kind_parts: IN_KIND_KIND_PREMISES
      total_of { label: "beviljat" grant: "g" }
      period { edtf: "2025" from_us: 1735686000000000 to_us: 1767222000000000 }
      amount {
        ore: 27000000
        currency: "SEK"
        precision: PRECISION_ESTIMATE
        verbatim: "ca 270 000kr"
      }
      origin { position: 1 }
    })pb");
  Given({stated, Reversal(1)}).ThenNoEntry<BudgetEntry>("p/statement/m2");
}

TEST(BudgetFold, FactsAboutOtherThingsLeaveNoEntry) {
  const FoldedFacts given =
      Given({Text<Event>(R"pb(measure_implemented {
                                measure: "m"
                                actual_cost { ore: 5 currency: "SEK" }
                              })pb"),
             Text<Event>(R"pb(report_generated { report: "r" })pb"),
             Text<Event>(R"pb(check_explained {
                                check: "C3/g"
                                explanation: "beslutas i mars"
                              })pb")});
  given.views()
      .Of(ProjectionId::kBudget)
      .Scan<BudgetEntry>("", "", [](std::string_view key, const BudgetEntry&) {
        ADD_FAILURE() << "entry " << key;
        return true;
      });
}

TEST(BudgetFold, RetractUndoesApplyOfEveryKindOfFact) {
  Event other_grant = Booked("d", 40, "2024-12-31", "l");
  other_grant.mutable_cost_booked()->set_grant("h");
  ExpectRetractUndoesApply(
      BudgetProjection(),
      {Awarded(),
       Booked("c", 100, "2025-02-01", "l"),
       other_grant,
       CostAttested("s-2"),
       CostAttested("s-3"),
       CostReversed(),
       CostReversed(),
       InKind(100, 600),
       InKindAttested("2025-06-01"),
       InKindReviewed("IN_KIND_VERDICT_PARTLY_REJECTED", 400, "2026-03-01"),
       Text<Event>(R"pb(report_submitted {
                          report: "r"
                          addressee: "fgk"
                          grant: "g"
                        })pb"),
       Text<Event>(R"pb(report_submitted {
                          report: "r"
                          addressee: "fgk"
                          grant: "h"
                        })pb"),
       Text<Event>(R"pb(report_returned { report: "r" questions: "vad?" })pb"),
       Text<Event>(R"pb(budget_line_set {
                          line: "l"
                          name: "L"
                          amount { ore: 9 currency: "SEK" }
                        })pb"),
       Text<Event>(R"pb(budget_reallocated {
                          from_line: "l"
                          to_line: "m"
                          amount { ore: 4 currency: "SEK" }
                        })pb"),
       Text<Event>(R"pb(amount_stated {
                          statement: "m"
                          kind: STATED_KIND_OTHER
                          amount { ore: 4 currency: "SEK" }
                        })pb"),
       Text<Event>(R"pb(volunteer_time_reported {
                          report: "v"
                          association: "a"
                          hours_hundredths: 5
                        })pb"),
       Text<Event>(R"pb(grant_applied_for { grant: "g" funder: "f" })pb"),
       Text<Event>(R"pb(grant_settled { grant: "g" })pb"),
       Text<Event>(R"pb(grant_repaid { grant: "g" payment: "p" })pb")});
}

}  // namespace
}  // namespace samverk::projections
