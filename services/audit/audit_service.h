// Checkpoints and proofs over gRPC.
#ifndef SAMVERK_SERVICES_AUDIT_AUDIT_SERVICE_H_
#define SAMVERK_SERVICES_AUDIT_AUDIT_SERVICE_H_

#include <string>

#include "absl/status/status.h"
#include "eventstore/event_store.h"
#include "samverk/audit/v1/audit_service.grpc.pb.h"
#include "services/access/gate.h"
#include "services/audit/checkpoint_signer.h"
#include "services/audit/prover.h"
#include "services/common/worker_pool.h"

namespace samverk {

// samverk.audit.v1.AuditService. Errors as its contract has them, in the
// caller's language. Works on threads of its own, as proofs may have to be read
// from the disk.
class AuditService final : public audit::v1::AuditService::CallbackService {
 public:
  // All must outlive it. `witness_key`: see GetCheckpointResponse. Checkpoints
  // and proofs of growth are anybody's; the proof of an event is for those who
  // may read it, and records are for those who read everything.
  AuditService(EventStore& store, TreeReader& tree, CheckpointSigner& signer,
               std::string witness_key, access::Gate& gate);

  grpc::ServerUnaryReactor* GetCheckpoint(
      grpc::CallbackServerContext* context,
      const audit::v1::GetCheckpointRequest* request,
      audit::v1::GetCheckpointResponse* response) override;
  grpc::ServerUnaryReactor* ProveInclusion(
      grpc::CallbackServerContext* context,
      const audit::v1::ProveInclusionRequest* request,
      audit::v1::ProveInclusionResponse* response) override;
  grpc::ServerUnaryReactor* ProveConsistency(
      grpc::CallbackServerContext* context,
      const audit::v1::ProveConsistencyRequest* request,
      audit::v1::ProveConsistencyResponse* response) override;

  grpc::ServerWriteReactor<audit::v1::ReadRecordsResponse>* ReadRecords(
      grpc::CallbackServerContext* context,
      const audit::v1::ReadRecordsRequest* request) override;

 private:
  absl::Status Get(const audit::v1::GetCheckpointRequest& request,
                   audit::v1::GetCheckpointResponse& response);
  absl::Status Prove(const access::Admitted& who,
                     const audit::v1::ProveInclusionRequest& request,
                     audit::v1::ProveInclusionResponse& response);
  absl::Status Prove(const audit::v1::ProveConsistencyRequest& request,
                     audit::v1::ProveConsistencyResponse& response);

  EventStore& store_;
  CheckpointSigner& signer_;
  const std::string witness_key_;
  access::Gate& gate_;
  Prover prover_;
  WorkerPool workers_;  // last: its jobs use all of the above
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_AUDIT_SERVICE_H_
