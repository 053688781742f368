#include "services/audit/witness/witnessed_logs.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/status_macros.h"
#include "services/audit/small_file.h"
#include "services/audit/witness/witness_limits.h"

namespace samverk {
namespace {

absl::Status Damaged() { return absl::FailedPreconditionError("is damaged"); }

}  // namespace

absl::StatusOr<WitnessedLogs> ReadWitnessedLogs(const std::string& file) {
  ASSIGN_OR_RETURN(
      const std::string bytes,
      ReadSmallFile(file, kWitnessedLogsMost * kWitnessRequestBytesMost));
  WitnessedLogs logs;
  std::string_view rest(bytes);
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
  return logs;
}

absl::Status WriteWitnessedLogs(const std::string& file,
                                const WitnessedLogs& logs) {
  std::string bytes;
  for (const auto& [origin, last] : logs) {
    const std::string note = FormatNote(last.note);
    absl::StrAppend(&bytes, note.size(), "\n", note);
  }
  return WriteFileDurably(file, bytes, 0600);
}

}  // namespace samverk
