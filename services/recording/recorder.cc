#include "services/recording/recorder.h"

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/record.h"
#include "eventstore/store_errors.h"
#include "proto/codec/event_codec.h"

namespace samverk::recording {
namespace {

// Which events of a batch are recorded already.
enum class Recorded { kNone, kSome, kAll };

// An event of a batch whose id is recorded.
struct RecordedAlready {
  size_t index = 0;
  EventId id;
  Position position;
};

struct Overlap {
  Recorded recorded = Recorded::kNone;
  std::vector<RecordedAlready> events;  // in the order of the batch
};

absl::StatusOr<Overlap> FindOverlap(EventStore& store, const Batch& batch) {
  Overlap overlap;
  if (!batch.has_ids) return overlap;
  const std::vector<EventId> ids = batch.ids();
  ASSIGN_OR_RETURN(const auto positions, store.Locate(ids));
  for (size_t i = 0; i < ids.size(); ++i) {
    if (positions[i].has_value()) {
      overlap.events.push_back({i, ids[i], *positions[i]});
    }
  }
  if (overlap.events.size() == ids.size()) {
    overlap.recorded = Recorded::kAll;
  } else if (!overlap.events.empty()) {
    overlap.recorded = Recorded::kSome;
  }
  return overlap;
}

// Those of the overlap whose content is another than what is recorded. An
// amendment whose target is not there is one of them.
absl::StatusOr<std::vector<RecordedAlready>> FindDiffering(
    const RegisterReader& reader, const Decision& decision,
    const Overlap& overlap) {
  std::vector<RecordedAlready> differing;
  for (const RecordedAlready& event : overlap.events) {
    const auto sent = decision.EventToAppend(event.index);
    bool same = false;
    if (sent.has_value()) {
      ASSIGN_OR_RETURN(same, reader.Holds(event.position, EncodeBody(*sent)));
    }
    if (!same) differing.push_back(event);
  }
  return differing;
}

// As the store lists ids: "018bcfe5-…,018bcfe6-…".
std::string IdList(absl::Span<const EventId> ids) {
  constexpr size_t kMost = 100;
  std::vector<std::string> texts;
  for (const EventId& id : ids.subspan(0, std::min(ids.size(), kMost))) {
    texts.push_back(FormatUuid(id));
  }
  return absl::StrJoin(texts, ",");
}

// "2 (#17, 018bcfe5-…), 4 (#19, …)": the place in the batch counted from 1, the
// position, the id.
std::string Places(absl::Span<const RecordedAlready> events) {
  constexpr size_t kMost = 10;
  std::string text;
  for (const RecordedAlready& event :
       events.subspan(0, std::min(events.size(), kMost))) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", event.index + 1, " (#",
                    event.position.value(), ", ", FormatUuid(event.id), ")");
  }
  if (events.size() > kMost) {
    absl::StrAppend(&text, ", … (", events.size(), ")");
  }
  return text;
}

absl::Status Conflict(absl::Span<const RecordedAlready> events,
                      std::string_view kind, std::string_view before,
                      std::string_view after) {
  std::vector<EventId> ids;
  for (const RecordedAlready& event : events) ids.push_back(event.id);
  const std::string places = Places(events);
  return MakeError(absl::StatusCode::kAlreadyExists,
                   error::v1::REASON_ID_CONFLICT,
                   absl::StrCat(ToAbsl(before), places, ToAbsl(after)),
                   {{"event_ids", IdList(ids)},
                    {"count", absl::StrCat(ids.size())},
                    {std::string(kind), places}});
}

absl::Status ContentConflict(absl::Span<const RecordedAlready> differing) {
  return Conflict(
      differing, "differing", "recorded already with other content: event ",
      " of the batch (counted from 1); correct what is recorded with "
      "event_corrected or, if it is another event, give it an id or a source "
      "reference of its own");
}

absl::Status RequestConflict(const Overlap& overlap) {
  return Conflict(
      overlap.events, "unchanged",
      "recorded already, unchanged but in another request: event ",
      " of the batch (counted from 1); leave them out of the batch");
}

// Why a batch that overlaps what is recorded is no replay of it; OK when it may
// be one. `decision` is prepared.
absl::Status CheckReplay(const RegisterReader& reader, const Decision& decision,
                         const Overlap& overlap) {
  ASSIGN_OR_RETURN(const auto differing,
                   FindDiffering(reader, decision, overlap));
  if (!differing.empty()) return ContentConflict(differing);
  if (overlap.recorded == Recorded::kSome) return RequestConflict(overlap);
  return absl::OkStatus();
}

// What the store answers to an append of events whose ids are all recorded: it
// never writes then.
absl::Status TryReplay(EventStore& store, AppendRequest request) {
  constexpr absl::Duration kPatience = absl::Seconds(10);
  std::promise<absl::Status> answered;
  store.Append(std::move(request), absl::Now() + kPatience,
               [&answered](const absl::StatusOr<AppendResult>& result) {
                 answered.set_value(result.status());
               });
  return answered.get_future().get();
}

// The store's answer to the replay of a batch whose contents are all the same,
// in our words.
absl::Status OfReplay(const absl::Status& status, const Overlap& overlap) {
  const bool apart = ReasonOf(status) == error::v1::REASON_ID_CONFLICT;
  return apart ? RequestConflict(overlap) : status;
}

absl::Status Refused(const std::vector<BatchViolation>& violations,
                     size_t events) {
  bool event_alone = false;
  size_t refused = 0;
  std::optional<size_t> last;
  for (const BatchViolation& violation : violations) {
    event_alone |= EntryOf(violation.violation.rule).event_alone;
    if (last != violation.event_index) ++refused;
    last = violation.event_index;
  }
  return MakeError(event_alone ? absl::StatusCode::kInvalidArgument
                               : absl::StatusCode::kFailedPrecondition,
                   error::v1::REASON_REFUSED,
                   absl::StrCat(refused, " of ", events,
                                " events are refused, and none is recorded. "
                                "Correct them and send again."),
                   {{"refused", absl::StrCat(refused)},
                    {"events", absl::StrCat(events)},
                    {"violations", absl::StrCat(violations.size())}});
}

// Puts sealed values in the place of clear ones, anew each time: a subject may
// have been disposed of since. Errors of EventSealer::Seal.
absl::Status SealPersonal(EventSealer* sealer, EventSealer::Keys keys,
                          Batch& batch) {
  if (sealer == nullptr) return absl::OkStatus();
  for (BatchEvent& event : batch.events) {
    if (!event.malformed.empty()) continue;
    if (event.unsealed == nullptr) {
      if (!sealer->HasClear(*event.event)) continue;
      event.unsealed = event.event;
    }
    auto sealed = std::make_shared<event::v1::Event>(*event.unsealed);
    ASSIGN_OR_RETURN(event.disposed, sealer->Seal(*sealed, keys));
    event.event = std::move(sealed);
  }
  return absl::OkStatus();
}

bool HasSealed(const Batch& batch) {
  return std::any_of(
      batch.events.begin(), batch.events.end(),
      [](const BatchEvent& event) { return event.unsealed != nullptr; });
}

// Nothing is sealed with a key that is destroyed meanwhile. All conditions of a
// request are about what comes after the same head.
void AddNoKeyDestroyed(Position head, AppendRequest& request) {
  QueryItem item;
  item.types.emplace_back(codec::TypeName(event::v1::Event::kKeyDestroyed));
  if (request.conditions.size() < limits::kAppendConditions) {
    request.conditions.emplace_back(QueryCondition{{}, head});
  }
  std::get<QueryCondition>(request.conditions.back())
      .query.items.push_back(std::move(item));
}

// What the keys that the batch destroys have sealed may forbid it. `decision`
// has judged.
absl::StatusOr<std::vector<BatchViolation>> CheckDisposals(
    EventSealer* sealer, const Decision& decision, const Batch& batch) {
  std::vector<BatchViolation> violations;
  if (sealer == nullptr) return violations;
  for (size_t i = 0; i < batch.events.size(); ++i) {
    const event::v1::Event& event = *batch.events[i].event;
    if (!event.has_key_destroyed()) continue;
    const auto* disposal = decision.DisposalOf(event);
    if (disposal == nullptr) continue;  // refused by the rules
    ASSIGN_OR_RETURN(auto found, sealer->CheckDisposal(event, *disposal));
    for (Violation& violation : found) {
      violations.push_back({i, event.id(), std::move(violation)});
    }
  }
  return violations;
}

// FAILED_PRECONDITION (DISPOSED): the subject of a value was disposed of.
absl::Status CheckNotDisposed(const Batch& batch) {
  for (size_t i = 0; i < batch.events.size(); ++i) {
    if (batch.events[i].disposed.empty()) continue;
    const std::string field =
        absl::StrCat("events[", i, "].", batch.events[i].disposed.front());
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_DISPOSED,
        absl::StrCat(field,
                     ": what is personal about this subject was "
                     "disposed of, and nothing more is sealed under its "
                     "pseudonym; leave it out, or give the person a new "
                     "pseudonym"),
        {{"field", field}});
  }
  return absl::OkStatus();
}

// An event of a batch as it is recorded.
absl::StatusOr<RecordedEvent> ReadRecorded(EventStore& store,
                                           const RecordedAlready& event) {
  ReadOptions one;
  one.after = Position(event.position.value() - 1);
  one.before = event.position.Next();
  one.limit = 1;
  ASSIGN_OR_RETURN(EventPage page, store.Read(one));
  if (page.events.empty()) {
    return DataDamaged(absl::StrCat("position ", event.position.value()),
                       "its id is known, and it is not in the log");
  }
  return std::move(page.events.front());
}

// Puts the recorded values of disposed subjects in the place of those that were
// sent: what was sealed then cannot be made again, and is all that is not
// compared.
absl::Status PutBackDisposed(EventStore& store, const EventSealer* sealer,
                             const Overlap& overlap, Batch& batch) {
  for (const RecordedAlready& found : overlap.events) {
    BatchEvent& event = batch.events[found.index];
    if (event.disposed.empty()) continue;
    ASSIGN_OR_RETURN(const RecordedEvent recorded, ReadRecorded(store, found));
    ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
    event::v1::Event before;
    RETURN_IF_ERROR(codec::DecodePayload(body.type, FormatUuid(found.id),
                                         body.payload, before));
    auto filled = std::make_shared<event::v1::Event>(*event.event);
    sealer->PutBack(before, event.disposed, *filled);
    event.event = std::move(filled);
  }
  return absl::OkStatus();
}

// PERMISSION_DENIED: an event of a kind that they may not record at all.
absl::Status CheckKinds(const access::Admitted& who, const Batch& batch) {
  if (who.caller() == nullptr) return absl::OkStatus();
  for (size_t i = 0; i < batch.events.size(); ++i) {
    const auto kind = batch.events[i].event->fact_case();
    if (kind == event::v1::Event::FACT_NOT_SET) continue;
    RETURN_IF_ERROR(OfBatch(who.MayRecordKind(batch.process, kind), i,
                            batch.events.size(), who.language()));
  }
  return absl::OkStatus();
}

// What they recorded themselves they know, whatever they may read by now.
bool MayKnow(const access::Admitted& who, const event::v1::Event& event) {
  const event::v1::Recorder& recorder = event.recorded_by();
  return who.MayRead(event) ||
         (recorder.subject() == who.caller()->subject &&
          recorder.organisation() == who.caller()->organisation);
}

// Whether somebody may know of the events in whose place they want to record.
// If not: the error of CheckKinds, as of any other id, or ALREADY_EXISTS
// (ID_CONFLICT) without a word of what has it.
absl::Status CheckMayKnow(EventStore& store, const access::Admitted& who,
                          const Batch& batch, const Overlap& overlap) {
  if (who.ReadsAll("")) return absl::OkStatus();
  for (const RecordedAlready& found : overlap.events) {
    ASSIGN_OR_RETURN(const RecordedEvent recorded, ReadRecorded(store, found));
    ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
    event::v1::Event event;
    if (codec::FactOfTypeName(body.type) != event::v1::Event::FACT_NOT_SET) {
      RETURN_IF_ERROR(codec::DecodePayload(body.type, FormatUuid(found.id),
                                           body.payload, event));
      if (MayKnow(who, event)) continue;
    }
    RETURN_IF_ERROR(CheckKinds(who, batch));
    return MakeError(
        absl::StatusCode::kAlreadyExists, error::v1::REASON_ID_CONFLICT,
        absl::StrCat("the id of event ", found.index + 1,
                     " of the batch (counted from 1) is not to be had; give "
                     "it an id or a source reference of its own"),
        {{"event_ids", FormatUuid(found.id)}, {"count", "1"}});
  }
  return absl::OkStatus();
}

absl::Status Contention(int attempts) {
  return MakeError(
      absl::StatusCode::kAborted, error::v1::REASON_CONTENTION,
      absl::StrCat("other recordings about the same things came first, ",
                   attempts, " times; send the same request again"),
      {{"attempts", absl::StrCat(attempts)}});
}

}  // namespace

// One batch on its way.
class Recorder::Recording : public std::enable_shared_from_this<Recording> {
 public:
  Recording(Recorder& recorder, Batch batch, absl::Time deadline, Done done,
            uint64_t caller, std::optional<Track> track, access::Admitted who)
      : recorder_(recorder),
        batch_(std::move(batch)),
        deadline_(deadline),
        done_(std::move(done)),
        caller_(caller),
        track_(std::move(track)),
        who_(std::move(who)) {}

  // Judges once and appends. A batch that is recorded already is not judged:
  // rules may refuse today what they accepted then.
  void Attempt() {
    const auto overlap = FindOverlap(recorder_.store_, batch_);
    if (!overlap.ok()) return Finish(overlap.status());
    if (overlap->recorded != Recorded::kNone) return Replay(*overlap);
    if (absl::Now() >= deadline_) return Finish(DeadlinePassed());
    absl::StatusOr<AppendRequest> request = Decide();
    if (!request.ok()) return Finish(std::move(request).status());
    if (!violations_.empty()) return Refuse();
    Append(*std::move(request));
  }

 private:
  // The request, or none when `violations_` says why. What was read is
  // forgotten again here, not on the thread of the store that answers.
  absl::StatusOr<AppendRequest> Decide() {
    Decision decision(batch_, recorder_.reader_, recorder_.disposal_by_one_);
    RETURN_IF_ERROR(decision.Prepare());
    RETURN_IF_ERROR(decision.Read());
    Judgement judgement =
        decision.Judge(absl::ToUnixMicros(recorder_.clock_.Now()), who_);
    RETURN_IF_ERROR(judgement.denied);
    violations_ = std::move(judgement.violations);
    notices_ = std::move(judgement.notices);
    if (!violations_.empty()) return AppendRequest();
    ASSIGN_OR_RETURN(violations_,
                     CheckDisposals(recorder_.sealer_, decision, batch_));
    if (!violations_.empty()) return AppendRequest();
    RETURN_IF_ERROR(
        SealPersonal(recorder_.sealer_, EventSealer::Keys::kMake, batch_));
    RETURN_IF_ERROR(CheckNotDisposed(batch_));
    // What is judged has a route: a missing target is refused.
    AppendRequest request = *decision.Request(/*conditional=*/true);
    if (HasSealed(batch_)) AddNoKeyDestroyed(decision.head(), request);
    return request;
  }

  // The batch may have been recorded by another sending of it while this one
  // was judged; then its own events are what stands in its way.
  void Refuse() {
    const auto overlap = FindOverlap(recorder_.store_, batch_);
    if (!overlap.ok()) return Finish(overlap.status());
    if (overlap->recorded == Recorded::kAll) return Replay(*overlap);
    RecordOutcome outcome;
    outcome.status = Refused(violations_, batch_.events.size());
    outcome.violations = std::move(violations_);
    Finish(std::move(outcome));
  }

  // The same batch gets the store's first answer.
  void Replay(const Overlap& overlap) {
    notices_.clear();
    replayed_ = overlap;
    std::optional<AppendRequest> request;
    if (const absl::Status sealed =
            SealPersonal(recorder_.sealer_, EventSealer::Keys::kLookUp, batch_);
        !sealed.ok()) {
      return Finish(sealed);
    }
    absl::Status may = CheckMayKnow(recorder_.store_, who_, batch_, overlap);
    if (may.ok()) {
      may =
          PutBackDisposed(recorder_.store_, recorder_.sealer_, overlap, batch_);
    }
    if (!may.ok()) return Finish(may);
    {
      Decision decision(batch_, recorder_.reader_);
      absl::Status status = decision.Prepare();
      if (status.ok()) {
        status = CheckReplay(recorder_.reader_, decision, overlap);
      }
      if (!status.ok()) return Finish(status);
      request = decision.Request(/*conditional=*/false);
    }
    // What is the same as what is recorded has a route.
    Append(*std::move(request));
  }

  void Append(AppendRequest request) {
    streams_.clear();
    for (const NewEvent& event : request.events) {
      streams_.push_back(event.stream);
    }
    request.caller = caller_;
    request.track = track_;
    recorder_.store_.Append(
        std::move(request), deadline_,
        [self = shared_from_this()](absl::StatusOr<AppendResult> result) {
          self->Appended(std::move(result));
        });
  }

  // On a thread of the store: nothing here may read.
  void Appended(absl::StatusOr<AppendResult> result) {
    if (result.ok()) return Finish(OutcomeOf(*result));
    if (replayed_.has_value()) {
      return Finish(OfReplay(result.status(), *replayed_));
    }
    if (ReasonOf(result.status()) != error::v1::REASON_QUERY_CONFLICT) {
      return Finish(std::move(result).status());
    }
    if (++attempts_ >= kAttempts) return Finish(Contention(attempts_));
    const absl::Status submitted = recorder_.pool_.Submit(
        [self = shared_from_this()] { self->Attempt(); });
    if (!submitted.ok()) Finish(submitted);
  }

  RecordOutcome OutcomeOf(const AppendResult& result) {
    RecordOutcome outcome;
    outcome.recorded_at = result.recorded_at;
    outcome.replayed = result.replayed;
    for (size_t i = 0; i < batch_.events.size(); ++i) {
      outcome.places.push_back({batch_.events[i].id, std::move(streams_[i]),
                                result.recorded[i].position,
                                result.recorded[i].revision});
    }
    if (!result.replayed) outcome.notices = std::move(notices_);
    return outcome;
  }

  void Finish(absl::Status status) {
    RecordOutcome outcome;
    outcome.status = std::move(status);
    Finish(std::move(outcome));
  }
  void Finish(RecordOutcome outcome) {
    done_(std::move(outcome));
    done_ = nullptr;
    recorder_.End();
  }

  Recorder& recorder_;
  Batch batch_;  // sealed at some time
  const absl::Time deadline_;
  Done done_;
  const uint64_t caller_;
  const std::optional<Track> track_;
  const access::Admitted who_;
  // One attempt at a time: each is ordered after the one before it.
  int attempts_ = 0;
  std::vector<BatchViolation> violations_;
  std::vector<BatchNotice> notices_;
  std::vector<std::string> streams_;
  std::optional<Overlap> replayed_;  // it is sent again
};

Recorder::Recorder(EventStore& store, Clock& clock, WorkerPool& pool,
                   EventSealer* sealer, bool disposal_by_one)
    : store_(store),
      clock_(clock),
      pool_(pool),
      sealer_(sealer),
      disposal_by_one_(disposal_by_one),
      reader_(store) {}

Recorder::~Recorder() {
  MutexLock lock(mu_);
  while (running_ > 0) ended_.Wait(mu_);
}

void Recorder::Begin() {
  MutexLock lock(mu_);
  ++running_;
}

void Recorder::End() {
  MutexLock lock(mu_);
  --running_;
  ended_.NotifyOne();
}

void Recorder::Record(std::vector<event::v1::Event> events, absl::Time deadline,
                      Done done, uint64_t caller, std::optional<Track> track,
                      access::Admitted who) {
  Begin();
  // A key that is made waits for the disk, and what may be disposed of is read
  // from the whole log: gRPC's threads must not.
  const bool seals =
      sealer_ != nullptr && std::any_of(events.begin(), events.end(),
                                        [this](const event::v1::Event& event) {
                                          return sealer_->HasClear(event) ||
                                                 event.has_key_destroyed();
                                        });
  const bool small = events.size() <= kSmallBatch && !seals;
  auto work = [this, deadline, caller, track = std::move(track),
               who = std::move(who), events = std::move(events),
               done]() mutable {
    auto batch = MakeBatch(std::move(events), sealer_ != nullptr);
    if (!batch.ok()) {
      RecordOutcome outcome;
      outcome.status = std::move(batch).status();
      done(std::move(outcome));
      return End();
    }
    std::make_shared<Recording>(*this, *std::move(batch), deadline,
                                std::move(done), caller, std::move(track),
                                std::move(who))
        ->Attempt();
  };
  if (small) return work();
  const absl::Status submitted = pool_.Submit(std::move(work));
  if (submitted.ok()) return;
  RecordOutcome outcome;
  outcome.status = submitted;
  done(std::move(outcome));
  End();
}

absl::StatusOr<Validation> Recorder::Validate(
    std::vector<event::v1::Event> events, const access::Admitted& who) {
  ASSIGN_OR_RETURN(Batch batch,
                   MakeBatch(std::move(events), sealer_ != nullptr));
  ASSIGN_OR_RETURN(const Overlap overlap, FindOverlap(store_, batch));
  Validation validation;
  if (overlap.recorded != Recorded::kNone) {
    RETURN_IF_ERROR(SealPersonal(sealer_, EventSealer::Keys::kLookUp, batch));
    RETURN_IF_ERROR(CheckMayKnow(store_, who, batch, overlap));
    RETURN_IF_ERROR(PutBackDisposed(store_, sealer_, overlap, batch));
    Decision decision(batch, reader_);
    RETURN_IF_ERROR(decision.Prepare());
    RETURN_IF_ERROR(CheckReplay(reader_, decision, overlap));
    RETURN_IF_ERROR(OfReplay(
        TryReplay(store_, *decision.Request(/*conditional=*/false)), overlap));
    // It would be answered as it was then.
    validation.position = store_.Head();
    return validation;
  }
  Decision decision(batch, reader_, disposal_by_one_);
  RETURN_IF_ERROR(decision.Prepare());
  RETURN_IF_ERROR(decision.Read());
  validation.position = decision.head();
  validation.judgement = decision.Judge(absl::ToUnixMicros(clock_.Now()), who);
  RETURN_IF_ERROR(validation.judgement.denied);
  if (validation.judgement.violations.empty()) {
    ASSIGN_OR_RETURN(validation.judgement.violations,
                     CheckDisposals(sealer_, decision, batch));
  }
  if (validation.judgement.violations.empty()) {
    Batch sealed = batch;
    RETURN_IF_ERROR(SealPersonal(sealer_, EventSealer::Keys::kLookUp, sealed));
    RETURN_IF_ERROR(CheckNotDisposed(sealed));
    // The store's own limits: of a record, and of all together.
    const auto checked = CheckAppend(*decision.Request(/*conditional=*/true));
    if (!checked.ok()) return checked.status();
  }
  return validation;
}

}  // namespace samverk::recording
