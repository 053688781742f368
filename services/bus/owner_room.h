// How much of what all share an organisation may take.
#ifndef SAMVERK_SERVICES_BUS_OWNER_ROOM_H_
#define SAMVERK_SERVICES_BUS_OWNER_ROOM_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "eventstore/track_store.h"
#include "services/access/admitted.h"

namespace samverk {

// The organisation whose a name is: what stands before its last full stop
// (services/access/owned_name.h). Empty: nobody's.
std::string_view OwnerOf(std::string_view name);

// Each for somebody who may use the name. Those who run the register, and
// everybody where nobody logs in, are bounded by the register's limits alone.

// Whether they may make a group of this name beside those that there are. One
// that is there is no new one.
//   RESOURCE_EXHAUSTED (LIMIT_EXCEEDED): their organisation has limits::
//     kOwnerGroups; or the rest is for connectors (kGroupsForConnectors).
absl::Status CheckOwnersGroups(const access::Admitted& who,
                               std::string_view name,
                               const std::vector<std::string>& groups);

// Whether they may name a position so. Those that name some at the same time
// may come to a few more.
//   RESOURCE_EXHAUSTED (LIMIT_EXCEEDED): limits::kOwnerTracks.
absl::Status CheckOwnersTracks(const access::Admitted& who,
                               std::string_view name, TrackStore& tracks);

// Whether one may receive beside so many members of their organisation's
// groups.
//   RESOURCE_EXHAUSTED (QUEUE_FULL), with a delay: limits::kOwnerMembers.
absl::Status CheckOwnersMembers(const access::Admitted& who,
                                std::string_view group, size_t members);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_OWNER_ROOM_H_
