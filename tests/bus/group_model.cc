#include "tests/bus/group_model.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace samverk::bus {
namespace {

absl::Time Micros(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

// A doubling, as it is said in words.
absl::Duration Delay(const GroupSettings& settings, uint32_t failed) {
  absl::Duration delay = settings.first_delay;
  while (--failed > 0) delay = std::min(2 * delay, settings.longest_delay);
  return delay;
}

}  // namespace

bool GroupModel::Lease::Settled() const {
  return std::none_of(said.begin(), said.end(),
                      [](const auto& each) { return each.second == 0; });
}

void GroupModel::Appended(uint64_t position, std::string key) {
  events_[position].key = std::move(key);
}

uint64_t GroupModel::Cursor() const {
  for (const auto& [position, event] : events_) {
    if (position > scanned_to_) break;
    if (!IsSettled(event)) return position - 1;
  }
  return scanned_to_;
}

size_t GroupModel::OpenLeases(uint64_t member) const {
  return std::count_if(leases_.begin(), leases_.end(), [&](const auto& each) {
    return each.second.member == member && !each.second.taken &&
           !each.second.Settled();
  });
}

size_t GroupModel::InFlight() const {
  return std::count_if(events_.begin(), events_.end(), [](const auto& each) {
    return !each.second.lease.empty();
  });
}

GroupModel::Wrong GroupModel::MayGive(uint64_t position,
                                      const GroupSettings& settings,
                                      absl::Time now) const {
  const auto at = events_.find(position);
  if (at == events_.end()) return "it does not match";
  const Event& event = at->second;
  if (event.fate == Fate::kDone) return "it was acknowledged";
  if (!IsToGive(event)) return "it is parked or dropped";
  if (position > scanned_to_ && event.fate == Fate::kUnsettled) {
    return "it was not read";
  }
  if (!event.lease.empty()) return "another member has it";
  if (event.not_before > now) return "its delay is not over";
  for (const auto& [other_position, other] : events_) {
    if (other_position == position || other.key != event.key) continue;
    if (other_position > scanned_to_ && other.fate == Fate::kUnsettled) {
      continue;  // not read
    }
    if (IsToGive(other) && other.given) return "another of its key is out";
    if (event.given || other_position > position) continue;
    if (IsToGive(other)) return "an earlier one of its key was not given";
    if (settings.block_key_while_parked && other.fate == Fate::kParked) {
      return "an earlier one of its key is parked";
    }
  }
  return "";
}

GroupModel::Wrong GroupModel::Given(const std::vector<Delivery>& deliveries,
                                    const GroupSettings& settings,
                                    absl::Time now) {
  Expire(settings, now);
  for (const Delivery& delivery : deliveries) {
    if (!members.contains(delivery.member)) return "a member that is gone";
    const MemberRoom& room = members.at(delivery.member).room;
    if (delivery.events.empty()) return "an empty lease";
    if (delivery.events.size() > room.batch) return "a batch beyond its room";
    if (leases_.contains(delivery.lease)) return "a lease's name twice";
    if (delivery.lease_ends != now + settings.lease) return "another term";
    Lease lease;
    lease.member = delivery.member;
    lease.ends = delivery.lease_ends;
    uint64_t last = 0;
    for (const Delivery::Event& given : delivery.events) {
      const uint64_t position = given.position.value();
      if (position <= last) return "events not in order";
      last = position;
      const Wrong wrong = MayGive(position, settings, now);
      if (!wrong.empty()) {
        return absl::StrCat("position ", position, " was given: ", wrong);
      }
      Event& event = events_.at(position);
      if (given.attempt != event.failed + 1) {
        return absl::StrCat("position ", position, " attempt ", given.attempt,
                            ", must be ", event.failed + 1);
      }
      event.lease = delivery.lease;
      event.given = true;
      lease.said[position] = 0;
    }
    leases_[delivery.lease] = lease;
    if (OpenLeases(delivery.member) > room.open_leases) {
      return "more leases than its room";
    }
  }
  if (!deliveries.empty() && InFlight() > settings.in_flight) {
    return "more in flight than allowed";
  }
  // Nothing that could be given waits.
  if (InFlight() >= settings.in_flight) return "";
  const bool room =
      std::any_of(members.begin(), members.end(), [&](const auto& member) {
        return OpenLeases(member.first) < member.second.room.open_leases;
      });
  if (!room) return "";
  for (const auto& [position, event] : events_) {
    if (MayGive(position, settings, now).empty()) {
      return absl::StrCat("position ", position, " could be given, but is not");
    }
  }
  return "";
}

void GroupModel::TakenBack(const std::string& name, uint64_t from) {
  const auto lease = leases_.find(name);
  if (lease == leases_.end() || lease->second.taken) return;
  std::erase_if(lease->second.said, [&](const auto& each) {
    const auto& [position, said] = each;
    if (said != 0 || position < from) return false;
    events_.at(position).lease.clear();
    events_.at(position).not_before = absl::InfinitePast();
    return true;
  });
  // Nobody was told of it.
  if (lease->second.said.empty()) lease->second.taken = true;
}

bool GroupModel::Waits(const std::string& name, bool waits, absl::Time now) {
  const bool goes_on = GoesOn(name, now);
  if (goes_on) leases_.at(name).waits = waits;
  return goes_on;
}

bool GroupModel::GoesOn(const std::string& name, absl::Time now) const {
  const auto lease = leases_.find(name);
  return lease != leases_.end() && !lease->second.taken &&
         !lease->second.Settled() && lease->second.ends > now;
}

bool GroupModel::MayAcknowledge(const Acknowledgement& said,
                                absl::Time now) const {
  const auto at = leases_.find(said.lease);
  if (at == leases_.end() || at->second.taken) return false;
  const Lease& lease = at->second;
  if (lease.ends <= now && !lease.Settled()) return false;
  std::map<uint64_t, char> claims;
  const auto claim = [&](uint64_t position, char what) {
    const auto before = lease.said.find(position);
    if (before == lease.said.end()) return false;
    if (before->second != 0 && before->second != what) return false;
    return claims.emplace(position, what).first->second == what;
  };
  bool fine = true;
  for (const Position p : said.done) fine &= claim(p.value(), 'd');
  for (const auto& refusal : said.refused) {
    fine &= claim(refusal.position.value(), refusal.park ? 'p' : 'r');
  }
  return fine;
}

void GroupModel::Acknowledged(const Acknowledgement& said,
                              const GroupSettings& settings, absl::Time now) {
  Expire(settings, now);
  Lease& lease = leases_.at(said.lease);
  const auto done = [&](uint64_t position) {
    lease.said.at(position) = 'd';
    Event& event = events_.at(position);
    event.lease.clear();
    event.given = false;
    event.failed = 0;
    event.not_before = absl::InfinitePast();
    event.fate = Fate::kDone;
  };
  for (const auto& refusal : said.refused) {
    const uint64_t position = refusal.position.value();
    if (lease.said.at(position) != 0) continue;
    lease.said.at(position) = refusal.park ? 'p' : 'r';
    const uint32_t failed = events_.at(position).failed + 1;
    Fail(position, refusal.reason, refusal.park,
         Micros(now + Delay(settings, failed)), settings, now);
  }
  for (const Position p : said.done) {
    if (lease.said.at(p.value()) == 0) done(p.value());
  }
  if (!said.all_done) return;
  for (auto& [position, what] : lease.said) {
    if (what == 0) done(position);
  }
}

void GroupModel::Extended(const std::string& lease, absl::Time ends) {
  leases_.at(lease).ends = ends;
}

void GroupModel::Fail(uint64_t position, const std::string& reason, bool park,
                      absl::Time not_before, const GroupSettings& settings,
                      absl::Time now) {
  Event& event = events_.at(position);
  event.lease.clear();
  ++event.failed;
  event.not_before = not_before;
  if (!park && event.failed < settings.attempts) return;
  event.fate = Fate::kParked;
  event.given = false;
  event.not_before = absl::InfinitePast();
  event.reason = reason;
  event.parked_at = Micros(now);
}

void GroupModel::Expire(const GroupSettings& settings, absl::Time now) {
  for (auto& [name, lease] : leases_) {
    if (lease.taken || lease.Settled() || lease.ends > now) continue;
    lease.taken = true;
    for (const auto& [position, said] : lease.said) {
      if (said != 0) continue;
      if (lease.waits) {
        events_.at(position).lease.clear();
        events_.at(position).not_before = absl::InfinitePast();
      } else {
        Fail(position, "", false, absl::InfinitePast(), settings, now);
      }
    }
  }
}

size_t GroupModel::Replayed(const std::vector<Position>* positions) {
  size_t count = 0;
  for (auto& [position, event] : events_) {
    if (event.fate != Fate::kParked) continue;
    if (positions != nullptr && std::count(positions->begin(), positions->end(),
                                           Position(position)) == 0) {
      continue;
    }
    ++count;
    event.fate = Fate::kReplaying;
    event.failed = 0;
    event.reason.clear();
  }
  return count;
}

size_t GroupModel::Dropped(const std::vector<Position>* positions) {
  size_t count = 0;
  for (auto& [position, event] : events_) {
    if (event.fate != Fate::kParked) continue;
    if (positions != nullptr && std::count(positions->begin(), positions->end(),
                                           Position(position)) == 0) {
      continue;
    }
    ++count;
    event.fate = Fate::kDropped;
  }
  return count;
}

void GroupModel::Restarted(const Snapshot& stored) {
  // What has come since is new.
  for (auto& [position, event] : events_) {
    const auto at = stored.events.find(position);
    Event before;
    before.key = event.key;
    event = at == stored.events.end() ? before : at->second;
    event.lease.clear();
    event.given = false;
  }
  scanned_to_ = stored.cursor;
  leases_.clear();
  members.clear();
}

GroupModel::Wrong GroupModel::Compare(const ConsumerGroup& group,
                                      absl::Time now) const {
  const GroupState state = group.state();
  const StoredGroup stored = group.stored();
  if (state.cursor.value() != Cursor()) {
    return absl::StrCat("cursor ", state.cursor.value(), ", must be ",
                        Cursor());
  }
  size_t unsettled = 0;
  size_t parked = 0;
  for (const auto& [position, event] : events_) {
    const Position p(position);
    const auto aside = group.parked().find(p);
    const bool is_aside =
        event.fate == Fate::kParked || event.fate == Fate::kReplaying;
    if ((aside != group.parked().end()) != is_aside) {
      return absl::StrCat("position ", position, " is parked, or is not");
    }
    if (is_aside) {
      const Parked& entry = aside->second;
      const bool replaying = event.fate == Fate::kReplaying;
      if (entry.replaying != replaying || entry.key != event.key ||
          (replaying ? entry.retry.attempts : entry.attempts) != event.failed ||
          (!replaying && (entry.reason != event.reason ||
                          entry.parked_at != event.parked_at))) {
        return absl::StrCat("position ", position, " is parked otherwise");
      }
      ++parked;
    }
    const auto retry = stored.place.retries.find(p);
    const uint32_t failed =
        retry == stored.place.retries.end() ? 0 : retry->second.attempts;
    if (event.fate == Fate::kUnsettled && failed != event.failed) {
      return absl::StrCat("position ", position, " has failed ", failed,
                          " times, must be ", event.failed);
    }
    // Whether the stored form says that it is settled.
    bool settled = p <= stored.place.cursor;
    for (const PositionRange& range : stored.place.settled) {
      settled |= range.from <= p && p <= range.to;
    }
    if (settled != IsSettled(event)) {
      return absl::StrCat("position ", position, settled ? " is" : " is not",
                          " settled in the stored form");
    }
    if (position > scanned_to_ && !IsSettled(event)) continue;
    if (!IsSettled(event)) ++unsettled;
    if (IsToGive(event) && event.given && event.lease.empty() &&
        event.not_before > now && group.NextDeadline() > event.not_before) {
      return absl::StrCat("no deadline for position ", position);
    }
  }
  if (state.in_flight != InFlight()) return "another number in flight";
  if (state.unsettled != unsettled) return "another number unsettled";
  if (state.parked + state.replaying != parked) return "other parked ones";
  if (parked != group.parked().size()) return "parked ones that are not there";
  const size_t window = WindowOf(group.settings());
  if (group.Wanted() != window - std::min(window, unsettled)) {
    return "another number is wanted";
  }
  for (const auto& [name, lease] : leases_) {
    if (!lease.taken && !lease.Settled() && group.NextDeadline() > lease.ends) {
      return "no deadline for a lease";
    }
  }
  return "";
}

GroupModel::Wrong GroupModel::CompareAtEnd(uint64_t head) const {
  if (Cursor() != head) {
    return absl::StrCat("the cursor stays at ", Cursor(), " below the head ",
                        head);
  }
  for (const auto& [position, event] : events_) {
    if (event.fate != Fate::kDone && event.fate != Fate::kDropped) {
      return absl::StrCat("position ", position, " is lost");
    }
  }
  return "";
}

}  // namespace samverk::bus
