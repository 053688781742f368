#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "projections/findings/progress.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::FindingState;
using view::v1::FindingStep;
using view::v1::FindingView;
using view::v1::When;

// Walks the steps of a finding, first to last.
class FindingWalk {
 public:
  explicit FindingWalk(bool asset) : asset_(asset) {}

  void Take(const FindingStep& step) {
    if (!step.measure().empty()) return TakeMeasure(step);
    if (step.says() == view::v1::FINDING_STATE_DECLINED ||
        step.says() == view::v1::FINDING_STATE_CLOSED ||
        step.says() == view::v1::FINDING_STATE_MERGED) {
      return Rest(step);
    }
    if (step.says() == view::v1::FINDING_STATE_REOPENED) return Reopen();
    // No other step is without a measure.
    Assign(step);
  }

  FindingState state() const {
    if (resting_.has_value()) return resting_->state;
    FindingState furthest = open_;
    for (const auto& [measure, state] : measures_) {
      furthest = HasMeasure(furthest) ? std::max(furthest, state) : state;
    }
    return furthest;
  }

  const std::string& assignee() const { return assignee_; }

 private:
  struct Resting {
    FindingState state;
    When since;
  };

  static bool HasMeasure(FindingState state) {
    return state >= view::v1::FINDING_STATE_MEASURE_PROPOSED &&
           state <= view::v1::FINDING_STATE_EVALUATED;
  }

  // Merged is merged: what is said of the finding afterwards is about the one
  // that it went up in.
  void Rest(const FindingStep& step) {
    if (resting_.has_value() &&
        resting_->state == view::v1::FINDING_STATE_MERGED) {
      return;
    }
    resting_ = Resting{step.says(), step.origin().occurred()};
  }

  // What measures came to before does not count any more.
  void Reopen() {
    resting_.reset();
    measures_.clear();
    open_ = view::v1::FINDING_STATE_REOPENED;
  }

  // Somebody took a declined finding on after all.
  void TakeOnAfterDecline(const FindingStep& step) {
    if (resting_.has_value() &&
        resting_->state == view::v1::FINDING_STATE_DECLINED &&
        WhollyAfter(step.origin().occurred(), resting_->since)) {
      resting_.reset();
    }
  }

  // Whoever is assigned something worth keeping watches it.
  void Assign(const FindingStep& step) {
    assignee_ = step.detail();
    TakeOnAfterDecline(step);
    open_ = asset_ ? view::v1::FINDING_STATE_WATCHED
                   : view::v1::FINDING_STATE_ASSIGNED;
  }

  void TakeMeasure(const FindingStep& step) {
    if (step.measure_state() == view::v1::MEASURE_STATE_ABANDONED) {
      measures_.erase(step.measure());
      return;
    }
    if (asset_) return;
    TakeOnAfterDecline(step);
    measures_[step.measure()] = step.says();
  }

  const bool asset_;
  // State without measures.
  FindingState open_ = view::v1::FINDING_STATE_LOGGED;
  // How far the measures that are not given up have brought it, by measure.
  std::map<std::string, FindingState> measures_;
  std::optional<Resting> resting_;
  std::string assignee_;
};

}  // namespace

bool SettleFinding(FindingView& finding) {
  FindingWalk walk(finding.logged().polarity() == event::v1::POLARITY_ASSET);
  std::set<std::string> measures;
  for (FindingStep& step : *finding.mutable_steps()) {
    walk.Take(step);
    step.set_state(walk.state());
    if (!step.measure().empty()) measures.insert(step.measure());
  }
  finding.set_state(walk.state());
  finding.set_assignee(walk.assignee());
  finding.clear_measures();
  for (const std::string& measure : measures) finding.add_measures(measure);
  return finding.has_origin() || !finding.steps().empty();
}

}  // namespace samverk::projections
