// Asking for checks in tests.
#ifndef SAMVERK_TESTS_CHECKS_CHECK_ANSWERS_H_
#define SAMVERK_TESTS_CHECKS_CHECK_ANSWERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "projections/activities/activities.h"
#include "projections/budget/budget.h"
#include "projections/checks/checks.h"
#include "projections/checks/checks_answer.h"
#include "projections/findings/findings.h"
#include "projections/participation/participation.h"
#include "projections/timeline/timeline.h"
#include "tests/budget/money_events.h"
#include "tests/testing/fold_harness.h"

namespace samverk::testing {

// Every projection that checks look at, folded over the events.
inline FoldedFacts FoldAll(const std::vector<event::v1::Event>& events) {
  return GivenFacts(
      {projections::ActivitiesProjection(), projections::BudgetProjection(),
       projections::ChecksProjection(), projections::FindingsProjection(),
       projections::ParticipationProjection(),
       projections::TimelineProjection()},
      events);
}

inline view::v1::ChecksAnswer CheckAnswer(
    const std::vector<event::v1::Event>& events,
    const projections::Question& question) {
  return projections::AnswerChecks(FoldAll(events).views(), question);
}

// No-break spaces as spaces.
inline std::string Plain(std::string text) {
  for (size_t at; (at = text.find("\u00A0")) != std::string::npos;) {
    text.replace(at, 2, " ");
  }
  return text;
}

// Ids of the checks, in the order of the answer; only of `rule` unless empty.
inline std::vector<std::string> Ids(const view::v1::ChecksAnswer& answer,
                                    std::string_view rule = "") {
  std::vector<std::string> ids;
  for (const auto& check : answer.checks()) {
    if (rule.empty() || check.rule() == rule) ids.push_back(check.id());
  }
  return ids;
}

// The check with this id; an empty one, and a failure, when there is none.
inline view::v1::CheckView CheckOf(const view::v1::ChecksAnswer& answer,
                                   std::string_view id) {
  std::string ids;
  for (const auto& check : answer.checks()) {
    if (check.id() == id) return check;
    ids += " " + check.id();
  }
  ADD_FAILURE() << "no check " << id << " among" << ids;
  return {};
}

// What the check says.
inline std::string TextOf(const view::v1::ChecksAnswer& answer,
                          std::string_view id) {
  return Plain(CheckOf(answer, id).text());
}

inline std::vector<uint64_t> PositionsOf(const view::v1::ChecksAnswer& answer,
                                         std::string_view id) {
  const auto check = CheckOf(answer, id);
  return {check.positions().begin(), check.positions().end()};
}

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_CHECKS_CHECK_ANSWERS_H_
