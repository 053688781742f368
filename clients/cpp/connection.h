// What every call of the library shares: the channel, the call's deadline and
// language, and repeating what may be repeated. Internal to clients/cpp.
#ifndef SAMVERK_CLIENTS_CPP_CONNECTION_H_
#define SAMVERK_CLIENTS_CPP_CONNECTION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/cancellation.h"
#include "clients/cpp/options.h"

namespace samverk::client {

// A channel to one server. All methods may be called from any thread.
class Connection {
 public:
  // UNAVAILABLE when nobody answers at the address in time. INVALID_ARGUMENT: a
  // token would go to another machine in clear, or a certificate has no key.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(Options options);

  const Options& options() const { return options_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Puts language and deadline on a call.
  void Prepare(absl::Time deadline, grpc::ClientContext& context) const;

  // Runs `attempt`, again while its outcome is one that IsRetryable and
  // Options::timeout leaves room. `attempt` is given the deadline of the whole.
  // The last outcome is returned.
  absl::Status Retry(
      const std::function<absl::Status(absl::Time deadline)>& attempt) const;

  // Waits as long as DelayBefore says; and when the connection is lost, until
  // there is one again, which the next attempt then need not wait for. False
  // when that would last beyond `deadline`, or when cancelled (may be null).
  bool WaitToRepeat(int attempt, const absl::Status& status,
                    absl::Time deadline,
                    const Cancellation* cancellation) const;

 private:
  Connection(Options options, std::shared_ptr<grpc::Channel> channel);

  const Options options_;
  const std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_CONNECTION_H_
