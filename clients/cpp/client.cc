#include "clients/cpp/client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/audit.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/connectors.h"
#include "clients/cpp/consumer_groups.h"
#include "clients/cpp/log_cursor.h"
#include "clients/cpp/privacy.h"
#include "clients/cpp/raw_store.h"
#include "clients/cpp/reading.h"
#include "clients/cpp/status.h"
#include "clients/cpp/unary_call.h"
#include "samverk/admin/v1/admin_service.grpc.pb.h"
#include "samverk/bus/v1/subscription.grpc.pb.h"
#include "samverk/bus/v1/tracking.grpc.pb.h"
#include "samverk/recording/v1/recording_service.grpc.pb.h"
#include "samverk/report/v1/report.grpc.pb.h"
#include "samverk/view/v1/view_service.grpc.pb.h"

namespace samverk::client {
namespace {

// The largest report that is put together in memory.
constexpr size_t kReportBytes = 64 << 20;

template <typename Request>
void DefaultLanguage(const std::string& language, Request& request) {
  if (request.language().empty()) request.set_language(language);
}

// Reads a stream to its end, telling of each message; gives the last one.
template <typename Message>
absl::StatusOr<Message> LastOf(
    grpc::ClientReader<Message>& stream,
    const std::function<void(const Message&)>& on_progress) {
  Message message;
  Message last;
  while (stream.Read(&message)) {
    if (on_progress) on_progress(message);
    last = message;
  }
  const absl::Status status = FromGrpcStatus(stream.Finish());
  if (!status.ok()) return status;
  return last;
}

}  // namespace

struct Client::Parts {
  explicit Parts(std::unique_ptr<Connection> opened)
      : connection(std::move(opened)),
        recording(
            recording::v1::RecordingService::NewStub(connection->channel())),
        views(view::v1::ViewService::NewStub(connection->channel())),
        bus(bus::v1::SubscriptionService::NewStub(connection->channel())),
        tracking(bus::v1::TrackingService::NewStub(connection->channel())),
        reporting(report::v1::ReportingService::NewStub(connection->channel())),
        admin(admin::v1::AdminService::NewStub(connection->channel())),
        audit(*connection),
        privacy(*connection),
        groups(*connection),
        connectors(*connection),
        raw_store(*connection) {}

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                UnaryMethod<Stub, Request, Response> method,
                                const Request& request) {
    return CallUnary(*connection, stub, method, request);
  }

  // A question with a scope.
  template <typename Request, typename Response>
  absl::StatusOr<Response> View(
      UnaryMethod<view::v1::ViewService::Stub, Request, Response> method,
      Request request) {
    DefaultLanguage(connection->options().language, *request.mutable_scope());
    return Call(*views, method, request);
  }

  const std::unique_ptr<Connection> connection;
  const std::unique_ptr<recording::v1::RecordingService::Stub> recording;
  const std::unique_ptr<view::v1::ViewService::Stub> views;
  const std::unique_ptr<bus::v1::SubscriptionService::Stub> bus;
  const std::unique_ptr<bus::v1::TrackingService::Stub> tracking;
  const std::unique_ptr<report::v1::ReportingService::Stub> reporting;
  const std::unique_ptr<admin::v1::AdminService::Stub> admin;
  Audit audit;
  Privacy privacy;
  ConsumerGroups groups;
  Connectors connectors;
  RawStore raw_store;
};

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(Options options) {
  auto connection = Connection::Open(std::move(options));
  if (!connection.ok()) return connection.status();
  return std::unique_ptr<Client>(
      new Client(std::make_unique<Parts>(*std::move(connection))));
}

Client::Client(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Client::~Client() = default;

absl::StatusOr<recording::v1::RecordResponse> Client::Record(
    recording::v1::RecordRequest request) {
  DefaultLanguage(parts_->connection->options().language, request);
  return parts_->Call(*parts_->recording,
                      &recording::v1::RecordingService::Stub::Record, request);
}

absl::StatusOr<recording::v1::ValidateResponse> Client::Validate(
    recording::v1::ValidateRequest request) {
  DefaultLanguage(parts_->connection->options().language, request);
  return parts_->Call(*parts_->recording,
                      &recording::v1::RecordingService::Stub::Validate,
                      request);
}

absl::StatusOr<view::v1::GetBudgetResponse> Client::GetBudget(
    view::v1::GetBudgetRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::GetBudget,
                      std::move(request));
}

absl::StatusOr<view::v1::ListCostsResponse> Client::ListCosts(
    view::v1::ListCostsRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::ListCosts,
                      std::move(request));
}

absl::StatusOr<view::v1::GetParticipationResponse> Client::GetParticipation(
    view::v1::GetParticipationRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::GetParticipation,
                      std::move(request));
}

absl::StatusOr<view::v1::ListActivitiesResponse> Client::ListActivities(
    view::v1::ListActivitiesRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::ListActivities,
                      std::move(request));
}

absl::StatusOr<view::v1::ListFindingsResponse> Client::ListFindings(
    view::v1::ListFindingsRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::ListFindings,
                      std::move(request));
}

absl::StatusOr<view::v1::ListMeasuresResponse> Client::ListMeasures(
    view::v1::ListMeasuresRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::ListMeasures,
                      std::move(request));
}

absl::StatusOr<view::v1::GetTimelineResponse> Client::GetTimeline(
    view::v1::GetTimelineRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::GetTimeline,
                      std::move(request));
}

absl::StatusOr<view::v1::ListChecksResponse> Client::ListChecks(
    view::v1::ListChecksRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::ListChecks,
                      std::move(request));
}

absl::StatusOr<view::v1::ListLessonsResponse> Client::ListLessons(
    view::v1::ListLessonsRequest request) {
  return parts_->View(&view::v1::ViewService::Stub::ListLessons,
                      std::move(request));
}

absl::StatusOr<view::v1::ListProcessesResponse> Client::ListProcesses(
    view::v1::ListProcessesRequest request) {
  return parts_->Call(*parts_->views,
                      &view::v1::ViewService::Stub::ListProcesses, request);
}

absl::Status Client::ReadLog(const view::v1::ReadLogRequest& request,
                             const LogReader& reader) {
  LogCursor cursor(request);
  const Reading<view::v1::ReadLogResponse> reading = {
      .open =
          [&](grpc::ClientContext* context) {
            return parts_->views->ReadLog(context, cursor.rest());
          },
      .take =
          [&](const view::v1::ReadLogResponse& page) {
            const bool more = reader.on_page(page);
            cursor.Took(page);
            return more;
          },
      .finished = [&] { return cursor.finished(); },
      .on_interrupted = reader.on_interrupted,
      .cancellation = reader.cancellation,
      .patience = parts_->connection->options().timeout};
  return ReadThroughBreaks(*parts_->connection, reading);
}

absl::Status Client::Subscribe(bus::v1::SubscribeRequest request,
                               const Subscriber& subscriber) {
  if (request.start().now()) {
    // The instant of this call, also when the first connection breaks.
    const absl::StatusOr<uint64_t> head = GetHead(subscriber.cancellation);
    if (!head.ok()) return head.status();
    request.mutable_start()->set_after(*head);
  }
  const Reading<bus::v1::SubscribeResponse> reading = {
      .open =
          [&](grpc::ClientContext* context) {
            return parts_->bus->Subscribe(context, request);
          },
      .take =
          [&](const bus::v1::SubscribeResponse& message) {
            const bool more = subscriber.on_message(message);
            request.mutable_start()->set_after(message.cursor());
            return more;
          },
      .finished = [] { return false; },
      .on_interrupted = subscriber.on_interrupted,
      .cancellation = subscriber.cancellation,
      .patience = absl::InfiniteDuration()};
  return ReadThroughBreaks(*parts_->connection, reading);
}

absl::StatusOr<uint64_t> Client::GetHead(Cancellation* cancellation) {
  view::v1::ReadLogRequest request;
  request.set_reverse(true);
  request.set_limit(1);
  uint64_t head = 0;
  LogReader reader;
  reader.cancellation = cancellation;
  reader.on_page = [&head](const view::v1::ReadLogResponse& page) {
    head = page.head();
    return true;
  };
  const absl::Status status = ReadLog(request, reader);
  if (!status.ok()) return status;
  return head;
}

absl::StatusOr<Report> Client::GenerateReport(
    report::v1::GenerateReportRequest request) {
  DefaultLanguage(parts_->connection->options().language, request);
  Report report;
  const absl::Status status =
      parts_->connection->Retry([&](absl::Time deadline) -> absl::Status {
        report = Report();
        grpc::ClientContext context;
        parts_->connection->Prepare(deadline, context);
        const auto stream =
            parts_->reporting->GenerateReport(&context, request);
        report::v1::GenerateReportResponse part;
        while (stream->Read(&part)) {
          if (report.content.size() + part.content().size() > kReportBytes) {
            context.TryCancel();
            return absl::ResourceExhaustedError(
                absl::StrCat("the report is larger than ", kReportBytes,
                             " bytes; ask for a shorter period"));
          }
          report.content += part.content();
          part.clear_content();
          report.about.MergeFrom(part);
        }
        return FromGrpcStatus(stream->Finish());
      });
  if (!status.ok()) return status;
  return report;
}

absl::StatusOr<admin::v1::GetStatusResponse> Client::GetStatus() {
  return parts_->Call(*parts_->admin, &admin::v1::AdminService::Stub::GetStatus,
                      admin::v1::GetStatusRequest());
}

absl::StatusOr<admin::v1::ListProjectionsResponse> Client::ListProjections() {
  return parts_->Call(*parts_->admin,
                      &admin::v1::AdminService::Stub::ListProjections,
                      admin::v1::ListProjectionsRequest());
}

absl::StatusOr<admin::v1::RebuildProjectionResponse> Client::RebuildProjection(
    std::string_view name,
    const std::function<void(const admin::v1::RebuildProjectionResponse&)>&
        on_progress) {
  admin::v1::RebuildProjectionRequest request;
  request.set_name(std::string(name));
  grpc::ClientContext context;
  parts_->connection->Prepare(absl::InfiniteFuture(), context);
  const auto stream = parts_->admin->RebuildProjection(&context, request);
  return LastOf(*stream, on_progress);
}

absl::StatusOr<admin::v1::CreateBackupResponse> Client::CreateBackup(
    uint32_t keep,
    const std::function<void(const admin::v1::CreateBackupResponse&)>&
        on_progress) {
  admin::v1::CreateBackupRequest request;
  request.set_keep(keep);
  grpc::ClientContext context;
  parts_->connection->Prepare(absl::InfiniteFuture(), context);
  const auto stream = parts_->admin->CreateBackup(&context, request);
  return LastOf(*stream, on_progress);
}

absl::StatusOr<admin::v1::ListBackupsResponse> Client::ListBackups() {
  return parts_->Call(*parts_->admin,
                      &admin::v1::AdminService::Stub::ListBackups,
                      admin::v1::ListBackupsRequest());
}

absl::StatusOr<bus::v1::TrackResponse> Client::Track(
    const bus::v1::TrackRequest& request) {
  const auto method = &bus::v1::TrackingService::Stub::Track;
  return request.rewind()
             ? CallOnce(*parts_->connection, *parts_->tracking, method, request)
             : parts_->Call(*parts_->tracking, method, request);
}

absl::StatusOr<bus::v1::GetTrackResponse> Client::GetTrack(
    std::string_view name) {
  bus::v1::GetTrackRequest request;
  request.set_name(std::string(name));
  return parts_->Call(*parts_->tracking,
                      &bus::v1::TrackingService::Stub::GetTrack, request);
}

absl::StatusOr<bus::v1::ListTracksResponse> Client::ListTracks() {
  bus::v1::ListTracksRequest request;
  request.set_page_size(1'000);
  bus::v1::ListTracksResponse all;
  while (true) {
    auto page =
        parts_->Call(*parts_->tracking,
                     &bus::v1::TrackingService::Stub::ListTracks, request);
    if (!page.ok()) return page.status();
    all.MergeFrom(*page);
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  all.clear_next_page_token();
  return all;
}

absl::Status Client::DeleteTrack(std::string_view name) {
  bus::v1::DeleteTrackRequest request;
  request.set_name(std::string(name));
  return parts_
      ->Call(*parts_->tracking, &bus::v1::TrackingService::Stub::DeleteTrack,
             request)
      .status();
}

ConsumerGroups& Client::groups() { return parts_->groups; }

Audit& Client::audit() { return parts_->audit; }
Privacy& Client::privacy() { return parts_->privacy; }

Connectors& Client::connectors() { return parts_->connectors; }

RawStore& Client::raw_store() { return parts_->raw_store; }

}  // namespace samverk::client
