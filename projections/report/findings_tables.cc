#include "projections/report/findings_tables.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/progress.h"
#include "projections/report/prose.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using report::v1::Paragraph;
using report::v1::Section;
using view::v1::FindingView;
using view::v1::MeasureView;

namespace {

bool IsAsset(const FindingView& finding) {
  return finding.logged().polarity() == event::v1::POLARITY_ASSET;
}

Paragraph FindingCell(const ReportContext& context,
                      const FindingView& finding) {
  const event::v1::FindingLogged& logged = finding.logged();
  Prose prose;
  prose
      .Fact(Capitalised(WordsFor(logged.category()).In(context.language())),
            finding.origin(), InferredMark(finding.origin(), {"category"}))
      .Own(": ");
  TellPart(logged.description(), finding.origin(),
           InferredMark(finding.origin(), {"description"}), prose);
  if (logged.collective()) {
    prose.Own(" ").Fact(context.Say("(flera, antal ej angivet)",
                                    "(several, number not stated)"),
                        finding.origin());
  }
  if (IsAsset(finding)) {
    prose.Own(" ").Fact(context.Say("(att värna)", "(to keep)"),
                        finding.origin(),
                        InferredMark(finding.origin(), {"polarity"}));
  }
  const std::string_view light =
      WordsFor(logged.light()).In(context.language());
  if (!light.empty()) {
    prose.Own(", ").Fact(light, finding.origin(),
                         InferredMark(finding.origin(), {"light"}));
  }
  if (!logged.activities().empty()) {
    std::vector<std::string> titles;
    for (const std::string& id : logged.activities()) {
      titles.push_back(context.ActivityTitle(id));
    }
    prose.Own(context.Say(". Från ", ". From "))
        .Fact(JoinList(titles, context.language()), finding.origin(),
              InferredMark(finding.origin(), {"activities"}));
  }
  if (!logged.proposal().empty()) {
    prose.Own(context.Say(". Förslag: ", ". Proposal: "))
        .Fact(logged.proposal(), finding.origin(),
              InferredMark(finding.origin(), {"proposal"}));
  }
  return prose.Done();
}

Paragraph PlaceCell(const ReportContext& context, const event::v1::Where& where,
                    const view::v1::Origin& origin) {
  const std::string text = WhereText(context, where);
  if (text.empty()) {
    return OwnCell(context.Say("ej angiven", "not stated"));
  }
  return Prose().Fact(text, origin, InferredMark(origin, {"where"})).Done();
}

Paragraph ControlCell(const ReportContext& context,
                      const FindingView& finding) {
  Prose prose;
  Sources sources = finding.origin();
  for (const view::v1::FindingStep& step : finding.steps()) {
    if (step.state() == view::v1::FINDING_STATE_ASSIGNED) {
      sources.Add(step.origin().position());
    }
  }
  if (!finding.controlled_by().empty()) {
    prose.Fact(context.actor_name(finding.controlled_by()), sources,
               InferredMark(context, sources, {"controlled_by"}));
  }
  if (!finding.assignee().empty() &&
      finding.assignee() != finding.controlled_by()) {
    prose.Own(prose.empty() ? "" : "; ");
    prose.Own(context.Say("tilldelad ", "assigned to "))
        .Fact(context.actor_name(finding.assignee()), sources,
              InferredMark(context, sources, {"assignee"}));
  }
  if (prose.empty()) prose.Own(context.Say("ej angiven", "not stated"));
  return prose.Done();
}

// The reason, for the steps that have one in words: declined, reopened, closed.
void TellReasons(const ReportContext& context, const FindingView& finding,
                 Prose& prose) {
  for (const view::v1::FindingStep& step : finding.steps()) {
    if (step.text().empty() || !step.measure().empty() ||
        context.AfterPeriod(step.origin().occurred())) {
      continue;
    }
    prose.Own(". ").Fact(Capitalised(step.text()), step.origin());
  }
}

Paragraph StateCell(const ReportContext& context, const FindingView& finding) {
  Prose prose;
  TellProgress(context, view::v1::FINDING_STATE_LOGGED, finding.origin(),
               finding.steps(), prose);
  TellReasons(context, finding, prose);
  return prose.Done();
}

// An asset, and what was declined, merged or closed, needs no measure.
bool NeedsMeasure(const FindingView& finding) {
  return !IsAsset(finding) && finding.measures().empty() &&
         finding.state() != view::v1::FINDING_STATE_DECLINED &&
         finding.state() != view::v1::FINDING_STATE_MERGED &&
         finding.state() != view::v1::FINDING_STATE_CLOSED;
}

const MeasureView* FindMeasure(const ReportContext& context,
                               const std::string& id) {
  for (const view::v1::MeasureRow& row : context.measures.measures()) {
    if (row.measure().measure() == id) return &row.measure();
  }
  return nullptr;
}

Words WordsForRole(event::v1::EvidenceRole role) {
  if (role == event::v1::EVIDENCE_ROLE_BEFORE) return {"före", "before"};
  if (role == event::v1::EVIDENCE_ROLE_AFTER) return {"efter", "after"};
  return {"", ""};
}

std::string EvidenceTitle(const ReportContext& context,
                          const event::v1::Evidence& evidence) {
  if (!evidence.title().empty()) return evidence.title();
  if (!evidence.document().empty()) {
    return context.DocumentTitle(evidence.document());
  }
  return std::string(context.Say("bild", "picture"));
}

// "; bilder: före Trappan i april, efter Trappan i oktober": what shows how it
// was before and after, in the order in which it happened.
void TellPictures(const ReportContext& context, const FindingView& finding,
                  const MeasureView& measure, Prose& prose) {
  std::vector<const view::v1::Origin*> origins = {&finding.origin()};
  for (const view::v1::MeasureStep& step : measure.steps()) {
    origins.push_back(&step.origin());
  }
  bool first = true;
  for (const view::v1::Origin* origin : origins) {
    const event::v1::Event* event = context.event_at(origin->position());
    if (event == nullptr || context.AfterPeriod(origin->occurred())) continue;
    for (const event::v1::Evidence& evidence : event->evidence()) {
      const std::string_view role =
          WordsForRole(evidence.role()).In(context.language());
      if (role.empty()) continue;
      prose.Own(first ? context.Say("; bilder: ", "; pictures: ") : ", ")
          .Fact(absl::StrCat(std::string(role), " – ",
                             EvidenceTitle(context, evidence)),
                *origin, InferredMark(*origin, {"evidence"}));
      first = false;
    }
  }
}

Paragraph MeasuresCell(const ReportContext& context,
                       const FindingView& finding) {
  Prose prose;
  for (const std::string& id : finding.measures()) {
    if (!prose.empty()) prose.Own("; ");
    const MeasureView* measure = FindMeasure(context, id);
    if (measure == nullptr) {
      prose.Fact(id, finding.origin());
      continue;
    }
    prose
        .Fact(measure->title(), measure->origin(),
              InferredMark(measure->origin(), {"title", "findings"}))
        .Own(" – ");
    TellProgress(context, view::v1::MEASURE_STATE_PROPOSED, measure->origin(),
                 measure->steps(), prose);
    TellPictures(context, finding, *measure, prose);
  }
  if (prose.empty()) {
    prose.Own(NeedsMeasure(finding) ? context.Say("ingen", "none")
                                    : context.Say("behövs inte", "not needed"));
  }
  return prose.Done();
}

void WriteFindings(const ReportContext& context, Section& section) {
  TableWriter table(context.Say("Iakttagelser och vad de lett till",
                                "Findings and what came of them"));
  table.Left(context.Say("Iakttagelse", "Finding"))
      .Left(context.Say("Plats", "Place"))
      .Left(context.Say("Rådighet", "Control"))
      .Left(context.Say("Läge", "State"))
      .Left(context.Say("Åtgärd", "Measure"));
  int without_place = 0;
  int without_measure = 0;
  for (const FindingView& finding : context.findings.findings()) {
    const bool placed = !WhereText(context, finding.logged().where()).empty();
    if (!placed) ++without_place;
    if (NeedsMeasure(finding)) ++without_measure;
    if (table.rows() >= kRowsMax) continue;
    table.Row({FindingCell(context, finding),
               PlaceCell(context, finding.logged().where(), finding.origin()),
               ControlCell(context, finding), StateCell(context, finding),
               MeasuresCell(context, finding)});
  }
  const int all = context.findings.findings_size();
  const std::string left_out = LeftOutText(context, table.rows(), all);
  AddTable(section, table.Done());
  if (!left_out.empty()) AddParagraph(section, Prose().Own(left_out));
  const std::string of =
      absl::StrCat(std::string(context.Say(" av ", " of ")),
                   Counted(context, all, {"iakttagelse", "finding"},
                           {"iakttagelser", "findings"}),
                   ".");
  if (without_place > 0) {
    AddMissing(
        section,
        absl::StrCat(std::string(context.Say("Plats för ", "The place of ")),
                     without_place, of));
  }
  if (without_measure > 0) {
    AddMissing(section,
               absl::StrCat(std::string(context.Say(
                                "Åtgärd eller motiverat avslag för ",
                                "A measure or a reasoned refusal for ")),
                            without_measure, of));
  }
}

// Counts of the register's findings; the table of findings has their events.
void WriteFunnel(const ReportContext& context, Section& section) {
  if (context.findings.findings_size() < 2) return;
  TableWriter table(
      context.Say("Iakttagelser efter rådighet", "Findings by control"));
  table.Left(context.Say("Rådighet", "Control"))
      .Right(context.Say("Registrerade", "Registered"))
      .Right(context.Say("Tilldelade", "Assigned"))
      .Right(context.Say("Planerade", "Planned"))
      .Right(context.Say("Genomförda", "Carried out"))
      .Right(context.Say("Utvärderade", "Evaluated"))
      .Right(context.Say("Avböjda", "Declined"))
      .Right(context.Say("Att värna", "To keep"));
  for (const view::v1::FunnelRow& row : context.findings.funnel()) {
    if (table.rows() >= kRowsMax) break;
    Sources sources;
    for (const FindingView& finding : context.findings.findings()) {
      const std::string& control = finding.controlled_by().empty()
                                       ? finding.assignee()
                                       : finding.controlled_by();
      if (control == row.controlled_by()) {
        sources.Add(finding.origin().position());
      }
    }
    const auto cell = [&](uint32_t count) {
      return Prose()
          .Fact(codec::NumberText(count, context.language()), sources)
          .Done();
    };
    table.Row(
        {Prose()
             .Fact(row.controlled_by().empty()
                       ? std::string(context.Say("ej angiven", "not stated"))
                       : context.actor_name(row.controlled_by()),
                   sources)
             .Done(),
         cell(row.logged()), cell(row.assigned()), cell(row.planned()),
         cell(row.implemented()), cell(row.evaluated()), cell(row.declined()),
         cell(row.assets())});
  }
  AddTable(section, table.Done());
}

bool ImplementedInPeriod(const ReportContext& context,
                         const MeasureView& measure) {
  for (const view::v1::MeasureFact& fact : measure.facts()) {
    if (fact.has_implemented() &&
        context.parameters.question.Selects(fact.origin().occurred())) {
      return true;
    }
  }
  return false;
}

void TellEffect(const ReportContext& context, const MeasureView& measure,
                Prose& prose) {
  for (const view::v1::MeasureFact& fact : measure.facts()) {
    if (!fact.has_evaluated()) continue;
    if (!prose.empty()) prose.Own("; ");
    prose
        .Fact(WordsFor(fact.evaluated().effect()).In(context.language()),
              fact.origin(), InferredMark(fact.origin(), {"effect"}))
        .Own(", ");
    TellTime(context, fact.origin(), prose);
    prose.Own(": ").Fact(fact.evaluated().observation(), fact.origin(),
                         InferredMark(fact.origin(), {"observation"}));
    if (context.AfterPeriod(fact.origin().occurred())) {
      prose.Own(context.Say(" (efter perioden)", " (after the period)"));
    }
  }
  if (prose.empty()) {
    prose.Own(context.Say("inte utvärderad", "not evaluated"));
  }
}

void WriteImplemented(const ReportContext& context, Section& section) {
  TableWriter table(context.Say("Åtgärder genomförda under perioden",
                                "Measures carried out in the period"));
  table.Left(context.Say("Åtgärd", "Measure"))
      .Left(context.Say("Ansvarig", "Owner"))
      .Left(context.Say("Genomförd", "Carried out"))
      .Right(context.Say("Kostnad", "Cost"))
      .Left(context.Say("Effekt", "Effect"));
  for (const view::v1::MeasureRow& row : context.measures.measures()) {
    const MeasureView& measure = row.measure();
    if (!ImplementedInPeriod(context, measure) || table.rows() >= kRowsMax) {
      continue;
    }
    Prose when;
    Prose cost;
    for (const view::v1::MeasureFact& fact : measure.facts()) {
      if (!fact.has_implemented()) continue;
      when = Prose();
      TellTime(context, fact.origin(), when);
      cost = Prose();
      cost.Fact(SumText(context, fact.implemented().actual_cost()),
                fact.origin(), InferredMark(fact.origin(), {"actual_cost"}));
    }
    if (cost.empty()) cost.Own(context.Say("ej angiven", "not stated"));
    Prose effect;
    TellEffect(context, measure, effect);
    table.Row(
        {Prose()
             .Fact(measure.title(), measure.origin(),
                   InferredMark(measure.origin(), {"title"}))
             .Done(),
         measure.owner().empty()
             ? OwnCell(context.Say("ej angiven", "not stated"))
             : Prose()
                   .Fact(context.actor_name(measure.owner()), measure.origin(),
                         InferredMark(measure.origin(), {"owner"}))
                   .Done(),
         when.Done(), cost.Done(), effect.Done()});
  }
  AddTable(section, table.Done());
}

}  // namespace

void WriteFindingsTables(const ReportContext& context, Section& section) {
  if (context.findings.findings().empty()) {
    AddMissing(section, context.Say("Inga iakttagelser är registrerade.",
                                    "No findings are recorded."));
  } else {
    AddSubheading(section, context.Say("Från iakttagelse till åtgärd",
                                       "From finding to measure"));
  }
  WriteFindings(context, section);
  WriteFunnel(context, section);
  WriteImplemented(context, section);
}

}  // namespace samverk::projections
