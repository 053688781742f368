// Indexes and tiles on disk. All of it follows from the log and can be derived
// again; none of it goes through the write-ahead log.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_DERIVED_STORE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_DERIVED_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "eventstore/audit/tile.h"
#include "eventstore/rocksdb/database.h"
#include "eventstore/rocksdb/position_source.h"
#include "eventstore/rocksdb/segment.h"

namespace samverk {

// The value of the marker `applied`.
std::string EncodeMarker(const CommitPoint& point);

// Reads from any thread; one thread writes.
//
//   D1  A segment is written as one file that becomes part of the database as a
//       whole, durably, together with the marker `applied`, which says up to
//       which commit everything is there.
//   D2  A segment's keys and values follow from the log alone, so that deriving
//       it again gives the same file. (Tracks and cursors are overwritten by
//       later segments: they are right once the log has been applied to its
//       end.)
//   D3  A file that could not be taken in stays, and the same file is taken in
//       when that is tried again: whatever RocksDB's manifest says of the
//       attempt, Database can put it back (see Database::IndexFile).
class DerivedStore {
 public:
  // `database` must outlive this.
  explicit DerivedStore(Database& database) : database_(&database) {}

  // The marker; nullopt when there is none or it has another format: then
  // everything must be derived again, after Clear.
  absl::StatusOr<std::optional<CommitPoint>> Applied() const;
  // Also what an index has remembered: it may have been learnt from what is
  // damaged.
  absl::Status Clear();

  // Writes a sealed segment, the tiles that are complete at its end, and the
  // marker.
  absl::Status Write(const Segment& segment, const std::vector<Tile>& tiles);

  absl::StatusOr<std::optional<IdEntry>> FindId(const EventId& id) const;
  // One for each id; empty when none of them is stored.
  absl::StatusOr<std::vector<std::optional<IdEntry>>> FindIds(
      absl::Span<const EventId> ids) const;
  // Calls visit(id) for every id that is stored, until it returns false.
  absl::Status ForEachId(
      const std::function<bool(const EventId&)>& visit) const;
  absl::StatusOr<std::optional<Position>> FindSource(
      std::string_view source_key) const;
  // All of them, forgotten ones with position 0.
  absl::StatusOr<std::vector<Track>> ListTracks() const;
  absl::StatusOr<std::optional<std::string>> FindCursor(
      std::string_view key) const;
  absl::StatusOr<std::vector<CursorEntry>> ListCursors(
      std::string_view prefix) const;
  absl::StatusOr<std::string> ReadTile(TileId id) const;

  // The file of what the index remembers (remembered.h): derived data too, but
  // it may be missing, old or damaged. Empty when there is none to be read.
  std::string ReadRemembered() const;
  absl::Status WriteRemembered(std::string_view bytes) const;

  // Finds the last events of streams, one after the other: cheaper than one
  // call each. Sees what was written before it was made. One thread.
  class StreamFinder {
   public:
    explicit StreamFinder(const DerivedStore& store);
    absl::StatusOr<StreamState> Find(std::string_view stream);

   private:
    std::unique_ptr<rocksdb::Iterator> it_;
  };

  // The stored positions of a term, up to `upto`.
  std::unique_ptr<PositionSource> Positions(keys::TermKind kind,
                                            std::string_view term,
                                            Position upto) const;

 private:
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key,
                                                 const char* what) const;
  std::string RememberedFile() const {
    return database_->directory() + "/remembered";
  }
  absl::Status WriteFile(const Segment& segment, const std::vector<Tile>& tiles,
                         const std::string& path) const;

  Database* const database_;
  // The segment that ends with this commit is in the index file; 0: none is.
  // For the thread that writes.
  uint64_t finished_ = 0;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_DERIVED_STORE_H_
