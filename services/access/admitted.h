// Whoever was let in, and what they may.
#ifndef SAMVERK_SERVICES_ACCESS_ADMITTED_H_
#define SAMVERK_SERVICES_ACCESS_ADMITTED_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "proto/codec/text.h"
#include "samverk/event/v1/event.pb.h"
#include "services/access/caller.h"
#include "services/access/permissions.h"

namespace samverk::access {

struct Presented;

// What reading an event is: of a correction, what stands in the corrected
// event's place counts too, so each is given. One or two.
std::vector<ReadAction> ReadActionsOf(const event::v1::Event& event);

// A value; cheap to copy, thread-safe.
class Admitted {
 public:
  // Somebody at a server where nobody logs in: they may do everything.
  static Admitted Everybody() { return Admitted(); }
  // Somebody with these rights; one without a subject did not log in.
  Admitted(Caller caller, codec::Language language)
      : caller_(std::make_shared<const Caller>(std::move(caller))),
        language_(language) {}

  // Null: Everybody.
  const Caller* caller() const { return caller_.get(); }
  bool LoggedIn() const {
    return caller_ == nullptr || !caller_->subject.empty();
  }
  // What their own organisation's things are told by; "": nobody's, or
  // Everybody.
  std::string_view organisation() const {
    return caller_ == nullptr ? "" : std::string_view(caller_->organisation);
  }
  codec::Language language() const { return language_; }
  // Tells callers apart where they take turns; those who did not log in are
  // one. "": Everybody.
  std::string TurnKey() const;

  // OK, or PERMISSION_DENIED, as May.
  absl::Status MayRecord(const RecordAction& action) const;
  // Puts organisation and subject of the caller in where an event does not say
  // its recorder. Everybody leaves it as it is. PERMISSION_DENIED: the event,
  // or the replacement of a correction, says somebody else, or a role of ours,
  // however it is written (RoleOfWords), that the caller does not hold in its
  // process.
  absl::Status BeRecorder(event::v1::Event& event) const;
  // Whether some role of theirs may record the kind at all, of whatever is
  // theirs; PERMISSION_DENIED as MayRecord.
  absl::Status MayRecordKind(std::string_view process,
                             event::v1::Event::FactCase kind) const;
  // Whether an event may be shown.
  bool MayRead(const event::v1::Event& event) const;
  // Whether nothing that is, or ever will be, in a process is kept from them;
  // "": in no process of the register.
  bool ReadsAll(std::string_view process) const;
  // Equal for those who may read the same.
  std::string ReadingKey() const;
  // Whether they hold a role in every process.
  bool HoldsEverywhere(Role role) const;

  // What they showed, to look at it again (Gate::Renew); null: nothing.
  const std::shared_ptr<const Presented>& shown() const { return shown_; }
  void SetShown(std::shared_ptr<const Presented> shown) {
    shown_ = std::move(shown);
  }
  // Something that is given back when the last copy of this goes: a place
  // among the caller's streams.
  const std::shared_ptr<const void>& held() const { return held_; }
  void Hold(std::shared_ptr<const void> held) { held_ = std::move(held); }

 private:
  Admitted() = default;

  // Of an event that is not Everybody's: whether its recorder is the caller.
  absl::Status CheckRecorder(const event::v1::Event& event,
                             const event::v1::Recorder& recorder) const;

  std::shared_ptr<const Caller> caller_;
  std::shared_ptr<const Presented> shown_;
  std::shared_ptr<const void> held_;
  codec::Language language_ = codec::Language::kEnglish;
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_ADMITTED_H_
