#include "tests/engine/test_log.h"

#include <memory>
#include <random>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/base/uuid.h"
#include "projections/engine/dispatcher.h"
#include "projections/engine/memory_view_table.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"
#include "tests/testing/fold_harness.h"

namespace samverk::testing {
namespace {

using event::v1::Event;
using google::protobuf::Message;
using projections::EntryKey;
using projections::Fact;
using projections::FactChange;
using projections::MemoryViewTable;
using projections::Projection;
using projections::ProjectionId;
using projections::ViewTable;
using view::v1::BudgetEntry;
using view::v1::CheckEntry;

template <typename Entry>
const Message& PrototypeOf() {
  return Entry::default_instance();
}

void AddToGrant(const Fact& fact, int64_t sign, ViewTable& views) {
  const auto& cost = fact.event.cost_booked();
  const std::string key = EntryKey(fact.event, "grant", cost.grant());
  auto& grant = *views.Mutable<BudgetEntry>(key).mutable_grant();
  grant.set_grant(cost.grant());
  auto& sum =
      grant.booked_size() == 0 ? *grant.add_booked() : *grant.mutable_booked(0);
  sum.set_ore(sum.ore() + sign * cost.amount().ore());
  sum.set_count(sum.count() + static_cast<uint64_t>(sign));
  if (sum.count() == 0) views.Erase(key);
}

void ApplySums(const Fact& fact, ViewTable& views) {
  if (!fact.event.has_cost_booked()) return;
  const auto& cost = fact.event.cost_booked();
  auto& entry =
      views.Mutable<BudgetEntry>(EntryKey(fact.event, "cost", cost.cost()));
  entry.mutable_cost()->set_cost(cost.cost());
  *entry.mutable_cost()->mutable_amount() = cost.amount();
  projections::SetOrigin(fact, *entry.mutable_cost()->mutable_origin());
  AddToGrant(fact, 1, views);
}

void RetractSums(const Fact& fact, ViewTable& views) {
  if (!fact.event.has_cost_booked()) return;
  views.Erase(EntryKey(fact.event, "cost", fact.event.cost_booked().cost()));
  AddToGrant(fact, -1, views);
}

void ApplyNotes(const Fact& fact, ViewTable& views) {
  if (!fact.event.has_finding_logged()) return;
  const std::string& id = fact.event.finding_logged().finding();
  auto& record = *views.Mutable<CheckEntry>(EntryKey(fact.event, "finding", id))
                      .mutable_check();
  record.set_check(id);
  projections::SetOrigin(fact, *record.mutable_origin());
}

void RetractNotes(const Fact& fact, ViewTable& views) {
  if (!fact.event.has_finding_logged()) return;
  views.Erase(
      EntryKey(fact.event, "finding", fact.event.finding_logged().finding()));
}

}  // namespace

TestLog::TestLog()
    : clock_(absl::FromUnixMicros(RecordedAtUs(0))), store_(clock_, [this] {
        std::array<uint8_t, 16> salt{};
        ++salts_;
        for (size_t i = 0; i < 8; ++i) {
          salt[i] = static_cast<uint8_t>(salts_ >> (8 * i));
        }
        return salt;
      }) {}

Position TestLog::AppendNew(NewEvent event) {
  clock_.Advance(absl::Minutes(1));
  AppendRequest request;
  request.events.push_back(std::move(event));
  const auto result = AppendAndWait(store_, std::move(request));
  SAMVERK_CHECK(result.ok()) << result.status().ToString();
  return result->recorded[0].position;
}

Position TestLog::Append(Event event) {
  const uint64_t n = store_.Head().value() + 1;
  if (event.id().empty()) event.set_id(EventIdOf(n));
  if (event.process().empty()) event.set_process(std::string(kProcess));
  if (!event.has_recorded_by()) {
    event.mutable_recorded_by()->set_organisation("org");
    event.mutable_recorded_by()->set_role("role");
    event.mutable_recorded_by()->set_subject("s-1");
  }
  NewEvent stored;
  const auto id = ParseUuid(event.id());
  SAMVERK_CHECK(id.ok()) << event.id();
  stored.id = *id;
  stored.stream = event.process() + "/fact/" + event.id();
  stored.type = codec::TypeName(event.fact_case());
  stored.tags = {codec::ProcessTag(event.process())};
  stored.payload = codec::EncodePayload(event);
  const auto span = codec::ParseEdtf(event.occurred().edtf());
  if (span.ok()) stored.occurred = Interval{span->from_us, span->to_us};
  return AppendNew(std::move(stored));
}

Position TestLog::AppendOpaque(std::string_view type,
                               std::string_view payload) {
  NewEvent stored;
  const uint64_t n = store_.Head().value() + 1;
  stored.id = *ParseUuid(EventIdOf(n));
  stored.stream = "p/opaque/" + std::to_string(n);
  stored.type = type;
  stored.tags = {codec::ProcessTag(kProcess)};
  stored.payload = payload;
  return AppendNew(std::move(stored));
}

RecordedEvent TestLog::At(Position position) {
  ReadOptions options;
  options.after = Position(position.value() - 1);
  options.limit = 1;
  auto page = store_.Read(options);
  SAMVERK_CHECK(page.ok() && page->events.size() == 1);
  return std::move(page->events[0]);
}

Event Cost(std::string_view id, std::string_view grant, int64_t ore) {
  Event event;
  event.mutable_occurred()->set_edtf("2025-09-17");
  auto& cost = *event.mutable_cost_booked();
  cost.set_cost(std::string(id));
  cost.set_grant(std::string(grant));
  cost.set_text("tält");
  cost.mutable_amount()->set_ore(ore);
  cost.mutable_amount()->set_currency("SEK");
  cost.mutable_amount()->set_precision(event::v1::PRECISION_EXACT);
  return event;
}

Event Finding(std::string_view id) {
  Event event;
  event.mutable_finding_logged()->set_finding(std::string(id));
  event.mutable_finding_logged()->set_description("mörkt under bron");
  return event;
}

Event Correction(std::string_view target, Event replacement) {
  Event event;
  event.mutable_event_corrected()->set_target(std::string(target));
  event.mutable_event_corrected()->set_reason("skrivfel");
  *event.mutable_event_corrected()->mutable_replacement() =
      std::move(replacement);
  return event;
}

Event Reversal(std::string_view target) {
  Event event;
  event.mutable_event_reversed()->set_target(std::string(target));
  event.mutable_event_reversed()->set_reason("ägde inte rum");
  return event;
}

std::vector<Event> RandomHistory(uint32_t seed, size_t events,
                                 size_t processes) {
  std::mt19937 chance(seed);
  const auto below = [&](size_t n) {
    return static_cast<size_t>(chance() % static_cast<uint32_t>(n));
  };
  struct Standing {
    std::string target;  // the id to amend it by
    std::string process;
    std::string cost;
  };
  std::vector<Standing> costs;
  std::vector<Event> history;
  while (history.size() < events) {
    const uint64_t n = history.size() + 1;
    const std::string grant = "g" + std::to_string(below(4));
    const auto ore = static_cast<int64_t>(1 + below(100'000));
    const size_t kind = below(10);
    Event event;
    if (kind >= 2 || costs.empty()) {
      const std::string id = std::to_string(n);
      event = kind >= 8 ? Finding("f-" + id) : Cost("c-" + id, grant, ore);
      event.set_process("p" + std::to_string(below(processes)));
      if (event.has_cost_booked()) {
        costs.push_back({EventIdOf(n), event.process(), "c-" + id});
      }
    } else {
      Standing& standing = costs[below(costs.size())];
      if (kind == 0) {
        event = Correction(standing.target, Cost(standing.cost, grant, ore));
        // Either of the two ids may be named next time.
        if (below(2) == 0) standing.target = EventIdOf(n);
        event.set_process(standing.process);
      } else {
        event = Reversal(standing.target);
        event.set_process(standing.process);
        std::swap(standing, costs.back());
        costs.pop_back();
      }
    }
    event.set_id(EventIdOf(n));
    history.push_back(std::move(event));
  }
  return history;
}

Projection SumsProjection(int version) {
  return {ProjectionId::kBudget,    "sums",    version,
          PrototypeOf<BudgetEntry>, ApplySums, RetractSums};
}

Projection NotesProjection(int version) {
  return {ProjectionId::kChecks,   "notes",    version,
          PrototypeOf<CheckEntry>, ApplyNotes, RetractNotes};
}

std::map<std::string, std::string> FreshFold(
    EventStore& store, const std::vector<Projection>& projections) {
  std::vector<std::unique_ptr<MemoryViewTable>> tables;
  projections::ViewSet views;
  for (const Projection& projection : projections) {
    tables.push_back(std::make_unique<MemoryViewTable>(projection.prototype()));
    views.tables[static_cast<size_t>(projection.id)] = tables.back().get();
  }
  projections::StoreTargetLookup lookup(store);
  projections::Dispatcher dispatcher(lookup);
  ReadOptions options;
  for (bool end = false; !end;) {
    const auto page = store.Read(options);
    SAMVERK_CHECK(page.ok()) << page.status().ToString();
    for (const RecordedEvent& event : page->events) {
      const auto status =
          dispatcher.Dispatch(event, [&](FactChange change, const Fact& fact) {
            for (size_t i = 0; i < projections.size(); ++i) {
              if (change == FactChange::kApply) {
                projections[i].apply(fact, *tables[i]);
              } else {
                projections[i].retract(fact, *tables[i]);
              }
            }
          });
      SAMVERK_CHECK(status.ok()) << status.ToString();
    }
    options.after = page->scanned_to;
    end = page->end;
  }
  return Contents(views, projections);
}

std::map<std::string, std::string> Contents(
    const projections::ViewSet& views,
    const std::vector<Projection>& projections) {
  std::map<std::string, std::string> contents;
  for (const Projection& projection : projections) {
    views.Of(projection.id)
        .Scan<Message>(
            "", "", [&](std::string_view key, const Message& message) {
              contents[std::string(projection.name) + ":" + std::string(key)] =
                  message.SerializeAsString();
              return true;
            });
  }
  return contents;
}

}  // namespace samverk::testing
