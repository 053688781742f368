// A projection that is built again, with a caller who watches.
#ifndef SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_
#define SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <string>

#include "projections/engine/projector.h"
#include "samverk/admin/v1/admin_service.pb.h"

namespace samverk {

// Begins the rebuild and gives the reactor to gRPC. The rebuild goes on when
// the call is cancelled.
grpc::ServerWriteReactor<admin::v1::RebuildProjectionResponse>* StartRebuild(
    projections::Projector& projector, const std::string& name);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_ADMIN_REBUILD_STREAM_H_
