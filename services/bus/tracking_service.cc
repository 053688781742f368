#include "services/bus/tracking_service.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "eventstore/base/status_macros.h"
#include "services/access/owned_name.h"
#include "services/bus/owner_room.h"
#include "services/common/error_language.h"
#include "services/common/field_error.h"
#include "services/common/grpc_status.h"
#include "services/common/refused_call.h"
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
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  if (const absl::Status room =
          CheckOwnersTracks(*who, request->name(), tracks_);
      !room.ok()) {
    return Answer(*context, room);
  }
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
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  return Answer(*context, Get(*request, *response));
}

absl::Status TrackingService::List(const access::Admitted& who,
                                   const bus::v1::ListTracksRequest& request,
                                   bus::v1::ListTracksResponse& response) {
  if (request.page_size() > kPageLargest) {
    return FieldError(
        "page_size",
        absl::StrCat(request.page_size(), " is out of range; give 1 to ",
                     kPageLargest, ", or 0 for ", kPageDefault));
  }
  const size_t size =
      request.page_size() == 0 ? kPageDefault : request.page_size();
  // Names of others are passed over, and are no token either.
  std::string after = request.page_token();
  for (bool more = true; more;) {
    const std::vector<samverk::Track> found =
        tracks_.ListTracks(after, kPageDefault);
    more = found.size() == kPageDefault;
    for (const samverk::Track& track : found) {
      after = track.consumer;
      if (!access::OwnsName(who, track.consumer)) continue;
      if (static_cast<size_t>(response.tracks_size()) == size) {
        response.set_next_page_token(response.tracks().rbegin()->name());
        more = false;
        break;
      }
      Fill(track, *response.add_tracks());
    }
  }
  response.set_head(store_.Head().value());
  return absl::OkStatus();
}

ServerUnaryReactor* TrackingService::ListTracks(
    CallbackServerContext* context, const bus::v1::ListTracksRequest* request,
    bus::v1::ListTracksResponse* response) {
  const auto who = gate_.Admit(*context, access::CallRight::kLoggedIn);
  if (!who.ok()) return RefuseCall(*context, who.status());
  return Answer(*context, List(*who, *request, *response));
}

ServerUnaryReactor* TrackingService::DeleteTrack(
    CallbackServerContext* context, const bus::v1::DeleteTrackRequest* request,
    bus::v1::DeleteTrackResponse*) {
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  return Change(tracks_, *context, {Kind::kForget, {request->name(), 0}});
}

}  // namespace samverk
