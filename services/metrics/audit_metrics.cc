#include "services/metrics/audit_metrics.h"

#include <optional>

#include "absl/time/time.h"
#include "services/metrics/families.h"

namespace samverk {
namespace {

double SecondsOf(absl::Time time) {
  return time == absl::InfinitePast()
             ? 0
             : static_cast<double>(absl::ToUnixMillis(time)) / 1e3;
}

void CollectWitnesses(const std::vector<Cosigner::State>& witnesses,
                      Families& families) {
  families.Begin("samverk_witness_events",
                 "Events of the last checkpoint that a witness has cosigned "
                 "since the start",
                 prometheus::MetricType::Gauge);
  for (const Cosigner::State& witness : witnesses) {
    families.Add(static_cast<double>(witness.cosigned),
                 {{"witness", witness.name}});
  }
  families.Begin("samverk_witness_problem",
                 "1 while a witness does not cosign; the status says why",
                 prometheus::MetricType::Gauge);
  for (const Cosigner::State& witness : witnesses) {
    families.Add(witness.problem.empty() ? 0 : 1, {{"witness", witness.name}});
  }
}

void CollectScrub(const Scrubber::State& scrub, Families& families) {
  families.Gauge("samverk_scrub_events",
                 "Events that the reading for damage has come to", scrub.done);
  families.Counter("samverk_scrub_rounds_total",
                   "Times that the whole log was read for damage since the "
                   "start, and none was found",
                   scrub.rounds);
  families.Gauge("samverk_scrub_last_success_timestamp_seconds",
                 "When the last of them ended; 0: not since the start",
                 SecondsOf(scrub.ended));
  families.Gauge("samverk_scrub_damaged_position",
                 "The first event that was found damaged; 0: none",
                 scrub.damaged);
}

}  // namespace

std::vector<prometheus::MetricFamily> AuditMetrics::Collect() const {
  Families families;
  families.Gauge("samverk_checkpoint_events",
                 "Events that the last signed checkpoint covers",
                 audit_.signer().Latest().checkpoint.tree.size);
  families.Gauge("samverk_checkpoint_problem",
                 "1 while no checkpoint can be signed; the status says why",
                 audit_.signer().problem().empty() ? 0 : 1);
  CollectWitnesses(audit_.Witnesses(), families);
  if (const auto scrub = audit_.Scrub(); scrub.has_value()) {
    CollectScrub(*scrub, families);
  }
  return families.Take();
}

}  // namespace samverk
