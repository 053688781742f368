#include "services/metrics/connector_metrics.h"

#include <string>
#include <utility>

namespace samverk {
namespace {

using bus::v1::Connector;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<std::string, std::string>>;

void Add(const Connector& connector, const Labels& labels, double value,
         MetricFamily& family) {
  prometheus::ClientMetric& metric = family.metric.emplace_back();
  metric.label = {{"connector", connector.name()}};
  for (const auto& [name, text] : labels) metric.label.push_back({name, text});
  (family.type == MetricType::Gauge ? metric.gauge.value
                                    : metric.counter.value) = value;
}

const std::pair<bus::v1::ConnectorCondition, const char*> kStates[] = {
    {bus::v1::CONNECTOR_CONDITION_RUNNING, "running"},
    {bus::v1::CONNECTOR_CONDITION_PAUSED, "paused"},
    {bus::v1::CONNECTOR_CONDITION_UNAVAILABLE, "unavailable"},
    {bus::v1::CONNECTOR_CONDITION_STOPPED, "stopped"}};

}  // namespace

std::vector<MetricFamily> ConnectorMetrics::Collect() const {
  MetricFamily state{"samverk_connector_state",
                     "1 for the state that the connector is in",
                     MetricType::Gauge,
                     {}};
  MetricFamily delivered{"samverk_connector_delivered_events_total",
                         "Events that the target has taken",
                         MetricType::Counter,
                         {}};
  MetricFamily failures{
      "samverk_connector_failures_total",
      "Times that an event was refused, or nothing could be delivered",
      MetricType::Counter,
      {}};
  MetricFamily success{"samverk_connector_last_success_timestamp_seconds",
                       "When an event was delivered last, since 1970; 0: not "
                       "since the start",
                       MetricType::Gauge,
                       {}};
  MetricFamily retry{"samverk_connector_retry_pending",
                     "1 while it waits to try again",
                     MetricType::Gauge,
                     {}};
  for (const Connector& connector : connectors_.List()) {
    for (const auto& [condition, name] : kStates) {
      Add(connector, {{"state", name}},
          connector.condition() == condition ? 1 : 0, state);
    }
    Add(connector, {}, static_cast<double>(connector.delivered()), delivered);
    Add(connector, {{"kind", "refused"}},
        static_cast<double>(connector.refused()), failures);
    Add(connector, {{"kind", "unavailable"}},
        static_cast<double>(connector.unavailable()), failures);
    Add(connector, {}, static_cast<double>(connector.last_success().seconds()),
        success);
    Add(connector, {}, connector.has_tries_again_at() ? 1 : 0, retry);
  }
  return {std::move(state), std::move(delivered), std::move(failures),
          std::move(success), std::move(retry)};
}

}  // namespace samverk
