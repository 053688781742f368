#include "clients/cpp/connectors.h"

#include <string>
#include <utility>

#include "clients/cpp/connection.h"
#include "clients/cpp/unary_call.h"

namespace samverk::client {
namespace {

using Stub = bus::v1::ConnectorService::Stub;

// The connector of an answer.
template <typename Response>
absl::StatusOr<bus::v1::Connector> ConnectorOf(
    absl::StatusOr<Response> answer) {
  if (!answer.ok()) return answer.status();
  return std::move(*answer->mutable_connector());
}

}  // namespace

Connectors::Connectors(const Connection& connection)
    : connection_(connection),
      stub_(bus::v1::ConnectorService::NewStub(connection.channel())) {}

absl::StatusOr<bus::v1::CreateConnectorResponse> Connectors::Create(
    const bus::v1::CreateConnectorRequest& request) {
  return CallUnary(connection_, *stub_, &Stub::CreateConnector, request);
}

absl::StatusOr<bus::v1::Connector> Connectors::Update(
    std::string_view name, const bus::v1::ConnectorSettings& settings) {
  bus::v1::UpdateConnectorRequest request;
  request.set_name(std::string(name));
  *request.mutable_settings() = settings;
  return ConnectorOf(
      CallUnary(connection_, *stub_, &Stub::UpdateConnector, request));
}

absl::StatusOr<bus::v1::Connector> Connectors::Get(std::string_view name) {
  bus::v1::GetConnectorRequest request;
  request.set_name(std::string(name));
  return ConnectorOf(
      CallUnary(connection_, *stub_, &Stub::GetConnector, request));
}

absl::StatusOr<std::vector<bus::v1::Connector>> Connectors::List() {
  const auto answer = CallUnary(connection_, *stub_, &Stub::ListConnectors,
                                bus::v1::ListConnectorsRequest());
  if (!answer.ok()) return answer.status();
  return std::vector<bus::v1::Connector>(answer->connectors().begin(),
                                         answer->connectors().end());
}

absl::StatusOr<bus::v1::Connector> Connectors::Pause(std::string_view name,
                                                     std::string_view reason) {
  bus::v1::PauseConnectorRequest request;
  request.set_name(std::string(name));
  request.set_reason(std::string(reason));
  return ConnectorOf(
      CallUnary(connection_, *stub_, &Stub::PauseConnector, request));
}

absl::StatusOr<bus::v1::Connector> Connectors::Resume(std::string_view name) {
  bus::v1::ResumeConnectorRequest request;
  request.set_name(std::string(name));
  return ConnectorOf(
      CallUnary(connection_, *stub_, &Stub::ResumeConnector, request));
}

absl::Status Connectors::Delete(std::string_view name) {
  bus::v1::DeleteConnectorRequest request;
  request.set_name(std::string(name));
  return CallUnary(connection_, *stub_, &Stub::DeleteConnector, request)
      .status();
}

}  // namespace samverk::client
