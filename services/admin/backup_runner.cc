#include "services/admin/backup_runner.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/thread_name.h"
#include "eventstore/rocksdb/backup.h"
#include "eventstore/store_errors.h"
#include "services/admin/latest_stream.h"

namespace samverk {
namespace {

using admin::v1::CreateBackupResponse;

void ToProto(const Backup& backup, admin::v1::Backup& out) {
  out.set_number(backup.number);
  out.set_bytes(backup.bytes);
  if (!backup.usable.ok()) {
    out.set_damage(std::string(backup.usable.message()));
    return;
  }
  const BackupManifest& manifest = backup.manifest;
  out.mutable_made_at()->set_seconds(absl::ToUnixSeconds(manifest.made));
  out.set_register_(manifest.origin);
  out.set_position(manifest.point.position.value());
  out.set_root(manifest.point.tree.root.data(),
               manifest.point.tree.root.size());
}

}  // namespace

BackupRunner::~BackupRunner() {
  stopping_ = true;
  MutexLock lock(mu_);
  if (thread_.joinable()) thread_.join();
}

grpc::ServerWriteReactor<CreateBackupResponse>* BackupRunner::Start(
    const admin::v1::CreateBackupRequest& request,
    std::shared_ptr<const void> place) {
  auto* stream = new LatestStream<CreateBackupResponse>(std::move(place));
  BackupOptions options;
  options.directory = directory_;
  options.keep = request.keep();
  options.now = absl::Now();
  options.on_progress = [this, stream](const BackupProgress& progress) {
    CreateBackupResponse response;
    response.set_bytes_done(progress.bytes_done);
    response.set_bytes_total(progress.bytes_total);
    stream->Send(std::move(response));
    return !stopping_;
  };
  const auto make = [this, stream, options = std::move(options)] {
    SetThreadName("backup");
    const auto made =
        CreateBackup(store_.database(), store_.LastCommit(), options);
    running_ = false;
    if (!made.ok()) return stream->End(made.status());
    CreateBackupResponse response;
    response.set_done(true);
    response.set_directory(directory_);
    ToProto(*made, *response.mutable_backup());
    stream->Send(std::move(response));
    stream->End(absl::OkStatus());
  };
  MutexLock lock(mu_);
  if (stopping_) {
    stream->End(ShuttingDown());
  } else if (running_.exchange(true)) {
    stream->End(MakeError(absl::StatusCode::kFailedPrecondition,
                          error::v1::REASON_IN_USE,
                          "a backup is being made already; wait for it to "
                          "end"));
  } else {
    if (thread_.joinable()) thread_.join();
    thread_ = std::thread(make);
  }
  return stream;
}

absl::Status BackupRunner::List(
    admin::v1::ListBackupsResponse& response) const {
  response.set_directory(directory_);
  const auto backups = ListBackups(directory_);
  if (absl::IsNotFound(backups.status())) return absl::OkStatus();
  if (!backups.ok()) return backups.status();
  for (const Backup& backup : *backups) {
    ToProto(backup, *response.add_backups());
  }
  return absl::OkStatus();
}

}  // namespace samverk
