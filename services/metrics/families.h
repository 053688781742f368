// Building what a Collectable gives.
#ifndef SAMVERK_SERVICES_METRICS_FAMILIES_H_
#define SAMVERK_SERVICES_METRICS_FAMILIES_H_

#include <prometheus/metric_family.h>

#include <utility>
#include <vector>

namespace samverk {

// Collects families in the order in which they are begun.
class Families {
 public:
  void Begin(const char* name, const char* help, prometheus::MetricType type) {
    families_.push_back({name, help, type, {}});
  }
  void Add(double value,
           std::vector<prometheus::ClientMetric::Label> labels = {}) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    if (families_.back().type == prometheus::MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    families_.back().metric.push_back(std::move(metric));
  }
  template <typename Number>
  void Gauge(const char* name, const char* help, Number value) {
    Begin(name, help, prometheus::MetricType::Gauge);
    Add(static_cast<double>(value));
  }
  template <typename Number>
  void Counter(const char* name, const char* help, Number value) {
    Begin(name, help, prometheus::MetricType::Counter);
    Add(static_cast<double>(value));
  }
  std::vector<prometheus::MetricFamily> Take() { return std::move(families_); }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_METRICS_FAMILIES_H_
