#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "projections/kept_facts.h"
#include "projections/timeline/timeline_answer.h"

namespace samverk::projections {
namespace {

using view::v1::InitiativeView;
using view::v1::LessonsAnswer;
using view::v1::LessonView;
using view::v1::OutcomeView;
using view::v1::StudyView;
using view::v1::TimelineStored;
using view::v1::When;

// Those without an order come last.
uint32_t OrderOf(uint32_t order) {
  return order == 0 ? std::numeric_limits<uint32_t>::max() : order;
}

bool BegunBeforeEnd(const When& begun, const Question& question) {
  return !question.period.has_value() || !IsKnown(begun) ||
         begun.from_us() < question.period->to_us;
}

bool Selected(const StudyView& study, const Question& question) {
  if (!study.has_started()) return false;
  const When& begun = study.origin().occurred();
  if (question.Selects(begun)) return true;
  if (!study.has_published()) return BegunBeforeEnd(begun, question);
  return question.Selects(study.published().occurred()) ||
         std::any_of(study.insights().begin(), study.insights().end(),
                     [&question](const auto& insight) {
                       return question.Selects(insight.origin().occurred());
                     });
}

bool IsAnswered(const InitiativeView& initiative) {
  return std::any_of(initiative.steps().begin(), initiative.steps().end(),
                     [](const auto& step) {
                       const auto status = step.observed().status();
                       return status == event::v1::INITIATIVE_STATUS_GRANTED ||
                              status == event::v1::INITIATIVE_STATUS_REJECTED ||
                              status ==
                                  event::v1::INITIATIVE_STATUS_IN_PROGRESS ||
                              status == event::v1::INITIATIVE_STATUS_ENDED;
                     });
}

bool Selected(const InitiativeView& initiative, const Question& question) {
  if (!initiative.has_linked()) return false;
  const When& begun = initiative.origin().occurred();
  if (question.Selects(begun)) return true;
  if (!IsAnswered(initiative)) return BegunBeforeEnd(begun, question);
  return std::any_of(initiative.steps().begin(), initiative.steps().end(),
                     [&question](const auto& step) {
                       return question.Selects(step.origin().occurred());
                     });
}

template <typename Visit>
void ScanKind(const ViewSet& views, const Question& question,
              std::string_view kind, Visit visit) {
  views.Of(ProjectionId::kTimeline)
      .Scan<TimelineStored>(
          KeyPrefix(question.process, kind), "",
          [&visit](std::string_view, const TimelineStored& entry) {
            visit(entry);
            return true;
          });
}

void AddLessons(const ViewSet& views, const Question& question,
                LessonsAnswer& answer) {
  std::map<std::tuple<uint32_t, uint64_t>, LessonView> lessons;
  ScanKind(views, question, "lesson", [&](const TimelineStored& entry) {
    const LessonView& lesson = entry.lesson();
    if (!question.Selects(lesson.origin().occurred())) return;
    lessons.emplace(std::tuple(OrderOf(lesson.recorded().order()),
                               lesson.origin().position()),
                    lesson);
  });
  for (auto& [place, lesson] : lessons) {
    *answer.add_lessons() = std::move(lesson);
  }
}

void AddOutcomes(const ViewSet& views, const Question& question,
                 LessonsAnswer& answer) {
  std::map<std::tuple<int, uint32_t, uint64_t>, OutcomeView> outcomes;
  ScanKind(views, question, "outcome", [&](const TimelineStored& entry) {
    const OutcomeView& outcome = entry.outcome();
    if (!outcome.has_claimed() ||
        !question.Selects(outcome.origin().occurred())) {
      return;
    }
    outcomes.emplace(
        std::tuple(outcome.claimed().kind(), OrderOf(outcome.claimed().order()),
                   outcome.origin().position()),
        outcome);
  });
  for (auto& [place, outcome] : outcomes) {
    *answer.add_outcomes() = std::move(outcome);
  }
}

void AddStudiesAndInitiatives(const ViewSet& views, const Question& question,
                              LessonsAnswer& answer) {
  std::map<uint64_t, StudyView> studies;
  ScanKind(views, question, "study", [&](const TimelineStored& entry) {
    if (!Selected(entry.study(), question)) return;
    studies.emplace(entry.study().origin().position(), entry.study());
  });
  for (auto& [position, study] : studies) {
    *answer.add_studies() = std::move(study);
  }
  std::map<uint64_t, InitiativeView> initiatives;
  ScanKind(views, question, "initiative", [&](const TimelineStored& entry) {
    if (!Selected(entry.initiative(), question)) return;
    initiatives.emplace(entry.initiative().origin().position(),
                        entry.initiative());
  });
  for (auto& [position, initiative] : initiatives) {
    *answer.add_initiatives() = std::move(initiative);
  }
}

}  // namespace

LessonsAnswer AnswerLessons(const ViewSet& views, const Question& question) {
  LessonsAnswer answer;
  AddLessons(views, question, answer);
  AddOutcomes(views, question, answer);
  AddStudiesAndInitiatives(views, question, answer);
  return answer;
}

}  // namespace samverk::projections
