#include "clients/cli/report_issue.h"

#include <CLI/Validators.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/output_file.h"
#include "clients/cli/report_formats.h"
#include "clients/cli/scope.h"
#include "eventstore/audit/merkle_tree.h"

namespace samverk::cli {
namespace {

using event::v1::ReportGenerated;

constexpr char kTemplate[] = "malmo-samverkansstod/1";
constexpr char kSystem[] = "samverk report issue";
constexpr char kType[] = "report_generated";

struct IssueOptions {
  ScopeOptions scope;
  std::string report;
  std::vector<std::string> formats = {"html", "json", "md"};
  std::string directory;
  event::v1::Recorder recorder;
};

std::string Sha256Of(std::string_view bytes) {
  return std::string(AsBytes(Sha256(bytes)));
}

absl::StatusOr<client::Report> Generate(client::Client& client,
                                        const std::string& process,
                                        const std::string& period,
                                        const view::v1::AsOf& as_of,
                                        const std::string& format,
                                        const std::string& language) {
  report::v1::GenerateReportRequest request;
  request.set_process(process);
  request.set_period(period);
  request.set_format(ReportFormatOf(format));
  request.set_language(language);
  if (as_of.at_case() != view::v1::AsOf::AT_NOT_SET) {
    *request.mutable_as_of() = as_of;
  }
  return client.GenerateReport(request);
}

view::v1::AsOf At(uint64_t position) {
  view::v1::AsOf as_of;
  as_of.set_position(position);
  return as_of;
}

// The files of a report and its manifest, all of one state.
struct Issued {
  ReportGenerated manifest;
  std::vector<std::string> contents;  // by file of the manifest
};

absl::StatusOr<Issued> Make(client::Client& client, const IssueOptions& options,
                            view::v1::AsOf as_of, const std::string& language) {
  Issued issued;
  ReportGenerated& manifest = issued.manifest;
  manifest.set_report(options.report);
  manifest.set_template_(kTemplate);
  manifest.set_period(options.scope.period);
  manifest.set_language(language);
  for (const std::string& format : options.formats) {
    auto report = Generate(client, options.scope.process, options.scope.period,
                           as_of, format, language);
    if (!report.ok()) return report.status();
    const auto& about = report->about;
    // The first one says which state of the register all are of.
    as_of = At(about.as_of_position());
    manifest.set_as_of_position(about.as_of_position());
    manifest.set_as_of_recorded_at_us(about.as_of_recorded_at().seconds() *
                                          1'000'000 +
                                      about.as_of_recorded_at().nanos() / 1000);
    manifest.set_model_sha256(about.model_sha256());
    manifest.set_tree_root(about.tree_root());
    auto& file = *manifest.add_files();
    file.set_format(format);
    file.set_sha256(Sha256Of(report->content));
    issued.contents.push_back(std::move(report->content));
  }
  return issued;
}

int RunIssue(Session& session, const IssueOptions& options) {
  const auto as_of = ParseAsOf(options.scope.as_of);
  if (!as_of.ok()) {
    return session.Misuse(std::string(as_of.status().message()));
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto issued = Make(*client, options, *as_of, session.style.tag());
  if (!issued.ok()) return session.Fail(issued.status());

  recording::v1::RecordRequest request;
  event::v1::Event& event = *request.add_events();
  event.set_process(options.scope.process);
  *event.mutable_recorded_by() = options.recorder;
  // So that issuing again what was issued is harmless, and another content
  // under the same name is refused.
  event.mutable_source()->set_system(kSystem);
  event.mutable_source()->set_ref(options.report);
  *event.mutable_report_generated() = issued->manifest;
  const auto recorded = client->Record(request);
  if (!recorded.ok()) return session.Fail(recorded.status());

  // From here on it is issued; a file that cannot be written now is given
  // again by the log.
  int code = kDone;
  for (int i = 0; i < issued->manifest.files_size(); ++i) {
    const auto& file = issued->manifest.files(i);
    const std::string path = absl::StrCat(options.directory, "/",
                                          options.report, ".", file.format());
    const std::string error = WriteOutputFile(path, issued->contents[i]);
    if (!error.empty()) {
      code = session.Fail(absl::UnavailableError(absl::StrCat(
          path,
          session.style(
              " kan inte skrivas; rapporten är utfärdad, ge kommandot igen: ",
              " cannot be written; the report is issued, give the command "
              "again: "),
          error)));
      continue;
    }
    session.Say(absl::StrCat(path, session.style(": SHA-256 ", ": SHA-256 "),
                             absl::BytesToHexString(file.sha256())));
  }
  if (session.json) session.PrintJson(*recorded);
  session.Say(absl::StrCat(
      session.style("Rapporten ", "Report "), options.report,
      session.style(" är utfärdad med händelse ", " is issued with event "),
      recorded->facts(0).position(),
      session.style("; den bygger på händelserna 1 till ",
                    "; it rests on events 1 to "),
      issued->manifest.as_of_position(),
      recorded->replayed()
          ? session.style(" (var redan utfärdad)", " (was issued already)")
          : ""));
  return code;
}

// A report of the log, and the place of its event.
struct Found {
  view::v1::LoggedEvent event;
  const ReportGenerated& manifest() const {
    return event.event().report_generated();
  }
};

// Every report that was issued, of one process or of all; the newest first.
absl::StatusOr<std::vector<Found>> IssuedReports(client::Client& client,
                                                 const std::string& process) {
  view::v1::ReadLogRequest request;
  request.set_process(process);
  request.add_types(kType);
  request.set_reverse(true);
  std::vector<Found> found;
  client::LogReader reader;
  reader.on_page = [&found](const view::v1::ReadLogResponse& page) {
    for (const auto& event : page.events()) found.push_back({event});
    return true;
  };
  const absl::Status read = client.ReadLog(request, reader);
  if (!read.ok()) return read;
  return found;
}

// "line 17", of the first line that differs.
size_t FirstDifferentLine(std::string_view a, std::string_view b) {
  const size_t same = static_cast<size_t>(
      std::mismatch(a.begin(), a.begin() + std::min(a.size(), b.size()),
                    b.begin())
          .first -
      a.begin());
  return 1 + static_cast<size_t>(std::count(a.begin(), a.begin() + same, '\n'));
}

std::string IssuedText(const Found& found, const Style& style) {
  const ReportGenerated& manifest = found.manifest();
  return absl::StrCat(
      style("  Rapporten ", "  Report "), manifest.report(), ", ",
      found.event.event().process(), " ", manifest.period(),
      style(", utfärdad med händelse ", ", issued with event "),
      found.event.position(), style(" (", " ("),
      absl::FormatTime(
          "%Y-%m-%d",
          absl::FromUnixSeconds(found.event.recorded_at().seconds()),
          absl::UTCTimeZone()),
      style("); den bygger på händelserna 1 till ",
            "); it rests on events 1 to "),
      manifest.as_of_position(), ".\n");
}

struct VerifyOptions {
  std::string file;
  std::string process;
  std::string report;
};

// Replays to the position of the manifest, and compares.
int CompareWithLog(Session& session, client::Client& client,
                   const VerifyOptions& options, const std::string& bytes,
                   const Found& found, const std::string& format) {
  const ReportGenerated& manifest = found.manifest();
  const auto again =
      Generate(client, found.event.event().process(), manifest.period(),
               At(manifest.as_of_position()), format, manifest.language());
  if (!again.ok()) return session.Fail(again.status());
  const Style& style = session.style;
  std::string text = absl::StrCat(options.file, ": ");
  const bool same_log = manifest.tree_root().empty() ||
                        manifest.tree_root() == again->about.tree_root();
  if (again->content == bytes && same_log) {
    absl::StrAppend(&text,
                    style("är vad loggen ger, byte för byte.\n",
                          "is what the log gives, byte for byte.\n"),
                    IssuedText(found, style));
    session.Print(text);
    return kDone;
  }
  absl::StrAppend(
      &text, style("ÄR INTE vad loggen ger.\n", "IS NOT what the log gives.\n"),
      IssuedText(found, style));
  if (!same_log) {
    absl::StrAppend(
        &text,
        style("  Loggens händelser upp till dess är inte de som den utfärdades "
              "över: trädets rot är en annan.\n",
              "  The log's events up to there are not those that it was issued "
              "over: the root of their tree is another.\n"));
  }
  if (again->content == bytes) {
    session.Print(text);
    return kFailed;
  }
  absl::StrAppend(
      &text, style("  Första rad som skiljer: ", "  First line that differs: "),
      FirstDifferentLine(bytes, again->content), ".\n");
  if (again->about.model_sha256() != manifest.model_sha256()) {
    absl::StrAppend(
        &text,
        style("  Också innehållet är ett annat än när den utfärdades: loggen "
              "är en annan, eller programmet räknar på ett annat sätt.\n",
              "  Its content, too, is another than when it was issued: the log "
              "is another, or the program counts in another way.\n"));
  }
  session.Print(text);
  return kFailed;
}

int RunVerify(Session& session, const VerifyOptions& options) {
  std::ifstream in(options.file, std::ios::binary);
  if (!in.is_open()) {
    return session.Fail(absl::InvalidArgumentError(absl::StrCat(
        options.file, session.style(" kan inte öppnas", " cannot be opened"))));
  }
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto reports = IssuedReports(*client, options.process);
  if (!reports.ok()) return session.Fail(reports.status());
  const std::string hash = Sha256Of(bytes);
  for (const Found& found : *reports) {
    for (const auto& file : found.manifest().files()) {
      if (file.sha256() == hash) {
        return CompareWithLog(session, *client, options, bytes, found,
                              file.format());
      }
    }
  }
  // Not one that was issued: perhaps one that was changed.
  const std::string format =
      options.file.substr(options.file.find_last_of('.') + 1);
  for (const Found& found : *reports) {
    if (found.manifest().report() != options.report) continue;
    return CompareWithLog(session, *client, options, bytes, found, format);
  }
  if (!options.report.empty()) {
    return session.Fail(absl::NotFoundError(
        absl::StrCat(session.style("registret har ingen utfärdad rapport ",
                                   "the register has issued no report "),
                     options.report)));
  }
  session.Print(absl::StrCat(
      options.file,
      session.style(": ÄR INTE utfärdad: ingen av registrets ",
                    ": WAS NOT issued: none of the register's "),
      reports->size(),
      session.style(
          " utfärdade rapporter har dess SHA-256. Är den en ändrad sådan, "
          "visar "
          "--report RAPPORT vad som skiljer.\n",
          " issued reports has its SHA-256. If it is one that was changed, "
          "--report REPORT shows what differs.\n")));
  return kFailed;
}

}  // namespace

void AddReportIssueCommand(CLI::App& report, Run& run) {
  const auto options = std::make_shared<IssueOptions>();
  CLI::App& command = *report.add_subcommand(
      "issue", "Write a report's files and record that they were issued");
  AddScopeOptions(command, options->scope);
  command.get_option("--period")->required();
  command
      .add_option("--report", options->report,
                  "Id of the report, such as aterrapport-2025")
      ->required()
      ->type_name("ID");
  command
      .add_option("--format", options->formats,
                  "md, html or json, several times; all of them when not given")
      ->check(CLI::IsMember(ReportFormats()))
      ->take_all()
      ->type_name("FORMAT");
  command
      .add_option("--out", options->directory,
                  "Directory for the files, which are named after the report")
      ->required()
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  command
      .add_option_function<std::string>(
          "--organisation",
          [options](const std::string& text) {
            options->recorder.set_organisation(text);
          },
          "Who issues it: id of an actor")
      ->required()
      ->type_name("ID");
  command
      .add_option_function<std::string>(
          "--role",
          [options](const std::string& text) {
            options->recorder.set_role(text);
          },
          "Their role")
      ->required()
      ->type_name("TEXT");
  command
      .add_option_function<std::string>(
          "--subject",
          [options](const std::string& text) {
            options->recorder.set_subject(text);
          },
          "Their pseudonym")
      ->required()
      ->type_name("TEXT");
  command.footer(
      "Example:\n"
      "  samverk report issue -p augustenborg --period 2025 --report "
      "aterrapport-2025 --organisation mkb --role projektledare --subject "
      "p-7f3a --out .");
  command.callback([&run, options] {
    run = [options](Session& session) { return RunIssue(session, *options); };
  });
}

void AddReportVerifyCommand(CLI::App& report, Run& run) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App& command = *report.add_subcommand(
      "verify", "Say whether a file is a report as the log gives it");
  command.add_option("FILE", options->file, "The report's file")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--process,-p", options->process,
                  "Only reports of this process")
      ->type_name("ID");
  command
      .add_option("--report", options->report,
                  "The report that it ought to be: shows what differs")
      ->type_name("ID");
  command.footer(
      "Exit status 0: it is; 1: it is not, or differs.\n"
      "Example:\n"
      "  samverk report verify aterrapport-2025.html");
  command.callback([&run, options] {
    run = [options](Session& session) { return RunVerify(session, *options); };
  });
}

}  // namespace samverk::cli
