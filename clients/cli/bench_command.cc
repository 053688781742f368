// "samverk bench": how much a server bears. docs/benchmarks.md says how to read
// what comes out.
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/bench_callers.h"
#include "clients/cli/bench_group.h"
#include "clients/cli/bench_live.h"
#include "clients/cli/bench_summary.h"
#include "clients/cli/commands.h"
#include "clients/cli/numbers.h"
#include "clients/cpp/consumer_groups.h"
#include "clients/cpp/raw_store.h"
#include "clients/cpp/status.h"
#include "clients/load/channels.h"
#include "clients/load/load.h"

namespace samverk::cli {
namespace {

constexpr size_t kCallersMost = 4'096;
// More connections than this are no faster on any machine measured.
constexpr size_t kConnectionsMost = 64;

// What an append may hold when stored, and what an event takes besides its
// payload.
constexpr size_t kAppendBytes = 1 << 20;
constexpr size_t kEventBytes = 200;
// What the members of a group may have at a time.
constexpr uint64_t kInFlightMost = 10'000;

// As given on the command line.
struct BenchOptions {
  AppendLoad append;
  ReadLoad read;
  std::string tag;
  bool reverse = false;
  bool no_decode = false;
  uint64_t page = 1'000;
  size_t callers = 0;
  size_t connections = 1;
  size_t idle = 0;
  GroupLoad group;
  uint64_t seconds = 10;
  uint64_t warm_up = 1;
  uint64_t rate = 0;
  bool yes = false;
};

load::Options LoadOptions(const BenchOptions& options) {
  load::Options load;
  load.duration = std::chrono::seconds(options.seconds);
  load.warm_up = std::chrono::seconds(options.warm_up);
  load.rate = static_cast<double>(options.rate);
  return load;
}

// What ends a measuring, as a sentence also when it is gRPC that speaks.
int FailMeasuring(Session& session, const absl::Status& status) {
  if (!absl::IsUnavailable(status) || client::ErrorInfoOf(status).has_value()) {
    return session.Fail(status);
  }
  return session.Fail(absl::UnavailableError(
      absl::StrCat(session.style("servern slutade svara (",
                                 "the server stopped answering ("),
                   std::string(status.message()),
                   session.style("); se dess logg", "); see its log"))));
}

// Puts out what it came to.
int PutOut(Session& session, const BenchOptions& options, Measured measured,
           absl::StatusOr<load::Result> result) {
  if (!result.ok()) return FailMeasuring(session, result.status());
  measured.callers = options.callers;
  measured.rate = static_cast<double>(options.rate);
  measured.result = *std::move(result);
  session.Print(session.json ? MeasuredJson(measured)
                             : MeasuredTable({measured}, session.style));
  return kDone;
}

// Runs it, and puts out what it came to.
int Measure(Session& session, const BenchOptions& options, Measured measured,
            const Callers& callers) {
  return PutOut(session, options, std::move(measured),
                load::Run(LoadOptions(options), callers));
}

// Whether events may be left in the register for ever; says why not. Nothing
// that is recorded is ever removed, so only what is there for measuring will
// do: an empty register, or one that is named for it.
bool MayWrite(Session& session, const admin::v1::GetStatusResponse& status) {
  const Style& style = session.style;
  if (status.head() == 0 || absl::StartsWith(status.register_(), "bench-")) {
    return true;
  }
  session.Say(absl::StrCat(
      "samverk: ", style("registret ", "the register "), status.register_(),
      style(" har ", " holds "), status.head(),
      style(" händelser, och vad som mäts blir kvar där för alltid; mät mot "
            "ett tomt register, eller ett vars namn börjar med bench- "
            "(samverkd --data KATALOG --register bench-1 --raw-store)",
            " events, and what is measured stays there for ever; measure an "
            "empty register, or one whose name begins with bench- "
            "(samverkd --data DIR --register bench-1 --raw-store)")));
  return false;
}

// The server, when it may be written to; otherwise `code` is the exit status.
client::Client* ConnectToWrite(Session& session, const BenchOptions& options,
                               int& code) {
  code = kFailed;
  if (!options.yes) {
    code = session.Misuse(session.style(
        "mätningen skriver händelser som blir kvar i registret för alltid; "
        "lägg till --yes om de får det",
        "this writes events that stay in the register for ever; add --yes if "
        "they may"));
    return nullptr;
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return nullptr;
  const auto status = client->GetStatus();
  if (!status.ok()) {
    session.Fail(status.status());
    return nullptr;
  }
  return MayWrite(session, *status) ? client : nullptr;
}

int RunAppend(Session& session, BenchOptions options) {
  int code = kFailed;
  if (options.append.batch * (options.append.payload + kEventBytes) >
      kAppendBytes) {
    return session.Misuse(absl::StrCat(
        options.append.batch, " events of ", options.append.payload,
        " bytes are more than the 1 MiB that an append may hold; give a "
        "smaller --batch or --payload"));
  }
  client::Client* client = ConnectToWrite(session, options, code);
  if (client == nullptr) return code;
  // Also finds out whether the raw store is served.
  const auto found = client->raw_store().GetHead();
  if (!found.ok()) return session.Fail(found.status());
  std::atomic<uint64_t> head = found->position();
  options.append.callers = options.callers;
  options.append.time = std::chrono::seconds(options.seconds + options.warm_up);
  const auto channels =
      load::MakeChannels(session.connection(), options.connections);
  const Callers callers = AppendCallers(options.append, channels, head);
  Measured measured;
  measured.what =
      absl::StrCat(options.append.stream ? "stream" : "append",
                   options.append.conditional ? ", conditional" : "");
  measured.batch = options.append.batch;
  return Measure(session, options, std::move(measured), callers);
}

int RunLive(Session& session, BenchOptions options) {
  int code = kFailed;
  client::Client* client = ConnectToWrite(session, options, code);
  if (client == nullptr) return code;
  const auto found = client->raw_store().GetHead();
  if (!found.ok()) return session.Fail(found.status());
  std::atomic<uint64_t> head = found->position();
  options.append.callers = options.callers;
  const auto channels =
      load::MakeChannels(session.connection(), options.connections);
  Measured measured;
  measured.what =
      options.idle > 0 ? absl::StrCat("live, ", options.idle, " idle") : "live";
  measured.batch = 1;
  return PutOut(session, options, std::move(measured),
                RunLive(options.append, LoadOptions(options), options.idle,
                        session.connection(), channels, head));
}

int RunGroup(Session& session, BenchOptions options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto status = client->GetStatus();
  if (!status.ok()) return session.Fail(status.status());
  if (status->head() == 0) {
    return session.Fail(absl::FailedPreconditionError(session.style(
        "registret är tomt; spela in något först (samverk bench append)",
        "the register is empty; record something first (samverk bench "
        "append)")));
  }
  GroupLoad& group = options.group;
  group.group = absl::StrCat("bench-", absl::ToUnixMicros(absl::Now()));
  group.head = status->head();
  group.members = options.callers;
  group.warm_up = std::chrono::seconds(options.warm_up);
  group.duration = std::chrono::seconds(options.seconds);
  bus::v1::GroupSettings settings;
  settings.set_in_flight(static_cast<uint32_t>(std::clamp<uint64_t>(
      group.members * group.batch * group.leases, 1, kInFlightMost)));
  const auto made = client->groups().Create(group.group, settings);
  if (!made.ok()) return session.Fail(made.status());
  auto result = RunGroup(
      group, load::MakeChannels(session.connection(), options.connections));
  const absl::Status deleted = client->groups().Delete(group.group);
  if (result.ok() && !deleted.ok()) result = deleted;
  Measured measured;
  measured.what = "group";
  measured.batch = group.batch;
  return PutOut(session, options, std::move(measured), std::move(result));
}

int RunRead(Session& session, BenchOptions options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto head = client->raw_store().GetHead();
  if (!head.ok()) return session.Fail(head.status());
  auto& request = options.read.request;
  request.set_page_size(static_cast<uint32_t>(options.page));
  if (!options.tag.empty()) {
    request.mutable_query()->add_items()->add_tags(options.tag);
  }
  if (options.reverse) {
    request.set_direction(store::v1::DIRECTION_BACKWARD);
  }
  options.read.decode = !options.no_decode;
  options.read.callers = options.callers;
  const auto channels =
      load::MakeChannels(session.connection(), options.connections);
  const Callers callers = ReadCallers(options.read, channels);
  Measured measured;
  measured.what =
      absl::StrCat("read", options.read.first_page ? ", first page" : "",
                   options.no_decode ? ", not decoded" : "");
  measured.batch = options.page;
  return Measure(session, options, std::move(measured), callers);
}

int RunRecord(Session& session, const BenchOptions& options) {
  int code = kFailed;
  client::Client* client = ConnectToWrite(session, options, code);
  if (client == nullptr) return code;
  const std::string process =
      absl::StrCat("bench-", absl::ToUnixMicros(absl::Now()));
  const auto begun = client->Record(BenchProcess(process));
  if (!begun.ok()) return session.Fail(begun.status());
  const auto channels =
      load::MakeChannels(session.connection(), options.connections);
  const Callers callers = RecordCallers(process, options.callers, channels);
  Measured measured;
  measured.what = "record";
  measured.batch = 1;
  return Measure(session, options, std::move(measured), callers);
}

int RunProve(Session& session, const BenchOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto head = client->GetHead();
  if (!head.ok()) return session.Fail(head.status());
  if (*head == 0) {
    return session.Fail(absl::FailedPreconditionError(
        session.style("registret har inga händelser att bevisa",
                      "the register has no events to prove")));
  }
  const auto channels =
      load::MakeChannels(session.connection(), options.connections);
  const Callers callers = ProveCallers(*head, options.callers, channels);
  Measured measured;
  measured.what = "prove";
  measured.batch = 1;
  return Measure(session, options, std::move(measured), callers);
}

using OptionsPtr = std::shared_ptr<BenchOptions>;

void AddTimeOptions(CLI::App& command, const OptionsPtr& options) {
  command.add_option("--seconds", options->seconds, "How long is measured")
      ->check(WholeNumber(1, 86'400))
      ->type_name("S")
      ->capture_default_str();
  command
      .add_option("--warm-up", options->warm_up,
                  "Seconds before, which do not count")
      ->check(WholeNumber(0, 3'600))
      ->type_name("S")
      ->capture_default_str();
  command
      .add_option("--connections", options->connections,
                  "Connections that the callers share (1 to 64)")
      ->check(WholeNumber(1, kConnectionsMost))
      ->type_name("N")
      ->capture_default_str();
}

void AddLoadOptions(CLI::App& command, const OptionsPtr& options,
                    size_t callers) {
  options->callers = callers;
  command
      .add_option("--callers", options->callers,
                  "Calls at the same time (1 to 4096)")
      ->check(WholeNumber(1, kCallersMost))
      ->type_name("N")
      ->capture_default_str();
  AddTimeOptions(command, options);
  command
      .add_option("--rate", options->rate,
                  "Calls a second that are due, whatever the answers (open "
                  "loop); otherwise each caller waits for its answer")
      ->check(WholeNumber(1, 10'000'000))
      ->type_name("R");
}

void AddPayloadOption(CLI::App& command, const OptionsPtr& options) {
  command
      .add_option("--payload", options->append.payload,
                  "Bytes of an event's payload (0 to 60000)")
      ->check(WholeNumber(0, 60'000))
      ->type_name("BYTES")
      ->capture_default_str();
}

void AddYesOption(CLI::App& command, const OptionsPtr& options) {
  command.add_flag("--yes", options->yes,
                   "The events may stay in the register for ever. Needed");
}

void AddAppend(CLI::App& bench, Run& run) {
  CLI::App& command = *bench.add_subcommand(
      "append", "Append to the raw store (samverkd --raw-store)");
  const auto options = std::make_shared<BenchOptions>();
  AddLoadOptions(command, options, 64);
  command
      .add_option("--batch", options->append.batch,
                  "Events of one append (1 to 1000)")
      ->check(WholeNumber(1, 1'000))
      ->type_name("N")
      ->capture_default_str();
  AddPayloadOption(command, options);
  command.add_flag("--stream", options->append.stream,
                   "Each caller has a stream of appends (AppendStream)");
  command.add_flag("--conditional", options->append.conditional,
                   "Each append is conditional on a query over two tags");
  AddYesOption(command, options);
  command.callback([&run, options] {
    run = [options](Session& session) { return RunAppend(session, *options); };
  });
}

void AddRead(CLI::App& bench, Run& run) {
  CLI::App& command = *bench.add_subcommand(
      "read", "Read the raw store from beginning to end, again and again");
  const auto options = std::make_shared<BenchOptions>();
  AddLoadOptions(command, options, 1);
  command
      .add_option("--page", options->page, "Events of one message (1 to 10000)")
      ->check(WholeNumber(1, 10'000))
      ->type_name("N")
      ->capture_default_str();
  auto* tag = command.add_option(
      "--tag", options->tag, "Only events with this tag, such as stream:77");
  tag->type_name("K:V");
  command
      .add_option_function<uint64_t>(
          "--limit",
          [options](uint64_t most) { options->read.request.set_limit(most); },
          "At most so many events a reading")
      ->check(WholeNumber(1))
      ->type_name("N");
  command.add_flag("--reverse", options->reverse, "The last first");
  command.add_flag("--no-decode", options->no_decode,
                   "Count the events in the bytes that come, and leave them "
                   "as they are");
  command.add_flag("--first-page", options->read.first_page,
                   "End each reading when its first message is there: how long "
                   "until the first events");
  command.callback([&run, options] {
    run = [options](Session& session) { return RunRead(session, *options); };
  });
}

void AddRecord(CLI::App& bench, Run& run) {
  CLI::App& command = *bench.add_subcommand(
      "record", "Record booked costs of a process that is made for it");
  const auto options = std::make_shared<BenchOptions>();
  AddLoadOptions(command, options, 64);
  AddYesOption(command, options);
  command.callback([&run, options] {
    run = [options](Session& session) { return RunRecord(session, *options); };
  });
}

void AddProve(CLI::App& bench, Run& run) {
  CLI::App& command = *bench.add_subcommand(
      "prove", "Ask for proofs of events, here and there in the log");
  const auto options = std::make_shared<BenchOptions>();
  AddLoadOptions(command, options, 1);
  command.callback([&run, options] {
    run = [options](Session& session) { return RunProve(session, *options); };
  });
}

void AddLive(CLI::App& bench, Run& run) {
  CLI::App& command = *bench.add_subcommand(
      "live",
      "Append to the raw store, and follow: from acknowledged to delivered");
  const auto options = std::make_shared<BenchOptions>();
  AddLoadOptions(command, options, 64);
  AddPayloadOption(command, options);
  command
      .add_option("--idle", options->idle,
                  "Others who follow what never comes (0 to 4000)")
      ->check(WholeNumber(0, 4'000))
      ->type_name("N")
      ->capture_default_str();
  AddYesOption(command, options);
  command.callback([&run, options] {
    run = [options](Session& session) { return RunLive(session, *options); };
  });
}

void AddGroup(CLI::App& bench, Run& run) {
  CLI::App& command = *bench.add_subcommand(
      "group",
      "Give the log to a consumer group, made for it and deleted afterwards");
  const auto options = std::make_shared<BenchOptions>();
  options->callers = 4;
  options->connections = 4;
  command.add_option("--members", options->callers, "Members of it (1 to 64)")
      ->check(WholeNumber(1, 64))
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--batch", options->group.batch,
                  "Events of one lease (1 to 1000)")
      ->check(WholeNumber(1, 1'000))
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--leases", options->group.leases,
                  "Leases that a member has open (1 to 100)")
      ->check(WholeNumber(1, 100))
      ->type_name("N")
      ->capture_default_str();
  AddTimeOptions(command, options);
  command.callback([&run, options] {
    run = [options](Session& session) { return RunGroup(session, *options); };
  });
}

}  // namespace

void AddBenchCommand(CLI::App& program, Run& run) {
  CLI::App& command =
      *program.add_subcommand("bench", "Measure how much a server bears");
  AddAppend(command, run);
  AddRead(command, run);
  AddRecord(command, run);
  AddProve(command, run);
  AddLive(command, run);
  AddGroup(command, run);
}

}  // namespace samverk::cli
