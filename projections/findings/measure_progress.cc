#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "projections/findings/progress.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using event::v1::MeasureEffect;
using view::v1::FindingState;
using view::v1::FindingStep;
using view::v1::MeasureFact;
using view::v1::MeasureState;
using view::v1::MeasureStep;
using view::v1::MeasureView;

// Walks the steps of a measure, first to last.
class MeasureWalk {
 public:
  // `effect` is that of an evaluation.
  void Take(const MeasureStep& step, MeasureEffect effect) {
    if (step.says() == view::v1::MEASURE_STATE_ABANDONED) {
      abandoned_ = step.origin().occurred();
      return;
    }
    if (abandoned_.has_value() &&
        WhollyAfter(step.origin().occurred(), *abandoned_)) {
      abandoned_.reset();
    }
    if (step.says() == view::v1::MEASURE_STATE_CLOSED) {
      closed_ = true;
      return;
    }
    furthest_ = std::max(furthest_, step.says());
    if (step.says() == view::v1::MEASURE_STATE_EVALUATED) effect_ = effect;
  }

  MeasureState state() const {
    if (abandoned_.has_value()) return view::v1::MEASURE_STATE_ABANDONED;
    return closed_ ? view::v1::MEASURE_STATE_CLOSED : furthest_;
  }

  // How far its findings have come by it; meaningless when it is given up.
  FindingState finding_state() const {
    if (furthest_ == view::v1::MEASURE_STATE_EVALUATED) {
      return effect_ == event::v1::MEASURE_EFFECT_NONE
                 ? view::v1::FINDING_STATE_MEASURE_PROPOSED
                 : view::v1::FINDING_STATE_EVALUATED;
    }
    if (furthest_ == view::v1::MEASURE_STATE_IMPLEMENTED) {
      return view::v1::FINDING_STATE_MEASURE_IMPLEMENTED;
    }
    return furthest_ >= view::v1::MEASURE_STATE_PLANNED
               ? view::v1::FINDING_STATE_MEASURE_PLANNED
               : view::v1::FINDING_STATE_MEASURE_PROPOSED;
  }

 private:
  // From proposed to evaluated.
  MeasureState furthest_ = view::v1::MEASURE_STATE_UNSPECIFIED;
  MeasureEffect effect_ = event::v1::MEASURE_EFFECT_UNSPECIFIED;
  bool closed_ = false;
  // When it was given up, while it is.
  std::optional<view::v1::When> abandoned_;
};

MeasureEffect EffectOf(const MeasureView& measure, const MeasureStep& step) {
  for (const MeasureFact& fact : measure.facts()) {
    if (fact.origin().position() == step.origin().position()) {
      return fact.evaluated().effect();
    }
  }
  return event::v1::MEASURE_EFFECT_UNSPECIFIED;
}

void Say(const std::string& text, std::string& known) {
  if (!text.empty()) known = text;
}

void TakeProposal(const event::v1::MeasureProposed& proposed,
                  MeasureView& measure) {
  Say(proposed.title(), *measure.mutable_title());
  Say(proposed.owner(), *measure.mutable_owner());
  Say(proposed.expected_effect(), *measure.mutable_expected_effect());
  if (proposed.has_where()) *measure.mutable_where() = proposed.where();
  if (!proposed.intended().edtf().empty()) {
    *measure.mutable_planned() = WhenOf(proposed.intended());
  }
  if (proposed.has_estimated_cost()) {
    *measure.mutable_planned_cost() = proposed.estimated_cost();
  }
  for (const std::string& finding : proposed.findings()) {
    const auto& known = measure.findings();
    if (std::find(known.begin(), known.end(), finding) == known.end()) {
      measure.add_findings(finding);
    }
  }
}

void TakePlan(const event::v1::MeasurePlanned& planned, MeasureView& measure) {
  Say(planned.owner(), *measure.mutable_owner());
  Say(planned.funding(), *measure.mutable_funding());
  if (planned.has_where()) *measure.mutable_where() = planned.where();
  if (!planned.planned().edtf().empty()) {
    *measure.mutable_planned() = WhenOf(planned.planned());
  }
  if (planned.has_cost()) *measure.mutable_planned_cost() = planned.cost();
}

void TakeOutcome(const MeasureFact& fact, MeasureView& measure) {
  if (fact.has_implemented()) {
    const auto& implemented = fact.implemented();
    if (implemented.has_where()) *measure.mutable_where() = implemented.where();
    if (implemented.has_actual_cost()) {
      *measure.mutable_actual_cost() = implemented.actual_cost();
    }
  }
  if (fact.has_decided()) {
    measure.set_decision(fact.decided().decision().empty()
                             ? fact.decided().body()
                             : fact.decided().decision());
  }
  if (fact.has_evaluated()) {
    measure.set_effect(fact.evaluated().effect());
    measure.set_observation(fact.evaluated().observation());
  }
}

void ForgetWhatFollows(MeasureView& measure) {
  measure.clear_title();
  measure.clear_findings();
  measure.clear_owner();
  measure.clear_where();
  measure.clear_planned();
  measure.clear_planned_cost();
  measure.clear_actual_cost();
  measure.clear_funding();
  measure.clear_decision();
  measure.clear_expected_effect();
  measure.clear_effect();
  measure.clear_observation();
}

// The first proposal that is kept is where a measure comes from.
void SettleOrigin(MeasureView& measure) {
  for (const MeasureFact& fact : measure.facts()) {
    if (!fact.has_proposed()) continue;
    if (measure.origin().position() != fact.origin().position()) {
      *measure.mutable_origin() = fact.origin();
    }
    return;
  }
  measure.clear_origin();
}

void SettlePicture(MeasureView& measure) {
  ForgetWhatFollows(measure);
  SettleOrigin(measure);
  std::vector<const MeasureFact*> facts;
  for (const MeasureFact& fact : measure.facts()) facts.push_back(&fact);
  std::sort(facts.begin(), facts.end(),
            [](const MeasureFact* a, const MeasureFact* b) {
              return HappenedBefore(a->origin(), b->origin());
            });
  for (const MeasureFact* fact : facts) {
    if (fact->has_proposed()) TakeProposal(fact->proposed(), measure);
  }
  for (const MeasureFact* fact : facts) {
    if (fact->has_planned()) TakePlan(fact->planned(), measure);
  }
  for (const MeasureFact* fact : facts) TakeOutcome(*fact, measure);
}

}  // namespace

bool SettleMeasure(MeasureView& measure) {
  SettlePicture(measure);
  MeasureWalk walk;
  for (MeasureStep& step : *measure.mutable_steps()) {
    walk.Take(step, EffectOf(measure, step));
    step.set_state(walk.state());
  }
  measure.set_state(walk.state());
  return !measure.steps().empty();
}

std::vector<const FindingStep*> StepsForFindings(const MeasureView& measure,
                                                 ViewTable& views) {
  std::vector<const FindingStep*> steps;
  MeasureWalk walk;
  for (const MeasureStep& step : measure.steps()) {
    walk.Take(step, EffectOf(measure, step));
    if (step.says() == view::v1::MEASURE_STATE_CLOSED) continue;
    FindingStep& given = views.New<FindingStep>();
    given.set_says(walk.finding_state());
    given.set_measure(measure.measure());
    given.set_measure_state(step.state());
    given.set_detail(measure.measure());
    given.set_text(step.text());
    *given.mutable_origin() = step.origin();
    steps.push_back(&given);
  }
  return steps;
}

}  // namespace samverk::projections
