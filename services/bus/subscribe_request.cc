#include "services/bus/subscribe_request.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/common/field_error.h"
#include "services/views/log_filter.h"

namespace samverk {
namespace {

constexpr uint32_t kBatchDefault = 100;
constexpr uint32_t kBatchLargest = 1'000;
constexpr absl::Duration kHeartbeatDefault = absl::Seconds(10);
constexpr absl::Duration kHeartbeatShortest = absl::Milliseconds(100);
constexpr absl::Duration kHeartbeatLongest = absl::Hours(1);

absl::StatusOr<absl::Time> InstantOf(const google::protobuf::Timestamp& given) {
  // The years 1 to 9999, as the type's own contract has it.
  if (given.seconds() < -62'135'596'800 || given.seconds() >= 253'402'300'800 ||
      given.nanos() < 0 || given.nanos() >= 1'000'000'000) {
    return FieldError("start.recorded_from",
                      absl::StrCat(given.seconds(), " s and ", given.nanos(),
                                   " ns are no instant; give seconds since "
                                   "1970 and 0 to 999999999 ns"));
  }
  return absl::FromUnixSeconds(given.seconds()) +
         absl::Nanoseconds(given.nanos());
}

absl::StatusOr<absl::Duration> HeartbeatOf(
    const google::protobuf::Duration& given) {
  const absl::Duration heartbeat =
      absl::Seconds(given.seconds()) + absl::Nanoseconds(given.nanos());
  if (heartbeat == absl::ZeroDuration()) return kHeartbeatDefault;
  if (heartbeat < kHeartbeatShortest || heartbeat > kHeartbeatLongest) {
    return FieldError("heartbeat",
                      absl::StrCat(absl::FormatDuration(heartbeat),
                                   " is out of range; give 100 ms to an hour, "
                                   "or 0 for 10 s"));
  }
  return heartbeat;
}

}  // namespace

absl::StatusOr<Query> QueryOf(const bus::v1::Filter& filter) {
  LogFilter asked;
  asked.process = filter.process();
  asked.streams = &filter.streams();
  asked.types = &filter.types();
  asked.tags = &filter.tags();
  asked.fields = "filter.";
  return QueryOf(asked);
}

absl::StatusOr<SubscriptionStart> StartOf(const bus::v1::Start& start,
                                          Position head, absl::Time now) {
  SubscriptionStart from;
  switch (start.from_case()) {
    case bus::v1::Start::kAfter:
      RETURN_IF_ERROR(CheckRecorded("start.after", start.after(), head));
      from.after = Position(start.after());
      break;
    case bus::v1::Start::kRecordedFrom: {
      ASSIGN_OR_RETURN(from.recorded_from, InstantOf(start.recorded_from()));
      if (*from.recorded_from > now) {
        return FieldError(
            "start.recorded_from",
            absl::StrCat(
                absl::FormatTime(*from.recorded_from, absl::UTCTimeZone()),
                " is yet to come; give an instant that has been, or "
                "now"));
      }
      break;
    }
    case bus::v1::Start::kNow:
      if (!start.now()) {
        return FieldError("start.now",
                          "false says nothing; give true, or another start");
      }
      from.after = head;
      break;
    case bus::v1::Start::FROM_NOT_SET:
      break;
  }
  return from;
}

absl::StatusOr<Position> PositionOf(const bus::v1::Start& start,
                                    EventStore& store, absl::Time now) {
  const Position head = store.Head();
  ASSIGN_OR_RETURN(const SubscriptionStart from, StartOf(start, head, now));
  if (!from.recorded_from.has_value()) return from.after;
  ReadOptions first;
  first.recorded_from = from.recorded_from;
  first.limit = 1;
  Position before = head;
  RETURN_IF_ERROR(store
                      .Visit(first,
                             [&before](const RecordView& event) {
                               before = Position(event.position().value() - 1);
                               return true;
                             })
                      .status());
  return before;
}

absl::StatusOr<SubscriptionTerms> TermsOf(
    const bus::v1::SubscribeRequest& request, Position head, absl::Time now) {
  SubscriptionTerms terms;
  ASSIGN_OR_RETURN(terms.query, QueryOf(request.filter()));
  ASSIGN_OR_RETURN(terms.start, StartOf(request.start(), head, now));
  if (request.batch_size() > kBatchLargest) {
    return FieldError(
        "batch_size",
        absl::StrCat(request.batch_size(), " is out of range; give 1 to ",
                     kBatchLargest, ", or 0 for ", kBatchDefault));
  }
  terms.batch_size =
      request.batch_size() == 0 ? kBatchDefault : request.batch_size();
  ASSIGN_OR_RETURN(terms.heartbeat, HeartbeatOf(request.heartbeat()));
  return terms;
}

}  // namespace samverk
