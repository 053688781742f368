// Consumer groups as Prometheus metrics.
#ifndef SAMVERK_SERVICES_METRICS_GROUP_METRICS_H_
#define SAMVERK_SERVICES_METRICS_GROUP_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <vector>

#include "services/bus/consumer_group_service.h"

namespace samverk {

// Asks when it is asked: some values for each group, of which there are at most
// limits::kGroups. Thread-safe.
class GroupMetrics : public prometheus::Collectable {
 public:
  // The service must outlive it.
  explicit GroupMetrics(ConsumerGroupService& groups) : groups_(groups) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  ConsumerGroupService& groups_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_METRICS_GROUP_METRICS_H_
