// Puts load on something and measures how it bears it.
//
//   closed loop   each caller begins its next operation when the last one is
//                 answered: how much goes through
//   open loop     operations are due at a fixed rate, whatever the answers: how
//                 long users would wait
//
// In the open loop an operation's time runs from when it was due, not from when
// it could be sent: a server that stalls for a second has made all those wait
// who would have come in that second, and the histogram says so (no coordinated
// omission).
#ifndef SAMVERK_CLIENTS_LOAD_LOAD_H_
#define SAMVERK_CLIENTS_LOAD_LOAD_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/load/histogram.h"

namespace samverk::load {

// What came of an operation.
struct Outcome {
  // OK, or ABORTED or RESOURCE_EXHAUSTED: an answer too, counted by itself.
  // Anything else ends the run.
  absl::Status status;
  // Events that the operation was about, when it succeeded.
  uint64_t events = 0;
};

// Somebody who has one operation outstanding at most.
class Caller {
 public:
  using Done = std::function<void(const Outcome&)>;

  virtual ~Caller() = default;

  // Begins an operation and returns; `done` is called once, from any thread,
  // after Start has been entered and maybe before it returns. The next Start
  // may come from within it.
  virtual void Start(Done done) = 0;

  // No operation will follow: closes what is open. Called once, without an
  // operation outstanding, and waits.
  virtual void Finish() {}
};

struct Options {
  // What is measured begins so long after the start.
  std::chrono::milliseconds warm_up{1'000};
  std::chrono::milliseconds duration{10'000};
  // Operations a second that are due; 0: closed loop.
  double rate = 0;
};

// What was measured, the warming up left out.
struct Result {
  std::chrono::nanoseconds duration{0};
  // Answered in that time.
  uint64_t events = 0;
  uint64_t operations = 0;  // those that succeeded
  uint64_t aborted = 0;     // a condition did not hold
  uint64_t refused = 0;     // the server had too much to do
  // Due in that time (open loop) and never sent: the run ends ten seconds after
  // its time. Their waiting so far is among the latencies.
  uint64_t unsent = 0;
  // Nanoseconds of each operation that succeeded or was aborted: answered
  // (closed loop) or due (open loop) in that time.
  Histogram latency;

  double EventsPerSecond() const {
    return static_cast<double>(events) /
           std::chrono::duration<double>(duration).count();
  }
};

// Runs `callers`, at least one, until the time is over and every operation is
// answered. The first outcome that ends the run is returned as the error, and
// the first refusal when nothing but refusals came in the measured time.
// Callers are finished in both cases.
absl::StatusOr<Result> Run(const Options& options,
                           const std::vector<std::unique_ptr<Caller>>& callers);

}  // namespace samverk::load

#endif  // SAMVERK_CLIENTS_LOAD_LOAD_H_
