// The server of the world: what it stores, what it answers, and how it dies.
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/store_errors.h"
#include "tests/bus/group_world.h"

namespace samverk::bus {

void GroupWorld::Ask(std::vector<uint64_t> done) {
  asked_.push_back({version_, std::move(done)});
}

void GroupWorld::Write() {
  if (cursors_.holds()) return;
  being_stored_ = model_.Now();
  being_stored_version_ = version_;
  asked_before_ = std::exchange(asked_, {});
  // Nothing new: everything is stored already, and may be answered so.
  std::vector<CursorEntry> entries = group_->TakeChanges();
  cursors_.PutCursors(
      std::move(entries), absl::InfiniteFuture(),
      [this](const absl::Status& status) { write_ended_ = status; });
  Note(absl::StrCat("write version ", version_));
}

GroupWorld::Wrong GroupWorld::EndWrite(bool well) {
  if (!cursors_.holds()) return "";
  // Stored and said so; not stored and said so; and unknown to whom it is said.
  const uint32_t how = well ? 0 : Below(4);
  const bool is_stored = how == 0 || how == 1;
  if (is_stored) {
    stored_ = being_stored_;
    stored_version_ = being_stored_version_;
  }
  cursors_.End(is_stored, how == 0   ? absl::OkStatus()
                          : how == 3 ? QueueFull(1, 1)
                                     : OutcomeUnknown("a test"));
  SAMVERK_CHECK(write_ended_.has_value()) << "it was answered";
  const bool ok = std::exchange(write_ended_, std::nullopt)->ok();
  Note(absl::StrCat("written: ", ok, ", stored: ", is_stored));
  if (ok) {
    group_->Stored();
  } else {
    group_->NotStored();
  }
  return Answer(asked_before_, ok);
}

GroupWorld::Wrong GroupWorld::Answer(std::deque<Asked>& asked, bool ok) {
  Wrong wrong;
  for (const Asked& each : std::exchange(asked, {})) {
    if (!ok) continue;  // an error: whoever asked asks again
    if (each.version > stored_version_) wrong = "answered before it is durable";
    answered_.insert(answered_.end(), each.done.begin(), each.done.end());
  }
  return wrong;
}

GroupWorld::Wrong GroupWorld::Restart() {
  if (cursors_.holds()) {
    const bool is_stored = OneIn(2);
    if (is_stored) {
      stored_ = being_stored_;
      stored_version_ = being_stored_version_;
    }
    cursors_.Die(is_stored);
  }
  asked_.clear();
  asked_before_.clear();
  for (const auto& [name, lease] : model_.leases()) old_leases_.push_back(name);
  auto groups = EntriesByGroup(*cursors_.ListCursors(kGroupPrefix));
  if (groups.size() != 1 || !groups.contains(kGroupName))
    return "no group is stored";
  auto found = DecodeGroup(kGroupName, groups.at(kGroupName));
  if (!found.ok()) return found.status().ToString();
  const bool same = found->place.cursor.value() == stored_.cursor;
  Note(absl::StrCat("restart from cursor ", found->place.cursor.value()));
  group_ =
      std::make_unique<ConsumerGroup>(kGroupName, *std::move(found), ++lives_);
  model_.Restarted(stored_);
  version_ = stored_version_;
  if (!same) return absl::StrCat("the stored cursor must be ", stored_.cursor);
  for (const uint64_t position : answered_) {
    if (model_.events().at(position).fate != GroupModel::Fate::kDone) {
      return absl::StrCat("position ", position, " was acknowledged in vain");
    }
  }
  return "";
}

}  // namespace samverk::bus
