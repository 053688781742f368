#include "clients/cpp/consuming.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/reading.h"
#include "clients/cpp/retry.h"
#include "clients/cpp/status.h"

namespace samverk::client {
namespace {

using bus::v1::ReceiveResponse;

// The shortest that a group may have: until its own is known.
constexpr absl::Duration kShortestTerm = absl::Seconds(1);
// Between two extensions at most: a term that was made shorter is noticed then.
constexpr absl::Duration kLongestPause = absl::Seconds(10);
// How long an extension is waited for.
constexpr absl::Duration kPatience = absl::Seconds(5);

bool LeaseHasEnded(const absl::Status& status) {
  return ReasonOf(status) == error::v1::REASON_LEASE_ENDED;
}

// What was not said comes again. Other errors would come again with it.
bool MayGoOn(const absl::Status& said) {
  return said.ok() || LeaseHasEnded(said) || IsRetryable(said) ||
         absl::IsDeadlineExceeded(said);
}

void Add(const bus::v1::LeasedEvent& event, Verdict verdict,
         bus::v1::AcknowledgeRequest& said) {
  if (verdict.kind == Verdict::Kind::kDone) {
    said.add_done(event.event().position());
    return;
  }
  auto& refused = *said.add_refused();
  refused.set_position(event.event().position());
  refused.set_reason(std::move(verdict.reason));
  refused.set_park(verdict.kind == Verdict::Kind::kParked);
}

}  // namespace

Consuming::Consuming(const Connection& connection,
                     bus::v1::ConsumerGroupService::Stub& stub,
                     ConsumerGroups& groups,
                     const bus::v1::ReceiveRequest& request,
                     const Consumer& consumer)
    : connection_(connection),
      stub_(stub),
      groups_(groups),
      request_(request),
      consumer_(consumer),
      term_(kShortestTerm) {}

Consuming::~Consuming() { End(); }

absl::Status Consuming::Run() {
  if (consumer_.cancellation != nullptr) {
    consumer_.cancellation->Watch([this] { reading_.Cancel(); });
  }
  reader_ = std::thread([this] { Read(); });
  keeper_ = std::thread([this] {
    while (!keeping_.WaitFor(Pause())) {
      if (!Kept().empty()) Keep();
    }
  });
  const absl::Status worked = Work();
  End();
  return worked.ok() ? read_ : worked;
}

void Consuming::End() {
  if (consumer_.cancellation != nullptr) consumer_.cancellation->Watch(nullptr);
  reading_.Cancel();
  keeping_.Cancel();
  if (reader_.joinable()) reader_.join();
  if (keeper_.joinable()) keeper_.join();
}

void Consuming::Read() {
  const Reading<ReceiveResponse> reading = {
      .open =
          [this](grpc::ClientContext* context) {
            Keep();  // K2
            return stub_.Receive(context, request_);
          },
      .take =
          [this](const ReceiveResponse& given) {
            if (given.events().empty()) return true;
            std::lock_guard<std::mutex> lock(mu_);
            leases_.push_back({given});
            changed_.notify_one();
            return true;
          },
      .finished = [] { return false; },
      .on_interrupted = consumer_.on_interrupted,
      .cancellation = &reading_,
      .patience = absl::InfiniteDuration()};
  read_ = ReadThroughBreaks(connection_, reading);
  reading_.Cancel();
  std::lock_guard<std::mutex> lock(mu_);
  changed_.notify_one();
}

absl::Status Consuming::Work() {
  while (const Lease* lease = Next()) {
    const absl::Status said = DealWith(*lease);
    if (!MayGoOn(said)) return said;
    std::lock_guard<std::mutex> lock(mu_);
    leases_.pop_front();
  }
  return absl::OkStatus();
}

absl::Status Consuming::DealWith(const Lease& lease) {
  bus::v1::AcknowledgeRequest said;
  said.set_name(request_.name());
  said.set_lease(lease.given.lease());
  absl::Time said_at = absl::Now();
  for (const bus::v1::LeasedEvent& event : lease.given.events()) {
    if (reading_.cancelled() || HasEnded(lease)) break;
    Add(event, consumer_.on_event(event), said);
    if (absl::Now() - said_at < Pause()) continue;
    const absl::Status status = Say(said);
    if (!status.ok()) return status;
    said_at = absl::Now();
  }
  return Say(said);
}

absl::Status Consuming::Say(bus::v1::AcknowledgeRequest& said) {
  if (said.done().empty() && said.refused().empty()) return absl::OkStatus();
  const absl::Status status = groups_.Acknowledge(said).status();
  said.clear_done();
  said.clear_refused();
  return status;
}

const Consuming::Lease* Consuming::Next() {
  std::unique_lock<std::mutex> lock(mu_);
  for (;;) {
    if (reading_.cancelled()) return nullptr;
    if (leases_.empty()) {
      changed_.wait(lock);
    } else if (leases_.front().ended) {
      leases_.pop_front();
    } else {
      return &leases_.front();
    }
  }
}

bool Consuming::HasEnded(const Lease& lease) {
  std::lock_guard<std::mutex> lock(mu_);
  return lease.ended;
}

void Consuming::Keep() {
  LearnTerm();
  for (const std::string& lease : Kept()) {
    if (keeping_.cancelled()) return;
    Extend(lease);
  }
}

// Neither of these is repeated when it fails: the next is soon made.

void Consuming::LearnTerm() {
  bus::v1::GetGroupRequest request;
  request.set_name(request_.name());
  bus::v1::GetGroupResponse response;
  grpc::ClientContext context;
  connection_.Prepare(absl::Now() + kPatience, context);
  if (!stub_.GetGroup(&context, request, &response).ok()) return;
  const auto& lease = response.group().settings().lease();
  std::lock_guard<std::mutex> lock(mu_);
  term_ = std::max(
      absl::Seconds(lease.seconds()) + absl::Nanoseconds(lease.nanos()),
      kShortestTerm);
}

void Consuming::Extend(const std::string& lease) {
  bus::v1::ExtendLeaseRequest request;
  request.set_name(request_.name());
  request.set_lease(lease);
  bus::v1::ExtendLeaseResponse response;
  grpc::ClientContext context;
  connection_.Prepare(absl::Now() + kPatience, context);
  const absl::Status status =
      FromGrpcStatus(stub_.ExtendLease(&context, request, &response));
  if (!LeaseHasEnded(status)) return;
  std::lock_guard<std::mutex> lock(mu_);
  for (Lease& known : leases_) {
    if (known.given.lease() == lease) known.ended = true;
  }
}

std::vector<std::string> Consuming::Kept() {
  std::vector<std::string> kept;
  std::lock_guard<std::mutex> lock(mu_);
  for (const Lease& lease : leases_) {
    if (!lease.ended) kept.push_back(lease.given.lease());
  }
  return kept;
}

absl::Duration Consuming::Pause() {
  std::lock_guard<std::mutex> lock(mu_);
  return std::min(term_ / 3, kLongestPause);
}

}  // namespace samverk::client
