#include "clients/cli/correction_chains.h"

#include "absl/strings/ascii.h"

namespace samverk::cli {

using event::v1::Event;

std::string TargetOf(const Event& event) {
  if (event.has_event_corrected()) return event.event_corrected().target();
  if (event.has_event_reversed()) return event.event_reversed().target();
  return event.event_voided().target();
}

std::string CorrectionChains::RootOf(const Event& event) {
  // The recorder chose how to write them.
  const std::string id = absl::AsciiStrToLower(event.id());
  const std::string target = absl::AsciiStrToLower(TargetOf(event));
  if (target.empty()) return id;
  const auto known = roots_.find(target);
  std::string root = known == roots_.end() ? target : known->second;
  roots_[id] = root;
  return root;
}

}  // namespace samverk::cli
