// What the roles of a credential give.
#include "services/access/caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "proto/codec/event_codec.h"

namespace samverk::access {
namespace {

using event::v1::Event;
using testing::ElementsAre;
using testing::IsEmpty;

Caller With(std::vector<std::string> roles) {
  Credential credential;
  credential.subject = "subject-1";
  credential.organisation = "mkb";
  credential.roles = std::move(roles);
  return CallerOf(credential);
}

TEST(CallerOf, ReadsRolesInBothLanguages) {
  const Caller caller =
      With({"projektledare", "officer@augustenborg", "handläggare"});
  EXPECT_EQ(caller.subject, "subject-1");
  EXPECT_EQ(caller.organisation, "mkb");
  EXPECT_FALSE(caller.machine);
  EXPECT_THAT(caller.roles,
              ElementsAre(HeldRole{Role::kProjectLeader, ""},
                          HeldRole{Role::kOfficer, "augustenborg"},
                          HeldRole{Role::kOfficer, ""}));
  for (int i = 0; i < kRoleCount; ++i) {
    const auto role = static_cast<Role>(i);
    for (const auto language :
         {codec::Language::kSwedish, codec::Language::kEnglish}) {
      EXPECT_THAT(With({std::string(RoleName(role, language))}).roles,
                  ElementsAre(HeldRole{role, ""}));
    }
  }
}

TEST(CallerOf, WhoHasAKindIsAMachine) {
  const Caller caller =
      With({"samverk.cost_booked", "samverk.cost_reversed@augustenborg"});
  EXPECT_TRUE(caller.machine);
  EXPECT_THAT(caller.kinds,
              ElementsAre(HeldKind{Event::kCostBooked, ""},
                          HeldKind{Event::kCostReversed, "augustenborg"}));
  for (const Event::FactCase kind : codec::AllFacts()) {
    EXPECT_THAT(With({std::string(codec::TypeName(kind))}).kinds,
                ElementsAre(HeldKind{kind, ""}));
  }
  EXPECT_TRUE(With({"machine"}).machine);
  EXPECT_TRUE(With({"maskin", "partner"}).machine);
}

TEST(CallerOf, ReadsGroundsOfSecrecy) {
  EXPECT_THAT(
      With({"secrecy:OSL 18:1@augustenborg", "secrecy:OSL 18:1"}).grounds,
      ElementsAre(HeldGround{"OSL 18:1", "augustenborg"},
                  HeldGround{"OSL 18:1", ""}));
}

TEST(CallerOf, PassesOverWhatItDoesNotKnow) {
  const Caller caller = With(
      {"", "@", "admin", "Projektledare", "projektledare ", "projektledare@",
       "@augustenborg", "samverk.", "samverk.nothing", "cost_booked",
       "samverk.cost_booked@", "secrecy:", "secrecy:@augustenborg", "*"});
  EXPECT_THAT(caller.roles, IsEmpty());
  EXPECT_THAT(caller.kinds, IsEmpty());
  EXPECT_THAT(caller.grounds, IsEmpty());
  EXPECT_FALSE(caller.machine);
}

}  // namespace
}  // namespace samverk::access
