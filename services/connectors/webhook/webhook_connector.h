// Events as signed POST requests.
#ifndef SAMVERK_SERVICES_CONNECTORS_WEBHOOK_WEBHOOK_CONNECTOR_H_
#define SAMVERK_SERVICES_CONNECTORS_WEBHOOK_WEBHOOK_CONNECTOR_H_

#include <memory>
#include <string>

#include "eventstore/base/clock.h"
#include "samverk/bus/v1/connector.pb.h"
#include "services/connectors/connector.h"
#include "services/http/http_client.h"

namespace samverk::connectors {

// INVALID_ARGUMENT (INVALID_FIELD): an URL that is none, or neither https nor
// to this machine; a secret that is none, or both secret and file. The file is
// not looked at.
absl::Status CheckWebhook(const bus::v1::WebhookTarget& target);

// The proto says what each answer means.
class WebhookConnector final : public Connector {
 public:
  // A target that CheckWebhook lets through, and with a secret or a file.
  // `clock` must outlive it.
  WebhookConnector(bus::v1::WebhookTarget target, absl::Duration timeout,
                   Clock& clock);

  DeliveryReport Deliver(absl::Span<const CloudEvent> events,
                         const DeliveryTerms& terms) override;

 private:
  // Takes the key from the secret or its file, once.
  absl::Status LoadKey();
  PostRequest RequestOf(const CloudEvent& event);

  const bus::v1::WebhookTarget target_;
  const absl::Duration timeout_;
  Clock& clock_;
  std::string key_;
  HttpClient poster_;
};

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_WEBHOOK_WEBHOOK_CONNECTOR_H_
