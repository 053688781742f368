#include "eventstore/bus/running_group.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/bus/event_key.h"
#include "eventstore/limits.h"
#include "eventstore/store_errors.h"

namespace samverk::bus {
namespace {

// Progress that nobody waits for is stored after so long: what would have to be
// read again after a crash.
constexpr absl::Duration kStoreProgress = absl::Seconds(5);
// After the log could not be read.
constexpr absl::Duration kTryAgain = absl::Seconds(1);
// Events so close to each other are read at once, with those between them.
constexpr uint64_t kReadTogether = 64;

absl::Status Deleted(const std::string& name) {
  return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                   absl::StrCat("consumer group ", name, " was deleted"),
                   {{"group", name}});
}

absl::Status TooManyMembers(const std::string& name) {
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
      absl::StrCat("consumer group ", name, " has ", limits::kGroupMembers,
                   " members, and may have no more; end one, or come again "
                   "later"),
      {{"group", name}, {"members", absl::StrCat(limits::kGroupMembers)}});
}

absl::Status TooManyParked(const std::string& name) {
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_LIMIT_EXCEEDED,
      absl::StrCat(limits::kGroupParked,
                   " events are parked, and no more are read until some are "
                   "replayed or dropped"),
      {{"what", absl::StrCat("parked events of ", name)},
       {"value", absl::StrCat(limits::kGroupParked)},
       {"limit", absl::StrCat(limits::kGroupParked)}});
}

// The same error, with the event that it is about.
absl::Status At(Position position, const absl::Status& why) {
  const std::string where = absl::StrCat("position ", position.value());
  return MakeError(why.code(), ReasonOf(why),
                   absl::StrCat(where, ": ", why.message()),
                   {{"where", where}});
}

}  // namespace

RunningGroup::RunningGroup(GroupSurroundings surroundings,
                           std::unique_ptr<ConsumerGroup> group)
    : at_(std::move(surroundings)),
      name_(group->name()),
      group_(std::move(group)) {}

void RunningGroup::Ask(Change change, Answer answer) {
  absl::Status refused;
  {
    MutexLock lock(mu_);
    if (!closed_.ok()) {
      refused = closed_;
    } else if (asked_.size() >= limits::kAppendQueue) {
      refused = QueueFull(asked_.size(), 0);
    } else {
      refused = change(*group_, at_.clock->Now());
      if (refused.ok()) asked_.push_back(std::move(answer));
    }
  }
  if (!refused.ok()) return answer(std::move(refused));
  Write();
  at_.wake(name_);
}

void RunningGroup::Look(absl::FunctionRef<void(const ConsumerGroup&)> look) {
  MutexLock lock(mu_);
  look(*group_);
}

void RunningGroup::Withhold(const std::string& lease,
                            const std::vector<Position>& positions) {
  {
    MutexLock lock(mu_);
    group_->Withhold(lease, positions);
    changed_since_ = std::min(changed_since_, at_.clock->Now());
  }
  at_.wake(name_);  // its member may have room again
}

size_t RunningGroup::WithMembers() {
  MutexLock lock(mu_);
  const size_t leased = group_->state().in_flight;
  return leased - std::min(leased, on_their_way_);
}

absl::Status RunningGroup::problem() {
  MutexLock lock(mu_);
  if (problem_.ok() && group_->state().too_many_parked) {
    return TooManyParked(name_);
  }
  return problem_;
}

absl::StatusOr<uint64_t> RunningGroup::Join(
    MemberRoom room, std::shared_ptr<GroupMember> member) {
  uint64_t id = 0;
  {
    MutexLock lock(mu_);
    RETURN_IF_ERROR(closed_);
    if (members_.size() >= limits::kGroupMembers) return TooManyMembers(name_);
    id = group_->Join(room);
    members_[id].member = std::move(member);
  }
  at_.wake(name_);
  return id;
}

void RunningGroup::Leave(uint64_t member) {
  MutexLock lock(mu_);
  group_->Leave(member);
  members_.erase(member);
}

void RunningGroup::Unsent(uint64_t member, int64_t bytes) {
  {
    MutexLock lock(mu_);
    const auto at = members_.find(member);
    if (at == members_.end()) return;
    const bool was_full = at->second.IsFull();
    at->second.unsent += bytes;
    if (at->second.IsFull() == was_full) return;
    group_->Hold(member, !was_full);
    if (!was_full) return;
  }
  at_.wake(name_);  // it has room again
}

bool RunningGroup::Waits(const std::string& lease, bool waits) {
  MutexLock lock(mu_);
  return group_->Waits(lease, waits);
}

bool RunningGroup::Work() {
  bool read = false;
  bool give = false;
  uint64_t failures = 0;
  {
    MutexLock lock(mu_);
    const absl::Time now = at_.clock->Now();
    read = closed_.ok() && now >= read_again_;
    give = closed_.ok() && now >= give_again_;
    failures = failures_;
  }
  bool more = false;
  if (read) more = Read(read);
  if (give) more |= Give();
  if (read && give) {
    // Both were tried. That the time to try again has come says nothing: one
    // may have failed, and the other have taken that long.
    MutexLock lock(mu_);
    if (failures_ == failures) problem_ = absl::OkStatus();
  }
  Write();
  return more;
}

bool RunningGroup::Read(bool& tried) {
  struct Found {
    Position position;
    std::string key;
    absl::Time recorded_at;
  };
  ReadOptions options;
  std::string key;
  bool is_given = false;
  Position cursor;
  {
    MutexLock lock(mu_);
    options.limit = static_cast<uint32_t>(
        std::min<size_t>(group_->Wanted(), limits::kReadPageDefault));
    options.after = group_->scanned_to();
    options.query = group_->settings().query;
    key = group_->settings().key;
    is_given = !members_.empty();
    cursor = group_->state().cursor;
  }
  read_ahead_.ForgetUpTo(cursor);
  if (!is_given) read_ahead_.Clear();
  tried = options.limit > 0;
  if (!tried || options.after >= at_.store->Head()) return false;
  std::vector<Found> found;
  absl::Status damaged;
  const auto end = at_.store->Visit(options, [&](const RecordView& record) {
    if (!damaged.ok()) return false;
    const auto body = DecodeBody(record.body());
    if (!body.ok()) {
      damaged = At(record.position(), body.status());
      return found.empty();  // the first must be taken
    }
    found.push_back({record.position(), std::string(EventKey(*body, key)),
                     absl::FromUnixMicros(record.header().recorded_at_us)});
    if (is_given) read_ahead_.Keep(record);
    return true;
  });
  MutexLock lock(mu_);
  for (const Found& event : found) {
    group_->Feed(event.position, event.key, event.recorded_at);
  }
  if (damaged.ok()) damaged = end.status();
  if (!damaged.ok()) {
    Failed(damaged, read_again_);
    return false;
  }
  group_->ScannedTo(end->scanned_to);
  return !end->end && group_->Wanted() > 0;
}

void RunningGroup::Failed(const absl::Status& status, absl::Time& again) {
  problem_ = status;
  ++failures_;
  again = at_.clock->Now() + kTryAgain;
}

bool RunningGroup::Give() {
  std::vector<Delivery> deliveries;
  std::vector<std::shared_ptr<GroupMember>> members;
  {
    MutexLock lock(mu_);
    const absl::Time now = at_.clock->Now();
    deliveries = group_->Give(now);
    for (const Delivery& delivery : deliveries) {
      members.push_back(members_.at(delivery.member).member);
      on_their_way_ += delivery.events.size();
    }
    if (group_->changed()) changed_since_ = std::min(changed_since_, now);
  }
  bool more = false;
  for (size_t i = 0; i < deliveries.size(); ++i) {
    Delivery& delivery = deliveries[i];
    if (!HasRoom(delivery)) {
      more = true;  // for others
      continue;
    }
    auto events = Fetch(delivery);
    if (!events.ok()) {
      MutexLock lock(mu_);
      group_->TakeBack(delivery.lease);
      Failed(events.status(), give_again_);
      continue;
    }
    if (events->size() < delivery.events.size()) {
      // The rest comes under another lease.
      MutexLock lock(mu_);
      group_->TakeBack(delivery.lease,
                       delivery.events[events->size()].position);
      delivery.events.resize(events->size());
      more = true;
    }
    if (members[i]->Deliver(delivery, *std::move(events))) continue;
    // Whoever does not take what there was room for takes no more.
    MutexLock lock(mu_);
    group_->TakeBack(delivery.lease);
    group_->Leave(delivery.member);
    members_.erase(delivery.member);
    more = true;
  }
  MutexLock lock(mu_);
  on_their_way_ = 0;
  return more;
}

bool RunningGroup::HasRoom(const Delivery& delivery) {
  MutexLock lock(mu_);
  const auto member = members_.find(delivery.member);
  if (member == members_.end() || !member->second.IsFull()) return true;
  group_->TakeBack(delivery.lease);
  return false;
}

absl::StatusOr<std::vector<RecordedEvent>> RunningGroup::Fetch(
    const Delivery& delivery) {
  std::vector<RecordedEvent> events;
  events.reserve(delivery.events.size());
  size_t bytes = 0;
  bool full = false;
  const auto position = [&](size_t i) { return delivery.events[i].position; };
  while (!full && events.size() < delivery.events.size()) {
    const size_t first = events.size();
    if (auto kept = read_ahead_.Take(position(first)); kept.has_value()) {
      bytes += kept->record().size();
      full = bytes > limits::kReadPageBytes && !events.empty();
      if (!full) events.push_back(*std::move(kept));
      continue;
    }
    size_t last = first;
    while (last + 1 < delivery.events.size() &&
           !read_ahead_.Has(position(last + 1)) &&
           position(last + 1).value() - position(last).value() <=
               kReadTogether) {
      ++last;
    }
    ReadOptions options;
    options.after = Position(position(first).value() - 1);
    options.before = position(last).Next();
    options.limit = limits::kReadPage;
    const auto end = at_.store->Visit(options, [&](const RecordView& record) {
      if (full || events.size() > last ||
          record.position() != position(events.size())) {
        return true;
      }
      bytes += record.record().size();
      full = bytes > limits::kReadPageBytes && !events.empty();
      if (!full) events.emplace_back(record);
      return true;
    });
    RETURN_IF_ERROR(end.status());
    if (!full && events.size() == first) {
      return DataDamaged(absl::StrCat("position ", position(first).value()),
                         "the event is not there");
    }
  }
  return events;
}

absl::Time RunningGroup::NextDeadline() {
  MutexLock lock(mu_);
  if (!closed_.ok()) return absl::InfiniteFuture();
  absl::Time next = group_->NextDeadline();
  if (!writing_) next = std::min(next, changed_since_ + kStoreProgress);
  if (!problem_.ok()) next = std::min(next, std::max(read_again_, give_again_));
  return next;
}

void RunningGroup::Write() {
  std::vector<Answer> answered;
  std::vector<CursorEntry> entries;
  Position cursor;
  {
    MutexLock lock(mu_);
    if (writing_) return;  // R1
    cursor = group_->state().cursor;
    const bool due = at_.clock->Now() >= changed_since_ + kStoreProgress;
    if (forgotten_ != nullptr) {
      entries = group_->TakeChanges();
      for (CursorEntry& entry : ForgetGroup(name_, group_->stored())) {
        entries.push_back(std::move(entry));
      }
      for (CursorEntry& entry : entries) entry.value.clear();
      forgetting_ = std::exchange(forgotten_, nullptr);
    } else if (closed_.ok() && (!asked_.empty() || due)) {
      entries = group_->TakeChanges();
    }
    if (!entries.empty()) {
      writing_ = true;
      ++under_way_;
      being_written_ = cursor;
      asked_before_ = std::exchange(asked_, {});
      changed_since_ = absl::InfiniteFuture();
    } else if (closed_.ok()) {
      answered = std::exchange(asked_, {});  // R2: nothing is to be stored
    }
  }
  for (const Answer& answer : answered) answer(cursor);
  if (entries.empty()) return;
  at_.cursors->PutCursors(
      std::move(entries), absl::InfiniteFuture(),
      [self = shared_from_this()](const absl::Status& status) {
        self->Written(status);
        MutexLock lock(self->mu_);
        --self->under_way_;
        self->idle_.NotifyAll();
      });
}

void RunningGroup::Written(const absl::Status& status) {
  std::vector<Answer> answered;
  Answer forgotten;
  Position cursor;
  {
    MutexLock lock(mu_);
    writing_ = false;
    if (status.ok()) {
      group_->Stored();
    } else {
      group_->NotStored();
      changed_since_ = at_.clock->Now();
    }
    answered = std::exchange(asked_before_, {});
    forgotten = std::exchange(forgetting_, nullptr);
    cursor = being_written_;
  }
  for (const Answer& answer : answered) {
    if (status.ok()) {
      answer(cursor);
    } else {
      answer(status);
    }
  }
  if (forgotten != nullptr) {
    if (status.ok()) {
      Close(Deleted(name_));
      return forgotten(cursor);
    }
    return forgotten(status);
  }
  at_.wake(name_);  // what was asked meanwhile is written next
}

void RunningGroup::Forget(Answer forgotten) {
  absl::Status refused;
  {
    MutexLock lock(mu_);
    if (!closed_.ok()) {
      refused = closed_;
    } else if (forgotten_ != nullptr || forgetting_ != nullptr) {
      refused = Deleted(name_);
    } else {
      forgotten_ = std::move(forgotten);
    }
  }
  if (!refused.ok()) return forgotten(std::move(refused));
  Write();
}

void RunningGroup::AwaitIdle() {
  MutexLock lock(mu_);
  while (under_way_ > 0) idle_.Wait(mu_);
}

void RunningGroup::Close(const absl::Status& why) {
  std::map<uint64_t, Joined> members;
  std::vector<Answer> answered;
  Answer forgotten;
  {
    MutexLock lock(mu_);
    if (!closed_.ok()) return;
    closed_ = why;
    forgotten = std::exchange(forgotten_, nullptr);
    members = std::exchange(members_, {});
    for (const auto& [id, member] : members) group_->Leave(id);
    answered = std::exchange(asked_, {});
  }
  for (const auto& [id, joined] : members) joined.member->End(why);
  for (const Answer& answer : answered) answer(why);
  if (forgotten != nullptr) forgotten(why);
}

}  // namespace samverk::bus
