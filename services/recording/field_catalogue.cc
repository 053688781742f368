#include "services/recording/field_catalogue.h"

namespace samverk::recording {
namespace {

using enum EntityKind;

constexpr FieldRule Required(std::string_view field) {
  return {.field = field, .required = true};
}
constexpr FieldRule Short(std::string_view field, size_t max_bytes) {
  return {.field = field, .max_bytes = max_bytes};
}
constexpr FieldRule Reference(std::string_view field, bool required = false) {
  return {.field = field,
          .required = required,
          .content = FieldContent::kReference,
          .max_bytes = limits::kMetadataBytes};
}
constexpr FieldRule Of(std::string_view field, FieldContent content,
                       bool required = false) {
  return {.field = field, .required = required, .content = content};
}
constexpr FieldRule Choice(std::string_view field, std::string_view choices) {
  return {.field = field, .content = FieldContent::kChoice, .choices = choices};
}
constexpr FieldRule Id(std::string_view field, EntityKind entity,
                       Relation relation, bool required) {
  return {.field = field,
          .required = required,
          .content = FieldContent::kId,
          .entity = entity,
          .relation = relation,
          .max_bytes = kEntityIdBytes};
}
constexpr FieldRule Creates(std::string_view field, EntityKind entity) {
  return Id(field, entity, Relation::kCreates, true);
}
constexpr FieldRule Makes(std::string_view field, EntityKind entity) {
  return Id(field, entity, Relation::kMakes, true);
}
constexpr FieldRule About(std::string_view field, EntityKind entity) {
  return Id(field, entity, Relation::kAbout, true);
}
constexpr FieldRule Refers(std::string_view field, EntityKind entity) {
  return Id(field, entity, Relation::kRefers, false);
}
constexpr FieldRule MustRefer(std::string_view field, EntityKind entity) {
  return Id(field, entity, Relation::kRefers, true);
}
constexpr FieldRule NotNegative(std::string_view field) {
  return {.field = field, .required = true, .sign = MoneySign::kNotNegative};
}
constexpr FieldRule Positive(std::string_view field) {
  return {.field = field, .required = true, .sign = MoneySign::kPositive};
}
constexpr FieldRule ACheck(std::string_view field, Relation relation) {
  FieldRule rule = Id(field, kCheck, relation, true);
  rule.content = FieldContent::kCheckId;
  rule.max_bytes = kCheckIdBytes;
  return rule;
}

constexpr FieldRule kRules[] = {
    // Envelope and values.
    Of("Event.id", FieldContent::kEventId),
    {.field = "Event.process",
     .required = true,
     .content = FieldContent::kId,
     .entity = kProcess,
     .relation = Relation::kNone,
     .max_bytes = kProcessIdBytes},
    Required("Event.recorded_by"),
    Refers("Event.on_behalf_of", kActor),
    Refers("Event.information_owner", kActor),
    Of("Event.language", FieldContent::kLanguage),
    // A name that is not in the register becomes the check "C12/<name>".
    Short("Event.mentioned_actors", kCheckIdBytes - 4),
    Reference("Event.correlation_id"),
    Of("Event.causation_id", FieldContent::kEventId),
    Id("Recorder.organisation", kNone, Relation::kNone, true),
    Short("Recorder.role", 64),
    Short("Recorder.subject", 64),
    Reference("Source.system"),
    Reference("Source.ref"),
    Of("Source.locator", FieldContent::kTitle),
    Id("Source.document", kDocument, Relation::kMentions, false),
    Id("Evidence.document", kDocument, Relation::kNone, false),
    Of("Evidence.sha256", FieldContent::kHash),
    Of("Evidence.title", FieldContent::kTitle),
    Of("Evidence.locator", FieldContent::kTitle),
    Of("Evidence.media_type", FieldContent::kMediaType),
    Reference("Evidence.registry_number"),
    Reference("Inference.field", true),
    Of("Occurred.edtf", FieldContent::kTime),
    Of("Money.currency", FieldContent::kCurrency, true),
    Required("Money.precision"),
    {.field = "CategoryCount.category", .required = true, .max_bytes = 64},
    MustRefer("Participation.actor", kActor),
    Refers("Where.place", kPlace),
    Refers("Where.controlled_by", kActor),

    // Process.
    Required("ProcessRegistered.name"),
    Refers("InterestRegistered.parties", kActor),
    Required("ProcessApproved.body"),
    Reference("ProcessApproved.registry_number"),
    Required("PhaseEntered.name"),
    Refers("PhaseEntered.decision", kDecision),
    Creates("GoalSet.goal", kGoal),
    Required("GoalSet.text"),
    Creates("IndicatorDefined.indicator", kIndicator),
    Refers("IndicatorDefined.goal", kGoal),
    Required("IndicatorDefined.name"),
    Creates("DecisionRecorded.decision", kDecision),
    Required("DecisionRecorded.body"),
    Reference("DecisionRecorded.registry_number"),
    Required("DecisionRecorded.text"),
    Of("DecisionRecorded.about_events", FieldContent::kEventId),
    Refers("ProcessClosed.decision", kDecision),

    // Actors.
    Creates("ActorRegistered.actor", kActor),
    Required("ActorRegistered.name"),
    Required("ActorRegistered.kind"),
    Reference("ActorRegistered.organisation_number"),
    Refers("ActorRegistered.part_of", kActor),
    About("ActorRenamed.actor", kActor),
    Required("ActorRenamed.name"),
    About("RoleAssigned.actor", kActor),
    About("RoleEnded.actor", kActor),

    // Money.
    Creates("GrantAppliedFor.grant", kGrant),
    MustRefer("GrantAppliedFor.funder", kActor),
    NotNegative("GrantAppliedFor.amount"),
    Creates("GrantAwarded.grant", kGrant),
    MustRefer("GrantAwarded.funder", kActor),
    Positive("GrantAwarded.amount"),
    Reference("GrantAwarded.registry_number"),
    Refers("GrantAwarded.recipient", kActor),
    About("GrantDisbursed.grant", kGrant),
    Creates("GrantDisbursed.payment", kPayment),
    Positive("GrantDisbursed.amount"),
    Reference("GrantDisbursed.payment_reference"),
    Makes("BudgetLineSet.line", kBudgetLine),
    Required("BudgetLineSet.name"),
    Refers("BudgetLineSet.grant", kGrant),
    NotNegative("BudgetLineSet.amount"),
    About("BudgetReallocated.from_line", kBudgetLine),
    MustRefer("BudgetReallocated.to_line", kBudgetLine),
    Positive("BudgetReallocated.amount"),
    Creates("CostBooked.cost", kCost),
    Reference("CostBooked.voucher_series"),
    Reference("CostBooked.voucher_number"),
    Reference("CostBooked.account"),
    Refers("CostBooked.grant", kGrant),
    Refers("CostBooked.budget_line", kBudgetLine),
    Positive("CostBooked.amount"),
    Required("CostBooked.text"),
    Refers("CostBooked.booked_by", kActor),
    Refers("CostBooked.activity", kActivity),
    Refers("CostBooked.measure", kMeasure),
    About("CostReversed.cost", kCost),
    Reference("CostReversed.voucher_series"),
    Reference("CostReversed.voucher_number", true),
    Required("CostReversed.reason"),
    About("CostAttested.cost", kCost),
    Required("CostAttested.attester"),
    Creates("InKindRecorded.in_kind", kInKind),
    Required("InKindRecorded.kind"),
    MustRefer("InKindRecorded.contributor", kActor),
    Choice("InKindRecorded.unit", "h m2h st"),
    NotNegative("InKindRecorded.value"),
    Refers("InKindRecorded.activity", kActivity),
    Refers("InKindRecorded.part_of_statement", kStatement),
    Refers("InKindRecorded.same_as_costs", kCost),
    About("InKindAttested.in_kind", kInKind),
    Required("InKindAttested.attester"),
    About("InKindReviewed.in_kind", kInKind),
    Required("InKindReviewed.verdict"),
    Required("InKindReviewed.reviewer"),
    Creates("VolunteerTimeReported.report", kVolunteerTime),
    MustRefer("VolunteerTimeReported.association", kActor),
    Refers("VolunteerTimeReported.activity", kActivity),
    Creates("AmountStated.statement", kStatement),
    Required("AmountStated.kind"),
    NotNegative("AmountStated.amount"),
    Refers("AmountStated.grant", kGrant),
    Refers("AmountStated.contributor", kActor),
    Refers("AmountStated.budget_line", kBudgetLine),
    Refers("StatedPart.statement", kStatement),
    Refers("StatedPart.grant", kGrant),
    About("GrantSettled.grant", kGrant),
    NotNegative("GrantSettled.used"),
    NotNegative("GrantSettled.remainder"),
    Refers("GrantSettled.decision", kDecision),
    About("GrantRepaid.grant", kGrant),
    Creates("GrantRepaid.payment", kPayment),
    Positive("GrantRepaid.amount"),
    Reference("GrantRepaid.payment_reference"),
    About("CarryOverApproved.grant", kGrant),
    Positive("CarryOverApproved.amount"),
    Refers("CarryOverApproved.against_grant", kGrant),
    Refers("CarryOverApproved.decision", kDecision),
    About("GrantReclaimed.grant", kGrant),
    Positive("GrantReclaimed.amount"),
    Required("GrantReclaimed.reason"),
    Refers("GrantReclaimed.decision", kDecision),

    // Places.
    Creates("PlaceDefined.place", kPlace),
    Required("PlaceDefined.name"),
    Refers("PlaceDefined.controlled_by", kActor),
    About("ControlChanged.place", kPlace),
    MustRefer("ControlChanged.controlled_by", kActor),

    // Activities.
    Creates("ActivityScheduled.activity", kActivity),
    Required("ActivityScheduled.kind"),
    Required("ActivityScheduled.title"),
    Required("ActivityScheduled.planned"),
    Refers("ActivityScheduled.organiser", kActor),
    Refers("ActivityScheduled.invited", kActor),
    About("ActivityRescheduled.activity", kActivity),
    Required("ActivityRescheduled.planned"),
    About("ActivityCancelled.activity", kActivity),
    Required("ActivityCancelled.reason"),
    Makes("Held.activity", kActivity),
    Refers("Held.organiser", kActor),
    Refers("Held.notes_document", kDocument),
    Required("MeetingHeld.held"),
    Required("SafetyWalkHeld.held"),
    Refers("SafetyWalkHeld.follows_up", kActivity),
    Required("DialogueHeld.held"),
    Required("WorkshopHeld.held"),
    Required("CommunityEventHeld.held"),
    Required("SurveyConducted.held"),
    Refers("SurveyConducted.questions_document", kDocument),
    Creates("DialogueContributionRecorded.contribution", kContribution),
    MustRefer("DialogueContributionRecorded.activity", kActivity),
    Required("DialogueContributionRecorded.paraphrase"),

    // Findings.
    Creates("FindingLogged.finding", kFinding),
    Required("FindingLogged.polarity"),
    Required("FindingLogged.description"),
    Refers("FindingLogged.activities", kActivity),
    Refers("FindingLogged.similar_to", kFinding),
    About("FindingAssigned.finding", kFinding),
    MustRefer("FindingAssigned.assignee", kActor),
    About("FindingDeclined.finding", kFinding),
    Required("FindingDeclined.reason"),
    Required("FindingDeclined.motivation"),
    About("FindingMerged.finding", kFinding),
    MustRefer("FindingMerged.into", kFinding),
    About("FindingReopened.finding", kFinding),
    Required("FindingReopened.reason"),
    About("FindingClosed.finding", kFinding),

    // Measures.
    Creates("MeasureProposed.measure", kMeasure),
    Required("MeasureProposed.title"),
    Refers("MeasureProposed.findings", kFinding),
    Refers("MeasureProposed.owner", kActor),
    About("MeasureDecided.measure", kMeasure),
    Refers("MeasureDecided.decision", kDecision),
    About("MeasurePlanned.measure", kMeasure),
    Refers("MeasurePlanned.owner", kActor),
    About("MeasureStarted.measure", kMeasure),
    About("MeasureImplemented.measure", kMeasure),
    About("MeasureEvaluated.measure", kMeasure),
    Required("MeasureEvaluated.observation"),
    Required("MeasureEvaluated.effect"),
    Refers("MeasureEvaluated.follow_up_activity", kActivity),
    About("MeasureClosed.measure", kMeasure),
    About("MeasureAbandoned.measure", kMeasure),
    Required("MeasureAbandoned.reason"),

    // Studies, initiatives, outcomes, lessons.
    Creates("StudyStarted.study", kStudy),
    Required("StudyStarted.title"),
    Refers("StudyStarted.owner", kActor),
    About("PreliminaryInsightRecorded.study", kStudy),
    Creates("PreliminaryInsightRecorded.insight", kInsight),
    Required("PreliminaryInsightRecorded.text"),
    About("StudyPublished.study", kStudy),
    Refers("StudyPublished.document", kDocument),
    Creates("InitiativeLinked.initiative", kInitiative),
    Required("InitiativeLinked.title"),
    {.field = "InitiativeLinked.url",
     .content = FieldContent::kReference,
     .max_bytes = 2048},
    Refers("InitiativeLinked.submitted_by", kActor),
    About("InitiativeStatusObserved.initiative", kInitiative),
    Required("InitiativeStatusObserved.status"),
    Creates("SituationPictureShared.picture", kPicture),
    MustRefer("SituationPictureShared.shared_by", kActor),
    Refers("SituationPictureShared.document", kDocument),
    Refers("SituationPictureShared.activity", kActivity),
    Creates("OutcomeClaimed.outcome", kOutcome),
    Required("OutcomeClaimed.kind"),
    Required("OutcomeClaimed.claim"),
    Refers("OutcomeClaimed.social_actors", kActor),
    Refers("OutcomeClaimed.activities", kActivity),
    Refers("OutcomeClaimed.measures", kMeasure),
    Refers("OutcomeClaimed.studies", kStudy),
    Refers("OutcomeClaimed.initiatives", kInitiative),
    Refers("OutcomeClaimed.indicators", kIndicator),
    About("OutcomeSubstantiated.outcome", kOutcome),
    MustRefer("OutcomeSubstantiated.substantiator", kActor),
    Required("OutcomeSubstantiated.agreement"),
    Creates("LessonRecorded.lesson", kLesson),
    Required("LessonRecorded.text"),
    Refers("LessonRecorded.agreed_by", kActor),
    Refers("LessonRecorded.activities", kActivity),
    Refers("LessonRecorded.measures", kMeasure),
    Refers("LessonRecorded.studies", kStudy),

    // Documents, reports, control.
    Creates("DocumentAttached.document", kDocument),
    Of("DocumentAttached.title", FieldContent::kTitle, true),
    Of("DocumentAttached.sha256", FieldContent::kHash, true),
    Of("DocumentAttached.media_type", FieldContent::kMediaType),
    Reference("DocumentAttached.registry_number"),
    Creates("DocumentMissingNoted.document", kDocument),
    Of("DocumentMissingNoted.referenced_as", FieldContent::kTitle, true),
    Makes("ReportGenerated.report", kReport),
    Of("ReportGenerated.period", FieldContent::kTime),
    Of("ReportGenerated.model_sha256", FieldContent::kHash),
    Of("ReportGenerated.tree_root", FieldContent::kHash),
    Choice("ReportGenerated.language", "sv en"),
    Choice("ReportFile.format", "md html json docx pdf xlsx"),
    Of("ReportFile.sha256", FieldContent::kHash),
    Makes("ReportSubmitted.report", kReport),
    MustRefer("ReportSubmitted.addressee", kActor),
    Reference("ReportSubmitted.registry_number"),
    Refers("ReportSubmitted.grant", kGrant),
    Refers("ReportSubmitted.corrects_report", kReport),
    Refers("ReportSubmitted.document", kDocument),
    About("ReportReturned.report", kReport),
    Required("ReportReturned.questions"),
    Reference("ReportReturned.registry_number"),
    About("ReportApproved.report", kReport),
    Required("ReportApproved.approved_by"),
    Reference("ReportApproved.registry_number"),
    ACheck("CheckRaised.check", Relation::kCreates),
    Required("CheckRaised.text"),
    Of("CheckRaised.about_events", FieldContent::kEventId),
    ACheck("CheckExplained.check", Relation::kMakes),
    Required("CheckExplained.explanation"),
    ACheck("CheckResolved.check", Relation::kMakes),
    Required("CheckResolved.resolution"),

    // Corrections.
    Of("EventCorrected.target", FieldContent::kEventId, true),
    Required("EventCorrected.reason_code"),
    Required("EventCorrected.reason"),
    Required("EventCorrected.replacement"),
    Of("EventReversed.target", FieldContent::kEventId, true),
    Required("EventReversed.reason_code"),
    Required("EventReversed.reason"),
    Of("EventVoided.target", FieldContent::kEventId, true),
    Required("EventVoided.reason_code"),
    Required("EventVoided.reason"),

    // Disclosure, disposal, archive, rights.
    Creates("DisclosureRequested.request", kDisclosure),
    Required("DisclosureRequested.scope"),
    Reference("DisclosureRequested.registry_number"),
    About("Disclosed.request", kDisclosure),
    Refers("Disclosed.decision", kDecision),
    Creates("GallringDecided.gallring", kGallring),
    Required("GallringDecided.plan_reference"),
    Reference("GallringDecided.registry_number", true),
    Short("GallringDecided.subjects", 64),
    About("KeyDestroyed.gallring", kGallring),
    {.field = "KeyDestroyed.subject", .required = true, .max_bytes = 64},
    Short("Personal.subject", 64),
    Creates("PackageDelivered.package", kPackage),
    Required("PackageDelivered.archive"),
    Of("PackageDelivered.sha256", FieldContent::kHash),
    Required("RetentionPlanChanged.version"),
    Refers("RetentionPlanChanged.decision", kDecision),
    Required("RightsGranted.principal"),
    Required("RightsGranted.role"),
    Required("RightsWithdrawn.principal"),
    Required("RightsWithdrawn.role"),
    Required("SealedDataRead.principal"),
    Required("SealedDataRead.subjects"),
    Required("SealedDataRead.purpose"),
    Required("SecretDataRead.principal"),
    Of("SecretDataRead.events", FieldContent::kEventId, true),
    Required("SecretDataRead.way"),
};

}  // namespace

absl::Span<const FieldRule> FieldRules() { return kRules; }

}  // namespace samverk::recording
