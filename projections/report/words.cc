#include "projections/report/words.h"

#include <array>
#include <utility>

namespace samverk::projections {

namespace v1 = event::v1;

namespace {

constexpr Words kUnknown = {"okänt", "unknown"};

// The words at the place of an enum's number.
template <size_t kSize>
Words At(const std::array<Words, kSize>& table, int value) {
  if (value < 0 || static_cast<size_t>(value) >= kSize) return kUnknown;
  return table[static_cast<size_t>(value)];
}

constexpr std::array<Words, 7> kActivityKinds = {{
    kUnknown,
    {"möte", "meeting"},
    {"trygghetsvandring", "safety walk"},
    {"boendedialog", "resident dialogue"},
    {"workshop", "workshop"},
    {"evenemang", "community event"},
    {"enkät", "survey"},
}};

constexpr std::array<Words, 7> kActivityPlurals = {{
    {"aktiviteter", "activities"},
    {"möten", "meetings"},
    {"trygghetsvandringar", "safety walks"},
    {"boendedialoger", "resident dialogues"},
    {"workshoppar", "workshops"},
    {"evenemang", "community events"},
    {"enkäter", "surveys"},
}};

constexpr std::array<Words, 10> kDocumentKinds = {{
    {"övrigt", "other"},
    {"rapport", "report"},
    {"beslut", "decision"},
    {"verifikation", "voucher"},
    {"anteckningar", "minutes"},
    {"schema", "schedule"},
    {"budget och utfall", "budget and actuals"},
    {"erfarenheter", "experience"},
    {"foto", "photograph"},
    {"övrigt", "other"},
}};

constexpr std::array<Words, 13> kFindingCategories = {{
    {"annat", "other"},
    {"belysning", "lighting"},
    {"växtlighet", "vegetation"},
    {"sikt och överblick", "sightlines"},
    {"trafik", "traffic"},
    {"klotter", "graffiti"},
    {"nedskräpning", "litter"},
    {"skadegörelse", "vandalism"},
    {"orienterbarhet", "wayfinding"},
    {"tillgänglighet", "accessibility"},
    {"folkliv", "street life"},
    {"utemiljö", "outdoor environment"},
    {"annat", "other"},
}};

constexpr std::array<Words, 4> kLights = {{
    {"", ""},
    {"i dagsljus", "in daylight"},
    {"i skymning eller gryning", "at dusk or dawn"},
    {"i mörker", "in the dark"},
}};

constexpr std::array<Words, 7> kDeclineReasons = {{
    kUnknown,
    {"ej rådighet", "no control over the place"},
    {"kostnad", "cost"},
    {"motverkar annat", "counterproductive"},
    {"redan åtgärdat", "already done"},
    {"dubblett", "duplicate"},
    {"annat skäl", "other reason"},
}};

constexpr std::array<Words, 6> kInKindKinds = {{
    kUnknown,
    {"arbetstid", "working time"},
    {"styrgruppsarbete", "steering-group work"},
    {"projektledning", "project leadership"},
    {"lokaler", "premises"},
    {"material", "material"},
}};

constexpr std::array<Words, 9> kInitiativeStatuses = {{
    kUnknown,
    {"inskickat", "submitted"},
    {"publicerat", "published"},
    {"minst 100 röster", "at least 100 votes"},
    {"hos nämnden", "with the committee"},
    {"bifall", "granted"},
    {"avslag", "rejected"},
    {"besvarat, arbete pågår", "answered, work goes on"},
    {"avslutat med färre än 100 röster", "ended with fewer than 100 votes"},
}};

constexpr std::array<Words, 5> kMeasureEffects = {{
    kUnknown,
    {"avsedd effekt", "effect as intended"},
    {"delvis effekt", "effect in part"},
    {"ingen effekt", "no effect"},
    {"effekten går inte att avgöra", "effect cannot be told"},
}};

constexpr std::array<Words, 4> kAgreements = {{
    kUnknown,
    {"instämmer helt", "agrees fully"},
    {"instämmer delvis", "agrees in part"},
    {"instämmer inte", "does not agree"},
}};

constexpr std::array<Words, 8> kRoleKinds = {{
    {"deltagare", "participant"},
    {"huvudansvarig", "lead"},
    {"deltagare", "participant"},
    {"finansiär", "funder"},
    {"rådgivare", "adviser"},
    {"mottagare av rapporten", "addressee of the report"},
    {"controller", "controller"},
    {"medlem i styrgruppen", "member of the steering group"},
}};

constexpr std::array<Words, 5> kHedges = {{
    {"", ""},
    {"", ""},
    {"en förhoppning, inte ett utfall", "a hope, not an outcome"},
    {"en avsikt: planerat, inte genomfört", "an intention: planned, not done"},
    {"preliminärt", "preliminary"},
}};

constexpr std::array<Words, 6> kActivityStates = {{
    kUnknown,
    {"planerad", "planned"},
    {"flyttad", "moved"},
    {"genomförd", "held"},
    {"inställd", "cancelled"},
    {"utfall saknas", "outcome missing"},
}};

constexpr std::array<Words, 12> kFindingStates = {{
    kUnknown,
    {"registrerad", "registered"},
    {"sammanslagen", "merged"},
    {"tilldelad", "assigned"},
    {"åtgärd föreslagen", "measure proposed"},
    {"åtgärd planerad", "measure planned"},
    {"åtgärd genomförd", "measure carried out"},
    {"utvärderad", "evaluated"},
    {"avslutad", "closed"},
    {"avböjd", "declined"},
    {"bevakas", "watched"},
    {"återöppnad", "reopened"},
}};

constexpr std::array<Words, 9> kMeasureStates = {{
    kUnknown,
    {"föreslagen", "proposed"},
    {"beslutad", "decided"},
    {"planerad", "planned"},
    {"påbörjad", "started"},
    {"genomförd", "carried out"},
    {"utvärderad", "evaluated"},
    {"stängd", "closed"},
    {"avbruten", "abandoned"},
}};

constexpr std::array<Words, 7> kInKindStates = {{
    kUnknown,
    {"uppgiven", "stated"},
    {"specificerad", "specified"},
    {"attesterad", "attested"},
    {"godtagen", "accepted"},
    {"delvis underkänd", "rejected in part"},
    {"underkänd", "rejected"},
}};

constexpr std::array<Words, 11> kGrantStates = {{
    kUnknown,
    {"ansökt", "applied for"},
    {"beviljat", "awarded"},
    {"delvis utbetalt", "disbursed in part"},
    {"utbetalt", "disbursed"},
    {"används", "in use"},
    {"slutredovisat", "reported"},
    {"kompletteras", "returned with questions"},
    {"godkänt", "approved"},
    {"återkrävt", "reclaimed"},
    {"avslutat utan rest", "settled, nothing left"},
}};

constexpr std::array<Words, 4> kCheckStates = {{
    kUnknown,
    {"öppen", "open"},
    {"förklarad", "explained"},
    {"åtgärdad", "resolved"},
}};

constexpr std::array<Words, 5> kGrades = {{
    kUnknown,
    {"påstådd", "claimed"},
    {"belagd", "substantiated"},
    {"oberoende styrkt", "independently confirmed"},
    {"ifrågasatt", "disputed"},
}};

struct CodedWords {
  std::string_view code;
  Words words;
};

constexpr std::array<CodedWords, 5> kLacks = {{
    {"owner", {"ansvarig", "owner"}},
    {"place", {"plats", "place"}},
    {"date", {"datum", "date"}},
    {"decision", {"beslut", "decision"}},
    {"cost", {"kostnad", "cost"}},
}};

constexpr std::array<CodedWords, 14> kRules = {{
    {"C1", {"olika grund för totalsumman", "total mixes two bases"}},
    {"C2",
     {"använt, utbetalt och beviljat är inte avstämt",
      "used, disbursed and granted not reconciled"}},
    {"C3", {"disposition av rest saknas", "remainder without disposition"}},
    {"C4", {"använt utan verifikationer", "used without vouchers"}},
    {"C5", {"egen insats utan delposter", "in-kind without parts"}},
    {"C6", {"möjlig dubbelfinansiering", "possible double financing"}},
    {"C7", {"kostnad utanför perioden", "cost outside the period"}},
    {"C8", {"ofullständig plan", "incomplete plan"}},
    {"C9", {"effekt påstådd i förväg", "effect claimed ahead"}},
    {"C10",
     {"aktivitet utan utfall eller antal", "activity without outcome or number"}},
    {"C11", {"bilaga saknas", "attachment missing"}},
    {"C12",
     {"aktör i text men inte i tabellen",
      "actor in the text, not in the table"}},
    {"C13", {"gammal uppskattning", "old estimate"}},
    {"C14", {"registrerat och attesterat av samma", "recorder is attester"}},
}};

}  // namespace

Words WordsFor(v1::ActivityKind kind) { return At(kActivityKinds, kind); }
Words WordsFor(v1::DocumentKind kind) { return At(kDocumentKinds, kind); }
Words WordsFor(v1::FindingCategory category) {
  return At(kFindingCategories, category);
}
Words WordsFor(v1::DeclineReason reason) { return At(kDeclineReasons, reason); }
Words WordsFor(v1::InKindKind kind) { return At(kInKindKinds, kind); }
Words WordsFor(v1::InitiativeStatus status) {
  return At(kInitiativeStatuses, status);
}
Words WordsFor(v1::MeasureEffect effect) { return At(kMeasureEffects, effect); }
Words WordsFor(v1::Agreement agreement) { return At(kAgreements, agreement); }
Words WordsFor(v1::RoleKind kind) { return At(kRoleKinds, kind); }
Words WordsFor(v1::Hedge hedge) { return At(kHedges, hedge); }
Words WordsFor(v1::LightCondition light) { return At(kLights, light); }
Words WordsFor(view::v1::ActivityState state) {
  return At(kActivityStates, state);
}
Words WordsFor(view::v1::FindingState state) {
  return At(kFindingStates, state);
}
Words WordsFor(view::v1::MeasureState state) {
  return At(kMeasureStates, state);
}
Words WordsFor(view::v1::InKindState state) { return At(kInKindStates, state); }
Words WordsFor(view::v1::GrantState state) { return At(kGrantStates, state); }
Words WordsFor(view::v1::CheckState state) { return At(kCheckStates, state); }
Words WordsFor(view::v1::Grade grade) { return At(kGrades, grade); }

Words PluralFor(v1::ActivityKind kind) { return At(kActivityPlurals, kind); }

Words WordsForLack(std::string_view code) {
  for (const CodedWords& lack : kLacks) {
    if (lack.code == code) return lack.words;
  }
  return kUnknown;
}

Words WordsForRule(std::string_view rule) {
  for (const CodedWords& known : kRules) {
    if (known.code == rule) return known.words;
  }
  return {"anmärkning", "remark"};
}

std::string JoinList(const std::vector<std::string>& parts,
                     codec::Language language) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      const bool last = i + 1 == parts.size();
      text += last ? Words{" och ", " and "}.In(language) : ", ";
    }
    text += parts[i];
  }
  return text;
}

std::string Capitalised(std::string_view text) {
  std::string result(text);
  if (result.empty()) return result;
  const auto first = static_cast<unsigned char>(result[0]);
  if (first >= 'a' && first <= 'z') {
    result[0] = static_cast<char>(first - 'a' + 'A');
  } else if (first == 0xC3 && result.size() > 1) {
    // U+00E0 to U+00FE but the division sign: capitals are 0x20 before.
    const auto second = static_cast<unsigned char>(result[1]);
    if (second >= 0xA0 && second <= 0xBE && second != 0xB7) {
      result[1] = static_cast<char>(second - 0x20);
    }
  }
  return result;
}

}  // namespace samverk::projections
