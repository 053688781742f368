#include <array>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "projections/engine/decoded_log.h"
#include "projections/engine/dispatcher.h"
#include "projections/engine/memory_view_table.h"
#include "projections/fold.h"
#include "proto/codec/tags.h"

namespace samverk::projections {
namespace {

constexpr uint32_t kPageEvents = 1'000;

// Which events take part. What amends one that does not does not either: there
// is nothing for it to take back. What takes back one that did counts also when
// it may not be seen itself, and then takes back and puts nothing in its place.
class Selection {
 public:
  enum class Part { kAll, kTakesBack, kNone };

  explicit Selection(EventFilter filter) : filter_(std::move(filter)) {}

  // To be asked of every event, in order.
  Part Of(const PlacedEvent& placed) {
    if (filter_ == nullptr) return Part::kAll;
    const std::string* target = TargetOf(*placed.event);
    const bool amends_none = target != nullptr && IsLeftOut(*target);
    if (!amends_none && filter_(*placed.event)) return Part::kAll;
    left_out_.insert(placed.id);
    if (target == nullptr || amends_none) return Part::kNone;
    // By whichever id a later amendment names it.
    if (const auto id = ParseUuid(*target); id.ok()) left_out_.insert(*id);
    return Part::kTakesBack;
  }

 private:
  static const std::string* TargetOf(const event::v1::Event& event) {
    if (event.has_event_corrected()) return &event.event_corrected().target();
    if (event.has_event_reversed()) return &event.event_reversed().target();
    if (event.has_event_voided()) return &event.event_voided().target();
    return nullptr;
  }
  bool IsLeftOut(const std::string& id) const {
    const auto parsed = ParseUuid(id);
    return parsed.ok() && left_out_.contains(*parsed);
  }

  const EventFilter filter_;
  absl::flat_hash_set<EventId> left_out_;
};

// The last event of the register within the prefix; none when it is empty.
absl::StatusOr<std::optional<RecordedEvent>> LastOf(EventStore& store,
                                                    const Prefix& prefix) {
  ReadOptions options;
  options.direction = Direction::kBackward;
  options.limit = 1;
  if (prefix.position.has_value()) options.before = prefix.position->Next();
  if (prefix.recorded_at.has_value()) {
    // Up to and with the instant: the bound of a read is exclusive.
    options.recorded_until = *prefix.recorded_at + absl::Microseconds(1);
  }
  for (;;) {
    ASSIGN_OR_RETURN(EventPage page, store.Read(options));
    if (!page.events.empty()) return std::optional(std::move(page.events[0]));
    if (page.end) return std::optional<RecordedEvent>();
    options.before = page.scanned_to;
  }
}

// One fold on its way.
class Folding final : public GrowingViews {
 public:
  Folding(EventStore& store, std::string process, EventFilter filter)
      : store_(store),
        process_(std::move(process)),
        filtered_(filter != nullptr),
        selection_(std::move(filter)),
        lookup_(store),
        dispatcher_(lookup_) {
    for (const Projection& projection : AllProjections()) {
      tables_[static_cast<size_t>(projection.id)] =
          std::make_unique<MemoryViewTable>(projection.prototype());
    }
  }

  ViewSet views() const override {
    ViewSet set;
    for (size_t i = 0; i < tables_.size(); ++i)
      set.tables[i] = tables_[i].get();
    return set;
  }
  Position position() const override { return position_; }
  int64_t recorded_at_us() const override { return recorded_at_us_; }
  uint64_t events() const override { return events_; }
  uint64_t withheld() const override { return withheld_; }

  absl::Status Grow() override { return GoOn({}); }

  // To the end of a prefix that does not end before where it is.
  absl::Status GoOn(const Prefix& prefix) {
    ASSIGN_OR_RETURN(const std::optional<RecordedEvent> last,
                     LastOf(store_, prefix));
    if (!last.has_value() || last->position() <= position_) {
      return absl::OkStatus();
    }
    ReadOptions options;
    options.query.items.push_back({{}, {codec::ProcessTag(process_)}, {}});
    options.after = position_;
    options.before = last->position().Next();
    options.limit = kPageEvents;
    DecodedLog log(store_, std::move(options));
    for (bool end = false; !end;) {
      ASSIGN_OR_RETURN(const DecodedPage* const page, log.Next());
      for (const auto& placed : page->decoded) {
        if (placed.has_value()) RETURN_IF_ERROR(Take(*placed));
      }
      RETURN_IF_ERROR(page->status);
      end = page->page.end;
    }
    position_ = last->position();
    if (!filtered_) recorded_at_us_ = last->header().recorded_at_us;
    return absl::OkStatus();
  }

 private:
  absl::Status Take(const PlacedEvent& placed) {
    const Selection::Part part = selection_.Of(placed);
    if (part == Selection::Part::kAll) {
      ++events_;
      recorded_at_us_ = placed.recorded_at_us;
    } else {
      ++withheld_;
    }
    if (part == Selection::Part::kNone) return absl::OkStatus();
    return dispatcher_.Dispatch(
        placed, [this, part](FactChange change, const Fact& fact) {
          if (part == Selection::Part::kAll || change == FactChange::kRetract) {
            Change(change, fact);
          }
        });
  }

  void Change(FactChange change, const Fact& fact) {
    for (const Projection& projection : AllProjections()) {
      ViewTable& table = *tables_[static_cast<size_t>(projection.id)];
      if (change == FactChange::kApply) {
        projection.apply(fact, table);
      } else {
        projection.retract(fact, table);
      }
    }
  }

  EventStore& store_;
  const std::string process_;
  const bool filtered_;
  Selection selection_;
  StoreTargetLookup lookup_;
  Dispatcher dispatcher_;
  std::array<std::unique_ptr<MemoryViewTable>, kProjectionCount> tables_;
  Position position_;
  int64_t recorded_at_us_ = 0;
  uint64_t events_ = 0;
  uint64_t withheld_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<FoldedViews>> FoldPrefix(
    EventStore& store, std::string_view process, const Prefix& prefix,
    const EventFilter& filter) {
  auto folded = std::make_unique<Folding>(store, std::string(process), filter);
  RETURN_IF_ERROR(folded->GoOn(prefix));
  return folded;
}

std::unique_ptr<GrowingViews> MakeGrowingViews(EventStore& store,
                                               std::string process,
                                               EventFilter filter) {
  return std::make_unique<Folding>(store, std::move(process),
                                   std::move(filter));
}

}  // namespace samverk::projections
