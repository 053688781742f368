#include "services/recording/judge.h"

#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"

namespace samverk::recording {

using event::v1::Event;

void Judge::Refuse(Rule rule, std::string_view field,
                   std::vector<RuleValue> values) {
  const auto* arm = Event::descriptor()->FindFieldByNumber(event_.fact_case());
  RefusePath(rule,
             absl::StrCat(arm->name(), field.empty() ? "" : ".", ToAbsl(field)),
             std::move(values));
}

void Judge::RefuseEnvelope(Rule rule, std::string_view field,
                           std::vector<RuleValue> values) {
  RefusePath(rule, std::string(field), std::move(values));
}

void Judge::RefusePath(Rule rule, std::string path,
                       std::vector<RuleValue> values) {
  if (correction_ != nullptr) {
    path = absl::StrCat("event_corrected.replacement.", path);
  }
  violations_.push_back({rule, std::move(path), std::move(values)});
}

RuleValue EventValue(const Step& step) {
  return {"event", FormatUuid(step.id)};
}

bool MayBeSamePerson(const event::v1::Recorder& a,
                     const event::v1::Recorder& b) {
  if (!a.subject().empty() && !b.subject().empty()) {
    return a.subject() == b.subject();
  }
  return a.organisation() == b.organisation() && a.role() == b.role();
}

std::vector<const event::v1::Recorder*> RecordersOf(const Step& step) {
  std::vector<const event::v1::Recorder*> recorders;
  for (const auto& event : step.earlier) {
    recorders.push_back(&event->recorded_by());
  }
  recorders.push_back(&step.event->recorded_by());
  return recorders;
}

const event::v1::Recorder* RecorderLike(const Step& step,
                                        const event::v1::Recorder& person) {
  for (const event::v1::Recorder* recorder : RecordersOf(step)) {
    if (MayBeSamePerson(person, *recorder)) return recorder;
  }
  return nullptr;
}

std::string RecorderText(const event::v1::Recorder& recorder) {
  return absl::StrCat(recorder.organisation(), "/", recorder.role());
}

bool IsImported(const Event& event) {
  const event::v1::Source& source = event.source();
  const bool history = source.kind() == event::v1::SOURCE_KIND_TRANSCRIBED ||
                       source.kind() == event::v1::SOURCE_KIND_IMPORTED;
  return history && !source.system().empty() && !source.ref().empty();
}

}  // namespace samverk::recording
