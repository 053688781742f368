// What the contract's tests have in common.
#ifndef SAMVERK_TESTS_CONTRACT_CONTRACT_FIXTURE_H_
#define SAMVERK_TESTS_CONTRACT_CONTRACT_FIXTURE_H_

#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/uuid.h"
#include "eventstore/event_store.h"
#include "eventstore/limits.h"
#include "eventstore/track_store.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace samverk::contract {

// An event store of the implementation under test, empty at first.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual EventStore& store() = 0;
  // The same one's tracks.
  virtual TrackStore& tracks() = 0;
  // The clock that the store asks, or null when the test cannot set it.
  virtual FakeClock* clock() { return nullptr; }
  // Closes the store and opens it again. False when that is not possible.
  virtual bool Restart() { return false; }
};

// One implementation: its name in the tests' names, and how to make a store.
struct Implementation {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>()> make;
};

inline std::string NameOf(const testing::TestParamInfo<Implementation>& info) {
  return info.param.name;
}

// Random tests print their seed; SAMVERK_SEED repeats one.
inline uint32_t Seed() {
  const char* given = std::getenv("SAMVERK_SEED");
  const uint32_t seed =
      given != nullptr ? static_cast<uint32_t>(std::strtoul(given, nullptr, 10))
                       : std::random_device{}();
  std::cout << "SAMVERK_SEED=" << seed << "\n";
  return seed;
}

// The metadata of an error, by name.
inline std::map<std::string, std::string> ValuesOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  if (const auto payload = status.GetPayload(kErrorInfoUrl)) {
    info.ParseFromString(std::string(*payload));
  }
  return {info.metadata().begin(), info.metadata().end()};
}

class EventStoreContract : public testing::TestWithParam<Implementation> {
 protected:
  EventStoreContract() : under_test_(GetParam().make()) {}

  EventStore& store() { return under_test_->store(); }
  StoreUnderTest& under_test() { return *under_test_; }

  // An event with a new id.
  static NewEvent Event(std::string stream, std::string type = "test.happened",
                        std::vector<std::string> tags = {},
                        std::string payload = "payload") {
    NewEvent event;
    event.id = NewUuidV7(absl::Now());
    event.stream = std::move(stream);
    event.type = std::move(type);
    event.tags = std::move(tags);
    event.payload = std::move(payload);
    return event;
  }
  static AppendRequest Request(std::vector<NewEvent> events,
                               std::vector<Condition> conditions = {}) {
    AppendRequest request;
    request.events = std::move(events);
    request.conditions = std::move(conditions);
    return request;
  }
  static QueryItem Item(std::vector<std::string> types,
                        std::vector<std::string> tags = {},
                        std::vector<std::string> streams = {}) {
    return {std::move(types), std::move(tags), std::move(streams)};
  }
  static StreamCondition Expect(std::string stream, uint64_t revision) {
    return {std::move(stream), StreamCondition::Expect::kRevision,
            Revision(revision)};
  }
  static StreamCondition ExpectNone(std::string stream) {
    return {std::move(stream), StreamCondition::Expect::kNone, Revision()};
  }
  static StreamCondition ExpectExists(std::string stream) {
    return {std::move(stream), StreamCondition::Expect::kExists, Revision()};
  }

  absl::StatusOr<AppendResult> Append(AppendRequest request) {
    return AppendAndWait(store(), std::move(request),
                         absl::Now() + absl::Seconds(60));
  }
  absl::StatusOr<AppendResult> Append(std::vector<NewEvent> events,
                                      std::vector<Condition> conditions = {}) {
    return Append(Request(std::move(events), std::move(conditions)));
  }
  // Appends one event and gives its position.
  Position AppendOne(NewEvent event) {
    std::vector<NewEvent> events;
    events.push_back(std::move(event));
    const auto result = Append(std::move(events));
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? result->recorded[0].position : Position();
  }

  // Reads page by page until the end.
  std::vector<RecordedEvent> ReadAll(ReadOptions options = {}) {
    std::vector<RecordedEvent> events;
    while (true) {
      auto page = store().Read(options);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return events;
      EXPECT_LE(page->events.size(), options.limit);
      for (auto& event : page->events) events.push_back(std::move(event));
      if (page->end) return events;
      if (options.direction == Direction::kForward) {
        EXPECT_GT(page->scanned_to, options.after) << "no progress";
        if (page->scanned_to <= options.after) return events;
        options.after = page->scanned_to;
      } else {
        if (options.before.has_value()) {
          EXPECT_LT(page->scanned_to, *options.before) << "no progress";
          if (page->scanned_to >= *options.before) return events;
        }
        options.before = page->scanned_to;
      }
    }
  }
  static std::vector<uint64_t> PositionsOf(
      const std::vector<RecordedEvent>& events) {
    std::vector<uint64_t> positions;
    for (const auto& event : events) {
      positions.push_back(event.position().value());
    }
    return positions;
  }

 private:
  std::unique_ptr<StoreUnderTest> under_test_;
};

// The code and the reason of an error.
#define EXPECT_ERROR(status, expected_code, expected_reason)              \
  do {                                                                    \
    const absl::Status got = (status);                                    \
    EXPECT_EQ(got.code(), absl::StatusCode::expected_code) << got;        \
    EXPECT_EQ(ReasonOf(got), error::v1::REASON_##expected_reason) << got; \
  } while (false)

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_CONTRACT_FIXTURE_H_
