#include "projections/budget/budget_answer.h"

#include <algorithm>

#include "eventstore/limits.h"
#include "projections/budget/booked.h"
#include "projections/budget/budget_view.h"
#include "projections/budget/money_facts.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::BudgetEntry;
using view::v1::BudgetView;

// One page of entries of one kind. Its tokens are "kind/id" of the last entry
// sent.
struct Page {
  size_t size;
  std::vector<BudgetEntry> entries;
  std::string last_key;  // "kind/id"
  bool more = false;

  template <typename Wanted>
  void Fill(const ViewReader& table, const Question& question,
            std::string_view kind, std::string_view token, Wanted wanted) {
    const std::string prefix = KeyPrefix(question.process, kind);
    const size_t process = question.process.size() + 1;
    // The least key after the token's.
    const std::string from =
        token.empty() ? std::string()
                      : prefix.substr(0, process).append(token) + '\0';
    table.Scan<BudgetEntry>(
        prefix, from, [&](std::string_view key, const BudgetEntry& entry) {
          if (!wanted(entry)) return true;
          if (entries.size() == size) {
            more = true;
            return false;
          }
          entries.push_back(entry);
          last_key = std::string(key.substr(process));
          return true;
        });
  }
};

}  // namespace

BudgetView AnswerBudget(const ViewSet& views, const Question& question) {
  return MakeBudgetView(views, question, CollectMoneyFacts(views, question));
}

std::vector<BudgetEntry> AnswerCosts(const ViewSet& views,
                                     const Question& question,
                                     std::string_view grant,
                                     std::string_view page_token,
                                     size_t page_size,
                                     std::string& next_page_token) {
  const ViewReader& table = views.Of(ProjectionId::kBudget);
  Page page;
  page.size = std::clamp<size_t>(page_size, 1, limits::kViewPage);
  const auto in_period = [&question](const view::v1::Origin& origin) {
    return TimingOf(origin.occurred(), question) == Timing::kInPeriod;
  };
  // "cost" sorts before "in_kind": the order of the pages.
  if (page_token < "in_kind/") {
    page.Fill(table, question, "cost", page_token,
              [&](const BudgetEntry& entry) {
                const auto& cost = entry.cost();
                return cost.has_origin() && in_period(cost.origin()) &&
                       (grant.empty() || cost.grant() == grant);
              });
  }
  if (grant.empty() && !page.more) {
    page.Fill(table, question, "in_kind",
              page_token < "in_kind/" ? "" : page_token,
              [&](const BudgetEntry& entry) {
                return entry.in_kind().has_origin() &&
                       in_period(entry.in_kind().origin());
              });
  }
  next_page_token = page.more ? page.last_key : "";
  return std::move(page.entries);
}

}  // namespace samverk::projections
