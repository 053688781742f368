#include "eventstore/bus/leases.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/strings.h"

namespace samverk::bus {
namespace {

// A number as two halves, of which each in turn is changed by what only those
// who know a key can tell from the other (a Feistel network). Numbers and their
// names belong to each other one to one.
struct Halves {
  uint32_t upper = 0;
  uint32_t lower = 0;
};
constexpr int kRounds = 4;

uint32_t Upper(uint64_t number) { return static_cast<uint32_t>(number >> 32); }
uint32_t Lower(uint64_t number) { return static_cast<uint32_t>(number); }
uint64_t Join(Halves halves) {
  return uint64_t{halves.upper} << 32 | halves.lower;
}

// The first eight bytes of a hash over what is told by `what` and `half`.
uint64_t Keyed(uint64_t key, int what, uint32_t half) {
  const Hash hash = Sha256(absl::StrCat(key, "/", what, "/", half));
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(number); ++i) {
    number = number << 8 | hash[i];
  }
  return number;
}

Halves Seal(uint64_t key, Halves halves) {
  for (int round = 0; round < kRounds; ++round) {
    halves = {halves.lower,
              halves.upper ^ Lower(Keyed(key, round, halves.lower))};
  }
  return halves;
}

Halves Unseal(uint64_t key, Halves halves) {
  for (int round = kRounds - 1; round >= 0; --round) {
    halves = {halves.lower ^ Lower(Keyed(key, round, halves.upper)),
              halves.upper};
  }
  return halves;
}

// Stands for a life of a group, and does not tell its number.
uint64_t LifeTag(uint64_t incarnation) {
  return Keyed(incarnation, kRounds, 0);
}

}  // namespace

const LeasedPosition* Lease::Find(Position position) const {
  const auto at = std::lower_bound(
      events.begin(), events.end(), position,
      [](const LeasedPosition& each, Position p) { return each.position < p; });
  return at == events.end() || at->position != position ? nullptr : &*at;
}

const Lease& Leases::Open(uint64_t member, absl::Time ends,
                          std::vector<Position> positions) {
  Lease lease;
  lease.number = ++last_number_;
  lease.member = member;
  lease.ends = ends;
  lease.open = positions.size();
  lease.events.reserve(positions.size());
  for (const Position position : positions) {
    lease.events.push_back({position, Outcome::kNone});
  }
  by_end_.emplace(ends, lease.number);
  return open_.emplace(lease.number, std::move(lease)).first->second;
}

Lease* Leases::Find(uint64_t number) {
  if (const auto open = open_.find(number); open != open_.end()) {
    return &open->second;
  }
  // What is asked for again was over a moment ago.
  const auto over =
      std::find_if(remembered_.rbegin(), remembered_.rend(),
                   [&](const Lease& lease) { return lease.number == number; });
  return over == remembered_.rend() ? nullptr : &*over;
}

void Leases::Extend(uint64_t number, absl::Time ends) {
  Lease& lease = open_.at(number);
  by_end_.erase({lease.ends, number});
  lease.ends = ends;
  by_end_.emplace(ends, number);
}

void Leases::Settle(uint64_t number) {
  remembered_.push_back(Take(number));
  remembered_events_ += remembered_.back().events.size();
  while (remembered_events_ > remembered_most_) {
    remembered_events_ -= remembered_.front().events.size();
    remembered_.pop_front();
  }
}

Lease Leases::Take(uint64_t number) {
  const auto at = open_.find(number);
  SAMVERK_CHECK(at != open_.end()) << "only a lease that goes on ends";
  Lease lease = std::move(at->second);
  by_end_.erase({lease.ends, number});
  open_.erase(at);
  return lease;
}

std::optional<uint64_t> Leases::EndedAt(absl::Time now) const {
  if (by_end_.empty() || by_end_.begin()->first > now) return std::nullopt;
  return by_end_.begin()->second;
}

absl::Time Leases::NextEnd() const {
  return by_end_.empty() ? absl::InfiniteFuture() : by_end_.begin()->first;
}

std::string LeaseToken(uint64_t incarnation, uint64_t number) {
  const Halves sealed = Seal(incarnation, {Upper(number), Lower(number)});
  return absl::StrCat(absl::Hex(LifeTag(incarnation), absl::kZeroPad16), "-",
                      absl::Hex(Join(sealed), absl::kZeroPad16));
}

std::optional<uint64_t> LeaseNumber(uint64_t incarnation,
                                    std::string_view token) {
  const std::string life =
      absl::StrCat(absl::Hex(LifeTag(incarnation), absl::kZeroPad16), "-");
  if (!token.starts_with(life)) return std::nullopt;
  uint64_t sealed = 0;
  if (!absl::SimpleHexAtoi(ToAbsl(token.substr(life.size())), &sealed)) {
    return std::nullopt;
  }
  const uint64_t number =
      Join(Unseal(incarnation, {Upper(sealed), Lower(sealed)}));
  // In the one form that LeaseToken gives.
  if (token != LeaseToken(incarnation, number)) return std::nullopt;
  return number;
}

}  // namespace samverk::bus
