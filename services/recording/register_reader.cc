#include "services/recording/register_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "proto/codec/event_codec.h"
#include "services/recording/references.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

absl::StatusOr<std::shared_ptr<const Event>> Decoded(const BodyView& body) {
  auto event = std::make_shared<Event>();
  RETURN_IF_ERROR(codec::DecodePayload(body.type, FormatUuid(body.id),
                                       body.payload, *event));
  return std::shared_ptr<const Event>(std::move(event));
}

absl::StatusOr<NumberedEvent> Numbered(const RecordedEvent& recorded) {
  ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
  ASSIGN_OR_RETURN(auto event, Decoded(body));
  return NumberedEvent{body.id, std::move(event),
                       recorded.header().recorded_at_us};
}

// Events of one page of a search for users.
constexpr size_t kUsersPage = 100;

// The one event at a position; nothing when there is none.
absl::StatusOr<std::optional<RecordedEvent>> ReadAt(EventStore& store,
                                                    Position position) {
  ReadOptions options;
  options.after = Position(position.value() - 1);
  options.before = position.Next();
  options.limit = 1;
  ASSIGN_OR_RETURN(EventPage page, store.Read(options));
  if (page.events.empty()) return std::optional<RecordedEvent>();
  return std::optional<RecordedEvent>(std::move(page.events[0]));
}

// Which events name an entity, looked at from the latest one back: an amendment
// that has the entity's tag is met before what it amends.
class UserSearch {
 public:
  explicit UserSearch(const EntityKey& entity) : entity_(entity) {}

  void Take(const NumberedEvent& numbered) {
    const Event& event = *numbered.event;
    if (IsAmendment(event)) {
      if (const auto target = ParseUuid(TargetOf(event)); target.ok()) {
        amended_.insert(*target);
      }
    }
    if (amended_.contains(numbered.id)) return;
    const bool uses =
        Uses(event, entity_) || (event.has_event_corrected() &&
                                 Uses(CompletedReplacement(event), entity_));
    if (uses) found_.push_back(numbered.id);
  }

  // What was found since the last call.
  std::vector<EventId> TakeFound() { return std::exchange(found_, {}); }

 private:
  const EntityKey& entity_;
  std::set<EventId> amended_;
  std::vector<EventId> found_;
};

// Whether a correction, reversal or void of the event is recorded, up to
// `head`. It need not have the tags of what its target named.
absl::StatusOr<bool> IsAmended(EventStore& store, std::string_view process,
                               const EventId& id, Position head) {
  ReadOptions options;
  options.query.items.emplace_back().tags.push_back(
      TargetTag(process, FormatUuid(id)));
  options.before = head.Next();
  options.limit = 1;
  for (;;) {
    ASSIGN_OR_RETURN(const EventPage page, store.Read(options));
    if (!page.events.empty()) return true;
    if (page.end) return false;
    options.after = page.scanned_to;
  }
}

// Terms, and what is known of the history of each.
struct Histories {
  std::vector<Term> terms;
  std::vector<History> histories;
};

absl::StatusOr<HistoryEvent> HistoryEventOf(const RecordedEvent& recorded,
                                            const BodyView& body) {
  HistoryEvent made;
  made.position = recorded.position();
  ASSIGN_OR_RETURN(auto event, Decoded(body));
  made.event = {body.id, std::move(event), recorded.header().recorded_at_us};
  // Beside the event: what stands around it, roughly.
  constexpr size_t kAround = 400;
  made.bytes = made.event.event->SpaceUsedLong() + kAround;
  if (!IsAmendment(*made.event.event)) {
    made.event.placement = PlacementOf(*made.event.event);
  }
  return made;
}

bool Finds(const Term& term, const BodyView& body) {
  if (term.kind == Term::Kind::kStream) return body.stream == term.text;
  return std::find(body.tags.begin(), body.tags.end(), term.text) !=
         body.tags.end();
}

// Reads histories on, from the one that ends first, up to `head`.
absl::Status ReadOn(EventStore& store, Position head, Histories& read) {
  const size_t size = read.terms.size();
  Position after = head;
  for (const History& history : read.histories) {
    after = std::min(after, history.upto);
  }
  std::vector<HistoryEvents> added(size);
  for (Query& query : QueriesOf(read.terms)) {
    ReadOptions options;
    options.query = std::move(query);
    options.after = after;
    options.before = head.Next();
    options.limit = limits::kReadPageDefault;
    for (bool end = after == head; !end;) {
      ASSIGN_OR_RETURN(const EventPage page, store.Read(options));
      for (const RecordedEvent& recorded : page.events) {
        ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
        ASSIGN_OR_RETURN(const HistoryEvent event,
                         HistoryEventOf(recorded, body));
        for (size_t i = 0; i < size; ++i) {
          if (read.histories[i].upto < event.position &&
              Finds(read.terms[i], body)) {
            added[i].push_back(event);
          }
        }
      }
      options.after = page.scanned_to;
      end = page.end;
    }
  }
  for (size_t i = 0; i < size; ++i) {
    History& history = read.histories[i];
    history.upto = std::max(history.upto, head);
    if (history.events != nullptr && added[i].empty()) continue;
    auto events = std::make_shared<HistoryEvents>();
    if (history.events != nullptr) *events = *history.events;
    std::move(added[i].begin(), added[i].end(), std::back_inserter(*events));
    history.events = std::move(events);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::btree_map<EventId, RecordedFact>> RegisterReader::Find(
    absl::Span<const EventId> ids) const {
  absl::btree_map<EventId, RecordedFact> found;
  if (ids.empty()) return found;
  ASSIGN_OR_RETURN(const auto positions, store_->Locate(ids));
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!positions[i].has_value() || found.contains(ids[i])) continue;
    ASSIGN_OR_RETURN(const auto recorded, ReadAt(*store_, *positions[i]));
    if (!recorded.has_value()) continue;
    ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded->body()));
    RecordedFact fact;
    fact.route.stream = body.stream;
    fact.route.tags.assign(body.tags.begin(), body.tags.end());
    // What other applications keep in the raw store has no process of ours.
    if (codec::FactOfTypeName(body.type) != Event::FACT_NOT_SET) {
      ASSIGN_OR_RETURN(fact.event, Decoded(body));
      fact.process = fact.event->process();
    }
    found.emplace(ids[i], std::move(fact));
  }
  return found;
}

absl::StatusOr<bool> RegisterReader::Holds(Position position,
                                           std::string_view body) const {
  ASSIGN_OR_RETURN(const auto recorded, ReadAt(*store_, position));
  return recorded.has_value() && recorded->body() == body;
}

absl::Status RegisterReader::ReadInto(const DecisionScope& scope, Position head,
                                      ProcessState& state) {
  Histories known;
  Histories unknown;
  for (Term& term : scope.Terms()) {
    History history = histories_.Find(term);
    Histories& group = history.events != nullptr ? known : unknown;
    group.terms.push_back(std::move(term));
    group.histories.push_back(std::move(history));
  }
  std::vector<const HistoryEvent*> events;
  for (Histories* group : {&unknown, &known}) {
    RETURN_IF_ERROR(ReadOn(*store_, head, *group));
    for (size_t i = 0; i < group->terms.size(); ++i) {
      const History& history = group->histories[i];
      for (const HistoryEvent& event : *history.events) {
        // Another decision may have read further.
        if (event.position <= head) events.push_back(&event);
      }
      histories_.Keep(group->terms[i], history);
    }
  }
  std::sort(events.begin(), events.end(),
            [](const HistoryEvent* a, const HistoryEvent* b) {
              return a->position < b->position;
            });
  Position last;
  for (const HistoryEvent* event : events) {
    if (event->position == last) continue;  // of two histories
    last = event->position;
    state.Evolve(event->event);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::set<EventId>> RegisterReader::UsersOf(
    std::string_view process, const EntityKey& entity, Position head,
    size_t most) const {
  UserSearch search(entity);
  std::set<EventId> users;
  ReadOptions options;
  for (std::string& tag : UserTags(process, entity)) {
    options.query.items.emplace_back().tags.push_back(std::move(tag));
  }
  options.before = head.Next();
  options.direction = Direction::kBackward;
  options.limit = kUsersPage;
  for (bool end = false; !end && users.size() < most;) {
    ASSIGN_OR_RETURN(const EventPage page, store_->Read(options));
    for (const RecordedEvent& recorded : page.events) {
      ASSIGN_OR_RETURN(const NumberedEvent numbered, Numbered(recorded));
      search.Take(numbered);
    }
    for (const EventId& id : search.TakeFound()) {
      if (users.size() == most) break;
      ASSIGN_OR_RETURN(const bool amended,
                       IsAmended(*store_, process, id, head));
      if (!amended) users.insert(id);
    }
    options.before = page.scanned_to;
    end = page.end;
  }
  return users;
}

}  // namespace samverk::recording
