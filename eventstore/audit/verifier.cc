#include "eventstore/audit/verifier.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/growth_proof.h"
#include "eventstore/audit/tlog_proof.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "eventstore/record.h"

namespace samverk {
namespace {

bool BeginsWith(std::string_view bytes, std::string_view with) {
  return bytes.substr(0, with.size()) == with;
}

}  // namespace

absl::StatusOr<Verified> ProofVerifier::Verify(std::string_view bytes) {
  if (BeginsWith(bytes, "c2sp.org/tlog-proof@")) return VerifyEvent(bytes);
  if (BeginsWith(bytes, "old ")) return VerifyGrowth(bytes);
  ASSIGN_OR_RETURN(Verified opened, Open(bytes));
  RETURN_IF_ERROR(Remember(opened.checkpoint));
  return opened;
}

absl::StatusOr<Verified> ProofVerifier::Open(std::string_view note) const {
  absl::StatusOr<SignedCheckpoint> opened = OpenCheckpoint(note, logs_[0]);
  for (size_t i = 1; i < logs_.size(); ++i) {
    // Another key's is no reason to give up; one that does not hold is.
    if (!absl::IsFailedPrecondition(opened.status())) break;
    opened = OpenCheckpoint(note, logs_[i]);
  }
  RETURN_IF_ERROR(opened.status());
  Verified verified{.checkpoint = std::move(opened->checkpoint)};
  for (const NoteVerifier& witness : policy_.witnesses) {
    ASSIGN_OR_RETURN(const NoteVerification by,
                     VerifyNote(opened->note, witness));
    if (by.is_signed) verified.cosigned.push_back({witness.name, by.time});
  }
  if (verified.cosigned.size() < policy_.needed) {
    return absl::FailedPreconditionError(absl::StrCat(
        "of the witnesses that were given ", verified.cosigned.size(),
        " have signed the checkpoint, and ", policy_.needed, " are needed"));
  }
  return verified;
}

absl::StatusOr<Verified> ProofVerifier::VerifyEvent(std::string_view bytes) {
  ASSIGN_OR_RETURN(const TlogProof proof, ParseTlogProof(bytes));
  if (proof.extra.empty()) {
    return absl::InvalidArgumentError(
        "the proof has no record (\"extra\"), so it says nothing of an event");
  }
  ASSIGN_OR_RETURN(Verified opened, Open(proof.checkpoint));
  RETURN_IF_ERROR(VerifyInclusion(LeafHash(proof.extra), LeafIndex(proof.index),
                                  opened.checkpoint.tree, proof.hashes));
  RETURN_IF_ERROR(Remember(opened.checkpoint));
  // The bytes are those that were recorded; what they say is the register's.
  const auto view = RecordView::Of(proof.extra);
  const auto decoded = view.ok() ? DecodeBody(view->body()) : view.status();
  if (!decoded.ok()) {
    return absl::DataLossError(absl::StrCat(
        "the entry is in the log, but it is no record of an event: it was made "
        "by something else, or by a later program"));
  }
  const RecordView& record = *view;
  const BodyView& body = *decoded;
  if (record.position().value() != proof.index + 1) {
    return absl::DataLossError(
        absl::StrCat("the record says position ", record.position().value(),
                     ", and it is at ", proof.index + 1,
                     " in the log: the register did not keep its own rules"));
  }
  ProvedEvent event;
  event.position = record.position().value();
  event.id = FormatUuid(body.id);
  event.type = std::string(body.type);
  event.stream = std::string(body.stream);
  event.recorded_at = absl::FromUnixMicros(record.header().recorded_at_us);
  opened.event = std::move(event);
  return opened;
}

absl::StatusOr<Verified> ProofVerifier::VerifyGrowth(std::string_view bytes) {
  ASSIGN_OR_RETURN(const GrowthProof proof, ParseGrowthProof(bytes));
  const auto before = checkpoints_.find(proof.old_size);
  if (before == checkpoints_.end()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the proof begins at ", proof.old_size,
                     " events; give the checkpoint of so many before it"));
  }
  ASSIGN_OR_RETURN(Verified after, Open(proof.checkpoint));
  RETURN_IF_ERROR(VerifyConsistency(before->second.tree, after.checkpoint.tree,
                                    proof.hashes));
  RETURN_IF_ERROR(Remember(after.checkpoint));
  after.grown_from = proof.old_size;
  return after;
}

absl::Status ProofVerifier::Remember(const Checkpoint& checkpoint) {
  const auto [known, is_new] =
      checkpoints_.emplace(checkpoint.tree.size, checkpoint);
  if (is_new || known->second.tree == checkpoint.tree) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat("the register has signed two different histories of ",
                   checkpoint.tree.size,
                   " events; keep both checkpoints, they are the evidence"));
}

}  // namespace samverk
