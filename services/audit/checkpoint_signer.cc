#include "services/audit/checkpoint_signer.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/thread_name.h"

namespace samverk {
namespace {

// How long the thread looks at the log at a time: it may have to stop.
constexpr absl::Duration kLook = absl::Milliseconds(500);
constexpr absl::Duration kAfterFailure = absl::Seconds(5);

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

absl::StatusOr<std::unique_ptr<CheckpointSigner>> CheckpointSigner::Open(
    Options options) {
  auto signer = std::unique_ptr<CheckpointSigner>(
      new CheckpointSigner(std::move(options)));
  if (!signer->options_.accept_loss) RETURN_IF_ERROR(signer->TakeKept());
  if (signer->Latest().note.signatures.empty()) {
    // Also of a tree without events.
    const SignedCheckpoint first = SignCheckpoint(
        signer->options_.tree->CurrentTree(), signer->options_.key);
    RETURN_IF_ERROR(
        WriteFileDurably(signer->options_.file, FormatNote(first.note)));
    MutexLock lock(signer->mu_);
    signer->latest_ = first;
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
  if (thread_.joinable()) thread_.join();
}

absl::Status CheckpointSigner::TakeKept() {
  std::ifstream file(options_.file, std::ios::binary);
  if (!file.is_open()) return absl::OkStatus();
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  auto kept = OpenCheckpoint(bytes, Verifier());
  // Signed with a key that was replaced: the tree still has to go on from it.
  const bool ours = kept.ok();
  if (absl::IsFailedPrecondition(kept.status())) {
    kept = SignedCheckpoint();
    ASSIGN_OR_RETURN(kept->note, ParseNote(bytes));
    ASSIGN_OR_RETURN(kept->checkpoint, ParseCheckpointText(kept->note.text));
  }
  if (!kept.ok()) {
    return NotAContinuation(options_.file, ToStd(kept.status().message()));
  }
  const TreeHead& then = kept->checkpoint.tree;
  const TreeHead now = options_.tree->CurrentTree();
  if (then.size > now.size) {
    return NotAContinuation(
        options_.file, absl::StrCat("that covers ", then.size,
                                    " events, and the log has ", now.size));
  }
  const auto root = RootAt(then.size, [this](uint32_t level, uint64_t index) {
    return options_.tree->ReadNode(level, index);
  });
  if (!root.ok()) return root.status();
  if (*root != then.root) {
    return NotAContinuation(options_.file, absl::StrCat("the first ", then.size,
                                                        " events are others"));
  }
  if (!ours) return absl::OkStatus();
  MutexLock lock(mu_);
  latest_ = *std::move(kept);
  return absl::OkStatus();
}

SignedCheckpoint CheckpointSigner::Latest() const {
  MutexLock lock(mu_);
  return latest_;
}

absl::StatusOr<SignedCheckpoint> CheckpointSigner::Covering(Position position) {
  SignedCheckpoint latest = Latest();
  if (latest.checkpoint.tree.size >= position.value()) return latest;
  RETURN_IF_ERROR(Sign());
  return Latest();
}

absl::Status CheckpointSigner::Sign() {
  MutexLock one_at_a_time(signing_);
  const TreeHead tree = options_.tree->CurrentTree();
  if (tree.size == Latest().checkpoint.tree.size) return absl::OkStatus();
  SignedCheckpoint made = SignCheckpoint(tree, options_.key);
  RETURN_IF_ERROR(WriteFileDurably(options_.file, FormatNote(made.note)));
  MutexLock lock(mu_);
  latest_ = std::move(made);
  return absl::OkStatus();
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
    if (absl::IsUnavailable(grown.status())) {
      // What was queued is written, and covered.
      if (!Sign().ok() && options_.warn) {
        options_.warn("the last events are not covered by a checkpoint yet");
      }
      return;
    }
    if (!grown.ok()) continue;
    const absl::Status done = Sign();
    if (done.ok() == failing && options_.warn) {
      options_.warn(done.ok() ? "checkpoints are signed again"
                              : absl::StrCat("no checkpoint can be signed: ",
                                             done.message()));
    }
    failing = !done.ok();
  } while (Pause(failing ? kAfterFailure : options_.interval));
}

}  // namespace samverk
