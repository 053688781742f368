// Reads a log from its beginning to its end, past what is damaged.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_FSCK_LOG_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_FSCK_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/commit_record.h"
#include "eventstore/record.h"
#include "eventstore/rocksdb/closed_register.h"
#include "eventstore/rocksdb/fsck.h"
#include "eventstore/rocksdb/fsck_derived.h"
#include "eventstore/rocksdb/fsck_finding.h"

namespace samverk {

// One thread, once.
class LogCheck {
 public:
  // All must outlive it.
  LogCheck(ClosedRegister& closed, const FsckOptions& options,
           Findings& findings, DerivedCheck& derived, FsckResult& result);

  // FAILED_PRECONDITION (FORMAT_NEWER).
  absl::Status Run();

 private:
  // A commit with the hashes of its records as they are.
  struct Taken {
    uint64_t sequence = 0;  // where it is stored
    Commit commit;
    std::vector<std::string> records;  // "": not there
    std::vector<Hash> leaves;
    std::vector<BodyView> bodies;  // views into commit
    bool whole = true;             // every record is there and well formed
    bool intact = true;            // header and records are what was committed
  };

  // Takes the commit, or passes over all that are missing from it on; gives the
  // last one that it has dealt with.
  absl::StatusOr<uint64_t> TakeCommitFrom(uint64_t sequence);
  absl::Status TakeCommit(uint64_t sequence);
  void ReadRecords(Taken& taken);
  // False: the record at `position` is no record, which has been told.
  bool CheckForm(uint64_t position, const std::string& record);
  // Whether the header is what was committed. Finds out which of its records
  // are not.
  bool CheckSum(std::string_view header_bytes, Taken& taken);
  // For a header that is what was committed.
  void CheckPlace(uint64_t sequence, const CommitHeader& header);
  // For records that are what was committed.
  void CheckContent(const Taken& taken);
  void CheckRevision(uint64_t position, uint64_t found,
                     std::string_view stream);
  void CheckTree(const Taken& taken);
  void CheckEnd();
  // From here on the log is not what it was.
  void Lose();

  ClosedRegister& closed_;
  const FsckOptions& options_;
  Findings& findings_;
  DerivedCheck& derived_;
  FsckResult& result_;
  const RegisterHash origin_;

  NumberedRows commits_;
  NumberedRows events_;
  std::optional<uint64_t> last_event_;
  CommitPoint point_;
  // The commit before cannot be read: what follows it is taken as it is.
  bool gap_ = false;
  // A record is lost: revisions may have gaps.
  bool lost_ = false;
  TreeFrontier frontier_;
  bool tree_lost_ = false;
  absl::flat_hash_map<uint64_t, uint64_t> revisions_;  // by hash of the stream
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_FSCK_LOG_H_
