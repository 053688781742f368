// Tokens, sets of keys, the file of local tokens, certificates: nobody is let
// in by bytes that nobody signed, and what is signed is read in one way.
#include <string>

#include "proto/codec/json.h"
#include "services/access/bearer_token.h"
#include "services/access/caller.h"
#include "services/access/certificate_identity.h"
#include "services/access/json_member.h"
#include "services/access/jwks.h"
#include "services/access/local_token_file.h"
#include "tests/access/test_keys.h"
#include "tests/fuzz/fuzz.h"

namespace samverk::fuzz {
namespace {

constexpr char kHeader[] = R"({"alg":"ES256","kid":"ec"})";
constexpr char kClaims[] =
    R"({"iss":"i","aud":"a","sub":"subject-1","organisation":"mkb",)"
    R"("roles":["partner"],"exp":1700003600})";
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

// Trusts a key that was made for this and is thrown away.
const access::BearerTokenVerifier& Verifier() {
  static const auto* const verifier = [] {
    access::BearerTokenVerifier::Options options;
    options.issuer = "i";
    options.audience = "a";
    return access::BearerTokenVerifier::Create(
               options, *access::ParseJwks("{\"keys\":[" +
                                           access::EcKey().Jwk("ec") + "]}"))
        ->release();
  }();
  return *verifier;
}

void CheckLetIn(const access::Verdict& verdict) {
  const access::Credential& who = verdict.credential;
  SAMVERK_CHECK(access::IsName(who.subject, access::kSubjectBytes) &&
                access::IsOrganisation(who.organisation) &&
                who.roles.size() <= access::kRoles && who.expires > kNow)
      << "somebody who is nobody";
  access::CallerOf(who);
}

void FuzzUnsigned(std::string_view bytes) {
  SAMVERK_CHECK(!Verifier().Verify(bytes, kNow).ok())
      << "a signature that nobody made";
  if (const auto keys = access::ParseJwks(bytes); keys.ok()) {
    SAMVERK_CHECK(keys->size() + keys->passed_over().size() <=
                  access::kJwksKeys)
        << "keys out of nothing";
  } else {
    SAMVERK_CHECK(absl::IsInvalidArgument(keys.status()));
  }
}

// What an issuer may sign by mistake.
void FuzzSigned(std::string_view bytes) {
  const auto json = codec::ParseJson(bytes);
  if (!json.ok()) return;
  const access::Verdict claims =
      Verifier().Verify(access::EcKey().Token(kHeader, bytes), kNow);
  if (claims.ok()) CheckLetIn(claims);
  const access::Verdict header =
      Verifier().Verify(access::EcKey().Token(bytes, kClaims), kNow);
  if (header.ok()) {
    CheckLetIn(header);
    SAMVERK_CHECK(access::Member(*json, "crit") == nullptr)
        << "a header that demands what is not there";
  }
}

void FuzzLocal(std::string_view bytes) {
  static const access::LocalTokens none;
  SAMVERK_CHECK(!none.Verify(bytes, kNow).ok()) << "a token of nobody";
  const auto tokens = access::ParseLocalTokens(bytes);
  if (tokens.ok()) {
    SAMVERK_CHECK(access::FormatLocalTokens(*tokens) == bytes)
        << "another file";
  }
}

void FuzzCertificate(std::string_view bytes) {
  static const access::CertificateMapping mapping =
      *access::CertificateMapping::Create(
          {{{access::NameKind::kDns, "a.example"}, "mkb", {"partner"}}});
  const access::Verdict verdict = mapping.Identify(bytes);
  SAMVERK_CHECK(!verdict.ok() || verdict.credential.subject == "dns:a.example")
      << "another name";
}

}  // namespace
}  // namespace samverk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = samverk::fuzz::Bytes(data, size);
  samverk::fuzz::FuzzUnsigned(bytes);
  samverk::fuzz::FuzzSigned(bytes);
  samverk::fuzz::FuzzLocal(bytes);
  samverk::fuzz::FuzzCertificate(bytes);
  return 0;
}
