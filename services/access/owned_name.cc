#include "services/access/owned_name.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "proto/codec/errors.h"

namespace samverk::access {

bool OwnsName(const Admitted& who, std::string_view name) {
  if (who.HoldsEverywhere(Role::kAdministrator)) return true;
  // An id may have full stops too, and then "mkb.x" could be of two; so theirs
  // ends at the last one.
  const size_t dot = name.rfind('.');
  return dot != std::string_view::npos && dot > 0 &&
         name.substr(0, dot) == who.organisation();
}

absl::Status CheckOwnsName(const Admitted& who, std::string_view name) {
  if (OwnsName(who, name)) return absl::OkStatus();
  const std::string quoted = codec::Quoted(name);
  const std::string beginning(who.organisation());
  return MakeError(
      absl::StatusCode::kPermissionDenied, error::v1::REASON_NOT_PERMITTED,
      who.language() == codec::Language::kSwedish
          ? absl::StrCat("Namnet ", quoted,
                         " är inte er organisations; era namn börjar med ”",
                         beginning, ".”.")
          : absl::StrCat("the name ", quoted,
                         " is not your organisation's; yours begin with \"",
                         beginning, ".\""),
      {{"name", std::string(name)}, {"beginning", beginning + "."}});
}

absl::StatusOr<Admitted> AdmitOwner(Gate& gate,
                                    const grpc::ServerContextBase& context,
                                    std::string_view name, CallKind kind) {
  ASSIGN_OR_RETURN(Admitted who,
                   gate.Admit(context, CallRight::kLoggedIn, kind));
  RETURN_IF_ERROR(CheckOwnsName(who, name));
  return who;
}

}  // namespace samverk::access
