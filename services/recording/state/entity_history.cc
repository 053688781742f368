#include "services/recording/state/entity_history.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "proto/codec/edtf.h"

namespace samverk::recording {
namespace {

bool Contains(std::initializer_list<EntityHistory::FactCase> facts,
              EntityHistory::FactCase fact) {
  return std::find(facts.begin(), facts.end(), fact) != facts.end();
}

}  // namespace

std::optional<Interval> OccurredOf(const event::v1::Event& event) {
  const std::string& edtf = event.occurred().edtf();
  if (edtf.empty()) return std::nullopt;
  const auto span = codec::ParseEdtf(edtf);
  if (!span.ok()) return std::nullopt;
  return Interval{span->from_us, span->to_us};
}

HappenedAt HappenedAtOf(const std::optional<Interval>& occurred,
                        const FirstRecorded& recorded) {
  if (!occurred.has_value()) {
    return {recorded.at_us, recorded.at_us, false, recorded.order};
  }
  return {occurred->from_us, occurred->to_us, true, recorded.order};
}

HappenedAt HappenedAtOf(const event::v1::Event& event,
                        const FirstRecorded& recorded) {
  return HappenedAtOf(OccurredOf(event), recorded);
}

bool EntityHistory::exists() const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [](const Step& step) { return step.creates; });
}

const Step* EntityHistory::Last(FactCase fact) const {
  for (auto it = steps_.rbegin(); it != steps_.rend(); ++it) {
    if (it->event->fact_case() == fact) return &*it;
  }
  return nullptr;
}

int EntityHistory::Count(std::initializer_list<FactCase> facts) const {
  return static_cast<int>(
      std::count_if(steps_.begin(), steps_.end(), [&](const Step& step) {
        return Contains(facts, step.event->fact_case());
      }));
}

const Step* EntityHistory::LastBefore(
    const HappenedAt& when, std::initializer_list<FactCase> facts) const {
  const Step* last = nullptr;
  for (const Step& step : steps_) {
    if (!Contains(facts, step.event->fact_case())) continue;
    if (!when.IsAfter(step.when)) continue;
    if (last == nullptr || !last->when.IsAfter(step.when)) last = &step;
  }
  return last;
}

bool EntityHistory::MayFollow(const HappenedAt& when, FactCase fact) const {
  return std::any_of(steps_.begin(), steps_.end(), [&](const Step& step) {
    if (step.event->fact_case() != fact) return false;
    return !step.when.known || !step.when.IsAfter(when);
  });
}

void EntityHistory::Add(Step step) {
  auto at = steps_.end();
  while (at != steps_.begin() && std::prev(at)->when.order > step.when.order) {
    --at;
  }
  steps_.insert(at, std::move(step));
}

void EntityHistory::Remove(const EventId& id) {
  steps_.erase(std::remove_if(steps_.begin(), steps_.end(),
                              [&](const Step& step) { return step.id == id; }),
               steps_.end());
}

}  // namespace samverk::recording
