// What is done to a register that nobody serves: it is restored and checked.
// For programs that know nothing of the store: plain values in and out, on
// directories as a server is given them.
#ifndef SAMVERK_SERVICES_MAINTENANCE_MAINTENANCE_H_
#define SAMVERK_SERVICES_MAINTENANCE_MAINTENANCE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace samverk::maintenance {

// Up to which event, of how many.
using OnProgress = std::function<void(uint64_t done, uint64_t all)>;

struct RestoreRequest {
  std::string backups;         // a server's directory of backups
  std::string data;            // the new one; must be empty, or not there
  uint32_t number = 0;         // of the backup; 0: the last
  std::optional<uint64_t> to;  // the last event; all when not given
  OnProgress on_progress;      // may be empty
};

struct RestoredRegister {
  uint32_t number = 0;  // of the backup
  int64_t made_s = 0;   // when the backup was made, seconds since 1970
  std::string name;
  uint64_t position = 0;  // of the last event
  std::string root;       // 32 bytes
};

// Restores, verified, or leaves nothing; what an interrupted restore leaves is
// recognised, and the same request begins it again. One sentence says what is
// wrong: no such backup, a directory that is not empty, a position that does
// not end a request or is not in the backup, damage, a newer format, a full
// disk.
absl::StatusOr<RestoredRegister> RestoreRegister(const RestoreRequest& request);

// Reads all files of a backup and compares them with their checksums; writes
// nothing.
absl::StatusOr<RestoredRegister> VerifyBackup(const std::string& backups,
                                              uint32_t number);

struct Finding {
  std::string kind;  // "event", "index", …
  std::string where;
  std::string expected;
  std::string found;
  bool repairable = false;
};

struct CheckRequest {
  std::string data;
  std::function<void(const Finding&)> on_finding;
  OnProgress on_progress;  // may be empty
};

struct CheckedRegister {
  std::string name;
  uint64_t position = 0;
  std::string root;  // 32 bytes
  uint64_t commits = 0;
  uint64_t streams = 0;
  uint64_t tiles = 0;
  uint64_t index_entries = 0;
  uint64_t cursors = 0;
  uint64_t view_entries = 0;
  uint64_t findings = 0;  // all, also those that were not listed
  uint64_t irreparable = 0;
  // False: the log is damaged, so that what follows from it is not known.
  bool derived_checked = true;
};

// Checks every stored byte, and folds the log again, in a temporary directory,
// to compare the views with it; changes nothing. FAILED_PRECONDITION (IN_USE):
// a server has it open; (FORMAT_NEWER). NOT_FOUND: no register is there.
absl::StatusOr<CheckedRegister> CheckRegister(const CheckRequest& request);

// Derives indexes and tiles again, and removes the views when they are not
// right, which the server builds again. Never touches the log. DATA_LOSS when
// that is damaged.
absl::Status RepairRegister(const std::string& data,
                            const OnProgress& on_progress);

}  // namespace samverk::maintenance

#endif  // SAMVERK_SERVICES_MAINTENANCE_MAINTENANCE_H_
