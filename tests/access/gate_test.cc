// The door: what is let in, and how often one may knock.
#include "services/access/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "services/access/local_token_file.h"
#include "tests/access/test_keys.h"
#include "tests/contract/temporary_directory.h"
#include "tests/testing/given.h"

namespace samverk::access {
namespace {

using samverk::testing::Given;

class LoginGateTest : public ::testing::Test {
 protected:
  LoginGateTest() {
    LocalTokens tokens;
    token_ = *tokens.Issue("p-1", "mkb", {"arkivarie"}, absl::InfiniteFuture());
    plain_ = *tokens.Issue("p-2", "mkb", {}, absl::InfiniteFuture());
    EXPECT_TRUE(WriteLocalTokens(directory_.path() + "/tokens", tokens).ok());
    authenticator_ = *Authenticator::Open(
        {directory_.path() + "/tokens", "", nullptr, nullptr});
    gate_ =
        MakeLoginGate(*authenticator_, rights_, given_.clock(), NoJournal());
  }
  absl::Status Knock(const std::string& token, const std::string& from,
                     CallRight right = CallRight::kLoggedIn) {
    return gate_->AdmitHeader("Bearer " + token, from, right).status();
  }

  Given given_;
  TemporaryDirectory directory_;
  std::string token_;
  std::string plain_;
  std::unique_ptr<Authenticator> authenticator_;
  GrantedRights rights_{given_.store()};
  std::unique_ptr<Gate> gate_;
};

TEST_F(LoginGateTest, LetsInByRight) {
  EXPECT_TRUE(Knock(token_, "192.0.2.1:1", CallRight::kReadsAll).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(
      Knock(token_, "192.0.2.1:1", CallRight::kOperates)));
  EXPECT_TRUE(absl::IsPermissionDenied(
      Knock(plain_, "192.0.2.1:1", CallRight::kReadsAll)));
  EXPECT_TRUE(Knock(plain_, "192.0.2.1:1").ok());
  EXPECT_TRUE(absl::IsUnauthenticated(
      gate_->AdmitHeader("", "192.0.2.1:1", CallRight::kLoggedIn).status()));
  EXPECT_TRUE(gate_->AdmitHeader("", "192.0.2.1:1", CallRight::kAnyone).ok());
}

TEST_F(LoginGateTest, WhoShowsTooMuchThatDoesNotHoldWaits) {
  absl::Status last;
  for (int i = 0; i < 21; ++i) last = Knock("wrong", "192.0.2.1:1");
  EXPECT_TRUE(absl::IsResourceExhausted(last)) << last;
  EXPECT_EQ(ReasonOf(last), error::v1::REASON_RATE_EXCEEDED);
  EXPECT_TRUE(absl::IsUnauthenticated(Knock("wrong", "192.0.2.2:1")));
  given_.clock().Advance(absl::Seconds(1));
  EXPECT_TRUE(absl::IsUnauthenticated(Knock("wrong", "192.0.2.1:1")));
}

TEST_F(LoginGateTest, WhoMistakesKeepsNobodyOutWhoHasALocalToken) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(Knock("wrong", "192.0.2.1:1").ok());
    EXPECT_TRUE(Knock(token_, "192.0.2.1:2").ok()) << i;
  }
}

// Each call used to look first and take afterwards: between them another's time
// filled the bucket, and a refusal became an OK status without a caller, which
// ends the program.
TEST_F(LoginGateTest, ABurstOfMistakesIsRefusedAndNothingElse) {
  constexpr int kThreads = 16;
  constexpr absl::Duration kFor = absl::Milliseconds(1'500);
  SystemClock clock;
  const auto gate = MakeLoginGate(*authenticator_, rights_, clock, NoJournal());
  std::atomic<int> looked_at = 0;
  std::atomic<int> other = 0;
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      while (absl::Now() - begin < kFor) {
        const absl::Status refused =
            gate->AdmitHeader("Bearer samverk_bad", "192.0.2.1:1",
                              CallRight::kAnyone)
                .status();
        if (absl::IsUnauthenticated(refused)) {
          ++looked_at;
        } else if (!absl::IsResourceExhausted(refused)) {
          ++other;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  EXPECT_EQ(other, 0);
  EXPECT_GE(looked_at, 20);
  // What the bucket held at first, and what came since; no time counts twice.
  EXPECT_LE(looked_at, 20 + 20 * seconds + 1);
}

TEST_F(LoginGateTest, ARequestOverHttpIsCounted) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(gate_->AdmitHeader("", "192.0.2.1:1", CallRight::kAnyone).ok());
  }
  EXPECT_TRUE(absl::IsResourceExhausted(
      gate_->AdmitHeader("", "192.0.2.1:1", CallRight::kAnyone).status()));
  // One who logged in has more, but not without end.
  absl::Status last;
  for (int i = 0; i < 2'001; ++i) last = Knock(token_, "192.0.2.1:1");
  EXPECT_TRUE(absl::IsResourceExhausted(last)) << last;
}

TEST_F(LoginGateTest, ASubscribersAddressesAreCountedAsOne) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(gate_
                    ->AdmitHeader("", absl::StrCat("2001:db8::", i, ":1"),
                                  CallRight::kAnyone)
                    .ok());
  }
  EXPECT_TRUE(absl::IsResourceExhausted(
      gate_->AdmitHeader("", "2001:db8::ffff:1", CallRight::kAnyone).status()));
  EXPECT_TRUE(
      gate_->AdmitHeader("", "2001:db8:0:1::1:1", CallRight::kAnyone).ok());
}

// With an issuer of tokens.
class IssuerGateTest : public LoginGateTest {
 protected:
  IssuerGateTest() {
    std::ofstream(directory_.path() + "/jwks.json") << TestJwks();
    std::ofstream(directory_.path() + "/access.toml")
        << "[oidc]\nissuer = \"https://login.example\"\n"
           "audience = \"samverk\"\nkeys = \""
        << directory_.path() << "/jwks.json\"\n";
    authenticator_ = *Authenticator::Open({directory_.path() + "/tokens",
                                           directory_.path() + "/access.toml",
                                           nullptr, nullptr});
    gate_ =
        MakeLoginGate(*authenticator_, rights_, given_.clock(), NoJournal());
  }
  std::string TokenOf(const std::string& subject) {
    return EcKey().Token(
        R"({"alg":"ES256","kid":"ec"})",
        absl::StrCat(R"({"iss":"https://login.example","aud":"samverk",)",
                     R"("organisation":"mkb","sub":")", subject, R"(","exp":)",
                     absl::ToUnixSeconds(given_.clock().Now()) + 600, "}"));
  }
};

TEST_F(IssuerGateTest, SignaturesOfAnAddressThatMistakesAreNotVerified) {
  const std::string known = TokenOf("known");
  EXPECT_TRUE(Knock(known, "192.0.2.9:1").ok());
  // What holds is no mistake, however often it is shown.
  for (int i = 0; i < 30; ++i) {
    EXPECT_TRUE(Knock(TokenOf(absl::StrCat("s-", i)), "192.0.2.1:1").ok());
  }
  const std::string forged = TokenOf("forged") + "A";
  int looked_at = 0;
  for (int i = 0; i < 50; ++i) {
    if (absl::IsUnauthenticated(Knock(forged, "192.0.2.1:1"))) ++looked_at;
  }
  EXPECT_EQ(looked_at, 20);
  EXPECT_TRUE(absl::IsResourceExhausted(Knock(TokenOf("new"), "192.0.2.1:2")));
  EXPECT_TRUE(Knock(TokenOf("new"), "192.0.2.2:1").ok());
  // Those who were let in before, and local tokens, cost nothing.
  EXPECT_TRUE(Knock(known, "192.0.2.1:2").ok());
  EXPECT_TRUE(Knock(token_, "192.0.2.1:2").ok());
}

TEST_F(LoginGateTest, AProxyOnThisMachineIsNotKeptOut) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(absl::IsUnauthenticated(Knock("wrong", "127.0.0.1:1")));
  }
  EXPECT_TRUE(Knock(token_, "127.0.0.1:2").ok());
}

TEST_F(LoginGateTest, AKindOfEventMakesNobodyAMachine) {
  given_.And("rights_granted { principal: 'p-2' role: 'samverk.cost_booked' }");
  given_.And("rights_granted { principal: 'p-2' role: 'samverk.cost_boked' }");
  given_.And("rights_granted { principal: 'p-2' role: 'machine' }");
  given_.And("rights_granted { principal: 'p-2' role: 'partner' }");
  ASSERT_TRUE(gate_->RightsChanged().ok());
  const auto who = gate_->AdmitHeader("Bearer " + plain_, "192.0.2.1:1",
                                      CallRight::kLoggedIn);
  ASSERT_TRUE(who.ok());
  EXPECT_FALSE(who->caller()->machine);
  EXPECT_TRUE(who->caller()->kinds.empty());
  ASSERT_EQ(who->caller()->roles.size(), 1u);
  EXPECT_EQ(who->caller()->roles[0].role, Role::kPartner);
  EXPECT_EQ(who->caller()->roles[0].process, "p");
}

TEST_F(LoginGateTest, RightsThatAreStaleAreTakenInFirst) {
  given_.And("rights_granted { principal: 'p-2' role: 'partner' }");
  gate_->RightsAreStale();
  auto who = gate_->AdmitHeader("Bearer " + plain_, "192.0.2.1:1",
                                CallRight::kLoggedIn);
  ASSERT_TRUE(who.ok());
  EXPECT_EQ(who->caller()->roles.size(), 1u);
  given_.And("rights_withdrawn { principal: 'p-2' role: 'partner' }");
  ASSERT_TRUE(gate_->RightsChanged().ok());
  EXPECT_TRUE(gate_->Renew(*who, CallRight::kLoggedIn).ok());
  EXPECT_TRUE(who->caller()->roles.empty());
  EXPECT_TRUE(
      absl::IsPermissionDenied(gate_->Renew(*who, CallRight::kReadsAll)));
}

}  // namespace
}  // namespace samverk::access
