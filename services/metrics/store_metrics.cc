#include "services/metrics/store_metrics.h"

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "eventstore/base/error.h"

namespace samverk {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;
using prometheus::Registry;
using Buckets = Histogram::BucketBoundaries;

// From less than a sync takes to longer than anybody waits.
Buckets Seconds() {
  return {25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3,
          10e-3, 25e-3, 50e-3,  0.1,    0.25,   1,    2.5,    10};
}
// Up to what one commit may hold.
Buckets Counts() { return {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000}; }

Counter& AddCounter(Registry& registry, const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

Histogram& AddHistogram(Registry& registry, const char* name, const char* help,
                        const Buckets& buckets) {
  return BuildHistogram().Name(name).Help(help).Register(registry).Add({},
                                                                       buckets);
}

Histogram& AddStage(Registry& registry, const char* stage) {
  // Registering the same family again gives the one that is there.
  return BuildHistogram()
      .Name("samverk_commit_stage_seconds")
      .Help(
          "Time of a group commit by stage: check (deciding, numbering, "
          "hashing), write, sync (waiting for the disk), apply (indexes)")
      .Register(registry)
      .Add({{"stage", stage}}, Seconds());
}

double InSeconds(absl::Duration duration) {
  return absl::ToDoubleSeconds(duration);
}

// "queue_full", "revision_conflict"; without a reason, "deadline_exceeded".
std::string OutcomeOf(const absl::Status& status) {
  std::string name = error::v1::Reason_Name(ReasonOf(status));
  if (ReasonOf(status) == error::v1::REASON_UNSPECIFIED) {
    name = absl::StatusCodeToString(status.code());
  }
  return absl::AsciiStrToLower(absl::StripPrefix(name, "REASON_"));
}

}  // namespace

StoreMetrics::StoreMetrics(Registry& registry)
    : requests_(BuildCounter()
                    .Name("samverk_append_requests_total")
                    .Help("Requests to append, by how they were answered: "
                          "recorded, replayed, or the reason of a refusal")
                    .Register(registry)),
      recorded_(requests_.Add({{"outcome", "recorded"}})),
      events_(AddCounter(registry, "samverk_recorded_events_total",
                         "Events recorded since the server started")),
      bytes_(AddCounter(registry, "samverk_recorded_bytes_total",
                        "Bytes of their records")),
      queued_(AddHistogram(registry, "samverk_append_queue_seconds",
                           "How long a request waited for the writer",
                           Seconds())),
      answered_(AddHistogram(registry, "samverk_append_seconds",
                             "How long a request took, from its arrival in the "
                             "queue to its answer",
                             Seconds())),
      check_(AddStage(registry, "check")),
      write_(AddStage(registry, "write")),
      sync_(AddStage(registry, "sync")),
      apply_(AddStage(registry, "apply")),
      commit_requests_(AddHistogram(registry, "samverk_commit_requests",
                                    "Requests in a group commit", Counts())),
      commit_events_(AddHistogram(registry, "samverk_commit_events",
                                  "Events in a group commit", Counts())) {}

void StoreMetrics::Count(const std::string& outcome) {
  requests_.Add({{"outcome", outcome}}).Increment();
}

void StoreMetrics::OnTurnedAway(const absl::Status& why) {
  Count(OutcomeOf(why));
}

void StoreMetrics::OnAnswered(absl::Span<const AnsweredRequest> requests) {
  for (const AnsweredRequest& request : requests) {
    queued_.Observe(InSeconds(request.queued));
    answered_.Observe(InSeconds(request.total));
    if (!request.status.ok()) {
      Count(OutcomeOf(request.status));
    } else if (request.replayed) {
      Count("replayed");
    } else {
      recorded_.Increment();
    }
  }
}

void StoreMetrics::OnCommit(const CommitWork& work) {
  events_.Increment(static_cast<double>(work.events));
  bytes_.Increment(static_cast<double>(work.bytes));
  check_.Observe(InSeconds(work.check));
  write_.Observe(InSeconds(work.write));
  sync_.Observe(InSeconds(work.sync));
  apply_.Observe(InSeconds(work.apply));
  commit_requests_.Observe(static_cast<double>(work.requests));
  commit_events_.Observe(static_cast<double>(work.events));
}

}  // namespace samverk
