#include "services/privacy/secret_reads.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/record.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"
#include "services/access/readable.h"
#include "services/recording/messages.h"
#include "services/recording/record_and_wait.h"

namespace samverk::privacy {
namespace {

using access::Admitted;
using access::SecretEvent;
using event::v1::Event;

constexpr size_t kWaitingMost = 256;
constexpr absl::Duration kRecordWithin = absl::Seconds(10);
// A hundred bytes each.
constexpr size_t kNotedMost = 100'000;

std::string ReaderOf(const access::Caller& caller) {
  return absl::StrCat(caller.organisation.size(), ":", caller.organisation, "/",
                      caller.subject);
}

// In one day a register grows by less than would run together.
int64_t DayOf(absl::Time time) {
  return absl::ToUnixSeconds(time) / (24 * 60 * 60);
}

}  // namespace

SecretReads::SecretReads(EventStore& store, Clock& clock)
    : store_(store),
      clock_(clock),
      pool_(1, kWaitingMost),
      recorder_(store, clock, pool_) {}

void SecretReads::ForgetYesterday() {
  const int64_t today = DayOf(clock_.Now());
  if (day_ == today && noted_.size() < kNotedMost &&
      noted_upto_.size() < kNotedMost) {
    return;
  }
  day_ = today;
  noted_.clear();
  noted_upto_.clear();
}

SecretReads::Groups SecretReads::NotNoted(
    const std::string& reader, absl::Span<const SecretEvent> events) {
  Groups groups;
  MutexLock lock(mu_);
  ForgetYesterday();
  absl::flat_hash_set<std::string> seen;
  for (const SecretEvent& event : events) {
    if (noted_.contains(Read(reader, event.id))) continue;
    if (!seen.insert(event.id).second) continue;
    groups[{event.process, event.ground}].push_back(event.id);
  }
  return groups;
}

absl::Status SecretReads::Note(const Admitted& who, access::ReadWay way,
                               absl::Span<const SecretEvent> events) {
  if (events.empty() || who.caller() == nullptr) return absl::OkStatus();
  const std::string reader = ReaderOf(*who.caller());
  for (const auto& [where, ids] : NotNoted(reader, events)) {
    absl::Span<const std::string> left = ids;
    while (!left.empty()) {
      const auto some = left.subspan(0, kEventsOfOne);
      RETURN_IF_ERROR(Record(who, way, where.first, where.second, some));
      left.remove_prefix(some.size());
      MutexLock lock(mu_);
      for (const std::string& id : some) noted_.emplace(reader, id);
    }
  }
  return absl::OkStatus();
}

absl::Status SecretReads::NoteRange(const Admitted& who, access::ReadWay way,
                                    const access::ReadRange& range) {
  if (who.caller() == nullptr) return absl::OkStatus();
  // With what they may read: who may read more later has not read it yet.
  const Read whole(absl::StrCat(ReaderOf(*who.caller()), "/", who.ReadingKey()),
                   range.process);
  ReadOptions options;
  options.after = range.after;
  options.before = range.upto.Next();
  options.limit = limits::kReadPage;
  QueryItem item;
  item.tags.emplace_back(codec::kSecretTag);
  if (!range.process.empty()) {
    item.tags.push_back(codec::ProcessTag(range.process));
  }
  options.query.items.push_back(std::move(item));
  bool extends = false;  // what is noted from the beginning on
  int64_t day = 0;
  {
    MutexLock lock(mu_);
    ForgetYesterday();
    day = day_;
    const Position noted = noted_upto_[whole];
    extends = noted >= range.after;
    options.after = std::max(options.after, noted);
  }
  while (options.after < range.upto) {
    ASSIGN_OR_RETURN(const EventPage page, store_.Read(options));
    std::vector<SecretEvent> found;
    for (const RecordedEvent& recorded : page.events) {
      ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
      // Another application may use the tag for its own.
      if (codec::FactOfTypeName(body.type) == Event::FACT_NOT_SET) continue;
      Event event;
      RETURN_IF_ERROR(codec::DecodePayload(body.type, FormatUuid(body.id),
                                           body.payload, event));
      auto secret = access::SecretOf(event);
      if (!secret.has_value() || !access::MayRead(who, store_, event)) continue;
      found.push_back(*std::move(secret));
    }
    RETURN_IF_ERROR(Note(who, way, found));
    options.after = std::max(options.after, page.scanned_to);
    if (page.end) break;
  }
  MutexLock lock(mu_);
  if (extends && day == day_) {
    Position& noted = noted_upto_[whole];
    noted = std::max(noted, range.upto);
  }
  return absl::OkStatus();
}

absl::Status SecretReads::Record(const Admitted& who, access::ReadWay way,
                                 const std::string& process,
                                 const std::string& ground,
                                 absl::Span<const std::string> events) {
  const access::Caller& caller = *who.caller();
  Event event;
  event.set_id(FormatUuid(NewUuidV7(clock_.Now())));
  event.set_process(process);
  event.mutable_recorded_by()->set_organisation(caller.organisation);
  event.mutable_recorded_by()->set_subject(caller.subject);
  event.set_visibility(event::v1::VISIBILITY_SECRET);
  event.set_secrecy_ground(ground);
  auto& read = *event.mutable_secret_data_read();
  read.set_principal(caller.subject);
  read.set_way(way);
  for (const std::string& id : events) read.add_events(id);
  const recording::RecordOutcome outcome =
      recording::RecordAndWait(recorder_, {event}, absl::Now() + kRecordWithin);
  if (!outcome.violations.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "what is secret is given to nobody whose reading cannot be recorded: ",
        recording::ViolationText(outcome.violations.front().violation,
                                 who.language())));
  }
  return outcome.status;
}

}  // namespace samverk::privacy
