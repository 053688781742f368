#include "eventstore/bus/group_runner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/random.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/thread_name.h"
#include "eventstore/limits.h"
#include "eventstore/store_errors.h"

namespace samverk::bus {
namespace {

// The clock may be set, and the runner may be closed: looked at so often.
constexpr absl::Duration kLookAround = absl::Milliseconds(100);

uint64_t NewLife() {
  uint64_t life = 0;
  FillRandom(absl::MakeSpan(reinterpret_cast<uint8_t*>(&life), sizeof(life)));
  return life;
}

absl::Status NoGroup(const std::string& name) {
  return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                   absl::StrCat("there is no consumer group ", name,
                                "; names are case-sensitive"),
                   {{"group", name}});
}

absl::Status GroupExists(const std::string& name) {
  return MakeError(absl::StatusCode::kAlreadyExists,
                   error::v1::REASON_GROUP_EXISTS,
                   absl::StrCat("consumer group ", name,
                                " has other settings; use it as it "
                                "is, change it, or choose another name"),
                   {{"group", name}});
}

}  // namespace

GroupRunner::GroupRunner(Options options) : options_(options) {}

absl::StatusOr<std::unique_ptr<GroupRunner>> GroupRunner::Open(
    Options options) {
  std::unique_ptr<GroupRunner> runner(new GroupRunner(options));
  RETURN_IF_ERROR(runner->Load());
  runner->worker_ = std::thread([r = runner.get()] { r->Run(); });
  runner->follower_ = std::thread([r = runner.get()] { r->FollowLog(); });
  return runner;
}

GroupRunner::~GroupRunner() {
  {
    MutexLock lock(mu_);
    closing_ = true;
    changed_.NotifyAll();
  }
  if (worker_.joinable()) worker_.join();
  if (follower_.joinable()) follower_.join();
  for (const auto& group : CloseAll()) group->AwaitIdle();
}

std::vector<std::shared_ptr<RunningGroup>> GroupRunner::CloseAll() {
  std::vector<std::shared_ptr<RunningGroup>> groups;
  {
    MutexLock lock(mu_);
    for (const auto& [name, group] : groups_) groups.push_back(group);
  }
  for (const auto& group : groups) group->Close(ShuttingDown());
  return groups;
}

absl::Status GroupRunner::Load() {
  ASSIGN_OR_RETURN(std::vector<CursorEntry> entries,
                   options_.cursors->ListCursors(kGroupPrefix));
  MutexLock lock(mu_);
  for (const auto& [name, of_group] : EntriesByGroup(std::move(entries))) {
    auto stored = DecodeGroup(name, of_group);
    if (!stored.ok()) {
      damaged_[name] = stored.status();
      continue;
    }
    Add(name,
        std::make_unique<ConsumerGroup>(name, *std::move(stored), NewLife()));
  }
  return absl::OkStatus();
}

GroupSurroundings GroupRunner::Surroundings() {
  return {options_.store, options_.cursors, options_.clock,
          [this](const std::string& name) { Wake(name); }};
}

void GroupRunner::Add(const std::string& name,
                      std::unique_ptr<ConsumerGroup> group) {
  groups_[name] =
      std::make_shared<RunningGroup>(Surroundings(), std::move(group));
  awake_.insert(name);
  changed_.NotifyAll();
}

void GroupRunner::Remove(const std::string& name) {
  MutexLock lock(mu_);
  groups_.erase(name);
  damaged_.erase(name);
  deadlines_.erase(name);
}

void GroupRunner::Create(std::string name, GroupSettings settings,
                         Position after, Answer answer) {
  absl::Status refused = CheckGroupName(name);
  if (refused.ok()) refused = CheckSettings(settings);
  if (refused.ok() && after > options_.store->Head()) {
    refused = WrongField("start.after", "is beyond the head");
  }
  if (!refused.ok()) return answer(std::move(refused));
  std::shared_ptr<RunningGroup> group;
  bool is_new = false;
  {
    MutexLock lock(mu_);
    if (const auto damaged = damaged_.find(name); damaged != damaged_.end()) {
      refused = damaged->second;
    } else if (!groups_.contains(name)) {
      if (groups_.size() >= limits::kGroups) {
        refused = MakeError(
            absl::StatusCode::kResourceExhausted,
            error::v1::REASON_LIMIT_EXCEEDED,
            absl::StrCat("there are ", groups_.size(),
                         " consumer groups, and no more are allowed; delete "
                         "those that nobody uses"),
            {{"what", "groups"},
             {"value", absl::StrCat(groups_.size())},
             {"limit", absl::StrCat(limits::kGroups)}});
      } else {
        is_new = true;
        Add(name,
            std::make_unique<ConsumerGroup>(name, settings, after, NewLife()));
      }
    }
    if (refused.ok()) group = groups_.at(name);
  }
  if (!refused.ok()) return answer(std::move(refused));
  group->Ask(
      [&](ConsumerGroup& found, absl::Time) {
        return EncodeSettings(found.settings()) == EncodeSettings(settings)
                   ? absl::OkStatus()
                   : GroupExists(name);
      },
      [this, is_new, name, group,
       answer = std::move(answer)](absl::StatusOr<Position> cursor) {
        // A group that is not stored is none.
        if (is_new && !cursor.ok()) {
          Remove(name);
          group->Close(cursor.status());
        }
        answer(std::move(cursor));
      });
}

void GroupRunner::Delete(const std::string& name, Answer answer) {
  const auto group = Find(name);
  if (!group.ok()) {
    if (group.status().code() == absl::StatusCode::kNotFound) {
      return answer(group.status());
    }
    return ForgetDamaged(name, std::move(answer));
  }
  (*group)->Forget([this, name, answer = std::move(answer)](
                       absl::StatusOr<Position> cursor) {
    if (cursor.ok()) Remove(name);
    answer(std::move(cursor));
  });
}

void GroupRunner::ForgetDamaged(const std::string& name, Answer answer) {
  auto entries = options_.cursors->ListCursors(SettingsKey(name));
  if (!entries.ok()) return answer(entries.status());
  std::vector<CursorEntry> forget =
      std::move(EntriesByGroup(*std::move(entries))[name]);
  for (CursorEntry& entry : forget) entry.value.clear();
  options_.cursors->PutCursors(
      std::move(forget), absl::InfiniteFuture(),
      [this, name, answer = std::move(answer)](const absl::Status& status) {
        if (!status.ok()) return answer(status);
        Remove(name);
        answer(Position());
      });
}

absl::StatusOr<std::shared_ptr<RunningGroup>> GroupRunner::Find(
    const std::string& name) {
  MutexLock lock(mu_);
  if (const auto at = damaged_.find(name); at != damaged_.end()) {
    return at->second;
  }
  const auto at = groups_.find(name);
  if (at == groups_.end()) return NoGroup(name);
  return at->second;
}

std::vector<std::string> GroupRunner::List() {
  MutexLock lock(mu_);
  std::vector<std::string> names;
  for (const auto& [name, group] : groups_) names.push_back(name);
  for (const auto& [name, status] : damaged_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

void GroupRunner::Wake(const std::string& name) {
  MutexLock lock(mu_);
  if (awake_.insert(name).second) changed_.NotifyAll();
}

void GroupRunner::WakeAll() {
  MutexLock lock(mu_);
  for (const auto& [name, group] : groups_) awake_.insert(name);
  changed_.NotifyAll();
}

void GroupRunner::LookAtDeadlines() {
  const absl::Time now = options_.clock->Now();
  for (const auto& [name, deadline] : deadlines_) {
    if (deadline <= now) awake_.insert(name);
  }
}

std::string GroupRunner::Next() {
  MutexLock lock(mu_);
  while (!closing_) {
    if (const absl::Time now = absl::Now();
        awake_.empty() || now >= look_at_deadlines_) {
      LookAtDeadlines();
      look_at_deadlines_ = now + kLookAround;
    }
    if (!awake_.empty()) {
      // In turns, by name.
      auto next = awake_.upper_bound(last_);
      if (next == awake_.end()) next = awake_.begin();
      last_ = *next;
      awake_.erase(next);
      return last_;
    }
    changed_.WaitUntil(mu_, look_at_deadlines_);
  }
  return "";
}

void GroupRunner::Run() {
  SetThreadName("groups");
  for (std::string name = Next(); !name.empty(); name = Next()) {
    const auto group = Find(name);
    if (!group.ok()) continue;
    const bool more = (*group)->Work();
    const absl::Time deadline = (*group)->NextDeadline();
    MutexLock lock(mu_);
    if (groups_.contains(name)) deadlines_[name] = deadline;
    if (more) awake_.insert(name);
  }
}

void GroupRunner::FollowLog() {
  SetThreadName("groups-log");
  Position head;  // what is there already wakes groups too
  while (true) {
    {
      MutexLock lock(mu_);
      if (closing_) return;
    }
    const auto grown =
        options_.store->AwaitBeyond(head, absl::Now() + kLookAround);
    if (grown.ok()) {
      head = *grown;
      WakeAll();
    } else if (!absl::IsDeadlineExceeded(grown.status())) {
      CloseAll();  // the store closes: members need not wait for the runner
      return;
    }
  }
}

}  // namespace samverk::bus
