// What clients sent to a register and what they were answered, kept by
// themselves, so that the register can be held against it.
#ifndef SAMVERK_TESTS_FAULT_JOURNAL_H_
#define SAMVERK_TESTS_FAULT_JOURNAL_H_

#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "eventstore/base/mutex.h"
#include "samverk/store/v1/record.pb.h"
#include "samverk/store/v1/store_service.pb.h"

namespace samverk::fault {

// What is known of a batch.
enum class Fate {
  kOpen,          // sent; the answer did not come, or was "outcome unknown"
  kAcknowledged,  // must be there for ever
  kRefused,       // must never be there
};

struct SentEvent {
  std::string id;
  std::string stream;
  uint64_t content = 0;  // ContentOf its body
  size_t batch = 0;
  uint64_t position = 0;  // as acknowledged
  uint64_t revision = 0;
};

using Instant = std::chrono::steady_clock::time_point;

struct SentBatch {
  size_t first_event = 0;
  size_t events = 0;
  Fate fate = Fate::kOpen;
  // Not after reading a file.
  Instant sent;
  Instant acknowledged;
};

// The hash by which an event is known again.
uint64_t ContentOf(const store::v1::EventBody& body);
// The body that the store makes of an event.
store::v1::EventBody BodyOf(const store::v1::NewEvent& event);

// A file with a line for each batch before it is sent, and one for each answer
// once it has come; the same in memory. Note takers may be many threads; what
// the getters return may only be used while nobody takes notes.
class Journal {
 public:
  // Begins a journal, or reads the one that is there.
  explicit Journal(const std::string& path);

  // Notes a batch that is about to be sent; returns its number.
  size_t Sending(const store::v1::AppendRequest& request);
  // False when it was acknowledged earlier with another answer.
  bool Acknowledge(size_t batch, const store::v1::AppendResponse& answer);
  void Refuse(size_t batch);
  // Takes back what was sent before one instant and acknowledged after another:
  // it counts as not answered. Returns how many batches that are.
  size_t Doubt(Instant acknowledged_after, Instant sent_before);

  // One of the batches that were acknowledged lately; nullopt when none was.
  std::optional<size_t> AnyAcknowledged(std::mt19937_64& random);
  // The request of such a batch, or of an open one. Not after reading a file.
  store::v1::AppendRequest RequestOf(size_t batch);

  // Batches without an answer, in the order of sending.
  std::vector<size_t> Open();

  const std::vector<SentBatch>& batches() const { return batches_; }
  const std::vector<SentEvent>& events() const { return events_; }
  size_t acknowledged() const { return acknowledged_; }

  // Writes what is buffered.
  void Flush();

 private:
  void AddEvent(SentEvent event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void ReadLine(const std::string& line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  Mutex mu_;
  std::ofstream file_;
  std::vector<SentBatch> batches_;
  std::vector<SentEvent> events_;
  size_t acknowledged_ = 0;  // events
  // By batch. Those of recent_ and of open ones.
  std::unordered_map<size_t, store::v1::AppendRequest> requests_;
  std::vector<size_t> recent_;  // acknowledged; a ring
  size_t next_recent_ = 0;
};

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_JOURNAL_H_
