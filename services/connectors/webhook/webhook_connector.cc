#include "services/connectors/webhook/webhook_connector.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "eventstore/base/status_macros.h"
#include "services/common/field_error.h"
#include "services/common/target_url.h"
#include "services/connectors/secret_files.h"
#include "services/connectors/webhook/signature.h"

namespace samverk::connectors {
namespace {

// A text as the value of a "ce-" header: CloudEvents' HTTP binding, 3.1.3.2.
std::string HeaderValue(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c > 0x20 && c < 0x7f && c != '"' && c != '%') {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string Answered(int status) {
  return absl::StrCat("the target answered ", status);
}

// Adds what an answer means for its event, or for all. True: go on.
bool Add(const HttpClientAnswer& answer, DeliveryReport& report) {
  if (answer.status == 0) {
    if (!answer.timed_out) {
      report.unavailable = answer.error;
      return false;
    }
    report.outcomes.push_back({Outcome::Kind::kRefused, answer.error});
    return true;
  }
  if (answer.status < 300) {
    report.outcomes.push_back({});
    return true;
  }
  switch (answer.status) {
    case 410:
      report.pause = "the target answered 410: it wants no more";
      return false;
    case 429:
    case 502:
    case 503:
    case 504:
      report.unavailable = Answered(answer.status);
      report.retry_after = answer.retry_after;
      return false;
    default:
      break;
  }
  report.outcomes.push_back(
      {Outcome::Kind::kRefused,
       absl::StrCat(
           Answered(answer.status),
           answer.status < 400 ? ": redirects are not followed" : "")});
  return true;
}

}  // namespace

absl::Status CheckWebhook(const bus::v1::WebhookTarget& target) {
  RETURN_IF_ERROR(
      CheckUrl("settings.webhook.url", target.url(), {"https", "http"}));
  if (!bus::v1::WebhookMode_IsValid(target.mode())) {
    return FieldError("settings.webhook.mode",
                      absl::StrCat(static_cast<int>(target.mode()),
                                   " is no mode; give STRUCTURED or BINARY"));
  }
  if (!target.secret().empty() && !target.secret_file().empty()) {
    return FieldError("settings.webhook.secret",
                      "is given, and a secret_file too; give one of them");
  }
  if (target.secret().empty()) return absl::OkStatus();
  return KeyOfSecret("settings.webhook.secret", target.secret()).status();
}

WebhookConnector::WebhookConnector(bus::v1::WebhookTarget target,
                                   absl::Duration timeout, Clock& clock)
    : target_(std::move(target)),
      timeout_(timeout),
      clock_(clock),
      poster_(target_.url(), timeout) {}

absl::Status WebhookConnector::LoadKey() {
  if (!key_.empty()) return absl::OkStatus();
  std::string secret = target_.secret();
  if (secret.empty()) {
    ASSIGN_OR_RETURN(secret, ReadSecretFile(target_.secret_file()));
  }
  ASSIGN_OR_RETURN(key_, KeyOfSecret("secret_file", secret));
  return absl::OkStatus();
}

PostRequest WebhookConnector::RequestOf(const CloudEvent& event) {
  PostRequest request;
  if (target_.mode() == bus::v1::WEBHOOK_MODE_BINARY) {
    request.headers = {{"content-type", std::string(DataContentType(event))},
                       {"ce-specversion", "1.0"}};
    for (const auto& [name, value] : event.attributes) {
      request.headers.emplace_back(absl::StrCat("ce-", name),
                                   HeaderValue(value));
    }
    request.body = event.data;
  } else {
    request.headers = {
        {"content-type", "application/cloudevents+json; charset=UTF-8"}};
    request.body = ToStructuredJson(event);
  }
  const int64_t timestamp = absl::ToUnixSeconds(clock_.Now());
  request.headers.emplace_back("webhook-id", event.id);
  request.headers.emplace_back("webhook-timestamp", absl::StrCat(timestamp));
  request.headers.emplace_back(
      "webhook-signature", Signature(key_, event.id, timestamp, request.body));
  return request;
}

DeliveryReport WebhookConnector::Deliver(absl::Span<const CloudEvent> events,
                                         const DeliveryTerms& terms) {
  DeliveryReport report;
  if (const absl::Status loaded = LoadKey(); !loaded.ok()) {
    report.unavailable = std::string(loaded.message());
    return report;
  }
  for (const CloudEvent& event : events) {
    if (terms.stop->given() || (!report.outcomes.empty() &&
                                clock_.Now() + timeout_ > terms.deadline)) {
      break;
    }
    const HttpClientAnswer answer = poster_.Post(RequestOf(event), *terms.stop);
    if (terms.stop->given() && answer.status == 0) break;
    if (!Add(answer, report)) break;
  }
  return report;
}

}  // namespace samverk::connectors
