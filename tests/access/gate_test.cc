// The door: what is let in, and how often one may knock.
#include "services/access/gate.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "eventstore/base/error.h"
#include "services/access/local_token_file.h"
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
  // From there nobody is looked at for a while; from elsewhere they are.
  EXPECT_TRUE(absl::IsResourceExhausted(Knock(token_, "192.0.2.1:2")));
  EXPECT_TRUE(Knock(token_, "192.0.2.2:1").ok());
  given_.clock().Advance(absl::Seconds(1));
  EXPECT_TRUE(Knock(token_, "192.0.2.1:1").ok());
}

TEST_F(LoginGateTest, AProxyOnThisMachineIsNotKeptOut) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(absl::IsUnauthenticated(Knock("wrong", "127.0.0.1:1")));
  }
  EXPECT_TRUE(Knock(token_, "127.0.0.1:2").ok());
}

TEST_F(LoginGateTest, AKindOfEventMakesNobodyAMachine) {
  given_.And("rights_granted { principal: 'p-2' role: 'samverk.cost_booked' }");
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
