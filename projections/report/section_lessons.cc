// Section 7: lessons, and who agrees.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/prose.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using report::v1::BulletList;
using report::v1::Section;
using view::v1::LessonView;

namespace {

report::v1::ListItem LessonItem(const ReportContext& context,
                                const LessonView& lesson) {
  const event::v1::LessonRecorded& recorded = lesson.recorded();
  Prose main;
  TellClaim(recorded.text(), lesson.origin(),
            InferredMark(lesson.origin(), {"text"}), main);
  std::vector<Prose> details;
  // The words that the lesson was transcribed from often hold its reason.
  const bool told =
      HoldsText(lesson.origin().verbatim(), recorded.explanation());
  if (!recorded.explanation().empty() && !told) {
    details.emplace_back();
    details.back().Fact(recorded.explanation(), lesson.origin(),
                        InferredMark(lesson.origin(), {"explanation"}));
  }
  details.emplace_back();
  if (recorded.agreed_by().empty()) {
    details.back().Own(
        context.Say("Vilka aktörer som instämmer är inte "
                    "angivet.",
                    "Which actors agree is not stated."));
  } else {
    details.back()
        .Own(context.Say("Instämmer: ", "Agreed by: "))
        .Fact(ActorList(context, recorded.agreed_by()), lesson.origin(),
              InferredMark(lesson.origin(), {"agreed_by"}))
        .Own(".");
  }
  Prose basis = BasisProse(context,
                           {{"activities", recorded.activities()},
                            {"studies", recorded.studies()},
                            {"measures", recorded.measures()}},
                           lesson.origin());
  if (!basis.empty()) details.push_back(std::move(basis));
  if (recorded.claims_effect()) {
    details.emplace_back();
    details.back().Fact(
        context.Say("Lärdomen säger att åtgärderna redan har haft effekt.",
                    "The lesson says that the measures have had effect "
                    "already."),
        lesson.origin(),
        Together({mark::kClaimed},
                 InferredMark(lesson.origin(), {"claims_effect"})));
  }
  return Item(std::move(main), std::move(details));
}

}  // namespace

void WriteLessonsSection(const ReportContext& context, Section& section) {
  BulletList list;
  int unagreed = 0;
  for (const LessonView& lesson : context.lessons.lessons()) {
    if (lesson.recorded().agreed_by().empty()) ++unagreed;
    if (list.items_size() >= kRowsMax) continue;
    *list.add_items() = LessonItem(context, lesson);
  }
  const int all = context.lessons.lessons_size();
  if (all == 0) {
    AddMissing(section, context.Say("Ingen lärdom är registrerad.",
                                    "No lesson is recorded."));
    return;
  }
  const std::string left_out = LeftOutText(context, list.items_size(), all);
  AddList(section, std::move(list));
  if (!left_out.empty()) AddParagraph(section, Prose().Own(left_out));
  if (unagreed > 0) {
    AddMissing(section,
               absl::StrCat(std::string(context.Say(
                                "Vilka aktörer som instämmer: ej angivet för ",
                                "Which actors agree: not stated for ")),
                            unagreed, std::string(context.Say(" av ", " of ")),
                            Counted(context, all, {"lärdom", "lesson"},
                                    {"lärdomar", "lessons"}),
                            "."));
  }
}

}  // namespace samverk::projections
