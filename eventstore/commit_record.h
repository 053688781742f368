// The commit record: one group commit of whole requests, the unit that is made
// durable and (later) replicated. docs/log_format.md has every byte.
#ifndef SAMVERK_EVENTSTORE_COMMIT_RECORD_H_
#define SAMVERK_EVENTSTORE_COMMIT_RECORD_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/record.h"
#include "eventstore/types.h"

namespace samverk {

inline constexpr uint8_t kCommitFormat = 1;
inline constexpr size_t kCommitHeaderBytes = 96;

// What a commit holds. Written to disk: never renumber.
enum class CommitKind : uint8_t {
  kEvents = 1,
  kCursors = 2,        // consumer groups: no positions, no leaves
  kConfiguration = 3,  // members of a replicated log
  kNothing = 4,        // a new leader's first record
};

// A named value that the register keeps beside its events.
struct CursorEntry {
  std::string key;
  std::string value;  // empty: forget the key
  bool operator==(const CursorEntry&) const = default;
};

// A point in the sequence of commits, and the state after it.
struct CommitPoint {
  uint64_t epoch = 0;
  uint64_t sequence = 0;  // 1, 2, 3 …; 0: before the first commit
  Position position;      // of the last event so far
  int64_t recorded_at_us = 0;
  TreeHead tree;
  bool operator==(const CommitPoint&) const = default;
};

struct CommitHeader {
  CommitKind kind = CommitKind::kEvents;
  // After this commit.
  CommitPoint after;
  // Events in this commit; they end at after.position.
  uint32_t count = 0;
  // Events of each request, in order; they add up to `count`.
  std::vector<uint32_t> requests;
  std::vector<Track> tracks;
  std::vector<CursorEntry> cursors;  // for kCursors

  Position first_position() const {
    return Position(after.position.value() - count + 1);
  }
};

// A commit with its records.
class Commit {
 public:
  CommitHeader header;

  // Makes room for so many records of so many bytes together.
  void Reserve(size_t records, size_t bytes);
  // Appends a record to this commit and its leaf hash.
  void AddRecord(const RecordHeader& record_header, std::string_view body);
  void AddRecord(std::string_view record);

  size_t size() const { return ends_.size(); }
  size_t bytes() const { return records_.size(); }
  std::string_view record(size_t i) const;
  std::string_view body(size_t i) const {
    return record(i).substr(kRecordHeaderBytes);
  }
  absl::Span<const Hash> leaves() const { return leaves_; }

 private:
  std::string records_;  // one after the other
  std::vector<size_t> ends_;
  std::vector<Hash> leaves_;
};

// The first 8 bytes of SHA-256(origin): which register a commit belongs to.
using RegisterHash = std::array<uint8_t, 8>;
RegisterHash HashOfOrigin(std::string_view origin);

// The commit record's own bytes (without its events' records).
std::string EncodeCommitHeader(const CommitHeader& header,
                               const RegisterHash& origin,
                               absl::Span<const Hash> leaves);

// Takes them apart. Does not check the checksum, which covers the leaves too.
//   DATA_LOSS (DAMAGED): these bytes are no commit record.
//   FAILED_PRECONDITION (FORMAT_NEWER): they have a format of a later program.
//   FAILED_PRECONDITION: they belong to another register.
absl::StatusOr<CommitHeader> DecodeCommitHeader(std::string_view bytes,
                                                const RegisterHash& origin);

// DATA_LOSS (DAMAGED) when the header or any record is not what was committed.
absl::Status VerifyChecksum(std::string_view header_bytes,
                            absl::Span<const Hash> leaves);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_COMMIT_RECORD_H_
