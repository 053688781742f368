// What a register must answer, in the plainest words: a list of events that is
// searched from its beginning for every question.
#ifndef SAMVERK_TESTS_FAULT_SIMULATION_REFERENCE_H_
#define SAMVERK_TESTS_FAULT_SIMULATION_REFERENCE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "eventstore/types.h"
#include "samverk/error/v1/reasons.pb.h"

namespace samverk::fault {

// Written from eventstore/event_store.h alone: shares types, limits and error
// reasons with the stores, and none of their code. One thread.
class Reference {
 public:
  // An event as it is recorded: tags in order, each once.
  struct Fact {
    NewEvent event;
    uint64_t position = 0;
    uint64_t revision = 0;
    int64_t recorded_at_us = 0;
    uint64_t request = 0;  // which append it came with
  };

  // The answer to an append.
  struct Answer {
    absl::StatusCode code = absl::StatusCode::kOk;
    error::v1::Reason reason = error::v1::REASON_UNSPECIFIED;
    // Some of the error's metadata: what must be among it.
    std::map<std::string, std::string> values;
    std::vector<std::pair<uint64_t, uint64_t>> recorded;  // position, revision
    int64_t recorded_at_us = 0;
    bool replayed = false;

    bool ok() const { return code == absl::StatusCode::kOk; }
    std::string ToString() const;
  };

  // `checks_clock`: whether the store refuses a clock that must be wrong.
  explicit Reference(bool checks_clock) : checks_clock_(checks_clock) {}

  // `in_time`: the request's deadline has not passed.
  Answer Append(const AppendRequest& request, int64_t now_us, bool in_time);

  // Why a reading is refused, or REASON_UNSPECIFIED.
  static error::v1::Reason WhyRefused(const ReadOptions& options);
  // Every event that a reading is about, in its direction; no limit.
  std::vector<const Fact*> Matching(const ReadOptions& options) const;

  const std::vector<Fact>& log() const { return log_; }
  uint64_t head() const { return log_.size(); }
  const Fact* Find(const EventId& id) const;
  uint64_t RevisionOf(const std::string& stream) const;
  std::optional<uint64_t> TrackOf(const std::string& consumer) const;

  // Cursors: an empty value forgets the key.
  void PutCursor(const std::string& key, const std::string& value);
  const std::map<std::string, std::string>& cursors() const { return cursors_; }

 private:
  std::optional<Answer> Replay(const std::vector<NewEvent>& events) const;
  std::optional<Answer> KnownSource(const std::vector<NewEvent>& events) const;
  std::optional<Answer> BrokenConditions(const AppendRequest& request) const;

  const bool checks_clock_;
  std::vector<Fact> log_;
  std::map<std::string, uint64_t> tracks_;
  std::map<std::string, std::string> cursors_;
  uint64_t requests_ = 0;
};

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_SIMULATION_REFERENCE_H_
