// How an append whose conditions do not hold is answered. Pure.
#ifndef SAMVERK_EVENTSTORE_CONFLICT_H_
#define SAMVERK_EVENTSTORE_CONFLICT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "eventstore/types.h"

namespace samverk {

// A stream's last event; both 0 when it has none.
struct StreamState {
  Revision revision;
  Position position;
};

// Collects the conditions of one append that do not hold.
class ConflictCollector {
 public:
  // Condition `index` expects something else of a stream in this state.
  void AddStream(size_t index, const StreamCondition& condition,
                 const StreamState& actual);
  // The first event after condition.after that its query matches is `found`.
  void AddQuery(size_t index, const QueryCondition& condition, Position found);
  // The consumer's position is `recorded` already.
  void AddTrack(const Track& track, uint64_t recorded);

  // OK when nothing was added; otherwise ABORTED with the reason of the first
  // one. Metadata: "conditions" lists the indexes ("0,2"; "track"); each one's
  // values stand under "conditions[i].…" ("track.…"), the first one's also
  // under the catalogue's names stream, expected, actual, position.
  absl::Status ToStatus() const;

 private:
  struct Failure {
    std::string name;  // "conditions[2]" or "track"
    std::string index;
    bool is_query = false;
    std::string sentence;
    std::vector<std::pair<std::string, std::string>> values;
  };
  std::vector<Failure> failures_;
};

// True when a stream in this state is what the condition expects.
bool Holds(const StreamCondition& condition, const StreamState& actual);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_CONFLICT_H_
