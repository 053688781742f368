#include "services/admin/rebuild_stream.h"

#include <utility>

#include "services/admin/latest_stream.h"

namespace samverk {

using projections::RebuildProgress;

grpc::ServerWriteReactor<admin::v1::RebuildProjectionResponse>* StartRebuild(
    projections::Projector& projector, const std::string& name,
    std::shared_ptr<const void> place) {
  auto* stream =
      new LatestStream<admin::v1::RebuildProjectionResponse>(std::move(place));
  const absl::Status started = projector.Rebuild(
      name, [stream](const absl::StatusOr<RebuildProgress>& progress) {
        if (!progress.ok()) return stream->End(progress.status());
        admin::v1::RebuildProjectionResponse response;
        response.set_applied(progress->applied.value());
        response.set_head(progress->head.value());
        response.set_events_per_second(progress->events_per_second);
        response.set_done(progress->done);
        stream->Send(std::move(response));
        if (progress->done) stream->End(absl::OkStatus());
      });
  if (!started.ok()) stream->End(started);  // it will not be called
  return stream;
}

}  // namespace samverk
