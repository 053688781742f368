#include "services/access/permission_table.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace samverk::access {
namespace {

using event::v1::Event;

// Columns: project leader, partner, officer, finance, police, controller,
// steering group, archivist, resident, administrator.
// clang-format off
constexpr PermissionRow kRows[] = {
    // The process.
    {Event::kProcessRegistered, "*-*-------", OwnBy::kNobody, false},
    {Event::kInterestRegistered, "*o*-------", OwnBy::kRecorder, false},
    {Event::kProcessApproved, "--*-------", OwnBy::kNobody, false},
    {Event::kPhaseEntered, "------*---", OwnBy::kNobody, false},
    {Event::kGoalSet, "------*---", OwnBy::kNobody, false},
    {Event::kIndicatorDefined, "------*---", OwnBy::kNobody, false},
    {Event::kDecisionRecorded, "--*---*---", OwnBy::kNobody, true},
    {Event::kProcessClosed, "-------*--", OwnBy::kNobody, false},

    // Actors.
    {Event::kActorRegistered, "*-*-------", OwnBy::kNobody, false},
    {Event::kActorRenamed, "*-*-------", OwnBy::kNobody, false},
    {Event::kRoleAssigned, "*-*-------", OwnBy::kNobody, false},
    {Event::kRoleEnded, "*-*-------", OwnBy::kNobody, false},

    // Money.
    {Event::kGrantAppliedFor, "*-*-------", OwnBy::kNobody, true},
    {Event::kGrantAwarded, "--*-------", OwnBy::kNobody, true},
    {Event::kGrantDisbursed, "---*------", OwnBy::kNobody, true},
    {Event::kBudgetLineSet, "*---------", OwnBy::kNobody, true},
    {Event::kBudgetReallocated, "*---------", OwnBy::kNobody, true},
    {Event::kCostBooked, "---*------", OwnBy::kNobody, true},
    {Event::kCostReversed, "---*------", OwnBy::kNobody, true},
    {Event::kCostAttested, "---2------", OwnBy::kNobody, true},
    {Event::kInKindRecorded, "ooo-o-----", OwnBy::kContributor, true},
    {Event::kInKindAttested, "---2------", OwnBy::kNobody, true},
    {Event::kInKindReviewed, "-----2----", OwnBy::kNobody, true},
    {Event::kVolunteerTimeReported, "*o--------", OwnBy::kRecorder, true},
    {Event::kAmountStated, "*o**o**---", OwnBy::kRecorder, true},
    {Event::kGrantSettled, "--*-------", OwnBy::kNobody, true},
    {Event::kGrantRepaid, "--**------", OwnBy::kNobody, true},
    {Event::kCarryOverApproved, "--*-------", OwnBy::kNobody, true},
    {Event::kGrantReclaimed, "--*-------", OwnBy::kNobody, true},

    // Places.
    {Event::kPlaceDefined, "*-*-------", OwnBy::kNobody, false},
    {Event::kControlChanged, "*-*-------", OwnBy::kNobody, false},

    // Activities.
    {Event::kActivityScheduled, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kActivityRescheduled, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kActivityCancelled, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kMeetingHeld, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kSafetyWalkHeld, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kDialogueHeld, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kWorkshopHeld, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kCommunityEventHeld, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kSurveyConducted, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kDialogueContributionRecorded, "*o*-*-*---", OwnBy::kRecorder, false},

    // Findings.
    {Event::kFindingLogged, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kFindingAssigned, "*-*-------", OwnBy::kNobody, false},
    {Event::kFindingDeclined, "ooo-------", OwnBy::kControl, false},
    {Event::kFindingMerged, "*-*-------", OwnBy::kNobody, false},
    {Event::kFindingReopened, "*-*-------", OwnBy::kNobody, false},
    {Event::kFindingClosed, "*-*-------", OwnBy::kNobody, false},

    // Measures.
    {Event::kMeasureProposed, "*o*-*-*---", OwnBy::kRecorder, false},
    {Event::kMeasureDecided, "ooo-------", OwnBy::kControl, false},
    {Event::kMeasurePlanned, "ooo-------", OwnBy::kControl, false},
    {Event::kMeasureStarted, "ooo-------", OwnBy::kControl, false},
    {Event::kMeasureImplemented, "ooo-------", OwnBy::kControl, false},
    {Event::kMeasureEvaluated, "*-*-------", OwnBy::kNobody, false},
    {Event::kMeasureClosed, "ooo-------", OwnBy::kControl, false},
    {Event::kMeasureAbandoned, "ooo-------", OwnBy::kControl, false},

    // Studies, initiatives, situation pictures.
    {Event::kStudyStarted, "--*-------", OwnBy::kNobody, false},
    {Event::kPreliminaryInsightRecorded, "--*-------", OwnBy::kNobody, false},
    {Event::kStudyPublished, "--*-------", OwnBy::kNobody, false},
    {Event::kInitiativeLinked, "*-*-------", OwnBy::kNobody, false},
    {Event::kInitiativeStatusObserved, "*-*-------", OwnBy::kNobody, false},
    {Event::kSituationPictureShared, "--*-*-----", OwnBy::kNobody, false},

    // Outcomes and lessons.
    {Event::kOutcomeClaimed, "*---------", OwnBy::kNobody, false},
    {Event::kOutcomeSubstantiated, "-oo-o-o---", OwnBy::kSubstantiator, false},
    {Event::kLessonRecorded, "*o*-*-*---", OwnBy::kRecorder, false},

    // Documents and reports.
    {Event::kDocumentAttached, "*o******--", OwnBy::kRecorder, true},
    {Event::kDocumentMissingNoted, "*o******--", OwnBy::kRecorder, true},
    {Event::kReportGenerated, "*-*-------", OwnBy::kNobody, true},
    {Event::kReportSubmitted, "*---------", OwnBy::kNobody, true},
    {Event::kReportReturned, "--*-------", OwnBy::kNobody, true},
    {Event::kReportApproved, "--*-------", OwnBy::kNobody, true},

    // Control.
    {Event::kCheckRaised, "-----*----", OwnBy::kNobody, true},
    {Event::kCheckExplained, "*-**-2----", OwnBy::kNobody, true},
    {Event::kCheckResolved, "-----*----", OwnBy::kNobody, true},

    // Corrections; the kind that is corrected must be allowed too.
    {Event::kEventCorrected, "ooooo-----", OwnBy::kTarget, false},
    {Event::kEventReversed, "ooooo-----", OwnBy::kTarget, false},
    {Event::kEventVoided, "ooooo-----", OwnBy::kTarget, false},

    // Disclosure, disposal, archive.
    {Event::kDisclosureRequested, "o-o----*--", OwnBy::kInformationOwner, false},
    {Event::kDisclosed, "o-o----*--", OwnBy::kInformationOwner, false},
    {Event::kGallringDecided, "-------*--", OwnBy::kNobody, false},
    {Event::kKeyDestroyed, "-------2--", OwnBy::kNobody, false},
    {Event::kPackageDelivered, "-------*--", OwnBy::kNobody, false},
    {Event::kRetentionPlanChanged, "-------*--", OwnBy::kNobody, false},

    // Rights. What is read is recorded by the register itself.
    {Event::kRightsGranted, "---------*", OwnBy::kNobody, false},
    {Event::kRightsWithdrawn, "---------*", OwnBy::kNobody, false},
    {Event::kSealedDataRead, "----------", OwnBy::kNobody, false},
    {Event::kSecretDataRead, "----------", OwnBy::kNobody, false},
};

// Columns: open, partner, steering group, funder, secret.
constexpr std::string_view kReading[] = {
    "**oo-",  // project leader
    "**oo-",  // partner
    "**o*g",  // officer
    "**oo-",  // finance
    "**ooo",  // police
    "****a",  // controller
    "***o-",  // steering group
    "*****",  // archivist
    "*----",  // resident
    "*o---",  // administrator
};
// clang-format on

constexpr bool IsWellFormed(std::string_view cells, size_t size,
                            std::string_view letters) {
  for (const char c : cells) {
    if (letters.find(c) == std::string_view::npos) return false;
  }
  return cells.size() == size;
}

constexpr bool RowsAreWellFormed() {
  for (const PermissionRow& row : kRows) {
    if (!IsWellFormed(row.record, kRoleCount, "-*o2")) return false;
    const bool has_own = row.record.find('o') != std::string_view::npos;
    if (has_own != (row.own_by != OwnBy::kNobody)) return false;
  }
  return true;
}
static_assert(RowsAreWellFormed(),
              "a row has a letter a role, and says what \"own\" is if one has "
              "it");

constexpr bool ReadingIsWellFormed() {
  for (const std::string_view row : kReading) {
    if (!IsWellFormed(row, kVisibilityClasses, "-*oga")) return false;
  }
  return sizeof(kReading) / sizeof(kReading[0]) == kRoleCount;
}
static_assert(ReadingIsWellFormed(), "a role has a letter a class");

}  // namespace

RecordScope PermissionRow::Scope(Role role) const {
  switch (record[static_cast<size_t>(role)]) {
    case '*':
      return RecordScope::kAny;
    case 'o':
      return RecordScope::kOwn;
    case '2':
      return RecordScope::kOthers;
    default:
      return RecordScope::kNone;
  }
}

bool PermissionRow::IsAttest() const {
  return record.find('2') != std::string_view::npos &&
         record.find_first_of("*o") == std::string_view::npos;
}

absl::Span<const PermissionRow> PermissionTable() { return kRows; }

const PermissionRow* RowOf(Event::FactCase kind) {
  const auto found = std::find_if(
      std::begin(kRows), std::end(kRows),
      [kind](const PermissionRow& row) { return row.kind == kind; });
  return found == std::end(kRows) ? nullptr : found;
}

ReadScope ReadScopeOf(Role role, VisibilityClass visibility) {
  switch (
      kReading[static_cast<size_t>(role)][static_cast<size_t>(visibility)]) {
    case '*':
      return ReadScope::kAll;
    case 'o':
      return ReadScope::kOwn;
    case 'g':
      return ReadScope::kGround;
    case 'a':
      return ReadScope::kAudit;
    default:
      return ReadScope::kNone;
  }
}

}  // namespace samverk::access
