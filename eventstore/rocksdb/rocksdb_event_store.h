// The default engine: one register in one directory.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_ROCKSDB_EVENT_STORE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_ROCKSDB_EVENT_STORE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/audit/tree_reader.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/cursor_store.h"
#include "eventstore/event_store.h"
#include "eventstore/rocksdb/append_writer.h"
#include "eventstore/rocksdb/database.h"
#include "eventstore/rocksdb/derived_store.h"
#include "eventstore/rocksdb/log_reader.h"
#include "eventstore/rocksdb/register_state.h"
#include "eventstore/rocksdb/rocksdb_commit_log.h"
#include "eventstore/track_store.h"

namespace samverk {

// Thread-safe. Events are read up to the published head, which only grows.
class RocksDbEventStore : public EventStore,
                          public TreeReader,
                          public CursorStore,
                          public TrackStore {
 public:
  struct Options {
    std::string directory;
    // The register's name: needed when the directory holds no register yet;
    // later it may be left out, and must be the same when it is not.
    std::string origin;
    Clock* clock = nullptr;  // must outlive the store
    // Records also when the clock and the last event are so far apart that one
    // of them must be wrong: somebody has looked at them.
    bool accept_clock = false;
    // Random unless a test wants to know the bytes.
    SaltSource salt;
    // Derives indexes and tiles again from the log.
    bool rebuild_derived = false;
    // Hears of the writer's work. May be null; must outlive the store.
    StoreObserver* observer = nullptr;
    // Called while the log is applied at start.
    RegisterState::OnProgress on_progress;
    // See Database::Options.
    size_t block_cache_bytes = 96 << 20;
    uint64_t reserved_bytes = 64 << 20;
    rocksdb::Env* env = nullptr;
    Index::SegmentSize segment_size;  // see there
  };

  // For the status page.
  struct Stats {
    Position head;
    uint64_t sequence = 0;
    TreeHead tree;
    size_t queue_length = 0;
    uint64_t bytes_on_disk = 0;
    Database::CacheUse cache;
    uint32_t log_format = 0;
    std::string origin;
    absl::Time created;
    std::string read_only_because;  // empty: it accepts writes
    Position derived_from;       // where the last start had to begin to apply
    bool knows_new_ids = false;  // see Index::KnowsNewIds
  };

  // Opens or creates. The tail of the log is checked against the tree.
  //   FAILED_PRECONDITION (FORMAT_NEWER, IN_USE, READ_ONLY), INVALID_ARGUMENT:
  //     see Database::Open.
  //   DATA_LOSS (DAMAGED): log, tree and derived data do not agree.
  static absl::StatusOr<std::unique_ptr<RocksDbEventStore>> Open(
      Options options);

  // Closes.
  ~RocksDbEventStore() override;

  // Refuses new appends and waits (SHUTTING_DOWN), finishes those queued, and
  // writes derived data to the disk. Reads still work. Idempotent.
  void Close();

  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override;
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override;
  Position Head() override;
  absl::StatusOr<Position> AwaitBeyond(Position position,
                                       absl::Time deadline) override;
  absl::StatusOr<std::vector<std::optional<Position>>> Locate(
      absl::Span<const EventId> ids) override;

  TreeHead CurrentTree() override;
  absl::StatusOr<Hash> ReadNode(uint32_t level, uint64_t index) override;

  void PutCursors(std::vector<CursorEntry> entries, absl::Time deadline,
                  PutCallback done) override;
  absl::StatusOr<std::optional<std::string>> GetCursor(
      std::string_view key) override;
  absl::StatusOr<std::vector<CursorEntry>> ListCursors(
      std::string_view prefix) override;

  void ChangeTrack(TrackChange change, absl::Time deadline,
                   TrackCallback done) override;
  std::optional<uint64_t> FindTrack(std::string_view consumer) override;
  std::vector<Track> ListTracks(std::string_view after, size_t limit) override;

  Stats GetStats();
  // Why no events are taken now, or "".
  std::string WhyReadOnly();

  // For backups: the open database, and the last commit that is durable.
  Database& database() { return *database_; }
  CommitPoint LastCommit();

 private:
  RocksDbEventStore() = default;
  void Publish(const CommitPoint& point);

  // Constant after Open, self-synchronised; in order of dependence.
  Clock* clock_ = nullptr;
  bool accept_clock_ = false;
  std::unique_ptr<Database> database_;
  std::unique_ptr<RocksDbCommitLog> log_;
  std::unique_ptr<LogReader> reader_;
  std::unique_ptr<DerivedStore> derived_;
  std::unique_ptr<RegisterState> state_;

  std::atomic<uint64_t> head_{0};
  Mutex mu_;
  CondVar grown_;
  CommitPoint published_ ABSL_GUARDED_BY(mu_);
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;

  std::unique_ptr<AppendWriter> writer_;  // last: it uses all of the above
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_ROCKSDB_EVENT_STORE_H_
