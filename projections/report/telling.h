// Telling parts of views in words: times, sums, heads, places, claims.
#ifndef SAMVERK_PROJECTIONS_REPORT_TELLING_H_
#define SAMVERK_PROJECTIONS_REPORT_TELLING_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "projections/report/prose.h"
#include "projections/report/report_context.h"
#include "projections/report/words.h"
#include "samverk/event/v1/types.pb.h"

namespace samverk::projections {

// An event is late when it was recorded more than this long after it happened.
inline constexpr int64_t kLateAfterUs = int64_t{30} * 24 * 3600 * 1'000'000;

// Quoted words are cut here; the event itself has them all.
inline constexpr size_t kQuoteBytesMax = 2000;

// `text` without the full stops and spaces at its end.
std::string_view WithoutFullStop(std::string_view text);

// True when the event was recorded late.
bool IsLate(const view::v1::Origin& origin);

// True when the event's source does not say the field ("occurred",
// "organiser"), or does not say the fact at all: it was inferred by who
// transcribed it.
bool IsInferred(const view::v1::Origin& origin, std::string_view field);

// The same of one entry of a list: it, a field of it ("where[1].place") or the
// whole list was inferred.
bool IsInferred(const view::v1::Origin& origin, std::string_view list,
                int index);

// The mark of a text that tells these fields of an event: mark::kInferred when
// one of them was inferred, else none.
Marks InferredMark(const view::v1::Origin& origin,
                   std::initializer_list<std::string_view> fields);
Marks InferredMark(const view::v1::Origin& origin, std::string_view list,
                   int index);
// The same of the events of a sum or an entry: when it was inferred in one.
Marks InferredMark(const ReportContext& context, const Sources& sources,
                   std::initializer_list<std::string_view> fields);
// Both marks, each once.
Marks Together(Marks marks, const Marks& more);

// "hösten 2025"; "tid ej angiven" when not known.
std::string TimeText(const ReportContext& context, const view::v1::When& when);

// When the event happened, marked when the time was inferred, or when the event
// was recorded late by somebody who knew it then (transcripts are always late;
// the list of sources says so).
void TellTime(const ReportContext& context, const view::v1::Origin& origin,
              Prose& prose);

// "ca 270 000 kr"; empty for a sum that is not set.
std::string SumText(const ReportContext& context,
                    const event::v1::Money& money);
std::string SumText(const ReportContext& context,
                    const view::v1::Figure& figure);

// "12 deltagare (8 boende, 4 barn)"; "antal ej angivet" when not counted.
std::string HeadsText(const ReportContext& context,
                      const event::v1::Headcount& heads);

// Name of the place, the words, or both; empty when nothing is known.
std::string WhereText(const ReportContext& context,
                      const event::v1::Where& where);

// A claim in the words that it was transcribed from, when they hold it; else
// the claim and then the words.
void TellClaim(std::string_view text, const view::v1::Origin& origin,
               const Marks& marks, Prose& prose);

// A text of a table's cell: quoted when the words that it was transcribed from
// hold it. The words themselves are for a list of their own (WordsList).
void TellPart(std::string_view text, const view::v1::Origin& origin,
              const Marks& marks, Prose& prose);

// True when the words hold the text: letter by letter, but for a capital at
// its beginning and full stops at its end.
bool HoldsText(std::string_view words, std::string_view text);

// Words that events were transcribed from, each once with all its events.
class WordsList {
 public:
  void Add(const view::v1::Origin& origin) {
    Add(origin.verbatim(), Sources(origin));
  }
  void Add(std::string_view words, const Sources& sources);
  // A list of quotations in the order in which they were added; at most
  // kRowsMax.
  report::v1::BulletList Done() const;

 private:
  std::vector<std::pair<std::string, Sources>> words_;
};

// Names of actors: "MKB, Polisen och Hyresgästföreningen".
std::string ActorList(
    const ReportContext& context,
    const google::protobuf::RepeatedPtrField<std::string>& ids);

// The events of outcomes that name the actor, by one of its names.
Sources MentionsOf(const ReportContext& context,
                   const view::v1::ActorView& actor);

// Ids that one field of a claim or a lesson names, as what they rest on.
struct BasisPart {
  std::string_view field;  // "activities", "studies", "initiatives", "measures"
  const google::protobuf::RepeatedPtrField<std::string>& ids;
};

// "Bygger på: Trygghetsvandringar och Blomlådor.", by title, each marked when
// that it rests on it was inferred; empty when nothing is named.
Prose BasisProse(const ReportContext& context,
                 const std::vector<BasisPart>& parts,
                 const view::v1::Origin& origin);

// Strings as a vector.
std::vector<std::string> Strings(
    const google::protobuf::RepeatedPtrField<std::string>& values);

// At most `bytes_max` bytes, cut between code points, with "…" when cut.
std::string Shortened(std::string_view text, size_t bytes_max);

// "3 aktiviteter" / "1 aktivitet": a number with its noun.
std::string Counted(const ReportContext& context, int64_t number,
                    Words singular, Words plural);

// The sentence that says how many entries of a list are not shown; empty when
// all are.
std::string LeftOutText(const ReportContext& context, int shown, int all);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_TELLING_H_
