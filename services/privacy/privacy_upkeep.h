// What is to be done again and again about personal data.
#ifndef SAMVERK_SERVICES_PRIVACY_PRIVACY_UPKEEP_H_
#define SAMVERK_SERVICES_PRIVACY_PRIVACY_UPKEEP_H_

#include <functional>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "services/common/stop_signal.h"
#include "services/privacy/disposals.h"
#include "services/privacy/key_backups.h"

namespace samverk::privacy {

// Carries out disposals that are on record and could not be, and keeps the
// backups of keys in order (KeyBackups::Tidy). Owns a thread.
class PrivacyUpkeep {
 public:
  // All must outlive it. `warn` is told what cannot be done, once while it is
  // the same.
  PrivacyUpkeep(Disposals& disposals, KeyBackups& backups,
                std::function<void(const std::string&)> warn,
                absl::Duration every = absl::Seconds(5));
  ~PrivacyUpkeep();
  PrivacyUpkeep(const PrivacyUpkeep&) = delete;
  PrivacyUpkeep& operator=(const PrivacyUpkeep&) = delete;

 private:
  void Run();
  void DoAll();

  Disposals& disposals_;
  KeyBackups& backups_;
  const std::function<void(const std::string&)> warn_;
  const absl::Duration every_;
  StopSignal stop_;
  std::string warned_;  // the thread's own
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_PRIVACY_UPKEEP_H_
