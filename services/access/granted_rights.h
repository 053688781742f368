// The rights that the register's own events grant and withdraw, as they stand.
#ifndef SAMVERK_SERVICES_ACCESS_GRANTED_RIGHTS_H_
#define SAMVERK_SERVICES_ACCESS_GRANTED_RIGHTS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/strings.h"
#include "eventstore/event_store.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::access {

// Whether an event may change rights: RightsGranted, RightsWithdrawn, or a
// correction, reversal or void, which may be of one.
bool MayChangeRights(const event::v1::Event& event);

// Folded from the log, in memory. Thread-safe.
//
// A right is granted in a process, to a principal, for a time; it stands until
// the same role of the same principal, in either language, is withdrawn in that
// process, which takes it from everybody of that name. Corrected, reversed and
// voided events count as what stands in their place.
class GrantedRights {
 public:
  // `store` must outlive it. Knows nothing before the first Refresh.
  explicit GrantedRights(EventStore& store) : store_(store) {}

  // Takes in what was recorded since the last time: to be called at start, and
  // before whoever recorded an event that MayChangeRights is answered. Errors
  // of EventStore::Read and codec::DecodePayload; rights are then as they were.
  absl::Status Refresh();

  // What a principal of an organisation holds at an instant, as
  // Credential::roles has it: "projektledare@augustenborg". A grant is for the
  // people of one organisation: the one that it names, or else the one of
  // whoever recorded it. Others may have somebody of the same name.
  std::vector<std::string> Of(std::string_view principal,
                              std::string_view organisation,
                              absl::Time now) const;

 private:
  // An event that stands, in the order of the log. A correction stands in its
  // target's place.
  struct Standing {
    std::string process;
    std::string organisation;  // of whoever recorded it
    event::v1::Event event;
  };
  struct Grant {
    std::string right;  // "projektledare@augustenborg"
    std::string organisation;
    int64_t from_us = 0;
    int64_t to_us = 0;
  };

  absl::Status Take(const RecordedEvent& recorded)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  // What stands, as grants by principal.
  StringMap<std::vector<Grant>> Fold() const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);

  EventStore& store_;
  Mutex reading_;  // before mu_
  Position read_ ABSL_GUARDED_BY(reading_);
  // Something was taken in that is not among the grants yet.
  bool dirty_ ABSL_GUARDED_BY(reading_) = false;
  // By the position of the event that came first.
  absl::btree_map<Position, Standing> standing_ ABSL_GUARDED_BY(reading_);
  // Where an event, or what it was corrected to, stands.
  StringMap<Position> place_ ABSL_GUARDED_BY(reading_);
  mutable Mutex mu_;
  StringMap<std::vector<Grant>> grants_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_GRANTED_RIGHTS_H_
