// Section 6: the shifts, the grant's part in them, and what is planned.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/outcome_item.h"
#include "projections/report/progress.h"
#include "projections/report/prose.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/timeline_chart.h"
#include "projections/report/words.h"

namespace samverk::projections {

using report::v1::BulletList;
using report::v1::Paragraph;
using report::v1::Section;
using view::v1::MeasureRow;
using view::v1::MeasureView;
using view::v1::OutcomeView;

namespace {

void WriteShifts(const ReportContext& context, Section& section) {
  BulletList list;
  list.set_numbered(true);
  int unconfirmed = 0;
  for (const OutcomeView* outcome :
       OutcomesOfKind(context, event::v1::OUTCOME_KIND_SHIFT)) {
    if (list.items_size() >= kRowsMax) break;
    if (outcome->grade() != view::v1::GRADE_INDEPENDENTLY_CONFIRMED) {
      ++unconfirmed;
    }
    *list.add_items() = OutcomeItem(context, *outcome);
  }
  if (list.items().empty()) {
    AddMissing(section, context.Say("Ingen förflyttning är registrerad.",
                                    "No shift is recorded."));
    return;
  }
  if (unconfirmed > 0) {
    AddMissing(
        section,
        absl::StrCat(
            std::string(context.Say("Oberoende bekräftelse av ",
                                    "Independent confirmation of ")),
            unconfirmed, std::string(context.Say(" av ", " of ")),
            Counted(context, list.items_size(), {"förflyttning", "shift"},
                    {"förflyttningar", "shifts"}),
            "."));
  }
  AddSubheading(section, context.Say("Förflyttning", "Shifts"));
  AddList(section, std::move(list));
}

void WriteContribution(const ReportContext& context, Section& section) {
  BulletList list;
  for (const OutcomeView* outcome :
       OutcomesOfKind(context, event::v1::OUTCOME_KIND_CONTRIBUTION)) {
    if (list.items_size() >= kRowsMax) break;
    *list.add_items() = OutcomeItem(context, *outcome);
  }
  if (list.items().empty()) {
    AddMissing(section,
               context.Say("Vad stödet har bidragit till är inte beskrivet.",
                           "What the grant contributed is not described."));
    return;
  }
  AddSubheading(section, context.Say("Vad samverkan och stödet har bidragit "
                                     "till",
                                     "What the collaboration and the grant "
                                     "contributed"));
  AddList(section, std::move(list));
}

// Not carried out, evaluated, closed or given up when the period ended.
bool IsAhead(const ReportContext& context, const MeasureView& measure) {
  const auto* last = LastStepOfPeriod(context, measure.steps());
  return last == nullptr || last->state() < view::v1::MEASURE_STATE_IMPLEMENTED;
}

std::string Lacks(const ReportContext& context, const MeasureRow& row) {
  std::vector<std::string> lacks;
  for (const std::string& code : row.missing()) {
    lacks.emplace_back(WordsForLack(code).In(context.language()));
  }
  return JoinList(lacks, context.language());
}

Sources SourcesOf(const MeasureView& measure) {
  Sources sources = measure.origin();
  for (const view::v1::MeasureStep& step : measure.steps()) {
    sources.Add(step.origin().position());
  }
  return sources;
}

// What facts about a measure say in one of `fields`.
Paragraph FactCell(const ReportContext& context, std::string_view text,
                   const MeasureView& measure,
                   std::initializer_list<std::string_view> fields) {
  if (text.empty()) return LackCell(context.Say("ej angiven", "not stated"));
  Marks marks = InferredMark(measure.origin(), fields);
  for (const view::v1::MeasureFact& fact : measure.facts()) {
    marks = Together(std::move(marks), InferredMark(fact.origin(), fields));
  }
  return Prose().Fact(text, SourcesOf(measure), marks).Done();
}

std::vector<Paragraph> PlanCells(const ReportContext& context,
                                 const MeasureRow& row) {
  const MeasureView& measure = row.measure();
  Prose title;
  TellPart(measure.title(), measure.origin(),
           InferredMark(measure.origin(), {"title"}), title);
  if (!measure.expected_effect().empty()) {
    title.Own(context.Say(" – hoppas leda till: ", " – hoped to lead to: "))
        .Fact(measure.expected_effect(), measure.origin(),
              Together({mark::kHedged},
                       InferredMark(measure.origin(), {"expected_effect"})));
  }
  Prose state;
  TellProgress(context, view::v1::MEASURE_STATE_PROPOSED, measure.origin(),
               measure.steps(), state);
  if (row.overdue()) {
    state.Own(context.Say(", försenad", ", overdue"));
  }
  std::string cost = SumText(context, measure.planned_cost());
  if (!cost.empty() && !measure.funding().empty()) {
    absl::StrAppend(&cost, ", ", measure.funding());
  }
  const std::string lacks = Lacks(context, row);
  return {
      title.Done(),
      FactCell(context,
               measure.planned().edtf().empty()
                   ? ""
                   : TimeText(context, measure.planned()),
               measure, {"intended", "planned"}),
      FactCell(context, WhereText(context, measure.where()), measure,
               {"where"}),
      FactCell(
          context,
          measure.owner().empty() ? "" : context.actor_name(measure.owner()),
          measure, {"owner"}),
      FactCell(context, cost, measure, {"estimated_cost", "cost", "funding"}),
      state.Done(),
      lacks.empty() ? OwnCell(context.Say("inget", "nothing"))
                    : LackCell(lacks)};
}

void WritePlan(const ReportContext& context, Section& section) {
  TableWriter table(context.Say("Planerat, inte genomfört under perioden",
                                "Planned, not carried out in the period"));
  table.Left(context.Say("Åtgärd", "Measure"))
      .Left(context.Say("Avsedd tid", "Intended time"))
      .Left(context.Say("Plats", "Place"))
      .Left(context.Say("Ansvarig", "Owner"))
      .Right(context.Say("Kostnad", "Cost"))
      .Left(context.Say("Läge", "State"))
      .Left(context.Say("Saknas", "Lacks"));
  int all = 0;
  WordsList words;
  for (const MeasureRow& row : context.measures.measures()) {
    if (!IsAhead(context, row.measure())) continue;
    ++all;
    if (table.rows() >= kRowsMax) continue;
    table.Row(PlanCells(context, row));
    words.Add(row.measure().origin());
    const std::string lacks = Lacks(context, row);
    if (!lacks.empty()) {
      AddMissing(
          section,
          absl::StrCat(Capitalised(lacks),
                       std::string(context.Say(" för den planerade åtgärden ",
                                               " of the planned measure ")),
                       row.measure().title(), "."));
    }
  }
  if (table.rows() == 0) return;
  const std::string left_out = LeftOutText(context, table.rows(), all);
  AddSubheading(section, context.Say("Plan framåt", "Plan ahead"));
  AddParagraph(section,
               Prose().Own(context.Say(
                   "Åtgärderna nedan är avsikter eller planer. De var inte "
                   "genomförda när perioden slutade.",
                   "The measures below are intentions or plans. They were not "
                   "carried out when the period ended.")));
  AddTable(section, table.Done());
  if (!left_out.empty()) AddParagraph(section, Prose().Own(left_out));
  AddList(section, words.Done());
}

void WriteAbandoned(const ReportContext& context, Section& section) {
  BulletList list;
  for (const MeasureRow& row : context.measures.measures()) {
    const auto* last = LastStepOfPeriod(context, row.measure().steps());
    if (last == nullptr || last->state() != view::v1::MEASURE_STATE_ABANDONED ||
        list.items_size() >= kRowsMax) {
      continue;
    }
    Prose prose;
    prose.Fact(row.measure().title(), row.measure().origin())
        .Own(": ")
        .Fact(last->text(), last->origin());
    *list.add_items() = Item(std::move(prose));
  }
  if (list.items().empty()) return;
  AddSubheading(section, context.Say("Avbrutna åtgärder och varför",
                                     "Measures given up, and why"));
  AddList(section, std::move(list));
}

// What the chart cannot show because nobody has said when it was.
Prose UntimedProse(const ReportContext& context) {
  Prose prose;
  int told = 0;
  for (const view::v1::TimelineEntry& entry : context.timeline.entries()) {
    if (!entry.when().edtf().empty() || ++told > 12) continue;
    prose
        .Own(prose.empty() ? context.Say("Utan känd tid: ",
                                         "Without a known "
                                         "time: ")
                           : "; ")
        .Fact(entry.title(), Sources(entry.positions()));
  }
  if (!prose.empty()) prose.Own(".");
  return prose;
}

}  // namespace

void WriteDevelopmentSection(const ReportContext& context, Section& section) {
  WriteContribution(context, section);
  WriteShifts(context, section);
  WritePlan(context, section);
  WriteAbandoned(context, section);
  report::v1::TimelineChart chart = ProgressionChart(context);
  if (!chart.entries().empty()) {
    AddSubheading(section, context.Say("Utvecklingen över tid",
                                       "The progression over time"));
    *section.add_blocks()->mutable_timeline_chart() = std::move(chart);
    AddParagraph(section, UntimedProse(context));
  }
}

}  // namespace samverk::projections
