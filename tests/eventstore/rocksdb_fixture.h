// What the tests of the default engine have in common.
#ifndef SAMVERK_TESTS_EVENTSTORE_ROCKSDB_FIXTURE_H_
#define SAMVERK_TESTS_EVENTSTORE_ROCKSDB_FIXTURE_H_

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/uuid.h"
#include "eventstore/rocksdb/database.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "gtest/gtest.h"
#include "tests/contract/temporary_directory.h"

namespace samverk {

inline constexpr char kTestOrigin[] = "test.example/register";

class RocksDbTest : public testing::Test {
 protected:
  RocksDbTest() = default;
  // For a register in a directory under `parent`.
  explicit RocksDbTest(const std::filesystem::path& parent)
      : directory_(parent) {}

  RocksDbEventStore::Options Options() {
    RocksDbEventStore::Options options;
    options.directory = directory_.path();
    options.origin = kTestOrigin;
    options.clock = &clock_;
    options.segment_size.entries = 100;
    return options;
  }
  absl::Status TryOpen(RocksDbEventStore::Options options) {
    store_.reset();
    auto store = RocksDbEventStore::Open(std::move(options));
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    return absl::OkStatus();
  }
  void Open() {
    const absl::Status opened = TryOpen(Options());
    ASSERT_TRUE(opened.ok()) << opened;
  }
  void Close() { store_.reset(); }

  static NewEvent Event(uint64_t n) {
    NewEvent event;
    event.id = UuidV8FromText(absl::StrCat("event ", n));
    event.stream = absl::StrCat("stream ", n % 7);
    event.type = "test.happened";
    event.tags = {absl::StrCat("k:", n % 3), absl::StrCat("n:", n)};
    event.payload = absl::StrCat("payload ", n);
    return event;
  }
  // Events first to last, one an append but for every tenth, which comes with
  // the two after it.
  void AppendEvents(uint64_t first, uint64_t last) {
    for (uint64_t n = first; n <= last; ++n) {
      AppendRequest request;
      request.events = {Event(n)};
      if (n % 10 == 0 && n + 2 <= last) {
        request.events.push_back(Event(++n));
        request.events.push_back(Event(++n));
      }
      const auto result = AppendAndWait(*store_, std::move(request));
      ASSERT_TRUE(result.ok()) << result.status();
    }
  }
  std::vector<RecordedEvent> ReadAll(Query query = {}) {
    std::vector<RecordedEvent> events;
    ReadOptions options;
    options.query = std::move(query);
    while (true) {
      auto page = store_->Read(options);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return events;
      for (auto& event : page->events) events.push_back(std::move(event));
      if (page->end) return events;
      options.after = page->scanned_to;
    }
  }

  // Changes the closed database behind the store's back.
  void Tamper(const std::function<void(Database&)>& change) {
    Close();
    Database::Options options;
    options.directory = directory_.path();
    auto database = Database::Open(options);
    ASSERT_TRUE(database.ok()) << database.status();
    change(**database);
  }
  static std::string Get(Database& database,
                         rocksdb::ColumnFamilyHandle* family,
                         const std::string& key) {
    std::string value;
    EXPECT_TRUE(
        database.db().Get(rocksdb::ReadOptions(), family, key, &value).ok());
    return value;
  }
  static void Put(Database& database, rocksdb::ColumnFamilyHandle* family,
                  const std::string& key, const std::string& value) {
    rocksdb::WriteOptions durably;
    durably.sync = true;
    EXPECT_TRUE(database.db().Put(durably, family, key, value).ok());
  }
  // Every key and value of the derived data.
  static std::map<std::string, std::string> Dump(Database& database) {
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    const std::unique_ptr<rocksdb::Iterator> it(
        database.db().NewIterator(options, database.derived()));
    std::map<std::string, std::string> dump;
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      dump[it->key().ToString()] = it->value().ToString();
    }
    return dump;
  }

  TemporaryDirectory directory_;
  FakeClock clock_{absl::FromUnixSeconds(1'750'000'000)};
  std::unique_ptr<RocksDbEventStore> store_;
};

#define EXPECT_REASON(status, reason) \
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_##reason) << (status)

}  // namespace samverk

#endif  // SAMVERK_TESTS_EVENTSTORE_ROCKSDB_FIXTURE_H_
