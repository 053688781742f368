// Signs the register's tree, again and again as it grows.
#ifndef SAMVERK_SERVICES_AUDIT_CHECKPOINT_SIGNER_H_
#define SAMVERK_SERVICES_AUDIT_CHECKPOINT_SIGNER_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

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
// is kept in a file before anybody is given it, and a start goes on only from
// a tree that continues it. All methods may be called from any thread.
class CheckpointSigner {
 public:
  struct Options {
    EventStore* store = nullptr;
    TreeReader* tree = nullptr;
    NoteSigner key;
    // Where the last checkpoint is kept; its directory must exist.
    std::string file;
    // A new event is covered by a checkpoint after this, and a moment more.
    absl::Duration interval = absl::Milliseconds(500);
    // Told when signing fails and when it succeeds again. May be null.
    std::function<void(std::string_view)> warn = nullptr;
    // Does not hold the tree against the checkpoint that was kept, and signs
    // anew: for a restored register, by somebody who knows.
    bool accept_loss = false;
  };

  // Signs the tree of now.
  //   DATA_LOSS (DAMAGED): the log is not a continuation of what was signed
  //     last; the sentence says what to do. Nothing was signed.
  //   Errors of Sign.
  static absl::StatusOr<std::unique_ptr<CheckpointSigner>> Open(
      Options options);
  // Ends the thread. The store must have been closed, or end within a second.
  ~CheckpointSigner();

  // The last one that was signed; kept.
  SignedCheckpoint Latest() const;

  // One that covers this position, which must be recorded: the latest, or a new
  // one.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be kept.
  absl::StatusOr<SignedCheckpoint> Covering(Position position);

  NoteVerifier Verifier() const { return options_.key.Verifier(); }

 private:
  explicit CheckpointSigner(Options options) : options_(std::move(options)) {}
  // Takes what an earlier start kept, if anything.
  absl::Status TakeKept();
  // Signs the tree of now, if it has grown.
  absl::Status Sign();
  void Run();
  bool Pause(absl::Duration duration);

  const Options options_;
  Mutex signing_;  // one at a time; taken before mu_
  mutable Mutex mu_;
  CondVar changed_;
  SignedCheckpoint latest_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_CHECKPOINT_SIGNER_H_
