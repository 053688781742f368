#include "proto/codec/json_problem.h"

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "proto/codec/errors.h"

namespace samverk::codec {
namespace {

// "{name}" stands for the value of that name; "{…}" for itself.
struct Entry {
  JsonProblem problem;
  std::string_view name;
  std::string_view english;
  std::string_view swedish;
};

constexpr Entry kEntries[] = {
    {JsonProblem::kByteOrderMark, "byte_order_mark",
     "the text begins with a byte order mark; save it as UTF-8 without "
     "one",
     "texten börjar med ett byteordningsmärke; spara den som UTF-8 "
     "utan ett sådant"},
    {JsonProblem::kNotUtf8, "not_utf8",
     "the text is not UTF-8 here; save it as UTF-8",
     "texten är inte UTF-8 här; spara den som UTF-8"},
    {JsonProblem::kEndsEarly, "ends_early",
     "the text ends where {expected} was expected",
     "texten slutar där {expected} väntades"},
    {JsonProblem::kSingleQuotes, "single_quotes",
     "texts stand in double quotes (\"), not single ones",
     "texter står inom dubbla citattecken (\"), inte enkla"},
    {JsonProblem::kComment, "comment", "JSON has no comments; take them out",
     "JSON har inga kommentarer; ta bort dem"},
    {JsonProblem::kUnexpected, "unexpected",
     "{found} stands where {expected} was expected",
     "{found} står där {expected} väntades"},
    {JsonProblem::kEmpty, "empty", "the text is empty", "texten är tom"},
    {JsonProblem::kTrailingComma, "trailing_comma",
     "a comma stands before {closed}; take it out",
     "ett kommatecken står före {closed}; ta bort det"},
    {JsonProblem::kTooManyValues, "too_many_values",
     "more than {limit} values stand in one; split it",
     "fler än {limit} värden står i ett; dela upp det"},
    {JsonProblem::kTooDeep, "too_deep",
     "more than {limit} levels lie within each other",
     "fler än {limit} nivåer ligger i varandra"},
    {JsonProblem::kNameTwice, "name_twice", "the name {name} is given twice",
     "namnet {name} står två gånger"},
    {JsonProblem::kLeadingZero, "leading_zero",
     "a number cannot begin with 0 and more digits; codes and numbers "
     "with leading zeros are texts, in double quotes",
     "ett tal kan inte börja med 0 och fler siffror; koder och nummer "
     "med inledande nollor är texter, inom dubbla citattecken"},
    {JsonProblem::kNotAValue, "not_a_value",
     "{found} is not a value of JSON; texts stand in double quotes",
     "{found} är inget värde i JSON; texter står inom dubbla "
     "citattecken"},
    {JsonProblem::kTextUnended, "text_unended",
     "the text that begins here never ends",
     "texten som börjar här tar aldrig slut"},
    {JsonProblem::kTextOverLines, "text_over_lines",
     "a text goes on over the end of the line; write \\n for a line "
     "break within it",
     "en text fortsätter efter radens slut; skriv \\n för en "
     "radbrytning i den"},
    {JsonProblem::kControlCharacter, "control_character",
     "a control character stands in a text; write it as \\u00NN or "
     "take it out",
     "ett styrtecken står i en text; skriv det som \\u00NN eller ta "
     "bort det"},
    {JsonProblem::kUnknownEscape, "unknown_escape",
     "a backslash stands before something that JSON does not know; "
     "write \\\\ for a backslash",
     "ett omvänt snedstreck står före något som JSON inte känner till; "
     "skriv \\\\ för ett omvänt snedstreck"},
    {JsonProblem::kEscapeWithoutDigits, "escape_without_digits",
     "\\u is not followed by four hexadecimal digits",
     "\\u följs inte av fyra hexadecimala siffror"},
    {JsonProblem::kHalfSurrogate, "half_surrogate",
     "half of a surrogate pair stands alone; write the character "
     "itself",
     "ett halvt surrogatpar står ensamt; skriv själva tecknet"},
    {JsonProblem::kNotAnObject, "not_an_object",
     "{found} stands where an object ({…}) belongs: {type}",
     "{found} står där ett objekt ({…}) hör hemma: {type}"},
    {JsonProblem::kUnknownField, "unknown_field", "{type} has no field {name}",
     "{type} har inget fält {name}"},
    {JsonProblem::kMisspeltField, "misspelt_field",
     "{type} has no field {name}; did you mean \"{nearest}\"?",
     "{type} har inget fält {name}; menades ”{nearest}”?"},
    {JsonProblem::kFieldTwice, "field_twice",
     "given twice, as \"{first}\" and as \"{name}\"",
     "fältet står två gånger, som ”{first}” och som ”{name}”"},
    {JsonProblem::kSecondOfOneof, "second_of_oneof",
     "only one {oneof} may be given, and \"{first}\" is given already",
     "bara en {oneof} får anges, och ”{first}” är redan angiven"},
    {JsonProblem::kNotAList, "not_a_list",
     "{found} stands where a list ([…]) belongs",
     "{found} står där en lista ([…]) hör hemma"},
    {JsonProblem::kNullInList, "null_in_list",
     "null stands in a list; leave it out",
     "null står i en lista; ta bort det"},
    {JsonProblem::kNotABool, "not_a_bool",
     "{found} stands where true or false belongs",
     "{found} står där true eller false hör hemma"},
    {JsonProblem::kNotWhole, "not_whole",
     "{found} is not a whole number written with digits alone",
     "{found} är inget heltal skrivet med enbart siffror"},
    {JsonProblem::kNotWholeOre, "not_whole_ore",
     "{found} is not a whole number of öre written with digits alone",
     "{found} är inget helt antal ören skrivet med enbart siffror"},
    {JsonProblem::kOutOfRange, "out_of_range",
     "{found} lies outside {least} to {most}",
     "{found} ligger utanför {least} till {most}"},
    {JsonProblem::kUnknownEnum, "unknown_enum",
     "{found} is not a {type}; give {values}",
     "{found} är ingen {type}; ange {values}"},
    {JsonProblem::kMisspeltEnum, "misspelt_enum",
     "{found} is not a {type}; did you mean {nearest}?",
     "{found} är ingen {type}; menades {nearest}?"},
    {JsonProblem::kNotAText, "not_a_text",
     "{found} stands where a text (in double quotes) belongs",
     "{found} står där en text (inom dubbla citattecken) hör hemma"},
    {JsonProblem::kNotBase64, "not_base64",
     "{found} is not base64, which bytes are written in",
     "{found} är inte base64, som byte skrivs i"},
    {JsonProblem::kNotATime, "not_a_time",
     "{found} is not an instant; write it as \"2025-10-14T16:30:00Z\"",
     "{found} är ingen tidpunkt; skriv den som ”2025-10-14T16:30:00Z”"},
    {JsonProblem::kNotADuration, "not_a_duration",
     "{found} is not a duration; write it as \"1.5s\"",
     "{found} är ingen varaktighet; skriv den som ”1.5s”"},
    {JsonProblem::kNotReadable, "not_readable",
     "this kind of field is not read from JSON",
     "den här sortens fält läses inte ur JSON"},
    {JsonProblem::kNoFact, "no_fact",
     "the event states no fact; give one, such as \"cost_booked\": {…}",
     "händelsen anger inget faktum; ange ett, som \"cost_booked\": {…}"},
    {JsonProblem::kNoEvents, "no_events",
     "the text holds no events; give one a line, or an array of them",
     "texten innehåller inga händelser; ange en per rad, eller en "
     "lista av dem"},
};
static_assert(sizeof(kEntries) / sizeof(kEntries[0]) == kJsonProblems);

// What stands in values in English: kinds of values, and what was expected.
struct Word {
  std::string_view english;
  std::string_view swedish;
};
constexpr Word kWords[] = {
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {"a number", "ett tal"},
    {"a text", "en text"},
    {"an array", "en lista"},
    {"an object", "ett objekt"},
    {"a value", "ett värde"},
    {"a digit", "en siffra"},
    {"a name in quotes", "ett namn inom citattecken"},
    {"the end of the text", "textens slut"},
    {"the end of the line", "radens slut"},
    {"\",\" or \"}\"", "\",\" eller \"}\""},
    {"\",\" or \"]\"", "\",\" eller \"]\""},
};

std::string_view InSwedish(std::string_view value) {
  for (const Word& word : kWords) {
    if (word.english == value) return word.swedish;
  }
  return value;
}

const Entry& EntryOf(JsonProblem problem) {
  return kEntries[static_cast<size_t>(problem)];
}

}  // namespace

std::string_view JsonProblemName(JsonProblem problem) {
  return EntryOf(problem).name;
}

std::string JsonProblemText(JsonProblem problem, const JsonValues& values,
                            Language language) {
  const bool swedish = language == Language::kSwedish;
  std::string_view left =
      swedish ? EntryOf(problem).swedish : EntryOf(problem).english;
  std::string text;
  while (!left.empty()) {
    const size_t open = left.find('{');
    text += left.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = left.find('}', open);
    const std::string_view name = left.substr(open + 1, close - open - 1);
    bool found = false;
    for (const auto& [given, value] : values) {
      if (given != name) continue;
      text += swedish ? InSwedish(value) : std::string_view(value);
      found = true;
    }
    if (!found) text += left.substr(open, close - open + 1);
    left.remove_prefix(close + 1);
  }
  return text;
}

std::string JsonErrorText(const absl::Status& status, Language language) {
  const std::string message(status.message());
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload(View(kErrorInfoUrl));
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) {
    return message;
  }
  const auto named = info.metadata().find("problem");
  if (named == info.metadata().end()) return message;
  for (const Entry& entry : kEntries) {
    if (entry.name != named->second) continue;
    const JsonValues values(info.metadata().begin(), info.metadata().end());
    const std::string text = JsonProblemText(entry.problem, values, language);
    const auto line = info.metadata().find("line");
    if (line == info.metadata().end()) return text;
    const bool swedish = language == Language::kSwedish;
    const std::string& path = info.metadata().at("path");
    return absl::StrCat(swedish ? "rad " : "line ", line->second,
                        swedish ? ", kolumn " : ", column ",
                        info.metadata().at("column"), ": ", path,
                        path.empty() ? "" : ": ", text);
  }
  return message;
}

}  // namespace samverk::codec
