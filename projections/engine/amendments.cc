#include "projections/engine/amendments.h"

namespace samverk::projections {

EventId Amendments::RootOf(const EventId& id) const {
  const auto it = root_.find(id);
  return it == root_.end() ? id : it->second;
}

std::optional<EventId> Amendments::Standing(const EventId& target) const {
  const EventId root = RootOf(target);
  const auto it = standing_.find(root);
  return it == standing_.end() ? root : it->second;
}

void Amendments::Correct(const EventId& target, const EventId& correction) {
  const EventId root = RootOf(target);
  root_[correction] = root;
  standing_[root] = correction;
}

void Amendments::TakeOut(const EventId& target) {
  standing_[RootOf(target)] = std::nullopt;
}

}  // namespace samverk::projections
