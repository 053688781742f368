#include <array>
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

class PrefixViews final : public FoldedViews {
 public:
  PrefixViews() {
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

  void SetEnd(const RecordedEvent& last) {
    position_ = last.position();
    recorded_at_us_ = last.header().recorded_at_us;
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

  void CountFolded() { ++events_; }
  void CountWithheld() { ++withheld_; }

 private:
  std::array<std::unique_ptr<MemoryViewTable>, kProjectionCount> tables_;
  Position position_;
  int64_t recorded_at_us_ = 0;
  uint64_t events_ = 0;
  uint64_t withheld_ = 0;
};

// Which events take part. What amends one that does not does not either: there
// is nothing for it to take back. What takes back one that did counts also when
// it may not be seen itself, and then takes back and puts nothing in its place.
class Selection {
 public:
  enum class Part { kAll, kTakesBack, kNone };

  explicit Selection(const EventFilter& filter) : filter_(filter) {}

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

  const EventFilter& filter_;
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

}  // namespace

absl::StatusOr<std::unique_ptr<FoldedViews>> FoldPrefix(
    EventStore& store, std::string_view process, const Prefix& prefix,
    const EventFilter& filter) {
  auto folded = std::make_unique<PrefixViews>();
  ASSIGN_OR_RETURN(const std::optional<RecordedEvent> last,
                   LastOf(store, prefix));
  if (!last.has_value()) return folded;
  folded->SetEnd(*last);

  StoreTargetLookup lookup(store);
  Dispatcher dispatcher(lookup);
  Selection selection(filter);
  ReadOptions options;
  options.query.items.push_back({{}, {codec::ProcessTag(process)}, {}});
  options.before = last->position().Next();
  options.limit = kPageEvents;
  DecodedLog log(store, std::move(options));
  for (bool end = false; !end;) {
    ASSIGN_OR_RETURN(const DecodedPage* const page, log.Next());
    for (const auto& placed : page->decoded) {
      if (!placed.has_value()) continue;
      const Selection::Part part = selection.Of(*placed);
      if (part == Selection::Part::kAll) {
        folded->CountFolded();
      } else {
        folded->CountWithheld();
      }
      if (part == Selection::Part::kNone) continue;
      RETURN_IF_ERROR(dispatcher.Dispatch(
          *placed, [&folded, part](FactChange change, const Fact& fact) {
            if (part == Selection::Part::kAll ||
                change == FactChange::kRetract) {
              folded->Change(change, fact);
            }
          }));
    }
    RETURN_IF_ERROR(page->status);
    end = page->page.end;
  }
  return folded;
}

}  // namespace samverk::projections
