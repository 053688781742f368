// How long do folding and answering take when a process has 100,000 costs?
//
//   build/tests/money_bench [costs]
//
// Prints milliseconds of processor time, the best of five, on views in memory.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "projections/budget/budget.h"
#include "projections/budget/budget_answer.h"
#include "projections/checks/checks.h"
#include "projections/checks/checks_answer.h"
#include "projections/engine/memory_view_table.h"
#include "tests/budget/money_events.h"

namespace samverk::projections {
namespace {

using event::v1::Event;

// Costs of 2025 on four budget lines, each attested. Every cost has a fault
// that the checks find when `faulty`: dated after its grant, attested by its
// recorder, without a voucher's number.
std::vector<Event> Costs(int count, bool faulty) {
  std::vector<Event> events = {testing::M1(), testing::M2(), testing::M3(),
                               testing::M4()};
  for (Event& event : events) event.set_process("p");
  for (int i = 0; i < count; ++i) {
    const std::string id = "A-" + std::to_string(i * 7919LL % count);
    const std::string day = (faulty ? "2026-0" : "2025-0") +
                            std::to_string(1 + i % 9) + "-1" +
                            std::to_string(i % 10);
    Event cost = testing::Booked(id, 100 + i % 1000, day);
    cost.set_process("p");
    auto& booked = *cost.mutable_cost_booked();
    booked.set_budget_line("line-" + std::to_string(i % 4));
    if (faulty) booked.clear_voucher_series();
    if (faulty) booked.clear_voucher_number();
    cost.mutable_recorded_by()->set_organisation("mkb");
    cost.mutable_recorded_by()->set_role("ekonomisystem");
    cost.mutable_recorded_by()->set_subject("p-1");
    Event attest;
    attest.set_process("p");
    attest.mutable_cost_attested()->set_cost(id);
    attest.mutable_cost_attested()->mutable_attester()->set_subject(
        faulty ? "p-1" : "p-2");
    events.push_back(std::move(cost));
    events.push_back(std::move(attest));
  }
  return events;
}

class Views {
 public:
  explicit Views(const std::vector<Event>& events) {
    std::vector<Fact> facts;
    for (const Event& event : events) {
      std::optional<codec::TimeSpan> occurred;
      if (const auto span = codec::ParseEdtf(event.occurred().edtf());
          span.ok()) {
        occurred = *span;
      }
      facts.push_back({event, Position(facts.size() + 1), 1, occurred});
    }
    const Projection budget = BudgetProjection();
    fold_ms_ = Milliseconds([&] {
      table_ = std::make_unique<MemoryViewTable>(budget.prototype());
      for (const Fact& fact : facts) budget.apply(fact, *table_);
    });
    views_.tables.fill(&empty_);
    views_.tables[static_cast<size_t>(ProjectionId::kBudget)] = table_.get();
  }

  const ViewSet& views() const { return views_; }
  double fold_ms() const { return fold_ms_; }

  template <typename Work>
  static double Milliseconds(Work work) {
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
      const std::clock_t begin = std::clock();
      work();
      const double took = 1000.0 * static_cast<double>(std::clock() - begin) /
                          static_cast<double>(CLOCKS_PER_SEC);
      best = std::min(best, took);
    }
    return best;
  }

 private:
  std::unique_ptr<MemoryViewTable> table_;
  MemoryViewTable empty_{view::v1::When::default_instance()};
  ViewSet views_;
  double fold_ms_ = 0;
};

void Run(int count, bool faulty) {
  const Views views(Costs(count, faulty));
  const Question year = testing::Asking("2025");
  const Question quarter = testing::Asking("2025-07/2025-09");
  int checks = 0;
  const auto budget_of = [&views](const Question& question) {
    return Views::Milliseconds([&] { AnswerBudget(views.views(), question); });
  };
  std::printf("%d costs and attests%s\n", count, faulty ? ", all faulty" : "");
  std::printf("  fold             %8.1f\n", views.fold_ms());
  std::printf("  budget, year     %8.1f\n", budget_of(year));
  std::printf("  budget, quarter  %8.1f\n", budget_of(quarter));
  std::printf("  a page of costs  %8.1f\n", Views::Milliseconds([&] {
                std::string next;
                AnswerCosts(views.views(), year, "", "", 100, next);
              }));
  std::printf("  checks, year     %8.1f", Views::Milliseconds([&] {
                checks = AnswerChecks(views.views(), year).checks_size();
              }));
  std::printf("  (%d checks)\n", checks);
}

}  // namespace
}  // namespace samverk::projections

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 100'000;
  samverk::projections::Run(count, false);
  samverk::projections::Run(count, true);
  return 0;
}
