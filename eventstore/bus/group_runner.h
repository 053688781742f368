// All consumer groups of a register, at work.
#ifndef SAMVERK_EVENTSTORE_BUS_GROUP_RUNNER_H_
#define SAMVERK_EVENTSTORE_BUS_GROUP_RUNNER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/bus/running_group.h"

namespace samverk::bus {

// Owns the groups and two threads: one works on groups, in turns, and one waits
// for the log to grow. Nothing is tied to a connection. All methods may be
// called from any thread at once.
class GroupRunner {
 public:
  using Answer = RunningGroup::Answer;

  // All must outlive the runner.
  struct Options {
    EventStore* store = nullptr;
    CursorStore* cursors = nullptr;
    Clock* clock = nullptr;
  };
  // A group that cannot be read does not keep the others from working: what is
  // wrong with it is its error in Find.
  //   DATA_LOSS (DAMAGED): no group can be read.
  static absl::StatusOr<std::unique_ptr<GroupRunner>> Open(Options options);
  // Members are told (SHUTTING_DOWN), and so is whoever waits; as soon as the
  // store closes, or here. Nobody may call then, nor use a group that Find
  // gave, afterwards.
  ~GroupRunner();

  // Makes a group that begins after a position, and answers with that. The same
  // settings again: the group as it is.
  //   INVALID_ARGUMENT: CheckGroupName, CheckSettings, a position beyond the
  //     head.
  //   ALREADY_EXISTS (GROUP_EXISTS): one of this name has other settings.
  //   RESOURCE_EXHAUSTED (LIMIT_EXCEEDED): too many groups.
  //   Those of CursorStore::PutCursors.
  void Create(std::string name, GroupSettings settings, Position after,
              Answer answer);
  // Forgets a group. NOT_FOUND, or as CursorStore::PutCursors: then it goes on.
  // A damaged group is forgotten too.
  void Delete(const std::string& name, Answer answer);

  // A group, for everything else. NOT_FOUND; DATA_LOSS (DAMAGED).
  absl::StatusOr<std::shared_ptr<RunningGroup>> Find(const std::string& name);
  // The names of all groups, sorted.
  std::vector<std::string> List();

 private:
  explicit GroupRunner(Options options);
  absl::Status Load();
  GroupSurroundings Surroundings();
  void Add(const std::string& name, std::unique_ptr<ConsumerGroup> group)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Remove(const std::string& name);
  void ForgetDamaged(const std::string& name, Answer answer);
  void Wake(const std::string& name);
  void WakeAll();
  void Run();
  void FollowLog();
  // Tells all groups' members, and gives the groups.
  std::vector<std::shared_ptr<RunningGroup>> CloseAll();
  // Wakes the groups whose deadlines have come.
  void LookAtDeadlines() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The next group to work on; empty when the runner closes.
  std::string Next();

  const Options options_;

  Mutex mu_;
  CondVar changed_;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::map<std::string, std::shared_ptr<RunningGroup>> groups_
      ABSL_GUARDED_BY(mu_);
  std::map<std::string, absl::Status> damaged_ ABSL_GUARDED_BY(mu_);
  absl::btree_set<std::string> awake_ ABSL_GUARDED_BY(mu_);
  std::string last_ ABSL_GUARDED_BY(mu_);  // worked on
  std::map<std::string, absl::Time> deadlines_ ABSL_GUARDED_BY(mu_);
  absl::Time look_at_deadlines_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();

  std::thread worker_;
  std::thread follower_;
};

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_GROUP_RUNNER_H_
