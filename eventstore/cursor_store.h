// Small named values that a register keeps beside its events: what consumer
// groups have settled. They go through the same writer and log as events, but
// have no position and no leaf in the tree.
#ifndef SAMVERK_EVENTSTORE_CURSOR_STORE_H_
#define SAMVERK_EVENTSTORE_CURSOR_STORE_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/commit_record.h"

namespace samverk {

// All methods may be called from any thread at once.
class CursorStore {
 public:
  using PutCallback = std::function<void(absl::Status)>;

  virtual ~CursorStore() = default;

  // Stores all entries or none, durably, and calls `done` exactly once, as
  // EventStore::Append does, with the same errors. An empty value forgets the
  // key. Later calls see what earlier answered ones stored.
  virtual void PutCursors(std::vector<CursorEntry> entries, absl::Time deadline,
                          PutCallback done) = 0;

  // The value of a key, or nullopt. DATA_LOSS (DAMAGED).
  virtual absl::StatusOr<std::optional<std::string>> GetCursor(
      std::string_view key) = 0;

  // All entries whose keys begin with `prefix`, sorted by key.
  virtual absl::StatusOr<std::vector<CursorEntry>> ListCursors(
      std::string_view prefix) = 0;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_CURSOR_STORE_H_
