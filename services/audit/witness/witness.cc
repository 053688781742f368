#include "services/audit/witness/witness.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "eventstore/audit/growth_proof.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/status_macros.h"
#include "services/audit/note_key_file.h"
#include "services/audit/witness/witness_limits.h"
#include "services/common/small_file.h"

namespace samverk {
namespace {

NoteKeyFile WitnessKeyFile(const Witness::Options& options) {
  return {options.directory + "/witness-key", options.name,
          NoteSignatureKind::kCosignature,
          "the key that this witness cosigns with",
          "take it and witness-checkpoints away, and become another witness, "
          "whom logs and their readers must be told of"};
}

std::string LastFile(const std::string& directory) {
  return directory + "/witness-checkpoints";
}

constexpr char kNoOlderCopy[] =
    "an older copy would let it cosign two histories, so ";

absl::Status Missing(const NoteKeyFile& key, const std::string& last,
                     bool has_key) {
  return absl::FailedPreconditionError(
      has_key
          ? absl::StrCat("what this witness has cosigned is not there, ", last,
                         ", although its key is; ", kNoOlderCopy, key.otherwise)
          : absl::StrCat(key.what, " is not there, ", key.path, ", although ",
                         last,
                         " is; put back the file that was kept of it, or ",
                         key.otherwise));
}

HttpAnswer Refusal(int status, std::string why) {
  return {.status = status, .body = std::move(why) + "\n"};
}

// The size that the next request has to begin at.
HttpAnswer Conflict(uint64_t size) {
  return {.status = 409,
          .type = "text/x.tlog.size",
          .body = absl::StrCat(size, "\n")};
}

}  // namespace

Witness::Witness(Options options, NoteSigner key, WitnessedLogs last)
    : options_(std::move(options)),
      key_(std::move(key)),
      file_(LastFile(options_.directory)),
      last_(std::move(last)) {}

absl::StatusOr<std::unique_ptr<Witness>> Witness::Open(Options options) {
  const NoteKeyFile key_file = WitnessKeyFile(options);
  const std::string last_file = LastFile(options.directory);
  auto key = ReadNoteKey(key_file);
  auto last = ReadWitnessedLogs(last_file);
  const bool has_key = !absl::IsNotFound(key.status());
  // A first start that was cut short leaves an empty one, and no key.
  const bool has_last =
      last.ok() ? has_key || !last->empty() : !absl::IsNotFound(last.status());
  if (has_key != has_last) return Missing(key_file, last_file, has_key);
  if (!has_key) {
    RETURN_IF_ERROR(MakeSecretDirectory(options.directory));
    last = WitnessedLogs();
    RETURN_IF_ERROR(WriteWitnessedLogs(last_file, *last));
    key = MakeNoteKey(key_file);
  }
  if (!key.ok()) return key.status();
  if (!last.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("what this witness has cosigned, ", last_file, ", ",
                     std::string(last.status().message()), "; ", kNoOlderCopy,
                     key_file.otherwise));
  }
  return std::unique_ptr<Witness>(
      new Witness(std::move(options), *std::move(key), *std::move(last)));
}

HttpAnswer Witness::AddCheckpoint(const HttpRequest& request) {
  if (request.method != "POST") {
    HttpAnswer answer = Refusal(405, "send this as POST");
    answer.headers = {{"Allow", "POST"}};
    return answer;
  }
  const auto body = request.read_body(kWitnessRequestBytesMost);
  if (!body.ok()) {
    return Refusal(absl::IsResourceExhausted(body.status()) ? 413 : 400,
                   std::string(body.status().message()));
  }
  const auto proof = ParseGrowthProof(*body);
  if (!proof.ok()) return Refusal(400, std::string(proof.status().message()));
  auto trusted = Trusted(proof->checkpoint);
  if (auto* refused = std::get_if<HttpAnswer>(&trusted)) return *refused;
  return Cosign(proof->old_size, proof->hashes,
                std::get<SignedCheckpoint>(std::move(trusted)));
}

std::variant<SignedCheckpoint, HttpAnswer> Witness::Trusted(
    const std::string& bytes) const {
  auto note = ParseNote(bytes);
  if (!note.ok()) return Refusal(400, std::string(note.status().message()));
  auto checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint.ok()) {
    return Refusal(400, std::string(checkpoint.status().message()));
  }
  bool known = false;
  for (const NoteVerifier& log : options_.logs) {
    if (log.name != checkpoint->origin) continue;
    known = true;
    const auto verified = VerifyNote(*note, log);
    if (!verified.ok() || !verified->is_signed) continue;
    SignedCheckpoint trusted{*std::move(checkpoint), {note->text, {}}};
    for (const NoteSignature& signature : note->signatures) {
      if (signature.name != log.name || signature.key_id != log.Id()) continue;
      trusted.note.signatures = {signature};
    }
    return trusted;
  }
  return known ? Refusal(403, "no key that is known here has signed it")
               : Refusal(404, "this witness does not know the log");
}

HttpAnswer Witness::Cosign(uint64_t old_size, absl::Span<const Hash> hashes,
                           SignedCheckpoint asked) {
  const TreeHead& tree = asked.checkpoint.tree;
  if (old_size > tree.size) {
    return Refusal(400,
                   absl::StrCat("the old size, ", old_size,
                                ", is more than the new one, ", tree.size));
  }
  const std::string& origin = asked.checkpoint.origin;
  MutexLock lock(mu_);
  const auto known = last_.find(origin);
  const TreeHead before =
      known == last_.end() ? TreeHead() : known->second.checkpoint.tree;
  if (old_size != before.size) return Conflict(before.size);
  if (before.size == tree.size && before.root != tree.root) {
    KeepEvidence(known->second, asked);  // a tree of nothing has one root
    return Conflict(before.size);
  }
  const absl::Status holds = VerifyConsistency(before, tree, hashes);
  if (!holds.ok()) return Refusal(422, std::string(holds.message()));
  const NoteSignature cosignature =
      SignText(asked.note.text, key_, options_.clock->Now());
  // What is known already need not be written again.
  if (known == last_.end() || known->second.checkpoint != asked.checkpoint) {
    WitnessedLogs next = last_;
    next[origin] = std::move(asked);
    const absl::Status kept = WriteWitnessedLogs(file_, next);
    if (!kept.ok()) return Refusal(503, std::string(kept.message()));
    last_ = std::move(next);
  }
  return {.body = SignatureLine(cosignature)};
}

void Witness::KeepEvidence(const SignedCheckpoint& one,
                           const SignedCheckpoint& other) {
  const Hash id = Sha256(one.checkpoint.origin);
  const std::string file =
      absl::StrFormat("%s/witness-conflict-%08x", options_.directory,
                      GetBig32(reinterpret_cast<const char*>(id.data())));
  // The first of a log is enough, and cannot be pushed out.
  if (ReadSmallFile(file + "-1", kNoteBytes).ok()) return;
  absl::Status kept = WriteFileDurably(file + "-2", FormatNote(other.note));
  if (kept.ok()) kept = WriteFileDurably(file + "-1", FormatNote(one.note));
  if (!options_.warn) return;
  options_.warn(absl::StrCat(
      one.checkpoint.origin, " has signed two histories of ",
      one.checkpoint.tree.size, " events; ",
      kept.ok() ? absl::StrCat("the evidence is kept: ", file, "-1 and -2")
                : absl::StrCat("the evidence cannot be kept: ",
                               std::string(kept.message()))));
}

}  // namespace samverk
