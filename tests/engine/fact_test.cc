#include "projections/fact.h"

#include "gtest/gtest.h"
#include "samverk/view/v1/common.pb.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using event::v1::Occurred;
using testing::Text;
using view::v1::Origin;
using view::v1::When;

Fact FactOf(const Event& event) {
  Fact fact{event, Position(7), 1'000'000, std::nullopt};
  if (!event.occurred().edtf().empty()) {
    fact.occurred = *codec::ParseEdtf(event.occurred().edtf());
  }
  return fact;
}

TEST(OriginOf, SaysWhereAFactComesFrom) {
  const auto event = Text<Event>(R"pb(
    process: "p"
    occurred { edtf: "2025-09-17" circa: true }
    recorded_by { organisation: "mkb" role: "projektledare" subject: "s-1" }
    verbatim: "varav ca 270 000kr har använts"
    source {
      kind: SOURCE_KIND_TRANSCRIBED
      document: "d-1"
      locator: "avsnitt 2"
    }
    inferred { field: "occurred" basis: "rubriken" }
    inferred { field: "fact.amount" basis: "texten" }
  )pb");
  Origin origin;
  SetOrigin(FactOf(event), origin);
  EXPECT_EQ(origin.position(), 7u);
  EXPECT_EQ(origin.occurred().edtf(), "2025-09-17");
  EXPECT_TRUE(origin.occurred().circa());
  EXPECT_EQ(origin.occurred().from_us(),
            codec::StockholmMidnightUs(2025, 9, 17));
  EXPECT_EQ(origin.occurred().to_us(), codec::StockholmMidnightUs(2025, 9, 18));
  EXPECT_EQ(origin.recorded_at_us(), 1'000'000);
  EXPECT_EQ(origin.recorded_by(), "mkb/projektledare");
  EXPECT_EQ(origin.recorder_subject(), "s-1");
  EXPECT_EQ(origin.verbatim(), "varav ca 270 000kr har använts");
  EXPECT_EQ(origin.document(), "d-1");
  EXPECT_EQ(origin.locator(), "avsnitt 2");
  ASSERT_EQ(origin.inferred_fields_size(), 2);
  EXPECT_EQ(origin.inferred_fields(1), "fact.amount");
  EXPECT_TRUE(origin.without_evidence());
  EXPECT_TRUE(origin.imported());
}

TEST(OriginOf, ADirectFactWithEvidenceAndNoTime) {
  const auto event = Text<Event>(R"pb(
    evidence { title: "foto" }
    source { kind: SOURCE_KIND_ORAL }
  )pb");
  Origin origin;
  SetOrigin(FactOf(event), origin);
  EXPECT_FALSE(origin.has_occurred());
  EXPECT_FALSE(origin.without_evidence());
  EXPECT_FALSE(origin.imported());
}

TEST(WhenOf, IsEmptyWhenNotKnown) {
  EXPECT_EQ(WhenOf(Occurred()).ByteSizeLong(), 0u);
}

TEST(WhenOf, TakesCircaFromTheFlagOrTheText) {
  EXPECT_TRUE(WhenOf(Text<Occurred>("edtf: '2025~'")).circa());
  EXPECT_TRUE(WhenOf(Text<Occurred>("edtf: '2025-21' circa: true")).circa());
  EXPECT_FALSE(WhenOf(Text<Occurred>("edtf: '2025-21'")).circa());
}

TEST(WhenOf, KeepsWordsThatAreNoTime) {
  const When when = WhenOf(Text<Occurred>("edtf: 'i våras'"));
  EXPECT_EQ(when.edtf(), "i våras");
  EXPECT_EQ(when.from_us(), 0);
  EXPECT_EQ(when.to_us(), 0);
}

TEST(YearOf, IsThatOfTheFirstDayInStockholm) {
  // New year's night begins at 23:00 UTC the day before.
  EXPECT_EQ(YearOf(WhenOf(Text<Occurred>("edtf: '2025-01-01'"))), 2025);
  // Winter 2025 begins in December of that year.
  EXPECT_EQ(YearOf(WhenOf(Text<Occurred>("edtf: '2025-24'"))), 2025);
  EXPECT_EQ(YearOf(WhenOf(Text<Occurred>("edtf: '2024-12/2025-03'"))), 2024);
}

TEST(YearOf, IsZeroWhenTheFirstDayIsNotKnown) {
  EXPECT_EQ(YearOf(When()), 0);
  EXPECT_EQ(YearOf(WhenOf(Text<Occurred>("edtf: '../2025'"))), 0);
}

TEST(EntryKey, IsProcessKindAndId) {
  Event event;
  event.set_process("augustenborg");
  EXPECT_EQ(EntryKey(event, "grant", "fgk-2025"),
            "augustenborg/grant/fgk-2025");
}

Origin At(const std::string& edtf, uint64_t position) {
  Origin origin;
  origin.set_position(position);
  Occurred occurred;
  occurred.set_edtf(edtf);
  *origin.mutable_occurred() = WhenOf(occurred);
  return origin;
}

TEST(HappenedBefore, OrdersByTimeThenByPosition) {
  EXPECT_TRUE(HappenedBefore(At("2025-03", 9), At("2025-04", 1)));
  EXPECT_FALSE(HappenedBefore(At("2025-04", 1), At("2025-03", 9)));
  EXPECT_TRUE(HappenedBefore(At("2025-03", 1), At("2025-03", 2)));
  EXPECT_FALSE(HappenedBefore(At("2025-03", 2), At("2025-03", 2)));
}

TEST(HappenedBefore, PutsUnknownTimesLast) {
  EXPECT_TRUE(HappenedBefore(At("2025", 9), At("", 1)));
  EXPECT_FALSE(HappenedBefore(At("", 1), At("2025", 9)));
  EXPECT_TRUE(HappenedBefore(At("", 1), At("", 2)));
  // Before 1970 is known, and early.
  EXPECT_TRUE(HappenedBefore(At("1948", 9), At("2025", 1)));
}

}  // namespace
}  // namespace samverk::projections
