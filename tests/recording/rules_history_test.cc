// Rules about the event and what is recorded: refused, accepted, at the
// boundary of time.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/testing/given.h"

namespace samverk::testing {
namespace {

using event::v1::Event;

// "occurred { edtf: … } " before a fact.
std::string On(const std::string& edtf, const std::string& fact) {
  return absl::StrCat("occurred { edtf: '", edtf, "' } ", fact);
}
const char kSum[] =
    "amount { ore: 100 currency: 'SEK' precision: PRECISION_EXACT } ";

// --- The process
// -----------------------------------------------------------------

TEST(Process, IsRegisteredFirstAndOnce) {
  Given nothing{std::vector<Event>()};
  nothing.When("goal_set { goal: 'g' text: 't' }")
      .ThenRefused("PROCESS_NOT_REGISTERED", "process");
  nothing.When("process_registered { name: 'n' }").ThenAccepted();
  Given()
      .When("process_registered { name: 'n' }")
      .ThenRefused("PROCESS_ALREADY_REGISTERED", "process");
}

TEST(Process, MayBeRegisteredAndUsedInOneBatch) {
  Given nothing{std::vector<Event>()};
  nothing
      .WhenAll({EventOf("process_registered { name: 'n' }"),
                EventOf("goal_set { goal: 'g' text: 't' }")})
      .ThenAccepted();
  nothing
      .WhenAll({EventOf("goal_set { goal: 'g' text: 't' }"),
                EventOf("process_registered { name: 'n' }")})
      .ThenRefused("PROCESS_NOT_REGISTERED", "process");
}

TEST(Process, IsReadOnlyWhenItIsClosed) {
  Given given;
  given.And(
      "gallring_decided { gallring: 'g-1' plan_reference: 'p' "
      "registry_number: 'r' subjects: 'p-1' }");
  given.And(On("2026-01-31", "process_closed { motivation: 'klart' }"));
  for (const char* fact :
       {"goal_set { goal: 'g-2' text: 't' }", "process_closed {}",
        "finding_assigned { finding: 'f-1' assignee: 'fgk' }"}) {
    given.When(fact).ThenRefused("PROCESS_CLOSED", "process");
  }
  // Also what happened before.
  given.When(On("2025-05-01", "goal_set { goal: 'g-2' text: 't' }"))
      .ThenRefused("PROCESS_CLOSED", "process");
  for (const char* fact :
       {"disclosure_requested { request: 'u' scope: 's' }",
        "gallring_decided { gallring: 'g' plan_reference: 'p' "
        "registry_number: 'r' }",
        "key_destroyed { gallring: 'g-1' subject: 'p-1' } recorded_by { "
        "organisation: 'fgk' }",
        "package_delivered { package: 'a' archive: 'stadsarkivet' }",
        "retention_plan_changed { version: '2' }",
        "rights_granted { principal: 'x' role: 'arkivarie' }",
        "sealed_data_read { principal: 'x' subjects: 'p-1' purpose: 'y' }"}) {
    given.When(fact).ThenAccepted();
  }
  given
      .When("event_corrected { target: '" + Uuid(7) +
            "' reason_code: 'skrivfel' reason: 'r' replacement { goal_set { "
            "goal: 'g-1' text: 't' } } }")
      .ThenAccepted();
}

TEST(Process, IsOpenAgainWhenItsClosingIsReversed) {
  Given given;
  Event closed = EventOf("process_closed {}");
  closed.set_id(Uuid(200));
  given.And(closed);
  given.And("event_reversed { target: '" + Uuid(200) +
            "' reason_code: 'fel' reason: 'r' }");
  given.When("goal_set { goal: 'g-2' text: 't' }").ThenAccepted();
}

// --- Ids and references
// ------------------------------------------------------------

TEST(Id, IsTakenOnce) {
  struct Case {
    const char* fact;
    const char* field;
  };
  const Case cases[] = {
      {"actor_registered { actor: 'mkb' name: 'n' kind: ACTOR_KIND_OTHER }",
       "actor_registered.actor"},
      {"goal_set { goal: 'g-1' text: 't' }", "goal_set.goal"},
      {"decision_recorded { decision: 'd-1' body: 'b' text: 't' }",
       "decision_recorded.decision"},
      {"place_defined { place: 'torget' name: 'n' }", "place_defined.place"},
      {"finding_logged { finding: 'f-1' polarity: POLARITY_ASSET "
       "description: 'd' }",
       "finding_logged.finding"},
      {"measure_proposed { measure: 'blomlador' title: 't' }",
       "measure_proposed.measure"},
      {"study_started { study: 'mobilitet' title: 't' }",
       "study_started.study"},
      {"initiative_linked { initiative: 'sommargata' title: 't' }",
       "initiative_linked.initiative"},
      {"outcome_claimed { outcome: 'o-1' kind: OUTCOME_KIND_PROCESS claim: 'c' "
       "}",
       "outcome_claimed.outcome"},
      {"document_missing_noted { document: 'doc-1' referenced_as: 'x' }",
       "document_missing_noted.document"},
      {"activity_scheduled { activity: 'vandring' kind: ACTIVITY_KIND_MEETING "
       "title: 't' planned { edtf: '2026' } }",
       "activity_scheduled.activity"},
  };
  for (const Case& c : cases) {
    Given().When(c.fact).ThenRefused("ID_TAKEN", c.field);
  }
  Given().When(CostOf("c-1", 100)).ThenRefused("ID_TAKEN", "cost_booked.cost");
  Given()
      .When(absl::StrCat("grant_awarded { grant: 'stod' funder: 'fgk' ", kSum,
                         "}"))
      .ThenRefused("ID_TAKEN", "grant_awarded.grant");
}

TEST(Id, OfAPaymentIsUniqueInTheProcess) {
  Given given;
  given.And(absl::StrCat("grant_awarded { grant: 'stod-2' funder: 'fgk' ", kSum,
                         "}"));
  given.And(absl::StrCat("grant_disbursed { grant: 'stod' payment: 'b-1' ",
                         kSum, "}"));
  given
      .When(absl::StrCat("grant_disbursed { grant: 'stod-2' payment: 'b-1' ",
                         kSum, "}"))
      .ThenRefused("ID_TAKEN", "grant_disbursed.payment");
  given
      .When(absl::StrCat("grant_repaid { grant: 'stod' payment: 'b-1' ", kSum,
                         "}"))
      .ThenRefused("ID_TAKEN", "grant_repaid.payment");
  given
      .When(absl::StrCat("grant_disbursed { grant: 'stod-2' payment: 'b-2' ",
                         kSum, "}"))
      .ThenAccepted();
}

TEST(Id, OfAnInsightIsUniqueInTheProcess) {
  Given given;
  given.And("study_started { study: 'trafik' title: 't' }");
  given.And(
      "preliminary_insight_recorded { study: 'mobilitet' insight: 'i' "
      "text: 't' }");
  given
      .When(
          "preliminary_insight_recorded { study: 'trafik' insight: 'i' text: "
          "'t' }")
      .ThenRefused("ID_TAKEN", "preliminary_insight_recorded.insight");
}

TEST(Id, IsFreeAgainWhenWhatTookItIsReversed) {
  Given given;
  given.And("event_reversed { target: '" + Uuid(7) +
            "' reason_code: 'fel' reason: 'r' }");
  given.When("goal_set { goal: 'g-1' text: 't' }").ThenAccepted();
}

TEST(Id, OfDifferentKindsMayBeTheSame) {
  Given().When("goal_set { goal: 'f-1' text: 't' }").ThenAccepted();
}

TEST(Activity, MayBeHeldBeforeItsScheduleArrives) {
  Given()
      .When(On("2025-04-01",
               "activity_scheduled { activity: 'dialog' kind: "
               "ACTIVITY_KIND_DIALOGUE title: 't' planned { edtf: '2025-05' } "
               "}"))
      .ThenAccepted();
}

TEST(Document, MayTurnUpAfterItWasMissing) {
  Event attached =
      EventOf("document_attached { document: 'doc-1' title: 't' }");
  attached.mutable_document_attached()->set_sha256(std::string(32, 'h'));
  Given().When(attached).ThenAccepted();
}

TEST(BudgetLine, MayBeSetAgain) {
  Given()
      .When(absl::StrCat("budget_line_set { line: 'lokaler' name: 'n' ", kSum,
                         "}"))
      .ThenAccepted();
}

TEST(Reference, NamesWhatExists) {
  struct Case {
    const char* rule;
    const char* field;
    std::string fact;
  };
  const std::string sum = kSum;
  const Case cases[] = {
      {"ACTOR_UNKNOWN", "finding_assigned.assignee",
       "finding_assigned { finding: 'f-1' assignee: 'x' }"},
      {"ACTOR_UNKNOWN", "meeting_held.held.participants[0].actor",
       "meeting_held { held { activity: 'm' title: 't' participants { actor: "
       "'x' } } }"},
      {"ACTOR_UNKNOWN", "on_behalf_of",
       "on_behalf_of: 'x' finding_closed { finding: 'f-1' }"},
      {"ACTOR_UNKNOWN", "information_owner",
       "information_owner: 'x' finding_closed { finding: 'f-1' }"},
      {"GRANT_UNKNOWN", "grant_settled.grant",
       "grant_settled { grant: 'x' used { ore: 1 currency: 'SEK' precision: "
       "PRECISION_EXACT } remainder { ore: 1 currency: 'SEK' precision: "
       "PRECISION_EXACT } }"},
      {"BUDGET_LINE_UNKNOWN", "budget_reallocated.to_line",
       "budget_reallocated { from_line: 'lokaler' to_line: 'x' " + sum + "}"},
      {"COST_UNKNOWN", "cost_attested.cost",
       "cost_attested { cost: 'x' attester { organisation: 'fgk' role: 'a' } "
       "}"},
      {"IN_KIND_UNKNOWN", "in_kind_attested.in_kind",
       "in_kind_attested { in_kind: 'x' attester { organisation: 'fgk' role: "
       "'a' } }"},
      {"STATEMENT_UNKNOWN", "amount_stated.total_of[0].statement",
       "amount_stated { statement: 's' kind: STATED_KIND_TOTAL " + sum +
           "total_of { statement: 'x' } }"},
      {"PLACE_UNKNOWN", "control_changed.place",
       "control_changed { place: 'x' controlled_by: 'mkb' }"},
      {"PLACE_UNKNOWN", "finding_logged.where.place",
       "finding_logged { finding: 'f-9' polarity: POLARITY_ASSET description: "
       "'d' where { place: 'x' } }"},
      {"ACTOR_UNKNOWN", "finding_logged.where.controlled_by",
       "finding_logged { finding: 'f-9' polarity: POLARITY_ASSET description: "
       "'d' where { description: 'vid torget' controlled_by: 'x' } }"},
      {"ACTIVITY_UNKNOWN", "finding_logged.activities[1]",
       "finding_logged { finding: 'f-9' polarity: POLARITY_ASSET description: "
       "'d' activities: 'dialog' activities: 'x' }"},
      {"ACTIVITY_UNKNOWN", "dialogue_contribution_recorded.activity",
       "dialogue_contribution_recorded { contribution: 'c' activity: 'x' "
       "paraphrase: 'p' }"},
      {"FINDING_UNKNOWN", "finding_closed.finding",
       "finding_closed { finding: 'x' }"},
      {"FINDING_UNKNOWN", "measure_proposed.findings[1]",
       "measure_proposed { measure: 'm-2' title: 't' findings: 'f-1' findings: "
       "'x' }"},
      {"MEASURE_UNKNOWN", "measure_implemented.measure",
       "measure_implemented { measure: 'x' }"},
      {"STUDY_UNKNOWN", "study_published.study",
       "study_published { study: 'x' }"},
      {"INITIATIVE_UNKNOWN", "initiative_status_observed.initiative",
       "initiative_status_observed { initiative: 'x' status: "
       "INITIATIVE_STATUS_PUBLISHED }"},
      {"OUTCOME_UNKNOWN", "outcome_substantiated.outcome",
       "outcome_substantiated { outcome: 'x' substantiator: 'hgf' agreement: "
       "AGREEMENT_FULL }"},
      {"DOCUMENT_UNKNOWN", "study_published.document",
       "study_published { study: 'mobilitet' document: 'x' }"},
      {"REPORT_UNKNOWN", "report_approved.report",
       "report_approved { report: 'x' approved_by: 'FGK' }"},
      {"CHECK_UNKNOWN", "check_explained.check",
       "check_explained { check: 'x' explanation: 'e' }"},
      {"DECISION_UNKNOWN", "measure_decided.decision",
       "measure_decided { measure: 'blomlador' decision: 'x' }"},
      {"GOAL_UNKNOWN", "indicator_defined.goal",
       "indicator_defined { indicator: 'i' name: 'n' goal: 'x' }"},
      {"INDICATOR_UNKNOWN", "outcome_claimed.indicators[0]",
       "outcome_claimed { outcome: 'o-2' kind: OUTCOME_KIND_PROCESS claim: 'c' "
       "indicators: 'x' }"},
      {"DISCLOSURE_UNKNOWN", "disclosed.request", "disclosed { request: 'x' }"},
      {"GALLRING_UNKNOWN", "key_destroyed.gallring",
       "key_destroyed { gallring: 'x' subject: 'p-1' }"},
  };
  for (const Case& c : cases) Given().When(c.fact).ThenRefused(c.rule, c.field);
}

TEST(Reference, MayNameWhatTheSameBatchBrings) {
  const Event logged = EventOf(
      "finding_logged { finding: 'f-9' polarity: POLARITY_DEFICIENCY "
      "description: 'd' }");
  const Event assigned =
      EventOf("finding_assigned { finding: 'f-9' assignee: 'fgk' }");
  Given().WhenAll({logged, assigned}).ThenAccepted();
  Given()
      .WhenAll({assigned, logged})
      .ThenRefused("FINDING_UNKNOWN", "finding_assigned.finding");
}

TEST(Reference, OfARefusedEventIsNotBlamed) {
  // The finding has no polarity; its assignment is right.
  Given()
      .WhenAll({EventOf("finding_logged { finding: 'f-9' description: 'd' }"),
                EventOf("finding_assigned { finding: 'f-9' assignee: 'fgk' "
                        "}")})
      .ThenRefused("FIELD_MISSING", "finding_logged.polarity");
}

TEST(Reference, OfTheFirstEventsMayNameActorsToCome) {
  Given nothing{std::vector<Event>()};
  nothing.And(
      "information_owner: 'mkb' on_behalf_of: 'fgk' process_registered { name: "
      "'n' }");
  nothing.And(
      "information_owner: 'mkb' actor_registered { actor: 'mkb' name: 'MKB' "
      "kind: ACTOR_KIND_HOUSING_COMPANY }");
}

TEST(Reference, NamesEventsOfTheProcess) {
  Given given;
  Event other = EventOf("process_registered { name: 'n' }");
  other.set_process("q");
  other.set_id(Uuid(500));
  given.And(other);
  const auto about = [](const std::string& id) {
    return "check_raised { check: 'prov' text: 't' about_events: '" + id +
           "' }";
  };
  given.When(about(Uuid(7))).ThenAccepted();
  given.When(about(Uuid(400)))
      .ThenRefused("EVENT_UNKNOWN", "check_raised.about_events[0]");
  given.When(about(Uuid(500)))
      .ThenRefused("EVENT_UNKNOWN", "check_raised.about_events[0]");
  Event goal = EventOf("goal_set { goal: 'g-2' text: 't' }");
  goal.set_id(Uuid(400));
  given.WhenAll({goal, EventOf(about(Uuid(400)))}).ThenAccepted();
  given
      .When(
          "decision_recorded { decision: 'd-2' body: 'b' text: 't' "
          "about_events: '" +
          Uuid(400) + "' }")
      .ThenRefused("EVENT_UNKNOWN", "decision_recorded.about_events[0]");
}

TEST(Reference, OfOtherProcessesDoesNotExist) {
  Given given;
  Event other = EventOf("process_registered { name: 'n' }");
  other.set_process("q");
  given.And(other);
  Event cost = CostOf("c-9", 100);
  cost.set_process("q");
  const auto verdict = given.When(cost);
  ASSERT_EQ(verdict.violations().size(), 2u);  // grant and ledger
}

// --- Actors and money
// ----------------------------------------------------------------

TEST(RoleEnded, EndsARole) {
  Given given;
  given.When("role_ended { actor: 'mkb' kind: ROLE_KIND_LEAD }")
      .ThenRefused("ROLE_NOT_ASSIGNED", "role_ended.kind");
  given.And("role_assigned { actor: 'mkb' kind: ROLE_KIND_LEAD }");
  given.When("role_ended { actor: 'mkb' kind: ROLE_KIND_ADVISER }")
      .ThenRefused("ROLE_NOT_ASSIGNED", "role_ended.kind");
  given.And("role_ended { actor: 'mkb' kind: ROLE_KIND_LEAD }");
  given.When("role_ended { actor: 'mkb' kind: ROLE_KIND_LEAD }")
      .ThenRefused("ROLE_NOT_ASSIGNED", "role_ended.kind");
  // No kind is a participant.
  given.And("role_assigned { actor: 'hgf' }");
  given.When("role_ended { actor: 'hgf' kind: ROLE_KIND_PARTICIPANT }")
      .ThenAccepted();
}

TEST(RoleEnded, IsJudgedByTime) {
  const std::string assigned = "role_assigned { actor: 'hgf' }";
  const std::string ended = "role_ended { actor: 'hgf' }";
  Given given;
  given.And(On("2025-09-01", assigned));
  // Late: the actor had the role earlier in the year, too.
  given.And(On("2025-01-10", assigned)).And(On("2025-06-30", ended));
  given.When(On("2025-12-01", ended)).ThenAccepted();
  given.When(On("2025-08-31", ended))
      .ThenRefused("ROLE_NOT_ASSIGNED", "role_ended.kind");
  given.When(On("2025-09-01", ended)).ThenAccepted();
  given.When(On("2025-01-09", ended))
      .ThenRefused("ROLE_NOT_ASSIGNED", "role_ended.kind");
  given.And(On("2025-12-01", ended));
  given.When(On("2025-12-02", ended))
      .ThenRefused("ROLE_NOT_ASSIGNED", "role_ended.kind");
  // A role is held from when it is for, not from when it was given.
  Given valid;
  valid.And(On("2025-09-01",
               "role_assigned { actor: 'hgf' valid { edtf: '2025-01/2025-12' } "
               "}"));
  valid.When(On("2025-06-30", ended)).ThenAccepted();
  valid.When(On("2024-12-31", ended))
      .ThenRefused("ROLE_NOT_ASSIGNED", "role_ended.kind");
  // A role whose beginning nobody dated may end on any day.
  Given undated;
  undated.And(assigned);
  undated.When(On("2025-06-30", ended)).ThenAccepted();
  undated.And(On("2025-06-30", ended));
  undated.When(On("2025-12-01", ended))
      .ThenRefused("ROLE_NOT_ASSIGNED", "role_ended.kind");
}

TEST(GrantSettled, HappensOnce) {
  const std::string settled =
      "grant_settled { grant: 'stod' used { ore: 1 currency: 'SEK' precision: "
      "PRECISION_EXACT } remainder { ore: 1 currency: 'SEK' precision: "
      "PRECISION_EXACT } }";
  Given given;
  given.When(On("2025-01-14", settled))
      .ThenRefused("GRANT_NOT_AWARDED", "grant_settled.grant");
  given.When(On("2025-01-15", settled)).ThenAccepted();
  given.And(On("2026-01-20", settled));
  given.When(settled).ThenRefused("GRANT_ALREADY_SETTLED",
                                  "grant_settled.grant");
  given.When(On("2025-12-31", settled))
      .ThenRefused("GRANT_ALREADY_SETTLED", "grant_settled.grant");
}

TEST(Grant, IsAwardedBeforeMoneyMoves) {
  Given given;
  const std::string sum = kSum;
  const std::string two =
      "used { ore: 1 currency: 'SEK' precision: PRECISION_EXACT } remainder { "
      "ore: 1 currency: 'SEK' precision: PRECISION_EXACT } }";
  given.And("grant_applied_for { grant: 'ny' funder: 'fgk' " + sum + "}");
  given.When("grant_disbursed { grant: 'ny' payment: 'b' " + sum + "}")
      .ThenRefused("GRANT_NOT_AWARDED", "grant_disbursed.grant");
  given.When("grant_settled { grant: 'ny' " + two)
      .ThenRefused("GRANT_NOT_AWARDED", "grant_settled.grant");
  given.When("grant_repaid { grant: 'ny' payment: 'b' " + sum + "}")
      .ThenRefused("GRANT_NOT_AWARDED", "grant_repaid.grant");
  given.When("carry_over_approved { grant: 'ny' " + sum + "}")
      .ThenRefused("GRANT_NOT_AWARDED", "carry_over_approved.grant");
  given.When("grant_reclaimed { grant: 'ny' reason: 'r' " + sum + "}")
      .ThenRefused("GRANT_NOT_AWARDED", "grant_reclaimed.grant");
  given.And("grant_awarded { grant: 'ny' funder: 'fgk' " + sum + "}");
  given.When("grant_disbursed { grant: 'ny' payment: 'b' " + sum + "}")
      .ThenAccepted();
  given.When("grant_settled { grant: 'ny' " + two).ThenAccepted();
}

TEST(CostReversed, HappensOnce) {
  Given given;
  const std::string reversal =
      "cost_reversed { cost: 'c-1' voucher_number: '118' reason: 'fel' }";
  given.When(reversal).ThenAccepted();
  given.And(On("2025-06-01", reversal));
  given.When(reversal).ThenRefused("COST_ALREADY_REVERSED",
                                   "cost_reversed.cost");
  // Judged by time: the attest of May came before the reversal of June.
  const std::string attest =
      "cost_attested { cost: 'c-1' attester { organisation: 'mkb' role: 'chef' "
      "subject: 's-chef' } }";
  given.When(On("2025-05-20", attest)).ThenAccepted();
  given.When(On("2025-06-01", attest)).ThenAccepted();
  given.When(On("2025-06-02", attest))
      .ThenRefused("COST_ALREADY_REVERSED", "cost_attested.cost");
}

TEST(Attest, IsGivenByAnotherPersonThanTheRecorder) {
  const auto attest = [](const std::string& who) {
    return "cost_attested { cost: 'c-1' attester { " + who + " } }";
  };
  // The cost was recorded by mkb/ekonom, s-eko.
  Given()
      .When(attest("organisation: 'mkb' role: 'chef' subject: 's-eko'"))
      .ThenRefused("RECORDER_IS_ATTESTER", "cost_attested.attester");
  Given()
      .When(attest("organisation: 'mkb' role: 'ekonom'"))
      .ThenRefused("RECORDER_IS_ATTESTER", "cost_attested.attester");
  Given()
      .When(attest("organisation: 'mkb' role: 'ekonom' subject: 's-2'"))
      .ThenAccepted();
  Given().When(attest("organisation: 'mkb' role: 'chef'")).ThenAccepted();
  // The contribution was recorded by mkb/projektledare, s-1.
  Given()
      .When(
          "in_kind_attested { in_kind: 'i-1' attester { organisation: 'mkb' "
          "role: 'x' subject: 's-1' } }")
      .ThenRefused("RECORDER_IS_ATTESTER", "in_kind_attested.attester");
  Given()
      .When(
          "in_kind_reviewed { in_kind: 'i-1' verdict: "
          "IN_KIND_VERDICT_REJECTED reason: 'r' reviewer { organisation: "
          "'mkb' role: 'x' subject: 's-1' } }")
      .ThenRefused("RECORDER_IS_ATTESTER", "in_kind_reviewed.reviewer");
}

TEST(Attest, OfImportedHistoryIsNoticed) {
  using recording::NoticeKind;
  const std::string attest =
      "cost_attested { cost: 'c-1' attester { organisation: 'mkb' role: "
      "'ekonom' subject: 's-eko' } }";
  for (const char* kind : {"TRANSCRIBED", "IMPORTED"}) {
    Given()
        .When(absl::StrCat("source { kind: SOURCE_KIND_", kind,
                           " system: 'raindance' ref: 'a-1' } ", attest))
        .ThenNotices({NoticeKind::kSameAttester});
    // Of which system, and where in it, must be told.
    for (const char* rest : {"", "system: 'raindance'"}) {
      Given()
          .When(absl::StrCat("source { kind: SOURCE_KIND_", kind, " ", rest,
                             " } ", attest))
          .ThenRefused("RECORDER_IS_ATTESTER", "cost_attested.attester");
    }
  }
  Given()
      .When("source { kind: SOURCE_KIND_ORAL } " + attest)
      .ThenRefused("RECORDER_IS_ATTESTER", "cost_attested.attester");
}

TEST(Attest, IsRecordedByAnotherPersonThanTheRecorder) {
  const std::string attest =
      "cost_attested { cost: 'c-1' attester { organisation: 'mkb' role: 'chef' "
      "subject: 's-chef' } }";
  // The cost was recorded by mkb/ekonom, s-eko.
  Given()
      .When("recorded_by { organisation: 'x' role: 'y' subject: 's-eko' } " +
            attest)
      .ThenRefused("RECORDER_IS_ATTESTER", "recorded_by");
  Given()
      .When("recorded_by { organisation: 'mkb' role: 'ekonom' } " + attest)
      .ThenRefused("RECORDER_IS_ATTESTER", "recorded_by");
  // The attester may record it.
  Given()
      .When(
          "recorded_by { organisation: 'mkb' role: 'chef' subject: 's-chef' "
          "} " +
          attest)
      .ThenAccepted();
  // Whoever imports history records all of it.
  Given()
      .When(
          "source { kind: SOURCE_KIND_IMPORTED system: 'raindance' ref: '1' "
          "} recorded_by { organisation: 'mkb' role: 'ekonom' } " +
          attest)
      .ThenNotices({});
  // The contribution was recorded by mkb/projektledare, s-1.
  Given()
      .When(
          "in_kind_attested { in_kind: 'i-1' attester { organisation: 'mkb' "
          "role: 'chef' subject: 's-chef' } }")
      .ThenRefused("RECORDER_IS_ATTESTER", "recorded_by");
  Given()
      .When(
          "in_kind_reviewed { in_kind: 'i-1' verdict: "
          "IN_KIND_VERDICT_REJECTED reason: 'r' reviewer { organisation: "
          "'fgk' role: 'controller' } }")
      .ThenRefused("RECORDER_IS_ATTESTER", "recorded_by");
}

TEST(InKindReviewed, AcceptsWhatIsAttested) {
  Given given;
  const std::string by =
      "recorded_by { organisation: 'fgk' role: 'controller' subject: 's-c' } ";
  const std::string reviewer =
      "reviewer { organisation: 'fgk' role: 'controller' subject: 's-c' } }";
  given
      .When(by +
            "in_kind_reviewed { in_kind: 'i-1' verdict: "
            "IN_KIND_VERDICT_ACCEPTED " +
            reviewer)
      .ThenRefused("IN_KIND_NOT_ATTESTED", "in_kind_reviewed.in_kind");
  given
      .When(by +
            "in_kind_reviewed { in_kind: 'i-1' verdict: "
            "IN_KIND_VERDICT_REJECTED reason: 'r' " +
            reviewer)
      .ThenAccepted();
  given.And(On("2025-06-10",
               by + "in_kind_attested { in_kind: 'i-1' attester { "
                    "organisation: 'mkb' role: 'chef' subject: 's-chef' } }"));
  // Not before the attest, for certain.
  given
      .When(On("2025-06-09", by +
                                 "in_kind_reviewed { in_kind: 'i-1' verdict: "
                                 "IN_KIND_VERDICT_ACCEPTED " +
                                 reviewer))
      .ThenRefused("IN_KIND_NOT_ATTESTED", "in_kind_reviewed.in_kind");
  given
      .When(On("2025-06-10", by +
                                 "in_kind_reviewed { in_kind: 'i-1' verdict: "
                                 "IN_KIND_VERDICT_ACCEPTED " +
                                 reviewer))
      .ThenAccepted();
  given
      .When(by +
            "in_kind_reviewed { in_kind: 'i-1' verdict: "
            "IN_KIND_VERDICT_ACCEPTED " +
            reviewer)
      .ThenAccepted();
  const auto partly = [&](int64_t ore) {
    return absl::StrCat(
        by,
        "in_kind_reviewed { in_kind: 'i-1' verdict: "
        "IN_KIND_VERDICT_PARTLY_REJECTED reason: 'r' accepted_value { ore: ",
        ore, " currency: 'SEK' precision: PRECISION_EXACT } ", reviewer);
  };
  given.When(partly(599'999)).ThenAccepted();
  given.When(partly(600'000))
      .ThenRefused("ACCEPTED_VALUE_NOT_LESS",
                   "in_kind_reviewed.accepted_value");
}

// --- Studies, initiatives, outcomes
// -------------------------------------------------------

TEST(Study, HasNoPreliminaryInsightsWhenPublished) {
  Given given;
  given.And(On("2025-11-01", "study_published { study: 'mobilitet' }"));
  const std::string insight =
      "preliminary_insight_recorded { study: 'mobilitet' insight: 'i' text: "
      "'t' }";
  given.When(On("2025-11-02", insight))
      .ThenRefused("STUDY_PUBLISHED", "preliminary_insight_recorded.study");
  given.When(On("2025-10-31", insight)).ThenAccepted();
}

TEST(Initiative, IsNotSeenFurtherWhenItEnded) {
  Given given;
  const std::string seen =
      "initiative_status_observed { initiative: 'sommargata' status: "
      "INITIATIVE_STATUS_";
  given.And(On("2025-09-01", seen + "ENDED }"));
  given.When(On("2025-09-02", seen + "WITH_COMMITTEE }"))
      .ThenRefused("INITIATIVE_ENDED", "initiative_status_observed.status");
  given.When(On("2025-09-02", seen + "ENDED }")).ThenAccepted();
  given.When(On("2025-08-01", seen + "PUBLISHED }")).ThenAccepted();
}

TEST(OutcomeSubstantiated, IsIndependentOfWhoClaimedIt) {
  const auto backed = [](const std::string& by, bool independent) {
    return absl::StrCat(
        "outcome_substantiated { outcome: 'o-1' substantiator: "
        "'",
        by, "' independent: ", independent ? "true" : "false",
        " agreement: AGREEMENT_FULL }");
  };
  Given()
      .When(backed("mkb", true))
      .ThenRefused("OUTCOME_NOT_INDEPENDENT",
                   "outcome_substantiated.independent");
  Given().When(backed("mkb", false)).ThenAccepted();
  Given().When(backed("hgf", true)).ThenAccepted();
}

// --- Reports, checks
// -----------------------------------------------------------------------

TEST(Report, IsGeneratedHandedInAndApproved) {
  Given given;
  const std::string submitted =
      "report_submitted { report: 'r' addressee: 'fgk' ";
  given.When(submitted + "}")
      .ThenRefused("REPORT_NOT_GENERATED", "report_submitted.report");
  given.When(submitted + "document: 'doc-1' }").ThenAccepted();
  given.And("report_generated { report: 'r' as_of_position: 20 }");
  given.When("report_approved { report: 'r' approved_by: 'FGK' }")
      .ThenRefused("REPORT_NOT_SUBMITTED", "report_approved.report");
  given.When("report_returned { report: 'r' questions: 'q' }")
      .ThenRefused("REPORT_NOT_SUBMITTED", "report_returned.report");
  given.And(On("2026-01-10", submitted + "}"));
  given.When("report_returned { report: 'r' questions: 'q' }").ThenAccepted();
  given.And(
      On("2026-01-20", "report_approved { report: 'r' approved_by: 'FGK' }"));
  given.When(On("2026-01-21", submitted + "}"))
      .ThenRefused("REPORT_APPROVED", "report_submitted.report");
  given.When(On("2026-01-15", submitted + "}")).ThenAccepted();
}

TEST(ReportGenerated, RestsOnWhatIsRecorded) {
  Given given;
  const uint64_t head = given.store().Head().value();
  const auto report = [](uint64_t position) {
    return absl::StrCat(
        "report_generated { report: 'r' as_of_position: ", position, " }");
  };
  given.When(report(head)).ThenAccepted();
  given.When(report(head + 1))
      .ThenRefused("REPORT_POSITION_UNKNOWN",
                   "report_generated.as_of_position");
}

TEST(Check, IsRaisedOrDerived) {
  Given given;
  given.When("check_explained { check: 'C3/stod' explanation: 'e' }")
      .ThenAccepted();
  given.And("check_raised { check: 'prov' text: 't' }");
  given.When("check_explained { check: 'prov' explanation: 'e' }")
      .ThenAccepted();
  given.When("check_resolved { check: 'prov' resolution: 'r' }").ThenAccepted();
  given.When("check_resolved { check: 'prov-2' resolution: 'r' }")
      .ThenRefused("CHECK_UNKNOWN", "check_resolved.check");
}

// --- Disposal and rights
// ---------------------------------------------------------------------

TEST(KeyDestroyed, RestsOnADecisionThatCoversIt) {
  Given given;
  given.And(
      "gallring_decided { gallring: 'g' plan_reference: 'p' registry_number: "
      "'r' subjects: 'p-1' subjects: 'p-2' }");
  given.And(
      "gallring_decided { gallring: 'alla' plan_reference: 'p' "
      "registry_number: 'r' retention_class: 'gallras 7 år' }");
  given
      .When(
          "key_destroyed { gallring: 'g' subject: 'p-3' } recorded_by { "
          "organisation: 'fgk' }")
      .ThenRefused("KEY_NOT_IN_DISPOSAL", "key_destroyed.subject");
  given
      .When(
          "key_destroyed { gallring: 'alla' subject: 'p-3' } recorded_by { "
          "organisation: 'fgk' }")
      .ThenAccepted();
  given.And(
      "key_destroyed { gallring: 'g' subject: 'p-1' } recorded_by { "
      "organisation: 'fgk' }");
  given
      .When(
          "key_destroyed { gallring: 'g' subject: 'p-1' } recorded_by { "
          "organisation: 'fgk' }")
      .ThenRefused("KEY_ALREADY_DESTROYED", "key_destroyed.subject");
  given
      .When(
          "key_destroyed { gallring: 'g' subject: 'p-2' } recorded_by { "
          "organisation: 'fgk' }")
      .ThenAccepted();
}

TEST(RightsWithdrawn, WithdrawsWhatWasGranted) {
  Given given;
  const std::string withdrawn =
      "rights_withdrawn { principal: 'svc-mkb' role: 'ekonom' }";
  given.When(withdrawn).ThenRefused("RIGHT_NOT_GRANTED",
                                    "rights_withdrawn.principal");
  given.And("rights_granted { principal: 'svc-mkb' role: 'ekonom' }");
  given.When("rights_withdrawn { principal: 'svc-mkb' role: 'controller' }")
      .ThenRefused("RIGHT_NOT_GRANTED", "rights_withdrawn.principal");
  given.And(withdrawn);
  given.When(withdrawn).ThenRefused("RIGHT_NOT_GRANTED",
                                    "rights_withdrawn.principal");
  given.And("rights_granted { principal: 'svc-mkb' role: 'ekonom' }");
  given.When(withdrawn).ThenAccepted();
}

TEST(RightsWithdrawn, IsJudgedByTime) {
  const std::string granted =
      "rights_granted { principal: 'svc-mkb' role: 'ekonom' }";
  const std::string withdrawn =
      "rights_withdrawn { principal: 'svc-mkb' role: 'ekonom' }";
  Given given;
  given.And(On("2025-09-01", granted)).And(On("2025-01-10", granted));
  given.And(On("2025-06-30", withdrawn));
  given.When(On("2025-12-01", withdrawn)).ThenAccepted();
  given.When(On("2025-08-31", withdrawn))
      .ThenRefused("RIGHT_NOT_GRANTED", "rights_withdrawn.principal");
  given.When(On("2025-09-01", withdrawn)).ThenAccepted();
}

// --- Circles
// ---------------------------------------------------------------------------------

TEST(Reference, GoesOneWay) {
  const std::string sum = kSum;
  Given given;
  given.And(
      "actor_registered { actor: 'a' name: 'A' kind: ACTOR_KIND_OTHER part_of: "
      "'mkb' }");
  Event mkb = EventOf(
      "event_corrected { reason_code: 'fel' reason: 'r' replacement { "
      "actor_registered { actor: 'mkb' name: 'MKB' kind: "
      "ACTOR_KIND_HOUSING_COMPANY part_of: 'a' } } }");
  mkb.mutable_event_corrected()->set_target(Uuid(2));
  given.When(mkb).ThenRefused(
      "REFERENCE_CIRCLE",
      "event_corrected.replacement.actor_registered.part_of");
  mkb.mutable_event_corrected()
      ->mutable_replacement()
      ->mutable_actor_registered()
      ->set_part_of("hgf");
  given.When(mkb).ThenAccepted();

  const std::string submitted =
      "report_submitted { addressee: 'fgk' document: "
      "'doc-1' report: ";
  given.And(submitted + "'r1' }");
  given.And(submitted + "'r2' corrects_report: 'r1' }");
  given.When(submitted + "'r1' corrects_report: 'r2' }")
      .ThenRefused("REFERENCE_CIRCLE", "report_submitted.corrects_report");
  given.When(submitted + "'r3' corrects_report: 'r2' }").ThenAccepted();
}

}  // namespace
}  // namespace samverk::testing
