#include "tests/bus/group_world.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"
#include "eventstore/bus/event_key.h"

namespace samverk::bus {
namespace {

absl::Time Begin() { return absl::FromUnixSeconds(1'764'000'000); }

GroupSettings FirstSettings(fault::Choices& choices, uint64_t filter) {
  GroupSettings settings;
  if (filter != 0) {
    settings.query.items.resize(1);
    settings.query.items[0].types = {absl::StrCat("type-", filter)};
  }
  if (choices.OneIn(2)) settings.key = "case";
  settings.lease = absl::Seconds(1 + choices.Below(30));
  settings.in_flight = 1 + choices.Below(20);
  settings.attempts = 1 + choices.Below(4);
  settings.first_delay = absl::Milliseconds(1 + choices.Below(5000));
  settings.longest_delay =
      settings.first_delay + absl::Seconds(choices.Below(20));
  settings.block_key_while_parked = choices.OneIn(2);
  return settings;
}

}  // namespace

GroupWorld::GroupWorld(fault::Choices& choices)
    : choices_(choices),
      clock_(Begin()),
      store_(clock_, [] { return std::array<uint8_t, 16>{}; }),
      filter_(choices.Below(4)),
      after_(OneIn(2) ? 0 : Below(20)),
      model_(after_) {
  group_ = std::make_unique<ConsumerGroup>(
      kGroupName, FirstSettings(choices, filter_), Position(after_), ++lives_);
  while (events_ < after_) Append();  // a group begins at the head at most
  // Whoever makes a group waits for that.
  Write();
  cursors_.End(true, absl::OkStatus());
  stored_ = std::move(being_stored_);
  stored_version_ = being_stored_version_;
  group_->Stored();
  write_ended_.reset();
}

void GroupWorld::Note(std::string what) {
  absl::StrAppend(&trace_, "  ", what, "\n");
}

void GroupWorld::Append() {
  AppendRequest request;
  const uint32_t many = OneIn(10) ? 30 : 5;
  for (uint32_t n = 1 + Below(many); n > 0; --n) {
    NewEvent event;
    ++events_;
    event.id.bytes[15] = static_cast<uint8_t>(events_);
    event.id.bytes[14] = static_cast<uint8_t>(events_ >> 8);
    event.id.bytes[6] = 0x40;
    event.id.bytes[8] = 0x80;
    event.stream = absl::StrCat("stream-", Below(4));
    // Type 1 is as frequent as all others, type 2 is rare, there is no type 3.
    const uint64_t type = OneIn(2) ? 1 : OneIn(15) ? 2 : 4;
    event.type = absl::StrCat("type-", type);
    const uint32_t tag = Below(4);
    if (tag > 0) event.tags = {absl::StrCat("case:", tag), "other:1"};
    std::string key = event.stream;
    if (!group_->settings().key.empty() && tag > 0) {
      key = absl::StrCat("case:", tag);
    }
    if (events_ > after_ && (filter_ == 0 || type == filter_)) {
      model_.Appended(events_, key);
    }
    request.events.push_back(std::move(event));
  }
  Note(absl::StrCat("append to ", events_));
  const auto result = AppendAndWait(store_, std::move(request));
  SAMVERK_CHECK(result.ok()) << result.status().ToString();
  SAMVERK_CHECK(result->recorded.back().position == Position(events_)) << "";
}

GroupWorld::Wrong GroupWorld::Read() {
  const size_t wanted = group_->Wanted();
  if (wanted == 0) return "";
  ReadOptions options;
  options.query = group_->settings().query;
  options.after = group_->scanned_to();
  options.limit = static_cast<uint32_t>(
      std::min<size_t>(wanted, OneIn(3) ? 100 : 1 + Below(5)));
  const auto end = store_.Visit(options, [&](const RecordView& record) {
    const auto body = DecodeBody(record.body());
    group_->Feed(record.position(), EventKey(*body, group_->settings().key),
                 absl::FromUnixMicros(record.header().recorded_at_us));
    return true;
  });
  if (!end.ok()) return end.status().ToString();
  group_->ScannedTo(end->scanned_to);
  model_.ScannedTo(end->scanned_to.value());
  ++version_;
  Note(absl::StrCat("read to ", end->scanned_to.value()));
  return "";
}

GroupWorld::Wrong GroupWorld::Give() {
  const absl::Time now = clock_.Now();
  const std::vector<Delivery> deliveries = group_->Give(now);
  ++version_;
  for (const Delivery& delivery : deliveries) {
    std::string text =
        absl::StrCat("given to ", delivery.member, " as ", delivery.lease, ":");
    for (const auto& event : delivery.events) {
      absl::StrAppend(&text, " ", event.position.value(), "/", event.attempt);
    }
    Note(std::move(text));
  }
  return model_.Given(deliveries, group_->settings(), now);
}

void GroupWorld::JoinOrLeave() {
  if (model_.members.size() < 3 && !OneIn(3)) {
    const MemberRoom room = {1 + Below(6), 1 + Below(3)};
    const uint64_t member = group_->Join(room);
    model_.members[member] = {room};
    Note(absl::StrCat("member ", member, " comes"));
  } else if (!model_.members.empty()) {
    auto member = model_.members.begin();
    std::advance(member, Below(static_cast<uint32_t>(model_.members.size())));
    Note(absl::StrCat("member ", member->first, " leaves"));
    group_->Leave(member->first);
    model_.members.erase(member);
  }
}

std::optional<std::string> GroupWorld::SomeLease() {
  if (!old_leases_.empty() && OneIn(10)) {
    return old_leases_[Below(static_cast<uint32_t>(old_leases_.size()))];
  }
  if (model_.leases().empty()) return std::nullopt;
  // Mostly one of those that go on.
  std::vector<std::string> names;
  for (const auto& [name, lease] : model_.leases()) {
    if (model_.GoesOn(name, clock_.Now())) names.push_back(name);
  }
  if (names.empty() || OneIn(6)) {
    auto lease = model_.leases().begin();
    std::advance(lease, Below(static_cast<uint32_t>(model_.leases().size())));
    return lease->first;
  }
  return names[Below(static_cast<uint32_t>(names.size()))];
}

Acknowledgement GroupWorld::SomeAcknowledgement() {
  Acknowledgement said;
  const auto name = SomeLease();
  said.lease = name.value_or("nonsense-1");
  if (OneIn(30)) said.lease += "0";
  std::vector<Position> positions;
  if (const auto lease = model_.leases().find(said.lease);
      lease != model_.leases().end()) {
    for (const auto& [position, what] : lease->second.said) {
      positions.push_back(Position(position));
    }
  }
  const uint32_t style = Below(6);
  for (const Position position : positions) {
    if (style < 2) continue;  // all, below
    if (OneIn(3)) {
      said.refused.push_back(
          {position, OneIn(3) ? "" : "no such account", OneIn(4)});
    } else if (!OneIn(3)) {
      said.done.push_back(position);
    }
  }
  said.all_done = style < 2 || OneIn(4);
  if (OneIn(20)) said.done.push_back(Position(1 + Below(50)));
  if (OneIn(20) && !said.done.empty()) said.done.push_back(said.done[0]);
  std::reverse(said.done.begin(), said.done.end());
  return said;
}

GroupWorld::Wrong GroupWorld::SaySomething() {
  const Acknowledgement said = SomeAcknowledgement();
  Wrong wrong = Say(said);
  // Again, as after a broken connection.
  if (wrong.empty() && OneIn(4)) wrong = Say(said);
  return wrong;
}

GroupWorld::Wrong GroupWorld::Say(const Acknowledgement& said) {
  const absl::Time now = clock_.Now();
  // What is due anyway is done first, so that "nothing changed" can be seen.
  group_->Expire(now);
  model_.Expire(group_->settings(), now);
  ++version_;
  const auto before = EncodeGroup(kGroupName, group_->stored());
  const bool may = model_.MayAcknowledge(said, now);
  const absl::Status status = group_->Acknowledge(said, now);
  Note(absl::StrCat("acknowledge ", said.lease, said.all_done ? " all" : "",
                    " done ", said.done.size(), " refused ",
                    said.refused.size(), ": ",
                    absl::StatusCodeToString(status.code())));
  if (status.ok() != may) {
    return absl::StrCat("the answer must be ", may ? "OK" : "an error");
  }
  if (!status.ok()) {
    const auto reason = ReasonOf(status);
    if (reason != error::v1::REASON_LEASE_ENDED &&
        reason != error::v1::REASON_INVALID_FIELD) {
      return "the error has no name";
    }
    if (!model_.leases().contains(said.lease) &&
        reason != error::v1::REASON_LEASE_ENDED) {
      return "a lease that is not there is another error";
    }
    if (EncodeGroup(kGroupName, group_->stored()) != before) {
      return "the refused acknowledgement changed something";
    }
    return "";
  }
  model_.Acknowledged(said, group_->settings(), now);
  std::vector<uint64_t> done;
  for (const auto& [position, what] : model_.leases().at(said.lease).said) {
    if (what == 'd') done.push_back(position);
  }
  Ask(std::move(done));
  return "";
}

GroupWorld::Wrong GroupWorld::Extend() {
  const auto lease = SomeLease();
  if (!lease.has_value()) return "";
  const absl::Time now = clock_.Now();
  const bool goes_on = model_.GoesOn(*lease, now);
  const auto ends = group_->ExtendLease(*lease, now);
  model_.Expire(group_->settings(), now);
  ++version_;
  Note(absl::StrCat("extend ", *lease, ": ", ends.ok()));
  if (ends.ok() != goes_on) return "the answer must be the other";
  if (!ends.ok()) {
    return ReasonOf(ends.status()) == error::v1::REASON_LEASE_ENDED
               ? ""
               : "the error has no name";
  }
  if (*ends != now + group_->settings().lease) return "another term";
  model_.Extended(*lease, *ends);
  return "";
}

void GroupWorld::TakeBack() {
  const auto lease = SomeLease();
  if (!lease.has_value()) return;
  Note(absl::StrCat("take back ", *lease));
  group_->Expire(clock_.Now());
  model_.Expire(group_->settings(), clock_.Now());
  const uint64_t from =
      OneIn(2) ? 0 : Below(static_cast<uint32_t>(events_ + 1));
  group_->TakeBack(*lease, Position(from));
  model_.TakenBack(*lease, from);
  ++version_;
}

GroupWorld::Wrong GroupWorld::KeepOrSend() {
  const auto lease = SomeLease();
  if (!lease.has_value()) return "";
  const absl::Time now = clock_.Now();
  group_->Expire(now);
  model_.Expire(group_->settings(), now);
  ++version_;
  const bool waits = OneIn(2);
  Note(absl::StrCat(*lease, waits ? " is kept" : " is sent"));
  return group_->Waits(*lease, waits) == model_.Waits(*lease, waits, now)
             ? ""
             : "the answer must be the other";
}

void GroupWorld::PassTime() {
  const uint32_t how = Below(10);
  const absl::Duration by = how < 6   ? absl::Milliseconds(Below(3000))
                            : how < 9 ? absl::Seconds(Below(40))
                                      : absl::Hours(1 + Below(30));
  clock_.Advance(by + absl::Nanoseconds(Below(2000)));
  Note(absl::StrCat("time passes, ", absl::FormatDuration(by)));
  if (OneIn(2)) return;
  group_->Expire(clock_.Now());
  model_.Expire(group_->settings(), clock_.Now());
  ++version_;
}

void GroupWorld::ReplayOrDrop() {
  std::vector<Position> some;
  for (const auto& [position, parked] : group_->parked()) {
    if (OneIn(2)) some.push_back(position);
  }
  if (OneIn(4)) some.push_back(Position(1 + Below(30)));
  const bool all = OneIn(4);
  const bool drop = OneIn(3);
  std::optional<absl::Span<const Position>> chosen;
  if (!all) chosen = some;
  const size_t count =
      drop ? group_->DropParked(chosen) : group_->ReplayParked(chosen);
  const std::vector<Position>* same = all ? nullptr : &some;
  const size_t expected = drop ? model_.Dropped(same) : model_.Replayed(same);
  SAMVERK_CHECK(count == expected) << count << " must be " << expected;
  Note(absl::StrCat(drop ? "drop " : "replay ", count));
  ++version_;
  Ask({});
}

void GroupWorld::ChangeSettings() {
  GroupSettings settings = group_->settings();
  if (OneIn(2)) {
    settings.block_key_while_parked = !settings.block_key_while_parked;
  }
  if (OneIn(3)) settings.in_flight = 1 + Below(20);
  if (OneIn(3)) settings.attempts = 1 + Below(4);
  group_->Change(settings);
  Note(absl::StrCat("change: block ", settings.block_key_while_parked,
                    ", in flight ", settings.in_flight, ", attempts ",
                    settings.attempts));
  ++version_;
  Ask({});
}

GroupWorld::Wrong GroupWorld::Step() {
  const uint32_t chosen = Below(100);
  if (chosen < 10) return Append(), "";
  if (chosen < 25) return Read();
  if (chosen < 45) return Give();
  if (chosen < 50) return JoinOrLeave(), "";
  if (chosen < 70) return SaySomething();
  if (chosen < 73) return Extend();
  if (chosen < 74) return TakeBack(), "";
  if (chosen < 76) return KeepOrSend();
  if (chosen < 82) return PassTime(), "";
  if (chosen < 85) return ReplayOrDrop(), "";
  if (chosen < 86) return ChangeSettings(), "";
  if (chosen < 92) return Write(), "";
  if (chosen < 98) return EndWrite(OneIn(2));
  return Restart();
}

std::string GroupWorld::Run(size_t steps) {
  Wrong wrong;
  Note(absl::StrCat("filter ", filter_, ", begins after ", after_));
  for (size_t i = 0; i < steps && wrong.empty(); ++i) {
    wrong = Step();
    if (wrong.empty()) wrong = model_.Compare(*group_, clock_.Now());
  }
  if (wrong.empty()) wrong = Finish();
  return wrong.empty() ? "" : absl::StrCat(wrong, "\nafter\n", trace_);
}

GroupWorld::Wrong GroupWorld::Finish() {
  Note("everybody behaves");
  const uint64_t member = group_->Join({10, 2});
  model_.members[member] = {{10, 2}};
  for (size_t rounds = 0; rounds < 10'000; ++rounds) {
    if (Wrong wrong = Read(); !wrong.empty()) return wrong;
    std::vector<std::string> leases;
    if (Wrong wrong = Give(); !wrong.empty()) return wrong;
    for (const auto& [name, lease] : model_.leases()) {
      if (model_.GoesOn(name, clock_.Now())) leases.push_back(name);
    }
    for (const std::string& lease : leases) {
      if (Wrong wrong = Say({lease, {}, true, {}}); !wrong.empty())
        return wrong;
    }
    group_->ReplayParked(std::nullopt);
    model_.Replayed(nullptr);
    ++version_;
    if (Wrong wrong = EndWrite(true); !wrong.empty()) return wrong;
    Write();
    if (Wrong wrong = EndWrite(true); !wrong.empty()) return wrong;
    if (Wrong wrong = model_.Compare(*group_, clock_.Now()); !wrong.empty()) {
      return wrong;
    }
    if (leases.empty() && model_.CompareAtEnd(events_).empty()) break;
    if (leases.empty()) {
      const absl::Time next = group_->NextDeadline();
      if (next != absl::InfiniteFuture() && next > clock_.Now()) {
        clock_.Set(next);
      }
    }
  }
  if (Wrong wrong = model_.CompareAtEnd(events_); !wrong.empty()) return wrong;
  // Also after a restart.
  if (Wrong wrong = Restart(); !wrong.empty()) return wrong;
  return model_.CompareAtEnd(events_);
}

}  // namespace samverk::bus
