#include "services/bus/tracking_service.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "eventstore/base/status_macros.h"
#include "services/common/error_language.h"
#include "services/common/field_error.h"
#include "services/common/grpc_status.h"
#include "services/common/request_language.h"

namespace samverk {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using Kind = TrackChange::Kind;

constexpr uint32_t kPageDefault = 100;
constexpr uint32_t kPageLargest = 1'000;

void Fill(const samverk::Track& track, bus::v1::NamedPosition& shown) {
  shown.set_name(track.consumer);
  shown.set_position(track.upstream_position);
}

ServerUnaryReactor* Answer(CallbackServerContext& context,
                           const absl::Status& status) {
  ServerUnaryReactor* reactor = context.DefaultReactor();
  reactor->Finish(
      ToGrpcStatus(InLanguage(status, RequestLanguage("", context))));
  return reactor;
}

// Answers when the change is durable.
ServerUnaryReactor* Change(TrackStore& tracks, CallbackServerContext& context,
                           TrackChange change) {
  ServerUnaryReactor* reactor = context.DefaultReactor();
  const codec::Language language = RequestLanguage("", context);
  tracks.ChangeTrack(
      std::move(change), absl::FromChrono(context.deadline()),
      [reactor, language](const absl::Status& status) {
        reactor->Finish(ToGrpcStatus(InLanguage(status, language)));
      });
  return reactor;
}

}  // namespace

ServerUnaryReactor* TrackingService::Track(CallbackServerContext* context,
                                           const bus::v1::TrackRequest* request,
                                           bus::v1::TrackResponse* response) {
  const samverk::Track track = {request->name(), request->position()};
  Fill(track, *response->mutable_track());
  return Change(tracks_, *context,
                {request->rewind() ? Kind::kRewind : Kind::kForward, track});
}

absl::Status TrackingService::Get(const bus::v1::GetTrackRequest& request,
                                  bus::v1::GetTrackResponse& response) {
  RETURN_IF_ERROR(CheckTrack({request.name(), 1}, "name", "position"));
  const auto position = tracks_.FindTrack(request.name());
  if (!position.has_value()) return NoTrack(request.name());
  Fill({request.name(), *position}, *response.mutable_track());
  response.set_head(store_.Head().value());
  return absl::OkStatus();
}

ServerUnaryReactor* TrackingService::GetTrack(
    CallbackServerContext* context, const bus::v1::GetTrackRequest* request,
    bus::v1::GetTrackResponse* response) {
  return Answer(*context, Get(*request, *response));
}

absl::Status TrackingService::List(const bus::v1::ListTracksRequest& request,
                                   bus::v1::ListTracksResponse& response) {
  if (request.page_size() > kPageLargest) {
    return FieldError(
        "page_size",
        absl::StrCat(request.page_size(), " is out of range; give 1 to ",
                     kPageLargest, ", or 0 for ", kPageDefault));
  }
  const size_t size =
      request.page_size() == 0 ? kPageDefault : request.page_size();
  const std::vector<samverk::Track> found =
      tracks_.ListTracks(request.page_token(), size + 1);
  for (size_t i = 0; i < found.size() && i < size; ++i) {
    Fill(found[i], *response.add_tracks());
  }
  if (found.size() > size) {
    response.set_next_page_token(response.tracks().rbegin()->name());
  }
  response.set_head(store_.Head().value());
  return absl::OkStatus();
}

ServerUnaryReactor* TrackingService::ListTracks(
    CallbackServerContext* context, const bus::v1::ListTracksRequest* request,
    bus::v1::ListTracksResponse* response) {
  return Answer(*context, List(*request, *response));
}

ServerUnaryReactor* TrackingService::DeleteTrack(
    CallbackServerContext* context, const bus::v1::DeleteTrackRequest* request,
    bus::v1::DeleteTrackResponse*) {
  return Change(tracks_, *context, {Kind::kForget, {request->name(), 0}});
}

}  // namespace samverk
