// What a register has become after its commits: a pure function of them.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_REGISTER_STATE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_REGISTER_STATE_H_

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/commit_log.h"
#include "eventstore/rocksdb/derived_store.h"
#include "eventstore/rocksdb/index.h"
#include "eventstore/rocksdb/log_reader.h"

namespace samverk {

// One thread applies; the index may be read from any.
//
//   S1  Apply looks at the state and the commit and nothing else: no clock, no
//       chance, no condition checked again.
//   S2  A commit that does not follow the last one, or whose root is not
//       reached, is refused, and the state is then the one before it.
class RegisterState {
 public:
  // Called now and then while commits are applied at start: up to where, and
  // the position of the last event.
  using OnProgress = std::function<void(Position done, Position all)>;

  struct Options {
    bool rebuild = false;  // begin at the first commit
    Index::SegmentSize segment_size;
    OnProgress on_progress;
  };

  // Brings derived data up to the log's head, from its marker or, when there is
  // none or options.rebuild, from the beginning. `log`, `records` and `store`
  // must outlive the state.
  //   DATA_LOSS (DAMAGED): log, tree and derived data do not agree; the
  //     sentence says what to do.
  static absl::StatusOr<std::unique_ptr<RegisterState>> Open(
      CommitLog& log, const LogReader& records, DerivedStore& store,
      const Options& options);

  // Takes in the next commit. `bodies` are those of its records.
  absl::Status Apply(const Commit& commit,
                     absl::Span<const BodyView* const> bodies);

  const CommitPoint& point() const { return point_; }
  const TreeFrontier& frontier() const { return frontier_; }
  Index& index() { return *index_; }
  const Index& index() const { return *index_; }
  // Where Open began, for people and tests.
  Position derived_from() const { return derived_from_; }

 private:
  RegisterState() = default;
  absl::Status StartAt(const CommitPoint& applied, CommitLog& log,
                       const LogReader& records, DerivedStore& store,
                       const Index::SegmentSize& segment_size);
  absl::Status CatchUp(CommitLog& log, const OnProgress& on_progress);
  // Decodes the bodies, then applies.
  absl::Status ApplyStored(const Commit& commit);

  CommitPoint point_;
  TreeFrontier frontier_;
  std::unique_ptr<Index> index_;
  Position derived_from_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_REGISTER_STATE_H_
