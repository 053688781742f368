#include "services/recording/refusal.h"

#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"
#include "google/rpc/error_details.pb.h"
#include "services/recording/messages.h"

namespace samverk::recording {
namespace {

constexpr char kTypeUrlPrefix[] = "type.googleapis.com/";
// See kStatusMessageBytes; at least one violation is always shown.
constexpr size_t kRefusalBytes = 3'500;
constexpr size_t kBadRequestBytes = 1'700;
constexpr size_t kIndexesBytes = 400;

void SetPayload(const google::protobuf::Message& message,
                absl::Status& status) {
  status.SetPayload(
      absl::StrCat(kTypeUrlPrefix, message.GetDescriptor()->full_name()),
      absl::Cord(message.SerializeAsString()));
}

// "0,3,7-12": the events' indexes, in order.
std::string Indexes(const std::vector<BatchViolation>& violations) {
  std::string text;
  size_t i = 0;
  while (i < violations.size()) {
    const size_t first = violations[i].event_index;
    size_t last = first;
    while (i < violations.size() && violations[i].event_index <= last + 1) {
      last = violations[i].event_index;
      ++i;
    }
    if (text.size() > kIndexesBytes) return absl::StrCat(text, ",…");
    absl::StrAppend(&text, text.empty() ? "" : ",", first);
    if (last > first) absl::StrAppend(&text, "-", last);
  }
  return text;
}

v1::NoticeKind WireKind(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::kLate:
      return v1::NOTICE_KIND_LATE;
    case NoticeKind::kUnknownRecorder:
    case NoticeKind::kUnknownMention:
      return v1::NOTICE_KIND_UNKNOWN_MENTION;
    case NoticeKind::kOutsidePeriod:
      return v1::NOTICE_KIND_OUTSIDE_PERIOD;
    case NoticeKind::kOutOfOrder:
      return v1::NOTICE_KIND_OUT_OF_ORDER;
    case NoticeKind::kSameAttester:
      return v1::NOTICE_KIND_SAME_ATTESTER;
  }
  SAMVERK_CHECK(false) << "no such notice";
  __builtin_unreachable();
}

}  // namespace

v1::Violation ViolationMessage(const BatchViolation& violation,
                               codec::Language language) {
  v1::Violation message;
  message.set_event_index(static_cast<uint32_t>(violation.event_index));
  message.set_event_id(violation.event_id);
  message.set_rule(std::string(EntryOf(violation.violation.rule).id));
  message.set_field(violation.violation.field);
  message.set_text(ViolationText(violation.violation, language));
  for (const auto& [name, value] : violation.violation.values) {
    (*message.mutable_values())[name] = value;
  }
  return message;
}

v1::Notice NoticeMessage(const BatchNotice& notice, codec::Language language) {
  v1::Notice message;
  message.set_event_index(static_cast<uint32_t>(notice.event_index));
  message.set_kind(WireKind(notice.notice.kind));
  message.set_text(NoticeText(notice.notice, language));
  return message;
}

absl::Status RefusalStatus(const absl::Status& refused,
                           const std::vector<BatchViolation>& violations,
                           size_t events, codec::Language language) {
  size_t refused_events = 0;
  for (size_t i = 0; i < violations.size(); ++i) {
    refused_events +=
        i == 0 || violations[i].event_index != violations[i - 1].event_index;
  }
  v1::Refusal refusal;
  google::rpc::BadRequest bad_request;
  for (const BatchViolation& violation : violations) {
    v1::Violation message = ViolationMessage(violation, language);
    const size_t size = refusal.ByteSizeLong() + message.ByteSizeLong();
    if (size > kRefusalBytes && refusal.violations_size() > 0) break;
    auto field = bad_request.add_field_violations();
    field->set_field(absl::StrCat("events[", violation.event_index, "]",
                                  message.field().empty() ? "" : ".",
                                  message.field()));
    field->set_description(message.text());
    if (bad_request.ByteSizeLong() > kBadRequestBytes &&
        bad_request.field_violations_size() > 1) {
      bad_request.mutable_field_violations()->RemoveLast();
    }
    *refusal.add_violations() = std::move(message);
  }
  absl::Status status =
      MakeError(refused.code(), error::v1::REASON_REFUSED,
                RefusalText(refused_events, events, language),
                {{"refused", absl::StrCat(refused_events)},
                 {"events", absl::StrCat(events)},
                 {"violations", absl::StrCat(violations.size())},
                 {"shown", absl::StrCat(refusal.violations_size())},
                 {"refused_events", Indexes(violations)}});
  SetPayload(refusal, status);
  SetPayload(bad_request, status);
  return status;
}

}  // namespace samverk::recording
