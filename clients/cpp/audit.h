// Checkpoints and proofs of a register.
#ifndef SAMVERK_CLIENTS_CPP_AUDIT_H_
#define SAMVERK_CLIENTS_CPP_AUDIT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "samverk/audit/v1/audit_service.grpc.pb.h"

namespace samverk::client {

class Connection;

// Of Client::audit(). All methods may be called from any thread at once, and
// may fail as their RPC's comment says, and as all of the client's. What they
// give is worth something only when it was verified with a key that came from
// elsewhere: eventstore/audit, and samverk-verify, which links it.
class Audit {
 public:
  explicit Audit(const Connection& connection);

  // The register's signed head, which covers the position.
  absl::StatusOr<audit::v1::GetCheckpointResponse> GetCheckpoint(
      uint64_t at_least = 0);
  // The proof of an event, as it is kept in a file (tlog-proof).
  absl::StatusOr<std::string> ProveInclusion(uint64_t position);
  // The proof that the first so many events are the beginning of the first
  // `second_size`, 0: of those of the newest checkpoint.
  absl::StatusOr<audit::v1::ProveConsistencyResponse> ProveConsistency(
      uint64_t first_size, uint64_t second_size = 0);

  // Records as they were hashed, of the events after a position and up to
  // another, in order. When the connection breaks it goes on where it was.
  // `on_record` says whether it wants more.
  //   OK: all were taken, or on_record said no.
  absl::Status ReadRecords(
      uint64_t after, uint64_t upto,
      const std::function<bool(uint64_t position, const std::string& record)>&
          on_record);

 private:
  const Connection& connection_;
  const std::unique_ptr<audit::v1::AuditService::Stub> stub_;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_AUDIT_H_
