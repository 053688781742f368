// Section 8: documents at hand and missing, and the report's own way.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "projections/report/prose.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using report::v1::BulletList;
using report::v1::Paragraph;
using report::v1::Section;
using view::v1::DocumentView;

namespace {

// What the funder's template asks for under "Bifoga".
struct RequiredDocument {
  event::v1::DocumentKind kind;
  Words words;
};
constexpr RequiredDocument kRequired[] = {
    {event::v1::DOCUMENT_KIND_BUDGET,
     {"Utfall av budget", "Outcome of the budget"}},
    {event::v1::DOCUMENT_KIND_EXPERIENCE,
     {"Underlag från deltagande aktörer och deras erfarenheter",
      "Material from the participating actors and their experience"}},
};

event::v1::DocumentKind KindOf(const DocumentView& document) {
  return document.has_attached() ? document.attached().kind()
                                 : document.missing().kind();
}

// Vouchers and photographs are evidence of single events, not attachments.
bool IsAttachment(const DocumentView& document) {
  const event::v1::DocumentKind kind = KindOf(document);
  return document.has_missing() || (kind != event::v1::DOCUMENT_KIND_VOUCHER &&
                                    kind != event::v1::DOCUMENT_KIND_PHOTO);
}

std::string TitleOf(const DocumentView& document) {
  return document.has_attached() ? document.attached().title()
                                 : document.missing().referenced_as();
}

std::string ReferredIn(const ReportContext& context,
                       const DocumentView& document) {
  std::vector<std::string> parts;
  if (!document.missing().referenced_in().empty()) {
    parts.push_back(document.missing().referenced_in());
  }
  if (document.missing().required_by_template()) {
    parts.emplace_back(
        context.Say("mallens krav", "asked for by the template"));
  }
  const std::string& as = document.attached().referenced_as();
  if (document.has_attached() && !as.empty() && as != TitleOf(document)) {
    parts.push_back(absl::StrCat(std::string(context.Say("som ", "as ")), as));
  }
  return JoinList(parts, context.language());
}

Paragraph StateCell(const ReportContext& context,
                    const DocumentView& document) {
  Prose prose;
  if (document.has_attached()) {
    prose.Fact(context.Say("finns", "at hand"), document.attached_origin());
    if (!document.attached().registry_number().empty()) {
      prose.Own(", ").Fact(document.attached().registry_number(),
                           document.attached_origin());
    }
  } else {
    prose.Fact(context.Say("saknas", "missing"), document.missing_origin(),
               {mark::kMissing});
  }
  return prose.Done();
}

void WriteDocuments(const ReportContext& context, Section& section) {
  TableWriter table(context.Say("Handlingar som rapporten hänvisar till",
                                "Documents that the report refers to"));
  table.Left(context.Say("Handling", "Document"))
      .Left(context.Say("Slag", "Kind"))
      .Left(context.Say("Läge", "State"))
      .Left(context.Say("Hänvisas till i", "Referred to in"))
      .Left("SHA-256");
  int all = 0;
  for (const DocumentView& document : context.checks.documents()) {
    if (!IsAttachment(document)) continue;
    ++all;
    if (!document.has_attached()) {
      AddMissing(section, absl::StrCat(TitleOf(document), "."));
    }
    if (table.rows() >= kRowsMax) continue;
    Sources sources;
    sources.Add(document.attached_origin().position())
        .Add(document.missing_origin().position());
    const std::string referred = ReferredIn(context, document);
    const std::string hash =
        absl::BytesToHexString(document.attached().sha256());
    table.Row(
        {Prose()
             .Fact(TitleOf(document), sources,
                   document.has_attached()
                       ? InferredMark(document.attached_origin(), {"title"})
                       : InferredMark(document.missing_origin(),
                                      {"referenced_as"}))
             .Done(),
         OwnCell(WordsFor(KindOf(document)).In(context.language())),
         StateCell(context, document),
         referred.empty() ? OwnCell("–")
                          : Prose()
                                .Fact(referred, sources,
                                      InferredMark(context, sources,
                                                   {"referenced_in",
                                                    "required_by_template"}))
                                .Done(),
         hash.empty() ? OwnCell("–") : Prose().Fact(hash, sources).Done()});
  }
  for (const RequiredDocument& required : kRequired) {
    bool known = false;
    for (const DocumentView& document : context.checks.documents()) {
      known |= KindOf(document) == required.kind;
    }
    if (known) continue;
    const std::string_view title = required.words.In(context.language());
    table.Row(
        {OwnCell(title),
         OwnCell(WordsFor(required.kind).In(context.language())),
         OwnCell(context.Say("saknas", "missing")),
         OwnCell(context.Say("mallens krav", "asked for by the template")),
         OwnCell("–")});
    AddMissing(section, absl::StrCat(std::string(title), "."));
  }
  const std::string left_out =
      LeftOutText(context, std::min(table.rows(), all), all);
  AddTable(section, table.Done());
  if (!left_out.empty()) AddParagraph(section, Prose().Own(left_out));
}

Words WordsForReportState(std::string_view state) {
  if (state == "generated") return {"framställd", "generated"};
  if (state == "submitted") return {"inlämnad", "submitted"};
  if (state == "returned") return {"åter för komplettering", "returned"};
  if (state == "approved") return {"godkänd", "approved"};
  return {"okänt läge", "unknown state"};
}

// What a report should say of itself.
struct ReportFact {
  Words label;
  std::string value;  // empty: not stated
  view::v1::Origin origin;
};

// What one must know of a report to register and audit it: as the register
// knows it, from the document and from when it was handed in.
std::vector<ReportFact> FactsOfReport(const ReportContext& context,
                                      const DocumentView& document) {
  const view::v1::Origin& attached = document.attached_origin();
  std::vector<ReportFact> facts = {
      {{"författare", "author"}, "", attached},
      {{"datum", "date"}, "", attached},
      {{"diarienummer", "registry number"},
       document.attached().registry_number(),
       attached},
      {{"beslut om stödet", "decision on the grant"}, "", attached},
      {{"underskrift", "signature"}, "", attached}};
  if (!attached.occurred().edtf().empty()) {
    facts[1].value = TimeText(context, attached.occurred());
  }
  std::string grant;
  for (const view::v1::ReportRecord& report : context.checks.reports()) {
    if (report.submitted().document() != document.document()) continue;
    for (const view::v1::ReportStep& step : report.steps()) {
      if (!step.has_submitted()) continue;
      grant = step.submitted().grant();
      if (!step.submitted().registry_number().empty()) {
        facts[2].value = step.submitted().registry_number();
        facts[2].origin = step.origin();
      }
    }
  }
  // A report that names no grant is about the only one of the period.
  const auto& grants = context.budget.grants();
  for (const view::v1::GrantPosition& position : grants) {
    if (position.grant().grant() != grant && grants.size() > 1) continue;
    facts[3].value = position.grant().registry_number();
    facts[3].origin = position.grant().awarded().origin();
  }
  return facts;
}

// The documents that are reports, each with what should be known of it. The
// register has no place for an author and a signature: who signed is a person.
void WriteReportFacts(const ReportContext& context, Section& section) {
  BulletList list;
  for (const DocumentView& document : context.checks.documents()) {
    if (!document.has_attached() ||
        document.attached().kind() != event::v1::DOCUMENT_KIND_REPORT ||
        list.items_size() >= kRowsMax) {
      continue;
    }
    Prose main;
    main.Fact(TitleOf(document), document.attached_origin(),
              InferredMark(document.attached_origin(), {"title"}));
    std::vector<Prose> details;
    std::vector<std::string> missing;
    for (const ReportFact& fact : FactsOfReport(context, document)) {
      const std::string label(fact.label.In(context.language()));
      details.emplace_back();
      details.back().Own(Capitalised(label)).Own(": ");
      if (fact.value.empty()) {
        details.back().Lack(context.Say("ej angivet", "not stated"));
        missing.push_back(label);
      } else {
        details.back().Fact(fact.value, fact.origin);
      }
    }
    *list.add_items() = Item(std::move(main), std::move(details));
    if (missing.empty()) continue;
    AddMissing(section,
               absl::StrCat(Capitalised(JoinList(missing, context.language())),
                            std::string(context.Say(": ej angivet i ",
                                                    ": not stated in ")),
                            "\"", TitleOf(document), "\"."));
  }
  if (list.items().empty()) return;
  AddSubheading(section, context.Say("Vad rapporten säger om sig själv",
                                     "What the report says of itself"));
  AddList(section, std::move(list));
}

// Reports that the register knows of: those of the process itself.
void WriteReports(const ReportContext& context, Section& section) {
  BulletList list;
  for (const view::v1::ReportRecord& report : context.checks.reports()) {
    if (list.items_size() >= kRowsMax) break;
    Prose prose;
    for (const view::v1::ReportStep& step : report.steps()) {
      if (!prose.empty()) prose.Own("; ");
      prose
          .Fact(WordsForReportState(step.state()).In(context.language()),
                step.origin())
          .Own(", ");
      TellTime(context, step.origin(), prose);
      for (const std::string& detail : step.details()) {
        if (!detail.empty()) prose.Own(", ").Fact(detail, step.origin());
      }
    }
    Prose main;
    main.Own(context.Say("Rapport ", "Report "))
        .Own(report.report())
        .Own(": ")
        .Append(prose.Done());
    *list.add_items() = Item(std::move(main));
    if (report.has_submitted() &&
        report.submitted().registry_number().empty()) {
      AddMissing(section,
                 absl::StrCat(std::string(context.Say(
                                  "Diarienummer för den inlämnade rapporten ",
                                  "The registry number of the submitted "
                                  "report ")),
                              report.report(), "."));
    }
  }
  if (list.items().empty()) return;
  AddSubheading(
      section, context.Say("Rapporter i registret", "Reports in the register"));
  AddList(section, std::move(list));
}

}  // namespace

void WriteAttachmentsSection(const ReportContext& context, Section& section) {
  WriteDocuments(context, section);
  WriteReportFacts(context, section);
  WriteReports(context, section);
}

}  // namespace samverk::projections
