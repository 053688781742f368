#include "services/bus/member_stream.h"

#include <utility>

#include "absl/time/clock.h"
#include "services/access/owned_name.h"
#include "services/access/readable.h"
#include "services/bus/group_messages.h"
#include "services/common/error_language.h"
#include "services/common/grpc_status.h"
#include "services/common/request_language.h"
#include "services/common/retry_delay.h"
#include "services/views/logged_event.h"

namespace samverk {
namespace {

constexpr absl::Duration kSignOfLife = absl::Seconds(10);
// A write that takes longer waits for a member that does not read.
constexpr absl::Duration kStuck = absl::Seconds(1);

}  // namespace

MemberStream::MemberStream(grpc::CallbackServerContext& context, Clock& clock,
                           std::shared_ptr<bus::RunningGroup> group,
                           Reader reader, Gone gone)
    : context_(context),
      clock_(clock),
      group_(std::move(group)),
      reader_(std::move(reader)),
      gone_(std::move(gone)),
      language_(RequestLanguage("", context)),
      said_(absl::Now()) {}

void MemberStream::Join(bus::MemberRoom room) {
  self_ = shared_from_this();
  // Members know that they are before there is anything for them.
  StartSendInitialMetadata();
  const absl::StatusOr<uint64_t> member =
      group_->Join(room, shared_from_this());
  if (!member.ok()) return End(WithRetryDelay(member.status()));
  bool left = false;
  {
    MutexLock lock(mu_);
    left = outcome_.has_value();
    member_ = *member;
  }
  if (left) group_->Leave(*member);
}

void MemberStream::Look() {
  MutexLock lock(mu_);
  if (absl::Now() - said_ < kSignOfLife || writing_ || !waiting_.empty()) {
    return;
  }
  waiting_.push_back({{}, absl::InfiniteFuture()});
  Proceed();
}

MemberStream::Sorted MemberStream::Sort(
    const bus::Delivery& delivery,
    const std::vector<RecordedEvent>& events) const {
  Sorted sorted;
  Message& message = sorted.message;
  message.until = delivery.lease_ends;
  message.response.set_lease(delivery.lease);
  FillInstant(delivery.lease_ends, *message.response.mutable_lease_ends());
  sorted.unreadable.lease = delivery.lease;
  for (size_t i = 0; i < events.size(); ++i) {
    auto& leased = *message.response.add_events();
    const absl::Status status =
        ToLoggedEvent(events[i].view(), *leased.mutable_event());
    if (!status.ok()) {
      message.response.mutable_events()->RemoveLast();
      sorted.unreadable.refused.push_back(
          {events[i].position(),
           bus::RefusalReason(std::string(status.message())), true});
      continue;
    }
    if (!access::MayRead(reader_.who, *reader_.store, leased.event())) {
      message.response.mutable_events()->RemoveLast();
      sorted.withheld.push_back(events[i].position());
      continue;
    }
    if (auto secret = access::SecretOf(leased.event().event());
        secret.has_value()) {
      sorted.secrets.push_back(*std::move(secret));
    }
    if (reader_.disposed != nullptr) {
      reader_.disposed->Mark(*leased.mutable_event());
    }
    leased.set_attempt(delivery.events[i].attempt);
    message.bytes += static_cast<int64_t>(events[i].record().size());
  }
  return sorted;
}

bool MemberStream::Deliver(const bus::Delivery& delivery,
                           std::vector<RecordedEvent> events) {
  absl::Status held =
      reader_.gate->Renew(reader_.who, access::CallRight::kLoggedIn);
  if (held.ok()) held = access::CheckOwnsName(reader_.who, reader_.group);
  if (!held.ok()) {
    End(held);
    return false;
  }
  Sorted sorted = Sort(delivery, events);
  Message& message = sorted.message;
  held = reader_.gate->journal().Note(
      reader_.who, event::v1::SecretDataRead::WAY_EVENTS, sorted.secrets);
  if (!held.ok()) {
    End(held);
    return false;
  }
  Park(sorted.unreadable);
  if (!sorted.withheld.empty()) {
    group_->Withhold(delivery.lease, sorted.withheld);
  }
  if (message.response.events().empty()) return true;
  MutexLock lock(mu_);
  if (outcome_.has_value()) return false;
  member_ = delivery.member;
  group_->Unsent(*member_, message.bytes);
  message.waits = writing_ && group_->Waits(delivery.lease, true);
  waiting_.push_back(std::move(message));
  Proceed();
  return true;
}

void MemberStream::End(const absl::Status& why) {
  MutexLock lock(mu_);
  if (!outcome_.has_value()) outcome_ = why;
  if (!finished_ && writing_ && absl::Now() - write_began_ > kStuck) {
    context_.TryCancel();
  }
  Proceed();
}

void MemberStream::OnWriteDone(bool ok) {
  MutexLock lock(mu_);
  writing_ = false;
  said_ = absl::Now();
  if (!ok && !outcome_.has_value()) outcome_ = absl::CancelledError();
  Left(writing_bytes_);
  Proceed();
}

void MemberStream::OnCancel() { End(absl::CancelledError()); }

void MemberStream::OnDone() {
  std::optional<uint64_t> member;
  std::deque<Message> unsent;
  {
    MutexLock lock(mu_);
    member = member_;
    unsent = std::exchange(waiting_, {});
  }
  if (member.has_value()) group_->Leave(*member);
  for (const Message& message : unsent) {
    if (!message.response.lease().empty()) TakeBack(message.response.lease());
  }
  gone_(this);
  self_.reset();  // perhaps the last that holds this
}

void MemberStream::TakeBack(const std::string& lease) {
  group_->Ask(
      [&](bus::ConsumerGroup& group, absl::Time) {
        group.TakeBack(lease);
        return absl::OkStatus();
      },
      [](const absl::StatusOr<Position>&) {});
}

void MemberStream::Park(const bus::Acknowledgement& unreadable) {
  if (unreadable.refused.empty()) return;
  // Should it fail, the lease ends and the event comes again.
  group_->Ask(
      [&](bus::ConsumerGroup& group, absl::Time now) {
        return group.Acknowledge(unreadable, now);
      },
      [](const absl::StatusOr<Position>&) {});
}

void MemberStream::Left(int64_t bytes) {
  if (bytes > 0 && member_.has_value()) group_->Unsent(*member_, -bytes);
}

void MemberStream::DropFirst() {
  Left(waiting_.front().bytes);
  waiting_.pop_front();
}

void MemberStream::Proceed() {
  const absl::Time now = clock_.Now();
  while (!waiting_.empty() && waiting_.front().until <= now) DropFirst();
  if (finished_ || writing_) return;
  if (outcome_.has_value()) {
    finished_ = true;
    Finish(ToGrpcStatus(InLanguage(*outcome_, language_)));
    return;
  }
  while (!waiting_.empty() && waiting_.front().waits &&
         !group_->Waits(waiting_.front().response.lease(), false)) {
    DropFirst();
  }
  if (waiting_.empty()) return;
  current_ = std::move(waiting_.front().response);
  writing_bytes_ = waiting_.front().bytes;
  waiting_.pop_front();
  writing_ = true;
  write_began_ = absl::Now();
  StartWrite(&current_);
}

}  // namespace samverk
