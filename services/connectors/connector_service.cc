#include "services/connectors/connector_service.h"

#include <string>
#include <utility>

#include "eventstore/base/status_macros.h"
#include "services/access/admitted_call.h"
#include "services/bus/group_messages.h"
#include "services/bus/subscribe_request.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

// Changes wait for each other in any case.
constexpr int kWorkers = 1;
constexpr size_t kWaitingMost = 64;
constexpr absl::Duration kLeaseDefault = absl::Minutes(1);

}  // namespace

ConnectorService::ConnectorService(connectors::Connectors& connectors,
                                   bus::GroupRunner& groups, EventStore& store,
                                   Clock& clock, access::Gate& gate)
    : connectors_(connectors),
      groups_(groups),
      store_(store),
      clock_(clock),
      gate_(gate),
      workers_(kWorkers, kWaitingMost) {}

ServerUnaryReactor* ConnectorService::AnswerAdmitted(
    CallbackServerContext& context, std::function<absl::Status()> what) {
  return access::AnswerFrom(
      workers_, gate_, access::CallRight::kOperates, context,
      [what = std::move(what)](const access::Admitted&) { return what(); });
}

void ConnectorService::AddGroup(bus::v1::Connector& shown) {
  const auto group = groups_.Find(shown.name());
  if (!group.ok()) return;
  (*group)->Look([&](const bus::ConsumerGroup& found) {
    FillState(found, store_.Head(), clock_.Now(), *shown.mutable_group());
  });
  shown.mutable_group()->set_problem(
      std::string((*group)->problem().message()));
}

absl::Status ConnectorService::Show(const std::string& name,
                                    bus::v1::Connector& shown) {
  ASSIGN_OR_RETURN(shown, connectors_.Get(name));
  AddGroup(shown);
  return absl::OkStatus();
}

absl::Status ConnectorService::Create(
    const bus::v1::CreateConnectorRequest& request,
    bus::v1::CreateConnectorResponse& response) {
  bus::v1::GroupSettings asked = request.group();
  ASSIGN_OR_RETURN(bus::GroupSettings group, SettingsOf(asked));
  if (!asked.has_lease()) group.lease = kLeaseDefault;
  ASSIGN_OR_RETURN(const Position after,
                   PositionOf(asked.start(), store_, clock_.Now()));
  ASSIGN_OR_RETURN(
      *response.mutable_made_secret(),
      connectors_.Create(request.name(), group, after, request.settings()));
  return Show(request.name(), *response.mutable_connector());
}

ServerUnaryReactor* ConnectorService::CreateConnector(
    CallbackServerContext* context,
    const bus::v1::CreateConnectorRequest* request,
    bus::v1::CreateConnectorResponse* response) {
  return AnswerAdmitted(*context,
                        [=, this] { return Create(*request, *response); });
}

ServerUnaryReactor* ConnectorService::UpdateConnector(
    CallbackServerContext* context,
    const bus::v1::UpdateConnectorRequest* request,
    bus::v1::UpdateConnectorResponse* response) {
  return AnswerAdmitted(*context, [=, this] {
    RETURN_IF_ERROR(connectors_.Update(request->name(), request->settings()));
    return Show(request->name(), *response->mutable_connector());
  });
}

ServerUnaryReactor* ConnectorService::GetConnector(
    CallbackServerContext* context, const bus::v1::GetConnectorRequest* request,
    bus::v1::GetConnectorResponse* response) {
  return AnswerAdmitted(*context, [=, this] {
    return Show(request->name(), *response->mutable_connector());
  });
}

ServerUnaryReactor* ConnectorService::ListConnectors(
    CallbackServerContext* context,
    const bus::v1::ListConnectorsRequest* /*request*/,
    bus::v1::ListConnectorsResponse* response) {
  return AnswerAdmitted(*context, [=, this] {
    for (bus::v1::Connector& shown : connectors_.List()) {
      AddGroup(shown);
      *response->add_connectors() = std::move(shown);
    }
    return absl::OkStatus();
  });
}

ServerUnaryReactor* ConnectorService::DeleteConnector(
    CallbackServerContext* context,
    const bus::v1::DeleteConnectorRequest* request,
    bus::v1::DeleteConnectorResponse* /*response*/) {
  return AnswerAdmitted(
      *context, [=, this] { return connectors_.Delete(request->name()); });
}

ServerUnaryReactor* ConnectorService::PauseConnector(
    CallbackServerContext* context,
    const bus::v1::PauseConnectorRequest* request,
    bus::v1::PauseConnectorResponse* response) {
  return AnswerAdmitted(*context, [=, this] {
    RETURN_IF_ERROR(connectors_.Pause(request->name(), request->reason()));
    return Show(request->name(), *response->mutable_connector());
  });
}

ServerUnaryReactor* ConnectorService::ResumeConnector(
    CallbackServerContext* context,
    const bus::v1::ResumeConnectorRequest* request,
    bus::v1::ResumeConnectorResponse* response) {
  return AnswerAdmitted(*context, [=, this] {
    RETURN_IF_ERROR(connectors_.Resume(request->name()));
    return Show(request->name(), *response->mutable_connector());
  });
}

}  // namespace samverk
