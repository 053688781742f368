// The model: an event store that is naive and obviously right.
#ifndef SAMVERK_EVENTSTORE_MEMORY_MEMORY_EVENT_STORE_H_
#define SAMVERK_EVENTSTORE_MEMORY_MEMORY_EVENT_STORE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/append_checks.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/conflict.h"
#include "eventstore/event_store.h"
#include "eventstore/track_store.h"

namespace samverk {

// Keeps events in a list and finds them by looking at each. Nothing is
// durable. Appends are done in the caller's thread, one at a time, and `done`
// is called from within Append. All methods may be called from any thread.
class MemoryEventStore : public EventStore, public TrackStore {
 public:
  using SaltSource = std::function<std::array<uint8_t, 16>()>;

  // `clock` must outlive the store. Without `salt`, salts are random.
  explicit MemoryEventStore(Clock& clock, SaltSource salt = nullptr);

  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override;
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override;
  Position Head() override;
  absl::StatusOr<Position> AwaitBeyond(Position position,
                                       absl::Time deadline) override;
  absl::StatusOr<std::vector<std::optional<Position>>> Locate(
      absl::Span<const EventId> ids) override;

  void ChangeTrack(TrackChange change, absl::Time deadline,
                   TrackCallback done) override;
  std::optional<uint64_t> FindTrack(std::string_view consumer) override;
  std::vector<Track> ListTracks(std::string_view after, size_t limit) override;

  // From now on appends and waits are answered UNAVAILABLE (SHUTTING_DOWN).
  void Close();

 private:
  struct Stored {
    RecordedEvent event;
    BodyView body;     // views into `event`
    uint64_t request;  // counts appends: which one it came with
  };

  absl::StatusOr<AppendResult> AppendLocked(const CheckedAppend& append)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The first answer, an error, or nothing when all events are new.
  absl::StatusOr<std::optional<AppendResult>> Replay(
      const CheckedAppend& append) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status CheckSources(const CheckedAppend& append)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status CheckConditions(const CheckedAppend& append)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status ChangeLocked(const TrackChange& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::optional<uint64_t> TrackOf(std::string_view consumer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  const Stored* Find(const EventId& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  StreamState StateOf(std::string_view stream)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool InBounds(const ReadOptions& options, const RecordedEvent& event);

  Clock* const clock_;
  const SaltSource salt_;

  Mutex mu_;
  CondVar grown_;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::deque<Stored> log_ ABSL_GUARDED_BY(mu_);
  uint64_t requests_ ABSL_GUARDED_BY(mu_) = 0;
  std::map<std::string, uint64_t, std::less<>> tracks_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_MEMORY_MEMORY_EVENT_STORE_H_
