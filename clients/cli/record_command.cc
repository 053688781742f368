// "samverk record": events from a file into the register.
#include <CLI/App.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/conflicts.h"
#include "clients/cli/event_lines.h"
#include "clients/cli/numbers.h"
#include "clients/cpp/status.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/event_json.h"
#include "proto/codec/json_problem.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

using event::v1::Event;

// One batch at most (samverk.recording.v1.RecordRequest).
constexpr size_t kBatchEvents = 1000;
// With --batch, batches stay well below the server's 1 MiB.
constexpr size_t kBatchBytes = 512 << 10;
// What the server records in one batch.
constexpr size_t kAppendBytes = 1 << 20;
// Beyond it the server does not even read a request.
constexpr size_t kRequestBytes = (4 << 20) - (16 << 10);
constexpr size_t kFileBytes = 64 << 20;

struct RecordOptions {
  std::string file;
  bool check = false;
  size_t batch = 0;
  std::string track;  // NAME=POSITION
};

// A file of events that has been read.
struct EventFile {
  std::string name;
  std::vector<Event> events;
  std::vector<size_t> lines;  // where each begins
};

// Events that are recorded together: from `first`, so many.
struct Batch {
  size_t first = 0;
  size_t count = 0;
};

bool ReadAll(const std::string& name, std::string& text, std::string& error) {
  std::FILE* file = name == "-" ? stdin : std::fopen(name.c_str(), "rb");
  if (file == nullptr) {
    error = std::strerror(errno);
    return false;
  }
  char buffer[1 << 16];
  size_t got;
  while ((got = std::fread(buffer, 1, sizeof(buffer), file)) > 0 &&
         text.size() <= kFileBytes) {
    text.append(buffer, got);
  }
  const bool failed = std::ferror(file) != 0;
  if (failed) error = std::strerror(errno);
  if (file != stdin) std::fclose(file);
  if (!failed && text.size() > kFileBytes) {
    error = "larger than 64 MiB; split it";
    return false;
  }
  return !failed;
}

// Reads the file; kDone, or what Session::Fail gave.
int ReadEvents(Session& session, const std::string& name, EventFile& file) {
  file.name =
      name == "-" ? session.style("standard in", "standard input") : name;
  std::string text;
  std::string error;
  if (!ReadAll(name, text, error)) {
    return session.Fail(absl::NotFoundError(absl::StrCat(
        file.name, session.style(" kan inte läsas: ", " cannot be read: "),
        error)));
  }
  auto events = codec::EventsFromJson(text);
  if (!events.ok()) {
    absl::Status status(
        events.status().code(),
        absl::StrCat(
            file.name, ": ",
            codec::JsonErrorText(events.status(), session.style.language)));
    events.status().ForEachPayload(
        [&status](absl::string_view url, const absl::Cord& payload) {
          status.SetPayload(url, payload);
        });
    return session.Fail(status);
  }
  file.events = *std::move(events);
  file.lines = LinesOfEvents(text);
  return kDone;
}

// How the file is recorded: whole, or in batches of at most `size` events that
// end where the process changes.
std::vector<Batch> Split(const EventFile& file, size_t size) {
  if (size == 0) return {Batch{0, file.events.size()}};
  std::vector<Batch> batches;
  size_t bytes = 0;
  for (size_t i = 0; i < file.events.size(); ++i) {
    const size_t length = file.events[i].ByteSizeLong();
    if (batches.empty() || batches.back().count == size ||
        bytes + length > kBatchBytes ||
        file.events[i].process() != file.events[i - 1].process()) {
      batches.push_back(Batch{i, 0});
      bytes = 0;
    }
    ++batches.back().count;
    bytes += length;
  }
  return batches;
}

// The place of an event in the file: "line 12".
std::string Place(const Session& session, const EventFile& file, size_t index) {
  if (index >= file.lines.size()) {
    return absl::StrCat(session.style("händelse ", "event "), index + 1);
  }
  return absl::StrCat(session.style("rad ", "line "), file.lines[index]);
}

using Violations = google::protobuf::RepeatedPtrField<recording::v1::Violation>;

void SayViolations(Session& session, const EventFile& file, const Batch& batch,
                   const Violations& violations) {
  for (const auto& violation : violations) {
    std::string line = absl::StrCat(
        "  ", Place(session, file, batch.first + violation.event_index()));
    if (!violation.event_id().empty()) {
      absl::StrAppend(&line, ", ", violation.event_id());
    }
    absl::StrAppend(&line, ", ", violation.rule());
    if (!violation.field().empty()) {
      absl::StrAppend(&line, ", ", violation.field());
    }
    session.Say(absl::StrCat(line, ":\n    ", violation.text()));
  }
}

// "3, 5–9": lines in rising order, without repetition.
std::string LineList(const std::vector<size_t>& lines) {
  std::string out;
  for (size_t i = 0; i < lines.size();) {
    size_t last = i;
    while (last + 1 < lines.size() && lines[last + 1] == lines[last] + 1) {
      ++last;
    }
    absl::StrAppend(&out, out.empty() ? "" : ", ", lines[i]);
    if (last > i)
      absl::StrAppend(&out, last == i + 1 ? ", " : "–", lines[last]);
    i = last + 1;
  }
  return out;
}

// Says what a recorder should know. Events that the same is said of are told
// together; more than a few of a kind are counted.
void SayNotices(
    Session& session, const EventFile& file, const Batch& batch,
    const google::protobuf::RepeatedPtrField<recording::v1::Notice>& notices) {
  constexpr size_t kToldOfAKind = 5;
  struct Group {
    recording::v1::NoticeKind kind;
    std::string text;
    std::vector<size_t> lines;
  };
  std::vector<Group> groups;
  for (const auto& notice : notices) {
    const size_t index = batch.first + notice.event_index();
    const size_t line = index < file.lines.size() ? file.lines[index] : index;
    const auto same = std::find_if(
        groups.begin(), groups.end(), [&notice](const Group& group) {
          return group.kind == notice.kind() && group.text == notice.text();
        });
    if (same == groups.end()) {
      groups.push_back({notice.kind(), notice.text(), {line}});
    } else {
      same->lines.push_back(line);
    }
  }
  std::map<recording::v1::NoticeKind, size_t> told;
  for (const Group& group : groups) {
    if (++told[group.kind] > kToldOfAKind) continue;
    session.Say(absl::StrCat("  ", session.style("rad ", "line "),
                             LineList(group.lines), ": ", group.text));
  }
  for (const auto& [kind, count] : told) {
    if (count <= kToldOfAKind) continue;
    session.Say(absl::StrCat(
        "  … ", count - kToldOfAKind,
        session.style(" till av samma slag (--json visar alla)",
                      " more of the same kind (--json shows all)")));
  }
}

std::string Count(const Session& session, size_t count) {
  return absl::StrCat(
      codec::NumberText(static_cast<int64_t>(count), session.style.language),
      count == 1 ? session.style(" händelse", " event")
                 : session.style(" händelser", " events"));
}

// What the rules refused of a batch.
struct Faults {
  Violations told;
  // How many there are, of how many events; more than are told when the server
  // could not send them all.
  size_t faults = 0;
  size_t events = 0;
};

// How many events the violations are about; they are in the order of the batch.
size_t EventsOf(const Violations& violations) {
  size_t events = 0;
  for (int i = 0; i < violations.size(); ++i) {
    events += i == 0 ||
              violations[i].event_index() != violations[i - 1].event_index();
  }
  return events;
}

Faults FaultsOf(Violations violations) {
  Faults faults;
  faults.faults = static_cast<size_t>(violations.size());
  faults.events = EventsOf(violations);
  faults.told = std::move(violations);
  return faults;
}

size_t NumberIn(const google::rpc::ErrorInfo& info, const std::string& name,
                size_t otherwise) {
  const auto found = info.metadata().find(name);
  size_t number = 0;
  return found != info.metadata().end() &&
                 absl::SimpleAtoi(found->second, &number)
             ? number
             : otherwise;
}

// What a refused recording says. An error has room for some faults only; when
// there are more, the server is asked to judge the batch once more, in an
// answer, which has room for all.
Faults AllFaults(client::Client& client,
                 const recording::v1::RecordRequest& request,
                 const absl::Status& refused,
                 const recording::v1::Refusal& refusal) {
  Faults faults = FaultsOf(refusal.violations());
  const auto info = client::ErrorInfoOf(refused);
  if (!info.has_value()) return faults;
  faults.faults = NumberIn(*info, "violations", faults.faults);
  faults.events = NumberIn(*info, "refused", faults.events);
  if (faults.faults <= static_cast<size_t>(faults.told.size())) return faults;
  recording::v1::ValidateRequest all;
  *all.mutable_events() = request.events();
  auto judged = client.Validate(all);
  // The register may have changed since; then what was refused is still told.
  if (!judged.ok() || judged->violations_size() <= faults.told.size()) {
    return faults;
  }
  return FaultsOf(std::move(*judged->mutable_violations()));
}

// Says what was refused in a file and what that means for it.
void SayFaults(Session& session, const EventFile& file, const Batch& batch,
               const Faults& faults, std::string_view outcome) {
  const Style& style = session.style;
  const auto number = [&style](size_t n) {
    return codec::NumberText(static_cast<int64_t>(n), style.language);
  };
  session.Say(absl::StrCat(
      "samverk: ", file.name, ": ", number(faults.faults),
      style(" fel i ", faults.faults == 1 ? " fault in " : " faults in "),
      Count(session, faults.events), std::string(outcome)));
  SayViolations(session, file, batch, faults.told);
  const auto told = static_cast<size_t>(faults.told.size());
  if (faults.faults > told) {
    session.Say(absl::StrCat(
        "  … ", number(faults.faults - told),
        style(" fel till, som inte fick plats i svaret; rätta dessa först",
              " more, which the answer had no room for; correct these first")));
  }
}

// What became of a file that was refused from `batch` on.
std::string Remainder(const Session& session, const EventFile& file,
                      const Batch& batch) {
  if (batch.first == 0) {
    return session.style("; inget registrerades", "; nothing was recorded");
  }
  return absl::StrCat(session.style("; till och med ", "; up to "),
                      Place(session, file, batch.first - 1),
                      session.style(" är registrerat, därefter inget",
                                    " is recorded, nothing after it"));
}

// Says which events of a file the register has already, by their lines, and
// what that means for it.
void SayConflicts(Session& session, const EventFile& file, const Batch& batch,
                  const std::vector<Conflict>& conflicts,
                  const absl::Status& refused) {
  const Style& style = session.style;
  const auto info = client::ErrorInfoOf(refused);
  size_t count = conflicts.size();
  if (info.has_value()) count = NumberIn(*info, "count", count);
  session.Say(absl::StrCat(
      "samverk: ", file.name, ": ", Count(session, count),
      style(" finns redan i registret, med annat innehåll eller ur en annan "
            "sats",
            count == 1 ? " is recorded already, with other content or in "
                         "another batch"
                       : " are recorded already, with other content or in "
                         "another batch"),
      Remainder(session, file, batch), " [",
      info.has_value() ? info->reason() : "", "]"));
  for (const Conflict& conflict : conflicts) {
    const size_t index = batch.first + conflict.index;
    const auto& source = file.events[index].source();
    session.Say(absl::StrCat(
        "  ", Place(session, file, index), ": ", conflict.event_id,
        source.ref().empty()
            ? ""
            : absl::StrCat(" (", source.system(), " ", source.ref(), ")")));
  }
  if (count > conflicts.size()) {
    session.Say(absl::StrCat("  … ", count - conflicts.size(),
                             style(" till", " more")));
  }
  session.Say(style(
      "  Samma fil med samma --batch kan alltid sändas om. Ta annars bort "
      "dessa händelser ur filen, eller ge nya händelser nya id och referenser.",
      "  The same file with the same --batch can always be sent again. "
      "Otherwise leave these events out of the file, or give new events new "
      "ids and references."));
}

using Track = std::optional<recording::v1::Track>;

int RecordBatch(Session& session, client::Client& client, const EventFile& file,
                const Batch& batch, const Track& track,
                recording::v1::RecordResponse& response) {
  recording::v1::RecordRequest request;
  if (track.has_value()) *request.mutable_track() = *track;
  for (size_t i = 0; i < batch.count; ++i) {
    *request.add_events() = file.events[batch.first + i];
  }
  auto recorded = client.Record(request);
  if (!recorded.ok()) {
    const auto refusal = client::RefusalOf(recorded.status());
    if (refusal.has_value()) {
      SayFaults(session, file, batch,
                AllFaults(client, request, recorded.status(), *refusal),
                Remainder(session, file, batch));
      return kFailed;
    }
    const std::vector<Conflict> conflicts =
        FindConflicts(client, request, recorded.status());
    if (conflicts.empty()) return session.Fail(recorded.status());
    SayConflicts(session, file, batch, conflicts, recorded.status());
    return kFailed;
  }
  response = *std::move(recorded);
  if (session.json) {
    session.PrintJson(response);
    return kDone;
  }
  for (int i = 0; i < response.facts_size(); ++i) {
    const auto& fact = response.facts(i);
    const Event& event = file.events[batch.first + static_cast<size_t>(i)];
    session.Print(absl::StrCat("#", fact.position(), "  ", fact.event_id(),
                               "  ",
                               std::string(codec::TypeName(event.fact_case())),
                               "  ", fact.stream(), "\n"));
  }
  SayNotices(session, file, batch, response.notices());
  return kDone;
}

// "2 händelser registrerade, 1 händelse fanns redan".
std::string Summary(const Session& session, size_t fresh, size_t known) {
  std::string said;
  if (fresh > 0) {
    said = absl::StrCat(
        Count(session, fresh),
        session.style(fresh == 1 ? " registrerad" : " registrerade",
                      " recorded"));
  }
  if (known > 0) {
    absl::StrAppend(
        &said, said.empty() ? "" : ", ", Count(session, known),
        session.style(" fanns redan", known == 1 ? " was there already"
                                                 : " were there already"));
  }
  return said;
}

int Record(Session& session, client::Client& client, const EventFile& file,
           const std::vector<Batch>& batches, const Track& track) {
  size_t fresh = 0;
  size_t known = 0;
  uint64_t first = 0;
  uint64_t last = 0;
  for (const Batch& batch : batches) {
    recording::v1::RecordResponse response;
    const int result =
        RecordBatch(session, client, file, batch, track, response);
    if (result != kDone) return result;
    (response.replayed() ? known : fresh) += batch.count;
    for (const auto& fact : response.facts()) {
      first = first == 0 ? fact.position() : std::min(first, fact.position());
      last = std::max(last, fact.position());
    }
  }
  session.Say(absl::StrCat(Summary(session, fresh, known), " (#", first,
                           first == last ? "" : absl::StrCat("–#", last), ")"));
  return kDone;
}

int Check(Session& session, client::Client& client, const EventFile& file,
          const std::vector<Batch>& batches) {
  if (batches.size() > 1) {
    // A later batch may rest on an earlier one, which is not recorded.
    session.Say(session.style(
        "samverk: --check bedömer varje sats för sig, mot registret som det är "
        "nu",
        "samverk: --check judges each batch by itself, against the register as "
        "it is now"));
  }
  int result = kDone;
  for (const Batch& batch : batches) {
    recording::v1::ValidateRequest request;
    for (size_t i = 0; i < batch.count; ++i) {
      *request.add_events() = file.events[batch.first + i];
    }
    const auto answer = client.Validate(request);
    if (!answer.ok()) return session.Fail(answer.status());
    if (session.json) session.PrintJson(*answer);
    if (!answer->violations().empty()) {
      SayFaults(session, file, batch, FaultsOf(answer->violations()),
                session.style("; skulle nekas", "; would be refused"));
      result = kFailed;
      continue;
    }
    SayNotices(session, file, batch, answer->notices());
    if (!session.json) {
      session.Print(absl::StrCat(
          Count(session, batch.count),
          session.style(" skulle godtas (registret står på #",
                        " would be accepted (the register stands at #"),
          answer->position(), ")\n"));
    }
  }
  return result;
}

// Says what makes a batch too large to send; kDone when it is not.
int CheckSize(Session& session, const EventFile& file, const Batch& batch) {
  size_t bytes = 0;
  for (size_t i = batch.first; i < batch.first + batch.count; ++i) {
    const size_t length = file.events[i].ByteSizeLong();
    bytes += length;
    // Beyond a batch's room no event helps by being alone; what is smaller the
    // server judges.
    if (length <= kAppendBytes) continue;
    return session.Fail(absl::InvalidArgumentError(absl::StrCat(
        file.name, ", ", Place(session, file, i),
        session.style(": händelsen är på ", ": the event has "),
        codec::NumberText(static_cast<int64_t>(length), session.style.language),
        session.style(
            " byte; en händelse är högst 64 KiB. Korta texten; stora saker "
            "bifogas med sin SHA-256",
            " bytes; an event is at most 64 KiB. Shorten its text; large "
            "things are attached by their SHA-256"))));
  }
  if (batch.count <= kBatchEvents && bytes <= kRequestBytes) return kDone;
  return session.Fail(absl::InvalidArgumentError(absl::StrCat(
      file.name, session.style(" har ", " has "), Count(session, batch.count),
      session.style(" på ", " of "),
      codec::NumberText(static_cast<int64_t>(bytes), session.style.language),
      session.style(
          " byte; en sats registreras helt eller inte alls och är högst 1 000 "
          "händelser och 1 MiB. Dela filen, eller låt --batch 1000 dela den i "
          "satser som var för sig registreras helt eller inte alls",
          " bytes; a batch is recorded whole or not at all and is at most "
          "1,000 events and 1 MiB. Split the file, or let --batch 1000 split "
          "it into batches that are each recorded whole or not at all"))));
}

// "NAME=POSITION"; a name may have a "=" in it. False when it is not.
bool TakeTrack(const std::string& text, Track& track) {
  if (text.empty()) return true;
  const size_t at = text.rfind('=');
  if (at == std::string::npos || at == 0) return false;
  const auto position = ParseNumber(std::string_view(text).substr(at + 1));
  if (position.value_or(0) == 0) return false;
  track.emplace();
  track->set_name(text.substr(0, at));
  track->set_position(*position);
  return true;
}

int RunRecord(Session& session, const RecordOptions& options) {
  Track track;
  if (!TakeTrack(options.track, track)) {
    return session.Misuse(
        absl::StrCat("--track ", options.track,
                     ": give a name and a position, such as erp-import=120"));
  }
  EventFile file;
  if (const int result = ReadEvents(session, options.file, file);
      result != kDone) {
    return result;
  }
  const std::vector<Batch> batches = Split(file, options.batch);
  for (const Batch& batch : batches) {
    if (const int result = CheckSize(session, file, batch); result != kDone) {
      return result;
    }
  }
  if (track.has_value() && batches.size() > 1) {
    return session.Misuse(
        "--track goes with one batch; the file is split into several");
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return options.check ? Check(session, *client, file, batches)
                       : Record(session, *client, file, batches, track);
}

}  // namespace

void AddRecordCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<RecordOptions>();
  CLI::App& command = *program.add_subcommand(
      "record", "Record events from a file, all of them or none");
  command
      .add_option("FILE", options->file,
                  "Events as JSON, one a line or an array; - is standard input")
      ->required();
  command.add_flag("--check", options->check,
                   "Only say what would be refused; write nothing");
  command
      .add_option("--batch", options->batch,
                  "Record batches of at most N events, each whole or not at "
                  "all; stops at the first that is refused")
      ->check(WholeNumber(1, kBatchEvents))
      ->type_name("N");
  command
      .add_option("--track", options->track,
                  "With the events, or not at all, say how far an import has "
                  "come; see samverk cursors")
      ->type_name("NAME=POSITION")
      ->excludes("--check");
  command.footer(
      "Recording the same file again, with the same --batch, is harmless.\n"
      "Examples:\n"
      "  samverk record deploy/demo/01-process.jsonl\n"
      "  samverk record --check - < events.json\n"
      "  samverk record --batch 500 history.jsonl");
  command.callback([&run, options] {
    run = [options](Session& session) { return RunRecord(session, *options); };
  });
}

}  // namespace samverk::cli
