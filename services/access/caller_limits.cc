#include "services/access/caller_limits.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "services/common/retry_delay.h"

namespace samverk::access {
namespace {

absl::Status TooMuch(std::string_view what, uint64_t limit) {
  return WithRetryDelay(MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_RATE_EXCEEDED,
      absl::StrCat("a caller may have ", limit, " ", ToAbsl(what),
                   ", and this one has them; wait and send again"),
      {{"what", std::string(what)}, {"limit", absl::StrCat(limit)}}));
}

// What a bucket holds after `seconds` more: at most the allowance of a second.
double Filled(double holds, double allowance, double seconds) {
  return std::min(allowance, holds + allowance * std::max(0.0, seconds));
}

}  // namespace

absl::Status CallerLimits::Take(std::string_view caller, uint64_t bytes,
                                const CallerAllowance& allowance,
                                absl::Time now) {
  const double requests_most = allowance.requests_per_second;
  const auto bytes_most = static_cast<double>(allowance.bytes_per_second);
  MutexLock lock(mu_);
  auto found = buckets_.find(caller);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kCallers) ForgetIdle(now);
    found = buckets_
                .emplace(std::string(caller),
                         Bucket{requests_most, bytes_most, now})
                .first;
  }
  Bucket& bucket = found->second;
  const double seconds = absl::ToDoubleSeconds(now - bucket.filled);
  bucket.requests = Filled(bucket.requests, requests_most, seconds);
  bucket.bytes = Filled(bucket.bytes, bytes_most, seconds);
  bucket.filled = now;
  if (bucket.requests < 1) {
    return TooMuch("requests a second", allowance.requests_per_second);
  }
  // What is more than the bucket ever holds is taken from a full one.
  if (bucket.bytes < std::min(static_cast<double>(bytes), bytes_most)) {
    return TooMuch("bytes a second", allowance.bytes_per_second);
  }
  bucket.requests -= 1;
  bucket.bytes -= static_cast<double>(bytes);
  return absl::OkStatus();
}

bool CallerLimits::Has(std::string_view caller,
                       const CallerAllowance& allowance, absl::Time now) {
  MutexLock lock(mu_);
  const auto found = buckets_.find(caller);
  if (found == buckets_.end()) return true;
  const Bucket& bucket = found->second;
  return Filled(bucket.requests, allowance.requests_per_second,
                absl::ToDoubleSeconds(now - bucket.filled)) >= 1;
}

void CallerLimits::ForgetIdle(absl::Time now) {
  for (auto it = buckets_.begin(); it != buckets_.end();) {
    const auto gone = it++;
    if (now - gone->second.filled >= absl::Seconds(1)) buckets_.erase(gone);
  }
  // Ten thousand callers within a second: they begin anew.
  if (buckets_.size() >= kCallers) buckets_.clear();
}

absl::StatusOr<std::shared_ptr<const void>> CallerLimits::TakeStream(
    std::string_view caller, const CallerAllowance& allowance) {
  MutexLock lock(open_->mu);
  uint32_t& streams = open_->streams[std::string(caller)];
  if (streams >= allowance.streams) {
    return TooMuch("streams", allowance.streams);
  }
  ++streams;
  // The pointer says nothing; what its end does is what counts.
  return std::shared_ptr<const void>(
      open_.get(), [open = open_, who = std::string(caller)](const void*) {
        MutexLock giving_back(open->mu);
        const auto found = open->streams.find(who);
        if (--found->second == 0) open->streams.erase(found);
      });
}

}  // namespace samverk::access
