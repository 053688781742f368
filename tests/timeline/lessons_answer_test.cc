// Lessons, outcomes, studies and initiatives: the answer.
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/timeline/timeline.h"
#include "projections/timeline/timeline_answer.h"
#include "tests/testing/asking.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using codec::Language;
using event::v1::Event;
using testing::Asking;
using ::testing::ElementsAre;
using testing::GivenFacts;
using testing::Text;
using view::v1::LessonsAnswer;

Event At(const std::string& when, const std::string& fact) {
  Event event = Text<Event>(fact);
  if (!when.empty()) event.mutable_occurred()->set_edtf(when);
  return event;
}

Event Lesson(const std::string& when, const std::string& id, int order) {
  return At(when, "lesson_recorded { lesson: '" + id +
                      "' order: " + std::to_string(order) + " }");
}

LessonsAnswer Ask(std::vector<Event> events, std::string_view period = "") {
  const auto given = GivenFacts(TimelineProjection(), std::move(events));
  return AnswerLessons(given.views(), Asking(period));
}

std::vector<std::string> Studies(const LessonsAnswer& answer) {
  std::vector<std::string> ids;
  for (const auto& study : answer.studies()) {
    ids.push_back(study.started().study());
  }
  return ids;
}

std::vector<std::string> Initiatives(const LessonsAnswer& answer) {
  std::vector<std::string> ids;
  for (const auto& initiative : answer.initiatives()) {
    ids.push_back(initiative.linked().initiative());
  }
  return ids;
}

TEST(AnswerLessons, OrdersLessonsThoseWithoutOrderLast) {
  const LessonsAnswer answer =
      Ask({Lesson("2025", "none-1", 0), Lesson("2025", "two", 2),
           Lesson("2025", "one", 1), Lesson("2025", "none-2", 0),
           Lesson("2024", "old", 1), Lesson("", "unknown", 3)},
          "2025");
  std::vector<std::string> ids;
  for (const auto& lesson : answer.lessons()) {
    ids.push_back(lesson.recorded().lesson());
  }
  EXPECT_THAT(ids, ElementsAre("one", "two", "unknown", "none-1", "none-2"));
}

TEST(AnswerLessons, OrdersOutcomesByKindOrderAndPosition) {
  const auto outcome = [](const std::string& id, const std::string& kind,
                          int order) {
    return At("2025", "outcome_claimed { outcome: '" + id +
                          "' kind: OUTCOME_KIND_" + kind +
                          " order: " + std::to_string(order) + " }");
  };
  const LessonsAnswer answer =
      Ask({outcome("p", "PROCESS", 0), outcome("a-2", "ACHIEVEMENT", 2),
           outcome("s-none", "SHIFT", 0), outcome("s-3", "SHIFT", 3),
           outcome("s-1", "SHIFT", 1),
           // A word without a claim is no outcome.
           At("2025", "outcome_substantiated { outcome: 'x' }")});
  std::vector<std::string> ids;
  for (const auto& one : answer.outcomes()) {
    ids.push_back(one.claimed().outcome());
  }
  EXPECT_THAT(ids, ElementsAre("s-1", "s-3", "s-none", "a-2", "p"));
}

TEST(AnswerLessons, GivesStudiesThatGoOn) {
  const std::vector<Event> events = {
      At("2024", "study_started { study: 'goes-on' }"),
      At("2024", "study_started { study: 'done' }"),
      At("2024-12-01", "study_published { study: 'done' }"),
      At("2024", "study_started { study: 'published-later' }"),
      At("2025-12-01", "study_published { study: 'published-later' }"),
      At("2026", "study_started { study: 'next' }"),
      At("2025", "preliminary_insight_recorded { study: 'unknown' }")};
  EXPECT_THAT(Studies(Ask(events, "2025")),
              ElementsAre("goes-on", "published-later"));
  EXPECT_THAT(Studies(Ask(events, "2024")),
              ElementsAre("goes-on", "done", "published-later"));
  EXPECT_THAT(Studies(Ask(events)),
              ElementsAre("goes-on", "done", "published-later", "next"));
}

TEST(AnswerLessons, GivesInitiativesThatAreNotAnswered) {
  const auto seen = [](const std::string& when, const std::string& id,
                       const std::string& status) {
    return At(when, "initiative_status_observed { initiative: '" + id +
                        "' status: INITIATIVE_STATUS_" + status + " }");
  };
  const std::vector<Event> events = {
      At("2024", "initiative_linked { initiative: 'open' }"),
      seen("2024-06-01", "open", "THRESHOLD_REACHED"),
      At("2024", "initiative_linked { initiative: 'rejected' }"),
      seen("2024-06-01", "rejected", "REJECTED"),
      At("2024", "initiative_linked { initiative: 'answered' }"),
      seen("2025-06-01", "answered", "GRANTED"),
      At("2026", "initiative_linked { initiative: 'next' }"),
      seen("2025-06-01", "unknown", "PUBLISHED")};
  EXPECT_THAT(Initiatives(Ask(events, "2025")),
              ElementsAre("open", "answered"));
  EXPECT_THAT(Initiatives(Ask(events)),
              ElementsAre("open", "rejected", "answered", "next"));
}

TEST(AnswerLessons, IsTheSameInBothLanguages) {
  // It carries the process's own words alone.
  const auto given = GivenFacts(TimelineProjection(), {Lesson("2025", "l", 1)});
  EXPECT_EQ(AnswerLessons(given.views(), Asking()).SerializeAsString(),
            AnswerLessons(given.views(), Asking("", Language::kEnglish))
                .SerializeAsString());
}

}  // namespace
}  // namespace samverk::projections
