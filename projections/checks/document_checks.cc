// C11: documents that are referred to are at hand.
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "projections/budget/outcome_rows.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "projections/kept_facts.h"
#include "samverk/view/v1/activities.pb.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {
namespace {

using view::v1::ActivityEntry;
using view::v1::CheckEntry;
using view::v1::DocumentView;
using view::v1::GrantView;
using view::v1::TimelineStored;

// Events that refer to a document, by its id.
using References = absl::btree_map<std::string, absl::btree_set<uint64_t>>;

void NoteReference(const CheckContext& context, const std::string& document,
                   const view::v1::Origin& origin, References& references) {
  if (document.empty() || !context.question.Selects(origin.occurred())) return;
  absl::btree_set<uint64_t>& positions = references[document];
  if (positions.size() < kPositionsShown) positions.insert(origin.position());
}

// Adds up to kPositionsShown events that name `document` in their envelopes.
void NoteEnvelopesOf(const CheckContext& context, const std::string& document,
                     References& references) {
  context.views.Of(ProjectionId::kChecks)
      .Scan<CheckEntry>(
          KeyPrefix(context.question.process, "reference") + document + "/", "",
          [&](std::string_view, const CheckEntry& entry) {
            NoteReference(context, document, entry.mention().origin(),
                          references);
            const auto at = references.find(document);
            return at == references.end() ||
                   at->second.size() < kPositionsShown;
          });
}

// Documents that events were transcribed from, that are to show them, or that
// hold a survey's questions or a study. Steps from document to document: one
// may have many events.
void NoteEnvelopes(const CheckContext& context,
                   const absl::btree_set<std::string>& known,
                   References& references) {
  const ViewReader& table = context.views.Of(ProjectionId::kChecks);
  const std::string prefix = KeyPrefix(context.question.process, "reference");
  std::string from;
  while (true) {
    std::string document;
    table.Scan<CheckEntry>(prefix, from,
                           [&](std::string_view, const CheckEntry& entry) {
                             document = entry.mention().mentioned(0);
                             return false;
                           });
    if (document.empty()) return;
    if (!known.contains(document)) {
      NoteEnvelopesOf(context, document, references);
    }
    // The first key after all that begin with "document/".
    from = prefix + document + static_cast<char>('/' + 1);
  }
}

// What notes, situation pictures, reports and, by what the fold keeps of them,
// surveys, studies and the envelopes of events refer to and `known` does not
// have.
References ReferencesOf(const CheckContext& context,
                        const absl::btree_set<std::string>& known) {
  const std::string& process = context.question.process;
  References references;
  context.views.Of(ProjectionId::kActivities)
      .Scan<ActivityEntry>(
          KeyPrefix(process, "activity"), "",
          [&](std::string_view, const ActivityEntry& entry) {
            for (const auto& occasion : entry.activity().held()) {
              NoteReference(context, occasion.held().notes_document(),
                            occasion.origin(), references);
            }
            return true;
          });
  context.views.Of(ProjectionId::kTimeline)
      .Scan<TimelineStored>(KeyPrefix(process, "picture"), "",
                            [&](std::string_view, const TimelineStored& entry) {
                              NoteReference(
                                  context, entry.picture().shared().document(),
                                  entry.picture().origin(), references);
                              return true;
                            });
  context.views.Of(ProjectionId::kChecks)
      .Scan<CheckEntry>(KeyPrefix(process, "report"), "",
                        [&](std::string_view, const CheckEntry& entry) {
                          for (const auto& step : entry.report().steps()) {
                            NoteReference(context, step.submitted().document(),
                                          step.origin(), references);
                          }
                          return true;
                        });
  for (const std::string& document : known) references.erase(document);
  NoteEnvelopes(context, known, references);
  return references;
}

void AddNotedMissing(const CheckContext& context, const DocumentView& document,
                     Checks& checks) {
  const auto& missing = document.missing();
  CheckDraft draft("C11", document.document());
  draft.At(document.missing_origin().position())
      .Text(absl::StrCat(
          context.Say("Handlingen \"", "The document \""),
          missing.referenced_as().empty() ? document.document()
                                          : Shorten(missing.referenced_as()),
          context.Say("\" finns inte i registret", "\" is not in the register"),
          missing.referenced_in().empty()
              ? ""
              : absl::StrCat(
                    context.Say(" men nämns i ", " but is mentioned in "),
                    Shorten(missing.referenced_in())),
          "."));
  if (missing.required_by_template()) {
    draft.Text(context.Say("Finansiärens mall kräver den.",
                           "The funder's template asks for it."));
  }
  checks.push_back(
      draft
          .Action(context.Say("Bifoga handlingen, eller rätta hänvisningen.",
                              "Attach it, or correct the reference."))
          .Done());
}

void AddUnknown(const CheckContext& context, const std::string& id,
                const absl::btree_set<uint64_t>& positions, Checks& checks) {
  checks.push_back(
      CheckDraft("C11", id)
          .AtAll(positions)
          .Text(absl::StrCat(
              context.Say("Handlingen ", "The document "), id,
              context.Say(" finns inte i registret men hänvisas till.",
                          " is not in the register but is referred to.")))
          .Action(context.Say("Bifoga handlingen, eller rätta hänvisningen.",
                              "Attach it, or correct the reference."))
          .Done());
}

void AddMissingDecision(const CheckContext& context, const GrantView& grant,
                        Checks& checks) {
  checks.push_back(
      CheckDraft("C11", "decision-" + grant.grant())
          .At(grant.awarded().origin().position())
          .Row(kGrantedRow, grant.grant())
          .Text(absl::StrCat(
              context.Say("Beslutet om bidraget ", "The decision on grant "),
              grant.grant(),
              context.Say(" saknas: inget diarienummer och ingen handling.",
                          " is missing: no registry number and no document.")))
          .Action(context.Say(
              "Registrera beslutets diarienummer, eller bifoga beslutet.",
              "Record the decision's registry number, or attach it."))
          .Done());
}

}  // namespace

void AddDocumentChecks(const CheckContext& context, Checks& checks) {
  absl::btree_set<std::string> known;
  context.views.Of(ProjectionId::kChecks)
      .Scan<CheckEntry>(KeyPrefix(context.question.process, "document"), "",
                        [&](std::string_view, const CheckEntry& entry) {
                          const DocumentView& document = entry.document();
                          known.insert(document.document());
                          if (!document.has_attached() &&
                              context.question.Selects(
                                  document.missing_origin().occurred())) {
                            AddNotedMissing(context, document, checks);
                          }
                          return true;
                        });
  for (const auto& [id, positions] : ReferencesOf(context, known)) {
    AddUnknown(context, id, positions, checks);
  }
  for (const GrantView& grant : context.money.grants) {
    if (LacksDecision(grant)) AddMissingDecision(context, grant, checks);
  }
}

}  // namespace samverk::projections
