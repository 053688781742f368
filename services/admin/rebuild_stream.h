// One caller who watches a rebuild.
#ifndef SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_
#define SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "eventstore/base/mutex.h"
#include "projections/engine/projector.h"
#include "samverk/admin/v1/admin_service.pb.h"

namespace samverk {

// Sends the latest progress whenever the caller is ready for it. A call that is
// cancelled ends at once, and the rebuild goes on. Deletes itself when the call
// is done and the rebuild has said its last word.
class RebuildStream
    : public grpc::ServerWriteReactor<admin::v1::RebuildProjectionResponse> {
 public:
  // Begins the rebuild and gives the reactor to gRPC.
  static RebuildStream* Start(projections::Projector& projector,
                              const std::string& name);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  RebuildStream() = default;
  ~RebuildStream() override = default;

  void Observe(const absl::StatusOr<projections::RebuildProgress>& progress);
  // The caller has gone.
  void GiveUp() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Sends what is there, or ends the call.
  void Advance();

  // One reference for gRPC, one for the projector; the last deletes.
  void Release();

  Mutex mu_;
  std::optional<admin::v1::RebuildProjectionResponse> next_
      ABSL_GUARDED_BY(mu_);
  std::optional<grpc::Status> result_ ABSL_GUARDED_BY(mu_);
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  int references_ ABSL_GUARDED_BY(mu_) = 2;
  // Constant while a write is under way.
  admin::v1::RebuildProjectionResponse sending_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_
