// Section 3: what was achieved.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/findings_tables.h"
#include "projections/report/outcome_item.h"
#include "projections/report/prose.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using report::v1::BulletList;
using report::v1::Section;
using view::v1::InitiativeView;
using view::v1::StudyView;

namespace {

void WriteAchievements(const ReportContext& context, Section& section) {
  BulletList list;
  int without_indicator = 0;
  for (const view::v1::OutcomeView* outcome :
       OutcomesOfKind(context, event::v1::OUTCOME_KIND_ACHIEVEMENT)) {
    if (list.items_size() >= kRowsMax) break;
    if (outcome->claimed().indicators().empty()) ++without_indicator;
    *list.add_items() = OutcomeItem(context, *outcome);
  }
  if (list.items().empty()) {
    AddMissing(section, context.Say("Inget resultat är registrerat.",
                                    "No achievement is recorded."));
    return;
  }
  if (without_indicator > 0) {
    AddMissing(
        section,
        absl::StrCat(
            std::string(context.Say(
                "Indikator, utgångsläge eller källa som visar resultatet: ",
                "An indicator, baseline or source that shows the "
                "achievement: ")),
            std::string(context.Say("saknas för ", "missing for ")),
            without_indicator, std::string(context.Say(" av ", " of ")),
            list.items_size(), "."));
  }
  AddSubheading(section,
                context.Say("Framsteg och resultat", "Progress and results"));
  AddList(section, std::move(list));
}

report::v1::ListItem StudyItem(const ReportContext& context,
                               const StudyView& study) {
  const event::v1::StudyStarted& started = study.started();
  const bool published = study.has_published() &&
                         !context.AfterPeriod(study.published().occurred());
  Prose main;
  main.Fact(started.title(), study.origin(),
            InferredMark(study.origin(), {"title"}))
      .Own(": ");
  if (published) {
    main.Fact(context.Say("publicerad", "published"), study.published())
        .Own(", ");
    TellTime(context, study.published(), main);
  } else {
    main.Fact(
            context.Say("påbörjad, inte publicerad", "started, not published"),
            study.origin(), InferredMark(study.origin(), {"study"}))
        .Own(", ");
    TellTime(context, study.origin(), main);
  }
  std::vector<Prose> details;
  if (!started.owner().empty()) {
    details.emplace_back();
    details.back()
        .Own(context.Say("Ansvarig: ", "Responsible: "))
        .Fact(context.actor_name(started.owner()), study.origin(),
              InferredMark(study.origin(), {"owner"}));
  }
  if (!started.focus().empty()) {
    details.emplace_back();
    details.back()
        .Own(context.Say("Inriktning: ", "Focus: "))
        .Fact(started.focus(), study.origin(),
              InferredMark(study.origin(), {"focus"}));
  }
  for (const view::v1::InsightView& insight : study.insights()) {
    details.emplace_back();
    details.back().Own(
        context.Say("Har hittills visat: ", "Has shown so far: "));
    TellClaim(insight.recorded().text(), insight.origin(),
              Together(published ? Marks{} : Marks{mark::kPreliminary},
                       InferredMark(insight.origin(), {"text"})),
              details.back());
  }
  if (published && !study.conclusions().empty()) {
    details.emplace_back();
    details.back()
        .Own(context.Say("Slutsatser: ", "Conclusions: "))
        .Fact(study.conclusions(), study.published(),
              InferredMark(study.published(), {"conclusions"}));
  }
  return Item(std::move(main), std::move(details));
}

void WriteStudies(const ReportContext& context, Section& section) {
  BulletList list;
  for (const StudyView& study : context.lessons.studies()) {
    if (list.items_size() >= kRowsMax) break;
    *list.add_items() = StudyItem(context, study);
    if (!study.has_published()) {
      AddMissing(section,
                 absl::StrCat(std::string(context.Say(
                                  "Publicerat resultat av utredningen ",
                                  "A published result of the study ")),
                              study.started().title(), "."));
    }
  }
  if (list.items().empty()) return;
  AddSubheading(section, context.Say("Utredningar", "Studies"));
  AddList(section, std::move(list));
}

// What is not known of an initiative: its status, its votes, its address.
std::vector<std::string> UnknownOf(const ReportContext& context,
                                   const InitiativeView& initiative) {
  std::vector<std::string> unknown;
  if (initiative.steps().empty()) {
    unknown.emplace_back(context.Say("status", "status"));
  }
  bool votes = false;
  for (const view::v1::InitiativeStep& step : initiative.steps()) {
    if (step.observed().has_votes()) votes = true;
  }
  if (!votes) unknown.emplace_back(context.Say("röstetal", "number of votes"));
  if (initiative.linked().url().empty()) {
    unknown.emplace_back(context.Say("länk", "link"));
  }
  return unknown;
}

report::v1::ListItem InitiativeItem(const ReportContext& context,
                                    const InitiativeView& initiative) {
  const event::v1::InitiativeLinked& linked = initiative.linked();
  Prose main;
  main.Fact(linked.title(), initiative.origin(),
            InferredMark(initiative.origin(), {"title"}));
  if (!linked.platform().empty()) {
    main.Own(", ").Fact(linked.platform(), initiative.origin(),
                        InferredMark(initiative.origin(), {"platform"}));
  }
  if (!linked.submitted_by().empty()) {
    main.Own(context.Say(", från ", ", from "))
        .Fact(context.actor_name(linked.submitted_by()), initiative.origin(),
              InferredMark(initiative.origin(), {"submitted_by"}));
  }
  std::vector<Prose> details;
  if (!initiative.origin().verbatim().empty()) {
    details.emplace_back();
    details.back().Quote(initiative.origin().verbatim(), initiative.origin());
  }
  for (const view::v1::InitiativeStep& step : initiative.steps()) {
    if (context.AfterPeriod(step.origin().occurred())) continue;
    details.emplace_back();
    TellTime(context, step.origin(), details.back());
    details.back().Own(": ").Fact(
        WordsFor(step.observed().status()).In(context.language()),
        step.origin(), InferredMark(step.origin(), {"status"}));
    if (step.observed().has_votes()) {
      details.back().Own(", ").Fact(
          Counted(context, step.observed().votes(), {"röst", "vote"},
                  {"röster", "votes"}),
          step.origin(), InferredMark(step.origin(), {"votes"}));
    }
    if (!step.observed().committee().empty()) {
      details.back().Own(", ").Fact(step.observed().committee(), step.origin(),
                                    InferredMark(step.origin(), {"committee"}));
    }
  }
  const std::vector<std::string> unknown = UnknownOf(context, initiative);
  if (!unknown.empty()) {
    details.emplace_back();
    details.back()
        .Own(context.Say("Inte känt: ", "Not known: "))
        .Lack(JoinList(unknown, context.language()))
        .Own(".");
  }
  if (!linked.url().empty()) {
    details.emplace_back();
    details.back()
        .Own(context.Say("Länk: ", "Link: "))
        .Fact(linked.url(), initiative.origin(),
              InferredMark(initiative.origin(), {"url"}));
  }
  return Item(std::move(main), std::move(details));
}

void WriteInitiatives(const ReportContext& context, Section& section) {
  BulletList list;
  for (const InitiativeView& initiative : context.lessons.initiatives()) {
    if (list.items_size() >= kRowsMax) break;
    *list.add_items() = InitiativeItem(context, initiative);
    const std::vector<std::string> unknown = UnknownOf(context, initiative);
    if (!unknown.empty()) {
      AddMissing(
          section,
          absl::StrCat(Capitalised(JoinList(unknown, context.language())),
                       std::string(context.Say(" för initiativet ",
                                               " of the initiative ")),
                       initiative.linked().title(), "."));
    }
  }
  if (list.items().empty()) return;
  AddSubheading(section,
                context.Say("Initiativ utifrån (följs, inte processens eget "
                            "resultat)",
                            "Initiatives from outside (followed, not the "
                            "process's own result)"));
  AddList(section, std::move(list));
}

}  // namespace

void WriteAchievementsSection(const ReportContext& context, Section& section) {
  WriteAchievements(context, section);
  WriteStudies(context, section);
  WriteInitiatives(context, section);
  WriteFindingsTables(context, section);
}

}  // namespace samverk::projections
