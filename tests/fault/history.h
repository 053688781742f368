// What concurrent clients did to a register, and the log that came of it.
#ifndef SAMVERK_TESTS_FAULT_HISTORY_H_
#define SAMVERK_TESTS_FAULT_HISTORY_H_

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace samverk::fault {

struct LoggedEvent {
  std::string id;
  std::string stream;
  std::vector<std::string> tags;
  uint64_t revision = 0;
};

// The stream's last revision is this one; 0: it has no events.
struct StreamIsAt {
  std::string stream;
  uint64_t revision = 0;
};
// The stream has events.
struct StreamExists {
  std::string stream;
};
// No event with all of these tags is at a position after this one.
struct NoneSince {
  std::vector<std::string> tags;
  uint64_t after = 0;
};
using Expectation = std::variant<StreamIsAt, StreamExists, NoneSince>;

struct Place {
  uint64_t position = 0;
  uint64_t revision = 0;
  bool operator==(const Place&) const = default;
};

inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

// What a client asked for and was answered.
struct Operation {
  enum class Kind {
    kAppend,
    kReadStream,  // the positions of a stream's events, and the head
    kReadHead,
  };
  enum class Outcome {
    kDone,
    kRefused,  // an append whose conditions did not hold
    kUnknown,  // an append without an answer
  };

  Kind kind = Kind::kAppend;
  Outcome outcome = Outcome::kDone;
  // When it was called, and when its answer was there: what it did, it did
  // between. Without an answer: from when on it can do nothing any more.
  int64_t called = 0;
  int64_t returned = kNever;

  // Of an append.
  std::vector<std::string> ids;
  std::vector<Expectation> conditions;
  std::vector<Place> recorded;  // the answer
  bool replayed = false;        // the answer says: recorded before

  // Of a reading.
  std::string stream;
  std::vector<uint64_t> positions;
  uint64_t head = 0;
};

struct History {
  // Where the log begins: events at positions up to this one belong to no
  // operation of the history, and to no stream and tag that it speaks of.
  uint64_t base = 0;
  // The event at position base + 1, base + 2, …, as read at the end.
  std::vector<LoggedEvent> log;
  std::vector<Operation> operations;
};

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_HISTORY_H_
