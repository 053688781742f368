#include "services/audit/witness/witnessed_logs.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/status_macros.h"
#include "services/audit/witness/witness_limits.h"
#include "services/common/small_file.h"

namespace samverk {
namespace {

absl::Status Damaged() { return absl::FailedPreconditionError("is damaged"); }

std::string HeadLine(size_t logs, std::string_view rest) {
  return absl::StrCat("witness ", logs, " ", HashToBase64(Sha256(rest)));
}

}  // namespace

absl::StatusOr<WitnessedLogs> ReadWitnessedLogs(const std::string& file) {
  ASSIGN_OR_RETURN(
      const std::string bytes,
      ReadSmallFile(file, kWitnessedLogsMost * kWitnessRequestBytesMost));
  WitnessedLogs logs;
  std::string_view rest(bytes);
  const auto head = TakeLine(rest);
  if (!head.has_value()) return Damaged();
  const std::string_view all = rest;
  while (!rest.empty()) {
    const auto line = TakeLine(rest);
    const auto size = line.has_value() ? ParseDecimal(*line) : std::nullopt;
    if (!size.has_value() || *size > rest.size()) return Damaged();
    SignedCheckpoint last;
    auto note = ParseNote(rest.substr(0, *size));
    if (!note.ok()) return Damaged();
    last.note = *std::move(note);
    auto checkpoint = ParseCheckpointText(last.note.text);
    if (!checkpoint.ok()) return Damaged();
    last.checkpoint = *std::move(checkpoint);
    const std::string origin = last.checkpoint.origin;
    if (!logs.emplace(origin, std::move(last)).second) return Damaged();
    rest.remove_prefix(*size);
  }
  // Also what was cut off between two of them.
  if (*head != HeadLine(logs.size(), all)) return Damaged();
  return logs;
}

absl::Status WriteWitnessedLogs(const std::string& file,
                                const WitnessedLogs& logs) {
  std::string bytes;
  for (const auto& [origin, last] : logs) {
    const std::string note = FormatNote(last.note);
    absl::StrAppend(&bytes, note.size(), "\n", note);
  }
  return WriteFileDurably(
      file, absl::StrCat(HeadLine(logs.size(), bytes), "\n", bytes), 0600);
}

}  // namespace samverk
