// "samverk report": the funder's report, written by replaying the events.
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/output_file.h"
#include "clients/cli/report_formats.h"
#include "clients/cli/report_issue.h"
#include "clients/cli/scope.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

struct ReportOptions {
  ScopeOptions scope;
  std::string format;
  std::string out;
};

// What the report rests on, in one sentence.
std::string Summary(const client::Report& report, const Style& style) {
  const auto& about = report.about;
  return absl::StrCat(
      style("rapport på ", "report of "),
      codec::NumberText(static_cast<int64_t>(report.content.size()),
                        style.language),
      style(" byte, kunskapsläge händelse ", " bytes, state of event "),
      about.as_of_position(), ", ",
      codec::NumberText(about.open_checks(), style.language),
      about.open_checks() == 1 ? style(" öppen kontroll", " open check")
                               : style(" öppna kontroller", " open checks"),
      style(", modellens SHA-256 ", ", SHA-256 of the model "),
      absl::BytesToHexString(about.model_sha256()));
}

int RunReport(Session& session, const ReportOptions& options) {
  // Of the command line's own, as those of issue and verify are not these.
  if (options.scope.process.empty()) {
    return session.Misuse(
        "--process is required; samverk report --help says "
        "more");
  }
  if (options.scope.period.empty()) {
    return session.Misuse(
        "--period is required; samverk report --help says "
        "more");
  }
  if (session.json && !options.format.empty() && options.format != "json") {
    return session.Misuse(absl::StrCat("--json and --format ", options.format,
                                       " ask for different things"));
  }
  const auto as_of = ParseAsOf(options.scope.as_of);
  if (!as_of.ok()) {
    return session.Misuse(std::string(as_of.status().message()));
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  report::v1::GenerateReportRequest request;
  request.set_process(options.scope.process);
  request.set_period(options.scope.period);
  request.set_format(session.json ? report::v1::REPORT_FORMAT_JSON
                                  : ReportFormatOf(options.format));
  if (!options.scope.as_of.empty()) *request.mutable_as_of() = *as_of;
  const auto report = client->GenerateReport(request);
  if (!report.ok()) return session.Fail(report.status());
  if (options.out.empty() || options.out == "-") {
    session.Print(report->content);
  } else if (const std::string error =
                 WriteOutputFile(options.out, report->content);
             !error.empty()) {
    return session.Fail(absl::UnavailableError(absl::StrCat(
        options.out,
        session.style(" kan inte skrivas: ", " cannot be written: "), error)));
  }
  session.Say(absl::StrCat(options.out.empty() ? "" : options.out + ": ",
                           Summary(*report, session.style)));
  return kDone;
}

}  // namespace

void AddReportCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App& command = *program.add_subcommand(
      "report", "Write the funder's report by replaying the events");
  AddScopeOptions(command, options->scope);
  command.get_option("--process")->required(false);
  command.require_subcommand(0, 1);
  command
      .add_option("--format", options->format,
                  "md (Markdown, the default), html or json (the model)")
      ->check(CLI::IsMember(ReportFormats()))
      ->type_name("FORMAT");
  command
      .add_option("--out", options->out,
                  "Write to this file, whole or not at all")
      ->type_name("FILE");
  command.footer(
      "The same process, period, state, language and format give the same "
      "bytes.\n"
      "Examples:\n"
      "  samverk report --process augustenborg --period 2025\n"
      "  samverk report -p augustenborg --period 2025 --format html --out "
      "aterrapport-2025.html\n"
      "  samverk report -p augustenborg --period 2025 --as-of 2026-01-31\n"
      "  samverk report verify aterrapport-2025.html");
  // A subcommand has its own, which is called after this.
  command.callback([&run, options] {
    if (run) return;
    run = [options](Session& session) { return RunReport(session, *options); };
  });
  AddReportIssueCommand(command, run);
  AddReportVerifyCommand(command, run);
}

}  // namespace samverk::cli
