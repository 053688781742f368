// Rules about the event alone: refused, accepted, at the boundary.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/given.h"

namespace samverk::testing {
namespace {

using event::v1::Event;
using ::testing::Contains;
using ::testing::Pair;

// --- The envelope
// --------------------------------------------------------------

Event Closing() { return EventOf("finding_closed { finding: 'f-1' }"); }

TEST(EventId, IsGivenOrMadeOfTheSource) {
  Given given;
  Event without = Closing();
  const auto judge = [&](const Event& event) {
    return Verdict(given.recorder().Validate({event}), "id");
  };
  judge(without).ThenRefused("EVENT_ID_MISSING", "id");
  without.mutable_source()->set_system("docx-import");
  judge(without).ThenRefused("EVENT_ID_MISSING", "id");
  without.mutable_source()->set_ref("r-1");
  judge(without).ThenAccepted();
  without.set_id("event-17");
  judge(without).ThenRefused("EVENT_ID_INVALID", "id");
  without.set_id("00000000-0000-0000-0000-000000000000");
  judge(without).ThenRefused("EVENT_ID_INVALID", "id");
  without.set_id("018BCFE5-6800-7000-8000-00000000002A");
  judge(without).ThenAccepted();
}

TEST(EventId, OccursOnceInABatch) {
  Event first = Closing();
  first.set_id(Uuid(200));
  Event second = EventOf("finding_closed { finding: 'f-2' }");
  second.set_id(Uuid(200));
  Given().WhenAll({first, second}).ThenRefused("EVENT_ID_REPEATED", "id");
}

TEST(Envelope, BelongsToOneProcess) {
  Event other = EventOf("finding_closed { finding: 'f-2' }");
  other.set_process("q");
  Given().WhenAll({Closing(), other}).ThenRefused("PROCESS_DIFFERS", "process");
}

TEST(Envelope, StatesAFact) {
  Given().When("").ThenRefused("FACT_MISSING", "");
  Event unknown = Closing();
  Event::GetReflection()->MutableUnknownFields(&unknown)->AddVarint(412, 1);
  Given().When(unknown).ThenRefused("FIELD_UNKNOWN", "");
}

TEST(Envelope, DoesNotLieInTheFuture) {
  // It is 2026-02-01T12:00Z, 13:00 in Stockholm.
  const auto at = [](std::string edtf) {
    Event event = Closing();
    event.mutable_occurred()->set_edtf(edtf);
    return event;
  };
  Given().When(at("2026-02-02")).ThenRefused("TIME_IN_FUTURE", "occurred.edtf");
  Given()
      .When(at("2026-02-01T14:01"))
      .ThenRefused("TIME_IN_FUTURE", "occurred.edtf");
  Given().When(at("2026-02-01T14:00")).ThenAccepted();
  Given().When(at("2026")).ThenAccepted();
  Given().When(at("../2027")).ThenAccepted();
  Given().When(at("")).ThenAccepted();
}

TEST(Envelope, SaysByWhichLawItIsSecret) {
  Given()
      .When("visibility: VISIBILITY_SECRET finding_closed { finding: 'f-1' }")
      .ThenRefused("SECRECY_GROUND_MISSING", "secrecy_ground");
  Given()
      .When(
          "visibility: VISIBILITY_SECRET secrecy_ground: 'OSL 18:1' "
          "finding_closed { finding: 'f-1' }")
      .ThenAccepted();
}

TEST(Envelope, NamesTheSystemOfAReference) {
  Given()
      .When(
          "source { ref: 'r-1' } finding_closed { finding: 'f-1' } "
          "id: '00000000-0000-4000-8000-000000000150'")
      .ThenRefused("SOURCE_INCOMPLETE", "source.system");
}

TEST(Envelope, PointsAtItsEvidence) {
  Given()
      .When(
          "evidence { media_type: 'image/jpeg' } "
          "finding_closed { finding: 'f-1' }")
      .ThenRefused("EVIDENCE_EMPTY", "evidence[0]");
  // Evidence and sources may name a document before it is there.
  Given()
      .When(
          "evidence { document: 'protokoll' } source { document: 'rapport' } "
          "finding_closed { finding: 'f-1' }")
      .ThenAccepted();
}

TEST(Envelope, NamesNoMoreThanCanBeTagged) {
  Given given;
  Event proposal =
      EventOf("measure_proposed { measure: 'belysning' title: 'Belysning' }");
  for (int i = 0; i < 30; ++i) {
    const std::string id = "g-" + std::to_string(i);
    Event finding = EventOf(
        "finding_logged { polarity: POLARITY_DEFICIENCY description: 'd' }");
    finding.mutable_finding_logged()->set_finding(id);
    given.And(finding);
    // With the measure itself, the 30th finding is one thing too many.
    given.When(proposal).ThenAccepted();
    proposal.mutable_measure_proposed()->add_findings(id);
  }
  given.When(proposal).ThenRefused("TOO_MANY_REFERENCES", "");
}

// --- Any field
// -----------------------------------------------------------------

TEST(Field, IsThereWhenItMustBe) {
  Given()
      .When("finding_closed {}")
      .ThenRefused("FIELD_MISSING", "finding_closed.finding");
  Given()
      .When("goal_set { goal: 'g-2' text: '  ' }")
      .ThenRefused("FIELD_MISSING", "goal_set.text");
  Given()
      .When("finding_logged { finding: 'f-9' description: 'd' }")
      .ThenRefused("FIELD_MISSING", "finding_logged.polarity");
  Given()
      .When(
          "activity_rescheduled { activity: 'vandring' planned { circa: "
          "true } }")
      .ThenRefused("FIELD_MISSING", "activity_rescheduled.planned.edtf");
  Given()
      .When(
          "actor_renamed { actor: 'mkb' name: 'MKB' } "
          "recorded_by { role: 'controller' }")
      .ThenRefused("FIELD_MISSING", "recorded_by.organisation");
  Given()
      .When("sealed_data_read { principal: 'p' purpose: 'x' }")
      .ThenRefused("FIELD_MISSING", "sealed_data_read.subjects");
  Given()
      .When("meeting_held { held { activity: 'm' title: 't' themes: '' } }")
      .ThenRefused("FIELD_MISSING", "meeting_held.held.themes[0]");
}

TEST(Field, HoldsAnId) {
  Given()
      .When("finding_closed { finding: 'F 12' }")
      .ThenRefused("ID_INVALID", "finding_closed.finding");
  Given()
      .When("check_resolved { check: 'C 3' resolution: 'r' }")
      .ThenRefused("CHECK_ID_INVALID", "check_resolved.check");
  Given()
      .When("check_raised { check: 'prov' text: 't' about_events: '12' }")
      .ThenRefused("UUID_INVALID", "check_raised.about_events[0]");
}

TEST(Field, HoldsText) {
  Event event = EventOf("goal_set { goal: 'g-2' }");
  event.mutable_goal_set()->set_text(std::string(16'385, 'x'));
  Given().When(event).ThenRefused("TEXT_TOO_LONG", "goal_set.text");
  event.mutable_goal_set()->set_text("M\xf6rkt");
  Given().When(event).ThenRefused("TEXT_NOT_UTF8", "goal_set.text");
  event.mutable_goal_set()->set_text("rad 1\nrad 2");
  Given().When(event).ThenRefused("TEXT_HAS_CONTROL_CHARACTER",
                                  "goal_set.text");
}

TEST(Field, HoldsNoPersonalDetails) {
  const auto saying = [](const std::string& words) {
    Event event = EventOf(
        "finding_logged { finding: 'f-9' "
        "polarity: POLARITY_DEFICIENCY }");
    event.mutable_finding_logged()->set_description(words);
    return event;
  };
  Given()
      .When(saying("Enligt 811228-9874"))
      .ThenRefused("TEXT_HAS_IDENTITY_NUMBER", "finding_logged.description");
  Given()
      .When(saying("Ring 070-174 06 05"))
      .ThenRefused("TEXT_HAS_PHONE_NUMBER", "finding_logged.description");
  Given()
      .When(saying("Skriv till namn@example.se"))
      .ThenRefused("TEXT_HAS_EMAIL_ADDRESS", "finding_logged.description");
  Given()
      .When(saying("Ring områdesvärden, 300 000 kr, dnr TN-2025-1234"))
      .ThenAccepted();
}

TEST(Field, DoesNotRepeatWhatItRefuses) {
  const auto verdict =
      Given().When("goal_set { goal: 'g-2' text: 'Enligt 811228-9874' }");
  for (const auto& [name, value] : verdict.violations()[0].violation.values) {
    EXPECT_EQ(value.find("9874"), std::string::npos) << name << "=" << value;
  }
}

TEST(Field, HoldsAList) {
  Event event = EventOf("process_closed {}");
  Event phase = EventOf(
      "phase_entered { phase: 1 name: 'Etablering' claimed_only: true }");
  for (int i = 0; i < 200; ++i)
    phase.mutable_phase_entered()->add_criteria_met("k");
  Given().When(phase).ThenAccepted();
  phase.mutable_phase_entered()->add_criteria_met("k");
  Given().When(phase).ThenRefused("LIST_TOO_LONG",
                                  "phase_entered.criteria_met");
  Given()
      .When(
          "measure_proposed { measure: 'm-2' title: 't' findings: 'f-1' "
          "findings: 'f-1' }")
      .ThenRefused("LIST_REPEATS", "measure_proposed.findings[1]");
}

TEST(Field, HoldsAKnownValue) {
  Event event = EventOf("role_assigned { actor: 'mkb' }");
  event.mutable_role_assigned()->set_kind(static_cast<event::v1::RoleKind>(99));
  Given().When(event).ThenRefused("ENUM_UNKNOWN", "role_assigned.kind");
  Given()
      .When("report_generated { report: 'r' language: 'de' }")
      .ThenRefused("VALUE_NOT_ALLOWED", "report_generated.language");
  Given()
      .When("phase_entered { phase: 10 name: 'n' claimed_only: true }")
      .ThenRefused("NUMBER_OUT_OF_RANGE", "phase_entered.phase");
  Given()
      .When("phase_entered { phase: 9 name: 'n' claimed_only: true }")
      .ThenAccepted();
  Given()
      .When("document_attached { document: 'd' title: 't' sha256: 'short' }")
      .ThenRefused("HASH_INVALID", "document_attached.sha256");
  Given()
      .When(
          "evidence { title: 't' media_type: 'pdf' } "
          "finding_closed { finding: 'f-1' }")
      .ThenRefused("MEDIA_TYPE_INVALID", "evidence[0].media_type");
  Given()
      .When("language: 'svenska språket' finding_closed { finding: 'f-1' }")
      .ThenRefused("LANGUAGE_INVALID", "language");
  Given()
      .When("language: 'sv-SE' finding_closed { finding: 'f-1' }")
      .ThenAccepted();
}

TEST(Field, HoldsATime) {
  for (const char* edtf : {"2025-13", "2025-02-30", "[2025,2026]", "hösten",
                           "2025-21~", "1899", "2026/2025"}) {
    Event event = Closing();
    event.mutable_occurred()->set_edtf(edtf);
    Given().When(event).ThenRefused("TIME_INVALID", "occurred.edtf");
  }
  Event generated = EventOf("report_generated { report: 'r' period: '25' }");
  Given().When(generated).ThenRefused("TIME_INVALID",
                                      "report_generated.period");
}

TEST(Field, HoldsNoPersonalDataUntilItCanBeSealed) {
  const std::string actor =
      "actor_registered { actor: 'a' name: 'A' kind: ACTOR_KIND_COMPANY ";
  Given()
      .When(actor + "contact { subject: 'p-1' clear: 'Anna, 070-174 06 05' } }")
      .ThenRefused("PERSONAL_NOT_SEALABLE", "actor_registered.contact.clear");
  Given()
      .When(actor + "contact { subject: 'p-1' sealed { key_id: 'k' } } }")
      .ThenRefused("PERSONAL_NOT_SEALABLE", "actor_registered.contact.sealed");
  Given().When(actor + "contact { subject: 'p-1' } }").ThenAccepted();
}

TEST(Field, DoesNotNameItsOwnEntity) {
  Given()
      .When("finding_merged { finding: 'f-1' into: 'f-1' }")
      .ThenRefused("REFERS_TO_ITSELF", "finding_merged.into");
  Given()
      .When(
          "finding_logged { finding: 'f-9' polarity: POLARITY_ASSET "
          "description: 'd' similar_to: 'f-9' }")
      .ThenRefused("REFERS_TO_ITSELF", "finding_logged.similar_to");
  Given()
      .When(
          "safety_walk_held { held { activity: 'v' title: 't' } "
          "follows_up: 'v' }")
      .ThenRefused("REFERS_TO_ITSELF", "safety_walk_held.follows_up");
  Given()
      .When(
          "budget_reallocated { from_line: 'lokaler' to_line: 'lokaler' "
          "amount { ore: 1 currency: 'SEK' precision: PRECISION_EXACT } }")
      .ThenRefused("REFERS_TO_ITSELF", "budget_reallocated.to_line");
  Given()
      .When(
          "amount_stated { statement: 's' kind: STATED_KIND_TOTAL amount { "
          "ore: 1 currency: 'SEK' precision: PRECISION_STATED } "
          "total_of { statement: 's' } }")
      .ThenRefused("REFERS_TO_ITSELF", "amount_stated.total_of[0].statement");
  Given()
      .When(
          "carry_over_approved { grant: 'stod' against_grant: 'stod' amount "
          "{ ore: 1 currency: 'SEK' precision: PRECISION_EXACT } }")
      .ThenRefused("REFERS_TO_ITSELF", "carry_over_approved.against_grant");
}

// --- Values
// --------------------------------------------------------------------

Event Stating(const std::string& money) {
  return EventOf(
      "amount_stated { statement: 's' kind: STATED_KIND_OTHER "
      "amount { " +
      money + " } }");
}

TEST(Money, HasACurrencyAndAPrecision) {
  Given()
      .When(Stating("ore: 1 precision: PRECISION_STATED"))
      .ThenRefused("FIELD_MISSING", "amount_stated.amount.currency");
  Given()
      .When(Stating("ore: 1 currency: 'EUR' precision: PRECISION_STATED"))
      .ThenRefused("CURRENCY_UNSUPPORTED", "amount_stated.amount.currency");
  Given()
      .When(Stating("ore: 1 currency: 'SEK'"))
      .ThenRefused("FIELD_MISSING", "amount_stated.amount.precision");
}

TEST(Money, HasASignAndASize) {
  const std::string rest = " currency: 'SEK' precision: PRECISION_EXACT";
  Given()
      .When(Stating("ore: -1" + rest))
      .ThenRefused("AMOUNT_NEGATIVE", "amount_stated.amount.ore");
  Given().When(Stating("ore: 0" + rest)).ThenAccepted();
  Given().When(Stating("ore: 1000000000000000" + rest)).ThenAccepted();
  Given()
      .When(Stating("ore: 1000000000000001" + rest))
      .ThenRefused("AMOUNT_TOO_LARGE", "amount_stated.amount.ore");
  Given().When(CostOf("c-2", 1)).ThenAccepted();
  Given()
      .When(CostOf("c-2", 0))
      .ThenRefused("AMOUNT_NOT_POSITIVE", "cost_booked.amount.ore");
  Given()
      .When(CostOf("c-2", -1))
      .ThenRefused("AMOUNT_NOT_POSITIVE", "cost_booked.amount.ore");
}

TEST(Money, OfABookedCostIsExact) {
  Event cost = CostOf("c-2", 100);
  cost.mutable_cost_booked()->mutable_amount()->set_precision(
      event::v1::PRECISION_ESTIMATE);
  Given().When(cost).ThenRefused("AMOUNT_NOT_EXACT", "cost_booked.amount");
}

Event Walk(const std::string& rest) {
  return EventOf("safety_walk_held { held { activity: 'vandring' " + rest +
                 " } }");
}

TEST(Headcount, SumsToNoMoreThanItsTotal) {
  Given()
      .When(Walk("headcount { total: 10 by_category { category: 'boende' "
                 "count: 7 } by_category { category: 'barn' count: 4 } }"))
      .ThenRefused("HEADCOUNT_SUM", "safety_walk_held.held.headcount");
  Given()
      .When(Walk("headcount { total: 11 by_category { category: 'boende' "
                 "count: 7 } by_category { category: 'barn' count: 4 } }"))
      .ThenAccepted();
  Given()
      .When(Walk("headcount { by_category { category: 'boende' } "
                 "by_category { category: 'boende' } }"))
      .ThenRefused("LIST_REPEATS",
                   "safety_walk_held.held.headcount.by_category[1].category");
}

TEST(Where, SaysWhere) {
  Given()
      .When(Walk("where { accuracy_m: 5 }"))
      .ThenRefused("WHERE_EMPTY", "safety_walk_held.held.where[0]");
  Given().When(Walk("where { description: 'vid torget' }")).ThenAccepted();
  Given()
      .When(Walk("where { point { latitude_e7: 900000001 } }"))
      .ThenRefused("NUMBER_OUT_OF_RANGE",
                   "safety_walk_held.held.where[0].point.latitude_e7");
  Given()
      .When(Walk("where { point { latitude_e7: -900000000 "
                 "longitude_e7: 1800000000 } }"))
      .ThenAccepted();
}

TEST(Outline, IsAPointOrAnArea) {
  const auto place = [](int points, bool closed) {
    Event event = EventOf("place_defined { place: 'park' name: 'Parken' }");
    for (int i = 0; i < points; ++i) {
      auto* point = event.mutable_place_defined()->add_outline();
      point->set_latitude_e7(closed && i == points - 1 ? 0 : i);
    }
    return event;
  };
  for (const int points : {0, 1, 3, 4}) {
    Given().When(place(points, false)).ThenAccepted();
  }
  Given()
      .When(place(2, false))
      .ThenRefused("OUTLINE_INVALID", "place_defined.outline");
  Given()
      .When(place(4, true))
      .ThenRefused("OUTLINE_INVALID", "place_defined.outline");
  Given(std::vector<Event>())
      .When("process_registered { name: 'n' boundary { latitude_e7: 1 } }")
      .ThenRefused("OUTLINE_INVALID", "process_registered.boundary");
}

TEST(OrganisationNumber, IsOneAndNotAPersons) {
  const auto actor = [](const std::string& number) {
    return EventOf(
        "actor_registered { actor: 'a' name: 'A' kind: "
        "ACTOR_KIND_COMPANY organisation_number: '" +
        number + "' }");
  };
  Given().When(actor("556016-0680")).ThenAccepted();
  Given().When(actor("212000-1124")).ThenAccepted();
  for (const char* number : {"556016-0681", "5560160680", "16556016-0680"}) {
    Given()
        .When(actor(number))
        .ThenRefused("ORGANISATION_NUMBER_INVALID",
                     "actor_registered.organisation_number");
  }
  // A sole trader's number is a person's: refused as what it is.
  const auto verdict = Given().When(actor("811228-9874"));
  ASSERT_EQ(verdict.violations().size(), 2u);
}

// --- What one kind of fact says
// ------------------------------------------------

Event InKind(const std::string& rest) {
  return EventOf(
      "in_kind_recorded { in_kind: 'i-2' kind: IN_KIND_KIND_WORKING_TIME "
      "contributor: 'mkb' " +
      rest + " }");
}
std::string Value(int64_t ore) {
  return " value { ore: " + std::to_string(ore) +
         " currency: 'SEK' precision: PRECISION_STATED }";
}

TEST(InKind, IsQuantityTimesRate) {
  Given()
      .When(InKind("quantity_hundredths: 57140 unit: 'h' rate_ore: 60000" +
                   Value(34'284'000)))
      .ThenAccepted();
  Given()
      .When(InKind("quantity_hundredths: 57140 unit: 'h' rate_ore: 60000" +
                   Value(34'284'001)))
      .ThenRefused("IN_KIND_PRODUCT", "in_kind_recorded.value");
  // 0.25 h at 0.10 kr is 2.5 öre: rounded half up.
  Given()
      .When(InKind("quantity_hundredths: 25 unit: 'h' rate_ore: 10" + Value(3)))
      .ThenAccepted();
  Given().When(InKind(Value(100))).ThenAccepted();
  Given()
      .When(InKind("quantity_hundredths: 100" + Value(100)))
      .ThenRefused("UNIT_MISSING", "in_kind_recorded.unit");
  Given()
      .When(InKind("quantity_hundredths: 100 unit: 'dagar'" + Value(100)))
      .ThenRefused("VALUE_NOT_ALLOWED", "in_kind_recorded.unit");
  Given()
      .When(InKind("quantity_hundredths: -1" + Value(0)))
      .ThenRefused("NUMBER_OUT_OF_RANGE",
                   "in_kind_recorded.quantity_hundredths");
  Given()
      .When(InKind("rate_ore: 100000001" + Value(0)))
      .ThenRefused("NUMBER_OUT_OF_RANGE", "in_kind_recorded.rate_ore");
}

Event Review(const std::string& rest) {
  return EventOf(
      "recorded_by { organisation: 'fgk' role: 'controller' subject: 's-c' } "
      "in_kind_reviewed { in_kind: 'i-1' reviewer { organisation: "
      "'fgk' role: 'controller' subject: 's-c' } " +
      rest + " }");
}

TEST(InKindReview, SaysWhyAndWhatIsLeft) {
  Given()
      .When(Review("verdict: IN_KIND_VERDICT_REJECTED"))
      .ThenRefused("REVIEW_REASON_MISSING", "in_kind_reviewed.reason");
  Given()
      .When(Review("verdict: IN_KIND_VERDICT_REJECTED reason: 'ej styrkt'"))
      .ThenAccepted();
  Given()
      .When(Review("verdict: IN_KIND_VERDICT_PARTLY_REJECTED reason: 'r'"))
      .ThenRefused("ACCEPTED_VALUE_MISSING", "in_kind_reviewed.accepted_value");
  Given()
      .When(Review("verdict: IN_KIND_VERDICT_REJECTED reason: 'r' "
                   "accepted_value { ore: 1 currency: 'SEK' precision: "
                   "PRECISION_EXACT }"))
      .ThenRefused("ACCEPTED_VALUE_UNEXPECTED",
                   "in_kind_reviewed.accepted_value");
}

TEST(VolunteerTime, IsMoreThanNothing) {
  const auto hours = [](const std::string& hundredths) {
    return EventOf(
        "volunteer_time_reported { report: 'v-1' association: 'hgf' "
        "hours_hundredths: " +
        hundredths + " }");
  };
  Given()
      .When(hours("0"))
      .ThenRefused("NUMBER_OUT_OF_RANGE",
                   "volunteer_time_reported.hours_hundredths");
  Given().When(hours("1")).ThenAccepted();
}

TEST(Statement, SaysWhatItIsAbout) {
  const std::string sum =
      "amount { ore: 1 currency: 'SEK' precision: PRECISION_STATED } ";
  Given()
      .When("amount_stated { statement: 's' kind: STATED_KIND_GRANT_USED " +
            sum + "}")
      .ThenRefused("STATED_GRANT_MISSING", "amount_stated.grant");
  Given()
      .When("amount_stated { statement: 's' kind: STATED_KIND_IN_KIND " + sum +
            "}")
      .ThenRefused("STATED_CONTRIBUTOR_MISSING", "amount_stated.contributor");
  const std::string total =
      "amount_stated { statement: 's' kind: STATED_KIND_TOTAL " + sum;
  Given()
      .When(total + "total_of { statement: 'm-3' grant: 'stod' } }")
      .ThenRefused("STATED_PART_INVALID", "amount_stated.total_of[0]");
  Given()
      .When(total + "total_of {} }")
      .ThenRefused("STATED_PART_INVALID", "amount_stated.total_of[0]");
  Given()
      .When(total +
            "total_of { statement: 'm-3' } total_of { grant: 'stod' } "
            "total_of { label: 'övrigt' } }")
      .ThenAccepted();
}

TEST(Outcome, OfAShiftGoesFromSomethingToSomething) {
  const std::string shift =
      "outcome_claimed { outcome: 'o-2' kind: OUTCOME_KIND_SHIFT claim: 'c' ";
  Given()
      .When(shift + "to: 'handling' }")
      .ThenRefused("SHIFT_INCOMPLETE", "outcome_claimed.from");
  Given()
      .When(shift + "from: 'dialog' }")
      .ThenRefused("SHIFT_INCOMPLETE", "outcome_claimed.to");
  Given().When(shift + "from: 'dialog' to: 'handling' }").ThenAccepted();
}

TEST(MeasureDecided, SaysWhoDecided) {
  Given()
      .When("measure_decided { measure: 'blomlador' }")
      .ThenRefused("DECIDING_BODY_MISSING", "measure_decided.body");
  Given()
      .When("measure_decided { measure: 'blomlador' decision: 'd-1' }")
      .ThenAccepted();
}

TEST(Disclosed, SaysByWhichLawItMasks) {
  Given given;
  given.And("disclosure_requested { request: 'u-1' scope: 'protokoll' }");
  given.When("disclosed { request: 'u-1' }").ThenAccepted();
  given.When("disclosed { request: 'u-1' refused: true }")
      .ThenRefused("DISCLOSURE_GROUND_MISSING", "disclosed.legal_ground");
  given.When("disclosed { request: 'u-1' masked_fields: 'summary' }")
      .ThenRefused("DISCLOSURE_GROUND_MISSING", "disclosed.legal_ground");
  given
      .When(
          "disclosed { request: 'u-1' masked_fields: 'summary' "
          "legal_ground: 'OSL 21:1' }")
      .ThenAccepted();
}

TEST(Survey, HasNoMoreAnswersThanPeopleAsked) {
  const auto survey = [](const std::string& counts) {
    return EventOf("survey_conducted { held { activity: 'enkat' title: 't' } " +
                   counts + " }");
  };
  Given()
      .When(survey("answers: 61 asked: 60"))
      .ThenRefused("SURVEY_ANSWERS", "survey_conducted.answers");
  Given().When(survey("answers: 60 asked: 60")).ThenAccepted();
  Given().When(survey("answers: 60")).ThenAccepted();
}

TEST(Held, HasAsManyOccasionsAsASeriesHas) {
  Given().When(Walk("series: true")).ThenAccepted();
  Given().When(Walk("series: true occasions: 2")).ThenAccepted();
  Given().When(Walk("occasions: 1")).ThenAccepted();
  for (const char* wrong :
       {"series: true occasions: 1", "occasions: 2", "occasions: 0"}) {
    Given()
        .When(Walk(wrong))
        .ThenRefused("OCCASIONS_INVALID", "safety_walk_held.held.occasions");
  }
}

TEST(Initiative, HasVotesThatAgreeWithItsStatus) {
  const auto seen = [](const std::string& status, int votes) {
    return EventOf(
        "initiative_status_observed { initiative: 'sommargata' "
        "status: INITIATIVE_STATUS_" +
        status + " votes: " + std::to_string(votes) + " }");
  };
  Given().When(seen("THRESHOLD_REACHED", 100)).ThenAccepted();
  Given()
      .When(seen("THRESHOLD_REACHED", 99))
      .ThenRefused("INITIATIVE_VOTES", "initiative_status_observed.votes");
  Given().When(seen("ENDED", 99)).ThenAccepted();
  Given()
      .When(seen("ENDED", 100))
      .ThenRefused("INITIATIVE_VOTES", "initiative_status_observed.votes");
  Given().When(seen("PUBLISHED", 150)).ThenAccepted();
}

TEST(CheckRaised, LeavesTheIdsOfDerivedChecksAlone) {
  Given()
      .When("check_raised { check: 'C3/stod' text: 't' }")
      .ThenRefused("CHECK_ID_RESERVED", "check_raised.check");
  Given().When("check_raised { check: 'stickprov' text: 't' }").ThenAccepted();
}

TEST(Replacement, HasNoIdAndIsAFact) {
  const std::string correction =
      "event_corrected { target: '" + Uuid(7) +
      "' reason_code: 'skrivfel' reason: 'r' replacement { ";
  Given()
      .When(correction + "id: '" + Uuid(300) +
            "' goal_set { goal: 'g-1' text: 't' } } }")
      .ThenRefused("REPLACEMENT_HAS_ID", "event_corrected.replacement.id");
  Given()
      .When(correction + "event_reversed { target: '" + Uuid(7) +
            "' reason_code: 'c' reason: 'r' } } }")
      .ThenRefused("CORRECTION_NESTED", "event_corrected.replacement");
  Given()
      .When(correction + "process: 'q' goal_set { goal: 'g-1' text: 't' } } }")
      .ThenRefused("PROCESS_DIFFERS", "event_corrected.replacement.process");
  Given()
      .When(correction + "goal_set { goal: 'g-1' text: 't' } } }")
      .ThenAccepted();
}

TEST(PhaseEntered, IsDecidedOrClaimed) {
  Given()
      .When("phase_entered { phase: 1 name: 'Etablering' }")
      .ThenRefused("PHASE_DECISION_MISSING", "phase_entered.decision");
  Given()
      .When("phase_entered { phase: 1 name: 'Etablering' decision: 'd-1' }")
      .ThenAccepted();
  Given()
      .When("phase_entered { phase: 1 name: 'Etablering' claimed_only: true }")
      .ThenAccepted();
}

TEST(AmountStated, CountsNoPartTwice) {
  const std::string sum =
      "amount { ore: 100 currency: 'SEK' precision: PRECISION_EXACT } ";
  const std::string total =
      "amount_stated { statement: 's' kind: STATED_KIND_TOTAL " + sum;
  Given()
      .When(total +
            "total_of { statement: 'm-3' } total_of { statement: 'm-3' "
            "} }")
      .ThenRefused("LIST_REPEATS", "amount_stated.total_of[1].statement");
  Given()
      .When(total + "total_of { grant: 'stod' } total_of { grant: 'stod' } }")
      .ThenRefused("LIST_REPEATS", "amount_stated.total_of[1].grant");
  Given()
      .When(total +
            "total_of { grant: 'stod' } total_of { statement: 'm-3' } "
            "total_of { label: 'x' } total_of { label: 'x' } }")
      .ThenAccepted();
}

TEST(ReportGenerated, RestsOnAnInstantOfTheCalendar) {
  const std::string report =
      "report_generated { report: 'r' as_of_position: 1 as_of_recorded_at_us: ";
  Given().When(report + "0 }").ThenAccepted();
  Given().When(report + "1769947200000000 }").ThenAccepted();
  for (const char* instant : {"-1", "7289654400000001"}) {
    Given()
        .When(report + instant + " }")
        .ThenRefused("NUMBER_OUT_OF_RANGE",
                     "report_generated.as_of_recorded_at_us");
  }
}

TEST(Batch, HasEachSourceOnce) {
  const auto from = [](const std::string& system, const std::string& ref,
                       const std::string& goal, const std::string& id) {
    Event event = EventOf("source { kind: SOURCE_KIND_IMPORTED system: '" +
                          system + "' ref: '" + ref + "' } goal_set { goal: '" +
                          goal + "' text: 't' }");
    event.set_id(id);
    return event;
  };
  const Event first = from("s", "1", "g-2", Uuid(201));
  Given()
      .WhenAll({first, from("s", "1", "g-3", Uuid(202))})
      .ThenRefused("SOURCE_REPEATED", "source.ref");
  Given().WhenAll({first, from("s", "2", "g-3", Uuid(202))}).ThenAccepted();
  Given().WhenAll({first, from("t", "1", "g-3", Uuid(202))}).ThenAccepted();
  // Nobody who gave no id is asked for another.
  Given given;
  const auto verdict =
      Verdict(given.recorder().Validate(
                  {from("s", "1", "g-2", ""), from("s", "1", "g-3", "")}),
              "two of one source");
  verdict.ThenRefused("SOURCE_REPEATED", "source.ref");
  // Events are counted from 1, as lines are.
  const auto& values = verdict.violations()[0].violation.values;
  EXPECT_THAT(values, Contains(Pair("other", "1")));
}

// The event that gave rise to this one: any of the register, or one before it
// in its batch.
TEST(Causation, IsAnEventOfTheRegister) {
  const auto caused = [](const std::string& id, const std::string& goal) {
    Event event = EventOf("goal_set { goal: '" + goal + "' text: 't' }");
    event.set_causation_id(id);
    return event;
  };
  const auto with_id = [](uint64_t n, Event event) {
    event.set_id(Uuid(n));
    return event;
  };
  Given given;
  given.When(caused("x", "g-2")).ThenRefused("UUID_INVALID", "causation_id");
  given.When(caused(Uuid(999), "g-2"))
      .ThenRefused("EVENT_UNKNOWN", "causation_id");
  given.When(caused(Uuid(3), "g-2")).ThenAccepted();
  Event first = with_id(301, caused("", "g-2"));
  Event second = with_id(302, caused(Uuid(301), "g-3"));
  given.WhenAll({first, second}).ThenAccepted();
  given.WhenAll({second, first}).ThenRefused("EVENT_UNKNOWN", "causation_id");
  // Not itself.
  given.When(with_id(303, caused(Uuid(303), "g-2")))
      .ThenRefused("EVENT_UNKNOWN", "causation_id");
  // Another process may have given rise to it.
  Event other = EventOf("process_registered { name: 'Annan' }");
  other.set_process("q");
  other.set_id(Uuid(304));
  ASSERT_TRUE(RecordNow(given.recorder(), {other}).status.ok());
  given.When(caused(Uuid(304), "g-2")).ThenAccepted();
  // Corrections and what they put in place.
  Event correction = EventOf(
      "event_corrected { reason_code: 'c' reason: 'r' replacement { goal_set { "
      "goal: 'g-1' text: 't' } } }");
  correction.mutable_event_corrected()->set_target(Uuid(7));
  given.When(correction).ThenAccepted();
  Event of_nothing = correction;
  of_nothing.set_causation_id(Uuid(999));
  given.When(of_nothing).ThenRefused("EVENT_UNKNOWN", "causation_id");
  of_nothing = correction;
  Event& replacement =
      *of_nothing.mutable_event_corrected()->mutable_replacement();
  replacement.set_causation_id(Uuid(999));
  given.When(of_nothing)
      .ThenRefused("EVENT_UNKNOWN", "event_corrected.replacement.causation_id");
  replacement.set_causation_id(Uuid(3));
  given.When(of_nothing).ThenAccepted();
}

TEST(Text, HasNoMarksThatTurnTheWriting) {
  const auto goal = [](const std::string& text) {
    Event event = EventOf("goal_set { goal: 'g-2' }");
    event.mutable_goal_set()->set_text(text);
    return event;
  };
  for (const char* mark : {"\u200E", "\u200F", "\u061C", "\u202E", "\u2066"}) {
    Given()
        .When(goal(std::string("a") + mark + "b"))
        .ThenRefused("TEXT_HAS_CONTROL_CHARACTER", "goal_set.text");
  }
  // Joiners are letters' business, a soft hyphen that of typesetting.
  for (const char* mark : {"\u200D", "\u200C", "\u00AD", "\u2060"}) {
    Given().When(goal(std::string("a") + mark + "b")).ThenAccepted();
  }
  // What shows nothing is no text.
  for (const char* nothing :
       {"\u00A0", "\u2003 \u3000", "\u00AD", "\u200D\uFEFF", " \u2060"}) {
    Given().When(goal(nothing)).ThenRefused("FIELD_MISSING", "goal_set.text");
  }
}

TEST(Title, MayHaveADayAndATime) {
  Event attached = EventOf(
      "document_attached { document: 'd' title: 'Protokoll "
      "20250917-1837.pdf' }");
  attached.mutable_document_attached()->set_sha256(std::string(32, 'h'));
  Given().When(attached).ThenAccepted();
  Given()
      .When("goal_set { goal: 'g-2' text: 'Protokoll 20250917-1837.pdf' }")
      .ThenRefused("TEXT_HAS_IDENTITY_NUMBER", "goal_set.text");
}

TEST(Violation, ShowsNoMoreOfAValueThanItsBeginning) {
  const std::string longest(20'000, 'x');
  Event repeated = EventOf("interest_registered { area: 'a' }");
  repeated.mutable_interest_registered()->add_parties(longest);
  repeated.mutable_interest_registered()->add_parties(longest);
  Event correction = EventOf(
      "event_corrected { reason_code: 'c' reason: 'r' replacement { goal_set { "
      "goal: 'g-1' text: 't' } } }");
  correction.mutable_event_corrected()->set_target(Uuid(7));
  Event& replacement =
      *correction.mutable_event_corrected()->mutable_replacement();
  replacement.set_id(longest);
  replacement.set_process(longest);
  Event source = EventOf("goal_set { goal: 'g-2' text: 't' }");
  source.mutable_source()->set_ref(longest);
  Event itself = EventOf("finding_merged {}");
  itself.mutable_finding_merged()->set_finding(longest);
  itself.mutable_finding_merged()->set_into(longest);
  Event own = EventOf("goal_set { goal: 'g-2' text: 't' }");
  own.set_id(longest);
  Event other = EventOf("goal_set { goal: 'g-2' text: 't' }");
  other.set_process(longest);
  for (const Event& event : {repeated, correction, source, itself, own}) {
    const auto verdict = Given().When(event);
    ASSERT_FALSE(verdict.violations().empty());
    for (const auto& violation : verdict.violations()) {
      EXPECT_LE(violation.event_id.size(), 100u);
      for (const auto& [name, value] : violation.violation.values) {
        EXPECT_LE(value.size(), 100u) << name;
      }
    }
  }
  const auto verdict = Given().WhenAll({source, other});
  for (const auto& violation : verdict.violations()) {
    for (const auto& [name, value] : violation.violation.values) {
      EXPECT_LE(value.size(), 100u) << name;
    }
  }
}

}  // namespace
}  // namespace samverk::testing
