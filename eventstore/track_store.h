// Named positions of those who read a log, kept beside the register's events:
// see Track. They go through the same writer and log as events, which may carry
// one themselves (AppendRequest::track), but have no position and no leaf in
// the tree.
#ifndef SAMVERK_EVENTSTORE_TRACK_STORE_H_
#define SAMVERK_EVENTSTORE_TRACK_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/types.h"

namespace samverk {

// A change of a named position without events.
struct TrackChange {
  enum class Kind {
    kForward,  // to the position, which must not be less than what is recorded
    kRewind,   // to the position, whatever is recorded
    kForget,   // the position is not looked at
  };
  Kind kind = Kind::kForward;
  Track track;
};

// All methods may be called from any thread at once.
class TrackStore {
 public:
  using TrackCallback = std::function<void(absl::Status)>;

  virtual ~TrackStore() = default;

  // Makes the change, durably, and calls `done` exactly once, as
  // EventStore::Append does, with the same errors and these:
  //   INVALID_ARGUMENT (INVALID_FIELD, LIMIT_EXCEEDED): no such name or
  //     position can be.
  //   ABORTED (REVISION_CONFLICT): kForward would go backwards.
  //   NOT_FOUND (NOT_FOUND): nothing to forget.
  //   RESOURCE_EXHAUSTED (LIMIT_EXCEEDED): there would be too many names.
  // Setting what is recorded already is OK, and writes nothing.
  virtual void ChangeTrack(TrackChange change, absl::Time deadline,
                           TrackCallback done) = 0;

  // The position under a name, or nullopt. Sees every append and change that
  // was answered.
  virtual std::optional<uint64_t> FindTrack(std::string_view consumer) = 0;

  // At most `limit` of those whose names are greater than `after`, sorted by
  // the bytes of their names.
  virtual std::vector<Track> ListTracks(std::string_view after,
                                        size_t limit) = 0;
};

// Makes the change and waits for its end.
absl::Status ChangeTrackAndWait(TrackStore& store, TrackChange change,
                                absl::Time deadline = absl::InfiniteFuture());

// How the stores judge a track. Pure.

// INVALID_ARGUMENT (INVALID_FIELD, LIMIT_EXCEEDED) when there can be no such
// track; the fields are called so.
absl::Status CheckTrack(const Track& track, const char* name_field,
                        const char* position_field);

// The same of a change, whose fields are "name" and "position".
absl::Status CheckChange(const TrackChange& change);

// Whether the change writes anything, when `recorded` is the position under its
// name; the errors of ChangeTrack, but for LIMIT_EXCEEDED.
absl::StatusOr<bool> JudgeChange(const TrackChange& change,
                                 std::optional<uint64_t> recorded);

// NOT_FOUND (NOT_FOUND), metadata "consumer".
absl::Status NoTrack(const std::string& consumer);

// RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) when there is no room for a name more
// beside so many.
absl::Status CheckRoomForTrack(size_t names);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_TRACK_STORE_H_
