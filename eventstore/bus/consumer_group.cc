#include "eventstore/bus/consumer_group.h"

#include <algorithm>

#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"

namespace samverk::bus {
namespace {

// As it is stored.
absl::Time InMicros(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

}  // namespace

ConsumerGroup::ConsumerGroup(std::string name, GroupSettings settings,
                             Position after, uint64_t incarnation)
    : name_(std::move(name)),
      settings_(std::move(settings)),
      incarnation_(incarnation),
      progress_(after),
      leases_(limits::kGroupInFlight) {
  changed_.place = true;
  changed_.settings = true;
}

ConsumerGroup::ConsumerGroup(std::string name, StoredGroup stored,
                             uint64_t incarnation)
    : name_(std::move(name)),
      settings_(std::move(stored.settings)),
      incarnation_(incarnation),
      progress_(stored.place.cursor, stored.place.settled),
      retries_(std::move(stored.place.retries)),
      parked_(std::move(stored.parked)),
      leases_(limits::kGroupInFlight) {
  for (const auto& [position, parked] : parked_) {
    if (!parked.replaying) continue;
    ++replaying_;
    queue_.Add(position, parked.key, absl::InfinitePast(),
               parked.retry.not_before);
  }
  SetBlocks(settings_.block_key_while_parked);
}

GroupState ConsumerGroup::state() const {
  GroupState state;
  state.cursor = progress_.cursor();
  state.scanned_to = progress_.scanned_to();
  state.unsettled = progress_.unsettled();
  if (state.unsettled > 0) {
    state.waits_since = queue_.RecordedAt(state.cursor.Next());
  }
  state.in_flight = queue_.out();
  state.waiting_for_retry = queue_.waiting();
  state.parked = parked_.size() - replaying_;
  state.replaying = replaying_;
  state.members = members_.size();
  state.redelivered = redelivered_;
  state.too_many_parked = parked_.size() >= limits::kGroupParked;
  return state;
}

StoredGroup ConsumerGroup::stored() const {
  return {
      settings_, {progress_.cursor(), progress_.settled(), retries_}, parked_};
}

void ConsumerGroup::Change(GroupSettings settings) {
  settings.query = std::move(settings_.query);
  settings.key = std::move(settings_.key);
  if (settings.block_key_while_parked != settings_.block_key_while_parked) {
    SetBlocks(settings.block_key_while_parked);
  }
  settings_ = std::move(settings);
  changed_.place = true;
  changed_.settings = true;
}

void ConsumerGroup::SetBlocks(bool block) {
  for (const auto& [position, parked] : parked_) {
    if (parked.replaying) continue;
    if (block) {
      queue_.Block(parked.key, position);
    } else {
      queue_.Unblock(parked.key, position);
    }
  }
}

size_t ConsumerGroup::Wanted() const {
  const size_t window = WindowOf(settings_);
  if (parked_.size() >= limits::kGroupParked) return 0;
  return window - std::min(window, progress_.unsettled());
}

void ConsumerGroup::Feed(Position position, std::string_view key,
                         absl::Time recorded_at) {
  const Position cursor = progress_.cursor();
  if (progress_.Add(position)) {
    const auto retry = retries_.find(position);
    queue_.Add(position, key, recorded_at,
               retry == retries_.end() ? absl::InfinitePast()
                                       : retry->second.not_before);
  }
  if (progress_.cursor() != cursor) changed_.place = true;
}

void ConsumerGroup::ScannedTo(Position position) {
  const Position cursor = progress_.cursor();
  progress_.ScannedTo(position);
  if (progress_.cursor() != cursor) changed_.place = true;
}

uint64_t ConsumerGroup::Join(MemberRoom room) {
  members_[++last_member_].room = room;
  return last_member_;
}

void ConsumerGroup::Leave(uint64_t member) { members_.erase(member); }

void ConsumerGroup::Hold(uint64_t member, bool held) {
  const auto at = members_.find(member);
  if (at != members_.end()) at->second.held = held;
}

ConsumerGroup::Member* ConsumerGroup::NextMember() {
  auto at = members_.upper_bound(last_given_);
  for (size_t i = 0; i < members_.size(); ++i, ++at) {
    if (at == members_.end()) at = members_.begin();
    if (!at->second.held && at->second.open < at->second.room.open_leases) {
      last_given_ = at->first;
      return &at->second;
    }
  }
  return nullptr;
}

std::vector<Delivery> ConsumerGroup::Give(absl::Time now) {
  Expire(now);
  std::vector<Delivery> deliveries;
  while (queue_.ready() > 0 && queue_.out() < settings_.in_flight) {
    Member* member = NextMember();
    if (member == nullptr) break;
    deliveries.push_back(GiveTo(last_given_, *member, now));
  }
  return deliveries;
}

Delivery ConsumerGroup::GiveTo(uint64_t id, Member& member, absl::Time now) {
  Delivery delivery;
  delivery.member = id;
  std::vector<Position> positions;
  while (positions.size() < member.room.batch &&
         queue_.out() < settings_.in_flight) {
    const std::optional<Position> position = queue_.Take();
    if (!position.has_value()) break;
    positions.push_back(*position);
    uint32_t failed = 0;
    if (IsReplayed(*position)) {
      failed = parked_.at(*position).retry.attempts;
    } else if (const auto retry = retries_.find(*position);
               retry != retries_.end()) {
      failed = retry->second.attempts;
    }
    if (failed > 0) ++redelivered_;
    delivery.events.push_back({*position, failed + 1});
  }
  const Lease& lease =
      leases_.Open(id, now + settings_.lease, std::move(positions));
  delivery.lease = LeaseToken(incarnation_, lease.number);
  delivery.lease_ends = lease.ends;
  ++member.open;
  return delivery;
}

void ConsumerGroup::TakeBack(std::string_view token, Position from) {
  const auto number = LeaseNumber(incarnation_, token);
  if (!number.has_value() || !leases_.GoesOn(*number)) return;
  Lease& lease = *leases_.Find(*number);
  std::vector<LeasedPosition> left;
  for (const LeasedPosition& event : lease.events) {
    if (event.outcome != Outcome::kNone || event.position < from) {
      left.push_back(event);
      continue;
    }
    --lease.open;
    queue_.PutBack(event.position, absl::InfinitePast());
  }
  Keep(lease, std::move(left));
}

void ConsumerGroup::Withhold(std::string_view token,
                             absl::Span<const Position> positions) {
  const auto number = LeaseNumber(incarnation_, token);
  if (!number.has_value() || !leases_.GoesOn(*number)) return;
  const absl::btree_set<Position> withheld(positions.begin(), positions.end());
  Lease& lease = *leases_.Find(*number);
  std::vector<LeasedPosition> left;
  for (const LeasedPosition& event : lease.events) {
    if (event.outcome != Outcome::kNone || !withheld.contains(event.position)) {
      left.push_back(event);
      continue;
    }
    --lease.open;
    Settle(event.position);
  }
  Keep(lease, std::move(left));
}

void ConsumerGroup::Keep(Lease& lease, std::vector<LeasedPosition> left) {
  lease.events = std::move(left);
  if (lease.open > 0) return;
  IsOver(lease);
  if (lease.events.empty()) {
    leases_.Take(lease.number);  // there is nothing to remember
  } else {
    leases_.Settle(lease.number);
  }
}

bool ConsumerGroup::Waits(std::string_view token, bool waits) {
  const auto number = LeaseNumber(incarnation_, token);
  if (!number.has_value() || !leases_.GoesOn(*number)) return false;
  leases_.Find(*number)->waits = waits;
  return true;
}

absl::StatusOr<Lease*> ConsumerGroup::FindLease(std::string_view token) {
  const auto number = LeaseNumber(incarnation_, token);
  if (!number.has_value()) {
    return LeaseEnded(token, "is not one of this group since it was started");
  }
  Lease* lease = leases_.Find(*number);
  if (lease == nullptr) return LeaseEnded(token, "is over");
  return lease;
}

absl::Status ConsumerGroup::Acknowledge(const Acknowledgement& said,
                                        absl::Time now) {
  Expire(now);
  ASSIGN_OR_RETURN(Lease * lease, FindLease(said.lease));
  ASSIGN_OR_RETURN(const std::vector<Outcome> outcomes,
                   OutcomesOf(*lease, said));
  std::map<Position, std::string_view> reasons;
  for (const auto& refusal : said.refused) {
    reasons.emplace(refusal.position, refusal.reason);
  }
  for (size_t i = 0; i < outcomes.size(); ++i) {
    LeasedPosition& event = lease->events[i];
    if (event.outcome == outcomes[i]) continue;
    event.outcome = outcomes[i];
    --lease->open;
    if (event.outcome == Outcome::kDone) {
      Settle(event.position);
    } else {
      const uint32_t failed = RetryOf(event.position).attempts + 1;
      Fail(event.position, reasons.at(event.position),
           event.outcome == Outcome::kRefusedForGood,
           InMicros(now + DelayAfter(settings_, failed)), now);
    }
  }
  if (lease->open == 0 && leases_.GoesOn(lease->number)) {
    IsOver(*lease);
    leases_.Settle(lease->number);
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> ConsumerGroup::ExtendLease(std::string_view token,
                                                      absl::Time now) {
  Expire(now);
  ASSIGN_OR_RETURN(const Lease* lease, FindLease(token));
  if (!leases_.GoesOn(lease->number)) {
    return LeaseEnded(token, "is over, as everything was said");
  }
  const absl::Time ends = now + settings_.lease;
  leases_.Extend(lease->number, ends);
  return ends;
}

void ConsumerGroup::Expire(absl::Time now) {
  while (const auto number = leases_.EndedAt(now)) {
    const Lease lease = leases_.Take(*number);
    IsOver(lease);
    for (const LeasedPosition& event : lease.events) {
      if (event.outcome != Outcome::kNone) continue;
      if (lease.waits) {
        queue_.PutBack(event.position, absl::InfinitePast());
      } else {
        Fail(event.position, "", false, absl::InfinitePast(), now);
      }
    }
  }
  queue_.Advance(now);
}

absl::Time ConsumerGroup::NextDeadline() const {
  return std::min(leases_.NextEnd(), queue_.NextInstant());
}

void ConsumerGroup::Settle(Position position) {
  queue_.Remove(position);
  changed_.place = true;
  if (IsReplayed(position)) {
    parked_.erase(position);
    --replaying_;
    changed_.parked.insert(position);
  } else {
    retries_.erase(position);
    progress_.Settle(position);
  }
}

Retry& ConsumerGroup::RetryOf(Position position) {
  const auto replayed = parked_.find(position);
  return replayed != parked_.end() ? replayed->second.retry
                                   : retries_[position];
}

void ConsumerGroup::Fail(Position position, std::string_view reason, bool park,
                         absl::Time not_before, absl::Time now) {
  Retry& retry = RetryOf(position);
  ++retry.attempts;
  if (park || retry.attempts >= settings_.attempts) {
    return Park(position, retry.attempts, reason, now);
  }
  retry.not_before = not_before;
  queue_.PutBack(position, not_before);
  changed_.place = true;
  if (IsReplayed(position)) changed_.parked.insert(position);
}

void ConsumerGroup::Park(Position position, uint32_t attempts,
                         std::string_view reason, absl::Time now) {
  const std::string key = queue_.KeyOf(position);
  if (IsReplayed(position)) {
    --replaying_;
  } else {
    retries_.erase(position);
    progress_.Settle(position);
  }
  // Blocked first, so that no later event of the key has a turn between.
  if (settings_.block_key_while_parked) queue_.Block(key, position);
  queue_.Remove(position);
  Parked& parked = parked_[position];
  parked = {};
  parked.key = key;
  parked.attempts = attempts;
  parked.reason = reason;
  parked.parked_at = InMicros(now);
  changed_.place = true;
  changed_.parked.insert(position);
}

void ConsumerGroup::IsOver(const Lease& lease) {
  const auto member = members_.find(lease.member);
  if (member != members_.end()) --member->second.open;
}

std::vector<Position> ConsumerGroup::OnlyParked(
    std::optional<absl::Span<const Position>> positions) const {
  std::vector<Position> chosen;
  const auto choose = [&](Position position, const Parked& parked) {
    if (!parked.replaying) chosen.push_back(position);
  };
  if (!positions.has_value()) {
    for (const auto& [position, parked] : parked_) choose(position, parked);
    return chosen;
  }
  const absl::btree_set<Position> once(positions->begin(), positions->end());
  for (const Position position : once) {
    const auto at = parked_.find(position);
    if (at != parked_.end()) choose(position, at->second);
  }
  return chosen;
}

size_t ConsumerGroup::ReplayParked(
    std::optional<absl::Span<const Position>> positions) {
  const std::vector<Position> chosen = OnlyParked(positions);
  for (const Position position : chosen) {
    Parked& parked = parked_.at(position);
    std::string key = std::move(parked.key);
    parked = {};
    parked.key = std::move(key);
    parked.replaying = true;
    ++replaying_;
    queue_.Add(position, parked.key, absl::InfinitePast());
    queue_.Unblock(parked.key, position);
    changed_.place = true;
    changed_.parked.insert(position);
  }
  return chosen.size();
}

size_t ConsumerGroup::DropParked(
    std::optional<absl::Span<const Position>> positions) {
  const std::vector<Position> chosen = OnlyParked(positions);
  for (const Position position : chosen) {
    const auto at = parked_.find(position);
    queue_.Unblock(at->second.key, position);
    parked_.erase(at);
    changed_.place = true;
    changed_.parked.insert(position);
  }
  return chosen.size();
}

std::vector<CursorEntry> ConsumerGroup::TakeChanges() {
  SAMVERK_CHECK(!taken_.place) << "what was taken last is not stored yet";
  std::vector<CursorEntry> entries;
  if (!changed_.place) return entries;
  if (changed_.settings) {
    entries.push_back({SettingsKey(name_), EncodeSettings(settings_)});
  }
  entries.push_back(
      {PlaceKey(name_),
       EncodePlace({progress_.cursor(), progress_.settled(), retries_})});
  for (const Position position : changed_.parked) {
    const auto at = parked_.find(position);
    entries.push_back(
        {ParkedKey(name_, position),
         at == parked_.end() ? std::string() : EncodeParked(at->second)});
  }
  taken_ = std::move(changed_);
  changed_ = {};
  return entries;
}

void ConsumerGroup::NotStored() {
  changed_.place |= taken_.place;
  changed_.settings |= taken_.settings;
  changed_.parked.merge(taken_.parked);
  taken_ = {};
}

}  // namespace samverk::bus
