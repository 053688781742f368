// Opening, refusing to open, starting again, deriving again.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>
#include <utility>

#include "eventstore/limits.h"
#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

using RocksDbOpen = RocksDbTest;

TEST_F(RocksDbOpen, ANewRegisterNeedsAName) {
  auto options = Options();
  options.origin.clear();
  EXPECT_EQ(TryOpen(std::move(options)).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(RocksDbOpen, TheNameNeverChangesAndMayBeLeftOut) {
  Open();
  AppendEvents(1, 1);
  auto options = Options();
  options.origin = "another.example/register";
  EXPECT_EQ(TryOpen(options).code(), absl::StatusCode::kFailedPrecondition);
  options.origin.clear();
  ASSERT_TRUE(TryOpen(options).ok());
  const auto stats = store_->GetStats();
  EXPECT_EQ(stats.origin, kTestOrigin);
  EXPECT_EQ(stats.created, absl::FromUnixSeconds(1'750'000'000));
  EXPECT_EQ(stats.head, Position(1));
  EXPECT_EQ(stats.log_format, 1u);
  EXPECT_GT(stats.bytes_on_disk, 0u);
}

TEST_F(RocksDbOpen, ASecondServerIsRefused) {
  Open();
  const auto second = RocksDbEventStore::Open(Options());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_REASON(second.status(), IN_USE);
}

TEST_F(RocksDbOpen, ANewerFormatIsRefusedAndNothingIsChanged) {
  Open();
  AppendEvents(1, 3);
  Close();
  const std::string path = directory_.path() + "/FORMAT";
  std::ofstream(path) << "samverk log 2\n";
  const auto files = [&] {
    std::map<std::string, std::filesystem::file_time_type> times;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(directory_.path())) {
      times[entry.path()] = entry.last_write_time();
    }
    return times;
  };
  const auto before = files();
  const absl::Status opened = TryOpen(Options());
  EXPECT_EQ(opened.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_REASON(opened, FORMAT_NEWER);
  EXPECT_EQ(files(), before);
  std::ofstream(path) << "samverk log 1\n";
  Open();
  EXPECT_EQ(store_->Head(), Position(3));
}

TEST_F(RocksDbOpen, AFormatThatSaysSomethingElseIsDamage) {
  Open();
  AppendEvents(1, 3);
  Close();
  for (const std::string text : {"sa\x92verk log 1\n", "samverk log\x01 1\n",
                                 "samverk log q\n", "samverk log 1\xff"}) {
    std::ofstream(directory_.path() + "/FORMAT") << text;
    EXPECT_REASON(TryOpen(Options()), DAMAGED) << text;
  }
}

TEST_F(RocksDbOpen, ANewerFormatInTheDatabaseIsRefusedToo) {
  Open();
  Tamper([](Database& database) {
    Put(database, database.db().DefaultColumnFamily(), "log_format", "2");
  });
  EXPECT_REASON(TryOpen(Options()), FORMAT_NEWER);
}

TEST_F(RocksDbOpen, AFullDiskIsRefusedBeforeAnythingIsWritten) {
  auto options = Options();
  options.reserved_bytes = uint64_t{1} << 60;
  ASSERT_TRUE(TryOpen(options).ok());
  AppendRequest request;
  request.events = {Event(1)};
  const auto result = AppendAndWait(*store_, request);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_REASON(result.status(), DISK_FULL);
  EXPECT_EQ(store_->Head(), Position());
  // Said before anybody has met it.
  EXPECT_NE(store_->WhyReadOnly().find("reserved"), std::string::npos);
  Open();
  EXPECT_EQ(store_->WhyReadOnly(), "");
  EXPECT_EQ(store_->Head(), Position());
  EXPECT_FALSE(AppendAndWait(*store_, request)->replayed);
}

TEST_F(RocksDbOpen, StartsFromTheLastSegmentAlone) {
  Open();
  AppendEvents(1, 990);
  Open();
  const auto stats = store_->GetStats();
  EXPECT_EQ(stats.head, Position(990));
  EXPECT_GE(stats.derived_from, Position(890));
  EXPECT_EQ(ReadAll().size(), 990u);
}

TEST_F(RocksDbOpen, StartsFromTheLastSegmentAloneHoweverLargeEventsAre) {
  // Far fewer events than a segment may have, each as large as can be.
  auto options = Options();
  options.segment_size.entries = Index::SegmentSize().entries;
  options.segment_size.bytes = 2 << 20;
  ASSERT_TRUE(TryOpen(options).ok());
  const uint64_t events = 5 * options.segment_size.bytes / limits::kRecordBytes;
  for (uint64_t n = 1; n <= events; ++n) {
    AppendRequest request;
    request.events = {Event(n)};
    request.events[0].payload.assign(65'000, static_cast<char>(n));
    ASSERT_TRUE(AppendAndWait(*store_, std::move(request)).ok());
  }
  store_->Close();
  ASSERT_TRUE(TryOpen(options).ok());
  const auto stats = store_->GetStats();
  EXPECT_EQ(stats.head, Position(events));
  EXPECT_LE((stats.head.value() - stats.derived_from.value()) * 65'000,
            options.segment_size.bytes);
}

TEST_F(RocksDbOpen, NothingIsRecordedUnderAClockThatMustBeWrong) {
  Open();
  AppendEvents(1, 1);
  const absl::Time right = clock_.Now();
  AppendRequest request;
  request.events = {Event(2)};
  const auto refused = [&](absl::Time time) {
    clock_.Set(time);
    const absl::Status status = AppendAndWait(*store_, request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << time;
    EXPECT_REASON(status, READ_ONLY) << time;
    EXPECT_EQ(store_->GetStats().read_only_because.empty(), status.ok());
    EXPECT_EQ(store_->Head(), Position(1));
  };
  const absl::Duration behind = absl::Seconds(limits::kClockBehindSeconds);
  const absl::Duration ahead = absl::Seconds(limits::kClockAheadSeconds);
  refused(right - behind - absl::Microseconds(1));
  refused(right + ahead + absl::Microseconds(1));
  refused(absl::UnixEpoch());
  // It goes on by itself.
  clock_.Set(right - behind);
  EXPECT_TRUE(AppendAndWait(*store_, request).ok());
  EXPECT_TRUE(store_->GetStats().read_only_because.empty());
  request.events = {Event(3)};
  clock_.Set(right + ahead);
  EXPECT_TRUE(AppendAndWait(*store_, request).ok());
}

TEST_F(RocksDbOpen, SomebodyMayAcceptTheClock) {
  Open();
  AppendEvents(1, 1);
  const absl::Time last = clock_.Now();
  clock_.Set(last - absl::Hours(24 * 365));
  auto options = Options();
  options.accept_clock = true;
  ASSERT_TRUE(TryOpen(options).ok());
  AppendRequest request;
  request.events = {Event(2)};
  const auto recorded = AppendAndWait(*store_, request);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(recorded->recorded_at, last);
  EXPECT_TRUE(store_->GetStats().read_only_because.empty());
}

// X6: whether the ids that are on the disk are looked up, are in the filter, or
// are just being put into it.
TEST_F(RocksDbOpen, EveryIdIsKnownAgainAtAnyTimeAfterAStart) {
  constexpr uint64_t kEvents = 500;
  auto options = Options();
  options.segment_size = {16, 1 << 20};
  const auto expect_all_known = [&](const std::string& when) {
    SCOPED_TRACE(when);
    for (uint64_t n = 1; n <= kEvents; ++n) {
      AppendRequest request;
      request.events = {Event(n)};
      const auto again = AppendAndWait(*store_, std::move(request));
      ASSERT_TRUE(again.ok()) << again.status();
      ASSERT_TRUE(again->replayed) << n;
    }
    EXPECT_EQ(store_->Head(), Position(kEvents));
  };
  ASSERT_TRUE(TryOpen(options).ok());
  for (uint64_t n = 1; n <= kEvents; ++n) {
    AppendRequest request;
    request.events = {Event(n)};
    ASSERT_TRUE(AppendAndWait(*store_, std::move(request)).ok());
  }
  expect_all_known("as they were written");
  ASSERT_TRUE(TryOpen(options).ok());
  expect_all_known("right after a start");
  while (!store_->GetStats().knows_new_ids) std::this_thread::yield();
  expect_all_known("when the filter is complete");
}

TEST_F(RocksDbOpen, DerivedDataIsTheSameWhenDerivedAgain) {
  Open();
  AppendEvents(1, 990);
  std::map<std::string, std::string> first;
  std::map<std::string, std::string> second;
  Tamper([&](Database& database) { first = Dump(database); });
  auto options = Options();
  options.rebuild_derived = true;
  std::vector<uint64_t> progress;
  options.on_progress = [&](Position done, Position all) {
    progress.push_back(done.value());
    EXPECT_EQ(all, Position(990));
  };
  ASSERT_TRUE(TryOpen(options).ok());
  EXPECT_EQ(store_->GetStats().derived_from, Position());
  EXPECT_EQ(progress.back(), 990u);
  Tamper([&](Database& database) { second = Dump(database); });
  EXPECT_GT(first.size(), 1'000u);
  EXPECT_EQ(first, second);
}

TEST_F(RocksDbOpen, DerivedDataOfAnotherFormatIsDerivedAgain) {
  Open();
  AppendEvents(1, 500);
  Tamper([](Database& database) {
    std::string marker = Get(database, database.derived(), "A");
    marker[0] = 99;
    Put(database, database.derived(), "A", marker);
    Put(database, database.derived(), "Z stale", "from another format");
  });
  Open();
  EXPECT_EQ(store_->GetStats().derived_from, Position());
  EXPECT_EQ(ReadAll({{QueryItem{{}, {"n:17"}, {}}}}).size(), 1u);
  Tamper([](Database& database) {
    EXPECT_EQ(Dump(database).count("Z stale"), 0u);
  });
}

TEST_F(RocksDbOpen, TracksAndCursorsAreDerivedAgain) {
  Open();
  const auto put = [&](std::vector<CursorEntry> cursors) {
    std::promise<absl::Status> answered;
    store_->PutCursors(
        std::move(cursors), absl::InfiniteFuture(),
        [&](absl::Status status) { answered.set_value(std::move(status)); });
    const absl::Status answer = answered.get_future().get();
    AppendRequest request;
    request.events = {Event(10'000 + store_->Head().value())};
    request.track = Track{"consumer", store_->Head().value() + 1};
    EXPECT_TRUE(AppendAndWait(*store_, request).ok());
    EXPECT_TRUE(answer.ok()) << answer;
  };
  put({{"group/a", "1"}, {"group/b", "1"}, {"other", "1"}});
  AppendEvents(1, 300);
  put({{"group/a", "2"}, {"group/b", ""}});
  const auto check = [&] {
    EXPECT_EQ(*store_->GetCursor("group/a"), "2");
    EXPECT_EQ(*store_->GetCursor("group/b"), std::nullopt);
    EXPECT_EQ(*store_->GetCursor("never"), std::nullopt);
    EXPECT_EQ(*store_->ListCursors("group/"),
              (std::vector<CursorEntry>{{"group/a", "2"}}));
    EXPECT_EQ(store_->ListCursors("")->size(), 2u);
    AppendRequest request;
    request.events = {Event(20'000)};
    request.track = Track{"consumer", 302};
    EXPECT_EQ(AppendAndWait(*store_, request).status().code(),
              absl::StatusCode::kAborted);
  };
  check();
  Open();
  check();
  auto options = Options();
  options.rebuild_derived = true;
  ASSERT_TRUE(TryOpen(options).ok());
  check();
  AppendEvents(301, 700);
  check();
  // What is forgotten is not read at each start.
  Tamper([](Database& database) {
    EXPECT_EQ(DerivedStore(database).ListCursors("group/")->size(), 1u);
  });
}

// A table is taken in by a second name for its file, and the first name is
// taken away. A process that is killed between the two leaves both.
TEST_F(RocksDbOpen, AnIndexFileWithTwoNamesIsNotWrittenOver) {
  namespace fs = std::filesystem;
  constexpr uint64_t kRounds = 3;
  for (uint64_t round = 0; round < kRounds; ++round) {
    Open();
    AppendEvents(1 + 450 * round, 450 * (round + 1));
    Close();
    fs::path newest;
    for (const auto& file :
         fs::directory_iterator(directory_.path() + "/rocksdb")) {
      if (file.path().extension() == ".sst") {
        newest = std::max(newest, file.path());
      }
    }
    ASSERT_FALSE(newest.empty());
    const std::string second = directory_.path() + "/segment.sst";
    fs::remove(second);
    fs::create_hard_link(newest, second);
  }
  const absl::Status opened = TryOpen(Options());
  ASSERT_TRUE(opened.ok()) << opened;
  EXPECT_EQ(ReadAll().size(), 450 * kRounds);
}

}  // namespace
}  // namespace samverk
