// "samverk export": what partners are told of the contracts. Needs no server.
#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/output_file.h"
#include "proto/describe/asyncapi.h"
#include "proto/describe/event_schemas.h"

namespace samverk::cli {
namespace {

int CannotWrite(Session& session, const std::string& path,
                const std::string& error) {
  return session.Fail(absl::UnavailableError(absl::StrCat(
      path, session.style(" kan inte skrivas: ", " cannot be written: "),
      error)));
}

int ExportAsyncApi(Session& session, const std::string& out) {
  const std::string document = describe::AsyncApi();
  if (out.empty() || out == "-") {
    session.Print(document);
    return kDone;
  }
  const std::string error = WriteOutputFile(out, document);
  if (!error.empty()) return CannotWrite(session, out, error);
  session.Say(absl::StrCat(out, ": AsyncAPI 3.0, ", document.size(),
                           session.style(" byte", " bytes")));
  return kDone;
}

int ExportSchemas(Session& session, const std::string& out) {
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) return CannotWrite(session, out, error.message());
  const auto schemas = describe::EventSchemas();
  for (const describe::EventSchema& schema : schemas) {
    const std::string path = absl::StrCat(out, "/", schema.type, ".json");
    const std::string problem = WriteOutputFile(path, schema.json);
    if (!problem.empty()) return CannotWrite(session, path, problem);
  }
  session.Say(
      absl::StrCat(out, ": ", schemas.size(),
                   session.style(" scheman, ett för varje slags händelse",
                                 " schemas, one for each kind of event")));
  return kDone;
}

}  // namespace

void AddExportCommand(CLI::App& program, Run& run) {
  CLI::App& command = *program.add_subcommand(
      "export", "Describe events and calls to partners' tools");
  CLI::App& asyncapi = *command.add_subcommand(
      "asyncapi", "An AsyncAPI document: channels, operations, messages");
  const auto file = std::make_shared<std::string>();
  asyncapi
      .add_option("--out", *file, "Write to this file, whole or not at all")
      ->type_name("FILE");
  asyncapi.callback([&run, file] {
    run = [file](Session& session) { return ExportAsyncApi(session, *file); };
  });
  CLI::App& schemas = *command.add_subcommand(
      "schemas", "A JSON Schema for each kind of event");
  const auto directory = std::make_shared<std::string>();
  schemas
      .add_option("--out", *directory,
                  "Directory of the schemas; made if it is not there")
      ->required()
      ->type_name("DIR");
  schemas.callback([&run, directory] {
    run = [directory](Session& session) {
      return ExportSchemas(session, *directory);
    };
  });
}

}  // namespace samverk::cli
