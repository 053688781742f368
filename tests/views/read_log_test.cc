// The history over gRPC: which events, in which order, until when.
#include <grpcpp/client_context.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/events.h"
#include "tests/views/view_register.h"

namespace samverk {
namespace {

using ::testing::ElementsAre;
using testing::EventOf;
using testing::FieldOf;
using ::testing::IsEmpty;
using testing::ReasonOf;
using testing::ViewRegister;
using view::v1::LoggedEvent;
using view::v1::ReadLogRequest;
using view::v1::ReadLogResponse;

struct Log {
  grpc::Status status;
  std::vector<LoggedEvent> events;
  ReadLogResponse last;

  std::vector<uint64_t> positions() const {
    std::vector<uint64_t> positions;
    for (const LoggedEvent& event : events) {
      positions.push_back(event.position());
    }
    return positions;
  }
};

class ReadLogTest : public ::testing::Test {
 protected:
  ReadLogTest() { register_.Record(testing::World()); }

  Log Read(const ReadLogRequest& request) {
    grpc::ClientContext context;
    const auto reader = register_.stub().ReadLog(&context, request);
    Log log;
    ReadLogResponse response;
    while (reader->Read(&response)) {
      for (LoggedEvent& event : *response.mutable_events()) {
        log.events.push_back(std::move(event));
      }
      log.last = response;
    }
    log.status = reader->Finish();
    return log;
  }

  // The positions that a request gives; fails the test at an error.
  std::vector<uint64_t> PositionsOf(const ReadLogRequest& request) {
    const Log log = Read(request);
    EXPECT_TRUE(log.status.ok()) << log.status.error_message();
    return log.positions();
  }

  void ExpectRefused(const ReadLogRequest& request, const std::string& field) {
    const Log log = Read(request);
    EXPECT_EQ(log.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << log.status.error_message();
    EXPECT_EQ(FieldOf(log.status), field) << request.ShortDebugString();
    EXPECT_THAT(log.events, IsEmpty());
  }

  uint64_t Head() { return register_.store().Head().value(); }

  ViewRegister register_;
};

TEST_F(ReadLogTest, TellsEachEventAsItWasRecorded) {
  const Log log = Read({});
  ASSERT_TRUE(log.status.ok()) << log.status.error_message();
  const std::vector<event::v1::Event> world = testing::World();
  ASSERT_EQ(log.events.size(), world.size());
  for (size_t i = 0; i < world.size(); ++i) {
    EXPECT_EQ(log.events[i].position(), i + 1);
    EXPECT_EQ(log.events[i].event().DebugString(), world[i].DebugString());
  }
  const LoggedEvent& goal = log.events[6];
  EXPECT_EQ(goal.type(), "samverk.goal_set");
  EXPECT_EQ(goal.stream(), "p/goal/g-1");
  EXPECT_EQ(goal.revision(), 1u);
  EXPECT_EQ(goal.recorded_at().seconds(), 1'767'225'660);
  EXPECT_THAT(goal.tags(), ::testing::Contains("p/goal:g-1"));
  ReadOptions seventh;
  seventh.after = Position(6);
  seventh.limit = 1;
  const auto page = register_.store().Read(seventh);
  EXPECT_EQ(goal.leaf_hash(), AsBytes(LeafHash(page->events[0].record())));
  EXPECT_EQ(log.last.scanned_to(), Head());
  EXPECT_EQ(log.last.head(), Head());
}

TEST_F(ReadLogTest, MarksWhatWasRecordedLate) {
  // Recorded on 2026-01-01.
  register_.Record(
      {EventOf("occurred { edtf: '2025-12-20' } finding_logged { "
               "finding: 'f-3' polarity: POLARITY_ASSET "
               "description: 'Bänkar' }")});
  const Log log = Read({});
  EXPECT_TRUE(log.events[8].late());   // the grant, 2025-01-15
  EXPECT_FALSE(log.events[6].late());  // the goal, without a time
  EXPECT_FALSE(log.events.back().late());
}

TEST_F(ReadLogTest, FiltersByTypeProcessAndTags) {
  auto other = EventOf("process_registered { name: 'En till' }");
  other.set_process("q");
  register_.Record({other});
  ReadLogRequest request;
  request.set_process("q");
  EXPECT_THAT(PositionsOf(request), ElementsAre(Head()));

  request.Clear();
  request.add_types("samverk.process_registered");
  EXPECT_THAT(PositionsOf(request), ElementsAre(1, Head()));
  request.add_types("goal_set");
  EXPECT_THAT(PositionsOf(request), ElementsAre(1, 7, Head()));
  request.set_process("p");
  EXPECT_THAT(PositionsOf(request), ElementsAre(1, 7));

  // With or without its process; all tags must be there.
  request.Clear();
  request.add_tags("p/goal:g-1");
  EXPECT_THAT(PositionsOf(request), ElementsAre(7));
  request.set_process("p");
  request.set_tags(0, "goal:g-1");
  EXPECT_THAT(PositionsOf(request), ElementsAre(7));
  request.add_tags("process:p");
  EXPECT_THAT(PositionsOf(request), ElementsAre(7));
  request.add_tags("goal:g-2");
  const Log none = Read(request);
  EXPECT_TRUE(none.status.ok());
  EXPECT_THAT(none.events, IsEmpty());
  EXPECT_EQ(none.last.scanned_to(), Head());
}

TEST_F(ReadLogTest, ReadsARangeInEitherDirection) {
  ReadLogRequest request;
  request.set_from(3);
  request.set_to(5);
  EXPECT_THAT(PositionsOf(request), ElementsAre(3, 4, 5));
  request.set_reverse(true);
  EXPECT_THAT(PositionsOf(request), ElementsAre(5, 4, 3));
  request.set_limit(2);
  EXPECT_THAT(PositionsOf(request), ElementsAre(5, 4));
  request.set_reverse(false);
  EXPECT_THAT(PositionsOf(request), ElementsAre(3, 4));
  request.Clear();
  request.set_reverse(true);
  request.set_limit(1);
  EXPECT_THAT(PositionsOf(request), ElementsAre(Head()));
  request.Clear();
  request.set_from(Head() + 1);
  EXPECT_THAT(PositionsOf(request), IsEmpty());
  request.set_reverse(true);
  EXPECT_THAT(PositionsOf(request), IsEmpty());
}

TEST_F(ReadLogTest, TheGreatestPositionIsAnEndLikeAnyBeyondTheHead) {
  for (const uint64_t to : {Head() + 1, UINT64_MAX - 1, UINT64_MAX}) {
    for (const bool reverse : {false, true}) {
      ReadLogRequest request;
      request.set_from(Head());
      request.set_to(to);
      request.set_reverse(reverse);
      EXPECT_THAT(PositionsOf(request), ElementsAre(Head())) << to;
    }
  }
}

TEST_F(ReadLogTest, RefusesWhatCannotBeRead) {
  ReadLogRequest request;
  request.set_from(5);
  request.set_to(4);
  ExpectRefused(request, "from");

  request.Clear();
  request.add_types("goal_sat");
  ExpectRefused(request, "types");
  request.set_types(0, "");
  ExpectRefused(request, "types");
  request.set_types(0, std::string(300'000, 'x'));
  ExpectRefused(request, "types");

  request.Clear();
  request.set_process("p");
  request.add_tags("q/goal:g-1");
  ExpectRefused(request, "tags");
  request.set_tags(0, "");
  ExpectRefused(request, "tags");

  request.Clear();
  for (size_t i = 0; i <= limits::kQueryTerms; ++i) {
    request.add_tags(absl::StrCat("p/goal:g-", i));
  }
  ExpectRefused(request, "tags");
}

// An event that another program put into the log.
void AppendForeign(EventStore& store, const std::string& type,
                   const std::string& payload) {
  NewEvent event;
  event.id = *ParseUuid(testing::Uuid(900));
  event.stream = "p/foreign/1";
  event.type = type;
  event.tags = {"process:p"};
  event.payload = payload;
  AppendRequest request;
  request.events.push_back(event);
  const auto appended = AppendAndWait(store, std::move(request));
  ASSERT_TRUE(appended.ok()) << appended.status();
}

TEST_F(ReadLogTest, EventsOfOtherApplicationsKeepTheirEnvelope) {
  AppendForeign(register_.store(), "inventory.counted", "7 benches");
  ReadLogRequest request;
  request.set_from(Head());
  const Log log = Read(request);
  ASSERT_TRUE(log.status.ok()) << log.status.error_message();
  ASSERT_EQ(log.events.size(), 1u);
  EXPECT_EQ(log.events[0].type(), "inventory.counted");
  EXPECT_EQ(log.events[0].stream(), "p/foreign/1");
  EXPECT_FALSE(log.events[0].has_event());
}

TEST_F(ReadLogTest, StopsLoudlyAtAKindThatItDoesNotKnow) {
  // Field 999 of an event, and nothing in it.
  AppendForeign(register_.store(), "samverk.thing_of_tomorrow",
                std::string("\xba\x3e\0", 3));
  const Log log = Read({});
  EXPECT_EQ(log.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(log.status), "UNKNOWN_EVENT");
}

}  // namespace
}  // namespace samverk
