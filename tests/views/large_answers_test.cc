// Answers about a large process: each page fits into a message, and nothing is
// lost between them.
#include <grpcpp/client_context.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/events.h"
#include "tests/views/calls.h"
#include "tests/views/view_register.h"

namespace samverk {
namespace {

using event::v1::Event;
using testing::Answered;
using testing::Asked;
using testing::Call;
using testing::CallNamed;
using testing::Calls;
using testing::EventOf;
using testing::FieldOf;
using ::testing::HasSubstr;
using testing::ReasonOf;
using testing::ViewRegister;

// Each of these with so many long texts is larger than a message.
constexpr int kMany = 300;

std::string LongText() { return std::string(limits::kTextBytes, 'x'); }

// So many of every kind of entry, each with a text as long as may be.
std::vector<Event> MuchOfEverything() {
  std::vector<Event> events = {EventOf("process_registered { name: 'P' }")};
  const std::string text = "'" + LongText() + "'";
  for (int i = 0; i < kMany; ++i) {
    const std::string id = absl::StrCat("'e-", i, "'");
    for (const std::string& fact :
         {absl::StrCat("actor_registered { actor: ", id, " name: ", text, "}"),
          absl::StrCat("role_assigned { actor: ", id, "}"),
          absl::StrCat("place_defined { place: ", id, " description: ", text,
                       "}"),
          absl::StrCat("finding_logged { finding: ", id,
                       " polarity: POLARITY_ASSET description: ", text, "}"),
          absl::StrCat("measure_proposed { measure: ", id, " title: ", text,
                       "}"),
          absl::StrCat("meeting_held { held { activity: ", id, " title: ", id,
                       " summary: ", text, "} }"),
          absl::StrCat("dialogue_contribution_recorded { contribution: ", id,
                       " activity: 'e-0' paraphrase: ", text, "}"),
          absl::StrCat("lesson_recorded { lesson: ", id, " text: ", text, "}"),
          absl::StrCat("outcome_claimed { outcome: ", id,
                       " kind: OUTCOME_KIND_ACHIEVEMENT claim: ", text, "}"),
          absl::StrCat("document_attached { document: ", id, " title: ", text,
                       "}"),
          absl::StrCat("in_kind_recorded { in_kind: ", id, " unit: ", text,
                       "}"),
          absl::StrCat("check_raised { check: ", id, " text: ", text, "}"),
          absl::StrCat("cost_booked { cost: ", id, " text: ", text, "}")}) {
      events.push_back(EventOf(fact));
    }
  }
  return events;
}

Asked About(const std::string& process) {
  Asked asked;
  asked.scope.set_process(process);
  return asked;
}

TEST(LargeAnswers, EachPageFitsIntoAMessageAndNothingIsLost) {
  ViewRegister large;
  large.Append(MuchOfEverything());
  for (const Call& call : Calls()) {
    if (!call.paged) continue;
    std::map<std::string, int> times;
    Asked asked = About("p");
    asked.page_size = limits::kViewPage;
    int pages = 0;
    do {
      const Answered page = call.ask(large.stub(), asked);
      ASSERT_TRUE(page.status.ok())
          << call.name << ": " << page.status.error_message();
      EXPECT_LE(page.bytes, static_cast<size_t>(limits::kMessageBytes));
      for (const std::string& id : page.ids) ++times[id];
      asked.page_token = page.next_page_token;
    } while (!asked.page_token.empty() && ++pages < 1000);
    EXPECT_GT(pages, 1) << call.name;
    std::map<std::string, int> entries_of_list;
    for (const auto& [id, count] : times) {
      EXPECT_EQ(count, 1) << call.name << " " << id;
      ++entries_of_list[id.substr(0, id.find('/'))];
    }
    for (const auto& [list, count] : entries_of_list) {
      if (list == "category") continue;
      EXPECT_GE(count, kMany) << call.name << " " << list;
    }
  }
}

TEST(LargeAnswers, TheHistoryComesInMessagesThatFit) {
  ViewRegister large;
  large.Append(MuchOfEverything());
  grpc::ClientContext context;
  const auto reader = large.stub().ReadLog(&context, {});
  view::v1::ReadLogResponse response;
  uint64_t last = 0;
  int messages = 0;
  while (reader->Read(&response)) {
    ++messages;
    EXPECT_LE(response.ByteSizeLong(),
              static_cast<size_t>(limits::kMessageBytes));
    for (const auto& event : response.events()) {
      EXPECT_EQ(event.position(), ++last);
    }
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(last, large.store().Head().value());
  EXPECT_GT(messages, 10);
}

// One actor in so many walks: the latest are shown, the others counted.
TEST(LargeAnswers, AnActorsEarlierEntriesAreCounted) {
  ViewRegister large;
  std::vector<Event> events = {EventOf("process_registered { name: 'P' }")};
  for (int i = 0; i < kMany; ++i) {
    events.push_back(EventOf(absl::StrCat(
        "meeting_held { held { activity: 'm-", i, "' title: '", LongText(),
        "' participants { actor: 'hgf' role: '", LongText(), "' } } }")));
  }
  large.Append(std::move(events));
  grpc::ClientContext context;
  view::v1::GetParticipationRequest request;
  request.mutable_scope()->set_process("p");
  view::v1::GetParticipationResponse response;
  const grpc::Status status =
      large.stub().GetParticipation(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.participation().actors_size(), 1);
  const auto& actor = response.participation().actors(0);
  EXPECT_GT(actor.entries_size(), 20);
  EXPECT_LT(actor.entries_size(), limits::kViewEntries);
  EXPECT_EQ(actor.entries_size() + static_cast<int>(actor.entries_left_out()),
            kMany);
  EXPECT_EQ(actor.entries(actor.entries_size() - 1).activity(),
            absl::StrCat("m-", kMany - 1));
  // The sums are of all of them.
  EXPECT_EQ(actor.kinds(0).entries(), static_cast<uint32_t>(kMany));
}

// What one entity has gathered cannot be divided: the caller is told what to do
// instead of being cut off.
TEST(LargeAnswers, AnEntryLargerThanAMessageIsRefusedByName) {
  ViewRegister large;
  std::vector<Event> events = {EventOf("process_registered { name: 'P' }")};
  for (int i = 0; i < kMany; ++i) {
    events.push_back(EventOf(absl::StrCat("occurred { edtf: '", 2000 + i % 30,
                                          "' } meeting_held { held { "
                                          "activity: 'm' title: 'm' summary: '",
                                          LongText(), "' } }")));
  }
  large.Append(std::move(events));
  Asked asked = About("p");
  const grpc::Status status =
      CallNamed("ListActivities").ask(large.stub(), asked).status;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "LIMIT_EXCEEDED");
  EXPECT_THAT(status.error_message(), HasSubstr("a shorter period"));
  asked.scope.set_period("2005");
  const Answered narrower =
      CallNamed("ListActivities").ask(large.stub(), asked);
  EXPECT_TRUE(narrower.status.ok()) << narrower.status.error_message();
  EXPECT_THAT(narrower.ids, ::testing::ElementsAre("activity/m"));
}

TEST(LargeAnswers, ABudgetOfTooManyStatementsIsRefusedByName) {
  ViewRegister large;
  std::vector<Event> events = {EventOf("process_registered { name: 'P' }")};
  for (int i = 0; i < kMany; ++i) {
    events.push_back(EventOf(absl::StrCat(
        "amount_stated { statement: 's-", i,
        "' kind: STATED_KIND_IN_KIND contributor: 'mkb' amount { ore: 1 "
        "currency: 'SEK' precision: PRECISION_STATED verbatim: '",
        LongText(), "' } }")));
  }
  large.Append(std::move(events));
  const grpc::Status status =
      CallNamed("GetBudget").ask(large.stub(), About("p")).status;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "LIMIT_EXCEEDED");
}

}  // namespace
}  // namespace samverk
