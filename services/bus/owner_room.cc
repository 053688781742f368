#include "services/bus/owner_room.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"
#include "services/common/retry_delay.h"

namespace samverk {
namespace {

// Names that are read at a time.
constexpr size_t kPage = 1'000;

bool IsUnbounded(const access::Admitted& who) {
  return who.HoldsEverywhere(access::Role::kAdministrator);
}

absl::Status TooMany(std::string_view owner, const char* what,
                     const char* words, size_t limit) {
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_LIMIT_EXCEEDED,
      absl::StrCat("organisation ", ToAbsl(owner), " has ", limit, " ", words,
                   ", and may have no more; delete those that nobody uses"),
      {{"what", what},
       {"owner", std::string(owner)},
       {"value", absl::StrCat(limit)},
       {"limit", absl::StrCat(limit)}});
}

}  // namespace

std::string_view OwnerOf(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : name.substr(0, dot);
}

absl::Status CheckOwnersGroups(const access::Admitted& who,
                               std::string_view name,
                               const std::vector<std::string>& groups) {
  if (IsUnbounded(who)) return absl::OkStatus();
  if (std::find(groups.begin(), groups.end(), name) != groups.end()) {
    return absl::OkStatus();
  }
  const std::string_view owner = OwnerOf(name);
  const auto own = std::count_if(
      groups.begin(), groups.end(),
      [owner](const std::string& group) { return OwnerOf(group) == owner; });
  if (static_cast<size_t>(own) >= limits::kOwnerGroups) {
    return TooMany(owner, "groups", "consumer groups", limits::kOwnerGroups);
  }
  constexpr size_t kForPeople = limits::kGroups - limits::kGroupsForConnectors;
  if (groups.size() < kForPeople) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_LIMIT_EXCEEDED,
      absl::StrCat("there are ", groups.size(),
                   " consumer groups, and what room is left is for "
                   "connectors; delete those that nobody uses"),
      {{"what", "groups"},
       {"value", absl::StrCat(groups.size())},
       {"limit", absl::StrCat(kForPeople)}});
}

absl::Status CheckOwnersTracks(const access::Admitted& who,
                               std::string_view name, TrackStore& tracks) {
  if (IsUnbounded(who) || tracks.FindTrack(name).has_value()) {
    return absl::OkStatus();
  }
  const std::string owner(OwnerOf(name));
  const std::string beginning = owner + ".";
  size_t own = tracks.FindTrack(beginning).has_value() ? 1 : 0;
  std::string after = beginning;
  for (bool more = true; more && own < limits::kOwnerTracks;) {
    const std::vector<Track> found = tracks.ListTracks(after, kPage);
    more = found.size() == kPage;
    for (const Track& track : found) {
      after = track.consumer;
      more = more && after.starts_with(beginning);
      if (OwnerOf(after) == owner) ++own;
    }
  }
  if (own < limits::kOwnerTracks) return absl::OkStatus();
  return TooMany(owner, "named positions", "named positions",
                 limits::kOwnerTracks);
}

absl::Status CheckOwnersMembers(const access::Admitted& who,
                                std::string_view group, size_t members) {
  if (IsUnbounded(who) || members < limits::kOwnerMembers) {
    return absl::OkStatus();
  }
  return WithRetryDelay(MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
      absl::StrCat(members, " members of organisation ", ToAbsl(OwnerOf(group)),
                   " receive already, and there may be no more; end one, or "
                   "come again later"),
      {{"members", absl::StrCat(members)}}));
}

}  // namespace samverk
