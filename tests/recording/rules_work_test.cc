// Rules of activities, findings and measures, given what is recorded: refused,
// accepted, at the boundary of time.
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/testing/given.h"

namespace samverk::testing {
namespace {

// "occurred { edtf: … } " before a fact.
std::string On(const std::string& edtf, const std::string& fact) {
  return absl::StrCat("occurred { edtf: '", edtf, "' } ", fact);
}

// --- Activities
// ------------------------------------------------------------------------

TEST(ActivityRescheduled, MovesWhatIsScheduled) {
  Given()
      .When(
          "activity_rescheduled { activity: 'dialog' planned { edtf: '2026' } "
          "}")
      .ThenRefused("ACTIVITY_NOT_SCHEDULED", "activity_rescheduled.activity");
  Given()
      .When("activity_cancelled { activity: 'dialog' reason: 'r' }")
      .ThenRefused("ACTIVITY_NOT_SCHEDULED", "activity_cancelled.activity");
  Given()
      .When(
          "activity_rescheduled { activity: 'vandring' planned { edtf: "
          "'2026' } }")
      .ThenAccepted();
}

TEST(ActivityCancelled, EndsAnActivity) {
  Given given;
  given.And(On("2025-09-10",
               "activity_cancelled { activity: 'vandring' reason: 'regn' }"));
  const std::string held = "safety_walk_held { held { activity: 'vandring' } }";
  given.When(On("2025-09-17", held))
      .ThenRefused("ACTIVITY_CANCELLED", "safety_walk_held.held.activity");
  given.When(held).ThenRefused("ACTIVITY_CANCELLED",
                               "safety_walk_held.held.activity");
  // Late: it was held before, and the same day is in no certain order.
  given.When(On("2025-09-05", held)).ThenAccepted();
  given.When(On("2025-09-10", held)).ThenAccepted();
  given.When(On("2025-09", held)).ThenAccepted();
  given
      .When(On("2025-09-11",
               "activity_rescheduled { activity: 'vandring' planned { edtf: "
               "'2026' } }"))
      .ThenRefused("ACTIVITY_CANCELLED", "activity_rescheduled.activity");
}

TEST(ActivityCancelled, IsNotHeldAlready) {
  const std::string cancelled =
      "activity_cancelled { activity: 'vandring' reason: 'regn' }";
  Given given;
  given.When(On("2025-07-31", cancelled))
      .ThenRefused("ACTIVITY_NOT_SCHEDULED", "activity_cancelled.activity");
  given.And(On("2025-09-17",
               "safety_walk_held { held { activity: 'vandring' } "
               "}"));
  given.When(On("2025-09-18", cancelled))
      .ThenRefused("ACTIVITY_ALREADY_HELD", "activity_cancelled.activity");
  given.When(cancelled).ThenRefused("ACTIVITY_ALREADY_HELD",
                                    "activity_cancelled.activity");
  given.When(On("2025-09-17", cancelled)).ThenAccepted();
  // The rest of a series may be cancelled.
  Given series;
  series.And(
      On("2025-09-17",
         "safety_walk_held { held { activity: 'vandring' series: true } }"));
  series.When(On("2025-09-18", cancelled)).ThenAccepted();
  Given twice;
  twice.And(
      On("2025-09-17", "safety_walk_held { held { activity: 'vandring' } }"));
  twice.And(
      On("2025-10-17", "safety_walk_held { held { activity: 'vandring' } }"));
  twice.When(On("2025-11-01", cancelled)).ThenAccepted();
}

TEST(Activity, IsOfTheKindThatItIsScheduledAs) {
  Given()
      .When("meeting_held { held { activity: 'vandring' } }")
      .ThenRefused("ACTIVITY_KIND_DIFFERS", "meeting_held.held.activity");
  Given()
      .When(On("2025-04-01",
               "activity_scheduled { activity: 'dialog' kind: "
               "ACTIVITY_KIND_WORKSHOP title: 't' planned { edtf: '2025-05' } "
               "}"))
      .ThenRefused("ACTIVITY_KIND_DIFFERS", "activity_scheduled.kind");
  Given()
      .When("safety_walk_held { held { activity: 'vandring' } }")
      .ThenAccepted();
}

TEST(Held, HasATitleFromSomewhere) {
  Given()
      .When("meeting_held { held { activity: 'traff' } }")
      .ThenRefused("TITLE_MISSING", "meeting_held.held.title");
  Given()
      .When("safety_walk_held { held { activity: 'vandring' } }")
      .ThenAccepted();
  Given().When("dialogue_held { held { activity: 'dialog' } }").ThenAccepted();
}

// --- Findings
// ----------------------------------------------------------------------------

TEST(Finding, GoesFromAssignedToDeclinedAndBack) {
  Given given;
  const std::string assign =
      "finding_assigned { finding: 'f-1' assignee: 'fgk' }";
  const std::string decline =
      "finding_declined { finding: 'f-1' reason: DECLINE_REASON_COST "
      "motivation: 'm' }";
  given.When("finding_reopened { finding: 'f-1' reason: 'r' }")
      .ThenRefused("FINDING_NOT_ENDED", "finding_reopened.finding");
  given.And(On("2025-06-01", assign)).And(On("2025-06-10", decline));
  given.When(On("2025-06-11", assign))
      .ThenRefused("FINDING_DECLINED", "finding_assigned.finding");
  given.When(On("2025-06-11", decline))
      .ThenRefused("FINDING_DECLINED", "finding_declined.finding");
  given.When(On("2025-06-09", assign)).ThenAccepted();  // late
  given.When(On("2025-06-11", "finding_closed { finding: 'f-1' }"))
      .ThenAccepted();
  given.And(On("2025-07-01",
               "finding_reopened { finding: 'f-1' reason: 'ny mätning' }"));
  given.When("finding_reopened { finding: 'f-1' reason: 'r' }")
      .ThenRefused("FINDING_NOT_ENDED", "finding_reopened.finding");
  given.When(On("2025-07-02", assign)).ThenAccepted();
  // Between declined and reopened it was declined.
  given.When(On("2025-06-20", assign))
      .ThenRefused("FINDING_DECLINED", "finding_assigned.finding");
}

TEST(Finding, IsNotTakenFurtherWhenClosed) {
  Given given;
  given.And(On("2025-06-10", "finding_closed { finding: 'f-1' }"));
  for (const char* fact :
       {"finding_assigned { finding: 'f-1' assignee: 'fgk' }",
        "finding_closed { finding: 'f-1' }",
        "finding_merged { finding: 'f-1' into: 'f-2' }"}) {
    const auto verdict = given.When(On("2025-06-11", fact));
    ASSERT_EQ(verdict.violations().size(), 1u) << fact;
    EXPECT_EQ(verdict.violations()[0].violation.rule,
              recording::Rule::kFindingClosed);
  }
  given
      .When(On("2025-06-11",
               "finding_assigned { finding: 'f-1' assignee: 'fgk' }"))
      .ThenRefused("FINDING_CLOSED", "finding_assigned.finding");
  given
      .When(On("2025-06-11", "finding_reopened { finding: 'f-1' reason: 'r' }"))
      .ThenAccepted();
}

TEST(Finding, IsReopenedAfterItEnded) {
  const std::string reopened =
      "finding_reopened { finding: 'f-1' reason: 'r' }";
  Given given;
  given.And(On("2025-09-01", "finding_closed { finding: 'f-1' }"));
  given.When(On("2025-08-31", reopened))
      .ThenRefused("FINDING_NOT_ENDED", "finding_reopened.finding");
  given.When(On("2025-09-01", reopened)).ThenAccepted();
  given.And(On("2025-10-01", reopened));
  given.When(On("2025-10-02", reopened))
      .ThenRefused("FINDING_NOT_ENDED", "finding_reopened.finding");
  // Closed and reopened once more before: late.
  given.And(On("2025-06-01", "finding_closed { finding: 'f-1' }"));
  given.When(On("2025-06-20", reopened)).ThenAccepted();
  given.When(On("2025-10-02", reopened))
      .ThenRefused("FINDING_NOT_ENDED", "finding_reopened.finding");
}

TEST(Finding, ToKeepIsNeverDeclined) {
  Given()
      .When(
          "finding_declined { finding: 'f-2' reason: DECLINE_REASON_OTHER "
          "motivation: 'm' }")
      .ThenRefused("FINDING_IS_ASSET", "finding_declined.finding");
  Given()
      .When("finding_assigned { finding: 'f-2' assignee: 'mkb' }")
      .ThenAccepted();  // watched
}

TEST(FindingMerged, GoesUpInOneThatStays) {
  Given given;
  for (const char* id : {"g-1", "g-2", "g-3"}) {
    given.And(absl::StrCat("finding_logged { finding: '", id,
                           "' polarity: POLARITY_DEFICIENCY description: 'd' "
                           "}"));
  }
  given.And(On("2025-06-01", "finding_merged { finding: 'g-1' into: 'g-2' }"));
  // Once, whenever it was.
  given.When(On("2025-05-01", "finding_merged { finding: 'g-1' into: 'g-3' }"))
      .ThenRefused("FINDING_MERGED", "finding_merged.finding");
  given.When("finding_merged { finding: 'g-3' into: 'g-1' }")
      .ThenRefused("MERGED_INTO_MERGED", "finding_merged.into");
  // A circle is a finding merged into a merged one.
  given.When("finding_merged { finding: 'g-2' into: 'g-1' }")
      .ThenRefused("MERGED_INTO_MERGED", "finding_merged.into");
  given.And("finding_merged { finding: 'g-2' into: 'g-3' }");
  given.When("finding_merged { finding: 'g-3' into: 'g-1' }")
      .ThenRefused("MERGED_INTO_MERGED", "finding_merged.into");
  given
      .When(On("2025-06-02",
               "finding_assigned { finding: 'g-1' assignee: 'fgk' }"))
      .ThenRefused("FINDING_MERGED", "finding_assigned.finding");
  given
      .When(On("2025-05-02",
               "finding_assigned { finding: 'g-1' assignee: 'fgk' }"))
      .ThenAccepted();
}

// --- Measures
// ----------------------------------------------------------------------------

TEST(Measure, IsPlannedWhenDecidedEvaluatedWhenDoneClosedWhenEvaluated) {
  Given given;
  const std::string evaluated =
      "measure_evaluated { measure: 'blomlador' observation: 'o' effect: "
      "MEASURE_EFFECT_PARTIAL }";
  given.When("measure_planned { measure: 'blomlador' }")
      .ThenRefused("MEASURE_NOT_DECIDED", "measure_planned.measure");
  given.When(evaluated).ThenRefused("MEASURE_NOT_IMPLEMENTED",
                                    "measure_evaluated.measure");
  given.When("measure_closed { measure: 'blomlador' }")
      .ThenRefused("MEASURE_NOT_EVALUATED", "measure_closed.measure");
  // Work may begin and be done without a decision on record.
  given.When("measure_started { measure: 'blomlador' }").ThenAccepted();
  given.And(On("2025-08-01", "measure_implemented { measure: 'blomlador' }"));
  given.When("measure_implemented { measure: 'blomlador' }")
      .ThenRefused("MEASURE_ALREADY_IMPLEMENTED",
                   "measure_implemented.measure");
  // Nothing is evaluated before it is done, for certain; the same day may be.
  given.When(On("2025-07-31", evaluated))
      .ThenRefused("MEASURE_NOT_IMPLEMENTED", "measure_evaluated.measure");
  given.When(On("2025-08-01", evaluated)).ThenAccepted();
  given.When(On("2025", evaluated)).ThenAccepted();
  given.And(On("2025-09-01", evaluated));
  given.When("measure_closed { measure: 'blomlador' }").ThenAccepted();
  given.And("measure_decided { measure: 'blomlador' body: 'styrgruppen' }");
  given.When("measure_planned { measure: 'blomlador' }").ThenAccepted();
}

TEST(Measure, IsBegunBeforeItIsDone) {
  const std::string started = "measure_started { measure: 'blomlador' }";
  Given given;
  given.And(On("2025-08-01", "measure_implemented { measure: 'blomlador' }"));
  given.When(On("2025-08-02", started))
      .ThenRefused("MEASURE_ALREADY_IMPLEMENTED", "measure_started.measure");
  given.When(On("2025-08-01", started)).ThenAccepted();
  given.When(On("2025-07-01", started)).ThenAccepted();
  // Nobody says when: it may have been before.
  given.When(started).ThenAccepted();
}

TEST(MeasureProposed, AnswersFindingsThatAreOpen) {
  const std::string proposed =
      "measure_proposed { measure: 'm-2' title: 't' findings: 'f-2' findings: "
      "'f-1' }";
  Given closed;
  closed.And(On("2025-09-01", "finding_closed { finding: 'f-1' }"));
  closed.When(On("2025-09-02", proposed))
      .ThenRefused("FINDING_CLOSED", "measure_proposed.findings[1]");
  closed.When(On("2025-09-01", proposed)).ThenAccepted();
  closed.And(
      On("2025-10-01", "finding_reopened { finding: 'f-1' reason: 'r' }"));
  closed.When(On("2025-10-02", proposed)).ThenAccepted();
  Given merged;
  merged.And(On("2025-09-01", "finding_merged { finding: 'f-1' into: 'f-2' }"));
  merged.When(On("2025-09-02", proposed))
      .ThenRefused("FINDING_MERGED", "measure_proposed.findings[1]");
  merged.When(On("2025-08-31", proposed)).ThenAccepted();
  // A measure may still be found for what was declined.
  Given declined;
  declined.And(On("2025-09-01",
                  "finding_declined { finding: 'f-1' reason: "
                  "DECLINE_REASON_COST motivation: 'm' }"));
  declined.When(On("2025-09-02", proposed)).ThenAccepted();
}

TEST(Measure, IsNotTakenFurtherWhenItEnded) {
  Given abandoned;
  abandoned.And(On("2025-08-01",
                   "measure_abandoned { measure: 'blomlador' reason: 'r' "
                   "}"));
  abandoned.When(On("2025-08-02", "measure_started { measure: 'blomlador' }"))
      .ThenRefused("MEASURE_ABANDONED", "measure_started.measure");
  abandoned.When("measure_started { measure: 'blomlador' }")
      .ThenRefused("MEASURE_ABANDONED", "measure_started.measure");
  abandoned.When(On("2025-07-31", "measure_started { measure: 'blomlador' }"))
      .ThenAccepted();
  abandoned.When(On("2025-08-01", "measure_started { measure: 'blomlador' }"))
      .ThenAccepted();

  Given closed;
  closed.And(On("2025-08-01", "measure_implemented { measure: 'blomlador' }"));
  closed.And(On("2025-09-01",
                "measure_evaluated { measure: 'blomlador' observation: 'o' "
                "effect: MEASURE_EFFECT_ACHIEVED }"));
  closed.And(On("2025-10-01", "measure_closed { measure: 'blomlador' }"));
  closed
      .When(On("2025-10-02",
               "measure_evaluated { measure: 'blomlador' observation: 'o' "
               "effect: MEASURE_EFFECT_NONE }"))
      .ThenRefused("MEASURE_CLOSED", "measure_evaluated.measure");
}

}  // namespace
}  // namespace samverk::testing
