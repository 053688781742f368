// How much each caller has asked lately.
#ifndef SAMVERK_SERVICES_ACCESS_CALLER_LIMITS_H_
#define SAMVERK_SERVICES_ACCESS_CALLER_LIMITS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
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

// What is counted, and by which name.
enum class Counted {
  kLoggedIn,  // requests of those who logged in, by organisation and subject
  kUnknown,   // requests of those who did not, by network
  kMistakes,  // credentials that did not hold, by network
};

// A bucket a caller (token bucket): it fills with the allowance of a second in
// a second and holds no more. A request that is larger than that waits for a
// full one. Thread-safe; places that it gave may outlive it.
//
// L1 Each kind of counting has a table of its own of kCallers: however many
//    networks knock, nothing is forgotten of those who logged in.
// L2 A full table forgets whom it heard of longest ago. Who asks all the time
//    is not forgotten, and gets no new bucket by it.
class CallerLimits {
 public:
  // Callers that are remembered, of each kind.
  static constexpr size_t kCallers = 10'000;

  // Takes one request of so many bytes. RESOURCE_EXHAUSTED (RATE_EXCEEDED),
  // with the delay after which to come again: more than the allowance. Nothing
  // is taken then. `now` may have been read a little before another caller's:
  // no time counts twice.
  absl::Status Take(Counted what, std::string_view caller, uint64_t bytes,
                    const CallerAllowance& allowance, absl::Time now);

  // Undoes the taking of one request without bytes.
  void GiveBack(Counted what, std::string_view caller,
                const CallerAllowance& allowance);

  // A place for a stream, given back when it goes. RESOURCE_EXHAUSTED
  // (RATE_EXCEEDED): the caller has as many as are allowed.
  absl::StatusOr<std::shared_ptr<const void>> TakeStream(
      std::string_view caller, const CallerAllowance& allowance);

 private:
  struct Bucket {
    std::string caller;
    double requests = 0;
    double bytes = 0;
    absl::Time filled;
  };
  // The one heard of last comes first.
  using Buckets = std::list<Bucket>;
  struct Table {
    Buckets buckets;
    StringMap<Buckets::iterator> found;
  };
  using Streams = StringMap<uint32_t>;
  struct Open {
    Mutex mu;
    Streams streams ABSL_GUARDED_BY(mu);  // of those who have any
  };

  static Bucket& BucketOf(Table& table, std::string_view caller,
                          const CallerAllowance& allowance, absl::Time now);

  Mutex mu_;
  std::array<Table, 3> tables_ ABSL_GUARDED_BY(mu_);  // by Counted
  const std::shared_ptr<Open> open_ = std::make_shared<Open>();
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_CALLER_LIMITS_H_
