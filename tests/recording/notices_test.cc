// What a recorder should know about an event that is accepted.
#include "services/recording/notices.h"

#include <string>

#include "absl/strings/str_cat.h"
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
