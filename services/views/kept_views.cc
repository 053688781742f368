#include "services/views/kept_views.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "services/access/event_filter.h"

namespace samverk {
namespace {

// What views weigh, in events: of those that are left out the id is kept.
uint64_t WeightOf(const projections::FoldedViews& views) {
  return views.events() + views.withheld() / 16 + 1;
}

}  // namespace

std::string KeptViews::KeyOf(const access::Admitted& who,
                             const std::string& process) {
  return absl::StrCat(process, "\n", who.ReadingKey());
}

absl::StatusOr<std::unique_ptr<projections::GrowingViews>> KeptViews::Take(
    const access::Admitted& who, const std::string& process) {
  std::unique_ptr<projections::GrowingViews> views;
  const std::string key = KeyOf(who, process);
  {
    MutexLock lock(mu_);
    for (auto kept = kept_.begin(); kept != kept_.end(); ++kept) {
      if (kept->key != key) continue;
      views = std::move(kept->views);
      events_ -= WeightOf(*views);
      kept_.erase(kept);
      break;
    }
  }
  if (views == nullptr) {
    views = projections::MakeGrowingViews(store_, process,
                                          access::FilterFor(who, process));
  }
  RETURN_IF_ERROR(views->Grow());
  return views;
}

void KeptViews::GiveBack(const access::Admitted& who,
                         const std::string& process,
                         std::unique_ptr<projections::GrowingViews> views) {
  std::list<Kept> dropped;  // freed without the lock
  MutexLock lock(mu_);
  events_ += WeightOf(*views);
  kept_.push_front({KeyOf(who, process), std::move(views)});
  while (events_ > events_most_) {
    events_ -= WeightOf(*kept_.back().views);
    dropped.splice(dropped.end(), kept_, std::prev(kept_.end()));
  }
}

}  // namespace samverk
