// "samverk subscriptions": the consumer groups of the register.
#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "clients/cli/group_options.h"
#include "clients/cli/numbers.h"
#include "clients/cli/table.h"
#include "clients/cpp/consumer_groups.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

using bus::v1::GroupSettings;
using bus::v1::GroupState;
using Kind = Column::Kind;

constexpr size_t kParkedShown = 1'000;
constexpr char kLeaseHelp[] = "How long a member has an event (30s)";

struct ParkedOptions {
  std::string name;
  std::vector<uint64_t> positions;
  bool all = false;
};

std::string Number(uint64_t number, const Style& style) {
  return codec::NumberText(static_cast<int64_t>(number), style.language);
}

// How long the first unsettled event has waited.
std::string LagText(const GroupState& state) {
  return state.has_lag() ? DurationText(state.lag()) : "";
}

std::string Problem(const GroupState& state, const Style& style) {
  if (state.too_many_parked()) {
    return style("för många avlagda: spela om eller släng några",
                 "too many are parked: replay or drop some");
  }
  if (!state.problem().empty()) return state.problem();
  if (state.members() == 0 && state.lag_events() > 0) {
    return style("ingen medlem tar emot", "no member receives");
  }
  return "";
}

std::string GroupsText(const std::vector<GroupState>& groups,
                       const Style& style) {
  Table table({{style("Grupp", "Group"), Kind::kWhole},
               {style("Om", "About"), Kind::kText},
               {style("Till och med", "Settled"), Kind::kRight},
               {style("Efter", "Behind"), Kind::kRight},
               {style("Sedan", "Since"), Kind::kRight},
               {style("Medlemmar", "Members"), Kind::kRight},
               {style("Ute", "In flight"), Kind::kRight},
               {style("Avlagda", "Parked"), Kind::kRight},
               {style("Läge", "State"), Kind::kText}});
  for (const GroupState& state : groups) {
    table.Row({state.name(), FilterText(state.settings().filter(), style),
               absl::StrCat("#", state.cursor()),
               Number(state.lag_events(), style), LagText(state),
               Number(state.members(), style), Number(state.in_flight(), style),
               Number(state.parked(), style), Problem(state, style)});
  }
  return groups.empty() ? Nothing(style) : table.Text(style);
}

std::string GroupText(const GroupState& state, const Style& style) {
  const GroupSettings& settings = state.settings();
  Table table(
      {{style("Grupp", "Group"), Kind::kWhole}, {state.name(), Kind::kText}});
  table.Row({style("Om", "About"), FilterText(settings.filter(), style)});
  table.Row(
      {style("I ordning per", "In order by"),
       settings.key().empty() ? style("ström", "stream") : settings.key()});
  table.Row({style("Klar till och med", "Settled up to"),
             absl::StrCat("#", state.cursor(), style(" av ", " of "), "#",
                          state.head())});
  std::string behind = Number(state.lag_events(), style);
  if (state.has_lag()) {
    absl::StrAppend(
        &behind,
        style(", den första väntar sedan ", ", the first waits since "),
        LagText(state));
  }
  table.Row({style("Efter", "Behind"), behind});
  table.Row({style("Medlemmar", "Members"), Number(state.members(), style)});
  table.Row({style("Ute hos medlemmar", "In flight"),
             absl::StrCat(Number(state.in_flight(), style),
                          style(" av högst ", " of at most "),
                          Number(settings.in_flight(), style))});
  table.Row({style("Väntar på nytt försök", "Waiting for a retry"),
             Number(state.waiting_for_retry(), style)});
  table.Row(
      {style("Givna igen", "Given again"), Number(state.redelivered(), style)});
  table.Row({style("Avlagda", "Parked"), Number(state.parked(), style)});
  if (state.replaying() > 0) {
    table.Row({style("Spelas om", "Being replayed"),
               Number(state.replaying(), style)});
  }
  table.Row({style("Lån", "Lease"), DurationText(settings.lease())});
  table.Row({style("Försök", "Attempts"),
             absl::StrCat(settings.attempts(), style(", efter ", ", after "),
                          DurationText(settings.first_delay()),
                          style(" till ", " to "),
                          DurationText(settings.longest_delay()))});
  if (const std::string problem = Problem(state, style); !problem.empty()) {
    table.Row({style("Läge", "State"), problem});
  }
  return table.Text(style);
}

int ShowGroup(Session& session, const absl::StatusOr<GroupState>& state) {
  if (!state.ok()) return session.Fail(state.status());
  if (session.json) {
    session.PrintJson(*state);
  } else {
    session.Print(GroupText(*state, session.style));
  }
  return kDone;
}

int RunCreate(Session& session, const GroupOptions& options) {
  const auto settings = ToGroupSettings(session, options);
  if (!settings.has_value()) return kUsage;
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return ShowGroup(session, client->groups().Create(options.name, *settings));
}

int RunUpdate(Session& session, const GroupOptions& options) {
  const auto settings = ToGroupSettings(session, options);
  if (!settings.has_value()) return kUsage;
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return ShowGroup(session, client->groups().Update(options.name, *settings));
}

int RunShow(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return ShowGroup(session, client->groups().Get(name));
}

int RunList(Session& session) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto groups = client->groups().List();
  if (!groups.ok()) return session.Fail(groups.status());
  if (session.json) {
    for (const GroupState& state : *groups) session.PrintJson(state);
    return kDone;
  }
  session.Print(GroupsText(*groups, session.style));
  return kDone;
}

int RunDelete(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const absl::Status status = client->groups().Delete(name);
  if (!status.ok()) return session.Fail(status);
  session.Say(
      absl::StrCat(name, session.style(" är borttagen", " is deleted")));
  return kDone;
}

int RunParked(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto parked = client->groups().ListParked(name, kParkedShown);
  if (!parked.ok()) return session.Fail(parked.status());
  if (session.json) {
    for (const auto& event : *parked) session.PrintJson(event);
    return kDone;
  }
  const Style& style = session.style;
  Table table({{style("Plats", "Position"), Kind::kRight},
               {style("Händelse", "Event"), Kind::kWhole},
               {style("Ström", "Stream"), Kind::kText},
               {style("Avlagd", "Parked"), Kind::kWhole},
               {style("Försök", "Attempts"), Kind::kRight},
               {style("Varför", "Why"), Kind::kText}});
  const std::string prefix(codec::kTypePrefix);
  for (const auto& event : *parked) {
    const std::string& type = event.event().type();
    table.Row(
        {absl::StrCat("#", event.event().position()),
         absl::StartsWith(type, prefix) ? type.substr(prefix.size()) : type,
         event.event().stream(),
         codec::DateTimeText(event.parked_at().seconds() * 1'000'000),
         absl::StrCat(event.attempts()),
         event.reason().empty() ? style("lånet gick ut", "its lease ended")
                                : event.reason()});
  }
  session.Print(parked->empty() ? Nothing(style) : table.Text(style));
  if (parked->size() == kParkedShown) {
    session.Say(absl::StrCat(
        style("samverk: bara de första ", "samverk: only the first "),
        kParkedShown));
  }
  return kDone;
}

// Replays or drops.
int RunChange(Session& session, const ParkedOptions& options,
              absl::StatusOr<uint64_t> (client::ConsumerGroups::*change)(
                  std::string_view, const std::vector<uint64_t>&),
              const std::string& did) {
  if (options.all == !options.positions.empty()) {
    return session.Misuse("give positions, or --all");
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto count =
      (client->groups().*change)(options.name, options.positions);
  if (!count.ok()) return session.Fail(count.status());
  session.Print(absl::StrCat(Number(*count, session.style), " ", did, "\n"));
  return kDone;
}

void AddName(CLI::App& command, std::string& name) {
  command.add_option("NAME", name, "The group's name, such as finance")
      ->required();
}

void AddCreate(CLI::App& group, Run& run) {
  const auto options = std::make_shared<GroupOptions>();
  CLI::App& create =
      *group.add_subcommand("create", "Make a group; the same again is it");
  AddName(create, options->name);
  AddSelectionOptions(create, *options);
  AddTermOptions(create, *options, kLeaseHelp);
  create.callback([&run, options] {
    run = [options](Session& session) { return RunCreate(session, *options); };
  });
}

void AddUpdate(CLI::App& group, Run& run) {
  const auto options = std::make_shared<GroupOptions>();
  CLI::App& update = *group.add_subcommand(
      "update", "Change what is said; filter, start and key stay");
  AddName(update, options->name);
  AddTermOptions(update, *options, kLeaseHelp);
  update.callback([&run, options] {
    run = [options](Session& session) { return RunUpdate(session, *options); };
  });
}

// A command that takes a name alone.
void AddNamed(CLI::App& group, Run& run, const char* command, const char* help,
              int (*act)(Session&, const std::string&)) {
  const auto name = std::make_shared<std::string>();
  CLI::App& named = *group.add_subcommand(command, help);
  AddName(named, *name);
  named.callback([&run, name, act] {
    run = [name, act](Session& session) { return act(session, *name); };
  });
}

void AddChange(CLI::App& group, Run& run, const char* command, const char* help,
               absl::StatusOr<uint64_t> (client::ConsumerGroups::*change)(
                   std::string_view, const std::vector<uint64_t>&),
               const char* swedish, const char* english) {
  const auto options = std::make_shared<ParkedOptions>();
  CLI::App& changing = *group.add_subcommand(command, help);
  AddName(changing, options->name);
  changing.add_option("POSITION", options->positions, "Which of them")
      ->check(WholeNumber(1));
  changing.add_flag("--all", options->all, "All that are parked");
  changing.callback([&run, options, change, swedish, english] {
    run = [=](Session& session) {
      return RunChange(session, *options, change,
                       session.style(swedish, english));
    };
  });
}

}  // namespace

void AddSubscriptionsCommand(CLI::App& program, Run& run) {
  CLI::App& group = *program.add_subcommand(
      "subscriptions", "Consumer groups: who is told what, and how far");
  AddCreate(group, run);
  CLI::App& list = *group.add_subcommand("list", "All groups");
  list.callback([&run] { run = &RunList; });
  AddNamed(group, run, "show", "How a group stands", &RunShow);
  AddUpdate(group, run);
  AddNamed(group, run, "delete", "Forget a group and its place", &RunDelete);
  AddNamed(group, run, "parked", "Events that were put aside, and why",
           &RunParked);
  AddChange(group, run, "replay", "Give parked events again",
            &client::ConsumerGroups::ReplayParked, "ges igen",
            "are given again");
  AddChange(group, run, "drop", "Give parked events up for good",
            &client::ConsumerGroups::DropParked, "är släppta", "are dropped");
  group.footer(
      "Examples:\n"
      "  samverk subscriptions create finance -p augustenborg --type "
      "cost_booked\n"
      "  samverk subscriptions show finance\n"
      "  samverk subscriptions parked finance\n"
      "  samverk subscriptions replay finance 17 23");
}

}  // namespace samverk::cli
