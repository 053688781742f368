#include "projections/checks/record_fold.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/escaping.h"
#include "eventstore/base/check.h"
#include "projections/budget/last_happened.h"
#include "samverk/view/v1/checks.pb.h"

namespace samverk::projections {
namespace {

using view::v1::CheckEntry;
using view::v1::CheckRecord;
using view::v1::CheckStep;
using view::v1::DocumentFact;
using view::v1::DocumentView;
using view::v1::ReportRecord;
using view::v1::ReportStep;

bool SettleCheck(CheckRecord& check) {
  return check.has_raised() || !check.steps().empty();
}

const EntityKind<CheckEntry, CheckRecord> kCheck = {
    "check", &CheckEntry::mutable_check, &CheckEntry::check,
    [](CheckRecord& view, std::string_view id) {
      Assign(id, *view.mutable_check());
    },
    SettleCheck};

void RecordCheckStep(Way way, const Fact& fact, std::string_view id,
                     CheckStep step, ViewTable& views) {
  SetOrigin(fact, *step.mutable_origin());
  ChangeEntity(fact, kCheck, id, views, [&](CheckRecord& check) {
    ChangeList(way, Order::kByPosition, std::move(step),
               *check.mutable_steps());
  });
}

bool SettleDocument(DocumentView& document) {
  return document.has_attached() || document.has_missing();
}

const EntityKind<CheckEntry, DocumentView> kDocument = {
    "document", &CheckEntry::mutable_document, &CheckEntry::document,
    [](DocumentView& view, std::string_view id) {
      Assign(id, *view.mutable_document());
    },
    SettleDocument};

// All facts of one kind: the standing one and those that it took the place of.
// They are taken out of the document.
google::protobuf::RepeatedPtrField<DocumentFact> TakeFacts(
    DocumentFact::FactCase kind, DocumentView& document) {
  google::protobuf::RepeatedPtrField<DocumentFact> facts;
  google::protobuf::RepeatedPtrField<DocumentFact> others;
  for (DocumentFact& fact : *document.mutable_superseded()) {
    (fact.fact_case() == kind ? facts : others).Add(std::move(fact));
  }
  document.mutable_superseded()->Swap(&others);
  DocumentFact standing;
  if (kind == DocumentFact::kAttached && document.has_attached()) {
    standing.mutable_attached()->Swap(document.mutable_attached());
    standing.mutable_origin()->Swap(document.mutable_attached_origin());
    document.clear_attached();
    document.clear_attached_origin();
  } else if (kind == DocumentFact::kMissing && document.has_missing()) {
    standing.mutable_missing()->Swap(document.mutable_missing());
    standing.mutable_origin()->Swap(document.mutable_missing_origin());
    document.clear_missing();
    document.clear_missing_origin();
  }
  if (standing.has_origin()) {
    ChangeList(Way::kApply, Order::kByPosition, std::move(standing), facts);
  }
  return facts;
}

// Undoes TakeFacts: the one that happened last stands.
void PutFacts(google::protobuf::RepeatedPtrField<DocumentFact> facts,
              DocumentView& document) {
  const DocumentFact* last =
      LastHappened(facts, [](const DocumentFact&) { return true; });
  for (DocumentFact& fact : facts) {
    if (&fact != last) {
      ChangeList(Way::kApply, Order::kByPosition, std::move(fact),
                 *document.mutable_superseded());
    } else if (fact.has_attached()) {
      document.mutable_attached()->Swap(fact.mutable_attached());
      *document.mutable_attached_origin() = fact.origin();
    } else {
      document.mutable_missing()->Swap(fact.mutable_missing());
      *document.mutable_missing_origin() = fact.origin();
    }
  }
}

void RecordDocumentFact(Way way, const Fact& fact, std::string_view id,
                        DocumentFact kept, ViewTable& views) {
  SetOrigin(fact, *kept.mutable_origin());
  ChangeEntity(fact, kDocument, id, views, [&](DocumentView& document) {
    auto facts = TakeFacts(kept.fact_case(), document);
    ChangeList(way, Order::kByPosition, std::move(kept), facts);
    PutFacts(std::move(facts), document);
  });
}

// What a report was when it was last generated and handed in.
bool SettleReport(ReportRecord& report) {
  const auto last = [&report](ReportStep::FactCase kind) {
    return LastHappened(report.steps(), [kind](const ReportStep& step) {
      return step.fact_case() == kind;
    });
  };
  report.clear_generated();
  report.clear_submitted();
  if (const ReportStep* step = last(ReportStep::kGenerated)) {
    *report.mutable_generated() = step->generated();
  }
  if (const ReportStep* step = last(ReportStep::kSubmitted)) {
    *report.mutable_submitted() = step->submitted();
  }
  return !report.steps().empty();
}

const EntityKind<CheckEntry, ReportRecord> kReport = {
    "report", &CheckEntry::mutable_report, &CheckEntry::report,
    [](ReportRecord& view, std::string_view id) {
      Assign(id, *view.mutable_report());
    },
    SettleReport};

void AddDetail(const std::string& detail, ReportStep& step) {
  if (!detail.empty()) step.add_details(detail);
}

// The step that a fact is, and the id of its report.
std::string FillStep(const event::v1::Event& event, ReportStep& step) {
  if (event.has_report_generated()) {
    step.set_state("generated");
    *step.mutable_generated() = event.report_generated();
    return step.generated().report();
  }
  if (event.has_report_submitted()) {
    step.set_state("submitted");
    *step.mutable_submitted() = event.report_submitted();
    AddDetail(step.submitted().registry_number(), step);
    return step.submitted().report();
  }
  if (event.has_report_returned()) {
    step.set_state("returned");
    *step.mutable_returned() = event.report_returned();
    AddDetail(step.returned().registry_number(), step);
    for (const std::string& question : step.returned().questions()) {
      AddDetail(question, step);
    }
    return step.returned().report();
  }
  SAMVERK_CHECK(event.has_report_approved()) << "not a fact about a report";
  step.set_state("approved");
  *step.mutable_approved() = event.report_approved();
  AddDetail(step.approved().approved_by(), step);
  AddDetail(step.approved().registry_number(), step);
  return step.approved().report();
}

// An entry that says that an event names `about`, under "kind/about/position".
void ChangeNote(
    Way way, const Fact& fact, std::string_view kind, std::string_view about,
    const google::protobuf::RepeatedPtrField<std::string>& mentioned,
    ViewTable& views) {
  const std::string key = EntryKey(fact.event, kind, about) + "/" +
                          PaddedPosition(fact.position.value());
  if (way == Way::kRetract) {
    views.Erase(key);
    return;
  }
  auto& mention = *views.Mutable<CheckEntry>(key).mutable_mention();
  *mention.mutable_mentioned() = mentioned;
  SetOrigin(fact, *mention.mutable_origin());
}

// What tells a piece of evidence from others, with the place in it: the file,
// and the document. Neither holds a "/".
absl::btree_map<std::string, std::string> TokensOf(
    const event::v1::Event& event) {
  absl::btree_map<std::string, std::string> tokens;
  for (const event::v1::Evidence& evidence : event.evidence()) {
    if (!evidence.sha256().empty()) {
      tokens.emplace("file-" + absl::BytesToHexString(evidence.sha256()),
                     evidence.locator());
    }
    if (!evidence.document().empty()) {
      tokens.emplace("document-" + evidence.document(), evidence.locator());
    }
  }
  return tokens;
}

}  // namespace

void FoldCheckRaised(Way way, const Fact& fact, ViewTable& views) {
  const auto& raised = fact.event.check_raised();
  ChangeEntity(fact, kCheck, raised.check(), views, [&](CheckRecord& check) {
    if (way == Way::kApply) {
      *check.mutable_raised() = raised;
      SetOrigin(fact, *check.mutable_origin());
    } else if (check.origin().position() == fact.position.value()) {
      check.clear_raised();
      check.clear_origin();
    }
  });
}

void FoldCheckExplained(Way way, const Fact& fact, ViewTable& views) {
  const auto& explained = fact.event.check_explained();
  CheckStep step;
  step.set_state(view::v1::CHECK_STATE_EXPLAINED);
  step.set_text(explained.explanation());
  if (explained.has_accepted_by()) {
    step.set_accepted_by(explained.accepted_by().organisation() + "/" +
                         explained.accepted_by().role());
  }
  RecordCheckStep(way, fact, explained.check(), std::move(step), views);
}

void FoldCheckResolved(Way way, const Fact& fact, ViewTable& views) {
  const auto& resolved = fact.event.check_resolved();
  CheckStep step;
  step.set_state(view::v1::CHECK_STATE_RESOLVED);
  step.set_text(resolved.resolution());
  RecordCheckStep(way, fact, resolved.check(), std::move(step), views);
}

void FoldDocumentAttached(Way way, const Fact& fact, ViewTable& views) {
  const auto& attached = fact.event.document_attached();
  DocumentFact kept;
  *kept.mutable_attached() = attached;
  RecordDocumentFact(way, fact, attached.document(), std::move(kept), views);
}

void FoldDocumentMissingNoted(Way way, const Fact& fact, ViewTable& views) {
  const auto& missing = fact.event.document_missing_noted();
  DocumentFact kept;
  *kept.mutable_missing() = missing;
  RecordDocumentFact(way, fact, missing.document(), std::move(kept), views);
}

void FoldReportStep(Way way, const Fact& fact, ViewTable& views) {
  ReportStep step;
  const std::string id = FillStep(fact.event, step);
  SetOrigin(fact, *step.mutable_origin());
  ChangeEntity(fact, kReport, id, views, [&](ReportRecord& report) {
    ChangeList(way, Order::kByPosition, std::move(step),
               *report.mutable_steps());
  });
}

void FoldMention(Way way, const Fact& fact, ViewTable& views) {
  if (fact.event.mentioned_actors().empty()) return;
  const std::string key =
      EntryKey(fact.event, "mention", PaddedPosition(fact.position.value()));
  if (way == Way::kRetract) {
    views.Erase(key);
    return;
  }
  auto& mention = *views.Mutable<CheckEntry>(key).mutable_mention();
  *mention.mutable_mentioned() = fact.event.mentioned_actors();
  SetOrigin(fact, *mention.mutable_origin());
}

void FoldReferences(Way way, const Fact& fact, ViewTable& views) {
  absl::InlinedVector<std::string_view, 8> documents;
  const auto add = [&documents](const std::string& document) {
    if (!document.empty()) documents.push_back(document);
  };
  add(fact.event.source().document());
  for (const event::v1::Evidence& evidence : fact.event.evidence()) {
    add(evidence.document());
  }
  add(fact.event.survey_conducted().questions_document());
  add(fact.event.study_published().document());
  std::sort(documents.begin(), documents.end());
  documents.erase(std::unique(documents.begin(), documents.end()),
                  documents.end());
  for (const std::string_view document : documents) {
    google::protobuf::RepeatedPtrField<std::string> mentioned;
    mentioned.Add()->assign(document);
    ChangeNote(way, fact, "reference", document, mentioned, views);
  }
}

void FoldMoneyEvidence(Way way, const Fact& fact, ViewTable& views) {
  const bool cost = fact.event.has_cost_booked();
  SAMVERK_CHECK(cost || fact.event.has_in_kind_recorded())
      << "not a cost and not a contribution";
  for (const auto& [token, locator] : TokensOf(fact.event)) {
    google::protobuf::RepeatedPtrField<std::string> mentioned;
    *mentioned.Add() = cost ? fact.event.cost_booked().cost()
                            : fact.event.in_kind_recorded().in_kind();
    *mentioned.Add() = locator;
    ChangeNote(way, fact, cost ? "cost_evidence" : "in_kind_evidence", token,
               mentioned, views);
  }
}

}  // namespace samverk::projections
