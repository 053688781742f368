// Signs the register's tree, again and again as it grows.
#ifndef SAMVERK_SERVICES_AUDIT_CHECKPOINT_SIGNER_H_
#define SAMVERK_SERVICES_AUDIT_CHECKPOINT_SIGNER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/audit/checkpoint.h"
#include "eventstore/audit/tree_reader.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"

namespace samverk {

// A log must never sign two trees of which one is not the beginning of the
// other: that is what outsiders would hold against it. So the last checkpoint
// is kept beside the key before anybody is given it, and a start goes on only
// from a tree that continues it. All methods may be called from any thread.
class CheckpointSigner {
 public:
  struct Options {
    EventStore* store = nullptr;
    TreeReader* tree = nullptr;
    std::string register_name;
    // Holds the key ("log-key"), the checkpoint that was signed last
    // ("log-checkpoint"), and what they have replaced. Made if need be.
    std::string directory;
    // A new event is covered by a checkpoint after this, and a moment more.
    absl::Duration interval = absl::Milliseconds(500);
    // Makes a new key; the old one is kept beside it.
    bool new_key = false;
    // Signs anew also when the log is not a continuation of what was signed
    // last, which is kept beside it: for a register that has lost events, by
    // somebody who knows.
    bool accept_loss = false;
    // Told what people ought to know. May be null.
    std::function<void(std::string_view)> warn = nullptr;
  };

  // Signs the tree of now, with the key that is there, or one that is made when
  // nothing was ever signed.
  //   DATA_LOSS (DAMAGED): the log is not a continuation of what was signed
  //     last.
  //   FAILED_PRECONDITION: the key, or what was signed last, is not there
  //     although it was, cannot be read, or does not belong to the other.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: a file cannot be written.
  // The sentence says what to do; nothing was signed or changed.
  static absl::StatusOr<std::unique_ptr<CheckpointSigner>> Open(
      Options options);
  // Ends the thread, and signs what is not signed yet. The store must have been
  // closed, or this takes up to a second.
  ~CheckpointSigner();

  // The last one that was signed; kept. Without cosignatures.
  SignedCheckpoint Latest() const;
  // Takes the latest, or one before it, with cosignatures of witnesses, which
  // have been verified; `since` is when it was the latest.
  void TakeCosigned(SignedCheckpoint checkpoint,
                    std::chrono::steady_clock::time_point since);
  // Why none can be signed now, or "".
  std::string problem() const;

  // One that covers this position, which must be recorded: the one that was
  // cosigned last when it is the latest or not older than kCosignedIsNew, or
  // else the latest, at most a second old, or a new one.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: none can be kept now.
  absl::StatusOr<SignedCheckpoint> Covering(Position position);

  // The same, but that the one that was cosigned last may be of any age.
  absl::StatusOr<SignedCheckpoint> CoveringCosigned(Position position);

  // So long a cosigned one is given out in place of a newer one.
  static constexpr std::chrono::seconds kCosignedIsNew{10};

  NoteVerifier Verifier() const { return key_.Verifier(); }

 private:
  CheckpointSigner(Options options, NoteSigner key);
  absl::Status SignFirst();
  // Signs the tree of now, if it has grown.
  absl::Status Sign();
  void Run();
  bool Pause(absl::Duration duration);
  void Warn(std::string_view text) const;

  const Options options_;
  const NoteSigner key_;
  const std::string file_;
  Mutex signing_;  // one at a time; taken before mu_
  mutable Mutex mu_;
  CondVar changed_;
  SignedCheckpoint latest_ ABSL_GUARDED_BY(mu_);
  std::optional<SignedCheckpoint> cosigned_ ABSL_GUARDED_BY(mu_);
  std::chrono::steady_clock::time_point cosigned_since_ ABSL_GUARDED_BY(mu_);
  std::string problem_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_CHECKPOINT_SIGNER_H_
