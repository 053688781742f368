// A consumer group in a world where everything goes wrong: members, a log, a
// server that dies, a disk that fails. What a random generator chooses is done
// to the group and to its model, and compared.
#ifndef SAMVERK_TESTS_BUS_GROUP_WORLD_H_
#define SAMVERK_TESTS_BUS_GROUP_WORLD_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/base/clock.h"
#include "eventstore/bus/consumer_group.h"
#include "eventstore/memory/memory_event_store.h"
#include "tests/bus/fake_cursor_store.h"
#include "tests/bus/group_model.h"
#include "tests/fault/simulation_steps.h"

namespace samverk::bus {

inline constexpr char kGroupName[] = "finance";

class GroupWorld {
 public:
  explicit GroupWorld(fault::Choices& choices);

  // What is wrong, and what was done before; empty: nothing.
  std::string Run(size_t steps);

 private:
  using Wrong = GroupModel::Wrong;
  // Who is answered when what has changed until then is durable.
  struct Asked {
    uint64_t version = 0;
    std::vector<uint64_t> done;  // acknowledged as done
  };

  uint32_t Below(uint32_t n) { return choices_.Below(n); }
  bool OneIn(uint32_t n) { return choices_.OneIn(n); }
  void Note(std::string what);

  // Steps.
  Wrong Step();
  void Append();
  Wrong Read();
  Wrong Give();
  void JoinOrLeave();
  Wrong SaySomething();
  Wrong Say(const Acknowledgement& said);
  Wrong Extend();
  void TakeBack();
  Wrong KeepOrSend();
  void PassTime();
  void ReplayOrDrop();
  void ChangeSettings();
  void Write();
  Wrong EndWrite(bool well);
  Wrong Restart();
  // Everybody behaves: whatever was broken before, it must come to an end.
  Wrong Finish();

  Acknowledgement SomeAcknowledgement();
  std::optional<std::string> SomeLease();
  // What was asked is answered when it is durable.
  void Ask(std::vector<uint64_t> done);
  Wrong Answer(std::deque<Asked>& asked, bool ok);

  fault::Choices& choices_;
  FakeClock clock_;
  MemoryEventStore store_;
  FakeCursorStore cursors_;
  std::string trace_;

  uint64_t filter_;  // which types match: 0 all, 1 one in two, 2 rarely, 3 none
  const uint64_t after_;  // where the group begins
  std::unique_ptr<ConsumerGroup> group_;
  GroupModel model_;
  uint64_t lives_ = 0;
  uint64_t events_ = 0;
  std::vector<std::string> old_leases_;  // of earlier lives

  // What is stored, and what is being stored.
  GroupModel::Snapshot stored_;
  uint64_t stored_version_ = 0;
  GroupModel::Snapshot being_stored_;
  uint64_t version_ = 0;  // counts changes
  uint64_t being_stored_version_ = 0;
  std::optional<absl::Status> write_ended_;
  std::deque<Asked> asked_;         // wait for the next write
  std::deque<Asked> asked_before_;  // wait for the one on its way
  std::vector<uint64_t> answered_;  // done, and durably so
};

}  // namespace samverk::bus

#endif  // SAMVERK_TESTS_BUS_GROUP_WORLD_H_
