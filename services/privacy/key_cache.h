// Keys that were unwrapped lately.
#ifndef SAMVERK_SERVICES_PRIVACY_KEY_CACHE_H_
#define SAMVERK_SERVICES_PRIVACY_KEY_CACHE_H_

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/strings.h"
#include "services/privacy/disposal.h"
#include "services/privacy/secret_key.h"

namespace samverk::privacy {

// What there is of a subject: exactly one of the two. Shared, since the cache
// may let go of it while somebody reads with it.
struct SubjectKey {
  std::shared_ptr<const DataKey> key;
  std::shared_ptr<const Disposal> disposal;
};

// Keeps what was asked for last, by name. Any thread.
class KeyCache {
 public:
  // At most `capacity` of them.
  explicit KeyCache(size_t capacity) : capacity_(capacity) {}
  std::optional<SubjectKey> Find(std::string_view name);
  void Put(std::string_view name, SubjectKey known);
  // The key is wiped when the last who was given it lets go.
  void Erase(std::string_view name);

 private:
  // By when it was used, the last one first.
  using Entries = std::list<std::pair<std::string, SubjectKey>>;

  const size_t capacity_;
  Mutex mu_;
  Entries entries_ ABSL_GUARDED_BY(mu_);
  StringMap<Entries::iterator> by_name_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_KEY_CACHE_H_
