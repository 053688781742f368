// What the roles of a credential give.
#include "services/access/caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "proto/codec/event_codec.h"
#include "services/access/unknown_right.h"

namespace samverk::access {
namespace {

using event::v1::Event;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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
  const Caller caller =
      With({"", "@", "admin", "Projektledare", "projektledare ",
            "projektledare@", "@augustenborg", "cost_booked", "samverk",
            "secrecy:", "secrecy:@augustenborg", "*"});
  EXPECT_THAT(caller.roles, IsEmpty());
  EXPECT_THAT(caller.kinds, IsEmpty());
  EXPECT_THAT(caller.grounds, IsEmpty());
  EXPECT_FALSE(caller.machine);
}

// Otherwise a mistyped kind would make a person of a program, who may record
// all that its other roles allow.
TEST(CallerOf, WhoHasAKindThatThereIsNotIsAMachineWithoutIt) {
  for (const char* right :
       {"samverk.", "samverk.nothing", "samverk.finding_loged@augustenborg",
        "Samverk.cost_booked", "samverk.cost_booked@"}) {
    const Caller caller = With({"partner@augustenborg", right});
    EXPECT_TRUE(caller.machine) << right;
    EXPECT_THAT(caller.kinds, IsEmpty()) << right;
    EXPECT_THAT(caller.roles,
                ElementsAre(HeldRole{Role::kPartner, "augustenborg"}));
    EXPECT_TRUE(IsOfMachines(right));
    EXPECT_FALSE(IsKnownRight(right));
  }
}

TEST(WhyUnknown, SaysWhichRightsThereAre) {
  for (const char* right :
       {"partner", "projektledare@augustenborg", "steering_group@p", "machine",
        "samverk.cost_booked", "samverk.cost_booked@p", "secrecy:OSL 18:1@p"}) {
    EXPECT_FALSE(WhyUnknown(right).has_value()) << right;
  }
  for (const char* right : {"", "partner@", "Partner", "machine@p",
                            "secrecy:", "samverk.nothing", "x"}) {
    EXPECT_TRUE(WhyUnknown(right).has_value()) << right;
  }
  const auto kind = WhyUnknown("samverk.finding_loged@augustenborg");
  ASSERT_TRUE(kind.has_value());
  for (const std::string& text : {kind->swedish, kind->english}) {
    EXPECT_THAT(text, HasSubstr("samverk.finding_loged@augustenborg"));
    EXPECT_THAT(text, HasSubstr("samverk.finding_logged"));
    EXPECT_THAT(text, Not(HasSubstr("samverk.cost_booked")));
  }
  const auto role = WhyUnknown("admin");
  EXPECT_THAT(role->swedish, HasSubstr("administratör"));
  EXPECT_THAT(role->english, HasSubstr("project_leader"));
}

}  // namespace
}  // namespace samverk::access
