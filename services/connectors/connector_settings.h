// A connector's settings: what may be chosen, what is stored, what is shown.
#ifndef SAMVERK_SERVICES_CONNECTORS_CONNECTOR_SETTINGS_H_
#define SAMVERK_SERVICES_CONNECTORS_CONNECTOR_SETTINGS_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/clock.h"
#include "samverk/bus/v1/connector.pb.h"
#include "services/connectors/connector.h"

namespace samverk::connectors {

// What is stored of a connector lies in the cursor store under this and its
// name: a byte, the format, 2; then a StoredConnector. In format 1 its webhook
// has its secret in clear.
inline constexpr char kConnectorPrefix[] = "connector/";

// INVALID_ARGUMENT (INVALID_FIELD): names the field.
absl::Status CheckSettings(const bus::v1::ConnectorSettings& settings);

// The timeout, with its default.
absl::Duration TimeoutOf(const bus::v1::ConnectorSettings& settings);

// Takes secrets away: what people are shown.
void HideSecrets(bus::v1::ConnectorSettings& settings);

// Whether they say where their secret is, if they are of a kind that has one.
bool HaveSecret(const bus::v1::ConnectorSettings& settings);

// A new secret that nobody can guess.
std::string MakeSecret();

// What delivers to a target whose settings have been checked. `clock` must
// outlive it.
std::unique_ptr<Connector> MakeConnector(
    const bus::v1::ConnectorSettings& settings, Clock& clock);

// The settings have no secret in clear.
std::string EncodeConnector(const bus::v1::StoredConnector& stored);
//   DATA_LOSS (DAMAGED), FAILED_PRECONDITION (FORMAT_NEWER): with the name.
absl::StatusOr<bus::v1::StoredConnector> DecodeConnector(
    std::string_view name, std::string_view bytes);

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_CONNECTOR_SETTINGS_H_
