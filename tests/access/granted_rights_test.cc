// Rights that events give and take.
#include "services/access/granted_rights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <utility>

#include "eventstore/base/uuid.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"
#include "tests/testing/given.h"

namespace samverk::access {
namespace {

using samverk::testing::Given;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Rights : public ::testing::Test {
 protected:
  std::vector<std::string> Of(const std::string& principal,
                              const std::string& organisation = "mkb") {
    EXPECT_TRUE(rights_.Refresh().ok());
    return rights_.Of(principal, organisation, now_);
  }
  void Grant(const std::string& principal, const std::string& role,
             const std::string& more = "") {
    given_.And("rights_granted { principal: '" + principal + "' role: '" +
               role + "' " + more + " }");
  }

  Given given_;
  GrantedRights rights_{given_.store()};
  absl::Time now_ = absl::FromUnixSeconds(1'770'000'000);  // 2 February 2026
};

TEST_F(Rights, StandUntilTheyAreWithdrawn) {
  EXPECT_THAT(Of("p-1"), IsEmpty());
  Grant("p-1", "projektledare");
  Grant("p-1", "samverk.cost_booked");
  Grant("p-2", "machine");
  EXPECT_THAT(Of("p-1"),
              UnorderedElementsAre("projektledare@p", "samverk.cost_booked@p"));
  EXPECT_THAT(Of("p-2"), ElementsAre("machine"));
  given_.And("rights_withdrawn { principal: 'p-1' role: 'projektledare' }");
  EXPECT_THAT(Of("p-1"), ElementsAre("samverk.cost_booked@p"));
  Grant("p-1", "projektledare");
  EXPECT_THAT(Of("p-1"),
              UnorderedElementsAre("projektledare@p", "samverk.cost_booked@p"));
}

TEST_F(Rights, HoldInTheirTimeAndForTheirOrganisation) {
  Grant("p-1", "partner", "valid { edtf: '2026' }");
  Grant("p-1", "polis", "organisation: 'fgk'");
  EXPECT_THAT(Of("p-1"), ElementsAre("partner@p"));
  EXPECT_THAT(Of("p-1", "fgk"), ElementsAre("polis@p"));
  now_ = absl::FromUnixSeconds(1'800'000'000);  // January 2027
  EXPECT_THAT(Of("p-1", "fgk"), ElementsAre("polis@p"));
}

// Organisations choose the names of their people by themselves.
TEST_F(Rights, WithoutAnOrganisationAreForThatOfWhoeverGaveThem) {
  given_.And(
      "recorded_by { organisation: 'fgk' role: 'administratör' subject: 's-2' "
      "} rights_granted { principal: 'p-1' role: 'arkivarie' }");
  EXPECT_THAT(Of("p-1", "fgk"), ElementsAre("arkivarie@p"));
  EXPECT_THAT(Of("p-1", "mkb"), IsEmpty());
  EXPECT_THAT(Of("p-1", ""), IsEmpty());
}

TEST_F(Rights, AreWithdrawnInEitherLanguage) {
  Grant("p-1", "archivist");
  Grant("p-1", "arkivarie");
  Grant("p-1", "partner");
  EXPECT_THAT(Of("p-1"),
              UnorderedElementsAre("arkivarie@p", "arkivarie@p", "partner@p"));
  given_.And("rights_withdrawn { principal: 'p-1' role: 'arkivarie' }");
  EXPECT_THAT(Of("p-1"), ElementsAre("partner@p"));
  Grant("p-1", "archivist");
  given_.And("rights_withdrawn { principal: 'p-1' role: 'archivist' }");
  EXPECT_THAT(Of("p-1"), ElementsAre("partner@p"));
  Grant("p-2", "maskin");
  Grant("p-2", "machine");
  given_.And("rights_withdrawn { principal: 'p-2' role: 'machine' }");
  EXPECT_THAT(Of("p-2"), IsEmpty());
}

// The rules refuse amendments of rights; a log from before them may have some.
TEST_F(Rights, FollowCorrectionsAndReversalsOfBefore) {
  Grant("p-1", "partner");
  const auto append = [this](const std::string& text) {
    const event::v1::Event event = samverk::testing::EventOf(text);
    NewEvent made;
    made.id = *ParseUuid(event.id());
    made.stream = "p/rights/p";
    made.type = std::string(codec::TypeName(event.fact_case()));
    made.tags.push_back(codec::ProcessTag("p"));
    made.payload = codec::EncodePayload(event);
    AppendRequest request;
    request.events.push_back(std::move(made));
    std::promise<absl::Status> appended;
    given_.store().Append(
        std::move(request), absl::InfiniteFuture(),
        [&appended](const absl::StatusOr<AppendResult>& result) {
          appended.set_value(result.status());
        });
    const absl::Status status = appended.get_future().get();
    ASSERT_TRUE(status.ok()) << status;
  };
  append("id: '" + samverk::testing::Uuid(102) +
         "' event_corrected { target: '" + samverk::testing::Uuid(101) +
         "' reason_code: 'skrivfel' reason: 'r' replacement { process: 'p' "
         "rights_granted { principal: 'p-1' role: 'polis' } } }");
  EXPECT_THAT(Of("p-1"), ElementsAre("polis@p"));
  append("id: '" + samverk::testing::Uuid(103) +
         "' event_reversed { target: '" + samverk::testing::Uuid(102) +
         "' reason_code: 'skrivfel' reason: 'r' }");
  EXPECT_THAT(Of("p-1"), IsEmpty());
}

TEST_F(Rights, AnAmendmentOfSomethingElseChangesNothing) {
  Grant("p-1", "partner");
  given_.And("event_reversed { target: '" + samverk::testing::Uuid(6) +
             "' reason_code: 'skrivfel' reason: 'r' }");
  EXPECT_THAT(Of("p-1"), ElementsAre("partner@p"));
}

}  // namespace
}  // namespace samverk::access
