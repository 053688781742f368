// A consumer group at work: between its members, the log and what is stored.
#ifndef SAMVERK_EVENTSTORE_BUS_RUNNING_GROUP_H_
#define SAMVERK_EVENTSTORE_BUS_RUNNING_GROUP_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/bus/consumer_group.h"
#include "eventstore/bus/read_ahead.h"
#include "eventstore/cursor_store.h"
#include "eventstore/event_store.h"
#include "eventstore/limits.h"

namespace samverk::bus {

// Who takes a group's events. Deliver is called from the runner's thread, End
// from any, once, and a Deliver may still be under way then. Must not block.
class GroupMember {
 public:
  virtual ~GroupMember() = default;
  // Events under a lease, at most limits::kReadPageBytes but for a single one;
  // `events` are those of the delivery, in its order. False: they were not
  // taken, and are given to somebody else; the member has left.
  virtual bool Deliver(const Delivery& delivery,
                       std::vector<RecordedEvent> events) = 0;
  // Nothing more comes: NOT_FOUND (the group is deleted), UNAVAILABLE
  // (SHUTTING_DOWN).
  virtual void End(const absl::Status& why) = 0;
};

// What is common to all groups. All must outlive the groups.
struct GroupSurroundings {
  EventStore* store = nullptr;
  CursorStore* cursors = nullptr;
  Clock* clock = nullptr;
  // There is something to do for a group.
  std::function<void(const std::string& name)> wake;
};

// Work is called by one thread at a time; all else by any. It holds:
//   R1  One write is on its way at a time; all that is asked meanwhile shares
//       the next one.
//   R2  An answer is given when all that was changed before it is durable.
//   R3  No lock is held while the store is read, or a member or whoever asked
//       is called.
class RunningGroup : public std::enable_shared_from_this<RunningGroup> {
 public:
  // The group's cursor, or why not.
  using Answer = std::function<void(absl::StatusOr<Position>)>;
  // Changes the group, or says why not.
  using Change =
      absl::FunctionRef<absl::Status(ConsumerGroup& group, absl::Time now)>;

  RunningGroup(GroupSurroundings surroundings,
               std::unique_ptr<ConsumerGroup> group);

  // Changes the group and calls `answer` once that is durable, or with the
  // error of the change or of the write; from within, or from a thread of the
  // store: it must not block.
  //   RESOURCE_EXHAUSTED (QUEUE_FULL): too many wait; nothing was changed.
  //   NOT_FOUND: the group is deleted. UNAVAILABLE (SHUTTING_DOWN).
  void Ask(Change change, Answer answer);
  // These events of a delivery must not be shown to its member; see
  // ConsumerGroup. That it is so is stored when there is time: after a crash
  // they are withheld anew. Called within Deliver.
  void Withhold(const std::string& lease,
                const std::vector<Position>& positions);
  // Events that members have. What is on its way to them is not counted, as
  // some of it may be withheld.
  size_t WithMembers();
  // Looks at the group.
  void Look(absl::FunctionRef<void(const ConsumerGroup& group)> look);
  // Why it does not go on, and what to do; OK when it does.
  absl::Status problem();

  // The member's number, which its deliveries have too.
  //   RESOURCE_EXHAUSTED (QUEUE_FULL): the group has members enough. NOT_FOUND,
  //   UNAVAILABLE (SHUTTING_DOWN): it has none any more.
  absl::StatusOr<uint64_t> Join(MemberRoom room,
                                std::shared_ptr<GroupMember> member);
  void Leave(uint64_t member);
  // So many bytes more, or fewer, wait to be sent to a member. Beyond
  // limits::kMemberUnsentBytes it is given nothing. A member that keeps count
  // says so within Deliver, and whenever some have left.
  void Unsent(uint64_t member, int64_t bytes);
  // A lease is kept by its member until it can be sent, or not any more. While
  // it is, the end of its term is no attempt of its events. False: it is over.
  bool Waits(const std::string& lease, bool waits);

  // Reads ahead, gives, and stores what nobody waits for. True when there is
  // more to do at once.
  bool Work();
  // When Work has something to do without being woken.
  absl::Time NextDeadline();

  // Ends: members are told, whoever waits is answered, and nothing is stored
  // from now on. With `forget`, what is stored is forgotten first, and
  // `forgotten` is called when that is so; if it fails, the group goes on.
  void Close(const absl::Status& why);
  void Forget(Answer forgotten);
  // Waits until no write is on its way, and what it is for is answered.
  void AwaitIdle();

 private:
  struct Joined {
    std::shared_ptr<GroupMember> member;
    int64_t unsent = 0;  // bytes
    bool IsFull() const {
      return unsent >= static_cast<int64_t>(limits::kMemberUnsentBytes);
    }
  };

  // Each: true when there is more to do. Read says whether it has looked at
  // the log at all.
  bool Read(bool& tried);
  bool Give();
  // False: the member has become full by a delivery before this one, which is
  // taken back.
  bool HasRoom(const Delivery& delivery);
  // The events of a delivery, as many as may be delivered at once.
  absl::StatusOr<std::vector<RecordedEvent>> Fetch(const Delivery& delivery);
  // Stores what has changed, unless a write is on its way; what nobody waits
  // for only when it is time.
  void Write();
  void Written(const absl::Status& status);
  // The log could not be read: `again` is when to try once more.
  void Failed(const absl::Status& status, absl::Time& again)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const GroupSurroundings at_;
  const std::string name_;
  ReadAhead read_ahead_;  // of whoever works

  Mutex mu_;
  const std::unique_ptr<ConsumerGroup> group_ ABSL_PT_GUARDED_BY(mu_);
  // Leased, and not given to their members yet.
  size_t on_their_way_ ABSL_GUARDED_BY(mu_) = 0;
  std::map<uint64_t, Joined> members_ ABSL_GUARDED_BY(mu_);
  absl::Status closed_ ABSL_GUARDED_BY(mu_);
  absl::Status problem_ ABSL_GUARDED_BY(mu_);
  uint64_t failures_ ABSL_GUARDED_BY(mu_) = 0;  // so often
  // Not before; after the log could not be read.
  absl::Time read_again_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();
  absl::Time give_again_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();
  // Since when something is changed that nobody waits for.
  absl::Time changed_since_ ABSL_GUARDED_BY(mu_) = absl::InfiniteFuture();

  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  int under_way_ ABSL_GUARDED_BY(mu_) = 0;  // writes, and their answering
  CondVar idle_;
  Position being_written_ ABSL_GUARDED_BY(mu_);  // the cursor
  std::vector<Answer> asked_ ABSL_GUARDED_BY(mu_);
  std::vector<Answer> asked_before_ ABSL_GUARDED_BY(mu_);  // with this write
  Answer forgotten_ ABSL_GUARDED_BY(mu_);   // it is to be forgotten
  Answer forgetting_ ABSL_GUARDED_BY(mu_);  // with the write on its way
};

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_RUNNING_GROUP_H_
