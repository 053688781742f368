#include "services/audit/register_audit.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "services/audit/log_key.h"
#include "services/audit/witness/witness_address.h"
#include "services/audit/witness/witness_limits.h"

namespace samverk {
namespace {

absl::Status TooMany(std::string_view what, size_t given, size_t most) {
  return absl::InvalidArgumentError(
      absl::StrCat("there are ", given, " ", std::string(what), "; at most ",
                   most, " are allowed"));
}

absl::StatusOr<std::vector<WitnessAddress>> ToAsk(
    const std::vector<std::string>& texts) {
  if (texts.size() > kWitnessesMost) {
    return TooMany("witnesses", texts.size(), kWitnessesMost);
  }
  std::vector<WitnessAddress> witnesses;
  std::set<Ed25519PublicKey> keys;
  for (const std::string& text : texts) {
    ASSIGN_OR_RETURN(WitnessAddress witness, ParseWitnessAddress(text));
    if (!keys.insert(witness.key.key).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("the key of the witness ", witness.key.name,
                       " is given twice; leave one out"));
    }
    witnesses.push_back(std::move(witness));
  }
  return witnesses;
}

absl::StatusOr<std::vector<NoteVerifier>> ToCosign(
    const std::vector<std::string>& texts) {
  if (texts.size() > kWitnessedLogsMost) {
    return TooMany("logs to be a witness to", texts.size(), kWitnessedLogsMost);
  }
  std::vector<NoteVerifier> logs;
  for (const std::string& text : texts) {
    ASSIGN_OR_RETURN(NoteVerifier log, ParseVerifier(text));
    if (log.kind != NoteSignatureKind::kEd25519) {
      return absl::InvalidArgumentError(
          absl::StrCat(text, " is the key of a witness; give that of the log"));
    }
    logs.push_back(std::move(log));
  }
  return logs;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RegisterAudit>> RegisterAudit::Open(
    Options options) {
  // What was written wrong is said before anything is changed.
  ASSIGN_OR_RETURN(std::vector<WitnessAddress> witnesses,
                   ToAsk(options.witnesses));
  ASSIGN_OR_RETURN(std::vector<NoteVerifier> logs,
                   ToCosign(options.witness_for));
  const std::string name = LogNameOf(options.register_name);
  std::unique_ptr<RegisterAudit> audit(new RegisterAudit());
  ASSIGN_OR_RETURN(audit->signer_, CheckpointSigner::Open(
                                       {.store = options.store,
                                        .tree = options.tree,
                                        .register_name = options.register_name,
                                        .directory = options.secrets,
                                        .new_key = options.new_key,
                                        .accept_loss = options.accept_loss,
                                        .warn = options.warn}));
  CheckpointSigner& signer = *audit->signer_;
  audit->tiles_ =
      std::make_unique<TilePages>(*options.store, *options.tree, signer);
  audit->prover_ =
      std::make_unique<Prover>(*options.store, *options.tree, signer);
  if (!logs.empty()) {
    ASSIGN_OR_RETURN(audit->witness_,
                     Witness::Open({.directory = options.secrets,
                                    .name = name + "/witness",
                                    .logs = std::move(logs),
                                    .clock = options.clock,
                                    .warn = options.warn}));
  }
  if (!witnesses.empty()) {
    audit->cosigner_ = std::make_unique<Cosigner>(
        Cosigner::Options{.signer = &signer,
                          .prover = audit->prover_.get(),
                          .witnesses = std::move(witnesses),
                          .warn = options.warn});
  }
  if (options.scrub_bytes_per_second > 0) {
    audit->scrubber_ = std::make_unique<Scrubber>(
        Scrubber::Options{.store = options.store,
                          .tree = options.tree,
                          .bytes_per_second = options.scrub_bytes_per_second,
                          .warn = options.warn});
  }
  return audit;
}

std::optional<NoteVerifier> RegisterAudit::WitnessKey() const {
  if (witness_ == nullptr) return std::nullopt;
  return witness_->Verifier();
}

std::optional<HttpAnswer> RegisterAudit::Page(const HttpRequest& request) {
  return tiles_->Answer(request);
}

std::optional<HttpAnswer> RegisterAudit::WitnessPage(
    const HttpRequest& request) {
  if (witness_ == nullptr || request.path != "/add-checkpoint") {
    return std::nullopt;
  }
  return witness_->AddCheckpoint(request);
}

std::vector<Cosigner::State> RegisterAudit::Witnesses() {
  return cosigner_ == nullptr ? std::vector<Cosigner::State>()
                              : cosigner_->States();
}

std::optional<Scrubber::State> RegisterAudit::Scrub() const {
  if (scrubber_ == nullptr) return std::nullopt;
  return scrubber_->GetState();
}

std::vector<std::string> RegisterAudit::Problems() {
  std::vector<std::string> problems;
  if (const std::string problem = signer_->problem(); !problem.empty()) {
    problems.push_back(absl::StrCat("no checkpoint can be signed: ", problem));
  }
  for (const Cosigner::State& witness : Witnesses()) {
    if (witness.problem.empty()) continue;
    problems.push_back(absl::StrCat("the witness ", witness.name,
                                    " does not cosign: ", witness.problem));
  }
  if (const auto scrub = Scrub(); scrub.has_value() && scrub->damaged > 0) {
    problems.push_back(absl::StrCat("the log is damaged at event ",
                                    scrub->damaged, ": ", scrub->damage));
  }
  return problems;
}

}  // namespace samverk
