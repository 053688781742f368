#include "services/bus/subscription_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/store_errors.h"
#include "samverk/bus/v1/subscription.pb.h"
#include "services/common/grpc_status.h"
#include "services/common/wire_bytes.h"

namespace samverk {
namespace {

using bus::v1::SubscribeResponse;

// A subscriber to whom nothing matches is told how far it is after so many
// positions.
constexpr uint64_t kProgressEvery = 10'000;
// A page that reached the head so short a while ago counts as one that does:
// the log of a busy register has always grown meanwhile.
constexpr absl::Duration kJustNow = absl::Milliseconds(100);
// A write that takes longer than this waits for a subscriber who does not read.
constexpr absl::Duration kStuck = absl::Seconds(1);

SubscribeResponse Upto(Position cursor, Position head) {
  SubscribeResponse response;
  response.set_cursor(cursor.value());
  response.set_head(head.value());
  return response;
}

// The bytes of two messages one after the other are those of both merged.
grpc::ByteBuffer WithEvents(const BusPage& page, SubscribeResponse rest) {
  const grpc::Slice slices[] = {page.events,
                                grpc::Slice(rest.SerializeAsString())};
  return grpc::ByteBuffer(slices, 2);
}

}  // namespace

SubscriptionStream::SubscriptionStream(const BusParts& parts,
                                       SubscriptionTerms terms, std::string key,
                                       access::Admitted who,
                                       grpc::CallbackServerContext& context,
                                       Gone gone)
    : parts_(parts),
      terms_(std::move(terms)),
      key_(std::move(key)),
      context_(context),
      gone_(std::move(gone)),
      cursor_(terms_.start.after.value()),
      who_(std::move(who)),
      recorded_from_(terms_.start.recorded_from),
      told_(terms_.start.after),
      next_sign_(absl::Now() + terms_.heartbeat) {}

Position SubscriptionStream::LookedAt() const {
  // The watcher first: what it looks at is for nobody who waits.
  const Position looked_at = parts_.watcher.LookedAt();
  return waits_ ? std::max(cursor(), looked_at) : cursor();
}

void SubscriptionStream::Start() {
  MutexLock lock(mu_);
  Proceed();
}

void SubscriptionStream::Stop() {
  MutexLock lock(mu_);
  if (finished_) return;
  if (writing_ && absl::Now() - write_began_ > kStuck) context_.TryCancel();
  End(ShuttingDown());
}

void SubscriptionStream::OnWriteDone(bool ok) {
  MutexLock lock(mu_);
  writing_ = false;
  if (!ok) {
    End(absl::CancelledError());
  } else {
    Proceed();
  }
}

void SubscriptionStream::OnCancel() {
  MutexLock lock(mu_);
  End(absl::CancelledError());
}

void SubscriptionStream::OnDone() {
  // Whoever called Finish may still hold the lock.
  { MutexLock lock(mu_); }
  gone_(this);
  delete this;
}

void SubscriptionStream::Proceed() {
  if (finished_ || working_ || writing_) return;
  if (!messages_.empty()) {
    current_ = std::move(messages_.front());
    messages_.pop_front();
    writing_ = true;
    write_began_ = absl::Now();
    StartWrite(&current_);
    return;
  }
  current_.Clear();
  if (outcome_.has_value()) {
    finished_ = true;
    Finish(ToGrpcStatus(*outcome_));
    return;
  }
  working_ = true;
  if (at_head_) {
    Wait();
  } else {
    SubmitJob(absl::OkStatus());
  }
}

void SubscriptionStream::End(const absl::Status& outcome) {
  outcome_ = outcome;
  messages_.clear();
  if (waiter_ != 0 && parts_.watcher.Remove(std::exchange(waiter_, 0))) {
    working_ = false;
  }
  Proceed();
}

void SubscriptionStream::Wait() {
  HeadWatcher::Wait wait{cursor(), next_sign_};
  if (!terms_.query.items.empty()) {
    wait.query = &terms_.query;
    wait.at_most = Position(told_.value() + kProgressEvery);
  }
  waits_ = true;
  // Called from within, perhaps: it must not take the lock.
  waiter_ = parts_.watcher.Await(wait, [this](absl::StatusOr<Position> head) {
    waits_ = false;
    SubmitJob(absl::IsDeadlineExceeded(head.status()) ? absl::OkStatus()
                                                      : head.status());
  });
}

void SubscriptionStream::SubmitJob(const absl::Status& waited) {
  WorkerPool& pool = live_ ? parts_.live : parts_.catching_up;
  const absl::Status taken = pool.Submit([this, waited] { RunJob(waited); });
  SAMVERK_CHECK(taken.ok()) << "there is room for a job of each: " << taken;
}

void SubscriptionStream::RunJob(const absl::Status& waited) {
  bool wanted = false;
  {
    MutexLock lock(mu_);
    waiter_ = 0;
    wanted = !outcome_.has_value();
  }
  absl::StatusOr<Messages> said = Messages();
  if (!waited.ok()) {
    said = waited;
  } else if (wanted) {
    said = ReadOn();
  }
  MutexLock lock(mu_);
  working_ = false;
  if (!outcome_.has_value()) {
    if (said.ok()) {
      messages_ = *std::move(said);
    } else {
      outcome_ = said.status();
    }
  }
  Proceed();
}

absl::StatusOr<SubscriptionStream::Messages> SubscriptionStream::ReadOn() {
  const Position before = cursor();
  RETURN_IF_ERROR(parts_.gate.Renew(who_, access::CallRight::kLoggedIn));
  const std::string key = absl::StrCat(key_, "/", who_.ReadingKey());
  ASSIGN_OR_RETURN(const std::shared_ptr<const BusPage> page,
                   parts_.pages.Get({terms_.query, key, before, recorded_from_,
                                     terms_.batch_size, who_}));
  RETURN_IF_ERROR(parts_.gate.journal().Note(
      who_, event::v1::SecretDataRead::WAY_EVENTS, page->secrets));
  // The log is in order of time: what follows was recorded later still.
  recorded_from_.reset();
  const absl::Time now = absl::Now();
  const Position after = std::max(before, page->scanned_to);
  cursor_.store(after.value(), std::memory_order_relaxed);
  at_head_ = AtHead(*page, now);
  const Position head = at_head_ ? after : parts_.store.Head();

  Messages said;
  if (live_ && !at_head_) {
    live_ = false;
    SubscribeResponse behind = Upto(before, head);
    behind.mutable_fell_behind();
    said.push_back(ToByteBuffer(behind));
  }
  if (page->count > 0) said.push_back(WithEvents(*page, Upto(after, head)));
  if (!live_ && at_head_) {
    live_ = true;
    SubscribeResponse caught_up = Upto(after, head);
    caught_up.mutable_caught_up();
    said.push_back(ToByteBuffer(caught_up));
  }
  const uint64_t silently = after.value() - told_.value();
  if (said.empty() && (silently >= kProgressEvery || now >= next_sign_)) {
    SubscribeResponse progress = Upto(after, head);
    progress.mutable_progress();
    said.push_back(ToByteBuffer(progress));
  }
  if (!said.empty()) {
    told_ = after;
    next_sign_ = now + terms_.heartbeat;
  }
  return said;
}

bool SubscriptionStream::AtHead(const BusPage& page, absl::Time now) const {
  return page.scanned_to >= parts_.store.Head() ||
         (page.end && now - page.read_at < kJustNow);
}

}  // namespace samverk
