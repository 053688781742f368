#include "services/audit/witness/witness_client.h"

#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/audit/growth_proof.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/status_macros.h"

namespace samverk {
namespace {

// Of an answer, in a sentence.
constexpr size_t kShownMost = 200;

std::optional<uint64_t> SizeIn(std::string_view body) {
  const auto line = TakeLine(body);
  if (!line.has_value() || !body.empty()) return std::nullopt;
  return ParseDecimal(*line);
}

absl::Status Refused(const HttpClientAnswer& answer) {
  const std::string why = absl::StrCat(
      "it answers ", answer.status, ": ",
      absl::CHexEscape(
          answer.body.substr(0, answer.body.find('\n')).substr(0, kShownMost)));
  return answer.status >= 500 || answer.status == 429
             ? absl::UnavailableError(why)
             : absl::FailedPreconditionError(why);
}

absl::Status OtherEvents(uint64_t size) {
  return absl::DataLossError(absl::StrCat(
      "it says that it has cosigned other events of this register than its "
      "first ",
      size, ": the log was changed, or somebody else signs with its key"));
}

}  // namespace

WitnessClient::WitnessClient(WitnessAddress address, Prover& prover,
                             absl::Duration timeout)
    : address_(std::move(address)),
      prover_(prover),
      poster_(address_.url + "/add-checkpoint", timeout) {}

absl::StatusOr<NoteSignature> WitnessClient::Ask(
    const SignedCheckpoint& checkpoint, StopSignal& stop) {
  const uint64_t size = checkpoint.checkpoint.tree.size;
  for (bool again = false;; again = true) {
    GrowthProof proof;
    proof.old_size = cosigned_;
    if (cosigned_ > 0) {
      ASSIGN_OR_RETURN(proof.hashes, prover_.Consistency(cosigned_, size));
    }
    proof.checkpoint = FormatNote(checkpoint.note);
    const HttpClientAnswer answer =
        poster_.Post({{{"content-type", "text/plain; charset=utf-8"}},
                      FormatGrowthProof(proof)},
                     stop);
    if (answer.status == 0) return absl::UnavailableError(answer.error);
    if (answer.status == 200) return Signed(answer.body, checkpoint);
    if (answer.status == 422) return OtherEvents(cosigned_);  // it was verified
    const auto theirs =
        answer.status == 409 ? SizeIn(answer.body) : std::nullopt;
    if (!theirs.has_value()) return Refused(answer);
    if (*theirs > size &&
        !absl::IsOutOfRange(prover_.Consistency(size, *theirs).status())) {
      return absl::UnavailableError(
          "somebody else has shown it a later checkpoint meanwhile");
    }
    if (*theirs > size) {
      return absl::DataLossError(absl::StrCat(
          "it says that it has cosigned ", *theirs,
          " events of this register, which has ", size,
          ": an older copy of the log was put in its place, or somebody "
          "else signs with its key"));
    }
    if (*theirs == cosigned_) return OtherEvents(size);
    if (again) return Refused(answer);  // somebody else asks it too
    cosigned_ = *theirs;
  }
}

absl::StatusOr<NoteSignature> WitnessClient::Signed(
    const std::string& lines, const SignedCheckpoint& checkpoint) {
  auto signatures = ParseSignatures(lines);
  if (!signatures.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "its answer is no signature: ", signatures.status().message()));
  }
  for (NoteSignature& signature : *signatures) {
    const SignedNote alone{checkpoint.note.text, {signature}};
    const auto verified = VerifyNote(alone, address_.key);
    if (!verified.ok() || !verified->is_signed) continue;
    cosigned_ = checkpoint.checkpoint.tree.size;
    return std::move(signature);
  }
  return absl::FailedPreconditionError(
      absl::StrCat("its answer has no signature with the key ",
                   FormatVerifier(address_.key), " that holds"));
}

}  // namespace samverk
