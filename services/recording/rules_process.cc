// Rules of a process's beginning and end.
#include "services/recording/judge.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

// What may still happen when a process is closed: its records are asked for,
// disposed of and archived, and rights to them change.
bool MayFollowClosing(const Event& event) {
  return event.has_disclosure_requested() || event.has_disclosed() ||
         event.has_gallring_decided() || event.has_key_destroyed() ||
         event.has_package_delivered() || event.has_retention_plan_changed() ||
         event.has_rights_granted() || event.has_rights_withdrawn() ||
         event.has_sealed_data_read() || event.has_secret_data_read();
}

}  // namespace

void JudgeProcess(Judge& judge) {
  const std::string& process = judge.state().process();
  const EntityHistory& own = judge.state().own();
  const Step* registered = own.Last(Event::kProcessRegistered);
  if (judge.event().has_process_registered()) {
    if (registered != nullptr) {
      judge.RefuseEnvelope(Rule::kProcessAlreadyRegistered, "process",
                           {{"process", process}, EventValue(*registered)});
    }
    return;
  }
  if (registered == nullptr) {
    return judge.RefuseEnvelope(Rule::kProcessNotRegistered, "process",
                                {{"process", process}});
  }
  // Whenever it happened: what is closed is read-only. A correction is not.
  const Step* closed = own.Last(Event::kProcessClosed);
  if (closed != nullptr && judge.correction() == nullptr &&
      !MayFollowClosing(judge.event())) {
    judge.RefuseEnvelope(Rule::kProcessClosed, "process",
                         {{"process", process}, EventValue(*closed)});
  }
}

}  // namespace samverk::recording
