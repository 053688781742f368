// Consumer groups over gRPC.
#include <grpcpp/client_context.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/limits.h"
#include "eventstore/memory/memory_event_store.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"
#include "samverk/event/v1/event.pb.h"
#include "services/bus/consumer_group_service.h"
#include "services/metrics/group_metrics.h"
#include "tests/bus/test_cursor_store.h"
#include "tests/testing/events.h"

namespace samverk {
namespace {

using bus::v1::GroupState;
using bus::v1::ReceiveRequest;
using bus::v1::ReceiveResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The reason in a status of gRPC.
std::string ReasonIn(const grpc::Status& status) {
  google::rpc::Status all;
  all.ParseFromString(status.error_details());
  for (const auto& detail : all.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

class GroupService : public ::testing::Test {
 protected:
  explicit GroupService(size_t members_max = 4)
      : clock_(absl::FromUnixSeconds(1'767'225'600)),
        store_(clock_),
        members_max_(members_max) {
    Start();
  }
  ~GroupService() override {
    store_.Close();
    Stop();
  }

  void Start() {
    auto runner = bus::GroupRunner::Open({&store_, &cursors_, &clock_});
    EXPECT_TRUE(runner.ok()) << runner.status();
    runner_ = *std::move(runner);
    service_ = std::make_unique<ConsumerGroupService>(
        *runner_, store_, clock_, access::OpenGate(), members_max_);
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = bus::v1::ConsumerGroupService::NewStub(
        server_->InProcessChannel(grpc::ChannelArguments()));
  }
  void Stop() {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    service_.reset();
    runner_.reset();
  }

  // A member, and what it is given.
  class Member {
   public:
    Member(GroupService& test, const ReceiveRequest& request) {
      reader_ = test.stub_->Receive(&context_, request);
      reader_->WaitForInitialMetadata();
    }
    ~Member() {
      context_.TryCancel();
      if (reader_ != nullptr) reader_->Finish();
    }
    // The next message with events; false when the call has ended.
    bool Read(ReceiveResponse& message) {
      do {
        if (!reader_->Read(&message)) return false;
      } while (message.events().empty());
      return true;
    }
    ReceiveResponse Read() {
      ReceiveResponse message;
      EXPECT_TRUE(Read(message));
      return message;
    }
    void Cancel() { context_.TryCancel(); }
    grpc::Status Finish() {
      const grpc::Status status = reader_->Finish();
      reader_ = nullptr;
      return status;
    }

   private:
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReader<ReceiveResponse>> reader_;
  };

  static ReceiveRequest Of(const std::string& name, uint32_t batch = 100,
                           uint32_t leases = 1) {
    ReceiveRequest request;
    request.set_name(name);
    request.set_batch_size(batch);
    request.set_open_leases(leases);
    return request;
  }

  // Events of streams, one after the other.
  void Append(const std::vector<std::string>& streams, size_t bytes = 1,
              const std::string& type = "inventory.counted") {
    for (const std::string& stream : streams) {
      AppendRequest request;
      NewEvent& event = request.events.emplace_back();
      event.id = *ParseUuid(testing::Uuid(++ids_));
      event.stream = stream;
      event.type = type;
      event.payload = std::string(bytes, '7');
      ASSERT_TRUE(AppendAndWait(store_, std::move(request)).ok());
    }
  }

  grpc::Status Create(const std::string& name,
                      const bus::v1::GroupSettings& settings = {},
                      GroupState* state = nullptr) {
    bus::v1::CreateGroupRequest request;
    request.set_name(name);
    *request.mutable_settings() = settings;
    bus::v1::CreateGroupResponse response;
    grpc::ClientContext context;
    context.AddMetadata("accept-language", "en");
    const grpc::Status status =
        stub_->CreateGroup(&context, request, &response);
    if (state != nullptr) *state = response.group();
    return status;
  }
  GroupState State(const std::string& name) {
    bus::v1::GetGroupRequest request;
    request.set_name(name);
    bus::v1::GetGroupResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->GetGroup(&context, request, &response).ok());
    return response.group();
  }
  grpc::Status Say(const bus::v1::AcknowledgeRequest& request,
                   uint64_t* cursor = nullptr) {
    bus::v1::AcknowledgeResponse response;
    grpc::ClientContext context;
    context.AddMetadata("accept-language", "en");
    const grpc::Status status =
        stub_->Acknowledge(&context, request, &response);
    if (cursor != nullptr) *cursor = response.cursor();
    return status;
  }
  grpc::Status AllDone(const std::string& name, const ReceiveResponse& given,
                       uint64_t* cursor = nullptr) {
    bus::v1::AcknowledgeRequest request;
    request.set_name(name);
    request.set_lease(given.lease());
    request.set_all_done(true);
    return Say(request, cursor);
  }
  grpc::Status Refuse(const std::string& name, const ReceiveResponse& given,
                      uint64_t position, bool park) {
    bus::v1::AcknowledgeRequest request;
    request.set_name(name);
    request.set_lease(given.lease());
    request.set_all_done(true);
    auto& refused = *request.add_refused();
    refused.set_position(position);
    refused.set_reason("no account");
    refused.set_park(park);
    return Say(request);
  }
  std::vector<bus::v1::ParkedEvent> Parked(const std::string& name,
                                           uint32_t page_size) {
    std::vector<bus::v1::ParkedEvent> all;
    bus::v1::ListParkedRequest request;
    request.set_name(name);
    request.set_page_size(page_size);
    do {
      bus::v1::ListParkedResponse response;
      grpc::ClientContext context;
      EXPECT_TRUE(stub_->ListParked(&context, request, &response).ok());
      EXPECT_LE(response.parked_size(), static_cast<int>(page_size));
      all.insert(all.end(), response.parked().begin(), response.parked().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  static std::vector<uint64_t> PositionsOf(const ReceiveResponse& given) {
    std::vector<uint64_t> positions;
    for (const auto& event : given.events()) {
      positions.push_back(event.event().position());
    }
    return positions;
  }

  FakeClock clock_;
  MemoryEventStore store_;
  const size_t members_max_;
  bus::TestCursorStore cursors_;
  uint64_t ids_ = 0;
  std::unique_ptr<bus::GroupRunner> runner_;
  std::unique_ptr<ConsumerGroupService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<bus::v1::ConsumerGroupService::Stub> stub_;
};

TEST_F(GroupService, GivesEventsAndTakesWhatIsSaidOfThem) {
  Append({"p/a/1", "p/b/1", "p/c/1"});
  GroupState state;
  ASSERT_TRUE(Create("finance", {}, &state).ok());
  EXPECT_EQ(state.cursor(), 0u);
  EXPECT_EQ(state.lag_events(), 3u);
  EXPECT_EQ(state.settings().lease().seconds(), 30);
  EXPECT_EQ(state.settings().attempts(), 5u);

  Member member(*this, Of("finance"));
  const ReceiveResponse given = member.Read();
  EXPECT_THAT(PositionsOf(given), ElementsAre(1, 2, 3));
  EXPECT_EQ(given.events(0).event().stream(), "p/a/1");
  EXPECT_EQ(given.events(0).attempt(), 1u);
  EXPECT_EQ(given.lease_ends().seconds(),
            absl::ToUnixSeconds(clock_.Now()) + 30);
  EXPECT_EQ(State("finance").in_flight(), 3u);
  EXPECT_EQ(State("finance").members(), 1u);

  uint64_t cursor = 0;
  ASSERT_TRUE(AllDone("finance", given, &cursor).ok());
  EXPECT_EQ(cursor, 3u);
  EXPECT_TRUE(AllDone("finance", given).ok()) << "twice is harmless";
  EXPECT_EQ(State("finance").lag_events(), 0u);

  Append({"p/a/1"});
  EXPECT_THAT(PositionsOf(member.Read()), ElementsAre(4));
}

TEST_F(GroupService, LeaseOutlivesTheConnection) {
  Append({"p/a/1"});
  ASSERT_TRUE(Create("finance").ok());
  ReceiveResponse given;
  {
    Member member(*this, Of("finance"));
    given = member.Read();
  }
  EXPECT_TRUE(AllDone("finance", given).ok());
  EXPECT_EQ(State("finance").cursor(), 1u);
}

TEST_F(GroupService, EndedLeaseIsRefusedAndItsEventsComeAgain) {
  Append({"p/a/1"});
  ASSERT_TRUE(Create("finance").ok());
  Member member(*this, Of("finance"));
  const ReceiveResponse first = member.Read();
  clock_.Advance(absl::Seconds(31));
  const ReceiveResponse second = member.Read();
  EXPECT_EQ(second.events(0).attempt(), 2u);
  const grpc::Status late = AllDone("finance", first);
  EXPECT_EQ(late.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonIn(late), "LEASE_ENDED");
  EXPECT_EQ(State("finance").redelivered(), 1u);
  EXPECT_TRUE(AllDone("finance", second).ok());
}

TEST_F(GroupService, LeaseIsKeptByExtendingIt) {
  Append({"p/a/1"});
  ASSERT_TRUE(Create("finance").ok());
  Member member(*this, Of("finance"));
  const ReceiveResponse given = member.Read();
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(absl::Seconds(20));
    bus::v1::ExtendLeaseRequest request;
    request.set_name("finance");
    request.set_lease(given.lease());
    bus::v1::ExtendLeaseResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(stub_->ExtendLease(&context, request, &response).ok());
    EXPECT_EQ(response.lease_ends().seconds(),
              absl::ToUnixSeconds(clock_.Now()) + 30);
  }
  EXPECT_TRUE(AllDone("finance", given).ok());
}

TEST_F(GroupService, ForeignPositionOrLeaseChangesNothing) {
  Append({"p/a/1", "p/b/1"});
  ASSERT_TRUE(Create("finance").ok());
  ASSERT_TRUE(Create("other").ok());
  Member member(*this, Of("finance", 1));
  const ReceiveResponse given = member.Read();
  bus::v1::AcknowledgeRequest request;
  request.set_name("finance");
  request.set_lease(given.lease());
  request.add_done(1);
  request.add_done(2);
  EXPECT_EQ(Say(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_name("other");
  EXPECT_EQ(ReasonIn(Say(request)), "LEASE_ENDED");
  EXPECT_EQ(State("finance").cursor(), 0u);
}

TEST_F(GroupService, ParkedEventsAreListedReplayedAndDroppedInPlace) {
  Append({"p/a/1", "p/b/1", "p/c/1"});
  ASSERT_TRUE(Create("finance").ok());
  Member member(*this, Of("finance", 1, 1));
  for (uint64_t position = 1; position <= 3; ++position) {
    ASSERT_TRUE(Refuse("finance", member.Read(), position, true).ok());
  }
  const auto parked = Parked("finance", 2);
  ASSERT_EQ(parked.size(), 3u);
  EXPECT_EQ(parked[1].event().position(), 2u);
  EXPECT_EQ(parked[1].reason(), "no account");
  EXPECT_EQ(parked[1].attempts(), 1u);
  EXPECT_EQ(State("finance").cursor(), 3u);

  bus::v1::ReplayParkedRequest replay;
  replay.set_name("finance");
  replay.add_positions(2);
  replay.add_positions(77);
  bus::v1::ReplayParkedResponse replayed;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->ReplayParked(&context, replay, &replayed).ok());
  EXPECT_EQ(replayed.count(), 1u) << "77 is not parked";
  const ReceiveResponse again = member.Read();
  EXPECT_THAT(PositionsOf(again), ElementsAre(2));
  EXPECT_EQ(again.events(0).attempt(), 1u) << "as if for the first time";
  EXPECT_EQ(State("finance").cursor(), 3u);
  EXPECT_TRUE(AllDone("finance", again).ok());

  bus::v1::DropParkedRequest drop;
  drop.set_name("finance");
  drop.set_all(true);
  bus::v1::DropParkedResponse dropped;
  grpc::ClientContext context2;
  ASSERT_TRUE(stub_->DropParked(&context2, drop, &dropped).ok());
  EXPECT_EQ(dropped.count(), 2u);
  EXPECT_THAT(Parked("finance", 10), IsEmpty());
}

TEST_F(GroupService, ReasonsWithPersonalDetailsAreRefused) {
  Append({"p/a/1"});
  ASSERT_TRUE(Create("finance").ok());
  Member member(*this, Of("finance"));
  const ReceiveResponse given = member.Read();
  bus::v1::AcknowledgeRequest request;
  request.set_name("finance");
  request.set_lease(given.lease());
  auto& refused = *request.add_refused();
  refused.set_position(1);
  refused.set_park(true);
  for (const auto& [detail, what] :
       std::map<std::string, std::string>{{"19121212-1212", "identity number"},
                                          {"070-174 06 05", "telephone number"},
                                          {"q@example.se", "e-mail address"}}) {
    refused.set_reason("no match for " + detail);
    const grpc::Status said = Say(request);
    EXPECT_EQ(said.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << detail;
    EXPECT_EQ(ReasonIn(said), "INVALID_FIELD");
    EXPECT_THAT(said.error_message(), HasSubstr("refused.reason"));
    EXPECT_THAT(said.error_message(), HasSubstr("position 1"));
    EXPECT_THAT(said.error_message(), HasSubstr(what));
    EXPECT_EQ(said.error_message().find(detail), std::string::npos);
  }
  EXPECT_EQ(State("finance").in_flight(), 1u) << "nothing was changed";
  refused.set_reason("no match for voucher 4711");
  EXPECT_TRUE(Say(request).ok());
  EXPECT_EQ(Parked("finance", 10)[0].reason(), "no match for voucher 4711");
}

TEST_F(GroupService, PositionsOrAllButNotBothNorNone) {
  ASSERT_TRUE(Create("finance").ok());
  bus::v1::DropParkedRequest drop;
  drop.set_name("finance");
  bus::v1::DropParkedResponse dropped;
  grpc::ClientContext none;
  EXPECT_EQ(stub_->DropParked(&none, drop, &dropped).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  drop.set_all(true);
  drop.add_positions(1);
  grpc::ClientContext both;
  EXPECT_EQ(stub_->DropParked(&both, drop, &dropped).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(GroupService, SameDefinitionAgainIsTheGroupAndAnotherIsRefused) {
  bus::v1::GroupSettings settings;
  settings.mutable_start()->set_now(true);
  Append({"p/a/1"});
  GroupState state;
  ASSERT_TRUE(Create("finance", settings, &state).ok());
  EXPECT_EQ(state.cursor(), 1u);
  Append({"p/a/1"});
  ASSERT_TRUE(Create("finance", settings, &state).ok());
  EXPECT_EQ(state.cursor(), 1u) << "it began where it was made";
  settings.set_attempts(9);
  const grpc::Status other = Create("finance", settings);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(ReasonIn(other), "GROUP_EXISTS");
}

TEST_F(GroupService, BeginsWithWhatWasRecordedAtAnInstant) {
  Append({"p/a/1", "p/a/1"});
  clock_.Advance(absl::Hours(1));
  const int64_t then = absl::ToUnixSeconds(clock_.Now());
  Append({"p/a/1"});
  bus::v1::GroupSettings settings;
  settings.mutable_start()->mutable_recorded_from()->set_seconds(then);
  GroupState state;
  ASSERT_TRUE(Create("finance", settings, &state).ok());
  EXPECT_EQ(state.cursor(), 2u);
  Member member(*this, Of("finance"));
  EXPECT_THAT(PositionsOf(member.Read()), ElementsAre(3));
}

TEST_F(GroupService, WhatCannotChangeIsNamedAndTheRestChanges) {
  bus::v1::GroupSettings settings;
  settings.mutable_filter()->add_streams("p/a/1");
  settings.set_block_key_while_parked(true);
  ASSERT_TRUE(Create("finance", settings).ok());
  const auto update = [&](const bus::v1::GroupSettings& asked,
                          GroupState* state) {
    bus::v1::UpdateGroupRequest request;
    request.set_name("finance");
    *request.mutable_settings() = asked;
    bus::v1::UpdateGroupResponse response;
    grpc::ClientContext context;
    const grpc::Status status =
        stub_->UpdateGroup(&context, request, &response);
    *state = response.group();
    return status;
  };
  GroupState state;
  bus::v1::GroupSettings asked;
  asked.mutable_filter()->add_streams("p/b/1");
  EXPECT_THAT(update(asked, &state).error_message(),
              HasSubstr("settings.filter"));
  asked = settings;
  asked.set_key("finding");
  EXPECT_THAT(update(asked, &state).error_message(), HasSubstr("settings.key"));
  asked = {};
  asked.mutable_lease()->set_seconds(7'200);
  EXPECT_THAT(update(asked, &state).error_message(), HasSubstr("lease"));
  asked.mutable_lease()->set_seconds(60);
  ASSERT_TRUE(update(asked, &state).ok());
  EXPECT_EQ(state.settings().lease().seconds(), 60);
  EXPECT_EQ(state.settings().filter().streams(0), "p/a/1");
  EXPECT_EQ(state.settings().attempts(), 5u);
  EXPECT_TRUE(state.settings().block_key_while_parked());
}

TEST_F(GroupService, UnknownGroupIsNamedInTheCallersLanguage) {
  bus::v1::GetGroupRequest request;
  request.set_name("finance");
  bus::v1::GetGroupResponse response;
  grpc::ClientContext english;
  english.AddMetadata("accept-language", "en");
  const grpc::Status status = stub_->GetGroup(&english, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("no consumer group finance"));
  grpc::ClientContext swedish;
  EXPECT_THAT(stub_->GetGroup(&swedish, request, &response).error_message(),
              HasSubstr("ingen konsumentgrupp finance"));
  Member member(*this, Of("finance"));
  ReceiveResponse message;
  EXPECT_FALSE(member.Read(message));
  EXPECT_EQ(member.Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(GroupService, GroupsAreListedByNameInPages) {
  for (const char* name : {"c", "a", "b"}) ASSERT_TRUE(Create(name).ok());
  bus::v1::ListGroupsRequest request;
  request.set_page_size(2);
  bus::v1::ListGroupsResponse first;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->ListGroups(&context, request, &first).ok());
  ASSERT_EQ(first.groups_size(), 2);
  EXPECT_EQ(first.groups(1).name(), "b");
  request.set_page_token(first.next_page_token());
  bus::v1::ListGroupsResponse second;
  grpc::ClientContext context2;
  ASSERT_TRUE(stub_->ListGroups(&context2, request, &second).ok());
  ASSERT_EQ(second.groups_size(), 1);
  EXPECT_EQ(second.groups(0).name(), "c");
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(GroupService, ListsManyLargeGroupsInMessagesOfBoundedSize) {
  bus::v1::GroupSettings settings;
  for (size_t i = 0; i < limits::kQueryTerms; ++i) {
    settings.mutable_filter()->add_streams(
        absl::StrCat("p/a/", std::string(200, 'x'), i));
  }
  const size_t bytes = settings.ByteSizeLong();
  constexpr int kGroups = 100;
  for (int i = 0; i < kGroups; ++i) {
    ASSERT_TRUE(Create(absl::StrCat("g", i), settings).ok());
  }
  bus::v1::ListGroupsRequest request;
  request.set_page_size(1'000);
  int listed = 0;
  do {
    bus::v1::ListGroupsResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(stub_->ListGroups(&context, request, &response).ok());
    ASSERT_GT(response.groups_size(), 0);
    EXPECT_LE(response.ByteSizeLong(), (1u << 20) + bytes + 1'000);
    listed += response.groups_size();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, kGroups);
}

TEST_F(GroupService, DeletedGroupEndsItsMembers) {
  ASSERT_TRUE(Create("finance").ok());
  Member member(*this, Of("finance"));
  bus::v1::DeleteGroupRequest request;
  request.set_name("finance");
  bus::v1::DeleteGroupResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->DeleteGroup(&context, request, &response).ok());
  ReceiveResponse message;
  EXPECT_FALSE(member.Read(message));
  EXPECT_EQ(member.Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(GroupService, MembersAreToldWhenTheStoreCloses) {
  ASSERT_TRUE(Create("finance").ok());
  Member member(*this, Of("finance"));
  const absl::Time begin = absl::Now();
  store_.Close();
  ReceiveResponse message;
  EXPECT_FALSE(member.Read(message));
  const grpc::Status status = member.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonIn(status), "SHUTTING_DOWN");
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

TEST_F(GroupService, MembersBeyondTheLimitAreAskedToComeAgain) {
  ASSERT_TRUE(Create("finance").ok());
  std::vector<std::unique_ptr<Member>> members;
  for (int i = 0; i < 4; ++i) {
    members.push_back(std::make_unique<Member>(*this, Of("finance")));
  }
  {
    Member fifth(*this, Of("finance"));
    ReceiveResponse message;
    EXPECT_FALSE(fifth.Read(message));
    const grpc::Status status = fifth.Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(ReasonIn(status), "QUEUE_FULL");
  }
  // One that ends makes room.
  members.pop_back();
  Append({"p/a/1"});
  for (int i = 0; i < 100; ++i) {
    if (State("finance").members() == 3) break;
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(State("finance").members(), 3u);
}

// Its leases end, and what lies there for it is dropped, however long it does
// not read.
TEST_F(GroupService, MemberThatDoesNotReadHoldsUpNobody) {
  Append({"p/a/1", "p/b/1"});
  bus::v1::GroupSettings settings;
  settings.set_attempts(100);
  ASSERT_TRUE(Create("finance", settings).ok());
  Member silent(*this, Of("finance", 1, 2));
  for (int i = 0; i < 100 && State("finance").in_flight() < 2; ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  Member busy(*this, Of("finance", 1, 1));
  std::vector<uint64_t> done;
  while (done.size() < 2) {
    clock_.Advance(absl::Seconds(31));
    const ReceiveResponse given = busy.Read();
    if (AllDone("finance", given).ok()) {
      done.push_back(given.events(0).event().position());
    }
  }
  EXPECT_EQ(State("finance").cursor(), 2u);
}

TEST_F(GroupService, WhatAMemberWasNeverSentIsNoAttempt) {
  constexpr int kEvents = 20;
  for (int i = 0; i < kEvents; ++i) Append({absl::StrCat("p/a/", i)}, 60'000);
  bus::v1::GroupSettings settings;
  settings.set_attempts(2);
  ASSERT_TRUE(Create("finance", settings).ok());
  {
    Member silent(*this, Of("finance", 1, kEvents));
    for (int term = 0; term < 4; ++term) {
      for (int i = 0; i < 500 && State("finance").in_flight() < kEvents - 4;
           ++i) {
        absl::SleepFor(absl::Milliseconds(10));
      }
      clock_.Advance(absl::Seconds(31));
    }
  }
  // But for what was on its way.
  EXPECT_LE(State("finance").parked(), 3u);
}

// Nobody waits for leases of events that a member was never sent.
TEST_F(GroupService, WhatAMemberWasNotSentIsGivenToOthersAtOnce) {
  for (int i = 0; i < 20; ++i) Append({absl::StrCat("p/a/", i)});
  ASSERT_TRUE(Create("finance").ok());
  {
    Member silent(*this, Of("finance", 1, 20));
    for (int i = 0; i < 500 && State("finance").in_flight() < 20; ++i) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    ASSERT_EQ(State("finance").in_flight(), 20u);
  }
  // One was sent, and perhaps another is being written.
  for (int i = 0; i < 500 && State("finance").in_flight() > 2; ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  ASSERT_LE(State("finance").in_flight(), 2u);
  Member other(*this, Of("finance", 1, 20));
  for (int i = 0; i < 18; ++i) {
    EXPECT_EQ(other.Read().events(0).attempt(), 1u);
  }
}

// Bytes, of events that are each of a stream of its own.
TEST_F(GroupService, WhatAMemberWasNotSentIsBoundedInBytes) {
  constexpr size_t kBytes = 60'000;
  constexpr uint32_t kEvents = 100;
  for (uint32_t i = 0; i < kEvents; ++i) {
    Append({absl::StrCat("p/a/", i)}, kBytes);
  }
  ASSERT_TRUE(Create("finance").ok());
  Member silent(*this, Of("finance", 1, 100));
  constexpr size_t kFew = limits::kMemberUnsentBytes / kBytes;
  for (int i = 0; i < 500 && State("finance").in_flight() < kFew; ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  // Others are not held up by it.
  Member busy(*this, Of("finance", 1, 1));
  ASSERT_TRUE(AllDone("finance", busy.Read()).ok());
  // The last of it, what is on its way, and the other member's next one.
  EXPECT_LE(State("finance").in_flight(), kFew + 5);

  busy.Cancel();
  for (uint32_t i = 0; i < kEvents / 2; ++i) {
    ASSERT_TRUE(AllDone("finance", silent.Read()).ok()) << i;
  }
}

TEST_F(GroupService, EventThatCannotBeDecodedIsParkedAndTheRestIsGiven) {
  Append({"p/a/1", "p/b/1"});
  Append({"p/c/1"}, 10, "samverk.goal_set");
  Append({"p/d/1"});
  // A kind of fact that comes with a later release.
  event::v1::Event newer;
  event::v1::Event::GetReflection()
      ->MutableUnknownFields(&newer)
      ->AddLengthDelimited(999, "x");
  AppendRequest request;
  NewEvent& event = request.events.emplace_back();
  event.id = *ParseUuid(testing::Uuid(++ids_));
  event.stream = "p/e/1";
  event.type = "samverk.bridge_built";
  event.payload = newer.SerializeAsString();
  ASSERT_TRUE(AppendAndWait(store_, std::move(request)).ok());
  ASSERT_TRUE(Create("finance").ok());
  Member member(*this, Of("finance"));

  const ReceiveResponse given = member.Read();
  EXPECT_THAT(PositionsOf(given), ElementsAre(1, 2, 4));
  uint64_t cursor = 0;
  ASSERT_TRUE(AllDone("finance", given, &cursor).ok());
  EXPECT_EQ(cursor, 5u);

  const auto parked = Parked("finance", 10);
  ASSERT_EQ(parked.size(), 2u);
  EXPECT_EQ(parked[0].event().position(), 3u);
  EXPECT_THAT(parked[0].reason(), HasSubstr("position 3: "));
  EXPECT_THAT(parked[0].reason(), HasSubstr("restore a backup"));
  EXPECT_EQ(parked[1].event().position(), 5u);
  EXPECT_THAT(parked[1].reason(), HasSubstr("samverk.bridge_built"));
  EXPECT_THAT(parked[1].reason(), HasSubstr("upgrade this program"));
  EXPECT_EQ(State("finance").problem(), "");
  // Also when there is nothing else to give, and what comes is given.
  Append({"p/c/1"}, 10, "samverk.goal_set");
  Append({"p/d/1"});
  EXPECT_THAT(PositionsOf(member.Read()), ElementsAre(7));
}

TEST_F(GroupService, TooManyParkedIsAProblemInWords) {
  for (size_t i = 0; i < limits::kGroupParked; ++i) {
    Append({absl::StrCat("p/a/", i)});
  }
  Append({"p/b/1"});
  ASSERT_TRUE(Create("finance").ok());
  Member member(*this, Of("finance", limits::kGroupBatch, 10));
  size_t refused = 0;
  while (refused < limits::kGroupParked) {
    EXPECT_EQ(State("finance").problem(), "");
    const ReceiveResponse given = member.Read();
    bus::v1::AcknowledgeRequest request;
    request.set_name("finance");
    request.set_lease(given.lease());
    for (const uint64_t position : PositionsOf(given)) {
      auto& refusal = *request.add_refused();
      refusal.set_position(position);
      refusal.set_park(true);
      ++refused;
    }
    ASSERT_TRUE(Say(request).ok());
  }
  EXPECT_THAT(State("finance").problem(),
              HasSubstr("10000 events are parked, and no more are read until "
                        "some are replayed or dropped"));
  EXPECT_TRUE(State("finance").too_many_parked());
}

// The value of a metric for a group; nothing when it has none.
std::optional<double> MetricOf(ConsumerGroupService& service,
                               const std::string& name,
                               const std::string& group) {
  for (const auto& family : GroupMetrics(service).Collect()) {
    if (family.name != name) continue;
    for (const auto& metric : family.metric) {
      if (metric.label[0].value == group) return metric.gauge.value;
    }
  }
  return std::nullopt;
}

TEST_F(GroupService, DamagedGroupIsListedWithItsProblemAndOthersGoOn) {
  Append({"p/a/1"});
  for (const char* name : {"archive", "finance", "zoning"}) {
    ASSERT_TRUE(Create(name).ok());
  }
  Stop();
  cursors_.Put(bus::PlaceKey("finance"), std::string("\1\xff", 2));
  Start();

  bus::v1::ListGroupsResponse listed;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->ListGroups(&context, {}, &listed).ok());
  ASSERT_EQ(listed.groups_size(), 3);
  EXPECT_EQ(listed.groups(1).name(), "finance");
  EXPECT_THAT(listed.groups(1).problem(), HasSubstr("damaged"));
  EXPECT_FALSE(listed.groups(1).has_settings());
  EXPECT_EQ(listed.groups(2).problem(), "");

  EXPECT_EQ(MetricOf(*service_, "samverk_group_problem", "archive"), 0);
  EXPECT_EQ(MetricOf(*service_, "samverk_group_problem", "finance"), 1);
  EXPECT_EQ(MetricOf(*service_, "samverk_group_lag_events", "archive"), 1);
  EXPECT_EQ(MetricOf(*service_, "samverk_group_lag_events", "finance"),
            std::nullopt);

  bus::v1::GetGroupRequest request;
  request.set_name("finance");
  bus::v1::GetGroupResponse response;
  grpc::ClientContext get;
  const grpc::Status status = stub_->GetGroup(&get, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(ReasonIn(status), "DAMAGED");
  Member member(*this, Of("zoning"));
  EXPECT_THAT(PositionsOf(member.Read()), ElementsAre(1));
}

TEST_F(GroupService, SizesOutOfRange) {
  ASSERT_TRUE(Create("finance").ok());
  for (const auto& request : {Of("finance", 1'001, 1), Of("finance", 1, 101)}) {
    Member member(*this, request);
    ReceiveResponse message;
    EXPECT_FALSE(member.Read(message));
    EXPECT_EQ(member.Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
  bus::v1::GroupSettings settings;
  settings.set_in_flight(10'001);
  EXPECT_EQ(Create("wide", settings).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  settings = {};
  settings.mutable_start()->set_after(1);
  EXPECT_EQ(Create("ahead", settings).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace samverk
