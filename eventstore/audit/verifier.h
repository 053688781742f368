// Verifies what a register gives out, without the register. Pure.
#ifndef SAMVERK_EVENTSTORE_AUDIT_VERIFIER_H_
#define SAMVERK_EVENTSTORE_AUDIT_VERIFIER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/audit/checkpoint.h"
#include "eventstore/audit/note_key.h"

namespace samverk {

// An event that a proof is about, as its record says.
struct ProvedEvent {
  uint64_t position = 0;
  std::string id;
  std::string type;
  std::string stream;
  absl::Time recorded_at;
};

// What a file has proved.
struct Verified {
  // The checkpoint in it, whose signature holds.
  Checkpoint checkpoint;
  // Of a proof of an event (tlog-proof).
  std::optional<ProvedEvent> event;
  // Of a proof of growth: the size of the earlier checkpoint.
  std::optional<uint64_t> grown_from;
  // Of all records together: every one of them is there.
  bool all_records = false;
};

// Trusts a log's public key, or several that it has had one after the other,
// and nothing else. Remembers the checkpoints that it
// has verified: a proof of growth begins at one of them, and two of one size
// must be the same. One thread.
class ProofVerifier {
 public:
  explicit ProofVerifier(NoteVerifier log) : logs_{std::move(log)} {}
  // At least one.
  explicit ProofVerifier(std::vector<NoteVerifier> logs)
      : logs_(std::move(logs)) {}

  // Verifies a proof of an event, a checkpoint or a proof of growth, whichever
  // the bytes are.
  //   INVALID_ARGUMENT: they are none of these, or malformed.
  //   FAILED_PRECONDITION: they are another register's, or a proof of growth
  //     begins at a checkpoint that was not given before.
  //   DATA_LOSS: they do not hold: what they say was changed, or the register
  //     has signed two histories.
  absl::StatusOr<Verified> Verify(std::string_view bytes);

  // Opens a checkpoint with the first of the keys that signed it. Errors of
  // samverk::OpenCheckpoint.
  absl::StatusOr<SignedCheckpoint> Open(std::string_view note) const;
  // Takes a checkpoint that was verified elsewhere. DATA_LOSS as above.
  absl::Status Remember(const Checkpoint& checkpoint);

 private:
  absl::StatusOr<Verified> VerifyEvent(std::string_view bytes);
  absl::StatusOr<Verified> VerifyGrowth(std::string_view bytes);

  const std::vector<NoteVerifier> logs_;
  std::map<uint64_t, Checkpoint> checkpoints_;  // by size
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_VERIFIER_H_
