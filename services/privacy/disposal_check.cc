#include "services/privacy/disposal_check.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "eventstore/base/status_macros.h"
#include "proto/codec/tags.h"
#include "services/privacy/personal_fields.h"
#include "services/privacy/personal_log.h"

namespace samverk::privacy {
namespace {

using event::v1::Event;
using recording::Rule;
using recording::Violation;

constexpr char kField[] = "key_destroyed.subject";
// "bevara", "bevaras", "Bevaras för alltid".
constexpr char kKept[] = "bevara";

// One event with something sealed for the subject.
struct Sealed {
  std::string process;
  std::string retention_class;  // as it stands
};
using SealedById = std::map<std::string, Sealed>;

bool HasSealedFor(Event& event, const std::string& subject) {
  bool has = false;
  ForEachPersonal(
      event, [&](event::v1::Personal& personal, const std::string&) {
        has |= personal.has_sealed() && personal.subject() == subject;
      });
  return has;
}

absl::StatusOr<SealedById> SealedFor(EventStore& store,
                                     const std::string& subject) {
  SealedById found;
  // What stands in an event's place, by the id of the correction.
  std::map<std::string, std::string> stands_for;
  RETURN_IF_ERROR(ForEachEvent(
      store, KindsItem(PersonalKinds()), [&](Position, Event& event) {
        std::string retention_class = event.retention_class();
        if (event.has_event_corrected()) {
          retention_class =
              event.event_corrected().replacement().retention_class();
          std::string first = event.event_corrected().target();
          if (const auto chain = stands_for.find(first);
              chain != stands_for.end()) {
            first = chain->second;
          }
          stands_for[event.id()] = first;
          if (const auto corrected = found.find(first);
              corrected != found.end()) {
            corrected->second.retention_class = retention_class;
          }
        }
        if (HasSealedFor(event, subject)) {
          found[event.id()] = {event.process(), retention_class};
        }
        return absl::OkStatus();
      }));
  return found;
}

// A request for disclosure in the process that nobody has answered; empty:
// there is none.
absl::StatusOr<std::string> OpenRequest(EventStore& store,
                                        const std::string& process) {
  std::set<std::string> open;
  QueryItem item = KindsItem({Event::kDisclosureRequested, Event::kDisclosed});
  item.tags.push_back(codec::ProcessTag(process));
  RETURN_IF_ERROR(
      ForEachEvent(store, std::move(item), [&open](Position, Event& event) {
        if (event.has_disclosure_requested()) {
          open.insert(event.disclosure_requested().request());
        } else {
          open.erase(event.disclosed().request());
        }
        return absl::OkStatus();
      }));
  return open.empty() ? std::string() : *open.begin();
}

}  // namespace

absl::StatusOr<std::vector<Violation>> CheckSealedMayGo(
    EventStore& store, const event::v1::KeyDestroyed& destroyed,
    const event::v1::GallringDecided& decision) {
  const std::string& subject = destroyed.subject();
  ASSIGN_OR_RETURN(const SealedById sealed, SealedFor(store, subject));
  std::vector<Violation> violations;
  if (sealed.empty()) {
    violations.push_back({Rule::kKeyOfNobody, kField, {{"subject", subject}}});
  }
  const bool by_class =
      decision.subjects().empty() && !decision.retention_class().empty();
  std::set<std::string> processes;
  for (const auto& [id, one] : sealed) {
    processes.insert(one.process);
    if (absl::StartsWithIgnoreCase(one.retention_class, kKept)) {
      violations.push_back({Rule::kKeyOfWhatIsKept,
                            kField,
                            {{"subject", subject},
                             {"event", id},
                             {"class", one.retention_class}}});
    } else if (by_class && one.retention_class != decision.retention_class()) {
      violations.push_back({Rule::kKeyOfOtherClass,
                            kField,
                            {{"subject", subject},
                             {"event", id},
                             {"class", one.retention_class},
                             {"decided", decision.retention_class()}}});
    }
  }
  for (const std::string& process : processes) {
    ASSIGN_OR_RETURN(const std::string request, OpenRequest(store, process));
    if (request.empty()) continue;
    violations.push_back(
        {Rule::kKeyAskedFor,
         kField,
         {{"subject", subject}, {"request", request}, {"process", process}}});
  }
  return violations;
}

}  // namespace samverk::privacy
