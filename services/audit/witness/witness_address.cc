#include "services/audit/witness/witness_address.h"

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "services/common/target_url.h"

namespace samverk {

absl::StatusOr<WitnessAddress> ParseWitnessAddress(const std::string& text) {
  const size_t space = text.find(' ');
  if (space == std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text,
                     "\" is no witness; give its public key, a space, and the "
                     "address that it is asked at"));
  }
  WitnessAddress address;
  ASSIGN_OR_RETURN(address.key, ParseVerifier(text.substr(0, space)));
  if (address.key.kind != NoteSignatureKind::kCosignature) {
    return absl::InvalidArgumentError(
        absl::StrCat(text.substr(0, space),
                     " is the key of a log; give that of the witness"));
  }
  address.url = text.substr(space + 1);
  RETURN_IF_ERROR(CheckUrl("witness", address.url, {"https", "http"}));
  while (address.url.ends_with('/')) address.url.pop_back();
  return address;
}

}  // namespace samverk
