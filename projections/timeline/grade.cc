#include "projections/timeline/grade.h"

#include <map>
#include <string>

#include "projections/fact.h"

namespace samverk::projections {
namespace {

using event::v1::OutcomeSubstantiated;
using view::v1::OutcomeView;
using view::v1::SubstantiationView;

bool Agrees(const OutcomeSubstantiated& word) {
  return word.agreement() == event::v1::AGREEMENT_FULL ||
         word.agreement() == event::v1::AGREEMENT_PARTIAL;
}

// The latest word of each substantiator.
std::map<std::string, const SubstantiationView*> LatestWords(
    const OutcomeView& outcome) {
  std::map<std::string, const SubstantiationView*> words;
  for (const SubstantiationView& said : outcome.substantiations()) {
    const auto [it, first] =
        words.try_emplace(said.substantiated().substantiator(), &said);
    if (!first && HappenedBefore(it->second->origin(), said.origin())) {
      it->second = &said;
    }
  }
  return words;
}

}  // namespace

view::v1::Grade GradeOf(const OutcomeView& outcome) {
  const bool has_evidence =
      outcome.has_origin() && !outcome.origin().without_evidence();
  const SubstantiationView* latest_independent = nullptr;
  bool confirmed = false;
  bool substantiated = false;
  for (const auto& [substantiator, said] : LatestWords(outcome)) {
    const bool other = substantiator != outcome.claimant();
    const bool independent = other && said->substantiated().independent();
    if (independent &&
        (latest_independent == nullptr ||
         HappenedBefore(latest_independent->origin(), said->origin()))) {
      latest_independent = said;
    }
    if (!Agrees(said->substantiated())) continue;
    confirmed = confirmed || independent;
    substantiated = substantiated || other || has_evidence;
  }
  if (latest_independent != nullptr &&
      !Agrees(latest_independent->substantiated())) {
    return view::v1::GRADE_DISPUTED;
  }
  if (confirmed) return view::v1::GRADE_INDEPENDENTLY_CONFIRMED;
  return substantiated ? view::v1::GRADE_SUBSTANTIATED
                       : view::v1::GRADE_CLAIMED;
}

}  // namespace samverk::projections
