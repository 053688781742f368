// C1 to C7, C13 and C14: what a controller must see in the money.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/checks/check_answers.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::Asking;
using testing::Booked;
using testing::CheckAnswer;
using testing::CheckOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Ids;
using testing::InKindHours;
using ::testing::IsEmpty;
using testing::MoneyOf2025;
using ::testing::Not;
using testing::PositionsOf;
using testing::Text;
using testing::TextOf;
using testing::WithTime;

std::vector<Event> With(std::vector<Event> events,
                        const std::vector<Event>& more) {
  events.insert(events.end(), more.begin(), more.end());
  return events;
}

// Ids of one rule's checks, asked about 2025.
std::vector<std::string> Found(std::string_view rule,
                               const std::vector<Event>& events,
                               std::string_view on = "2026-01-31") {
  return Ids(CheckAnswer(events, Asking("2025", on)), rule);
}

std::string Said(std::string_view id, const std::vector<Event>& events) {
  return TextOf(CheckAnswer(events, Asking("2025")), id);
}

Event Disbursed(int64_t ore) {
  Event event = Text<Event>(R"pb(
    grant_disbursed {
      grant: "fgk-2025"
      payment: "p"
      amount { currency: "SEK" precision: PRECISION_EXACT }
    })pb");
  event.mutable_grant_disbursed()->mutable_amount()->set_ore(ore);
  return event;
}

// A total that leaves nothing to be asked.
Event Total(int64_t ore, event::v1::Precision precision) {
  Event event = testing::M4();
  auto& stated = *event.mutable_amount_stated();
  stated.clear_total_of();
  stated.mutable_period()->set_edtf("2025");
  stated.mutable_amount()->set_ore(ore);
  stated.mutable_amount()->set_precision(precision);
  stated.mutable_amount()->set_currency_inferred(false);
  stated.mutable_amount()->set_vat(event::v1::VAT_NOT_APPLICABLE);
  return event;
}

TEST(C1, TotalThatCountsWhatWasNotUsed) {
  const auto answer = CheckAnswer(MoneyOf2025(), Asking("2025"));
  EXPECT_EQ(
      TextOf(answer, "C1/m4"),
      "Uppgiven totalsumma: \"cirka 642 840\". Beviljat + egen insats: "
      "300 000 kr + 342 840 kr = 642 840 kr. Använt + egen insats: ca "
      "270 000 kr + 342 840 kr = ca 612 840 kr. Summan räknar med hela det "
      "beviljade beloppet, också det som inte har använts: den blandar det som "
      "har funnits och det som har förbrukats. Den anges som ungefärlig, men "
      "delarna är det inte. Den anger inte enhet, moms och period.");
  EXPECT_THAT(PositionsOf(answer, "C1/m4"), ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(CheckOf(answer, "C1/m4").section(), 2u);
}

TEST(C1, TotalOnTheBasisOfWhatWasUsedIsRight) {
  const std::vector<Event> base = {testing::M1(), testing::M2(), testing::M3()};
  const int64_t used = 61284000;
  EXPECT_THAT(
      Found("C1", With(base, {Total(used, event::v1::PRECISION_ESTIMATE)})),
      IsEmpty());
  // Said without "ca", though a part is an estimate.
  EXPECT_THAT(
      Said("C1/m4", With(base, {Total(used, event::v1::PRECISION_STATED)})),
      HasSubstr("utan \"ca\", men någon av delarna är en uppskattning"));
  EXPECT_THAT(
      Said("C1/m4", With(base, {Total(used + 1, event::v1::PRECISION_STATED)})),
      HasSubstr("Summan stämmer inte med någon uträkning."));
}

TEST(C1, GrantThatIsUsedUpLeavesNothingToMix) {
  Event used = testing::M2();
  used.mutable_amount_stated()->mutable_amount()->set_ore(30000000);
  used.mutable_amount_stated()->mutable_amount()->set_precision(
      event::v1::PRECISION_STATED);
  EXPECT_THAT(Found("C1", {testing::M1(), used, testing::M3(),
                           Total(64284000, event::v1::PRECISION_STATED)}),
              IsEmpty());
}

TEST(C1, PartsThatDoNotSumToTheTotal) {
  Event total = Total(64284000, event::v1::PRECISION_STATED);
  auto* part = total.mutable_amount_stated()->add_total_of();
  part->set_label("egen insats");
  part->set_statement("m3");
  EXPECT_THAT(Said("C1/m4", {testing::M1(), testing::M3(), total}),
              HasSubstr("Delarna som anges ger 342 840 kr."));
}

TEST(C1, TotalWithoutAnythingToDeriveItFrom) {
  EXPECT_THAT(Said("C1/m4", {testing::M4()}),
              HasSubstr("Summan kan inte räknas fram ur registret."));
}

TEST(C1, ReportsWordOnTheAwardAgainstTheDecision) {
  const auto claim = [](int64_t ore) {
    Event event = Text<Event>(R"pb(
      amount_stated {
        statement: "b"
        kind: STATED_KIND_GRANT_AWARDED
        grant: "fgk-2025"
        period { edtf: "2025" }
        amount { currency: "SEK" precision: PRECISION_STATED }
      })pb");
    event.mutable_amount_stated()->mutable_amount()->set_ore(ore);
    return event;
  };
  EXPECT_THAT(Found("C1", {testing::M1(), claim(30000000)}), IsEmpty());
  EXPECT_EQ(Said("C1/b", {testing::M1(), claim(31000000)}),
            "310 000 kr uppges vara beviljat, beslutet är på 300 000 kr.");
  EXPECT_EQ(Said("C1/b", {claim(30000000)}),
            "300 000 kr uppges vara beviljat, men inget beviljande är "
            "registrerat.");
}

TEST(C2, UsedAtMostDisbursedAtMostGranted) {
  const std::vector<Event> award = {testing::M1()};
  EXPECT_EQ(
      Said("C2/fgk-2025", MoneyOf2025()),
      "Utbetalning saknas: ca 270 000 kr är använt, men ingen utbetalning "
      "är registrerad.");
  EXPECT_THAT(Found("C2", With(MoneyOf2025(), {Disbursed(27000000)})),
              IsEmpty());
  EXPECT_EQ(Said("C2/fgk-2025", With(MoneyOf2025(), {Disbursed(26999999)})),
            "Ca 270 000 kr är använt, mer än utbetalda 269 999,99 kr.");
  EXPECT_THAT(Found("C2", With(award, {Disbursed(30000000)})), IsEmpty());
  EXPECT_EQ(Said("C2/fgk-2025", With(award, {Disbursed(30000001)})),
            "300 000,01 kr är utbetalt, mer än beviljade 300 000 kr.");
  EXPECT_THAT(Said("C2/fgk-2025", With(award, {Disbursed(30000000),
                                               Booked("a", 30000001, "2025")})),
              HasSubstr("300 000,01 kr är använt, mer än beviljade"));
}

TEST(C3, RemainderNeedsADispositionWhenTheGrantIsOver) {
  EXPECT_EQ(Said("C3/fgk-2025", MoneyOf2025()),
            "Ca 30 000 kr är inte använt, och ingen disposition är "
            "registrerad.");
  EXPECT_THAT(Found("C3", MoneyOf2025(), "2025-12-31"), IsEmpty());
  EXPECT_THAT(Found("C3", MoneyOf2025(), "2026-01-01"),
              ElementsAre("C3/fgk-2025"));
  // It may be used until the end of March.
  std::vector<Event> longer = MoneyOf2025();
  longer[2].mutable_grant_awarded()->mutable_last_use()->set_edtf("2026-03-31");
  EXPECT_THAT(Found("C3", longer, "2026-03-31"), IsEmpty());
  EXPECT_THAT(Found("C3", longer, "2026-04-01"), ElementsAre("C3/fgk-2025"));
}

TEST(C3, DispositionOfAPartLeavesTheRest) {
  const auto repaid = [](int64_t ore) {
    Event event = Text<Event>(R"pb(
      grant_repaid {
        grant: "fgk-2025"
        payment: "p"
        amount { currency: "SEK" precision: PRECISION_EXACT }
      })pb");
    event.mutable_grant_repaid()->mutable_amount()->set_ore(ore);
    return event;
  };
  EXPECT_EQ(Said("C3/fgk-2025", With(MoneyOf2025(), {repaid(2999999)})),
            "Av resten på ca 30 000 kr saknar ca 0,01 kr disposition.");
  EXPECT_THAT(Found("C3", With(MoneyOf2025(), {repaid(3000000)})), IsEmpty());
  const Event reclaimed = Text<Event>(R"pb(
    grant_reclaimed {
      grant: "fgk-2025"
      reason: "villkor 2"
      amount { ore: 30000000 currency: "SEK" precision: PRECISION_EXACT }
    })pb");
  EXPECT_EQ(
      Said("C3/fgk-2025", With(MoneyOf2025(), {repaid(3000000), reclaimed})),
      "270 000 kr är återkrävt och inte återbetalt.");
}

TEST(C4, EachKronaUsedHasAVoucher) {
  EXPECT_EQ(
      Said("C4/fgk-2025", MoneyOf2025()),
      "Ca 270 000 kr uppges använt, 0 kr är bokfört: ca 270 000 kr saknar "
      "verifikation.");
  EXPECT_EQ(
      Said("C4/fgk-2025",
           With(MoneyOf2025(), {Booked("a", 26841250, "2025-05-02")})),
      "Ca 270 000 kr uppges använt, 268 412,50 kr är bokfört: ca 1 587,50 "
      "kr saknar verifikation.");
  EXPECT_THAT(
      Found("C4", With(MoneyOf2025(), {Booked("a", 27000000, "2025-05-02")})),
      IsEmpty());
  Event reversal = Text<Event>(
      R"pb(cost_reversed { cost: "a" voucher_number: "9" reason: "fel" })pb");
  EXPECT_THAT(
      Found("C4", With(MoneyOf2025(),
                       {Booked("a", 27000000, "2025-05-02"), reversal})),
      ElementsAre("C4/fgk-2025"));
}

Event Settled(int64_t used, int64_t remainder) {
  Event event = Text<Event>(R"pb(
    grant_settled {
      grant: "fgk-2025"
      used { currency: "SEK" precision: PRECISION_EXACT }
      remainder { currency: "SEK" precision: PRECISION_EXACT }
    })pb");
  event.mutable_grant_settled()->mutable_used()->set_ore(used);
  event.mutable_grant_settled()->mutable_remainder()->set_ore(remainder);
  return event;
}

TEST(C2, ASettlementAddsUpToTheAwardAndToWhatIsBooked) {
  const std::vector<Event> booked = {testing::M1(), Disbursed(30000000),
                                     Booked("a", 26841250, "2025-05-02")};
  EXPECT_THAT(Found("C2", With(booked, {Settled(26841250, 3158750)})),
              IsEmpty());
  EXPECT_EQ(Said("C2/fgk-2025", With(booked, {Settled(1000, 999999999)})),
            "Avräkningen: 10 kr använt + 9 999 999,99 kr rest = 10 000 009,99 "
            "kr, men 300 000 kr är beviljat. Avräkningen har 10 kr som använt, "
            "men 268 412,50 kr är bokfört: skillnaden är 268 402,50 kr.");
  EXPECT_EQ(Said("C2/fgk-2025", With(booked, {Settled(27000000, 3000000)})),
            "Avräkningen har 270 000 kr som använt, men 268 412,50 kr är "
            "bokfört: skillnaden är 1 587,50 kr.");
  // Without anything booked it is C4 that says so.
  EXPECT_THAT(Found("C2", {testing::M1(), Disbursed(30000000),
                           Settled(27000000, 3000000)}),
              IsEmpty());
}

// What is booked after the period asked about is not in the sums.
TEST(C2, ASettlementIsNotHeldAgainstAPartOfTheGrantsTime) {
  Event award = testing::M1();
  award.mutable_grant_awarded()->mutable_period()->set_edtf("2025/2026");
  EXPECT_THAT(
      Found("C2",
            {award, Disbursed(30000000), Booked("a", 10000000, "2025-05-02"),
             Booked("b", 20000000, "2026-05-02"), Settled(30000000, 0)}),
      IsEmpty());
}

TEST(C4, WhatTheFunderAcceptedNeedsVouchersToo) {
  const Event settled = Text<Event>(R"pb(
    grant_settled {
      grant: "fgk-2025"
      used { ore: 100 currency: "SEK" precision: PRECISION_EXACT }
      remainder { ore: 29999900 currency: "SEK" precision: PRECISION_EXACT }
    })pb");
  EXPECT_THAT(Said("C4/fgk-2025", {testing::M1(), settled}),
              HasSubstr("1 kr saknar verifikation"));
}

TEST(C4, CostsWithoutAVouchersNumber) {
  Event bare = Booked("a", 27000000, "2025");
  bare.mutable_cost_booked()->clear_voucher_series();
  bare.mutable_cost_booked()->clear_voucher_number();
  EXPECT_EQ(Said("C4/fgk-2025", With(MoneyOf2025(), {bare})),
            "1 bokförd kostnad (270 000 kr) saknar verifikationsnummer.");
  bare.mutable_cost_booked()->clear_grant();
  EXPECT_EQ(Said("C4/own_money", {bare}),
            "1 bokförd kostnad (270 000 kr) saknar verifikationsnummer.");
}

TEST(C5, InKindWithoutParts) {
  EXPECT_EQ(Said("C5/m3", MoneyOf2025()),
            "Egen insats från MKB, 342 840 kr, saknar delposter (timmar och "
            "taxa, yta och hyra). Den uppges bestå av arbetstid, "
            "styrgruppsarbete, projektledning och lokaler.");
}

TEST(C5, PartsSumToTheStatedValue) {
  Event rest = InKindHours("rest", 0);
  rest.mutable_in_kind_recorded()->mutable_value()->set_ore(24000);
  const std::vector<Event> parts = {InKindHours("i", 571)};
  EXPECT_EQ(Said("C5/m3", With(MoneyOf2025(), parts)),
            "Delposterna ger 342 600 kr, uppgivet är 342 840 kr: skillnad 240 "
            "kr.");
  EXPECT_EQ(Said("C5/m3", With(With(MoneyOf2025(), parts), {rest})),
            "1 av 2 delposter saknar antal eller taxa.");
  Event stated = testing::M3();
  stated.mutable_amount_stated()->mutable_amount()->set_ore(34260000);
  EXPECT_THAT(Found("C5", With({stated}, parts)), IsEmpty());
  // Parts of another statement do not count.
  Event elsewhere = parts[0];
  elsewhere.mutable_in_kind_recorded()->set_part_of_statement("m9");
  EXPECT_THAT(Said("C5/m3", {stated, elsewhere}),
              HasSubstr("saknar delposter"));
}

TEST(C6, NothingIsCountedAsCostAndAsOwnContribution) {
  Event room = InKindHours("lokal", 10);
  room.mutable_in_kind_recorded()->add_same_as_costs("hyra");
  const Event rent = Booked("hyra", 500000, "2025");
  const auto answer = CheckAnswer({room, rent}, Asking("2025"));
  EXPECT_EQ(TextOf(answer, "C6/lokal"),
            "Egen insats lokal (6 000 kr) avser samma sak som bokförda "
            "kostnader: hyra (5 000 kr).");
  EXPECT_THAT(PositionsOf(answer, "C6/lokal"), ElementsAre(1, 2));
  // Not booked, reversed, or rejected: counted once.
  EXPECT_THAT(Found("C6", {room}), IsEmpty());
  EXPECT_THAT(Found("C6", {room, rent, Text<Event>(R"pb(
                             cost_reversed { cost: "hyra" voucher_number: "2" }
                           )pb")}),
              IsEmpty());
  EXPECT_THAT(Found("C6", {room, rent, Text<Event>(R"pb(
                             in_kind_reviewed {
                               in_kind: "lokal"
                               verdict: IN_KIND_VERDICT_REJECTED
                             })pb")}),
              IsEmpty());
}

// With a piece of evidence: a file (its hash), or a document and a place in it.
Event ShownByFile(Event event, char of) {
  event.add_evidence()->set_sha256(std::string(32, of));
  return event;
}
Event ShownByDocument(Event event, std::string document,
                      std::string locator = "") {
  auto& evidence = *event.add_evidence();
  evidence.set_document(document);
  evidence.set_locator(locator);
  return event;
}

TEST(C6, CostAndOwnContributionWithTheSameEvidence) {
  const Event room = InKindHours("lokal", 10);
  const Event rent = Booked("hyra", 500000, "2025");
  const auto answer =
      CheckAnswer({ShownByFile(room, 'a'), ShownByFile(rent, 'a'),
                   ShownByFile(Booked("annat", 100, "2025"), 'b')},
                  Asking("2025"));
  EXPECT_EQ(TextOf(answer, "C6/lokal"),
            "Egen insats lokal (6 000 kr) har samma underlag som bokförda "
            "kostnader, och kan vara samma sak: hyra (5 000 kr).");
  EXPECT_THAT(PositionsOf(answer, "C6/lokal"), ElementsAre(1, 2));
  const auto found = [](const Event& in_kind, const Event& cost) {
    return Found("C6", {in_kind, cost});
  };
  EXPECT_THAT(found(ShownByFile(room, 'a'), ShownByFile(rent, 'b')), IsEmpty());
  EXPECT_THAT(found(ShownByDocument(room, "hyresavtal"),
                    ShownByDocument(rent, "hyresavtal", "rad 4")),
              ElementsAre("C6/lokal"));
  // A document may show several things in several places.
  EXPECT_THAT(found(ShownByDocument(room, "hyresavtal", "rad 3"),
                    ShownByDocument(rent, "hyresavtal", "rad 4")),
              IsEmpty());
  // A reversed cost stands no more; a corrected one shows what it shows now.
  EXPECT_THAT(Found("C6", {ShownByFile(room, 'a'), ShownByFile(rent, 'a'),
                           Text<Event>(R"pb(
                             cost_reversed { cost: "hyra" voucher_number: "2" }
                           )pb")}),
              IsEmpty());
  EXPECT_THAT(Found("C6", {ShownByFile(room, 'a'), ShownByFile(rent, 'a'),
                           testing::Correction(2, ShownByFile(rent, 'c'))}),
              IsEmpty());
}

TEST(C6, DeclaredAndSharedAreBothTold) {
  Event room = ShownByFile(InKindHours("lokal", 10), 'a');
  room.mutable_in_kind_recorded()->add_same_as_costs("el");
  EXPECT_EQ(
      Said("C6/lokal", {room, Booked("el", 100000, "2025"),
                        ShownByFile(Booked("hyra", 500000, "2025"), 'a')}),
      "Egen insats lokal (6 000 kr) avser samma sak som bokförda "
      "kostnader: el (1 000 kr). Egen insats lokal (6 000 kr) har samma "
      "underlag som bokförda kostnader, och kan vara samma sak: hyra "
      "(5 000 kr).");
}

TEST(C7, CostOutsideTheGrantsTime) {
  const auto found = [](std::string_view edtf) {
    return Found("C7", {testing::M1(), Booked("a", 1, edtf)});
  };
  EXPECT_THAT(found("2025-01-01"), IsEmpty());
  EXPECT_THAT(found("2025-12-31"), IsEmpty());
  EXPECT_THAT(found("2024-12-31"), ElementsAre("C7/a"));
  EXPECT_THAT(found("2026-01-01"), ElementsAre("C7/a"));
  EXPECT_THAT(found("2025-12/2026-01"), ElementsAre("C7/a"));
  EXPECT_THAT(found(""), ElementsAre("C7/a"));
  EXPECT_EQ(Said("C7/a", {testing::M1(), Booked("a", 100, "2026-01-20")}),
            "Kostnaden a (1 kr, 20 januari 2026) ligger utanför tiden för "
            "bidraget fgk-2025 (2025).");
  // Own money has no time.
  EXPECT_THAT(Found("C7", {testing::M1(), Booked("a", 1, "2024", "")}),
              IsEmpty());
  // It is seen from the year of the cost too.
  EXPECT_THAT(Ids(CheckAnswer({testing::M1(), Booked("a", 1, "2026-01-20")},
                              Asking("2026")),
                  "C7"),
              ElementsAre("C7/a"));
}

std::vector<Event> CostsOutside(int count) {
  std::vector<Event> events = {testing::M1()};
  for (int i = 0; i < count; ++i) {
    const std::string id =
        "a-" + std::to_string(i / 10) + std::to_string(i % 10);
    events.push_back(Booked(id, 100, "2026-01-20"));
  }
  return events;
}

TEST(C7, ManyAreGatheredIntoOne) {
  EXPECT_EQ(Found("C7", CostsOutside(20)).size(), 20u);
  const auto answer = CheckAnswer(CostsOutside(60), Asking("2025"));
  EXPECT_THAT(Ids(answer, "C7"), ElementsAre("C7/fgk-2025"));
  EXPECT_EQ(TextOf(answer, "C7/fgk-2025"),
            "60 kostnader på sammanlagt 60 kr ligger utanför tiden för "
            "bidraget fgk-2025 (2025) eller har inget datum.");
  EXPECT_EQ(PositionsOf(answer, "C7/fgk-2025").size(), 50u);
  EXPECT_EQ(PositionsOf(answer, "C7/fgk-2025").front(), 2u);
}

TEST(C7, WhatWasSpokenOfStaysOnItsOwn) {
  std::vector<Event> events = CostsOutside(22);
  events.push_back(
      Text<Event>(
          R"pb(
            check_explained {
              check: "C7/a-05"
              explanation: "leverans i december"
            })pb"));
  const auto answer = CheckAnswer(events, Asking("2025"));
  EXPECT_THAT(Ids(answer, "C7"), ElementsAre("C7/fgk-2025", "C7/a-05"));
  EXPECT_THAT(TextOf(answer, "C7/fgk-2025"), HasSubstr("21 kostnader"));
  EXPECT_EQ(CheckOf(answer, "C7/a-05").state(),
            view::v1::CHECK_STATE_EXPLAINED);
}

TEST(C13, EstimateOlderThanNinetyDays) {
  // Stated at the end of 2025, when the year it is about was over.
  EXPECT_THAT(Found("C13", MoneyOf2025(), "2026-03-31"), IsEmpty());
  EXPECT_THAT(Found("C13", MoneyOf2025(), "2026-04-01"), ElementsAre("C13/m2"));
  const auto answer = CheckAnswer(MoneyOf2025(), Asking("2025", "2026-04-01"));
  EXPECT_EQ(TextOf(answer, "C13/m2"),
            "Ca 270 000 kr har varit en uppskattning i 91 dagar utan exakt "
            "uppföljning.");
  // Vouchers follow it up.
  EXPECT_THAT(
      Found("C13", With(MoneyOf2025(), {Booked("a", 1, "2025")}), "2026-06-01"),
      IsEmpty());
}

TEST(C13, EstimatedContributionUntilItIsSpecified) {
  Event estimate = testing::M3();
  estimate.mutable_amount_stated()->mutable_amount()->set_precision(
      event::v1::PRECISION_ESTIMATE);
  EXPECT_THAT(Found("C13", {estimate}, "2026-06-01"), ElementsAre("C13/m3"));
  EXPECT_THAT(Found("C13", {estimate, InKindHours("i", 1)}, "2026-06-01"),
              IsEmpty());
}

Event Attested(std::string_view subject, std::string_view role = "ekonom") {
  Event event = Text<Event>(R"pb(cost_attested {
                                   cost: "a"
                                   attester { organisation: "mkb" }
                                 })pb");
  auto& attester = *event.mutable_cost_attested()->mutable_attester();
  attester.set_subject(std::string(subject));
  attester.set_role(std::string(role));
  return event;
}

Event BookedBy(std::string_view subject) {
  Event cost = Booked("a", 12500, "2025");
  cost.mutable_recorded_by()->set_organisation("mkb");
  cost.mutable_recorded_by()->set_role("ekonom");
  cost.mutable_recorded_by()->set_subject(std::string(subject));
  return cost;
}

TEST(C14, RecorderIsNotAttester) {
  EXPECT_THAT(Found("C14", {BookedBy("p-1"), Attested("p-2")}), IsEmpty());
  const auto answer =
      CheckAnswer({BookedBy("p-1"), Attested("p-1")}, Asking("2025"));
  EXPECT_EQ(TextOf(answer, "C14/a"),
            "Kostnaden a (125 kr, 2025) är registrerad och attesterad av samma "
            "(mkb/ekonom).");
  EXPECT_THAT(PositionsOf(answer, "C14/a"), ElementsAre(1, 2));
  // Without pseudonyms: organisation and role.
  EXPECT_THAT(Found("C14", {BookedBy(""), Attested("")}), ElementsAre("C14/a"));
  EXPECT_THAT(Found("C14", {BookedBy(""), Attested("", "chef")}), IsEmpty());
}

TEST(C14, OfContributionsAttestedOrReviewed) {
  const Event reviewed = Text<Event>(R"pb(
    in_kind_reviewed {
      in_kind: "i"
      verdict: IN_KIND_VERDICT_ACCEPTED
      reviewer { organisation: "org" role: "role" subject: "s-1" }
    })pb");
  EXPECT_THAT(Found("C14", {InKindHours("i", 1), reviewed}),
              ElementsAre("C14/i"));
  EXPECT_THAT(Said("C14/i", {InKindHours("i", 1), reviewed}),
              HasSubstr("registrerad och attesterad eller granskad av samma"));
}

TEST(C14, CostAndContributionOfTheSameIdAreBothTold) {
  const Event attested = Text<Event>(R"pb(
    in_kind_attested {
      in_kind: "a"
      attester { organisation: "org" role: "role" subject: "s-1" }
    })pb");
  const auto answer = CheckAnswer(
      {BookedBy("p-1"), Attested("p-1"), InKindHours("a", 1), attested},
      Asking("2025"));
  EXPECT_THAT(Ids(answer, "C14"), ElementsAre("C14/a"));
  EXPECT_THAT(TextOf(answer, "C14/a"), HasSubstr("Kostnaden a"));
  EXPECT_THAT(TextOf(answer, "C14/a"), HasSubstr("Egen insats a"));
  EXPECT_THAT(PositionsOf(answer, "C14/a"), ElementsAre(1, 2, 3, 4));
}

TEST(MoneyChecks, InEnglish) {
  Question question = Asking("2025");
  question.language = codec::Language::kEnglish;
  const auto answer = CheckAnswer(MoneyOf2025(), question);
  EXPECT_EQ(TextOf(answer, "C3/fgk-2025"),
            "Approx. SEK 30,000 is unused, and no disposition is recorded.");
  EXPECT_EQ(CheckOf(answer, "C3/fgk-2025").action(),
            "Record whether the remainder is repaid, carried over (with the "
            "decision) or set off.");
  for (const auto& check : answer.checks()) {
    EXPECT_THAT(check.text(), Not(HasSubstr("är"))) << check.id();
  }
}

}  // namespace
}  // namespace samverk::projections
