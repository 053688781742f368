// TLS of the server's side.
#ifndef SAMVERK_SERVICES_SERVER_TLS_CREDENTIALS_H_
#define SAMVERK_SERVICES_SERVER_TLS_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace samverk {

struct TlsFiles {
  std::string certificate;  // PEM, the server's own first
  std::string key;          // PEM
  // PEM, of those whose clients' certificates are taken; empty: none is asked
  // for. A client need not have one; one that it shows must be theirs, and
  // hold.
  std::string authorities;
};

// How often the files are looked at: certificates are renewed without a start.
inline constexpr int kTlsLookSeconds = 5;

// Credentials from files, which are read again when they change. What is wrong
// then is passed over, and what was read before is used.
//   FAILED_PRECONDITION: a file cannot be read, has no certificate or key, or
//     the key is another's; names the file.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsCredentials(
    const TlsFiles& files);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_TLS_CREDENTIALS_H_
