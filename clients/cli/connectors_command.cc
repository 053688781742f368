// "samverk connectors": the systems that the server calls by itself.
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "clients/cli/group_options.h"
#include "clients/cli/numbers.h"
#include "clients/cli/table.h"
#include "clients/cpp/connectors.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

using bus::v1::Connector;
using bus::v1::ConnectorSettings;
using Kind = Column::Kind;

constexpr size_t kSecretBytesMost = 4'096;
constexpr char kLeaseHelp[] =
    "How long the server has events under way; longer than --timeout (1m)";

// Where the events go, as the command line has it; what is not said is absent.
struct TargetOptions {
  std::string url;
  std::string secret_file;
  std::string server_secret_file;
  std::string mode;
  std::string stream;
  std::string subject_prefix;
  std::string credentials_file;
  std::optional<uint32_t> rate;
  std::string timeout;
};

struct ConnectorOptions {
  GroupOptions group;
  TargetOptions target;
};

std::string Number(uint64_t number, const Style& style) {
  return codec::NumberText(static_cast<int64_t>(number), style.language);
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return codec::DateTimeText(time.seconds() * 1'000'000);
}

// Nothing when it cannot be read, which has then been said.
std::optional<std::string> ReadSecret(Session& session,
                                      const std::string& name) {
  std::FILE* file = name == "-" ? stdin : std::fopen(name.c_str(), "rb");
  std::string secret(kSecretBytesMost, '\0');
  if (file != nullptr) {
    secret.resize(std::fread(secret.data(), 1, secret.size(), file));
  }
  const bool failed = file == nullptr || std::ferror(file) != 0;
  const int error = errno;
  if (file != nullptr && file != stdin) std::fclose(file);
  absl::StripAsciiWhitespace(&secret);
  if (!failed && !secret.empty()) return secret;
  session.Say(absl::StrCat(
      "samverk: ", name, ": ",
      failed ? std::strerror(error)
             : session.style("filen är tom", "the file is empty")));
  return std::nullopt;
}

// Puts what is said into the settings. kDone, or how the program ends, which
// has then been said.
int Apply(Session& session, const TargetOptions& options,
          ConnectorSettings& settings) {
  if (settings.has_webhook()) {
    bus::v1::WebhookTarget& webhook = *settings.mutable_webhook();
    if (!options.url.empty()) webhook.set_url(options.url);
    if (!options.mode.empty()) {
      webhook.set_mode(options.mode == "binary"
                           ? bus::v1::WEBHOOK_MODE_BINARY
                           : bus::v1::WEBHOOK_MODE_STRUCTURED);
    }
    if (!options.server_secret_file.empty()) {
      webhook.set_secret_file(options.server_secret_file);
    }
    if (!options.secret_file.empty()) {
      const auto secret = ReadSecret(session, options.secret_file);
      if (!secret.has_value()) return kFailed;
      webhook.set_secret(*secret);
      webhook.clear_secret_file();
    }
  } else {
    bus::v1::NatsTarget& nats = *settings.mutable_nats();
    if (!options.url.empty()) nats.set_url(options.url);
    if (!options.stream.empty()) nats.set_stream(options.stream);
    if (!options.subject_prefix.empty()) {
      nats.set_subject_prefix(options.subject_prefix);
    }
    if (!options.credentials_file.empty()) {
      nats.set_credentials_file(options.credentials_file);
    }
  }
  if (options.rate.has_value()) settings.set_events_per_second(*options.rate);
  if (!options.timeout.empty() &&
      !TakeDuration(session, "--timeout", options.timeout,
                    *settings.mutable_timeout())) {
    return kUsage;
  }
  return kDone;
}

std::string TargetText(const ConnectorSettings& settings) {
  if (settings.has_webhook()) return settings.webhook().url();
  return absl::StrCat(settings.nats().url(), " ", settings.nats().stream());
}

std::string ConditionText(const Connector& connector, const Style& style) {
  switch (connector.condition()) {
    case bus::v1::CONNECTOR_CONDITION_RUNNING:
      return style("igång", "running");
    case bus::v1::CONNECTOR_CONDITION_PAUSED:
      return style("pausad", "paused");
    case bus::v1::CONNECTOR_CONDITION_UNAVAILABLE:
      return style("väntar på målet", "waiting for its target");
    case bus::v1::CONNECTOR_CONDITION_STOPPED:
      return style("stoppad", "stopped");
    default:  // of a newer server
      return style("okänt", "unknown");
  }
}

// Why it does not deliver; empty when it does.
std::string WhyNot(const Connector& connector) {
  if (connector.condition() == bus::v1::CONNECTOR_CONDITION_PAUSED) {
    return connector.paused_because();
  }
  return connector.condition() == bus::v1::CONNECTOR_CONDITION_RUNNING
             ? ""
             : connector.last_error();
}

std::string ConnectorsText(const std::vector<Connector>& connectors,
                           const Style& style) {
  Table table({{style("Koppling", "Connector"), Kind::kWhole},
               {style("Till", "To"), Kind::kText},
               {style("Om", "About"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Levererade", "Delivered"), Kind::kRight},
               {style("Efter", "Behind"), Kind::kRight},
               {style("Avlagda", "Parked"), Kind::kRight},
               {style("Varför", "Why"), Kind::kText}});
  for (const Connector& connector : connectors) {
    table.Row({connector.name(), TargetText(connector.settings()),
               FilterText(connector.group().settings().filter(), style),
               ConditionText(connector, style),
               Number(connector.delivered(), style),
               Number(connector.group().lag_events(), style),
               Number(connector.group().parked(), style), WhyNot(connector)});
  }
  return connectors.empty() ? Nothing(style) : table.Text(style);
}

void AddTargetRows(const ConnectorSettings& settings, const Style& style,
                   Table& table) {
  table.Row({style("Till", "To"), TargetText(settings)});
  if (settings.has_webhook()) {
    const bus::v1::WebhookTarget& webhook = settings.webhook();
    table.Row(
        {style("Form", "Form"), webhook.mode() == bus::v1::WEBHOOK_MODE_BINARY
                                    ? style("binär", "binary")
                                    : style("strukturerad", "structured")});
    table.Row({style("Hemlighet", "Secret"),
               webhook.secret_file().empty()
                   ? style("hos servern", "kept by the server")
                   : webhook.secret_file()});
  } else {
    if (!settings.nats().subject_prefix().empty()) {
      table.Row({style("Ämnets början", "Subject prefix"),
                 settings.nats().subject_prefix()});
    }
    if (!settings.nats().credentials_file().empty()) {
      table.Row({style("Behörighet", "Credentials"),
                 settings.nats().credentials_file()});
    }
  }
  if (settings.events_per_second() > 0) {
    table.Row({style("Högst per sekund", "At most a second"),
               Number(settings.events_per_second(), style)});
  }
  if (settings.has_timeout()) {
    table.Row({style("Svar inom", "Answer within"),
               DurationText(settings.timeout())});
  }
}

std::string ConnectorText(const Connector& connector, const Style& style) {
  const bus::v1::GroupState& group = connector.group();
  Table table({{style("Koppling", "Connector"), Kind::kWhole},
               {connector.name(), Kind::kText}});
  std::string state = ConditionText(connector, style);
  if (const std::string why = WhyNot(connector); !why.empty()) {
    absl::StrAppend(&state, ": ", why);
  }
  table.Row({style("Läge", "State"), state});
  if (connector.has_tries_again_at()) {
    table.Row({style("Nytt försök", "Tries again"),
               TimeText(connector.tries_again_at())});
  }
  AddTargetRows(connector.settings(), style, table);
  if (connector.has_group()) {
    table.Row(
        {style("Om", "About"), FilterText(group.settings().filter(), style)});
    table.Row({style("Klar till och med", "Settled up to"),
               absl::StrCat("#", group.cursor(), style(" av ", " of "), "#",
                            group.head())});
    table.Row({style("Efter", "Behind"), Number(group.lag_events(), style)});
    table.Row({style("Avlagda", "Parked"), Number(group.parked(), style)});
  }
  table.Row(
      {style("Levererade", "Delivered"), Number(connector.delivered(), style)});
  if (connector.has_last_success()) {
    table.Row({style("Senast", "Last"), TimeText(connector.last_success())});
  }
  table.Row({style("Nekade", "Refused"), Number(connector.refused(), style)});
  table.Row({style("Gånger utan mål", "Times without target"),
             Number(connector.unavailable(), style)});
  if (!connector.last_error().empty()) {
    table.Row({style("Senaste fel", "Last error"),
               connector.has_last_error_at()
                   ? absl::StrCat(TimeText(connector.last_error_at()), " ",
                                  connector.last_error())
                   : connector.last_error()});
  }
  return table.Text(style);
}

int Show(Session& session, const absl::StatusOr<Connector>& connector) {
  if (!connector.ok()) return session.Fail(connector.status());
  if (session.json) {
    session.PrintJson(*connector);
  } else {
    session.Print(ConnectorText(*connector, session.style));
  }
  return kDone;
}

int RunCreate(Session& session, const ConnectorOptions& options,
              ConnectorSettings settings) {
  bus::v1::CreateConnectorRequest request;
  const auto group = ToGroupSettings(session, options.group);
  if (!group.has_value()) return kUsage;
  const int applied = Apply(session, options.target, settings);
  if (applied != kDone) return applied;
  request.set_name(options.group.name);
  *request.mutable_group() = *group;
  *request.mutable_settings() = settings;
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto made = client->connectors().Create(request);
  if (!made.ok()) return session.Fail(made.status());
  if (session.json) {
    session.PrintJson(*made);
    return kDone;
  }
  const Style& style = session.style;
  session.Print(ConnectorText(made->connector(), style));
  if (!made->made_secret().empty()) {
    session.Print(absl::StrCat("\n",
                               style("Hemligheten, som inte visas igen: ",
                                     "The secret, which is not shown again: "),
                               made->made_secret(), "\n"));
  }
  return kDone;
}

// Whether all that is said is about this kind of target; otherwise it is said.
bool Fits(Session& session, const TargetOptions& options,
          const ConnectorSettings& settings) {
  const bool webhook = !options.secret_file.empty() ||
                       !options.server_secret_file.empty() ||
                       !options.mode.empty();
  const bool nats = !options.stream.empty() ||
                    !options.subject_prefix.empty() ||
                    !options.credentials_file.empty();
  if (settings.has_webhook() ? !nats : !webhook) return true;
  session.Misuse(
      settings.has_webhook()
          ? "it is a webhook, and has no --nats-stream, --subject-prefix and "
            "--credentials-file"
          : "it leads to NATS, and has no --secret-file, "
            "--server-secret-file and --mode");
  return false;
}

int RunUpdate(Session& session, const ConnectorOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto now = client->connectors().Get(options.group.name);
  if (!now.ok()) return session.Fail(now.status());
  ConnectorSettings settings = now->settings();
  if (!Fits(session, options.target, settings)) return kUsage;
  const int applied = Apply(session, options.target, settings);
  if (applied != kDone) return applied;
  return Show(session,
              client->connectors().Update(options.group.name, settings));
}

int RunShow(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return Show(session, client->connectors().Get(name));
}

int RunList(Session& session) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto connectors = client->connectors().List();
  if (!connectors.ok()) return session.Fail(connectors.status());
  if (session.json) {
    for (const Connector& connector : *connectors) session.PrintJson(connector);
    return kDone;
  }
  session.Print(ConnectorsText(*connectors, session.style));
  return kDone;
}

int RunPause(Session& session, const std::string& name,
             const std::string& reason) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return Show(session, client->connectors().Pause(name, reason));
}

int RunResume(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return Show(session, client->connectors().Resume(name));
}

int RunDelete(Session& session, const std::string& name) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const absl::Status status = client->connectors().Delete(name);
  if (!status.ok()) return session.Fail(status);
  session.Say(
      absl::StrCat(name, session.style(" är borttagen", " is deleted")));
  return kDone;
}

void AddName(CLI::App& command, std::string& name) {
  command
      .add_option("NAME", name, "The connector's name, which is its group's")
      ->required();
}

CLI::Option& AddUrl(CLI::App& command, TargetOptions& options) {
  return *command
              .add_option("--url", options.url,
                          "Where to: https:// or tls://, or plain to this "
                          "machine itself")
              ->type_name("URL");
}

void AddWebhookOptions(CLI::App& command, TargetOptions& options) {
  CLI::Option* secret =
      command
          .add_option("--secret-file", options.secret_file,
                      "File with the secret (whsec_…), which the server then "
                      "keeps; - is standard input")
          ->type_name("FILE");
  command
      .add_option("--server-secret-file", options.server_secret_file,
                  "The server reads the secret from this file of its own")
      ->excludes(secret)
      ->type_name("FILE");
  command
      .add_option("--mode", options.mode,
                  "One JSON document, or data alone and ce- headers "
                  "(structured)")
      ->check(CLI::IsMember({"structured", "binary"}))
      ->type_name("structured|binary");
}

void AddNatsOptions(CLI::App& command, TargetOptions& options) {
  command
      .add_option("--subject-prefix", options.subject_prefix,
                  "First part of the subjects (samverk)")
      ->type_name("P");
  command
      .add_option("--credentials-file", options.credentials_file,
                  "The server's file with the user's JWT and seed")
      ->type_name("FILE");
}

CLI::Option& AddStream(CLI::App& command, TargetOptions& options) {
  return *command
              .add_option("--nats-stream", options.stream,
                          "The JetStream stream, which must exist")
              ->type_name("S");
}

void AddPaceOptions(CLI::App& command, TargetOptions& options) {
  command
      .add_option("--rate", options.rate,
                  "At most so many events a second; 0: as many as it takes (0)")
      ->check(WholeNumber(0, std::numeric_limits<uint32_t>::max()))
      ->type_name("N");
  command
      .add_option("--timeout", options.timeout,
                  "An answer must come within it (10s)")
      ->type_name("TIME");
}

// "create webhook" or "create nats".
CLI::App& AddCreated(CLI::App& create, Run& run, const char* kind,
                     const char* help, ConnectorSettings settings,
                     const std::shared_ptr<ConnectorOptions>& options) {
  CLI::App& command = *create.add_subcommand(kind, help);
  AddName(command, options->group.name);
  AddUrl(command, options->target).required();
  command.callback([&run, options, settings] {
    run = [options, settings](Session& session) {
      return RunCreate(session, *options, settings);
    };
  });
  return command;
}

void AddCreate(CLI::App& group, Run& run) {
  CLI::App& create = *group.add_subcommand(
      "create", "Make a connector and its group; the same again is it");
  create.require_subcommand(0, 1);
  ConnectorSettings settings;
  settings.mutable_webhook();
  auto options = std::make_shared<ConnectorOptions>();
  CLI::App& webhook =
      AddCreated(create, run, "webhook",
                 "Signed HTTP requests; without a secret the server makes one "
                 "and shows it once",
                 settings, options);
  AddWebhookOptions(webhook, options->target);
  AddPaceOptions(webhook, options->target);
  AddSelectionOptions(webhook, options->group);
  AddTermOptions(webhook, options->group, kLeaseHelp);
  settings.mutable_nats();
  options = std::make_shared<ConnectorOptions>();
  CLI::App& nats =
      AddCreated(create, run, "nats", "Messages of a NATS JetStream stream",
                 settings, options);
  AddStream(nats, options->target).required();
  AddNatsOptions(nats, options->target);
  AddPaceOptions(nats, options->target);
  AddSelectionOptions(nats, options->group);
  AddTermOptions(nats, options->group, kLeaseHelp);
}

void AddUpdate(CLI::App& group, Run& run) {
  const auto options = std::make_shared<ConnectorOptions>();
  CLI::App& update = *group.add_subcommand(
      "update", "Change what is said of target and pace; the rest stays");
  AddName(update, options->group.name);
  AddUrl(update, options->target);
  AddWebhookOptions(update, options->target);
  AddStream(update, options->target);
  AddNatsOptions(update, options->target);
  AddPaceOptions(update, options->target);
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

void AddPause(CLI::App& group, Run& run) {
  const auto name = std::make_shared<std::string>();
  const auto reason = std::make_shared<std::string>();
  CLI::App& pause = *group.add_subcommand(
      "pause", "Deliver nothing more until it is resumed; its place stays");
  AddName(pause, *name);
  pause.add_option("--reason", *reason, "Why, for people")->type_name("TEXT");
  pause.callback([&run, name, reason] {
    run = [name, reason](Session& session) {
      return RunPause(session, *name, *reason);
    };
  });
}

}  // namespace

void AddConnectorsCommand(CLI::App& program, Run& run) {
  CLI::App& group = *program.add_subcommand(
      "connectors", "Connectors: systems that the server calls by itself");
  AddCreate(group, run);
  CLI::App& list = *group.add_subcommand("list", "All connectors");
  list.callback([&run] { run = &RunList; });
  AddNamed(group, run, "show", "How a connector stands", &RunShow);
  AddUpdate(group, run);
  AddPause(group, run);
  AddNamed(group, run, "resume", "Deliver again, at once", &RunResume);
  AddNamed(group, run, "delete",
           "Forget a connector, its group and what is parked", &RunDelete);
  group.footer(
      "Examples:\n"
      "  samverk connectors create webhook finance --url "
      "https://finance.example/hook -p augustenborg --type cost_booked\n"
      "  samverk connectors show finance\n"
      "  samverk connectors update finance --secret-file new.secret\n"
      "  samverk connectors pause finance --reason \"moves in May\"");
}

}  // namespace samverk::cli
