#include "eventstore/bus/delivery_queue.h"

#include "eventstore/base/check.h"

namespace samverk::bus {

void DeliveryQueue::Add(Position position, std::string_view key,
                        absl::Time recorded_at, absl::Time not_before) {
  Keys::value_type& of = Find(key);
  Event event;
  event.key = &of;
  event.recorded_at = recorded_at;
  event.not_before = not_before;
  const bool added = events_.emplace(position, event).second;
  SAMVERK_CHECK(added) << "an event is added once";
  of.second.events.insert(position);
  Turn(of);
}

std::optional<Position> DeliveryQueue::Take() {
  if (ready_.empty()) return std::nullopt;
  const Position position = *ready_.begin();
  Event& event = events_.at(position);
  Withdraw(position, event);
  event.given = true;
  event.out = true;
  ++out_;
  return position;
}

void DeliveryQueue::PutBack(Position position, absl::Time not_before) {
  Event& event = events_.at(position);
  SAMVERK_CHECK(event.out) << "only what is out comes back";
  event.out = false;
  --out_;
  event.not_before = not_before;
  Offer(position, event);
}

void DeliveryQueue::Remove(Position position) {
  const auto at = events_.find(position);
  SAMVERK_CHECK(at != events_.end()) << "only what is here is removed";
  Keys::value_type& key = *at->second.key;
  if (at->second.out) {
    --out_;
  } else if (key.second.turn == position) {
    Withdraw(position, at->second);
  }
  if (key.second.turn == position) key.second.turn.reset();
  key.second.events.erase(position);
  events_.erase(at);
  Turn(key);
}

void DeliveryQueue::Block(std::string_view key, Position position) {
  Keys::value_type& of = Find(key);
  of.second.blocked_at.insert(position);
  Turn(of);
}

void DeliveryQueue::Unblock(std::string_view key, Position position) {
  Keys::value_type& of = Find(key);
  of.second.blocked_at.erase(position);
  Turn(of);
}

void DeliveryQueue::Advance(absl::Time now) {
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    const Position position = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    events_.at(position).not_before = absl::InfinitePast();
    ready_.insert(position);
  }
}

absl::Time DeliveryQueue::NextInstant() const {
  return waiting_.empty() ? absl::InfiniteFuture() : waiting_.begin()->first;
}

const std::string& DeliveryQueue::KeyOf(Position position) const {
  return events_.at(position).key->first;
}

absl::Time DeliveryQueue::RecordedAt(Position position) const {
  return events_.at(position).recorded_at;
}

DeliveryQueue::Keys::value_type& DeliveryQueue::Find(std::string_view key) {
  const auto found = keys_.find(key);
  if (found != keys_.end()) return *found;
  return *keys_.emplace(std::string(key), Key()).first;
}

void DeliveryQueue::Turn(Keys::value_type& of) {
  Key& key = of.second;
  if (key.turn.has_value() && events_.at(*key.turn).given) return;  // Q1
  std::optional<Position> next;
  if (!key.events.empty()) next = *key.events.begin();
  if (next.has_value() && !key.blocked_at.empty() &&
      *key.blocked_at.begin() < *next) {
    next.reset();  // Q3
  }
  if (next != key.turn) {
    if (key.turn.has_value()) Withdraw(*key.turn, events_.at(*key.turn));
    key.turn = next;
    if (next.has_value()) Offer(*next, events_.at(*next));
  }
  if (key.events.empty() && key.blocked_at.empty()) keys_.erase(of.first);
}

void DeliveryQueue::Offer(Position position, const Event& event) {
  if (event.not_before == absl::InfinitePast()) {
    ready_.insert(position);
  } else {
    waiting_.emplace(event.not_before, position);
  }
}

void DeliveryQueue::Withdraw(Position position, const Event& event) {
  if (event.not_before == absl::InfinitePast()) {
    ready_.erase(position);
  } else {
    waiting_.erase({event.not_before, position});
  }
}

}  // namespace samverk::bus
