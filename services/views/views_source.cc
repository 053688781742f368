#include "services/views/views_source.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"
#include "projections/timeline/timeline_answer.h"
#include "services/access/event_filter.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

using projections::ProjectionId;
using projections::ProjectionSet;
using projections::ViewSet;

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

// Names the processes that there are.
absl::Status UnknownProcess(const ViewSet& views, std::string_view process) {
  std::vector<std::string> known;
  projections::ForEachProcess(views,
                              [&known](const view::v1::ProcessView& there) {
                                known.push_back(there.process());
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

// Does not say whether it is there.
absl::Status NotForThem(std::string_view process) {
  return MakeError(
      absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
      absl::StrCat("there is no process \"", ToAbsl(process),
                   "\" that you may read; check its id, and that you are "
                   "logged in as somebody who has a right in it"),
      {{"process", std::string(process)}});
}

// Which prefix of the log `as_of` names: none of its fields, all of the log.
// INVALID_ARGUMENT: a position beyond the head.
absl::StatusOr<projections::Prefix> PrefixOf(const view::v1::AsOf& as_of,
                                             Position head) {
  projections::Prefix prefix;
  switch (as_of.at_case()) {
    case view::v1::AsOf::kPosition:
      RETURN_IF_ERROR(
          CheckRecorded("scope.as_of.position", as_of.position(), head));
      prefix.position = Position(as_of.position());
      break;
    case view::v1::AsOf::kRecordedAt:
      prefix.recorded_at = absl::FromUnixMicros(ToMicros(as_of.recorded_at()));
      break;
    case view::v1::AsOf::AT_NOT_SET:
      break;
  }
  return prefix;
}

}  // namespace

absl::Status AskedViews::status() const {
  return live != nullptr ? live->status() : absl::OkStatus();
}

absl::StatusOr<projections::Question> QuestionOf(const view::v1::Scope& scope,
                                                 codec::Language language) {
  if (scope.process().empty()) {
    return FieldError("scope.process", "is empty; say which process");
  }
  if (scope.process().size() > limits::kMetadataBytes) {
    return FieldError("scope.process",
                      absl::StrCat("is longer than ", limits::kMetadataBytes,
                                   " bytes; give the id of the process"));
  }
  projections::Question question;
  question.process = scope.process();
  question.language = language;
  if (!scope.period().empty()) {
    const auto span = codec::ParseEdtf(scope.period());
    if (!span.ok()) {
      return FieldError("scope.period", ToStd(span.status().message()));
    }
    question.period = *span;
  }
  const auto check_instant =
      [](std::string_view field,
         const google::protobuf::Timestamp& instant) -> absl::Status {
    if (IsValid(instant)) return absl::OkStatus();
    return FieldError(field,
                      "the instant does not exist; give one between the years "
                      "1 and 9999");
  };
  if (scope.as_of().has_recorded_at()) {
    RETURN_IF_ERROR(
        check_instant("scope.as_of.recorded_at", scope.as_of().recorded_at()));
  }
  if (scope.has_evaluate_at()) {
    RETURN_IF_ERROR(check_instant("scope.evaluate_at", scope.evaluate_at()));
    question.evaluate_at_us = ToMicros(scope.evaluate_at());
  }
  return question;
}

absl::StatusOr<AskedViews> ViewsSource::Ask(const view::v1::Scope& scope,
                                            ProjectionSet needed,
                                            projections::Question question,
                                            const access::Admitted& who) {
  AskedViews asked;
  const bool reads_all = who.ReadsAll(scope.process());
  const bool latest = scope.as_of().at_case() == view::v1::AsOf::AT_NOT_SET;
  asked.question = std::move(question);
  int64_t now_us = 0;
  if (latest && reads_all) {
    RETURN_IF_ERROR(UseLive(needed, asked));
  } else if (latest) {
    RETURN_IF_ERROR(UseKept(scope.process(), who, asked));
  } else {
    RETURN_IF_ERROR(UseFolded(scope, who, asked));
  }
  now_us = latest ? absl::ToUnixMicros(clock_.Now())
                  : asked.folded->recorded_at_us();
  if (!scope.has_evaluate_at()) asked.question.evaluate_at_us = now_us;
  if (projections::FindProcess(asked.views, scope.process()) == nullptr) {
    RETURN_IF_ERROR(asked.status());
    if (!reads_all) return NotForThem(scope.process());
    return NotFound(scope, asked);
  }
  return asked;
}

absl::Status ViewsSource::NotFound(const view::v1::Scope& scope,
                                   const AskedViews& asked) {
  if (asked.folded == nullptr) {
    return UnknownProcess(asked.views, scope.process());
  }
  ASSIGN_OR_RETURN(const projections::LiveViews live,
                   projector_.Views({ProjectionId::kTimeline}));
  const ViewSet views = live.snapshot->views();
  const bool known =
      projections::FindProcess(views, scope.process()) != nullptr;
  RETURN_IF_ERROR(live.snapshot->status());
  if (!known) return UnknownProcess(views, scope.process());
  return MakeError(
      absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
      absl::StrCat("the process \"", scope.process(),
                   "\" was not yet in this register at position ",
                   asked.answered.position(), "; ask for a later state"),
      {{"process", scope.process()},
       {"position", absl::StrCat(asked.answered.position())}});
}

absl::Status ViewsSource::UseLive(ProjectionSet needed, AskedViews& asked) {
  ASSIGN_OR_RETURN(projections::LiveViews live, projector_.Views(needed));
  asked.live = std::move(live.snapshot);
  asked.views = asked.live->views();
  SetAnswered(live.position, live.recorded_at_us, store_.Head(),
              asked.answered);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<projections::GrowingViews>> ViewsSource::Borrow(
    const access::Admitted& who, const std::string& process) {
  ASSIGN_OR_RETURN(auto views, kept_.Take(who, process));
  return std::shared_ptr<projections::GrowingViews>(
      views.release(),
      [this, process, reader = access::Admitted(*who.caller(), who.language())](
          projections::GrowingViews* lent) {
        kept_.GiveBack(reader, process,
                       std::unique_ptr<projections::GrowingViews>(lent));
      });
}

absl::Status ViewsSource::UseKept(const std::string& process,
                                  const access::Admitted& who,
                                  AskedViews& asked) {
  ASSIGN_OR_RETURN(asked.growing, Borrow(who, process));
  asked.views = asked.growing->views();
  SetAnswered(asked.growing->position(), asked.growing->recorded_at_us(),
              store_.Head(), asked.answered);
  asked.answered.set_withheld(asked.growing->withheld());
  return absl::OkStatus();
}

absl::Status ViewsSource::UseFolded(const view::v1::Scope& scope,
                                    const access::Admitted& who,
                                    AskedViews& asked) {
  ASSIGN_OR_RETURN(const projections::Prefix prefix,
                   PrefixOf(scope.as_of(), store_.Head()));
  ASSIGN_OR_RETURN(asked.folded, projections::FoldPrefix(
                                     store_, scope.process(), prefix,
                                     access::FilterFor(who, scope.process())));
  asked.views = asked.folded->views();
  SetAnswered(asked.folded->position(), asked.folded->recorded_at_us(),
              store_.Head(), asked.answered);
  if (asked.folded->withheld() == 0) return absl::OkStatus();
  // As many as there are by now: by the number at each position one could tell
  // where they are.
  ASSIGN_OR_RETURN(const auto latest, Borrow(who, scope.process()));
  asked.answered.set_withheld(latest->withheld());
  return absl::OkStatus();
}

absl::StatusOr<std::optional<view::v1::ProcessView>> ViewsSource::ProcessFor(
    const access::Admitted& who, const std::string& process) {
  ASSIGN_OR_RETURN(const auto views, Borrow(who, process));
  const view::v1::ProcessView* known =
      projections::FindProcess(views->views(), process);
  if (known == nullptr) return std::optional<view::v1::ProcessView>();
  return std::optional(*known);
}

}  // namespace samverk
