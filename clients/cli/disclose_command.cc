// "samverk disclose": a copy of the record for whoever asks for it as a public
// record, with what is personal or secret masked.
#include <unistd.h>

#include <CLI/App.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"
#include "clients/cli/correction_chains.h"
#include "clients/cli/disclosure_mask.h"
#include "clients/cli/new_directory.h"
#include "clients/cli/output_file.h"
#include "clients/cli/withheld.h"
#include "clients/cpp/client.h"
#include "proto/codec/event_json.h"

namespace samverk::cli {
namespace {

using event::v1::Event;

struct DiscloseOptions {
  std::string process;
  std::string request;
  std::string ground;
  std::string decision;
  std::string out;
  bool no_record = false;
};

// What a first reading of the log tells, before anything of it is given out.
struct Known {
  Reach reach;
  CorrectionChains chains;
  // Grounds of secrecy of the chains of which any event is secret, by root.
  absl::flat_hash_map<std::string, std::string> secret;
  Pseudonyms pseudonyms;
};

// What was made of the log.
struct Copy {
  uint64_t events = 0;
  uint64_t last = 0;                         // position
  std::map<std::string, uint64_t> left_out;  // events, by ground of secrecy
};

// Keeps what is said of secrecy by an event, or by what stands in its place by
// it. What is secret once is secret in all its forms: the event, what it was
// corrected from and to, and the reasons.
void KeepSecret(const Event& event, Known& known) {
  const std::string root = known.chains.RootOf(event);
  const Event& replacement = event.event_corrected().replacement();
  for (const Event* one : {&event, &replacement}) {
    if (one->visibility() != event::v1::VISIBILITY_SECRET) continue;
    std::string& ground = known.secret[root];
    if (ground.empty()) ground = one->secrecy_ground();
  }
}

absl::Status ReadLog(
    client::Client& client, const DiscloseOptions& options, uint64_t head,
    const std::function<bool(const view::v1::LoggedEvent&)>& visit) {
  view::v1::ReadLogRequest request;
  request.set_process(options.process);
  // What comes meanwhile has not been looked at.
  request.set_to(head);
  client::LogReader reader;
  reader.on_page = [&visit](const view::v1::ReadLogResponse& page) {
    for (const auto& logged : page.events()) {
      if (!visit(logged)) return false;
    }
    return true;
  };
  return client.ReadLog(request, reader);
}

absl::Status Learn(client::Client& client, const DiscloseOptions& options,
                   Known& known) {
  const auto reach = ReachOf(client, options.process);
  if (!reach.ok()) return reach.status();
  known.reach = *reach;
  return ReadLog(client, options, known.reach.head,
                 [&known](const view::v1::LoggedEvent& logged) {
                   KeepSecret(logged.event(), known);
                   known.pseudonyms.AddFrom(logged.event());
                   return true;
                 });
}

// Writes what may be given out, an event a line.
absl::Status WriteCopy(client::Client& client, const DiscloseOptions& options,
                       const std::string& path, Known& known,
                       DisclosureMask& mask, Copy& copy) {
  std::FILE* file = std::fopen(path.c_str(), "wx");
  bool written = file != nullptr;
  const auto visit = [&](const view::v1::LoggedEvent& logged) {
    const auto secret = known.secret.find(known.chains.RootOf(logged.event()));
    if (secret != known.secret.end()) {
      ++copy.left_out[secret->second.empty() ? "?" : secret->second];
      return true;
    }
    view::v1::LoggedEvent shown = logged;
    mask.Apply(shown);
    copy.last = logged.position();
    ++copy.events;
    const std::string line = absl::StrCat(codec::ToJson(shown), "\n");
    written = std::fwrite(line.data(), 1, line.size(), file) == line.size();
    return written;
  };
  absl::Status status;
  if (written) {
    status = ReadLog(client, options, known.reach.head, visit);
    written = std::fflush(file) == 0 && fsync(fileno(file)) == 0 && written;
  }
  const int error = errno;
  if (file != nullptr) std::fclose(file);
  if (written) return status;
  return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(error)));
}

// Under a heading, a line for each; `nothing`: what is said of none.
std::string Part(const std::string& heading, const std::string& lines,
                 const std::string& nothing) {
  return absl::StrCat("\n## ", heading, "\n\n",
                      lines.empty() ? nothing : lines);
}

// What of the texts a person must read.
std::string Unread(const DisclosureMask& mask, const Style& style) {
  std::string fields;
  for (const auto& [field, texts] : mask.unread()) {
    absl::StrAppend(&fields, "- ", field, ": ", texts,
                    style(texts == 1 ? " text" : " texter",
                          texts == 1 ? " text" : " texts"),
                    "\n");
  }
  if (fields.empty()) return "";
  return absl::StrCat(
      style("I dessa fält har endast pseudonymer maskerats. Om de nämner "
            "personer eller annat som inte får lämnas ut har ingen sett: de "
            "ska läsas av en människa innan kopian lämnas ut.\n\n",
            "In these fields nothing but pseudonyms was masked. Whether they "
            "name persons, or have what else may not be given out, nobody has "
            "looked at: a person must read them before the copy leaves.\n\n"),
      fields);
}

std::string LeftOut(const Known& known, const Copy& copy, const Style& style) {
  std::string left_out;
  for (const auto& [ground, events] : copy.left_out) {
    absl::StrAppend(
        &left_out, "- ", events,
        style(" händelser, sekretess enligt ", " events, secret by "), ground,
        "\n");
  }
  if (known.reach.withheld > 0) {
    absl::StrAppend(
        &left_out, "- ", known.reach.withheld,
        style(" händelser som den som gjorde kopian inte får läsa. Om någon av "
              "dem gör en händelse i kopian hemlig syns inte här: låt någon "
              "som får läsa allt pröva det.\n",
              " events that whoever made the copy may not read. Whether one of "
              "them makes an event of the copy secret cannot be seen here: "
              "have somebody examine it who may read all.\n"));
  }
  return left_out;
}

// What goes with the copy, for whoever examines it and whoever gets it.
std::string Note(const DiscloseOptions& options, const Known& known,
                 const DisclosureMask& mask, const Copy& copy,
                 const Style& style) {
  const std::string nothing = style("Inget.\n", "Nothing.\n");
  const auto given = [](const std::string& text) {
    return text.empty() ? std::string("–") : text;
  };
  return absl::StrCat(
      style("# Utlämnade handlingar\n\n", "# Records disclosed\n\n"),
      style("Process: ", "Process: "), options.process,
      style("  \nBegäran: ", "  \nRequest: "), options.request,
      style("  \nBeslut: ", "  \nDecision: "), given(options.decision),
      style("  \nLagrum: ", "  \nGround in law: "), given(options.ground),
      "\n\n", copy.events,
      style(" händelser finns i handlingar.jsonl, en per rad.\n",
            " events are in handlingar.jsonl, one a line.\n"),
      Part(style("Maskerat", "Masked"),
           mask.masked().empty()
               ? ""
               : absl::StrCat("- ", absl::StrJoin(mask.masked(), "\n- "), "\n"),
           nothing),
      Part(style("Fritext att läsa", "Free text to read"), Unread(mask, style),
           nothing),
      Part(style("Utelämnat", "Left out"), LeftOut(known, copy, style),
           nothing));
}

recording::v1::RecordRequest Disclosure(const DiscloseOptions& options,
                                        const DisclosureMask& mask,
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
  for (const std::string& field : mask.masked()) {
    disclosed.add_masked_fields(field);
  }
  disclosed.set_legal_ground(options.ground);
  disclosed.set_decision(options.decision);
  return request;
}

// On record before it has its name, so that nothing is there to be given out
// that is not.
absl::Status Record(Session& session, client::Client& client,
                    const DiscloseOptions& options, const DisclosureMask& mask,
                    const Copy& copy) {
  if (options.no_record) return absl::OkStatus();
  const bool logged_in = !session.connection().token.empty() ||
                         !session.connection().certificate_pem.empty();
  return client.Record(Disclosure(options, mask, copy, logged_in)).status();
}

void Tell(Session& session, const DiscloseOptions& options, const Known& known,
          const DisclosureMask& mask, const Copy& copy) {
  const Style& style = session.style;
  uint64_t left_out = 0;
  for (const auto& [ground, events] : copy.left_out) left_out += events;
  session.Say(absl::StrCat(
      copy.events, style(" händelser i ", " events in "), options.out,
      style(", maskerade fält: ", ", fields masked: "), mask.masked().size(),
      style(", utelämnade händelser: ", ", events left out: "), left_out));
  if (known.reach.withheld > 0) {
    session.Say(absl::StrCat(
        known.reach.withheld,
        style(" händelser får du inte läsa, och de är inte prövade",
              " events you may not read, and they were not looked at")));
  }
  if (!mask.unread().empty()) {
    session.Say(style(
        "fritext är inte läst: utlamnande.md säger vilka fält en människa ska "
        "läsa innan kopian lämnas ut",
        "free text was not read: utlamnande.md says which fields a person must "
        "read before the copy leaves"));
  }
}

int RunDisclose(Session& session, const DiscloseOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const Style& style = session.style;
  Known known;
  absl::Status status = Learn(*client, options, known);
  if (!status.ok()) return session.Fail(status);
  const auto directory = NewDirectory::Make(options.out, style);
  if (!directory.ok()) return session.Fail(directory.status());
  const std::string& there = (*directory)->unfinished();
  DisclosureMask mask(known.pseudonyms, style("[maskerat]", "[masked]"));
  Copy copy;
  status = WriteCopy(*client, options, there + "/handlingar.jsonl", known, mask,
                     copy);
  if (!status.ok()) return session.Fail(status);
  const std::string note = there + "/utlamnande.md";
  const std::string why =
      WriteOutputFile(note, Note(options, known, mask, copy, style));
  if (!why.empty()) {
    return session.Fail(absl::UnavailableError(absl::StrCat(note, ": ", why)));
  }
  status = Record(session, *client, options, mask, copy);
  if (status.ok()) status = (*directory)->Finish(style);
  if (!status.ok()) return session.Fail(status);
  Tell(session, options, known, mask, copy);
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
  command.add_option("--out", options->out, "Directory of the copy, a new one")
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
