// Section 1: the outcome of the process.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/outcome_item.h"
#include "projections/report/prose.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using report::v1::BulletList;
using report::v1::Section;
using view::v1::TimelineEntry;

namespace {

// The kind of process in the report's language, for the one kind that has a
// word of its own there; other kinds in the register's words.
std::string ProcessKind(const ReportContext& context, const std::string& kind) {
  if (!kind.empty() && kind != "samverkansprocess") return kind;
  return std::string(context.Say("samverkansprocess", "collaboration process"));
}

Prose ProcessProse(const ReportContext& context) {
  const event::v1::ProcessRegistered& registered = context.process.registered();
  const Sources from = context.process.origin();
  const auto marks = [&](std::string_view field) {
    return InferredMark(context.process.origin(), {field});
  };
  Prose prose;
  prose.Fact(registered.name(), from, marks("name"));
  prose.Own(context.Say(" är en ", " is a "));
  prose.Fact(ProcessKind(context, registered.kind()), from, marks("kind"));
  if (!registered.area().empty()) {
    prose.Own(context.Say(" i ", " in "))
        .Fact(registered.area(), from, marks("area"));
  }
  if (!registered.municipality().empty()) {
    prose.Own(registered.area().empty() ? context.Say(" i ", " in ") : ", ")
        .Fact(registered.municipality(), from, marks("municipality"));
  }
  prose.Own(".");
  if (!registered.vision().empty()) {
    prose.Own(context.Say(" Vision: ", " Vision: "));
    prose.Quote(registered.vision(), from, marks("vision")).Own(".");
  }
  if (!registered.focus().empty()) {
    prose.Own(context.Say(" Fokus: ", " Focus: "));
    prose
        .Fact(JoinList(Strings(registered.focus()), context.language()), from,
              marks("focus"))
        .Own(".");
  }
  if (!registered.horizon().edtf().empty()) {
    prose.Own(context.Say(" Arbetet är avsett att fortsätta: ",
                          " The work is meant to go on: "));
    prose
        .Fact(codec::EdtfText(registered.horizon().edtf(),
                              registered.horizon().circa(), context.language()),
              from, marks("horizon"))
        .Own(".");
  }
  return prose;
}

Prose ApprovalProse(const ReportContext& context) {
  Prose prose;
  if (!context.process.has_approved()) return prose;
  const event::v1::ProcessApproved& approved = context.process.approved();
  std::string text =
      absl::StrCat(std::string(context.Say("Processen är godkänd av ",
                                           "The process is approved by ")),
                   approved.body());
  for (const std::string& part :
       {approved.paragraph(), approved.registry_number()}) {
    if (!part.empty()) absl::StrAppend(&text, ", ", part);
  }
  prose
      .Fact(text, context.process.approved_origin(),
            InferredMark(context.process.approved_origin(),
                         {"body", "paragraph", "registry_number"}))
      .Own(".");
  if (!approved.conditions().empty()) {
    prose.Own(context.Say(" Villkor: ", " Conditions: "));
    prose
        .Fact(approved.conditions(), context.process.approved_origin(),
              InferredMark(context.process.approved_origin(), {"conditions"}))
        .Own(".");
  }
  return prose;
}

void WriteClaims(const ReportContext& context, Section& section) {
  BulletList list;
  for (const view::v1::OutcomeView* outcome :
       OutcomesOfKind(context, event::v1::OUTCOME_KIND_PROCESS)) {
    *list.add_items() = OutcomeItem(context, *outcome);
  }
  if (list.items().empty()) {
    AddMissing(section,
               context.Say("Processens utfall är inte beskrivet.",
                           "The outcome of the process is not described."));
    return;
  }
  AddSubheading(section, context.Say("Så beskriver processen sitt utfall",
                                     "How the process describes its outcome"));
  AddList(section, std::move(list));
}

Sources SourcesOf(const TimelineEntry& entry) {
  return Sources(entry.positions());
}

bool WithinPeriod(const ReportContext& context, const TimelineEntry& entry) {
  return context.parameters.question.Selects(entry.when());
}

void WritePhases(const ReportContext& context, Section& section) {
  BulletList list;
  WordsList words;
  int claimed_only = 0;
  for (const TimelineEntry& entry : context.timeline.entries()) {
    if (entry.kind() != view::v1::TIMELINE_KIND_PHASE ||
        !WithinPeriod(context, entry)) {
      continue;
    }
    Prose prose;
    Marks marks;
    if (entry.claimed_only()) {
      marks.push_back(mark::kClaimed);
      ++claimed_only;
    }
    const Sources from = SourcesOf(entry);
    prose
        .Fact(entry.title(), from,
              Together(marks, InferredMark(context, from, {"phase", "name"})))
        .Own(", ")
        .Fact(TimeText(context, entry.when()), from,
              InferredMark(context, from, {"occurred"}));
    if (!entry.detail().empty()) {
      prose.Own(". ").Fact(Capitalised(entry.detail()), from,
                           InferredMark(context, from, {"criteria"}));
    }
    *list.add_items() = Item(std::move(prose));
    for (const uint64_t position : from.positions()) {
      const event::v1::Event* event = context.event_at(position);
      if (event != nullptr) words.Add(event->verbatim(), Sources(position));
    }
  }
  if (list.items().empty()) {
    AddMissing(section, context.Say("Processens fas är inte registrerad.",
                                    "No phase of the process is recorded."));
    return;
  }
  if (claimed_only > 0) {
    AddMissing(section,
               context.Say("Beslut om fas saknas: fasen är bara påstådd.",
                           "A decision on the phase is missing: the phase is "
                           "only claimed."));
  }
  AddSubheading(section, context.Say("Fas", "Phase"));
  AddList(section, std::move(list));
  BulletList quoted = words.Done();
  if (quoted.items().empty()) return;
  AddParagraph(section, Prose().Own(context.Say("Så står det i underlaget:",
                                                "In the words of the "
                                                "sources:")));
  AddList(section, std::move(quoted));
}

void WriteDecisions(const ReportContext& context, Section& section) {
  BulletList list;
  for (const TimelineEntry& entry : context.timeline.entries()) {
    if (entry.kind() != view::v1::TIMELINE_KIND_DECISION ||
        !WithinPeriod(context, entry) || list.items_size() >= kRowsMax) {
      continue;
    }
    Prose prose;
    const Sources from = SourcesOf(entry);
    prose
        .Fact(TimeText(context, entry.when()), from,
              InferredMark(context, from, {"occurred"}))
        .Own(": ")
        .Fact(entry.title(), from, InferredMark(context, from, {"title"}));
    if (!entry.detail().empty()) {
      prose.Own(" – ").Fact(entry.detail(), from,
                            InferredMark(context, from, {"text", "body"}));
    }
    *list.add_items() = Item(std::move(prose));
  }
  if (list.items().empty()) return;
  AddSubheading(
      section, context.Say("Beslut under perioden", "Decisions in the period"));
  AddList(section, std::move(list));
}

void WriteGoals(const ReportContext& context, Section& section) {
  BulletList list;
  for (const view::v1::GoalView& goal : context.goals) {
    std::vector<Prose> details;
    for (const view::v1::IndicatorView& indicator : context.indicators) {
      const event::v1::IndicatorDefined& defined = indicator.defined();
      if (defined.goal() != goal.set().goal()) continue;
      std::string text = defined.name();
      const std::pair<std::string_view, std::string> parts[] = {
          {context.Say("utgångsläge ", "baseline "), defined.baseline()},
          {context.Say("målvärde ", "target "), defined.target()},
          {context.Say("källa ", "source "), defined.source()}};
      for (const auto& [label, value] : parts) {
        if (!value.empty()) {
          absl::StrAppend(&text, "; ", std::string(label), value);
        }
      }
      details.emplace_back();
      details.back()
          .Own(context.Say("Indikator: ", "Indicator: "))
          .Fact(text, indicator.origin(),
                InferredMark(indicator.origin(),
                             {"name", "baseline", "target", "source"}));
    }
    Prose prose;
    prose.Fact(goal.set().text(), goal.origin(),
               InferredMark(goal.origin(), {"text"}));
    *list.add_items() = Item(std::move(prose), std::move(details));
  }
  if (list.items().empty()) {
    AddMissing(section, context.Say("Mål och indikatorer är inte registrerade.",
                                    "No goals or indicators are recorded."));
    return;
  }
  AddSubheading(section, context.Say("Mål", "Goals"));
  AddList(section, std::move(list));
}

Prose ActorsProse(const ReportContext& context) {
  Prose prose;
  const auto& actors = context.participation.actors();
  for (int i = 0; i < actors.size() && i < kRowsMax; ++i) {
    const view::v1::ActorView& actor = actors[i].actor();
    if (i == 0) {
      prose.Own(context.Say("Medverkande: ", "Taking part: "));
    } else {
      prose.Own(i + 1 == actors.size() ? context.Say(" och ", " and ") : ", ");
    }
    prose.Fact(context.actor_name(actor.actor()), actor.origin(),
               InferredMark(actor.origin(), {"name"}));
  }
  if (!prose.empty()) prose.Own(".");
  bool named = false;
  for (const view::v1::ActorView& actor : context.silent_actors) {
    const Sources mentions = MentionsOf(context, actor);
    if (mentions.empty()) continue;
    if (!named && !prose.empty()) prose.Own(" ");
    prose.Own(named ? ", " : context.Say("Nämns också: ", "Also named: "))
        .Fact(context.actor_name(actor.actor()), mentions,
              InferredMark(actor.origin(), {"name"}));
    named = true;
  }
  if (named) prose.Own(".");
  return prose;
}

// "3 trygghetsvandringar", "möten (antal ej angivet)", "1 evenemang och en
// serie av okänt antal": the occasions of one kind, as far as they are known.
std::string OccasionsText(const ReportContext& context,
                          event::v1::ActivityKind kind, uint32_t known,
                          bool unknown_too) {
  std::string text =
      known == 0 ? std::string(PluralFor(kind).In(context.language()))
                 : Counted(context, known, WordsFor(kind), PluralFor(kind));
  if (unknown_too) {
    text += known == 0
                ? context.Say(" (antal ej angivet)", " (number not stated)")
                : context.Say(" och en serie av okänt antal",
                              " and a series of unknown number");
  }
  return text;
}

// How the work was done: kinds of activities held, with their numbers.
Prose FormsProse(const ReportContext& context) {
  Prose prose;
  for (const view::v1::KindSummary& kind : context.activities.kinds()) {
    if (kind.held() == 0) continue;
    Sources sources;
    uint32_t known = 0;
    bool unknown_too = false;
    bool inferred = true;
    for (const view::v1::ActivityView& activity :
         context.activities.activities()) {
      if (activity.kind() != kind.kind() || activity.held().empty()) continue;
      known += activity.held_count();
      unknown_too |= activity.held_count_unknown();
      for (const view::v1::ActivityOccasion& held : activity.held()) {
        sources.Add(held.origin().position());
        inferred = inferred && IsInferred(held.origin(), "held");
      }
    }
    prose.Own(prose.empty() ? context.Say("Genomfört under perioden: ",
                                          "Held in the period: ")
                            : ", ");
    prose.Fact(OccasionsText(context, kind.kind(), known, unknown_too), sources,
               inferred ? Marks{mark::kInferred} : Marks{});
  }
  if (!prose.empty()) prose.Own(".");
  return prose;
}

}  // namespace

void WriteOutcomeSection(const ReportContext& context, Section& section) {
  AddParagraph(section, ProcessProse(context));
  AddParagraph(section, ApprovalProse(context));
  WriteClaims(context, section);
  WritePhases(context, section);
  WriteDecisions(context, section);
  WriteGoals(context, section);
  Prose actors = ActorsProse(context);
  Prose forms = FormsProse(context);
  if (!actors.empty() || !forms.empty()) {
    AddSubheading(section, context.Say("Medverkande och arbetsformer",
                                       "Who took part, and how"));
    AddParagraph(section, std::move(actors));
    AddParagraph(section, std::move(forms));
  }
  if (context.participation.actors().empty()) {
    AddMissing(section, context.Say("Inga aktörer är registrerade.",
                                    "No actors are recorded."));
  }
  const event::v1::ProcessRegistered& registered = context.process.registered();
  if (registered.vision().empty()) {
    AddMissing(section, context.Say("Processens vision är inte registrerad.",
                                    "The vision of the process is not "
                                    "recorded."));
  }
}

}  // namespace samverk::projections
