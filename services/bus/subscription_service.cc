#include "services/bus/subscription_service.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/store_errors.h"
#include "services/common/grpc_status.h"
#include "services/common/refused_call.h"
#include "services/common/retry_delay.h"
#include "services/common/wire_bytes.h"

namespace samverk {
namespace {

// Reading waits for the disk, which gRPC's own threads must not.
constexpr int kThreads = 2;
// Pages kept for those who want the same.
constexpr size_t kBytesKept = 16 << 20;

absl::Status TooMany(size_t count) {
  return WithRetryDelay(MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
      absl::StrCat(count,
                   " subscriptions are open already, and there may be no more; "
                   "end one, or subscribe again later"),
      {{"subscriptions", absl::StrCat(count)}}));
}

// Equal for those who may share pages.
std::string KeyOf(const bus::v1::Filter& filter, uint32_t batch_size) {
  return absl::StrCat(batch_size, "/", filter.SerializeAsString());
}

}  // namespace

SubscriptionService::SubscriptionService(EventStore& store, Clock& clock,
                                         access::Gate& gate,
                                         size_t subscriptions_max,
                                         const DisposedValues* disposed)
    : store_(store),
      clock_(clock),
      gate_(gate),
      subscriptions_max_(subscriptions_max),
      pages_(store, kBytesKept, disposed),
      live_(kThreads, subscriptions_max + 1),
      catching_up_(kThreads, subscriptions_max),
      watcher_(store) {
  // Nobody's log grows so far: it is answered when the store closes.
  watcher_.Await(Position(UINT64_MAX), absl::InfiniteFuture(),
                 [this](const absl::StatusOr<Position>&) {
                   live_.Submit([this] { Stop(); }).IgnoreError();
                 });
}

SubscriptionService::~SubscriptionService() = default;

SubscriptionStats SubscriptionService::Stats() {
  const Position head = store_.Head();
  Position slowest = head;
  MutexLock lock(mu_);
  for (const SubscriptionStream* stream : streams_) {
    slowest = std::min(slowest, stream->LookedAt());
  }
  return {streams_.size(), head.value() - slowest.value()};
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* SubscriptionService::Subscribe(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  auto who = gate_.Admit(*context, access::CallRight::kLoggedIn,
                         access::CallKind::kStream);
  const absl::StatusOr<SubscriptionStream*> stream =
      who.ok() ? NewStream(*context, *request, *std::move(who)) : who.status();
  if (!stream.ok()) {
    return new RefusedStream<grpc::ByteBuffer>(stream.status());
  }
  (*stream)->Start();
  return *stream;
}

absl::StatusOr<SubscriptionStream*> SubscriptionService::NewStream(
    grpc::CallbackServerContext& context, const grpc::ByteBuffer& request,
    access::Admitted who) {
  bus::v1::SubscribeRequest asked;
  RETURN_IF_ERROR(ParseMessage(request, asked));
  ASSIGN_OR_RETURN(SubscriptionTerms terms,
                   TermsOf(asked, store_.Head(), clock_.Now()));
  std::string key = KeyOf(asked.filter(), terms.batch_size);
  const BusParts parts{store_, watcher_, pages_, live_, catching_up_, gate_};
  auto stream = std::make_unique<SubscriptionStream>(
      parts, std::move(terms), std::move(key), std::move(who), context,
      [this](SubscriptionStream* gone) {
        MutexLock lock(mu_);
        streams_.erase(gone);
      });
  MutexLock lock(mu_);
  if (stopping_) return ShuttingDown();
  if (streams_.size() >= subscriptions_max_) return TooMany(streams_.size());
  streams_.insert(stream.get());
  return stream.release();  // deletes itself when the call is over
}

void SubscriptionService::Stop() {
  // None of them is gone before the lock is released.
  MutexLock lock(mu_);
  stopping_ = true;
  for (SubscriptionStream* stream : streams_) stream->Stop();
}

}  // namespace samverk
