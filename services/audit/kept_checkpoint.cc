#include "services/audit/kept_checkpoint.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/common/small_file.h"

namespace samverk {
namespace {

absl::Status Unusable(const std::string& file, std::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the checkpoint that was signed last, ", file, ", ", ToAbsl(why),
      "; put back a copy of it, or one that was given out. If there is none, "
      "start once with --rebuild"));
}

absl::Status NotAContinuation(const std::string& file, std::string_view why) {
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat("the log is not a continuation of the checkpoint that was "
                   "signed last (",
                   file, "): ", ToAbsl(why),
                   ". Was an older copy of the log put in its place? Put the "
                   "newest one back. If what was recorded since is lost, start "
                   "once with --rebuild: outsiders who keep the checkpoint "
                   "will see the loss"),
      {{"where", file}});
}

}  // namespace

absl::StatusOr<std::optional<SignedCheckpoint>> ReadKeptCheckpoint(
    const std::string& file) {
  const auto bytes = ReadSmallFile(file, kNoteBytes);
  if (absl::IsNotFound(bytes.status())) {
    return std::optional<SignedCheckpoint>();
  }
  if (!bytes.ok()) return Unusable(file, ToStd(bytes.status().message()));
  SignedCheckpoint kept;
  auto note = ParseNote(*bytes);
  if (!note.ok()) return Unusable(file, ToStd(note.status().message()));
  kept.note = *std::move(note);
  auto checkpoint = ParseCheckpointText(kept.note.text);
  if (!checkpoint.ok()) {
    return Unusable(file, ToStd(checkpoint.status().message()));
  }
  kept.checkpoint = *std::move(checkpoint);
  return std::optional<SignedCheckpoint>(std::move(kept));
}

absl::Status CheckContinues(const SignedCheckpoint& kept,
                            const std::string& file, TreeReader& tree) {
  const TreeHead& then = kept.checkpoint.tree;
  const TreeHead now = tree.CurrentTree();
  if (then.size > now.size) {
    return NotAContinuation(
        file, absl::StrCat("that covers ", then.size, " events, and the log ",
                           "has ", now.size));
  }
  ASSIGN_OR_RETURN(const Hash root,
                   RootAt(then.size, [&tree](uint32_t level, uint64_t index) {
                     return tree.ReadNode(level, index);
                   }));
  if (root == then.root) return absl::OkStatus();
  return NotAContinuation(
      file, absl::StrCat("the first ", then.size, " events are others"));
}

}  // namespace samverk
