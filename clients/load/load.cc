#include "clients/load/load.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace samverk::load {
namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

// How long after its time an open loop goes on with what is overdue.
constexpr std::chrono::seconds kOverdue{10};

uint64_t Nanoseconds(Clock::duration duration) {
  const auto count =
      std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
  return count < 0 ? 0 : static_cast<uint64_t>(count);
}

// One run. A slot belongs to whoever has its caller's operation in hand: its
// starter, then the thread that answers. Nothing of it is locked.
class Runner {
 public:
  Runner(const Options& options,
         const std::vector<std::unique_ptr<Caller>>& callers)
      : options_(options),
        callers_(callers),
        slots_(callers.size()),
        begin_(Clock::now() + options.warm_up),
        end_(begin_ + options.duration) {}

  absl::StatusOr<Result> Run() {
    if (options_.rate > 0) {
      RunOpen();
    } else {
      RunClosed();
    }
    AwaitAllAnswered();
    for (const auto& caller : callers_) caller->Finish();
    if (!error_.ok()) return error_;
    Result sum = Sum();
    if (sum.operations + sum.aborted == 0 && sum.refused > 0) return refusal_;
    return sum;
  }

 private:
  // What one caller has seen.
  struct Slot {
    Time due;
    Result seen;
  };

  void RunClosed() {
    outstanding_ = callers_.size();
    for (size_t i = 0; i < callers_.size(); ++i) StartClosed(i);
  }

  void StartClosed(size_t i) {
    slots_[i].due = Clock::now();
    callers_[i]->Start([this, i](const Outcome& outcome) {
      const Time now = Clock::now();
      const bool measured = now >= begin_ && now < end_;
      Count(slots_[i], outcome, now, measured, measured);
      if (now < end_ && !failed_.load(std::memory_order_relaxed)) {
        StartClosed(i);
        return;
      }
      std::lock_guard<std::mutex> lock(mu_);
      if (--outstanding_ == 0) none_outstanding_.notify_one();
    });
  }

  // Operation n is due at the start and n intervals. Whoever is free takes it;
  // when nobody is, it waits, and its time runs.
  void RunOpen() {
    for (size_t i = 0; i < callers_.size(); ++i) free_.push_back(i);
    const Time start = begin_ - options_.warm_up;
    const double interval = 1e9 / options_.rate;
    for (uint64_t n = 0;; ++n) {
      const Time due = start + std::chrono::nanoseconds(static_cast<int64_t>(
                                   static_cast<double>(n) * interval));
      if (due >= end_ || failed_.load(std::memory_order_relaxed)) return;
      size_t i = 0;
      if (!AwaitFree(due, i)) {
        CountUnsent(due);
        continue;
      }
      StartOpen(i, due);
    }
  }

  // Waits until `due`, and then for a caller. False: nobody is free long after
  // the end, or the run has failed.
  bool AwaitFree(Time due, size_t& i) {
    std::unique_lock<std::mutex> lock(mu_);
    if (Clock::now() < due) {
      failure_.wait_until(lock, due, [this] { return failed_.load(); });
    }
    awaits_free_ = true;
    const bool some = freed_.wait_until(lock, end_ + kOverdue, [this] {
      return !free_.empty() || failed_.load();
    });
    awaits_free_ = false;
    if (!some || failed_ || Clock::now() >= end_ + kOverdue) return false;
    i = free_.back();
    free_.pop_back();
    ++outstanding_;
    return true;
  }

  void StartOpen(size_t i, Time due) {
    slots_[i].due = due;
    callers_[i]->Start([this, i](const Outcome& outcome) {
      Slot& slot = slots_[i];
      const Time now = Clock::now();
      // What is answered in the measured time went through; what is due in it
      // is waited for, however long.
      Count(slot, outcome, now, now >= begin_ && now < end_,
            slot.due >= begin_);
      std::lock_guard<std::mutex> lock(mu_);
      free_.push_back(i);
      if (awaits_free_) freed_.notify_one();
      if (--outstanding_ == 0) none_outstanding_.notify_one();
    });
  }

  void CountUnsent(Time due) {
    if (due < begin_) return;
    ++unsent_.unsent;
    unsent_.latency.Add(Nanoseconds(Clock::now() - due));
  }

  void Fail(const absl::Status& status) {
    std::lock_guard<std::mutex> lock(mu_);
    if (error_.ok()) error_ = status;
    failed_ = true;
    failure_.notify_one();
    freed_.notify_one();
  }

  void KeepRefusal(const absl::Status& status) {
    std::lock_guard<std::mutex> lock(mu_);
    if (refusal_.ok()) refusal_ = status;
  }

  // `answered`: within the measured time. `timed`: its latency counts.
  void Count(Slot& slot, const Outcome& outcome, Time now, bool answered,
             bool timed) {
    Result& seen = slot.seen;
    const bool aborted = absl::IsAborted(outcome.status);
    if (absl::IsResourceExhausted(outcome.status)) {
      if (answered && ++seen.refused == 1) KeepRefusal(outcome.status);
      return;
    }
    if (!outcome.status.ok() && !aborted) {
      Fail(outcome.status);
      return;
    }
    if (timed) seen.latency.Add(Nanoseconds(now - slot.due));
    if (!answered) return;
    if (aborted) {
      ++seen.aborted;
    } else {
      ++seen.operations;
      seen.events += outcome.events;
    }
  }

  void AwaitAllAnswered() {
    std::unique_lock<std::mutex> lock(mu_);
    none_outstanding_.wait(lock, [this] { return outstanding_ == 0; });
  }

  Result Sum() const {
    Result sum = unsent_;
    sum.duration = options_.duration;
    for (const Slot& slot : slots_) {
      sum.events += slot.seen.events;
      sum.operations += slot.seen.operations;
      sum.aborted += slot.seen.aborted;
      sum.refused += slot.seen.refused;
      sum.latency.Merge(slot.seen.latency);
    }
    return sum;
  }

  const Options options_;
  const std::vector<std::unique_ptr<Caller>>& callers_;
  std::vector<Slot> slots_;
  Result unsent_;  // of the thread that sends
  const Time begin_;
  const Time end_;

  std::atomic<bool> failed_{false};
  std::mutex mu_;
  std::condition_variable failure_;
  std::condition_variable freed_;
  std::condition_variable none_outstanding_;
  std::vector<size_t> free_;  // guarded by mu_
  bool awaits_free_ = false;  // guarded by mu_
  size_t outstanding_ = 0;    // guarded by mu_
  absl::Status refusal_;      // as error_
  absl::Status error_;        // guarded by mu_ while operations go on
};

}  // namespace

absl::StatusOr<Result> Run(
    const Options& options,
    const std::vector<std::unique_ptr<Caller>>& callers) {
  return Runner(options, callers).Run();
}

}  // namespace samverk::load
