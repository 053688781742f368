// The sentences of what is not allowed. Pure.
#ifndef SAMVERK_SERVICES_ACCESS_PERMISSION_TEXT_H_
#define SAMVERK_SERVICES_ACCESS_PERMISSION_TEXT_H_

#include <optional>

#include "absl/status/status.h"
#include "proto/codec/text.h"
#include "services/access/permission_table.h"
#include "services/access/permissions.h"

namespace samverk::access {

// Why a recording is refused. Of several, the last one tells most.
enum class RecordDenial {
  kAllowed,
  kNobody,           // who calls did not log in
  kNotTheRecorder,   // the event names another recorder
  kTargetUnknown,    // a correction of what cannot be corrected
  kMachine,          // a machine without the kind
  kRole,             // no role of the caller may
  kNotOwn,           // one may, of its own organisation's
  kRecorderUnknown,  // one may attest, but nobody knows of whose
  kNotTheApprover,   // one may attest, but the event says that another does
  kSamePerson,       // one may attest, but of others'
};

// PERMISSION_DENIED: what was tried, why not, and who may. `row` is that of the
// action's kind, if it matters and there is one.
absl::Status RecordDenied(RecordDenial denial, const Caller& caller,
                          const RecordAction& action, const PermissionRow* row,
                          codec::Language language);

// The same for reading; nullopt: a class that this program does not know. Says
// nothing of the event but its class.
absl::Status ReadDenied(std::optional<VisibilityClass> visibility,
                        const ReadAction& action, codec::Language language);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_PERMISSION_TEXT_H_
