// "samverk cursors": the named positions of those who read a log.
#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "clients/cli/numbers.h"
#include "clients/cli/table.h"
#include "clients/cpp/client.h"

namespace samverk::cli {
namespace {

using bus::v1::NamedPosition;
using Kind = Column::Kind;

struct SetOptions {
  std::string name;
  uint64_t position = 0;
  bool rewind = false;
};

std::string TracksText(const std::vector<NamedPosition>& tracks,
                       const Style& style) {
  Table table({{style("Namn", "Name"), Kind::kWhole},
               {style("Till och med", "Up to"), Kind::kRight}});
  for (const NamedPosition& track : tracks) {
    table.Row({track.name(), absl::StrCat("#", track.position())});
  }
  return tracks.empty() ? Nothing(style) : table.Text(style);
}

int Show(Session& session, const NamedPosition& track) {
  if (session.json) {
    session.PrintJson(track);
  } else {
    session.Print(TracksText({track}, session.style));
  }
  return kDone;
}

int RunList(Session& session) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto all = client->ListTracks();
  if (!all.ok()) return session.Fail(all.status());
  if (session.json) {
    for (const NamedPosition& track : all->tracks()) session.PrintJson(track);
    return kDone;
  }
  session.Print(
      TracksText({all->tracks().begin(), all->tracks().end()}, session.style));
  return kDone;
}

int RunShow(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto found = client->GetTrack(name);
  if (!found.ok()) return session.Fail(found.status());
  return Show(session, found->track());
}

int RunSet(Session& session, const SetOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  bus::v1::TrackRequest request;
  request.set_name(options.name);
  request.set_position(options.position);
  request.set_rewind(options.rewind);
  const auto set = client->Track(request);
  if (!set.ok()) return session.Fail(set.status());
  return Show(session, set->track());
}

int RunDelete(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const absl::Status status = client->DeleteTrack(name);
  if (!status.ok()) return session.Fail(status);
  session.Say(
      absl::StrCat(name, session.style(" är borttagen", " is deleted")));
  return kDone;
}

void AddName(CLI::App& command, std::string& name) {
  command.add_option("NAME", name, "The reader's name, such as erp-import")
      ->required();
}

// A command about one name.
void AddNamed(CLI::App& group, Run& run, const char* word, const char* help,
              int (*action)(Session&, const std::string&)) {
  const auto name = std::make_shared<std::string>();
  CLI::App& command = *group.add_subcommand(word, help);
  AddName(command, *name);
  command.callback([&run, name, action] {
    run = [name, action](Session& session) { return action(session, *name); };
  });
}

}  // namespace

void AddCursorsCommand(CLI::App& program, Run& run) {
  CLI::App& group = *program.add_subcommand(
      "cursors", "Named positions: how far each reader of a log has come");
  CLI::App& list = *group.add_subcommand("list", "All names");
  list.callback([&run] { run = &RunList; });
  AddNamed(group, run, "show", "How far a reader has come", &RunShow);
  const auto options = std::make_shared<SetOptions>();
  CLI::App& set = *group.add_subcommand("set", "Say how far a reader has come");
  AddName(set, options->name);
  set.add_option("POSITION", options->position,
                 "Everything up to here is dealt with")
      ->check(WholeNumber(1))
      ->required();
  set.add_flag("--rewind", options->rewind,
               "Also when that is less than what is recorded");
  set.callback([&run, options] {
    run = [options](Session& session) { return RunSet(session, *options); };
  });
  AddNamed(group, run, "delete", "Forget a name: its reader begins anew",
           &RunDelete);
  group.footer(
      "Examples:\n"
      "  samverk cursors list\n"
      "  samverk cursors set erp-import 120\n"
      "  samverk cursors set erp-import 100 --rewind");
}

}  // namespace samverk::cli
