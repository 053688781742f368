// "samverk processes": what the register holds.
#include <CLI/App.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "clients/cli/show/show.h"
#include "clients/cli/sources.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;

int RunProcesses(Session& session) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const Style& style = session.style;
  Table table({{style("Process", "Process"), Kind::kWhole},
               {style("Namn", "Name"), Kind::kText},
               {style("Kommun", "Municipality"), Kind::kText},
               {style("Sedan", "Since"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Källa", "Source"), Kind::kWhole}});
  std::set<uint64_t> inferred;
  std::vector<view::v1::ProcessView> processes;
  const absl::Status status = ForEachPage(
      view::v1::ListProcessesRequest(),
      [&](const view::v1::ListProcessesRequest& request, std::string& next) {
        auto page = client->ListProcesses(request);
        if (!page.ok()) return page.status();
        next = page->next_page_token();
        for (auto& process : *page->mutable_processes()) {
          if (session.json) session.PrintJson(process);
          inferred.merge(InferredIn(process));
          processes.push_back(std::move(process));
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return session.Fail(status);
  if (session.json) return kDone;
  Sources sources(std::move(inferred));
  for (const auto& process : processes) {
    table.Row({process.process(), process.registered().name(),
               process.registered().municipality(),
               WhenCell(process.origin().occurred(), style),
               process.has_closed() ? style("avslutad", "closed")
                                    : style("pågår", "open"),
               sources.Of(process.origin())});
  }
  session.Print(table.empty() ? Nothing(style)
                              : table.Text(style) + sources.Legend(style));
  return kDone;
}

}  // namespace

void AddProcessesCommand(CLI::App& program, Run& run) {
  CLI::App& command = *program.add_subcommand(
      "processes", "List the processes of the register");
  command.callback([&run] { run = &RunProcesses; });
}

}  // namespace samverk::cli
