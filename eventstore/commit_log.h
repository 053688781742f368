// The inner seam: a durable sequence of commits, embedded or replicated.
#ifndef SAMVERK_EVENTSTORE_COMMIT_LOG_H_
#define SAMVERK_EVENTSTORE_COMMIT_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "eventstore/commit_record.h"

namespace samverk {

// One register's commits. One leader appends; everyone reads. Thread-safe, but
// Append is called by one thread at a time.
class CommitLog {
 public:
  virtual ~CommitLog() = default;

  // Becomes the leader, if this node may, and returns the epoch of its commits.
  // An embedded log is always led, with epoch 0.
  //   FAILED_PRECONDITION (NOT_LEADER): another node leads.
  virtual absl::StatusOr<uint64_t> Lead() = 0;

  // Makes the commits durable, all or none, in order. Each follows the one
  // before: sequence and position go on from Head() without a gap.
  //   UNAVAILABLE (OUTCOME_UNKNOWN): they may or may not be durable. The log
  //     accepts no more commits.
  //   RESOURCE_EXHAUSTED (DISK_FULL), FAILED_PRECONDITION (READ_ONLY,
  //     NOT_LEADER): nothing was written.
  // Returns how long of it the disk was waited for.
  virtual absl::StatusOr<absl::Duration> Append(
      absl::Span<const Commit> commits) = 0;

  // The last durable commit.
  virtual CommitPoint Head() = 0;

  // Commits after `sequence`, in order: at least one if there is one, then as
  // many as `bytes` allow. Their checksums have been verified.
  //   DATA_LOSS (DAMAGED): a commit or one of its records cannot be read.
  virtual absl::StatusOr<std::vector<Commit>> Read(uint64_t sequence,
                                                   size_t bytes) = 0;

  // Blocks until Head().sequence > sequence and returns it.
  //   DEADLINE_EXCEEDED: it did not grow in time.
  virtual absl::StatusOr<uint64_t> Follow(uint64_t sequence,
                                          absl::Time deadline) = 0;

  // Says that commits up to `sequence` are applied everywhere and need not be
  // kept. A log whose records are the register's only copy keeps them.
  virtual absl::Status Trim(uint64_t sequence) = 0;

  // For people.
  struct Description {
    std::string kind;  // "embedded"
    bool leads = false;
    std::string problem;  // empty, or why it accepts no commits
  };
  virtual Description State() = 0;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_COMMIT_LOG_H_
