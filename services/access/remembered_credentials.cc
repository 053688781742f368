#include "services/access/remembered_credentials.h"

namespace samverk::access {

std::optional<Credential> RememberedCredentials::Find(const Hash& hash,
                                                      absl::Time now) const {
  MutexLock lock(mu_);
  const auto found = credentials_.find(hash);
  if (found == credentials_.end() || now >= found->second.expires) {
    return std::nullopt;
  }
  return found->second;
}

uint64_t RememberedCredentials::generation() const {
  MutexLock lock(mu_);
  return generation_;
}

void RememberedCredentials::Keep(const Hash& hash, const Credential& credential,
                                 uint64_t generation) {
  MutexLock lock(mu_);
  if (generation != generation_) return;
  if (credentials_.size() >= kMost) credentials_.clear();
  credentials_.insert_or_assign(hash, credential);
}

void RememberedCredentials::Forget() {
  MutexLock lock(mu_);
  ++generation_;
  credentials_.clear();
}

}  // namespace samverk::access
