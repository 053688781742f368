// Named positions of readers over gRPC.
#ifndef SAMVERK_SERVICES_BUS_TRACKING_SERVICE_H_
#define SAMVERK_SERVICES_BUS_TRACKING_SERVICE_H_

#include "eventstore/event_store.h"
#include "eventstore/track_store.h"
#include "samverk/bus/v1/tracking.grpc.pb.h"
#include "services/access/gate.h"

namespace samverk {

// samverk.bus.v1.TrackingService. Errors as its contract has them, in the
// caller's language.
class TrackingService final : public bus::v1::TrackingService::CallbackService {
 public:
  // All must outlive it. Callers use the names that are theirs.
  TrackingService(TrackStore& tracks, EventStore& store, access::Gate& gate)
      : tracks_(tracks), store_(store), gate_(gate) {}

  grpc::ServerUnaryReactor* Track(grpc::CallbackServerContext* context,
                                  const bus::v1::TrackRequest* request,
                                  bus::v1::TrackResponse* response) override;
  grpc::ServerUnaryReactor* GetTrack(
      grpc::CallbackServerContext* context,
      const bus::v1::GetTrackRequest* request,
      bus::v1::GetTrackResponse* response) override;
  grpc::ServerUnaryReactor* ListTracks(
      grpc::CallbackServerContext* context,
      const bus::v1::ListTracksRequest* request,
      bus::v1::ListTracksResponse* response) override;
  grpc::ServerUnaryReactor* DeleteTrack(
      grpc::CallbackServerContext* context,
      const bus::v1::DeleteTrackRequest* request,
      bus::v1::DeleteTrackResponse* response) override;

 private:
  absl::Status Get(const bus::v1::GetTrackRequest& request,
                   bus::v1::GetTrackResponse& response);
  absl::Status List(const access::Admitted& who,
                    const bus::v1::ListTracksRequest& request,
                    bus::v1::ListTracksResponse& response);

  TrackStore& tracks_;
  EventStore& store_;
  access::Gate& gate_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_TRACKING_SERVICE_H_
