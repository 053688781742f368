// How many durable events a second could any store behind gRPC take on this
// machine? The product's figures are shares of these.
//
//   limit_bench [--case NAME]… [--seconds S] [--dir DIR] [--json]
//
// The server (limit_server.h) is a process of its own, as the product's is; the
// load is what samverk bench makes. Events are 256 bytes of which half is
// random.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/bench_summary.h"
#include "clients/load/channels.h"
#include "clients/load/grpc_callers.h"
#include "clients/load/load.h"
#include "eventstore/base/check.h"
#include "tests/bench/limit.grpc.pb.h"
#include "tests/bench/limit_server.h"

namespace samverk::bench {
namespace {

namespace fs = std::filesystem;

struct Case {
  const char* name;
  size_t callers;
  size_t batch;
  bool stream;
};

constexpr Case kCases[] = {
    {"unary-1", 1, 1, false},   {"unary-16", 16, 1, false},
    {"unary-64", 64, 1, false}, {"unary-256", 256, 1, false},
    {"stream-64", 64, 1, true}, {"stream-256", 256, 1, true},
    {"batch-1", 1, 100, false}, {"batch-16", 16, 100, false},
};
constexpr size_t kEventBytes = 256;

struct Settings {
  std::vector<std::string> cases;
  unsigned seconds = 10;
  unsigned warm_up = 1;
  size_t connections = 1;
  std::string directory;
  bool json = false;
};

// The server in a process of its own. Must be made before this process has
// threads.
class ServerProcess {
 public:
  explicit ServerProcess(const std::string& directory) {
    int ready[2];
    SAMVERK_CHECK(pipe(ready) == 0);
    std::fflush(stdout);
    pid_ = fork();
    SAMVERK_CHECK(pid_ >= 0) << "fork failed";
    if (pid_ == 0) Serve(directory, ready[1]);
    close(ready[1]);
    SAMVERK_CHECK(read(ready[0], &port_, sizeof port_) == sizeof port_)
        << "the server did not start";
    close(ready[0]);
  }

  ~ServerProcess() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  [[noreturn]] static void Serve(const std::string& directory, int ready) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    {
      const auto server = LimitServer::Start(directory);
      const int port = server->port();
      SAMVERK_CHECK(write(ready, &port, sizeof port) == sizeof port);
      int signal = 0;
      sigwait(&stop, &signal);
    }
    _exit(0);
  }

  pid_t pid_ = -1;
  int port_ = 0;
};

// Fills a request with events.
class EventMaker {
 public:
  explicit EventMaker(size_t batch)
      : batch_(batch), random_(std::random_device{}()) {}

  void Make(Events& request) {
    while (request.events_size() < static_cast<int>(batch_)) {
      request.add_events()->resize(kEventBytes);
    }
    for (std::string& event : *request.mutable_events()) {
      for (size_t i = 0; i < kEventBytes / 2; i += sizeof(uint64_t)) {
        const uint64_t word = random_();
        std::memcpy(event.data() + i, &word, sizeof word);
      }
    }
  }

 private:
  const size_t batch_;
  std::mt19937_64 random_;
};

using Channels = std::vector<std::shared_ptr<grpc::Channel>>;
using Callers = std::vector<std::unique_ptr<load::Caller>>;

Callers MakeCallers(const Case& chosen, const Channels& channels,
                    std::chrono::milliseconds time) {
  Callers callers;
  for (size_t i = 0; i < chosen.callers; ++i) {
    const auto maker = std::make_shared<EventMaker>(chosen.batch);
    const std::shared_ptr<Limit::Stub> stub =
        Limit::NewStub(channels[i % channels.size()]);
    const load::Messages<Events, Appended> messages{
        [maker](Events& request) { maker->Make(request); },
        [batch = chosen.batch](const Events&, const Appended& appended) {
          return appended.position() > 0
                     ? load::Outcome{absl::OkStatus(), batch}
                     : load::Outcome{absl::InternalError("no position")};
        }};
    if (chosen.stream) {
      callers.push_back(std::make_unique<load::StreamCaller<Events, Appended>>(
          [stub](auto* context, auto* reactor) {
            stub->async()->AppendStream(context, reactor);
          },
          messages, time));
    } else {
      callers.push_back(std::make_unique<load::UnaryCaller<Events, Appended>>(
          [stub](auto* context, const auto* request, auto* response,
                 auto done) {
            stub->async()->Append(context, request, response, std::move(done));
          },
          messages));
    }
  }
  return callers;
}

cli::Measured Measure(const Settings& settings, const Case& chosen,
                      const std::string& address) {
  load::Options options;
  options.warm_up = std::chrono::seconds(settings.warm_up);
  options.duration = std::chrono::seconds(settings.seconds);
  const auto channels =
      load::MakeChannels({.address = address}, settings.connections);
  const Callers callers =
      MakeCallers(chosen, channels, options.warm_up + options.duration);
  auto result = load::Run(options, callers);
  SAMVERK_CHECK(result.ok()) << result.status().ToString();
  return {absl::StrCat("limit ", chosen.name), chosen.callers, chosen.batch, 0,
          *std::move(result)};
}

// Each case in a process and with a directory of its own, so that none finds
// what another has left.
void RunCase(const Settings& settings, const Case& chosen) {
  std::string pattern =
      (fs::path(settings.directory) / "limit-XXXXXX").string();
  SAMVERK_CHECK(mkdtemp(pattern.data()) != nullptr) << pattern;
  std::fflush(stdout);
  const pid_t child = fork();
  SAMVERK_CHECK(child >= 0) << "fork failed";
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    {
      const ServerProcess server(pattern);
      const cli::Measured measured =
          Measure(settings, chosen, server.address());
      cli::Style style;
      style.language = codec::Language::kEnglish;
      std::fputs((settings.json ? cli::MeasuredJson(measured)
                                : cli::MeasuredTable({measured}, style))
                     .c_str(),
                 stdout);
    }
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  fs::remove_all(pattern);
  SAMVERK_CHECK(status == 0) << chosen.name << " failed";
}

int Main(int argc, char** argv) {
  CLI::App app("The bare limit of durable appends through gRPC.");
  Settings settings;
  settings.directory = fs::temp_directory_path().string();
  std::vector<std::string> names;
  for (const Case& one : kCases) names.emplace_back(one.name);
  app.add_option("--case", settings.cases, "Only this; may be given again")
      ->check(CLI::IsMember(names));
  app.add_option("--seconds", settings.seconds, "How long each is measured")
      ->check(CLI::Range(1u, 86'400u))
      ->capture_default_str();
  app.add_option("--warm-up", settings.warm_up,
                 "Seconds before, which do not count")
      ->check(CLI::Range(0u, 3'600u))
      ->capture_default_str();
  app.add_option("--connections", settings.connections,
                 "Connections that the callers share")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--dir", settings.directory,
                 "Where directories for the events are made, and removed")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  app.add_flag("--json", settings.json, "A line of JSON for each");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  for (const Case& one : kCases) {
    const auto& cases = settings.cases;
    if (cases.empty() ||
        std::find(cases.begin(), cases.end(), one.name) != cases.end()) {
      RunCase(settings, one);
    }
  }
  return 0;
}

}  // namespace
}  // namespace samverk::bench

int main(int argc, char** argv) { return samverk::bench::Main(argc, argv); }
