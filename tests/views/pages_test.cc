// The pages of each answer: what is on which, and that nothing is lost.
#include "services/views/pages.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/testing/fold_harness.h"

namespace samverk {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Text;
using view::v1::ActivitiesAnswer;
using view::v1::ChecksAnswer;
using view::v1::FindingsAnswer;
using view::v1::LessonsAnswer;
using view::v1::ListCostsResponse;
using view::v1::ListProcessesResponse;
using view::v1::MeasuresAnswer;
using view::v1::ParticipationAnswer;
using view::v1::TimelineAnswer;

absl::StatusOr<PageRequest> Page(uint32_t size, const std::string& token) {
  return ReadPageRequest("test", view::v1::Scope(), size, 100, token);
}

// The pages of a whole answer.
template <typename Answer>
std::vector<Answer> PagesOf(const Answer& whole, uint32_t size) {
  std::vector<Answer> pages;
  std::string token;
  do {
    Answer answer = whole;
    const absl::Status status = CutToPage(*Page(size, token), answer);
    EXPECT_TRUE(status.ok()) << status;
    if (!status.ok()) break;
    token = answer.next_page_token();
    pages.push_back(std::move(answer));
  } while (!token.empty() && pages.size() < 100);
  return pages;
}

// All pages put together, as a caller would: the lists one after the other.
template <typename Answer>
Answer Together(const std::vector<Answer>& pages) {
  Answer all;
  for (const Answer& page : pages) all.MergeFrom(page);
  all.clear_next_page_token();
  return all;
}

template <typename Answer>
void ExpectWholeIn(const std::vector<Answer>& pages, const Answer& whole) {
  EXPECT_EQ(Together(pages).DebugString(), whole.DebugString());
}

TEST(CutToPage, ParticipationHasItsCategoriesOnTheFirstPage) {
  const auto whole = Text<ParticipationAnswer>(R"pb(
    actors { actor { actor: "a" } }
    actors { actor { actor: "b" } }
    actors { actor { actor: "c" } }
    categories { category: "" count: 3 }
    categories { category: "barn" count: 2 })pb");
  const auto pages = PagesOf(whole, 2);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0].categories_size(), 2);
  EXPECT_EQ(pages[0].actors_size(), 2);
  EXPECT_EQ(pages[1].categories_size(), 0);
  ExpectWholeIn(pages, whole);
}

ParticipationAnswer ActorWithEntries(int entries, size_t bytes_each) {
  ParticipationAnswer answer;
  auto& actor = *answer.add_actors();
  actor.mutable_actor()->set_actor("a");
  for (int i = 0; i < entries; ++i) {
    auto& entry = *actor.add_entries();
    entry.set_activity(absl::StrCat(i));
    entry.set_title(std::string(bytes_each, 'x'));
  }
  return answer;
}

TEST(CutToPage, ParticipationShowsTheLatestEntriesAndCountsTheRest) {
  auto answer = ActorWithEntries(limits::kViewEntries, 1);
  ASSERT_TRUE(CutToPage(*Page(0, ""), answer).ok());
  EXPECT_EQ(answer.actors(0).entries_size(), limits::kViewEntries);
  EXPECT_EQ(answer.actors(0).entries_left_out(), 0u);

  answer = ActorWithEntries(limits::kViewEntries + 3, 1);
  ASSERT_TRUE(CutToPage(*Page(0, ""), answer).ok());
  EXPECT_EQ(answer.actors(0).entries_size(), limits::kViewEntries);
  EXPECT_EQ(answer.actors(0).entries_left_out(), 3u);
  EXPECT_EQ(answer.actors(0).entries(0).activity(), "3");
}

TEST(CutToPage, ParticipationLeavesOutEntriesOfManyBytes) {
  auto answer = ActorWithEntries(10, limits::kViewEntryBytes / 4);
  ASSERT_TRUE(CutToPage(*Page(0, ""), answer).ok());
  EXPECT_EQ(answer.actors(0).entries_size(), 3);
  EXPECT_EQ(answer.actors(0).entries_left_out(), 7u);
  EXPECT_EQ(answer.actors(0).entries(2).activity(), "9");
}

TEST(CutToPage, ActivitiesHaveTheirContributionsBesideThem) {
  auto whole = Text<ActivitiesAnswer>(R"pb(
    activities { activity: "a" }
    activities { activity: "b" }
    activities { activity: "c" }
    kinds { planned: 3 }
    contributions { contribution: "1" activity: "c" }
    contributions { contribution: "2" activity: "a" }
    contributions { contribution: "3" activity: "elsewhere" }
    contributions { contribution: "4" activity: "b" }
    contributions { contribution: "5" activity: "a" })pb");
  const auto pages = PagesOf(whole, 2);
  ASSERT_EQ(pages.size(), 2u);
  const auto said = [](const ActivitiesAnswer& page) {
    std::vector<std::string> ids;
    for (const auto& contribution : page.contributions()) {
      ids.push_back(contribution.contribution());
    }
    return ids;
  };
  EXPECT_EQ(pages[0].activities_size(), 2);
  EXPECT_THAT(said(pages[0]), ElementsAre("2", "4", "5"));
  EXPECT_EQ(pages[1].activities_size(), 1);
  EXPECT_THAT(said(pages[1]), ElementsAre("1"));
  // Kinds are of the whole answer, on each page.
  EXPECT_EQ(pages[1].kinds(0).planned(), 3u);
}

TEST(CutToPage, ContributionsThatDoNotFitGoOnOnTheNextPage) {
  ActivitiesAnswer whole;
  whole.add_activities()->set_activity("a");
  whole.add_activities()->set_activity("b");
  for (int i = 0; i < 7; ++i) {
    auto& said = *whole.add_contributions();
    said.set_contribution(absl::StrCat(i));
    said.set_activity("a");
    said.set_paraphrase(std::string(limits::kViewPageBytes / 3 - 1000, 'x'));
  }
  const auto pages = PagesOf(whole, 100);
  EXPECT_EQ(pages.size(), 3u);
  ExpectWholeIn(pages, whole);
}

TEST(CutToPage, FindingsHaveTheirFunnelOnEveryPage) {
  const auto whole = Text<FindingsAnswer>(R"pb(
    findings { finding: "f-1" }
    findings { finding: "f-2" }
    funnel { logged: 2 })pb");
  const auto pages = PagesOf(whole, 1);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0].findings(0).finding(), "f-1");
  EXPECT_EQ(pages[1].findings(0).finding(), "f-2");
  EXPECT_EQ(pages[1].funnel(0).logged(), 2u);
}

TEST(CutToPage, MeasuresHaveTheirPlacesOnTheFirstPage) {
  const auto whole = Text<MeasuresAnswer>(R"pb(
    measures { measure { measure: "m-1" } }
    measures { measure { measure: "m-2" } }
    places { place: "torget" }
    places { place: "gången" })pb");
  const auto pages = PagesOf(whole, 1);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0].places_size(), 2);
  ExpectWholeIn(pages, whole);
}

TEST(CutToPage, TimelineTellsItsProcessOnEveryPage) {
  const auto whole = Text<TimelineAnswer>(R"pb(
    process { process: "p" }
    current_phase { entered { phase: 2 } }
    entries { kind: TIMELINE_KIND_PHASE positions: 1 }
    entries { kind: TIMELINE_KIND_PHASE positions: 2 })pb");
  const auto pages = PagesOf(whole, 1);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[1].process().process(), "p");
  EXPECT_EQ(pages[1].current_phase().entered().phase(), 2u);
  EXPECT_THAT(pages[1].entries(0).positions(), ElementsAre(2));
}

// One event may give several entries, even of one kind and entity.
TEST(CutToPage, TimelineEntriesThatLookAlikeAreEachOnOnePage) {
  const auto whole = Text<TimelineAnswer>(R"pb(
    entries { kind: TIMELINE_KIND_GRANT entity: "g" positions: 7 title: "1" }
    entries { kind: TIMELINE_KIND_GRANT entity: "g" positions: 7 title: "2" }
    entries { kind: TIMELINE_KIND_GRANT entity: "g" positions: 7 title: "3" }
    entries { kind: TIMELINE_KIND_PLAN entity: "g" positions: 7 title: "4" }
  )pb");
  const auto pages = PagesOf(whole, 1);
  EXPECT_EQ(pages.size(), 4u);
  ExpectWholeIn(pages, whole);
}

TEST(CutToPage, ChecksHaveDocumentsAndReportsOnTheFirstPage) {
  const auto whole = Text<ChecksAnswer>(R"pb(
    checks { id: "C1" }
    checks { id: "C2" }
    documents { document: "d" }
    reports { report: "r" })pb");
  const auto pages = PagesOf(whole, 1);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0].documents_size(), 1);
  EXPECT_EQ(pages[0].reports_size(), 1);
  EXPECT_EQ(pages[1].documents_size(), 0);
  ExpectWholeIn(pages, whole);
}

TEST(CutToPage, DocumentsThatDoNotFitComeBeforeTheChecks) {
  ChecksAnswer whole;
  for (int i = 0; i < 5; ++i) {
    auto& document = *whole.add_documents();
    document.set_document(absl::StrCat(i));
    document.mutable_attached()->set_title(
        std::string(limits::kViewPageBytes / 2 - 1000, 'x'));
  }
  whole.add_reports()->set_report("r");
  whole.add_checks()->set_id("C1");
  const auto pages = PagesOf(whole, 100);
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[0].checks_size(), 0);
  EXPECT_EQ(pages[2].checks_size(), 1);
  ExpectWholeIn(pages, whole);
}

TEST(CutToPage, OutcomesFollowTheLastLesson) {
  const auto whole = Text<LessonsAnswer>(R"pb(
    lessons { recorded { lesson: "1" } }
    lessons { recorded { lesson: "2" } }
    lessons { recorded { lesson: "3" } }
    outcomes { claimed { outcome: "1" } }
    outcomes { claimed { outcome: "2" } }
    studies { started { study: "1" } }
    initiatives { linked { initiative: "1" } })pb");
  const auto pages = PagesOf(whole, 2);
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[0].studies_size(), 1);
  EXPECT_EQ(pages[0].initiatives_size(), 1);
  EXPECT_EQ(pages[0].outcomes_size(), 0);
  EXPECT_EQ(pages[1].lessons_size(), 1);
  EXPECT_EQ(pages[1].outcomes_size(), 1);
  EXPECT_EQ(pages[2].lessons_size(), 0);
  ExpectWholeIn(pages, whole);
  // A page that the lessons fill exactly does not end the walk.
  EXPECT_EQ(PagesOf(whole, 3).size(), 2u);
}

TEST(CutToPage, ProcessesAreCounted) {
  const auto whole = Text<ListProcessesResponse>(R"pb(
    processes { process: "a" }
    processes { process: "b" }
    processes { process: "c" })pb");
  const auto pages = PagesOf(whole, 2);
  EXPECT_EQ(pages.size(), 2u);
  ExpectWholeIn(pages, whole);
}

TEST(CutToPage, CostsGoOnAfterThoseThatFit) {
  ListCostsResponse whole;
  for (int i = 0; i < 3; ++i) {
    auto& cost = *whole.add_entries()->mutable_cost();
    cost.set_cost(absl::StrCat(i));
    cost.set_text(std::string(limits::kViewPageBytes / 2 - 1000, 'x'));
  }
  auto& in_kind = *whole.add_entries()->mutable_in_kind();
  in_kind.set_in_kind("3");
  const PageRequest page = *Page(4, "");
  ListCostsResponse answer = whole;
  ASSERT_TRUE(CutToPage(page, "in_kind/3", answer).ok());
  EXPECT_EQ(answer.entries_size(), 2);
  EXPECT_EQ(answer.next_page_token(), TokenOf(page, "cost/1"));

  whole.mutable_entries()->DeleteSubrange(0, 2);
  answer = whole;
  ASSERT_TRUE(CutToPage(page, "in_kind/3", answer).ok());
  EXPECT_EQ(answer.entries_size(), 2);
  EXPECT_EQ(answer.next_page_token(), TokenOf(page, "in_kind/3"));

  answer = whole;
  ASSERT_TRUE(CutToPage(page, "", answer).ok());
  EXPECT_THAT(answer.next_page_token(), IsEmpty());
}

TEST(CutToPage, RefusesATokenWhoseEntryIsGone) {
  ChecksAnswer answer = Text<ChecksAnswer>(R"pb(
    checks { id: "C1" }
    checks { id: "C2" }
    checks { id: "C3" })pb");
  ChecksAnswer first = answer;
  ASSERT_TRUE(CutToPage(*Page(2, ""), first).ok());
  answer.mutable_checks()->DeleteSubrange(1, 1);
  EXPECT_EQ(CutToPage(*Page(2, first.next_page_token()), answer).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace samverk
