// Every kind of damage is found, and told where it is.
#include "eventstore/rocksdb/fsck.h"

#include <fstream>

#include "absl/strings/escaping.h"
#include "eventstore/rocksdb/rocksdb_commit_log.h"
#include "gmock/gmock.h"
#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

}  // namespace

// As GoogleTest shows it.
void PrintTo(const Finding& finding, std::ostream* out) {
  *out << NameOf(finding.kind) << ": " << finding.where << ": expected "
       << finding.expected << ", found " << finding.found;
}

namespace {

testing::Matcher<Finding> IsFinding(FindingKind kind,
                                    testing::Matcher<std::string> where) {
  return AllOf(Field(&Finding::kind, kind), Field(&Finding::where, where));
}

class FsckTest : public RocksDbTest {
 protected:
  FsckTest() : RocksDbTest(TemporaryDirectory::InMemory()) {}

  // 450 events, of which 430 or so are in derived data, with sources, tracks
  // and cursors.
  void SetUp() override {
    Open();
    AppendEvents(1, 300);
    for (uint64_t n = 301; n <= 450; ++n) {
      AppendRequest request;
      request.events = {Event(n)};
      request.events[0].metadata.source_system = "walk";
      request.events[0].metadata.source_ref = absl::StrCat("r", n);
      request.track = Track{"bus", n};
      ASSERT_TRUE(AppendAndWait(*store_, std::move(request)).ok());
      if (n % 25 == 0) PutCursor("group/a", absl::StrCat(n));
    }
    tree_ = store_->CurrentTree();
    Close();
  }
  void PutCursor(const std::string& key, const std::string& value) {
    absl::Status put = absl::UnknownError("not called");
    Mutex mu;
    CondVar done;
    bool answered = false;
    store_->PutCursors({{key, value}}, absl::InfiniteFuture(),
                       [&](const absl::Status& status) {
                         MutexLock lock(mu);
                         put = status;
                         answered = true;
                         done.NotifyAll();
                       });
    MutexLock lock(mu);
    while (!answered) done.Wait(mu);
    ASSERT_TRUE(put.ok()) << put;
  }

  FsckOptions Checking() {
    FsckOptions options;
    options.directory = directory_.path();
    options.segment_size = Options().segment_size;
    options.on_finding = [this](const Finding& finding) {
      found_.push_back(finding);
    };
    return options;
  }
  // What is found.
  std::vector<Finding> Check() {
    found_.clear();
    auto result = CheckRegister(Checking());
    EXPECT_TRUE(result.ok()) << result.status();
    if (result.ok()) result_ = *result;
    EXPECT_EQ(result_.Findings() == 0, found_.empty());
    return found_;
  }
  absl::Status Repair() {
    return RepairDerived(directory_.path(), Options().segment_size, {});
  }
  void ExpectMended() {
    const absl::Status repaired = Repair();
    EXPECT_TRUE(repaired.ok()) << repaired;
    EXPECT_THAT(Check(), IsEmpty());
    EXPECT_EQ(result_.point.tree, tree_);
  }
  void ExpectNotMended() {
    const auto before = Check();
    EXPECT_GT(result_.Irreparable(), 0u);
    EXPECT_EQ(Repair().code(), absl::StatusCode::kDataLoss);
    EXPECT_FALSE(Check().empty());
  }

  void Change(rocksdb::ColumnFamilyHandle* (Database::*family)(),
              const std::string& key, size_t at) {
    Tamper([&](Database& database) {
      std::string value = Get(database, (database.*family)(), key);
      ASSERT_LT(at, value.size());
      value[at] = static_cast<char>(value[at] ^ 1);
      Put(database, (database.*family)(), key, value);
    });
  }
  void Remove(rocksdb::ColumnFamilyHandle* (Database::*family)(),
              const std::string& key) {
    Tamper([&](Database& database) {
      rocksdb::WriteOptions durably;
      durably.sync = true;
      ASSERT_TRUE(
          database.db().Delete(durably, (database.*family)(), key).ok());
    });
  }
  void Add(rocksdb::ColumnFamilyHandle* (Database::*family)(),
           const std::string& key, const std::string& value) {
    Tamper([&](Database& database) {
      Put(database, (database.*family)(), key, value);
    });
  }

  std::string WriteAheadLog() const {
    for (const auto& entry :
         fs::directory_iterator(directory_.path() + "/rocksdb")) {
      if (entry.path().extension() == ".log" && entry.file_size() > 0) {
        return entry.path().string();
      }
    }
    ADD_FAILURE() << "there is none";
    return "";
  }
  static void FlipByte(const std::string& path, size_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
    EXPECT_TRUE(file.good()) << path;
  }

  std::vector<Finding> found_;
  FsckResult result_;
  TreeHead tree_;
};

TEST_F(FsckTest, AWholeRegisterIsFine) {
  uint64_t calls = 0;
  FsckOptions options = Checking();
  options.wanted = {Position(7)};
  options.on_progress = [&](Position done, Position all) {
    ++calls;
    EXPECT_LE(done, all);
  };
  const auto result = CheckRegister(options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(found_, IsEmpty());
  EXPECT_EQ(result->origin, kTestOrigin);
  EXPECT_EQ(result->events, 450u);
  EXPECT_EQ(result->point.position, Position(450));
  EXPECT_EQ(result->point.tree, tree_);
  EXPECT_EQ(result->streams, 7u);
  EXPECT_EQ(result->tiles, 1u);
  EXPECT_EQ(result->cursors, 2u);
  EXPECT_GT(result->index_entries, 1'000u);
  EXPECT_GT(result->stored_through, Position(350));
  EXPECT_TRUE(result->derived_checked);
  EXPECT_EQ(result->wanted.size(), 1u);
}

TEST_F(FsckTest, AnEmptyRegisterIsFine) {
  TemporaryDirectory other(TemporaryDirectory::InMemory());
  auto options = Options();
  options.directory = other.path();
  ASSERT_TRUE(TryOpen(std::move(options)).ok());
  Close();
  FsckOptions checking = Checking();
  checking.directory = other.path();
  const auto result = CheckRegister(checking);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(FsckTest, ItChangesNothing) {
  const auto listing = [&] {
    std::map<std::string, std::pair<uintmax_t, fs::file_time_type>> files;
    for (const auto& entry :
         fs::recursive_directory_iterator(directory_.path())) {
      if (entry.path().filename() == "LOCK" || !entry.is_regular_file()) {
        continue;
      }
      files[entry.path().string()] = {entry.file_size(),
                                      entry.last_write_time()};
    }
    return files;
  };
  const auto before = listing();
  Check();
  EXPECT_EQ(listing(), before);
}

TEST_F(FsckTest, AnOpenRegisterIsInUse) {
  Open();
  EXPECT_REASON(CheckRegister(Checking()).status(), IN_USE);
  EXPECT_TRUE(AppendAndWait(*store_, {{Event(451)}, {}, {}}).ok());
}

TEST_F(FsckTest, WhatIsNoRegisterIsSaid) {
  FsckOptions options = Checking();
  options.directory += "/nowhere";
  EXPECT_REASON(CheckRegister(options).status(), NOT_FOUND);
  std::ofstream(directory_.path() + "/FORMAT") << "samverk log 2\n";
  EXPECT_REASON(CheckRegister(Checking()).status(), FORMAT_NEWER);
}

TEST_F(FsckTest, AChangedRecordIsNamedByItsPosition) {
  Change(&Database::events, keys::Number(5), 60);
  EXPECT_THAT(Check(), ElementsAre(IsFinding(FindingKind::kEvent, "event 5")));
  EXPECT_EQ(found_[0].expected, "the record that was committed");
  EXPECT_FALSE(result_.derived_checked);
  ExpectNotMended();
}

TEST_F(FsckTest, EveryByteOfARecordCounts) {
  size_t size = 0;
  Tamper([&](Database& database) {
    size = Get(database, database.events(), keys::Number(11)).size();
  });
  for (size_t at = 0; at < size; at += 7) {
    Change(&Database::events, keys::Number(11), at);
    EXPECT_THAT(Check(),
                ElementsAre(IsFinding(FindingKind::kEvent, "event 11")))
        << at;
    Change(&Database::events, keys::Number(11), at);
  }
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(FsckTest, AChangedRecordBeyondTheTilesIsNamedByItsCommit) {
  Change(&Database::events, keys::Number(440), 60);
  const auto found = Check();
  ASSERT_THAT(found,
              Contains(IsFinding(FindingKind::kCommit, HasSubstr("commit "))));
  EXPECT_THAT(found[0].found, HasSubstr("one of the events 440 to 440"));
  EXPECT_THAT(found, Contains(Field(&Finding::kind, FindingKind::kTree)));
  ExpectNotMended();
}

TEST_F(FsckTest, MissingRecordsAreNamed) {
  Remove(&Database::events, keys::Number(7));
  Remove(&Database::events, keys::Number(8));
  Remove(&Database::events, keys::Number(100));
  EXPECT_THAT(Check(),
              ElementsAre(IsFinding(FindingKind::kEvent, "events 7 to 8"),
                          IsFinding(FindingKind::kEvent, "event 100")));
  EXPECT_EQ(found_[0].found, "nothing");
  ExpectNotMended();
}

TEST_F(FsckTest, ARecordInAnothersPlaceIsNamed) {
  std::string record;
  Tamper([&](Database& database) {
    record = Get(database, database.events(), keys::Number(9));
    Put(database, database.events(), keys::Number(13), record);
  });
  EXPECT_THAT(Check(), ElementsAre(IsFinding(FindingKind::kEvent, "event 13")));
  EXPECT_EQ(found_[0].found, "position 9");
}

TEST_F(FsckTest, AnEventBeyondTheLastCommitIsNamed) {
  std::string record;
  Tamper([&](Database& database) {
    record = Get(database, database.events(), keys::Number(450));
  });
  Add(&Database::events, keys::Number(451), record);
  EXPECT_THAT(Check(), ElementsAre(IsFinding(FindingKind::kCommit,
                                             "the end of the log")));
}

TEST_F(FsckTest, AMissingLastEventIsNamed) {
  Remove(&Database::events, keys::Number(450));
  EXPECT_THAT(Check(), Contains(Field(&Finding::found,
                                      HasSubstr("the last event is 449"))));
  EXPECT_GT(result_.Irreparable(), 0u);
}

TEST_F(FsckTest, EveryByteOfACommitCounts) {
  size_t size = 0;
  Tamper([&](Database& database) {
    size = Get(database, database.commits(), keys::Number(3)).size();
  });
  for (size_t at = 0; at < size; at += 5) {
    Change(&Database::commits, keys::Number(3), at);
    auto result = CheckRegister(Checking());
    if (result.ok()) {
      EXPECT_THAT(Check(),
                  Contains(IsFinding(FindingKind::kCommit, "commit 3")))
          << at;
      EXPECT_GT(result_.Irreparable(), 0u);
    } else {
      EXPECT_REASON(result.status(), FORMAT_NEWER);
    }
    Change(&Database::commits, keys::Number(3), at);
  }
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(FsckTest, AMissingCommitIsNamed) {
  Remove(&Database::commits, keys::Number(3));
  EXPECT_THAT(Check(), Contains(IsFinding(FindingKind::kCommit, "commit 3")));
  ExpectNotMended();
}

TEST_F(FsckTest, AStrayCommitFarAwayIsNamedSoon) {
  const uint64_t far = ~uint64_t{0};
  Add(&Database::commits, keys::Number(far), "stray");
  const uint64_t next = result_.point.sequence;
  EXPECT_THAT(Check(),
              AllOf(Contains(IsFinding(FindingKind::kCommit,
                                       testing::StartsWith("commits "))),
                    Contains(Field(&Finding::found, testing::Not(IsEmpty())))));
  EXPECT_GT(result_.Irreparable(), 0u) << next;
}

TEST_F(FsckTest, AStrayEventFarAwayDoesNotSpoilTheCommits) {
  Add(&Database::events, keys::Number(~uint64_t{0}), "stray");
  EXPECT_THAT(Check(), ElementsAre(IsFinding(FindingKind::kCommit,
                                             "the end of the log")));
}

TEST_F(FsckTest, ACommitWithAnotherRootIsNamed) {
  Tamper([](Database& database) {
    const RegisterHash origin = HashOfOrigin(kTestOrigin);
    auto header = DecodeCommitHeader(
        Get(database, database.commits(), keys::Number(3)), origin);
    ASSERT_TRUE(header.ok()) << header.status();
    header->after.tree.root[5] ^= 1;
    const Hash leaf =
        LeafHash(Get(database, database.events(), keys::Number(3)));
    Put(database, database.commits(), keys::Number(3),
        EncodeCommitHeader(*header, origin, {&leaf, 1}));
  });
  EXPECT_THAT(Check(), ElementsAre(IsFinding(FindingKind::kTree, "commit 3")));
  ExpectNotMended();
}

// Everything fits but the revision: no byte was changed afterwards.
TEST_F(FsckTest, ARevisionThatDoesNotFollowIsNamed) {
  TemporaryDirectory other(TemporaryDirectory::InMemory());
  {
    Database::Options options;
    options.directory = other.path();
    options.origin = kTestOrigin;
    auto database = Database::Open(options);
    ASSERT_TRUE(database.ok()) << database.status();
    auto log = RocksDbCommitLog::Open(**database);
    ASSERT_TRUE(log.ok()) << log.status();
    TreeFrontier tree;
    for (const uint64_t n : {1, 2, 3}) {
      Commit commit;
      NewEvent event = Event(n);
      event.stream = "s";
      commit.AddRecord({Position(n), Revision(n == 3 ? 1 : n), 10, {}},
                       EncodeBody(event));
      tree.Append(commit.leaves()[0]);
      commit.header.count = 1;
      commit.header.requests = {1};
      commit.header.after = {0, n, Position(n), 10, tree.Head()};
      ASSERT_TRUE((*log)->Append({&commit, 1}).ok());
    }
  }
  FsckOptions options = Checking();
  options.directory = other.path();
  ASSERT_TRUE(CheckRegister(options).ok());
  ASSERT_THAT(found_,
              ElementsAre(IsFinding(FindingKind::kRevision, "event 3")));
  EXPECT_EQ(found_[0].expected, "revision 3 of s");
  EXPECT_EQ(found_[0].found, "revision 1");
}

TEST_F(FsckTest, AChangedTileIsNamedAndMended) {
  Change(&Database::derived, keys::Tile({0, 0}), 1'000);
  EXPECT_THAT(Check(),
              ElementsAre(IsFinding(FindingKind::kTile, "tile 0 of level 0")));
  EXPECT_EQ(result_.Irreparable(), 0u);
  ExpectMended();
}

TEST_F(FsckTest, MissingEntriesAreNamedAndMended) {
  const std::string id = keys::Id(Event(5).id);
  for (const std::string& key :
       {keys::Tile({0, 0}), id, keys::Source("walk", "r301"),
        keys::Block(keys::TermKind::kTag, "n:6", Position(6)),
        keys::Block(keys::TermKind::kStream, "stream 1", Position(1)),
        keys::Block(keys::TermKind::kType, "test.happened", Position(1)),
        keys::Track("bus"), keys::Cursor("group/a")}) {
    Remove(&Database::derived, key);
    const auto found = Check();
    ASSERT_THAT(found, SizeIs(1)) << key;
    EXPECT_EQ(found[0].found, "nothing") << found[0].where;
    EXPECT_EQ(result_.Irreparable(), 0u);
    ExpectMended();
  }
}

TEST_F(FsckTest, ChangedEntriesAreNamedAndMended) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {keys::Id(Event(5).id),
       "id " +
           absl::BytesToHexString(absl::string_view(
               reinterpret_cast<const char*>(Event(5).id.bytes.data()), 16))},
      {keys::Source("walk", "r301"), "source walk r301"},
      {keys::Block(keys::TermKind::kTag, "n:6", Position(6)),
       "tag n:6 from event 6"},
      {keys::Block(keys::TermKind::kStream, "stream 1", Position(1)),
       "stream stream 1 from event 1"},
      {keys::Block(keys::TermKind::kType, "test.happened", Position(1)),
       "type test.happened from event 1"},
      {keys::Track("bus"), "track bus"},
      {keys::Cursor("group/a"), "cursor group/a"}};
  for (const auto& [key, where] : cases) {
    Change(&Database::derived, key, 0);
    EXPECT_THAT(Check(), ElementsAre(Field(&Finding::where, where)));
    EXPECT_EQ(result_.Irreparable(), 0u);
    ExpectMended();
  }
}

TEST_F(FsckTest, EntriesTooManyAreNamedAndMended) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {keys::Id(Event(9'999).id), std::string("\x05\x00\x01", 3)},
      {keys::Source("walk", "none"), "\x05"},
      {keys::Block(keys::TermKind::kTag, "no:where", Position(3)),
       std::string("\x01\x00", 2)},
      {keys::Tile({1, 7}), std::string(kTileBytes, 'x')},
      {keys::Tile({7, 0}), std::string(kTileBytes, 'x')},
      {keys::Tile({255, 0}), std::string(kTileBytes, 'x')},
      {keys::Track("nobody"), "\x05"},
      {keys::Cursor("group/none"), "x"},
      {"Xunknown", "x"}};
  for (const auto& [key, value] : cases) {
    Add(&Database::derived, key, value);
    const auto found = Check();
    ASSERT_THAT(found, SizeIs(1)) << key;
    EXPECT_EQ(found[0].expected, "nothing") << found[0].where;
    EXPECT_EQ(result_.Irreparable(), 0u);
    ExpectMended();
  }
}

TEST_F(FsckTest, AMissingMarkerIsNamedAndMended) {
  Remove(&Database::derived, "A");
  EXPECT_THAT(Check(),
              ElementsAre(Field(&Finding::kind, FindingKind::kMarker)));
  ExpectMended();
}

TEST_F(FsckTest, AMarkerOfAnotherPlaceIsNamedAndMended) {
  for (const size_t at : {0, 12, 20, 28, 44}) {
    Change(&Database::derived, "A", at);
    EXPECT_THAT(Check(), Contains(Field(&Finding::kind, FindingKind::kMarker)))
        << at;
    EXPECT_EQ(result_.Irreparable(), 0u) << at;
    ExpectMended();
  }
}

TEST_F(FsckTest, ALogShorterThanItsDerivedDataIsLoss) {
  Tamper([](Database& database) {
    std::string marker = Get(database, database.derived(), "A");
    const uint64_t sequence = 5'000;
    std::memcpy(marker.data() + 12, &sequence, sizeof(sequence));
    Put(database, database.derived(), "A", marker);
  });
  EXPECT_THAT(Check(),
              Contains(IsFinding(FindingKind::kLog, "the end of the log")));
  EXPECT_GT(result_.Irreparable(), 0u);
}

TEST_F(FsckTest, AFlippedByteInATableIsNamedByItsEvents) {
  std::string table;
  Tamper([&](Database& database) {
    ASSERT_TRUE(
        database.db().Flush({}, {database.events(), database.commits()}).ok());
    std::vector<rocksdb::LiveFileMetaData> files;
    database.db().GetLiveFilesMetaData(&files);
    for (const auto& file : files) {
      if (file.column_family_name == "events") table = file.db_path + file.name;
    }
  });
  ASSERT_FALSE(table.empty());
  FlipByte(table, 5'000);
  ASSERT_THAT(Check(),
              Contains(IsFinding(FindingKind::kEvent, HasSubstr("events "))));
  EXPECT_THAT(found_[0].found, HasSubstr("Corruption"));
  EXPECT_GT(result_.Irreparable(), 0u);
}

TEST_F(FsckTest, ADamagedWriteAheadLogIsNamed) {
  Open();
  AppendEvents(451, 500);  // after what is in derived data
  Close();
  const std::string log = WriteAheadLog();
  FlipByte(log, fs::file_size(log) / 2);
  EXPECT_THAT(Check(),
              Contains(IsFinding(FindingKind::kLog, "the write-ahead log")));
  ExpectNotMended();
}

// What was derived from the lost end was the last that was written.
TEST_F(FsckTest, ALogThatLostWhatWasDerivedFromItIsNamed) {
  FlipByte(WriteAheadLog(), 20'000);
  EXPECT_THAT(Check(),
              Contains(IsFinding(FindingKind::kLog, "the end of the log")));
  ExpectNotMended();
}

TEST_F(FsckTest, ALastWriteThatWasCutShortIsNoDamage) {
  const std::string log = WriteAheadLog();
  Check();
  const uint64_t commits = result_.commits;
  fs::resize_file(log, fs::file_size(log) - 20);
  EXPECT_THAT(Check(), IsEmpty());
  EXPECT_EQ(result_.commits, commits - 1);
}

TEST_F(FsckTest, AMissingTableIsNamed) {
  Tamper([](Database& database) {
    ASSERT_TRUE(
        database.db().Flush({}, {database.events(), database.commits()}).ok());
  });
  for (const auto& entry :
       fs::directory_iterator(directory_.path() + "/rocksdb")) {
    if (entry.path().extension() == ".sst") {
      fs::remove(entry.path());
      break;
    }
  }
  EXPECT_THAT(Check(),
              ElementsAre(Field(&Finding::kind, FindingKind::kDatabase)));
}

TEST_F(FsckTest, OfManyFindingsTheFirstAreListedAndAllCounted) {
  Tamper([](Database& database) {
    for (uint64_t position = 3; position < 300; position += 2) {
      ASSERT_TRUE(database.db()
                      .Delete(rocksdb::WriteOptions(), database.events(),
                              keys::Number(position))
                      .ok());
    }
  });
  uint64_t listed = 0;
  for (const Finding& finding : Check()) {
    listed += finding.kind == FindingKind::kEvent ? 1 : 0;
  }
  EXPECT_EQ(listed, FsckResult::kListed);
  EXPECT_EQ(result_.findings[static_cast<int>(FindingKind::kEvent)], 149u);
}

}  // namespace
}  // namespace samverk
