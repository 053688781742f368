// A disk that is full or fails while the register is open.
#include <pthread.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <thread>

#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

bool EndsWith(const std::string& name, std::string_view end) {
  return name.size() >= end.size() &&
         name.compare(name.size() - end.size(), end.size(), end) == 0;
}

// Faults that it injects while they are switched on: no room for new tables of
// the database, or for new index files outside of it, or for an index in
// write-ahead logs; syncs of those that fail; a disk that does not answer.
// Every single call: tests/fault/io_faults_test.cc.
class FaultyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem()
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FaultyFileSystem"; }

  rocksdb::IOStatus NewWritableFile(
      const std::string& name, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* context) override {
    const bool index = EndsWith(name, "/segment.sst");
    while (EndsWith(name, ".sst") && stuck) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (EndsWith(name, ".sst") && (index ? no_room_for_index : no_room)) {
      return rocksdb::IOStatus::NoSpace("injected");
    }
    const auto status = target()->NewWritableFile(name, options, file, context);
    if (status.ok() && EndsWith(name, ".log")) {
      *file = std::make_unique<Log>(std::move(*file), *this);
    }
    return status;
  }

  std::atomic<bool> no_room{false};
  std::atomic<bool> no_room_for_index{false};
  std::atomic<bool> syncs_fail{false};
  std::atomic<bool> no_room_for_index_in_log{false};
  std::atomic<bool> stuck{false};  // what would make a table does not return

 private:
  class Log : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Log(std::unique_ptr<rocksdb::FSWritableFile> file, FaultyFileSystem& system)
        : FSWritableFileOwnerWrapper(std::move(file)), system_(system) {}
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
      if (system_.syncs_fail) return rocksdb::IOStatus::IOError("injected");
      return target()->Sync(options, context);
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& bytes,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override {
      if (IsFull()) return rocksdb::IOStatus::NoSpace("injected");
      return target()->Append(bytes, options, context);
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& bytes,
                             const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo& checksum,
                             rocksdb::IODebugContext* context) override {
      if (IsFull()) return rocksdb::IOStatus::NoSpace("injected");
      return target()->Append(bytes, options, checksum, context);
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                            rocksdb::IODebugContext* context) override {
      return Sync(options, context);
    }

   private:
    bool IsFull() const {
      char name[16];
      pthread_getname_np(pthread_self(), name, sizeof(name));
      return system_.no_room_for_index_in_log &&
             std::string_view(name) == "index-writer";
    }

    FaultyFileSystem& system_;
  };
};

// Threads that write tables begin a moment after they were asked to.
class SluggishEnv : public rocksdb::EnvWrapper {
 public:
  explicit SluggishEnv(std::unique_ptr<rocksdb::Env> env)
      : rocksdb::EnvWrapper(env.get()), env_(std::move(env)) {}
  void Schedule(void (*work)(void*), void* argument, Priority priority,
                void* tag, void (*unschedule)(void*)) override {
    target()->Schedule(&Run, new Work{*this, work, unschedule, argument},
                       priority, tag, &Drop);
  }
  std::atomic<bool> sluggish{false};

 private:
  struct Work {
    const SluggishEnv& env;
    void (*work)(void*);
    void (*unschedule)(void*);
    void* argument;
  };
  static void Run(void* given) {
    const std::unique_ptr<Work> work(static_cast<Work*>(given));
    if (work->env.sluggish) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    work->work(work->argument);
  }
  static void Drop(void* given) {
    const std::unique_ptr<Work> work(static_cast<Work*>(given));
    if (work->unschedule != nullptr) work->unschedule(work->argument);
  }
  const std::unique_ptr<rocksdb::Env> env_;
};

class DiskFailure : public RocksDbTest {
 protected:
  DiskFailure()
      : env_(std::make_unique<SluggishEnv>(rocksdb::NewCompositeEnv(system_))) {
    auto options = Options();
    options.env = env_.get();
    EXPECT_TRUE(TryOpen(std::move(options)).ok());
  }
  ~DiskFailure() override { Close(); }

  absl::Status Append(uint64_t n, size_t payload = 10) {
    AppendRequest request;
    request.events = {Event(n)};
    request.events[0].payload.assign(payload, static_cast<char>(n));
    return AppendAndWait(*store_, std::move(request)).status();
  }
  // Appends events until one is refused, and returns its number.
  uint64_t AppendUntilRefused(uint64_t n, size_t payload, uint64_t most) {
    for (; n < most; ++n) {
      const absl::Status status = Append(n, payload);
      if (status.ok()) continue;
      EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
      EXPECT_REASON(status, DISK_FULL);
      return n;
    }
    ADD_FAILURE() << "nothing was refused";
    return n;
  }
  // The index tries again by itself.
  absl::Status AppendOnceThereIsRoom(uint64_t n) {
    const absl::Time give_up = absl::Now() + absl::Seconds(30);
    absl::Status status = Append(n);
    while (ReasonOf(status) == error::v1::REASON_DISK_FULL &&
           absl::Now() < give_up) {
      std::this_thread::yield();
      status = Append(n);
    }
    return status;
  }
  void ExpectAll(uint64_t events) {
    EXPECT_EQ(store_->Head(), Position(events));
    const auto all = ReadAll();
    ASSERT_EQ(all.size(), events);
    for (uint64_t n = 1; n <= events; ++n) {
      const std::string tag = absl::StrCat("n:", n);
      const auto found = ReadAll({{QueryItem{{}, {tag}, {}}}});
      ASSERT_EQ(found.size(), 1u) << n;
      EXPECT_EQ(found[0].position(), Position(n));
    }
  }

  const std::shared_ptr<FaultyFileSystem> system_ =
      std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<SluggishEnv> env_;
};

TEST_F(DiskFailure, NoRoomForTablesIsSaidAndAppendsGoOnWhenThereIs) {
  constexpr size_t kPayload = 60'000;
  system_->no_room = true;
  // Some 32 MiB until the first table is due; then some until it has failed.
  const uint64_t refused = AppendUntilRefused(1, kPayload, 5'000);
  EXPECT_REASON(Append(refused), DISK_FULL);
  EXPECT_FALSE(store_->GetStats().read_only_because.empty());
  ExpectAll(refused - 1);
  system_->no_room = false;
  EXPECT_TRUE(AppendOnceThereIsRoom(refused).ok());
  EXPECT_TRUE(store_->GetStats().read_only_because.empty());
  ExpectAll(refused);
  Open();
  ExpectAll(refused);
}

TEST_F(DiskFailure, IndexFilesAreTakenInAgainAfterwards) {
  uint64_t next = 1;
  for (int times = 0; times < 2; ++times) {
    system_->no_room = true;
    const uint64_t refused = AppendUntilRefused(next, 60'000, next + 5'000);
    system_->no_room = false;
    ASSERT_TRUE(AppendOnceThereIsRoom(refused).ok());
    for (next = refused + 1; next <= refused + 600; ++next) {
      ASSERT_TRUE(Append(next).ok());
    }
  }
  Open();
  // The last tables may not have been written by the end.
  EXPECT_GE(store_->GetStats().derived_from, Position(next - 500));
  ExpectAll(next - 1);
}

// The index comes by memory then. Were it written to the log, a disk that is
// full while it is would stop the register for good.
TEST_F(DiskFailure, TheIndexIsNotWrittenToTheLogAfterwards) {
  system_->no_room = true;
  uint64_t next = AppendUntilRefused(1, 60'000, 5'000);
  system_->no_room = false;
  ASSERT_TRUE(AppendOnceThereIsRoom(next++).ok());
  system_->no_room_for_index_in_log = true;
  for (const uint64_t end = next + 1'000; next < end; ++next) {
    ASSERT_TRUE(Append(next).ok());
  }
  system_->no_room_for_index_in_log = false;
  EXPECT_TRUE(store_->GetStats().read_only_because.empty());
  ExpectAll(next - 1);
}

// RocksDB forgets tables that were due when resuming was given up, and then
// would wait for them for ever.
TEST_F(DiskFailure, AppendsGoOnAlsoWhenTablesBeginLate) {
  constexpr size_t kPayload = 60'000;
  env_->sluggish = true;
  system_->no_room = true;
  const uint64_t refused = AppendUntilRefused(1, kPayload, 5'000);
  EXPECT_REASON(Append(refused), DISK_FULL);
  EXPECT_REASON(Append(refused), DISK_FULL);
  system_->no_room = false;
  EXPECT_TRUE(AppendOnceThereIsRoom(refused).ok());
  EXPECT_TRUE(store_->GetStats().read_only_because.empty());
  ExpectAll(refused);
}

TEST_F(DiskFailure, ADiskThatDoesNotAnswerHoldsNoAppend) {
  system_->no_room = true;
  const uint64_t refused = AppendUntilRefused(1, 60'000, 5'000);
  system_->stuck = true;
  const absl::Time begin = absl::Now();
  EXPECT_REASON(Append(refused), DISK_FULL);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(20));
  ExpectAll(refused - 1);
  system_->no_room = false;
  system_->stuck = false;
  EXPECT_TRUE(AppendOnceThereIsRoom(refused).ok());
  ExpectAll(refused);
}

TEST_F(DiskFailure, NoRoomForTheIndexIsSaidBeforeAnythingIsWritten) {
  system_->no_room_for_index = true;
  const uint64_t refused = AppendUntilRefused(1, 10, 5'000);
  EXPECT_GT(refused, 200u) << "two segments wait for room";
  const std::string why = store_->GetStats().read_only_because;
  EXPECT_NE(why.find("the disk is full"), std::string::npos) << why;
  EXPECT_EQ(why.find("disk of writing"), std::string::npos) << why;
  ExpectAll(refused - 1);
  system_->no_room_for_index = false;
  ASSERT_TRUE(AppendOnceThereIsRoom(refused).ok());
  EXPECT_TRUE(store_->GetStats().read_only_because.empty());
  for (uint64_t n = refused + 1; n <= 600; ++n) ASSERT_TRUE(Append(n).ok());
  ExpectAll(600);
  Open();
  EXPECT_GE(store_->GetStats().derived_from, Position(500));
  ExpectAll(600);
}

TEST_F(DiskFailure, ClosingDoesNotWaitForRoom) {
  system_->no_room_for_index = true;
  const uint64_t refused = AppendUntilRefused(1, 10, 5'000);
  Close();
  Open();
  ExpectAll(refused - 1);
}

TEST_F(DiskFailure, AnIndexThatFindsNoRoomAtStartIsSaid) {
  for (uint64_t n = 1; n <= 450; ++n) ASSERT_TRUE(Append(n).ok());
  system_->no_room_for_index = true;
  auto options = Options();
  options.env = env_.get();
  options.rebuild_derived = true;
  EXPECT_REASON(TryOpen(options), DISK_FULL);
  system_->no_room_for_index = false;
  ASSERT_TRUE(TryOpen(options).ok());
  ExpectAll(450);
}

TEST_F(DiskFailure, AFailedSyncIsAnUnknownOutcomeUntilOpenedAgain) {
  for (uint64_t n = 1; n <= 5; ++n) ASSERT_TRUE(Append(n).ok());
  system_->syncs_fail = true;
  EXPECT_REASON(Append(6), OUTCOME_UNKNOWN);
  EXPECT_EQ(store_->Head(), Position(5));
  system_->syncs_fail = false;
  EXPECT_REASON(Append(7), READ_ONLY);
  EXPECT_EQ(store_->Head(), Position(5));
  ExpectAll(5);
  Open();
  const uint64_t head = store_->Head().value();
  EXPECT_TRUE(head == 5 || head == 6) << head;
  AppendRequest again;
  again.events = {Event(6)};
  again.events[0].payload.assign(10, 6);
  const auto answer = AppendAndWait(*store_, again);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->replayed, head == 6);
  EXPECT_EQ(answer->recorded[0].position, Position(6));
  ExpectAll(6);
}

}  // namespace
}  // namespace samverk
