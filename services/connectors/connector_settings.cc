#include "services/connectors/connector_settings.h"

#include <array>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"
#include "eventstore/base/random.h"
#include "eventstore/base/strings.h"
#include "eventstore/bus/group_settings.h"
#include "eventstore/store_errors.h"
#include "services/common/field_error.h"
#include "services/connectors/nats/nats_connector.h"
#include "services/connectors/secret_files.h"
#include "services/connectors/webhook/webhook_connector.h"

namespace samverk::connectors {
namespace {

using bus::v1::ConnectorSettings;

constexpr char kFormat = 2;
constexpr char kFormatWithSecrets = 1;
constexpr absl::Duration kTimeoutDefault = absl::Seconds(10);
constexpr absl::Duration kTimeoutShortest = absl::Milliseconds(100);
constexpr absl::Duration kTimeoutLongest = absl::Minutes(1);

// Whether the file of its secret, if it has one, is one of its own: the name is
// a part of a path.
bool IsSound(std::string_view name, const bus::v1::StoredConnector& stored) {
  if (!bus::CheckGroupName(name).ok()) return false;
  return stored.kept_secret().empty()
             ? HaveSecret(stored.settings())
             : SecretFiles::IsNameOf(stored.kept_secret(), name);
}

}  // namespace

absl::Duration TimeoutOf(const ConnectorSettings& settings) {
  const absl::Duration given = absl::Seconds(settings.timeout().seconds()) +
                               absl::Nanoseconds(settings.timeout().nanos());
  return given == absl::ZeroDuration() ? kTimeoutDefault : given;
}

absl::Status CheckSettings(const ConnectorSettings& settings) {
  const absl::Duration timeout = TimeoutOf(settings);
  if (timeout < kTimeoutShortest || timeout > kTimeoutLongest) {
    return FieldError("settings.timeout",
                      absl::StrCat(absl::FormatDuration(timeout),
                                   " is out of range; give 100 ms to a minute, "
                                   "or 0 for 10 s"));
  }
  switch (settings.target_case()) {
    case ConnectorSettings::kWebhook:
      return CheckWebhook(settings.webhook());
    case ConnectorSettings::kNats:
      return CheckNats(settings.nats());
    case ConnectorSettings::TARGET_NOT_SET:
      break;
  }
  return FieldError("settings.target", "is missing; give webhook or nats");
}

void HideSecrets(ConnectorSettings& settings) {
  if (settings.has_webhook()) settings.mutable_webhook()->clear_secret();
}

bool HaveSecret(const ConnectorSettings& settings) {
  return !settings.has_webhook() || !settings.webhook().secret().empty() ||
         !settings.webhook().secret_file().empty();
}

std::string MakeSecret() {
  std::array<uint8_t, 32> key;
  FillRandom(absl::MakeSpan(key));
  return absl::StrCat(
      "whsec_", absl::Base64Escape(absl::string_view(
                    reinterpret_cast<const char*>(key.data()), key.size())));
}

std::unique_ptr<Connector> MakeConnector(const ConnectorSettings& settings,
                                         Clock& clock) {
  switch (settings.target_case()) {
    case ConnectorSettings::kWebhook:
      return std::make_unique<WebhookConnector>(settings.webhook(),
                                                TimeoutOf(settings), clock);
    case ConnectorSettings::kNats:
      return std::make_unique<NatsConnector>(settings.nats(),
                                             TimeoutOf(settings));
    case ConnectorSettings::TARGET_NOT_SET:
      break;
  }
  SAMVERK_CHECK(false) << "CheckSettings lets no other through";
}

std::string EncodeConnector(const bus::v1::StoredConnector& stored) {
  SAMVERK_CHECK(stored.settings().webhook().secret().empty())
      << "the log is never erased";
  return std::string(1, kFormat) + stored.SerializeAsString();
}

absl::StatusOr<bus::v1::StoredConnector> DecodeConnector(
    std::string_view name, std::string_view bytes) {
  if (!bytes.empty() && bytes.front() > kFormat) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_FORMAT_NEWER,
        absl::StrCat("connector ", ToAbsl(name), " has format ",
                     static_cast<int>(bytes.front()),
                     ", which this program does not know; use its newer "
                     "release"),
        {{"connector", std::string(name)}});
  }
  bus::v1::StoredConnector stored;
  if (bytes.empty() || bytes.front() < kFormatWithSecrets ||
      !stored.ParseFromArray(bytes.data() + 1,
                             static_cast<int>(bytes.size() - 1)) ||
      !CheckSettings(stored.settings()).ok() || !IsSound(name, stored)) {
    return DataDamaged(absl::StrCat("connector ", ToAbsl(name)),
                       "its settings cannot be taken apart");
  }
  return stored;
}

}  // namespace samverk::connectors
