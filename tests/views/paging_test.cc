// Page sizes, tokens, and the walk through a row of entries.
#include "services/views/paging.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using view::v1::ListChecksRequest;
using view::v1::ListLessonsRequest;
using Counting = PageCutter::Counting;

ListChecksRequest Asking(uint32_t size, const std::string& token = "") {
  ListChecksRequest request;
  request.mutable_scope()->set_process("p");
  request.set_page_size(size);
  request.set_page_token(token);
  return request;
}

// What the error says the field is; fails the test when there is no error.
std::string FieldOf(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  google::rpc::BadRequest bad;
  const auto payload =
      status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  EXPECT_TRUE(payload.has_value() &&
              bad.ParseFromString(std::string(*payload)));
  return bad.field_violations_size() == 1 ? bad.field_violations(0).field()
                                          : "";
}

TEST(ReadPageRequest, TakesASizeUpToTheLimitAndTheDefaultForNone) {
  EXPECT_EQ(ReadPageRequest(Asking(0))->size, limits::kViewPageDefault);
  EXPECT_EQ(ReadPageRequest(Asking(0), "", 7)->size, 7u);
  EXPECT_EQ(ReadPageRequest(Asking(1))->size, 1u);
  EXPECT_EQ(ReadPageRequest(Asking(limits::kViewPage))->size,
            limits::kViewPage);
  const auto refused = ReadPageRequest(Asking(limits::kViewPage + 1));
  EXPECT_EQ(FieldOf(refused.status()), "page_size");
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("1001"));
}

TEST(ReadPageRequest, ReadsTheTokensThatItsQuestionGave) {
  const auto first = ReadPageRequest(Asking(0));
  const std::string token = TokenOf(*first, "check/C1/å");
  // Neither language, page size nor patience makes it another question.
  ListChecksRequest request = Asking(5, token);
  request.mutable_scope()->set_language("en");
  request.mutable_scope()->set_at_least(12);
  const auto next = ReadPageRequest(request);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->after, "check/C1/å");
}

TEST(ReadPageRequest, RefusesATokenOfAnotherQuestion) {
  const std::string token = TokenOf(*ReadPageRequest(Asking(0)), "check/C1");
  std::vector<ListChecksRequest> others(5, Asking(0, token));
  others[0].mutable_scope()->set_process("q");
  others[1].mutable_scope()->set_period("2025");
  others[2].mutable_scope()->mutable_as_of()->set_position(4);
  others[3].mutable_scope()->mutable_evaluate_at()->set_seconds(1);
  others[4].mutable_scope()->mutable_as_of()->mutable_recorded_at();
  for (const ListChecksRequest& other : others) {
    EXPECT_EQ(FieldOf(ReadPageRequest(other).status()), "page_token")
        << other.ShortDebugString();
  }
  EXPECT_EQ(FieldOf(ReadPageRequest(Asking(0, token), "grant").status()),
            "page_token");
  ListLessonsRequest lessons;
  lessons.mutable_scope()->set_process("p");
  lessons.set_page_token(token);
  EXPECT_EQ(FieldOf(ReadPageRequest(lessons).status()), "page_token");
}

TEST(ReadPageRequest, RefusesAMalformedToken) {
  const std::string token = TokenOf(*ReadPageRequest(Asking(0)), "check/C1");
  for (const std::string& malformed :
       {std::string("x"), std::string("check/C1"), std::string("%%%"),
        token.substr(0, 8), "A" + token.substr(1), token.substr(1)}) {
    if (malformed == token) continue;
    EXPECT_EQ(FieldOf(ReadPageRequest(Asking(0, malformed)).status()),
              "page_token")
        << malformed;
  }
}

// The keys on each page of a row of entries: 'c' counted ones, 'n' others.
std::vector<std::string> Walk(const std::string& row, size_t size,
                              size_t bytes_each = 1) {
  std::vector<std::string> pages;
  PageRequest page = *ReadPageRequest(Asking(0));
  page.size = size;
  for (;;) {
    PageCutter cutter(page);
    std::string taken;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string key = std::string(1, row[i]) + std::to_string(i);
      if (cutter.Takes(
              key, bytes_each,
              row[i] == 'c' ? Counting::kCounted : Counting::kNotCounted)) {
        taken += key;
      }
    }
    pages.push_back(taken);
    const auto token = cutter.NextToken();
    EXPECT_TRUE(token.ok());
    if (!token.ok() || token->empty()) return pages;
    page.after = ReadPageRequest(Asking(0, *token))->after;
    if (pages.size() > row.size()) return pages;  // would never end
  }
}

TEST(PageCutter, WalksARowWithoutGapOrRepetition) {
  EXPECT_THAT(Walk("", 2), ElementsAre(""));
  EXPECT_THAT(Walk("cc", 2), ElementsAre("c0c1"));
  EXPECT_THAT(Walk("ccccc", 2), ElementsAre("c0c1", "c2c3", "c4"));
  EXPECT_THAT(Walk("ccc", 1), ElementsAre("c0", "c1", "c2"));
  EXPECT_THAT(Walk("ccc", 1000), ElementsAre("c0c1c2"));
}

TEST(PageCutter, WhatIsNotCountedComesBesideThePagesSize) {
  EXPECT_THAT(Walk("nnnccc", 1), ElementsAre("n0n1n2c3", "c4", "c5"));
  // What follows an entry is on its page.
  EXPECT_THAT(Walk("cnnccn", 1), ElementsAre("c0n1n2", "c3", "c4n5"));
  EXPECT_THAT(Walk("nnn", 1), ElementsAre("n0n1n2"));
}

TEST(PageCutter, APageEndsWhereItsBytesDo) {
  constexpr size_t kThird = limits::kViewPageBytes / 3 - 8;
  EXPECT_THAT(Walk("ccccc", 100, kThird), ElementsAre("c0c1c2", "c3c4"));
  EXPECT_THAT(Walk("ccccc", 100, kThird + 1),
              ElementsAre("c0c1", "c2c3", "c4"));
  // What is not counted is cut too, and goes on.
  EXPECT_THAT(Walk("nnnnc", 100, kThird), ElementsAre("n0n1n2", "n3c4"));
}

TEST(PageCutter, OneEntryIsOnAPageHoweverLarge) {
  EXPECT_THAT(Walk("ccn", 100, limits::kViewPageBytes * 3),
              ElementsAre("c0", "c1", "n2"));
}

TEST(PageCutter, WhatIsOnEveryPageTakesItsRoom) {
  PageRequest page = *ReadPageRequest(Asking(0));
  PageCutter cutter(page);
  cutter.Reserve(limits::kViewPageBytes);
  EXPECT_TRUE(cutter.Takes("c0", 1, Counting::kCounted));
  EXPECT_FALSE(cutter.Takes("c1", 1, Counting::kCounted));
  EXPECT_EQ(*cutter.NextToken(), TokenOf(page, "c0"));
}

TEST(PageCutter, RefusesATokenWhoseEntryIsGone) {
  PageRequest page = *ReadPageRequest(Asking(0));
  page.after = "c9";
  PageCutter cutter(page);
  EXPECT_FALSE(cutter.Takes("c0", 1, Counting::kCounted));
  EXPECT_EQ(FieldOf(cutter.NextToken().status()), "page_token");
}

TEST(PageCutter, TheLastEntryMayHaveBeenTheOneBefore) {
  PageRequest page = *ReadPageRequest(Asking(0));
  page.after = "c0";
  PageCutter cutter(page);
  EXPECT_FALSE(cutter.Takes("c0", 1, Counting::kCounted));
  EXPECT_THAT(*cutter.NextToken(), IsEmpty());
}

}  // namespace
}  // namespace samverk
