// The words of the rules that are about the event and what is recorded.
#include "services/recording/rule_catalogue.h"

namespace samverk::recording {
namespace {

constexpr std::string_view kEvent =
    "id=f-12|event=018bcfe5-6800-7000-8000-"
    "00000000002a";

constexpr RuleEntry kEntries[] = {
    {Rule::kProcessNotRegistered, "PROCESS_NOT_REGISTERED", false,
     "Processen ”{process}” finns inte i registret. Kontrollera namnet, eller "
     "registrera processen med process_registered som första händelse.",
     "The process \"{process}\" is not in the register. Check the name, or "
     "register the process with process_registered as its first event.",
     "Any event of a process that is not registered.", "process=augustenbrog"},
    {Rule::kProcessAlreadyRegistered, "PROCESS_ALREADY_REGISTERED", false,
     "Processen ”{process}” är redan registrerad (händelse {event}). Rätta den "
     "händelsen, eller välj ett annat namn.",
     "The process \"{process}\" is registered already (event {event}). Correct "
     "that event, or choose another name.",
     "A second registration of a process.",
     "process=augustenborg|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kProcessClosed, "PROCESS_CLOSED", false,
     "Processen ”{process}” är avslutad (händelse {event}). Bara utlämnande, "
     "arkiv, rättigheter och rättelser tas emot; återta avslutet om det var "
     "fel.",
     "The process \"{process}\" is closed (event {event}). Only disclosure, "
     "archive, rights and corrections are accepted; reverse the closing if it "
     "was wrong.",
     "Anything but disclosure, disposal, archive, rights and corrections after "
     "`ProcessClosed`, whenever it happened.",
     "process=augustenborg|event=018bcfe5-6800-7000-8000-00000000002a"},

    {Rule::kIdTaken, "ID_TAKEN", false,
     "Id ”{id}” ({kind}) är redan taget av händelse {event}. Välj ett annat "
     "id, "
     "eller rätta den händelsen.",
     "The id \"{id}\" ({kind}) is taken already, by event {event}. Choose "
     "another id, or correct that event.",
     "A second event that brings the same entity into being.",
     "id=f-12|kind=finding|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kActorUnknown, "ACTOR_UNKNOWN", false,
     "Aktören ”{id}” finns inte i processens register. Kontrollera id:t, eller "
     "registrera aktören först (actor_registered).",
     "The actor \"{id}\" is not in the process's register. Check the id, or "
     "register the actor first (actor_registered).",
     "An actor that is not registered.", "id=mbk"},
    {Rule::kGrantUnknown, "GRANT_UNKNOWN", false,
     "Bidraget ”{id}” är varken sökt eller beviljat i processen. Kontrollera "
     "id:t, eller registrera det först (grant_awarded).",
     "The grant \"{id}\" is neither applied for nor awarded in the process. "
     "Check the id, or record it first (grant_awarded).",
     "A grant that was neither applied for nor awarded.", "id=fgk-2052"},
    {Rule::kBudgetLineUnknown, "BUDGET_LINE_UNKNOWN", false,
     "Budgetposten ”{id}” finns inte i processen. Kontrollera id:t, eller "
     "registrera posten först (budget_line_set).",
     "The budget line \"{id}\" is not in the process. Check the id, or record "
     "the line first (budget_line_set).",
     "A budget line that was not set.", "id=lokaler"},
    {Rule::kCostUnknown, "COST_UNKNOWN", false,
     "Kostnaden ”{id}” är inte bokförd i processen. Kontrollera id:t, eller "
     "registrera den först (cost_booked).",
     "The cost \"{id}\" is not booked in the process. Check the id, or record "
     "it first (cost_booked).",
     "A cost that was not booked.", "id=a-117-1"},
    {Rule::kInKindUnknown, "IN_KIND_UNKNOWN", false,
     "Den egna insatsen ”{id}” finns inte i processen. Kontrollera id:t, eller "
     "registrera den först (in_kind_recorded).",
     "The contribution in kind \"{id}\" is not in the process. Check the id, "
     "or "
     "record it first (in_kind_recorded).",
     "A contribution in kind that was not recorded.", "id=mkb-tid-1"},
    {Rule::kStatementUnknown, "STATEMENT_UNKNOWN", false,
     "Det uppgivna beloppet ”{id}” finns inte i processen. Kontrollera id:t, "
     "eller registrera det först (amount_stated).",
     "The stated sum \"{id}\" is not in the process. Check the id, or record "
     "it "
     "first (amount_stated).",
     "A stated sum that was not recorded.", "id=m3"},
    {Rule::kPlaceUnknown, "PLACE_UNKNOWN", false,
     "Platsen ”{id}” finns inte i processen. Registrera den först "
     "(place_defined), eller beskriv platsen i ord.",
     "The place \"{id}\" is not in the process. Define it first "
     "(place_defined), or describe the place in words.",
     "A place that is not defined.", "id=torget"},
    {Rule::kActivityUnknown, "ACTIVITY_UNKNOWN", false,
     "Aktiviteten ”{id}” är varken planerad eller genomförd i processen. "
     "Kontrollera id:t, eller registrera den först.",
     "The activity \"{id}\" is neither scheduled nor held in the process. "
     "Check "
     "the id, or record it first.",
     "An activity that was neither scheduled nor held.", "id=vandring-host"},
    {Rule::kFindingUnknown, "FINDING_UNKNOWN", false,
     "Iakttagelsen ”{id}” finns inte i processen. Kontrollera id:t, eller "
     "registrera den först (finding_logged).",
     "The finding \"{id}\" is not in the process. Check the id, or record it "
     "first (finding_logged).",
     "A finding that was not logged.", "id=f-12"},
    {Rule::kMeasureUnknown, "MEASURE_UNKNOWN", false,
     "Åtgärden ”{id}” är inte föreslagen i processen. Kontrollera id:t, eller "
     "registrera den först (measure_proposed).",
     "The measure \"{id}\" is not proposed in the process. Check the id, or "
     "record it first (measure_proposed).",
     "A measure that was not proposed.", "id=blomlador"},
    {Rule::kStudyUnknown, "STUDY_UNKNOWN", false,
     "Utredningen ”{id}” är inte påbörjad i processen. Kontrollera id:t, eller "
     "registrera den först (study_started).",
     "The study \"{id}\" is not started in the process. Check the id, or "
     "record "
     "it first (study_started).",
     "A study that was not started.", "id=mobilitet"},
    {Rule::kInitiativeUnknown, "INITIATIVE_UNKNOWN", false,
     "Initiativet ”{id}” följs inte i processen. Kontrollera id:t, eller "
     "registrera det först (initiative_linked).",
     "The initiative \"{id}\" is not followed in the process. Check the id, or "
     "record it first (initiative_linked).",
     "An initiative that was not linked.", "id=sommargata"},
    {Rule::kOutcomeUnknown, "OUTCOME_UNKNOWN", false,
     "Utfallet ”{id}” är inte påstått i processen. Kontrollera id:t, eller "
     "registrera det först (outcome_claimed).",
     "The outcome \"{id}\" is not claimed in the process. Check the id, or "
     "record it first (outcome_claimed).",
     "An outcome that was not claimed.", "id=dialog-till-handling"},
    {Rule::kDocumentUnknown, "DOCUMENT_UNKNOWN", false,
     "Dokumentet ”{id}” är varken bifogat eller noterat som saknat. Bifoga det "
     "(document_attached), eller notera att det saknas "
     "(document_missing_noted).",
     "The document \"{id}\" is neither attached nor noted as missing. Attach "
     "it "
     "(document_attached), or note that it is missing "
     "(document_missing_noted).",
     "A document, named by the fact itself, that is neither attached nor noted "
     "as missing. Sources and evidence may name a document before it is there.",
     "id=schema-2025"},
    {Rule::kReportUnknown, "REPORT_UNKNOWN", false,
     "Rapporten ”{id}” finns inte i processen. Kontrollera id:t; en rapport "
     "börjar med report_generated eller report_submitted.",
     "The report \"{id}\" is not in the process. Check the id; a report begins "
     "with report_generated or report_submitted.",
     "A report that was neither generated nor submitted.", "id=2025"},
    {Rule::kCheckUnknown, "CHECK_UNKNOWN", false,
     "Kontrollen ”{id}” finns inte: den är varken anmärkt för hand eller av "
     "det "
     "slag som registret härleder (C1 till C14). Ta id:t från kontrollistan.",
     "The check \"{id}\" does not exist: it is neither raised by hand nor of "
     "the kind that the register derives (C1 to C14). Take the id from the "
     "list of checks.",
     "A check that was not raised and is not derived.", "id=stickprov-9"},
    {Rule::kDecisionUnknown, "DECISION_UNKNOWN", false,
     "Beslutet ”{id}” finns inte i processen. Kontrollera id:t, eller "
     "registrera det först (decision_recorded).",
     "The decision \"{id}\" is not in the process. Check the id, or record it "
     "first (decision_recorded).",
     "A decision that was not recorded.", "id=tn-112"},
    {Rule::kGoalUnknown, "GOAL_UNKNOWN", false,
     "Målet ”{id}” finns inte i processen. Kontrollera id:t, eller registrera "
     "det först (goal_set).",
     "The goal \"{id}\" is not in the process. Check the id, or record it "
     "first "
     "(goal_set).",
     "A goal that was not set.", "id=trygghet"},
    {Rule::kIndicatorUnknown, "INDICATOR_UNKNOWN", false,
     "Indikatorn ”{id}” finns inte i processen. Kontrollera id:t, eller "
     "registrera den först (indicator_defined).",
     "The indicator \"{id}\" is not in the process. Check the id, or record it "
     "first (indicator_defined).",
     "An indicator that was not defined.", "id=trygghetsindex"},
    {Rule::kDisclosureUnknown, "DISCLOSURE_UNKNOWN", false,
     "Begäran ”{id}” om utlämnande finns inte i processen. Kontrollera id:t, "
     "eller registrera den först (disclosure_requested).",
     "The request for disclosure \"{id}\" is not in the process. Check the id, "
     "or record it first (disclosure_requested).",
     "A disclosure without its request.", "id=u-3"},
    {Rule::kGallringUnknown, "GALLRING_UNKNOWN", false,
     "Gallringsbeslutet ”{id}” finns inte i processen. Kontrollera id:t, eller "
     "registrera beslutet först (gallring_decided).",
     "The disposal \"{id}\" is not decided in the process. Check the id, or "
     "record the decision first (gallring_decided).",
     "A key that is destroyed without a decision on disposal.", "id=g-2031"},
    {Rule::kEventUnknown, "EVENT_UNKNOWN", false,
     "Händelsen {id} i {field} finns inte. Kontrollera id:t: about_events "
     "nämner händelser i samma process, causation_id vilken händelse i "
     "registret som helst, och den ska vara registrerad före denna.",
     "The event {id} in {field} does not exist. Check the id: about_events "
     "names events of the same process, causation_id any event of the "
     "register, recorded before this one.",
     "A decision or a check about an event that is not in the process; a "
     "`causation_id` that is no event of the register, of whatever process, "
     "recorded before this one or earlier in its batch.",
     "id=018bcfe5-6800-7000-8000-00000000002a"},

    {Rule::kReferenceCircle, "REFERENCE_CIRCLE", false,
     "{field} är ”{id}”, men händelse {event} säger redan det omvända om "
     "”{own}”. Rätta den händelsen, eller lämna fältet tomt.",
     "{field} is \"{id}\", but event {event} already says the opposite of "
     "\"{own}\". Correct that event, or leave the field empty.",
     "Two actors that are part of each other, two sums each the total of the "
     "other, two walks, findings or reports each after the other.",
     "id=fgk|own=malmo-stad|event=018bcfe5-6800-7000-8000-00000000002a"},

    {Rule::kRoleNotAssigned, "ROLE_NOT_ASSIGNED", false,
     "Aktören ”{id}” har ingen roll av slaget {role} som kan upphöra. "
     "Kontrollera rollen, eller registrera den först (role_assigned).",
     "The actor \"{id}\" has no role of the kind {role} that could end. Check "
     "the role, or record it first (role_assigned).",
     "The end of a role that was not assigned, or has ended.",
     "id=gnistan|role=LEAD"},
    {Rule::kGrantNotAwarded, "GRANT_NOT_AWARDED", false,
     "Bidraget ”{id}” är inte beviljat innan dess. Registrera beslutet "
     "(grant_awarded) före utbetalning, redovisning och återkrav, eller rätta "
     "tiden.",
     "The grant \"{id}\" is not awarded before that. Record the decision "
     "(grant_awarded) before payment, settlement and reclaim, or correct the "
     "time.",
     "A payment, settlement, repayment, carry-over or reclaim of a grant that "
     "was not awarded, or only later.",
     "id=fgk-2025"},
    {Rule::kGrantAlreadySettled, "GRANT_ALREADY_SETTLED", false,
     "Bidraget ”{id}” är redan slutreglerat (händelse {event}). Rätta den "
     "händelsen om summorna är fel.",
     "The grant \"{id}\" is settled already (event {event}). Correct that "
     "event if its sums are wrong.",
     "A grant that is settled twice.",
     "id=fgk-2025|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kCostAlreadyReversed, "COST_ALREADY_REVERSED", false,
     "Kostnaden ”{id}” är redan återförd (händelse {event}). Bokför en ny "
     "kostnad om den ändå gäller.",
     "The cost \"{id}\" is reversed already (event {event}). Book a new cost "
     "if "
     "it holds after all.",
     "A cost that is reversed twice, or attested after it was reversed.",
     "id=a-117-1|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kRecorderIsAttester, "RECORDER_IS_ATTESTER", false,
     "”{id}” är registrerad av {recorder} och kan inte attesteras eller "
     "granskas av samma person. Låt en annan göra det; ange subject för båda "
     "om de har samma roll.",
     "\"{id}\" was recorded by {recorder} and cannot be attested or reviewed "
     "by "
     "the same person. Let another do it; give subject for both if they have "
     "the same role.",
     "A cost or contribution in kind that anybody who recorded or corrected it "
     "attests or reviews, or whose attest or review they record. Two recorders "
     "are the same person when their subjects are equal or, where one is "
     "missing, their organisation and role are. Transcribed and imported "
     "history with a source system and reference is accepted with the notice "
     "SAME_ATTESTER (check C14).",
     "id=a-117-1|recorder=mkb/ekonom"},
    {Rule::kInKindNotAttested, "IN_KIND_NOT_ATTESTED", false,
     "Den egna insatsen ”{id}” kan inte godtas, för den är inte attesterad "
     "innan dess. Registrera attesten först (in_kind_attested), eller rätta "
     "tiden.",
     "The contribution in kind \"{id}\" cannot be accepted, for it is not "
     "attested before that. Record the attest first (in_kind_attested), or "
     "correct the time.",
     "A contribution that is accepted, whole or in part, though nobody "
     "attested it. It can be rejected.",
     "id=mkb-tid-1"},
    {Rule::kInKindAlreadyAttested, "IN_KIND_ALREADY_ATTESTED", false,
     "Den egna insatsen ”{id}” är attesterad eller granskad (händelse "
     "{event}), så {field} kan inte rättas. Återta den händelsen, rätta, och "
     "attestera igen.",
     "The contribution in kind \"{id}\" is attested or reviewed (event "
     "{event}), so {field} cannot be corrected. Reverse that event, correct, "
     "and attest again.",
     "A correction of time, kind, contributor, quantity, rate or value after "
     "the attest.",
     "id=mkb-tid-1|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kAcceptedValueNotLess, "ACCEPTED_VALUE_NOT_LESS", false,
     "Det godtagna beloppet {amount_ore} är inte mindre än insatsens värde "
     "{value_ore}. Rätta det, eller godta insatsen helt.",
     "The accepted value {amount_ore} is not less than the contribution's "
     "value "
     "{value_ore}. Correct it, or accept the contribution whole.",
     "A partial rejection that leaves as much as there was.",
     "amount_ore=34284000|value_ore=34284000"},

    {Rule::kActivityNotScheduled, "ACTIVITY_NOT_SCHEDULED", false,
     "Aktiviteten ”{id}” är inte planerad innan dess, så den kan inte flyttas "
     "eller ställas in. Registrera planeringen först (activity_scheduled), "
     "eller rätta tiden.",
     "The activity \"{id}\" is not scheduled before that, so it cannot be "
     "moved or cancelled. Record the plan first (activity_scheduled), or "
     "correct the time.",
     "An activity that is moved or cancelled without having been scheduled, or "
     "before it was.",
     "id=traff-3"},
    {Rule::kActivityCancelled, "ACTIVITY_CANCELLED", false,
     "Aktiviteten ”{id}” är inställd (händelse {event}) före det som nu "
     "registreras. Återta det om det var fel, eller använd ett nytt id.",
     "The activity \"{id}\" was cancelled (event {event}) before what is now "
     "recorded. Reverse that if it was wrong, or use a new id.",
     "An activity that is held, moved or cancelled after it was cancelled.",
     "id=traff-3|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kActivityAlreadyHeld, "ACTIVITY_ALREADY_HELD", false,
     "Aktiviteten ”{id}” är genomförd (händelse {event}) före det som nu "
     "registreras och kan inte ställas in. Rätta tiden, eller återta den "
     "händelsen.",
     "The activity \"{id}\" was held (event {event}) before what is now "
     "recorded and cannot be cancelled. Correct the time, or reverse that "
     "event.",
     "An activity that is cancelled after it was held. Of an activity with "
     "several occasions the rest may be cancelled.",
     "id=traff-3|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kActivityKindDiffers, "ACTIVITY_KIND_DIFFERS", false,
     "Aktiviteten ”{id}” är planerad som {planned} och genomförd som {held} "
     "(den andra är händelse {event}). Rätta planeringen, eller använd ett "
     "annat id.",
     "The activity \"{id}\" is scheduled as {planned} and held as {held} (the "
     "other is event {event}). Correct the schedule, or use another id.",
     "An activity of another kind than it is scheduled as.",
     "id=traff-3|planned=MEETING|held=SAFETY_WALK|event=018bcfe5-6800-7000-"
     "8000-00000000002a"},
    {Rule::kTitleMissing, "TITLE_MISSING", false,
     "Aktiviteten ”{id}” är inte planerad och har ingen rubrik. Ange "
     "title.",
     "The activity \"{id}\" was not scheduled and has no title. Give title.",
     "An activity that was held without schedule and without title.",
     "id=ekostadens-dag"},

    {Rule::kFindingMerged, "FINDING_MERGED", false,
     "Iakttagelsen ”{id}” är sammanslagen med ”{into}” (händelse {event}). "
     "Registrera på ”{into}”.",
     "The finding \"{id}\" is merged into \"{into}\" (event {event}). Record "
     "it "
     "on \"{into}\".",
     "Anything about a finding that happens after it was merged.",
     "id=f-12|into=f-3|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kFindingClosed, "FINDING_CLOSED", false,
     "Iakttagelsen ”{id}” är avslutad (händelse {event}). Ta upp den igen "
     "först (finding_reopened).",
     "The finding \"{id}\" is closed (event {event}). Take it up again first "
     "(finding_reopened).",
     "Anything but taking it up again after a finding was closed.", kEvent},
    {Rule::kFindingDeclined, "FINDING_DECLINED", false,
     "Iakttagelsen ”{id}” är avböjd (händelse {event}). Ta upp den igen först "
     "(finding_reopened).",
     "The finding \"{id}\" is declined (event {event}). Take it up again first "
     "(finding_reopened).",
     "Assigning or declining a finding after it was declined. It may be closed "
     "or merged.",
     kEvent},
    {Rule::kFindingNotEnded, "FINDING_NOT_ENDED", false,
     "Iakttagelsen ”{id}” är varken avböjd eller avslutad innan dess, så den "
     "kan inte tas upp igen. Kontrollera id och tid.",
     "The finding \"{id}\" is neither declined nor closed before that, so it "
     "cannot be taken up again. Check id and time.",
     "A finding that is reopened and was neither declined nor closed before, "
     "or was reopened since.",
     "id=f-12"},
    {Rule::kFindingIsAsset, "FINDING_IS_ASSET", false,
     "Iakttagelsen ”{id}” är något att värna och kan inte avböjas. Avsluta "
     "den, "
     "eller rätta dess polarity.",
     "The finding \"{id}\" is something to keep and cannot be declined. Close "
     "it, or correct its polarity.",
     "An asset (att värna) that is declined.", "id=f-12"},
    {Rule::kMergedIntoMerged, "MERGED_INTO_MERGED", false,
     "Iakttagelsen ”{into}” är själv sammanslagen med ”{further}”. Slå ihop "
     "med ”{further}” i stället.",
     "The finding \"{into}\" is itself merged into \"{further}\". Merge into "
     "\"{further}\" in its place.",
     "A finding merged into one that is merged itself: findings never go round "
     "in circles.",
     "into=f-3|further=f-1"},

    {Rule::kMeasureNotDecided, "MEASURE_NOT_DECIDED", false,
     "Åtgärden ”{id}” är inte beslutad innan dess, så den kan inte planeras "
     "och finansieras. Registrera beslutet (measure_decided); en avsikt hör "
     "hemma "
     "i "
     "förslagets intended.",
     "The measure \"{id}\" is not decided before that, so it cannot be planned "
     "and financed. Record the decision (measure_decided); an intention "
     "belongs in "
     "the proposal's intended.",
     "A measure that is planned and was not decided, or only later.",
     "id=blomlador"},
    {Rule::kMeasureNotImplemented, "MEASURE_NOT_IMPLEMENTED", false,
     "Åtgärden ”{id}” är inte genomförd innan dess, så den kan inte "
     "utvärderas. Registrera genomförandet först (measure_implemented), eller "
     "rätta tiden.",
     "The measure \"{id}\" is not implemented before that, so it cannot be "
     "evaluated. Record that it is done first (measure_implemented), or "
     "correct the time.",
     "A measure that is evaluated and was not implemented, or only later.",
     "id=blomlador"},
    {Rule::kMeasureAlreadyImplemented, "MEASURE_ALREADY_IMPLEMENTED", false,
     "Åtgärden ”{id}” är redan genomförd (händelse {event}). Rätta den "
     "händelsen eller tiden, eller föreslå en ny åtgärd.",
     "The measure \"{id}\" is implemented already (event {event}). Correct "
     "that event or the time, or propose a new measure.",
     "A measure that is implemented twice, or said to begin on a day after it "
     "was implemented.",
     kEvent},
    {Rule::kMeasureNotEvaluated, "MEASURE_NOT_EVALUATED", false,
     "Åtgärden ”{id}” är inte utvärderad innan dess, så den kan inte stängas. "
     "Registrera utvärderingen (measure_evaluated), eller att den avbröts "
     "(measure_abandoned).",
     "The measure \"{id}\" is not evaluated before that, so it cannot be "
     "closed. Record the evaluation (measure_evaluated), or that it was given "
     "up "
     "(measure_abandoned).",
     "A measure that is closed and was not evaluated, or only later.",
     "id=blomlador"},
    {Rule::kMeasureClosed, "MEASURE_CLOSED", false,
     "Åtgärden ”{id}” är stängd (händelse {event}) före det som nu "
     "registreras. "
     "Återta stängningen, eller föreslå en ny åtgärd.",
     "The measure \"{id}\" was closed (event {event}) before what is now "
     "recorded. Reverse the closing, or propose a new measure.",
     "Anything about a measure that happens after it was closed.", kEvent},
    {Rule::kMeasureAbandoned, "MEASURE_ABANDONED", false,
     "Åtgärden ”{id}” är avbruten (händelse {event}) före det som nu "
     "registreras. Återta avbrottet, eller föreslå en ny åtgärd.",
     "The measure \"{id}\" was given up (event {event}) before what is now "
     "recorded. Reverse that, or propose a new measure.",
     "Anything about a measure that happens after it was given up.", kEvent},

    {Rule::kStudyPublished, "STUDY_PUBLISHED", false,
     "Utredningen ”{id}” är publicerad (händelse {event}) före det som nu "
     "registreras. Rätta tiden eller den händelsen; en ny utgåva är en ny "
     "utredning.",
     "The study \"{id}\" was published (event {event}) before what is now "
     "recorded. Correct the time or that event; a new edition is a new study.",
     "A preliminary insight, or a second publication, after a study was "
     "published.",
     kEvent},
    {Rule::kInitiativeEnded, "INITIATIVE_ENDED", false,
     "Initiativet ”{id}” avslutades med för få röster (händelse {event}) före "
     "det som nu registreras. Rätta den händelsen om den är fel.",
     "The initiative \"{id}\" ended with too few votes (event {event}) before "
     "what is now recorded. Correct that event if it is wrong.",
     "Another status seen after an initiative ended.", kEvent},
    {Rule::kOutcomeNotIndependent, "OUTCOME_NOT_INDEPENDENT", false,
     "”{id}” står själv bakom påståendet och kan inte styrka det oberoende. "
     "Sätt independent till falskt, eller låt en utomstående styrka det.",
     "\"{id}\" made the claim itself and cannot back it independently. Set "
     "independent to false, or let somebody outside back it.",
     "An outcome that is backed \"independently\" by the organisation that "
     "claimed it, or on whose behalf it was claimed.",
     "id=mkb"},

    {Rule::kReportNotGenerated, "REPORT_NOT_GENERATED", false,
     "Rapporten ”{id}” är inte framställd här, och inget dokument anges. "
     "Framställ den (report_generated), eller bifoga den och ange document.",
     "The report \"{id}\" was not generated here, and no document is given. "
     "Generate it (report_generated), or attach it and give document.",
     "A report that is handed in and is neither generated here nor a document.",
     "id=2025"},
    {Rule::kReportNotSubmitted, "REPORT_NOT_SUBMITTED", false,
     "Rapporten ”{id}” är inte inlämnad innan dess, så den kan inte godkännas "
     "eller återsändas. Registrera inlämningen först (report_submitted), eller "
     "rätta tiden.",
     "The report \"{id}\" is not handed in before that, so it cannot be "
     "approved or sent back. Record that first (report_submitted), or correct "
     "the time.",
     "A report that is approved or sent back and was not handed in, or only "
     "later.",
     "id=2025"},
    {Rule::kReportApproved, "REPORT_APPROVED", false,
     "Rapporten ”{id}” är godkänd (händelse {event}) före det som nu "
     "registreras. Framställ en ny rapport som rättar den (corrects_report).",
     "The report \"{id}\" was approved (event {event}) before what is now "
     "recorded. Generate a new report that corrects it (corrects_report).",
     "Anything about a report that happens after it was approved.", kEvent},
    {Rule::kReportPositionUnknown, "REPORT_POSITION_UNKNOWN", false,
     "Rapporten sägs vila på händelser till och med {position}, men registret "
     "slutar vid {head}. Ange den position som rapporten framställdes från.",
     "The report is said to rest on events up to {position}, but the register "
     "ends at {head}. Give the position that the report was generated from.",
     "A report that rests on events which are not recorded yet.",
     "position=512|head=420"},

    {Rule::kKeyNotInDisposal, "KEY_NOT_IN_DISPOSAL", false,
     "Gallringsbeslutet ”{id}” omfattar inte ”{subject}”. Fatta ett beslut som "
     "gör det.",
     "The disposal \"{id}\" does not cover \"{subject}\". Make a decision that "
     "does.",
     "A key that is destroyed on a decision that names others.",
     "id=g-2031|subject=p-7f3a"},
    {Rule::kKeyAlreadyDestroyed, "KEY_ALREADY_DESTROYED", false,
     "Nyckeln för ”{subject}” är redan förstörd (händelse {event}). "
     "Kontrollera pseudonymen.",
     "The key of \"{subject}\" is destroyed already (event {event}). Check the "
     "pseudonym.",
     "A key that is destroyed twice on one decision.",
     "subject=p-7f3a|event=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kKeyOnOwnDecision, "KEY_ON_OWN_DECISION", false,
     "Den som fattat gallringsbeslutet ”{id}” ({recorder}) förstör inte själv "
     "nycklarna. Låt en annan person göra det.",
     "Whoever decided on the disposal \"{id}\" ({recorder}) does not destroy "
     "the keys as well. Let another person do so.",
     "A key that is destroyed by the person who decided on it, as far as can "
     "be told, unless the server is configured to take one person "
     "(`disposal_by_one`).",
     "id=g-2031|recorder=mkb/arkivarie"},
    {Rule::kKeyOfNobody, "KEY_OF_NOBODY", false,
     "Ingenting i registret är förseglat under pseudonymen ”{subject}”. "
     "Kontrollera den, tecken för tecken.",
     "Nothing in the register is sealed under the pseudonym \"{subject}\". "
     "Check it, letter by letter.",
     "A key that is destroyed of a pseudonym under which nothing is sealed.",
     "subject=p-7f3a"},
    {Rule::kKeyOfWhatIsKept, "KEY_OF_WHAT_IS_KEPT", false,
     "Personuppgifterna om ”{subject}” i händelse {event} har gallringsklassen "
     "”{class}” och ska bevaras. Rätta händelsens klass först, om den är fel.",
     "What is personal about \"{subject}\" in event {event} is of the class "
     "\"{class}\" and is to be kept. Correct the event's class first if it is "
     "wrong.",
     "A key that is destroyed although it has sealed something of a class that "
     "is kept (`bevara…`).",
     "subject=p-7f3a|event=018bcfe5-6800-7000-8000-00000000002a|class=bevaras"},
    {Rule::kKeyOfOtherClass, "KEY_OF_OTHER_CLASS", false,
     "Personuppgifterna om ”{subject}” i händelse {event} har gallringsklassen "
     "”{class}”, och beslutet gäller ”{decided}”. Fatta ett beslut som nämner "
     "pseudonymen.",
     "What is personal about \"{subject}\" in event {event} is of the class "
     "\"{class}\", and the decision is about \"{decided}\". Make a decision "
     "that names the pseudonym.",
     "A key that is destroyed on a decision without names, although it has "
     "sealed something of another class than the decision's.",
     "subject=p-7f3a|event=018bcfe5-6800-7000-8000-00000000002a|class=gallras "
     "10 år|decided=gallras 7 år"},
    {Rule::kKeyAskedFor, "KEY_ASKED_FOR", false,
     "Utlämnande är begärt (”{request}”) i processen ”{process}”, som har "
     "personuppgifter om ”{subject}”, och begäran är inte besvarad. Besvara "
     "den "
     "först.",
     "Disclosure was requested (\"{request}\") in the process \"{process}\", "
     "which has something personal about \"{subject}\", and the request is not "
     "answered. Answer it first.",
     "A key that is destroyed while a request for disclosure waits for its "
     "answer in a process that it has sealed something in.",
     "subject=p-7f3a|request=r-12|process=augustenborg"},
    {Rule::kRightNotGranted, "RIGHT_NOT_GRANTED", false,
     "”{principal}” har inte rollen ”{role}”, så den kan inte återkallas. "
     "Kontrollera namn och roll.",
     "\"{principal}\" does not have the role \"{role}\", so it cannot be "
     "withdrawn. Check name and role.",
     "A right that is withdrawn and was not granted, or is withdrawn already.",
     "principal=svc-mkb|role=ekonom"},

    {Rule::kTargetUnknown, "TARGET_UNKNOWN", false,
     "Händelsen {target} finns inte i registret. Kontrollera id:t.",
     "The event {target} is not in the register. Check the id.",
     "A correction of an event that is not recorded.",
     "target=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kTargetOtherProcess, "TARGET_OTHER_PROCESS", false,
     "Händelsen {target} hör till en annan process. Sänd rättelsen i den "
     "processen.",
     "The event {target} belongs to another process. Send the correction in "
     "that process.",
     "A correction of another process's event.",
     "target=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kTargetReplaced, "TARGET_REPLACED", false,
     "Händelsen {target} är redan rättad. Se efter vad som gäller nu, och "
     "rätta "
     "i så fall {latest}.",
     "The event {target} is corrected already. See what holds now and, if need "
     "be, correct {latest}.",
     "A correction of an event that has a later correction: whoever corrects "
     "must have seen what holds.",
     "target=018bcfe5-6800-7000-8000-00000000002a|"
     "latest=018bcfe5-6800-7000-8000-00000000002b"},
    {Rule::kTargetTakenOut, "TARGET_TAKEN_OUT", false,
     "Händelsen {target} gäller inte längre; {by} tog bort den. Registrera det "
     "som gäller som en ny händelse.",
     "The event {target} no longer holds; {by} took it out. Record what holds "
     "as a new event.",
     "A correction of an event that was reversed or voided.",
     "target=018bcfe5-6800-7000-8000-00000000002a|"
     "by=018bcfe5-6800-7000-8000-00000000002b"},
    {Rule::kTargetNotAFact, "TARGET_NOT_A_FACT", false,
     "Händelsen {target} är en återtagning eller makulering och kan inte själv "
     "rättas. Registrera faktumet på nytt om det ändå gäller.",
     "The event {target} is a reversal or a void and cannot be corrected "
     "itself. Record the fact again if it holds after all.",
     "A correction of a reversal or a void.",
     "target=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kTargetPermanent, "TARGET_PERMANENT", false,
     "Händelsen {target} ({fact}) ska stå kvar: annat vilar på den. Rätta en "
     "registrering om något i den är fel; en rättighet återkallas "
     "(rights_withdrawn); det som lästs eller förstörts har det för alltid.",
     "The event {target} ({fact}) stays: others rest on it. Correct a "
     "registration if something in it is wrong; a right is withdrawn "
     "(rights_withdrawn); what was read or destroyed was so for good.",
     "A reversal or void of `ProcessRegistered`; a correction, reversal or "
     "void of `KeyDestroyed`, `SealedDataRead`, `SecretDataRead`, "
     "`RightsGranted` or `RightsWithdrawn`.",
     "target=018bcfe5-6800-7000-8000-00000000002a|fact=process_registered"},
    {Rule::kCorrectionOfOtherKind, "CORRECTION_OF_OTHER_KIND", false,
     "Det nya är {fact}, men det som rättas är {expected}. Återta den "
     "gamla händelsen och registrera den nya för sig.",
     "The replacement is {fact}, but what it corrects is {expected}. Reverse "
     "the old event and record the new one by itself.",
     "A replacement of another kind than what it replaces.",
     "fact=workshop_held|expected=dialogue_held"},
    {Rule::kCorrectionOfOtherEntity, "CORRECTION_OF_OTHER_ENTITY", false,
     "Det nya handlar om ”{id}”, men det som rättas om ”{expected}”. "
     "Återta den gamla händelsen och registrera den nya för sig.",
     "The replacement is about \"{id}\", but what it corrects about "
     "\"{expected}\". Reverse the old event and record the new one by itself.",
     "A replacement about another entity than what it replaces.",
     "id=f-13|expected=f-12"},
    {Rule::kCostNeedsReversal, "COST_NEEDS_REVERSAL", false,
     "Kostnaden ”{id}” är bokförd och ändras inte här ({field}). Återför den "
     "med en verifikation (cost_reversed) och bokför en ny.",
     "The cost \"{id}\" is booked and is not changed here ({field}). Reverse "
     "it with a voucher (cost_reversed) and book a new one.",
     "A correction of a booked cost's sum, day, voucher, account, grant or "
     "ledger, or its reversal by anything but `CostReversed`. A cost recorded "
     "in the "
     "wrong place may be voided; other fields may be corrected.",
     "id=a-117-1"},
    {Rule::kCorrectionUndermines, "CORRECTION_UNDERMINES", false,
     "Händelse {event} vilar på det som rättas och skulle inte ha tagits emot "
     "om det nya hade gällt ({rule}). Rätta eller återta den först.",
     "Event {event} rests on what is corrected and would not have been "
     "accepted if the replacement had held ({rule}). Correct or reverse it "
     "first.",
     "A correction after which another standing event about the same thing "
     "would break a rule that it does not break now.",
     "event=018bcfe5-6800-7000-8000-00000000002a|rule=FINDING_IS_ASSET"},
    {Rule::kEntityInUse, "ENTITY_IN_USE", false,
     "Händelse {event} vilar på det som tas bort om ”{id}” ({kind}). Ta bort "
     "den först.",
     "Event {event} rests on what is taken out about \"{id}\" ({kind}). Take "
     "it out first.",
     "A reversal or void of what another standing event needs: the event that "
     "brought an entity into being while others are about it, refer to it or "
     "were recorded on its behalf; anything without which another event about "
     "the same thing would break a rule that it does not break now.",
     "id=f-12|kind=finding|event=018bcfe5-6800-7000-8000-00000000002a"},
};

}  // namespace

absl::Span<const RuleEntry> HistoryRules() { return kEntries; }

}  // namespace samverk::recording
