// ReportingService over gRPC.
#ifndef SAMVERK_SERVICES_REPORTING_REPORT_SERVICE_H_
#define SAMVERK_SERVICES_REPORTING_REPORT_SERVICE_H_

#include <string>

#include "absl/time/time.h"
#include "eventstore/audit/tree_reader.h"
#include "eventstore/event_store.h"
#include "samverk/report/v1/report.grpc.pb.h"
#include "services/access/gate.h"
#include "services/common/head_watcher.h"
#include "services/common/worker_pool.h"

namespace samverk {

// Bytes of a report in one message.
inline constexpr size_t kReportChunkBytes = 256 << 10;

// Generates reports on threads of its own and sends them in chunks. Thread-
// safe. Must outlive the server that it is registered with; reports that are
// being generated when it is destroyed are finished first.
class ReportService final
    : public report::v1::ReportingService::CallbackService {
 public:
  struct Options {
    // Name of the register, printed in reports.
    std::string register_name;
    // The register's tree, whose root is given with reports; must outlive the
    // service. Null: no root is given.
    TreeReader* tree = nullptr;
    // Reports generated at once, and those that may wait for their turn.
    int threads = 2;
    size_t waiting_max = 64;
    // How long a request waits for the position it asks for (at_least), if
    // its own deadline is not sooner.
    absl::Duration at_least_wait_max = absl::Seconds(10);
  };

  // Both must outlive the service. A report is without what its caller may not
  // read, and says so.
  ReportService(EventStore& store, access::Gate& gate, Options options);

  grpc::ServerWriteReactor<report::v1::GenerateReportResponse>* GenerateReport(
      grpc::CallbackServerContext* context,
      const report::v1::GenerateReportRequest* request) override;

 private:
  class Call;

  EventStore& store_;
  access::Gate& gate_;
  const Options options_;
  WorkerPool workers_;
  // Declared last: its waiters hand their work to the pool.
  HeadWatcher watcher_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_REPORT_SERVICE_H_
