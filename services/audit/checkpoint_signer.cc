#include "services/audit/checkpoint_signer.h"

#include <unistd.h>

#include <cstdio>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/thread_name.h"
#include "services/audit/kept_checkpoint.h"
#include "services/audit/log_key.h"

namespace samverk {
namespace {

// How long the thread looks at the log at a time: it may have to stop.
constexpr absl::Duration kLook = absl::Milliseconds(500);
constexpr absl::Duration kAfterFailure = absl::Seconds(5);

std::string KeptFile(const std::string& directory) {
  return directory + "/log-checkpoint";
}

// Another name for what is replaced, one that is free.
void KeepAside(const std::string& file, const std::string& as) {
  std::string aside = absl::StrCat(file, as);
  for (int n = 2; access(aside.c_str(), F_OK) == 0; ++n) {
    aside = absl::StrCat(file, as, ".", n);
  }
  std::rename(file.c_str(), aside.c_str());  // if there is one
}

void Tell(const CheckpointSigner::Options& options, const std::string& text) {
  if (options.warn) options.warn(text);
}

// Whether the key signed what is kept.
bool SignedWith(const NoteSigner& key, const SignedCheckpoint& kept) {
  const auto verified = VerifyNote(kept.note, key.Verifier());
  return verified.ok() && verified->is_signed;
}

absl::Status Missing(const std::string& what, const std::string& file,
                     std::string_view action) {
  return absl::FailedPreconditionError(
      absl::StrCat(what, " is not there, ", file,
                   "; put back the file that was kept of it, or start once ",
                   ToAbsl(action)));
}

constexpr std::string_view kWithNewKey =
    "with --new-log-key, which makes another one that outsiders must be told "
    "of";

// The key that is there, when it belongs to what is kept; nullopt: one has to
// be made.
absl::StatusOr<std::optional<NoteSigner>> FindKey(
    const CheckpointSigner::Options& options, const std::string& name,
    const std::optional<SignedCheckpoint>& kept) {
  const NoteKeyFile wanted = LogKeyFile(options.directory, name);
  const std::string& file = wanted.path;
  auto key = ReadNoteKey(wanted);
  if (options.new_key) return std::optional<NoteSigner>();
  if (absl::IsNotFound(key.status())) {
    if (!kept.has_value()) return std::optional<NoteSigner>();
    return Missing("the key that checkpoints were signed with", file,
                   kWithNewKey);
  }
  if (!key.ok()) return key.status();
  if (kept.has_value() && !SignedWith(*key, *kept)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the checkpoint that was signed last, ", KeptFile(options.directory),
        ", is not signed with the key ", FormatVerifier(key->Verifier()),
        " in ", file, "; put back what belongs together, or start once ",
        ToAbsl(kWithNewKey)));
  }
  const bool has_events = options.tree->CurrentTree().size > 0;
  if (!kept.has_value() && has_events && !options.accept_loss) {
    return Missing("the checkpoint that was signed last",
                   KeptFile(options.directory),
                   "with --rebuild, if nobody has a later one than the log "
                   "has events: a register must not sign two histories");
  }
  return std::optional<NoteSigner>(*std::move(key));
}

absl::StatusOr<NoteSigner> MakeKey(const CheckpointSigner::Options& options,
                                   const std::string& name) {
  const NoteKeyFile wanted = LogKeyFile(options.directory, name);
  const std::string& file = wanted.path;
  const auto old = ReadNoteKey(wanted);
  KeepAside(file, old.ok()
                      ? absl::StrFormat(".replaced-%08x", old->Verifier().Id())
                      : ".replaced");
  ASSIGN_OR_RETURN(NoteSigner key, MakeNoteKey(wanted));
  Tell(options,
       absl::StrCat("a new key for checkpoints was made; keep a copy "
                    "of ",
                    file, " in a safe place, and publish the public key: ",
                    FormatVerifier(key.Verifier())));
  return key;
}

}  // namespace

CheckpointSigner::CheckpointSigner(Options options, NoteSigner key)
    : options_(std::move(options)),
      key_(std::move(key)),
      file_(KeptFile(options_.directory)) {}

absl::StatusOr<std::unique_ptr<CheckpointSigner>> CheckpointSigner::Open(
    Options options) {
  const std::string name = LogNameOf(options.register_name);
  const std::string file = KeptFile(options.directory);
  // All is looked at before anything is changed.
  auto kept = ReadKeptCheckpoint(file);
  if (!kept.ok()) {
    if (!options.accept_loss) return kept.status();
    Tell(options, std::string(kept.status().message()));
    KeepAside(file, ".unreadable");
    kept = std::optional<SignedCheckpoint>();
  }
  if (kept->has_value()) {
    const absl::Status continues = CheckContinues(**kept, file, *options.tree);
    if (!continues.ok()) {
      if (!options.accept_loss) return continues;
      const uint64_t size = (*kept)->checkpoint.tree.size;
      const std::string aside = absl::StrCat(".lost-", size);
      Tell(options,
           absl::StrCat("signing another history than before, as told: ",
                        "the last checkpoint covered ", size,
                        " events, the log has ",
                        options.tree->CurrentTree().size, "; it is kept as ",
                        file, aside));
      KeepAside(file, aside);
      kept = std::optional<SignedCheckpoint>();
    }
  }
  ASSIGN_OR_RETURN(std::optional<NoteSigner> key,
                   FindKey(options, name, *kept));
  const bool ours = key.has_value();
  if (!ours) {
    ASSIGN_OR_RETURN(key, MakeKey(options, name));
  }
  auto signer = std::unique_ptr<CheckpointSigner>(
      new CheckpointSigner(std::move(options), *std::move(key)));
  if (ours && kept->has_value()) {
    MutexLock lock(signer->mu_);
    signer->latest_ = **kept;
  } else {
    RETURN_IF_ERROR(signer->SignFirst());
  }
  RETURN_IF_ERROR(signer->Sign());
  signer->thread_ = std::thread([made = signer.get()] { made->Run(); });
  return signer;
}

CheckpointSigner::~CheckpointSigner() {
  {
    MutexLock lock(mu_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (!thread_.joinable()) return;
  thread_.join();
  if (!Sign().ok()) Warn("the last events are not covered by a checkpoint yet");
}

void CheckpointSigner::Warn(std::string_view text) const {
  if (options_.warn) options_.warn(text);
}

SignedCheckpoint CheckpointSigner::Latest() const {
  MutexLock lock(mu_);
  return latest_;
}

void CheckpointSigner::TakeCosigned(
    SignedCheckpoint checkpoint, std::chrono::steady_clock::time_point since) {
  MutexLock lock(mu_);
  cosigned_ = std::move(checkpoint);
  cosigned_since_ = since;
}

std::string CheckpointSigner::problem() const {
  MutexLock lock(mu_);
  return problem_;
}

absl::StatusOr<SignedCheckpoint> CheckpointSigner::Covering(Position position) {
  {
    MutexLock lock(mu_);
    const uint64_t latest = latest_.checkpoint.tree.size;
    if (cosigned_.has_value() &&
        cosigned_->checkpoint.tree.size >= position.value() &&
        (cosigned_->checkpoint.tree.size == latest ||
         std::chrono::steady_clock::now() < cosigned_since_ + kCosignedIsNew)) {
      return *cosigned_;
    }
    if (problem_.empty() && latest >= position.value()) return latest_;
  }
  RETURN_IF_ERROR(Sign());
  return Latest();
}

absl::StatusOr<SignedCheckpoint> CheckpointSigner::CoveringCosigned(
    Position position) {
  {
    MutexLock lock(mu_);
    if (cosigned_.has_value() &&
        cosigned_->checkpoint.tree.size >= position.value()) {
      return *cosigned_;
    }
  }
  return Covering(position);
}

absl::Status CheckpointSigner::SignFirst() {
  const SignedCheckpoint first =
      SignCheckpoint(options_.tree->CurrentTree(), key_);
  RETURN_IF_ERROR(WriteFileDurably(file_, FormatNote(first.note)));
  MutexLock lock(mu_);
  latest_ = first;
  return absl::OkStatus();
}

absl::Status CheckpointSigner::Sign() {
  MutexLock one_at_a_time(signing_);
  const TreeHead tree = options_.tree->CurrentTree();
  if (tree.size == Latest().checkpoint.tree.size) return absl::OkStatus();
  SignedCheckpoint made = SignCheckpoint(tree, key_);
  const absl::Status kept = WriteFileDurably(file_, FormatNote(made.note));
  MutexLock lock(mu_);
  problem_ = std::string(kept.message());
  if (kept.ok()) latest_ = std::move(made);
  return kept;
}

bool CheckpointSigner::Pause(absl::Duration duration) {
  const absl::Time until = absl::Now() + duration;
  MutexLock lock(mu_);
  while (!stopping_ && changed_.WaitUntil(mu_, until)) {
  }
  return !stopping_;
}

void CheckpointSigner::Run() {
  SetThreadName("checkpoints");
  bool failing = false;
  do {
    const Position signed_to(Latest().checkpoint.tree.size);
    const auto grown =
        options_.store->AwaitBeyond(signed_to, absl::Now() + kLook);
    if (absl::IsUnavailable(grown.status())) return;
    if (!grown.ok()) continue;
    const absl::Status done = Sign();
    if (done.ok() == failing) {
      Warn(done.ok()
               ? "checkpoints are signed again"
               : absl::StrCat("no checkpoint can be signed: ", done.message()));
    }
    failing = !done.ok();
  } while (Pause(failing ? kAfterFailure : options_.interval));
}

}  // namespace samverk
