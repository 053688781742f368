// Views of readers from whom something is kept, kept for their next question.
#ifndef SAMVERK_SERVICES_VIEWS_KEPT_VIEWS_H_
#define SAMVERK_SERVICES_VIEWS_KEPT_VIEWS_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "projections/fold.h"
#include "services/access/admitted.h"

namespace samverk {

// Folding a process anew takes half a second for 100,000 events; going on with
// what was folded before, next to nothing. Those who may read the same share
// views. Thread-safe.
class KeptViews {
 public:
  // `store` must outlive it. Views of up to so many events are kept, the last
  // ones used.
  explicit KeptViews(EventStore& store, uint64_t events_most = kEventsMost)
      : store_(store), events_most_(events_most) {}

  // Views of a process up to the head of now, of what `who` may read of it:
  // not all. They are the caller's alone, and kept when given back. Errors of
  // projections::FoldPrefix.
  absl::StatusOr<std::unique_ptr<projections::GrowingViews>> Take(
      const access::Admitted& who, const std::string& process);
  // Views that Take gave with these.
  void GiveBack(const access::Admitted& who, const std::string& process,
                std::unique_ptr<projections::GrowingViews> views);

  static constexpr uint64_t kEventsMost = 200'000;

 private:
  struct Kept {
    std::string key;
    std::unique_ptr<projections::GrowingViews> views;
  };
  static std::string KeyOf(const access::Admitted& who,
                           const std::string& process);

  EventStore& store_;
  const uint64_t events_most_;
  Mutex mu_;
  std::list<Kept> kept_ ABSL_GUARDED_BY(mu_);  // the last one used first
  uint64_t events_ ABSL_GUARDED_BY(mu_) = 0;   // of them
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_KEPT_VIEWS_H_
