// Connectors: made and looked after.
#ifndef SAMVERK_CLIENTS_CPP_CONNECTORS_H_
#define SAMVERK_CLIENTS_CPP_CONNECTORS_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "samverk/bus/v1/connector.grpc.pb.h"

namespace samverk::client {

class Connection;

// Of Client::connectors(). All methods may be called from any thread at once,
// and may fail as their RPC's comment says, and as all of the client's.
class Connectors {
 public:
  explicit Connectors(const Connection& connection);

  // With the secret, if the server has made one. When the answer is lost and
  // the call repeated, the secret is lost too: give one with Update.
  absl::StatusOr<bus::v1::CreateConnectorResponse> Create(
      const bus::v1::CreateConnectorRequest& request);
  absl::StatusOr<bus::v1::Connector> Update(
      std::string_view name, const bus::v1::ConnectorSettings& settings);
  absl::StatusOr<bus::v1::Connector> Get(std::string_view name);
  // All of them, by name.
  absl::StatusOr<std::vector<bus::v1::Connector>> List();
  absl::StatusOr<bus::v1::Connector> Pause(std::string_view name,
                                           std::string_view reason);
  absl::StatusOr<bus::v1::Connector> Resume(std::string_view name);
  absl::Status Delete(std::string_view name);

 private:
  const Connection& connection_;
  const std::unique_ptr<bus::v1::ConnectorService::Stub> stub_;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_CONNECTORS_H_
