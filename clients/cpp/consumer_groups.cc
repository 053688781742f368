#include "clients/cpp/consumer_groups.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/reading.h"
#include "clients/cpp/status.h"
#include "clients/cpp/unary_call.h"

namespace samverk::client {
namespace {

using Stub = bus::v1::ConsumerGroupService::Stub;

constexpr uint32_t kPage = 1'000;

// The lease of what is at hand, by this machine's clock: the server's may be
// set otherwise, but terms are as long.
class Term {
 public:
  explicit Term(absl::Duration length) : length_(length) { Begin(); }
  void Begin() { began_ = absl::Now(); }
  bool HalfOver() const { return absl::Now() - began_ > length_ / 2; }

 private:
  const absl::Duration length_;
  absl::Time began_;
};

absl::Time InstantOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

bool Cancelled(const Consumer& consumer) {
  return consumer.cancellation != nullptr && consumer.cancellation->cancelled();
}

bool LeaseHasEnded(const absl::Status& status) {
  return ReasonOf(status) == error::v1::REASON_LEASE_ENDED;
}

}  // namespace

ConsumerGroups::ConsumerGroups(const Connection& connection)
    : connection_(connection),
      stub_(bus::v1::ConsumerGroupService::NewStub(connection.channel())) {}

template <typename Request, typename Response>
absl::StatusOr<Response> ConsumerGroups::Call(
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    const Request& request) {
  return CallUnary(connection_, *stub_, method, request);
}

absl::StatusOr<bus::v1::GroupState> ConsumerGroups::Create(
    std::string_view name, const bus::v1::GroupSettings& settings) {
  bus::v1::CreateGroupRequest request;
  request.set_name(std::string(name));
  *request.mutable_settings() = settings;
  auto answer = Call(&Stub::CreateGroup, request);
  if (!answer.ok()) return answer.status();
  return std::move(*answer->mutable_group());
}

absl::StatusOr<bus::v1::GroupState> ConsumerGroups::Update(
    std::string_view name, const bus::v1::GroupSettings& settings) {
  bus::v1::UpdateGroupRequest request;
  request.set_name(std::string(name));
  *request.mutable_settings() = settings;
  auto answer = Call(&Stub::UpdateGroup, request);
  if (!answer.ok()) return answer.status();
  return std::move(*answer->mutable_group());
}

absl::StatusOr<bus::v1::GroupState> ConsumerGroups::Get(std::string_view name) {
  bus::v1::GetGroupRequest request;
  request.set_name(std::string(name));
  auto answer = Call(&Stub::GetGroup, request);
  if (!answer.ok()) return answer.status();
  return std::move(*answer->mutable_group());
}

absl::StatusOr<std::vector<bus::v1::GroupState>> ConsumerGroups::List() {
  std::vector<bus::v1::GroupState> groups;
  bus::v1::ListGroupsRequest request;
  request.set_page_size(kPage);
  do {
    const auto answer = Call(&Stub::ListGroups, request);
    if (!answer.ok()) return answer.status();
    groups.insert(groups.end(), answer->groups().begin(),
                  answer->groups().end());
    request.set_page_token(answer->next_page_token());
  } while (!request.page_token().empty());
  return groups;
}

absl::Status ConsumerGroups::Delete(std::string_view name) {
  bus::v1::DeleteGroupRequest request;
  request.set_name(std::string(name));
  bool again = false;
  return connection_.Retry([&](absl::Time deadline) -> absl::Status {
    grpc::ClientContext context;
    connection_.Prepare(deadline, context);
    bus::v1::DeleteGroupResponse response;
    const absl::Status status =
        FromGrpcStatus(stub_->DeleteGroup(&context, request, &response));
    // The attempt before did it, and its answer was lost.
    if (again && absl::IsNotFound(status)) return absl::OkStatus();
    again = true;
    return status;
  });
}

absl::StatusOr<std::vector<bus::v1::ParkedEvent>> ConsumerGroups::ListParked(
    std::string_view name, size_t limit) {
  std::vector<bus::v1::ParkedEvent> parked;
  bus::v1::ListParkedRequest request;
  request.set_name(std::string(name));
  do {
    request.set_page_size(
        static_cast<uint32_t>(std::min<size_t>(kPage, limit - parked.size())));
    const auto answer = Call(&Stub::ListParked, request);
    if (!answer.ok()) return answer.status();
    parked.insert(parked.end(), answer->parked().begin(),
                  answer->parked().end());
    request.set_page_token(answer->next_page_token());
  } while (!request.page_token().empty() && parked.size() < limit);
  return parked;
}

absl::StatusOr<uint64_t> ConsumerGroups::ReplayParked(
    std::string_view name, const std::vector<uint64_t>& positions) {
  bus::v1::ReplayParkedRequest request;
  request.set_name(std::string(name));
  request.mutable_positions()->Assign(positions.begin(), positions.end());
  request.set_all(positions.empty());
  const auto answer = Call(&Stub::ReplayParked, request);
  if (!answer.ok()) return answer.status();
  return answer->count();
}

absl::StatusOr<uint64_t> ConsumerGroups::DropParked(
    std::string_view name, const std::vector<uint64_t>& positions) {
  bus::v1::DropParkedRequest request;
  request.set_name(std::string(name));
  request.mutable_positions()->Assign(positions.begin(), positions.end());
  request.set_all(positions.empty());
  const auto answer = Call(&Stub::DropParked, request);
  if (!answer.ok()) return answer.status();
  return answer->count();
}

absl::StatusOr<bus::v1::AcknowledgeResponse> ConsumerGroups::Acknowledge(
    const bus::v1::AcknowledgeRequest& request) {
  return Call(&Stub::Acknowledge, request);
}

absl::StatusOr<bus::v1::ExtendLeaseResponse> ConsumerGroups::ExtendLease(
    const bus::v1::ExtendLeaseRequest& request) {
  return Call(&Stub::ExtendLease, request);
}

absl::Status ConsumerGroups::Work(const std::string& name,
                                  const bus::v1::ReceiveResponse& given,
                                  const Consumer& consumer) {
  bus::v1::ExtendLeaseRequest extend;
  extend.set_name(name);
  extend.set_lease(given.lease());
  bus::v1::AcknowledgeRequest said;
  said.set_name(name);
  said.set_lease(given.lease());
  // What is left of it, if both clocks agree; at the latest it is refused when
  // something is said.
  Term term(
      std::max(InstantOf(given.lease_ends()) - absl::Now(), absl::Seconds(1)));
  for (const bus::v1::LeasedEvent& event : given.events()) {
    if (Cancelled(consumer)) break;
    if (term.HalfOver()) {
      const auto kept = ExtendLease(extend);
      // The rest is given to somebody else.
      if (!kept.ok() && LeaseHasEnded(kept.status())) break;
      if (!kept.ok()) return kept.status();
      term.Begin();
    }
    const Verdict verdict = consumer.on_event(event);
    if (verdict.kind == Verdict::Kind::kDone) {
      said.add_done(event.event().position());
      continue;
    }
    auto& refused = *said.add_refused();
    refused.set_position(event.event().position());
    refused.set_reason(verdict.reason);
    refused.set_park(verdict.kind == Verdict::Kind::kParked);
  }
  if (said.done().empty() && said.refused().empty()) return absl::OkStatus();
  const absl::Status status = Acknowledge(said).status();
  // Too late: its events come again.
  return LeaseHasEnded(status) ? absl::OkStatus() : status;
}

absl::Status ConsumerGroups::Consume(const bus::v1::ReceiveRequest& request,
                                     const Consumer& consumer) {
  absl::Status failed;
  const Reading<bus::v1::ReceiveResponse> reading = {
      .open =
          [&](grpc::ClientContext* context) {
            return stub_->Receive(context, request);
          },
      .take =
          [&](const bus::v1::ReceiveResponse& given) {
            if (given.events().empty()) return true;
            const absl::Status status = Work(request.name(), given, consumer);
            // What could not be said comes again.
            if (!status.ok() && !IsRetryable(status)) failed = status;
            return failed.ok();
          },
      .finished = [] { return false; },
      .on_interrupted = consumer.on_interrupted,
      .cancellation = consumer.cancellation,
      .patience = absl::InfiniteDuration()};
  const absl::Status status = ReadThroughBreaks(connection_, reading);
  return failed.ok() ? status : failed;
}

}  // namespace samverk::client
