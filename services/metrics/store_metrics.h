// The event store's work as Prometheus metrics.
#ifndef SAMVERK_SERVICES_METRICS_STORE_METRICS_H_
#define SAMVERK_SERVICES_METRICS_STORE_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

#include "eventstore/store_observer.h"

namespace samverk {

// Counts and times appends and commits. Names and units follow
// https://prometheus.io/docs/practices/naming. Thread-safe.
class StoreMetrics : public StoreObserver {
 public:
  // Puts its families into `registry`, which must outlive it.
  explicit StoreMetrics(prometheus::Registry& registry);

  void OnTurnedAway(const absl::Status& why) override;
  void OnAnswered(absl::Span<const AnsweredRequest> requests) override;
  void OnCommit(const CommitWork& work) override;

 private:
  void Count(const std::string& outcome);

  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Counter& recorded_;
  prometheus::Counter& events_;
  prometheus::Counter& bytes_;
  prometheus::Histogram& queued_;
  prometheus::Histogram& answered_;
  prometheus::Histogram& check_;
  prometheus::Histogram& write_;
  prometheus::Histogram& sync_;
  prometheus::Histogram& apply_;
  prometheus::Histogram& commit_requests_;
  prometheus::Histogram& commit_events_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_METRICS_STORE_METRICS_H_
