// "samverk log": the history itself, event by event.
#include <pthread.h>

#include <CLI/App.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/table.h"
#include "clients/cpp/cancellation.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

using view::v1::LoggedEvent;

struct LogOptions {
  std::string process;
  std::vector<std::string> types;
  std::vector<std::string> tags;
  uint64_t from = 0;
  uint64_t to = 0;
  bool reverse = false;
  bool follow = false;
  uint64_t limit = 0;
};

// Ends a reading when the user does (Ctrl-C), instead of the program at once.
// Made before any other thread, which then leave the signals to it.
class Interrupt {
 public:
  Interrupt() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::thread([this] {
      int signal = 0;
      sigwait(&signals_, &signal);
      cancellation_.Cancel();
    });
  }
  ~Interrupt() {
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }
  client::Cancellation& cancellation() { return cancellation_; }

 private:
  sigset_t signals_;
  client::Cancellation cancellation_;
  std::thread thread_;
};

std::string Padded(std::string text, size_t width) {
  const size_t taken = codec::DisplayWidth(text);
  if (taken < width) text.append(width - taken, ' ');
  return text;
}

std::string Occurred(const LoggedEvent& logged) {
  const auto& occurred = logged.event().occurred();
  if (occurred.edtf().empty()) return "–";
  return absl::StrCat(occurred.circa() ? "ca " : "", occurred.edtf());
}

std::string TypeWithoutPrefix(const std::string& type) {
  const std::string prefix(codec::kTypePrefix);
  return absl::StartsWith(type, prefix) ? type.substr(prefix.size()) : type;
}

// One event on one line: position, recorded, occurred, type, stream, recorder.
std::string Line(const LoggedEvent& logged, const Style& style) {
  const auto& recorder = logged.event().recorded_by();
  const int64_t recorded_us = logged.recorded_at().seconds() * 1'000'000 +
                              logged.recorded_at().nanos() / 1'000;
  return absl::StrCat(
      Padded(absl::StrCat("#", logged.position()), 8),
      codec::DateTimeText(recorded_us), "  ", Padded(Occurred(logged), 18),
      "  ", Padded(TypeWithoutPrefix(logged.type()), 26), "  ", logged.stream(),
      "  ", recorder.organisation(), recorder.role().empty() ? "" : "/",
      recorder.role(), logged.late() ? style("  sen", "  late") : "", "\n");
}

std::string HeaderLine(const Style& style) {
  return style.Bold(absl::StrCat(Padded("", 8),
                                 Padded(style("registrerad", "recorded"), 18),
                                 Padded(style("inträffade", "occurred"), 20),
                                 Padded(style("händelse", "event"), 28),
                                 style("ström  av", "stream  by"))) +
         "\n";
}

view::v1::ReadLogRequest ToRequest(const LogOptions& options) {
  view::v1::ReadLogRequest request;
  request.set_process(options.process);
  for (const std::string& type : options.types) {
    request.add_types(absl::StrContains(type, '.')
                          ? type
                          : std::string(codec::kTypePrefix) + type);
  }
  for (const std::string& tag : options.tags) request.add_tags(tag);
  request.set_from(options.from);
  request.set_to(options.to);
  request.set_reverse(options.reverse);
  request.set_follow(options.follow);
  request.set_limit(options.limit);
  return request;
}

int RunLog(Session& session, const LogOptions& options) {
  std::unique_ptr<Interrupt> interrupt;
  if (options.follow) interrupt = std::make_unique<Interrupt>();
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  if (session.style.styled && !session.json) {
    session.Print(HeaderLine(session.style));
  }
  bool told = false;
  client::LogReader reader;
  reader.on_page = [&](const view::v1::ReadLogResponse& page) {
    for (const LoggedEvent& logged : page.events()) {
      if (session.json) {
        session.PrintJson(logged);
      } else {
        session.Print(Line(logged, session.style));
      }
    }
    told = false;
    // A follower's reader wants to see what there is; nobody reads on when
    // nobody can be written to.
    if (options.follow) std::fflush(stdout);
    return std::ferror(stdout) == 0;
  };
  reader.on_interrupted = [&](const absl::Status& why) {
    if (told) return;
    told = true;
    session.Say(
        absl::StrCat("samverk: ",
                     session.style("anslutningen bröts; försöker igen: ",
                                   "the connection broke; trying again: "),
                     why.message()));
  };
  if (interrupt != nullptr) reader.cancellation = &interrupt->cancellation();
  const absl::Status status = client->ReadLog(ToRequest(options), reader);
  if (interrupt != nullptr && interrupt->cancellation().cancelled()) {
    return kDone;
  }
  return status.ok() ? kDone : session.Fail(status);
}

}  // namespace

void AddLogCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<LogOptions>();
  CLI::App& command =
      *program.add_subcommand("log", "Show the history, event by event");
  command.add_option("--process,-p", options->process, "Only of this process")
      ->type_name("ID");
  command
      .add_option("--type", options->types,
                  "Only of this kind (cost_booked); can be given again")
      ->type_name("T");
  command
      .add_option("--tag", options->tags,
                  "Only with this tag (finding:f-1, with --process); all of "
                  "them when given again")
      ->type_name("K:V");
  command.add_option("--from", options->from, "From this position on")
      ->type_name("N");
  CLI::Option* to =
      command.add_option("--to", options->to, "To this position, it included");
  to->type_name("N");
  CLI::Option* reverse =
      command.add_flag("--reverse", options->reverse, "The last first");
  command
      .add_flag("--follow,-f", options->follow,
                "Go on as the history grows, until Ctrl-C")
      ->excludes(to)
      ->excludes(reverse);
  command.add_option("--limit,-n", options->limit, "At most so many events")
      ->type_name("N");
  command.footer(
      "Examples:\n"
      "  samverk log --process augustenborg --reverse --limit 20\n"
      "  samverk log -p augustenborg --type cost_booked --json\n"
      "  samverk log -p augustenborg --tag finding:f-1\n"
      "  samverk log --follow");
  command.callback([&run, options] {
    run = [options](Session& session) { return RunLog(session, *options); };
  });
}

}  // namespace samverk::cli
