// Credentials that were verified, so that a signature is verified once.
#ifndef SAMVERK_SERVICES_ACCESS_REMEMBERED_CREDENTIALS_H_
#define SAMVERK_SERVICES_ACCESS_REMEMBERED_CREDENTIALS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/sha256.h"
#include "services/access/credential.h"

namespace samverk::access {

// By the hash of what was shown. Thread-safe.
//
// What is verified while keys are replaced must not be remembered: it may have
// been verified with the old ones. So whoever verifies asks for the generation
// first, and whoever replaces keys forgets afterwards.
class RememberedCredentials {
 public:
  // When there are so many, all are forgotten.
  static constexpr size_t kMost = 4'096;

  // What was shown by this hash, while it holds.
  std::optional<Credential> Find(const Hash& hash, absl::Time now) const;

  // Grows when all is forgotten. To be read before verifying.
  uint64_t generation() const;

  // Remembers what was verified, unless all was forgotten since `generation`
  // was read.
  void Keep(const Hash& hash, const Credential& credential,
            uint64_t generation);

  // To be called once keys are replaced.
  void Forget();

 private:
  mutable Mutex mu_;
  uint64_t generation_ ABSL_GUARDED_BY(mu_) = 0;
  absl::flat_hash_map<Hash, Credential> credentials_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_REMEMBERED_CREDENTIALS_H_
