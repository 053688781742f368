// What a consumer group tells those from whom some of its events are kept.
#include <grpcpp/client_context.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/limits.h"
#include "eventstore/memory/memory_event_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/codec/event_codec.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"
#include "services/bus/consumer_group_service.h"
#include "tests/bus/people_gate.h"
#include "tests/bus/test_cursor_store.h"
#include "tests/testing/events.h"

namespace samverk {
namespace {

using bus::v1::GroupState;
using bus::v1::ReceiveResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kStranger[] = "stranger";  // knows of the process q alone
constexpr char kPartner[] = "partner";
constexpr char kArchivist[] = "archivist";  // from whom nothing is kept
constexpr char kOperator[] = "operator";
constexpr char kGroup[] = "hgf.spy";

class WithheldGroup : public ::testing::Test {
 protected:
  WithheldGroup() {
    gate_.Add(kStranger, "hgf", {"partner@q"});
    gate_.Add(kPartner, "hgf", {"partner@p"});
    gate_.Add(kArchivist, "hgf", {"arkivarie"});
    gate_.Add(kOperator, "mkb", {"administratör"});
    runner_ = *bus::GroupRunner::Open({&store_, &cursors_, &clock_});
    service_ =
        std::make_unique<ConsumerGroupService>(*runner_, store_, clock_, gate_);
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = bus::v1::ConsumerGroupService::NewStub(
        server_->InProcessChannel(grpc::ChannelArguments()));
  }
  ~WithheldGroup() override {
    store_.Close();
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  // A member of the group, for a minute at most.
  class Member {
   public:
    Member(WithheldGroup& test, const std::string& who) {
      testing::PeopleGate::Login(who, context_);
      context_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Minutes(1)));
      bus::v1::ReceiveRequest request;
      request.set_name(kGroup);
      reader_ = test.stub_->Receive(&context_, request);
      reader_->WaitForInitialMetadata();
    }
    ~Member() {
      context_.TryCancel();
      reader_->Finish();
    }
    // The next message with events.
    ReceiveResponse Read() {
      ReceiveResponse message;
      while (message.events().empty() && reader_->Read(&message)) {
      }
      return message;
    }

   private:
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReader<ReceiveResponse>> reader_;
  };

  // Goals of the process p, each in a stream of its own.
  void AppendGoal(const std::string& visibility, const std::string& goal) {
    auto event = testing::EventOf(
        absl::StrCat("visibility: VISIBILITY_", visibility,
                     " goal_set { goal: '", goal, "' text: 't' }"));
    Append("samverk.goal_set", goal, codec::EncodePayload(event));
  }
  void Append(const std::string& type, const std::string& goal,
              const std::string& payload) {
    AppendRequest request;
    NewEvent& added = request.events.emplace_back();
    added.id = *ParseUuid(testing::Uuid(++ids_));
    added.stream = absl::StrCat("p/goal/", goal);
    added.type = type;
    added.tags = {"process:p", absl::StrCat("p/goal:", goal)};
    added.payload = payload;
    ASSERT_TRUE(AppendAndWait(store_, std::move(request)).ok());
    clock_.Advance(absl::Hours(1));
  }

  template <typename Request, typename Response>
  grpc::Status Call(const std::string& who,
                    grpc::Status (bus::v1::ConsumerGroupService::Stub::*method)(
                        grpc::ClientContext*, const Request&, Response*),
                    Request request, Response& response) {
    grpc::ClientContext context;
    testing::PeopleGate::Login(who, context);
    if constexpr (requires { request.set_name(""); }) request.set_name(kGroup);
    return (*stub_.*method)(&context, request, &response);
  }
  using Stub = bus::v1::ConsumerGroupService::Stub;

  GroupState Create(const std::string& who,
                    const bus::v1::GroupSettings& settings = {}) {
    bus::v1::CreateGroupRequest request;
    *request.mutable_settings() = settings;
    bus::v1::CreateGroupResponse response;
    EXPECT_TRUE(Call(who, &Stub::CreateGroup, request, response).ok());
    return response.group();
  }
  GroupState State(const std::string& who) {
    bus::v1::GetGroupResponse response;
    EXPECT_TRUE(
        Call(who, &Stub::GetGroup, bus::v1::GetGroupRequest(), response).ok());
    return response.group();
  }
  std::vector<uint64_t> Parked(const std::string& who) {
    bus::v1::ListParkedResponse response;
    EXPECT_TRUE(
        Call(who, &Stub::ListParked, bus::v1::ListParkedRequest(), response)
            .ok());
    EXPECT_EQ(response.next_page_token(), "");
    std::vector<uint64_t> positions;
    for (const auto& parked : response.parked()) {
      positions.push_back(parked.event().position());
    }
    return positions;
  }
  grpc::Status Say(const std::string& who,
                   const bus::v1::AcknowledgeRequest& request,
                   uint64_t* cursor = nullptr) {
    bus::v1::AcknowledgeResponse response;
    const grpc::Status said = Call(who, &Stub::Acknowledge, request, response);
    if (cursor != nullptr) *cursor = response.cursor();
    return said;
  }
  grpc::Status Park(const std::string& who, const ReceiveResponse& given) {
    bus::v1::AcknowledgeRequest request;
    request.set_lease(given.lease());
    for (const auto& leased : given.events()) {
      auto& refused = *request.add_refused();
      refused.set_position(leased.event().position());
      refused.set_reason("no account");
      refused.set_park(true);
    }
    return Say(who, request);
  }
  // Until it holds of what somebody from whom nothing is kept is told.
  bool Await(const std::function<bool(const GroupState&)>& holds) {
    for (int i = 0; i < 3'000; ++i) {
      if (holds(State(kArchivist))) return true;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return false;
  }
  bool AwaitCursor(uint64_t position) {
    return Await([position](const GroupState& state) {
      return state.cursor() == position;
    });
  }
  static std::vector<uint64_t> PositionsOf(const ReceiveResponse& given) {
    std::vector<uint64_t> positions;
    for (const auto& leased : given.events()) {
      positions.push_back(leased.event().position());
    }
    return positions;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'767'225'600)};
  MemoryEventStore store_{clock_};
  bus::TestCursorStore cursors_;
  testing::PeopleGate gate_;
  uint64_t ids_ = 0;
  std::unique_ptr<bus::GroupRunner> runner_;
  std::unique_ptr<ConsumerGroupService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(WithheldGroup, ProgressTellsNothingOfWhatIsKept) {
  AppendGoal("OPEN", "g-1");
  AppendGoal("PARTNER", "g-2");
  AppendGoal("OPEN", "g-3");
  bus::v1::GroupSettings asked;
  asked.mutable_filter()->set_process("p");
  asked.mutable_filter()->add_types("samverk.goal_set");
  asked.mutable_filter()->add_tags("p/goal:g-2");
  const GroupState made = Create(kStranger, asked);
  EXPECT_EQ(made.cursor(), 3u);
  ASSERT_TRUE(Await([](const GroupState& state) { return state.has_lag(); }));
  const GroupState state = State(kStranger);
  EXPECT_EQ(state.cursor(), 3u) << "the head, as if nothing matched";
  EXPECT_EQ(state.head(), 3u);
  EXPECT_EQ(state.lag_events(), 0u);
  EXPECT_FALSE(state.has_lag());
  bus::v1::ListGroupsResponse listed;
  ASSERT_TRUE(
      Call(kStranger, &Stub::ListGroups, bus::v1::ListGroupsRequest(), listed)
          .ok());
  ASSERT_EQ(listed.groups_size(), 1);
  EXPECT_EQ(listed.groups(0).SerializeAsString(), state.SerializeAsString());
  // Those who may know are told.
  EXPECT_EQ(State(kArchivist).cursor(), 1u);
  EXPECT_EQ(State(kOperator).cursor(), 1u) << "as the metrics have it";
  EXPECT_EQ(State(kPartner).cursor(), 1u);
  EXPECT_EQ(State(kPartner).lag().seconds(), 2 * 3'600);
}

TEST_F(WithheldGroup, ProgressIsThatOfWhatMayBeRead) {
  AppendGoal("PARTNER", "g-1");
  AppendGoal("OPEN", "g-2");
  AppendGoal("PARTNER", "g-3");
  Create(kStranger);
  ASSERT_TRUE(Await([](const GroupState& state) { return state.has_lag(); }));
  const GroupState state = State(kStranger);
  EXPECT_EQ(state.cursor(), 1u);
  EXPECT_EQ(state.lag_events(), 2u);
  EXPECT_EQ(state.lag().seconds(), 2 * 3'600);
}

TEST_F(WithheldGroup, WhatAMemberMayNotReadIsSettledAndNotGiven) {
  AppendGoal("PARTNER", "g-1");
  AppendGoal("OPEN", "g-2");
  AppendGoal("PARTNER", "g-3");
  Create(kStranger);
  {
    Member stranger(*this, kStranger);
    const ReceiveResponse given = stranger.Read();
    EXPECT_THAT(PositionsOf(given), ElementsAre(2));
    EXPECT_EQ(State(kStranger).in_flight(), 1u);
    bus::v1::AcknowledgeRequest request;
    request.set_lease(given.lease());
    request.set_all_done(true);
    uint64_t cursor = 0;
    ASSERT_TRUE(Say(kStranger, request, &cursor).ok());
    EXPECT_EQ(cursor, 0u) << "is for those from whom nothing is kept";
    EXPECT_TRUE(AwaitCursor(3));
  }
  ASSERT_TRUE(
      Await([](const GroupState& state) { return state.members() == 0; }));
  // The group was read with the rights of its member: it is gone for all.
  AppendGoal("PARTNER", "g-4");
  Member partner(*this, kPartner);
  EXPECT_THAT(PositionsOf(partner.Read()), ElementsAre(4));
}

TEST_F(WithheldGroup, ALeaseIsWithoutWhatIsKept) {
  AppendGoal("PARTNER", "g-1");
  AppendGoal("OPEN", "g-2");
  AppendGoal("OPEN", "g-3");
  Create(kStranger);
  Member stranger(*this, kStranger);
  const ReceiveResponse given = stranger.Read();
  ASSERT_THAT(PositionsOf(given), ElementsAre(2, 3));
  // To name it is to name any position.
  std::vector<std::string> answers;
  for (const uint64_t position : {1, 99}) {
    bus::v1::AcknowledgeRequest request;
    request.set_lease(given.lease());
    request.add_done(position);
    const grpc::Status said = Say(kStranger, request);
    EXPECT_EQ(said.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    answers.push_back(said.error_message());
  }
  answers[0].replace(answers[0].find("1"), 1, "99");
  EXPECT_EQ(answers[0], answers[1]);
}

TEST_F(WithheldGroup, WhatOthersParkedIsNotListed) {
  AppendGoal("PARTNER", "g-1");
  AppendGoal("OPEN", "g-2");
  Create(kPartner);
  {
    Member partner(*this, kPartner);
    ASSERT_TRUE(Park(kPartner, partner.Read()).ok());
  }
  EXPECT_THAT(Parked(kPartner), ElementsAre(1, 2));
  EXPECT_THAT(Parked(kStranger), ElementsAre(2));
  // Given again to one who may not read it, it is settled.
  bus::v1::ReplayParkedRequest replay;
  replay.add_positions(1);
  bus::v1::ReplayParkedResponse replayed;
  ASSERT_TRUE(Call(kPartner, &Stub::ReplayParked, replay, replayed).ok());
  Member stranger(*this, kStranger);
  EXPECT_TRUE(
      Await([](const GroupState& state) { return state.replaying() == 0; }));
  EXPECT_THAT(Parked(kPartner), ElementsAre(2));
}

TEST_F(WithheldGroup, AnOrganisationHasSoManyGroups) {
  const auto create = [this](const std::string& who, size_t number) {
    bus::v1::CreateGroupRequest request;
    request.set_name(absl::StrCat("hgf.g", number));
    bus::v1::CreateGroupResponse response;
    grpc::ClientContext context;
    testing::PeopleGate::Login(who, context);
    return stub_->CreateGroup(&context, request, &response);
  };
  for (size_t i = 0; i < limits::kOwnerGroups; ++i) {
    ASSERT_TRUE(create(kStranger, i).ok()) << i;
  }
  const grpc::Status refused = create(kStranger, limits::kOwnerGroups);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_message(), HasSubstr("100 consumer groups"));
  EXPECT_TRUE(create(kStranger, 0).ok()) << "it is there";
}

TEST_F(WithheldGroup, WhatCannotBeDecodedIsListedForThoseWhoReadAll) {
  Append("samverk.goal_set", "g-1", "\xff\xff");
  Create(kStranger);
  Member stranger(*this, kStranger);
  ASSERT_TRUE(
      Await([](const GroupState& state) { return state.parked() == 1; }));
  EXPECT_THAT(Parked(kArchivist), ElementsAre(1));
  EXPECT_THAT(Parked(kStranger), IsEmpty());
}

}  // namespace
}  // namespace samverk
