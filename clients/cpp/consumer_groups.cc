#include "clients/cpp/consumer_groups.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/consuming.h"
#include "clients/cpp/status.h"
#include "clients/cpp/unary_call.h"

namespace samverk::client {
namespace {

using Stub = bus::v1::ConsumerGroupService::Stub;

constexpr uint32_t kPage = 1'000;

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
  bool more = true;
  while (more && parked.size() < limit) {
    request.set_page_size(
        static_cast<uint32_t>(std::min<size_t>(kPage, limit - parked.size())));
    const auto answer = Call(&Stub::ListParked, request);
    if (!answer.ok()) return answer.status();
    parked.insert(parked.end(), answer->parked().begin(),
                  answer->parked().end());
    request.set_page_token(answer->next_page_token());
    more = !request.page_token().empty();
  }
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

absl::Status ConsumerGroups::Consume(const bus::v1::ReceiveRequest& request,
                                     const Consumer& consumer) {
  return Consuming(connection_, *stub_, *this, request, consumer).Run();
}

}  // namespace samverk::client
