// The checkpoint that a register signed last, as its next start finds it.
#ifndef SAMVERK_SERVICES_AUDIT_KEPT_CHECKPOINT_H_
#define SAMVERK_SERVICES_AUDIT_KEPT_CHECKPOINT_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/audit/checkpoint.h"
#include "eventstore/audit/tree_reader.h"

namespace samverk {

// Reads it; whose signature it has is not looked at. nullopt: there is no such
// file.
//   FAILED_PRECONDITION: it cannot be read, or is no checkpoint; the sentence
//     says what to do.
absl::StatusOr<std::optional<SignedCheckpoint>> ReadKeptCheckpoint(
    const std::string& file);

// OK when the tree of now continues it.
//   DATA_LOSS (DAMAGED): it does not; the sentence says what to do. Or the
//     tree cannot be read.
absl::Status CheckContinues(const SignedCheckpoint& kept,
                            const std::string& file, TreeReader& tree);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_KEPT_CHECKPOINT_H_
