// Who may record and read what: the whole matrix, against the table and
// against the words of the domain.
#include "services/access/permissions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/codec/event_codec.h"
#include "services/access/permission_table.h"

namespace samverk::access {
namespace {

using codec::Language;
using event::v1::Event;
using testing::HasSubstr;
using testing::Not;

constexpr char kProcess[] = "augustenborg";

std::vector<Role> AllRoles() {
  std::vector<Role> roles;
  for (int i = 0; i < kRoleCount; ++i) roles.push_back(static_cast<Role>(i));
  return roles;
}

Caller CallerWith(std::vector<HeldRole> roles) {
  Caller caller;
  caller.subject = "subject-1";
  caller.organisation = "mkb";
  caller.roles = std::move(roles);
  return caller;
}
// Not CallerWith({}), which would be the first role.
Caller CallerWithoutRoles() { return CallerWith(std::vector<HeldRole>()); }
Caller CallerWith(Role role) { return CallerWith({HeldRole{role, ""}}); }

Caller MachineWith(std::vector<HeldKind> kinds) {
  Caller caller = CallerWithoutRoles();
  caller.machine = true;
  caller.kinds = std::move(kinds);
  return caller;
}

// By the callers above, of something of their own that another recorded.
RecordAction Recording(Event::FactCase kind) {
  RecordAction action;
  action.process = kProcess;
  action.kind = kind;
  action.recorder = {"mkb", "", "subject-1"};
  action.owner = "mkb";
  action.checked = {{"mkb", "ekonom", "subject-2"}};
  return action;
}

const RecordAction& OwnFinding() {
  static const RecordAction action = Recording(Event::kFindingLogged);
  return action;
}

bool IsCorrection(Event::FactCase kind) {
  return kind == Event::kEventCorrected || kind == Event::kEventReversed ||
         kind == Event::kEventVoided;
}

void ExpectDenied(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
  EXPECT_FALSE(status.message().empty());
}

TEST(PermissionTable, HasARowForEveryKindOfEvent) {
  std::set<Event::FactCase> kinds;
  for (const PermissionRow& row : PermissionTable()) {
    EXPECT_TRUE(kinds.insert(row.kind).second)
        << codec::TypeName(row.kind) << " has two rows";
    EXPECT_EQ(RowOf(row.kind), &row);
  }
  for (const Event::FactCase kind : codec::AllFacts()) {
    EXPECT_TRUE(kinds.contains(kind))
        << codec::TypeName(kind)
        << " has no row: say in permission_table.cc who may record it.";
  }
  EXPECT_EQ(kinds.size(), codec::AllFacts().size());
  EXPECT_EQ(RowOf(Event::FACT_NOT_SET), nullptr);
}

TEST(MayRecord, IsWhatTheTableSaysForEachRoleAndKind) {
  for (const PermissionRow& row : PermissionTable()) {
    for (const Role role : AllRoles()) {
      const Caller caller = CallerWith(role);
      RecordAction action = Recording(row.kind);
      // A kind that each role that corrects may record of its own.
      RecordAction target = Recording(
          role == Role::kFinance ? Event::kCostBooked : Event::kFindingLogged);
      if (IsCorrection(row.kind)) action.target = &target;
      SCOPED_TRACE(testing::Message() << codec::TypeName(row.kind) << " by "
                                      << RoleName(role, Language::kEnglish));
      const RecordScope scope = row.Scope(role);
      EXPECT_EQ(May(caller, action).ok(), scope != RecordScope::kNone);

      action.owner = "fgk";
      target.owner = "fgk";
      EXPECT_EQ(May(caller, action).ok(),
                scope == RecordScope::kAny || scope == RecordScope::kOthers);
      action.owner = std::nullopt;
      EXPECT_EQ(May(caller, action).ok(),
                scope == RecordScope::kAny || scope == RecordScope::kOthers);
      action.owner = "";
      EXPECT_EQ(May(caller, action).ok(),
                scope == RecordScope::kAny || scope == RecordScope::kOthers);

      // What they recorded themselves, or nobody knows who did.
      action.owner = "mkb";
      target.owner = "mkb";
      for (const std::optional<std::vector<Person>>& checked :
           {std::optional<std::vector<Person>>(),
            std::optional(std::vector<Person>()),
            std::optional(std::vector<Person>{{"mkb", "", "subject-2"},
                                              {"mkb", "", "subject-1"}})}) {
        action.checked = checked;
        EXPECT_EQ(May(caller, action).ok(),
                  scope == RecordScope::kAny || scope == RecordScope::kOwn);
      }
    }
  }
}

TEST(MayRecord, IsRefusedWithoutARole) {
  for (const Event::FactCase kind : codec::AllFacts()) {
    RecordAction action = Recording(kind);
    action.target = &OwnFinding();
    ExpectDenied(May(CallerWithoutRoles(), action));
    ExpectDenied(May(Caller(), action));
    // In another process.
    std::vector<HeldRole> elsewhere;
    for (const Role role : AllRoles()) elsewhere.push_back({role, "sofielund"});
    ExpectDenied(May(CallerWith(elsewhere), action));
  }
  for (const Role role : AllRoles()) {
    ExpectDenied(May(CallerWith(role), Recording(Event::FACT_NOT_SET)));
  }
}

TEST(MayRecord, HoldsInTheProcessOfTheRole) {
  const Caller caller = CallerWith({{Role::kProjectLeader, kProcess}});
  RecordAction action = Recording(Event::kFindingLogged);
  EXPECT_TRUE(May(caller, action).ok());
  action.process = "sofielund";
  ExpectDenied(May(caller, action));
  action.process = "";
  ExpectDenied(May(caller, action));
}

TEST(MayRecord, OneOfSeveralRolesIsEnough) {
  const Caller caller = CallerWith(
      {{Role::kResident, ""}, {Role::kPartner, ""}, {Role::kFinance, ""}});
  EXPECT_TRUE(May(caller, Recording(Event::kCostBooked)).ok());
  EXPECT_TRUE(May(caller, Recording(Event::kFindingLogged)).ok());
  ExpectDenied(May(caller, Recording(Event::kGrantAwarded)));
}

TEST(MayRecord, OnlyInTheCallersOwnName) {
  for (const Role role : AllRoles()) {
    for (const Event::FactCase kind : codec::AllFacts()) {
      for (const Person& other :
           {Person{"fgk", "", "subject-1"}, Person{"mkb", "", "subject-2"},
            Person{"mkb", "", ""}, Person{"", "", "subject-1"}, Person{}}) {
        RecordAction action = Recording(kind);
        action.target = &OwnFinding();
        action.recorder = other;
        ExpectDenied(May(CallerWith(role), action));
        ExpectDenied(May(MachineWith({{kind, ""}}), action));
      }
    }
  }
  Caller nobody = CallerWith(Role::kProjectLeader);
  nobody.subject = "";
  RecordAction action = Recording(Event::kFindingLogged);
  action.recorder.subject = "";
  ExpectDenied(May(nobody, action));
}

TEST(MayRecord, RefusesTheRecorderAsAttester) {
  const std::vector<Event::FactCase> attests = {
      Event::kCostAttested, Event::kInKindAttested, Event::kInKindReviewed};
  for (const Event::FactCase kind : attests) {
    EXPECT_TRUE(RowOf(kind)->IsAttest());
    const Caller caller = CallerWith(
        kind == Event::kInKindReviewed ? Role::kController : Role::kFinance);
    const char* role = kind == Event::kInKindReviewed ? "controller" : "ekonom";
    const auto with = [&](const Person& recorder) {
      RecordAction action = Recording(kind);
      action.checked = {{"fgk", "", "subject-9"}, recorder};
      return May(caller, action);
    };
    EXPECT_TRUE(with({"mkb", role, "subject-2"}).ok());
    EXPECT_TRUE(with({"fgk", role, ""}).ok());
    EXPECT_TRUE(with({"mkb", "projektledare", ""}).ok());
    for (const Person& same :
         {Person{"mkb", role, "subject-1"}, Person{"fgk", "", "subject-1"},
          Person{"mkb", role, ""}, Person{"mkb", "", ""}}) {
      const absl::Status status = with(same);
      ExpectDenied(status);
      EXPECT_THAT(status.message(), HasSubstr("let another person do so"));
    }
    // A machine is held to it too, and whoever has more roles.
    RecordAction own = Recording(kind);
    own.checked = {{"mkb", "", "subject-1"}};
    ExpectDenied(May(MachineWith({{kind, ""}}), own));
    std::vector<HeldRole> all;
    for (const Role each : AllRoles()) all.push_back({each, ""});
    ExpectDenied(May(CallerWith(all), own));
  }
}

TEST(MayRecord, APersonIsTheSameHoweverTheirRoleIsWritten) {
  RecordAction action = Recording(Event::kCostAttested);
  action.checked = {{"mkb", "Ekonom", ""}};
  ExpectDenied(May(CallerWith(Role::kFinance), action));
  // Also when a machine carries the attest of somebody.
  action.checked = {{"fgk", "Ekonom", ""}};
  action.approver = Person{"fgk", "finance", ""};
  ExpectDenied(May(MachineWith({{Event::kCostAttested, ""}}), action));
  action.approver = Person{"fgk", "Controller", ""};
  EXPECT_TRUE(May(MachineWith({{Event::kCostAttested, ""}}), action).ok());
}

TEST(MayRecord, OnlyAControllerAcceptsAnExplanation) {
  for (const Role role : AllRoles()) {
    RecordAction action = Recording(Event::kCheckExplained);
    action.approver = action.recorder;
    EXPECT_EQ(May(CallerWith(role), action).ok(), role == Role::kController);
    action.checked = {{"mkb", "", "subject-1"}};
    ExpectDenied(May(CallerWith(role), action));
  }
  RecordAction action = Recording(Event::kCheckExplained);
  action.approver = action.recorder;
  ExpectDenied(May(MachineWith({{Event::kCheckExplained, ""}}), action));
  // Nothing else is accepted by saying so.
  action = Recording(Event::kFindingLogged);
  action.approver = action.recorder;
  ExpectDenied(May(CallerWith(Role::kProjectLeader), action));
}

TEST(MayRecord, ApprovesInItsOwnName) {
  RecordAction action = Recording(Event::kCostAttested);
  action.approver = Person{"mkb", "chef", "subject-1"};
  EXPECT_TRUE(May(CallerWith(Role::kFinance), action).ok());
  for (const Person& other :
       {Person{"mkb", "chef", "subject-3"}, Person{"fgk", "", "subject-1"},
        Person{"mkb", "ekonom", ""}, Person{}}) {
    action.approver = other;
    const absl::Status status = May(CallerWith(Role::kFinance), action);
    ExpectDenied(status);
    EXPECT_THAT(status.message(), HasSubstr("somebody else"));
  }
  // A machine says who did, and is held to the two persons.
  const Caller machine = MachineWith({{Event::kCostAttested, ""}});
  action.approver = Person{"mkb", "chef", "subject-3"};
  EXPECT_TRUE(May(machine, action).ok());
  action.approver = Person{"mkb", "chef", ""};
  EXPECT_TRUE(May(machine, action).ok());
  for (const Person& same :
       {Person{"mkb", "chef", "subject-2"}, Person{"mkb", "ekonom", ""},
        Person{"mkb", "", ""}}) {
    action.approver = same;
    ExpectDenied(May(machine, action));
  }
}

TEST(MayRecord, CorrectsItsOwnAndWhatItMayRecord) {
  for (const Event::FactCase kind :
       {Event::kEventCorrected, Event::kEventReversed, Event::kEventVoided}) {
    RecordAction action = Recording(kind);
    RecordAction target = Recording(Event::kCostBooked);
    ExpectDenied(May(CallerWith(Role::kFinance), action));  // without a target
    action.target = &target;
    EXPECT_TRUE(May(CallerWith(Role::kFinance), action).ok());
    // Of the same organisation, but without the right to costs.
    ExpectDenied(May(CallerWith(Role::kProjectLeader), action));
    // With the right to it, but of another organisation.
    action.owner = "fgk";
    ExpectDenied(May(CallerWith(Role::kFinance), action));
    action.owner = "mkb";
    for (const Event::FactCase other : codec::AllFacts()) {
      target = Recording(other);
      const bool allowed =
          !IsCorrection(other) &&
          RowOf(other)->Scope(Role::kProjectLeader) != RecordScope::kNone;
      EXPECT_EQ(May(CallerWith(Role::kProjectLeader), action).ok(), allowed)
          << codec::TypeName(other);
    }
    // The role must hold in the process of the correction.
    target = Recording(Event::kFindingLogged);
    target.process = "sofielund";
    EXPECT_TRUE(May(CallerWith({{Role::kPartner, kProcess}}), action).ok());
    ExpectDenied(May(CallerWith({{Role::kPartner, "sofielund"}}), action));
    // Correcting an attest is attesting.
    target = Recording(Event::kCostAttested);
    EXPECT_TRUE(May(CallerWith(Role::kFinance), action).ok());
    target.checked = {{"mkb", "", "subject-1"}};
    ExpectDenied(May(CallerWith(Role::kFinance), action));
  }
}

TEST(MayRecord, AMachineRecordsTheKindsItWasGiven) {
  for (const Event::FactCase given : codec::AllFacts()) {
    const Caller machine = MachineWith({{given, kProcess}});
    for (const Event::FactCase tried : codec::AllFacts()) {
      RecordAction action = Recording(tried);
      const RecordAction target = Recording(given);
      action.target = &target;
      const bool allowed = tried == given && !IsCorrection(tried) &&
                           tried != Event::kSealedDataRead &&
                           tried != Event::kSecretDataRead;
      EXPECT_EQ(May(machine, action).ok(), allowed)
          << codec::TypeName(given) << ", " << codec::TypeName(tried);
    }
    RecordAction elsewhere = Recording(given);
    elsewhere.process = "sofielund";
    ExpectDenied(May(machine, elsewhere));
    RecordAction of_others = Recording(given);
    of_others.owner = "fgk";
    of_others.target = &OwnFinding();
    if (RowOf(given)->own_by != OwnBy::kNobody) {
      ExpectDenied(May(machine, of_others));
    }
  }
  // Roles let it record nothing.
  for (const Role role : AllRoles()) {
    Caller machine = MachineWith({});
    machine.roles = {{role, ""}};
    for (const Event::FactCase kind : codec::AllFacts()) {
      RecordAction action = Recording(kind);
      action.target = &OwnFinding();
      ExpectDenied(May(machine, action));
    }
  }
  // A correction needs both kinds.
  RecordAction correction = Recording(Event::kEventCorrected);
  const RecordAction target = Recording(Event::kCostBooked);
  correction.target = &target;
  ExpectDenied(May(MachineWith({{Event::kEventCorrected, ""}}), correction));
  EXPECT_TRUE(
      May(MachineWith({{Event::kEventCorrected, ""}, {Event::kCostBooked, ""}}),
          correction)
          .ok());
}

TEST(MayRecord, SealedDataReadIsTheRegistersOwn) {
  std::vector<HeldRole> all;
  for (const Role role : AllRoles()) all.push_back({role, ""});
  ExpectDenied(May(CallerWith(all), Recording(Event::kSealedDataRead)));
  ExpectDenied(May(MachineWith({{Event::kSealedDataRead, ""}}),
                   Recording(Event::kSealedDataRead)));
}

// The cells of the domain's table that can be read in one way.
TEST(MayRecord, IsWhatTheDomainSays) {
  struct Cell {
    Event::FactCase kind;
    std::string_view record;
  };
  const Cell cells[] = {{Event::kActivityScheduled, "*o*-*-*---"},
                        {Event::kFindingLogged, "*o*-*-*---"},
                        {Event::kLessonRecorded, "*o*-*-*---"},
                        {Event::kFindingAssigned, "*-*-------"},
                        {Event::kFindingMerged, "*-*-------"},
                        {Event::kMeasurePlanned, "ooo-------"},
                        {Event::kFindingDeclined, "ooo-------"},
                        {Event::kGrantAwarded, "--*-------"},
                        {Event::kGrantSettled, "--*-------"},
                        {Event::kGrantDisbursed, "---*------"},
                        {Event::kCostBooked, "---*------"},
                        {Event::kCostReversed, "---*------"},
                        {Event::kInKindRecorded, "ooo-o-----"},
                        {Event::kInKindAttested, "---2------"},
                        {Event::kInKindReviewed, "-----2----"},
                        {Event::kOutcomeClaimed, "*---------"},
                        {Event::kOutcomeSubstantiated, "-oo-o-o---"},
                        {Event::kCheckExplained, "*-**-2----"},
                        {Event::kEventCorrected, "ooooo-----"},
                        {Event::kGallringDecided, "-------*--"},
                        {Event::kRightsGranted, "---------*"}};
  for (const Cell& cell : cells) {
    EXPECT_EQ(RowOf(cell.kind)->record, cell.record)
        << codec::TypeName(cell.kind);
  }
  // Residents record nothing: what they say comes by a form, and is moderated.
  for (const PermissionRow& row : PermissionTable()) {
    EXPECT_EQ(row.Scope(Role::kResident), RecordScope::kNone);
  }
}

TEST(MayRecord, SaysWhoMay) {
  const absl::Status cost =
      May(CallerWith(Role::kPartner), Recording(Event::kCostBooked));
  EXPECT_THAT(cost.message(), HasSubstr("cost_booked"));
  EXPECT_THAT(cost.message(), HasSubstr("these may: finance"));
  EXPECT_THAT(cost.message(), HasSubstr(kProcess));

  RecordAction other = Recording(Event::kMeasurePlanned);
  other.owner = "fgk";
  const absl::Status measure = May(CallerWith(Role::kPartner), other);
  EXPECT_THAT(measure.message(), HasSubstr("has control"));
  EXPECT_THAT(measure.message(), HasSubstr("\"fgk\""));

  EXPECT_THAT(May(CallerWith(Role::kPartner), Recording(Event::kCostBooked),
                  Language::kSwedish)
                  .message(),
              HasSubstr("det får ekonom"));
  EXPECT_THAT(May(CallerWith(Role::kPartner), Recording(Event::kSealedDataRead))
                  .message(),
              HasSubstr("nobody may"));
  RecordAction everywhere = Recording(Event::kKeyDestroyed);
  everywhere.process.clear();
  EXPECT_THAT(May(CallerWith(Role::kPartner), everywhere).message(),
              HasSubstr("may not be recorded in all processes"));
  // Every sentence says which kind, in both languages, and none is cut short.
  for (const Event::FactCase kind : codec::AllFacts()) {
    for (const Language language : {Language::kSwedish, Language::kEnglish}) {
      const absl::Status status =
          May(CallerWith(Role::kResident), Recording(kind), language);
      ExpectDenied(status);
      EXPECT_THAT(status.message(),
                  HasSubstr(std::string(codec::TypeName(kind).substr(8))));
      EXPECT_THAT(status.message(), Not(HasSubstr(": ;")));
    }
  }
}

ReadAction Reading(event::v1::Visibility visibility) {
  ReadAction action;
  action.process = kProcess;
  action.kind = Event::kFindingLogged;
  action.visibility = visibility;
  return action;
}

TEST(MayRead, IsWhatTheTableSaysForEachRoleAndClass) {
  const struct {
    event::v1::Visibility visibility;
    VisibilityClass visibility_class;
  } classes[] = {
      {event::v1::VISIBILITY_OPEN, VisibilityClass::kOpen},
      {event::v1::VISIBILITY_UNSPECIFIED, VisibilityClass::kPartner},
      {event::v1::VISIBILITY_PARTNER, VisibilityClass::kPartner},
      {event::v1::VISIBILITY_STEERING_GROUP, VisibilityClass::kSteeringGroup},
      {event::v1::VISIBILITY_FUNDER, VisibilityClass::kFunder},
      {event::v1::VISIBILITY_SECRET, VisibilityClass::kSecret}};
  for (const auto& each : classes) {
    for (const Role role : AllRoles()) {
      SCOPED_TRACE(testing::Message()
                   << RoleName(role, Language::kEnglish) << ", "
                   << event::v1::Visibility_Name(each.visibility));
      const ReadScope scope = ReadScopeOf(role, each.visibility_class);
      Caller caller = CallerWith(role);
      ReadAction action = Reading(each.visibility);
      action.organisations = {"fgk", ""};
      const bool all = scope == ReadScope::kAll;
      EXPECT_EQ(May(caller, action).ok(), all);

      action.organisations = {"fgk", "mkb"};
      EXPECT_EQ(May(caller, action).ok(), all || scope == ReadScope::kOwn);
      action.organisations = {};

      action.kind = Event::kCostBooked;
      EXPECT_EQ(May(caller, action).ok(), all || scope == ReadScope::kAudit);
      action.kind = Event::kFindingLogged;

      action.secrecy_ground = "OSL 18:1";
      caller.grounds = {{"OSL 18:1", kProcess}};
      EXPECT_EQ(May(caller, action).ok(), all || scope == ReadScope::kGround);
      caller.grounds = {{"OSL 18:2", ""}, {"", ""}, {"OSL 18:1", "sofielund"}};
      EXPECT_EQ(May(caller, action).ok(), all);
      action.secrecy_ground = "";
      EXPECT_EQ(May(caller, action).ok(), all);

      // The role of another process.
      caller.roles = {{role, "sofielund"}};
      action.organisations = {"mkb"};
      EXPECT_EQ(May(caller, action).ok(),
                each.visibility_class == VisibilityClass::kOpen);
    }
  }
}

TEST(MayRead, WhatIsOpenIsEverybodysAndNothingElseIs) {
  EXPECT_TRUE(May(Caller(), Reading(event::v1::VISIBILITY_OPEN)).ok());
  for (const auto visibility :
       {event::v1::VISIBILITY_UNSPECIFIED, event::v1::VISIBILITY_PARTNER,
        event::v1::VISIBILITY_STEERING_GROUP, event::v1::VISIBILITY_FUNDER,
        event::v1::VISIBILITY_SECRET}) {
    ReadAction action = Reading(visibility);
    action.organisations = {"", "mkb"};
    ExpectDenied(May(Caller(), action));
    ExpectDenied(May(CallerWith(Role::kResident), action));
  }
}

TEST(MayRead, RefusesAClassThatItDoesNotKnow) {
  for (const Role role : AllRoles()) {
    const absl::Status status =
        May(CallerWith(role), Reading(static_cast<event::v1::Visibility>(17)));
    ExpectDenied(status);
    EXPECT_THAT(status.message(), HasSubstr("upgrade"));
  }
}

TEST(MayRead, WhatIsSecretIsAsTheDomainSays) {
  std::string cells;
  for (const Role role : AllRoles()) {
    switch (ReadScopeOf(role, VisibilityClass::kSecret)) {
      case ReadScope::kNone:
        cells += '-';
        break;
      case ReadScope::kAll:
        cells += '*';
        break;
      case ReadScope::kOwn:
        cells += 'o';
        break;
      case ReadScope::kGround:
        cells += 'g';
        break;
      case ReadScope::kAudit:
        cells += 'a';
        break;
    }
  }
  EXPECT_EQ(cells, "--g-oa-*--");
  const absl::Status status = May(CallerWith(Role::kProjectLeader),
                                  Reading(event::v1::VISIBILITY_SECRET));
  EXPECT_THAT(status.message(), HasSubstr("archivist"));
  EXPECT_THAT(status.message(), HasSubstr("controller (what is audited)"));
}

}  // namespace
}  // namespace samverk::access
