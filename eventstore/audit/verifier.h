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

// A witness that has signed a checkpoint too, and when, as it says.
struct Cosigned {
  std::string witness;
  absl::Time time;
};

// Witnesses that are believed, and how many of them must have signed each
// checkpoint. With more than half of them, no two histories can both have that
// many as long as one in common is honest.
struct WitnessPolicy {
  std::vector<NoteVerifier> witnesses;
  size_t needed = 0;
};

// What a file has proved.
struct Verified {
  // The checkpoint in it, whose signature holds.
  Checkpoint checkpoint;
  // By those of WitnessPolicy, in its order.
  std::vector<Cosigned> cosigned = {};
  // Of a proof of an event (tlog-proof).
  std::optional<ProvedEvent> event = std::nullopt;
  // Of a proof of growth: the size of the earlier checkpoint.
  std::optional<uint64_t> grown_from = std::nullopt;
  // Of all records together: every one of them is there.
  bool all_records = false;
};

// Trusts a log's public key, or several that it has had one after the other,
// and witnesses when they are wanted. Remembers the checkpoints that it has
// verified: a proof of growth begins at one of them, and two of one size must
// be the same. One thread.
class ProofVerifier {
 public:
  explicit ProofVerifier(NoteVerifier log) : logs_{std::move(log)} {}
  // At least one key.
  explicit ProofVerifier(std::vector<NoteVerifier> logs,
                         WitnessPolicy policy = {})
      : logs_(std::move(logs)), policy_(std::move(policy)) {}

  // Verifies a proof of an event, a checkpoint or a proof of growth, whichever
  // the bytes are.
  //   INVALID_ARGUMENT: they are none of these, or malformed.
  //   FAILED_PRECONDITION: they are another register's, a proof of growth
  //     begins at a checkpoint that was not given before, or too few witnesses
  //     have signed.
  //   DATA_LOSS: they do not hold: what they say was changed, or the register
  //     has signed two histories.
  absl::StatusOr<Verified> Verify(std::string_view bytes);

  // Opens a checkpoint with the first of the keys that signed it; gives it and
  // its cosignatures. Errors of samverk::OpenCheckpoint; FAILED_PRECONDITION
  // and DATA_LOSS about witnesses.
  absl::StatusOr<Verified> Open(std::string_view note) const;
  // Takes a checkpoint that was verified elsewhere. DATA_LOSS as above.
  absl::Status Remember(const Checkpoint& checkpoint);

 private:
  absl::StatusOr<Verified> VerifyEvent(std::string_view bytes);
  absl::StatusOr<Verified> VerifyGrowth(std::string_view bytes);

  const std::vector<NoteVerifier> logs_;
  const WitnessPolicy policy_;
  std::map<uint64_t, Checkpoint> checkpoints_;  // by size
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_VERIFIER_H_
