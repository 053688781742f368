// A projection that is built again, with a caller who watches.
#ifndef SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_
#define SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <string>

#include "projections/engine/projector.h"
#include "samverk/admin/v1/admin_service.pb.h"

namespace samverk {

// Begins the rebuild and gives the reactor to gRPC. The rebuild goes on when
// the call is cancelled; `place` is held as long as the call lasts.
grpc::ServerWriteReactor<admin::v1::RebuildProjectionResponse>* StartRebuild(
    projections::Projector& projector, const std::string& name,
    std::shared_ptr<const void> place);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_
