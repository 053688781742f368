#include "services/common/error_language.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "eventstore/base/error.h"
#include "google/rpc/error_details.pb.h"

namespace samverk {
namespace {

// "{name}" stands for the value of that name in the error's ErrorInfo.
const std::map<error::v1::Reason, std::string_view>& Sentences() {
  static const auto& sentences = *new std::map<error::v1::Reason,
                                               std::string_view>{
      // What is wrong with a field is a matter between programs, and has one
      // language.
      {error::v1::REASON_INVALID_FIELD,
       "Fältet {field} i anropet är felaktigt eller saknas; rätta det och "
       "sänd om. På engelska: {english}."},
      {error::v1::REASON_LIMIT_EXCEEDED,
       "{what} är {value}, men får vara högst {limit}. Sänd mindre i ett "
       "anrop; stora saker bifogas med sin SHA-256."},
      {error::v1::REASON_ID_CONFLICT,
       "Händelser med dessa id finns redan, med annat innehåll eller i en "
       "annan "
       "sändning: {event_ids}. Ta bort dem ur sändningen, eller ge nya "
       "händelser nya id."},
      {error::v1::REASON_SOURCE_CONFLICT,
       "Källans referens ”{source_ref}” i ”{source_system}” har redan händelse "
       "{event_id}. Är det samma faktum, lämna bort händelsen ur sändningen; "
       "är det ett annat, ge det en egen referens."},
      {error::v1::REASON_QUEUE_FULL,
       "Registret har för mycket att göra just nu. Vänta och sänd samma "
       "anrop igen."},
      {error::v1::REASON_OUTCOME_UNKNOWN,
       "Det går inte att säga om händelserna blev registrerade. Sänd samma "
       "anrop igen med samma id; det är ofarligt."},
      {error::v1::REASON_READ_ONLY,
       "Registret tar inte emot händelser: {why}."},
      {error::v1::REASON_DAMAGED,
       "Lagrade uppgifter är skadade ({where}). Stoppa servern, återställ en "
       "säkerhetskopia och jämför med en sparad kontrollpunkt."},
      {error::v1::REASON_DISK_FULL,
       "Disken är full. Frigör utrymme och sänd sedan om."},
      {error::v1::REASON_UNKNOWN_EVENT,
       "En lagrad händelse är av ett slag som servern inte känner till. "
       "Uppgradera servern."},
      {error::v1::REASON_SHUTTING_DOWN,
       "Servern stängs. Sänd om när den har startat igen."},
      {error::v1::REASON_LEASE_ENDED,
       "Lånet ”{lease}” gäller inte längre, eller är någon annans. Inget "
       "ändrades; gå vidare med det som ges härnäst, händelserna kommer igen."},
      {error::v1::REASON_GROUP_EXISTS,
       "Konsumentgruppen {group} finns redan med andra inställningar. Använd "
       "den som den är, ändra den eller välj ett annat namn."},
      {error::v1::REASON_DISPOSED,
       "{field}: personuppgifterna om denna person är gallrade, och inget mer "
       "förseglas under pseudonymen. Lämna bort uppgiften, eller ge personen "
       "en "
       "ny pseudonym."},
      {error::v1::REASON_RATE_EXCEEDED,
       "En anropare får ha {limit} av {what}, och den här har det. Vänta och "
       "sänd om."},
      {error::v1::REASON_CONTENTION,
       "Andra registreringar om samma saker hann före, {attempts} gånger. Sänd "
       "samma anrop igen."},
  };
  return sentences;
}

// Which of the events are recorded, where that is known (see recorder.cc).
std::string_view IdConflictSentence(const google::rpc::ErrorInfo& info) {
  if (info.metadata().contains("differing")) {
    return "Redan registrerat med annat innehåll: händelse {differing} i "
           "sändningen (räknat från 1). Det registrerade rättas med "
           "event_corrected; är det en annan händelse, ge den ett eget id "
           "eller en egen källreferens.";
  }
  if (info.metadata().contains("unchanged")) {
    return "Redan registrerat, oförändrat, men i en annan sändning: händelse "
           "{unchanged} i sändningen (räknat från 1). Lämna bort dem ur "
           "sändningen.";
  }
  return {};
}

// Of what is not there; empty where no more is known than that.
std::string_view NotFoundSentence(const google::rpc::ErrorInfo& info) {
  if (info.metadata().contains("group")) {
    return "Det finns ingen konsumentgrupp {group}. Stora och små bokstäver "
           "skiljs åt.";
  }
  if (info.metadata().contains("consumer")) {
    return "Det finns ingen plats med namnet ”{consumer}”. Stora och små "
           "bokstäver skiljs åt.";
  }
  return {};
}

// Of what there may be no more of, of one organisation or of all together.
std::string_view TooManySentence(const google::rpc::ErrorInfo& info) {
  const auto found = info.metadata().find("what");
  if (found == info.metadata().end()) return {};
  const std::string& what = found->second;
  const bool of_one = info.metadata().contains("owner");
  if (what == "named positions") {
    return of_one ? "Organisationen {owner} har {value} namngivna platser, och "
                    "fler får den inte ha. Ta bort dem som ingen använder."
                  : "Det finns {value} namngivna platser, och fler får det "
                    "inte bli. Ta bort dem som ingen använder.";
  }
  if (what == "groups") {
    return of_one ? "Organisationen {owner} har {value} konsumentgrupper, och "
                    "fler får den inte ha. Ta bort dem som ingen använder."
                  : "Det finns {value} konsumentgrupper, och fler får ni inte "
                    "göra. Ta bort dem som ingen använder.";
  }
  return {};
}

// Of a named position that does not grow.
std::string_view RevisionConflictSentence(const google::rpc::ErrorInfo& info) {
  if (!info.metadata().contains("recorded")) return {};
  return "”{consumer}” har redan kommit till {recorded}, och {actual} är inte "
         "längre fram. Gå vidare efter {recorded}.";
}

}  // namespace

absl::Status InLanguage(const absl::Status& status, codec::Language language) {
  if (status.ok() || language != codec::Language::kSwedish) return status;
  const error::v1::Reason reason = ReasonOf(status);
  const auto payload = status.GetPayload(kErrorInfoUrl);
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) {
    return status;
  }
  std::string_view words;
  if (reason == error::v1::REASON_ID_CONFLICT) words = IdConflictSentence(info);
  if (reason == error::v1::REASON_NOT_FOUND) words = NotFoundSentence(info);
  if (reason == error::v1::REASON_LIMIT_EXCEEDED) {
    words = TooManySentence(info);
  }
  if (reason == error::v1::REASON_REVISION_CONFLICT) {
    words = RevisionConflictSentence(info);
  }
  if (const auto sentence = Sentences().find(reason);
      words.empty() && sentence != Sentences().end()) {
    words = sentence->second;
  }
  if (words.empty()) return status;
  std::vector<std::pair<std::string, std::string>> values = {
      {"{english}", std::string(status.message())}};
  for (const auto& [name, value] : info.metadata()) {
    values.emplace_back(absl::StrCat("{", name, "}"), value);
  }
  absl::Status translated(status.code(),
                          absl::StrReplaceAll(std::string(words), values));
  status.ForEachPayload(
      [&translated](absl::string_view url, const absl::Cord& value) {
        translated.SetPayload(url, value);
      });
  return translated;
}

}  // namespace samverk
