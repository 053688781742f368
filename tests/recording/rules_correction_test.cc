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
  // The one that stands is named, not the next.
  for (const std::string& target : {kGoal, Uuid(201)}) {
    const auto again = given.When(Corrected(target, kGoalText));
    again.ThenRefused("TARGET_REPLACED", "event_corrected.target");
    EXPECT_EQ(again.violations()[0].violation.values[1].second, Uuid(202));
  }
  given.When(Reversed(Uuid(202))).ThenAccepted();
  given.And(WithId(Uuid(203), Reversed(Uuid(202))));
  for (const std::string& target : {kGoal, Uuid(201)}) {
    const auto gone = given.When(Corrected(target, kGoalText));
    gone.ThenRefused("TARGET_TAKEN_OUT", "event_corrected.target");
    EXPECT_EQ(gone.violations()[0].violation.values[1].second, Uuid(203));
  }
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

// A correction of the cost 'c-1' by its text, recorded by `by`; the replacement
// is said to be recorded by the accountant as before.
Event CostTextCorrected(const std::string& id, const std::string& target,
                        const std::string& by) {
  Event correction =
      EventOf("event_corrected { reason_code: 'skrivfel' reason: 'r' }");
  correction.set_id(id);
  correction.mutable_recorded_by()->set_subject(by);
  correction.mutable_event_corrected()->set_target(target);
  Event& cost = *correction.mutable_event_corrected()->mutable_replacement();
  cost = CostOf("c-1", 100'000);
  cost.mutable_cost_booked()->set_text("Plantor till " + id);
  return correction;
}

std::string AttestedBy(const std::string& subject) {
  return "recorded_by { organisation: 'mkb' role: 'chef' subject: '" + subject +
         "' } cost_attested { cost: 'c-1' attester { organisation: 'mkb' role: "
         "'chef' subject: '" +
         subject + "' } }";
}

TEST(BookedCost, IsAttestedByNobodyWhoHadAPartInIt) {
  Given given;
  given.And(CostTextCorrected(Uuid(201), kCost, "s-2"));
  // The first recorder, though the cost was corrected by another.
  given.When(AttestedBy("s-eko"))
      .ThenRefused("RECORDER_IS_ATTESTER", "cost_attested.attester");
  // Who corrected it, though the replacement names the first recorder.
  given.When(AttestedBy("s-2"))
      .ThenRefused("RECORDER_IS_ATTESTER", "cost_attested.attester");
  given.When(AttestedBy("s-3")).ThenAccepted();
  given.And(CostTextCorrected(Uuid(202), Uuid(201), "s-3"));
  given.When(AttestedBy("s-2"))
      .ThenRefused("RECORDER_IS_ATTESTER", "cost_attested.attester");
  given.When(AttestedBy("s-3"))
      .ThenRefused("RECORDER_IS_ATTESTER", "cost_attested.attester");
  given.When(AttestedBy("s-4")).ThenAccepted();
}

TEST(BookedCost, IsNotCorrectedByItsAttesterInAnothersName) {
  Given given;
  given.And(AttestedBy("s-chef"));
  given.When(CostTextCorrected(Uuid(201), kCost, "s-chef"))
      .ThenRefused("RECORDER_IS_ATTESTER",
                   "event_corrected.replacement.cost_booked");
  given.When(CostTextCorrected(Uuid(201), kCost, "s-2")).ThenAccepted();
}

TEST(BookedCost, KeepsItsDay) {
  Event correction = CostTextCorrected(Uuid(201), kCost, "s-2");
  Event& cost = *correction.mutable_event_corrected()->mutable_replacement();
  cost.mutable_occurred()->set_edtf("2025-05-13");
  Given()
      .When(correction)
      .ThenRefused("COST_NEEDS_REVERSAL",
                   "event_corrected.replacement.occurred");
  // A day that nobody gave may be added.
  Given given;
  Event undated = CostOf("c-2", 100'000);
  undated.clear_occurred();
  undated.set_id(Uuid(202));
  given.And(undated);
  correction.mutable_event_corrected()->set_target(Uuid(202));
  cost.mutable_cost_booked()->set_cost("c-2");
  given.When(correction).ThenAccepted();
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
                   "recorded_by { organisation: 'mkb' role: 'chef' subject: "
                   "'s-chef' } in_kind_attested { in_kind: 'i-1' attester { "
                   "organisation: 'mkb' role: 'chef' subject: 's-chef' } }"));
  const std::string dated = "occurred { edtf: '2025-04-02' } ";
  const auto described = [&](const std::string& time) {
    return Corrected(kInKind,
                     time +
                         "in_kind_recorded { in_kind: 'i-1' kind: "
                         "IN_KIND_KIND_WORKING_TIME contributor: 'mkb' " +
                         as_it_is + " activity: 'dialog' }");
  };
  given.When(described(dated)).ThenAccepted();
  given.When(described("occurred { edtf: '2025-04-03' } "))
      .ThenRefused("IN_KIND_ALREADY_ATTESTED",
                   "event_corrected.replacement.occurred");
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

TEST(TakingOut, KeepsWhatMakesLaterStepsRight) {
  struct Case {
    std::vector<std::string> before;
    std::string needed;
    std::string resting;
  };
  const std::string by =
      "recorded_by { organisation: 'fgk' role: 'controller' subject: 's-c' } ";
  const std::string person =
      " { organisation: 'fgk' role: 'controller' subject: 's-d' } }";
  const std::vector<Case> cases = {
      {{},
       by + "in_kind_attested { in_kind: 'i-1' attester" + person,
       by +
           "in_kind_reviewed { in_kind: 'i-1' verdict: "
           "IN_KIND_VERDICT_ACCEPTED reviewer" +
           person},
      {{},
       "report_generated { report: 'r' as_of_position: 1 }",
       "report_submitted { report: 'r' addressee: 'fgk' }"},
      {{},
       "check_raised { check: 'prov' text: 't' }",
       "check_explained { check: 'prov' explanation: 'e' }"},
      {{},
       "finding_closed { finding: 'f-1' }",
       "finding_reopened { finding: 'f-1' reason: 'r' }"},
      {{},
       "finding_declined { finding: 'f-1' reason: DECLINE_REASON_COST "
       "motivation: 'm' }",
       "finding_reopened { finding: 'f-1' reason: 'r' }"},
      {{}, "role_assigned { actor: 'hgf' }", "role_ended { actor: 'hgf' }"},
      {{"meeting_held { held { activity: 'traff' title: 't' } }"},
       "activity_scheduled { activity: 'traff-2' kind: ACTIVITY_KIND_MEETING "
       "title: 't' planned { edtf: '2026' } }",
       "meeting_held { held { activity: 'traff-2' } }"},
  };
  for (const Case& c : cases) {
    Given given;
    for (const std::string& event : c.before) given.And(event);
    given.And(WithId(Uuid(201), c.needed));
    given.When(Reversed(Uuid(201))).ThenAccepted();
    given.And(WithId(Uuid(202), c.resting));
    const auto verdict = given.When(Reversed(Uuid(201)));
    verdict.ThenRefused("ENTITY_IN_USE", "event_reversed.target");
    EXPECT_EQ(verdict.violations()[0].violation.values[2].second, Uuid(202));
    given.And(Reversed(Uuid(202)));
    given.When(Reversed(Uuid(201))).ThenAccepted();
  }
}

TEST(Correction, KeepsWhatMakesLaterStepsRight) {
  struct Case {
    std::string fact;
    std::string resting;
    std::string corrected;  // undermines it
    std::string harmless;
  };
  const std::vector<Case> cases = {
      {"outcome_claimed { outcome: 'o' kind: OUTCOME_KIND_PROCESS claim: 'c' }",
       "outcome_substantiated { outcome: 'o' substantiator: 'hgf' independent: "
       "true agreement: AGREEMENT_FULL }",
       "on_behalf_of: 'hgf' outcome_claimed { outcome: 'o' kind: "
       "OUTCOME_KIND_PROCESS claim: 'c' }",
       "on_behalf_of: 'fgk' outcome_claimed { outcome: 'o' kind: "
       "OUTCOME_KIND_PROCESS claim: 'c' }"},
      {"gallring_decided { gallring: 'g' plan_reference: 'p' registry_number: "
       "'r' subjects: 'p-1' subjects: 'p-2' }",
       "key_destroyed { gallring: 'g' subject: 'p-1' } recorded_by { "
       "organisation: 'fgk' }",
       "gallring_decided { gallring: 'g' plan_reference: 'p' registry_number: "
       "'r' subjects: 'p-2' }",
       "gallring_decided { gallring: 'g' plan_reference: 'p' registry_number: "
       "'r' subjects: 'p-1' }"},
      {"finding_logged { finding: 'f' polarity: POLARITY_DEFICIENCY "
       "description: 'd' }",
       "finding_declined { finding: 'f' reason: DECLINE_REASON_COST "
       "motivation: 'm' }",
       "finding_logged { finding: 'f' polarity: POLARITY_ASSET description: "
       "'d' }",
       "finding_logged { finding: 'f' polarity: POLARITY_DEFICIENCY "
       "description: 'e' }"},
      {"occurred { edtf: '2025-08-01' } measure_implemented { measure: "
       "'blomlador' }",
       "occurred { edtf: '2025-09-01' } measure_evaluated { measure: "
       "'blomlador' observation: 'o' effect: MEASURE_EFFECT_NONE }",
       "occurred { edtf: '2025-09-02' } measure_implemented { measure: "
       "'blomlador' }",
       "occurred { edtf: '2025-09-01' } measure_implemented { measure: "
       "'blomlador' }"},
  };
  for (const Case& c : cases) {
    Given given;
    given.And(WithId(Uuid(201), c.fact));
    given.When(Corrected(Uuid(201), c.corrected)).ThenAccepted();
    given.And(WithId(Uuid(202), c.resting));
    const auto verdict = given.When(Corrected(Uuid(201), c.corrected));
    verdict.ThenRefused("CORRECTION_UNDERMINES", "event_corrected.replacement");
    EXPECT_EQ(verdict.violations()[0].violation.values[0].second, Uuid(202));
    given.When(Corrected(Uuid(201), c.harmless)).ThenAccepted();
  }
}

TEST(Correction, OfAClaimIsNoWayToIndependence) {
  // The association claimed it; another's name on the correction changes
  // nothing.
  Given given;
  given.And(WithId(Uuid(201),
                   "recorded_by { organisation: 'hgf' role: 'ordf' } "
                   "outcome_claimed { outcome: 'o' kind: OUTCOME_KIND_PROCESS "
                   "claim: 'c' }"));
  given.And(Corrected(Uuid(201),
                      "outcome_claimed { outcome: 'o' kind: "
                      "OUTCOME_KIND_PROCESS claim: 'd' }"));
  given
      .When(
          "outcome_substantiated { outcome: 'o' substantiator: 'hgf' "
          "independent: true agreement: AGREEMENT_FULL }")
      .ThenRefused("OUTCOME_NOT_INDEPENDENT",
                   "outcome_substantiated.independent");
}

TEST(Correction, OfAnUndatedEventKeepsItsPlace) {
  Given given;
  given.And(WithId(Uuid(201), "measure_proposed { measure: 'm' title: 't' }"));
  given.clock().Advance(absl::Hours(1));
  given.And("measure_abandoned { measure: 'm' reason: 'r' }");
  given.clock().Advance(absl::Hours(1));
  given
      .When(Corrected(Uuid(201),
                      "measure_proposed { measure: 'm' title: 'u' "
                      "}"))
      .ThenAccepted();

  // Closed, reopened, and then a slip corrected in the closing: it is open.
  given.And(WithId(Uuid(202), "finding_closed { finding: 'f-1' }"));
  given.clock().Advance(absl::Hours(1));
  given.And("finding_reopened { finding: 'f-1' reason: 'r' }");
  given.clock().Advance(absl::Hours(1));
  given.And(WithId(Uuid(203), Corrected(Uuid(202),
                                        "finding_closed { finding: 'f-1' "
                                        "outcome: 'klart' }")));
  given.When("finding_assigned { finding: 'f-1' assignee: 'fgk' }")
      .ThenAccepted();
  given.And(Corrected(Uuid(203),
                      "finding_closed { finding: 'f-1' outcome: "
                      "'helt klart' }"));
  given.When("finding_assigned { finding: 'f-1' assignee: 'fgk' }")
      .ThenAccepted();
}

TEST(Correction, KeepsTheOrderWithinOneInstant) {
  // All of a batch is recorded at once: the order of the batch decides.
  Given given;
  EXPECT_TRUE(
      RecordNow(given.recorder(),
                {WithId(Uuid(201), "finding_closed { finding: 'f-1' }"),
                 WithId(Uuid(202),
                        "finding_reopened { finding: 'f-1' reason: 'r' }")})
          .status.ok());
  given.And(
      Corrected(Uuid(201), "finding_closed { finding: 'f-1' outcome: 'o' }"));
  given.When("finding_assigned { finding: 'f-1' assignee: 'fgk' }")
      .ThenAccepted();
}

TEST(Amendment, NamesActorsThatExist) {
  for (const std::string& amendment :
       {Reversed(kGoal), Voided(kGoal), Corrected(kGoal, kGoalText)}) {
    Given()
        .When("on_behalf_of: 'finns-inte' " + amendment)
        .ThenRefused("ACTOR_UNKNOWN", "on_behalf_of");
    Given()
        .When("information_owner: 'finns-inte' " + amendment)
        .ThenRefused("ACTOR_UNKNOWN", "information_owner");
    Given()
        .When("on_behalf_of: 'hgf' information_owner: 'mkb' " + amendment)
        .ThenAccepted();
  }
}

TEST(TakingOut, LeavesNoEnvelopeThatNamesTheActor) {
  const std::string kHgf = Uuid(4);
  Given().When(Reversed(kHgf)).ThenAccepted();
  for (const std::string& event :
       {std::string("on_behalf_of: 'hgf' goal_set { goal: 'g' text: 't' }"),
        std::string("information_owner: 'hgf' goal_set { goal: 'g' text: 't' "
                    "}"),
        "on_behalf_of: 'hgf' " + Reversed(kGoal)}) {
    Given given;
    given.And(event);
    given.When(Reversed(kHgf))
        .ThenRefused("ENTITY_IN_USE", "event_reversed.target");
  }
  // What may precede the actors never rests on them.
  Given given;
  given.And(
      "information_owner: 'hgf' actor_registered { actor: 'a' name: 'A' kind: "
      "ACTOR_KIND_OTHER }");
  given.When(Reversed(kHgf)).ThenAccepted();
  // Nor does what is corrected to name another.
  given.And(WithId(Uuid(201),
                   "on_behalf_of: 'hgf' goal_set { goal: 'g' text: 't' }"));
  given.And(Corrected(Uuid(201),
                      "on_behalf_of: 'mkb' goal_set { goal: 'g' text: 't' }"));
  given.When(Reversed(kHgf)).ThenAccepted();
}

TEST(TakingOut, SeesUsersThatABatchDoesNotTakeAway) {
  Given given;
  given.And(
      "grant_awarded { grant: 'ny' funder: 'fgk' amount { ore: 1 currency: "
      "'SEK' precision: PRECISION_EXACT } }");
  std::vector<Event> batch;
  constexpr int kCosts = 130;
  for (int i = 0; i < kCosts; ++i) {
    Event cost = CostOf("n-" + std::to_string(i), 100);
    cost.mutable_cost_booked()->set_grant("ny");
    cost.set_id(Uuid(1000 + static_cast<uint64_t>(i)));
    given.And(cost);
    // All but the first.
    if (i > 0) batch.push_back(EventOf(Voided(cost.id())));
  }
  batch.push_back(EventOf(Reversed(Uuid(101))));
  given.WhenAll(batch).ThenRefused("ENTITY_IN_USE", "event_reversed.target");
  batch.insert(batch.begin(), EventOf(Voided(Uuid(1000))));
  given.WhenAll(batch).ThenAccepted();
}

TEST(Amendment, OfAnEventWithAllItsTagsIsTaken) {
  Given given;
  std::string one = "measure_proposed { measure: 'm' title: 't'";
  std::string other = one;
  for (int i = 0; i < 29; ++i) {
    for (const char* series : {"a", "b"}) {
      given.And(absl::StrCat("finding_logged { finding: '", series, "-", i,
                             "' polarity: POLARITY_DEFICIENCY description: 'd' "
                             "}"));
    }
    absl::StrAppend(&one, " findings: 'a-", i, "'");
    absl::StrAppend(&other, " findings: 'b-", i, "'");
  }
  given.And(WithId(Uuid(1001), one + " }"));
  given.When(Reversed(Uuid(1001))).ThenAccepted();
  given.When(Voided(Uuid(1001))).ThenAccepted();
  given.When(Corrected(Uuid(1001), one + " expected_effect: 'e' }"))
      .ThenAccepted();
  // All others in place of all of them: not every tag has room.
  given.And(WithId(Uuid(1002), Corrected(Uuid(1001), other + " }")));
  given.And(WithId(Uuid(1003), Corrected(Uuid(1002), one + " }")));
  given.And(WithId(Uuid(1004), Corrected(Uuid(1003), other + " }")));
  // The findings know who uses them all the same.
  std::vector<std::string> ids(2);
  given.When("finding_closed { finding: 'a-0' }").ThenAccepted();
  given.When(Reversed(Uuid(1004))).ThenAccepted();
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
