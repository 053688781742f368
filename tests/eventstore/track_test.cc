// Named positions on the disk: killed, derived again, backed up, too many.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "eventstore/limits.h"
#include "eventstore/memory/memory_event_store.h"
#include "eventstore/rocksdb/backup.h"
#include "eventstore/rocksdb/fsck.h"
#include "eventstore/rocksdb/restore.h"
#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

using Kind = TrackChange::Kind;

class TrackTest : public RocksDbTest {
 protected:
  TrackTest() : RocksDbTest(TemporaryDirectory::InMemory()) {}

  absl::Status Change(Kind kind, std::string name, uint64_t position = 0) {
    return ChangeTrackAndWait(*store_, {kind, {std::move(name), position}});
  }
  void AppendWith(uint64_t n, std::string name, uint64_t position) {
    AppendRequest request;
    request.events = {Event(n)};
    request.track = Track{std::move(name), position};
    const auto result = AppendAndWait(*store_, std::move(request));
    ASSERT_TRUE(result.ok()) << result.status();
  }
  // One of each: set, appended, rewound, forgotten, in the log and in derived
  // data alike.
  void FillIn() {
    for (uint64_t n = 1; n <= 150; ++n) {
      ASSERT_NO_FATAL_FAILURE(AppendWith(n, "import", n));
      ASSERT_TRUE(Change(Kind::kForward, "follower", n).ok());
      if (n % 10 == 0) {
        ASSERT_TRUE(Change(Kind::kRewind, "rewound", n % 40 + 1).ok());
        ASSERT_TRUE(Change(Kind::kForward, "gone", n).ok());
        ASSERT_TRUE(Change(Kind::kForget, "gone").ok());
      }
    }
  }
  static constexpr char kFilledIn[] = "follower=150 import=150 rewound=31";

  std::string Listed() {
    std::string text;
    for (const Track& track : store_->ListTracks("", 100)) {
      absl::StrAppend(&text, text.empty() ? "" : " ", track.consumer, "=",
                      track.upstream_position);
    }
    return text;
  }
  void ExpectSound(const std::string& directory) {
    FsckOptions options;
    options.directory = directory;
    options.segment_size = Options().segment_size;
    options.on_finding = [](const Finding& finding) {
      ADD_FAILURE() << finding.where << ": expected " << finding.expected
                    << ", found " << finding.found;
    };
    const auto result = CheckRegister(options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->derived_checked);
  }
};

TEST_F(TrackTest, AgreeWithTheLogAndAreDerivedAgain) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(FillIn());
  EXPECT_EQ(Listed(), kFilledIn);
  Close();
  ExpectSound(directory_.path());
  RocksDbEventStore::Options rebuilding = Options();
  rebuilding.rebuild_derived = true;
  ASSERT_TRUE(TryOpen(rebuilding).ok());
  EXPECT_EQ(Listed(), kFilledIn);
  Close();
  ExpectSound(directory_.path());
}

TEST_F(TrackTest, ADamagedOneKeepsTheRegisterFromStarting) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(FillIn());
  Tamper([](Database& database) {
    Put(database, database.derived(), keys::Track("import"), "\xff");
  });
  EXPECT_REASON(TryOpen(Options()), DAMAGED);
  RocksDbEventStore::Options rebuilding = Options();
  rebuilding.rebuild_derived = true;
  ASSERT_TRUE(TryOpen(rebuilding).ok());
  EXPECT_EQ(Listed(), kFilledIn);
}

TEST_F(TrackTest, WhatWasAcknowledgedIsThereAfterAKill) {
  // A child moves two names on in turn, alone and with an event, and says so.
  uint64_t first = 1;
  for (int round = 0; round < 4; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      if (!TryOpen(Options()).ok()) _exit(1);
      for (uint64_t n = first;; ++n) {
        AppendRequest request;
        request.events = {Event(n)};
        request.track = Track{"import", n};
        if (!AppendAndWait(*store_, std::move(request)).ok()) _exit(1);
        if (!Change(Kind::kForward, "follower", n).ok()) _exit(1);
        if (write(ends[1], &n, sizeof(n)) != sizeof(n)) _exit(1);
      }
    }
    close(ends[1]);
    uint64_t last = 0;
    for (int i = 0; i < 30 + 11 * round; ++i) {
      ASSERT_EQ(read(ends[0], &last, sizeof(last)), ssize_t{sizeof(last)});
    }
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    for (uint64_t more; read(ends[0], &more, sizeof(more)) == sizeof(more);) {
      last = more;
    }
    close(ends[0]);
    ASSERT_NO_FATAL_FAILURE(Open());
    const uint64_t head = store_->Head().value();
    EXPECT_EQ(store_->FindTrack("import"), head) << "an event, a position";
    EXPECT_GE(store_->FindTrack("follower").value_or(0), last);
    EXPECT_LE(store_->FindTrack("follower").value_or(0), head);
    Close();
    ExpectSound(directory_.path());
    first = head + 1;
  }
}

TEST_F(TrackTest, ARegisterRestoredToAPositionHasThePositionsOfThen) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(FillIn());
  const TemporaryDirectory beside(TemporaryDirectory::InMemory());
  BackupOptions to;
  to.directory = beside.path() + "/backups";
  to.now = clock_.Now();
  to.reserved_bytes = 0;
  ASSERT_TRUE(CreateBackup(store_->database(), store_->LastCommit(), to).ok());
  RestoreOptions from;
  from.backups = to.directory;
  from.segment_size = Options().segment_size;
  const auto restored = [&](const char* name) {
    from.directory = absl::StrCat(beside.path(), "/", name, "/log");
    const auto result = Restore(from);
    EXPECT_TRUE(result.ok()) << result.status();
    ExpectSound(from.directory);
    RocksDbEventStore::Options options = Options();
    options.directory = from.directory;
    EXPECT_TRUE(TryOpen(options).ok());
    return Listed();
  };
  EXPECT_EQ(restored("whole"), kFilledIn);
  from.to = Position(95);
  EXPECT_EQ(restored("then"), "follower=95 import=95 rewound=11");
}

template <typename Store>
void ExpectBounded(Store& store) {
  std::atomic<size_t> left{limits::kTracks};
  const auto set = [&](size_t n) {
    store.ChangeTrack({Kind::kForward, {absl::StrCat("n", n), 1}},
                      absl::InfiniteFuture(), [&](const absl::Status& status) {
                        EXPECT_TRUE(status.ok()) << status;
                        --left;
                      });
  };
  for (size_t n = 0; n < limits::kTracks; ++n) {
    set(n);
    while (limits::kTracks - left + 1'000 < n) std::this_thread::yield();
  }
  while (left > 0) std::this_thread::yield();
  const auto one_more = [&] {
    return ChangeTrackAndWait(store, {Kind::kForward, {"one more", 1}});
  };
  const absl::Status refused = one_more();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_REASON(refused, LIMIT_EXCEEDED);
  NewEvent event;
  event.id = UuidV8FromText("event");
  event.stream = "s";
  event.type = "test.happened";
  AppendRequest request;
  request.events = {event};
  request.track = Track{"one more", 1};
  EXPECT_REASON(AppendAndWait(store, request).status(), LIMIT_EXCEEDED);
  request.track->consumer = "n7";
  request.track->upstream_position = 2;
  EXPECT_TRUE(AppendAndWait(store, request).ok());
  EXPECT_TRUE(ChangeTrackAndWait(store, {Kind::kForget, {"n1", 0}}).ok());
  EXPECT_TRUE(one_more().ok());
}

TEST_F(TrackTest, TheNumberOfNamesIsBounded) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ExpectBounded(*store_);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_REASON(Change(Kind::kForward, "another", 1), LIMIT_EXCEEDED);
}

TEST_F(TrackTest, TheNumberOfNamesIsBoundedInMemory) {
  MemoryEventStore store(clock_);
  ExpectBounded(store);
}

}  // namespace
}  // namespace samverk
