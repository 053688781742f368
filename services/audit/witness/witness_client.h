// Asks one witness for cosignatures (c2sp.org/tlog-witness).
#ifndef SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_CLIENT_H_
#define SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_CLIENT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/audit/checkpoint.h"
#include "services/audit/prover.h"
#include "services/audit/witness/witness_address.h"
#include "services/common/stop_signal.h"
#include "services/http/http_client.h"

namespace samverk {

// Remembers what the witness has cosigned last, so that the next proof begins
// there. One thread at a time.
class WitnessClient {
 public:
  // The prover must outlive it.
  WitnessClient(WitnessAddress address, Prover& prover, absl::Duration timeout);

  const WitnessAddress& address() const { return address_; }

  // Sends a checkpoint that is not smaller than those before; gives the
  // witness's signature of it, verified. Blocks until there is an answer, the
  // timeout (twice, when the size that the witness has is not known) or `stop`.
  //   UNAVAILABLE: there is no answer, or one that says to come again.
  //   FAILED_PRECONDITION: it refuses, or answers something else.
  //   DATA_LOSS: it has cosigned another history of this register.
  //   Errors of Prover::Consistency.
  absl::StatusOr<NoteSignature> Ask(const SignedCheckpoint& checkpoint,
                                    StopSignal& stop);

 private:
  absl::StatusOr<NoteSignature> Signed(const std::string& lines,
                                       const SignedCheckpoint& checkpoint);

  const WitnessAddress address_;
  Prover& prover_;
  HttpClient poster_;
  uint64_t cosigned_ = 0;  // events, of its last checkpoint
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_CLIENT_H_
