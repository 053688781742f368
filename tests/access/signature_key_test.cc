// Keys and signatures: the published ones, and what is none.
#include "services/access/signature_key.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "services/access/base64url.h"
#include "services/access/jwks.h"
#include "tests/access/test_keys.h"

namespace samverk::access {
namespace {

// RFC 7515, appendices A.2 and A.3: both sign the same claims.
constexpr char kClaims[] =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ";
constexpr char kRsaHeader[] = "eyJhbGciOiJSUzI1NiJ9";
constexpr char kRsaModulus[] =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qP"
    "CJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47s"
    "oMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2"
    "R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoud"
    "F8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
constexpr char kRsaSignature[] =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4B"
    "h-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZ"
    "LgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d"
    "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6"
    "LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr char kEcHeader[] = "eyJhbGciOiJFUzI1NiJ9";
constexpr char kEcX[] = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr char kEcY[] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr char kEcSignature[] =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKT"
    "UJqPP3-Kg6NU1Q";

SignatureKey PublishedRsa() {
  return *SignatureKey::Rsa(*FromBase64Url(kRsaModulus),
                            *FromBase64Url("AQAB"));
}
SignatureKey PublishedEc() {
  return *SignatureKey::EcP256(*FromBase64Url(kEcX), *FromBase64Url(kEcY));
}

// No bit of the signature, and few of the message, may be another.
void ExpectEachBitCounts(const SignatureKey& key, const std::string& message,
                         const std::string& signature) {
  ASSERT_TRUE(key.Verify(message, signature));
  for (size_t i = 0; i < signature.size() * 8; ++i) {
    std::string other = signature;
    other[i / 8] ^= static_cast<char>(1 << (i % 8));
    EXPECT_FALSE(key.Verify(message, other)) << i;
  }
  for (size_t i = 0; i < message.size() * 8; i += 7) {
    std::string other = message;
    other[i / 8] ^= static_cast<char>(1 << (i % 8));
    EXPECT_FALSE(key.Verify(other, signature)) << i;
  }
  for (size_t size = 0; size < signature.size(); ++size) {
    EXPECT_FALSE(key.Verify(message, signature.substr(0, size))) << size;
  }
  EXPECT_FALSE(key.Verify(message, signature + std::string(1, '\0')));
}

TEST(SignatureKey, VerifiesThePublishedRs256) {
  EXPECT_EQ(AlgorithmName(PublishedRsa().algorithm()), "RS256");
  ExpectEachBitCounts(PublishedRsa(), absl::StrCat(kRsaHeader, ".", kClaims),
                      *FromBase64Url(kRsaSignature));
}

TEST(SignatureKey, VerifiesThePublishedEs256) {
  EXPECT_EQ(AlgorithmName(PublishedEc().algorithm()), "ES256");
  ExpectEachBitCounts(PublishedEc(), absl::StrCat(kEcHeader, ".", kClaims),
                      *FromBase64Url(kEcSignature));
}

TEST(SignatureKey, RefusesAnotherKeysSignature) {
  const std::string signature = EcKey().Sign("text");
  EXPECT_EQ(signature.size(), 64u);
  EXPECT_FALSE(PublishedEc().Verify("text", signature));
  EXPECT_FALSE(PublishedRsa().Verify("text", RsaKey().Sign("text")));
  EXPECT_FALSE(PublishedRsa().Verify("text", signature));
}

TEST(SignatureKey, RefusesNumbersOutsideTheCurvesOrder) {
  const std::string message = absl::StrCat(kEcHeader, ".", kClaims);
  const std::string signature = *FromBase64Url(kEcSignature);
  const std::string r = signature.substr(0, 32);
  const std::string s = signature.substr(32);
  const std::string zero(32, '\0');
  const std::string all_ones(32, '\xff');
  const std::string order =
      *FromBase64Url("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
  ASSERT_EQ(order.size(), 32u);
  for (const std::string& other : {zero, all_ones, order}) {
    EXPECT_FALSE(PublishedEc().Verify(message, other + s));
    EXPECT_FALSE(PublishedEc().Verify(message, r + other));
    EXPECT_FALSE(PublishedEc().Verify(message, other + other));
  }
}

TEST(SignatureKey, LeavesNoErrorsBehind) {
  ERR_clear_error();
  EXPECT_FALSE(PublishedEc().Verify("text", std::string(64, '\xff')));
  EXPECT_FALSE(PublishedRsa().Verify("text", std::string(256, '\xff')));
  EXPECT_FALSE(
      SignatureKey::EcP256(std::string(32, '\1'), std::string(32, '\1')).ok());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(SignatureKey, OfRsaHasASizeAndAnOddExponent) {
  const std::string three("\x03");
  // An odd number without small factors will do for a modulus here.
  const auto odd = [](size_t bits) {
    std::string number(bits / 8, '\x55');
    number.front() = '\x80';
    return number;
  };
  const auto some_are_taken = [&](size_t bits) {
    std::string number = odd(bits);
    for (int last = 1; last < 256; last += 2) {
      number.back() = static_cast<char>(last);
      if (SignatureKey::Rsa(number, three).ok()) return true;
    }
    return false;
  };
  EXPECT_TRUE(some_are_taken(2'048));
  EXPECT_TRUE(some_are_taken(8'192));
  EXPECT_FALSE(some_are_taken(2'040));
  const struct {
    std::string modulus;
    std::string exponent;
    const char* why;
  } cases[] = {{odd(2'040), three, "bits"},
               {std::string("\x7f") + odd(2'048).substr(1), three, "2047 bits"},
               {odd(1'024), three, "1024 bits"},
               {odd(8'200), three, "more than 8192 bits"},
               {"", three, "zeros"},
               {std::string(1, '\0') + odd(2'048), three, "zeros"},
               {absl::StrCat(odd(2'040), "\x54"), three, "even"},
               {odd(2'048), "", "0 bytes"},
               {odd(2'048), "\x01", "even, or 1"},
               {odd(2'048), "\x02", "even, or 1"},
               {odd(2'048), std::string("\x01\x00", 2), "even, or 1"},
               {odd(2'048), std::string("\0\x03", 2), "zeros"},
               {odd(2'048), std::string("\0", 1), "zeros"},
               {odd(2'048), "\x01\x01\x01\x01\x01", "5 bytes"}};
  for (const auto& wrong : cases) {
    const auto key = SignatureKey::Rsa(wrong.modulus, wrong.exponent);
    ASSERT_FALSE(key.ok()) << wrong.why;
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(key.status().message().find(wrong.why), std::string::npos)
        << key.status() << " for " << wrong.why;
  }
}

TEST(SignatureKey, OfP256IsAPointOfTheCurve) {
  const std::string x = *FromBase64Url(kEcX);
  const std::string y = *FromBase64Url(kEcY);
  EXPECT_TRUE(SignatureKey::EcP256(x, y).ok());
  EXPECT_FALSE(SignatureKey::EcP256(y, x).ok());
  EXPECT_FALSE(SignatureKey::EcP256(x, x).ok());
  EXPECT_FALSE(
      SignatureKey::EcP256(std::string(32, '\0'), std::string(32, '\0')).ok());
  EXPECT_FALSE(SignatureKey::EcP256(x.substr(1), y).ok());
  EXPECT_FALSE(SignatureKey::EcP256(std::string(1, '\0') + x, y).ok());
  EXPECT_FALSE(SignatureKey::EcP256("", "").ok());
}

TEST(Base64Url, HasOneForm) {
  EXPECT_EQ(FromBase64Url(""), "");
  EXPECT_EQ(FromBase64Url("YQ"), "a");
  EXPECT_EQ(FromBase64Url("-_8"), "\xfb\xff");
  for (const char* text : {"YQ==", "YQ=", "YR", "Y", "YQ ", " YQ", "Y Q",
                           "YQ\n", "+/8", "-_9", "YQ.", "YWJj=", "YQYQY"}) {
    EXPECT_EQ(FromBase64Url(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace samverk::access
