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
  // Address that gRPC is served at. Loopback only, unless the server has TLS
  // and NeedsLogin. Port 0: one that is free; Greeting() says which.
  std::string grpc_address = "127.0.0.1:7443";
  // Address that calls, metrics and health are served at over HTTP, or "" for
  // none. Loopback only. Port 0: one that is free; Greeting() says which.
  std::string http_address = "127.0.0.1:7480";
  // PEM files: the server's certificates and its key, together or neither; and
  // the authorities whose clients' certificates are taken. Looked at again
  // within a minute of a change.
  std::string tls_certificate;
  std::string tls_key;
  std::string client_authorities;
  // Who may log in (services/access/access_file.h); empty: local tokens alone.
  std::string access_file;
  // The file of the master keys (services/privacy/master_key.h); empty:
  // "secrets/master-key" in the data directory, made at the first start. The
  // variable SAMVERK_MASTER_KEY goes before both.
  std::string master_key_file;
  // Where backups of keys are written: "key-backups" in the data directory when
  // empty; and how long they may live.
  std::string key_backup_directory;
  int key_backup_days = 30;
  // One person may decide on a disposal and carry it out.
  bool disposal_by_one = false;
  // Starts although keys of what is sealed in the log are gone.
  bool accept_lost_keys = false;
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
// drain_seconds, access, tls_certificate, tls_key, client_authorities,
// witnesses, witness_for, scrub_mb, master_key, key_backups, key_backup_days,
// disposal_by_one.
// INVALID_ARGUMENT names the file, the line and what is wrong: an unknown key,
// a wrong type, a value out of range.
absl::Status ReadConfigFile(const std::string& path, ServerOptions& options);

// Checks what can be checked before anything is opened. INVALID_ARGUMENT: no
// data directory, an address that is malformed or must be loopback and is not,
// a web directory or a file for TLS that is not there, an origin that is none.
absl::Status CheckOptions(const ServerOptions& options);

// Where local tokens lie.
std::string TokenFile(const ServerOptions& options);

// Whether callers are asked who they are: an access file was given, or there
// are local tokens. Else whoever can connect may do everything.
bool NeedsLogin(const ServerOptions& options);

// "127.0.0.1:7443" taken apart; false when it is not HOST:PORT. A host in
// brackets comes without them.
bool SplitAddress(const std::string& address, std::string& host, int& port);

// Whether an address is reached from this machine alone.
bool IsOnLoopback(const std::string& address);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_SERVER_OPTIONS_H_
