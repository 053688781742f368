#include "eventstore/audit/tlog_proof.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

absl::Status NotAProof(std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is no proof (tlog-proof@v1): ", ToAbsl(why)));
}

// The rest of a line that begins so, taken off `rest`; nullopt when the next
// line does not.
std::optional<std::string_view> TakeLineOf(std::string_view word,
                                           std::string_view& rest) {
  if (rest.substr(0, word.size()) != word) return std::nullopt;
  const auto line = TakeLine(rest);
  if (!line.has_value()) return std::nullopt;
  return line->substr(word.size());
}

}  // namespace

std::string FormatTlogProof(const TlogProof& proof) {
  std::string text = absl::StrCat(ToAbsl(kFirstLine), "\n");
  if (!proof.extra.empty()) {
    absl::StrAppend(&text, ToAbsl(kExtra), ToBase64(proof.extra), "\n");
  }
  absl::StrAppend(&text, ToAbsl(kIndex), proof.index, "\n");
  absl::StrAppend(&text, FormatHashes(proof.hashes), "\n", proof.checkpoint);
  return text;
}

absl::StatusOr<TlogProof> ParseTlogProof(std::string_view bytes) {
  TlogProof proof;
  if (TakeLine(bytes) != kFirstLine) {
    return NotAProof("its first line is another");
  }
  if (const auto extra = TakeLineOf(kExtra, bytes); extra.has_value()) {
    const auto given = FromBase64(*extra);
    if (!given.has_value() || given->empty()) {
      return NotAProof("what follows \"extra\" is not base64");
    }
    proof.extra = *given;
  }
  const auto index = TakeLineOf(kIndex, bytes);
  const auto number = index.has_value() ? ParseDecimal(*index) : std::nullopt;
  if (!number.has_value()) return NotAProof("it has no \"index NUMBER\"");
  proof.index = *number;
  const auto hashes = TakeHashes(bytes);
  if (!hashes.has_value()) return NotAProof(kHashesWanted);
  proof.hashes = *hashes;
  proof.checkpoint = std::string(bytes);
  return proof;
}

absl::StatusOr<SignedCheckpoint> VerifyTlogProof(const TlogProof& proof,
                                                 std::string_view entry,
                                                 const NoteVerifier& log) {
  ASSIGN_OR_RETURN(SignedCheckpoint opened,
                   OpenCheckpoint(proof.checkpoint, log));
  RETURN_IF_ERROR(VerifyInclusion(LeafHash(entry), LeafIndex(proof.index),
                                  opened.checkpoint.tree, proof.hashes));
  return opened;
}

}  // namespace samverk
