#include "services/connectors/connector_worker.h"

#include <algorithm>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/thread_name.h"
#include "eventstore/limits.h"
#include "eventstore/record.h"
#include "proto/codec/event_codec.h"

namespace samverk::connectors {
namespace {

constexpr uint32_t kBatch = 100;
// A rate is kept over a tenth of a second.
constexpr uint32_t kBatchesPerSecond = 10;
// Between looks whether to stop, and when the group cannot store what is said.
constexpr absl::Duration kLookAround = absl::Milliseconds(200);

uint32_t BatchOf(uint32_t events_per_second) {
  if (events_per_second == 0) return kBatch;
  return std::clamp(events_per_second / kBatchesPerSecond, 1u, kBatch);
}

// A reason as the group takes it: text, and not too long.
std::string Reason(std::string reason) {
  if (reason.size() > limits::kRefusalBytes) {
    reason.resize(limits::kRefusalBytes);
    // Not in the middle of a character.
    while (!reason.empty() && !IsValidUtf8(reason)) reason.pop_back();
  }
  return IsValidUtf8(reason) ? reason : "the reason is not UTF-8";
}

// What became of events, with those among them that never left: done too.
std::vector<Outcome> WithThoseThatStay(std::vector<Outcome> outcomes,
                                       const std::vector<bool>& stays) {
  std::vector<Outcome> all;
  auto next = outcomes.begin();
  for (const bool stay : stays) {
    if (stay) {
      all.push_back({Outcome::Kind::kDone, ""});
    } else if (next != outcomes.end()) {
      all.push_back(std::move(*next++));
    } else {
      break;
    }
  }
  return all;
}

// Changes a group, and waits until that is durable.
absl::Status AskGroup(bus::RunningGroup& group,
                      bus::RunningGroup::Change change) {
  // Shared, as it is still being told when the answer is taken.
  const auto promise = std::make_shared<std::promise<absl::Status>>();
  group.Ask(change, [promise](const absl::StatusOr<Position>& cursor) {
    promise->set_value(cursor.status());
  });
  return promise->get_future().get();
}

}  // namespace

// Holds what the group has given until the worker takes it.
class ConnectorWorker::Inbox final : public bus::GroupMember {
 public:
  bool Deliver(const bus::Delivery& delivery,
               std::vector<RecordedEvent> events) override {
    MutexLock lock(mu_);
    if (closed_) return false;
    leased_ = Leased{delivery, std::move(events)};
    changed_.NotifyAll();
    return true;
  }
  void End(const absl::Status& why) override {
    MutexLock lock(mu_);
    ended_ = why;
    changed_.NotifyAll();
  }

  // Waits a while for a lease.
  std::optional<Leased> Take() {
    MutexLock lock(mu_);
    if (!leased_.has_value() && ended_.ok()) {
      changed_.WaitUntil(mu_, absl::Now() + kLookAround);
    }
    return std::exchange(leased_, std::nullopt);
  }
  // Takes no more. What it has, if anything.
  std::optional<Leased> Close() {
    MutexLock lock(mu_);
    closed_ = true;
    return std::exchange(leased_, std::nullopt);
  }
  absl::Status ended() {
    MutexLock lock(mu_);
    return ended_;
  }

 private:
  Mutex mu_;
  CondVar changed_;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::optional<Leased> leased_ ABSL_GUARDED_BY(mu_);
  absl::Status ended_ ABSL_GUARDED_BY(mu_);
};

ConnectorWorker::ConnectorWorker(Options options)
    : options_(std::move(options)), state_(options_.before) {
  state_.tries_again_at = absl::InfinitePast();
  state_.paused_because.clear();
  state_.ended = false;
  thread_ = std::thread([this] { Run(); });
}

ConnectorWorker::~ConnectorWorker() { Stop(); }

void ConnectorWorker::Stop() {
  TellToStop();
  if (thread_.joinable()) thread_.join();
}

WorkerState ConnectorWorker::state() {
  MutexLock lock(mu_);
  return state_;
}

void ConnectorWorker::NoteError(std::string why) {
  MutexLock lock(mu_);
  state_.last_error = std::move(why);
  state_.last_error_at = options_.clock->Now();
}

void ConnectorWorker::Run() {
  SetThreadName("connector");
  while (!stop_.given()) {
    const std::optional<absl::Duration> wait = TakePart();
    if (!wait.has_value()) break;
    {
      MutexLock lock(mu_);
      state_.tries_again_at = options_.clock->Now() + *wait;
    }
    stop_.AwaitUntil(absl::Now() + *wait);
  }
  MutexLock lock(mu_);
  state_.ended = true;
}

void ConnectorWorker::Pause(const std::string& why) {
  NoteError(why);
  absl::Status stored = options_.store_pause(why);
  {
    MutexLock lock(mu_);
    state_.paused_because = why;
  }
  while (!stored.ok() && !stop_.AwaitUntil(absl::Now() + kLookAround)) {
    stored = options_.store_pause(why);
  }
}

std::optional<absl::Duration> ConnectorWorker::TakePart() {
  const auto inbox = std::make_shared<Inbox>();
  const auto member =
      options_.group->Join({BatchOf(options_.events_per_second), 1}, inbox);
  if (!member.ok()) {
    NoteError(std::string(member.status().message()));
    return std::nullopt;
  }
  bool goes_on = true;
  DeliveryReport report;
  while (goes_on && !stop_.given() && report.unavailable.empty() &&
         report.pause.empty()) {
    std::optional<Leased> leased = inbox->Take();
    if (!leased.has_value()) {
      const absl::Status ended = inbox->ended();
      goes_on = ended.ok();
      if (!goes_on) NoteError(std::string(ended.message()));
      continue;
    }
    report = Deliver(*leased);
    // W2: what is given back must not come here again.
    if (!report.unavailable.empty() || !report.pause.empty()) {
      options_.group->Leave(*member);
    }
    goes_on = Say(*leased, report);
  }
  options_.group->Leave(*member);
  if (const std::optional<Leased> left = inbox->Close(); left.has_value()) {
    Say(*left, {});
  }
  if (!report.pause.empty()) {
    Pause(report.pause);
    return std::nullopt;
  }
  if (!goes_on) return std::nullopt;
  return Delay(report);
}

DeliveryReport ConnectorWorker::Deliver(Leased& leased) {
  DeliveryReport report;
  report.unavailable = TooShortLease();
  if (!report.unavailable.empty()) return report;
  if (AwaitRate(leased.events.size())) {
    // The term runs meanwhile. If it has ended the events come again.
    const absl::Status extended = AskGroup(
        *options_.group, [&](bus::ConsumerGroup& group, absl::Time now) {
          const auto ends = group.ExtendLease(leased.delivery.lease, now);
          if (ends.ok()) leased.delivery.lease_ends = *ends;
          return ends.status();
        });
    if (!extended.ok() || stop_.given()) return report;
  }
  std::vector<CloudEvent> events;
  std::vector<Outcome> unreadable;  // the event after the last of `events`
  std::vector<bool> stays;          // for each up to there
  for (const RecordedEvent& recorded : leased.events) {
    stays.push_back(Stays(recorded.view()));
    if (stays.back()) continue;
    auto event = ToCloudEvent(recorded.view(), options_.register_name);
    if (!event.ok()) {
      unreadable.push_back(
          {Outcome::Kind::kParked, std::string(event.status().message())});
      break;
    }
    events.push_back(*std::move(event));
  }
  if (!events.empty()) {
    report = options_.connector->Deliver(
        events, {Cursor(), leased.delivery.lease_ends, &stop_});
  }
  if (report.outcomes.size() == events.size() && report.unavailable.empty() &&
      report.pause.empty()) {
    report.outcomes.insert(report.outcomes.end(), unreadable.begin(),
                           unreadable.end());
  }
  report.outcomes = WithThoseThatStay(std::move(report.outcomes), stays);
  return report;
}

bool ConnectorWorker::Stays(const RecordView& recorded) const {
  if (options_.may_leave == nullptr) return false;
  const auto body = DecodeBody(recorded.body());
  event::v1::Event event;
  // What cannot be read is parked, with the reason, by whoever converts it.
  if (!body.ok()) return false;
  if (body->type.substr(0, codec::kTypePrefix.size()) == codec::kTypePrefix &&
      !codec::DecodePayload(body->type, "", body->payload, event).ok()) {
    return false;
  }
  return !options_.may_leave(event);
}

bool ConnectorWorker::Say(const Leased& leased, const DeliveryReport& report) {
  bus::Acknowledgement said;
  said.lease = leased.delivery.lease;
  std::string refusal;
  for (size_t i = 0; i < report.outcomes.size(); ++i) {
    const Outcome& outcome = report.outcomes[i];
    const Position position = leased.events[i].position();
    if (outcome.kind == Outcome::Kind::kDone) {
      said.done.push_back(position);
      continue;
    }
    refusal = absl::StrCat("position ", position.value(), ": ", outcome.reason);
    said.refused.push_back({position, Reason(outcome.reason),
                            outcome.kind == Outcome::Kind::kParked});
  }
  {
    MutexLock lock(mu_);
    state_.delivered += said.done.size();
    state_.refused += said.refused.size();
    if (!said.done.empty()) state_.last_success = options_.clock->Now();
    if (!report.outcomes.empty() && report.unavailable.empty()) {
      state_.tries_again_at = absl::InfinitePast();
    }
  }
  if (!report.outcomes.empty()) failures_ = 0;
  if (!refusal.empty()) NoteError(refusal);
  const bool gives_back = report.outcomes.size() < leased.events.size();
  while (true) {
    const absl::Status answer = AskGroup(
        *options_.group, [&](bus::ConsumerGroup& group, absl::Time now) {
          absl::Status taken;
          if (!report.outcomes.empty()) taken = group.Acknowledge(said, now);
          if (taken.ok() && gives_back) {
            group.TakeBack(said.lease,
                           leased.events[report.outcomes.size()].position());
          }
          return taken;
        });
    if (answer.ok()) return true;
    NoteError(std::string(answer.message()));
    const error::v1::Reason reason = ReasonOf(answer);
    // It took too long: the events come again.
    if (reason == error::v1::REASON_LEASE_ENDED) return true;
    // The group is gone, or closes.
    if (reason == error::v1::REASON_NOT_FOUND ||
        reason == error::v1::REASON_SHUTTING_DOWN) {
      return false;
    }
    if (stop_.AwaitUntil(absl::Now() + kLookAround)) return true;
  }
}

std::string ConnectorWorker::TooShortLease() {
  absl::Duration lease;
  options_.group->Look(
      [&](const bus::ConsumerGroup& group) { lease = group.settings().lease; });
  if (lease > options_.timeout) return "";
  return absl::StrCat("the group's lease, ", absl::FormatDuration(lease),
                      ", is not longer than the connector's timeout, ",
                      absl::FormatDuration(options_.timeout),
                      "; change one of them");
}

bool ConnectorWorker::AwaitRate(size_t events) {
  if (options_.events_per_second == 0) return false;
  const absl::Time now = absl::Now();
  const bool waits = next_batch_ > now;
  if (waits) stop_.AwaitUntil(next_batch_);
  next_batch_ = std::max(next_batch_, now) +
                absl::Seconds(1) * static_cast<int64_t>(events) /
                    static_cast<int64_t>(options_.events_per_second);
  return waits;
}

absl::Duration ConnectorWorker::Delay(const DeliveryReport& report) {
  if (report.unavailable.empty()) return absl::ZeroDuration();
  NoteError(report.unavailable);
  {
    MutexLock lock(mu_);
    ++state_.unavailable;
  }
  ++failures_;
  absl::Duration delay = report.retry_after;
  options_.group->Look([&](const bus::ConsumerGroup& group) {
    delay = std::max(delay, bus::DelayAfter(group.settings(), failures_));
  });
  return delay;
}

Position ConnectorWorker::Cursor() {
  Position cursor;
  options_.group->Look(
      [&](const bus::ConsumerGroup& group) { cursor = group.state().cursor; });
  return cursor;
}

}  // namespace samverk::connectors
