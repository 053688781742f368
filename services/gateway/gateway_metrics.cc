#include "services/gateway/gateway_metrics.h"

#include <string>

namespace samverk {

GatewayMetrics::GatewayMetrics(prometheus::Registry& registry)
    : requests_(prometheus::BuildCounter()
                    .Name("samverk_gateway_requests_total")
                    .Help("HTTP requests answered, by kind and outcome")
                    .Register(registry)),
      streams_(prometheus::BuildGauge()
                   .Name("samverk_gateway_streams")
                   .Help("Streams that are open over HTTP")
                   .Register(registry)
                   .Add({})) {
  // There from the start, so that rates of what is rare can be told.
  for (const char* kind : {"unary", "stream"}) {
    requests_.Add({{"kind", kind}, {"code", "ok"}});
    requests_.Add({{"kind", kind}, {"code", "resource_exhausted"}});
  }
}

void GatewayMetrics::Count(std::string_view kind, std::string_view code) {
  requests_.Add({{"kind", std::string(kind)}, {"code", std::string(code)}})
      .Increment();
}

}  // namespace samverk
