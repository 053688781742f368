// Checkpoints, witnesses and the reading for damage as Prometheus metrics.
#ifndef SAMVERK_SERVICES_METRICS_AUDIT_METRICS_H_
#define SAMVERK_SERVICES_METRICS_AUDIT_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <vector>

#include "services/audit/register_audit.h"

namespace samverk {

// Asks when it is asked. Thread-safe.
class AuditMetrics : public prometheus::Collectable {
 public:
  // It must outlive this.
  explicit AuditMetrics(RegisterAudit& audit) : audit_(audit) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  RegisterAudit& audit_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_METRICS_AUDIT_METRICS_H_
