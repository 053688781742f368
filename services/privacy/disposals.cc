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
#include "services/privacy/personal_fields.h"
#include "services/privacy/secret_key.h"

namespace samverk::privacy {
namespace {

using event::v1::Event;

QueryItem Kinds(const std::vector<Event::FactCase>& kinds) {
  QueryItem item;
  for (const Event::FactCase kind : kinds) {
    item.types.emplace_back(codec::TypeName(kind));
  }
  return item;
}

absl::Status Decode(const RecordedEvent& recorded, Event& event) {
  ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
  return codec::DecodePayload(body.type, FormatUuid(body.id), body.payload,
                              event);
}

// Calls `visit` with the events of these kinds, in order, to its first error.
absl::Status ForEachEvent(
    EventStore& store, const std::vector<Event::FactCase>& kinds,
    absl::FunctionRef<absl::Status(Position, Event&)> visit) {
  ReadOptions options;
  options.query.items.push_back(Kinds(kinds));
  options.limit = limits::kReadPage;
  for (bool end = false; !end;) {
    ASSIGN_OR_RETURN(const EventPage page, store.Read(options));
    for (const RecordedEvent& recorded : page.events) {
      Event event;
      RETURN_IF_ERROR(Decode(recorded, event));
      RETURN_IF_ERROR(visit(recorded.position(), event));
    }
    options.after = std::max(options.after, page.scanned_to);
    end = page.end;
  }
  return absl::OkStatus();
}

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

std::string DecisionKey(const std::string& process, const std::string& id) {
  return absl::StrCat(process, "/", id);
}

}  // namespace

absl::Status Disposals::Take(const RecordedEvent& recorded) {
  Event event;
  RETURN_IF_ERROR(Decode(recorded, event));
  if (event.has_gallring_decided()) {
    const auto& decided = event.gallring_decided();
    decisions_[DecisionKey(event.process(), decided.gallring())] =
        decided.registry_number();
    return absl::OkStatus();
  }
  const auto& destroyed = event.key_destroyed();
  const auto decision =
      decisions_.find(DecisionKey(event.process(), destroyed.gallring()));
  const codec::Date date =
      codec::StockholmDate(recorded.header().recorded_at_us);
  Disposal disposal;
  disposal.date = absl::CivilDay(date.year, date.month, date.day);
  disposal.decision = decision == decisions_.end() || decision->second.empty()
                          ? destroyed.gallring()
                          : decision->second;
  if (disposal.decision.size() > kDecisionBytes) {
    disposal.decision = destroyed.gallring();
  }
  const absl::Status disposed = keys_.Dispose(destroyed.subject(), disposal);
  // What can be no subject has no key.
  return absl::IsInvalidArgument(disposed) ? absl::OkStatus() : disposed;
}

absl::Status Disposals::CarryOut() {
  MutexLock lock(mu_);
  ReadOptions options;
  options.query.items.push_back(
      Kinds({Event::kGallringDecided, Event::kKeyDestroyed}));
  options.limit = limits::kReadPage;
  for (bool end = false; !end;) {
    options.after = done_;
    ASSIGN_OR_RETURN(const EventPage page, store_.Read(options));
    for (const RecordedEvent& recorded : page.events) {
      RETURN_IF_ERROR(Take(recorded));
      done_ = recorded.position();
    }
    done_ = std::max(done_, page.scanned_to);
    end = page.end;
  }
  return absl::OkStatus();
}

absl::Status Disposals::CheckKeys() {
  std::set<std::string> destroyed;
  RETURN_IF_ERROR(
      ForEachEvent(store_, {Event::kKeyDestroyed}, [&](Position, Event& event) {
        destroyed.insert(event.key_destroyed().subject());
        return absl::OkStatus();
      }));
  return ForEachEvent(
      store_, PersonalKinds(), [&](Position position, Event& event) {
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
      store, PersonalKinds(), [](Position position, Event& event) {
        bool sealed = false;
        ForEachPersonal(event,
                        [&](event::v1::Personal& personal, const std::string&) {
                          sealed |= personal.has_sealed();
                        });
        return sealed ? KeyMissing(position) : absl::OkStatus();
      });
}

}  // namespace samverk::privacy
