// Tables that take in the log together: each event is decoded once for all.
#ifndef SAMVERK_PROJECTIONS_ENGINE_LANE_H_
#define SAMVERK_PROJECTIONS_ENGINE_LANE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/event_store.h"
#include "projections/engine/decoded_log.h"
#include "projections/engine/dispatcher.h"
#include "projections/engine/stored_view_table.h"
#include "projections/engine/view_store.h"

namespace samverk::projections {

// A table of a lane, and when it becomes the one that answers.
struct LaneTable {
  std::unique_ptr<StoredViewTable> table;
  // Set for a table that is not live: it becomes live with the batch that
  // brings it here or further. Never, when absent.
  std::optional<Position> live_at;
  // What it then takes the place of.
  std::optional<TableId> replaces;
};

// A projection that has stopped, and why.
struct Stop {
  ProjectionId projection;
  Position position;   // of the event that could not be taken in
  Position committed;  // what its entries take in
  absl::Status why;
};

// Reads the log after the table that is furthest behind, applies each event to
// the tables that lack it, and commits all tables' entries and markers in one
// batch. Tables that are ahead stand still until the others have reached them,
// so live tables that were at one position stay at one position. Not
// thread-safe.
class Lane {
 public:
  struct Options {
    // A batch is committed when so much is in memory, not counting long texts:
    // with them, and with the batch itself, it may be three times as much …
    size_t memory_bytes = 32 << 20;
    // … when so long has passed, or when nothing is left to read.
    absl::Duration commit_every = absl::Milliseconds(500);
    uint32_t page_events = 1'000;
    // For tests: called before each commit.
    std::function<void()> before_commit;
  };

  struct Step {
    uint64_t events = 0;
    bool committed = false;
    bool at_end = false;  // nothing is left up to the bound
  };

  // The stores must outlive the lane.
  Lane(EventStore& events, ViewStore& views, std::vector<LaneTable> tables,
       Options options);

  // Takes in one page of events, none after `bound`, and commits if it is time.
  // A table whose entries cannot be read stops, and the others go on; at an
  // event that cannot be taken in all stop, with everything before it
  // committed. Errors (nothing is lost; call again): UNAVAILABLE,
  // RESOURCE_EXHAUSTED of the log. After DATA_LOSS of the view store all tables
  // have stopped; after another error of it the lane is lost().
  absl::StatusOr<Step> Advance(Position bound);

  // True when what was folded could not be written: the tables in memory are
  // ahead of the store, and only a lane made anew from there can go on.
  bool lost() const { return lost_; }

  // The last event that all tables have taken in, and its batch committed.
  Position committed() const { return committed_; }
  // True when every table is live and at committed(), with nothing to write.
  bool Settled() const;
  // The position at which live tables answer. Beyond committed() while a table
  // that is to take the place of a live one has not come as far as that one.
  Position answering() const;

  const std::vector<LaneTable>& tables() const { return tables_; }
  const std::vector<Stop>& stops() const { return stops_; }

  // Takes in a table that is at committed() with nothing to write, in the place
  // of the lane's table of its projection, and makes it live. After an error
  // nothing has changed.
  absl::Status Adopt(std::unique_ptr<StoredViewTable> table);
  // Gives the only table away.
  std::unique_ptr<StoredViewTable> Release();

 private:
  // Tells the tables that lack the event at `position`.
  void Apply(Position position, FactChange change, const Fact& fact);
  // Takes the page's events into the tables; at one that cannot be taken in,
  // says why in `halt`.
  absl::Status TakeIn(const DecodedPage& page, Step& step,
                      std::optional<Stop>& halt);
  void StopBrokenTables(Position position);
  void StopAll(Position position, const absl::Status& why);
  absl::Status Commit();
  // Whether something was taken in that is not committed.
  bool Pending() const;
  // About how much the tables hold in memory.
  size_t MemoryBytes() const;
  // Forgets tables until half of what they may hold is free.
  void Shrink();
  Position Applied() const;

  EventStore* const events_;
  ViewStore* const views_;
  const Options options_;
  std::vector<LaneTable> tables_;
  std::vector<Stop> stops_;
  // Being read; begun anew after its end and after an error.
  std::optional<DecodedLog> log_;
  StoreTargetLookup lookup_;
  std::optional<Dispatcher> dispatcher_;  // begun anew by Adopt
  std::optional<RecordedEvent> last_;     // the last event applied
  Position committed_;
  absl::Time committed_at_;
  bool lost_ = false;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_LANE_H_
