// Clients that append to a register as fast as it answers.
#ifndef SAMVERK_TESTS_FAULT_CALLERS_H_
#define SAMVERK_TESTS_FAULT_CALLERS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/fault/journal.h"

namespace samverk::fault {

// Eight threads, six of them with one append at a time, two with a stream of
// appends. They send batches of one to five events, some on a condition, and
// now and then one again that was acknowledged before, which must get its first
// answer. A caller ends when its server is gone.
class Callers {
 public:
  struct Options {
    std::string address;
    uint64_t seed = 0;
    // The disk may fail: then appends are refused for other reasons than their
    // conditions.
    bool disk_fails = false;
    // The server may be told to stop.
    bool may_be_stopped = false;
  };

  // Starts them. `journal` must outlive the callers. Ids follow from the seed:
  // each seed may be used once in a register.
  Callers(Options options, Journal& journal);
  ~Callers();

  // Waits until every caller has its last answer.
  void Stop();

  // Answers so far that were neither success nor a conflict.
  int failures() const { return failures_; }
  // Answers so far by which something was recorded.
  int acknowledgements() const { return acknowledgements_; }

 private:
  class Caller;

  const Options options_;
  Journal* const journal_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> failures_{0};
  std::atomic<int> acknowledgements_{0};
  // What callers know of the register, from answers.
  std::atomic<uint64_t> last_position_{0};
  std::vector<std::atomic<uint64_t>> revisions_;
  std::vector<std::unique_ptr<Caller>> callers_;
  std::vector<std::thread> threads_;
};

// What settles that nothing of a request was stored, and never will be.
bool SaysNotStored(const absl::Status& status);

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_CALLERS_H_
