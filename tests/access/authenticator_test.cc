// From what a caller shows to who they are, while files and keys change.
#include "services/access/authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/mutex.h"
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
           while (issuer_is_slow_) absl::SleepFor(absl::Milliseconds(5));
           if (issuer_is_down_) return absl::UnavailableError("down: " + url);
           return keys_;
         },
         [this](std::string_view what) {
           MutexLock lock(mu_);
           warnings_.emplace_back(what);
         }});
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

  void Revoke(const std::string& name) {
    ASSERT_TRUE(tokens_.Revoke(name).ok());
    ASSERT_TRUE(WriteLocalTokens(Path("tokens"), tokens_).ok());
  }
  std::vector<std::string> Warnings() {
    MutexLock lock(mu_);
    return warnings_;
  }
  // False: it did not come true in time.
  static bool Await(const std::function<bool()>& what) {
    const absl::Time latest = absl::Now() + absl::Seconds(15);
    while (!what() && absl::Now() < latest) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    return what();
  }

  TemporaryDirectory directory_;
  std::string access_file_;
  LocalTokens tokens_;
  std::atomic<int> fetches_ = 0;
  std::atomic<bool> issuer_is_down_ = false;
  std::atomic<bool> issuer_is_slow_ = false;
  std::string keys_ = TestJwks();
  Mutex mu_;
  std::vector<std::string> warnings_ ABSL_GUARDED_BY(mu_);
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
  EXPECT_THAT(Warnings(),
              ElementsAre(HasSubstr("down: https://login.example/jwks")));
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

TEST_F(AuthenticatorTest, AFileThatIsWrongKeepsNoOtherFromCounting) {
  const std::string token = Issue("p-1");
  access_file_ = Path("access.toml");
  Write("access.toml", "");
  Open();
  Write("access.toml", "[limits]\nrequests_per_second = 0\n");
  Revoke("p-1");
  EXPECT_FALSE(authenticator_->LookAgain().ok());
  EXPECT_EQ(Bearer(token).refusal, Refusal::kLocalUnknown);
  // The other way round.
  Write("tokens", "no tokens\n");
  Write("access.toml", "[limits]\nrequests_per_second = 7\n");
  EXPECT_FALSE(authenticator_->LookAgain().ok());
  EXPECT_EQ(authenticator_->allowance().requests_per_second, 7u);
}

TEST_F(AuthenticatorTest, KeysThatAreWrongKeepWhatHeldAndNoOtherFile) {
  access_file_ = Path("access.toml");
  const std::string rules =
      absl::StrCat(kOidc, "keys = \"", Path("jwks.json"), "\"\n");
  Write("jwks.json", TestJwks());
  Write("access.toml", rules);
  const std::string local = Issue("p-1");
  Open();
  Write("jwks.json", "{");
  Write("access.toml", absl::StrCat(rules, "[limits]\nstreams = 7\n"));
  Revoke("p-1");
  EXPECT_FALSE(authenticator_->LookAgain().ok());
  EXPECT_EQ(Bearer(local).refusal, Refusal::kLocalUnknown);
  EXPECT_EQ(authenticator_->allowance().streams, 7u);
  const std::string token = Jwt(EcKey(), R"({"alg":"ES256","kid":"ec"})");
  EXPECT_TRUE(Bearer(token).ok());
  // Keys from elsewhere are other keys.
  Write("access.toml",
        absl::StrCat(kOidc, "keys = \"", Path("none.json"), "\"\n"));
  EXPECT_FALSE(authenticator_->LookAgain().ok());
  EXPECT_EQ(Bearer(token).refusal, Refusal::kKeyUnknown);
}

TEST_F(AuthenticatorTest, TheSameMistakeIsToldAgainOnceItWasMended) {
  const std::string mistake = "[limits]\nrequests_per_second = 0\n";
  access_file_ = Path("access.toml");
  Write("access.toml", "");
  Open();
  Write("access.toml", mistake);
  EXPECT_TRUE(Await([this] { return Warnings().size() == 1; }));
  Write("access.toml", "[limits]\nrequests_per_second = 7\n");
  EXPECT_TRUE(Await(
      [this] { return authenticator_->allowance().requests_per_second == 7; }));
  Write("access.toml", mistake);
  EXPECT_TRUE(Await([this] { return Warnings().size() == 2; }));
  // Told once, however often it is looked at.
  EXPECT_FALSE(authenticator_->LookAgain().ok());
  EXPECT_EQ(Warnings().size(), 2u);
}

TEST_F(AuthenticatorTest, ASlowIssuerDelaysNoRevocation) {
  const std::string token = Issue("p-1");
  access_file_ = Path("access.toml");
  Write("access.toml",
        absl::StrCat(kOidc, "keys = \"https://login.example/jwks\"\n"));
  Open();
  issuer_is_slow_ = true;
  const int fetches = fetches_;
  Write("access.toml",
        absl::StrCat(kOidc, "keys = \"https://login.example/other\"\n"));
  EXPECT_TRUE(Await([&] { return fetches_ > fetches; }));
  Revoke("p-1");
  EXPECT_TRUE(Await([&] { return !Bearer(token).ok(); }));
  EXPECT_TRUE(issuer_is_slow_);
  // Keys of the new place come when they come.
  const std::string jwt = Jwt(RsaKey(), R"({"alg":"RS256","kid":"rsa"})");
  issuer_is_slow_ = false;
  EXPECT_TRUE(Await([&] { return Bearer(jwt).ok(); }));
}

TEST_F(AuthenticatorTest, WhatIsCheapToLookAtIsToldFromSignatures) {
  const std::string local = Issue("p-1");
  access_file_ = Path("access.toml");
  Write("jwks.json", TestJwks());
  Write("access.toml",
        absl::StrCat(kOidc, "keys = \"", Path("jwks.json"), "\"\n"));
  Open();
  const auto cheaply = [this](const std::string& header) {
    return authenticator_->IdentifyCheaply({header, ""}, now_);
  };
  EXPECT_TRUE(cheaply("Bearer " + local)->ok());
  EXPECT_FALSE(cheaply("Bearer samverk_x")->ok());
  EXPECT_FALSE(cheaply("Basic x")->ok());
  const std::string token = Jwt(EcKey(), R"({"alg":"ES256","kid":"ec"})");
  EXPECT_FALSE(cheaply("Bearer " + token).has_value());
  EXPECT_TRUE(Bearer(token).ok());
  EXPECT_TRUE(cheaply("Bearer " + token)->ok());
  // A certificate, whose names alone are read.
  const auto certificate = authenticator_->IdentifyCheaply(
      {"", TestCertificate{.names = {{GEN_DNS, "a.example"}}}.Pem()}, now_);
  ASSERT_TRUE(certificate.has_value());
  EXPECT_EQ(certificate->refusal, Refusal::kCertificateUnknown);
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
