#include "clients/cpp/connection.h"

#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/channel.h"
#include "clients/cpp/retry.h"

namespace samverk::client {
namespace {

// The largest set of details of an error: a refusal may name every event of a
// batch, and gRPC would otherwise drop it beyond 8 KiB.
constexpr int kMetadataBytes = 4 << 20;
// A connection that says nothing for so long is asked whether it lives, so that
// a follower notices a cable that was pulled.
constexpr int kKeepaliveMs = 20'000;
constexpr int kKeepaliveTimeoutMs = 10'000;
// One attempt to reach an address that does not even refuse.
constexpr absl::Duration kSingleAttempt = absl::Seconds(5);
// How long a refusal is tried again at least: a busy machine refuses now and
// then, and nobody notices half a second.
constexpr absl::Duration kRefusalPatience = absl::Milliseconds(500);

std::shared_ptr<grpc::Channel> OpenChannel(const Options& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  return MakeChannel(options, std::move(arguments));
}

// A number from 0 to 1 by chance, for DelayBefore.
double Jitter() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

// Waits for the channel. Who has no patience waits as long as one attempt may
// take, and less when it is refused.
bool AwaitReady(grpc::Channel& channel, absl::Duration patience) {
  const bool once = patience <= absl::ZeroDuration();
  const absl::Time begun = absl::Now();
  absl::Time deadline = begun + (once ? kSingleAttempt : patience);
  grpc_connectivity_state state = channel.GetState(/*try_to_connect=*/true);
  while (state != GRPC_CHANNEL_READY) {
    if (state == GRPC_CHANNEL_SHUTDOWN) return false;
    if (once && state == GRPC_CHANNEL_TRANSIENT_FAILURE) {
      deadline = begun + kRefusalPatience;
    }
    if (!channel.WaitForStateChange(state, absl::ToChronoTime(deadline))) {
      return false;
    }
    state = channel.GetState(/*try_to_connect=*/true);
  }
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(Options options) {
  if (const absl::Status checked = CheckChannel(options); !checked.ok()) {
    return checked;
  }
  auto channel = OpenChannel(options);
  if (!AwaitReady(*channel, options.connect_timeout)) {
    return absl::UnavailableError(absl::StrCat(
        "no server answers at ", options.address,
        "; start one (samverkd --data DIR) or give another address"));
  }
  return std::unique_ptr<Connection>(
      new Connection(std::move(options), std::move(channel)));
}

Connection::Connection(Options options, std::shared_ptr<grpc::Channel> channel)
    : options_(std::move(options)), channel_(std::move(channel)) {}

void Connection::Prepare(absl::Time deadline,
                         grpc::ClientContext& context) const {
  if (!options_.language.empty()) {
    context.AddMetadata("accept-language", options_.language);
  }
  if (deadline != absl::InfiniteFuture()) {
    context.set_deadline(absl::ToChronoTime(deadline));
  }
}

absl::Status Connection::Retry(
    const std::function<absl::Status(absl::Time deadline)>& attempt) const {
  const absl::Time deadline = absl::Now() + options_.timeout;
  for (int number = 2;; ++number) {
    absl::Status status = attempt(deadline);
    if (status.ok() || !IsRetryable(status)) return status;
    if (!WaitToRepeat(number, status, deadline, nullptr)) return status;
  }
}

bool Connection::WaitToRepeat(int attempt, const absl::Status& status,
                              absl::Time deadline,
                              const Cancellation* cancellation) const {
  // How soon a cancellation is noticed while there is no connection.
  constexpr absl::Duration kSlice = absl::Milliseconds(100);
  const auto cancelled = [cancellation](absl::Duration wait) {
    if (cancellation != nullptr) return cancellation->WaitFor(wait);
    absl::SleepFor(wait);
    return false;
  };
  grpc_connectivity_state state = channel_->GetState(/*try_to_connect=*/true);
  // A server that is not there cannot be overloaded: what is waited for is the
  // connection, and only a little more, so that not all come at once.
  const absl::Duration delay =
      DelayBefore(state == GRPC_CHANNEL_READY ? attempt : 2, status, Jitter());
  if (absl::Now() + delay >= deadline || cancelled(delay)) return false;
  for (;;) {
    state = channel_->GetState(/*try_to_connect=*/true);
    if (state == GRPC_CHANNEL_READY) return true;
    if (absl::Now() >= deadline || cancelled(absl::ZeroDuration())) {
      return false;
    }
    channel_->WaitForStateChange(
        state, absl::ToChronoTime(std::min(deadline, absl::Now() + kSlice)));
  }
}

}  // namespace samverk::client
