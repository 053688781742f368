// The gateway's work as Prometheus metrics.
#ifndef SAMVERK_SERVICES_GATEWAY_GATEWAY_METRICS_H_
#define SAMVERK_SERVICES_GATEWAY_GATEWAY_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string_view>

namespace samverk {

// Thread-safe.
class GatewayMetrics {
 public:
  // Puts its families into `registry`, which must outlive it.
  explicit GatewayMetrics(prometheus::Registry& registry);

  // A request was answered. `kind`: "unary", "stream", "file" or "other";
  // `code`: a code of Connect, or "ok".
  void Count(std::string_view kind, std::string_view code);

  // Streams that are open.
  prometheus::Gauge& streams() { return streams_; }

 private:
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Gauge& streams_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_GATEWAY_METRICS_H_
