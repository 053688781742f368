// Every kind of fact has a stream and the tags of what it is about.
#include "services/recording/route.h"

#include <algorithm>
#include <string>
#include <vector>

#include "eventstore/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/codec/event_codec.h"
#include "services/recording/references.h"
#include "tests/testing/events.h"
#include "tests/testing/proto_fill.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using ::testing::ElementsAre;
using testing::EventOf;
using ::testing::IsSupersetOf;

// One event of each kind, every text "x", of the process "p".
std::vector<Event> OneOfEachKind() {
  std::vector<Event> events;
  for (const Event::FactCase fact : codec::AllFacts()) {
    Event event;
    event.set_process("p");
    const auto* arm = Event::descriptor()->FindFieldByNumber(fact);
    google::protobuf::Message* message =
        Event::GetReflection()->MutableMessage(&event, arm);
    testing::FillAllFields(*message);
    events.push_back(event);
  }
  return events;
}

TEST(SubjectOf, IsTheFirstEntityThatAFactIsAbout) {
  int named = 0;
  for (const Event& event : OneOfEachKind()) {
    if (IsAmendment(event)) {
      EXPECT_EQ(SubjectOf(event).kind, EntityKind::kNone);
      continue;
    }
    EntityKey expected;
    for (const Reference& reference : ReferencesOf(event)) {
      const bool about = reference.relation == Relation::kCreates ||
                         reference.relation == Relation::kMakes ||
                         reference.relation == Relation::kAbout;
      if (!about || !HasStream(reference.kind)) continue;
      expected = reference.key();
      break;
    }
    const EntityKey subject = SubjectOf(event);
    const auto name = codec::TypeName(event.fact_case());
    EXPECT_FALSE(subject.id.empty()) << name;
    if (expected.kind == EntityKind::kNone) {
      // About the process, its rights or reads of it as a whole.
      EXPECT_EQ(subject.id, "p") << name;
      continue;
    }
    ++named;
    EXPECT_EQ(subject, expected) << name;
  }
  EXPECT_GT(named, 70);
}

TEST(RouteOf, GivesEveryKindAStreamAndTheTagsOfWhatItNames) {
  const Route target{"p/goal/g", {"p/goal:g", "process:p"}};
  for (const Event& event : OneOfEachKind()) {
    const Route route = RouteOf(event, IsAmendment(event) ? &target : nullptr);
    const auto name = codec::TypeName(event.fact_case());
    EXPECT_EQ(std::count(route.stream.begin(), route.stream.end(), '/'), 2)
        << name << " " << route.stream;
    EXPECT_EQ(route.stream.substr(0, 2), "p/") << name;
    EXPECT_THAT(route.tags, ::testing::Contains("process:p")) << name;
    EXPECT_TRUE(std::is_sorted(route.tags.begin(), route.tags.end())) << name;
    EXPECT_GE(route.tags.size(), 2u) << name;
    for (const Reference& reference : ReferencesOf(event)) {
      const std::string tag =
          "p/" + std::string(KindName(reference.kind)) + ":" + *reference.id;
      EXPECT_THAT(route.tags, ::testing::Contains(tag)) << name;
    }
  }
}

TEST(RouteOf, NamesStreamsAndTagsByKindAndId) {
  const Route route =
      RouteOf(EventOf(R"pb(
                on_behalf_of: "fgk"
                source { document: "aterrapport-2025" }
                grant_disbursed { grant: "fgk-2025" payment: "bg-1" })pb"),
              nullptr);
  EXPECT_EQ(route.stream, "p/grant/fgk-2025");
  EXPECT_THAT(route.tags,
              ElementsAre("p/behalf:fgk", "p/document:aterrapport-2025",
                          "p/grant:fgk-2025", "p/payment:bg-1", "process:p"));
}

TEST(RouteOf, TagsWhatIsWithinValues) {
  const Route route = RouteOf(EventOf(R"pb(
                                meeting_held {
                                  held {
                                    activity: "traff"
                                    where { place: "torget" }
                                    participants { actor: "mkb" }
                                    participants { actor: "fgk" }
                                    participants { actor: "mkb" }
                                  }
                                })pb"),
                              nullptr);
  EXPECT_THAT(route.tags,
              ElementsAre("p/activity:traff", "p/actor:fgk", "p/actor:mkb",
                          "p/place:torget", "process:p"));
}

TEST(RouteOf, TagsAllActivitiesOfAFindingAndWhoControlsThePlace) {
  const Route route =
      RouteOf(EventOf(R"pb(
                finding_logged {
                  finding: "f"
                  activities: "vandring-var"
                  activities: "vandring-host"
                  where { description: "vid torget" controlled_by: "mkb" }
                })pb"),
              nullptr);
  EXPECT_THAT(route.tags,
              ElementsAre("p/activity:vandring-host", "p/activity:vandring-var",
                          "p/actor:mkb", "p/finding:f", "process:p"));
}

TEST(RouteOf, TagsTheRegisterOfActors) {
  for (const char* fact :
       {"actor_registered { actor: 'a' }", "actor_renamed { actor: 'a' }"}) {
    EXPECT_THAT(RouteOf(EventOf(fact), nullptr).tags,
                ElementsAre("p/actor:a", "p/register:actor", "process:p"));
  }
}

TEST(RouteOf, SendsAnAmendmentAfterItsTarget) {
  const std::string uuid = "018bcfe5-6800-7000-8000-00000000002a";
  const Event cost = EventOf(
      "cost_booked { cost: 'c' grant: 'g' activity: 'old' measure: 'm' }");
  const Route booked = RouteOf(cost, nullptr);
  Event correction = EventOf(
      "event_corrected { replacement { cost_booked { cost: 'c' grant: 'g' "
      "activity: 'new' } } }");
  correction.mutable_event_corrected()->set_target(
      "018BCFE5-6800-7000-8000-00000000002A");
  const Route corrected = RouteOf(correction, &booked);
  EXPECT_EQ(corrected.stream, "p/cost/c");
  EXPECT_THAT(
      corrected.tags,
      ElementsAre("p/activity:new", "p/activity:old", "p/cost:c",
                  "p/event:" + uuid, "p/grant:g", "p/measure:m", "process:p"));
  // A correction of the correction is about it, no longer about the first.
  Event reversal = EventOf(
      "event_reversed { target: '018bcfe5-6800-7000-8000-00000000002b' }");
  const Route reversed = RouteOf(reversal, &corrected);
  EXPECT_EQ(reversed.stream, "p/cost/c");
  EXPECT_THAT(reversed.tags,
              ElementsAre("p/activity:new", "p/activity:old", "p/cost:c",
                          "p/event:018bcfe5-6800-7000-8000-00000000002b",
                          "p/grant:g", "p/measure:m", "process:p"));
}

TEST(RouteOf, LeavesOutOfAnAmendmentWhatHasNoRoom) {
  Route target{"p/grant/g", {"p/payment:z", "p/event:x", "process:p"}};
  for (int i = 0; i < 40; ++i) {
    target.tags.push_back("p/finding:f-" + std::to_string(i));
  }
  const Route reversed =
      RouteOf(EventOf("on_behalf_of: 'mkb' event_reversed { target: "
                      "'018bcfe5-6800-7000-8000-00000000002b' }"),
              &target);
  EXPECT_EQ(reversed.tags.size(), limits::kTags);
  EXPECT_THAT(reversed.tags,
              IsSupersetOf({"p/behalf:mkb", "p/payment:z", "process:p",
                            "p/event:018bcfe5-6800-7000-8000-00000000002b"}));
  EXPECT_THAT(reversed.tags, ::testing::Not(::testing::Contains("p/event:x")));
}

TEST(RouteOf, StaysWithinTheStoresLimits) {
  Event event = EventOf("");
  event.set_process(std::string(kProcessIdBytes, 'p'));
  event.mutable_dialogue_contribution_recorded()->set_contribution(
      std::string(kEntityIdBytes, 'c'));
  const Route route = RouteOf(event, nullptr);
  EXPECT_LE(route.stream.size(), limits::kStreamBytes);
  for (const std::string& tag : route.tags) {
    EXPECT_LE(tag.size(), limits::kTagBytes);
  }
}

}  // namespace
}  // namespace samverk::recording
