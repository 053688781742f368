// What a recorder should know about an event that is accepted.
#include "services/recording/notices.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/testing/given.h"

namespace samverk::testing {
namespace {

using event::v1::Event;

// "occurred { edtf: … } " before a fact.
std::string On(const std::string& edtf, const std::string& fact) {
  return absl::StrCat("occurred { edtf: '", edtf, "' } ", fact);
}

using recording::NoticeKind;

TEST(Notice, OfALateEvent) {
  // It is 2026-02-01T12:00Z; thirty days before is 2026-01-02T12:00Z.
  const std::string goal = "goal_set { goal: 'g-2' text: 't' }";
  Given().When(On("2026-01-02", goal)).ThenNotices({});
  Given().When(On("2026-01-01", goal)).ThenNotices({NoticeKind::kLate});
  Given().When(On("2025/2026", goal)).ThenNotices({});
  Given().When(goal).ThenNotices({});
}

// Days of the calendar in Europe/Stockholm, from the last that it happened on.
TEST(Notice, OfALateEventCountsDays) {
  const auto days = [](const std::string& edtf, const std::string& now) {
    Given given;
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, now, &time, &error));
    given.clock().Set(time);
    const auto verdict =
        given.When(On(edtf, "goal_set { goal: 'g-2' text: 't' }"));
    return verdict.notices().empty()
               ? std::string()
               : verdict.notices()[0].notice.values[0].second;
  };
  EXPECT_EQ(days("2025-10-14", "2026-11-26T14:04:00Z"), "408");
  EXPECT_EQ(days("2025-10", "2026-11-26T14:04:00Z"), "391");
  EXPECT_EQ(days("2025-10-14T18:30", "2026-11-26T08:00:00Z"), "408");
  // By Stockholm's midnight.
  EXPECT_EQ(days("2025-10-14", "2026-11-26T22:59:59Z"), "408");
  EXPECT_EQ(days("2025-10-14", "2026-11-26T23:00:00Z"), "409");
  EXPECT_EQ(days("2025-10-14T23:30", "2025-11-13T22:59:00Z"), "");
  EXPECT_EQ(days("2025-10-14T00:30", "2025-11-13T23:01:00Z"), "31");
}

// A name that is mistyped would stand as who recorded.
TEST(Notice, OfARecorderThatIsNoActor) {
  const auto by = [](const std::string& organisation, const std::string& fact) {
    Event event = EventOf(fact);
    event.mutable_recorded_by()->set_organisation(organisation);
    return event;
  };
  const std::string goal = "goal_set { goal: 'g-2' text: 't' }";
  Given().When(by("mkb", goal)).ThenNotices({});
  Given().When(by("mbk", goal)).ThenNotices({NoticeKind::kUnknownRecorder});
  // Who registers actors need not be one, and a later event may register it.
  const std::string registered =
      "actor_registered { actor: 'mbk' name: 'MBK' kind: "
      "ACTOR_KIND_ASSOCIATION }";
  Given().When(by("mbk", registered)).ThenNotices({});
  Given().WhenAll({by("mbk", goal), EventOf(registered)}).ThenNotices({});
  Given given;
  given.And(registered);
  given.When(by("mbk", goal)).ThenNotices({});
  // A system that imports is no actor.
  Event imported = by("xlsx-import", goal);
  imported.mutable_source()->set_kind(event::v1::SOURCE_KIND_IMPORTED);
  imported.mutable_source()->set_system("xlsx");
  imported.mutable_source()->set_ref("B2");
  Given().When(imported).ThenNotices({});
}

TEST(Notice, OfAnUnknownMention) {
  const auto naming = [](const std::string& name) {
    return "mentioned_actors: '" + name +
           "' goal_set { goal: 'g-2' text: 't' }";
  };
  Given given;
  given.And("actor_renamed { actor: 'hgf' name: 'Hyresgästföreningen Syd' }");
  for (const char* name :
       {"mkb", "MKB", "MKB Fastighets AB", "mkb fastighets ab",
        "Hyresgästföreningen", "Hyresgästföreningen Syd"}) {
    given.When(naming(name)).ThenNotices({});
  }
  given.When(naming("MKB Fastighet AB"))
      .ThenNotices({NoticeKind::kUnknownMention});
  given
      .WhenAll({EventOf("actor_registered { actor: 'skolor' name: 'Skolor' "
                        "kind: ACTOR_KIND_SCHOOL }"),
                EventOf(naming("Skolor"))})
      .ThenNotices({});
}

TEST(Notice, OfAMentionLooksAtTheWholeBatch) {
  const auto naming = [](const std::string& name, const std::string& fact) {
    return EventOf("mentioned_actors: '" + name + "' " + fact);
  };
  const std::string registered =
      "actor_registered { actor: 'gnistan' name: 'Föreningen Ärlan' kind: "
      "ACTOR_KIND_ASSOCIATION }";
  // The actor that the event itself registers, renames, or the next one does.
  Given().When(naming("Föreningen Ärlan", registered)).ThenNotices({});
  Given()
      .When(naming("Ny Förening",
                   "actor_renamed { actor: 'hgf' name: 'Ny Förening' }"))
      .ThenNotices({});
  Given()
      .WhenAll({naming("Gnistan", "goal_set { goal: 'g-2' text: 't' }"),
                EventOf("actor_registered { actor: 'x' name: 'Gnistan' kind: "
                        "ACTOR_KIND_ASSOCIATION }")})
      .ThenNotices({});
  Given given;
  given.And(registered);
  given.When(naming("FÖRENINGEN ÄRLAN", "goal_set { goal: 'g-2' text: 't' }"))
      .ThenNotices({});
  given.When(naming("Foreningen Arlan", "goal_set { goal: 'g-2' text: 't' }"))
      .ThenNotices({NoticeKind::kUnknownMention});
}

TEST(SameName, LooksPastTheSizeOfLetters) {
  using recording::SameName;
  EXPECT_TRUE(SameName("MKB", "mkb"));
  EXPECT_TRUE(SameName("ÅÄÖÉÜ", "åäöéü"));
  EXPECT_TRUE(SameName("ŁÓDŹ ŠŤ", "łódź šť"));
  EXPECT_FALSE(SameName("a×", "a÷"));
  EXPECT_FALSE(SameName("mkb", "mkb "));
  EXPECT_FALSE(SameName("ö", "o"));
}

TEST(Notice, OfACostOutsideItsGrantsPeriod) {
  Given given;
  given.clock().Set(absl::FromUnixSeconds(1'751'000'000));  // June 2025
  const auto cost = [](const std::string& edtf) {
    Event event = CostOf("c-2", 100);
    event.mutable_occurred()->set_edtf(edtf);
    return event;
  };
  given.When(cost("2025-06-20")).ThenNotices({});
  given.When(cost("2025-01-01")).ThenNotices({NoticeKind::kLate});
  given.When(cost("2024-12-31"))
      .ThenNotices({NoticeKind::kLate, NoticeKind::kOutsidePeriod});
  Event own = cost("2024-12-31");
  own.mutable_cost_booked()->clear_grant();
  given.When(own).ThenNotices({NoticeKind::kLate});
}

TEST(Notice, OfAnEventThatComesAfterALaterOne) {
  Given given;
  given.And(On("2026-01-20",
               "finding_assigned { finding: 'f-1' assignee: "
               "'fgk' }"));
  const std::string assigned =
      "finding_assigned { finding: 'f-1' assignee: 'mkb' }";
  given.When(On("2026-01-19", assigned)).ThenNotices({NoticeKind::kOutOfOrder});
  given.When(On("2026-01-20", assigned)).ThenNotices({});
  given.When(On("2026-01-21", assigned)).ThenNotices({});
}

}  // namespace
}  // namespace samverk::testing
