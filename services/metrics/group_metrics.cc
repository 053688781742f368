#include "services/metrics/group_metrics.h"

#include <string_view>

namespace samverk {
namespace {

using bus::v1::GroupState;

double SecondsOf(const google::protobuf::Duration& duration) {
  return static_cast<double>(duration.seconds()) + duration.nanos() / 1e9;
}

struct Value {
  const char* name;
  const char* help;
  prometheus::MetricType type;
  double (*of)(const GroupState& state);
};

constexpr auto kGauge = prometheus::MetricType::Gauge;
// All that is known of a damaged group.
constexpr char kProblem[] = "samverk_group_problem";
const Value kValues[] = {
    {"samverk_group_lag_events",
     "Events between the head and the group's cursor", kGauge,
     [](const GroupState& s) { return static_cast<double>(s.lag_events()); }},
    {"samverk_group_lag_seconds",
     "Since the first event that is not settled was recorded", kGauge,
     [](const GroupState& s) { return SecondsOf(s.lag()); }},
    {"samverk_group_in_flight_events", "Events that members have now", kGauge,
     [](const GroupState& s) { return static_cast<double>(s.in_flight()); }},
    {"samverk_group_parked_events", "Events that were put aside", kGauge,
     [](const GroupState& s) { return static_cast<double>(s.parked()); }},
    {"samverk_group_members", "Members now", kGauge,
     [](const GroupState& s) { return static_cast<double>(s.members()); }},
    {"samverk_group_redelivered_events_total", "Events given again",
     prometheus::MetricType::Counter,
     [](const GroupState& s) { return static_cast<double>(s.redelivered()); }},
    {kProblem, "1 when it does not go on; its state says why", kGauge,
     [](const GroupState& s) { return s.problem().empty() ? 0.0 : 1.0; }},
};

}  // namespace

std::vector<prometheus::MetricFamily> GroupMetrics::Collect() const {
  const std::vector<GroupState> states = groups_.States();
  std::vector<prometheus::MetricFamily> families;
  for (const Value& value : kValues) {
    prometheus::MetricFamily family{value.name, value.help, value.type, {}};
    for (const GroupState& state : states) {
      if (!state.has_settings() && value.name != std::string_view(kProblem)) {
        continue;
      }
      prometheus::ClientMetric& metric = family.metric.emplace_back();
      metric.label = {{"group", state.name()}};
      (value.type == kGauge ? metric.gauge.value : metric.counter.value) =
          value.of(state);
    }
    families.push_back(std::move(family));
  }
  return families;
}

}  // namespace samverk
