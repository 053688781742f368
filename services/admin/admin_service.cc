#include "services/admin/admin_service.h"

#include <utility>

#include "eventstore/base/check.h"
#include "projections/timeline/timeline_answer.h"
#include "samverk/admin/v1/admin_service.grpc.pb.h"
#include "services/admin/backup_runner.h"
#include "services/admin/machine.h"
#include "services/admin/rebuild_stream.h"
#include "services/common/grpc_status.h"
#include "services/common/refused_call.h"

namespace samverk {
namespace {

using access::CallKind;
using access::CallRight;
using projections::ProjectionId;
using projections::ProjectionStatus;
using projections::Projector;

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t micros = absl::ToUnixMicros(time);
  timestamp.set_seconds(micros / 1'000'000);
  timestamp.set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1000);
  return timestamp;
}

admin::v1::ProjectionState StateOf(ProjectionStatus::State state) {
  switch (state) {
    case ProjectionStatus::State::kLive:
      return admin::v1::PROJECTION_STATE_LIVE;
    case ProjectionStatus::State::kCatchingUp:
      return admin::v1::PROJECTION_STATE_CATCHING_UP;
    case ProjectionStatus::State::kRebuilding:
      return admin::v1::PROJECTION_STATE_REBUILDING;
    case ProjectionStatus::State::kStopped:
      return admin::v1::PROJECTION_STATE_STOPPED;
  }
  SAMVERK_CHECK(false) << "unreachable";
}

admin::v1::ProjectionStatus ToProto(const ProjectionStatus& status,
                                    Position head) {
  admin::v1::ProjectionStatus out;
  out.set_name(status.name);
  out.set_version(static_cast<uint32_t>(status.version));
  out.set_state(StateOf(status.state));
  out.set_applied(status.applied.value());
  if (head > status.applied) {
    out.set_lag(head.value() - status.applied.value());
  }
  out.set_entries(status.entries);
  out.set_stopped_reason(status.stopped_reason);
  if (status.rebuild_applied) {
    out.set_rebuild_applied(status.rebuild_applied->value());
  }
  return out;
}

class AdminService final : public admin::v1::AdminService::CallbackService {
 public:
  AdminService(RocksDbEventStore& store, Projector& projector,
               ServerFacts facts, access::Gate& gate)
      : store_(store),
        projector_(projector),
        facts_(std::move(facts)),
        gate_(gate),
        backups_(store, facts_.backup_directory) {}

  grpc::ServerUnaryReactor* GetStatus(
      grpc::CallbackServerContext* context,
      const admin::v1::GetStatusRequest* /*request*/,
      admin::v1::GetStatusResponse* response) override {
    const auto who = gate_.Admit(*context, CallRight::kLoggedIn);
    if (!who.ok()) return RefuseCall(*context, who.status());
    FillServer(*response);
    const Position head = FillStore(*response);
    for (const ProjectionStatus& status : projector_.Status()) {
      *response->add_projections() = ToProto(status, head);
    }
    response->set_processes(CountProcesses());
    return Done(context, absl::OkStatus());
  }

  grpc::ServerUnaryReactor* ListProjections(
      grpc::CallbackServerContext* context,
      const admin::v1::ListProjectionsRequest* /*request*/,
      admin::v1::ListProjectionsResponse* response) override {
    const auto who = gate_.Admit(*context, CallRight::kLoggedIn);
    if (!who.ok()) return RefuseCall(*context, who.status());
    const Position head = store_.Head();
    for (const ProjectionStatus& status : projector_.Status()) {
      *response->add_projections() = ToProto(status, head);
    }
    return Done(context, absl::OkStatus());
  }

  grpc::ServerWriteReactor<admin::v1::RebuildProjectionResponse>*
  RebuildProjection(
      grpc::CallbackServerContext* context,
      const admin::v1::RebuildProjectionRequest* request) override {
    const auto who =
        gate_.Admit(*context, CallRight::kOperates, CallKind::kStream);
    if (!who.ok()) {
      return new RefusedStream<admin::v1::RebuildProjectionResponse>(
          who.status());
    }
    return StartRebuild(projector_, request->name(), who->held());
  }

  grpc::ServerWriteReactor<admin::v1::CreateBackupResponse>* CreateBackup(
      grpc::CallbackServerContext* context,
      const admin::v1::CreateBackupRequest* request) override {
    const auto who =
        gate_.Admit(*context, CallRight::kOperates, CallKind::kStream);
    if (!who.ok()) {
      return new RefusedStream<admin::v1::CreateBackupResponse>(who.status());
    }
    return backups_.Start(*request, who->held());
  }

  grpc::ServerUnaryReactor* ListBackups(
      grpc::CallbackServerContext* context,
      const admin::v1::ListBackupsRequest* /*request*/,
      admin::v1::ListBackupsResponse* response) override {
    const auto who = gate_.Admit(*context, CallRight::kOperates);
    if (!who.ok()) return RefuseCall(*context, who.status());
    return Done(context, backups_.List(*response));
  }

 private:
  static grpc::ServerUnaryReactor* Done(grpc::CallbackServerContext* context,
                                        const absl::Status& status) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(ToGrpcStatus(status));
    return reactor;
  }

  void FillServer(admin::v1::GetStatusResponse& response) const {
    response.set_version(facts_.version);
    *response.mutable_started_at() = ToTimestamp(facts_.started_at);
    response.set_open_us(
        static_cast<uint64_t>(absl::ToInt64Microseconds(facts_.open_took)));
    response.set_disk_free_bytes(FreeBytes(facts_.data_directory));
    response.set_resident_bytes(ResidentBytes());
    if (facts_.problems == nullptr) return;
    for (std::string& problem : facts_.problems()) {
      response.add_problems(std::move(problem));
    }
  }

  Position FillStore(admin::v1::GetStatusResponse& response) {
    const RocksDbEventStore::Stats stats = store_.GetStats();
    response.set_register_(stats.origin);
    response.set_head(stats.head.value());
    response.set_root(stats.tree.root.data(), stats.tree.root.size());
    response.set_writable(stats.read_only_because.empty());
    response.set_read_only_reason(stats.read_only_because);
    response.set_append_queue(stats.queue_length);
    response.set_disk_bytes(stats.bytes_on_disk + projector_.BytesOnDisk());
    response.set_log_format(stats.log_format);
    ReadOptions last;
    last.direction = Direction::kBackward;
    last.limit = 1;
    if (const auto page = store_.Read(last);
        page.ok() && !page->events.empty()) {
      *response.mutable_head_recorded_at() =
          ToTimestamp(page->events.front().recorded_at());
    }
    return stats.head;
  }

  // Processes that the timeline knows; 0 when its views cannot be read now.
  uint64_t CountProcesses() {
    const auto views = projector_.Views({ProjectionId::kTimeline});
    if (!views.ok()) return 0;
    uint64_t count = 0;
    projections::ForEachProcess(views->snapshot->views(),
                                [&count](const view::v1::ProcessView&) {
                                  ++count;
                                  return true;
                                });
    return count;
  }

  RocksDbEventStore& store_;
  Projector& projector_;
  const ServerFacts facts_;
  access::Gate& gate_;
  BackupRunner backups_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(
    RocksDbEventStore& store, projections::Projector& projector,
    ServerFacts facts, access::Gate& gate) {
  return std::make_unique<AdminService>(store, projector, std::move(facts),
                                        gate);
}

}  // namespace samverk
