#include "projections/engine/stored_view_table.h"

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/engine/memory_view_table.h"
#include "samverk/view/v1/budget.pb.h"
#include "tests/engine/temp_directory.h"
#include "tests/engine/test_log.h"

namespace samverk::projections {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using view::v1::BudgetEntry;

class StoredViewTableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string discarded;
    auto opened = ViewStore::Open({directory_.path()}, discarded);
    ASSERT_TRUE(opened.ok()) << opened.status().ToString();
    store_ = *std::move(opened);
    table_ = Begin();
  }

  std::unique_ptr<StoredViewTable> Begin(size_t fresh_bytes = 256 << 10) {
    return std::make_unique<StoredViewTable>(*store_, testing::SumsProjection(),
                                             StoredTable{{"sums", 1}, {}, true},
                                             fresh_bytes);
  }
  // Writes, and forgets what is in memory if `forget`.
  void Commit(bool forget = false) {
    ViewBatch batch;
    table_->WriteTo(batch, 0, Hash{});
    ASSERT_TRUE(store_->Commit(std::move(batch)).ok());
    if (forget) table_->Forget();
  }
  // The table as it is found by a program that starts.
  void Reopen() {
    const auto tables = *store_->Tables();
    ASSERT_EQ(tables.size(), 1u);
    table_ = std::make_unique<StoredViewTable>(
        *store_, testing::SumsProjection(), tables[0]);
  }
  void Set(ViewTable& table, const std::string& key, const std::string& text) {
    table.Mutable<BudgetEntry>(key).mutable_cost()->set_text(text);
  }
  static std::vector<std::string> Scan(const ViewReader& reader,
                                       std::string_view prefix = "",
                                       std::string_view from = "") {
    std::vector<std::string> seen;
    reader.Scan<BudgetEntry>(
        prefix, from, [&](std::string_view key, const BudgetEntry& entry) {
          seen.push_back(std::string(key) + "=" + entry.cost().text());
          return true;
        });
    return seen;
  }

  testing::TempDirectory directory_;
  std::unique_ptr<ViewStore> store_;
  std::unique_ptr<StoredViewTable> table_;
};

TEST_F(StoredViewTableTest, WritesNothingBeforeItIsTold) {
  Set(*table_, "a", "1");
  EXPECT_TRUE(table_->HasChanges());
  EXPECT_THAT(*store_->Tables(), IsEmpty());
  Commit();
  EXPECT_FALSE(table_->HasChanges());
  Reopen();
  EXPECT_EQ(table_->Find<BudgetEntry>("a")->cost().text(), "1");
  EXPECT_EQ(table_->Find<BudgetEntry>("b"), nullptr);
}

TEST_F(StoredViewTableTest, MergesWhatIsInMemoryWithWhatIsStored) {
  for (const char* key : {"a", "b", "c", "d"}) Set(*table_, key, "old");
  Commit(/*forget=*/true);
  Set(*table_, "b", "new");
  Set(*table_, "bb", "new");
  table_->Erase("c");
  Set(*table_, "e", "new");
  EXPECT_THAT(Scan(*table_),
              ElementsAre("a=old", "b=new", "bb=new", "d=old", "e=new"));
  EXPECT_THAT(Scan(*table_, "b"), ElementsAre("b=new", "bb=new"));
  EXPECT_THAT(Scan(*table_, "", "bb"), ElementsAre("bb=new", "d=old", "e=new"));
  std::vector<std::string> first;
  table_->Scan<BudgetEntry>("", "",
                            [&](std::string_view key, const BudgetEntry&) {
                              first.emplace_back(key);
                              return first.size() < 2;
                            });
  EXPECT_THAT(first, ElementsAre("a", "b"));
}

TEST_F(StoredViewTableTest, CountsItsEntries) {
  Set(*table_, "a", "1");
  Set(*table_, "b", "1");
  Set(*table_, "gone", "1");
  table_->Erase("gone");
  Commit();
  EXPECT_EQ(table_->entries(), 2u);
  table_->Erase("a");
  Set(*table_, "b", "2");
  Set(*table_, "c", "1");
  Set(*table_, "d", "1");
  Commit(/*forget=*/true);
  EXPECT_EQ(table_->entries(), 3u);
  table_->Erase("b");
  table_->Erase("never there");
  Commit();
  Reopen();
  EXPECT_EQ(table_->entries(), 2u);
}

TEST_F(StoredViewTableTest, ErasedAndMadeAgainIsEmpty) {
  Set(*table_, "a", "1");
  Commit();
  table_->Erase("a");
  EXPECT_EQ(table_->Find<BudgetEntry>("a"), nullptr);
  EXPECT_EQ(table_->Mutable<BudgetEntry>("a").cost().text(), "");
}

TEST_F(StoredViewTableTest, GivesUpMessagesButNotWhatTheySay) {
  table_ = Begin(/*fresh_bytes=*/4'096);
  for (int i = 0; i < 1'000; ++i) {
    Set(*table_, "k" + std::to_string(i), std::to_string(i));
    table_->Pack();
  }
  // Of a thousand messages of more than 200 bytes most are gone.
  EXPECT_LT(table_->MemoryBytes(), 200'000u);
  Set(*table_, "k7", "changed after it was given up");
  table_->Erase("k8");
  EXPECT_EQ(table_->Find<BudgetEntry>("k6")->cost().text(), "6");
  Commit(/*forget=*/true);
  EXPECT_EQ(table_->entries(), 999u);
  EXPECT_EQ(table_->Find<BudgetEntry>("k6")->cost().text(), "6");
  EXPECT_EQ(table_->Find<BudgetEntry>("k7")->cost().text(),
            "changed after it was given up");
  EXPECT_EQ(table_->Find<BudgetEntry>("k8"), nullptr);
}

// Whatever is done, and whenever it is packed, written or forgotten, it is the
// same as a table in memory.
TEST_F(StoredViewTableTest, IsLikeATableInMemory) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    table_ = std::make_unique<StoredViewTable>(
        *store_, testing::SumsProjection(),
        StoredTable{{"sums", seed}, {}, true}, /*fresh_bytes=*/2'048);
    MemoryViewTable model(BudgetEntry::default_instance());
    std::mt19937 chance(seed);
    for (int i = 0; i < 2'000; ++i) {
      const std::string key = "k" + std::to_string(chance() % 50);
      switch (chance() % 9) {
        case 0:
          Commit(/*forget=*/chance() % 2 == 0);
          break;
        case 8:
          table_->Pack();
          break;
        case 1:
        case 2:
          table_->Erase(key);
          model.Erase(key);
          break;
        case 3: {
          const auto* is = table_->Find<BudgetEntry>(key);
          const auto* wanted = model.Find<BudgetEntry>(key);
          ASSERT_EQ(is == nullptr, wanted == nullptr);
          if (is != nullptr) {
            ASSERT_EQ(is->SerializeAsString(), wanted->SerializeAsString());
          }
          break;
        }
        default: {
          const std::string text = std::to_string(i);
          Set(*table_, key, text);
          Set(model, key, text);
        }
      }
      if (i % 100 == 0) {
        ASSERT_EQ(Scan(*table_), Scan(model));
      }
    }
    Commit();
    EXPECT_EQ(table_->entries(), model.size());
    EXPECT_EQ(Scan(*table_), Scan(model));
  }
}

}  // namespace
}  // namespace samverk::projections
