#include "projections/report/outcome_item.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "projections/report/prose.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using event::v1::OutcomeClaimed;
using view::v1::OutcomeView;

namespace {

Marks MarksOf(const OutcomeView& outcome) {
  Marks marks;
  switch (static_cast<int>(outcome.grade())) {
    case view::v1::GRADE_CLAIMED:
      marks.push_back(mark::kClaimed);
      break;
    case view::v1::GRADE_SUBSTANTIATED:
      marks.push_back(mark::kSubstantiated);
      break;
    case view::v1::GRADE_INDEPENDENTLY_CONFIRMED:
      marks.push_back(mark::kConfirmed);
      break;
    case view::v1::GRADE_DISPUTED:
      marks.push_back(mark::kDisputed);
      break;
    default:  // A grade of a newer program: no mark.
      break;
  }
  const event::v1::Hedge hedge = outcome.claimed().hedge();
  if (hedge == event::v1::HEDGE_PRELIMINARY) {
    marks.push_back(mark::kPreliminary);
  } else if (!WordsFor(hedge).sv.empty()) {
    marks.push_back(mark::kHedged);
  }
  return marks;
}

Prose SubstantiationProse(const ReportContext& context,
                          const view::v1::SubstantiationView& view) {
  const event::v1::OutcomeSubstantiated& said = view.substantiated();
  std::string text = absl::StrCat(
      context.actor_name(said.substantiator()), " ",
      std::string(WordsFor(said.agreement()).In(context.language())));
  text += said.independent()
              ? context.Say(" (oberoende)", " (independent)")
              : context.Say(" (part i processen)", " (party to the process)");
  Prose prose;
  prose.Fact(text, view.origin(),
             InferredMark(view.origin(),
                          {"substantiator", "agreement", "independent"}));
  if (!said.comment().empty()) {
    prose.Own(": ");
    if (view.origin().verbatim().empty()) {
      prose.Fact(said.comment(), view.origin(),
                 InferredMark(view.origin(), {"comment"}));
    } else {
      prose.Quote(Shortened(view.origin().verbatim(), kQuoteBytesMax),
                  view.origin());
    }
  }
  return prose;
}

std::string ShiftText(const ReportContext& context,
                      const OutcomeClaimed& claimed) {
  return absl::StrCat(std::string(context.Say("Från ", "From ")),
                      claimed.from(),
                      std::string(context.Say(" till ", " to ")), claimed.to());
}

Prose ClaimProse(const ReportContext& context, const OutcomeView& outcome) {
  const OutcomeClaimed& claimed = outcome.claimed();
  const view::v1::Origin& origin = outcome.origin();
  const Marks marks =
      Together(MarksOf(outcome), InferredMark(origin, {"claim", "from", "to"}));
  Prose prose;
  if (claimed.from().empty() || claimed.to().empty()) {
    TellClaim(claimed.claim(), origin, marks, prose);
  } else if (HoldsText(origin.verbatim(), claimed.from()) &&
             HoldsText(origin.verbatim(), claimed.to())) {
    // The words themselves say from what to what.
    prose.Quote(Shortened(origin.verbatim(), kQuoteBytesMax), origin, marks);
  } else {
    prose.Fact(ShiftText(context, claimed), origin, marks).Own(". ");
    TellClaim(claimed.claim(), origin, {}, prose);
  }
  return prose;
}

}  // namespace

std::vector<const OutcomeView*> OutcomesOfKind(const ReportContext& context,
                                               event::v1::OutcomeKind kind) {
  std::vector<const OutcomeView*> found;
  for (const OutcomeView& outcome : context.lessons.outcomes()) {
    if (outcome.claimed().kind() == kind) found.push_back(&outcome);
  }
  // What has no place in a list introduces it.
  std::stable_sort(found.begin(), found.end(),
                   [](const OutcomeView* a, const OutcomeView* b) {
                     return a->claimed().order() < b->claimed().order();
                   });
  return found;
}

report::v1::ListItem OutcomeItem(const ReportContext& context,
                                 const OutcomeView& outcome) {
  const OutcomeClaimed& claimed = outcome.claimed();
  const Sources from = outcome.origin();
  const std::string& words = outcome.origin().verbatim();
  std::vector<Prose> details;
  const auto detail = [&](std::string_view label, std::string_view text,
                          std::string_view field) {
    if (text.empty() || HoldsText(words, text)) return;  // Told already.
    details.emplace_back();
    details.back()
        .Own(label)
        .Own(": ")
        .Fact(WithoutFullStop(text), from,
              InferredMark(outcome.origin(), {field}))
        .Own(".");
  };
  detail(context.Say("Förbehåll", "Reservation"),
         WordsFor(claimed.hedge()).In(context.language()), "hedge");
  detail(context.Say("Vem som har förändrats", "Who has changed"),
         ActorList(context, claimed.social_actors()), "social_actors");
  detail(context.Say("Betydelse", "Significance"), claimed.significance(),
         "significance");
  detail(context.Say("Processens bidrag", "The process's contribution"),
         claimed.contribution(), "contribution");
  Prose basis = BasisProse(context,
                           {{"activities", claimed.activities()},
                            {"studies", claimed.studies()},
                            {"initiatives", claimed.initiatives()},
                            {"measures", claimed.measures()}},
                           outcome.origin());
  if (!basis.empty()) details.push_back(std::move(basis));
  if (!claimed.initiatives().empty()) {
    details.emplace_back();
    details.back().Own(context.Say(
        "Initiativet är ett ärende utanför processen. Det följs, och är inte "
        "ett eget resultat.",
        "The initiative is a case outside the process. It is followed, and is "
        "not a result of its own."));
  }
  for (const view::v1::SubstantiationView& said : outcome.substantiations()) {
    details.push_back(SubstantiationProse(context, said));
  }
  return Item(ClaimProse(context, outcome), std::move(details));
}

}  // namespace samverk::projections
