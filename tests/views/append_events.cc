#include "tests/views/append_events.h"

#include <string>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/limits.h"
#include "services/recording/batch.h"
#include "services/recording/route.h"
#include "tests/testing/events.h"

namespace samverk::testing {

using event::v1::Event;

void AppendEvents(EventStore& store, std::vector<Event> events) {
  AppendRequest request;
  size_t bytes = 0;
  const auto send = [&] {
    if (request.events.empty()) return;
    const auto result = AppendAndWait(store, std::exchange(request, {}));
    SAMVERK_CHECK(result.ok()) << result.status();
    bytes = 0;
  };
  uint64_t id = 1'000'000 + store.Head().value();
  for (Event& event : events) {
    if (event.id().empty()) event.set_id(Uuid(++id));
    const recording::Route route = recording::RouteOf(event, nullptr);
    // Its envelope takes less than as much again as a small event.
    const size_t needed = event.ByteSizeLong() + 1000;
    if (bytes + needed > limits::kAppendBytes ||
        request.events.size() == limits::kAppendEvents) {
      send();
    }
    bytes += needed;
    auto batch = recording::MakeBatch({std::move(event)});
    SAMVERK_CHECK(batch.ok()) << batch.status();
    request.events.push_back(recording::ToNewEvent(batch->events[0], route));
  }
  send();
}

}  // namespace samverk::testing
