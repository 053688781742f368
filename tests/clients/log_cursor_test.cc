#include "clients/cpp/log_cursor.h"

#include <gtest/gtest.h>

namespace samverk::client {
namespace {

view::v1::ReadLogResponse Page(int events, uint64_t scanned_to, uint64_t head) {
  view::v1::ReadLogResponse page;
  for (int i = 0; i < events; ++i) page.add_events();
  page.set_scanned_to(scanned_to);
  page.set_head(head);
  return page;
}

TEST(LogCursor, GoesOnAfterThePageThatWasTaken) {
  view::v1::ReadLogRequest request;
  request.set_process("augustenborg");
  LogCursor cursor(request);
  cursor.Took(Page(3, 40, 100));
  EXPECT_FALSE(cursor.finished());
  EXPECT_EQ(cursor.rest().from(), 41u);
  EXPECT_EQ(cursor.rest().process(), "augustenborg");
}

TEST(LogCursor, KeepsTheHeadOfTheFirstAnswer) {
  LogCursor cursor{view::v1::ReadLogRequest()};
  cursor.Took(Page(3, 40, 100));
  cursor.Took(Page(3, 60, 250));
  EXPECT_EQ(cursor.rest().to(), 100u);
  cursor.Took(Page(0, 100, 260));
  EXPECT_TRUE(cursor.finished());
}

TEST(LogCursor, EndsAtTheLastPositionAskedFor) {
  view::v1::ReadLogRequest request;
  request.set_from(10);
  request.set_to(20);
  LogCursor cursor(request);
  cursor.Took(Page(5, 19, 100));
  EXPECT_FALSE(cursor.finished());
  EXPECT_EQ(cursor.rest().from(), 20u);
  cursor.Took(Page(1, 20, 100));
  EXPECT_TRUE(cursor.finished());
}

TEST(LogCursor, AnEmptyLogIsReadAtOnce) {
  LogCursor cursor{view::v1::ReadLogRequest()};
  cursor.Took(Page(0, 0, 0));
  EXPECT_TRUE(cursor.finished());
}

TEST(LogCursor, AsksForWhatTheLimitLeaves) {
  view::v1::ReadLogRequest request;
  request.set_limit(10);
  LogCursor cursor(request);
  cursor.Took(Page(4, 4, 20));
  EXPECT_EQ(cursor.rest().limit(), 6u);
  EXPECT_FALSE(cursor.finished());
  cursor.Took(Page(6, 10, 20));
  EXPECT_TRUE(cursor.finished());
}

TEST(LogCursor, GoesDownwardInReverse) {
  view::v1::ReadLogRequest request;
  request.set_reverse(true);
  request.set_from(3);
  LogCursor cursor(request);
  cursor.Took(Page(2, 9, 10));
  EXPECT_EQ(cursor.rest().to(), 8u);
  EXPECT_EQ(cursor.rest().from(), 3u);
  EXPECT_FALSE(cursor.finished());
  cursor.Took(Page(2, 3, 12));
  EXPECT_TRUE(cursor.finished());
}

TEST(LogCursor, ReverseEndsAtTheFirstEvent) {
  view::v1::ReadLogRequest request;
  request.set_reverse(true);
  LogCursor cursor(request);
  cursor.Took(Page(2, 2, 3));
  EXPECT_FALSE(cursor.finished());
  EXPECT_EQ(cursor.rest().to(), 1u);
  cursor.Took(Page(1, 1, 3));
  EXPECT_TRUE(cursor.finished());
}

}  // namespace
}  // namespace samverk::client
