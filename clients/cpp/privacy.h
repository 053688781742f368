// Personal data of a register.
#ifndef SAMVERK_CLIENTS_CPP_PRIVACY_H_
#define SAMVERK_CLIENTS_CPP_PRIVACY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "samverk/privacy/v1/privacy_service.grpc.pb.h"

namespace samverk::client {

class Connection;

// Of Client::privacy(). All methods may be called from any thread at once, and
// may fail as their RPC's comment says, and as all of the client's.
class Privacy {
 public:
  explicit Privacy(const Connection& connection);

  // Is not repeated by itself: each reading is recorded.
  absl::StatusOr<privacy::v1::ReadPersonalResponse> ReadPersonal(
      const privacy::v1::ReadPersonalRequest& request);
  absl::StatusOr<privacy::v1::BackUpKeysResponse> BackUpKeys();

 private:
  const Connection& connection_;
  const std::unique_ptr<privacy::v1::PrivacyService::Stub> stub_;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_PRIVACY_H_
