// How much each caller has asked lately.
#ifndef SAMVERK_SERVICES_ACCESS_CALLER_LIMITS_H_
#define SAMVERK_SERVICES_ACCESS_CALLER_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/strings.h"
#include "services/access/access_file.h"

namespace samverk::access {

// A bucket a caller (token bucket): it fills with the allowance of a second in
// a second and holds no more. A request that is larger than that waits for a
// full one. Thread-safe; places that it gave may outlive it.
class CallerLimits {
 public:
  // Callers that are remembered; those who have asked nothing for a second are
  // forgotten first.
  static constexpr size_t kCallers = 10'000;

  // Takes one request of so many bytes. RESOURCE_EXHAUSTED (RATE_EXCEEDED),
  // with the delay after which to come again: more than the allowance. Nothing
  // is taken then.
  absl::Status Take(std::string_view caller, uint64_t bytes,
                    const CallerAllowance& allowance, absl::Time now);

  // Whether one more request would be taken. Takes nothing.
  bool Has(std::string_view caller, const CallerAllowance& allowance,
           absl::Time now);

  // A place for a stream, given back when it goes. RESOURCE_EXHAUSTED
  // (RATE_EXCEEDED): the caller has as many as are allowed.
  absl::StatusOr<std::shared_ptr<const void>> TakeStream(
      std::string_view caller, const CallerAllowance& allowance);

 private:
  struct Bucket {
    double requests = 0;
    double bytes = 0;
    absl::Time filled;
  };
  using Streams = StringMap<uint32_t>;
  struct Open {
    Mutex mu;
    Streams streams ABSL_GUARDED_BY(mu);  // of those who have any
  };

  void ForgetIdle(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  Mutex mu_;
  StringMap<Bucket> buckets_ ABSL_GUARDED_BY(mu_);
  const std::shared_ptr<Open> open_ = std::make_shared<Open>();
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_CALLER_LIMITS_H_
