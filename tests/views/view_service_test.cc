// Questions over gRPC: what each is answered with, from which state of the
// register, and what is refused.
#include "services/views/view_service.h"

#include <grpcpp/client_context.h>

#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/events.h"
#include "tests/views/calls.h"
#include "tests/views/view_register.h"

namespace samverk {
namespace {

using ::testing::AllOf;
using testing::Answered;
using testing::Asked;
using testing::Call;
using testing::CallNamed;
using testing::Calls;
using ::testing::ElementsAre;
using testing::EventOf;
using testing::FieldOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ReasonOf;
using testing::ViewRegister;

// When World() was recorded, and when what came after it was.
constexpr int64_t kWorldRecorded = 1'767'225'600 + 60;

// Something more of everything, so that there is something to page through.
std::vector<event::v1::Event> MoreOfEverything() {
  return {
      EventOf("occurred { edtf: '2025-09-17' } safety_walk_held { held { "
              "activity: 'vandring' participants { actor: 'hgf' } "
              "participants { actor: 'fgk' } headcount { total: 12 basis: "
              "COUNT_BASIS_COUNTED } } }"),
      EventOf("dialogue_contribution_recorded { contribution: 'd-1' activity: "
              "'dialog' paraphrase: 'Fler bänkar' }"),
      EventOf("dialogue_contribution_recorded { contribution: 'd-2' activity: "
              "'dialog' paraphrase: 'Bättre ljus' }"),
      EventOf("measure_proposed { measure: 'ljus' title: 'Belysning' }"),
      EventOf("place_defined { place: 'gangen' name: 'Gången' }"),
      EventOf("lesson_recorded { lesson: 'l-1' text: 'Börja tidigt' }"),
      EventOf("lesson_recorded { lesson: 'l-2' text: 'Möt fler' }"),
      EventOf("outcome_claimed { outcome: 'o-2' kind: "
              "OUTCOME_KIND_ACHIEVEMENT claim: 'Fler träffar' }"),
      EventOf("document_missing_noted { document: 'doc-2' referenced_as: "
              "'Bilaga 2' }"),
  };
}

class ViewServiceTest : public ::testing::Test {
 protected:
  ViewServiceTest() { register_.Record(testing::World()); }

  Answered Ask(const Call& call, const Asked& asked) {
    return call.ask(register_.stub(), asked);
  }
  Answered Ask(const std::string& name, const Asked& asked) {
    return Ask(CallNamed(name), asked);
  }

  static Asked About(const std::string& process = "p") {
    Asked asked;
    asked.scope.set_process(process);
    return asked;
  }

  uint64_t Head() { return register_.store().Head().value(); }

  ViewRegister register_;
};

TEST_F(ViewServiceTest, EachQuestionIsAnsweredFromTheViews) {
  register_.Record(MoreOfEverything());
  const auto ids = [&](const std::string& name) {
    const Answered answered = Ask(name, About());
    EXPECT_TRUE(answered.status.ok()) << answered.status.error_message();
    EXPECT_EQ(answered.from.position(), Head()) << name;
    EXPECT_EQ(answered.from.head(), Head()) << name;
    EXPECT_EQ(answered.from.recorded_at().seconds(), kWorldRecorded + 60)
        << name;
    EXPECT_THAT(answered.next_page_token, IsEmpty()) << name;
    return answered.ids;
  };
  EXPECT_THAT(ids("GetBudget"), ElementsAre("grant/stod"));
  EXPECT_THAT(ids("ListCosts"), ElementsAre("cost/c-1", "in_kind/i-1"));
  EXPECT_THAT(ids("GetParticipation"),
              ElementsAre("category/", "actor/fgk", "actor/hgf"));
  EXPECT_THAT(ids("ListActivities"),
              ElementsAre("activity/dialog", "activity/vandring",
                          "contribution/d-1", "contribution/d-2"));
  EXPECT_THAT(ids("ListFindings"), ElementsAre("finding/f-1", "finding/f-2"));
  EXPECT_THAT(ids("ListMeasures"),
              ElementsAre("place/gangen", "place/torget", "measure/blomlador",
                          "measure/ljus"));
  EXPECT_EQ(ids("GetTimeline").size(), 10u);
  EXPECT_THAT(ids("ListChecks"),
              ::testing::IsSupersetOf({"document/doc-1", "document/doc-2"}));
  EXPECT_THAT(
      ids("ListLessons"),
      ElementsAre("study/mobilitet", "initiative/sommargata", "lesson/l-1",
                  "lesson/l-2", "outcome/o-1", "outcome/o-2"));
}

TEST_F(ViewServiceTest, ParticipationTakesTitlesFromTheSchedule) {
  register_.Record(MoreOfEverything());
  EXPECT_THAT(Ask("GetParticipation", About()).text,
              HasSubstr("title: \"Trygghetsvandring\""));
}

TEST_F(ViewServiceTest, CostsMayBeThoseOfOneGrant) {
  grpc::ClientContext context;
  view::v1::ListCostsRequest request;
  request.mutable_scope()->set_process("p");
  request.set_grant("stod");
  view::v1::ListCostsResponse response;
  ASSERT_TRUE(register_.stub().ListCosts(&context, request, &response).ok());
  ASSERT_EQ(response.entries_size(), 1);
  EXPECT_EQ(response.entries(0).cost().cost(), "c-1");
}

TEST_F(ViewServiceTest, BudgetRowsNameTheirOpenChecks) {
  // 342 840 kr in kind are stated and only 6 000 specified.
  EXPECT_THAT(Ask("GetBudget", About()).text, HasSubstr("checks: \"C"));
}

TEST_F(ViewServiceTest, PagesTogetherAreTheWhole) {
  register_.Record(MoreOfEverything());
  for (const Call& call : Calls()) {
    if (!call.paged) continue;
    const Answered whole = Ask(call, About());
    std::vector<std::string> ids;
    Asked asked = About();
    asked.page_size = 1;
    int pages = 0;
    do {
      const Answered page = Ask(call, asked);
      ASSERT_TRUE(page.status.ok())
          << call.name << ": " << page.status.error_message();
      ids.insert(ids.end(), page.ids.begin(), page.ids.end());
      asked.page_token = page.next_page_token;
      ++pages;
    } while (!asked.page_token.empty() && pages < 100);
    EXPECT_GT(pages, 1) << call.name;
    EXPECT_LT(pages, 100) << call.name;
    std::vector<std::string> expected = whole.ids;
    // Contributions stand beside their activity.
    std::sort(ids.begin(), ids.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(ids, expected) << call.name;
  }
}

TEST_F(ViewServiceTest, WhatIsRecordedBetweenPagesMovesNothing) {
  Asked asked = About();
  asked.page_size = 1;
  Answered page = Ask("ListFindings", asked);
  EXPECT_THAT(page.ids, ElementsAre("finding/f-1"));
  register_.Record(
      {EventOf("finding_logged { finding: 'f-0' polarity: "
               "POLARITY_ASSET description: 'Bänkar' }")});
  asked.page_token = page.next_page_token;
  page = Ask("ListFindings", asked);
  EXPECT_THAT(page.ids, ElementsAre("finding/f-2"));
  asked.page_token = page.next_page_token;
  EXPECT_THAT(Ask("ListFindings", asked).ids, ElementsAre("finding/f-0"));
}

TEST_F(ViewServiceTest, RefusesPagesThatCannotBe) {
  register_.Record(MoreOfEverything());
  Asked one = About();
  one.page_size = 1;
  const std::string elsewhere = Ask("ListFindings", one).next_page_token;
  ASSERT_THAT(elsewhere, Not(IsEmpty()));
  for (const Call& call : Calls()) {
    if (!call.paged) continue;
    Asked asked = About();
    asked.page_size = limits::kViewPage;
    EXPECT_TRUE(Ask(call, asked).status.ok()) << call.name;
    asked.page_size = limits::kViewPage + 1;
    const grpc::Status size = Ask(call, asked).status;
    EXPECT_EQ(size.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(FieldOf(size), "page_size") << call.name;
    EXPECT_EQ(ReasonOf(size), "INVALID_FIELD") << call.name;

    asked = About();
    for (const std::string& token : {std::string("f-1"), elsewhere}) {
      if (call.name == "ListFindings" && token == elsewhere) continue;
      asked.page_token = token;
      const grpc::Status status = Ask(call, asked).status;
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
      EXPECT_EQ(FieldOf(status), "page_token") << call.name;
    }
    const std::string token = Ask(call, one).next_page_token;
    asked.page_token = token;
    asked.scope.set_period("2025");
    EXPECT_EQ(FieldOf(Ask(call, asked).status), "page_token") << call.name;
  }
}

TEST_F(ViewServiceTest, AnswersForTheStateAtAPosition) {
  const uint64_t then = Head();
  register_.Record(
      {EventOf("finding_logged { finding: 'f-3' polarity: "
               "POLARITY_ASSET description: 'Bänkar' }")});
  Asked asked = About();
  asked.scope.mutable_as_of()->set_position(then);
  const Answered answered = Ask("ListFindings", asked);
  EXPECT_THAT(answered.ids, ElementsAre("finding/f-1", "finding/f-2"));
  EXPECT_EQ(answered.from.position(), then);
  EXPECT_EQ(answered.from.head(), then + 1);
  EXPECT_EQ(answered.from.recorded_at().seconds(), kWorldRecorded);
  asked.scope.mutable_as_of()->set_position(then + 1);
  EXPECT_EQ(Ask("ListFindings", asked).ids.size(), 3u);
}

TEST_F(ViewServiceTest, AnswersForTheStateAtAnInstantOfRecording) {
  const uint64_t then = Head();
  register_.Record(
      {EventOf("finding_logged { finding: 'f-3' polarity: "
               "POLARITY_ASSET description: 'Bänkar' }")});
  const auto at = [&](int64_t seconds, int32_t nanos) {
    Asked asked = About();
    auto& instant = *asked.scope.mutable_as_of()->mutable_recorded_at();
    instant.set_seconds(seconds);
    instant.set_nanos(nanos);
    return Ask("ListFindings", asked);
  };
  // The instant itself is in it.
  EXPECT_EQ(at(kWorldRecorded, 0).from.position(), then);
  EXPECT_EQ(at(kWorldRecorded + 59, 999'999'000).from.position(), then);
  EXPECT_EQ(at(kWorldRecorded + 60, 0).from.position(), then + 1);
  // The future holds what is there.
  EXPECT_EQ(at(kWorldRecorded + 3600, 0).from.position(), then + 1);
}

TEST_F(ViewServiceTest, TheStateBeforeTheProcessHasNoSuchProcess) {
  for (const Call& call : Calls()) {
    Asked asked = About();
    asked.scope.mutable_as_of()->mutable_recorded_at()->set_seconds(
        kWorldRecorded - 1);
    const Answered by_instant = Ask(call, asked);
    EXPECT_EQ(by_instant.status.error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(ReasonOf(by_instant.status), "NOT_FOUND");
    EXPECT_THAT(
        by_instant.status.error_message(),
        AllOf(HasSubstr("not yet in this register"), HasSubstr("position 0")))
        << call.name;
    asked.scope.mutable_as_of()->set_position(0);
    EXPECT_EQ(Ask(call, asked).status.error_code(),
              grpc::StatusCode::NOT_FOUND);
  }
}

TEST_F(ViewServiceTest, RefusesAStateBeyondTheHead) {
  for (const Call& call : Calls()) {
    Asked asked = About();
    asked.scope.mutable_as_of()->set_position(Head() + 1);
    const grpc::Status status = Ask(call, asked).status;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(FieldOf(status), "scope.as_of.position") << call.name;
    EXPECT_THAT(status.error_message(),
                HasSubstr(absl::StrCat("the last one is ", Head())));
  }
}

TEST_F(ViewServiceTest, WhatDependsOnTheClockIsAskedForAnInstant) {
  // The walk was planned for 2025-09-17 and nothing says what became of it.
  constexpr char kMissing[] = "state: ACTIVITY_STATE_OUTCOME_MISSING";
  Asked asked = About();
  EXPECT_THAT(Ask("ListActivities", asked).text, HasSubstr(kMissing));
  asked.scope.mutable_evaluate_at()->set_seconds(1'756'684'800);  // 2025-09-01
  EXPECT_THAT(Ask("ListActivities", asked).text, Not(HasSubstr(kMissing)));
  asked.scope.clear_evaluate_at();
  asked.scope.mutable_as_of()->set_position(Head());
  EXPECT_THAT(Ask("ListActivities", asked).text, HasSubstr(kMissing));
}

TEST_F(ViewServiceTest, SelectsThePeriod) {
  Asked asked = About();
  asked.scope.set_period("2024");
  EXPECT_THAT(Ask("ListActivities", asked).ids, IsEmpty());
  asked.scope.set_period("2025-05");
  EXPECT_THAT(Ask("ListActivities", asked).ids, ElementsAre("activity/dialog"));
}

TEST_F(ViewServiceTest, WaitsForWhatTheCallerHasToSee) {
  register_.HoldViews(true);
  register_.Record(
      {EventOf("finding_logged { finding: 'f-3' polarity: "
               "POLARITY_ASSET description: 'Bänkar' }")});
  Asked asked = About();
  asked.scope.set_at_least(Head());
  std::future<Answered> waits = std::async(
      std::launch::async, [&] { return Ask("ListFindings", asked); });
  EXPECT_EQ(Ask("ListFindings", About()).from.position(), Head() - 1);
  register_.HoldViews(false);
  const Answered answered = waits.get();
  ASSERT_TRUE(answered.status.ok()) << answered.status.error_message();
  EXPECT_EQ(answered.from.position(), Head());
  EXPECT_EQ(answered.ids.size(), 3u);
}

TEST_F(ViewServiceTest, SaysHowFarTheViewsAreWhenTheWaitIsTooLong) {
  Asked asked = About();
  asked.scope.set_at_least(Head() + 1);
  asked.patience = absl::Milliseconds(800);
  const absl::Time begun = absl::Now();
  const grpc::Status status = Ask("GetBudget", asked).status;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(ReasonOf(status), "NOT_CAUGHT_UP");
  EXPECT_THAT(status.error_message(),
              HasSubstr(absl::StrCat("position ", Head())));
  EXPECT_GT(absl::Now() - begun, absl::Milliseconds(300));
}

TEST_F(ViewServiceTest, NamesTheProcessesWhenOneIsUnknown) {
  for (const Call& call : Calls()) {
    for (const bool as_of : {false, true}) {
      Asked asked = About("q");
      if (as_of) asked.scope.mutable_as_of()->set_position(Head());
      const grpc::Status status = Ask(call, asked).status;
      EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
      EXPECT_EQ(ReasonOf(status), "NOT_FOUND");
      EXPECT_THAT(status.error_message(),
                  AllOf(HasSubstr("\"q\" is not in this register"),
                        HasSubstr("there are: p")))
          << call.name;
    }
  }
}

TEST_F(ViewServiceTest, RefusesAMalformedScopeBeforeItWaits) {
  struct Case {
    const char* field;
    view::v1::Scope scope;
  };
  std::vector<Case> cases(7, {"", About().scope});
  cases[0].field = "scope.process";
  cases[0].scope.clear_process();
  cases[1].field = "scope.process";
  cases[1].scope.set_process(std::string(300'000, 'p'));
  cases[2].field = "scope.period";
  cases[2].scope.set_period("snart");
  cases[3].field = "scope.period";
  cases[3].scope.set_period("2025-02-30");
  cases[4].field = "scope.period";
  cases[4].scope.set_period(std::string(300'000, '2'));
  cases[5].field = "scope.evaluate_at";
  cases[5].scope.mutable_evaluate_at()->set_nanos(-1);
  cases[6].field = "scope.as_of.recorded_at";
  cases[6].scope.mutable_as_of()->mutable_recorded_at()->set_seconds(INT64_MAX);
  for (const Call& call : Calls()) {
    for (const Case& c : cases) {
      Asked asked;
      asked.scope = c.scope;
      asked.scope.set_at_least(Head() + 1);
      const grpc::Status status = Ask(call, asked).status;
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
          << call.name << ": " << status.error_message();
      EXPECT_EQ(FieldOf(status), c.field) << call.name;
    }
  }
}

TEST_F(ViewServiceTest, SpeaksTheLanguageAskedFor) {
  const auto text = [&](const std::string& field, const std::string& header) {
    Asked asked = About();
    asked.scope.set_language(field);
    asked.accept_language = header;
    return Ask("GetTimeline", asked).text;
  };
  EXPECT_THAT(text("", ""), HasSubstr("Initiativ: Sommargata"));
  EXPECT_THAT(text("sv", "en"), HasSubstr("Initiativ: Sommargata"));
  EXPECT_THAT(text("en", ""), HasSubstr("Initiative: Sommargata"));
  EXPECT_THAT(text("", "en-GB,sv;q=0.5"), HasSubstr("Initiative: Sommargata"));
}

TEST_F(ViewServiceTest, ListsTheProcessesById) {
  for (const char* process : {"p-1", "o", "p1"}) {
    auto event = EventOf("process_registered { name: 'En till' }");
    event.set_process(process);
    register_.Record({event});
  }
  const auto list = [&](uint32_t size, const std::string& token,
                        std::string& next) {
    grpc::ClientContext context;
    view::v1::ListProcessesRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    view::v1::ListProcessesResponse response;
    const grpc::Status status =
        register_.stub().ListProcesses(&context, request, &response);
    std::vector<std::string> ids;
    for (const auto& process : response.processes()) {
      ids.push_back(process.process());
    }
    next = status.ok() ? response.next_page_token() : FieldOf(status);
    return ids;
  };
  std::string next;
  EXPECT_THAT(list(0, "", next), ElementsAre("o", "p", "p-1", "p1"));
  EXPECT_EQ(next, "");
  EXPECT_THAT(list(3, "", next), ElementsAre("o", "p", "p-1"));
  EXPECT_THAT(list(3, next, next), ElementsAre("p1"));
  EXPECT_EQ(next, "");
  list(3, "p", next);
  EXPECT_EQ(next, "page_token");
  list(limits::kViewPage + 1, "", next);
  EXPECT_EQ(next, "page_size");
}

TEST(ViewService, AnEmptyRegisterSaysWhatToDo) {
  ViewRegister empty;
  Asked asked;
  asked.scope.set_process("p");
  const auto status = CallNamed("GetBudget").ask(empty.stub(), asked).status;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("process_registered"));
  grpc::ClientContext context;
  view::v1::ListProcessesResponse response;
  EXPECT_TRUE(empty.stub().ListProcesses(&context, {}, &response).ok());
  EXPECT_EQ(response.processes_size(), 0);
}

}  // namespace
}  // namespace samverk
