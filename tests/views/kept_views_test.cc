// Views that are kept for somebody who may not read everything.
#include "services/views/kept_views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

#include "projections/activities/activities_answer.h"
#include "projections/budget/budget_answer.h"
#include "projections/findings/findings_answer.h"
#include "projections/question.h"
#include "projections/timeline/timeline_answer.h"
#include "services/access/event_filter.h"
#include "tests/report/test_register.h"
#include "tests/testing/wrapped_store.h"

namespace samverk {
namespace {

constexpr char kProcess[] = "augustenborg";

// A register as it was: what comes after a position is not there.
class Earlier : public testing::WrappedStore {
 public:
  using WrappedStore::WrappedStore;
  Position upto;
  std::atomic<uint64_t> events_read{0};
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    ReadOptions earlier = options;
    const Position beyond = upto.Next();
    earlier.before = std::min(earlier.before.value_or(beyond), beyond);
    return WrappedStore::Visit(earlier, [&](const RecordView& event) {
      ++events_read;
      return visit(event);
    });
  }
};

access::Admitted Who(std::vector<std::string> rights) {
  return {access::CallerOf({"s-1", "hgf", std::move(rights), {}}),
          codec::Language::kSwedish};
}

std::string AnswersOf(const projections::FoldedViews& views) {
  projections::Question question;
  question.process = kProcess;
  question.evaluate_at_us = 1'800'000'000'000'000;
  return projections::AnswerBudget(views.views(), question).DebugString() +
         projections::AnswerTimeline(views.views(), question).DebugString() +
         projections::AnswerFindings(views.views(), question).DebugString() +
         projections::AnswerActivities(views.views(), question).DebugString();
}

class Kept : public ::testing::Test {
 protected:
  Kept() {
    testing::RecordDemo(register_);
    store_.upto = register_.store().Head();
  }

  testing::TestRegister register_;
  Earlier store_{register_.store()};
  KeptViews kept_{store_};
};

TEST_F(Kept, GoOnToWhatFoldingAnewGives) {
  for (const auto& who : {Who({"boende@augustenborg"}),
                          Who({"handläggare@augustenborg"}), Who({})}) {
    for (uint64_t upto = 1; upto <= register_.store().Head().value(); ++upto) {
      SCOPED_TRACE(upto);
      store_.upto = Position(upto);
      auto views = kept_.Take(who, kProcess);
      ASSERT_TRUE(views.ok()) << views.status();
      const auto anew = projections::FoldPrefix(
          store_, kProcess, {}, access::FilterFor(who, kProcess));
      ASSERT_TRUE(anew.ok());
      EXPECT_EQ((*views)->position(), Position(upto));
      EXPECT_EQ((*views)->events(), (*anew)->events());
      EXPECT_EQ((*views)->withheld(), (*anew)->withheld());
      EXPECT_EQ((*views)->recorded_at_us(), (*anew)->recorded_at_us());
      ASSERT_EQ(AnswersOf(**views), AnswersOf(**anew));
      kept_.GiveBack(who, kProcess, *std::move(views));
    }
  }
}

TEST_F(Kept, AreNotReadAnew) {
  const auto who = Who({"handläggare@augustenborg"});
  kept_.GiveBack(who, kProcess, *kept_.Take(who, kProcess));
  store_.events_read = 0;
  kept_.GiveBack(who, kProcess, *kept_.Take(who, kProcess));
  EXPECT_LE(store_.events_read, 1u);  // the last one of the register
}

TEST_F(Kept, AreOfThoseWhoMayReadTheSame) {
  const auto officer = Who({"handläggare@augustenborg"});
  const auto resident = Who({"boende@augustenborg"});
  auto one = kept_.Take(officer, kProcess);
  auto other = kept_.Take(resident, kProcess);
  ASSERT_NE((*one)->withheld(), (*other)->withheld());
  const uint64_t withheld = (*one)->withheld();
  kept_.GiveBack(officer, kProcess, *std::move(one));
  kept_.GiveBack(resident, kProcess, *std::move(other));
  EXPECT_EQ((*kept_.Take(officer, kProcess))->withheld(), withheld);
}

TEST_F(Kept, AreBounded) {
  KeptViews few(store_, 10);
  const auto who = Who({"handläggare@augustenborg"});
  few.GiveBack(who, kProcess, *few.Take(who, kProcess));
  store_.events_read = 0;
  few.GiveBack(who, kProcess, *few.Take(who, kProcess));
  EXPECT_GT(store_.events_read, 10u);
}

// When something withheld was recorded is not told.
TEST_F(Kept, TellNoTimeOfWhatIsLeftOut) {
  const auto whole = projections::FoldPrefix(store_, kProcess, {});
  const auto none = projections::FoldPrefix(
      store_, kProcess, {}, [](const event::v1::Event&) { return false; });
  EXPECT_GT((*whole)->recorded_at_us(), 0);
  EXPECT_EQ((*none)->recorded_at_us(), 0);
}

}  // namespace
}  // namespace samverk
