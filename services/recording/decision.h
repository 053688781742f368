// One judgement of a batch against the register as it stands at one position.
#ifndef SAMVERK_SERVICES_RECORDING_DECISION_H_
#define SAMVERK_SERVICES_RECORDING_DECISION_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/access/admitted.h"
#include "services/recording/batch.h"
#include "services/recording/decision_scope.h"
#include "services/recording/notices.h"
#include "services/recording/register_reader.h"

namespace samverk::recording {

// A notice about an event of a batch.
struct BatchNotice {
  size_t event_index = 0;
  FoundNotice notice;
};

// What a batch came to.
struct Judgement {
  std::vector<BatchViolation> violations;  // in the order of the batch
  std::vector<BatchNotice> notices;        // of a batch without violations
  // PERMISSION_DENIED: the first event that whoever asks may not record.
  // Nothing else is told then.
  absl::Status denied;
};

// PERMISSION_DENIED, and which event of its batch that is about, counted from 0
// here; OK stays OK.
absl::Status OfBatch(const absl::Status& denied, size_t index, size_t events,
                     codec::Language language);

// Decides about one batch: Prepare, Read, Judge, Request, in this order. Used
// by one thread at a time.
class Decision {
 public:
  // `batch` and `reader` must outlive it.
  // `disposal_by_one`: AdmissionContext.
  Decision(const Batch& batch, RegisterReader& reader,
           bool disposal_by_one = false);

  // Finds the events that the batch names by their ids, and says how each of
  // its own is routed. Errors are those of the store.
  absl::Status Prepare();

  // Reads what the rules rest on, up to now.
  absl::Status Read();

  // Judges the events in order, each as if those before it were recorded, and
  // whether `who` may record it.
  // Events that are malformed are reported and their rules left out. To be
  // called once: the state is then what the batch makes of it.
  Judgement Judge(int64_t now_us, const access::Admitted& who);

  // What to append: the events and, when `conditional`, the condition that the
  // scope has not changed since Read. Nothing when an event has no route, for
  // what it amends is not recorded.
  std::optional<AppendRequest> Request(bool conditional) const;

  // The standing decision that a KeyDestroyed rests on; null: there is none.
  // After Judge.
  const event::v1::GallringDecided* DisposalOf(
      const event::v1::Event& key_destroyed) const;

  // Event `index` as it would be appended; nothing when it has no route.
  std::optional<NewEvent> EventToAppend(size_t index) const;

  // The position that Judge judges at.
  Position head() const { return head_; }

 private:
  // The event that an amendment of the batch is about: recorded, or earlier in
  // the batch. Null: neither.
  const RecordedFact* TargetOfEvent(const event::v1::Event& amendment) const;
  void RouteEvents();
  void BuildScope();
  bool IsJudged(size_t index) const;
  // Whether `who` may record an event, at the state before it.
  absl::Status CheckRight(size_t index, const access::Admitted& who) const;
  // Whether something that was read to judge may not be read by `who`: then
  // nothing that they did not send is told.
  bool RestsOnWithheld(const access::Admitted& who) const;

  const Batch& batch_;
  RegisterReader& reader_;
  // Of events that the batch names, and of its own, by id.
  absl::btree_map<EventId, RecordedFact> named_;
  std::vector<std::optional<Route>> routes_;  // one for each event
  std::vector<std::vector<Violation>> route_violations_;
  DecisionScope scope_;
  ProcessState state_;  // at head_, until Judge
  Position head_;
  AdmissionContext context_;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_DECISION_H_
