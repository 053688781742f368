// Waiting for the log to grow, and for what matches: nobody waits past an event
// that is for him, and what is not wakes nobody.
#include "services/common/head_watcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/memory/memory_event_store.h"
#include "eventstore/store_errors.h"
#include "tests/testing/events.h"
#include "tests/testing/wrapped_store.h"

namespace samverk {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Wait = HeadWatcher::Wait;

constexpr absl::Duration kPatience = absl::Seconds(30);

NewEvent Event(std::string type, std::vector<std::string> tags = {},
               std::string stream = "s") {
  static std::atomic<uint64_t> ids{0};
  NewEvent event;
  event.id = *ParseUuid(testing::Uuid(++ids));
  event.type = std::move(type);
  event.tags = std::move(tags);
  event.stream = std::move(stream);
  return event;
}

Query Types(std::vector<std::string> types) {
  return Query{{QueryItem{std::move(types), {}, {}}}};
}

struct Inner {
  FakeClock clock{absl::FromUnixSeconds(1'767'225'600)};
  MemoryEventStore store{clock};
};

// The memory store; one position of it can be damaged.
class Log final : private Inner, public testing::WrappedStore {
 public:
  Log() : WrappedStore(store) {}

  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    ++readings;
    if (options.after < damaged && damaged <= Head()) {
      return DataDamaged("event", "it was damaged by the test");
    }
    return WrappedStore::Visit(options, visit);
  }
  void Close() { store.Close(); }

  Position Add(NewEvent event) {
    AppendRequest request;
    request.events.push_back(std::move(event));
    return AppendAndWait(*this, std::move(request))->recorded[0].position;
  }

  std::atomic<int> readings{0};
  Position damaged;  // none: 0
};

// One wait, and how it ends.
class Waiting {
 public:
  Waiting(HeadWatcher& watcher, const Wait& wait) : watcher_(watcher) {
    id_ = watcher.Await(wait, [this](absl::StatusOr<Position> head) {
      answer_.set_value(std::move(head));
    });
  }
  bool Removed() { return watcher_.Remove(id_); }
  bool Goes() {
    return answered_.wait_for(std::chrono::seconds(0)) !=
           std::future_status::ready;
  }
  absl::StatusOr<Position> Answer() {
    if (answered_.wait_for(absl::ToChronoSeconds(kPatience)) !=
        std::future_status::ready) {
      ADD_FAILURE() << "nobody was told";
      return absl::InternalError("nobody was told");
    }
    return answered_.get();
  }

 private:
  HeadWatcher& watcher_;
  HeadWatcher::WaiterId id_ = 0;
  std::promise<absl::StatusOr<Position>> answer_;
  std::future<absl::StatusOr<Position>> answered_ = answer_.get_future();
};

// Waits until the watcher has looked at what is there.
void AwaitLook(HeadWatcher& watcher, Position position) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (watcher.LookedAt() < position && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  ASSERT_GE(watcher.LookedAt(), position);
}

TEST(HeadWatcher, WakesThoseForWhomSomethingMatches) {
  Log log;
  HeadWatcher watcher(log);
  const Query moved = Types({"moved"});
  const Query any_of_two = Types({"moved", "counted"});
  Query tagged;
  tagged.items.push_back({{}, {"process:p", "shelf:1"}, {}});
  Query of_stream;
  of_stream.items.push_back({{}, {}, {"t"}});
  Waiting for_moved(watcher, {.query = &moved});
  Waiting for_two(watcher, {.query = &any_of_two});
  Waiting for_tagged(watcher, {.query = &tagged});
  Waiting for_stream(watcher, {.query = &of_stream});
  Waiting for_any(watcher, {});

  log.Add(Event("other", {"process:p"}));
  EXPECT_EQ(for_any.Answer().value(), Position(1));
  log.Add(Event("counted", {"process:q", "shelf:1"}));
  EXPECT_GE(for_two.Answer().value(), Position(2));
  log.Add(Event("counted", {"process:p", "shelf:1"}));
  EXPECT_GE(for_tagged.Answer().value(), Position(3));
  log.Add(Event("counted", {}, "t"));
  EXPECT_GE(for_stream.Answer().value(), Position(4));
  AwaitLook(watcher, Position(4));
  EXPECT_TRUE(for_moved.Goes());
  log.Add(Event("moved"));
  EXPECT_GE(for_moved.Answer().value(), Position(5));
}

// Design, G6: what is recorded between reading and waiting is not passed over.
TEST(HeadWatcher, FindsWhatCameBeforeTheWait) {
  Log log;
  HeadWatcher watcher(log);
  const Query moved = Types({"moved"});
  const Query never = Types({"never"});
  Waiting other(watcher, {.query = &never});
  for (int i = 0; i < 10; ++i) log.Add(Event("counted"));
  log.Add(Event("moved"));  // 11
  log.Add(Event("counted"));
  AwaitLook(watcher, Position(12));
  for (const uint64_t after : {0, 5, 10}) {
    Waiting late(watcher, {.after = Position(after), .query = &moved});
    EXPECT_FALSE(late.Goes()) << after;
  }
  for (const uint64_t after : {11, 12}) {
    Waiting late(watcher, {.after = Position(after), .query = &moved});
    EXPECT_TRUE(late.Goes()) << after;
    EXPECT_TRUE(late.Removed());
  }
  EXPECT_TRUE(other.Removed());
}

TEST(HeadWatcher, LetsThoseLookForThemselvesWhomItCannotTell) {
  Log log;
  HeadWatcher watcher(log);
  const Query never = Types({"never"});
  for (int i = 0; i < 10; ++i) log.Add(Event("counted"));
  // Nobody had it looked at what came before this one.
  Waiting first(watcher, {.after = Position(10), .query = &never});
  EXPECT_TRUE(first.Goes());
  Waiting behind(watcher, {.after = Position(9), .query = &never});
  EXPECT_FALSE(behind.Goes());
  // Nor what is long past.
  NewEvent large = Event("counted");
  large.payload.assign(60'000, 'x');
  for (int i = 0; i < 40; ++i) {
    large.id = Event("").id;
    log.Add(large);
  }
  AwaitLook(watcher, Position(50));
  Waiting far_behind(watcher, {.after = Position(11), .query = &never});
  EXPECT_FALSE(far_behind.Goes());
  Waiting near(watcher, {.after = Position(49), .query = &never});
  EXPECT_TRUE(near.Goes());
  EXPECT_TRUE(near.Removed());
  EXPECT_TRUE(first.Removed());
}

TEST(HeadWatcher, WaitsNoLongerThanItIsTold) {
  Log log;
  HeadWatcher watcher(log);
  const Query never = Types({"never"});
  Waiting three(watcher, {.query = &never, .at_most = Position(3)});
  Waiting timed(watcher, {.deadline = absl::Now() + absl::Milliseconds(50),
                          .query = &never});
  log.Add(Event("counted"));
  log.Add(Event("counted"));
  EXPECT_TRUE(absl::IsDeadlineExceeded(timed.Answer().status()));
  EXPECT_TRUE(three.Goes());
  log.Add(Event("counted"));
  EXPECT_EQ(three.Answer().value(), Position(3));
  Waiting at_once(watcher, {.query = &never, .at_most = Position(3)});
  EXPECT_FALSE(at_once.Goes());
}

TEST(HeadWatcher, ReadsOnceForAllWhoWait) {
  constexpr int kWaiters = 200;
  constexpr int kEvents = 100;
  Log log;
  HeadWatcher watcher(log);
  const Query never = Types({"never"});
  std::vector<std::unique_ptr<Waiting>> waiters;
  for (int i = 0; i < kWaiters; ++i) {
    waiters.push_back(
        std::make_unique<Waiting>(watcher, Wait{.query = &never}));
  }
  for (int i = 0; i < kEvents; ++i) log.Add(Event("counted"));
  AwaitLook(watcher, Position(kEvents));
  EXPECT_LE(log.readings, kEvents);
  for (auto& waiter : waiters) EXPECT_TRUE(waiter->Removed());
}

TEST(HeadWatcher, SendsEverybodyToLookAtWhatCannotBeRead) {
  Log log;
  HeadWatcher watcher(log);
  const Query never = Types({"never"});
  log.damaged = Position(2);
  Waiting waiting(watcher, {.query = &never});
  log.Add(Event("counted"));
  AwaitLook(watcher, Position(1));
  EXPECT_TRUE(waiting.Goes());
  log.Add(Event("counted"));
  EXPECT_EQ(waiting.Answer().value(), Position(2));
}

TEST(HeadWatcher, TellsEverybodyThatTheStoreCloses) {
  Log log;
  HeadWatcher watcher(log);
  const Query never = Types({"never"});
  Waiting filtered(watcher, {.query = &never});
  Waiting any(watcher, {});
  log.Close();
  EXPECT_TRUE(absl::IsUnavailable(filtered.Answer().status()));
  EXPECT_TRUE(absl::IsUnavailable(any.Answer().status()));
}

// Readers of different queries who read and wait in turns, beside a writer: at
// the end each has found what matches.
TEST(HeadWatcher, NobodyWaitsPastWhatIsForHim) {
  constexpr uint64_t kEvents = 3'000;
  Log log;
  HeadWatcher watcher(log);
  std::vector<Query> queries;
  for (int i = 0; i < 4; ++i) queries.push_back(Types({absl::StrCat("t", i)}));
  std::vector<std::thread> readers;
  std::atomic<uint64_t> found{0};
  for (const Query& query : queries) {
    readers.emplace_back([&log, &watcher, &query, &found] {
      Position after;
      while (true) {
        ReadOptions options;
        options.after = after;
        options.query = query;
        const auto read = log.Visit(options, [&found](const RecordView&) {
          ++found;
          return true;
        });
        after = read->scanned_to;
        if (after == Position(kEvents)) break;
        Waiting more(
            watcher,
            {.after = after, .query = &query, .at_most = Position(kEvents)});
        ASSERT_TRUE(more.Answer().ok());
      }
    });
  }
  std::minstd_rand random(20261127);
  std::array<uint64_t, 5> added{};
  for (uint64_t i = 0; i < kEvents; ++i) {
    const size_t kind = random() % added.size();
    ++added[kind];
    log.Add(Event(absl::StrCat("t", kind)));
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(found, added[0] + added[1] + added[2] + added[3]);
}

TEST(WaitingQueries, FindsThemByWhatTheEventHas) {
  WaitingQueries waiting;
  const Query type = Types({"a", "b", "a"});
  Query tags;
  tags.items.push_back({{}, {"x", "y"}, {}});
  tags.items.push_back({{"c"}, {"z"}, {}});
  Query all;
  all.items.push_back({});
  waiting.Add(1, type);
  waiting.Add(2, tags);
  waiting.Add(3, all);
  const auto matching = [&waiting](const NewEvent& event) {
    const std::string body = EncodeBody(event);
    return waiting.Matching(*DecodeBody(body));
  };
  EXPECT_THAT(matching(Event("a")), UnorderedElementsAre(1, 3));
  EXPECT_THAT(matching(Event("c", {"x"})), ElementsAre(3));
  EXPECT_THAT(matching(Event("b", {"x", "y"})), UnorderedElementsAre(1, 2, 3));
  EXPECT_THAT(matching(Event("c", {"z"})), UnorderedElementsAre(2, 3));
  waiting.Remove(3);
  waiting.Remove(1);
  EXPECT_THAT(matching(Event("a")), IsEmpty());
  EXPECT_THAT(waiting.All(), ElementsAre(2));
  waiting.Remove(2);
  EXPECT_THAT(matching(Event("b", {"x", "y"})), IsEmpty());
  EXPECT_TRUE(waiting.empty());
}

}  // namespace
}  // namespace samverk
