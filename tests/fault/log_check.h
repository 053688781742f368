// Holds a register against the journal of those who wrote to it.
#ifndef SAMVERK_TESTS_FAULT_LOG_CHECK_H_
#define SAMVERK_TESTS_FAULT_LOG_CHECK_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "clients/cpp/client.h"
#include "tests/fault/journal.h"

namespace samverk::fault {

// One register over all restarts of its server: what was read once must be
// there for ever. Every method fails the test at the first thing that is
// wrong. One thread.
class LogCheck {
 public:
  explicit LogCheck(const Journal& journal) : journal_(&journal) {}

  // Reads the events after a position, and checks that
  //   - positions go on without a gap to the head, which is their number, and
  //     revisions within each stream likewise (G3);
  //   - every event was sent, is unchanged, and is there once (G1, G4);
  //   - what was read earlier is where it was.
  // Then, of the batches from `first_batch` on: an acknowledged one is where
  // its answer said (G1); a refused one is not there; any other is there whole
  // or not at all, and no other event in between (G2).
  void Check(client::Client& client, uint64_t after, size_t first_batch);

  // Sends again what has no answer: each batch is then there exactly once, and
  // an answer that was in the register before is the first one (G4).
  void Settle(client::Client& client, Journal& journal);

  // Position of the last event that was read.
  uint64_t head() const { return positions_.size(); }
  // Batches without an answer that turned out to be there; not to be.
  size_t open_there() const { return open_there_; }
  size_t open_gone() const { return open_gone_; }

 private:
  // Each returns what is wrong; empty when nothing is.
  std::string Read(client::Client& client, uint64_t after);
  std::string Take(const store::v1::RecordedEvent& event, uint64_t expected);
  std::string CheckBatch(const SentBatch& batch);
  std::string SettleBatch(client::Client& client, Journal& journal,
                          size_t batch);

  void LearnSent();
  // 0 when the event was not read.
  uint64_t PositionOf(size_t event) const;

  const Journal* const journal_;
  std::unordered_map<std::string, size_t> by_id_;  // index into events()
  std::vector<size_t> positions_;  // of position n, at n - 1: its event
  std::vector<uint64_t> found_;    // of each sent event: its position, or 0
  // Of each stream, the positions of its events.
  std::unordered_map<std::string, std::vector<uint64_t>> streams_;
  size_t open_there_ = 0;
  size_t open_gone_ = 0;
};

// Checks all of a register against all of a journal, from the file that the
// clients have on their own disk.
void CheckWhole(client::Client& client, const std::string& journal_path);

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_LOG_CHECK_H_
