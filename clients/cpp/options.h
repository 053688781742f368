// How a client reaches its server.
#ifndef SAMVERK_CLIENTS_CPP_OPTIONS_H_
#define SAMVERK_CLIENTS_CPP_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

namespace samverk::client {

struct Options {
  // "host:port", or "unix:/path" of a socket.
  std::string address = "127.0.0.1:7443";
  // Access token of whoever calls; empty: none. Sent with every call.
  std::string token{};
  // TLS. True also when one of the texts below is given.
  bool tls = false;
  // PEM: authorities to trust (empty: the system's), and the client's
  // certificate with its key (empty: none is shown).
  std::string authorities_pem{};
  std::string certificate_pem{};
  std::string key_pem{};
  // Language of the texts that the server makes: "sv" or "en". Empty: Swedish.
  std::string language{};
  // One call, its repetitions and the waiting between them included. Streams
  // that go on for as long as there is something to say are not bounded by it.
  absl::Duration timeout = absl::Seconds(30);
  // How long Connect tries to reach the server. Zero: a single attempt, made
  // again for half a second when it is refused.
  absl::Duration connect_timeout = absl::ZeroDuration();
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_OPTIONS_H_
