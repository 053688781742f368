// Corrections, reversals and voids: what may be amended, and what then holds.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/testing/given.h"

namespace samverk::testing {
namespace {

using event::v1::Event;

// Ids of World()'s events.
const std::string kRegistered = Uuid(1);
const std::string kGoal = Uuid(7);
const std::string kGrant = Uuid(9);
const std::string kScheduled = Uuid(12);
const std::string kFinding = Uuid(14);
const std::string kMeasure = Uuid(16);
const std::string kInKind = Uuid(20);
const std::string kCost = Uuid(21);

std::string Corrected(const std::string& target, const std::string& by) {
  return "event_corrected { target: '" + target +
         "' reason_code: 'skrivfel' reason: 'r' replacement { " + by + " } }";
}
std::string Reversed(const std::string& target) {
  return "event_reversed { target: '" + target +
         "' reason_code: 'fel' reason: 'r' }";
}
std::string Voided(const std::string& target) {
  return "event_voided { target: '" + target +
         "' reason_code: 'fel plats' reason: 'r' }";
}
Event WithId(const std::string& id, const std::string& text) {
  Event event = EventOf(text);
  event.set_id(id);
  return event;
}
const char kGoalText[] = "goal_set { goal: 'g-1' text: 'Trygga kvällar' }";

TEST(Target, IsAStandingEventOfTheProcess) {
  Given given;
  given.When(Corrected(kGoal, kGoalText)).ThenAccepted();
  given.When(Corrected(Uuid(400), kGoalText))
      .ThenRefused("TARGET_UNKNOWN", "event_corrected.target");
  Event other = EventOf("process_registered { name: 'n' }");
  other.set_process("q");
  other.set_id(Uuid(500));
  given.And(other);
  given.When(Reversed(Uuid(500)))
      .ThenRefused("TARGET_OTHER_PROCESS", "event_reversed.target");
}

TEST(Target, IsTheLatestCorrection) {
  Given given;
  given.And(WithId(Uuid(201), Corrected(kGoal, kGoalText)));
  const auto verdict = given.When(Corrected(kGoal, kGoalText));
  verdict.ThenRefused("TARGET_REPLACED", "event_corrected.target");
  EXPECT_EQ(verdict.violations()[0].violation.values[1].second, Uuid(201));
  given.When(Reversed(kGoal))
      .ThenRefused("TARGET_REPLACED", "event_reversed.target");
  given.And(WithId(Uuid(202), Corrected(Uuid(201), kGoalText)));
  given.When(Corrected(Uuid(201), kGoalText))
      .ThenRefused("TARGET_REPLACED", "event_corrected.target");
  given.When(Reversed(Uuid(202))).ThenAccepted();
}

TEST(Target, IsNotWhatWasTakenOut) {
  Given given;
  given.And(WithId(Uuid(201), Reversed(kGoal)));
  for (const std::string& again :
       {Reversed(kGoal), Voided(kGoal), Corrected(kGoal, kGoalText)}) {
    const auto verdict = given.When(again);
    ASSERT_EQ(verdict.violations().size(), 1u);
    EXPECT_EQ(verdict.violations()[0].violation.rule,
              recording::Rule::kTargetTakenOut);
  }
  given.When(Reversed(kGoal))
      .ThenRefused("TARGET_TAKEN_OUT", "event_reversed.target");
  given.When(Reversed(Uuid(201)))
      .ThenRefused("TARGET_NOT_A_FACT", "event_reversed.target");
}

TEST(Target, MayComeEarlierInTheBatch) {
  const Event goal = WithId(Uuid(201), "goal_set { goal: 'g-9' text: 'fel' }");
  const Event correction = WithId(
      Uuid(202), Corrected(Uuid(201), "goal_set { goal: 'g-9' text: 'rätt' }"));
  Given().WhenAll({goal, correction}).ThenAccepted();
  Given()
      .WhenAll({goal, correction, EventOf(Reversed(Uuid(202)))})
      .ThenAccepted();
  Given()
      .WhenAll({goal, correction, EventOf(Reversed(Uuid(201)))})
      .ThenRefused("TARGET_REPLACED", "event_reversed.target");
  Given()
      .WhenAll({correction, goal})
      .ThenRefused("TARGET_UNKNOWN", "event_corrected.target");
}

TEST(Target, StaysWhenOthersRestOnItForEver) {
  Given given;
  given.When(Reversed(kRegistered))
      .ThenRefused("TARGET_PERMANENT", "event_reversed.target");
  given.When(Voided(kRegistered))
      .ThenRefused("TARGET_PERMANENT", "event_voided.target");
  given
      .When(Corrected(kRegistered,
                      "process_registered { name: 'Ekostaden Augustenborg' }"))
      .ThenAccepted();
  given.And(WithId(Uuid(201),
                   "sealed_data_read { principal: 'p' subjects: 's' purpose: "
                   "'x' }"));
  given.When(Reversed(Uuid(201)))
      .ThenRefused("TARGET_PERMANENT", "event_reversed.target");
}

TEST(Replacement, IsOfTheSameKindAboutTheSameEntity) {
  Given()
      .When(Corrected(kGoal, "place_defined { place: 'g-1' name: 'n' }"))
      .ThenRefused("CORRECTION_OF_OTHER_KIND", "event_corrected.replacement");
  Given()
      .When(Corrected(kGoal, "goal_set { goal: 'g-2' text: 't' }"))
      .ThenRefused("CORRECTION_OF_OTHER_ENTITY", "event_corrected.replacement");
}

TEST(Replacement, IsJudgedAsIfItsTargetHadNotHappened) {
  Given given;
  // Its own id is not taken; what it names must exist.
  given
      .When(Corrected(kFinding,
                      "finding_logged { finding: 'f-1' polarity: "
                      "POLARITY_DEFICIENCY description: 'd' activities: 'x' }"))
      .ThenRefused("ACTIVITY_UNKNOWN",
                   "event_corrected.replacement.finding_logged.activities[0]");
  given
      .When(Corrected(kFinding,
                      "occurred { edtf: '2027' } finding_logged { "
                      "finding: 'f-1' polarity: POLARITY_DEFICIENCY "
                      "description: 'd' }"))
      .ThenRefused("TIME_IN_FUTURE",
                   "event_corrected.replacement.occurred.edtf");
}

TEST(Replacement, HoldsFromThenOn) {
  Given given;
  given.And(
      Corrected(kFinding,
                "finding_logged { finding: 'f-1' polarity: POLARITY_ASSET "
                "description: 'Belysningen är bra' }"));
  given
      .When(
          "finding_declined { finding: 'f-1' reason: DECLINE_REASON_COST "
          "motivation: 'm' }")
      .ThenRefused("FINDING_IS_ASSET", "finding_declined.finding");
}

TEST(Replacement, TakesItsIdsInAllOfTheProcess) {
  const auto payment = [](const std::string& grant, const std::string& id) {
    return "grant_disbursed { grant: '" + grant + "' payment: '" + id +
           "' amount { ore: 1 currency: 'SEK' precision: PRECISION_EXACT } }";
  };
  Given given;
  given.And(
      "grant_awarded { grant: 'ny' funder: 'fgk' amount { ore: 1 currency: "
      "'SEK' precision: PRECISION_EXACT } }");
  given.And(WithId(Uuid(201), payment("stod", "b-1")));
  given.And(WithId(Uuid(202), Corrected(Uuid(201), payment("stod", "b-2"))));
  given.When(payment("ny", "b-2"))
      .ThenRefused("ID_TAKEN", "grant_disbursed.payment");
  given.When(payment("ny", "b-1")).ThenAccepted();
}

TEST(Replacement, MovesAStepInTime) {
  Given given;
  given.And(WithId(Uuid(201),
                   "occurred { edtf: '2025-08-01' } "
                   "measure_abandoned { measure: 'blomlador' "
                   "reason: 'r' }"));
  const std::string started =
      "occurred { edtf: '2025-08-10' } measure_started { measure: 'blomlador' "
      "}";
  given.When(started).ThenRefused("MEASURE_ABANDONED",
                                  "measure_started.measure");
  given.And(Corrected(Uuid(201),
                      "occurred { edtf: '2025-09-01' } "
                      "measure_abandoned { measure: 'blomlador' "
                      "reason: 'r' }"));
  given.When(started).ThenAccepted();
}

TEST(Reversal, UndoesAStep) {
  Given given;
  given.And(WithId(Uuid(201), "finding_closed { finding: 'f-1' }"));
  const std::string assigned =
      "finding_assigned { finding: 'f-1' assignee: 'fgk' }";
  given.When(assigned).ThenRefused("FINDING_CLOSED",
                                   "finding_assigned.finding");
  given.And(Reversed(Uuid(201)));
  given.When(assigned).ThenAccepted();
}

TEST(BookedCost, IsCorrectedByAnotherVoucher) {
  const auto corrected = [](const Event& cost) {
    Event event =
        EventOf("event_corrected { reason_code: 'skrivfel' reason: 'r' }");
    event.mutable_event_corrected()->set_target(kCost);
    *event.mutable_event_corrected()->mutable_replacement() = cost;
    return event;
  };
  Event cost = CostOf("c-1", 100'000);
  cost.mutable_cost_booked()->set_text("Plantor");
  cost.mutable_cost_booked()->set_activity("dialog");
  cost.mutable_cost_booked()->set_budget_line("lokaler");
  Given().When(corrected(cost)).ThenAccepted();

  const std::string path = "event_corrected.replacement.cost_booked.";
  Given()
      .When(corrected(CostOf("c-1", 90'000)))
      .ThenRefused("COST_NEEDS_REVERSAL", path + "amount");
  cost.mutable_cost_booked()->set_account("4611");
  Given()
      .When(corrected(cost))
      .ThenRefused("COST_NEEDS_REVERSAL", path + "account");
  cost = CostOf("c-1", 100'000);
  cost.mutable_cost_booked()->set_voucher_number("118");
  Given()
      .When(corrected(cost))
      .ThenRefused("COST_NEEDS_REVERSAL", path + "voucher_number");
  cost = CostOf("c-1", 100'000);
  cost.mutable_cost_booked()->clear_grant();
  Given()
      .When(corrected(cost))
      .ThenRefused("COST_NEEDS_REVERSAL", path + "grant");
}

TEST(BookedCost, IsReversedByAnotherVoucherOrVoided) {
  Given()
      .When(Reversed(kCost))
      .ThenRefused("COST_NEEDS_REVERSAL", "event_reversed.target");
  Given().When(Voided(kCost)).ThenAccepted();
}

TEST(BookedCost, IsNotCorrectedByItsAttester) {
  Given given;
  given.And(
      "cost_attested { cost: 'c-1' attester { organisation: 'mkb' role: 'chef' "
      "subject: 's-chef' } }");
  Event cost = CostOf("c-1", 100'000);
  cost.mutable_recorded_by()->set_subject("s-chef");
  Event correction =
      EventOf("event_corrected { reason_code: 'skrivfel' reason: 'r' }");
  correction.mutable_event_corrected()->set_target(kCost);
  *correction.mutable_event_corrected()->mutable_replacement() = cost;
  given.When(correction)
      .ThenRefused("RECORDER_IS_ATTESTER",
                   "event_corrected.replacement.cost_booked");
}

TEST(InKind, IsNotCorrectedBehindItsAttester) {
  Given given;
  const auto corrected = [](const std::string& rest) {
    return Corrected(kInKind,
                     "in_kind_recorded { in_kind: 'i-1' kind: "
                     "IN_KIND_KIND_WORKING_TIME contributor: 'mkb' " +
                         rest + " }");
  };
  const std::string as_it_is =
      "quantity_hundredths: 1000 unit: 'h' rate_ore: 60000 value { ore: 600000 "
      "currency: 'SEK' precision: PRECISION_STATED }";
  const std::string more =
      "value { ore: 900000 currency: 'SEK' precision: PRECISION_STATED }";
  given.When(corrected(more)).ThenAccepted();
  given.And(WithId(Uuid(201),
                   "in_kind_attested { in_kind: 'i-1' attester { organisation: "
                   "'mkb' role: 'chef' subject: 's-chef' } }"));
  given.When(corrected(as_it_is + " activity: 'dialog'")).ThenAccepted();
  const auto verdict = given.When(corrected(more));
  ASSERT_FALSE(verdict.violations().empty());
  for (const auto& violation : verdict.violations()) {
    EXPECT_EQ(recording::EntryOf(violation.violation.rule).id,
              "IN_KIND_ALREADY_ATTESTED");
  }
  given.And(Reversed(Uuid(201)));
  given.When(corrected(more)).ThenAccepted();
}

TEST(TakingOut, LeavesNothingThatRestsOnIt) {
  Given given;
  given.And("finding_assigned { finding: 'f-1' assignee: 'fgk' }");
  given.When(Reversed(kFinding))
      .ThenRefused("ENTITY_IN_USE", "event_reversed.target");
  // In another entity's history: the grant has a cost.
  given.When(Reversed(kGrant))
      .ThenRefused("ENTITY_IN_USE", "event_reversed.target");
  given.When(Voided(kGrant))
      .ThenRefused("ENTITY_IN_USE", "event_voided.target");
  // What nothing rests on goes.
  given.When(Reversed(kGoal)).ThenAccepted();
  given.When(Reversed(kMeasure)).ThenAccepted();
  // The activity is left: it was held.
  given.And("safety_walk_held { held { activity: 'vandring' title: 't' } }");
  given.When(Reversed(kScheduled)).ThenAccepted();
}

TEST(TakingOut, KeepsWhatALaterStepPresupposes) {
  Given given;
  given.And(WithId(Uuid(201), "measure_implemented { measure: 'blomlador' }"));
  given.And(WithId(Uuid(202),
                   "measure_evaluated { measure: 'blomlador' observation: 'o' "
                   "effect: MEASURE_EFFECT_NONE }"));
  const auto verdict = given.When(Reversed(Uuid(201)));
  verdict.ThenRefused("ENTITY_IN_USE", "event_reversed.target");
  EXPECT_EQ(verdict.violations()[0].violation.values[2].second, Uuid(202));
  given.And(Reversed(Uuid(202)));
  given.When(Reversed(Uuid(201))).ThenAccepted();
}

TEST(TakingOut, IsFreeWhenItsUsersAreGone) {
  Given given;
  given.And("measure_proposed { measure: 'm-2' title: 't' findings: 'f-1' }");
  given.When(Reversed(kFinding))
      .ThenRefused("ENTITY_IN_USE", "event_reversed.target");
  // A correction that no longer names it, and then nothing does.
  Given without;
  without.And(WithId(Uuid(201),
                     "measure_proposed { measure: 'm-2' title: 't' findings: "
                     "'f-1' }"));
  without.WhenAll({EventOf(Reversed(Uuid(201))), EventOf(Reversed(kFinding))})
      .ThenAccepted();
  without.And(
      Corrected(Uuid(201), "measure_proposed { measure: 'm-2' title: 't' }"));
  without.When(Reversed(kFinding)).ThenAccepted();
}

TEST(TakingOut, SeesUsersOfTheSameBatch) {
  Given()
      .WhenAll(
          {EventOf("measure_proposed { measure: 'm-2' title: 't' findings: "
                   "'f-1' }"),
           EventOf(Reversed(kFinding))})
      .ThenRefused("ENTITY_IN_USE", "event_reversed.target");
}

TEST(TakingOut, OfACorrectionTakesTheFactOut) {
  Given given;
  given.And(WithId(Uuid(201), Corrected(kGoal, kGoalText)));
  given.And(Reversed(Uuid(201)));
  given.When(kGoalText).ThenAccepted();  // the id is free
}

TEST(Correction, NeedsAProcess) {
  Given nothing{std::vector<Event>()};
  nothing.When(Reversed(kGoal))
      .ThenRefused("PROCESS_NOT_REGISTERED", "process");
}

TEST(Correction, HasNoNoticesOfItsOwn) {
  Given()
      .When(Corrected(kFinding,
                      "occurred { edtf: '2025-05-20' } "
                      "finding_logged { finding: 'f-1' polarity: "
                      "POLARITY_DEFICIENCY description: 'd' }"))
      .ThenNotices({});
}

}  // namespace
}  // namespace samverk::testing
