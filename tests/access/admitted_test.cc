// What whoever was let in may do.
#include "services/access/admitted.h"

#include <gtest/gtest.h>

#include "services/access/credential.h"
#include "tests/testing/events.h"

namespace samverk::access {
namespace {

using event::v1::Event;
using samverk::testing::EventOf;

Admitted Holding(std::vector<std::string> roles,
                 const std::string& organisation = "mkb") {
  return Admitted(CallerOf({"p-1", organisation, std::move(roles), {}}),
                  codec::Language::kEnglish);
}

TEST(Admitted, EverybodyMayEverything) {
  const Admitted who = Admitted::Everybody();
  EXPECT_TRUE(who.LoggedIn());
  EXPECT_TRUE(
      who.MayRead(EventOf("visibility: VISIBILITY_SECRET "
                          "goal_set { goal: 'g' text: 't' }")));
  EXPECT_TRUE(who.MayRecord({}).ok());
  EXPECT_TRUE(who.ReadsAll(""));
  EXPECT_EQ(who.ReadingKey(), "");
}

TEST(Admitted, NobodyReadsWhatIsOpen) {
  const Admitted nobody(Caller(), codec::Language::kEnglish);
  EXPECT_FALSE(nobody.LoggedIn());
  EXPECT_TRUE(
      nobody.MayRead(EventOf("visibility: VISIBILITY_OPEN "
                             "goal_set { goal: 'g' text: 't' }")));
  EXPECT_FALSE(nobody.MayRead(EventOf("goal_set { goal: 'g' text: 't' }")));
  EXPECT_FALSE(nobody.MayRead(Event()));
  EXPECT_FALSE(nobody.ReadsAll("p"));
}

// Without this a secret could be read off the correction that opens it, or an
// open event off the secret that stands in its place.
TEST(Admitted, ACorrectionIsReadByWhoMayReadBoth) {
  const Admitted partner = Holding({"partner@p"});
  const char* text =
      "event_corrected { target: 'x' reason_code: 'r' reason: 'r' "
      "replacement { process: 'p' goal_set { goal: 'g' text: 't' } } }";
  Event correction = EventOf(text);
  EXPECT_TRUE(partner.MayRead(correction));
  correction.mutable_event_corrected()->mutable_replacement()->set_visibility(
      event::v1::VISIBILITY_SECRET);
  EXPECT_FALSE(partner.MayRead(correction));
  correction = EventOf(text);
  correction.set_visibility(event::v1::VISIBILITY_SECRET);
  EXPECT_FALSE(partner.MayRead(correction));
}

TEST(Admitted, ReadsAllIsForWhomNothingIsEverKeptFrom) {
  EXPECT_TRUE(Holding({"arkivarie"}).ReadsAll(""));
  EXPECT_TRUE(Holding({"arkivarie"}).ReadsAll("p"));
  EXPECT_TRUE(Holding({"arkivarie@p"}).ReadsAll("p"));
  EXPECT_FALSE(Holding({"arkivarie@p"}).ReadsAll("q"));
  EXPECT_FALSE(Holding({"arkivarie@p"}).ReadsAll(""));
  for (const char* role :
       {"projektledare", "partner", "handläggare", "ekonom", "polis",
        "controller", "styrgrupp", "boende", "administratör"}) {
    EXPECT_FALSE(Holding({role}).ReadsAll("p")) << role;
  }
}

TEST(Admitted, ReadingKeysAreEqualForWhoReadTheSame) {
  EXPECT_EQ(Holding({"partner@p"}).ReadingKey(),
            Holding({"partner@p"}).ReadingKey());
  EXPECT_NE(Holding({"partner@p"}).ReadingKey(),
            Holding({"partner@q"}).ReadingKey());
  EXPECT_NE(Holding({"partner@p"}, "mkb").ReadingKey(),
            Holding({"partner@p"}, "fgk").ReadingKey());
  EXPECT_NE(Holding({"handläggare@p"}).ReadingKey(),
            Holding({"handläggare@p", "secrecy:OSL 18:1@p"}).ReadingKey());
  EXPECT_NE(Holding({}).ReadingKey(), "");
}

TEST(Admitted, BecomesTheRecorderOfWhatNamesNone) {
  const Admitted leader = Holding({"projektledare@p"});
  Event event = EventOf("goal_set { goal: 'g' text: 't' }");
  event.clear_recorded_by();
  ASSERT_TRUE(leader.BeRecorder(event).ok());
  EXPECT_EQ(event.recorded_by().organisation(), "mkb");
  EXPECT_EQ(event.recorded_by().subject(), "p-1");
  // No role: the same sent again, with other rights, is the same.
  EXPECT_EQ(event.recorded_by().role(), "");
  EXPECT_TRUE(leader.BeRecorder(event).ok());

  event.mutable_recorded_by()->set_role("projektledare");
  EXPECT_TRUE(leader.BeRecorder(event).ok());
  event.mutable_recorded_by()->set_role("områdesvärd");
  EXPECT_TRUE(leader.BeRecorder(event).ok());
  event.mutable_recorded_by()->set_role("polis");
  EXPECT_TRUE(absl::IsPermissionDenied(leader.BeRecorder(event)));
  event.mutable_recorded_by()->set_role("");

  event.mutable_recorded_by()->set_subject("p-2");
  const absl::Status other = leader.BeRecorder(event);
  EXPECT_TRUE(absl::IsPermissionDenied(other)) << other;
  event.mutable_recorded_by()->set_subject("p-1");
  event.mutable_recorded_by()->set_organisation("fgk");
  EXPECT_TRUE(absl::IsPermissionDenied(leader.BeRecorder(event)));
}

// Whoever reads the register reads "Polis" as they read "polis".
TEST(Admitted, ARoleIsTheSameHoweverItIsWritten) {
  const Admitted leader = Holding({"projektledare@p"});
  Event event = EventOf("goal_set { goal: 'g' text: 't' }");
  auto& recorder = *event.mutable_recorded_by();
  recorder.set_organisation("mkb");
  recorder.set_subject("p-1");
  for (const char* role :
       {"Polis", "POLIS", " polis ", "Police", "polis\t", "po lis",
        "po\u00ADlis", "\u200Bpolis", "ｐｏｌｉｓ", "Handläggare",
        "HANDLÄGGARE", "handla\u0308ggare", "Steering group", "steering-group",
        "Styrgrupp", "ADMINISTRATÖR"}) {
    recorder.set_role(role);
    EXPECT_TRUE(absl::IsPermissionDenied(leader.BeRecorder(event))) << role;
  }
  for (const char* role : {"Projektledare", " PROJECT_LEADER", "Project Leader",
                           "områdesvärd", "polisens granne", "p", "_"}) {
    recorder.set_role(role);
    EXPECT_TRUE(leader.BeRecorder(event).ok()) << role;
  }
}

TEST(Admitted, ACorrectionPutsNobodyElseInAsTheRecorder) {
  const Admitted leader = Holding({"projektledare@p"});
  Event event = EventOf(
      "event_corrected { target: 'x' reason_code: 'r' reason: 'r' replacement "
      "{ process: 'p' goal_set { goal: 'g' text: 't' } } }");
  event.clear_recorded_by();
  EXPECT_TRUE(leader.BeRecorder(event).ok());
  auto& replacement = *event.mutable_event_corrected()->mutable_replacement();
  replacement.mutable_recorded_by()->set_organisation("mkb");
  replacement.mutable_recorded_by()->set_subject("p-1");
  EXPECT_TRUE(leader.BeRecorder(event).ok());
  replacement.mutable_recorded_by()->set_subject("p-2");
  EXPECT_TRUE(absl::IsPermissionDenied(leader.BeRecorder(event)));
}

}  // namespace
}  // namespace samverk::access
