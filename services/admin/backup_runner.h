// Backups of the register that is served.
#ifndef SAMVERK_SERVICES_ADMIN_BACKUP_RUNNER_H_
#define SAMVERK_SERVICES_ADMIN_BACKUP_RUNNER_H_

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "eventstore/base/mutex.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "samverk/admin/v1/admin_service.pb.h"

namespace samverk {

// Makes one backup at a time, in a thread of its own. Thread-safe.
class BackupRunner {
 public:
  // `store` must outlive it.
  BackupRunner(RocksDbEventStore& store, const std::string& directory)
      : store_(store), directory_(std::filesystem::absolute(directory)) {}
  // Stops a backup that is being made; nothing of it stays.
  ~BackupRunner();

  // Begins a backup and gives the reactor to gRPC. It goes on when the call is
  // cancelled; `place` is held as long as the call lasts.
  grpc::ServerWriteReactor<admin::v1::CreateBackupResponse>* Start(
      const admin::v1::CreateBackupRequest& request,
      std::shared_ptr<const void> place);

  absl::Status List(admin::v1::ListBackupsResponse& response) const;

 private:
  RocksDbEventStore& store_;
  const std::string directory_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> running_{false};
  Mutex mu_;
  std::thread thread_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_ADMIN_BACKUP_RUNNER_H_
