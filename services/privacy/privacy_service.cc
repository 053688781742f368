#include "services/privacy/privacy_service.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/record.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"
#include "samverk/privacy/v1/privacy_service.grpc.pb.h"
#include "services/access/admitted_call.h"
#include "services/access/readable.h"
#include "services/common/field_error.h"
#include "services/common/worker_pool.h"
#include "services/privacy/personal_fields.h"
#include "services/recording/messages.h"
#include "services/recording/record_and_wait.h"
#include "services/recording/recorder.h"

namespace samverk::privacy {
namespace {

using access::Admitted;
using event::v1::Event;
using event::v1::Personal;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

constexpr int kWorkers = 1;
constexpr size_t kWaitingMost = 64;
constexpr int kSubjectsMost = 100;
constexpr absl::Duration kRecordWithin = absl::Seconds(10);

// One sealed value that may be given.
struct Found {
  Position position;
  std::string event_id;
  std::string field;
  Personal personal;
};

// Whether somebody may open what is personal in an event that they may read:
// what their organisation recorded, had recorded or owns, and for an archivist
// all. Not a program, nor who only runs the register.
bool MayOpen(const Admitted& who, EventStore& store, const Event& event) {
  const access::Caller* caller = who.caller();
  if (caller == nullptr) return true;
  if (caller->machine || !access::MayRead(who, store, event)) return false;
  const auto holds = [&](auto&& accepts) {
    return std::any_of(
        caller->roles.begin(), caller->roles.end(),
        [&](const access::HeldRole& held) {
          return accepts(held.role) &&
                 (held.process.empty() || held.process == event.process());
        });
  };
  if (holds(
          [](access::Role role) { return role == access::Role::kArchivist; })) {
    return true;
  }
  if (!holds([](access::Role role) {
        return role != access::Role::kAdministrator &&
               role != access::Role::kResident;
      })) {
    return false;
  }
  for (const std::string* organisation :
       {&event.recorded_by().organisation(), &event.on_behalf_of(),
        &event.information_owner()}) {
    if (!organisation->empty() && *organisation == caller->organisation) {
      return true;
    }
  }
  return false;
}

absl::Status CheckRequest(const v1::ReadPersonalRequest& request) {
  if (request.process().empty()) {
    return FieldError("process", "is empty; say which process");
  }
  if (request.subjects().empty() || request.subjects_size() > kSubjectsMost) {
    return FieldError("subjects",
                      absl::StrCat(request.subjects_size(),
                                   " are given; give 1 to ", kSubjectsMost));
  }
  if (request.purpose().empty()) {
    return FieldError("purpose", "is empty; say what the data is read for");
  }
  return absl::OkStatus();
}

class PrivacyService final : public v1::PrivacyService::CallbackService {
 public:
  explicit PrivacyService(PrivacyParts parts)
      : parts_(std::move(parts)),
        recorder_(parts_.store, parts_.clock, recording_pool_),
        workers_(kWorkers, kWaitingMost) {}

  ServerUnaryReactor* ReadPersonal(
      CallbackServerContext* context, const v1::ReadPersonalRequest* request,
      v1::ReadPersonalResponse* response) override {
    return access::AnswerFrom(workers_, parts_.gate,
                              access::CallRight::kLoggedIn, *context,
                              [=, this](const Admitted& who) {
                                return Read(who, *request, *response);
                              });
  }

  ServerUnaryReactor* BackUpKeys(CallbackServerContext* context,
                                 const v1::BackUpKeysRequest*,
                                 v1::BackUpKeysResponse* response) override {
    return access::AnswerFrom(
        workers_, parts_.gate, access::CallRight::kOperates, *context,
        [=, this](const Admitted&) { return BackUp(*response); });
  }

 private:
  absl::Status Read(const Admitted& who, const v1::ReadPersonalRequest& request,
                    v1::ReadPersonalResponse& response) {
    RETURN_IF_ERROR(CheckRequest(request));
    // A disposal that is on record holds, whatever became of it then.
    RETURN_IF_ERROR(parts_.disposals.Follow());
    ASSIGN_OR_RETURN(const std::vector<Found> found, Find(who, request));
    if (found.empty()) {
      return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                       "nothing personal about these subjects is in the "
                       "process, or nothing that you may read; check process "
                       "and pseudonyms",
                       {{"process", request.process()}});
    }
    for (const Found& value : found) {
      v1::PersonalValue& shown = *response.add_values();
      shown.set_position(value.position.value());
      shown.set_event_id(value.event_id);
      shown.set_field(value.field);
      shown.set_subject(value.personal.subject());
      SetValue(value, who.language(), shown);
    }
    if (response.ByteSizeLong() >
        static_cast<size_t>(limits::kMessageBytes) / 2) {
      response.Clear();
      return FieldError("subjects",
                        "their values are too much for one answer; ask for "
                        "fewer");
    }
    // On record before it is given.
    const absl::StatusOr<Position> recorded = Record(who, request, found);
    if (!recorded.ok()) {
      response.Clear();
      return recorded.status();
    }
    response.set_recorded_at_position(recorded->value());
    return absl::OkStatus();
  }

  // One value that cannot be opened does not keep others from being read.
  void SetValue(const Found& value, codec::Language language,
                v1::PersonalValue& shown) {
    absl::StatusOr<Opened> opened =
        parts_.sealer.Open(value.personal, value.event_id, value.field);
    if (!opened.ok()) {
      const bool swedish = language == codec::Language::kSwedish;
      shown.set_disposed(
          absl::StrCat(swedish ? "[kan inte läsas: " : "[cannot be read: ",
                       opened.status().message(), "]"));
    } else if (auto* clear = std::get_if<std::string>(&*opened);
               clear != nullptr) {
      shown.set_clear(std::move(*clear));
    } else {
      shown.set_disposed(DisposedText(std::get<Disposal>(*opened), language));
    }
  }

  absl::StatusOr<std::vector<Found>> Find(
      const Admitted& who, const v1::ReadPersonalRequest& request) {
    const std::set<std::string> subjects(request.subjects().begin(),
                                         request.subjects().end());
    ReadOptions options;
    QueryItem item;
    for (const Event::FactCase kind : PersonalKinds()) {
      item.types.emplace_back(codec::TypeName(kind));
    }
    item.tags.push_back(codec::ProcessTag(request.process()));
    options.query.items.push_back(std::move(item));
    options.limit = limits::kReadPage;
    std::vector<Found> found;
    for (bool end = false; !end;) {
      ASSIGN_OR_RETURN(const EventPage page, parts_.store.Read(options));
      for (const RecordedEvent& recorded : page.events) {
        ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
        const std::string id = FormatUuid(body.id);
        Event event;
        RETURN_IF_ERROR(
            codec::DecodePayload(body.type, id, body.payload, event));
        if (!MayOpen(who, parts_.store, event)) continue;
        ForEachPersonal(
            event, [&](Personal& personal, const std::string& path) {
              if (!personal.has_sealed() ||
                  !subjects.contains(personal.subject())) {
                return;
              }
              found.push_back({recorded.position(), id, path, personal});
            });
      }
      options.after = std::max(options.after, page.scanned_to);
      end = page.end;
    }
    return found;
  }

  // Records that it was read; where.
  absl::StatusOr<Position> Record(const Admitted& who,
                                  const v1::ReadPersonalRequest& request,
                                  const std::vector<Found>& found) {
    Event event;
    event.set_id(FormatUuid(NewUuidV7(parts_.clock.Now())));
    event.set_process(request.process());
    auto& recorder = *event.mutable_recorded_by();
    const access::Caller* caller = who.caller();
    recorder.set_organisation(caller == nullptr ? "register"
                                                : caller->organisation);
    if (caller != nullptr) recorder.set_subject(caller->subject);
    // Who reads about whom is not for every partner.
    event.set_visibility(event::v1::VISIBILITY_STEERING_GROUP);
    auto& read = *event.mutable_sealed_data_read();
    read.set_principal(caller == nullptr ? "okänd" : caller->subject);
    std::set<std::string> subjects;
    for (const Found& value : found) subjects.insert(value.personal.subject());
    for (const std::string& subject : subjects) read.add_subjects(subject);
    read.set_purpose(request.purpose());
    const recording::RecordOutcome outcome = recording::RecordAndWait(
        recorder_, {event}, absl::Now() + kRecordWithin);
    if (!outcome.violations.empty()) {
      const recording::Violation& why = outcome.violations.front().violation;
      return FieldError(
          why.field == "sealed_data_read.purpose" ? "purpose" : "caller",
          recording::ViolationText(why, who.language()));
    }
    RETURN_IF_ERROR(outcome.status);
    return outcome.places.front().position;
  }

  absl::Status BackUp(v1::BackUpKeysResponse& response) {
    RETURN_IF_ERROR(parts_.disposals.CarryOut());
    ASSIGN_OR_RETURN(const KeyBackups::Made made, parts_.backups.Make());
    response.set_path(made.path);
    response.set_keys(made.counts.keys);
    response.set_disposals(made.counts.disposals);
    response.mutable_destroy_by()->set_seconds(
        absl::ToUnixSeconds(made.destroy_by));
    return absl::OkStatus();
  }

  PrivacyParts parts_;
  WorkerPool recording_pool_{1, kWaitingMost};
  recording::Recorder recorder_;
  WorkerPool workers_;  // last: its jobs use all of the above
};

}  // namespace

std::unique_ptr<grpc::Service> MakePrivacyService(PrivacyParts parts) {
  return std::make_unique<PrivacyService>(std::move(parts));
}

}  // namespace samverk::privacy
