#include "services/access/refusal.h"

#include <cstddef>

#include "eventstore/base/error.h"

namespace samverk::access {
namespace {

constexpr RefusalEntry kEntries[] = {
    {Refusal::kNone, "none", "Godkänd.", "Let in."},

    {Refusal::kNothingShown, "nothing_shown",
     "Detta kräver inloggning. Sänd en åtkomsttoken (samverk --token-file FIL, "
     "eller Authorization: Bearer …) eller ett klientcertifikat.",
     "This needs a login. Send an access token (samverk --token-file FILE, or "
     "Authorization: Bearer …) or a client certificate."},
    {Refusal::kNotBearer, "not_bearer",
     "Huvudet Authorization är inte ”Bearer” och en åtkomsttoken. Andra sätt "
     "att logga in tar servern inte emot.",
     "The header Authorization is not \"Bearer\" and an access token. The "
     "server takes no other way to log in."},

    {Refusal::kTooLong, "token_too_long",
     "Åtkomsttoken är längre än 8 KiB. Be utfärdaren om en med färre "
     "uppgifter.",
     "The access token is longer than 8 KiB. Ask its issuer for one that says "
     "less."},
    {Refusal::kNotCompact, "token_not_compact",
     "Åtkomsttoken är inte tre delar med punkt emellan (JWS i kompakt form). "
     "Sänd hela, utan blanktecken.",
     "The access token is not three parts with full stops between (JWS in "
     "compact form). Send all of it, without spaces."},
    {Refusal::kNotBase64Url, "token_not_base64url",
     "En del av åtkomsttoken är inte base64url utan utfyllnad. Sänd den som "
     "utfärdaren gav den.",
     "A part of the access token is not base64url without padding. Send it as "
     "its issuer gave it."},
    {Refusal::kHeaderNotJson, "token_header_not_json",
     "Åtkomsttokens huvud är inte ett JSON-objekt där varje namn står en gång. "
     "Det är ett fel hos utfärdaren.",
     "The access token's header is not a JSON object in which each name stands "
     "once. Its issuer is at fault."},
    {Refusal::kAlgorithmRefused, "token_algorithm_refused",
     "Åtkomsttoken är inte signerad med RS256 eller ES256. Ställ om utfärdaren "
     "till ett av dem.",
     "The access token is not signed with RS256 or ES256. Set its issuer to "
     "one "
     "of them."},
    {Refusal::kCriticalExtension, "token_critical_extension",
     "Åtkomsttoken kräver utökningar (crit), och servern stöder inga. Ställ om "
     "utfärdaren.",
     "The access token demands extensions (crit), and the server has none. Set "
     "its issuer otherwise."},
    {Refusal::kTypeRefused, "token_type_refused",
     "Åtkomsttokens typ (typ) är varken JWT eller at+jwt. Sänd en "
     "åtkomsttoken, "
     "inte något annat som utfärdaren signerat.",
     "The access token's type (typ) is neither JWT nor at+jwt. Send an access "
     "token, not something else that its issuer signed."},
    {Refusal::kKeyNotNamed, "token_key_not_named",
     "Åtkomsttoken säger inte vilken nyckel den är signerad med (kid). Ställ "
     "om "
     "utfärdaren.",
     "The access token does not say which key it is signed with (kid). Set its "
     "issuer otherwise."},
    {Refusal::kKeyUnknown, "token_key_unknown",
     "Åtkomsttoken är signerad med en nyckel som servern inte känner. Hämta en "
     "ny; hjälper det inte, låt servern hämta utfärdarens nycklar igen.",
     "The access token is signed with a key that the server does not know. Get "
     "a new one; if that is no help, let the server fetch the issuer's keys "
     "again."},
    {Refusal::kAlgorithmNotOfKey, "token_algorithm_not_of_key",
     "Åtkomsttoken säger sig vara signerad på ett annat sätt än dess nyckel "
     "används till. Det är ett fel hos utfärdaren, eller en förfalskning.",
     "The access token claims to be signed in another way than its key is for. "
     "Its issuer is at fault, or it is a forgery."},
    {Refusal::kSignatureWrong, "token_signature_wrong",
     "Åtkomsttokens signatur stämmer inte. Sänd den som utfärdaren gav den, "
     "eller hämta en ny.",
     "The access token's signature does not hold. Send it as its issuer gave "
     "it, or get a new one."},

    {Refusal::kClaimsNotJson, "token_claims_not_json",
     "Åtkomsttokens uppgifter är inte ett JSON-objekt där varje namn står en "
     "gång. Det är ett fel hos utfärdaren.",
     "The access token's claims are not a JSON object in which each name "
     "stands "
     "once. Its issuer is at fault."},
    {Refusal::kIssuerWrong, "token_issuer_wrong",
     "Åtkomsttoken har en annan utfärdare (iss) än servern litar på. Hämta en "
     "från rätt utfärdare.",
     "The access token has another issuer (iss) than the server trusts. Get "
     "one "
     "from the right issuer."},
    {Refusal::kAudienceWrong, "token_audience_wrong",
     "Åtkomsttoken är inte utfärdad för den här servern (aud). Be om en för "
     "den.",
     "The access token was not issued for this server (aud). Ask for one for "
     "it."},
    {Refusal::kExpiryMissing, "token_expiry_missing",
     "Åtkomsttoken säger inte till när den gäller (exp). Ställ om utfärdaren.",
     "The access token does not say until when it holds (exp). Set its issuer "
     "otherwise."},
    {Refusal::kTimeInvalid, "token_time_invalid",
     "En tid i åtkomsttoken (exp, nbf eller iat) är inget antal sekunder "
     "mellan "
     "åren 1970 och 9999. Det är ett fel hos utfärdaren.",
     "A time of the access token (exp, nbf or iat) is no number of seconds "
     "between the years 1970 and 9999. Its issuer is at fault."},
    {Refusal::kExpired, "token_expired",
     "Åtkomsttoken gäller inte längre. Hämta en ny.",
     "The access token holds no longer. Get a new one."},
    {Refusal::kNotYetValid, "token_not_yet_valid",
     "Åtkomsttoken gäller inte än (nbf). Vänta, eller jämför klockorna.",
     "The access token does not hold yet (nbf). Wait, or compare the clocks."},
    {Refusal::kIssuedInFuture, "token_issued_in_future",
     "Åtkomsttoken är utfärdad i framtiden (iat). Jämför klockorna.",
     "The access token was issued in the future (iat). Compare the clocks."},
    {Refusal::kSubjectMissing, "token_subject_missing",
     "Åtkomsttoken säger inte vem den gäller (sub, 1 till 256 byte utan "
     "styrtecken). Ställ om utfärdaren.",
     "The access token does not say whom it is for (sub, 1 to 256 bytes "
     "without "
     "control characters). Set its issuer otherwise."},
    {Refusal::kOrganisationMissing, "token_organisation_missing",
     "Åtkomsttoken säger inte vilken organisation den gäller, eller anger "
     "inget "
     "id. Låt utfärdaren ange organisationens id i registret.",
     "The access token does not say which organisation it is for, or says no "
     "id. Let its issuer give the organisation's id in the register."},
    {Refusal::kRolesInvalid, "token_roles_invalid",
     "Åtkomsttokens roller är varken en lista av texter eller en text med "
     "mellanslag, eller är fler än 64. Ställ om utfärdaren.",
     "The access token's roles are neither a list of texts nor a text with "
     "spaces, or are more than 64. Set its issuer otherwise."},

    {Refusal::kLocalNotAToken, "local_token_not_a_token",
     "Det som sändes är ingen lokal token (samverk_ och 48 tecken). Kopiera "
     "hela, utan blanktecken.",
     "What was sent is no local token (samverk_ and 48 characters). Copy all "
     "of "
     "it, without spaces."},
    {Refusal::kLocalMistyped, "local_token_mistyped",
     "Den lokala token är felskriven: dess kontrolltecken stämmer inte. "
     "Kopiera "
     "den igen.",
     "The local token is mistyped: its check characters do not fit. Copy it "
     "again."},
    {Refusal::kLocalUnknown, "local_token_unknown",
     "Den lokala token är rätt skriven men finns inte i registret, eller är "
     "återkallad. Be om en ny.",
     "The local token is written as it should be, but the register has none "
     "such, or it was revoked. Ask for a new one."},
    {Refusal::kLocalExpired, "local_token_expired",
     "Den lokala token gäller inte längre. Be om en ny.",
     "The local token holds no longer. Ask for a new one."},

    {Refusal::kCertificateUnreadable, "certificate_unreadable",
     "Det som sändes är inte ett X.509-certifikat på högst 64 KiB. Sänd ett "
     "certifikat i DER eller PEM.",
     "What was sent is not one X.509 certificate of at most 64 KiB. Send one "
     "certificate in DER or PEM."},
    {Refusal::kCertificateWithoutName, "certificate_without_name",
     "Certifikatet har ingen URI, DNS- eller e-postadress som alternativt namn "
     "(SAN). Be om ett som har det; dess vanliga namn (CN) läses inte.",
     "The certificate has no URI, DNS name or e-mail address as alternative "
     "name (SAN). Ask for one that has; its common name (CN) is not read."},
    {Refusal::kCertificateNameInvalid, "certificate_name_invalid",
     "Ett alternativt namn (SAN) i certifikatet har andra tecken än synlig "
     "ASCII, eller namnen är för många. Be om ett nytt certifikat.",
     "An alternative name (SAN) of the certificate has other characters than "
     "visible ASCII, or there are too many. Ask for another certificate."},
    {Refusal::kCertificateUnknown, "certificate_unknown",
     "Inget alternativt namn (SAN) i certifikatet hör till en organisation som "
     "servern känner. Lägg till namnet i serverns inställningar.",
     "No alternative name (SAN) of the certificate belongs to an organisation "
     "that the server knows. Add the name to the server's settings."},
    {Refusal::kCertificateAmbiguous, "certificate_ambiguous",
     "Certifikatets alternativa namn (SAN) hör till olika organisationer. Be "
     "om "
     "ett certifikat för en av dem, eller rätta serverns inställningar.",
     "The certificate's alternative names (SAN) belong to different "
     "organisations. Ask for a certificate of one of them, or correct the "
     "server's settings."},
    {Refusal::kCertificateExpired, "certificate_expired",
     "Klientcertifikatet har gått ut. Förnya det och anslut igen.",
     "The client's certificate has expired. Renew it and connect again."},
};
static_assert(sizeof(kEntries) / sizeof(kEntries[0]) == kRefusals,
              "each refusal has its words");

constexpr bool InOrder() {
  for (int i = 0; i < kRefusals; ++i) {
    if (kEntries[i].refusal != static_cast<Refusal>(i)) return false;
  }
  return true;
}
static_assert(InOrder(), "the entries stand in the order of the enumeration");

const RefusalEntry& EntryOf(Refusal refusal) {
  return kEntries[static_cast<size_t>(refusal)];
}

}  // namespace

absl::Span<const RefusalEntry> RefusalCatalogue() { return kEntries; }

std::string_view RefusalName(Refusal refusal) { return EntryOf(refusal).name; }

std::string_view RefusalText(Refusal refusal, codec::Language language) {
  const RefusalEntry& entry = EntryOf(refusal);
  return language == codec::Language::kSwedish ? entry.swedish : entry.english;
}

absl::Status RefusalStatus(Refusal refusal, codec::Language language) {
  if (refusal == Refusal::kNone) return absl::OkStatus();
  return MakeError(absl::StatusCode::kUnauthenticated,
                   error::v1::REASON_UNAUTHENTICATED,
                   RefusalText(refusal, language),
                   {{"refusal", std::string(RefusalName(refusal))}});
}

}  // namespace samverk::access
