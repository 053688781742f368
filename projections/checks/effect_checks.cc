// C9: a claimed effect comes after what it is the effect of.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/repeated_field.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "projections/kept_facts.h"
#include "projections/timeline/timeline_answer.h"
#include "samverk/view/v1/findings.pb.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {
namespace {

using google::protobuf::RepeatedPtrField;
using view::v1::LessonView;
using view::v1::MeasureView;
using view::v1::Origin;
using view::v1::OutcomeView;
using view::v1::StudyView;

std::optional<MeasureView> FindMeasure(const CheckContext& context,
                                       const std::string& id) {
  const auto* entry =
      context.views.Of(ProjectionId::kFindings)
          .Find<view::v1::FindingEntry>(
              KeyPrefix(context.question.process, "measure") + id);
  if (entry == nullptr) return std::nullopt;
  return entry->measure();
}

std::optional<StudyView> FindStudy(const CheckContext& context,
                                   const std::string& id) {
  const auto* entry =
      context.views.Of(ProjectionId::kTimeline)
          .Find<view::v1::TimelineStored>(
              KeyPrefix(context.question.process, "study") + id);
  if (entry == nullptr) return std::nullopt;
  return entry->study();
}

// The event that says that the measure was done first; null when none does.
const Origin* ImplementedIn(const MeasureView& measure) {
  const Origin* first = nullptr;
  for (const auto& step : measure.steps()) {
    if (step.says() != view::v1::MEASURE_STATE_IMPLEMENTED) continue;
    if (first == nullptr || HappenedBefore(step.origin(), *first)) {
      first = &step.origin();
    }
  }
  return first;
}

// Names the measures that were not done when the claim was made.
std::vector<std::string> NotDone(const CheckContext& context,
                                 const RepeatedPtrField<std::string>& measures,
                                 const Origin& claim, CheckDraft& draft) {
  std::vector<std::string> names;
  for (const std::string& id : measures) {
    const std::optional<MeasureView> measure = FindMeasure(context, id);
    std::string name = measure.has_value() && !measure->title().empty()
                           ? Shorten(measure->title())
                           : id;
    const Origin* done =
        measure.has_value() ? ImplementedIn(*measure) : nullptr;
    if (done == nullptr) {
      if (measure.has_value() && measure->has_origin()) {
        draft.At(measure->origin().position());
      }
    } else if (WhollyAfter(done->occurred(), claim.occurred())) {
      draft.At(done->position());
      absl::StrAppend(&name, context.Say(" (genomförd först ", " (done in "),
                      context.Show(done->occurred()), ")");
    } else {
      continue;
    }
    names.push_back(std::move(name));
  }
  return names;
}

// A study shows nothing for certain before it is published.
void TellStudies(const CheckContext& context,
                 const RepeatedPtrField<std::string>& studies,
                 CheckDraft& draft) {
  std::vector<std::string> names;
  for (const std::string& id : studies) {
    const std::optional<StudyView> study = FindStudy(context, id);
    if (study.has_value() && study->has_published()) continue;
    const bool titled = study.has_value() && study->has_started();
    names.push_back(titled ? Shorten(study->started().title()) : id);
    if (!study.has_value()) continue;
    if (study->has_origin()) draft.At(study->origin().position());
    for (const auto& insight : study->insights()) {
      draft.At(insight.origin().position());
    }
  }
  if (names.empty()) return;
  const bool one = names.size() == 1;
  draft.Text(absl::StrCat(
      JoinWords(names, context.language()),
      one ? context.Say(
                " är inte publicerad: det som den visar är preliminärt.",
                " is not published: what it shows is preliminary.")
          : context.Say(
                " är inte publicerade: det som de visar är preliminärt.",
                " are not published: what they show is preliminary.")));
}

void TellMeasures(const CheckContext& context,
                  const RepeatedPtrField<std::string>& measures,
                  const Origin& claim, CheckDraft& draft) {
  const auto not_done = NotDone(context, measures, claim, draft);
  if (not_done.empty()) return;
  draft.Text(absl::StrCat(
      context.Say("Åtgärder som det vilar på var inte genomförda: ",
                  "Measures that it rests on were not done: "),
      JoinWords(not_done, context.language()), "."));
}

void TellHedge(const CheckContext& context, event::v1::Hedge hedge,
               CheckDraft& draft) {
  if (hedge == event::v1::HEDGE_BELIEVED) {
    draft.Text(context.Say("Orden är en förhoppning, inte ett utfall.",
                           "The words are a hope, not an outcome."));
  } else if (hedge == event::v1::HEDGE_PLANNED) {
    draft.Text(context.Say("Orden är en plan, inte ett utfall.",
                           "The words are a plan, not an outcome."));
  }
}

void Finish(const CheckContext& context, absl::string_view kind,
            std::string_view words, const Origin& origin, CheckDraft& found,
            CheckDraft& draft, Checks& checks) {
  const view::v1::CheckView what = found.Done();
  if (words.ends_with('.')) words.remove_suffix(1);
  checks.push_back(
      draft.At(origin.position())
          .AtAll(what.positions())
          .Text(absl::StrCat(kind, " \"", Shorten(words), "\"."))
          .Text(what.text())
          .Action(context.Say(
              "Märk det som preliminärt eller planerat, eller registrera det "
              "genomförande eller den publicering som det vilar på.",
              "Mark it as preliminary or planned, or record the work or the "
              "publication that it rests on."))
          .Done());
}

void AddLessonCheck(const CheckContext& context, const LessonView& lesson,
                    Checks& checks) {
  const auto& recorded = lesson.recorded();
  CheckDraft found("C9", recorded.lesson());
  if (recorded.claims_effect()) {
    if (recorded.measures().empty()) {
      found.Text(
          context.Say("Den säger att åtgärder har haft effekt, men inte vilka.",
                      "It says that measures have had effect, but not which."));
    }
    TellMeasures(context, recorded.measures(), lesson.origin(), found);
  }
  TellStudies(context, recorded.studies(), found);
  if (found.empty()) return;
  CheckDraft draft("C9", recorded.lesson());
  Finish(context, context.Say("Lärdom", "Lesson"), recorded.text(),
         lesson.origin(), found, draft, checks);
}

uint32_t SectionOf(event::v1::OutcomeKind kind) {
  if (kind == event::v1::OUTCOME_KIND_PROCESS) return 1;
  return kind == event::v1::OUTCOME_KIND_ACHIEVEMENT ? 3 : 6;
}

void AddOutcomeCheck(const CheckContext& context, const OutcomeView& outcome,
                     Checks& checks) {
  const auto& claimed = outcome.claimed();
  CheckDraft found("C9", claimed.outcome());
  TellHedge(context, claimed.hedge(), found);
  TellMeasures(context, claimed.measures(), outcome.origin(), found);
  // What is said to be preliminary may rest on what is.
  if (claimed.hedge() != event::v1::HEDGE_PRELIMINARY) {
    TellStudies(context, claimed.studies(), found);
  }
  if (found.empty()) return;
  CheckDraft draft("C9", claimed.outcome());
  draft.Section(SectionOf(claimed.kind()));
  const bool shift = claimed.kind() == event::v1::OUTCOME_KIND_SHIFT;
  Finish(context,
         shift ? context.Say("Förflyttning", "Shift")
               : context.Say("Utfall", "Outcome"),
         shift ? absl::StrCat(claimed.from(), " → ", claimed.to())
               : claimed.claim(),
         outcome.origin(), found, draft, checks);
}

}  // namespace

void AddEffectChecks(const CheckContext& context, Checks& checks) {
  const auto answer = AnswerLessons(context.views, context.question);
  for (const OutcomeView& outcome : answer.outcomes()) {
    AddOutcomeCheck(context, outcome, checks);
  }
  for (const LessonView& lesson : answer.lessons()) {
    AddLessonCheck(context, lesson, checks);
  }
}

}  // namespace samverk::projections
