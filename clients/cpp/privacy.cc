#include "clients/cpp/privacy.h"

#include "clients/cpp/connection.h"
#include "clients/cpp/unary_call.h"

namespace samverk::client {

using privacy::v1::PrivacyService;

Privacy::Privacy(const Connection& connection)
    : connection_(connection),
      stub_(PrivacyService::NewStub(connection.channel())) {}

absl::StatusOr<privacy::v1::ReadPersonalResponse> Privacy::ReadPersonal(
    const privacy::v1::ReadPersonalRequest& request) {
  return CallOnce(connection_, *stub_, &PrivacyService::Stub::ReadPersonal,
                  request);
}

absl::StatusOr<privacy::v1::BackUpKeysResponse> Privacy::BackUpKeys() {
  return CallOnce(connection_, *stub_, &PrivacyService::Stub::BackUpKeys,
                  privacy::v1::BackUpKeysRequest());
}

}  // namespace samverk::client
