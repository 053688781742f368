// Personal data over gRPC.
#ifndef SAMVERK_SERVICES_PRIVACY_PRIVACY_SERVICE_H_
#define SAMVERK_SERVICES_PRIVACY_PRIVACY_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"
#include "services/access/gate.h"
#include "services/privacy/disposals.h"
#include "services/privacy/key_backups.h"
#include "services/privacy/personal_sealer.h"

namespace samverk::privacy {

struct PrivacyParts {
  EventStore& store;
  Clock& clock;
  access::Gate& gate;
  PersonalSealer& sealer;
  Disposals& disposals;
  KeyBackups& backups;
};

// samverk.privacy.v1.PrivacyService. All parts must outlive it. Works on a
// thread of its own.
std::unique_ptr<grpc::Service> MakePrivacyService(PrivacyParts parts);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_PRIVACY_SERVICE_H_
