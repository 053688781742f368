// Rules of measures beyond those of order.
#include "absl/strings/str_cat.h"
#include "services/recording/judge.h"
#include "services/recording/state/finding_state.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

const EntityHistory& MeasureOf(const Judge& judge, const std::string& id) {
  return judge.state().Of(EntityKind::kMeasure, id);
}

void JudgeImplemented(Judge& judge) {
  const std::string& id = judge.event().measure_implemented().measure();
  const Step* implemented =
      MeasureOf(judge, id).Last(Event::kMeasureImplemented);
  if (implemented == nullptr) return;
  judge.Refuse(Rule::kMeasureAlreadyImplemented, "measure",
               {{"id", id}, EventValue(*implemented)});
}

// What is done is not begun. A start without a time may have been earlier.
void JudgeStarted(Judge& judge) {
  if (!judge.when().known) return;
  const std::string& id = judge.event().measure_started().measure();
  const Step* implemented = MeasureOf(judge, id).LastBefore(
      judge.when(), {Event::kMeasureImplemented});
  if (implemented == nullptr) return;
  judge.Refuse(Rule::kMeasureAlreadyImplemented, "measure",
               {{"id", id}, EventValue(*implemented)});
}

// A measure answers findings that are open, or will be (a declined one may get
// a measure after all, and an asset one that keeps it).
void JudgeProposed(Judge& judge) {
  const auto& fact = judge.event().measure_proposed();
  for (int i = 0; i < fact.findings_size(); ++i) {
    const std::string& id = fact.findings(i);
    const std::string field = absl::StrCat("findings[", i, "]");
    const EntityHistory& finding = judge.state().Of(EntityKind::kFinding, id);
    if (const Step* merge =
            finding.LastBefore(judge.when(), {Event::kFindingMerged})) {
      judge.Refuse(Rule::kFindingMerged, field,
                   {{"id", id},
                    {"into", merge->event->finding_merged().into()},
                    EventValue(*merge)});
    }
    if (const Step* closed =
            EndedBefore(finding, judge.when(), Event::kFindingClosed)) {
      judge.Refuse(Rule::kFindingClosed, field,
                   {{"id", id}, EventValue(*closed)});
    }
  }
}

}  // namespace

void JudgeMeasure(Judge& judge) {
  if (judge.event().has_measure_implemented()) JudgeImplemented(judge);
  if (judge.event().has_measure_started()) JudgeStarted(judge);
  if (judge.event().has_measure_proposed()) JudgeProposed(judge);
}

}  // namespace samverk::recording
