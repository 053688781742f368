// The register records who read what is secret.
#ifndef SAMVERK_SERVICES_PRIVACY_SECRET_READS_H_
#define SAMVERK_SERVICES_PRIVACY_SECRET_READS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "services/access/read_journal.h"
#include "services/common/worker_pool.h"
#include "services/recording/recorder.h"

namespace samverk::privacy {

// Records secret_data_read, in the process of what was read, as secret as that:
// of a reader and an event once in a day (UTC), and once more after a restart
// or when very many were read. Thread-safe.
class SecretReads final : public access::ReadJournal {
 public:
  // Both must outlive it.
  SecretReads(EventStore& store, Clock& clock);

  absl::Status Note(const access::Admitted& who, access::ReadWay way,
                    absl::Span<const access::SecretEvent> events) override;
  absl::Status NoteRange(const access::Admitted& who, access::ReadWay way,
                         const access::ReadRange& range) override;

  // Ids in one event.
  static constexpr size_t kEventsOfOne = 200;

 private:
  // Reader, and what they read.
  using Read = std::pair<std::string, std::string>;
  // Those of one ground of secrecy in one process.
  using Groups =
      std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

  // Those that are not on record, of today.
  Groups NotNoted(const std::string& reader,
                  absl::Span<const access::SecretEvent> events);
  absl::Status Record(const access::Admitted& who, access::ReadWay way,
                      const std::string& process, const std::string& ground,
                      absl::Span<const std::string> events);
  void ForgetYesterday() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  EventStore& store_;
  Clock& clock_;
  WorkerPool pool_;
  recording::Recorder recorder_;

  Mutex mu_;
  int64_t day_ ABSL_GUARDED_BY(mu_) = 0;  // since 1970-01-01
  absl::flat_hash_set<Read> noted_ ABSL_GUARDED_BY(mu_);
  // Reader and process: up to where all of it is noted.
  absl::flat_hash_map<Read, Position> noted_upto_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_SECRET_READS_H_
