#include "clients/cpp/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/client_interceptor.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/large_messages.h"

namespace samverk::client {
namespace {

using grpc::experimental::ClientInterceptorFactoryInterface;
using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;

// The largest answer that is taken. The server sends at most 4 MiB a message;
// the room beyond is for what a newer one may send.
constexpr int kReceiveBytes = 16 << 20;

bool UsesTls(const Options& options) {
  return options.tls || !options.authorities_pem.empty() ||
         !options.certificate_pem.empty();
}

// Puts a token on a call. gRPC's own credentials of calls would not go over a
// connection without TLS, not even to this machine.
class TokenInterceptor final : public Interceptor {
 public:
  explicit TokenInterceptor(const std::string& authorization)
      : authorization_(authorization) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->emplace("authorization",
                                                 authorization_);
    }
    methods->Proceed();
  }

 private:
  const std::string& authorization_;
};

class TokenInterceptorFactory final : public ClientInterceptorFactoryInterface {
 public:
  explicit TokenInterceptorFactory(const std::string& token)
      : authorization_(absl::StrCat("Bearer ", token)) {}
  Interceptor* CreateClientInterceptor(ClientRpcInfo*) override {
    return new TokenInterceptor(authorization_);
  }

 private:
  const std::string authorization_;
};

}  // namespace

bool IsLocal(const std::string& address) {
  const std::string host = address.substr(0, address.rfind(':'));
  return (absl::StartsWith(host, "127.") &&
          host.find_first_not_of("0123456789.") == std::string::npos) ||
         absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:") ||
         absl::StartsWith(address, "unix:");
}

absl::Status CheckChannel(const Options& options) {
  if (options.certificate_pem.empty() != options.key_pem.empty()) {
    return absl::InvalidArgumentError(
        "a client's certificate needs its key, and the key its certificate; "
        "give both");
  }
  if (!options.token.empty() && !UsesTls(options) &&
      !IsLocal(options.address)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the access token would go to ", options.address,
        " in clear, for anybody on the way to read; use TLS (--tls)"));
  }
  return absl::OkStatus();
}

std::shared_ptr<grpc::Channel> MakeChannel(const Options& options,
                                           grpc::ChannelArguments arguments) {
  arguments.SetMaxReceiveMessageSize(kReceiveBytes);
  ReceiveLargeMessages(arguments);
  // Clients repeat calls themselves, knowing what is safe.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // No proxy of the environment can reach this machine.
  if (IsLocal(options.address)) {
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  }
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (UsesTls(options)) {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = options.authorities_pem;
    tls.pem_cert_chain = options.certificate_pem;
    tls.pem_private_key = options.key_pem;
    credentials = grpc::SslCredentials(tls);
  } else {
    credentials = grpc::InsecureChannelCredentials();
  }
  if (options.token.empty()) {
    return grpc::CreateCustomChannel(options.address, credentials, arguments);
  }
  std::vector<std::unique_ptr<ClientInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(
      std::make_unique<TokenInterceptorFactory>(options.token));
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      options.address, credentials, arguments, std::move(interceptors));
}

}  // namespace samverk::client
