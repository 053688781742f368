// Everything that is derived from the log, in memory and on disk, as one.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_INDEX_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_INDEX_H_

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "eventstore/audit/tile.h"
#include "eventstore/base/mutex.h"
#include "eventstore/rocksdb/derived_store.h"
#include "eventstore/rocksdb/position_source.h"
#include "eventstore/rocksdb/recent_segments.h"
#include "eventstore/rocksdb/scalable_id_filter.h"
#include "eventstore/rocksdb/segment.h"
#include "eventstore/rocksdb/stream_cache.h"

namespace samverk {

// Newest to oldest: the tail, a segment that grows with each commit; sealed
// segments, on their way to the disk; the derived data on disk. One thread
// applies commits; a thread of the index writes sealed segments; any thread
// looks up.
//
//   X1  A segment ends with the first commit that fills it, by its entries or
//       by its events' bytes: segments, and so every stored block, follow from
//       the log alone (D2). A start reads again at most what the segments in
//       memory may hold, however large events are.
//   X2  A sealed segment leaves memory only after it can be read from the disk;
//       a look-up asks memory first, then the disk, and misses nothing.
//   X3  Look-ups may see commits that are applied but not published yet; who
//       must not see them passes a bound.
//   X4  A remembered stream's state is that after the last event applied: it is
//       put in with each event, and what was read from the disk is only while
//       that is true, and memory holds no later event of the stream.
//   X5  A segment that cannot be written is tried again until it can. Meanwhile
//       memory is bounded: commits are refused before they are made (Ready).
//   X6  An id that the filter denies is no applied event's: ids are added
//       before their events are in a segment, and those of earlier starts
//       before the filter is asked at all.
//   X7  What an earlier start has remembered is taken only when it was checked
//       and is of just the commit that is the last on disk; else it is learnt
//       again.
class Index {
 public:
  // A segment is sealed when it holds so many entries, or so many bytes of
  // records. Other numbers are for tests; with X1, a directory keeps the
  // numbers that it was made with.
  struct SegmentSize {
    size_t entries = 32'768;
    size_t bytes = 32 << 20;
  };
  // More sealed segments than this make Apply wait.
  static constexpr size_t kSealedSegments = 2;

  // A node of the tree that a commit has completed.
  struct Node {
    uint32_t level = 0;
    uint64_t index = 0;
    Hash hash;
  };

  // `store` must outlive the index; it holds everything up to `applied`,
  // `tracks` are all that it has, and `tiles` are the tail of the tree there.
  Index(DerivedStore& store, const CommitPoint& applied, TileTail tiles,
        const std::vector<Track>& tracks, const SegmentSize& segment_size);
  // Stops the thread; sealed segments that are not written yet are derived
  // again at the next start.
  ~Index();

  // Whether a commit may be made and applied. RESOURCE_EXHAUSTED (DISK_FULL),
  // UNAVAILABLE, …: why the segments that wait cannot be written; it is tried
  // again.
  absl::Status Ready() const;

  // Takes in the commit that follows, whose record i has the body bodies[i] and
  // which has completed `nodes`. Waits for the disk while too many segments do,
  // unless the disk fails.
  void Apply(const Commit& commit, absl::Span<const BodyView* const> bodies,
             absl::Span<const Node> nodes);

  // Waits until sealed segments are written. Fails when one cannot be, after
  // one attempt.
  absl::Status Flush();

  // Writes a file of what is known, for the next start, if there is enough on
  // disk that learning it again would take long. Best after Flush and when
  // nothing is applied any more. It need not succeed.
  void Remember() const;

  const DerivedStore& store() const { return *store_; }
  // Whether new ids are known without a look-up; soon after a start.
  bool KnowsNewIds() const { return filter_is_complete_; }
  // False: no applied event has this id (X6). True says nothing.
  bool MayHaveId(const EventId& id) const;
  // Events up to here are on disk; the others are in memory.
  Position stored_through() const;

  // The last applied event of a stream, if it is remembered or in memory.
  std::optional<StreamState> RememberedStream(std::string_view stream) const;
  // Remembers what was found on the disk when stored_through() was `through`.
  void RememberStream(std::string_view stream, const StreamState& state,
                      Position through) const;

  // For the thread that applies: what is in memory now. It stays so, for this
  // thread, until the next Apply, also when segments are written meanwhile.
  RecentSegments RecentForWriter() const;

  absl::StatusOr<std::optional<IdEntry>> FindId(const EventId& id) const;
  // Those among the events on disk, in the order asked; empty when none is.
  absl::StatusOr<std::vector<std::optional<IdEntry>>> FindStoredIds(
      absl::Span<const EventId> ids) const;
  // Tracks are few (limits::kTracks), and all are in memory.
  std::optional<uint64_t> FindTrack(std::string_view consumer) const;
  size_t track_count() const;
  // See TrackStore.
  std::vector<Track> ListTracks(std::string_view after, size_t limit) const;
  absl::StatusOr<std::optional<std::string>> FindCursor(
      std::string_view key) const;
  absl::StatusOr<std::vector<CursorEntry>> ListCursors(
      std::string_view prefix) const;

  // The events in (after, upto] that match. Positions above `upto` may be given
  // as well.
  std::unique_ptr<PositionSource> Search(const Query& query, Position after,
                                         Position upto) const;

  // The hash of a complete subtree; the caller sees to it that it is complete.
  absl::StatusOr<Hash> ReadNode(uint32_t level, uint64_t index) const;

 private:
  void AddEvents(const Commit& commit,
                 absl::Span<const BodyView* const> bodies);
  void Put(const Track& track) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void SealIfFull(const CommitPoint& end);
  void WriteSealed();
  // Tells about an attempt to write the oldest sealed segment.
  void Written(const Segment& segment, const absl::Status& written)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Waits so long, or until closing.
  void Pause(absl::Duration delay) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Adds the ids that are on the disk already, up to `applied`.
  void FillFilter(const CommitPoint& applied);
  // False when there is nothing that may be taken (X7).
  bool Recall(const CommitPoint& applied);

  DerivedStore* const store_;
  const SegmentSize segment_size_;

  mutable Mutex mu_;
  CondVar changed_;
  RecentSegments recent_ ABSL_GUARDED_BY(mu_);
  // X4
  mutable StreamCache streams_ ABSL_GUARDED_BY(mu_);
  TileTail tiles_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, uint64_t, std::less<>> tracks_ ABSL_GUARDED_BY(mu_);
  // Of the last attempt to write a segment.
  absl::Status write_error_ ABSL_GUARDED_BY(mu_);
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  ScalableIdFilter ids_;
  std::atomic<bool> filter_is_complete_{false};
  std::atomic<bool> stop_filling_{false};
  std::thread filler_;
  std::thread writer_;  // last: they use all of the above
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_INDEX_H_
