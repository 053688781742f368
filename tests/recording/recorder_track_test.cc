// Batches that say how far the reader of another log has come.
#include <atomic>
#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "eventstore/base/error.h"
#include "eventstore/memory/memory_event_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/recording/recorder.h"
#include "tests/testing/given.h"
#include "tests/testing/wrapped_store.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using testing::EventOf;
using testing::Given;
using ::testing::HasSubstr;
using testing::RecordNow;
using testing::Uuid;

Event WithId(uint64_t n, std::string_view text) {
  Event event = EventOf(text);
  event.set_id(Uuid(n));
  return event;
}

// Counts appends, and may do something before one.
class CountingStore : public testing::WrappedStore {
 public:
  using WrappedStore::WrappedStore;
  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override {
    ++appends;
    if (before_append) before_append();
    WrappedStore::Append(std::move(request), deadline, std::move(done));
  }
  std::atomic<int> appends{0};
  std::function<void()> before_append;
};

class RecorderTrack : public ::testing::Test {
 protected:
  RecordOutcome Record(std::vector<Event> events, uint64_t position) {
    std::promise<RecordOutcome> promise;
    recorder_.Record(
        std::move(events), absl::InfiniteFuture(),
        [&promise](RecordOutcome outcome) {
          promise.set_value(std::move(outcome));
        },
        0, Track{"import", position});
    return promise.get_future().get();
  }
  uint64_t Tracked() {
    return dynamic_cast<MemoryEventStore&>(given_.store())
        .FindTrack("import")
        .value_or(0);
  }

  Given given_;
  CountingStore store_{given_.store()};
  WorkerPool pool_{2, 64};
  Recorder recorder_{store_, given_.clock(), pool_};
};

TEST_F(RecorderTrack, IsRecordedWithTheEvents) {
  const auto outcome =
      Record({WithId(201, "goal_set { goal: 'g-2' text: 't' }")}, 5);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(Tracked(), 5u);
}

TEST_F(RecorderTrack, TheSameBatchAgainIsAnsweredAsTheFirstTime) {
  const auto event = WithId(201, "goal_set { goal: 'g-2' text: 't' }");
  const auto first = Record({event}, 5);
  const auto again = Record({event}, 5);
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.places[0].position, first.places[0].position);
  EXPECT_EQ(Tracked(), 5u);
}

TEST_F(RecorderTrack, ThatDoesNotGrowIsRefusedAtOnce) {
  ASSERT_TRUE(Record({WithId(201, "goal_set { goal: 'g-2' text: 't' }")}, 5)
                  .status.ok());
  store_.appends = 0;
  const auto head = given_.store().Head();
  const auto outcome =
      Record({WithId(202, "goal_set { goal: 'g-3' text: 't' }")}, 5);
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(outcome.status), error::v1::REASON_REVISION_CONFLICT);
  EXPECT_THAT(std::string(outcome.status.message()),
              HasSubstr("go on after 5"));
  EXPECT_EQ(store_.appends, 1) << "it is no contention";
  EXPECT_EQ(given_.store().Head(), head);
}

TEST_F(RecorderTrack, IsRecordedWhenABatchIsJudgedAgain) {
  store_.before_append = [this] {
    store_.before_append = nullptr;
    ASSERT_TRUE(RecordNow(given_.recorder(),
                          {WithId(300,
                                  "finding_assigned { finding: 'f-1' assignee: "
                                  "'fgk' }")})
                    .status.ok());
  };
  const auto outcome =
      Record({WithId(201, "finding_closed { finding: 'f-1' }")}, 5);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(store_.appends, 2) << "somebody came first";
  EXPECT_EQ(Tracked(), 5u);
}

TEST_F(RecorderTrack, StaysWhenTheBatchIsRefused) {
  const auto outcome =
      Record({WithId(201, "finding_closed { finding: 'f-404' }")}, 5);
  EXPECT_FALSE(outcome.violations.empty());
  EXPECT_EQ(Tracked(), 0u);
}

}  // namespace
}  // namespace samverk::recording
