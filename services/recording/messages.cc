#include "services/recording/messages.h"

#include <array>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"

namespace samverk::recording {
namespace {

using codec::Language;

struct Word {
  std::string_view name;
  std::string_view swedish;
  std::string_view english;
};

constexpr std::array<Word, kEntityKinds - 1> kKindWords = {{
    {"process", "process", "process"},
    {"actor", "aktör", "actor"},
    {"grant", "bidrag", "grant"},
    {"payment", "betalning", "payment"},
    {"budget_line", "budgetpost", "budget line"},
    {"cost", "kostnad", "cost"},
    {"in_kind", "egen insats", "contribution in kind"},
    {"volunteer", "ideell tid", "volunteers' hours"},
    {"statement", "uppgivet belopp", "stated sum"},
    {"place", "plats", "place"},
    {"activity", "aktivitet", "activity"},
    {"contribution", "synpunkt", "contribution"},
    {"finding", "iakttagelse", "finding"},
    {"measure", "åtgärd", "measure"},
    {"study", "utredning", "study"},
    {"insight", "insikt", "insight"},
    {"initiative", "initiativ", "initiative"},
    {"picture", "lägesbild", "situation picture"},
    {"outcome", "utfall", "outcome"},
    {"lesson", "lärdom", "lesson"},
    {"document", "dokument", "document"},
    {"report", "rapport", "report"},
    {"check", "kontroll", "check"},
    {"decision", "beslut", "decision"},
    {"goal", "mål", "goal"},
    {"indicator", "indikator", "indicator"},
    {"disclosure", "begäran om utlämnande", "request for disclosure"},
    {"gallring", "gallring", "disposal"},
    {"package", "arkivleverans", "package"},
    {"rights", "rättigheter", "rights"},
    {"reading", "läsningar", "readings"},
}};

// What the codec says of a time that is none, by a part of its sentence that
// no other has.
struct Reason {
  std::string_view part;
  std::string_view swedish;
};
constexpr Reason kTimeReasons[] = {
    {"there is no month", "månaden finns inte"},
    {"that month has the days", "månaden har inte så många dagar"},
    {"a day goes from",
     "klockslaget finns inte; ett dygn går från 00:00:00 till 23:59:59"},
    {"the clocks go from",
     "klockslaget finns inte; den natten ställs klockan fram från 02:00 till "
     "03:00"},
    {"outside the years", "året ligger utanför 1900 till 2200"},
    {"ends before it begins",
     "den slutar innan den börjar; byt plats på ändarna"},
    {"lacks an end", "en ände saknas; skriv ”..” för en som är öppen"},
    {"is open at both ends", "båda ändarna är öppna; lämna tiden tom"},
    {"an interval has two ends",
     "den har fler än ett snedstreck; ett intervall har två ändar"},
    {"time of day without a day", "den har ett klockslag men ingen dag"},
    {"time of day within an interval",
     "ett intervall kan inte ha klockslag; ange dagen"},
    {"time of day that is not like",
     "klockslaget ska skrivas som T18:30 eller T18:30:00"},
    {"offset from UTC", "tidszonen ska skrivas som Z eller +02:00"},
    {"mark of doubt within an interval",
     "ett intervall kan inte ha ~, ? eller %; ta bort tecknet och sätt circa"},
    {"mark of doubt where",
     "en årstid och ett klockslag kan inte ha ~, ? eller %; ta bort tecknet "
     "och sätt circa"},
    {"seasons cannot be",
     "en årstid kan inte vara ände i ett intervall; skriv månader, som "
     "2025-03/2025-05"},
    {"ends cannot have X",
     "ett intervalls ändar kan inte ha X; lämna bort det som är okänt"},
    {"unknown digits", "högst de två sista siffrorna i året får vara X"},
    {"is longer than", "den är för lång för att vara en tid"},
    {"only level 1 is understood",
     "den följer EDTF nivå 2, och bara nivå 1 tas emot: ~, ? och % står sist, "
     "och flera tider är flera händelser"},
    {"a year with X stands alone",
     "ett år med X står för sig; lämna bort månad och dag"},
    {"only the last parts may be X",
     "bara det sista får vara X; skriv också dagen som XX"},
    {"a month is known or XX", "månaden skrivs med två siffror eller som XX"},
    {"seasons are 21",
     "årstiderna är 21 (våren), 22 (sommaren), 23 (hösten) och 24 (vintern)"},
    {"a day is known or XX", "dagen skrivs med två siffror eller som XX"},
    {"level 2", "EDTF nivå 2 tas inte emot, bara nivå 1"},
    {"is not EDTF level 1",
     "den följer inte EDTF nivå 1; skriv som 2025-09-17, 2025-09, 2025, "
     "2025-21 (våren), 2025-03/2025-05 eller 2025-09-17T18:30"},
};

std::string TimeReason(std::string_view why, Language language) {
  if (language == Language::kEnglish) return std::string(why);
  for (const Reason& reason : kTimeReasons) {
    if (absl::StrContains(ToAbsl(why), ToAbsl(reason.part))) {
      return std::string(reason.swedish);
    }
  }
  return std::string(why);
}

// "571,4" and "571.4"; whole numbers without decimals.
std::string Hundredths(int64_t hundredths, Language language) {
  const int64_t part =
      hundredths % 100 < 0 ? -(hundredths % 100) : hundredths % 100;
  std::string text = hundredths < 0 && hundredths > -100 ? "-" : "";
  text += codec::NumberText(hundredths / 100, language);
  if (part == 0) return text;
  text += language == Language::kSwedish ? "," : ".";
  text += absl::StrFormat("%02d", part);
  if (text.back() == '0') text.pop_back();
  return text;
}

// A value as it is shown, by the end of its name.
std::string Shown(const RuleValue& value, Language language) {
  const auto& [name, text] = value;
  int64_t number = 0;
  if (absl::EndsWith(name, "_ore") && absl::SimpleAtoi(text, &number)) {
    return codec::MoneyText(number, event::v1::PRECISION_EXACT, language);
  }
  if (absl::EndsWith(name, "_hundredths") && absl::SimpleAtoi(text, &number)) {
    return Hundredths(number, language);
  }
  if (name == "kind") return KindWord(text, language);
  if (name == "why") return TimeReason(text, language);
  return text;
}

// Puts values in the place of their names.
std::string Filled(std::string_view text, const std::vector<RuleValue>& values,
                   Language language) {
  std::string filled;
  while (!text.empty()) {
    const size_t open = text.find('{');
    filled += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    SAMVERK_CHECK(close != std::string_view::npos) << text;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    for (const RuleValue& value : values) {
      if (value.first == name) filled += Shown(value, language);
    }
    text.remove_prefix(close + 1);
  }
  return filled;
}

std::string_view NoticeTemplate(NoticeKind kind, Language language) {
  const bool swedish = language == Language::kSwedish;
  switch (kind) {
    case NoticeKind::kLate:
      return swedish ? "Händelsen registreras {days} dagar efter att den "
                       "inträffade ({value}). Den märks som sen."
                     : "The event is recorded {days} days after it happened "
                       "({value}). It is marked as late.";
    case NoticeKind::kUnknownMention:
      return swedish ? "Texten nämner ”{name}”, som inte finns i processens "
                       "aktörsregister. Registrera aktören, eller lägg till "
                       "namnet hos den som avses."
                     : "The text mentions \"{name}\", which is not in the "
                       "process's register of actors. Register the actor, or "
                       "add the name to the one that is meant.";
    case NoticeKind::kUnknownRecorder:
      return swedish ? "Händelsen registreras av ”{name}” "
                       "(recorded_by.organisation), som inte finns i "
                       "processens aktörsregister. Kontrollera stavningen, "
                       "eller registrera aktören."
                     : "The event is recorded by \"{name}\" "
                       "(recorded_by.organisation), which is not in the "
                       "process's register of actors. Check the spelling, or "
                       "register the actor.";
    case NoticeKind::kOutsidePeriod:
      return swedish ? "Kostnaden är daterad {value}, utanför bidraget "
                       "”{id}” som gäller {period}. Kontrollera datum och "
                       "bidrag; kontroll C7 visar det."
                     : "The cost is dated {value}, outside the grant \"{id}\" "
                       "of {period}. Check date and grant; check C7 shows it.";
    case NoticeKind::kOutOfOrder:
      return swedish ? "Händelsen inträffade {value}, före händelse {event} "
                       "({other}) som redan är registrerad. Berättelsen följer "
                       "tiden, historiken ordningen."
                     : "The event happened at {value}, before event {event} "
                       "({other}), which is recorded already. The narrative "
                       "follows the time, the record the order.";
    case NoticeKind::kSameAttester:
      return swedish ? "”{id}” är registrerad och attesterad av samma person "
                       "({recorder}). Det godtas i importerad historik; "
                       "kontroll C14 visar det."
                     : "\"{id}\" was recorded and attested by the same person "
                       "({recorder}). It is accepted in imported history; "
                       "check C14 shows it.";
  }
  SAMVERK_CHECK(false) << "no such notice";
  __builtin_unreachable();
}

}  // namespace

std::string KindWord(std::string_view kind_name, Language language) {
  for (const Word& word : kKindWords) {
    if (word.name == kind_name) {
      return std::string(language == Language::kSwedish ? word.swedish
                                                        : word.english);
    }
  }
  return std::string(kind_name);
}

std::string ViolationText(const Violation& violation, Language language) {
  const RuleEntry& entry = EntryOf(violation.rule);
  std::vector<RuleValue> values = violation.values;
  values.emplace_back("field", violation.field);
  return Filled(language == Language::kSwedish ? entry.swedish : entry.english,
                values, language);
}

std::string NoticeText(const FoundNotice& notice, Language language) {
  return Filled(NoticeTemplate(notice.kind, language), notice.values, language);
}

std::string RefusalText(size_t refused, size_t events, Language language) {
  if (language == Language::kSwedish) {
    return absl::StrCat(refused, " av ", events,
                        " händelser tas inte emot, och ingen är registrerad. "
                        "Rätta dem och sänd om.");
  }
  return absl::StrCat(refused, " of ", events,
                      " events are refused, and none is recorded. Correct "
                      "them and send again.");
}

}  // namespace samverk::recording
