// All that makes a register provable, put together.
#ifndef SAMVERK_SERVICES_AUDIT_REGISTER_AUDIT_H_
#define SAMVERK_SERVICES_AUDIT_REGISTER_AUDIT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/audit/tree_reader.h"
#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"
#include "services/audit/checkpoint_signer.h"
#include "services/audit/prover.h"
#include "services/audit/scrubber.h"
#include "services/audit/tile_pages.h"
#include "services/audit/witness/cosigner.h"
#include "services/audit/witness/witness.h"
#include "services/http/http_message.h"

namespace samverk {

// Signs checkpoints, has them cosigned, is a witness to other registers, serves
// tiles, and reads the log for damage. All methods may be called from any
// thread.
class RegisterAudit {
 public:
  struct Options {
    EventStore* store = nullptr;  // these three must outlive it
    TreeReader* tree = nullptr;
    Clock* clock = nullptr;
    std::string register_name;
    std::string secrets;  // directory
    bool new_key = false;
    bool accept_loss = false;
    // Witnesses that are asked: "NAME+ID+KEY URL", at most kWitnessesMost.
    std::vector<std::string> witnesses;
    // Public keys of logs that this is a witness to, at most
    // kWitnessedLogsMost. None: it is no witness.
    std::vector<std::string> witness_for;
    // Bytes a second; 0: the log is not read for damage.
    uint64_t scrub_bytes_per_second = 0;
    std::function<void(std::string_view)> warn = nullptr;
  };

  // INVALID_ARGUMENT: a witness or a key is none, or there are too many.
  // Errors of CheckpointSigner::Open and Witness::Open.
  static absl::StatusOr<std::unique_ptr<RegisterAudit>> Open(Options options);
  // The store must have been closed; see ~CheckpointSigner.
  ~RegisterAudit() = default;

  CheckpointSigner& signer() { return *signer_; }
  // nullopt: this is no witness.
  std::optional<NoteVerifier> WitnessKey() const;

  // What monitors and other registers ask for over HTTP: tiles and checkpoint,
  // for those who may read.
  std::optional<HttpAnswer> Page(const HttpRequest& request);
  // "/add-checkpoint", for everybody; nullopt for other paths, and when this is
  // no witness.
  std::optional<HttpAnswer> WitnessPage(const HttpRequest& request);

  // In the order of the options.
  std::vector<Cosigner::State> Witnesses();
  // nullopt: it is not read.
  std::optional<Scrubber::State> Scrub() const;
  // What needs somebody's attention, a sentence each.
  std::vector<std::string> Problems();

 private:
  RegisterAudit() = default;

  // In order of dependence; the last four may be null.
  std::unique_ptr<CheckpointSigner> signer_;
  std::unique_ptr<TilePages> tiles_;
  std::unique_ptr<Prover> prover_;
  std::unique_ptr<Witness> witness_;
  std::unique_ptr<Cosigner> cosigner_;
  std::unique_ptr<Scrubber> scrubber_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_REGISTER_AUDIT_H_
