#include "eventstore/rocksdb/fsck_finding.h"

#include "absl/strings/str_cat.h"

namespace samverk {

std::string_view NameOf(FindingKind kind) {
  static constexpr std::string_view kNames[kFindingKinds] = {
      "database", "log",  "commit", "event",  "tree", "revision",
      "marker",   "tile", "index",  "cursor", "view"};
  return kNames[static_cast<int>(kind)];
}

void Findings::Add(Finding finding) { sink_(finding); }

void Findings::AddRange(FindingKind kind, std::string_view noun, uint64_t first,
                        uint64_t last, std::string_view expected,
                        std::string_view found) {
  std::optional<Run>& run = runs_[static_cast<int>(kind)];
  if (run.has_value() && run->noun == noun && run->last + 1 == first &&
      run->finding.expected == expected && run->finding.found == found) {
    run->last = last;
    return;
  }
  if (run.has_value()) Pass(run);
  run.emplace(Run{{kind, "", std::string(expected), std::string(found)},
                  std::string(noun),
                  first,
                  last});
}

void Findings::Flush() {
  for (std::optional<Run>& run : runs_) {
    if (run.has_value()) Pass(run);
  }
}

void Findings::Pass(std::optional<Run>& run) {
  run->finding.where =
      run->first == run->last
          ? absl::StrCat(run->noun, " ", run->first)
          : absl::StrCat(run->noun, "s ", run->first, " to ", run->last);
  sink_(run->finding);
  run.reset();
}

}  // namespace samverk
