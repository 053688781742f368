// The words of the report, in Swedish and English. Pure tables.
#ifndef SAMVERK_PROJECTIONS_REPORT_WORDS_H_
#define SAMVERK_PROJECTIONS_REPORT_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "proto/codec/text.h"
#include "samverk/event/v1/event.pb.h"
#include "samverk/view/v1/activities.pb.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"
#include "samverk/view/v1/findings.pb.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {

// A text in both languages.
struct Words {
  std::string_view sv;
  std::string_view en;
  std::string_view In(codec::Language language) const {
    return language == codec::Language::kSwedish ? sv : en;
  }
};

// Words for the values of enums; "okänt" for one that this program does not
// know.
Words WordsFor(event::v1::ActivityKind kind);
Words WordsFor(event::v1::DocumentKind kind);
Words WordsFor(event::v1::FindingCategory category);
Words WordsFor(event::v1::DeclineReason reason);
Words WordsFor(event::v1::InKindKind kind);
Words WordsFor(event::v1::InitiativeStatus status);
Words WordsFor(event::v1::MeasureEffect effect);
Words WordsFor(event::v1::Agreement agreement);
Words WordsFor(event::v1::RoleKind kind);
Words WordsFor(event::v1::Hedge hedge);
// In which light: "i mörker"; empty when not given.
Words WordsFor(event::v1::LightCondition light);
Words WordsFor(view::v1::ActivityState state);
Words WordsFor(view::v1::FindingState state);
Words WordsFor(view::v1::MeasureState state);
Words WordsFor(view::v1::InKindState state);
Words WordsFor(view::v1::GrantState state);
Words WordsFor(view::v1::CheckState state);
Words WordsFor(view::v1::Grade grade);

// "trygghetsvandringar", "safety walks".
Words PluralFor(event::v1::ActivityKind kind);

// What a kind of fact is called: "Bidrag beviljat", "Grant awarded".
Words WordsFor(event::v1::Event::FactCase fact);

// What a plan lacks, by its code of MeasureRow: "owner" is "ansvarig".
Words WordsForLack(std::string_view code);

// A check's rule in a few words: "C3" is "disposition av rest saknas". For
// "manual" and unknown rules: "anmärkning".
Words WordsForRule(std::string_view rule);

// Ends the detail of an entry of the timeline chart whose time was inferred.
inline constexpr Words kTimeInferred = {"tiden härledd", "time inferred"};

// "a", "a och b", "a, b och c" / "a, b and c".
std::string JoinList(const std::vector<std::string>& parts,
                     codec::Language language);

// The first letter made a capital (ASCII and å, ä, ö, é).
std::string Capitalised(std::string_view text);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_WORDS_H_
