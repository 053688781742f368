// What the server is started with: command line and configuration file.
#ifndef SAMVERK_SERVICES_SERVER_SERVER_OPTIONS_H_
#define SAMVERK_SERVICES_SERVER_SERVER_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace samverk {

// All of it. The command line goes before the file, the file before these.
struct ServerOptions {
  // Where the register lies. Made when it is not there. Required.
  std::string data_directory;
  // Where backups are written: "backups" in the data directory when empty.
  // Better on another disk. Made with the first backup.
  std::string backup_directory;
  // Name of the register: at first start, "samverk" unless given; later it need
  // not be given, and must be the same when it is.
  std::string register_name;
  // Address that gRPC is served at. Loopback only, as long as the server has
  // neither TLS nor authentication. Port 0: one that is free; Greeting() says
  // which.
  std::string grpc_address = "127.0.0.1:7443";
  // Address that calls, metrics and health are served at over HTTP, or "" for
  // none. Loopback only. Port 0: one that is free; Greeting() says which.
  std::string http_address = "127.0.0.1:7480";
  // Files that are served over HTTP too; none when empty.
  std::string web_directory;
  // Origins of web pages that may call over HTTP, beside the server's own.
  std::vector<std::string> web_origins;
  // Streams over HTTP at a time. Each holds a thread.
  size_t http_streams = 128;
  // Serves samverk.store.v1.EventStoreService too.
  bool raw_store = false;
  // Records the demo process, if the register lacks it.
  bool demo = false;
  // Where the demo process's files are.
  std::string demo_directory;
  // Block cache of the event store and of the views together.
  size_t cache_bytes = size_t{64} << 20;
  // Derives the store's indexes again from its log, once; accepts the loss of
  // what a damaged log no longer has.
  bool rebuild = false;
  // Makes a new key for checkpoints: the old one is lost, or somebody else may
  // have it.
  bool new_log_key = false;
  // Witnesses that are asked to cosign checkpoints: "NAME+ID+KEY URL".
  std::vector<std::string> witnesses;
  // Public keys of registers whose checkpoints this server cosigns as a
  // witness; none: it is no witness.
  std::vector<std::string> witness_for;
  // How fast the log is read for damage, once a day; 0: not at all.
  uint64_t scrub_bytes_per_second = 2 << 20;
  // Records although the clock and the last event cannot both be right.
  bool accept_clock = false;
  // What all calls together may keep in memory before gRPC holds them back.
  size_t call_memory_bytes = size_t{256} << 20;
  // How long calls may go on after the server has been told to stop.
  absl::Duration drain = absl::Seconds(5);
};

// Reads a TOML file into `options`. Keys: data, backups, register, grpc,
// http, web, cors, http_streams, raw_store, demo, cache_mb, call_memory_mb,
// drain_seconds, witnesses, witness_for, scrub_mb.
// INVALID_ARGUMENT names the file, the line and what is wrong: an unknown key,
// a wrong type, a value out of range.
absl::Status ReadConfigFile(const std::string& path, ServerOptions& options);

// Checks what can be checked before anything is opened. INVALID_ARGUMENT: no
// data directory, an address that is malformed or not loopback, a web directory
// that is not there, an origin that is none.
absl::Status CheckOptions(const ServerOptions& options);

// "127.0.0.1:7443" taken apart; false when it is not HOST:PORT. A host in
// brackets comes without them.
bool SplitAddress(const std::string& address, std::string& host, int& port);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_SERVER_OPTIONS_H_
