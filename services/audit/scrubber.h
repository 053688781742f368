// Reads the whole log now and then, to find what has rotted before anybody
// needs it.
#ifndef SAMVERK_SERVICES_AUDIT_SCRUBBER_H_
#define SAMVERK_SERVICES_AUDIT_SCRUBBER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/audit/tree_reader.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "services/common/stop_signal.h"

namespace samverk {

// Hashes every record and compares it, and every hash above it, with the tree
// that is stored, whose root is signed. Slowly, so that nobody waits for it.
// Indexes are not looked at: what they lead to is compared when it is read, and
// "samverk fsck" checks them. Nothing is repaired.
class Scrubber {
 public:
  struct Options {
    EventStore* store = nullptr;  // these two must outlive it
    TreeReader* tree = nullptr;
    // Bytes of records a second; more than 0.
    uint64_t bytes_per_second = 2 << 20;
    // From the start to the first round, and from the end of a round to the
    // next.
    absl::Duration before_first = absl::Minutes(1);
    absl::Duration between = absl::Hours(24);
    // Told of damage, once for each round. May be null.
    std::function<void(std::string_view)> warn = nullptr;
  };
  struct State {
    uint64_t done = 0;    // events of the round that goes on or was the last
    uint64_t rounds = 0;  // that came to the end of the log
    absl::Time ended = absl::InfinitePast();  // the last of them
    // The first event that the last round found damaged; 0: none. And what.
    uint64_t damaged = 0;
    std::string damage;
  };

  explicit Scrubber(Options options);
  // Stops, in the middle of a round too.
  ~Scrubber();

  // Any thread.
  State GetState() const;

 private:
  void Run();
  // OK: all of the log is what it was. Other errors: not from State::done + 1
  // on, and why. CANCELLED: it was told to stop.
  absl::Status Round();
  // The bytes of the next records, whose hashes the frontier has then. It ends
  // before what is damaged.
  absl::StatusOr<uint64_t> Page(TreeFrontier& frontier, uint64_t upto);

  const Options options_;
  StopSignal stop_;
  mutable Mutex mu_;
  State state_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_SCRUBBER_H_
