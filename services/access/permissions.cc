#include "services/access/permissions.h"

#include <algorithm>

#include "eventstore/base/status_macros.h"
#include "services/access/permission_table.h"
#include "services/access/permission_text.h"

namespace samverk::access {
namespace {

using event::v1::Event;

bool HoldsIn(const std::string& held_process, const std::string& process) {
  return held_process.empty() || held_process == process;
}

// As the rules have it (RECORDER_IS_ATTESTER): subjects are equal or, where one
// is missing, organisation and role are. A role that is missing is any.
bool IsCaller(const Person& person, const Caller& caller) {
  if (!person.subject.empty()) return person.subject == caller.subject;
  if (person.organisation != caller.organisation) return false;
  if (person.role.empty() || caller.machine) return true;
  const auto role = RoleOfWords(person.role);
  return role.has_value() &&
         std::any_of(
             caller.roles.begin(), caller.roles.end(),
             [&role](const HeldRole& held) { return held.role == *role; });
}

bool IsSameRole(const std::string& a, const std::string& b) {
  if (a == b || a.empty() || b.empty()) return true;
  const auto role = RoleOfWords(a);
  return role.has_value() && role == RoleOfWords(b);
}

// The same for two who do not call.
bool IsSame(const Person& a, const Person& b) {
  if (!a.subject.empty() && !b.subject.empty()) return a.subject == b.subject;
  return a.organisation == b.organisation && IsSameRole(a.role, b.role);
}

bool IsOneOf(const std::vector<Person>& persons, const Caller& caller) {
  return std::any_of(
      persons.begin(), persons.end(),
      [&caller](const Person& person) { return IsCaller(person, caller); });
}

RecordDenial TryToApprove(const Caller& caller, const RecordAction& action) {
  if (!action.checked.has_value() || action.checked->empty()) {
    return RecordDenial::kRecorderUnknown;
  }
  if (IsOneOf(*action.checked, caller)) return RecordDenial::kSamePerson;
  if (!action.approver.has_value()) return RecordDenial::kAllowed;
  const Person& approver = *action.approver;
  if (!caller.machine) {
    return approver.organisation == caller.organisation &&
                   approver.subject == caller.subject
               ? RecordDenial::kAllowed
               : RecordDenial::kNotTheApprover;
  }
  return std::any_of(action.checked->begin(), action.checked->end(),
                     [&approver](const Person& person) {
                       return IsSame(person, approver);
                     })
             ? RecordDenial::kSamePerson
             : RecordDenial::kAllowed;
}

bool IsOwn(const Caller& caller, const RecordAction& action) {
  return action.owner.has_value() && !action.owner->empty() &&
         *action.owner == caller.organisation;
}

// kAllowed, or why not, from the least telling reason.
RecordDenial Try(const Caller& caller, const RecordAction& action,
                 RecordScope scope) {
  // Who may record something without accepting it may not accept it.
  if (action.approver.has_value() && scope != RecordScope::kOthers) {
    return RecordDenial::kRole;
  }
  switch (scope) {
    case RecordScope::kNone:
      return RecordDenial::kRole;
    case RecordScope::kAny:
      return RecordDenial::kAllowed;
    case RecordScope::kOwn:
      return IsOwn(caller, action) ? RecordDenial::kAllowed
                                   : RecordDenial::kNotOwn;
    case RecordScope::kOthers:
      return TryToApprove(caller, action);
  }
  return RecordDenial::kRole;
}

// What a machine that holds a kind may do with it: no more than its
// organisation's own, and no attest of its own records.
RecordScope MachineScope(const PermissionRow& row) {
  if (row.record.find_first_not_of('-') == std::string_view::npos) {
    return RecordScope::kNone;
  }
  if (row.IsAttest()) return RecordScope::kOthers;
  return row.own_by == OwnBy::kNobody ? RecordScope::kAny : RecordScope::kOwn;
}

RecordDenial TryMachine(const Caller& caller, const RecordAction& action,
                        const PermissionRow& row) {
  const bool holds = std::any_of(caller.kinds.begin(), caller.kinds.end(),
                                 [&action](const HeldKind& held) {
                                   return held.kind == action.kind &&
                                          HoldsIn(held.process, action.process);
                                 });
  return holds ? Try(caller, action, MachineScope(row))
               : RecordDenial::kMachine;
}

RecordDenial TryRoles(const Caller& caller, const RecordAction& action,
                      const PermissionRow& row) {
  RecordDenial best = RecordDenial::kRole;
  for (const HeldRole& held : caller.roles) {
    if (!HoldsIn(held.process, action.process)) continue;
    const RecordDenial denial = Try(caller, action, row.Scope(held.role));
    if (denial == RecordDenial::kAllowed) return denial;
    best = std::max(best, denial);
  }
  return best;
}

// Whether the kind may be recorded, whoever the event says that records it.
absl::Status MayKind(const Caller& caller, const RecordAction& action,
                     codec::Language language) {
  const PermissionRow* row = RowOf(action.kind);
  const RecordDenial denial = row == nullptr ? RecordDenial::kRole
                              : caller.machine
                                  ? TryMachine(caller, action, *row)
                                  : TryRoles(caller, action, *row);
  if (denial == RecordDenial::kAllowed) return absl::OkStatus();
  return RecordDenied(denial, caller, action, row, language);
}

std::optional<VisibilityClass> ClassOf(event::v1::Visibility visibility) {
  switch (visibility) {
    case event::v1::VISIBILITY_OPEN:
      return VisibilityClass::kOpen;
    case event::v1::VISIBILITY_UNSPECIFIED:
    case event::v1::VISIBILITY_PARTNER:
      return VisibilityClass::kPartner;
    case event::v1::VISIBILITY_STEERING_GROUP:
      return VisibilityClass::kSteeringGroup;
    case event::v1::VISIBILITY_FUNDER:
      return VisibilityClass::kFunder;
    case event::v1::VISIBILITY_SECRET:
      return VisibilityClass::kSecret;
    default:
      return std::nullopt;  // written by newer code
  }
}

bool IsCleared(const Caller& caller, const ReadAction& action) {
  return !action.secrecy_ground.empty() &&
         std::any_of(caller.grounds.begin(), caller.grounds.end(),
                     [&action](const HeldGround& held) {
                       return held.ground == action.secrecy_ground &&
                              HoldsIn(held.process, action.process);
                     });
}

bool MayRead(const Caller& caller, const ReadAction& action, ReadScope scope) {
  switch (scope) {
    case ReadScope::kNone:
      return false;
    case ReadScope::kAll:
      return true;
    case ReadScope::kOwn:
      return !caller.organisation.empty() &&
             std::find(action.organisations.begin(), action.organisations.end(),
                       caller.organisation) != action.organisations.end();
    case ReadScope::kGround:
      return IsCleared(caller, action);
    case ReadScope::kAudit: {
      const PermissionRow* row = RowOf(action.kind);
      return row != nullptr && row->audited;
    }
  }
  return false;
}

}  // namespace

absl::Status May(const Caller& caller, const RecordAction& action,
                 codec::Language language) {
  if (caller.subject.empty() || caller.organisation.empty()) {
    return RecordDenied(RecordDenial::kNobody, caller, action, nullptr,
                        language);
  }
  if (action.recorder.organisation != caller.organisation ||
      action.recorder.subject != caller.subject) {
    return RecordDenied(RecordDenial::kNotTheRecorder, caller, action, nullptr,
                        language);
  }
  RETURN_IF_ERROR(MayKind(caller, action, language));
  const PermissionRow* row = RowOf(action.kind);
  if (row->own_by != OwnBy::kTarget) return absl::OkStatus();
  const PermissionRow* target =
      action.target == nullptr ? nullptr : RowOf(action.target->kind);
  if (target == nullptr || target->own_by == OwnBy::kTarget) {
    return RecordDenied(RecordDenial::kTargetUnknown, caller, action, nullptr,
                        language);
  }
  RecordAction anew = *action.target;
  anew.process = action.process;
  return MayKind(caller, anew, language);
}

absl::Status May(const Caller& caller, const ReadAction& action,
                 codec::Language language) {
  const auto visibility = ClassOf(action.visibility);
  if (visibility == VisibilityClass::kOpen) return absl::OkStatus();
  if (visibility.has_value()) {
    for (const HeldRole& held : caller.roles) {
      if (HoldsIn(held.process, action.process) &&
          MayRead(caller, action, ReadScopeOf(held.role, *visibility))) {
        return absl::OkStatus();
      }
    }
  }
  return ReadDenied(visibility, action, language);
}

}  // namespace samverk::access
