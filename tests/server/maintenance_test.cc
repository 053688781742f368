// Views of a register that nobody serves are compared with its log.
#include "services/maintenance/maintenance.h"

#include <rocksdb/db.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/engine/projector.h"
#include "tests/contract/temporary_directory.h"
#include "tests/testing/events.h"
#include "tests/views/append_events.h"

namespace samverk::maintenance {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MaintenanceTest : public ::testing::Test {
 protected:
  // A register with views that have taken in everything, closed.
  void SetUp() override {
    FakeClock clock(absl::FromUnixSeconds(1'767'225'600));
    RocksDbEventStore::Options log;
    log.directory = data_.path() + "/log";
    log.origin = "prov";
    log.clock = &clock;
    auto store = RocksDbEventStore::Open(std::move(log));
    ASSERT_TRUE(store.ok()) << store.status();
    projections::Projector::Options views;
    views.directory = data_.path() + "/views";
    views.projections.assign(projections::AllProjections().begin(),
                             projections::AllProjections().end());
    auto projector = projections::Projector::Open(**store, std::move(views));
    ASSERT_TRUE(projector.ok()) << projector.status();
    // In steps, as live views grow.
    samverk::testing::AppendEvents(**store, samverk::testing::World());
    for (int i = 0; i < 20; ++i) {
      const absl::Status applied =
          (*projector)
              ->AwaitApplied((*store)->Head(), absl::Now() + absl::Seconds(60));
      ASSERT_TRUE(applied.ok()) << applied;
      samverk::testing::AppendEvents(
          **store,
          {samverk::testing::EventOf("goal_set { goal: 'g-" +
                                     std::to_string(i) + "' text: 't' }")});
    }
    const absl::Status applied =
        (*projector)
            ->AwaitApplied((*store)->Head(), absl::Now() + absl::Seconds(60));
    ASSERT_TRUE(applied.ok()) << applied;
  }

  std::vector<Finding> Check() {
    std::vector<Finding> found;
    CheckRequest request;
    request.data = data_.path();
    request.on_finding = [&](const Finding& finding) {
      found.push_back(finding);
    };
    const auto checked = CheckRegister(request);
    EXPECT_TRUE(checked.ok()) << checked.status();
    if (checked.ok()) {
      EXPECT_EQ(checked->findings, found.size());
      view_entries_ = checked->view_entries;
    }
    return found;
  }
  // Changes the views behind their back.
  void Tamper(const std::function<void(rocksdb::DB&)>& change) {
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, data_.path() + "/views", &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    change(*db);
    ASSERT_TRUE(db->Flush({}).ok());
  }
  static std::string FirstEntry(rocksdb::DB& db) {
    const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator({}));
    it->Seek("e");
    SAMVERK_CHECK(it->Valid() && it->key().starts_with("e"));
    return it->key().ToString();
  }

  uint64_t view_entries_ = 0;  // of the last check
  TemporaryDirectory data_{TemporaryDirectory::InMemory()};
};

TEST_F(MaintenanceTest, ViewsThatFollowFromTheLogAreFine) {
  EXPECT_THAT(Check(), IsEmpty());
  EXPECT_GT(view_entries_, 20u);
}

TEST_F(MaintenanceTest, AChangedEntryIsNamedAndMended) {
  Tamper([](rocksdb::DB& db) {
    const std::string key = FirstEntry(db);
    std::string value;
    ASSERT_TRUE(db.Get({}, key, &value).ok());
    value.back() = static_cast<char>(value.back() ^ 1);
    ASSERT_TRUE(db.Put({}, key, value).ok());
  });
  EXPECT_THAT(Check(),
              ElementsAre(AllOf(Field(&Finding::kind, "view"),
                                Field(&Finding::where, HasSubstr("entry ")),
                                Field(&Finding::found, "another entry"),
                                Field(&Finding::repairable, true))));
  const absl::Status repaired = RepairRegister(data_.path(), {});
  EXPECT_TRUE(repaired.ok()) << repaired;
  EXPECT_FALSE(std::filesystem::exists(data_.path() + "/views"));
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(MaintenanceTest, AnEntryInAnothersPlaceIsNamed) {
  Tamper([](rocksdb::DB& db) {
    const std::string key = FirstEntry(db);
    std::string value;
    ASSERT_TRUE(db.Get({}, key, &value).ok());
    ASSERT_TRUE(db.Delete({}, key).ok());
    ASSERT_TRUE(db.Put({}, key + "x", value).ok());
  });
  // The count is right.
  EXPECT_THAT(Check(), ElementsAre(Field(&Finding::found, "nothing"),
                                   Field(&Finding::expected, "nothing")));
}

TEST_F(MaintenanceTest, AMissingEntryIsSeenByTheCount) {
  Tamper(
      [](rocksdb::DB& db) { ASSERT_TRUE(db.Delete({}, FirstEntry(db)).ok()); });
  EXPECT_THAT(Check(),
              ElementsAre(Field(&Finding::expected, HasSubstr(" entries"))));
}

}  // namespace
}  // namespace samverk::maintenance
