// Has a register's checkpoints cosigned by witnesses.
#ifndef SAMVERK_SERVICES_AUDIT_WITNESS_COSIGNER_H_
#define SAMVERK_SERVICES_AUDIT_WITNESS_COSIGNER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "services/audit/checkpoint_signer.h"
#include "services/audit/prover.h"
#include "services/audit/witness/witness_address.h"
#include "services/audit/witness/witness_client.h"
#include "services/common/stop_signal.h"
#include "services/common/worker_pool.h"

namespace samverk {

// Asks all witnesses for the same checkpoint at once, the newest, again and
// again as the log grows; the signer gives it out with what they have signed.
// A witness that does not answer holds up the others for the timeout at most,
// and is asked less often from then on.
class Cosigner {
 public:
  struct Options {
    CheckpointSigner* signer = nullptr;  // these two must outlive it
    Prover* prover = nullptr;
    std::vector<WitnessAddress> witnesses;
    // Between one checkpoint and the next.
    absl::Duration interval = absl::Seconds(1);
    // A witness that failed is asked again after this, then after twice as
    // much, and so on to 64 times.
    absl::Duration retry = absl::Seconds(5);
    absl::Duration timeout = absl::Seconds(3);
    // Told when a witness begins to fail, and when it does not any more. May
    // be null.
    std::function<void(std::string_view)> warn = nullptr;
  };
  // What one witness has done, for monitoring.
  struct State {
    std::string name;
    uint64_t cosigned = 0;  // events, of the last checkpoint since the start
    std::string problem;    // "": none
  };

  explicit Cosigner(Options options);
  ~Cosigner();

  // In the order of the options. Any thread.
  std::vector<State> States();

 private:
  struct Asked {
    std::unique_ptr<WitnessClient> client;
    State state;
    std::string done;  // the text that it has signed last
    absl::StatusCode code = absl::StatusCode::kOk;  // of its last answer
    absl::Time again = absl::InfinitePast();
    absl::Duration wait;
  };

  void Run();
  // Whether somebody may be asked for this checkpoint now.
  bool IsDue(const SignedCheckpoint& checkpoint);
  void Round(const SignedCheckpoint& checkpoint);
  void Note(Asked& asked, const SignedCheckpoint& checkpoint,
            const absl::Status& status);

  const Options options_;
  StopSignal stop_;
  Mutex mu_;
  std::vector<Asked> asked_ ABSL_GUARDED_BY(mu_);  // none comes or goes
  // Of the thread: what was asked for last, and when it began to be.
  SignedCheckpoint cosigned_;
  std::chrono::steady_clock::time_point cosigned_since_;
  WorkerPool workers_;
  std::thread thread_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_WITNESS_COSIGNER_H_
