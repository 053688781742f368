#include "projections/findings/findings_answer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using codec::Language;
using event::v1::DeclineReason;
using view::v1::FindingEntry;
using view::v1::FindingsAnswer;
using view::v1::FindingState;
using view::v1::FindingStep;
using view::v1::FindingView;
using view::v1::FunnelRow;
using view::v1::PlaceView;

struct ReasonText {
  DeclineReason reason;
  std::string_view swedish;
  std::string_view english;
};

constexpr std::array kReasons = {
    ReasonText{event::v1::DECLINE_REASON_NO_CONTROL, "ej rådighet",
               "no control over the place"},
    ReasonText{event::v1::DECLINE_REASON_COST, "kostnad", "cost"},
    ReasonText{event::v1::DECLINE_REASON_COUNTERPRODUCTIVE, "motverkar annat",
               "works against something else"},
    ReasonText{event::v1::DECLINE_REASON_ALREADY_DONE, "redan åtgärdat",
               "already done"},
    ReasonText{event::v1::DECLINE_REASON_DUPLICATE, "dubblett", "duplicate"},
    ReasonText{event::v1::DECLINE_REASON_OTHER, "annat skäl", "other reason"},
};

// The name in the contract, as the fold keeps it, in words; itself if it is
// none that this program knows.
std::string ReasonInWords(const std::string& name, Language language) {
  for (const ReasonText& text : kReasons) {
    if (event::v1::DeclineReason_Name(text.reason) != name) continue;
    return std::string(language == Language::kSwedish ? text.swedish
                                                      : text.english);
  }
  return name;
}

bool Selected(const FindingView& finding, const Question& question) {
  return finding.has_logged() &&
         (question.Selects(finding.origin().occurred()) ||
          std::any_of(finding.steps().begin(), finding.steps().end(),
                      [&question](const FindingStep& step) {
                        return question.Selects(step.origin().occurred());
                      }));
}

// Who has control there: the place's definition says so; where none does, who
// logged the finding may have.
std::string ControlOf(const ViewReader& findings, const Question& question,
                      const event::v1::Where& where) {
  if (!where.place().empty()) {
    const auto* entry = findings.Find<FindingEntry>(
        KeyPrefix(question.process, "place") + where.place());
    if (entry != nullptr && !entry->place().controlled_by().empty()) {
      return entry->place().controlled_by();
    }
  }
  return where.controlled_by();
}

// Fills in what follows from the place and the language.
void Complete(const ViewReader& findings, const Question& question,
              FindingView& finding) {
  for (FindingStep& step : *finding.mutable_steps()) {
    if (step.says() == view::v1::FINDING_STATE_DECLINED) {
      step.set_detail(ReasonInWords(step.detail(), question.language));
    }
  }
  finding.set_controlled_by(
      ControlOf(findings, question, finding.logged().where()));
}

// How far a deficiency has come; of one that rests (closed, declined), how far
// it came before, since it was last reopened.
FindingState FurthestOf(const FindingView& finding) {
  if (finding.state() <= view::v1::FINDING_STATE_EVALUATED) {
    return finding.state();
  }
  FindingState furthest = view::v1::FINDING_STATE_LOGGED;
  for (const FindingStep& step : finding.steps()) {
    if (step.state() == view::v1::FINDING_STATE_REOPENED) {
      furthest = view::v1::FINDING_STATE_LOGGED;
    } else if (step.state() <= view::v1::FINDING_STATE_EVALUATED) {
      furthest = std::max(furthest, step.state());
    }
  }
  return finding.assignee().empty()
             ? furthest
             : std::max(furthest, view::v1::FINDING_STATE_ASSIGNED);
}

void Count(const FindingView& finding, FunnelRow& row) {
  const FindingState state = finding.state();
  if (state == view::v1::FINDING_STATE_MERGED) return;
  if (finding.logged().polarity() == event::v1::POLARITY_ASSET) {
    row.set_assets(row.assets() + 1);
    return;
  }
  const FindingState furthest = FurthestOf(finding);
  row.set_logged(row.logged() + 1);
  if (furthest >= view::v1::FINDING_STATE_ASSIGNED) {
    row.set_assigned(row.assigned() + 1);
  }
  if (furthest >= view::v1::FINDING_STATE_MEASURE_PLANNED) {
    row.set_planned(row.planned() + 1);
  }
  if (furthest >= view::v1::FINDING_STATE_MEASURE_IMPLEMENTED) {
    row.set_implemented(row.implemented() + 1);
  }
  if (state == view::v1::FINDING_STATE_EVALUATED ||
      state == view::v1::FINDING_STATE_CLOSED) {
    row.set_evaluated(row.evaluated() + 1);
  }
  if (state == view::v1::FINDING_STATE_DECLINED) {
    row.set_declined(row.declined() + 1);
  }
}

}  // namespace

FindingsAnswer AnswerFindings(const ViewSet& views, const Question& question) {
  const ViewReader& findings = views.Of(ProjectionId::kFindings);
  std::map<uint64_t, FindingView> by_position;
  findings.Scan<FindingEntry>(KeyPrefix(question.process, "finding"), "",
                              [&](std::string_view, const FindingEntry& entry) {
                                if (Selected(entry.finding(), question)) {
                                  by_position.emplace(
                                      entry.finding().origin().position(),
                                      entry.finding());
                                }
                                return true;
                              });
  FindingsAnswer answer;
  std::map<std::string, FunnelRow> funnel;
  for (auto& [position, finding] : by_position) {
    Complete(findings, question, finding);
    const std::string& control = finding.controlled_by().empty()
                                     ? finding.assignee()
                                     : finding.controlled_by();
    FunnelRow& row = funnel[control];
    row.set_controlled_by(control);
    Count(finding, row);
    *answer.add_findings() = std::move(finding);
  }
  for (auto& [control, row] : funnel) {
    // A row of merged findings alone would say nothing.
    if (row.logged() + row.assets() > 0) *answer.add_funnel() = std::move(row);
  }
  return answer;
}

std::string PlaceName(const ViewSet& views, std::string_view process,
                      std::string_view place) {
  const auto* entry =
      views.Of(ProjectionId::kFindings)
          .Find<FindingEntry>(KeyPrefix(process, "place") + std::string(place));
  return entry == nullptr || entry->place().name().empty()
             ? std::string(place)
             : entry->place().name();
}

}  // namespace samverk::projections
