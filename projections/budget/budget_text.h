// Labels and notes of the outcome table, in Swedish and English.
#ifndef SAMVERK_PROJECTIONS_BUDGET_BUDGET_TEXT_H_
#define SAMVERK_PROJECTIONS_BUDGET_BUDGET_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/string_view.h"
#include "projections/projection.h"
#include "projections/question.h"
#include "proto/codec/text.h"
#include "samverk/event/v1/money.pb.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// The one of two texts that is in the language. Abseil's type, for StrCat.
inline absl::string_view Say(codec::Language language, absl::string_view sv,
                             absl::string_view en) {
  return language == codec::Language::kSwedish ? sv : en;
}

// "300 000 kr", with "ca" when it is an estimate.
std::string FigureText(const view::v1::Figure& figure,
                       codec::Language language);

// "a", "a och b", "a, b och c".
std::string JoinWords(const std::vector<std::string>& words,
                      codec::Language language);

// "arbetstid", "styrgruppsarbete" …
std::string_view InKindKindText(event::v1::InKindKind kind,
                                codec::Language language);

// A short name for an actor, for a table's narrow column: the abbreviation in
// brackets after its name, or else its first alias in capitals of at most six
// letters ("FGK", "MKB"); without either its name, and the id when it is not in
// the register.
std::string ShortActorName(const ViewSet& views, std::string_view process,
                           std::string_view actor);

// "10 000 kr återbetalt, 21 587,50 kr saknar disposition": what happened with
// the remainder, by kind, and what is left of it; empty when there is none and
// when nothing has happened with it and nothing is missing yet.
std::string RemainderText(const view::v1::GrantPosition& position,
                          codec::Language language);

// What happened with parts of a remainder, each in a few words ("återbetalt
// 30 000 kr"), and what was claimed back.
std::vector<std::string> DispositionTexts(const view::v1::GrantView& grant,
                                          codec::Language language);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_BUDGET_TEXT_H_
