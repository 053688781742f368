// Names that belong to an organisation: of consumer groups and of positions.
#ifndef SAMVERK_SERVICES_ACCESS_OWNED_NAME_H_
#define SAMVERK_SERVICES_ACCESS_OWNED_NAME_H_

#include <grpcpp/server_context.h>

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/access/gate.h"

namespace samverk::access {

// Whether somebody may use what has this name: what stands before its last full
// stop is the id of their organisation ("mkb.ekonomi"). Who runs the register
// (CallRight::kOperates), and everybody where nobody logs in, may use any.
bool OwnsName(const Admitted& who, std::string_view name);

// PERMISSION_DENIED (NOT_PERMITTED) says how a name of theirs begins.
absl::Status CheckOwnsName(const Admitted& who, std::string_view name);

// Lets a call about something with a name in, if it is theirs. Errors as
// Gate::Admit and CheckOwnsName.
absl::StatusOr<Admitted> AdmitOwner(Gate& gate,
                                    const grpc::ServerContextBase& context,
                                    std::string_view name,
                                    CallKind kind = CallKind::kUnary);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_OWNED_NAME_H_
