#include "services/metrics/register_metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <utility>

#include "eventstore/rocksdb/backup.h"
#include "services/admin/machine.h"
#include "services/metrics/families.h"

namespace samverk {
namespace {

using projections::ProjectionStatus;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

void CollectStore(RocksDbEventStore& store, Families& families) {
  const RocksDbEventStore::Stats stats = store.GetStats();
  families.Gauge("samverk_log_head", "Position of the last event",
                 stats.head.value());
  families.Gauge("samverk_store_writable",
                 "1 while the store takes events, 0 while it only reads",
                 stats.read_only_because.empty() ? 1 : 0);
  families.Gauge("samverk_append_queue_requests",
                 "Requests that wait for the writer", stats.queue_length);
  families.Gauge("samverk_log_disk_bytes",
                 "Bytes of the log and its indexes on the disk",
                 stats.bytes_on_disk);
  families.Counter("samverk_block_cache_hits_total",
                   "Blocks of the log and its indexes found in memory",
                   stats.cache.hits);
  families.Counter("samverk_block_cache_misses_total",
                   "Blocks that had to be read", stats.cache.misses);
  families.Gauge("samverk_block_cache_bytes", "Memory that the blocks take",
                 stats.cache.bytes);
}

void CollectViews(projections::Projector& projector, Position head,
                  Families& families) {
  const std::vector<ProjectionStatus> all = projector.Status();
  families.Begin("samverk_projection_lag_events",
                 "Events that a projection has still to take in",
                 MetricType::Gauge);
  for (const ProjectionStatus& status : all) {
    const uint64_t lag =
        head > status.applied ? head.value() - status.applied.value() : 0;
    families.Add(static_cast<double>(lag), {{"projection", status.name}});
  }
  families.Begin("samverk_projection_stopped",
                 "1 when a projection has stopped at an event that it cannot "
                 "take in",
                 MetricType::Gauge);
  for (const ProjectionStatus& status : all) {
    families.Add(status.state == ProjectionStatus::State::kStopped ? 1 : 0,
                 {{"projection", status.name}});
  }
  families.Gauge("samverk_views_disk_bytes", "Bytes of the views on the disk",
                 projector.BytesOnDisk());
}

// When the last backup that can be used was made; 1970 when there is none, or
// when nothing can be read there.
absl::Time LastBackup(const std::string& directory) {
  absl::Time last = absl::UnixEpoch();
  const auto backups = ListBackups(directory);
  if (!backups.ok()) return last;
  for (const Backup& backup : *backups) {
    if (backup.usable.ok()) last = std::max(last, backup.manifest.made);
  }
  return last;
}

double SecondsSince1970(absl::Time time) {
  return absl::ToDoubleSeconds(time - absl::UnixEpoch());
}

}  // namespace

RegisterMetrics::RegisterMetrics(RocksDbEventStore& store,
                                 projections::Projector& projector,
                                 ServerIdentity identity)
    : store_(store), projector_(projector), identity_(std::move(identity)) {}

std::vector<MetricFamily> RegisterMetrics::Collect() const {
  Families families;
  families.Begin("samverk_build_info", "Always 1; the version is its label",
                 MetricType::Gauge);
  families.Add(1, {{"version", identity_.version}});
  // The head first: a projection that is ahead of it has no lag.
  const Position head = store_.Head();
  CollectStore(store_, families);
  CollectViews(projector_, head, families);
  families.Gauge("samverk_disk_free_bytes",
                 "Bytes that may still be written to the register's disk",
                 FreeBytes(identity_.data_directory));
  families.Gauge("samverk_last_backup_time_seconds",
                 "When the last backup that can be used was made, in seconds "
                 "since 1970; 0 when there is none",
                 SecondsSince1970(LastBackup(identity_.backup_directory)));
  families.Gauge("process_resident_memory_bytes",
                 "Resident memory of the server", ResidentBytes());
  families.Gauge("process_start_time_seconds",
                 "When the server started, in seconds since 1970",
                 SecondsSince1970(identity_.started_at));
  return families.Take();
}

std::string ExpositionText(
    const std::vector<const prometheus::Collectable*>& sources) {
  std::vector<MetricFamily> families;
  for (const prometheus::Collectable* source : sources) {
    for (MetricFamily& family : source->Collect()) {
      families.push_back(std::move(family));
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace samverk
