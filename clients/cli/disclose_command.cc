// "samverk disclose": a copy of the record for whoever asks for it as a public
// record, with what is personal or secret masked.
#include <CLI/App.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"
#include "clients/cli/output_file.h"
#include "clients/cpp/client.h"
#include "google/protobuf/message.h"
#include "proto/codec/event_json.h"
#include "proto/codec/message_walk.h"

namespace samverk::cli {
namespace {

using event::v1::Event;
using google::protobuf::Message;

struct DiscloseOptions {
  std::string process;
  std::string request;
  std::string ground;
  std::string decision;
  std::string out;
  bool no_record = false;
};

// What was made of the log.
struct Copy {
  std::string lines;
  uint64_t events = 0;
  uint64_t last = 0;                         // position
  std::set<std::string> masked;              // paths of fields
  std::map<std::string, uint64_t> left_out;  // events, by ground of secrecy
};

// "persons.name" of "persons[2].name".
std::string WithoutIndexes(std::string path) {
  for (size_t at = path.find('['); at != std::string::npos;
       at = path.find('[', at)) {
    path.erase(at, path.find(']', at) - at + 1);
  }
  return path;
}

// Takes persons out: their data and their pseudonyms.
void Mask(Event& event, Copy& copy) {
  codec::ForEachMessage(event, [&](Message& message, const std::string& path) {
    if (message.GetDescriptor() == event::v1::Personal::descriptor()) {
      if (message.ByteSizeLong() > 0) copy.masked.insert(WithoutIndexes(path));
      message.Clear();
    } else if (message.GetDescriptor() == event::v1::Recorder::descriptor()) {
      auto& recorder = static_cast<event::v1::Recorder&>(message);
      if (recorder.subject().empty()) return true;
      copy.masked.insert(absl::StrCat(WithoutIndexes(path), ".subject"));
      recorder.clear_subject();
    }
    return true;
  });
}

// Takes pseudonyms out that stand in facts about persons' data and rights.
void MaskPseudonyms(Event& event, Copy& copy) {
  const auto masked = [&copy](const char* field) { copy.masked.insert(field); };
  if (event.has_sealed_data_read()) {
    event.mutable_sealed_data_read()->Clear();
    masked("sealed_data_read");
  }
  if (event.gallring_decided().subjects_size() > 0) {
    event.mutable_gallring_decided()->clear_subjects();
    masked("gallring_decided.subjects");
  }
  if (event.has_key_destroyed()) {
    event.mutable_key_destroyed()->clear_subject();
    masked("key_destroyed.subject");
    // "samverk personal dispose" has it there too.
    event.mutable_source()->clear_ref();
    masked("source.ref");
  }
  if (event.has_rights_granted()) {
    event.mutable_rights_granted()->clear_principal();
    masked("rights_granted.principal");
  }
  if (event.has_rights_withdrawn()) {
    event.mutable_rights_withdrawn()->clear_principal();
    masked("rights_withdrawn.principal");
  }
  if (event.has_event_corrected()) {
    MaskPseudonyms(*event.mutable_event_corrected()->mutable_replacement(),
                   copy);
  }
}

// The ground of secrecy of an event, or of what stands in its place by it.
// Empty: it is not secret.
std::string GroundOf(const Event& event) {
  const Event& replacement = event.event_corrected().replacement();
  for (const Event* one : {&event, &replacement}) {
    if (one->visibility() == event::v1::VISIBILITY_SECRET) {
      return one->secrecy_ground().empty() ? "?" : one->secrecy_ground();
    }
  }
  return "";
}

absl::Status Read(client::Client& client, const std::string& process,
                  Copy& copy) {
  view::v1::ReadLogRequest request;
  request.set_process(process);
  client::LogReader reader;
  reader.on_page = [&copy](const view::v1::ReadLogResponse& page) {
    for (const auto& logged : page.events()) {
      if (const std::string ground = GroundOf(logged.event());
          !ground.empty()) {
        ++copy.left_out[ground];
        continue;
      }
      view::v1::LoggedEvent shown = logged;
      Mask(*shown.mutable_event(), copy);
      MaskPseudonyms(*shown.mutable_event(), copy);
      copy.last = logged.position();
      absl::StrAppend(&copy.lines, codec::ToJson(shown), "\n");
      ++copy.events;
    }
    return true;
  };
  return client.ReadLog(request, reader);
}

// What goes with the copy, for whoever gets it.
std::string Note(const DiscloseOptions& options, const Copy& copy,
                 const Style& style) {
  std::string left_out;
  for (const auto& [ground, events] : copy.left_out) {
    absl::StrAppend(
        &left_out, "- ", events,
        style(" händelser, sekretess enligt ", " events, secret by "), ground,
        "\n");
  }
  return absl::StrCat(
      style("# Utlämnade handlingar\n\n", "# Records disclosed\n\n"),
      style("Process: ", "Process: "), options.process,
      style("  \nBegäran: ", "  \nRequest: "), options.request,
      style("  \nBeslut: ", "  \nDecision: "),
      options.decision.empty() ? "–" : options.decision,
      style("  \nLagrum: ", "  \nGround in law: "),
      options.ground.empty() ? "–" : options.ground, "\n\n", copy.events,
      style(" händelser finns i handlingar.jsonl, en per rad.\n\n"
            "## Maskerat\n\n",
            " events are in handlingar.jsonl, one a line.\n\n## Masked\n\n"),
      copy.masked.empty()
          ? style("Inget.\n", "Nothing.\n")
          : absl::StrCat("- ", absl::StrJoin(copy.masked, "\n- "), "\n"),
      style("\n## Utelämnat\n\n", "\n## Left out\n\n"),
      left_out.empty() ? style("Inget som den som lämnar ut får läsa.\n",
                               "Nothing that whoever discloses may read.\n")
                       : left_out);
}

recording::v1::RecordRequest Disclosure(const DiscloseOptions& options,
                                        const Copy& copy, bool logged_in) {
  recording::v1::RecordRequest request;
  Event& event = *request.add_events();
  event.set_process(options.process);
  event.mutable_source()->set_system("samverk-disclose");
  // The same disclosure again is the same recording; of a log that has grown,
  // or on another ground, it is another.
  event.mutable_source()->set_ref(
      absl::StrCat(options.request, "/", copy.last, "/", options.ground));
  if (!logged_in) {
    event.mutable_recorded_by()->set_organisation("register");
    event.mutable_recorded_by()->set_role("arkivarie");
  }
  auto& disclosed = *event.mutable_disclosed();
  disclosed.set_request(options.request);
  for (const std::string& field : copy.masked) {
    disclosed.add_masked_fields(field);
  }
  disclosed.set_legal_ground(options.ground);
  disclosed.set_decision(options.decision);
  return request;
}

int RunDisclose(Session& session, const DiscloseOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  Copy copy;
  const absl::Status status = Read(*client, options.process, copy);
  if (!status.ok()) return session.Fail(status);
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  const std::pair<std::string, std::string> files[] = {
      {"handlingar.jsonl", copy.lines},
      {"utlamnande.md", Note(options, copy, session.style)}};
  for (const auto& [name, content] : files) {
    const std::string why =
        WriteOutputFile(absl::StrCat(options.out, "/", name), content);
    if (!why.empty()) {
      return session.Fail(absl::UnavailableError(why));
    }
  }
  // On record when it is there to be given out.
  if (!options.no_record) {
    const bool logged_in = !session.connection().token.empty() ||
                           !session.connection().certificate_pem.empty();
    const auto recorded = client->Record(Disclosure(options, copy, logged_in));
    if (!recorded.ok()) return session.Fail(recorded.status());
  }
  uint64_t left_out = 0;
  for (const auto& [ground, events] : copy.left_out) left_out += events;
  session.Say(absl::StrCat(
      copy.events, session.style(" händelser i ", " events in "), options.out,
      session.style(", maskerade fält: ", ", fields masked: "),
      copy.masked.size(),
      session.style(", utelämnade händelser: ", ", events left out: "),
      left_out));
  return kDone;
}

}  // namespace

void AddDiscloseCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<DiscloseOptions>();
  CLI::App& command = *program.add_subcommand(
      "disclose",
      "A copy of the record for a request for public records: persons masked, "
      "what is secret left out, and the disclosure on record");
  command.add_option("--process", options->process, "Id of the process")
      ->required()
      ->type_name("ID");
  command
      .add_option("--request", options->request,
                  "Id of the request (disclosure_requested)")
      ->required()
      ->type_name("ID");
  command.add_option("--out", options->out, "Directory of the copy")
      ->required()
      ->type_name("DIR");
  command.add_option("--ground", options->ground,
                     "Ground in law for what is masked (\"OSL 21:7\")");
  command.add_option("--decision", options->decision, "Id of the decision");
  command.add_flag("--no-record", options->no_record,
                   "Only make the copy, to look at it first");
  command.callback([&run, options] {
    run = [options](Session& session) {
      return RunDisclose(session, *options);
    };
  });
}

}  // namespace samverk::cli
