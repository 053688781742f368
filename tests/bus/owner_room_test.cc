// What one organisation may take of what all share.
#include "services/bus/owner_room.h"

#include <grpcpp/client_context.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/limits.h"
#include "eventstore/memory/memory_event_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/access/caller.h"
#include "services/bus/tracking_service.h"
#include "services/common/error_language.h"
#include "tests/bus/people_gate.h"

namespace samverk {
namespace {

using ::testing::HasSubstr;

access::Admitted Somebody(const std::string& role) {
  access::Credential credential;
  credential.subject = "s-1";
  credential.organisation = "hgf";
  credential.roles = {role};
  return access::Admitted(access::CallerOf(credential),
                          codec::Language::kEnglish);
}

// "OWNER.g0", "OWNER.g1", …
std::vector<std::string> Groups(const std::string& owner, size_t count) {
  std::vector<std::string> names;
  for (size_t i = 0; i < count; ++i) {
    names.push_back(absl::StrCat(owner, ".g", i));
  }
  return names;
}

class OwnerRoom : public ::testing::Test {
 protected:
  const access::Admitted resident_ = Somebody("boende@p");
  const access::Admitted operator_ = Somebody("administratör");
  FakeClock clock_{absl::FromUnixSeconds(1'767'225'600)};
  MemoryEventStore store_{clock_};
};

TEST_F(OwnerRoom, TheOwnerStandsBeforeTheLastFullStop) {
  EXPECT_EQ(OwnerOf("hgf.spy"), "hgf");
  EXPECT_EQ(OwnerOf("hgf.lund.spy"), "hgf.lund");
  EXPECT_EQ(OwnerOf("spy"), "");
}

TEST_F(OwnerRoom, GroupsOfAnOrganisationAreBounded) {
  std::vector<std::string> groups = Groups("hgf", limits::kOwnerGroups - 1);
  groups.push_back("hgf.lund.g");  // another organisation's
  EXPECT_TRUE(CheckOwnersGroups(resident_, "hgf.new", groups).ok());
  groups.push_back("hgf.new");
  const absl::Status refused = CheckOwnersGroups(resident_, "hgf.one", groups);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(refused), error::v1::REASON_LIMIT_EXCEEDED);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("organisation hgf has 100 consumer groups"));
  EXPECT_THAT(
      std::string(InLanguage(refused, codec::Language::kSwedish).message()),
      HasSubstr("hgf har 100 konsumentgrupper"));
  EXPECT_TRUE(CheckOwnersGroups(resident_, "hgf.new", groups).ok())
      << "it is there";
  EXPECT_TRUE(CheckOwnersGroups(operator_, "hgf.one", groups).ok());
  EXPECT_TRUE(
      CheckOwnersGroups(access::Admitted::Everybody(), "hgf.one", groups).ok());
}

TEST_F(OwnerRoom, SomeGroupsAreLeftForConnectors) {
  std::vector<std::string> groups;
  for (int i = 0; groups.size() < limits::kGroups; ++i) {
    for (const std::string& name :
         Groups(absl::StrCat("o-", i), limits::kOwnerGroups)) {
      groups.push_back(name);
    }
  }
  groups.resize(limits::kGroups - limits::kGroupsForConnectors - 1);
  EXPECT_TRUE(CheckOwnersGroups(resident_, "hgf.one", groups).ok());
  groups.push_back("last.one");
  const absl::Status refused = CheckOwnersGroups(resident_, "hgf.one", groups);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("connectors"));
  EXPECT_THAT(
      std::string(InLanguage(refused, codec::Language::kSwedish).message()),
      HasSubstr("Det finns 800 konsumentgrupper"));
  EXPECT_TRUE(CheckOwnersGroups(operator_, "webhook", groups).ok());
}

TEST_F(OwnerRoom, NamedPositionsOfAnOrganisationAreBounded) {
  const auto track = [this](const std::string& name) {
    ASSERT_TRUE(
        ChangeTrackAndWait(store_, {TrackChange::Kind::kForward, {name, 1}})
            .ok());
  };
  track("hgf-2.x");
  track("hgf.lund.x");
  track("hgf.");
  for (size_t i = 0; i + 2 < limits::kOwnerTracks; ++i) {
    track(absl::StrCat("hgf.t", i));
  }
  EXPECT_TRUE(CheckOwnersTracks(resident_, "hgf.one", store_).ok());
  track("hgf.one");
  const absl::Status refused = CheckOwnersTracks(resident_, "hgf.two", store_);
  EXPECT_EQ(ReasonOf(refused), error::v1::REASON_LIMIT_EXCEEDED);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("organisation hgf has 1000 named positions"));
  EXPECT_THAT(
      std::string(InLanguage(refused, codec::Language::kSwedish).message()),
      HasSubstr("hgf har 1000 namngivna platser"));
  EXPECT_TRUE(CheckOwnersTracks(resident_, "hgf.one", store_).ok());
  EXPECT_TRUE(CheckOwnersTracks(operator_, "hgf.two", store_).ok());
}

TEST_F(OwnerRoom, TheTrackingServiceAsks) {
  for (size_t i = 0; i < limits::kOwnerTracks; ++i) {
    ASSERT_TRUE(ChangeTrackAndWait(store_, {TrackChange::Kind::kForward,
                                            {absl::StrCat("hgf.t", i), 1}})
                    .ok());
  }
  testing::PeopleGate gate;
  gate.Add("resident", "hgf", {"boende@p"});
  TrackingService service(store_, store_, gate);
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  const auto stub = bus::v1::TrackingService::NewStub(
      server->InProcessChannel(grpc::ChannelArguments()));
  const auto track = [&](const std::string& name) {
    bus::v1::TrackRequest request;
    request.set_name(name);
    request.set_position(2);
    bus::v1::TrackResponse response;
    grpc::ClientContext context;
    testing::PeopleGate::Login("resident", context);
    return stub->Track(&context, request, &response).error_code();
  };
  EXPECT_EQ(track("hgf.new"), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(track("hgf.t0"), grpc::StatusCode::OK) << "it is there";
  server->Shutdown(std::chrono::system_clock::now());
  server->Wait();
}

TEST_F(OwnerRoom, MembersOfAnOrganisationAreBounded) {
  EXPECT_TRUE(
      CheckOwnersMembers(resident_, "hgf.g", limits::kOwnerMembers - 1).ok());
  const absl::Status refused =
      CheckOwnersMembers(resident_, "hgf.g", limits::kOwnerMembers);
  EXPECT_EQ(ReasonOf(refused), error::v1::REASON_QUEUE_FULL);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("500 members of organisation hgf"));
  EXPECT_TRUE(
      CheckOwnersMembers(operator_, "hgf.g", limits::kOwnerMembers).ok());
}

}  // namespace
}  // namespace samverk
