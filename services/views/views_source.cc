#include "services/views/views_source.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "google/rpc/error_details.pb.h"
#include "projections/timeline/timeline_answer.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk {
namespace {

using projections::ProjectionId;
using projections::ProjectionSet;
using projections::ViewSet;

constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
// Named in the answer to a question about a process that is not there.
constexpr size_t kProcessesNamed = 10;

int64_t ToMicros(const google::protobuf::Timestamp& timestamp) {
  return timestamp.seconds() * 1'000'000 + timestamp.nanos() / 1000;
}

bool IsValid(const google::protobuf::Timestamp& timestamp) {
  // Years 1 to 9999, as google.protobuf.Timestamp has it.
  return timestamp.seconds() >= -62'135'596'800 &&
         timestamp.seconds() <= 253'402'300'799 && timestamp.nanos() >= 0 &&
         timestamp.nanos() < 1'000'000'000;
}

void SetAnswered(Position position, int64_t recorded_at_us, Position head,
                 view::v1::Answered& answered) {
  answered.set_position(position.value());
  answered.set_head(head.value());
  if (position.value() > 0) {
    auto& timestamp = *answered.mutable_recorded_at();
    timestamp.set_seconds(recorded_at_us / 1'000'000);
    timestamp.set_nanos(static_cast<int32_t>(recorded_at_us % 1'000'000) *
                        1000);
  }
}

}  // namespace

absl::Status AskedViews::status() const {
  return live != nullptr ? live->status() : absl::OkStatus();
}

absl::Status FieldError(std::string_view field, std::string_view what) {
  absl::Status status = MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
      absl::StrCat(ToAbsl(field), ": ", ToAbsl(what)),
      {{"field", std::string(field)}});
  google::rpc::BadRequest bad;
  auto& violation = *bad.add_field_violations();
  violation.set_field(std::string(field));
  violation.set_description(std::string(what));
  status.SetPayload(kBadRequestUrl, absl::Cord(bad.SerializeAsString()));
  return status;
}

absl::StatusOr<projections::Prefix> PrefixOf(const view::v1::AsOf& as_of,
                                             Position head) {
  projections::Prefix prefix;
  switch (as_of.at_case()) {
    case view::v1::AsOf::kPosition:
      if (as_of.position() > head.value()) {
        return FieldError(
            "as_of.position",
            absl::StrCat("position ", as_of.position(),
                         " has not been recorded yet, the last one is ",
                         head.value(), "; give that or a lower one"));
      }
      prefix.position = Position(as_of.position());
      break;
    case view::v1::AsOf::kRecordedAt:
      if (!IsValid(as_of.recorded_at())) {
        return FieldError("as_of.recorded_at",
                          "the instant does not exist; give one between the "
                          "years 1 and 9999");
      }
      prefix.recorded_at = absl::FromUnixMicros(ToMicros(as_of.recorded_at()));
      break;
    case view::v1::AsOf::AT_NOT_SET:
      break;
  }
  return prefix;
}

absl::StatusOr<std::optional<codec::TimeSpan>> PeriodOf(
    std::string_view period) {
  if (period.empty()) return std::optional<codec::TimeSpan>();
  auto span = codec::ParseEdtf(period);
  if (!span.ok()) {
    return FieldError("period", std::string(span.status().message()));
  }
  return std::optional<codec::TimeSpan>(*span);
}

absl::Status UnknownProcess(const ViewSet& views, std::string_view process) {
  std::vector<std::string> known;
  views.Of(ProjectionId::kTimeline)
      .Scan<view::v1::TimelineStored>(
          "", "",
          [&known](std::string_view, const view::v1::TimelineStored& stored) {
            if (stored.has_process() && known.size() < kProcessesNamed) {
              known.push_back(stored.process().process());
            }
            return known.size() < kProcessesNamed;
          });
  const std::string hint =
      known.empty() ? "it holds none yet; record its process_registered first"
                    : absl::StrCat("there are: ", absl::StrJoin(known, ", "));
  return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                   absl::StrCat("the process \"", ToAbsl(process),
                                "\" is not in this register; ", hint),
                   {{"process", std::string(process)}});
}

absl::StatusOr<AskedViews> ViewsSource::Ask(const view::v1::Scope& scope,
                                            ProjectionSet needed,
                                            codec::Language language) {
  if (scope.process().empty()) {
    return FieldError("scope.process", "is empty; say which process");
  }
  if (scope.has_evaluate_at() && !IsValid(scope.evaluate_at())) {
    return FieldError("scope.evaluate_at", "the instant does not exist");
  }
  AskedViews asked;
  asked.question.process = scope.process();
  asked.question.language = language;
  ASSIGN_OR_RETURN(asked.question.period, PeriodOf(scope.period()));
  if (scope.as_of().at_case() == view::v1::AsOf::AT_NOT_SET) {
    RETURN_IF_ERROR(UseLive(needed, asked));
    asked.question.evaluate_at_us = absl::ToUnixMicros(clock_.Now());
  } else {
    RETURN_IF_ERROR(UseFolded(scope, asked));
    asked.question.evaluate_at_us = asked.folded->recorded_at_us();
  }
  if (scope.has_evaluate_at()) {
    asked.question.evaluate_at_us = ToMicros(scope.evaluate_at());
  }
  if (projections::FindProcess(asked.views, scope.process()) == nullptr) {
    RETURN_IF_ERROR(asked.status());
    return UnknownProcess(asked.views, scope.process());
  }
  return asked;
}

absl::Status ViewsSource::UseLive(ProjectionSet needed, AskedViews& asked) {
  ASSIGN_OR_RETURN(projections::LiveViews live, projector_.Views(needed));
  asked.live = std::move(live.snapshot);
  asked.views = asked.live->views();
  SetAnswered(live.position, live.recorded_at_us, store_.Head(),
              asked.answered);
  return absl::OkStatus();
}

absl::Status ViewsSource::UseFolded(const view::v1::Scope& scope,
                                    AskedViews& asked) {
  const Position head = store_.Head();
  ASSIGN_OR_RETURN(const projections::Prefix prefix,
                   PrefixOf(scope.as_of(), head));
  ASSIGN_OR_RETURN(asked.folded,
                   projections::FoldPrefix(store_, scope.process(), prefix));
  asked.views = asked.folded->views();
  SetAnswered(asked.folded->position(), asked.folded->recorded_at_us(), head,
              asked.answered);
  return absl::OkStatus();
}

}  // namespace samverk
