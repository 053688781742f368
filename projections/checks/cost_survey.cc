#include "projections/checks/cost_survey.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "projections/budget/booked.h"
#include "projections/kept_facts.h"
#include "samverk/view/v1/checks.pb.h"

namespace samverk::projections {
namespace {

using view::v1::BudgetEntry;
using view::v1::CostView;
using view::v1::GrantView;
using view::v1::InKindStep;
using view::v1::InKindView;

// For which time costs may be booked on a grant.
struct GrantTime {
  int64_t from_us = 0;
  int64_t to_us = 0;  // 0: not known, and costs of any time are right
  bool of_period = false;
};
using GrantTimes = absl::btree_map<std::string, GrantTime>;

GrantTimes TimesOf(const MoneyFacts& money) {
  GrantTimes times;
  const auto add = [&times](const GrantView& grant, bool of_period) {
    GrantTime& time = times[grant.grant()];
    time.of_period = of_period;
    if (!IsKnown(grant.period())) return;
    time.from_us = grant.period().from_us();
    time.to_us = EndOfGrantUs(grant);
  };
  for (const GrantView& grant : money.grants) add(grant, true);
  for (const GrantView& grant : money.other_grants) add(grant, false);
  return times;
}

// A cost without a time cannot be shown to lie within.
bool IsOutside(const CostView& cost, const GrantTime& time) {
  if (time.to_us == 0) return false;
  const view::v1::When& when = cost.origin().occurred();
  return !IsKnown(when) || when.from_us() < time.from_us ||
         when.to_us() > time.to_us;
}

// Takes one look and keeps what it sees.
class Survey {
 public:
  Survey(const ViewReader& budget, const Question& question,
         const SharedEvidence& shared, const SpokenOf& spoken_of)
      : budget_(budget),
        question_(question),
        shared_(shared),
        spoken_of_(spoken_of) {}

  void LookAtCosts(const GrantTimes& times);
  void LookAtInKind();
  CostSurvey Done() && { return std::move(survey_); }

 private:
  void LookAt(const CostView& cost, const GrantTime* time);
  void LookAt(const InKindView& in_kind);
  bool InPeriod(const view::v1::Origin& origin) const {
    return TimingOf(origin.occurred(), question_) == Timing::kInPeriod;
  }
  void Suspect(std::string_view rule, const CostView& cost,
               SuspectCosts& costs) const {
    costs[cost.grant()].Add(cost, cost.amount().ore(),
                            spoken_of_(rule, cost.cost()));
  }
  void Suspect(std::string_view rule, const InKindView& in_kind,
               SuspectInKind& contributions) const {
    contributions[in_kind.contributor()].Add(
        in_kind, in_kind.counted_ore(), spoken_of_(rule, in_kind.in_kind()));
  }
  void FindNamedCosts();

  const ViewReader& budget_;
  const Question& question_;
  const SharedEvidence& shared_;
  const SpokenOf& spoken_of_;
  CostSurvey survey_;
};

void Survey::LookAtCosts(const GrantTimes& times) {
  budget_.Scan<BudgetEntry>(
      KeyPrefix(question_.process, "cost"), "",
      [&](std::string_view, const BudgetEntry& entry) {
        const CostView& cost = entry.cost();
        if (!cost.has_origin() || cost.has_reversed()) return true;
        const auto at = times.find(cost.grant());
        const GrantTime* time = at == times.end() ? nullptr : &at->second;
        if ((time != nullptr && time->of_period) || InPeriod(cost.origin())) {
          LookAt(cost, time);
        }
        return true;
      });
}

void Survey::LookAt(const CostView& cost, const GrantTime* time) {
  if (cost.voucher().empty()) {
    survey_.without_voucher[cost.grant()].Add(cost, cost.amount().ore(), false);
  }
  if (time != nullptr && IsOutside(cost, *time)) {
    Suspect("C7", cost, survey_.outside_period);
  }
  if (cost.has_attested() &&
      IsSamePerson(cost.origin(), cost.attester(), cost.attester_subject())) {
    Suspect("C14", cost, survey_.self_attested);
  }
}

// Finds those of the costs that contributions name or share evidence with that
// are booked and not reversed. A table must not be asked while it is being
// scanned, so their ids are gathered first.
void Survey::FindNamedCosts() {
  absl::btree_set<std::string> named;
  budget_.Scan<BudgetEntry>(KeyPrefix(question_.process, "in_kind"), "",
                            [&](std::string_view, const BudgetEntry& entry) {
                              const auto& costs =
                                  entry.in_kind().same_as_costs();
                              named.insert(costs.begin(), costs.end());
                              return true;
                            });
  for (const auto& [in_kind, costs] : shared_) {
    named.insert(costs.begin(), costs.end());
  }
  for (const std::string& id : named) {
    const auto* entry =
        budget_.Find<BudgetEntry>(KeyPrefix(question_.process, "cost") + id);
    if (entry != nullptr && entry->cost().has_origin() &&
        !entry->cost().has_reversed()) {
      survey_.named_costs.emplace(id, entry->cost());
    }
  }
}

void Survey::LookAtInKind() {
  FindNamedCosts();
  budget_.Scan<BudgetEntry>(
      KeyPrefix(question_.process, "in_kind"), "",
      [&](std::string_view, const BudgetEntry& entry) {
        const InKindView& in_kind = entry.in_kind();
        if (in_kind.has_origin() && InPeriod(in_kind.origin())) {
          LookAt(in_kind);
        }
        return true;
      });
}

void Survey::LookAt(const InKindView& in_kind) {
  const auto stands = [this](const std::string& cost) {
    return survey_.named_costs.contains(cost);
  };
  const auto shared = shared_.find(in_kind.in_kind());
  const bool twice =
      std::any_of(in_kind.same_as_costs().begin(),
                  in_kind.same_as_costs().end(), stands) ||
      (shared != shared_.end() &&
       std::any_of(shared->second.begin(), shared->second.end(), stands));
  if (twice && in_kind.counted_ore() > 0) {
    Suspect("C6", in_kind, survey_.doubly_financed);
  }
  const bool by_itself = std::any_of(
      in_kind.steps().begin(), in_kind.steps().end(),
      [&in_kind](const InKindStep& step) {
        return IsSamePerson(in_kind.origin(), step.by(), step.by_subject());
      });
  if (by_itself) Suspect("C14", in_kind, survey_.self_attested_in_kind);
}

// A cost or contribution and the place in its evidence.
struct Shown {
  std::string id;
  std::string locator;
};

// Those that a token shows, by the prefix of their entries.
std::vector<Shown> ShownBy(const ViewReader& checks,
                           const std::string& prefix) {
  std::vector<Shown> shown;
  checks.Scan<view::v1::CheckEntry>(
      prefix, "", [&](std::string_view, const view::v1::CheckEntry& entry) {
        const auto& mentioned = entry.mention().mentioned();
        shown.push_back({mentioned.Get(0), mentioned.Get(1)});
        return true;
      });
  return shown;
}

bool MayBeTheSame(const Shown& a, const Shown& b) {
  return a.locator.empty() || b.locator.empty() || a.locator == b.locator;
}

}  // namespace

SharedEvidence FindSharedEvidence(const ViewReader& checks,
                                  std::string_view process) {
  // A table must not be asked while it is being scanned.
  const std::string in_kind_prefix = KeyPrefix(process, "in_kind_evidence");
  std::vector<std::pair<std::string, Shown>> contributions;
  checks.Scan<view::v1::CheckEntry>(
      in_kind_prefix, "",
      [&](std::string_view key, const view::v1::CheckEntry& entry) {
        // "token/" of "process/in_kind_evidence/token/position".
        const std::string_view rest = key.substr(in_kind_prefix.size());
        const auto& mentioned = entry.mention().mentioned();
        contributions.emplace_back(rest.substr(0, rest.find('/') + 1),
                                   Shown{mentioned.Get(0), mentioned.Get(1)});
        return true;
      });
  SharedEvidence shared;
  for (const auto& [token, contribution] : contributions) {
    const std::string prefix = KeyPrefix(process, "cost_evidence") + token;
    for (const Shown& cost : ShownBy(checks, prefix)) {
      if (MayBeTheSame(contribution, cost)) {
        shared[contribution.id].insert(cost.id);
      }
    }
  }
  return shared;
}

CostSurvey SurveyCosts(const ViewReader& budget, const Question& question,
                       const MoneyFacts& money, const SharedEvidence& shared,
                       const SpokenOf& spoken_of) {
  Survey survey(budget, question, shared, spoken_of);
  survey.LookAtCosts(TimesOf(money));
  survey.LookAtInKind();
  return std::move(survey).Done();
}

}  // namespace samverk::projections
