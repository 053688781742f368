#include "services/reporting/report_generator.h"

#include <future>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/store_errors.h"
#include "projections/checks/checks_answer.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_codec.h"
#include "services/reporting/canonical_json.h"
#include "services/reporting/html.h"
#include "services/reporting/markdown.h"
#include "services/reporting/report_text.h"

namespace samverk {

using projections::FoldedViews;
using projections::ReportParameters;
using report::v1::ReportFormat;
using report::v1::ReportModel;

namespace {

absl::Status InvalidField(std::string_view field, std::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_INVALID_FIELD,
                   absl::StrCat(std::string(field), ": ", std::string(message)),
                   {{"field", std::string(field)}});
}

absl::StatusOr<codec::TimeSpan> PeriodOf(const ReportQuestion& question) {
  if (question.process.empty()) {
    return InvalidField("process", "is empty; give the id of the process");
  }
  if (question.process.size() > limits::kMetadataBytes) {
    return InvalidField("process",
                        absl::StrCat("is longer than ", limits::kMetadataBytes,
                                     " bytes; give the id of the process"));
  }
  if (question.period.empty()) {
    return InvalidField("period", "is empty; give a time such as \"2025\"");
  }
  auto span = codec::ParseEdtf(question.period);
  if (!span.ok()) {
    return InvalidField("period", ToStd(span.status().message()));
  }
  return span;
}

}  // namespace

projections::EventLookup LookupIn(EventStore& store) {
  return [&store](Position position,
                  int64_t& recorded_at_us) -> absl::StatusOr<event::v1::Event> {
    ReadOptions options;
    options.after = Position(position.value() - 1);
    options.before = position.Next();
    options.limit = 1;
    ASSIGN_OR_RETURN(const EventPage page, store.Read(options));
    if (page.events.empty()) {
      return DataDamaged(absl::StrCat("position ", position.value()),
                         "a view refers to it and it is not in the log");
    }
    const RecordedEvent& recorded = page.events[0];
    ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
    event::v1::Event event;
    RETURN_IF_ERROR(codec::DecodePayload(body.type, FormatUuid(body.id),
                                         body.payload, event));
    recorded_at_us = recorded.header().recorded_at_us;
    return event;
  };
}

absl::StatusOr<ReportModel> BuildModel(EventStore& store,
                                       std::string_view register_name,
                                       const ReportQuestion& question) {
  ASSIGN_OR_RETURN(const codec::TimeSpan period, PeriodOf(question));
  ASSIGN_OR_RETURN(const std::unique_ptr<FoldedViews> folded,
                   projections::FoldPrefix(store, question.process,
                                           question.prefix, question.filter));
  ReportParameters parameters;
  parameters.question.process = question.process;
  parameters.question.period = period;
  parameters.question.evaluate_at_us = folded->recorded_at_us();
  parameters.question.language = question.language;
  parameters.period = question.period;
  parameters.register_name = std::string(register_name);
  parameters.withheld = folded->withheld();
  parameters.as_of = folded->position();
  parameters.as_of_recorded_us = folded->recorded_at_us();
  const projections::ViewSet views = folded->views();
  std::future<view::v1::ChecksAnswer> checks =
      // On a thread of its own if the system gives one, else when asked.
      std::async(std::launch::async | std::launch::deferred,
                 [&views, &parameters] {
                   return projections::AnswerChecks(views, parameters.question);
                 });
  return projections::BuildReport(
      views, parameters, [&checks] { return checks.get(); }, LookupIn(store));
}

absl::StatusOr<GeneratedReport> RenderReport(const ReportModel& model,
                                             ReportFormat format) {
  GeneratedReport report;
  std::string json = CanonicalJson(model);
  report.model_sha256 = Sha256(json);
  report.as_of = Position(model.as_of_position());
  report.as_of_recorded_us = model.as_of_recorded_us();
  report.withheld = model.withheld();
  report.open_checks = static_cast<uint32_t>(OpenChecks(model).size());
  switch (static_cast<int>(format)) {
    case report::v1::REPORT_FORMAT_UNSPECIFIED:
    case report::v1::REPORT_FORMAT_MARKDOWN:
      report.content = RenderMarkdown(model, AsBytes(report.model_sha256));
      report.media_type = "text/markdown; charset=utf-8";
      return report;
    case report::v1::REPORT_FORMAT_HTML:
      report.content = RenderHtml(model, AsBytes(report.model_sha256));
      report.media_type = "text/html; charset=utf-8";
      return report;
    case report::v1::REPORT_FORMAT_JSON:
      report.content = std::move(json);
      report.media_type = "application/json";
      return report;
    default:
      return InvalidField(
          "format", absl::StrCat(static_cast<int>(format),
                                 " is not known; use Markdown, HTML or JSON"));
  }
}

absl::StatusOr<GeneratedReport> GenerateReport(EventStore& store,
                                               std::string_view register_name,
                                               const ReportQuestion& question) {
  ASSIGN_OR_RETURN(const ReportModel model,
                   BuildModel(store, register_name, question));
  return RenderReport(model, question.format);
}

}  // namespace samverk
