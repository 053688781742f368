#include "services/privacy/disposals.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/record.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"
#include "services/privacy/personal_fields.h"
#include "services/privacy/personal_log.h"
#include "services/privacy/secret_key.h"
#include "services/privacy/subject_record.h"

namespace samverk::privacy {
namespace {

using event::v1::Event;

// As entities are called in tags (entity.h).
constexpr std::string_view kGallring = "gallring";

absl::Status KeyMissing(Position position) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_NOT_FOUND,
      absl::StrCat("the event at position ", position.value(),
                   " has sealed personal data, and its key is not there; put "
                   "the keys back (samverk personal restore-keys FILE --data "
                   "DIR), or start with --accept-lost-keys if they are gone: "
                   "what they sealed cannot be read then by anybody"),
      {{"position", absl::StrCat(position.value())}});
}

// The registry number of a decision as it stood before a position; its id when
// it has none, or too long a one.
absl::StatusOr<std::string> DecisionAt(EventStore& store,
                                       const Event& destroyed,
                                       Position before) {
  const std::string& id = destroyed.key_destroyed().gallring();
  ReadOptions options;
  QueryItem item;
  item.tags.push_back(codec::EntityTag(destroyed.process(), kGallring, id));
  options.query.items.push_back(std::move(item));
  options.before = before;
  options.limit = limits::kReadPageDefault;
  std::string number;
  for (bool end = false; !end;) {
    ASSIGN_OR_RETURN(const EventPage page, store.Read(options));
    for (const RecordedEvent& recorded : page.events) {
      Event event;
      RETURN_IF_ERROR(DecodeRecorded(recorded, event));
      const Event& stated = event.has_event_corrected()
                                ? event.event_corrected().replacement()
                                : event;
      if (stated.has_gallring_decided() &&
          stated.gallring_decided().gallring() == id) {
        number = stated.gallring_decided().registry_number();
      }
    }
    options.after = std::max(options.after, page.scanned_to);
    end = page.end;
  }
  return number.empty() || number.size() > kDecisionBytes ? id : number;
}

}  // namespace

absl::Status Disposals::Take(const RecordedEvent& recorded) {
  Event event;
  RETURN_IF_ERROR(DecodeRecorded(recorded, event));
  const std::string& subject = event.key_destroyed().subject();
  // What can be no subject has no key.
  if (!CheckSubject(subject).ok() || waiting_.contains(subject)) {
    return absl::OkStatus();
  }
  const auto known = keys_.Find(subject);
  if (known.ok() && known->disposal != nullptr) return absl::OkStatus();
  const codec::Date date =
      codec::StockholmDate(recorded.header().recorded_at_us);
  Disposal disposal;
  disposal.date = absl::CivilDay(date.year, date.month, date.day);
  ASSIGN_OR_RETURN(disposal.decision,
                   DecisionAt(store_, event, recorded.position()));
  waiting_.emplace(subject, std::move(disposal));
  return absl::OkStatus();
}

absl::Status Disposals::ReadOn() {
  ReadOptions options;
  options.query.items.push_back(KindsItem({Event::kKeyDestroyed}));
  options.limit = limits::kReadPage;
  for (bool end = false; !end;) {
    options.after = upto_;
    ASSIGN_OR_RETURN(const EventPage page, store_.Read(options));
    for (const RecordedEvent& recorded : page.events) {
      RETURN_IF_ERROR(Take(recorded));
      upto_ = recorded.position();
    }
    upto_ = std::max(upto_, page.scanned_to);
    end = page.end;
  }
  return absl::OkStatus();
}

bool Disposals::DestroyKeys(absl::Status& first_error) {
  bool any = false;
  for (auto next = waiting_.begin(); next != waiting_.end();) {
    const auto waits = next++;
    const absl::Status done = keys_.Dispose(waits->first, waits->second);
    if (done.ok()) {
      waiting_.erase(waits);
      any = true;
    } else {
      first_error.Update(done);
    }
  }
  why_ = first_error;
  return any;
}

Disposals::Outcome Disposals::Proceed() {
  Outcome outcome;
  bool any = false;
  {
    MutexLock lock(mu_);
    outcome.read = ReadOn();
    any = DestroyKeys(outcome.done);
  }
  if (any && destroyed_ != nullptr) destroyed_();
  return outcome;
}

absl::Status Disposals::CarryOut() {
  Outcome outcome = Proceed();
  outcome.read.Update(outcome.done);
  return outcome.read;
}

absl::Status Disposals::Follow() { return Proceed().read; }

std::optional<Disposal> Disposals::Find(std::string_view subject) const {
  MutexLock lock(mu_);
  const auto waits = waiting_.find(subject);
  if (waits == waiting_.end()) return std::nullopt;
  return waits->second;
}

std::string Disposals::Problem() const {
  MutexLock lock(mu_);
  if (waiting_.empty()) return "";
  return absl::StrCat(
      waiting_.size(),
      " keys are to be destroyed by what is on record, and are not yet: ",
      why_.message(), "; it is tried again every few seconds");
}

absl::Status Disposals::CheckKeys() {
  std::set<std::string> destroyed;
  RETURN_IF_ERROR(ForEachEvent(
      store_, KindsItem({Event::kKeyDestroyed}), [&](Position, Event& event) {
        destroyed.insert(event.key_destroyed().subject());
        return absl::OkStatus();
      }));
  return ForEachEvent(
      store_, KindsItem(PersonalKinds()), [&](Position position, Event& event) {
        absl::Status wrong;
        ForEachPersonal(
            event, [&](event::v1::Personal& personal, const std::string&) {
              if (!wrong.ok() || !personal.has_sealed() ||
                  destroyed.contains(personal.subject())) {
                return;
              }
              const auto known = keys_.Find(personal.subject());
              if (absl::IsNotFound(known.status()) ||
                  (known.ok() && known->key != nullptr &&
                   KeyIdText(known->key->id()) != personal.sealed().key_id())) {
                wrong = KeyMissing(position);
              } else {
                wrong = known.status();
              }
            });
        return wrong;
      });
}

absl::Status CheckNothingIsSealed(EventStore& store) {
  return ForEachEvent(
      store, KindsItem(PersonalKinds()), [](Position position, Event& event) {
        bool sealed = false;
        ForEachPersonal(event,
                        [&](event::v1::Personal& personal, const std::string&) {
                          sealed |= personal.has_sealed();
                        });
        return sealed ? KeyMissing(position) : absl::OkStatus();
      });
}

}  // namespace samverk::privacy
