#include "services/access/admitted.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/access/permission_table.h"

namespace samverk::access {
namespace {

ReadAction ActionOf(const event::v1::Event& event) {
  return {.process = event.process(),
          .kind = event.fact_case(),
          .visibility = event.visibility(),
          .secrecy_ground = event.secrecy_ground(),
          .organisations = {event.recorded_by().organisation(),
                            event.on_behalf_of(), event.information_owner()}};
}

// Whether a class is read whole by one of the roles that hold in a process.
bool ReadsClass(const Caller& caller, std::string_view process,
                VisibilityClass visibility) {
  return std::any_of(
      caller.roles.begin(), caller.roles.end(), [&](const HeldRole& held) {
        return (held.process.empty() || held.process == process) &&
               ReadScopeOf(held.role, visibility) == ReadScope::kAll;
      });
}

}  // namespace

std::vector<ReadAction> ReadActionsOf(const event::v1::Event& event) {
  std::vector<ReadAction> actions = {ActionOf(event)};
  if (!event.has_event_corrected()) return actions;
  const event::v1::Event& replacement = event.event_corrected().replacement();
  actions.front().kind = replacement.fact_case();
  ReadAction replaced = ActionOf(replacement);
  replaced.process = event.process();
  const auto& own = actions.front().organisations;
  replaced.organisations.insert(replaced.organisations.end(), own.begin(),
                                own.end());
  actions.push_back(std::move(replaced));
  return actions;
}

absl::Status Admitted::MayRecord(const RecordAction& action) const {
  if (caller_ == nullptr) return absl::OkStatus();
  return May(*caller_, action, language_);
}

absl::Status Admitted::CheckRecorder(
    const event::v1::Event& event, const event::v1::Recorder& recorder) const {
  const auto role = RoleOfWords(recorder.role());
  const bool holds = !role.has_value() ||
                     std::any_of(caller_->roles.begin(), caller_->roles.end(),
                                 [&](const HeldRole& held) {
                                   return held.role == *role &&
                                          (held.process.empty() ||
                                           held.process == event.process());
                                 });
  if (holds && recorder.organisation() == caller_->organisation &&
      recorder.subject() == caller_->subject) {
    return absl::OkStatus();
  }
  RecordAction action;
  action.process = event.process();
  action.kind = event.fact_case();
  // In a role that they do not hold it is somebody else.
  if (holds) {
    action.recorder = {recorder.organisation(), recorder.role(),
                       recorder.subject()};
  }
  return May(*caller_, action, language_);
}

absl::Status Admitted::BeRecorder(event::v1::Event& event) const {
  if (caller_ == nullptr) return absl::OkStatus();
  event::v1::Recorder& recorder = *event.mutable_recorded_by();
  if (recorder.organisation().empty()) {
    recorder.set_organisation(caller_->organisation);
  }
  if (recorder.subject().empty()) recorder.set_subject(caller_->subject);
  const absl::Status own = CheckRecorder(event, recorder);
  if (!own.ok() || !event.event_corrected().replacement().has_recorded_by()) {
    return own;
  }
  return CheckRecorder(event,
                       event.event_corrected().replacement().recorded_by());
}

absl::Status Admitted::MayRecordKind(std::string_view process,
                                     event::v1::Event::FactCase kind) const {
  if (caller_ == nullptr) return absl::OkStatus();
  const auto in_process = [process](const auto& held) {
    return held.process.empty() || held.process == process;
  };
  const PermissionRow* row = RowOf(kind);
  bool may = false;
  if (caller_->machine) {
    may = std::any_of(caller_->kinds.begin(), caller_->kinds.end(),
                      [&](const HeldKind& held) {
                        return held.kind == kind && in_process(held);
                      });
  } else if (row != nullptr) {
    may = std::any_of(caller_->roles.begin(), caller_->roles.end(),
                      [&](const HeldRole& held) {
                        return in_process(held) &&
                               row->Scope(held.role) != RecordScope::kNone;
                      });
  }
  if (may) return absl::OkStatus();
  RecordAction action;
  action.process = std::string(process);
  action.kind = kind;
  action.recorder = {caller_->organisation, "", caller_->subject};
  return May(*caller_, action, language_);
}

bool Admitted::MayRead(const event::v1::Event& event) const {
  if (caller_ == nullptr) return true;
  const std::vector<ReadAction> actions = ReadActionsOf(event);
  return std::all_of(actions.begin(), actions.end(),
                     [this](const ReadAction& action) {
                       return May(*caller_, action, language_).ok();
                     });
}

bool Admitted::ReadsAll(std::string_view process) const {
  if (caller_ == nullptr) return true;
  for (int i = 0; i < kVisibilityClasses; ++i) {
    const auto visibility = static_cast<VisibilityClass>(i);
    if (visibility != VisibilityClass::kOpen &&
        !ReadsClass(*caller_, process, visibility)) {
      return false;
    }
  }
  return true;
}

std::string Admitted::TurnKey() const {
  if (caller_ == nullptr) return "";
  if (!LoggedIn()) return "?";
  return absl::StrCat(caller_->organisation, "/", caller_->subject);
}

std::string Admitted::ReadingKey() const {
  if (ReadsAll("")) return "";
  std::string key =
      absl::StrCat(caller_->organisation.size(), ":", caller_->organisation);
  for (const HeldRole& held : caller_->roles) {
    absl::StrAppend(&key, "/", static_cast<int>(held.role), "@", held.process);
  }
  for (const HeldGround& held : caller_->grounds) {
    absl::StrAppend(&key, "/", held.ground.size(), ":", held.ground, "@",
                    held.process);
  }
  return key;
}

bool Admitted::HoldsEverywhere(Role role) const {
  return caller_ == nullptr ||
         std::any_of(caller_->roles.begin(), caller_->roles.end(),
                     [role](const HeldRole& held) {
                       return held.role == role && held.process.empty();
                     });
}

}  // namespace samverk::access
