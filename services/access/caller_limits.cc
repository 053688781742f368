#include "services/access/caller_limits.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "services/common/retry_delay.h"

namespace samverk::access {
namespace {

// Times that differ by less were read at once, by threads that then waited for
// each other; more is a clock that was set back.
constexpr absl::Duration kReadAtOnce = absl::Seconds(1);

absl::Status TooMuch(std::string_view what, uint64_t limit) {
  return WithRetryDelay(MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_RATE_EXCEEDED,
      absl::StrCat("a caller may have ", limit, " ", ToAbsl(what),
                   ", and this one has them; wait and send again"),
      {{"what", std::string(what)}, {"limit", absl::StrCat(limit)}}));
}

std::string_view RequestsOf(Counted what) {
  return what == Counted::kMistakes ? "credentials a second that do not hold"
                                    : "requests a second";
}

// What a bucket holds after `seconds` more: at most the allowance of a second.
double Filled(double holds, double allowance, double seconds) {
  return std::min(allowance, holds + allowance * std::max(0.0, seconds));
}

}  // namespace

CallerLimits::Bucket& CallerLimits::BucketOf(Table& table,
                                             std::string_view caller,
                                             const CallerAllowance& allowance,
                                             absl::Time now) {
  const auto found = table.found.find(caller);
  if (found != table.found.end()) {
    table.buckets.splice(table.buckets.begin(), table.buckets, found->second);
    return table.buckets.front();
  }
  if (table.buckets.size() >= kCallers) {  // L2
    table.found.erase(table.buckets.back().caller);
    table.buckets.pop_back();
  }
  table.buckets.push_front(
      {std::string(caller), static_cast<double>(allowance.requests_per_second),
       static_cast<double>(allowance.bytes_per_second), now});
  table.found.emplace(std::string(caller), table.buckets.begin());
  return table.buckets.front();
}

absl::Status CallerLimits::Take(Counted what, std::string_view caller,
                                uint64_t bytes,
                                const CallerAllowance& allowance,
                                absl::Time now) {
  const double requests_most = allowance.requests_per_second;
  const auto bytes_most = static_cast<double>(allowance.bytes_per_second);
  MutexLock lock(mu_);
  Bucket& bucket =
      BucketOf(tables_[static_cast<size_t>(what)], caller, allowance, now);
  const double seconds = absl::ToDoubleSeconds(now - bucket.filled);
  bucket.requests = Filled(bucket.requests, requests_most, seconds);
  bucket.bytes = Filled(bucket.bytes, bytes_most, seconds);
  if (now > bucket.filled || bucket.filled - now >= kReadAtOnce) {
    bucket.filled = now;
  }
  if (bucket.requests < 1) {
    return TooMuch(RequestsOf(what), allowance.requests_per_second);
  }
  // What is more than the bucket ever holds is taken from a full one.
  if (bucket.bytes < std::min(static_cast<double>(bytes), bytes_most)) {
    return TooMuch("bytes a second", allowance.bytes_per_second);
  }
  bucket.requests -= 1;
  bucket.bytes -= static_cast<double>(bytes);
  return absl::OkStatus();
}

void CallerLimits::GiveBack(Counted what, std::string_view caller,
                            const CallerAllowance& allowance) {
  MutexLock lock(mu_);
  Table& table = tables_[static_cast<size_t>(what)];
  const auto found = table.found.find(caller);
  if (found == table.found.end()) return;  // forgotten meanwhile
  Bucket& bucket = *found->second;
  bucket.requests =
      std::min<double>(allowance.requests_per_second, bucket.requests + 1);
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
