// Those who follow the register as Prometheus metrics.
#ifndef SAMVERK_SERVICES_METRICS_SUBSCRIPTION_METRICS_H_
#define SAMVERK_SERVICES_METRICS_SUBSCRIPTION_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <vector>

#include "services/bus/subscription_service.h"

namespace samverk {

// Asks when it is asked. Thread-safe.
class SubscriptionMetrics : public prometheus::Collectable {
 public:
  // The service must outlive it.
  explicit SubscriptionMetrics(SubscriptionService& subscriptions)
      : subscriptions_(subscriptions) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  SubscriptionService& subscriptions_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_METRICS_SUBSCRIPTION_METRICS_H_
