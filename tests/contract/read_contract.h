// The contract: reading by position, query and time, in both directions.
#ifndef SAMVERK_TESTS_CONTRACT_READ_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_READ_CONTRACT_H_

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "eventstore/query.h"
#include "tests/contract/contract_fixture.h"

namespace samverk::contract {

// Random events over few streams, types and tags, some rare, some common.
class RandomEvents {
 public:
  explicit RandomEvents(uint32_t seed) : random_(seed) {}

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  std::string Stream() {
    return Below(3) == 0 ? "common" : absl::StrCat("s", Below(40));
  }
  std::string Type() { return absl::StrCat("type", Below(5)); }
  std::string Tag() {
    return Below(4) == 0 ? absl::StrCat("rare:", Below(200))
                         : absl::StrCat("k:", Below(6));
  }
  NewEvent Next() {
    NewEvent event;
    for (uint8_t& byte : event.id.bytes)
      byte = static_cast<uint8_t>(Below(256));
    event.stream = Stream();
    event.type = Type();
    for (uint32_t n = Below(4); n > 0; --n) event.tags.push_back(Tag());
    event.payload.assign(Below(60), 'p');
    return event;
  }
  Query NextQuery() {
    Query query;
    for (uint32_t n = Below(4); n > 0; --n) {
      QueryItem item;
      for (uint32_t i = Below(3); i > 0; --i) item.types.push_back(Type());
      for (uint32_t i = Below(3); i > 0; --i) item.tags.push_back(Tag());
      for (uint32_t i = Below(3); i > 0; --i) item.streams.push_back(Stream());
      query.items.push_back(std::move(item));
    }
    return query;
  }

 private:
  std::mt19937 random_;
};

// What the options select, by looking at each event.
inline std::vector<uint64_t> Naive(const std::vector<RecordedEvent>& log,
                                   const ReadOptions& options) {
  std::vector<uint64_t> positions;
  for (const RecordedEvent& event : log) {
    if (event.position() <= options.after) continue;
    if (options.before.has_value() && event.position() >= *options.before) {
      continue;
    }
    if (options.recorded_from && event.recorded_at() < *options.recorded_from) {
      continue;
    }
    if (options.recorded_until &&
        event.recorded_at() >= *options.recorded_until) {
      continue;
    }
    if (!Matches(options.query, *DecodeBody(event.body()))) continue;
    positions.push_back(event.position().value());
  }
  if (options.direction == Direction::kBackward) {
    std::reverse(positions.begin(), positions.end());
  }
  return positions;
}

TEST_P(EventStoreContract, ReadsWhatANaiveFilterFinds) {
  const uint32_t seed = Seed();
  RandomEvents random(seed);
  FakeClock* clock = under_test().clock();
  for (int i = 0; i < 60; ++i) {
    std::vector<NewEvent> events;
    for (uint32_t n = 1 + random.Below(30); n > 0; --n) {
      events.push_back(random.Next());
    }
    if (clock != nullptr && random.Below(3) > 0) {
      clock->Advance(absl::Microseconds(random.Below(3)));
    }
    ASSERT_TRUE(Append(std::move(events)).ok());
  }
  const std::vector<RecordedEvent> log = ReadAll();
  const auto size = static_cast<uint32_t>(log.size());
  ASSERT_EQ(store().Head(), Position(size));
  for (int i = 0; i < 400; ++i) {
    ReadOptions options;
    options.query = random.NextQuery();
    if (random.Below(2) == 0) options.after = Position(random.Below(size + 5));
    if (random.Below(2) == 0) options.before = Position(random.Below(size + 5));
    const absl::Duration tick = absl::Microseconds(1);
    if (random.Below(4) == 0) {
      options.recorded_from = log[random.Below(size)].recorded_at() +
                              tick * (int(random.Below(3)) - 1);
    }
    if (random.Below(4) == 0) {
      options.recorded_until = log[random.Below(size)].recorded_at() +
                               tick * (int(random.Below(3)) - 1);
    }
    if (random.Below(2) == 0) options.direction = Direction::kBackward;
    options.limit = 1 + random.Below(random.Below(2) == 0 ? 5 : 500);
    EXPECT_EQ(PositionsOf(ReadAll(options)), Naive(log, options))
        << "SAMVERK_SEED=" << seed << " query " << i;
  }
}

TEST_P(EventStoreContract, PagesSayHowFarTheyLooked) {
  for (int i = 0; i < 6; ++i) {
    AppendOne(Event("s", i % 2 == 0 ? "even" : "odd"));
  }
  ReadOptions options;
  options.query.items = {Item({"even"})};  // at 1, 3, 5
  options.limit = 2;
  auto page = store().Read(options);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(PositionsOf(page->events), (std::vector<uint64_t>{1, 3}));
  EXPECT_FALSE(page->end);
  EXPECT_EQ(page->scanned_to, Position(3));
  options.after = page->scanned_to;
  page = store().Read(options);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(PositionsOf(page->events), std::vector<uint64_t>{5});
  EXPECT_TRUE(page->end);
  EXPECT_EQ(page->scanned_to, Position(6)) << "beyond the last match";
  EXPECT_EQ(page->head, Position(6));

  options.after = Position();
  options.direction = Direction::kBackward;
  page = store().Read(options);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(PositionsOf(page->events), (std::vector<uint64_t>{5, 3}));
  EXPECT_EQ(page->scanned_to, Position(3));
  options.before = page->scanned_to;
  page = store().Read(options);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(PositionsOf(page->events), std::vector<uint64_t>{1});
  EXPECT_TRUE(page->end);
  EXPECT_EQ(page->scanned_to, Position(1));
}

TEST_P(EventStoreContract, AReadingEndsBeforeTheEventThatIsNotTaken) {
  for (int i = 0; i < 100; ++i) {
    AppendOne(Event("s", i % 2 == 0 ? "even" : "odd"));
  }
  for (const Direction direction :
       {Direction::kForward, Direction::kBackward}) {
    for (const bool query : {false, true}) {
      ReadOptions options;
      options.direction = direction;
      if (query) options.query.items = {Item({"even"})};
      const std::vector<uint64_t> all = PositionsOf(ReadAll(options));
      std::vector<uint64_t> taken;
      const auto read = store().Visit(options, [&](const RecordView& event) {
        if (taken.size() == 41) return false;
        taken.push_back(event.position().value());
        return true;
      });
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(taken, std::vector<uint64_t>(all.begin(), all.begin() + 41));
      EXPECT_FALSE(read->end);
      EXPECT_EQ(read->scanned_to, Position(all[40]));
      EXPECT_EQ(read->head, Position(100));
      if (direction == Direction::kForward) {
        options.after = read->scanned_to;
      } else {
        options.before = read->scanned_to;
      }
      EXPECT_EQ(PositionsOf(ReadAll(options)),
                std::vector<uint64_t>(all.begin() + 41, all.end()));
    }
  }
}

TEST_P(EventStoreContract, AQueryWithoutMatchesStillProgresses) {
  for (int i = 0; i < 5; ++i) AppendOne(Event("s"));
  ReadOptions options;
  options.query.items = {Item({"never"})};
  const auto page = store().Read(options);
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->events.empty());
  EXPECT_TRUE(page->end);
  EXPECT_EQ(page->scanned_to, Position(5));
}

TEST_P(EventStoreContract, TermsAreMatchedWhole) {
  AppendOne(Event("stream", "type", {"key:value"}));
  for (const QueryItem& item :
       {Item({"typ"}), Item({"type2"}), Item({}, {"key:"}),
        Item({}, {"key:value2"}), Item({}, {}, {"stre"}), Item({""}),
        Item({"key:value"}), Item({}, {"stream"}), Item({}, {}, {"type"})}) {
    ReadOptions options;
    options.query.items = {item};
    EXPECT_TRUE(ReadAll(options).empty());
  }
}

TEST_P(EventStoreContract, BoundsBeyondTheLogAreEmpty) {
  for (int i = 0; i < 3; ++i) AppendOne(Event("s"));
  ReadOptions options;
  options.after = Position(7);
  auto page = store().Read(options);
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->events.empty());
  EXPECT_TRUE(page->end);
  EXPECT_EQ(page->scanned_to, Position(7)) << "never backwards";
  options.after = Position();
  options.before = Position(1);
  page = store().Read(options);
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->events.empty());
  options.before = Position(100);
  EXPECT_EQ(ReadAll(options).size(), 3u);
  options.after = Position(2);
  options.before = Position(2);
  EXPECT_TRUE(ReadAll(options).empty());
}

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_READ_CONTRACT_H_
