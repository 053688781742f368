// Whose what is recorded is, and who recorded what it attests: what the rights
// are asked.
#include "services/recording/asked_right.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eventstore/base/error.h"
#include "services/access/admitted.h"
#include "services/access/caller.h"
#include "tests/testing/given.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using testing::EventOf;
using testing::Given;
using testing::Uuid;

// Somebody of an organisation who holds a role in "p".
access::Admitted Of(const std::string& organisation, const std::string& role,
                    const std::string& subject = "p-1") {
  return access::Admitted(
      access::CallerOf({subject, organisation, {role + "@p"}, {}}),
      codec::Language::kEnglish);
}

class AskedRights : public ::testing::Test {
 protected:
  // OK, or why `who` may not record the events, which name no recorder.
  absl::Status May(const access::Admitted& who,
                   const std::vector<std::string>& texts) {
    std::vector<Event> events;
    for (const std::string& text : texts) {
      Event event = EventOf(text);
      event.set_id(Uuid(900 + events.size()));
      event.clear_recorded_by();
      EXPECT_TRUE(who.BeRecorder(event).ok());
      events.push_back(std::move(event));
    }
    const auto validation = given_.recorder().Validate(std::move(events), who);
    if (!validation.ok()) return validation.status();
    for (const BatchViolation& violation : validation->judgement.violations) {
      ADD_FAILURE() << EntryOf(violation.violation.rule).id;
    }
    return absl::OkStatus();
  }
  void ExpectDenied(const access::Admitted& who,
                    const std::vector<std::string>& texts) {
    const absl::Status denied = May(who, texts);
    EXPECT_TRUE(absl::IsPermissionDenied(denied)) << denied;
    EXPECT_EQ(ReasonOf(denied), error::v1::REASON_NOT_PERMITTED);
  }

  Given given_;
};

TEST_F(AskedRights, AMeasureIsPlannedByWhoeverOwnsIt) {
  given_.And(
      "occurred { edtf: '2025-06-01' } measure_decided { measure: 'blomlador' "
      "decision: 'd-1' }");
  const std::string plan =
      "occurred { edtf: '2025-06-02' } measure_planned { measure: 'blomlador' "
      "owner: 'fgk' }";
  // Nobody owns it yet: by whoever says that they do.
  EXPECT_TRUE(May(Of("fgk", "partner"), {plan}).ok());
  ExpectDenied(Of("mkb", "partner"), {plan});
  given_.And(plan);
  const std::string started =
      "occurred { edtf: '2025-06-03' } measure_started { measure: 'blomlador' "
      "}";
  EXPECT_TRUE(May(Of("fgk", "handläggare"), {started}).ok());
  ExpectDenied(Of("mkb", "projektledare"), {started});
  // Taking it over is not for whoever takes it.
  ExpectDenied(Of("mkb", "projektledare"),
               {"occurred { edtf: '2025-06-02' } measure_planned { measure: "
                "'blomlador' owner: 'mkb' }"});
}

TEST_F(AskedRights, AnEarlierEventOfTheBatchCounts) {
  const std::string proposed =
      "occurred { edtf: '2025-06-01' } measure_proposed { measure: 'm-9' "
      "title: 't' owner: 'mkb' findings: 'f-1' }";
  const std::string started =
      "occurred { edtf: '2025-06-02' } measure_started { measure: 'm-9' }";
  EXPECT_TRUE(May(Of("mkb", "projektledare"), {proposed, started}).ok());
  ExpectDenied(Of("fgk", "partner"), {proposed, started});
}

TEST_F(AskedRights, AFindingIsDeclinedByWhomItWasAssignedTo) {
  const std::string declined =
      "occurred { edtf: '2025-06-02' } finding_declined { finding: 'f-1' "
      "reason: DECLINE_REASON_COST motivation: 'm' }";
  ExpectDenied(Of("fgk", "handläggare"), {declined});
  given_.And(
      "occurred { edtf: '2025-06-01' } finding_assigned { finding: 'f-1' "
      "assignee: 'fgk' }");
  EXPECT_TRUE(May(Of("fgk", "handläggare"), {declined}).ok());
  ExpectDenied(Of("mkb", "projektledare"), {declined});
}

TEST_F(AskedRights, NobodyAttestsWhatTheyRecorded) {
  const auto attested = [](const std::string& organisation,
                           const std::string& subject) {
    return "occurred { edtf: '2025-06-10' } cost_attested { cost: 'c-1' "
           "attester { organisation: '" +
           organisation + "' role: 'ekonom' subject: '" + subject + "' } }";
  };
  EXPECT_TRUE(May(Of("mkb", "ekonom", "s-2"), {attested("mkb", "s-2")}).ok());
  ExpectDenied(Of("mkb", "ekonom", "s-eko"), {attested("mkb", "s-eko")});
  // In one's own name.
  ExpectDenied(Of("mkb", "ekonom", "s-2"), {attested("mkb", "s-3")});
  ExpectDenied(Of("mkb", "projektledare", "s-2"), {attested("mkb", "s-2")});
}

TEST_F(AskedRights, OnesOwnContributionAndNoOthers) {
  const auto recorded = [](const std::string& contributor) {
    return "occurred { edtf: '2025-06-10' } in_kind_recorded { in_kind: 'i-9' "
           "kind: IN_KIND_KIND_WORKING_TIME contributor: '" +
           contributor +
           "' quantity_hundredths: 100 unit: 'h' rate_ore: 60000 rate_basis: "
           "'schablon' value { ore: 60000 currency: 'SEK' precision: "
           "PRECISION_EXACT } }";
  };
  EXPECT_TRUE(May(Of("mkb", "projektledare"), {recorded("mkb")}).ok());
  ExpectDenied(Of("mkb", "projektledare"), {recorded("fgk")});
}

TEST_F(AskedRights, WhatOnesOrganisationRecordedIsCorrected) {
  const std::string corrected =
      "event_corrected { target: '" + Uuid(6) +
      "' reason_code: 'skrivfel' reason: 'r' replacement { process: 'p' "
      "decision_recorded { decision: 'd-1' body: 'styrgruppen' text: 'T' } } }";
  // A decision is the steering group's, whoever corrects.
  ExpectDenied(Of("mkb", "projektledare"), {corrected});
  const std::string finding = "event_reversed { target: '" + Uuid(16) +
                              "' reason_code: 'skrivfel' reason: 'r' }";
  ExpectDenied(Of("fgk", "partner"), {finding});
}

TEST_F(AskedRights, OfABatchTheFirstIsToldThatMayNotBe) {
  const absl::Status denied =
      May(Of("mkb", "projektledare"),
          {"lesson_recorded { lesson: 'l-1' text: 't' }",
           "occurred { edtf: '2025' } study_published { study: 'mobilitet' }"});
  ASSERT_TRUE(absl::IsPermissionDenied(denied)) << denied;
  EXPECT_EQ(std::string(denied.message()).substr(0, 23),
            "event 2 of the batch: s");
}

}  // namespace
}  // namespace samverk::recording
