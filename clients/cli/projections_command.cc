// "samverk projections": the views that the server keeps, and building one
// again.
#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;

int RunList(Session& session) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto answer = client->ListProjections();
  if (!answer.ok()) return session.Fail(answer.status());
  if (session.json) {
    for (const auto& projection : answer->projections()) {
      session.PrintJson(projection);
    }
    return kDone;
  }
  session.Print(ProjectionsText(answer->projections(), session.style));
  return kDone;
}

// How far a rebuild is, with its rate and the time that is left.
std::string Progress(const admin::v1::RebuildProjectionResponse& at,
                     const Style& style) {
  const uint64_t left = at.head() > at.applied() ? at.head() - at.applied() : 0;
  std::string out = absl::StrCat(
      codec::NumberText(static_cast<int64_t>(at.applied()), style.language),
      style(" av ", " of "),
      codec::NumberText(static_cast<int64_t>(at.head()), style.language),
      style(" händelser, ", " events, "),
      codec::NumberText(static_cast<int64_t>(at.events_per_second()),
                        style.language),
      "/s");
  if (left > 0 && at.events_per_second() >= 1) {
    absl::StrAppend(
        &out, absl::StrFormat(style(", %d s kvar", ", %d s left").c_str(),
                              static_cast<int64_t>(static_cast<double>(left) /
                                                   at.events_per_second()) +
                                  1));
  }
  return out;
}

int RunRebuild(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto last = client->RebuildProjection(
      name, [&](const admin::v1::RebuildProjectionResponse& at) {
        if (!at.done()) {
          session.Say(absl::StrCat(name, ": ", Progress(at, session.style)));
        }
      });
  if (!last.ok()) return session.Fail(last.status());
  if (session.json) {
    session.PrintJson(*last);
    return kDone;
  }
  session.Print(absl::StrCat(name,
                             session.style(" är ombyggd: ", " is rebuilt: "),
                             Progress(*last, session.style), "\n"));
  return kDone;
}

}  // namespace

std::string ProjectionsText(const google::protobuf::RepeatedPtrField<
                                admin::v1::ProjectionStatus>& projections,
                            const Style& style) {
  Table table({{style("Projektion", "Projection"), Kind::kWhole},
               {style("Version", "Version"), Kind::kRight},
               {style("Läge", "State"), Kind::kWhole},
               {style("Till och med", "Applied"), Kind::kRight},
               {style("Efter", "Behind"), Kind::kRight},
               {style("Poster", "Entries"), Kind::kRight},
               {style("Ombyggnad", "Rebuild"), Kind::kRight},
               {style("Varför", "Why"), Kind::kText}});
  const auto number = [&style](uint64_t n) {
    return codec::NumberText(static_cast<int64_t>(n), style.language);
  };
  for (const auto& projection : projections) {
    table.Row({projection.name(), absl::StrCat(projection.version()),
               Label(projection.state(), style),
               absl::StrCat("#", projection.applied()),
               number(projection.lag()), number(projection.entries()),
               projection.rebuild_applied() == 0
                   ? ""
                   : absl::StrCat("#", projection.rebuild_applied()),
               projection.stopped_reason()});
  }
  return table.Text(style);
}

void AddProjectionsCommand(CLI::App& program, Run& run) {
  CLI::App& projections = *program.add_subcommand(
      "projections", "The views that the server keeps up to date");
  CLI::App& list = *projections.add_subcommand("list", "How far each has come");
  list.callback([&run] { run = &RunList; });
  const auto name = std::make_shared<std::string>();
  CLI::App& rebuild = *projections.add_subcommand(
      "rebuild", "Build one again from the history, beside the old one");
  rebuild.add_option("NAME", *name, "Its name, such as budget")->required();
  rebuild.callback([&run, name] {
    run = [name](Session& session) { return RunRebuild(session, *name); };
  });
}

}  // namespace samverk::cli
