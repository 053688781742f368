// "samverk subscriptions": the consumer groups of the register.
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
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

// A group's settings as the command line has them; what is not said is absent.
struct SettingsOptions {
  std::string name;
  std::string process;
  std::vector<std::string> streams;
  std::vector<std::string> types;
  std::vector<std::string> tags;
  std::optional<uint64_t> after;
  bool now = false;
  std::string key;
  std::string lease;
  std::string first_delay;
  std::string longest_delay;
  uint32_t in_flight = 0;
  uint32_t attempts = 0;
  std::string block_key;
};

struct ParkedOptions {
  std::string name;
  std::vector<uint64_t> positions;
  bool all = false;
};

std::string Number(uint64_t number, const Style& style) {
  return codec::NumberText(static_cast<int64_t>(number), style.language);
}

std::string Seconds(const google::protobuf::Duration& duration) {
  return absl::FormatDuration(absl::Trunc(
      absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos()),
      absl::Milliseconds(duration.seconds() == 0 ? 1 : 100)));
}

// False when it is no duration, which has then been said.
bool TakeDuration(Session& session, const char* option, const std::string& text,
                  google::protobuf::Duration& duration) {
  absl::Duration value;
  if (!absl::ParseDuration(text, &value) || value <= absl::ZeroDuration()) {
    session.Misuse(absl::StrCat(option, " ", text,
                                " is no duration, such as 500ms, 30s or 5m"));
    return false;
  }
  duration.set_seconds(absl::IDivDuration(value, absl::Seconds(1), &value));
  duration.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(value)));
  return true;
}

// Nothing when the options are wrong, which has then been said.
std::optional<GroupSettings> ToSettings(Session& session,
                                        const SettingsOptions& options) {
  GroupSettings settings;
  if (!options.process.empty()) {
    settings.mutable_filter()->set_process(options.process);
  }
  for (const std::string& stream : options.streams) {
    settings.mutable_filter()->add_streams(stream);
  }
  for (const std::string& type : options.types) {
    settings.mutable_filter()->add_types(
        absl::StrContains(type, '.') ? type
                                     : std::string(codec::kTypePrefix) + type);
  }
  for (const std::string& tag : options.tags) {
    settings.mutable_filter()->add_tags(tag);
  }
  if (options.after.has_value()) {
    settings.mutable_start()->set_after(*options.after);
  }
  if (options.now) settings.mutable_start()->set_now(true);
  settings.set_key(options.key);
  settings.set_in_flight(options.in_flight);
  settings.set_attempts(options.attempts);
  if (!options.block_key.empty()) {
    settings.set_block_key_while_parked(options.block_key == "yes");
  }
  if (!options.lease.empty() && !TakeDuration(session, "--lease", options.lease,
                                              *settings.mutable_lease())) {
    return std::nullopt;
  }
  if (!options.first_delay.empty() &&
      !TakeDuration(session, "--first-delay", options.first_delay,
                    *settings.mutable_first_delay())) {
    return std::nullopt;
  }
  if (!options.longest_delay.empty() &&
      !TakeDuration(session, "--longest-delay", options.longest_delay,
                    *settings.mutable_longest_delay())) {
    return std::nullopt;
  }
  return settings;
}

// "augustenborg, cost_booked"; what the group is about.
std::string FilterText(const bus::v1::Filter& filter, const Style& style) {
  std::vector<std::string> parts;
  if (!filter.process().empty()) parts.push_back(filter.process());
  for (const std::string& stream : filter.streams()) parts.push_back(stream);
  for (const std::string& type : filter.types()) {
    const std::string prefix(codec::kTypePrefix);
    parts.push_back(absl::StartsWith(type, prefix) ? type.substr(prefix.size())
                                                   : type);
  }
  for (const std::string& tag : filter.tags()) parts.push_back(tag);
  if (parts.empty()) return style("allt", "everything");
  std::string text;
  for (const std::string& part : parts) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", part);
  }
  return text;
}

// How long the first unsettled event has waited.
std::string LagText(const GroupState& state) {
  return state.has_lag() ? Seconds(state.lag()) : "";
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
  table.Row({style("Lån", "Lease"), Seconds(settings.lease())});
  table.Row(
      {style("Försök", "Attempts"),
       absl::StrCat(settings.attempts(), style(", efter ", ", after "),
                    Seconds(settings.first_delay()), style(" till ", " to "),
                    Seconds(settings.longest_delay()))});
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

int RunCreate(Session& session, const SettingsOptions& options) {
  const auto settings = ToSettings(session, options);
  if (!settings.has_value()) return kUsage;
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return ShowGroup(session, client->groups().Create(options.name, *settings));
}

int RunUpdate(Session& session, const SettingsOptions& options) {
  const auto settings = ToSettings(session, options);
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

void AddSettings(CLI::App& command, SettingsOptions& options) {
  command
      .add_option("--lease", options.lease,
                  "How long a member has an event (30s)")
      ->type_name("TIME");
  command
      .add_option("--in-flight", options.in_flight,
                  "Events that members have at a time (1000)")
      ->check(WholeNumber(1, std::numeric_limits<uint32_t>::max()))
      ->type_name("N");
  command
      .add_option("--attempts", options.attempts,
                  "So often an event is given before it is parked (5)")
      ->check(WholeNumber(1, std::numeric_limits<uint32_t>::max()))
      ->type_name("N");
  command
      .add_option("--first-delay", options.first_delay,
                  "Before a refused event comes again, doubled each time (1s)")
      ->type_name("TIME");
  command
      .add_option("--longest-delay", options.longest_delay,
                  "The longest such delay (5m)")
      ->type_name("TIME");
  command
      .add_option("--block-key", options.block_key,
                  "While an event is parked, later ones of its key wait (no)")
      ->check(CLI::IsMember({"yes", "no"}))
      ->type_name("yes|no");
}

void AddName(CLI::App& command, std::string& name) {
  command.add_option("NAME", name, "The group's name, such as finance")
      ->required();
}

void AddCreate(CLI::App& group, Run& run) {
  const auto options = std::make_shared<SettingsOptions>();
  CLI::App& create =
      *group.add_subcommand("create", "Make a group; the same again is it");
  AddName(create, options->name);
  create.add_option("--process,-p", options->process, "Only of this process")
      ->type_name("ID");
  create
      .add_option("--stream", options->streams,
                  "Only of this stream; can be given again")
      ->type_name("S");
  create
      .add_option("--type", options->types,
                  "Only of this kind (cost_booked); can be given again")
      ->type_name("T");
  create
      .add_option("--tag", options->tags,
                  "Only with this tag (with --process); all of them when given "
                  "again")
      ->type_name("K:V");
  CLI::Option* after =
      create.add_option("--after", options->after,
                        "Begin after this position, not with the first");
  after->check(WholeNumber(0))->type_name("N");
  create.add_flag("--now", options->now, "Begin with what comes from now on")
      ->excludes(after);
  create
      .add_option("--key", options->key,
                  "In order by this kind of tag (finding), not by stream")
      ->type_name("K");
  AddSettings(create, *options);
  create.callback([&run, options] {
    run = [options](Session& session) { return RunCreate(session, *options); };
  });
}

void AddUpdate(CLI::App& group, Run& run) {
  const auto options = std::make_shared<SettingsOptions>();
  CLI::App& update = *group.add_subcommand(
      "update", "Change what is said; filter, start and key stay");
  AddName(update, options->name);
  AddSettings(update, *options);
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
