// Connectors over gRPC.
#ifndef SAMVERK_SERVICES_CONNECTORS_CONNECTOR_SERVICE_H_
#define SAMVERK_SERVICES_CONNECTORS_CONNECTOR_SERVICE_H_

#include <functional>

#include "eventstore/base/clock.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/event_store.h"
#include "samverk/bus/v1/connector.grpc.pb.h"
#include "services/access/gate.h"
#include "services/common/worker_pool.h"
#include "services/connectors/connectors.h"

namespace samverk {

// samverk.bus.v1.ConnectorService. Errors as its contract has them, in the
// caller's language; RESOURCE_EXHAUSTED (QUEUE_FULL) when very many ask at
// once.
class ConnectorService final
    : public bus::v1::ConnectorService::CallbackService {
 public:
  // All must outlive it. Connectors are for those who run the register.
  ConnectorService(connectors::Connectors& connectors, bus::GroupRunner& groups,
                   EventStore& store, Clock& clock, access::Gate& gate);

  grpc::ServerUnaryReactor* CreateConnector(
      grpc::CallbackServerContext* context,
      const bus::v1::CreateConnectorRequest* request,
      bus::v1::CreateConnectorResponse* response) override;
  grpc::ServerUnaryReactor* UpdateConnector(
      grpc::CallbackServerContext* context,
      const bus::v1::UpdateConnectorRequest* request,
      bus::v1::UpdateConnectorResponse* response) override;
  grpc::ServerUnaryReactor* GetConnector(
      grpc::CallbackServerContext* context,
      const bus::v1::GetConnectorRequest* request,
      bus::v1::GetConnectorResponse* response) override;
  grpc::ServerUnaryReactor* ListConnectors(
      grpc::CallbackServerContext* context,
      const bus::v1::ListConnectorsRequest* request,
      bus::v1::ListConnectorsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteConnector(
      grpc::CallbackServerContext* context,
      const bus::v1::DeleteConnectorRequest* request,
      bus::v1::DeleteConnectorResponse* response) override;
  grpc::ServerUnaryReactor* PauseConnector(
      grpc::CallbackServerContext* context,
      const bus::v1::PauseConnectorRequest* request,
      bus::v1::PauseConnectorResponse* response) override;
  grpc::ServerUnaryReactor* ResumeConnector(
      grpc::CallbackServerContext* context,
      const bus::v1::ResumeConnectorRequest* request,
      bus::v1::ResumeConnectorResponse* response) override;

 private:
  // Does something that may wait for the disk, and answers with how it went.
  grpc::ServerUnaryReactor* AnswerAdmitted(grpc::CallbackServerContext& context,
                                           std::function<absl::Status()> what);
  absl::Status Create(const bus::v1::CreateConnectorRequest& request,
                      bus::v1::CreateConnectorResponse& response);
  // A connector and how its group stands.
  absl::Status Show(const std::string& name, bus::v1::Connector& shown);
  void AddGroup(bus::v1::Connector& shown);

  connectors::Connectors& connectors_;
  bus::GroupRunner& groups_;
  EventStore& store_;
  Clock& clock_;
  access::Gate& gate_;
  WorkerPool workers_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_CONNECTORS_CONNECTOR_SERVICE_H_
