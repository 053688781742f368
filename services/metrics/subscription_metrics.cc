#include "services/metrics/subscription_metrics.h"

namespace samverk {
namespace {

prometheus::MetricFamily Gauge(const char* name, const char* help,
                               double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  return {name, help, prometheus::MetricType::Gauge, {metric}};
}

}  // namespace

std::vector<prometheus::MetricFamily> SubscriptionMetrics::Collect() const {
  const SubscriptionStats stats = subscriptions_.Stats();
  return {Gauge("samverk_subscriptions", "Subscriptions that are open",
                static_cast<double>(stats.count)),
          Gauge("samverk_subscription_lag_events",
                "Events between the head and the slowest of them",
                static_cast<double>(stats.lag_events))};
}

}  // namespace samverk
