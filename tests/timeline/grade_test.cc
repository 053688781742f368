// How well an outcome is backed: every way to every grade.
#include "projections/timeline/grade.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {
namespace {

using event::v1::AGREEMENT_FULL;
using event::v1::AGREEMENT_NONE;
using event::v1::AGREEMENT_PARTIAL;
using view::v1::GRADE_CLAIMED;
using view::v1::GRADE_DISPUTED;
using view::v1::GRADE_INDEPENDENTLY_CONFIRMED;
using view::v1::GRADE_SUBSTANTIATED;
using view::v1::OutcomeView;

// A claim of MKB's, without evidence.
class Claim {
 public:
  Claim() {
    outcome_.set_claimant("mkb");
    outcome_.mutable_origin()->set_position(1);
    outcome_.mutable_origin()->set_without_evidence(true);
  }

  Claim& WithEvidence() {
    outcome_.mutable_origin()->set_without_evidence(false);
    return *this;
  }

  Claim& Hedged() {
    outcome_.mutable_claimed()->set_hedge(event::v1::HEDGE_BELIEVED);
    return *this;
  }

  // Recorded in this order; said on day `day`, 0: not known.
  Claim& Said(const std::string& who, event::v1::Agreement agreement,
              int64_t day = 0) {
    return Say(who, agreement, day, false);
  }
  Claim& SaidIndependently(const std::string& who,
                           event::v1::Agreement agreement, int64_t day = 0) {
    return Say(who, agreement, day, true);
  }

  view::v1::Grade grade() const { return GradeOf(outcome_); }

 private:
  Claim& Say(const std::string& who, event::v1::Agreement agreement,
             int64_t day, bool independent) {
    auto& said = *outcome_.add_substantiations();
    said.mutable_substantiated()->set_substantiator(who);
    said.mutable_substantiated()->set_agreement(agreement);
    said.mutable_substantiated()->set_independent(independent);
    said.mutable_origin()->set_position(
        1 + static_cast<uint64_t>(outcome_.substantiations_size()));
    if (day > 0) {
      said.mutable_origin()->mutable_occurred()->set_from_us(day * 1000);
      said.mutable_origin()->mutable_occurred()->set_to_us(day * 1000 + 1000);
    }
    return *this;
  }

  OutcomeView outcome_;
};

TEST(GradeOf, AClaimAloneIsClaimedHoweverItIsSaid) {
  EXPECT_EQ(Claim().grade(), GRADE_CLAIMED);
  EXPECT_EQ(Claim().Hedged().grade(), GRADE_CLAIMED);
  // Evidence alone is nobody's word.
  EXPECT_EQ(Claim().WithEvidence().grade(), GRADE_CLAIMED);
}

TEST(GradeOf, SomebodyElseSubstantiates) {
  EXPECT_EQ(Claim().Said("fgk", AGREEMENT_FULL).grade(), GRADE_SUBSTANTIATED);
  EXPECT_EQ(Claim().Said("fgk", AGREEMENT_PARTIAL).grade(),
            GRADE_SUBSTANTIATED);
  EXPECT_EQ(Claim().Said("fgk", AGREEMENT_NONE).grade(), GRADE_CLAIMED);
}

TEST(GradeOf, TheClaimantSubstantiatesWithEvidenceAlone) {
  EXPECT_EQ(Claim().Said("mkb", AGREEMENT_FULL).grade(), GRADE_CLAIMED);
  EXPECT_EQ(Claim().WithEvidence().Said("mkb", AGREEMENT_FULL).grade(),
            GRADE_SUBSTANTIATED);
  EXPECT_EQ(Claim().WithEvidence().Said("mkb", AGREEMENT_NONE).grade(),
            GRADE_CLAIMED);
}

TEST(GradeOf, SomebodyIndependentConfirms) {
  EXPECT_EQ(Claim().SaidIndependently("lnu", AGREEMENT_FULL).grade(),
            GRADE_INDEPENDENTLY_CONFIRMED);
  EXPECT_EQ(Claim().SaidIndependently("lnu", AGREEMENT_PARTIAL).grade(),
            GRADE_INDEPENDENTLY_CONFIRMED);
}

TEST(GradeOf, TheClaimantIsNeverIndependent) {
  EXPECT_EQ(Claim().SaidIndependently("mkb", AGREEMENT_FULL).grade(),
            GRADE_CLAIMED);
  EXPECT_EQ(Claim()
                .SaidIndependently("lnu", AGREEMENT_FULL, 1)
                .SaidIndependently("mkb", AGREEMENT_NONE, 2)
                .grade(),
            GRADE_INDEPENDENTLY_CONFIRMED);
}

TEST(GradeOf, TheLatestIndependentWordDisputes) {
  EXPECT_EQ(Claim().SaidIndependently("lnu", AGREEMENT_NONE).grade(),
            GRADE_DISPUTED);
  EXPECT_EQ(Claim()
                .SaidIndependently("a", AGREEMENT_FULL, 1)
                .SaidIndependently("b", AGREEMENT_NONE, 2)
                .grade(),
            GRADE_DISPUTED);
  EXPECT_EQ(Claim()
                .SaidIndependently("a", AGREEMENT_NONE, 1)
                .SaidIndependently("b", AGREEMENT_FULL, 2)
                .grade(),
            GRADE_INDEPENDENTLY_CONFIRMED);
  // Latest by when it was said, not by when it was recorded.
  EXPECT_EQ(Claim()
                .SaidIndependently("b", AGREEMENT_NONE, 2)
                .SaidIndependently("a", AGREEMENT_FULL, 1)
                .grade(),
            GRADE_DISPUTED);
  // Partners' words do not outweigh it.
  EXPECT_EQ(Claim()
                .SaidIndependently("a", AGREEMENT_NONE, 1)
                .Said("fgk", AGREEMENT_FULL, 2)
                .grade(),
            GRADE_DISPUTED);
}

TEST(GradeOf, APartnerThatDisagreesTakesItsOwnBackingAway) {
  EXPECT_EQ(Claim()
                .Said("fgk", AGREEMENT_FULL, 1)
                .Said("fgk", AGREEMENT_NONE, 2)
                .grade(),
            GRADE_CLAIMED);
  EXPECT_EQ(Claim()
                .Said("hgf", AGREEMENT_FULL, 1)
                .Said("fgk", AGREEMENT_NONE, 2)
                .grade(),
            GRADE_SUBSTANTIATED);
  EXPECT_EQ(Claim()
                .SaidIndependently("lnu", AGREEMENT_FULL, 1)
                .Said("fgk", AGREEMENT_NONE, 2)
                .grade(),
            GRADE_INDEPENDENTLY_CONFIRMED);
}

TEST(GradeOf, TheLatestWordOfEachCounts) {
  EXPECT_EQ(Claim()
                .SaidIndependently("lnu", AGREEMENT_NONE, 1)
                .SaidIndependently("lnu", AGREEMENT_PARTIAL, 2)
                .grade(),
            GRADE_INDEPENDENTLY_CONFIRMED);
  EXPECT_EQ(Claim()
                .SaidIndependently("lnu", AGREEMENT_PARTIAL, 2)
                .SaidIndependently("lnu", AGREEMENT_NONE, 1)
                .grade(),
            GRADE_INDEPENDENTLY_CONFIRMED);
  // Of words at the same time, the one recorded last.
  EXPECT_EQ(Claim()
                .SaidIndependently("lnu", AGREEMENT_PARTIAL)
                .SaidIndependently("lnu", AGREEMENT_NONE)
                .grade(),
            GRADE_DISPUTED);
}

}  // namespace
}  // namespace samverk::projections
