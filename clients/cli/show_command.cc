// "samverk show VIEW": the views of a process.
#include <CLI/App.hpp>
#include <memory>

#include "clients/cli/commands.h"
#include "clients/cli/show/show.h"

namespace samverk::cli {
namespace {

struct View {
  const char* name;
  const char* description;
  int (*show)(Session&, const ScopeOptions&);
};

constexpr View kViews[] = {
    {"budget", "The budget: amount, certainty, basis and source of each item",
     &ShowBudget},
    {"participation", "Who took part, as what, in what, how often",
     &ShowParticipation},
    {"activities", "Activities, planned against held", &ShowActivities},
    {"findings", "What was noticed, who has the say, what came of it",
     &ShowFindings},
    {"measures", "Measures, and what their plans lack", &ShowMeasures},
    {"timeline", "The progression: phases, decisions, shifts", &ShowTimeline},
    {"checks", "Checks, documents and reports", &ShowChecks},
    {"lessons", "Lessons, outcomes, studies and initiatives", &ShowLessons},
    {"costs", "Booked costs and contributions in kind, one by one", &ShowCosts},
};

}  // namespace

void AddShowCommand(CLI::App& program, Run& run) {
  CLI::App& show = *program.add_subcommand("show", "Show a view of a process");
  show.footer(
      "Examples:\n"
      "  samverk show budget --process augustenborg --period 2025\n"
      "  samverk show findings -p augustenborg --as-of 2026-01-31\n"
      "  samverk show checks -p augustenborg --json");
  for (const View& view : kViews) {
    const auto options = std::make_shared<ScopeOptions>();
    CLI::App& command = *show.add_subcommand(view.name, view.description);
    AddScopeOptions(command, *options);
    AddAtLeastOption(command, *options);
    command.callback([&run, &view, options] {
      run = [&view, options](Session& session) {
        return view.show(session, *options);
      };
    });
  }
}

}  // namespace samverk::cli
