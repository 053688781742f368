// What the fields of one event say together.
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "services/recording/structure.h"
#include "services/recording/text_screening.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using google::protobuf::Message;

// More than any process will ever count: a hundred million hours or pieces, a
// million kronor for each. Their product fits into 64 bits.
constexpr int64_t kLargestHundredths = 10'000'000'000;
constexpr int64_t kLargestRateOre = 100'000'000;
// The end of the years that times may lie in, 2200.
constexpr int64_t kLastInstantUs = 7'289'654'400'000'000;
// Votes that bring an initiative to the committee.
constexpr uint32_t kVotesForCommittee = 100;

// Adds violations of one fact's fields.
class FactCheck {
 public:
  FactCheck(const Message& fact, ViolationList& violations)
      : fact_(fact), violations_(violations) {}

  void Add(Rule rule, std::string_view field,
           std::vector<RuleValue> values = {}) {
    violations_.Add(rule, fact_.GetDescriptor(), field, std::move(values));
  }

  void Range(std::string_view field, int64_t value, int64_t least,
             int64_t most) {
    if (value >= least && value <= most) return;
    Add(Rule::kNumberOutOfRange, field,
        {{"value", absl::StrCat(value)},
         {"least", absl::StrCat(least)},
         {"most", absl::StrCat(most)}});
  }

  // `other` must not be what the fact is about.
  void NotItself(std::string_view field, const std::string& own,
                 const std::string& other) {
    if (other.empty() || other != own) return;
    Add(Rule::kRefersToItself, field, {{"id", ShownValue(own)}});
  }

  // A point or an area.
  template <typename Points>
  void Outline(std::string_view field, const Points& points,
               bool may_be_point) {
    const int size = points.size();
    const bool closed =
        size > 1 && points[0].latitude_e7() == points[size - 1].latitude_e7() &&
        points[0].longitude_e7() == points[size - 1].longitude_e7();
    const bool few = size == 2 || (size == 1 && !may_be_point);
    if (!few && !closed) return;
    Add(Rule::kOutlineInvalid, field, {{"points", absl::StrCat(size)}});
  }

 private:
  const Message& fact_;
  ViolationList& violations_;
};

// "556677-8899", with its check digit, of anything but a person.
bool IsOrganisationNumber(std::string_view text) {
  if (text.size() != 11 || text[6] != '-') return false;
  std::string digits(text.substr(0, 6));
  digits.append(text.substr(7));
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
  }
  return digits[2] >= '2' && HasLuhnCheckDigit(digits);
}

void CheckEnvelope(const Event& event, ViolationList& violations) {
  if (event.visibility() == event::v1::VISIBILITY_SECRET &&
      event.secrecy_ground().empty()) {
    violations.Add(Rule::kSecrecyGroundMissing, Event::descriptor(),
                   "secrecy_ground");
  }
}

void CheckPhase(const event::v1::PhaseEntered& fact, FactCheck check) {
  check.Range("phase", fact.phase(), 0, 9);
  if (!fact.decision().empty() || fact.claimed_only()) return;
  check.Add(Rule::kPhaseDecisionMissing, "decision",
            {{"name", ShownValue(fact.name())}});
}

void CheckActor(const event::v1::ActorRegistered& fact, FactCheck check) {
  check.NotItself("part_of", fact.actor(), fact.part_of());
  if (!fact.organisation_number().empty() &&
      !IsOrganisationNumber(fact.organisation_number())) {
    check.Add(Rule::kOrganisationNumberInvalid, "organisation_number",
              {{"masked", MaskDigits(fact.organisation_number())}});
  }
}

void CheckCost(const event::v1::CostBooked& fact, FactCheck check) {
  const auto precision = fact.amount().precision();
  if (precision != event::v1::PRECISION_EXACT &&
      precision != event::v1::PRECISION_UNSPECIFIED) {
    check.Add(Rule::kAmountNotExact, "amount");
  }
}

void CheckInKind(const event::v1::InKindRecorded& fact, FactCheck check) {
  check.Range("quantity_hundredths", fact.quantity_hundredths(), 0,
              kLargestHundredths);
  check.Range("rate_ore", fact.rate_ore(), 0, kLargestRateOre);
  const int64_t quantity = fact.quantity_hundredths();
  const int64_t rate = fact.rate_ore();
  if (quantity <= 0) return;
  if (fact.unit().empty()) {
    check.Add(Rule::kUnitMissing, "unit",
              {{"quantity_hundredths", absl::StrCat(quantity)}});
  }
  if (rate <= 0 || quantity > kLargestHundredths || rate > kLargestRateOre) {
    return;
  }
  const int64_t product = (quantity * rate + 50) / 100;
  if (product == fact.value().ore()) return;
  check.Add(Rule::kInKindProduct, "value",
            {{"quantity_hundredths", absl::StrCat(fact.quantity_hundredths())},
             {"rate_ore", absl::StrCat(fact.rate_ore())},
             {"product_ore", absl::StrCat(product)},
             {"value_ore", absl::StrCat(fact.value().ore())}});
}

void CheckReview(const event::v1::InKindReviewed& fact, FactCheck check) {
  const bool partly =
      fact.verdict() == event::v1::IN_KIND_VERDICT_PARTLY_REJECTED;
  const bool rejected = fact.verdict() == event::v1::IN_KIND_VERDICT_REJECTED;
  if ((partly || rejected) && fact.reason().empty()) {
    check.Add(Rule::kReviewReasonMissing, "reason");
  }
  if (partly && !fact.has_accepted_value()) {
    check.Add(Rule::kAcceptedValueMissing, "accepted_value");
  }
  if (!partly && fact.has_accepted_value()) {
    check.Add(Rule::kAcceptedValueUnexpected, "accepted_value",
              {{"amount_ore", absl::StrCat(fact.accepted_value().ore())}});
  }
}

// No part is the total itself, and none counts twice.
void CheckParts(const event::v1::AmountStated& fact,
                ViolationList& violations) {
  std::set<std::string> statements;
  std::set<std::string> grants;
  for (int i = 0; i < fact.total_of_size(); ++i) {
    const event::v1::StatedPart& part = fact.total_of(i);
    violations.path().Push(fact.GetDescriptor()->FindFieldByName("total_of"),
                           i);
    FactCheck check(part, violations);
    check.NotItself("statement", fact.statement(), part.statement());
    const auto once = [&](std::string_view field, const std::string& id,
                          std::set<std::string>& seen) {
      if (id.empty() || seen.insert(id).second) return;
      check.Add(Rule::kListRepeats, field, {{"value", ShownValue(id)}});
    };
    once("statement", part.statement(), statements);
    once("grant", part.grant(), grants);
    violations.path().Pop();
  }
}

void CheckStatement(const event::v1::AmountStated& fact, FactCheck check,
                    ViolationList& violations) {
  if (fact.kind() == event::v1::STATED_KIND_GRANT_USED &&
      fact.grant().empty()) {
    check.Add(Rule::kStatedGrantMissing, "grant");
  }
  if (fact.kind() == event::v1::STATED_KIND_IN_KIND &&
      fact.contributor().empty()) {
    check.Add(Rule::kStatedContributorMissing, "contributor");
  }
  CheckParts(fact, violations);
}

void CheckInitiative(const event::v1::InitiativeStatusObserved& fact,
                     FactCheck check) {
  if (!fact.has_votes()) return;
  const bool enough = fact.votes() >= kVotesForCommittee;
  const bool reached =
      fact.status() == event::v1::INITIATIVE_STATUS_THRESHOLD_REACHED;
  const bool ended = fact.status() == event::v1::INITIATIVE_STATUS_ENDED;
  if ((!reached || enough) && (!ended || !enough)) return;
  check.Add(Rule::kInitiativeVotes, "votes",
            {{"votes", absl::StrCat(fact.votes())},
             {"status", reached ? "THRESHOLD_REACHED" : "ENDED"}});
}

void CheckShift(const event::v1::OutcomeClaimed& fact, FactCheck check) {
  if (fact.kind() != event::v1::OUTCOME_KIND_SHIFT) return;
  if (fact.from().empty()) {
    check.Add(Rule::kShiftIncomplete, "from");
  }
  if (fact.to().empty()) {
    check.Add(Rule::kShiftIncomplete, "to");
  }
}

void CheckSurvey(const event::v1::SurveyConducted& fact, FactCheck check) {
  if (!fact.has_asked() || !fact.has_answers()) return;
  if (fact.answers() <= fact.asked()) return;
  check.Add(Rule::kSurveyAnswers, "answers",
            {{"answers", absl::StrCat(fact.answers())},
             {"asked", absl::StrCat(fact.asked())}});
}

void CheckDisclosed(const event::v1::Disclosed& fact, FactCheck check) {
  const bool withheld = fact.refused() || fact.masked_fields_size() > 0;
  if (withheld && fact.legal_ground().empty()) {
    check.Add(Rule::kDisclosureGroundMissing, "legal_ground");
  }
}

// The checks of one arm; the path leads to it.
void CheckArm(const Event& event, ViolationList& violations) {
  const auto check = [&violations](const Message& fact) {
    return FactCheck(fact, violations);
  };
  switch (event.fact_case()) {
    case Event::kProcessRegistered:
      return check(event.process_registered())
          .Outline("boundary", event.process_registered().boundary(), false);
    case Event::kPhaseEntered:
      return CheckPhase(event.phase_entered(), check(event.phase_entered()));
    case Event::kActorRegistered:
      return CheckActor(event.actor_registered(),
                        check(event.actor_registered()));
    case Event::kBudgetReallocated:
      return check(event.budget_reallocated())
          .NotItself("to_line", event.budget_reallocated().from_line(),
                     event.budget_reallocated().to_line());
    case Event::kCostBooked:
      return CheckCost(event.cost_booked(), check(event.cost_booked()));
    case Event::kInKindRecorded:
      return CheckInKind(event.in_kind_recorded(),
                         check(event.in_kind_recorded()));
    case Event::kInKindReviewed:
      return CheckReview(event.in_kind_reviewed(),
                         check(event.in_kind_reviewed()));
    case Event::kVolunteerTimeReported:
      return check(event.volunteer_time_reported())
          .Range("hours_hundredths",
                 event.volunteer_time_reported().hours_hundredths(), 1,
                 kLargestHundredths);
    case Event::kAmountStated:
      return CheckStatement(event.amount_stated(), check(event.amount_stated()),
                            violations);
    case Event::kCarryOverApproved:
      return check(event.carry_over_approved())
          .NotItself("against_grant", event.carry_over_approved().grant(),
                     event.carry_over_approved().against_grant());
    case Event::kPlaceDefined:
      return check(event.place_defined())
          .Outline("outline", event.place_defined().outline(), true);
    case Event::kSafetyWalkHeld:
      return check(event.safety_walk_held())
          .NotItself("follows_up", event.safety_walk_held().held().activity(),
                     event.safety_walk_held().follows_up());
    case Event::kSurveyConducted:
      return CheckSurvey(event.survey_conducted(),
                         check(event.survey_conducted()));
    case Event::kFindingLogged:
      return check(event.finding_logged())
          .NotItself("similar_to", event.finding_logged().finding(),
                     event.finding_logged().similar_to());
    case Event::kFindingMerged:
      return check(event.finding_merged())
          .NotItself("into", event.finding_merged().finding(),
                     event.finding_merged().into());
    case Event::kMeasureDecided:
      if (event.measure_decided().decision().empty() &&
          event.measure_decided().body().empty()) {
        check(event.measure_decided()).Add(Rule::kDecidingBodyMissing, "body");
      }
      return;
    case Event::kInitiativeStatusObserved:
      return CheckInitiative(event.initiative_status_observed(),
                             check(event.initiative_status_observed()));
    case Event::kOutcomeClaimed:
      return CheckShift(event.outcome_claimed(),
                        check(event.outcome_claimed()));
    case Event::kReportGenerated:
      return check(event.report_generated())
          .Range("as_of_recorded_at_us",
                 event.report_generated().as_of_recorded_at_us(), 0,
                 kLastInstantUs);
    case Event::kReportSubmitted:
      return check(event.report_submitted())
          .NotItself("corrects_report", event.report_submitted().report(),
                     event.report_submitted().corrects_report());
    case Event::kCheckRaised:
      if (IsDerivedCheckId(event.check_raised().check())) {
        check(event.check_raised())
            .Add(Rule::kCheckIdReserved, "check",
                 {{"value", event.check_raised().check()}});
      }
      return;
    case Event::kDisclosed:
      return CheckDisclosed(event.disclosed(), check(event.disclosed()));

    // Nothing beyond what each field says by itself.
    case Event::kInterestRegistered:
    case Event::kProcessApproved:
    case Event::kGoalSet:
    case Event::kIndicatorDefined:
    case Event::kDecisionRecorded:
    case Event::kProcessClosed:
    case Event::kActorRenamed:
    case Event::kRoleAssigned:
    case Event::kRoleEnded:
    case Event::kGrantAppliedFor:
    case Event::kGrantAwarded:
    case Event::kGrantDisbursed:
    case Event::kBudgetLineSet:
    case Event::kCostReversed:
    case Event::kCostAttested:
    case Event::kInKindAttested:
    case Event::kGrantSettled:
    case Event::kGrantRepaid:
    case Event::kGrantReclaimed:
    case Event::kControlChanged:
    case Event::kActivityScheduled:
    case Event::kActivityRescheduled:
    case Event::kActivityCancelled:
    case Event::kMeetingHeld:
    case Event::kDialogueHeld:
    case Event::kWorkshopHeld:
    case Event::kCommunityEventHeld:
    case Event::kDialogueContributionRecorded:
    case Event::kFindingAssigned:
    case Event::kFindingDeclined:
    case Event::kFindingReopened:
    case Event::kFindingClosed:
    case Event::kMeasureProposed:
    case Event::kMeasurePlanned:
    case Event::kMeasureStarted:
    case Event::kMeasureImplemented:
    case Event::kMeasureEvaluated:
    case Event::kMeasureClosed:
    case Event::kMeasureAbandoned:
    case Event::kStudyStarted:
    case Event::kPreliminaryInsightRecorded:
    case Event::kStudyPublished:
    case Event::kInitiativeLinked:
    case Event::kSituationPictureShared:
    case Event::kOutcomeSubstantiated:
    case Event::kLessonRecorded:
    case Event::kDocumentAttached:
    case Event::kDocumentMissingNoted:
    case Event::kReportReturned:
    case Event::kReportApproved:
    case Event::kCheckExplained:
    case Event::kCheckResolved:
    case Event::kEventCorrected:
    case Event::kEventReversed:
    case Event::kEventVoided:
    case Event::kDisclosureRequested:
    case Event::kGallringDecided:
    case Event::kKeyDestroyed:
    case Event::kPackageDelivered:
    case Event::kRetentionPlanChanged:
    case Event::kRightsGranted:
    case Event::kRightsWithdrawn:
    case Event::kSealedDataRead:
    case Event::kSecretDataRead:
      return;
    case Event::FACT_NOT_SET:
      break;
  }
  SAMVERK_CHECK(false) << "an event without a fact";
}

}  // namespace

void CheckFact(const Event& event, ViolationList& violations) {
  CheckEnvelope(event, violations);
  violations.path().Push(
      Event::descriptor()->FindFieldByNumber(event.fact_case()));
  CheckArm(event, violations);
  violations.path().Pop();
}

}  // namespace samverk::recording
