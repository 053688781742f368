#include "eventstore/audit/checkpoint.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

absl::Status NotACheckpoint(std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is no checkpoint: ", ToAbsl(why)));
}

}  // namespace

std::string CheckpointText(const Checkpoint& checkpoint) {
  std::string text =
      absl::StrCat(checkpoint.origin, "\n", checkpoint.tree.size, "\n",
                   HashToBase64(checkpoint.tree.root), "\n");
  for (const std::string& line : checkpoint.extensions) {
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

absl::StatusOr<Checkpoint> ParseCheckpointText(std::string_view text) {
  Checkpoint checkpoint;
  const auto origin = TakeLine(text);
  if (!origin.has_value() || origin->empty()) {
    return NotACheckpoint("its first line names no log");
  }
  checkpoint.origin = std::string(*origin);
  const auto size = TakeLine(text);
  const auto number = size.has_value() ? ParseDecimal(*size) : std::nullopt;
  if (!number.has_value()) {
    return NotACheckpoint("its second line is not a number of leaves");
  }
  checkpoint.tree.size = *number;
  const auto root = TakeLine(text);
  const auto hash = root.has_value() ? HashFromBase64(*root) : std::nullopt;
  if (!hash.has_value()) {
    return NotACheckpoint("its third line is not a hash in base64");
  }
  checkpoint.tree.root = *hash;
  if (*number == 0 && *hash != EmptyRoot()) {
    return NotACheckpoint("a tree without leaves has another root");
  }
  while (!text.empty()) {
    const auto line = TakeLine(text);
    if (!line.has_value() || line->empty()) {
      return NotACheckpoint("a line after the third is empty or does not end");
    }
    checkpoint.extensions.emplace_back(*line);
  }
  return checkpoint;
}

absl::StatusOr<SignedCheckpoint> OpenCheckpoint(std::string_view bytes,
                                                const NoteVerifier& log) {
  SignedCheckpoint opened;
  ASSIGN_OR_RETURN(opened.note, ParseNote(bytes));
  ASSIGN_OR_RETURN(opened.checkpoint, ParseCheckpointText(opened.note.text));
  if (opened.checkpoint.origin != log.name) {
    return absl::FailedPreconditionError(
        absl::StrCat("the checkpoint is of ", opened.checkpoint.origin,
                     ", and the key is that of ", log.name));
  }
  ASSIGN_OR_RETURN(const NoteVerification verification,
                   VerifyNote(opened.note, log));
  if (!verification.is_signed) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the checkpoint is not signed with the key ", FormatVerifier(log)));
  }
  return opened;
}

SignedCheckpoint SignCheckpoint(const TreeHead& tree, const NoteSigner& log) {
  SignedCheckpoint made;
  made.checkpoint = {log.name, tree, {}};
  made.note.text = CheckpointText(made.checkpoint);
  made.note.signatures = {SignText(made.note.text, log, absl::InfinitePast())};
  return made;
}

}  // namespace samverk
