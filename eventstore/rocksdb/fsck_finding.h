// What a check finds.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_FSCK_FINDING_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_FSCK_FINDING_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace samverk {

// What is wrong. The first six cannot be derived from anything else.
enum class FindingKind {
  kDatabase,  // tables or the description
  kLog,       // acknowledged writes are gone
  kCommit,
  kEvent,
  kTree,  // a commit's root is not that of its records
  kRevision,
  kMarker,  // up to where derived data is stored
  kTile,
  kIndex,
  kCursor,  // cursors and tracks
  kView,
};
inline constexpr int kFindingKinds = 11;

constexpr bool CanBeDerived(FindingKind kind) {
  return kind >= FindingKind::kMarker;
}

// "database", "log", …
std::string_view NameOf(FindingKind kind);

// One thing that is wrong.
struct Finding {
  FindingKind kind;
  std::string where;     // "event 17", "commits 3 to 9", "tag k:1"
  std::string expected;  // what belongs there
  std::string found;     // what is there
  bool operator==(const Finding&) const = default;
};

// Passes findings on; those of one kind about consecutive numbers that say the
// same become one. One thread.
class Findings {
 public:
  using Sink = std::function<void(const Finding&)>;
  explicit Findings(Sink sink) : sink_(std::move(sink)) {}

  void Add(Finding finding);
  // About "event 17": `noun` and `number`.
  void AddNumbered(FindingKind kind, std::string_view noun, uint64_t number,
                   std::string_view expected, std::string_view found) {
    AddRange(kind, noun, number, number, expected, found);
  }
  // The same about all of them from `first` to `last`.
  void AddRange(FindingKind kind, std::string_view noun, uint64_t first,
                uint64_t last, std::string_view expected,
                std::string_view found);
  // Passes on what waits for its successor.
  void Flush();

 private:
  struct Run {
    Finding finding;
    std::string noun;
    uint64_t first = 0;
    uint64_t last = 0;
  };
  void Pass(std::optional<Run>& run);

  const Sink sink_;
  std::optional<Run> runs_[kFindingKinds];
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_FSCK_FINDING_H_
