#include "projections/engine/view_store.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/engine/view_keys.h"
#include "samverk/view/v1/budget.pb.h"
#include "tests/engine/temp_directory.h"
#include "tests/engine/test_log.h"

namespace samverk::projections {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::NotesProjection;
using testing::SumsProjection;
using view::v1::BudgetEntry;

BudgetEntry Cost(const std::string& id) {
  BudgetEntry entry;
  entry.mutable_cost()->set_cost(id);
  return entry;
}

TableMarker Marker(uint64_t applied) {
  TableMarker marker;
  marker.version = 3;
  marker.entries = 17;
  marker.applied = Position(applied);
  marker.recorded_at_us = -5;
  marker.record_hash.fill(0xab);
  return marker;
}

// With batches that go through the memory table, and as files.
class ViewStoreTest : public ::testing::TestWithParam<size_t> {
 protected:
  void SetUp() override { Open(); }

  void Open(const std::string& name = "/views") {
    store_.reset();
    ViewStore::Options options;
    options.directory = directory_.path() + name;
    options.file_changes = GetParam();
    auto opened = ViewStore::Open(options, discarded_);
    ASSERT_TRUE(opened.ok()) << opened.status().ToString();
    store_ = *std::move(opened);
  }
  void Commit(ViewBatch batch) {
    const absl::Status status = store_->Commit(std::move(batch));
    ASSERT_TRUE(status.ok()) << status.ToString();
  }
  // A live generation with one cost.
  void WriteSums(uint64_t generation, const std::string& cost) {
    const TableId table{"sums", generation};
    ViewBatch batch;
    batch.Put(table, cost, Cost(cost));
    batch.SetMarker(table, Marker(generation));
    batch.SetLive(table);
    Commit(std::move(batch));
  }
  std::vector<std::string> Keys(const ViewReader& reader,
                                std::string_view prefix = "",
                                std::string_view from = "") {
    std::vector<std::string> keys;
    reader.Scan<BudgetEntry>(prefix, from,
                             [&](std::string_view key, const BudgetEntry& e) {
                               EXPECT_EQ(e.cost().cost(), key);
                               keys.emplace_back(key);
                               return true;
                             });
    return keys;
  }
  std::vector<std::string> LiveKeys() {
    const std::vector<Projection> projections = {SumsProjection()};
    auto snapshot = store_->Snapshot(projections);
    EXPECT_TRUE(snapshot.ok());
    return Keys((*snapshot)->views().Of(ProjectionId::kBudget));
  }

  testing::TempDirectory directory_;
  std::string discarded_;
  std::unique_ptr<ViewStore> store_;
};

TEST(ViewKeys, MarkersSurviveEncoding) {
  const TableId table{"participation", 0x0102030405060708};
  TableId read_table;
  TableMarker read;
  ASSERT_TRUE(view_keys::ParseMarker(view_keys::Marker(table),
                                     view_keys::EncodeMarker(Marker(9)),
                                     read_table, read));
  EXPECT_EQ(read_table, table);
  EXPECT_EQ(read, Marker(9));
}

TEST(ViewKeys, RefusesWhatIsNoMarker) {
  const std::string key = view_keys::Marker({"sums", 1});
  const std::string value = view_keys::EncodeMarker(Marker(9));
  TableId table;
  TableMarker marker;
  EXPECT_FALSE(view_keys::ParseMarker("m", value, table, marker));
  EXPECT_FALSE(view_keys::ParseMarker(key, "", table, marker));
  EXPECT_FALSE(view_keys::ParseMarker(key, value + "x", table, marker));
  EXPECT_FALSE(view_keys::ParseMarker(key, value.substr(0, value.size() - 1),
                                      table, marker));
}

TEST(ViewKeys, EndOfComesAfterEveryKeyWithThePrefix) {
  EXPECT_EQ(view_keys::EndOf("p/cost/"), "p/cost0");
  EXPECT_EQ(view_keys::EndOf("a\xff\xff"), "b");
}

TEST_P(ViewStoreTest, BeginsEmpty) {
  EXPECT_THAT(discarded_, IsEmpty());
  EXPECT_THAT(*store_->Tables(), IsEmpty());
}

TEST_P(ViewStoreTest, KeepsWhatWasCommittedOverAClose) {
  WriteSums(1, "p/cost/c-1");
  Open();
  EXPECT_THAT(discarded_, IsEmpty());
  const auto tables = *store_->Tables();
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].id, (TableId{"sums", 1}));
  EXPECT_EQ(tables[0].marker, Marker(1));
  EXPECT_TRUE(tables[0].live);
  EXPECT_THAT(LiveKeys(), ElementsAre("p/cost/c-1"));
}

TEST_P(ViewStoreTest, ASnapshotSeesNothingOfWhatComesLater) {
  WriteSums(1, "p/cost/c-1");
  const std::vector<Projection> projections = {SumsProjection(),
                                               NotesProjection()};
  const auto snapshot = store_->Snapshot(projections);
  ASSERT_TRUE(snapshot.ok());
  // The table is replaced under it, and its entries are dropped.
  WriteSums(2, "p/cost/c-2");
  ViewBatch batch;
  batch.Drop({"sums", 1});
  Commit(std::move(batch));

  const ViewReader& before = (*snapshot)->views().Of(ProjectionId::kBudget);
  EXPECT_THAT(Keys(before), ElementsAre("p/cost/c-1"));
  EXPECT_NE(before.Find<BudgetEntry>("p/cost/c-1"), nullptr);
  EXPECT_EQ(before.Find<BudgetEntry>("p/cost/c-2"), nullptr);
  EXPECT_EQ((*snapshot)->MarkerOf(ProjectionId::kBudget)->applied, Position(1));
  EXPECT_THAT(LiveKeys(), ElementsAre("p/cost/c-2"));
}

TEST_P(ViewStoreTest, AProjectionWithoutAGenerationReadsAsEmpty) {
  WriteSums(1, "p/cost/c-1");
  const std::vector<Projection> projections = {NotesProjection()};
  const auto snapshot = store_->Snapshot(projections);
  ASSERT_TRUE(snapshot.ok());
  EXPECT_FALSE((*snapshot)->MarkerOf(ProjectionId::kChecks).has_value());
  const ViewReader& reader = (*snapshot)->views().Of(ProjectionId::kChecks);
  EXPECT_EQ(reader.Find<view::v1::BudgetEntry>("p/cost/c-1"), nullptr);
  EXPECT_THAT(Keys(reader), IsEmpty());
}

TEST_P(ViewStoreTest, EntriesFoundStayWhileTheSnapshotLasts) {
  ViewBatch batch;
  batch.Put({"sums", 1}, "a", Cost("a"));
  batch.Put({"sums", 1}, "b", Cost("b"));
  batch.SetMarker({"sums", 1}, Marker(1));
  batch.SetLive({"sums", 1});
  Commit(std::move(batch));
  const std::vector<Projection> projections = {SumsProjection()};
  const auto snapshot = store_->Snapshot(projections);
  ASSERT_TRUE(snapshot.ok());
  const ViewReader& reader = (*snapshot)->views().Of(ProjectionId::kBudget);
  const auto* a = reader.Find<BudgetEntry>("a");
  // A scan within a scan, and finds within both, disturb nothing.
  reader.Scan<BudgetEntry>(
      "", "", [&](std::string_view outer, const BudgetEntry& entry) {
        EXPECT_EQ(Keys(reader), (std::vector<std::string>{"a", "b"}));
        EXPECT_EQ(reader.Find<BudgetEntry>("b")->cost().cost(), "b");
        EXPECT_EQ(entry.cost().cost(), outer);
        return true;
      });
  EXPECT_EQ(a->cost().cost(), "a");
}

TEST_P(ViewStoreTest, ScansWithinPrefixAndFrom) {
  ViewBatch batch;
  const TableId table{"sums", 1};
  for (const char* key : {"p/cost/1", "p/cost/2", "p/cost/3", "p/grant/1"}) {
    batch.Put(table, key, Cost(key));
  }
  batch.Put({"sums", 2}, "p/cost/9", Cost("p/cost/9"));
  batch.Put({"sum", 1}, "p/cost/8", Cost("p/cost/8"));
  batch.SetMarker(table, Marker(1));
  batch.SetLive(table);
  Commit(std::move(batch));
  const std::vector<Projection> projections = {SumsProjection()};
  const auto snapshot = store_->Snapshot(projections);
  const ViewReader& reader = (*snapshot)->views().Of(ProjectionId::kBudget);
  EXPECT_THAT(Keys(reader, "p/cost/"),
              ElementsAre("p/cost/1", "p/cost/2", "p/cost/3"));
  EXPECT_THAT(Keys(reader, "p/cost/", "p/cost/2"),
              ElementsAre("p/cost/2", "p/cost/3"));
  EXPECT_THAT(Keys(reader, "p/cost/", "a"),
              ElementsAre("p/cost/1", "p/cost/2", "p/cost/3"));
  EXPECT_THAT(Keys(reader, "q/"), IsEmpty());
  EXPECT_EQ(Keys(reader).size(), 4u);
}

TEST_P(ViewStoreTest, TheLastChangeOfAKeyCounts) {
  const TableId table{"sums", 1};
  ViewBatch first;
  first.Put(table, "c", Cost("c"));
  first.Put(table, "a", Cost("x"));
  first.Put(table, "a", Cost("a"));
  first.Erase(table, "b");
  first.Put(table, "b", Cost("b"));
  first.SetMarker(table, Marker(1));
  first.SetLive(table);
  Commit(std::move(first));
  EXPECT_THAT(LiveKeys(), ElementsAre("a", "b", "c"));
  ViewBatch second;
  second.Put(table, "b", Cost("b"));
  second.Erase(table, "b");
  second.Erase(table, "never there");
  second.SetMarker(table, Marker(2));
  Commit(std::move(second));
  EXPECT_THAT(LiveKeys(), ElementsAre("a", "c"));
  EXPECT_EQ(store_->Tables()->at(0).marker.applied, Position(2));
}

// I2: what a crash leaves is a prefix of the batches, files among them.
TEST_P(ViewStoreTest, ACrashLeavesNoLaterBatchWithoutAnEarlierOne) {
  const TableId table{"sums", 1};
  for (uint64_t i = 1; i <= 6; ++i) {
    ViewBatch batch;
    // In turn one and five entries: below and above the size of a file.
    for (uint64_t j = 0; j < (i % 2 == 0 ? 5 : 1); ++j) {
      const std::string key = "c-" + std::to_string(i) + std::to_string(j);
      batch.Put(table, key, Cost(key));
    }
    batch.SetMarker(table, Marker(i));
    if (i == 1) batch.SetLive(table);
    Commit(std::move(batch));
    // As the disk is now: what is in memory is lost.
    const std::string copy = directory_.path() + "/copy" + std::to_string(i);
    std::filesystem::copy(directory_.path() + "/views", copy);
    std::string discarded;
    const auto crashed = ViewStore::Open({copy}, discarded);
    ASSERT_TRUE(crashed.ok()) << crashed.status().ToString();
    const auto tables = (*crashed)->Tables();
    ASSERT_TRUE(tables.ok());
    const uint64_t applied =
        tables->empty() ? 0 : tables->at(0).marker.applied.value();
    const bool as_file = GetParam() == 1 || (GetParam() == 4 && i % 2 == 0);
    if (as_file) {
      EXPECT_EQ(applied, i);
    }
    for (uint64_t k = 1; k <= i; ++k) {
      std::string entry;
      const auto found =
          (*crashed)->Get(table, "c-" + std::to_string(k) + "0", entry);
      ASSERT_TRUE(found.ok());
      EXPECT_EQ(*found, k <= applied) << "batch " << k << " of " << i;
    }
  }
}

// A file is taken in by a second name, and the first one is taken away. A
// process that is killed between the two leaves both.
TEST_P(ViewStoreTest, AFileWithTwoNamesIsNotWrittenOver) {
  namespace fs = std::filesystem;
  const TableId table{"sums", 1};
  const auto commit = [&](uint64_t applied, const std::string& key) {
    ViewBatch batch;
    for (int i = 0; i < 5'000; ++i) {
      const std::string numbered = key + std::to_string(i);
      batch.Put(table, numbered, Cost(numbered));
    }
    batch.SetMarker(table, Marker(applied));
    batch.SetLive(table);
    Commit(std::move(batch));
  };
  commit(1, "a");
  store_.reset();
  const std::string views = directory_.path() + "/views";
  fs::path newest;
  for (const auto& file : fs::directory_iterator(views)) {
    if (file.path().extension() == ".sst") newest = file.path();
  }
  ASSERT_FALSE(newest.empty());
  fs::create_hard_link(newest, views + "/batch");
  Open();
  EXPECT_EQ(discarded_, "");
  commit(2, "b");
  store_.reset();
  Open();
  EXPECT_EQ(discarded_, "");
  EXPECT_EQ(LiveKeys().size(), 10'000u);
}

TEST_P(ViewStoreTest, SaysThatAnEntryIsDamaged) {
  const TableId table{"sums", 1};
  ViewBatch batch;
  // A number where a message belongs: field 1 as a varint.
  view::v1::BudgetEntry broken;
  broken.GetReflection()->MutableUnknownFields(&broken)->AddFixed32(3, 1);
  broken.GetReflection()->MutableUnknownFields(&broken)->AddLengthDelimited(
      1, "\xff");
  batch.Put(table, "p/cost/1", broken);
  batch.SetMarker(table, Marker(1));
  batch.SetLive(table);
  Commit(std::move(batch));
  const std::vector<Projection> projections = {SumsProjection()};
  const auto snapshot = store_->Snapshot(projections);
  const ViewReader& reader = (*snapshot)->views().Of(ProjectionId::kBudget);
  EXPECT_TRUE((*snapshot)->status().ok());
  EXPECT_EQ(reader.Find<BudgetEntry>("p/cost/1"), nullptr);
  EXPECT_EQ((*snapshot)->status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT((*snapshot)->status().ToString(), HasSubstr("p/cost/1"));
}

TEST_P(ViewStoreTest, IsForOneProcessAtATime) {
  std::string discarded;
  const auto second =
      ViewStore::Open({directory_.path() + "/views"}, discarded);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(second.status()), error::v1::REASON_IN_USE);
}

// Overwrites the first bytes of every file whose name begins so.
void Damage(const std::string& directory, const std::string& begin) {
  int damaged = 0;
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    if (file.path().filename().string().rfind(begin, 0) != 0) continue;
    std::fstream out(file.path(), std::ios::in | std::ios::out);
    out << "this is not what RocksDB has written here";
    ++damaged;
  }
  ASSERT_GT(damaged, 0) << begin;
}

TEST_P(ViewStoreTest, MakesABrokenStoreAnewAndSaysSo) {
  for (const char* file : {"MANIFEST", "CURRENT"}) {
    SCOPED_TRACE(file);
    WriteSums(1, "p/cost/c-1");
    store_.reset();
    Damage(directory_.path() + "/views", file);
    Open();
    EXPECT_FALSE(discarded_.empty());
    EXPECT_THAT(*store_->Tables(), IsEmpty());
    // It works from then on.
    WriteSums(1, "p/cost/c-2");
    Open();
    EXPECT_THAT(discarded_, IsEmpty());
    EXPECT_THAT(LiveKeys(), ElementsAre("p/cost/c-2"));
  }
}

INSTANTIATE_TEST_SUITE_P(Batches, ViewStoreTest,
                         ::testing::Values(size_t{1}, size_t{4}, size_t{4'096}),
                         [](const ::testing::TestParamInfo<size_t>& size) {
                           return "FileFrom" + std::to_string(size.param);
                         });

// No room for tables while it is switched on.
class FullFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FullFileSystem()
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FullFileSystem"; }
  rocksdb::IOStatus NewWritableFile(
      const std::string& name, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* context) override {
    if (no_room && name.find(".sst") != std::string::npos) {
      return rocksdb::IOStatus::NoSpace("injected");
    }
    return target()->NewWritableFile(name, options, file, context);
  }
  std::atomic<bool> no_room{false};
};

TEST(ViewStoreOnAFullDisk, ViewsAreWrittenAgainWhenThereIsRoom) {
  const testing::TempDirectory directory;
  const auto system = std::make_shared<FullFileSystem>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(system);
  std::string discarded;
  ViewStore::Options options;
  options.directory = directory.path() + "/views";
  options.flush_each_batch = true;
  options.file_changes = 2;
  options.env = env.get();
  auto store = ViewStore::Open(options, discarded);
  ASSERT_TRUE(store.ok()) << store.status();
  const TableId table{"sums", 1};
  const auto commit = [&](const std::vector<std::string>& costs) {
    ViewBatch batch;
    for (const std::string& cost : costs) batch.Put(table, cost, Cost(cost));
    return (*store)->Commit(std::move(batch));
  };
  ASSERT_TRUE(commit({"a"}).ok());
  system->no_room = true;
  EXPECT_EQ(commit({"b"}).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_FALSE((*store)->Resume().ok());
  system->no_room = false;
  ASSERT_TRUE((*store)->Resume().ok());
  // Also one that would have been a file.
  ASSERT_TRUE(commit({"c", "d"}).ok());
  ASSERT_TRUE(commit({"e"}).ok());
  std::vector<std::string> keys;
  ASSERT_TRUE((*store)
                  ->Scan(table, "", "",
                         [&](std::string_view key, std::string_view) {
                           keys.emplace_back(key);
                           return true;
                         })
                  .ok());
  EXPECT_THAT(keys, ::testing::IsSupersetOf({"a", "c", "d", "e"}));
}

}  // namespace
}  // namespace samverk::projections
