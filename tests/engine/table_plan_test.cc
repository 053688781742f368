#include "projections/engine/table_plan.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/test_log.h"

namespace samverk::projections {
namespace {

using ::testing::IsEmpty;
using testing::NotesProjection;
using testing::SumsProjection;

StoredTable Table(const std::string& name, uint64_t generation, int version,
                  uint64_t applied, bool live) {
  StoredTable table;
  table.id = {name, generation};
  table.marker.version = version;
  table.marker.applied = Position(applied);
  table.live = live;
  return table;
}

TablePlan Plan(const std::vector<Projection>& projections,
               const std::vector<StoredTable>& stored) {
  return PlanTables(projections, stored);
}

TEST(PlanTables, BeginsEveryProjectionOfAnEmptyStoreLive) {
  const TablePlan plan = Plan({SumsProjection(), NotesProjection()}, {});
  ASSERT_EQ(plan.tables.size(), 2u);
  for (const PlannedTable& table : plan.tables) {
    EXPECT_TRUE(table.begin);
    EXPECT_TRUE(table.go_live);
    EXPECT_TRUE(table.table.live);
    EXPECT_EQ(table.table.id.generation, 1u);
    EXPECT_EQ(table.table.marker.version, 1);
    EXPECT_FALSE(table.replaces.has_value());
  }
  EXPECT_THAT(plan.leftover, IsEmpty());
}

TEST(PlanTables, GoesOnWithALiveGenerationOfTheVersion) {
  const TablePlan plan =
      Plan({SumsProjection(2)}, {Table("sums", 7, 2, 100, true)});
  EXPECT_EQ(plan.tables[0].table.id, (TableId{"sums", 7}));
  EXPECT_EQ(plan.tables[0].table.marker.applied, Position(100));
  EXPECT_FALSE(plan.tables[0].begin);
  EXPECT_FALSE(plan.tables[0].live_at.has_value());
}

TEST(PlanTables, BuildsANewVersionBesideTheOneThatAnswers) {
  const TablePlan plan =
      Plan({NotesProjection(), SumsProjection(2)},
           {Table("notes", 1, 1, 100, true), Table("sums", 7, 1, 100, true)});
  const PlannedTable& sums = plan.tables[1];
  EXPECT_EQ(sums.table.id, (TableId{"sums", 8}));
  EXPECT_EQ(sums.table.marker.applied, Position(0));
  EXPECT_EQ(sums.table.marker.version, 2);
  EXPECT_TRUE(sums.begin);
  EXPECT_FALSE(sums.go_live);
  EXPECT_EQ(sums.live_at, Position(100));
  EXPECT_EQ(sums.replaces, (TableId{"sums", 7}));
  EXPECT_THAT(plan.leftover, IsEmpty()) << "the old one still answers";
}

TEST(PlanTables, GoesOnWithANewVersionThatWasUnderWay) {
  const TablePlan plan =
      Plan({SumsProjection(2)},
           {Table("sums", 7, 1, 100, true), Table("sums", 8, 2, 40, false)});
  EXPECT_EQ(plan.tables[0].table.id, (TableId{"sums", 8}));
  EXPECT_EQ(plan.tables[0].table.marker.applied, Position(40));
  EXPECT_FALSE(plan.tables[0].begin);
  EXPECT_EQ(plan.tables[0].live_at, Position(100));
  EXPECT_EQ(plan.tables[0].replaces, (TableId{"sums", 7}));
}

TEST(PlanTables, ThrowsAwayANewVersionUnderWayWhenItsProgramIsGone) {
  const TablePlan plan =
      Plan({SumsProjection(1)},
           {Table("sums", 7, 1, 100, true), Table("sums", 8, 2, 40, false)});
  EXPECT_EQ(plan.tables[0].table.id, (TableId{"sums", 7}));
  ASSERT_EQ(plan.leftover.size(), 1u);
  EXPECT_EQ(plan.leftover[0].id, (TableId{"sums", 8}));
}

TEST(PlanTables, ThrowsAwayARebuildThatDidNotEnd) {
  const TablePlan plan =
      Plan({SumsProjection(1)},
           {Table("sums", 7, 1, 100, true), Table("sums", 8, 1, 40, false)});
  EXPECT_EQ(plan.tables[0].table.id, (TableId{"sums", 7}));
  ASSERT_EQ(plan.leftover.size(), 1u);
  EXPECT_EQ(plan.leftover[0].id, (TableId{"sums", 8}));
}

TEST(PlanTables, ThrowsAwayAProjectionThatIsNoMore) {
  const TablePlan plan =
      Plan({SumsProjection()},
           {Table("notes", 1, 1, 100, true), Table("sums", 1, 1, 100, true)});
  ASSERT_EQ(plan.leftover.size(), 1u);
  EXPECT_EQ(plan.leftover[0].id, (TableId{"notes", 1}));
}

TEST(PlanTables, ANewProjectionIsBuiltBeforeTheLiveOnesGoOn) {
  const TablePlan plan = Plan({NotesProjection(), SumsProjection()},
                              {Table("sums", 1, 1, 100, true)});
  EXPECT_TRUE(plan.tables[0].begin);
  EXPECT_FALSE(plan.tables[0].go_live);
  EXPECT_EQ(plan.tables[0].live_at, Position(100));
  EXPECT_FALSE(plan.tables[0].replaces.has_value());
}

}  // namespace
}  // namespace samverk::projections
