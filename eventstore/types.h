// The vocabulary of the store.
#ifndef SAMVERK_EVENTSTORE_TYPES_H_
#define SAMVERK_EVENTSTORE_TYPES_H_

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "eventstore/base/strong_int.h"

namespace samverk {

// Place in the register's total order: 1, 2, 3 … without gaps. 0 is "before
// the first event".
using Position = StrongInt<struct PositionTag>;
// Place within a stream: 1, 2, 3 … 0 is "no event".
using Revision = StrongInt<struct RevisionTag>;
// Place in the Merkle tree: position - 1.
using LeafIndex = StrongInt<struct LeafIndexTag>;

// A UUID, most significant byte first.
struct EventId {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const EventId&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const EventId& id) {
    return H::combine(std::move(h), id.bytes);
  }
};

// An interval of the business's time: from <= t < to, microseconds since
// 1970-01-01T00:00:00Z.
struct Interval {
  int64_t from_us = 0;
  int64_t to_us = 0;
  auto operator<=>(const Interval&) const = default;
};

// See samverk.store.v1.Metadata.
struct Metadata {
  std::string source_system;
  std::string source_ref;
  std::string recorded_by;
  std::string on_behalf_of;
  std::string correlation_id;
  std::string causation_id;
  std::string traceparent;
  bool operator==(const Metadata&) const = default;
};

// See samverk.store.v1.NewEvent.
struct NewEvent {
  EventId id;
  std::string stream;
  std::string type;
  std::vector<std::string> tags;
  std::optional<Interval> occurred;
  Metadata metadata;
  std::string payload;
};

// One alternative of a query: any of the types, all of the tags, one of the
// streams; an empty list does not restrict.
struct QueryItem {
  std::vector<std::string> types;
  std::vector<std::string> tags;
  std::vector<std::string> streams;
};

// Events that match any item; without items, every event.
struct Query {
  std::vector<QueryItem> items;
};

// What a stream's last revision must be.
struct StreamCondition {
  enum class Expect { kRevision, kNone, kExists };
  std::string stream;
  Expect expect = Expect::kRevision;
  Revision revision;  // for kRevision; 0 is the same as kNone
};

// No event matching `query` may be recorded after `after`.
struct QueryCondition {
  Query query;
  Position after;
};

using Condition = std::variant<StreamCondition, QueryCondition>;

// How far, from 1, a consumer of a log has come: see TrackStore.
struct Track {
  std::string consumer;
  uint64_t upstream_position = 0;
};

struct AppendRequest {
  std::vector<NewEvent> events;
  std::vector<Condition> conditions;
  std::optional<Track> track;
  // Who asks, any number: callers take turns. Not stored.
  uint64_t caller = 0;
};

struct AppendResult {
  struct Recorded {
    Position position;
    Revision revision;
    bool operator==(const Recorded&) const = default;
  };
  std::vector<Recorded> recorded;  // one for each event, in order
  absl::Time recorded_at;
  bool replayed = false;  // recorded earlier: this is the first answer
};

enum class Direction { kForward, kBackward };

struct ReadOptions {
  Query query;
  Position after;                            // only greater positions
  std::optional<Position> before;            // only lesser positions
  std::optional<absl::Time> recorded_from;   // at or after
  std::optional<absl::Time> recorded_until;  // before
  Direction direction = Direction::kForward;
  uint32_t limit = 1000;  // 1 to limits::kReadPage
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_TYPES_H_
