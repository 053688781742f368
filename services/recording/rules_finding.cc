// Rules of findings: registered, assigned, declined or closed, reopened; or
// merged into another.
#include "services/recording/judge.h"
#include "services/recording/state/finding_state.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

// The finding that the event takes further; empty when it is logged.
std::string_view FindingOf(const Event& event) {
  if (event.has_finding_assigned()) return event.finding_assigned().finding();
  if (event.has_finding_declined()) return event.finding_declined().finding();
  if (event.has_finding_merged()) return event.finding_merged().finding();
  if (event.has_finding_reopened()) return event.finding_reopened().finding();
  if (event.has_finding_closed()) return event.finding_closed().finding();
  return {};
}

void RefuseMerged(Judge& judge, const std::string& id, const Step& merge) {
  judge.Refuse(Rule::kFindingMerged, "finding",
               {{"id", id},
                {"into", merge.event->finding_merged().into()},
                EventValue(merge)});
}

void JudgeMerge(Judge& judge, const EntityHistory& finding) {
  const auto& fact = judge.event().finding_merged();
  // It can go up in one other only, whenever that was.
  if (const Step* merge = MergeOf(finding)) {
    RefuseMerged(judge, fact.finding(), *merge);
  }
  const Step* further =
      MergeOf(judge.state().Of(EntityKind::kFinding, fact.into()));
  if (further == nullptr) return;
  judge.Refuse(Rule::kMergedIntoMerged, "into",
               {{"into", fact.into()},
                {"further", further->event->finding_merged().into()}});
}

}  // namespace

void JudgeFinding(Judge& judge) {
  const Event& event = judge.event();
  const std::string id(FindingOf(event));
  const EntityHistory& finding = judge.state().Of(EntityKind::kFinding, id);
  if (id.empty() || !finding.exists()) return;

  if (event.has_finding_merged()) {
    JudgeMerge(judge, finding);
  } else if (const Step* merge =
                 finding.LastBefore(judge.when(), {Event::kFindingMerged})) {
    RefuseMerged(judge, id, *merge);
  }
  if (event.has_finding_reopened()) {
    if (!CanBeReopened(finding, judge.when())) {
      judge.Refuse(Rule::kFindingNotEnded, "finding", {{"id", id}});
    }
    return;
  }
  if (const Step* closed =
          EndedBefore(finding, judge.when(), Event::kFindingClosed)) {
    judge.Refuse(Rule::kFindingClosed, "finding",
                 {{"id", id}, EventValue(*closed)});
  }
  const bool takes_up =
      event.has_finding_assigned() || event.has_finding_declined();
  if (const Step* declined =
          EndedBefore(finding, judge.when(), Event::kFindingDeclined);
      declined != nullptr && takes_up) {
    judge.Refuse(Rule::kFindingDeclined, "finding",
                 {{"id", id}, EventValue(*declined)});
  }
  if (event.has_finding_declined() && IsAsset(finding)) {
    judge.Refuse(Rule::kFindingIsAsset, "finding", {{"id", id}});
  }
}

}  // namespace samverk::recording
