// What recording tells, and allows, somebody who may not read and do all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "services/recording/messages.h"
#include "tests/testing/given.h"

namespace samverk::recording {
namespace {

using access::Admitted;
using event::v1::Event;
using testing::CostOf;
using ::testing::ElementsAre;
using testing::EventOf;
using testing::Given;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Uuid;

Admitted Who(const std::string& subject, const std::string& organisation,
             std::vector<std::string> rights) {
  return Admitted(
      access::CallerOf({subject, organisation, std::move(rights), {}}),
      codec::Language::kEnglish);
}

// An event as this person sends it.
Event Sent(uint64_t n, std::string_view text, const Admitted& who) {
  Event event = EventOf(text);
  event.set_id(Uuid(n));
  event.mutable_recorded_by()->Clear();
  EXPECT_TRUE(who.BeRecorder(event).ok());
  return event;
}

RecordOutcome Record(Given& given, const Event& event, const Admitted& who) {
  std::promise<RecordOutcome> promise;
  given.recorder().Record(
      {event}, absl::InfiniteFuture(),
      [&promise](RecordOutcome outcome) {
        promise.set_value(std::move(outcome));
      },
      0, std::nullopt, who);
  return promise.get_future().get();
}

std::vector<std::string> Rules(const RecordOutcome& outcome) {
  std::vector<std::string> rules;
  for (const BatchViolation& violation : outcome.violations) {
    rules.emplace_back(EntryOf(violation.violation.rule).id);
  }
  return rules;
}

// All sentences of a refusal.
std::string Words(const RecordOutcome& outcome) {
  std::string words = std::string(outcome.status.message());
  for (const BatchViolation& violation : outcome.violations) {
    absl::StrAppend(
        &words, " ",
        ViolationText(violation.violation, codec::Language::kEnglish));
  }
  return words;
}

constexpr char kSecretFinding[] =
    "visibility: VISIBILITY_SECRET secrecy_ground: 'OSL 18:1' "
    "occurred { edtf: '2025-05-20' } "
    "finding_logged { finding: 'f-secret' polarity: POLARITY_DEFICIENCY "
    "description: 'Hemligt' }";

TEST(WhatIsWithheld, IsNotToldByARefusal) {
  Given given;
  Event secret = EventOf(kSecretFinding);
  secret.set_id(Uuid(300));
  given.And(secret);
  const Admitted partner = Who("s-9", "hgf", {"partner@p"});
  const RecordOutcome outcome = Record(
      given,
      Sent(301,
           "occurred { edtf: '2025-05-20' } finding_logged { finding: "
           "'f-secret' polarity: POLARITY_DEFICIENCY description: 'Mitt' }",
           partner),
      partner);
  EXPECT_FALSE(outcome.status.ok());
  EXPECT_THAT(Words(outcome), Not(HasSubstr(Uuid(300))));
  EXPECT_THAT(Words(outcome), HasSubstr("f-secret"));  // they wrote that
  // Of what they may read they are told.
  const RecordOutcome open = Record(
      given,
      Sent(302,
           "occurred { edtf: '2025-05-20' } finding_logged { finding: 'f-1' "
           "polarity: POLARITY_DEFICIENCY description: 'Mitt' }",
           partner),
      partner);
  EXPECT_THAT(Words(open), HasSubstr("00000000-0000-4000-8000-"));
}

TEST(WhatIsWithheld, IsNotToldByWhoseItIs) {
  Given given;
  given.And(EventOf(
      "visibility: VISIBILITY_SECRET secrecy_ground: 'OSL 18:1' "
      "measure_proposed { measure: 'm-secret' title: 'Hemlig' owner: 'mkb' "
      "findings: 'f-1' }"));
  const Admitted partner = Who("s-9", "hgf", {"partner@p"});
  const RecordOutcome outcome =
      Record(given,
             Sent(301,
                  "measure_planned { measure: 'm-secret' planned { edtf: "
                  "'2026' } }",
                  partner),
             partner);
  EXPECT_TRUE(absl::IsPermissionDenied(outcome.status)) << outcome.status;
  EXPECT_THAT(Words(outcome), Not(HasSubstr("\"mkb\"")));
}

TEST(WhatIsWithheld, IsNotToldByItsId) {
  Given given;
  Event secret = EventOf(kSecretFinding);
  secret.set_id(Uuid(300));
  given.And(secret);
  // Whoever may not record the kind at all learns nothing.
  const Admitted nobody = Who("s-8", "annan", {"partner@q"});
  const Event guess =
      Sent(300,
           "occurred { edtf: '2025-05-20' } finding_logged { finding: 'f-9' "
           "polarity: POLARITY_DEFICIENCY description: 'Gissning' }",
           nobody);
  EXPECT_TRUE(absl::IsPermissionDenied(Record(given, guess, nobody).status));
  EXPECT_TRUE(absl::IsPermissionDenied(
      given.recorder().Validate({guess}, nobody).status()));
  // Who may is told that the id is taken, and nothing of what has it.
  const Admitted partner = Who("s-9", "hgf", {"partner@p"});
  const Event another =
      Sent(300,
           "occurred { edtf: '2025-05-20' } finding_logged { finding: 'f-9' "
           "polarity: POLARITY_DEFICIENCY description: 'Gissning' }",
           partner);
  const RecordOutcome outcome = Record(given, another, partner);
  EXPECT_EQ(ReasonOf(outcome.status), error::v1::REASON_ID_CONFLICT);
  EXPECT_THAT(Words(outcome), Not(HasSubstr("#")));
  EXPECT_THAT(Words(outcome), Not(HasSubstr("content")));
}

TEST(Rights, AreNotGivenByAmendments) {
  Given given;
  Event granted =
      EventOf("rights_granted { principal: 'dummy' role: 'arkivarie' }");
  granted.set_id(Uuid(300));
  given.And(granted);
  const Admitted both =
      Who("both", "mkb", {"projektledare@p", "administratör@p"});
  for (const std::string& text :
       {"event_corrected { target: '" + Uuid(300) +
            "' reason_code: 'r' reason: 'r' replacement { rights_granted { "
            "principal: 'both' role: 'arkivarie' } } }",
        "event_voided { target: '" + Uuid(300) +
            "' reason_code: 'r' reason: 'r' }",
        "event_reversed { target: '" + Uuid(300) +
            "' reason_code: 'r' reason: 'r' }"}) {
    EXPECT_FALSE(Record(given, Sent(301, text, both), both).status.ok())
        << text;
    given.When(text).ThenRefused("TARGET_PERMANENT",
                                 text.substr(0, text.find(' ')) + ".target");
  }
}

TEST(TwoPersons, AreNeededAlsoForWhatAPersonCallsImported) {
  Given given;
  Event cost = CostOf("c-904", 10'000);
  cost.set_id(Uuid(300));
  cost.mutable_recorded_by()->set_subject("yek");
  given.And(cost);
  const Admitted person = Who("yek", "mkb", {"ekonom@p"});
  const char* attest =
      "source { kind: SOURCE_KIND_IMPORTED system: 's' ref: '1' } "
      "cost_attested { cost: 'c-904' attester { organisation: 'mkb' role: "
      "'ekonom' subject: 'yek' } }";
  const RecordOutcome own = Record(given, Sent(301, attest, person), person);
  EXPECT_FALSE(own.status.ok());
  // A program imports history.
  const Admitted program = Who(
      "import", "mkb", {"samverk.cost_attested@p", "samverk.cost_booked@p"});
  EXPECT_THAT(Rules(Record(given, Sent(302, attest, program), program)),
              IsEmpty());
  // And what a person calls so does not open what they attested to themselves.
  Event other = CostOf("c-905", 10'000);
  other.set_id(Uuid(310));
  other.mutable_recorded_by()->set_subject("yek");
  given.And(other);
  Event checked = EventOf(
      "source { kind: SOURCE_KIND_IMPORTED system: 's' ref: '2' } "
      "recorded_by { organisation: 'mkb' role: 'ekonom' subject: 'xek' } "
      "cost_attested { cost: 'c-905' attester { organisation: 'mkb' role: "
      "'ekonom' subject: 'xek' } }");
  given.And(checked);
  const Admitted attester = Who("xek", "mkb", {"ekonom@p"});
  Event replacement = other;
  replacement.clear_id();
  replacement.clear_recorded_by();
  replacement.mutable_cost_booked()->set_text("Annan text");
  Event correction = EventOf("event_corrected { target: '" + Uuid(310) +
                             "' reason_code: 'r' reason: 'r' }");
  *correction.mutable_event_corrected()->mutable_replacement() = replacement;
  correction.set_id(Uuid(311));
  correction.clear_recorded_by();
  ASSERT_TRUE(attester.BeRecorder(correction).ok());
  EXPECT_THAT(Rules(Record(given, correction, attester)),
              ElementsAre("RECORDER_IS_ATTESTER"));
}

}  // namespace
}  // namespace samverk::recording
