#include "eventstore/event_store.h"

#include <utility>

#include "eventstore/base/mutex.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"

namespace samverk {
namespace {

// One answer that one thread waits for.
struct Answer {
  Mutex mu;
  CondVar arrived;
  std::optional<absl::StatusOr<AppendResult>> result ABSL_GUARDED_BY(mu);
};

}  // namespace

absl::StatusOr<EventPage> EventStore::Read(const ReadOptions& options) {
  EventPage page;
  size_t bytes = 0;
  ASSIGN_OR_RETURN(static_cast<ReadEnd&>(page),
                   Visit(options, [&page, &bytes](const RecordView& event) {
                     bytes += event.record().size();
                     if (bytes > limits::kReadPageBytes && !page.events.empty())
                       return false;
                     page.events.emplace_back(event);
                     return true;
                   }));
  return page;
}

absl::StatusOr<AppendResult> AppendAndWait(EventStore& store,
                                           AppendRequest request,
                                           absl::Time deadline) {
  // On this stack: `done` is called exactly once, and the wait ends only then.
  Answer answer;
  store.Append(std::move(request), deadline,
               [&answer](absl::StatusOr<AppendResult> result) {
                 MutexLock lock(answer.mu);
                 answer.result = std::move(result);
                 // Under the lock: the waiter may be gone right after it.
                 answer.arrived.NotifyOne();
               });
  MutexLock lock(answer.mu);
  while (!answer.result.has_value()) answer.arrived.Wait(answer.mu);
  return *std::move(answer.result);
}

}  // namespace samverk
