// samverk: the register on the command line. docs/command_line.md says what
// people and scripts may rely on.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <csignal>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "clients/cli/commands.h"
#include "clients/cli/session.h"
#include "clients/cli/style.h"

namespace samverk::cli {
namespace {

constexpr char kDefaultServer[] = "127.0.0.1:7443";

constexpr char kFooter[] =
    "Results go to standard output, everything else to standard error.\n"
    "Exit status: 0 done, 1 refused or failed, 2 usage.\n"
    "Environment: SAMVERK_SERVER (address), SAMVERK_TOKEN (access token), LANG "
    "(en… for English, otherwise Swedish).\n"
    "Examples:\n"
    "  samverk record deploy/demo/01-process.jsonl\n"
    "  samverk show budget --process augustenborg --period 2025\n"
    "  samverk report --process augustenborg --period 2025 --format html --out "
    "report.html\n"
    "  samverk log --process augustenborg --reverse --limit 10\n"
    "\"samverk COMMAND --help\" says more about each.";

std::string DefaultServer() {
  const char* server = std::getenv("SAMVERK_SERVER");
  return server == nullptr || *server == '\0' ? kDefaultServer : server;
}

// What to say of a command line that ends before it names a command.
std::string WhatIsMissing(const CLI::App& program) {
  const CLI::App* app = &program;
  std::string name = app->get_name();
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    absl::StrAppend(&name, " ", app->get_name());
  }
  std::string choices;
  for (const CLI::App* choice :
       app->get_subcommands([](const CLI::App*) { return true; })) {
    absl::StrAppend(&choices, choices.empty() ? "" : ", ", choice->get_name());
  }
  return absl::StrCat(name, " needs one of: ", choices, "; ", name,
                      " --help says more");
}

// The whole program but for the end of its output.
int Main(int argc, char** argv, Session& session) {
  // See samverkd's main: the search would follow every lock that gRPC takes.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::string language;
  Run run;
  CLI::App program(
      "samverk records events in a register of collaboration "
      "processes and asks it questions.",
      "samverk");
  program.fallthrough();
  program.footer(kFooter);
  program.set_version_flag("--version", "samverk " SAMVERK_VERSION);
  session.server = DefaultServer();
  program.add_option("--server", session.server, "Address of the server")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  program
      .add_option("--token-file", session.token_file,
                  "File with an access token; else SAMVERK_TOKEN is taken")
      ->type_name("FILE");
  program.add_flag("--tls", session.tls,
                   "Talk over TLS; given with any of the next three anyway");
  program
      .add_option("--ca", session.authorities_file,
                  "PEM file of authorities to trust, instead of the "
                  "system's")
      ->type_name("FILE");
  program
      .add_option("--cert", session.certificate_file,
                  "PEM file of the client's certificate")
      ->type_name("FILE");
  program
      .add_option("--key", session.key_file,
                  "PEM file of the certificate's key")
      ->type_name("FILE");
  program.add_option("--lang", language, "Language of texts: sv or en")
      ->check(CLI::IsMember({"sv", "en"}))
      ->type_name("LANG");
  program.add_flag("--json", session.json,
                   "Print the answers as JSON, one message a line");
  AddRecordCommand(program, run);
  AddShowCommand(program, run);
  AddReportCommand(program, run);
  AddLogCommand(program, run);
  AddSubscriptionsCommand(program, run);
  AddConnectorsCommand(program, run);
  AddCursorsCommand(program, run);
  AddProcessesCommand(program, run);
  AddProjectionsCommand(program, run);
  AddStatusCommand(program, run);
  AddBenchCommand(program, run);
  AddBackupCommand(program, run);
  AddRestoreCommand(program, run);
  AddFsckCommand(program, run);
  AddAuditCommand(program, run);
  AddExportCommand(program, run);
  AddTokenCommand(program, run);
  AddPersonalCommand(program, run);
  AddRetentionCommand(program, run);
  AddDiscloseCommand(program, run);
  program.failure_message([](const CLI::App* app, const CLI::Error& error) {
    return std::string("samverk: ") + error.what() + "; " + app->get_name() +
           " --help says more\n";
  });
  try {  // The library's only way to say what is wrong.
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? kDone : kUsage;
  }
  if (!run) return session.Misuse(WhatIsMissing(program));
  session.style.language = ChooseLanguage(language);
  session.style.width = OutputWidth();
  session.style.styled = OutputIsTerminal();
  return run(session);
}

}  // namespace
}  // namespace samverk::cli

int main(int argc, char** argv) {
  // A reader that has had enough ("| head") ends the program quietly.
  std::signal(SIGPIPE, SIG_DFL);
  samverk::cli::Session session;
  return session.Finish(samverk::cli::Main(argc, argv, session));
}
