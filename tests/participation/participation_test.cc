// The participation fold, fact by fact.
#include "projections/participation/participation.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "samverk/view/v1/participation.pb.h"
#include "tests/testing/any_order.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::GivenFacts;
using testing::Text;
using view::v1::ParticipationEntry;

Event MkbRegistered() {
  return Text<Event>(R"pb(occurred { edtf: "2025" }
                          actor_registered {
                            actor: "mkb"
                            name: "MKB Fastighet AB"
                            aliases: "MKB"
                            kind: ACTOR_KIND_HOUSING_COMPANY
                            organisation_number: "556049-1432"
                          })pb");
}

TEST(FoldParticipation, RegistersAnActor) {
  GivenFacts(ParticipationProjection(),
             {Text<Event>(R"pb(actor_registered {
                                 actor: "fgk"
                                 name: "Fastighets- och gatukontoret"
                                 aliases: "FGK"
                                 kind: ACTOR_KIND_ADMINISTRATION
                                 organisation_number: "212000-1124"
                                 part_of: "malmo"
                               })pb")})
      .ThenEntry<ParticipationEntry>(
          "p/actor/fgk",
          R"pb(actor {
                 actor: "fgk"
                 names {
                   name: "Fastighets- och gatukontoret"
                   origin { position: 1 }
                 }
                 aliases: "FGK"
                 kind: ACTOR_KIND_ADMINISTRATION
                 part_of: "malmo"
                 organisation_number: "212000-1124"
                 origin { position: 1 recorded_by: "org/role" }
               })pb");
}

TEST(FoldParticipation, MarksTheNameThatWasWrong) {
  GivenFacts(ParticipationProjection(),
             {MkbRegistered(), Text<Event>(R"pb(occurred { edtf: "2026-01-20" }
                                                actor_renamed {
                                                  actor: "mkb"
                                                  name: "MKB Fastighets AB"
                                                  correction: true
                                                })pb")})
      .ThenEntry<ParticipationEntry>("p/actor/mkb",
                                     R"pb(actor {
                                            actor: "mkb"
                                            names {
                                              name: "MKB Fastighets AB"
                                              corrects: true
                                              origin { position: 2 }
                                            }
                                            names {
                                              name: "MKB Fastighet AB"
                                              wrong: true
                                              origin { position: 1 }
                                            }
                                            aliases: "MKB"
                                            kind: ACTOR_KIND_HOUSING_COMPANY
                                            organisation_number: "556049-1432"
                                            origin { position: 1 }
                                          })pb");
}

TEST(FoldParticipation, ANameThatCameLateTakesItsPlaceInTime) {
  // "Nya Gnistan" was the name from March; that it was "Gnistan II" in between
  // is told afterwards, and the correction in April is about that one.
  GivenFacts(
      ParticipationProjection(),
      {Text<Event>(R"pb(actor_registered {
                          actor: "g"
                          name: "Gnistan"
                          kind: ACTOR_KIND_ASSOCIATION
                        })pb"),
       Text<Event>(R"pb(occurred { edtf: "2025-04-01" }
                        actor_renamed {
                          actor: "g"
                          name: "Nya Gnistan"
                          correction: true
                        })pb"),
       Text<Event>(R"pb(occurred { edtf: "2025-03-01" }
                        actor_renamed { actor: "g" name: "Gnistan II" })pb")})
      .ThenEntry<ParticipationEntry>("p/actor/g",
                                     R"pb(actor {
                                            actor: "g"
                                            names {
                                              name: "Nya Gnistan"
                                              corrects: true
                                              origin { position: 2 }
                                            }
                                            names {
                                              name: "Gnistan II"
                                              wrong: true
                                              origin { position: 3 }
                                            }
                                            names {
                                              name: "Gnistan"
                                              origin { position: 1 }
                                            }
                                            kind: ACTOR_KIND_ASSOCIATION
                                            origin { position: 1 }
                                          })pb");
}

TEST(FoldParticipation, ARoleLastsUntilItEnds) {
  GivenFacts(ParticipationProjection(),
             {Text<Event>(R"pb(occurred { edtf: "2025-02-01" }
                               role_assigned {
                                 actor: "mkb"
                                 kind: ROLE_KIND_LEAD
                                 description: "Huvudansvarig"
                                 mandate: "avtal"
                                 valid { edtf: "2025/2026" }
                               })pb"),
              Text<Event>(R"pb(role_assigned {
                                 actor: "mkb"
                                 kind: ROLE_KIND_FUNDER
                               })pb"),
              Text<Event>(R"pb(occurred { edtf: "2025-12-31" }
                               role_ended {
                                 actor: "mkb"
                                 kind: ROLE_KIND_LEAD
                                 reason: "ny ledning"
                               })pb"),
              // Given again after the end: not ended by it.
              Text<Event>(R"pb(occurred { edtf: "2026-02-01" }
                               role_assigned {
                                 actor: "mkb"
                                 kind: ROLE_KIND_LEAD
                               })pb")})
      .ThenEntry<ParticipationEntry>("p/actor/mkb",
                                     R"pb(actor {
                                            actor: "mkb"
                                            roles {
                                              kind: ROLE_KIND_LEAD
                                              description: "Huvudansvarig"
                                              mandate: "avtal"
                                              valid { edtf: "2025/2026" }
                                              origin { position: 1 }
                                              ended { position: 3 }
                                            }
                                            roles {
                                              kind: ROLE_KIND_FUNDER
                                              valid {}
                                              origin { position: 2 }
                                            }
                                            roles {
                                              kind: ROLE_KIND_LEAD
                                              valid {}
                                              origin { position: 4 }
                                            }
                                            role_ends {
                                              kind: ROLE_KIND_LEAD
                                              reason: "ny ledning"
                                              origin { position: 3 }
                                            }
                                          })pb");
}

TEST(FoldParticipation, AnEndThatCameBeforeItsRoleEndsIt) {
  GivenFacts(
      ParticipationProjection(),
      {Text<Event>(R"pb(occurred { edtf: "2025-12-31" }
                        role_ended { actor: "a" kind: ROLE_KIND_LEAD })pb"),
       Text<Event>(
           R"pb(occurred { edtf: "2025" }
                role_assigned { actor: "a" kind: ROLE_KIND_LEAD })pb")})
      .ThenEntry<ParticipationEntry>("p/actor/a",
                                     R"pb(actor {
                                            actor: "a"
                                            roles {
                                              kind: ROLE_KIND_LEAD
                                              valid {}
                                              origin { position: 2 }
                                              ended { position: 1 }
                                            }
                                            role_ends {
                                              kind: ROLE_KIND_LEAD
                                              origin { position: 1 }
                                            }
                                          })pb");
}

TEST(FoldParticipation, WithoutTimesAnEndIsAboutTheRolesRecordedBeforeIt) {
  GivenFacts(
      ParticipationProjection(),
      {Text<Event>(R"pb(role_assigned { actor: "a" kind: ROLE_KIND_LEAD })pb"),
       Text<Event>(R"pb(role_ended { actor: "a" kind: ROLE_KIND_LEAD })pb"),
       Text<Event>(R"pb(role_assigned { actor: "a" kind: ROLE_KIND_LEAD })pb")})
      .ThenEntry<ParticipationEntry>("p/actor/a",
                                     R"pb(actor {
                                            actor: "a"
                                            roles {
                                              kind: ROLE_KIND_LEAD
                                              valid {}
                                              origin { position: 1 }
                                              ended { position: 2 }
                                            }
                                            roles {
                                              kind: ROLE_KIND_LEAD
                                              valid {}
                                              origin { position: 3 }
                                            }
                                            role_ends {
                                              kind: ROLE_KIND_LEAD
                                              origin { position: 2 }
                                            }
                                          })pb");
}

TEST(FoldParticipation, EveryActorOfWhatWasHeldTookPart) {
  GivenFacts(ParticipationProjection(),
             {Text<Event>(R"pb(occurred { edtf: "2025-09-17" }
                               safety_walk_held {
                                 held {
                                   activity: "walk"
                                   title: "Trygghetsvandring höst"
                                   organiser: "mkb"
                                   participants {
                                     actor: "boende"
                                     role: "medverkande"
                                     headcount { total: 14 }
                                   }
                                   participants { actor: "mkb" role: "ledare" }
                                   headcount { total: 20 }
                                 }
                               })pb")})
      .ThenEntry<ParticipationEntry>(
          "p/participation/boende/walk/00000000000000000001",
          R"pb(participation {
                 actor: "boende"
                 activity: "walk"
                 kind: ACTIVITY_KIND_SAFETY_WALK
                 title: "Trygghetsvandring höst"
                 role: "medverkande"
                 headcount { total: 14 }
                 occasions: 1
                 origin {
                   position: 1
                   occurred { edtf: "2025-09-17" }
                 }
               })pb")
      .ThenEntry<ParticipationEntry>(
          "p/participation/mkb/walk/00000000000000000001",
          R"pb(participation {
                 actor: "mkb"
                 activity: "walk"
                 kind: ACTIVITY_KIND_SAFETY_WALK
                 title: "Trygghetsvandring höst"
                 role: "ledare"
                 organiser: true
                 occasions: 1
                 origin { position: 1 }
               })pb")
      .ThenEntry<ParticipationEntry>("p/attendance/walk/00000000000000000001",
                                     R"pb(attendance {
                                            activity: "walk"
                                            kind: ACTIVITY_KIND_SAFETY_WALK
                                            headcount { total: 20 }
                                            origin { position: 1 }
                                          })pb");
}

// The kind comes from the kind of fact.
struct HeldKind {
  std::string fact;
  std::string kind;
};

class FoldParticipationOf : public ::testing::TestWithParam<HeldKind> {};

TEST_P(FoldParticipationOf, EachKindOfActivity) {
  const auto& [fact, kind] = GetParam();
  GivenFacts(ParticipationProjection(),
             {Text<Event>(fact + R"pb({
                                        held {
                                          activity: "x"
                                          title: "X"
                                          organiser: "a"
                                          headcount { total: 3 }
                                        }
                                      })pb")})
      .ThenEntry<ParticipationEntry>(
          "p/participation/a/x/00000000000000000001",
          "participation { actor: 'a' activity: 'x' title: 'X' organiser: true "
          "occasions: 1 origin { position: 1 } kind: " +
              kind + "}")
      .ThenEntry<ParticipationEntry>(
          "p/attendance/x/00000000000000000001",
          "attendance { activity: 'x' headcount { total: 3 } "
          "origin { position: 1 } kind: " +
              kind + "}");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FoldParticipationOf,
    ::testing::Values(HeldKind{"meeting_held", "ACTIVITY_KIND_MEETING"},
                      HeldKind{"safety_walk_held", "ACTIVITY_KIND_SAFETY_WALK"},
                      HeldKind{"dialogue_held", "ACTIVITY_KIND_DIALOGUE"},
                      HeldKind{"workshop_held", "ACTIVITY_KIND_WORKSHOP"},
                      HeldKind{"community_event_held",
                               "ACTIVITY_KIND_COMMUNITY_EVENT"},
                      HeldKind{"survey_conducted", "ACTIVITY_KIND_SURVEY"}),
    [](const auto& instance) { return instance.param.fact; });

TEST(FoldParticipation, ASurveyWithoutHeadsHasNoAttendance) {
  GivenFacts(ParticipationProjection(),
             {Text<Event>(R"pb(survey_conducted {
                                 held { activity: "s" organiser: "mkb" }
                                 answers: 34
                               })pb")})
      .ThenNoEntry<ParticipationEntry>("p/attendance/s/00000000000000000001");
}

TEST(FoldParticipation, ASeriesOfUnknownNumberHasNoOccasions) {
  GivenFacts(ParticipationProjection(),
             {Text<Event>(R"pb(meeting_held {
                                 held {
                                   activity: "m"
                                   title: "Samverkansträff"
                                   organiser: "mkb"
                                   series: true
                                   cadence: "varannan månad"
                                 }
                               })pb")})
      .ThenEntry<ParticipationEntry>(
          "p/participation/mkb/m/00000000000000000001",
          R"pb(participation {
                 actor: "mkb"
                 activity: "m"
                 kind: ACTIVITY_KIND_MEETING
                 title: "Samverkansträff"
                 organiser: true
                 occasions: 0
                 origin { position: 1 }
               })pb");
}

TEST(FoldParticipation, AnActorMentionedTwiceTookPartOnce) {
  GivenFacts(
      ParticipationProjection(),
      {Text<Event>(R"pb(workshop_held {
                          held {
                            activity: "w"
                            participants {
                              actor: "boende"
                              role: "planering"
                              headcount {
                                total: 10
                                by_category { category: "vuxna" count: 6 }
                                by_category { category: "barn" count: 4 }
                                basis: COUNT_BASIS_COUNTED
                              }
                            }
                            participants {
                              actor: "boende"
                              role: "servering"
                              headcount {
                                total: 5
                                by_category { category: "barn" }
                                by_category { category: "äldre" count: 2 }
                                basis: COUNT_BASIS_ESTIMATED
                              }
                            }
                          }
                        })pb")})
      .ThenEntry<ParticipationEntry>(
          "p/participation/boende/w/00000000000000000001",
          R"pb(participation {
                 actor: "boende"
                 activity: "w"
                 kind: ACTIVITY_KIND_WORKSHOP
                 role: "planering, servering"
                 headcount {
                   total: 15
                   by_category { category: "vuxna" count: 6 }
                   by_category { category: "barn" }
                   by_category { category: "äldre" count: 2 }
                   basis: COUNT_BASIS_ESTIMATED
                 }
                 occasions: 1
                 origin { position: 1 }
               })pb")
      // Heads in all were not recorded: those of the participants together.
      .ThenEntry<ParticipationEntry>(
          "p/attendance/w/00000000000000000001",
          R"pb(attendance {
                 activity: "w"
                 kind: ACTIVITY_KIND_WORKSHOP
                 headcount {
                   total: 15
                   by_category { category: "vuxna" count: 6 }
                   by_category { category: "barn" }
                   by_category { category: "äldre" count: 2 }
                   basis: COUNT_BASIS_ESTIMATED
                 }
                 origin { position: 1 }
               })pb");
}

TEST(FoldParticipation, HeadsInAllAreNotKnownWhenAParticipantIsUncounted) {
  GivenFacts(ParticipationProjection(),
             {Text<Event>(R"pb(dialogue_held {
                                 held {
                                   activity: "d"
                                   participants {
                                     actor: "boende"
                                     headcount { total: 10 }
                                   }
                                   participants { actor: "polisen" }
                                 }
                               })pb")})
      .ThenEntry<ParticipationEntry>("p/attendance/d/00000000000000000001",
                                     R"pb(attendance {
                                            activity: "d"
                                            kind: ACTIVITY_KIND_DIALOGUE
                                            headcount {}
                                            origin { position: 1 }
                                          })pb");
}

TEST(FoldParticipation, ACorrectionTakesOutThoseWhoWereNotThere) {
  GivenFacts(ParticipationProjection(),
             {Text<Event>(R"pb(meeting_held {
                                 held {
                                   activity: "m"
                                   participants { actor: "polisen" }
                                 }
                               })pb"),
              Text<Event>(R"pb(event_corrected {
                                 target: "00000000-0000-4000-8000-000000000001"
                                 reason_code: "skrivfel"
                                 reason: "fel aktör"
                                 replacement {
                                   process: "p"
                                   recorded_by { organisation: "org" }
                                   meeting_held {
                                     held {
                                       activity: "m"
                                       participants { actor: "fgk" }
                                     }
                                   }
                                 }
                               })pb")})
      .ThenNoEntry<ParticipationEntry>(
          "p/participation/polisen/m/00000000000000000001")
      .ThenNoEntry<ParticipationEntry>("p/attendance/m/00000000000000000001")
      .ThenEntry<ParticipationEntry>(
          "p/participation/fgk/m/00000000000000000002",
          R"pb(participation {
                 actor: "fgk"
                 activity: "m"
                 kind: ACTIVITY_KIND_MEETING
                 occasions: 1
                 origin { position: 2 }
               })pb");
}

TEST(FoldParticipation, AReversedRegistrationLeavesTheRoles) {
  GivenFacts(
      ParticipationProjection(),
      {MkbRegistered(), Text<Event>(R"pb(role_assigned { actor: "mkb" })pb"),
       Text<Event>(R"pb(event_reversed {
                          target: "00000000-0000-4000-8000-000000000001"
                          reason_code: "fel"
                          reason: "fel"
                        })pb")})
      .ThenEntry<ParticipationEntry>("p/actor/mkb",
                                     R"pb(actor {
                                            actor: "mkb"
                                            roles {
                                              valid {}
                                              origin { position: 2 }
                                            }
                                          })pb");
}

TEST(FoldParticipation, ARegistrationRecordedAgainStandsUntilTakenBack) {
  const Event again = Text<Event>(R"pb(occurred { edtf: "2026" }
                                       actor_registered {
                                         actor: "mkb"
                                         name: "MKB"
                                         kind: ACTOR_KIND_COMPANY
                                       })pb");
  GivenFacts(ParticipationProjection(), {MkbRegistered(), again})
      .ThenEntry<ParticipationEntry>("p/actor/mkb",
                                     R"pb(actor {
                                            actor: "mkb"
                                            names {
                                              name: "MKB"
                                              origin { position: 2 }
                                            }
                                            names {
                                              name: "MKB Fastighet AB"
                                              origin { position: 1 }
                                            }
                                            kind: ACTOR_KIND_COMPANY
                                            origin { position: 2 }
                                          })pb");
  GivenFacts(ParticipationProjection(),
             {MkbRegistered(), again,
              Text<Event>(R"pb(event_voided {
                                 target: "00000000-0000-4000-8000-000000000002"
                                 reason_code: "fel"
                                 reason: "fel process"
                               })pb")})
      .ThenEntry<ParticipationEntry>("p/actor/mkb",
                                     R"pb(actor {
                                            actor: "mkb"
                                            names {
                                              name: "MKB Fastighet AB"
                                              origin { position: 1 }
                                            }
                                            aliases: "MKB"
                                            kind: ACTOR_KIND_HOUSING_COMPANY
                                            organisation_number: "556049-1432"
                                            origin { position: 1 }
                                          })pb")
      .ThenNoEntry<ParticipationEntry>(
          "p/earlier/actor/mkb/registered/00000000000000000001");
}

TEST(FoldParticipation, RetractUndoesApply) {
  testing::ExpectRetractUndoesApply(
      ParticipationProjection(),
      {MkbRegistered(),
       Text<Event>(
           R"pb(actor_renamed { actor: "mkb" name: "B" correction: true })pb"),
       Text<Event>(R"pb(occurred { edtf: "2024" }
                        actor_renamed { actor: "mkb" name: "C" })pb"),
       Text<Event>(R"pb(role_ended { actor: "mkb" kind: ROLE_KIND_LEAD })pb"),
       Text<Event>(
           R"pb(occurred { edtf: "2025" }
                role_assigned { actor: "mkb" kind: ROLE_KIND_LEAD })pb"),
       Text<Event>(R"pb(role_ended { actor: "mkb" kind: ROLE_KIND_LEAD })pb"),
       Text<Event>(
           R"pb(meeting_held { held { activity: "m" organiser: "mkb" } })pb"),
       Text<Event>(R"pb(meeting_held {
                          held {
                            activity: "m"
                            participants {
                              actor: "mkb"
                              headcount { total: 1 }
                            }
                          }
                        })pb"),
       Text<Event>(R"pb(activity_scheduled { activity: "m" })pb"),
       MkbRegistered()});
}

Event AnyFact(testing::Chance& chance) {
  Event event;
  *event.mutable_occurred() = testing::AnyTime(chance);
  const std::string actor = chance.Pick({"mkb", "fgk"});
  switch (chance.Below(5)) {
    case 0:
      event.mutable_actor_registered()->set_actor(actor);
      event.mutable_actor_registered()->set_name(chance.Pick({"A", "B"}));
      event.mutable_actor_registered()->add_aliases(chance.Pick({"a", "b"}));
      break;
    case 1:
      event.mutable_actor_renamed()->set_actor(actor);
      event.mutable_actor_renamed()->set_name(chance.Pick({"C", "D"}));
      event.mutable_actor_renamed()->set_correction(chance.Maybe());
      break;
    case 2:
      event.mutable_role_assigned()->set_actor(actor);
      event.mutable_role_assigned()->set_kind(
          chance.Maybe() ? event::v1::ROLE_KIND_LEAD
                         : event::v1::ROLE_KIND_FUNDER);
      break;
    case 3:
      event.mutable_role_ended()->set_actor(actor);
      event.mutable_role_ended()->set_kind(event::v1::ROLE_KIND_LEAD);
      break;
    default: {
      auto& held = chance.Maybe()
                       ? *event.mutable_meeting_held()->mutable_held()
                       : *event.mutable_survey_conducted()->mutable_held();
      held.set_activity(chance.Pick({"x", "y"}));
      held.set_organiser(actor);
      held.add_participants()->set_actor(chance.Pick({"mkb", "boende"}));
      if (chance.Maybe()) held.mutable_headcount()->set_total(7);
    }
  }
  return event;
}

TEST(FoldParticipation, FactsMayComeAndGoInAnyOrder) {
  testing::ExpectAnyOrderGivesTheSame(ParticipationProjection(), 40, AnyFact);
}

}  // namespace
}  // namespace samverk::projections
