// The register's services as typed calls.
//
//   auto client = samverk::client::Client::Connect({.language = "sv"});
//   if (!client.ok()) return client.status();
//   samverk::recording::v1::RecordRequest request;
//   *request.add_events() = ...;
//   auto recorded = (*client)->Record(request);
//
// Requests and answers are the messages of proto/samverk: nothing is renamed or
// hidden. A failed call is an absl::Status whose details clients/cpp/status.h
// takes out. Calls that are safe to repeat are repeated (clients/cpp/retry.h).
#ifndef SAMVERK_CLIENTS_CPP_CLIENT_H_
#define SAMVERK_CLIENTS_CPP_CLIENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/cancellation.h"
#include "clients/cpp/options.h"
#include "samverk/admin/v1/admin_service.pb.h"
#include "samverk/bus/v1/subscription.pb.h"
#include "samverk/bus/v1/tracking.pb.h"
#include "samverk/recording/v1/recording_service.pb.h"
#include "samverk/report/v1/report.pb.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk::client {

class Audit;
class Connectors;
class ConsumerGroups;
class Privacy;
class RawStore;

// A generated report, put together.
struct Report {
  // The document's bytes, or the canonical JSON of the model.
  std::string content;
  // What the stream said about it; `content` is empty here.
  report::v1::GenerateReportResponse about;
};

// How ReadLog speaks to its caller.
struct LogReader {
  // Takes some events, in order; false ends the reading. Called on the
  // caller's thread.
  std::function<bool(const view::v1::ReadLogResponse& page)> on_page;
  // The connection broke; the reading goes on where it was. May be empty.
  std::function<void(const absl::Status& why)> on_interrupted = nullptr;
  // Ends the reading from another thread. May be null.
  Cancellation* cancellation = nullptr;
};

// How Subscribe speaks to its caller.
struct Subscriber {
  // Takes a message; false ends the subscription. Called on the caller's
  // thread. Whoever stores what came of an event stores message.cursor() with
  // it, and begins after that the next time.
  std::function<bool(const bus::v1::SubscribeResponse& message)> on_message;
  // The connection broke; the subscription goes on where it was. May be empty.
  std::function<void(const absl::Status& why)> on_interrupted = nullptr;
  // Ends the subscription from another thread. May be null.
  Cancellation* cancellation = nullptr;
};

// A connection to one server. All methods may be called from any thread at
// once. Every method may fail as its RPC's comment says, and with
// UNAVAILABLE (no server) or DEADLINE_EXCEEDED (Options::timeout) besides.
// A request without a language gets the one of the options.
class Client {
 public:
  // Reaches the server. UNAVAILABLE when nobody answers.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(Options options);
  ~Client();

  // Records a batch, whole or not at all. Repeats itself when the outcome is
  // not known: the events' ids make that harmless. Events without an id are
  // recorded under one that the server makes of their source reference.
  absl::StatusOr<recording::v1::RecordResponse> Record(
      recording::v1::RecordRequest request);
  // Says what Record would refuse, and writes nothing.
  absl::StatusOr<recording::v1::ValidateResponse> Validate(
      recording::v1::ValidateRequest request);

  absl::StatusOr<view::v1::GetBudgetResponse> GetBudget(
      view::v1::GetBudgetRequest request);
  absl::StatusOr<view::v1::ListCostsResponse> ListCosts(
      view::v1::ListCostsRequest request);
  absl::StatusOr<view::v1::GetParticipationResponse> GetParticipation(
      view::v1::GetParticipationRequest request);
  absl::StatusOr<view::v1::ListActivitiesResponse> ListActivities(
      view::v1::ListActivitiesRequest request);
  absl::StatusOr<view::v1::ListFindingsResponse> ListFindings(
      view::v1::ListFindingsRequest request);
  absl::StatusOr<view::v1::ListMeasuresResponse> ListMeasures(
      view::v1::ListMeasuresRequest request);
  absl::StatusOr<view::v1::GetTimelineResponse> GetTimeline(
      view::v1::GetTimelineRequest request);
  absl::StatusOr<view::v1::ListChecksResponse> ListChecks(
      view::v1::ListChecksRequest request);
  absl::StatusOr<view::v1::ListLessonsResponse> ListLessons(
      view::v1::ListLessonsRequest request);
  absl::StatusOr<view::v1::ListProcessesResponse> ListProcesses(
      view::v1::ListProcessesRequest request);

  // Reads the history. When the connection breaks it goes on after the last
  // page that was taken, with no event missing and none twice; a reading that
  // ends at the head ends at the head that its first answer told.
  //   OK: read to the end, to the limit, or on_page said no.
  //   CANCELLED: by reader.cancellation.
  //   UNAVAILABLE: no server for Options::timeout.
  absl::Status ReadLog(const view::v1::ReadLogRequest& request,
                       const LogReader& reader);

  // Follows the register. When the connection breaks, or the server ends it or
  // is full, it waits for as long as it takes and goes on after the last
  // message that was taken, with no event missing and none twice.
  //   OK: on_message said no. CANCELLED: by subscriber.cancellation.
  //   INVALID_ARGUMENT, FAILED_PRECONDITION, DATA_LOSS: as the RPC says. One of
  //     them may be a start beyond the head after a server was restored from a
  //     backup: what had been recorded since is no more.
  absl::Status Subscribe(bus::v1::SubscribeRequest request,
                         const Subscriber& subscriber);

  // Position of the register's last event; 0 when it has none. `cancellation`,
  // which may be null, ends the call from another thread.
  absl::StatusOr<uint64_t> GetHead(Cancellation* cancellation = nullptr);

  // Generates a report. RESOURCE_EXHAUSTED beyond 64 MiB.
  absl::StatusOr<Report> GenerateReport(
      report::v1::GenerateReportRequest request);

  absl::StatusOr<admin::v1::GetStatusResponse> GetStatus();
  absl::StatusOr<admin::v1::ListProjectionsResponse> ListProjections();
  // Rebuilds a projection and waits for it, however long it takes.
  // `on_progress` is told how far it is; the last answer is returned. Not
  // repeated when the connection breaks: the server goes on by itself.
  absl::StatusOr<admin::v1::RebuildProjectionResponse> RebuildProjection(
      std::string_view name,
      const std::function<void(const admin::v1::RebuildProjectionResponse&)>&
          on_progress);

  // Has the register backed up and waits for it, however long it takes; `keep`
  // as CreateBackupRequest has it. Not repeated when the connection breaks: the
  // server goes on by itself.
  absl::StatusOr<admin::v1::CreateBackupResponse> CreateBackup(
      uint32_t keep,
      const std::function<void(const admin::v1::CreateBackupResponse&)>&
          on_progress);
  absl::StatusOr<admin::v1::ListBackupsResponse> ListBackups();

  // Sets a named position: of a follower of the register, or of an importer
  // from another log, which otherwise gives it with the events
  // (RecordRequest.track). Repeats itself, which is harmless; but a rewind is
  // sent once, as its reader may have gone on meanwhile.
  absl::StatusOr<bus::v1::TrackResponse> Track(
      const bus::v1::TrackRequest& request);
  // Where a reader goes on: after the position. NOT_FOUND: at the first event.
  absl::StatusOr<bus::v1::GetTrackResponse> GetTrack(std::string_view name);
  // All of them, by name.
  absl::StatusOr<bus::v1::ListTracksResponse> ListTracks();
  absl::Status DeleteTrack(std::string_view name);

  // Sharing the work of following the register
  // (clients/cpp/consumer_groups.h).
  ConsumerGroups& groups();

  // Checkpoints and proofs (clients/cpp/audit.h).
  Audit& audit();
  // Personal data (clients/cpp/privacy.h).
  Privacy& privacy();
  // Systems that the server calls by itself (clients/cpp/connectors.h).
  Connectors& connectors();

  // The opaque log itself, where the server offers it
  // (clients/cpp/raw_store.h).
  RawStore& raw_store();

 private:
  struct Parts;
  explicit Client(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_CLIENT_H_
