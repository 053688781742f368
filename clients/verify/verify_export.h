// Verifies a register that was exported as a whole.
#ifndef SAMVERK_CLIENTS_VERIFY_VERIFY_EXPORT_H_
#define SAMVERK_CLIENTS_VERIFY_VERIFY_EXPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "eventstore/audit/checkpoint.h"
#include "eventstore/audit/verifier.h"

namespace samverk::verify {

// What an export holds, beside schemas, a README and tiles (docs/audit.md).
inline constexpr char kCheckpointFile[] = "checkpoint";
inline constexpr char kKeyFile[] = "register.key";
inline constexpr char kEventsFile[] = "events.jsonl";

// Verifies that the records in a directory are those that the register has
// signed, all of them and in their order; that the tiles of hashes are theirs;
// and that each line of events.jsonl stands for the record of its number. The
// words on a line are a reading of the record, which is not verified here.
//   INVALID_ARGUMENT: it is no export, or a file of it cannot be read.
//   FAILED_PRECONDITION: it is another register's.
//   DATA_LOSS: it does not hold; the sentence names the first event, or the
//     first tile, that is not what was signed.
absl::StatusOr<Verified> VerifyExport(const std::string& directory,
                                      const ProofVerifier& verifier);

}  // namespace samverk::verify

#endif  // SAMVERK_CLIENTS_VERIFY_VERIFY_EXPORT_H_
