// A witness of other registers' logs (c2sp.org/tlog-witness).
#ifndef SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_H_
#define SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "eventstore/audit/checkpoint.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "services/audit/witness/witnessed_logs.h"
#include "services/http/http_message.h"

namespace samverk {

// Cosigns checkpoints of the logs that it knows, as long as each continues the
// one that it has cosigned before: a log that shows two histories gets a
// cosignature for one of them at most. What it cosigns is kept before the
// cosignature is given. Any thread.
class Witness {
 public:
  struct Options {
    // Holds its key ("witness-key") and what it has cosigned
    // ("witness-checkpoints"). Made if need be.
    std::string directory;
    // Of its key: what others call it.
    std::string name;
    // Public keys of the logs; a log that has had several may have several.
    std::vector<NoteVerifier> logs;
    Clock* clock = nullptr;  // must outlive it
    // Told what people ought to know. May be null.
    std::function<void(std::string_view)> warn = nullptr;
  };

  // Makes a key when there is neither key nor anything cosigned.
  //   FAILED_PRECONDITION: one is there without the other, or cannot be read.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: a file cannot be written.
  static absl::StatusOr<std::unique_ptr<Witness>> Open(Options options);

  NoteVerifier Verifier() const { return key_.Verifier(); }

  // Answers "POST …/add-checkpoint":
  //   200  cosigned: the line of the signature.
  //   400  malformed, or the old size is more than the new one.
  //   403  no key that is known for the log has signed it.
  //   404  the log is not known.
  //   405  not POST.
  //   409  what was cosigned last has another size (which the body says), or
  //        the same and another root: two histories, of which the evidence is
  //        kept ("witness-conflict-…").
  //   413  too large.
  //   422  the proof does not hold.
  //   503  it cannot be kept now; nothing was cosigned.
  HttpAnswer AddCheckpoint(const HttpRequest& request);

 private:
  Witness(Options options, NoteSigner key, WitnessedLogs last);
  // The request's checkpoint, with the signature of its log and no other; or
  // what to answer.
  std::variant<SignedCheckpoint, HttpAnswer> Trusted(
      const std::string& note) const;
  HttpAnswer Cosign(uint64_t old_size, absl::Span<const Hash> hashes,
                    SignedCheckpoint asked);
  void KeepEvidence(const SignedCheckpoint& one, const SignedCheckpoint& other);

  const Options options_;
  const NoteSigner key_;
  const std::string file_;
  Mutex mu_;
  WitnessedLogs last_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_WITNESS_WITNESS_H_
