// How the register is, for those who run it.
#ifndef SAMVERK_SERVICES_ADMIN_ADMIN_SERVICE_H_
#define SAMVERK_SERVICES_ADMIN_ADMIN_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "projections/engine/projector.h"
#include "services/access/gate.h"

namespace samverk {

// What does not change while the server runs.
struct ServerFacts {
  std::string version;
  absl::Time started_at;
  absl::Duration open_took;  // opening the store
  std::string data_directory;
  std::string backup_directory;
  // What needs somebody's attention, a sentence each. May be null.
  std::function<std::vector<std::string>()> problems = nullptr;
};

// samverk.admin.v1.AdminService. `store`, `projector` and `gate` must outlive
// it. Whoever has logged in sees how the register is; backups and rebuilds are
// for those who run it.
// Answers from memory; the progress of a rebuild or a backup is sent as it gets
// on, and a slow reader misses steps but never the last one.
std::unique_ptr<grpc::Service> MakeAdminService(
    RocksDbEventStore& store, projections::Projector& projector,
    ServerFacts facts, access::Gate& gate);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_ADMIN_ADMIN_SERVICE_H_
