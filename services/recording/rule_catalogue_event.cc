// The words of the rules that are about the event alone.
#include "services/recording/rule_catalogue.h"

namespace samverk::recording {
namespace {

constexpr RuleEntry kEntries[] = {
    {Rule::kEventIdMissing, "EVENT_ID_MISSING", true,
     "Händelsen saknar id. Ge den ett nytt UUID, eller ange både source.system "
     "och source.ref så att ett id kan bildas av dem.",
     "The event has no id. Give it a new UUID, or give both source.system and "
     "source.ref so that an id can be made of them.",
     "An event without an id, when none can be made of its source.", ""},
    {Rule::kEventIdInvalid, "EVENT_ID_INVALID", true,
     "Händelsens id ”{value}” är inte ett UUID. Skriv det med 36 tecken, som "
     "018bcfe5-6800-7000-8000-00000000002a.",
     "The event's id \"{value}\" is not a UUID. Write it with 36 characters, "
     "like 018bcfe5-6800-7000-8000-00000000002a.",
     "An event id that is not a UUID, or is all zeros.", "value=event-17"},
    {Rule::kEventIdRepeated, "EVENT_ID_REPEATED", true,
     "Händelsens id {id} har också händelse {other} i samma sändning (räknat "
     "från 1). Ge varje händelse ett eget id.",
     "The event's id {id} is also that of event {other} of the same batch "
     "(counted from 1). Give each event an id of its own.",
     "Two events of a batch with the same id.",
     "id=018bcfe5-6800-7000-8000-00000000002a|other=3"},
    {Rule::kSourceRepeated, "SOURCE_REPEATED", true,
     "Källans referens ”{ref}” i ”{system}” har också händelse {other} i samma "
     "sändning (räknat från 1). Ett faktum i källan sänds en gång; ange var i "
     "källan det står om de är två.",
     "The source's reference \"{ref}\" in \"{system}\" is also that of event "
     "{other} of the same batch (counted from 1). A fact of a source is sent "
     "once; if they are two, say where in the source each stands.",
     "Two events of a batch with the same source system and reference.",
     "ref=aterrapport-2025#2.1|system=docx-import|other=3"},
    {Rule::kProcessDiffers, "PROCESS_DIFFERS", true,
     "Händelsen hör till processen ”{process}”, men sändningen till "
     "”{expected}”. Sänd en process i taget.",
     "The event belongs to the process \"{process}\", but the batch to "
     "\"{expected}\". Send one process at a time.",
     "A batch, or a correction and its replacement, of more than one process.",
     "process=sofielund|expected=augustenborg"},
    {Rule::kFactMissing, "FACT_MISSING", true,
     "Händelsen säger inte vad som har hänt. Ange ett faktum, till exempel "
     "finding_logged.",
     "The event does not say what happened. Give one fact, such as "
     "finding_logged.",
     "An event without a fact.", ""},
    {Rule::kFieldUnknown, "FIELD_UNKNOWN", true,
     "Händelsen har fält som servern inte känner till (nummer {numbers}). "
     "Uppgradera servern, eller sänd händelsen utan dem.",
     "The event has fields that the server does not know (numbers {numbers}). "
     "Upgrade the server, or send the event without them.",
     "Fields, and kinds of fact, that this server's contract does not have: "
     "nobody could check or show them.",
     "numbers=412"},
    {Rule::kTimeInFuture, "TIME_IN_FUTURE", true,
     "Händelsen sägs ha inträffat {value}, som inte har börjat än "
     "({today}). Rätta tiden; det som planeras anges i ett eget fält.",
     "The event is said to have occurred at {value}, which has not begun yet "
     "({today}). Correct the time; what is planned has a field of its own.",
     "A time of occurrence that begins more than an hour after now.",
     "value=2027-03|today=2026-11-23"},
    {Rule::kSecrecyGroundMissing, "SECRECY_GROUND_MISSING", true,
     "Händelsen är hemlig men säger inte enligt vilket lagrum. Ange kapitel "
     "och paragraf i secrecy_ground.",
     "The event is secret but does not say by which law. Give chapter and "
     "section in secrecy_ground.",
     "Visibility SECRET without a ground in law.", ""},
    {Rule::kSourceIncomplete, "SOURCE_INCOMPLETE", true,
     "Källans referens ”{ref}” anges utan system. Ange source.system, för "
     "en referens gäller bara inom sitt system.",
     "The source's reference \"{ref}\" is given without a system. Give "
     "source.system, for a reference holds within its system alone.",
     "A source reference without a source system.", "ref=aterrapport-2025#2.1"},
    {Rule::kEvidenceEmpty, "EVIDENCE_EMPTY", true,
     "Underlaget pekar inte på något. Ange dokument, fil (sha256), titel eller "
     "diarienummer, eller ta bort det.",
     "The evidence points at nothing. Give a document, a file (sha256), a "
     "title or a registry number, or leave it out.",
     "Evidence without document, hash, title and registry number.", ""},
    {Rule::kTooManyReferences, "TOO_MANY_REFERENCES", true,
     "Händelsen handlar om {count} saker (aktörer, aktiviteter, "
     "iakttagelser …), men kan märkas med högst {limit}. Dela upp den, eller "
     "nämn grupper i stället för enskilda.",
     "The event is about {count} things (actors, activities, findings …), but "
     "can be tagged with {limit} at most. Divide it, or name groups in place "
     "of single ones.",
     "An event that names more entities than it can have tags.",
     "count=40|limit=30"},

    {Rule::kFieldMissing, "FIELD_MISSING", true,
     "Fältet {field} är obligatoriskt men saknar värde. Fyll i det.",
     "The field {field} is required but has no value. Fill it in.",
     "A required field that is empty, unspecified or shows nothing but spaces.",
     ""},
    {Rule::kIdInvalid, "ID_INVALID", true,
     "”{value}” kan inte vara ett id. Ett id har 1 till {limit} tecken: "
     "a–z, 0–9, punkt, bindestreck och understreck, och börjar med en "
     "bokstav eller siffra.",
     "\"{value}\" cannot be an id. An id has 1 to {limit} characters: a–z, "
     "0–9, full stop, hyphen and underscore, and begins with a letter or a "
     "digit.",
     "An id that is not `[a-z0-9][a-z0-9._-]{0,63}` (a process: at most 40 "
     "characters).",
     "value=Gång- och cykelvägen|limit=64"},
    {Rule::kCheckIdInvalid, "CHECK_ID_INVALID", true,
     "”{value}” kan inte vara en kontrolls id. Använd det som "
     "kontrollistan visar, som ”C3/fgk-2025”, högst {limit} byte.",
     "\"{value}\" cannot be a check's id. Use the one that the list of checks "
     "shows, such as \"C3/fgk-2025\", at most {limit} bytes.",
     "A check id that is neither an id nor that of a derived check (\"C3/…\"), "
     "or "
     "is longer than 80 bytes.",
     "value=C3 fgk|limit=80"},
    {Rule::kUuidInvalid, "UUID_INVALID", true,
     "”{value}” är inte id för en händelse. Ange händelsens UUID, 36 tecken.",
     "\"{value}\" is not the id of an event. Give the event's UUID, 36 "
     "characters.",
     "An event that is named by anything but a UUID.", "value=#12"},
    {Rule::kTextTooLong, "TEXT_TOO_LONG", true,
     "Texten i {field} är {bytes} byte, men får vara högst {limit}. Korta den, "
     "eller bifoga ett dokument.",
     "The text in {field} has {bytes} bytes, but may have {limit} at most. "
     "Shorten it, or attach a document.",
     "A text beyond its limit: 16 KiB, references 256 bytes, roles and "
     "pseudonyms 64 bytes.",
     "bytes=16385|limit=16384"},
    {Rule::kTextNotUtf8, "TEXT_NOT_UTF8", true,
     "Texten i {field} är inte giltig UTF-8. Koda om den; äldre svenska filer "
     "är ofta i Latin-1 eller CP437.",
     "The text in {field} is not valid UTF-8. Convert it; older Swedish files "
     "are often in Latin-1 or CP437.",
     "A text that is not UTF-8.", ""},
    {Rule::kTextHasControlCharacter, "TEXT_HAS_CONTROL_CHARACTER", true,
     "Texten i {field} har styrtecknet {character} vid byte {offset}. Skriv "
     "texten i ett stycke utan radbrytningar och tabbar.",
     "The text in {field} has the control character {character} at byte "
     "{offset}. Write the text in one paragraph without line breaks and tabs.",
     "Control characters, line breaks and marks that turn the direction of "
     "writing.",
     "character=U+000A|offset=17"},
    {Rule::kTextHasIdentityNumber, "TEXT_HAS_IDENTITY_NUMBER", true,
     "Texten i {field} har vad som ser ut som ett personnummer ({masked}, vid "
     "byte {offset}). Ta bort det; registret kan inte glömma.",
     "The text in {field} has what looks like a personal identity number "
     "({masked}, at byte {offset}). Take it out; the register cannot forget.",
     "A Swedish personal identity or coordination number: a possible date and "
     "a right check digit. In titles of documents not what reads as a day and "
     "a time.",
     "masked=80••••-••••|offset=9"},
    {Rule::kTextHasPhoneNumber, "TEXT_HAS_PHONE_NUMBER", true,
     "Texten i {field} har vad som ser ut som ett telefonnummer ({masked}, vid "
     "byte {offset}). Skriv vilken funktion som avses i stället.",
     "The text in {field} has what looks like a telephone number ({masked}, at "
     "byte {offset}). Name the function in its place.",
     "A Swedish telephone number, or one with a country's code.",
     "masked=07••-•• •• ••|offset=4"},
    {Rule::kTextHasEmailAddress, "TEXT_HAS_EMAIL_ADDRESS", true,
     "Texten i {field} har vad som ser ut som en e-postadress ({masked}, vid "
     "byte {offset}). Skriv vilken funktion som avses i stället.",
     "The text in {field} has what looks like an e-mail address ({masked}, at "
     "byte {offset}). Name the function in its place.",
     "An e-mail address.", "masked=n•••@•••.se|offset=12"},
    {Rule::kListTooLong, "LIST_TOO_LONG", true,
     "Listan {field} har {count} poster, men får ha högst {limit}. Dela upp "
     "händelsen.",
     "The list {field} has {count} entries, but may have {limit} at most. "
     "Divide the event.",
     "A list of more than 200 entries.", "count=201|limit=200"},
    {Rule::kListRepeats, "LIST_REPEATS", true,
     "”{value}” står mer än en gång i listan. Ange det en gång.",
     "\"{value}\" stands more than once in the list. Give it once.",
     "The same id or category twice in one list.", "value=f-12"},
    {Rule::kEnumUnknown, "ENUM_UNKNOWN", true,
     "{value} är inget värde som {field} kan ha. Uppgradera servern, eller "
     "använd ett värde som den känner till.",
     "{value} is no value that {field} can have. Upgrade the server, or use a "
     "value that it knows.",
     "A number that is no value of the field's enumeration.", "value=99"},
    {Rule::kValueNotAllowed, "VALUE_NOT_ALLOWED", true,
     "”{value}” är inget värde som {field} kan ha. Använd ett av: {allowed}.",
     "\"{value}\" is no value that {field} can have. Use one of: {allowed}.",
     "A unit, file format or language that is not in its list.",
     "value=dagar|allowed=h, m2h, st"},
    {Rule::kNumberOutOfRange, "NUMBER_OUT_OF_RANGE", true,
     "{field} är {value}, men ska vara {least} till {most}. Rätta värdet.",
     "{field} is {value}, but must be {least} to {most}. Correct the value.",
     "A number outside its range: phase, hours, quantity, coordinate, order.",
     "value=12|least=0|most=9"},
    {Rule::kTimeInvalid, "TIME_INVALID", true,
     "Tiden ”{value}” kan inte användas: {why}.",
     "The time \"{value}\" cannot be used. It {why}.",
     "A time that is not EDTF level 1, a date that does not exist, a year "
     "outside 1900 to 2200.",
     "value=2025-13|why=does not exist: there is no month 13"},
    {Rule::kHashInvalid, "HASH_INVALID", true,
     "{field} är {bytes} byte, men en SHA-256 är 32. Ange filens SHA-256, "
     "eller "
     "lämna fältet tomt om filen inte finns.",
     "{field} has {bytes} bytes, but a SHA-256 has 32. Give the file's "
     "SHA-256, "
     "or leave the field empty when there is no file.",
     "A hash of another length than 32 bytes.", "bytes=20"},
    {Rule::kMediaTypeInvalid, "MEDIA_TYPE_INVALID", true,
     "”{value}” är ingen medietyp. Skriv den som ”application/pdf”, eller "
     "lämna fältet tomt.",
     "\"{value}\" is no media type. Write it like \"application/pdf\", or "
     "leave the field empty.",
     "A media type that is not type/subtype.", "value=pdf"},
    {Rule::kLanguageInvalid, "LANGUAGE_INVALID", true,
     "”{value}” är ingen språkkod enligt BCP 47. Skriv till exempel ”sv”, "
     "”ar” eller ”en-GB”.",
     "\"{value}\" is no BCP 47 language tag. Write for instance \"sv\", "
     "\"ar\" or \"en-GB\".",
     "A language that is not a BCP 47 tag.", "value=svenska språket"},
    {Rule::kPersonalNotSealable, "PERSONAL_NOT_SEALABLE", true,
     "Personuppgiften i {field} kan inte tas emot: servern har inga nycklar "
     "att försegla den med, eller också är den förseglad av någon annan. Lämna "
     "den tom, eller sänd den i klartext till en server som har nycklar; "
     "pseudonymen får stå kvar.",
     "The personal data in {field} cannot be taken: the server has no keys to "
     "seal it with, or it is sealed by somebody else. Leave it out, or send it "
     "in clear to a server that has keys; the pseudonym may stay.",
     "Personal data that the server has no keys to seal, or that is sealed "
     "already.",
     ""},
    {Rule::kRefersToItself, "REFERS_TO_ITSELF", true,
     "{field} är ”{id}”, alltså det som händelsen själv handlar om. Ange "
     "ett annat id, eller lämna fältet tomt.",
     "{field} is \"{id}\", which is what the event itself is about. Give "
     "another id, or leave the field empty.",
     "A finding merged into itself, a line that gives to itself and the like.",
     "id=f-12"},

    {Rule::kCurrencyUnsupported, "CURRENCY_UNSUPPORTED", true,
     "Valutan är ”{value}”, men bara ”SEK” tas emot. Räkna om beloppet "
     "och ange orden i verbatim.",
     "The currency is \"{value}\", but only \"SEK\" is accepted. Convert the "
     "sum, and give the words in verbatim.",
     "Another currency than SEK.", "value=EUR"},
    {Rule::kAmountNegative, "AMOUNT_NEGATIVE", true,
     "Beloppet är {amount_ore}, men får inte vara negativt. Rätta det; en "
     "återföring har en egen händelse.",
     "The sum is {amount_ore}, but may not be negative. Correct it; a reversal "
     "is an event of its own.",
     "A negative sum.", "amount_ore=-27000000"},
    {Rule::kAmountNotPositive, "AMOUNT_NOT_POSITIVE", true,
     "Beloppet är {amount_ore}, men ska vara större än noll. Rätta det.",
     "The sum is {amount_ore}, but must be greater than zero. Correct it.",
     "A sum of zero or less where money is awarded, paid or booked.",
     "amount_ore=0"},
    {Rule::kAmountTooLarge, "AMOUNT_TOO_LARGE", true,
     "Beloppet är {amount_ore}, men kan vara högst {limit_ore}. Kontrollera "
     "att det är angivet i ören.",
     "The sum is {amount_ore}, but can be {limit_ore} at most. Check that it "
     "is given in öre.",
     "A sum beyond 10^15 öre.",
     "amount_ore=3000000000000000|limit_ore=1000000000000000"},
    {Rule::kAmountNotExact, "AMOUNT_NOT_EXACT", true,
     "En bokförd kostnad har ett exakt belopp. Sätt precision till exakt, "
     "eller registrera uppgiften som amount_stated.",
     "A booked cost has an exact sum. Set the precision to exact, or record "
     "the claim as amount_stated.",
     "A booked cost whose sum is not exact.", ""},
    {Rule::kHeadcountSum, "HEADCOUNT_SUM", true,
     "Kategorierna summerar till {sum} personer, men totalen är {total}. "
     "Rätta den av dem som är fel.",
     "The categories sum to {sum} people, but the total is {total}. Correct "
     "the one that is wrong.",
     "Categories that sum to more than the total.", "sum=34|total=30"},
    {Rule::kWhereEmpty, "WHERE_EMPTY", true,
     "Platsen är tom. Ange place, point eller description, eller ta bort "
     "den.",
     "The location is empty. Give place, point or description, or leave it "
     "out.",
     "A location without place, point and description.", ""},
    {Rule::kOutlineInvalid, "OUTLINE_INVALID", true,
     "Området har {points} punkter, eller slutar där det börjar. Ange en "
     "punkt, eller minst tre olika hörn utan att upprepa det första.",
     "The area has {points} points, or ends where it begins. Give one point, "
     "or "
     "at least three corners without repeating the first.",
     "An area of two points, or one whose first point is repeated at the end; "
     "a process's boundary of less than three.",
     "points=2"},
    {Rule::kOrganisationNumberInvalid, "ORGANISATION_NUMBER_INVALID", true,
     "”{masked}” är inget organisationsnummer. Skriv det som 556677-8899 med "
     "rätt kontrollsiffra; en enskild firmas nummer är ett personnummer och "
     "lämnas tomt.",
     "\"{masked}\" is no organisation number. Write it like 556677-8899 with "
     "its right check digit; a sole trader's number is a personal one and is "
     "left out.",
     "An organisation number of another form, with a wrong check digit, or "
     "that is a person's.",
     "masked=80••••-••••"},

    {Rule::kInKindProduct, "IN_KIND_PRODUCT", true,
     "{quantity_hundredths} × {rate_ore} är {product_ore}, men värdet är "
     "{value_ore}. Rätta antal, pris eller värde.",
     "{quantity_hundredths} × {rate_ore} is {product_ore}, but the value is "
     "{value_ore}. Correct quantity, rate or value.",
     "A contribution whose value is not quantity times rate, rounded half up "
     "to a whole öre.",
     "quantity_hundredths=57140|rate_ore=60000|product_ore=34284000|"
     "value_ore=34000000"},
    {Rule::kUnitMissing, "UNIT_MISSING", true,
     "Antalet {quantity_hundredths} saknar enhet. Ange unit: h, m2h eller st.",
     "The quantity {quantity_hundredths} has no unit. Give unit: h, m2h or st.",
     "A quantity without a unit.", "quantity_hundredths=57140"},
    {Rule::kReviewReasonMissing, "REVIEW_REASON_MISSING", true,
     "Insatsen underkänns helt eller delvis utan skäl. Ange reason.",
     "The contribution is rejected whole or in part without a reason. Give "
     "reason.",
     "A rejection, whole or in part, without a reason.", ""},
    {Rule::kAcceptedValueMissing, "ACCEPTED_VALUE_MISSING", true,
     "Insatsen underkänns delvis, men det sägs inte vad som är kvar. Ange "
     "accepted_value.",
     "The contribution is rejected in part, but it is not said what is left. "
     "Give accepted_value.",
     "A partial rejection without the value that is left.", ""},
    {Rule::kAcceptedValueUnexpected, "ACCEPTED_VALUE_UNEXPECTED", true,
     "Ett godtaget belopp ({amount_ore}) anges fast insatsen inte underkänns "
     "delvis. Ta bort accepted_value, eller ändra verdict.",
     "An accepted value ({amount_ore}) is given though the contribution is not "
     "rejected in part. Leave out accepted_value, or change the verdict.",
     "An accepted value with another verdict than partly rejected.",
     "amount_ore=30000000"},
    {Rule::kStatedGrantMissing, "STATED_GRANT_MISSING", true,
     "Beloppet sägs vara använt av ett bidrag, men inte av vilket. Ange "
     "grant.",
     "The sum is said to be used of a grant, but not of which. Give grant.",
     "A stated use of a grant without the grant.", ""},
    {Rule::kStatedContributorMissing, "STATED_CONTRIBUTOR_MISSING", true,
     "Beloppet sägs vara en egen insats, men inte vems. Ange contributor.",
     "The sum is said to be a contribution in kind, but not whose. Give "
     "contributor.",
     "A stated contribution in kind without its contributor.", ""},
    {Rule::kStatedPartInvalid, "STATED_PART_INVALID", true,
     "En del av totalen ska vara antingen ett uppgivet belopp (statement), ett "
     "bidrag (grant) eller enbart ord (label). Ange en av dem.",
     "A part of the total is either a stated sum (statement), a grant (grant) "
     "or words alone (label). Give one of them.",
     "A part of a total that is nothing, or both a statement and a grant.", ""},
    {Rule::kShiftIncomplete, "SHIFT_INCOMPLETE", true,
     "En förflyttning går från något till något, men {field} är tomt. Fyll i "
     "det, eller välj en annan sorts utfall.",
     "A shift goes from something to something, but {field} is empty. Fill it "
     "in, or choose another kind of outcome.",
     "An outcome of kind SHIFT without from or to.", ""},
    {Rule::kDecidingBodyMissing, "DECIDING_BODY_MISSING", true,
     "Det sägs inte vem som har beslutat om åtgärden. Ange decision eller "
     "body.",
     "It is not said who decided on the measure. Give decision or body.",
     "A decided measure without decision and without body.", ""},
    {Rule::kDisclosureGroundMissing, "DISCLOSURE_GROUND_MISSING", true,
     "Uppgifter maskeras eller vägras utan lagrum. Ange legal_ground, "
     "kapitel och paragraf i OSL.",
     "Data is masked or refused without a ground in law. Give legal_ground, "
     "chapter and section of the OSL.",
     "A disclosure that masks or refuses without a ground in law.", ""},
    {Rule::kSurveyAnswers, "SURVEY_ANSWERS", true,
     "{answers} har svarat av {asked} tillfrågade. Rätta det av talen som är "
     "fel.",
     "{answers} answered of {asked} who were asked. Correct the number that is "
     "wrong.",
     "A survey with more answers than people asked.", "answers=61|asked=60"},
    {Rule::kOccasionsInvalid, "OCCASIONS_INVALID", true,
     "Antalet tillfällen är {occasions}. En serie har minst 2, eller inget "
     "angivet antal; annars är det 1 eller utelämnat.",
     "The number of occasions is {occasions}. A series has at least 2, or no "
     "number; otherwise it is 1 or left out.",
     "A series of less than two occasions, or several without a series.",
     "occasions=1"},
    {Rule::kPhaseDecisionMissing, "PHASE_DECISION_MISSING", true,
     "Fasen ”{name}” inleds utan beslut. Ange decision, eller sätt "
     "claimed_only om ett dokument säger det och inget beslut är känt.",
     "The phase \"{name}\" begins without a decision. Give decision, or set "
     "claimed_only if a document says so and no decision is known.",
     "A phase that is entered with neither a decision nor `claimed_only`: a "
     "change of phase is decided, never computed from dates.",
     "name=etablering"},
    {Rule::kInitiativeVotes, "INITIATIVE_VOTES", true,
     "Initiativet har {votes} röster, vilket inte stämmer med läget "
     "{status}: gränsen går vid 100. Rätta röstetal eller läge.",
     "The initiative has {votes} votes, which does not agree with the status "
     "{status}: the line is at 100. Correct votes or status.",
     "THRESHOLD_REACHED with less than 100 votes, ENDED with 100 or more.",
     "votes=40|status=THRESHOLD_REACHED"},
    {Rule::kCheckIdReserved, "CHECK_ID_RESERVED", true,
     "Id ”{value}” är av det slag som registret ger kontroller som det "
     "härleder. Välj ett annat, som ”stickprov-1”.",
     "The id \"{value}\" is of the kind that the register gives to checks that "
     "it derives. Choose another, such as \"sample-1\".",
     "A check raised by hand with the id of a derived one.",
     "value=C3/fgk-2025"},
    {Rule::kReplacementHasId, "REPLACEMENT_HAS_ID", true,
     "Det som ska gälla har ett eget id ({value}). Lämna det tomt; rättelsens "
     "id gäller.",
     "The replacement has an id of its own ({value}). Leave it empty; the "
     "correction's id holds.",
     "A replacement with an id.", "value=018bcfe5-6800-7000-8000-00000000002a"},
    {Rule::kCorrectionNested, "CORRECTION_NESTED", true,
     "Det som ska gälla är självt en rättelse, återtagning eller makulering. "
     "Ange ett faktum.",
     "The replacement is itself a correction, a reversal or a void. Give the "
     "fact that shall hold.",
     "A correction within a correction.", ""},
};

}  // namespace

absl::Span<const RuleEntry> EventRules() { return kEntries; }

}  // namespace samverk::recording
