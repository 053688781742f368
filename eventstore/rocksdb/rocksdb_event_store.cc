#include "eventstore/rocksdb/rocksdb_event_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/check.h"
#include "eventstore/base/random.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

// Random salts, made many at a time: the generator's own cost is per call. For
// one thread.
SaltSource PooledSalt() {
  struct Pool {
    std::array<uint8_t, 4096> bytes;
    size_t used = sizeof(bytes);
  };
  // A std::function must be copyable; it is never copied.
  return [pool = std::make_shared<Pool>()](std::array<uint8_t, 16>& salt) {
    if (pool->used == pool->bytes.size()) {
      FillRandom(absl::MakeSpan(pool->bytes));
      pool->used = 0;
    }
    std::copy_n(pool->bytes.begin() + pool->used, salt.size(), salt.begin());
    pool->used += salt.size();
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDbEventStore>> RocksDbEventStore::Open(
    Options options) {
  SAMVERK_CHECK(options.clock != nullptr) << "a store needs a clock";
  auto store = std::unique_ptr<RocksDbEventStore>(new RocksDbEventStore());
  store->clock_ = options.clock;
  store->accept_clock_ = options.accept_clock;
  Database::Options database;
  database.directory = options.directory;
  database.origin = options.origin;
  database.now = options.clock->Now();
  database.block_cache_bytes = options.block_cache_bytes;
  database.reserved_bytes = options.reserved_bytes;
  database.accept_loss = options.rebuild_derived;
  database.env = options.env;
  ASSIGN_OR_RETURN(store->database_, Database::Open(database));
  ASSIGN_OR_RETURN(store->log_, RocksDbCommitLog::Open(*store->database_));
  store->reader_ = std::make_unique<LogReader>(*store->database_);
  store->derived_ = std::make_unique<DerivedStore>(*store->database_);
  ASSIGN_OR_RETURN(
      store->state_,
      RegisterState::Open(*store->log_, *store->reader_, *store->derived_,
                          {options.rebuild_derived, options.segment_size,
                           options.on_progress}));
  store->Publish(store->state_->point());

  AppendWriter::Options writer;
  writer.log = store->log_.get();
  writer.state = store->state_.get();
  writer.records = store->reader_.get();
  writer.clock = options.clock;
  writer.accept_clock = options.accept_clock;
  writer.observer = options.observer;
  writer.salt = std::move(options.salt);
  if (!writer.salt) writer.salt = PooledSalt();
  writer.publish = [raw = store.get()](const CommitPoint& point) {
    raw->Publish(point);
  };
  store->writer_ = std::make_unique<AppendWriter>(std::move(writer));
  return store;
}

RocksDbEventStore::~RocksDbEventStore() { Close(); }

void RocksDbEventStore::Close() {
  if (writer_ == nullptr) return;  // Open failed
  {
    MutexLock lock(mu_);
    if (closing_) return;
    closing_ = true;
  }
  writer_->Close();
  {
    MutexLock lock(mu_);
    closed_ = true;
    grown_.NotifyAll();
  }
  // What is not written is derived again at the next start: no need to fail.
  state_->index().Flush().IgnoreError();
  state_->index().Remember();
}

void RocksDbEventStore::Publish(const CommitPoint& point) {
  MutexLock lock(mu_);
  published_ = point;
  head_.store(point.position.value(), std::memory_order_release);
  grown_.NotifyAll();
}

void RocksDbEventStore::Append(AppendRequest request, absl::Time deadline,
                               AppendCallback done) {
  auto checked = CheckAppend(std::move(request));
  if (!checked.ok()) return done(std::move(checked).status());
  auto facts = GatherFacts(state_->index(), *checked);
  if (!facts.ok()) return done(std::move(facts).status());
  writer_->Append(*std::move(checked), *std::move(facts), deadline,
                  std::move(done));
}

absl::StatusOr<ReadEnd> RocksDbEventStore::Visit(const ReadOptions& options,
                                                 EventVisitor visit) {
  RETURN_IF_ERROR(CheckRead(options));
  return reader_->Visit(options, state_->index(), Head(), visit);
}

Position RocksDbEventStore::Head() {
  return Position(head_.load(std::memory_order_acquire));
}

absl::StatusOr<Position> RocksDbEventStore::AwaitBeyond(Position position,
                                                        absl::Time deadline) {
  MutexLock lock(mu_);
  while (published_.position <= position) {
    if (closed_) return ShuttingDown();
    if (!grown_.WaitUntil(mu_, deadline) && published_.position <= position) {
      return DeadlinePassed();
    }
  }
  return published_.position;
}

absl::StatusOr<std::vector<std::optional<Position>>> RocksDbEventStore::Locate(
    absl::Span<const EventId> ids) {
  const Position head = Head();
  std::vector<std::optional<Position>> positions;
  positions.reserve(ids.size());
  for (const EventId& id : ids) {
    ASSIGN_OR_RETURN(const auto entry, state_->index().FindId(id));
    positions.push_back(entry.has_value() && entry->position <= head
                            ? std::optional(entry->position)
                            : std::nullopt);
  }
  return positions;
}

TreeHead RocksDbEventStore::CurrentTree() {
  MutexLock lock(mu_);
  return published_.tree;
}

CommitPoint RocksDbEventStore::LastCommit() {
  MutexLock lock(mu_);
  return published_;
}

absl::StatusOr<Hash> RocksDbEventStore::ReadNode(uint32_t level,
                                                 uint64_t index) {
  const uint64_t size = CurrentTree().size;
  if (level >= 64 || index >= (size >> level)) {
    return absl::OutOfRangeError(
        absl::StrCat("a tree of ", size, " leaves has no complete subtree ",
                     index, " of level ", level));
  }
  return state_->index().ReadNode(level, index);
}

void RocksDbEventStore::PutCursors(std::vector<CursorEntry> entries,
                                   absl::Time deadline, PutCallback done) {
  if (entries.empty()) return done(absl::OkStatus());
  writer_->PutCursors(std::move(entries), deadline, std::move(done));
}

absl::StatusOr<std::optional<std::string>> RocksDbEventStore::GetCursor(
    std::string_view key) {
  return state_->index().FindCursor(key);
}

absl::StatusOr<std::vector<CursorEntry>> RocksDbEventStore::ListCursors(
    std::string_view prefix) {
  return state_->index().ListCursors(prefix);
}

void RocksDbEventStore::ChangeTrack(TrackChange change, absl::Time deadline,
                                    TrackCallback done) {
  const absl::Status checked = CheckChange(change);
  if (!checked.ok()) return done(checked);
  writer_->ChangeTrack(std::move(change), deadline, std::move(done));
}

std::optional<uint64_t> RocksDbEventStore::FindTrack(
    std::string_view consumer) {
  return state_->index().FindTrack(consumer);
}

std::vector<Track> RocksDbEventStore::ListTracks(std::string_view after,
                                                 size_t limit) {
  return state_->index().ListTracks(after, limit);
}

std::string RocksDbEventStore::WhyReadOnly() {
  if (std::string problem = writer_->Problem(); !problem.empty()) {
    return problem;
  }
  CommitPoint last;
  {
    MutexLock lock(mu_);
    last = published_;
  }
  absl::Status refusing = database_->Refusing();
  if (refusing.ok() && last.position != Position() && !accept_clock_) {
    refusing =
        CheckClock(clock_->Now(), absl::FromUnixMicros(last.recorded_at_us));
  }
  if (refusing.ok()) refusing = database_->CheckRoom();
  if (refusing.ok()) refusing = state_->index().Ready();
  return std::string(refusing.message());
}

RocksDbEventStore::Stats RocksDbEventStore::GetStats() {
  Stats stats;
  {
    MutexLock lock(mu_);
    stats.head = published_.position;
    stats.sequence = published_.sequence;
    stats.tree = published_.tree;
  }
  stats.queue_length = writer_->QueueLength();
  stats.read_only_because = WhyReadOnly();
  stats.bytes_on_disk = database_->BytesOnDisk();
  stats.cache = database_->GetCacheUse();
  stats.log_format = database_->description().log_format;
  stats.origin = database_->description().origin;
  stats.created = database_->description().created;
  stats.derived_from = state_->derived_from();
  stats.knows_new_ids = state_->index().KnowsNewIds();
  return stats;
}

}  // namespace samverk
