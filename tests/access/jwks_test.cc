// Sets of keys: which keys are taken, passed over, refused.
#include "services/access/jwks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/access/test_keys.h"

namespace samverk::access {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string SetOf(const std::string& keys) {
  return absl::StrCat(R"({"keys":[)", keys, "]}");
}

// A key that must be passed over, and why.
void ExpectPassedOver(const std::string& key, const char* why) {
  const auto set = ParseJwks(SetOf(key));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->size(), 0u) << key;
  EXPECT_THAT(set->passed_over(), ElementsAre(HasSubstr(why))) << key;
}

TEST(Jwks, ReadsThePublishedOne) {
  // RFC 7517, appendix A.1: the first key is for encryption.
  const auto set = ParseJwks(SetOf(
      R"({"kty":"EC","crv":"P-256",
          "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
          "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
          "use":"enc","kid":"1"},
         {"kty":"RSA","n":")"
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7"
      "aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXA"
      "rwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7"
      "d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lF"
      "d2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
      R"(","e":"AQAB","alg":"RS256","kid":"2011-04-29"})"));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->size(), 1u);
  ASSERT_NE(set->Find("2011-04-29"), nullptr);
  EXPECT_EQ(set->Find("2011-04-29")->algorithm(), SignatureAlgorithm::kRs256);
  EXPECT_EQ(set->Find("1"), nullptr);
  EXPECT_THAT(set->passed_over(),
              ElementsAre(HasSubstr("not for verifying signatures")));
}

TEST(Jwks, TakesKeysOfBothKinds) {
  const auto set = ParseJwks(SetOf(absl::StrCat(
      RsaKey().Jwk("a", R"(,"use":"sig","alg":"RS256","x5t":"abc")"), ",",
      EcKey().Jwk("b", R"(,"key_ops":["verify"],"alg":"ES256")"))));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->size(), 2u);
  EXPECT_TRUE(set->Find("a")->Verify("text", RsaKey().Sign("text")));
  EXPECT_TRUE(set->Find("b")->Verify("text", EcKey().Sign("text")));
  EXPECT_EQ(set->Find("A"), nullptr);
  EXPECT_EQ(set->Find(""), nullptr);
  EXPECT_TRUE(set->passed_over().empty());
}

TEST(Jwks, PassesOverWhatItCannotUse) {
  ExpectPassedOver(R"({"kty":"oct","k":"AAAA","kid":"a"})", "kind (kty)");
  ExpectPassedOver(R"({"kty":"OKP","crv":"Ed25519","x":"AA","kid":"a"})",
                   "kind (kty)");
  ExpectPassedOver(R"({"kid":"a"})", "kind (kty)");
  ExpectPassedOver(R"({"kty":7,"kid":"a"})", "kind (kty)");
  ExpectPassedOver(R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA","kid":"a"})",
                   "curve");
  ExpectPassedOver(R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"a"})",
                   "bytes, not 32");
  ExpectPassedOver(R"({"kty":"RSA","n":"AA==","e":"AQAB","kid":"a"})",
                   "no base64url");
  ExpectPassedOver(R"({"kty":"RSA","e":"AQAB","kid":"a"})", "missing");
  ExpectPassedOver(TestKey::Rsa(1'024).Jwk("a"), "1024 bits");
  for (const char* more :
       {R"(,"use":"enc")", R"(,"use":1)", R"(,"key_ops":["sign"])",
        R"(,"key_ops":"verify")", R"(,"key_ops":[])"}) {
    ExpectPassedOver(EcKey().Jwk("a", more), "not for verifying");
  }
  for (const char* more : {R"(,"alg":"RS256")", R"(,"alg":"ES384")",
                           R"(,"alg":"none")", R"(,"alg":null)"}) {
    ExpectPassedOver(EcKey().Jwk("a", more), "algorithm");
  }
  ExpectPassedOver(RsaKey().Jwk("a", R"(,"alg":"PS256")"), "algorithm");
  ExpectPassedOver(EcKey().Jwk("a", R"(,"d":"AAAA")"), "private");
  ExpectPassedOver(RsaKey().Jwk("a", R"(,"p":"AAAA")"), "private");
  ExpectPassedOver(EcKey().Jwk(""), "no name (kid)");
  ExpectPassedOver(EcKey().Jwk(std::string(kKeyIdBytes + 1, 'a')), "kid");
  ExpectPassedOver(R"({"kty":"EC","kid":1})", "kid");
}

TEST(Jwks, ANameIsOneKeys) {
  const auto twice =
      ParseJwks(SetOf(absl::StrCat(RsaKey().Jwk("a"), ",", EcKey().Jwk("a"))));
  EXPECT_EQ(twice.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(twice.status().message(), HasSubstr("own kid"));
  // A key for encryption of the same name is not in the way.
  EXPECT_TRUE(
      ParseJwks(SetOf(absl::StrCat(RsaKey().Jwk("a"), ",",
                                   EcKey().Jwk("a", R"(,"use":"enc")"))))
          .ok());
}

TEST(Jwks, IsStrictJsonOfABoundedSize) {
  EXPECT_TRUE(ParseJwks(SetOf("")).ok());
  EXPECT_TRUE(ParseJwks(R"({"keys":[],"more":1})").ok());
  for (const std::string text :
       {"", "null", "[]", "{}", R"({"keys":{}})", R"({"keys":[)",
        R"({"keys":[]}})", R"({"keys":[],"keys":[]})", R"({"keys":[7]})",
        R"({"keys":[[]]})", "{\"keys\":[],\"a\":\"\xff\"}"}) {
    const auto set = ParseJwks(text);
    EXPECT_EQ(set.status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  // A name given twice within a key.
  EXPECT_FALSE(ParseJwks(SetOf(EcKey().Jwk("a", R"(,"kid":"b")"))).ok());

  std::string many = "{}";
  for (size_t i = 1; i < kJwksKeys; ++i) many += ",{}";
  EXPECT_TRUE(ParseJwks(SetOf(many)).ok());
  EXPECT_FALSE(ParseJwks(SetOf(many + ",{}")).ok());

  std::string large = SetOf("");
  large.resize(kJwksBytes, ' ');
  EXPECT_TRUE(ParseJwks(large).ok());
  EXPECT_FALSE(ParseJwks(large + " ").ok());
}

TEST(Jwks, IsRefusedWhenItIsCutOff) {
  const std::string text = TestJwks();
  ASSERT_TRUE(ParseJwks(text).ok());
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ParseJwks(text.substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace samverk::access
