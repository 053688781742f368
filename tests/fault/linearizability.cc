#include "tests/fault/linearizability.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"

namespace samverk::fault {
namespace {

using Kind = Operation::Kind;
using Outcome = Operation::Outcome;

// One batch of the log.
struct Batch {
  size_t first = 0;  // index in the log
  // Operations that may have recorded it.
  std::vector<size_t> senders;
};

std::string Name(const History& history, size_t index) {
  const Operation& operation = history.operations[index];
  std::string name = absl::StrCat("operation ", index, " (");
  switch (operation.kind) {
    case Kind::kAppend:
      absl::StrAppend(&name,
                      operation.outcome == Outcome::kRefused   ? "refused "
                      : operation.outcome == Outcome::kUnknown ? "unanswered "
                                                               : "",
                      "append of ", operation.ids.front());
      break;
    case Kind::kReadStream:
      absl::StrAppend(&name, "reading of ", operation.stream);
      break;
    case Kind::kReadHead:
      absl::StrAppend(&name, "reading of the head ", operation.head);
      break;
  }
  return name + ")";
}

class Checker {
 public:
  explicit Checker(const History& history) : history_(history) {}

  std::string Run() {
    for (const auto step :
         {&Checker::TakeLog, &Checker::TakeAppends, &Checker::CutIntoBatches,
          &Checker::FindSenders, &Checker::Search}) {
      if (std::string wrong = (this->*step)(); !wrong.empty()) return wrong;
    }
    return "";
  }

 private:
  // --- The log by itself ---

  std::string TakeLog() {
    for (size_t i = 0; i < history_.log.size(); ++i) {
      const LoggedEvent& event = history_.log[i];
      if (!index_.emplace(event.id, i).second) {
        return absl::StrCat(event.id, " is recorded twice");
      }
      std::vector<size_t>& stream = streams_[event.stream];
      stream.push_back(i);
      if (event.revision != stream.size()) {
        return absl::StrCat(event.id, " is revision ", event.revision, " of ",
                            event.stream, ", not ", stream.size());
      }
    }
    return "";
  }

  // Where each append's events are, and whether that is what it was answered.
  std::string TakeAppends() {
    sent_by_.resize(history_.log.size());
    for (size_t i = 0; i < history_.operations.size(); ++i) {
      const Operation& append = history_.operations[i];
      if (append.kind != Kind::kAppend) continue;
      std::vector<size_t> found;
      for (const std::string& id : append.ids) {
        const auto it = index_.find(id);
        if (it != index_.end()) found.push_back(it->second);
      }
      if (found.empty()) {
        if (append.outcome != Outcome::kDone) continue;
        return absl::StrCat(Name(history_, i), " is not in the log");
      }
      if (found.size() != append.ids.size()) {
        return absl::StrCat("only a part of ", Name(history_, i), " is there");
      }
      for (size_t e = 0; e < found.size(); ++e) {
        if (found[e] != found[0] + e) {
          return absl::StrCat(Name(history_, i), " is not in one piece");
        }
        sent_by_[found[e]].push_back(i);
      }
      if (append.outcome == Outcome::kDone &&
          append.recorded != PlacesFrom(found[0], found.size())) {
        return absl::StrCat(Name(history_, i), " was answered another place");
      }
    }
    return "";
  }

  std::vector<Place> PlacesFrom(size_t first, size_t events) const {
    std::vector<Place> places;
    for (size_t i = first; i < first + events; ++i) {
      places.push_back({history_.base + i + 1, history_.log[i].revision});
    }
    return places;
  }

  std::string CutIntoBatches() {
    ends_.push_back(0);
    for (size_t i = 0; i < history_.log.size();) {
      if (sent_by_[i].empty()) {
        return absl::StrCat("nobody sent ", history_.log[i].id);
      }
      const Operation& append = history_.operations[sent_by_[i].front()];
      batches_.push_back({i, {}});
      i += append.ids.size();
      ends_.push_back(i);
    }
    return "";
  }

  std::string FindSenders() {
    batch_of_.resize(history_.operations.size());
    for (size_t b = 0; b < batches_.size(); ++b) {
      std::optional<size_t> first;  // who was told that it was the first
      for (const size_t i : sent_by_[batches_[b].first]) {
        const Operation& append = history_.operations[i];
        batch_of_[i] = b;
        if (append.outcome != Outcome::kDone || append.replayed) continue;
        if (first.has_value()) {
          return absl::StrCat(Name(history_, i), " and ",
                              Name(history_, *first),
                              " were both told to be the first");
        }
        first = i;
      }
      for (const size_t i : sent_by_[batches_[b].first]) {
        const Operation& append = history_.operations[i];
        const bool may = first.has_value()
                             ? i == *first
                             : append.outcome == Outcome::kUnknown;
        if (may && Holds(append, b)) batches_[b].senders.push_back(i);
      }
      if (batches_[b].senders.empty()) {
        return absl::StrCat("nobody may have recorded ",
                            history_.log[batches_[b].first].id,
                            ": refused, or on conditions that did not hold");
      }
    }
    return "";
  }

  // --- States ---

  // How many events the log has in a state.
  size_t End(size_t state) const { return ends_[state]; }

  uint64_t RevisionAt(const std::string& stream, size_t state) const {
    const auto it = streams_.find(stream);
    if (it == streams_.end()) return 0;
    return static_cast<uint64_t>(
        std::lower_bound(it->second.begin(), it->second.end(), End(state)) -
        it->second.begin());
  }

  bool Holds(const StreamIsAt& condition, size_t state) const {
    return RevisionAt(condition.stream, state) == condition.revision;
  }
  bool Holds(const StreamExists& condition, size_t state) const {
    return RevisionAt(condition.stream, state) > 0;
  }
  bool Holds(const NoneSince& condition, size_t state) const {
    const size_t begin =
        condition.after < history_.base ? 0 : condition.after - history_.base;
    for (size_t i = begin; i < End(state); ++i) {
      const std::vector<std::string>& tags = history_.log[i].tags;
      const bool all = std::all_of(condition.tags.begin(), condition.tags.end(),
                                   [&](const std::string& tag) {
                                     return std::find(tags.begin(), tags.end(),
                                                      tag) != tags.end();
                                   });
      if (all) return false;
    }
    return true;
  }
  bool Holds(const Operation& append, size_t state) const {
    for (const Expectation& condition : append.conditions) {
      if (!std::visit([&](const auto& c) { return Holds(c, state); },
                      condition)) {
        return false;
      }
    }
    return true;
  }

  // Whether a reading or a refusal is right in a state.
  bool IsRight(size_t operation, size_t state) const {
    const Operation& asked = history_.operations[operation];
    const uint64_t head = history_.base + End(state);
    switch (asked.kind) {
      case Kind::kAppend:
        // What is recorded is answered again, not refused.
        return !Holds(asked, state) && !(batch_of_[operation].has_value() &&
                                         *batch_of_[operation] < state);
      case Kind::kReadHead:
        return asked.head == head;
      case Kind::kReadStream:
        break;
    }
    if (asked.head != head) return false;
    std::vector<uint64_t> positions;
    if (const auto it = streams_.find(asked.stream); it != streams_.end()) {
      for (const size_t i : it->second) {
        if (i < End(state)) positions.push_back(history_.base + i + 1);
      }
    }
    return asked.positions == positions;
  }

  // --- The search ---

  // Operations that need a state in which they are right.
  static bool ChangesNothing(const Operation& operation) {
    return operation.kind != Kind::kAppend ||
           operation.outcome == Outcome::kRefused;
  }

  // By state: the sets of pending operations that are done, as bits of slots_;
  // none within another.
  using Configurations = std::map<size_t, std::vector<uint64_t>>;

  static bool Add(uint64_t done, std::vector<uint64_t>& sets) {
    for (const uint64_t set : sets) {
      if ((done & set) == done) return false;
    }
    std::erase_if(sets, [done](uint64_t set) { return (done & set) == set; });
    sets.push_back(done);
    return true;
  }

  uint64_t DoneIn(size_t state) const {
    uint64_t done = 0;
    for (const auto& [operation, slot] : slots_) {
      if (IsRight(operation, state)) done |= uint64_t{1} << slot;
    }
    return done;
  }

  // Every state that pending senders can lead to.
  void LeadOn() {
    for (auto it = configurations_.begin(); it != configurations_.end(); ++it) {
      const size_t state = it->first;
      if (state == batches_.size()) break;
      const std::vector<size_t>& senders = batches_[state].senders;
      const bool pending = std::any_of(
          senders.begin(), senders.end(),
          [this](size_t sender) { return pending_.contains(sender); });
      if (!pending) continue;
      const uint64_t done = DoneIn(state + 1);
      for (const uint64_t set : it->second) {
        Add(set | done, configurations_[state + 1]);
      }
    }
  }

  void Call(size_t operation) {
    pending_.insert(operation);
    if (!ChangesNothing(history_.operations[operation])) return;
    const int slot = std::countr_one(used_);
    SAMVERK_CHECK(slot < 64) << "too many pending operations";
    used_ |= uint64_t{1} << slot;
    slots_[operation] = slot;
    for (auto& [state, sets] : configurations_) {
      if (!IsRight(operation, state)) continue;
      for (uint64_t& set : sets) set |= uint64_t{1} << slot;
    }
  }

  void Return(size_t operation) {
    LeadOn();
    const Operation& answered = history_.operations[operation];
    Configurations left;
    for (const auto& [state, sets] : configurations_) {
      for (const uint64_t set : sets) {
        if (const auto slot = slots_.find(operation); slot != slots_.end()) {
          const uint64_t bit = uint64_t{1} << slot->second;
          if ((set & bit) != 0) Add(set & ~bit, left[state]);
        } else if (answered.outcome == Outcome::kUnknown ||
                   state > *batch_of_[operation]) {
          Add(set, left[state]);
        }
      }
    }
    if (const auto slot = slots_.find(operation); slot != slots_.end()) {
      used_ &= ~(uint64_t{1} << slot->second);
      slots_.erase(slot);
    }
    pending_.erase(operation);
    configurations_ = std::move(left);
  }

  std::string Search() {
    // An instant may belong to the answer of one and the call of another:
    // calls first, which allows more.
    std::vector<std::pair<int64_t, std::pair<bool, size_t>>> steps;
    for (size_t i = 0; i < history_.operations.size(); ++i) {
      const Operation& operation = history_.operations[i];
      steps.push_back({operation.called, {false, i}});
      if (operation.returned != kNever) {
        steps.push_back({operation.returned, {true, i}});
      }
    }
    std::sort(steps.begin(), steps.end());
    configurations_ = {{0, {0}}};
    for (const auto& [when, step] : steps) {
      const auto& [returns, operation] = step;
      if (!returns) {
        Call(operation);
        continue;
      }
      Return(operation);
      if (configurations_.empty()) {
        return absl::StrCat(Name(history_, operation),
                            " fits nowhere between its call and its answer");
      }
    }
    LeadOn();
    if (!configurations_.contains(batches_.size())) {
      return "what is in the log at the end was recorded after every call";
    }
    return "";
  }

  const History& history_;
  std::unordered_map<std::string, size_t> index_;  // of an id in the log
  std::unordered_map<std::string, std::vector<size_t>> streams_;
  std::vector<std::vector<size_t>> sent_by_;  // of each event of the log
  std::vector<Batch> batches_;
  std::vector<size_t> ends_;
  std::vector<std::optional<size_t>> batch_of_;  // of each operation

  Configurations configurations_;
  std::set<size_t> pending_;
  std::map<size_t, int> slots_;  // of pending operations that change nothing
  uint64_t used_ = 0;
};

}  // namespace

std::string WhyNotLinearizable(const History& history) {
  return Checker(history).Run();
}

}  // namespace samverk::fault
