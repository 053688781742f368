// Which tokens are taken, and a matrix of those that must not be.
#include "services/access/bearer_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/access/base64url.h"
#include "tests/access/test_keys.h"

namespace samverk::access {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kEcHeader[] = R"({"alg":"ES256","kid":"ec","typ":"JWT"})";
constexpr char kRsaHeader[] = R"({"alg":"RS256","kid":"rsa","typ":"at+jwt"})";
constexpr char kClaims[] =
    R"({"iss":"https://issuer.example","aud":"samverk","sub":"subject-1",)"
    R"("organisation":"mkb","roles":["projektledare","ekonom@augustenborg"],)"
    R"("iat":1700000000,"nbf":1700000000,"exp":1700003600})";
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'100);

// kClaims with one part replaced by another.
std::string ClaimsWith(const char* part, const std::string& other) {
  const std::string claims = absl::StrReplaceAll(kClaims, {{part, other}});
  EXPECT_NE(claims, kClaims) << part;
  return claims;
}

class BearerTokenTest : public testing::Test {
 protected:
  BearerTokenTest() { Make(BearerTokenVerifier::Options()); }

  void Make(BearerTokenVerifier::Options options) {
    options.issuer = "https://issuer.example";
    options.audience = "samverk";
    verifier_ = *BearerTokenVerifier::Create(std::move(options),
                                             *ParseJwks(TestJwks()));
  }
  Refusal Try(const std::string& token, absl::Time now = kNow) const {
    const Verdict verdict = verifier_->Verify(token, now);
    if (!verdict.ok()) {
      // Nothing of what was refused is given.
      EXPECT_EQ(verdict.credential.subject, "");
      EXPECT_EQ(verdict.credential.organisation, "");
      EXPECT_THAT(verdict.credential.roles, IsEmpty());
    }
    return verdict.refusal;
  }
  Refusal TryClaims(const std::string& claims, absl::Time now = kNow) const {
    return Try(EcKey().Token(kEcHeader, claims), now);
  }
  Refusal TryHeader(const std::string& header) const {
    return Try(EcKey().Token(header, kClaims));
  }

  std::unique_ptr<BearerTokenVerifier> verifier_;
};

TEST_F(BearerTokenTest, SaysWhoItIsFor) {
  for (const std::string& token : {EcKey().Token(kEcHeader, kClaims),
                                   RsaKey().Token(kRsaHeader, kClaims)}) {
    const Verdict verdict = verifier_->Verify(token, kNow);
    ASSERT_TRUE(verdict.ok()) << RefusalName(verdict.refusal);
    EXPECT_EQ(verdict.credential.subject, "subject-1");
    EXPECT_EQ(verdict.credential.organisation, "mkb");
    EXPECT_THAT(verdict.credential.roles,
                ElementsAre("projektledare", "ekonom@augustenborg"));
    EXPECT_EQ(verdict.credential.expires,
              absl::FromUnixSeconds(1'700'003'600 + 60));
  }
}

TEST_F(BearerTokenTest, HasThreePartsOfABoundedSize) {
  const std::string token = EcKey().Token(kEcHeader, kClaims);
  EXPECT_EQ(Try(""), Refusal::kNotCompact);
  EXPECT_EQ(Try("."), Refusal::kNotCompact);
  EXPECT_EQ(Try(".."), Refusal::kHeaderNotJson);
  EXPECT_EQ(Try(token + "."), Refusal::kNotCompact);
  EXPECT_EQ(Try(token + ".a.b"), Refusal::kNotCompact);
  EXPECT_EQ(Try(" " + token), Refusal::kNotBase64Url);
  EXPECT_EQ(Try(token + "\n"), Refusal::kNotBase64Url);
  EXPECT_EQ(Try("Bearer " + token), Refusal::kNotBase64Url);
  // JSON serialization (RFC 7515, section 7.2).
  EXPECT_EQ(Try(R"({"payload":"e30","signatures":[]})"), Refusal::kNotCompact);

  // The largest that is taken, and one byte more.
  std::string claims = ClaimsWith("\"roles\"", "\"padding\":\"\",\"roles\"");
  std::string padding;
  while (EcKey().Token(kEcHeader, claims).size() < kBearerTokenBytes - 3) {
    padding.append(
        (kBearerTokenBytes - EcKey().Token(kEcHeader, claims).size()) * 3 / 4,
        'x');
    claims =
        ClaimsWith("\"roles\"", "\"padding\":\"" + padding + "\",\"roles\"");
  }
  EXPECT_LE(EcKey().Token(kEcHeader, claims).size(), kBearerTokenBytes);
  EXPECT_EQ(TryClaims(claims), Refusal::kNone);
  claims =
      ClaimsWith("\"roles\"", "\"padding\":\"" + padding + "xxxx\",\"roles\"");
  EXPECT_EQ(TryClaims(claims), Refusal::kTooLong);
  EXPECT_EQ(Try(std::string(1 << 20, '.')), Refusal::kTooLong);
}

TEST_F(BearerTokenTest, IsRefusedWhenCutOffAnywhere) {
  for (const std::string& token : {EcKey().Token(kEcHeader, kClaims),
                                   RsaKey().Token(kRsaHeader, kClaims)}) {
    for (size_t size = 0; size < token.size(); ++size) {
      EXPECT_NE(Try(token.substr(0, size)), Refusal::kNone) << size;
    }
  }
}

TEST_F(BearerTokenTest, IsRefusedWhenAnyBitIsAnother) {
  for (const std::string& token : {EcKey().Token(kEcHeader, kClaims),
                                   RsaKey().Token(kRsaHeader, kClaims)}) {
    for (size_t i = 0; i < token.size() * 8; ++i) {
      std::string other = token;
      other[i / 8] ^= static_cast<char>(1 << (i % 8));
      EXPECT_NE(Try(other), Refusal::kNone) << "bit " << i;
    }
  }
}

TEST_F(BearerTokenTest, IsRefusedWhenAnyDecodedBitIsAnother) {
  const std::string token = EcKey().Token(kEcHeader, kClaims);
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  for (size_t part = 0; part < parts.size(); ++part) {
    const std::string bytes = *FromBase64Url(parts[part]);
    for (size_t i = 0; i < bytes.size() * 8; ++i) {
      std::string other = bytes;
      other[i / 8] ^= static_cast<char>(1 << (i % 8));
      std::vector<std::string> changed = parts;
      changed[part] = ToBase64Url(other);
      EXPECT_NE(Try(absl::StrCat(changed[0], ".", changed[1], ".", changed[2])),
                Refusal::kNone)
          << "part " << part << ", bit " << i;
    }
  }
}

TEST_F(BearerTokenTest, IsStrictBase64Url) {
  const std::string token = EcKey().Token(kEcHeader, kClaims);
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  for (size_t part = 0; part < parts.size(); ++part) {
    for (const char* more : {"=", "==", "\n", " ", "+", "/", "%3D", "A"}) {
      std::vector<std::string> changed = parts;
      changed[part] += more;
      EXPECT_NE(Try(absl::StrCat(changed[0], ".", changed[1], ".", changed[2])),
                Refusal::kNone)
          << part << more;
    }
  }
  // 64 bytes end in a character of which four bits do not count.
  std::string trailing = token;
  ASSERT_THAT(std::string("AQgw"),
              testing::HasSubstr(trailing.substr(trailing.size() - 1)));
  ++trailing.back();
  EXPECT_EQ(Try(trailing), Refusal::kNotBase64Url);
  // Padding that is signed is refused as well.
  const std::string padded =
      absl::StrCat(ToBase64Url(kEcHeader), ".", ToBase64Url(kClaims), "=");
  EXPECT_EQ(Try(absl::StrCat(padded, ".", ToBase64Url(EcKey().Sign(padded)))),
            Refusal::kNotBase64Url);
}

// Every way to write a word in small and capital letters.
std::vector<std::string> AllCases(const std::string& word) {
  std::vector<std::string> all;
  for (unsigned bits = 0; bits < 1u << word.size(); ++bits) {
    std::string cased = word;
    for (size_t i = 0; i < word.size(); ++i) {
      const auto letter = static_cast<unsigned char>(word[i]);
      cased[i] = (bits >> i & 1) != 0 ? absl::ascii_toupper(letter)
                                      : absl::ascii_tolower(letter);
    }
    all.push_back(cased);
  }
  return all;
}

TEST_F(BearerTokenTest, NoneIsNoAlgorithm) {
  for (const std::string& none : AllCases("none")) {
    const std::string header =
        absl::StrCat(R"({"alg":")", none, R"(","kid":"ec"})");
    const std::string text =
        absl::StrCat(ToBase64Url(header), ".", ToBase64Url(kClaims), ".");
    EXPECT_EQ(Try(text), Refusal::kAlgorithmRefused) << none;
    EXPECT_EQ(TryHeader(header), Refusal::kAlgorithmRefused) << none;
  }
}

TEST_F(BearerTokenTest, APublicKeyIsNoSecret) {
  const std::string text = absl::StrCat(
      ToBase64Url(R"({"alg":"HS256","kid":"rsa"})"), ".", ToBase64Url(kClaims));
  const std::string jwk = RsaKey().Jwk("rsa");
  for (const std::string& secret : {RsaKey().Pem(), jwk, std::string("rsa")}) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    ASSERT_NE(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                   reinterpret_cast<const unsigned char*>(text.data()),
                   text.size(), mac, &size),
              nullptr);
    const std::string signature(reinterpret_cast<const char*>(mac), size);
    EXPECT_EQ(Try(absl::StrCat(text, ".", ToBase64Url(signature))),
              Refusal::kAlgorithmRefused);
  }
}

TEST_F(BearerTokenTest, TakesTwoAlgorithmsAsTheyAreWritten) {
  for (const char* algorithm :
       {"HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "PS384", "PS512",
        "ES384", "ES512", "ES256K", "EdDSA", "es256", "Es256", "ES256 ", "",
        "RSA-OAEP", "dir", "ES256\\u0000"}) {
    EXPECT_EQ(
        TryHeader(absl::StrCat(R"({"kid":"ec","alg":")", algorithm, R"("})")),
        Refusal::kAlgorithmRefused)
        << algorithm;
  }
  for (const char* header :
       {R"({"kid":"ec"})", R"({"kid":"ec","alg":null})",
        R"({"kid":"ec","alg":["ES256"]})", R"({"kid":"ec","alg":256})",
        R"({"kid":"ec","Alg":"ES256"})"}) {
    EXPECT_EQ(TryHeader(header), Refusal::kAlgorithmRefused) << header;
  }
}

TEST_F(BearerTokenTest, TheKeySaysWhichAlgorithm) {
  EXPECT_EQ(TryHeader(R"({"alg":"RS256","kid":"ec"})"),
            Refusal::kAlgorithmNotOfKey);
  EXPECT_EQ(Try(RsaKey().Token(R"({"alg":"ES256","kid":"rsa"})", kClaims)),
            Refusal::kAlgorithmNotOfKey);
  // The other key signed.
  EXPECT_EQ(TryHeader(R"({"alg":"RS256","kid":"rsa"})"),
            Refusal::kSignatureWrong);
  EXPECT_EQ(Try(RsaKey().Token(kEcHeader, kClaims)), Refusal::kSignatureWrong);
}

TEST_F(BearerTokenTest, IsSignedWithAKeyOfTheSet) {
  const TestKey other = TestKey::EcP256();
  EXPECT_EQ(TryHeader(R"({"alg":"ES256"})"), Refusal::kKeyNotNamed);
  EXPECT_EQ(TryHeader(R"({"alg":"ES256","kid":""})"), Refusal::kKeyNotNamed);
  EXPECT_EQ(TryHeader(R"({"alg":"ES256","kid":1})"), Refusal::kKeyNotNamed);
  EXPECT_EQ(TryHeader(R"({"alg":"ES256","kid":"EC"})"), Refusal::kKeyUnknown);
  EXPECT_EQ(TryHeader(R"({"alg":"ES256","kid":"../ec"})"),
            Refusal::kKeyUnknown);
  EXPECT_EQ(TryHeader(absl::StrCat(R"({"alg":"ES256","kid":")",
                                   std::string(300, 'a'), R"("})")),
            Refusal::kKeyNotNamed);
  // Keys that the token brings are not looked at.
  const std::string brought =
      absl::StrCat(R"({"alg":"ES256","kid":"ec","jwk":)", other.Jwk("ec"),
                   R"(,"jku":"https://other.example/keys"})");
  EXPECT_EQ(Try(other.Token(brought, kClaims)), Refusal::kSignatureWrong);
  EXPECT_EQ(Try(EcKey().Token(brought, kClaims)), Refusal::kNone);
  EXPECT_EQ(Try(other.Token(kEcHeader, kClaims)), Refusal::kSignatureWrong);
}

TEST_F(BearerTokenTest, ZeroesAreNoSignature) {
  const std::string text =
      absl::StrCat(ToBase64Url(kEcHeader), ".", ToBase64Url(kClaims));
  const std::string real = EcKey().Sign(text);
  const std::string zero(32, '\0');
  for (const std::string& signature :
       {zero + zero, zero + real.substr(32), real.substr(0, 32) + zero,
        std::string(), std::string("\x30\x06\x02\x01\x01\x02\x01\x01"),
        real + std::string(1, '\0'), std::string(1, '\0') + real}) {
    EXPECT_EQ(Try(absl::StrCat(text, ".", ToBase64Url(signature))),
              Refusal::kSignatureWrong);
  }
  EXPECT_EQ(Try(absl::StrCat(text, ".", ToBase64Url(real))), Refusal::kNone);
}

TEST_F(BearerTokenTest, DemandsNothingThatIsNotThere) {
  for (const char* crit : {R"(["exp"])", "[]", R"("exp")", "null", "{}"}) {
    EXPECT_EQ(TryHeader(absl::StrCat(R"({"alg":"ES256","kid":"ec","crit":)",
                                     crit, "}")),
              Refusal::kCriticalExtension)
        << crit;
  }
}

TEST_F(BearerTokenTest, IsOfATypeForAccess) {
  EXPECT_EQ(TryHeader(R"({"alg":"ES256","kid":"ec"})"), Refusal::kNone);
  EXPECT_EQ(TryHeader(R"({"alg":"ES256","kid":"ec","typ":"at+jwt"})"),
            Refusal::kNone);
  for (const char* type : {R"("")", R"("jwt+x")", R"("secevent+jwt")",
                           R"("dpop+jwt")", "null", "1", R"(["JWT"])"}) {
    EXPECT_EQ(TryHeader(absl::StrCat(R"({"alg":"ES256","kid":"ec","typ":)",
                                     type, "}")),
              Refusal::kTypeRefused)
        << type;
  }
}

TEST_F(BearerTokenTest, HasAHeaderOfStrictJson) {
  for (const char* header :
       {"", "null", "[]", "\"ES256\"", R"({"alg":"ES256","kid":"ec"}})",
        R"({"alg":"ES256","kid":"ec",})", R"({"alg":"ES256" "kid":"ec"})",
        R"({"alg":"none","alg":"ES256","kid":"ec"})",
        R"({"alg":"ES256","kid":"x","kid":"ec"})",
        R"({"alg":"ES256","kid":"ec","\u0061lg":"none"})",
        "{\"alg\":\"ES256\",\"kid\":\"ec\",\"x\":\"\xff\"}",
        "\xef\xbb\xbf{\"alg\":\"ES256\",\"kid\":\"ec\"}"}) {
    EXPECT_EQ(TryHeader(header), Refusal::kHeaderNotJson) << header;
  }
}

TEST_F(BearerTokenTest, HasClaimsOfStrictJson) {
  for (const std::string& claims :
       {std::string(), std::string("null"), std::string("[]"),
        std::string(kClaims) + "}", std::string(kClaims).substr(1),
        ClaimsWith(R"("aud")", R"("exp":1800000000,"aud")"),
        ClaimsWith(R"("aud")", R"("sub":"subject-2","aud")"),
        ClaimsWith(R"("aud")", R"("\u0073ub":"subject-2","aud")"),
        ClaimsWith("subject-1", "\xc0\x80"),
        ClaimsWith("subject-1", std::string(1, '\0'))}) {
    EXPECT_EQ(TryClaims(claims), Refusal::kClaimsNotJson) << claims;
  }
}

TEST_F(BearerTokenTest, IsOfTheIssuer) {
  for (const char* issuer :
       {R"("https://issuer.example/")", R"("https://Issuer.example")",
        R"("https://issuer.example.other")", R"("")", "null",
        R"(["https://issuer.example"])", R"("https://issuer.example\u0000")"}) {
    EXPECT_EQ(TryClaims(ClaimsWith(R"("https://issuer.example")", issuer)),
              Refusal::kIssuerWrong)
        << issuer;
  }
  EXPECT_EQ(TryClaims(ClaimsWith("\"iss\"", "\"ISS\"")), Refusal::kIssuerWrong);
}

TEST_F(BearerTokenTest, IsForUs) {
  for (const char* audience : {R"(["samverk"])", R"(["other","samverk"])"}) {
    EXPECT_EQ(TryClaims(ClaimsWith(R"("samverk")", audience)), Refusal::kNone)
        << audience;
  }
  for (const char* audience :
       {R"("other")", R"("Samverk")", R"("samverk other")", R"(["other"])",
        "[]", R"([["samverk"]])", R"(["samverk",1])", R"({"samverk":1})",
        "null", R"("")"}) {
    EXPECT_EQ(TryClaims(ClaimsWith(R"("samverk")", audience)),
              Refusal::kAudienceWrong)
        << audience;
  }
  EXPECT_EQ(TryClaims(ClaimsWith("\"aud\"", "\"for\"")),
            Refusal::kAudienceWrong);
}

TEST_F(BearerTokenTest, HoldsFromItsBeginningToItsEndGiveOrTakeTheSkew) {
  const std::string token = EcKey().Token(kEcHeader, kClaims);
  const absl::Time begins = absl::FromUnixSeconds(1'700'000'000 - 60);
  const absl::Time ends = absl::FromUnixSeconds(1'700'003'600 + 60);
  const absl::Duration moment = absl::Nanoseconds(1);
  EXPECT_EQ(Try(token, begins - moment), Refusal::kNotYetValid);
  EXPECT_EQ(Try(token, begins), Refusal::kNone);
  EXPECT_EQ(Try(token, ends - moment), Refusal::kNone);
  EXPECT_EQ(Try(token, ends), Refusal::kExpired);
  EXPECT_EQ(Try(token, absl::InfiniteFuture()), Refusal::kExpired);
  EXPECT_EQ(Try(token, absl::InfinitePast()), Refusal::kNotYetValid);

  BearerTokenVerifier::Options strict;
  strict.clock_skew = absl::ZeroDuration();
  Make(strict);
  EXPECT_EQ(Try(token, absl::FromUnixSeconds(1'700'003'600)),
            Refusal::kExpired);
  EXPECT_EQ(Try(token, absl::FromUnixSeconds(1'700'003'600) - moment),
            Refusal::kNone);
  EXPECT_EQ(Try(token, absl::FromUnixSeconds(1'700'000'000) - moment),
            Refusal::kNotYetValid);
}

TEST_F(BearerTokenTest, NeedsAnEndAndNoBeginning) {
  EXPECT_EQ(TryClaims(ClaimsWith(",\"exp\":1700003600", "")),
            Refusal::kExpiryMissing);
  EXPECT_EQ(TryClaims(ClaimsWith("\"iat\":1700000000,\"nbf\":1700000000,", "")),
            Refusal::kNone);
  EXPECT_EQ(TryClaims(ClaimsWith("\"iat\":1700000000", "\"iat\":1700000161")),
            Refusal::kIssuedInFuture);
  EXPECT_EQ(TryClaims(ClaimsWith("\"iat\":1700000000", "\"iat\":1700000160")),
            Refusal::kNone);
  EXPECT_EQ(TryClaims(ClaimsWith("\"nbf\":1700000000", "\"nbf\":1700000161")),
            Refusal::kNotYetValid);
}

TEST_F(BearerTokenTest, TakesFractionsAndRefusesWhatIsNoTime) {
  for (const char* end : {"1700003600.5", "1.7000036e9", "17000036e2",
                          "1700003600.000000000000000000000000000001"}) {
    EXPECT_EQ(TryClaims(ClaimsWith("1700003600", end)), Refusal::kNone) << end;
  }
  const std::string digits(400, '9');
  for (const std::string& time :
       {std::string("-1"), std::string("-1e999"), std::string("1e999"),
        std::string("1e300"), std::string("253402300800"),
        std::string("9223372036854775807"), std::string("9223372036854775808"),
        std::string("18446744073709551616"), digits,
        std::string("\"1700003600\""), std::string("null"), std::string("true"),
        std::string("[1700003600]")}) {
    for (const char* claim : {"exp", "nbf", "iat"}) {
      const std::string was = absl::StrCat(
          "\"", claim, "\":", claim[0] == 'e' ? "1700003600" : "1700000000");
      EXPECT_EQ(TryClaims(ClaimsWith(was.c_str(),
                                     absl::StrCat("\"", claim, "\":", time))),
                Refusal::kTimeInvalid)
          << claim << " " << time;
    }
  }
  EXPECT_EQ(TryClaims(ClaimsWith("1700003600", "0")), Refusal::kExpired);
  EXPECT_EQ(TryClaims(ClaimsWith("1700003600", "1e-999")), Refusal::kExpired);
  EXPECT_EQ(TryClaims(ClaimsWith("1700003600", "253402300799")),
            Refusal::kNone);
}

TEST_F(BearerTokenTest, IsForSomebodyOfAnOrganisation) {
  for (const char* subject :
       {R"("")", "1", "null", R"("a\nb")", R"("a\u0000")", R"("a\u007f")"}) {
    EXPECT_EQ(TryClaims(ClaimsWith(R"("subject-1")", subject)),
              Refusal::kSubjectMissing)
        << subject;
  }
  EXPECT_EQ(TryClaims(ClaimsWith("subject-1", std::string(256, 'a'))),
            Refusal::kNone);
  EXPECT_EQ(TryClaims(ClaimsWith("subject-1", std::string(257, 'a'))),
            Refusal::kSubjectMissing);
  for (const char* organisation :
       {R"("")", R"("MKB")", R"("m kb")", R"("-mkb")", R"(["mkb"])", "null",
        R"("mkb\u0000")"}) {
    EXPECT_EQ(TryClaims(ClaimsWith(R"("mkb")", organisation)),
              Refusal::kOrganisationMissing)
        << organisation;
  }
  EXPECT_EQ(TryClaims(ClaimsWith("mkb", std::string(65, 'a'))),
            Refusal::kOrganisationMissing);
}

TEST_F(BearerTokenTest, SaysRolesInTwoWays) {
  static constexpr char kWritten[] =
      R"(["projektledare","ekonom@augustenborg"])";
  const auto roles = [this](const std::string& written) {
    return verifier_
        ->Verify(EcKey().Token(kEcHeader, ClaimsWith(kWritten, written)), kNow)
        .credential.roles;
  };
  EXPECT_THAT(roles(R"("partner  polis ")"), ElementsAre("partner", "polis"));
  EXPECT_THAT(roles("\"\""), IsEmpty());
  EXPECT_THAT(roles("[]"), IsEmpty());
  EXPECT_EQ(TryClaims(ClaimsWith("\"roles\"", "\"other\"")), Refusal::kNone);
  std::string many = "r";
  for (size_t i = 1; i < access::kRoles; ++i) many += " r";
  EXPECT_EQ(roles(absl::StrCat("\"", many, "\"")).size(), access::kRoles);
  EXPECT_EQ(TryClaims(ClaimsWith(kWritten, absl::StrCat("\"", many, " r\""))),
            Refusal::kRolesInvalid);
  for (const char* wrong : {"1", "null", "{}", R"([1])", R"([""])",
                            R"(["a\nb"])", R"([["partner"]])"}) {
    EXPECT_EQ(TryClaims(ClaimsWith(kWritten, wrong)), Refusal::kRolesInvalid)
        << wrong;
  }
}

TEST_F(BearerTokenTest, ReadsTheClaimsThatItIsTold) {
  BearerTokenVerifier::Options named;
  named.organisation_claim = "https://x.example/org";
  named.roles_claim = "groups";
  Make(named);
  const std::string claims = absl::StrReplaceAll(
      kClaims,
      {{"organisation", "https://x.example/org"}, {"roles", "groups"}});
  const Verdict verdict =
      verifier_->Verify(EcKey().Token(kEcHeader, claims), kNow);
  EXPECT_EQ(verdict.credential.organisation, "mkb");
  EXPECT_EQ(verdict.credential.roles.size(), 2u);
  EXPECT_EQ(TryClaims(kClaims), Refusal::kOrganisationMissing);
}

TEST_F(BearerTokenTest, IsVerifiedWithTheKeysOfNow) {
  const TestKey next = TestKey::EcP256();
  const std::string old_token = EcKey().Token(kEcHeader, kClaims);
  const std::string new_token =
      next.Token(R"({"alg":"ES256","kid":"next"})", kClaims);
  EXPECT_EQ(Try(new_token), Refusal::kKeyUnknown);
  verifier_->SetKeys(
      *ParseJwks(absl::StrCat(R"({"keys":[)", next.Jwk("next"), "]}")));
  EXPECT_EQ(Try(new_token), Refusal::kNone);
  EXPECT_EQ(Try(old_token), Refusal::kKeyUnknown);
}

TEST_F(BearerTokenTest, MayBeVerifiedByManyThreads) {
  const std::string token = EcKey().Token(kEcHeader, kClaims);
  const KeySet keys = *ParseJwks(TestJwks());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) {
        EXPECT_EQ(Try(token), Refusal::kNone);
        if (n % 10 == 0) verifier_->SetKeys(keys);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(BearerTokenOptions, AreChecked) {
  BearerTokenVerifier::Options good;
  good.issuer = "i";
  good.audience = "a";
  EXPECT_TRUE(BearerTokenVerifier::Create(good, KeySet()).ok());
  std::vector<BearerTokenVerifier::Options> wrong(6, good);
  wrong[0].issuer = "";
  wrong[1].audience = "";
  wrong[2].organisation_claim = "";
  wrong[3].roles_claim = "";
  wrong[4].clock_skew = absl::Seconds(-1);
  wrong[5].clock_skew = kClockSkewMost + absl::Seconds(1);
  for (const auto& options : wrong) {
    EXPECT_EQ(BearerTokenVerifier::Create(options, KeySet()).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace samverk::access
