// "samverk log": the history itself, event by event.
#include <pthread.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/numbers.h"
#include "clients/cpp/cancellation.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

using view::v1::LoggedEvent;

// Events that a follower takes at a time.
constexpr uint32_t kBatch = 1'000;

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

// "finding:f-1": kind and id, either of which may have more in it.
bool IsTag(const std::string& tag) {
  const size_t colon = tag.find(':');
  return colon != std::string::npos && colon > 0 && colon + 1 < tag.size();
}

// Whether the register has anything of the process; every process begins with
// an event.
absl::StatusOr<bool> HasProcess(client::Client& client,
                                const std::string& process,
                                client::Cancellation* cancellation) {
  view::v1::ReadLogRequest request;
  request.set_process(process);
  request.set_limit(1);
  bool found = false;
  client::LogReader reader;
  reader.cancellation = cancellation;
  reader.on_page = [&found](const view::v1::ReadLogResponse& page) {
    found |= page.events_size() > 0;
    return true;
  };
  const absl::Status status = client.ReadLog(request, reader);
  if (!status.ok()) return status;
  return found;
}

// Says that positions which were asked for are not recorded yet.
void SayWhatIsToCome(Session& session, const LogOptions& options,
                     uint64_t head) {
  const uint64_t beyond = options.from > head ? options.from : options.to;
  if (beyond <= head) return;
  const Style& style = session.style;
  session.Say(absl::StrCat(
      "samverk: #", beyond, style(" finns inte ännu; ", " is not there yet; "),
      head == 0 ? style("registret är tomt", "the register is empty")
                : absl::StrCat(
                      style("den sista händelsen är #", "the last event is #"),
                      head)));
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
  request.set_limit(options.limit);
  return request;
}

void Show(Session& session, const LoggedEvent& logged) {
  if (session.json) {
    session.PrintJson(logged);
  } else {
    session.Print(Line(logged, session.style));
  }
}

// Says that the connection broke, until something has come again.
class Interruptions {
 public:
  explicit Interruptions(Session& session) : session_(session) {}

  void Over() { told_ = false; }
  void Say(const absl::Status& why) {
    if (std::exchange(told_, true)) return;
    session_.Say(
        absl::StrCat("samverk: ",
                     session_.style("anslutningen bröts; försöker igen: ",
                                    "the connection broke; trying again: "),
                     why.message()));
  }

 private:
  Session& session_;
  bool told_ = false;
};

// Shows what there is, once.
absl::Status Read(Session& session, const LogOptions& options,
                  client::Client& client) {
  Interruptions interruptions(session);
  bool first = true;
  client::LogReader reader;
  reader.on_page = [&](const view::v1::ReadLogResponse& page) {
    interruptions.Over();
    if (std::exchange(first, false)) {
      SayWhatIsToCome(session, options, page.head());
    }
    for (const LoggedEvent& logged : page.events()) Show(session, logged);
    // Nobody reads on when nobody can be written to.
    return std::ferror(stdout) == 0;
  };
  reader.on_interrupted = [&](const absl::Status& why) {
    interruptions.Say(why);
  };
  return client.ReadLog(ToRequest(options), reader);
}

// Shows what there is and what is yet to come, until there is enough or the
// user ends it.
absl::Status Follow(Session& session, const LogOptions& options,
                    client::Client& client,
                    client::Cancellation& cancellation) {
  const view::v1::ReadLogRequest asked = ToRequest(options);
  bus::v1::SubscribeRequest request;
  request.mutable_filter()->set_process(asked.process());
  *request.mutable_filter()->mutable_types() = asked.types();
  *request.mutable_filter()->mutable_tags() = asked.tags();
  request.set_batch_size(kBatch);
  if (options.from > 1) {
    // What lies beyond the head is left out until it comes to --from.
    const absl::StatusOr<uint64_t> head = client.GetHead(&cancellation);
    if (!head.ok()) return head.status();
    SayWhatIsToCome(session, options, *head);
    request.mutable_start()->set_after(std::min(options.from - 1, *head));
  }
  Interruptions interruptions(session);
  uint64_t shown = 0;
  client::Subscriber subscriber;
  subscriber.on_message = [&](const bus::v1::SubscribeResponse& message) {
    interruptions.Over();
    for (const LoggedEvent& logged : message.events().events()) {
      if (logged.position() < options.from) continue;
      Show(session, logged);
      if (++shown == options.limit) return false;
    }
    // A follower's reader wants to see what there is.
    std::fflush(stdout);
    return std::ferror(stdout) == 0;
  };
  subscriber.on_interrupted = [&](const absl::Status& why) {
    interruptions.Say(why);
  };
  subscriber.cancellation = &cancellation;
  return client.Subscribe(request, subscriber);
}

int RunLog(Session& session, const LogOptions& options) {
  for (const std::string& tag : options.tags) {
    if (!IsTag(tag)) {
      return session.Misuse(
          absl::StrCat("--tag ", tag.empty() ? "\"\"" : tag,
                       " is not a kind and an id, such as finding:f-1"));
    }
  }
  std::unique_ptr<Interrupt> interrupt;
  if (options.follow) interrupt = std::make_unique<Interrupt>();
  client::Cancellation* cancellation =
      interrupt == nullptr ? nullptr : &interrupt->cancellation();
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  if (!options.process.empty()) {
    const auto known = HasProcess(*client, options.process, cancellation);
    if (cancellation != nullptr && cancellation->cancelled()) return kDone;
    if (!known.ok()) return session.Fail(known.status());
    if (!*known) {
      return session.Fail(absl::NotFoundError(absl::StrCat(
          session.style("registret har ingen process ",
                        "the register has no process "),
          options.process,
          session.style("; \"samverk processes\" visar vilka som finns",
                        "; \"samverk processes\" shows those that it has"))));
    }
  }
  if (session.style.styled && !session.json) {
    session.Print(HeaderLine(session.style));
  }
  const absl::Status status =
      cancellation != nullptr ? Follow(session, options, *client, *cancellation)
                              : Read(session, options, *client);
  if (cancellation != nullptr && cancellation->cancelled()) return kDone;
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
      ->check(WholeNumber(0))
      ->type_name("N");
  CLI::Option* to =
      command.add_option("--to", options->to, "To this position, it included");
  to->check(WholeNumber(1))->type_name("N");
  CLI::Option* reverse =
      command.add_flag("--reverse", options->reverse, "The last first");
  command
      .add_flag("--follow,-f", options->follow,
                "Go on as the history grows, until Ctrl-C")
      ->excludes(to)
      ->excludes(reverse);
  command.add_option("--limit,-n", options->limit, "At most so many events")
      ->check(WholeNumber(1))
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
