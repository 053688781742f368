// samverkd: serves one register.

#include <csignal>
#include <cstdio>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "eventstore/base/open_files.h"
#include "services/server/keep_private.h"
#include "services/server/logging.h"
#include "services/server/server.h"
#include "services/server/server_options.h"
#include "services/server/version.h"

namespace samverk {
namespace {

// Of tables, callers and views; most systems give a process 1,024 and let it
// have more.
constexpr int kOpenFiles = 16'384;

// One sentence on standard error; the exit status of a failure.
int Fail(const absl::Status& status) {
  std::fprintf(stderr, "samverkd: %s\n", std::string(status.message()).c_str());
  return 1;
}

// Blocked in every thread, so that the main thread can wait for them.
sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

int Run(const ServerOptions& options) {
  KeepProcessPrivate();
  std::signal(SIGPIPE, SIG_IGN);
  // Debian's Abseil is built with its search for lock cycles, which follows
  // every lock that gRPC takes: 4 % of an append.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  RaiseOpenFileLimit(kOpenFiles);
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto server = Server::Start(options);
  if (!server.ok()) return Fail(server.status());
  std::printf("%s\n", (*server)->Greeting().c_str());
  std::fflush(stdout);

  int signal_number = 0;
  sigwait(&signals, &signal_number);
  LogInfo(absl::StrCat("stopping on signal ", signal_number));
  (*server)->Stop();
  return 0;
}

}  // namespace
}  // namespace samverk

int main(int argc, char** argv) {
  samverk::ServerOptions options;
  std::string config;
  samverk::ServerOptions given;  // by the command line
  int scrub_mb = 0;

  CLI::App app{"samverkd serves one register of collaboration processes."};
  app.set_version_flag("--version", std::string(samverk::kVersion));
  app.add_option("--config", config, "TOML file with settings");
  auto* data = app.add_option("--data", given.data_directory,
                              "directory of the register");
  auto* backups =
      app.add_option("--backups", given.backup_directory,
                     "directory of backups [backups, in that of the register]");
  auto* name = app.add_option("--register", given.register_name,
                              "name of the register, at first start");
  auto* grpc = app.add_option("--grpc", given.grpc_address,
                              "address of gRPC [127.0.0.1:7443]");
  auto* http = app.add_option(
      "--http", given.http_address,
      "address of calls over HTTP, metrics and health [127.0.0.1:7480]; none: "
      "not served");
  auto* web = app.add_option("--web", given.web_directory,
                             "directory of files to serve over HTTP");
  auto* cors =
      app.add_option("--cors", given.web_origins,
                     "origins of web pages that may call over HTTP, such as "
                     "https://samverk.example; *: all");
  auto* raw = app.add_flag("--raw-store", given.raw_store,
                           "serve the raw event store too");
  auto* demo = app.add_flag("--demo", given.demo,
                            "record what is missing of the demo process");
  auto* rebuild = app.add_flag(
      "--rebuild", given.rebuild,
      "derive indexes and views again from the log; accepts the loss of what "
      "a damaged or restored log no longer has");
  auto* log_key = app.add_flag(
      "--new-log-key", given.new_log_key,
      "make a new key to sign checkpoints with: the old one is lost, or others "
      "may have it");
  auto* access = app.add_option("--access", given.access_file,
                                "TOML file that says who may log in");
  auto* tls_certificate =
      app.add_option("--tls-certificate", given.tls_certificate,
                     "PEM file of the server's certificates, for gRPC");
  auto* tls_key = app.add_option("--tls-key", given.tls_key,
                                 "PEM file of the certificate's key");
  auto* authorities =
      app.add_option("--client-authorities", given.client_authorities,
                     "PEM file of the authorities of clients' certificates");
  auto* master_key = app.add_option(
      "--master-key", given.master_key_file,
      "file of the master keys, or the variable SAMVERK_MASTER_KEY "
      "[secrets/master-key, in the directory of the register]");
  auto* lost_keys =
      app.add_flag("--accept-lost-keys", given.accept_lost_keys,
                   "start although keys of sealed personal data are gone");
  auto* witness =
      app.add_option("--witness", given.witnesses,
                     "ask a witness to cosign checkpoints: \"KEY URL\"; may be "
                     "given several times")
          ->allow_extra_args(false);
  auto* witness_for =
      app.add_option("--witness-for", given.witness_for,
                     "be a witness to the register with this public key; may "
                     "be given several times")
          ->allow_extra_args(false);
  auto* scrub =
      app.add_option("--scrub-mb", scrub_mb,
                     "read the log for damage once a day, so many MiB a "
                     "second; 0: not at all [2]")
          ->check(CLI::Range(0, 10'000));
  auto* clock = app.add_flag(
      "--accept-clock", given.accept_clock,
      "record although the clock and the last event cannot both be right");
  try {  // The library's only way to say what is wrong.
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  if (!config.empty()) {
    const absl::Status status = samverk::ReadConfigFile(config, options);
    if (!status.ok()) return samverk::Fail(status);
  }
  if (*data) options.data_directory = given.data_directory;
  if (*backups) options.backup_directory = given.backup_directory;
  if (*name) options.register_name = given.register_name;
  if (*grpc) options.grpc_address = given.grpc_address;
  if (*http) options.http_address = given.http_address;
  if (*web) options.web_directory = given.web_directory;
  if (*cors) options.web_origins = given.web_origins;
  if (*raw) options.raw_store = true;
  if (*demo) options.demo = true;
  if (*rebuild) options.rebuild = true;
  if (*log_key) options.new_log_key = true;
  if (*access) options.access_file = given.access_file;
  if (*tls_certificate) options.tls_certificate = given.tls_certificate;
  if (*tls_key) options.tls_key = given.tls_key;
  if (*authorities) options.client_authorities = given.client_authorities;
  if (*master_key) options.master_key_file = given.master_key_file;
  if (*lost_keys) options.accept_lost_keys = true;
  if (*witness) options.witnesses = given.witnesses;
  if (*witness_for) options.witness_for = given.witness_for;
  if (*scrub) {
    options.scrub_bytes_per_second = static_cast<uint64_t>(scrub_mb) << 20;
  }
  if (*clock) options.accept_clock = true;
  if (options.http_address == "none") options.http_address.clear();
  options.demo_directory = SAMVERK_DEMO_DIRECTORY;
  if (const absl::Status status = samverk::CheckOptions(options);
      !status.ok()) {
    return samverk::Fail(status);
  }
  return samverk::Run(options);
}
