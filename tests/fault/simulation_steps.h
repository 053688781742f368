// The steps of a simulation: what is done to a store, one thing after the
// other, as a number generator or some bytes choose.
#ifndef SAMVERK_TESTS_FAULT_SIMULATION_STEPS_H_
#define SAMVERK_TESTS_FAULT_SIMULATION_STEPS_H_

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/commit_record.h"
#include "eventstore/types.h"
#include "tests/fault/simulation_reference.h"

namespace samverk::fault {

// Where choices come from.
class Choices {
 public:
  virtual ~Choices() = default;
  // A number below n; n is 1 or more.
  virtual uint32_t Below(uint32_t n) = 0;
  // True once nothing is left to choose from.
  virtual bool exhausted() const { return false; }

  bool OneIn(uint32_t n) { return Below(n) == 0; }
};

// The same choices for the same seed.
class RandomChoices : public Choices {
 public:
  explicit RandomChoices(uint64_t seed) : random_(seed) {}
  uint32_t Below(uint32_t n) override {
    return static_cast<uint32_t>(random_() % n);
  }

 private:
  std::mt19937_64 random_;
};

// Takes one byte for each choice; 0 when none is left. `bytes` must outlive
// this.
class ByteChoices : public Choices {
 public:
  explicit ByteChoices(std::string_view bytes) : bytes_(bytes) {}
  uint32_t Below(uint32_t n) override {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte % n;
  }
  bool exhausted() const override { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

struct Step {
  enum class Kind {
    kAppend,   // `appends`, sent one after the other without waiting
    kRead,     // page after page to the end
    kLocate,   // ids
    kAwait,    // with a deadline that has passed
    kClock,    // is set
    kFullLog,  // every event, and the tree
    // Only where the store has them:
    kCursors,
    kRestart,  // closed and opened
    kKill,     // opened from what is on the disk, without closing
    kRebuild,  // opened, and derived again
  };
  struct Sent {
    AppendRequest request;
    bool in_time = true;
  };

  Kind kind = Kind::kAppend;
  std::vector<Sent> appends;
  ReadOptions read;
  std::vector<EventId> ids;
  uint64_t position = 0;
  int64_t clock_us = 0;
  std::vector<CursorEntry> cursors;

  std::string ToString() const;
};

// What the store under test can do beside EventStore.
struct Abilities {
  bool cursors = false;
  bool restarts = false;
  bool checks_clock = false;
};

// Makes up steps that are likely to find something: names are few, so that
// they meet; earlier requests come back, whole, in part or changed.
class StepMaker {
 public:
  static constexpr int64_t kStartUs = 1'750'000'000'000'000;

  // Both must outlive the maker.
  StepMaker(Choices& choices, const Reference& reference, Abilities abilities)
      : choices_(choices), reference_(reference), abilities_(abilities) {}

  Step Next();

 private:
  uint32_t Below(uint32_t n) { return choices_.Below(n); }
  bool OneIn(uint32_t n) { return choices_.OneIn(n); }
  // A position from 0 to a little beyond the head; often near it.
  uint64_t SomePosition();
  std::string Stream();
  std::string Type();
  std::string Tag();
  NewEvent Event();
  Query SomeQuery();
  Condition SomeCondition();
  AppendRequest Fresh();
  // An earlier request as it was, changed, or in part.
  AppendRequest Again();
  void Change(NewEvent& event);
  // Makes one mistake.
  void Spoil(AppendRequest& request);
  void SpoilEvent(NewEvent& event, uint32_t mistake);
  void Append(Step& step);
  void Read(Step& step);

  Choices& choices_;
  const Reference& reference_;
  const Abilities abilities_;
  std::vector<AppendRequest> sent_;
  uint64_t events_ = 0;  // made up so far
};

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_SIMULATION_STEPS_H_
