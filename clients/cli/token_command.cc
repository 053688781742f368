// "samverk token": local tokens, for a first try without an issuer of tokens.
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "clients/cli/table.h"
#include "proto/codec/text.h"
#include "samverk/admin/v1/maintenance.pb.h"
#include "services/maintenance/tokens.h"

namespace samverk::cli {
namespace {

constexpr int kDaysDefault = 90;
constexpr int kDaysMost = 3'650;

struct TokenOptions {
  std::string data;
  maintenance::Token token;
  int days = kDaysDefault;
};

admin::v1::LocalToken MessageOf(const maintenance::Token& token) {
  admin::v1::LocalToken message;
  message.set_name(token.name);
  message.set_organisation(token.organisation);
  for (const std::string& role : token.roles) message.add_roles(role);
  if (token.expires_s != 0) {
    message.mutable_expires()->set_seconds(token.expires_s);
  }
  return message;
}

int RunAdd(Session& session, TokenOptions options) {
  for (const std::string& role : options.token.roles) {
    const auto unknown = maintenance::WhyNoRole(role);
    if (!unknown.has_value()) continue;
    return session.Misuse(session.style(unknown->swedish, unknown->english));
  }
  options.token.expires_s =
      absl::ToUnixSeconds(absl::Now() + absl::Hours(24) * options.days);
  const auto added = maintenance::AddToken(options.data, options.token);
  if (!added.ok()) return session.Fail(added.status());
  const Style& style = session.style;
  if (session.json) {
    admin::v1::LocalToken message = MessageOf(options.token);
    message.set_token(added->text);
    session.PrintJson(message);
  } else {
    session.Print(added->text + "\n");
  }
  session.Say(
      style("Spara den nu: den kan inte visas igen. Ge den till samverk med "
            "--token-file FIL eller i SAMVERK_TOKEN.",
            "Keep it now: it cannot be shown again. Give it to samverk with "
            "--token-file FILE or in SAMVERK_TOKEN."));
  if (added->first) {
    session.Say(style(
        "Det är registrets första: en server som redan är igång frågar ingen "
        "vem de är förrän den startas om.",
        "It is the register's first: a server that runs already asks nobody "
        "who they are until it is started again."));
  }
  return kDone;
}

int RunRevoke(Session& session, const TokenOptions& options) {
  const absl::Status revoked =
      maintenance::RevokeToken(options.data, options.token.name);
  if (!revoked.ok()) return session.Fail(revoked);
  session.Say(session.style("återkallad: ", "revoked: ") + options.token.name);
  return kDone;
}

int RunList(Session& session, const TokenOptions& options) {
  const auto tokens = maintenance::ListTokens(options.data);
  if (!tokens.ok()) return session.Fail(tokens.status());
  const Style& style = session.style;
  Table table({{style("Namn", "Name"), Column::Kind::kWhole},
               {style("Organisation", "Organisation"), Column::Kind::kWhole},
               {style("Roller", "Roles"), Column::Kind::kText},
               {style("Gäller till", "Holds until"), Column::Kind::kWhole}});
  for (const maintenance::Token& token : *tokens) {
    if (session.json) {
      session.PrintJson(MessageOf(token));
      continue;
    }
    table.Row({token.name, token.organisation, absl::StrJoin(token.roles, ", "),
               token.expires_s == 0
                   ? style("utan slut", "without end")
                   : codec::DateText(token.expires_s * 1'000'000)});
  }
  session.Print(table.Text(style));
  return kDone;
}

}  // namespace

void AddTokenCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<TokenOptions>();
  CLI::App& command = *program.add_subcommand(
      "token",
      "Local tokens: who may log in to a register, without an issuer of "
      "tokens. Run on the server's machine, as its user.");
  const auto add_data = [&options](CLI::App& app) {
    app.add_option("--data", options->data, "Directory of the register")
        ->required()
        ->type_name("DIR");
  };
  CLI::App& add = *command.add_subcommand(
      "add", "Make a token, and print it: once, and never again");
  add_data(add);
  add.add_option("name", options->token.name,
                 "Who uses it: a pseudonym, or the name of a program")
      ->required()
      ->type_name("NAME");
  add.add_option("--organisation", options->token.organisation,
                 "Id of their organisation")
      ->required()
      ->type_name("ID");
  add.add_option("--role", options->token.roles,
                 "A role (projektledare, administratör …), of one process "
                 "with @PROCESS; of a program, a kind of event "
                 "(samverk.cost_booked); may be given several times")
      ->allow_extra_args(false)
      ->type_name("ROLE");
  add.add_option("--days", options->days, "For how long it holds")
      ->check(CLI::Range(1, kDaysMost))
      ->capture_default_str();
  add.callback([&run, options] {
    run = [options](Session& session) { return RunAdd(session, *options); };
  });
  CLI::App& revoke = *command.add_subcommand(
      "revoke", "Take a token back: within a second it is of no use");
  add_data(revoke);
  revoke.add_option("name", options->token.name, "Whose")
      ->required()
      ->type_name("NAME");
  revoke.callback([&run, options] {
    run = [options](Session& session) { return RunRevoke(session, *options); };
  });
  CLI::App& list = *command.add_subcommand("list", "Who has one");
  add_data(list);
  list.callback([&run, options] {
    run = [options](Session& session) { return RunList(session, *options); };
  });
}

}  // namespace samverk::cli
