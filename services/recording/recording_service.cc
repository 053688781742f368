#include "services/recording/recording_service.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/track_store.h"
#include "samverk/recording/v1/recording_service.grpc.pb.h"
#include "services/access/granted_rights.h"
#include "services/access/owned_name.h"
#include "services/common/caller.h"
#include "services/common/error_language.h"
#include "services/common/grpc_status.h"
#include "services/common/refused_call.h"
#include "services/common/request_language.h"
#include "services/recording/recorder.h"
#include "services/recording/refusal.h"

namespace samverk::recording {
namespace {

using codec::Language;

constexpr int kThreads = 2;
constexpr size_t kWaitingMax = 256;

// The events with `who` as the recorder of those that name none.
// PERMISSION_DENIED: one names somebody else.
template <typename Request>
absl::StatusOr<std::vector<event::v1::Event>> EventsOf(
    const Request& request, const access::Admitted& who) {
  std::vector<event::v1::Event> events(request.events().begin(),
                                       request.events().end());
  for (event::v1::Event& event : events) {
    RETURN_IF_ERROR(who.BeRecorder(event));
  }
  return events;
}

bool MayChangeRights(const v1::RecordRequest& request) {
  return std::any_of(request.events().begin(), request.events().end(),
                     access::MayChangeRights);
}

bool Disposes(const v1::RecordRequest& request) {
  return std::any_of(
      request.events().begin(), request.events().end(),
      [](const event::v1::Event& event) { return event.has_key_destroyed(); });
}

std::optional<Track> TrackOf(const v1::RecordRequest& request) {
  if (!request.has_track()) return std::nullopt;
  return Track{request.track().name(), request.track().position()};
}

void SetTime(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const int64_t us = absl::ToUnixMicros(time);
  timestamp.set_seconds(us / 1'000'000);
  timestamp.set_nanos(static_cast<int32_t>(us % 1'000'000) * 1'000);
}

void SetRecorded(const RecordOutcome& outcome, Language language,
                 v1::RecordResponse& response) {
  for (const RecordedPlace& place : outcome.places) {
    v1::RecordedFact& fact = *response.add_facts();
    fact.set_event_id(FormatUuid(place.id));
    fact.set_position(place.position.value());
    fact.set_revision(place.revision.value());
    fact.set_stream(place.stream);
  }
  SetTime(outcome.recorded_at, *response.mutable_recorded_at());
  response.set_replayed(outcome.replayed);
  for (const BatchNotice& notice : outcome.notices) {
    *response.add_notices() = NoticeMessage(notice, language);
  }
}

absl::Status StatusOf(const RecordOutcome& outcome, size_t events,
                      Language language) {
  if (outcome.violations.empty()) return InLanguage(outcome.status, language);
  return RefusalStatus(outcome.status, outcome.violations, events, language);
}

class Service final : public v1::RecordingService::CallbackService {
 public:
  Service(EventStore& store, Clock& clock, access::Gate& gate,
          PersonalData personal)
      : gate_(gate),
        personal_(std::move(personal)),
        pool_(kThreads, kWaitingMax),
        recorder_(store, clock, pool_, personal_.sealer, personal_.by_one) {}

  grpc::ServerUnaryReactor* Record(grpc::CallbackServerContext* context,
                                   const v1::RecordRequest* request,
                                   v1::RecordResponse* response) override {
    auto who = gate_.Admit(*context, access::CallRight::kLoggedIn,
                           access::CallKind::kUnary, request->ByteSizeLong());
    if (!who.ok()) return RefuseCall(*context, who.status());
    auto batch = EventsOf(*request, *who);
    if (!batch.ok()) return RefuseCall(*context, batch.status());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const Language language = RequestLanguage(request->language(), *context);
    const auto events = static_cast<size_t>(request->events_size());
    std::optional<Track> track = TrackOf(*request);
    absl::Status checked =
        track.has_value() ? CheckTrack(*track, "track.name", "track.position")
                          : absl::OkStatus();
    if (checked.ok() && track.has_value()) {
      checked = access::CheckOwnsName(*who, track->consumer);
    }
    if (!checked.ok()) {
      reactor->Finish(ToGrpcStatus(InLanguage(checked, language)));
      return reactor;
    }
    const bool follows = (!gate_.open() && MayChangeRights(*request)) ||
                         (personal_.dispose != nullptr && Disposes(*request));
    recorder_.Record(
        *std::move(batch), absl::FromChrono(context->deadline()),
        [this, reactor, response, language, events,
         follows](const RecordOutcome& outcome) {
          if (outcome.status.ok()) {
            SetRecorded(outcome, language, *response);
            if (follows) return FinishWithWhatFollows(reactor, language);
          }
          reactor->Finish(ToGrpcStatus(StatusOf(outcome, events, language)));
        },
        CallerOf(*context), std::move(track), *std::move(who));
    return reactor;
  }

  grpc::ServerUnaryReactor* Validate(grpc::CallbackServerContext* context,
                                     const v1::ValidateRequest* request,
                                     v1::ValidateResponse* response) override {
    auto who = gate_.Admit(*context, access::CallRight::kLoggedIn,
                           access::CallKind::kUnary, request->ByteSizeLong());
    if (!who.ok()) return RefuseCall(*context, who.status());
    auto batch = EventsOf(*request, *who);
    if (!batch.ok()) return RefuseCall(*context, batch.status());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const Language language = RequestLanguage(request->language(), *context);
    const absl::Status submitted =
        pool_.Submit([this, reactor, response, language, who = *std::move(who),
                      events = *std::move(batch)] {
          const auto validation = recorder_.Validate(events, who);
          if (validation.ok()) SetAnswer(*validation, language, *response);
          reactor->Finish(
              ToGrpcStatus(InLanguage(validation.status(), language)));
        });
    if (!submitted.ok()) {
      reactor->Finish(ToGrpcStatus(InLanguage(submitted, language)));
    }
    return reactor;
  }

 private:
  // Answers when what was recorded holds: rights that it gives or takes, keys
  // that it destroys. Not on the store's thread, which may not read.
  void FinishWithWhatFollows(grpc::ServerUnaryReactor* reactor,
                             Language language) {
    const absl::Status taken = pool_.Submit([this, reactor, language] {
      // Should it fail, the gate tries again before it lets anybody in.
      gate_.RightsChanged().IgnoreError();
      absl::Status done;
      if (personal_.dispose != nullptr) done = personal_.dispose();
      reactor->Finish(ToGrpcStatus(InLanguage(done, language)));
    });
    if (taken.ok()) return;
    gate_.RightsAreStale();
    reactor->Finish(ToGrpcStatus(InLanguage(taken, language)));
  }

  static void SetAnswer(const Validation& validation, Language language,
                        v1::ValidateResponse& response) {
    for (const BatchViolation& violation : validation.judgement.violations) {
      *response.add_violations() = ViolationMessage(violation, language);
    }
    for (const BatchNotice& notice : validation.judgement.notices) {
      *response.add_notices() = NoticeMessage(notice, language);
    }
    response.set_position(validation.position.value());
  }

  access::Gate& gate_;
  const PersonalData personal_;
  // Outlives the recorder, which hands it work.
  WorkerPool pool_;
  Recorder recorder_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRecordingService(EventStore& store,
                                                    Clock& clock,
                                                    access::Gate& gate,
                                                    PersonalData personal) {
  return std::make_unique<Service>(store, clock, gate, std::move(personal));
}

}  // namespace samverk::recording
