#include "services/access/granted_rights.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/record.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/text.h"
#include "services/access/role.h"

namespace samverk::access {
namespace {

using event::v1::Event;

constexpr Event::FactCase kKinds[] = {
    Event::kRightsGranted, Event::kRightsWithdrawn, Event::kEventCorrected,
    Event::kEventReversed, Event::kEventVoided};

bool IsOfRights(const Event& event) {
  return event.has_rights_granted() || event.has_rights_withdrawn();
}

// "role@process" as Credential::roles has it, in one language; a machine is one
// everywhere. `role`: its name if it is one of ours, else what was written.
std::string RightOf(std::optional<Role> role, const std::string& written,
                    const std::string& process) {
  if (written == "machine" || written == "maskin") return "machine";
  const std::string_view name = role.has_value()
                                    ? RoleName(*role, codec::Language::kSwedish)
                                    : std::string_view(written);
  return absl::StrCat(ToAbsl(name), "@", process);
}

}  // namespace

bool MayChangeRights(const Event& event) {
  for (const Event::FactCase kind : kKinds) {
    if (event.fact_case() == kind) return true;
  }
  return false;
}

absl::Status GrantedRights::Take(const RecordedEvent& recorded) {
  ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
  const std::string id = FormatUuid(body.id);
  Event event;
  const absl::Status decoded =
      codec::DecodePayload(body.type, id, body.payload, event);
  // A correction of a kind that is not known here is of no right: those are.
  const bool of_rights = body.type == codec::TypeName(Event::kRightsGranted) ||
                         body.type == codec::TypeName(Event::kRightsWithdrawn);
  if (absl::IsFailedPrecondition(decoded) && !of_rights) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(decoded);
  if (IsOfRights(event)) {
    standing_[recorded.position()] = {
        event.process(), event.recorded_by().organisation(), event};
    place_[id] = recorded.position();
    return absl::OkStatus();
  }
  const std::string& target =
      event.has_event_corrected()  ? event.event_corrected().target()
      : event.has_event_reversed() ? event.event_reversed().target()
                                   : event.event_voided().target();
  const auto place = place_.find(target);
  if (place == place_.end()) return absl::OkStatus();
  const Position at = place->second;
  if (!event.has_event_corrected()) {
    standing_.erase(at);
    return absl::OkStatus();
  }
  const auto stands = standing_.find(at);
  if (stands == standing_.end()) return absl::OkStatus();
  stands->second.organisation = event.recorded_by().organisation();
  stands->second.event = event.event_corrected().replacement();
  place_[id] = at;
  return absl::OkStatus();
}

StringMap<std::vector<GrantedRights::Grant>> GrantedRights::Fold() const {
  StringMap<std::vector<Grant>> grants;
  for (const auto& [position, standing] : standing_) {
    const Event& event = standing.event;
    if (event.has_rights_withdrawn()) {
      const auto& withdrawn = event.rights_withdrawn();
      // Taken however it is written; given by its name alone.
      const std::string right = RightOf(RoleOfWords(withdrawn.role()),
                                        withdrawn.role(), standing.process);
      std::erase_if(grants[withdrawn.principal()],
                    [&](const Grant& grant) { return grant.right == right; });
      continue;
    }
    const auto& granted = event.rights_granted();
    Grant grant{
        RightOf(RoleOfName(granted.role()), granted.role(), standing.process),
        granted.organisation().empty() ? standing.organisation
                                       : granted.organisation(),
        std::numeric_limits<int64_t>::min(),
        std::numeric_limits<int64_t>::max()};
    if (!granted.valid().edtf().empty()) {
      const auto span = codec::ParseEdtf(granted.valid().edtf());
      // Admission lets no other in; for nothing is safer than for ever.
      if (!span.ok()) continue;
      grant.from_us = span->from_us;
      grant.to_us = span->to_us;
    }
    grants[granted.principal()].push_back(std::move(grant));
  }
  return grants;
}

absl::Status GrantedRights::Refresh() {
  MutexLock reading(reading_);
  ReadOptions options;
  QueryItem item;
  for (const Event::FactCase kind : kKinds) {
    item.types.emplace_back(codec::TypeName(kind));
  }
  options.query.items.push_back(std::move(item));
  options.after = read_;
  options.limit = limits::kReadPage;
  for (bool end = false; !end;) {
    ASSIGN_OR_RETURN(const EventPage page, store_.Read(options));
    for (const RecordedEvent& recorded : page.events) {
      RETURN_IF_ERROR(Take(recorded));
      // Taken in once, also when a later one cannot be read.
      read_ = recorded.position();
      dirty_ = true;
    }
    read_ = std::max(read_, page.scanned_to);
    options.after = read_;
    end = page.end;
  }
  if (!dirty_) return absl::OkStatus();
  StringMap<std::vector<Grant>> grants = Fold();
  dirty_ = false;
  MutexLock lock(mu_);
  grants_ = std::move(grants);
  return absl::OkStatus();
}

std::vector<std::string> GrantedRights::Of(std::string_view principal,
                                           std::string_view organisation,
                                           absl::Time now) const {
  std::vector<std::string> rights;
  const int64_t now_us = absl::ToUnixMicros(now);
  MutexLock lock(mu_);
  const auto found = grants_.find(principal);
  if (found == grants_.end()) return rights;
  for (const Grant& grant : found->second) {
    const bool holds = grant.from_us <= now_us && now_us < grant.to_us;
    if (holds && grant.organisation == organisation) {
      rights.push_back(grant.right);
    }
  }
  return rights;
}

}  // namespace samverk::access
