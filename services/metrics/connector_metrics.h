// Connectors as Prometheus metrics.
#ifndef SAMVERK_SERVICES_METRICS_CONNECTOR_METRICS_H_
#define SAMVERK_SERVICES_METRICS_CONNECTOR_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <vector>

#include "services/connectors/connectors.h"

namespace samverk {

// Asks when it is asked: some values for each connector, of which there are at
// most connectors::kConnectorsMost. How far one is behind, its group's metrics
// say. Thread-safe.
class ConnectorMetrics : public prometheus::Collectable {
 public:
  // The connectors must outlive it.
  explicit ConnectorMetrics(connectors::Connectors& connectors)
      : connectors_(connectors) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  connectors::Connectors& connectors_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_METRICS_CONNECTOR_METRICS_H_
