// The state of register, views and process as Prometheus metrics.
#ifndef SAMVERK_SERVICES_METRICS_REGISTER_METRICS_H_
#define SAMVERK_SERVICES_METRICS_REGISTER_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "projections/engine/projector.h"

namespace samverk {

// What does not change while the server runs.
struct ServerIdentity {
  std::string version;
  absl::Time started_at;
  std::string data_directory;
  std::string backup_directory;
};

// Asks when it is asked. Thread-safe.
class RegisterMetrics : public prometheus::Collectable {
 public:
  // The store and the projector must outlive it.
  RegisterMetrics(RocksDbEventStore& store, projections::Projector& projector,
                  ServerIdentity identity);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  RocksDbEventStore& store_;
  projections::Projector& projector_;
  const ServerIdentity identity_;
};

// The text that Prometheus reads (exposition format 0.0.4).
std::string ExpositionText(
    const std::vector<const prometheus::Collectable*>& sources);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_METRICS_REGISTER_METRICS_H_
