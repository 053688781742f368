// From what a caller shows to who they are, while files and keys change.
#include "services/access/authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/access/local_token_file.h"
#include "tests/access/test_certificate.h"
#include "tests/access/test_keys.h"
#include "tests/contract/temporary_directory.h"

namespace samverk::access {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kOidc[] =
    "[oidc]\nissuer = \"https://login.example\"\naudience = \"samverk\"\n";

class AuthenticatorTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) {
    return absl::StrCat(directory_.path(), "/", name);
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(Path(name)) << text;
  }
  void Open() {
    auto opened = Authenticator::Open(
        {Path("tokens"), access_file_,
         [this](const std::string& url) -> absl::StatusOr<std::string> {
           ++fetches_;
           if (issuer_is_down_) return absl::UnavailableError("down: " + url);
           return keys_;
         },
         [this](std::string_view what) { warned_ = std::string(what); }});
    ASSERT_TRUE(opened.ok()) << opened.status();
    authenticator_ = *std::move(opened);
  }
  std::string Issue(const std::string& name) {
    std::string token =
        *tokens_.Issue(name, "mkb", {"partner@p"}, absl::InfiniteFuture());
    EXPECT_TRUE(WriteLocalTokens(Path("tokens"), tokens_).ok());
    return token;
  }
  Verdict Bearer(const std::string& token) {
    return authenticator_->Identify({"Bearer " + token, ""}, now_);
  }
  std::string Jwt(const TestKey& key, const std::string& header) {
    return key.Token(header,
                     absl::StrCat(R"({"iss":"https://login.example","aud":)"
                                  R"("samverk","sub":"p-7","organisation":)"
                                  R"("fgk","roles":["handläggare"],"exp":)",
                                  absl::ToUnixSeconds(now_) + 600, "}"));
  }

  TemporaryDirectory directory_;
  std::string access_file_;
  LocalTokens tokens_;
  std::atomic<int> fetches_ = 0;
  std::atomic<bool> issuer_is_down_ = false;
  std::string keys_ = TestJwks();
  std::string warned_;
  absl::Time now_ = absl::Now();
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, LocalTokensHoldUntilTheyAreRevoked) {
  const std::string token = Issue("p-1");
  Open();
  const Verdict verdict = Bearer(token);
  ASSERT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.credential.subject, "p-1");
  EXPECT_THAT(verdict.credential.roles, ElementsAre("partner@p"));
  EXPECT_TRUE(Bearer(token).ok());

  ASSERT_TRUE(tokens_.Revoke("p-1").ok());
  ASSERT_TRUE(WriteLocalTokens(Path("tokens"), tokens_).ok());
  ASSERT_TRUE(authenticator_->LookAgain().ok());
  EXPECT_EQ(Bearer(token).refusal, Refusal::kLocalUnknown);
}

TEST_F(AuthenticatorTest, SeesByItselfThatAFileHasChanged) {
  Open();
  const std::string token = Issue("p-1");
  const absl::Time latest = absl::Now() + absl::Seconds(60);
  while (!Bearer(token).ok() && absl::Now() < latest) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_TRUE(Bearer(token).ok());
}

TEST_F(AuthenticatorTest, TakesNothingElseThanBearerTokens) {
  const std::string token = Issue("p-1");
  Open();
  EXPECT_EQ(authenticator_->Identify({}, now_).refusal, Refusal::kNothingShown);
  for (const std::string& header :
       {std::string("Basic cDox"), token, std::string("Bearer"),
        std::string("Bearer "), "Bearer" + token}) {
    EXPECT_EQ(authenticator_->Identify({header, ""}, now_).refusal,
              Refusal::kNotBearer)
        << header;
  }
  EXPECT_TRUE(authenticator_->Identify({"bearer  " + token, ""}, now_).ok());
  // Without an issuer a token of one is no local token.
  EXPECT_FALSE(Bearer(Jwt(RsaKey(), R"({"alg":"RS256","kid":"rsa"})")).ok());
}

TEST_F(AuthenticatorTest, TokensOfTheIssuerAreVerifiedWithTheKeysOfAFile) {
  access_file_ = Path("access.toml");
  Write("jwks.json", TestJwks());
  Write("access.toml",
        absl::StrCat(kOidc, "keys = \"", Path("jwks.json"), "\"\n"));
  Open();
  const std::string token = Jwt(EcKey(), R"({"alg":"ES256","kid":"ec"})");
  const Verdict verdict = Bearer(token);
  ASSERT_TRUE(verdict.ok()) << RefusalName(verdict.refusal);
  EXPECT_EQ(verdict.credential.organisation, "fgk");
  // Remembered, but no longer than it holds.
  now_ += absl::Hours(1);
  EXPECT_EQ(Bearer(token).refusal, Refusal::kExpired);
  now_ -= absl::Hours(1);
  // A key that is taken away takes what it signed with it.
  Write("jwks.json", R"({"keys":[]})");
  ASSERT_TRUE(authenticator_->LookAgain().ok());
  EXPECT_EQ(Bearer(token).refusal, Refusal::kKeyUnknown);
}

TEST_F(AuthenticatorTest, KeysAreFetchedAndKeptWhileTheIssuerIsDown) {
  access_file_ = Path("access.toml");
  Write("access.toml",
        absl::StrCat(kOidc, "keys = \"https://login.example/jwks\"\n"));
  issuer_is_down_ = true;
  Open();
  EXPECT_THAT(warned_, HasSubstr("down: https://login.example/jwks"));
  const std::string token = Jwt(RsaKey(), R"({"alg":"RS256","kid":"rsa"})");
  EXPECT_EQ(Bearer(token).refusal, Refusal::kKeyUnknown);

  authenticator_.reset();
  issuer_is_down_ = false;
  Open();
  EXPECT_TRUE(Bearer(token).ok());
  // Another token file is no reason to ask the issuer again.
  issuer_is_down_ = true;
  const int fetches = fetches_;
  Issue("p-1");
  ASSERT_TRUE(authenticator_->LookAgain().ok());
  EXPECT_EQ(fetches_, fetches);
  EXPECT_TRUE(Bearer(token).ok());
}

TEST_F(AuthenticatorTest, CertificatesStandForWhatTheFileSays) {
  access_file_ = Path("access.toml");
  Write("access.toml",
        "[[certificate]]\nname = \"dns:ekonomi.mkb.example\"\n"
        "organisation = \"mkb\"\nroles = [\"machine\"]\n");
  Open();
  const std::string pem =
      TestCertificate{.names = {{GEN_DNS, "ekonomi.mkb.example"}}}.Pem();
  const Verdict verdict = authenticator_->Identify({"", pem}, now_);
  ASSERT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.credential.subject, "dns:ekonomi.mkb.example");
  // A token goes before it.
  EXPECT_EQ(authenticator_->Identify({"Bearer samverk_x", pem}, now_).refusal,
            Refusal::kLocalNotAToken);
  Write("access.toml", "");
  ASSERT_TRUE(authenticator_->LookAgain().ok());
  EXPECT_EQ(authenticator_->Identify({"", pem}, now_).refusal,
            Refusal::kCertificateUnknown);
}

TEST_F(AuthenticatorTest, AFileThatIsWrongChangesNothing) {
  const std::string token = Issue("p-1");
  access_file_ = Path("access.toml");
  Write("access.toml", "");
  Open();
  Write("access.toml", "[oidc");
  EXPECT_FALSE(authenticator_->LookAgain().ok());
  EXPECT_TRUE(Bearer(token).ok());

  authenticator_.reset();
  EXPECT_FALSE(
      Authenticator::Open({Path("tokens"), access_file_, nullptr, nullptr})
          .ok());
}

}  // namespace
}  // namespace samverk::access
