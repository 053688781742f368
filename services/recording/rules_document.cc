// Rules of decisions, reports and checks.
#include "absl/strings/str_cat.h"
#include "eventstore/base/uuid.h"
#include "services/recording/judge.h"
#include "services/recording/structure.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

// The events named are of this process: recorded, or before this one in its
// batch.
template <typename Ids>
void JudgeAboutEvents(Judge& judge, const Ids& ids) {
  for (int i = 0; i < ids.size(); ++i) {
    const auto id = ParseUuid(ids[i]);
    if (!id.ok() || judge.state().Find(*id) != nullptr) continue;
    const auto located = judge.context().located.find(*id);
    if (located != judge.context().located.end() &&
        located->second.process == judge.state().process()) {
      continue;
    }
    judge.Refuse(Rule::kEventUnknown, absl::StrCat("about_events[", i, "]"),
                 {{"id", ids[i]}});
  }
}

void JudgeReportGenerated(Judge& judge) {
  const auto& fact = judge.event().report_generated();
  const uint64_t head = judge.context().head.value();
  if (fact.as_of_position() <= head) return;
  judge.Refuse(Rule::kReportPositionUnknown, "as_of_position",
               {{"position", absl::StrCat(fact.as_of_position())},
                {"head", absl::StrCat(head)}});
}

void JudgeReportSubmitted(Judge& judge) {
  const auto& fact = judge.event().report_submitted();
  const EntityHistory& report =
      judge.state().Of(EntityKind::kReport, fact.report());
  if (!fact.document().empty() ||
      report.MayFollow(judge.when(), Event::kReportGenerated)) {
    return;
  }
  judge.Refuse(Rule::kReportNotGenerated, "report", {{"id", fact.report()}});
}

// Checks that the register derives need no event to exist.
void JudgeCheck(Judge& judge, const std::string& id) {
  if (IsDerivedCheckId(id)) return;
  if (judge.state()
          .Of(EntityKind::kCheck, id)
          .MayFollow(judge.when(), Event::kCheckRaised)) {
    return;
  }
  judge.Refuse(Rule::kCheckUnknown, "check", {{"id", id}});
}

}  // namespace

void JudgeDocument(Judge& judge) {
  const Event& event = judge.event();
  if (event.has_decision_recorded()) {
    JudgeAboutEvents(judge, event.decision_recorded().about_events());
  }
  if (event.has_check_raised()) {
    JudgeAboutEvents(judge, event.check_raised().about_events());
  }
  if (event.has_report_generated()) JudgeReportGenerated(judge);
  if (event.has_report_submitted()) JudgeReportSubmitted(judge);
  if (event.has_check_explained()) {
    JudgeCheck(judge, event.check_explained().check());
  }
  if (event.has_check_resolved()) {
    JudgeCheck(judge, event.check_resolved().check());
  }
}

}  // namespace samverk::recording
