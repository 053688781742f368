// The report of 2025, as the demo's events tell it, against the table of its
// inconsistencies in docs/checks.md.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/codec/event_json.h"
#include "tests/checks/check_answers.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using ::testing::AllOf;
using testing::CheckOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Ids;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TextOf;

std::vector<Event> DemoEvents() {
  std::vector<Event> all;
  for (const char* name : {"01-process", "02-activities-2025", "03-money-2025",
                           "04-plan-2026", "05-outcomes-2025"}) {
    std::ifstream file(std::string("deploy/demo/") + name + ".jsonl");
    std::ostringstream text;
    text << file.rdbuf();
    const auto events = codec::EventsFromJson(text.str());
    EXPECT_TRUE(events.ok()) << name << ": " << events.status();
    if (events.ok()) all.insert(all.end(), events->begin(), events->end());
  }
  return all;
}

const view::v1::ChecksAnswer& ChecksOf2025() {
  static const auto* const answer = [] {
    Question question = testing::Asking("2025");
    question.process = "augustenborg";
    return new view::v1::ChecksAnswer(
        testing::CheckAnswer(DemoEvents(), question));
  }();
  return *answer;
}

std::vector<std::string> Found(std::string_view rule) {
  return Ids(ChecksOf2025(), rule);
}
std::string Said(std::string_view id) { return TextOf(ChecksOf2025(), id); }

TEST(ReportOf2025, D1D3D5TotalOnAnotherBasisInWrongWordsWithoutUnit) {
  EXPECT_THAT(Found("C1"), ElementsAre("C1/sammanlagt-2025"));
  EXPECT_THAT(
      Said("C1/sammanlagt-2025"),
      AllOf(HasSubstr("\"cirka 642 840\""),
            HasSubstr("300 000 kr + 342 840 kr = 642 840 kr"),
            HasSubstr("ca 270 000 kr + 342 840 kr = ca 612 840 kr"),
            HasSubstr("blandar det som har funnits och det som har förbrukats"),
            HasSubstr("ungefärlig, men delarna är det inte"),
            HasSubstr("inte enhet, moms och period")));
}

TEST(ReportOf2025, D2RemainderWithoutDisposition) {
  EXPECT_THAT(Found("C3"), ElementsAre("C3/fgk-2025"));
  EXPECT_THAT(Said("C3/fgk-2025"), HasSubstr("Ca 30 000 kr är inte använt"));
  EXPECT_THAT(Found("C2"), ElementsAre("C2/fgk-2025"));
  EXPECT_THAT(Found("C4"), ElementsAre("C4/fgk-2025"));
}

TEST(ReportOf2025, D4ContributionWithoutParts) {
  EXPECT_THAT(Found("C5"), ElementsAre("C5/egen-insats-2025"));
}

TEST(ReportOf2025, D6AttachmentsAndDecisionMissing) {
  EXPECT_THAT(
      Found("C11"),
      ElementsAre("C11/decision-fgk-2025", "C11/resursfil", "C11/schema-2025",
                  "C11/underlag-erfarenheter", "C11/utfall-av-budget"));
}

TEST(ReportOf2025, D7D8D9ClaimsBeforeWhatTheyRestOn) {
  EXPECT_THAT(Found("C9"), ElementsAre("C9/forflyttning-handling",
                                       "C9/mobilitetsutredningen-paborjad",
                                       "C9/sma-atgarder", "C9/socioekonomi"));
  EXPECT_THAT(Said("C9/forflyttning-handling"),
              AllOf(HasSubstr("förhoppning"),
                    HasSubstr("Blomlådor, Farthinder och Förbättrad belysning"),
                    HasSubstr("Mobilitetsutredningen är inte publicerad")));
  EXPECT_THAT(Said("C9/sma-atgarder"),
              HasSubstr("inte genomförda: Blomlådor och Förbättrad belysning"));
}

TEST(ReportOf2025, D11ActorsOfTheTextWithoutARole) {
  EXPECT_THAT(Found("C12"), ElementsAre("C12/foreningar", "C12/lokala aktörer",
                                        "C12/malmo-stad", "C12/skolor"));
}

TEST(ReportOf2025, D14WalksOfThreeSeasonsNotCounted) {
  EXPECT_EQ(Said("C10/trygghetsvandringar-2025"),
            "\"Trygghetsvandringar\", vår, sommar och höst: antalet "
            "genomförda är inte känt.");
}

TEST(ReportOf2025, D15MeetingsExpectedAndNotCounted) {
  EXPECT_THAT(Found("C10"), ElementsAre("C10/samverkanstraffar-2025",
                                        "C10/trygghetsvandringar-2025"));
  EXPECT_THAT(Said("C10/samverkanstraffar-2025"),
              AllOf(HasSubstr("väntade tillfällen 6"),
                    HasSubstr("antalet genomförda är inte känt")));
}

TEST(ReportOf2025, D18PlansWithoutOwnerPlaceOrDecision) {
  EXPECT_THAT(Found("C8"), ElementsAre("C8/blomlador", "C8/farthinder",
                                       "C8/forbattrad-belysning"));
}

TEST(ReportOf2025, WhatTheReportGivesNoCauseForIsNotRaised) {
  for (const char* rule : {"C6", "C7", "C13", "C14"}) {
    EXPECT_THAT(Found(rule), IsEmpty()) << rule;
  }
}

TEST(ReportOf2025, EveryCheckSaysWhatToDoAndKnowsItsEvents) {
  for (const auto& check : ChecksOf2025().checks()) {
    EXPECT_FALSE(check.action().empty()) << check.id();
    EXPECT_FALSE(check.positions().empty()) << check.id();
    EXPECT_GE(check.section(), 1u) << check.id();
    EXPECT_LE(check.section(), 8u) << check.id();
    EXPECT_THAT(check.text(), Not(HasSubstr(".."))) << check.id();
  }
}

}  // namespace
}  // namespace samverk::projections
