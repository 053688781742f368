// Personal data over gRPC.
#ifndef SAMVERK_SERVICES_PRIVACY_PRIVACY_SERVICE_H_
#define SAMVERK_SERVICES_PRIVACY_PRIVACY_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"
#include "services/access/gate.h"
#include "services/privacy/disposals.h"
#include "services/privacy/master_key.h"
#include "services/privacy/personal_sealer.h"
#include "services/privacy/subject_keys.h"

namespace samverk::privacy {

struct PrivacyParts {
  EventStore& store;
  Clock& clock;
  access::Gate& gate;
  SubjectKeys& keys;
  PersonalSealer& sealer;
  Disposals& disposals;
  // What backups of keys are wrapped with, where they go, and how long they may
  // live: older ones there are removed when a new one is made.
  MasterKeys backup_keys;
  std::string backup_directory;
  absl::Duration backup_life;
};

// samverk.privacy.v1.PrivacyService. All parts must outlive it. Works on a
// thread of its own.
std::unique_ptr<grpc::Service> MakePrivacyService(PrivacyParts parts);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_PRIVACY_SERVICE_H_
