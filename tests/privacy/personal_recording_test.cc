// Recording what is personal: sending it again, keys that are destroyed
// meanwhile, and what may be destroyed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/base/error.h"
#include "services/privacy/disposals.h"
#include "services/privacy/personal_sealer.h"
#include "tests/privacy/privacy_fixture.h"
#include "tests/testing/given.h"
#include "tests/testing/wrapped_store.h"

namespace samverk::privacy {
namespace {

using event::v1::Event;
using recording::Recorder;
using recording::RecordOutcome;
using samverk::testing::EventOf;
using samverk::testing::Given;
using samverk::testing::RecordNow;
using samverk::testing::Uuid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kBy[] =
    " recorded_by { organisation: 'fgk' role: 'arkivarie' subject: 's-2' }";

// A store in which something happens before the next append.
class Meddling : public samverk::testing::WrappedStore {
 public:
  using WrappedStore::WrappedStore;
  std::function<void()> before_append;
  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override {
    if (auto act = std::exchange(before_append, nullptr); act) act();
    WrappedStore::Append(std::move(request), deadline, std::move(done));
  }
};

class RecordingPersonal : public PrivacyTest {
 protected:
  RecordingPersonal() {
    std::vector<MasterKey> master;
    master.push_back(RandomMasterKey());
    auto opened =
        SubjectKeys::Open({Directory(), MasterKeys(std::move(master))});
    EXPECT_TRUE(opened.ok()) << opened.status();
    keys_ = *std::move(opened);
    disposals_ = std::make_unique<Disposals>(given_.store(), *keys_);
    sealer_ = std::make_unique<PersonalSealer>(given_.store(), *keys_,
                                               *disposals_, "r");
    recorder_ = std::make_unique<Recorder>(store_, given_.clock(), pool_,
                                           sealer_.get());
  }

  // An actor whose contact is this person.
  Event Contact(uint64_t n, const std::string& subject,
                const std::string& name = "Nobody", const char* more = "") {
    Event event = EventOf("actor_registered { actor: 'a-" + std::to_string(n) +
                          "' name: 'A" + std::to_string(n) +
                          "' kind: ACTOR_KIND_COMPANY contact { subject: '" +
                          subject + "' clear: '" + name + "' } } " + more);
    event.set_id(Uuid(n));
    return event;
  }
  RecordOutcome Record(std::vector<Event> events) {
    return RecordNow(*recorder_, std::move(events));
  }
  RecordOutcome Record(const std::string& text) {
    Event event = EventOf(text);
    event.set_id(Uuid(next_id_++));
    return Record(std::vector<Event>{event});
  }
  void Decide(const std::string& more) {
    const RecordOutcome outcome = Record(
        "gallring_decided { gallring: 'g-1' plan_reference: 'P' "
        "registry_number: 'KS 2' " +
        more + " }");
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }
  RecordOutcome Destroy(const std::string& subject, const char* by = kBy) {
    return Record("key_destroyed { gallring: 'g-1' subject: '" + subject +
                  "' }" + by);
  }
  static std::vector<std::string> Rules(const RecordOutcome& outcome) {
    std::vector<std::string> rules;
    for (const auto& violation : outcome.violations) {
      rules.emplace_back(recording::EntryOf(violation.violation.rule).id);
    }
    return rules;
  }

  Given given_;
  uint64_t next_id_ = 900;
  Meddling store_{given_.store()};
  WorkerPool pool_{2, 64};
  std::unique_ptr<SubjectKeys> keys_;
  std::unique_ptr<Disposals> disposals_;
  std::unique_ptr<PersonalSealer> sealer_;
  std::unique_ptr<Recorder> recorder_;
};

TEST_F(RecordingPersonal, SentAgainAfterADisposalOnlyWhatIsGoneIsNotCompared) {
  const std::vector<Event> batch = {Contact(501, "p-1"), Contact(502, "p-2")};
  const RecordOutcome first = Record(batch);
  ASSERT_TRUE(first.status.ok()) << first.status;
  Decide("subjects: 'p-1'");
  ASSERT_TRUE(Destroy("p-1").status.ok());
  ASSERT_TRUE(disposals_->CarryOut().ok());

  const RecordOutcome again = Record(batch);
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.places[1].position, first.places[1].position);
  // Another value of a person who is not disposed of is another content.
  EXPECT_EQ(
      ReasonOf(
          Record({Contact(501, "p-1"), Contact(502, "p-2", "Other")}).status),
      error::v1::REASON_ID_CONFLICT);
  // And one of them alone is another request.
  EXPECT_EQ(ReasonOf(Record({Contact(501, "p-1")}).status),
            error::v1::REASON_ID_CONFLICT);
}

TEST_F(RecordingPersonal, NothingIsSealedWithAKeyThatIsDestroyedMeanwhile) {
  ASSERT_TRUE(Record({Contact(501, "p-1")}).status.ok());
  Decide("subjects: 'p-1'");
  store_.before_append = [this] {
    given_.And(EventOf("key_destroyed { gallring: 'g-1' subject: 'p-1' }" +
                       std::string(kBy)));
  };
  const RecordOutcome outcome = Record({Contact(502, "p-1")});
  EXPECT_EQ(ReasonOf(outcome.status), error::v1::REASON_DISPOSED)
      << outcome.status;
}

TEST_F(RecordingPersonal, ACheckSaysWhatRecordingWouldSay) {
  ASSERT_TRUE(Record({Contact(501, "p-1")}).status.ok());
  Decide("subjects: 'p-1'");
  ASSERT_TRUE(Destroy("p-1").status.ok());
  ASSERT_TRUE(disposals_->CarryOut().ok());
  EXPECT_EQ(ReasonOf(recorder_->Validate({Contact(502, "p-1")}).status()),
            error::v1::REASON_DISPOSED);
}

TEST_F(RecordingPersonal, APseudonymIsAnId) {
  for (const char* subject : {"p-1 ", " p-1", "P-1", "\xd1\x80-1", "A B"}) {
    EXPECT_THAT(Rules(Record({Contact(501, subject)})),
                ElementsAre("ID_INVALID"))
        << subject;
  }
}

TEST_F(RecordingPersonal, AKeyOfNobodyIsNotDestroyed) {
  ASSERT_TRUE(Record({Contact(501, "p-20")}).status.ok());
  Decide("subjects: 'p-2o'");
  EXPECT_THAT(Rules(Destroy("p-2o")), ElementsAre("KEY_OF_NOBODY"));
}

TEST_F(RecordingPersonal, WhatIsKeptIsNotDestroyedUntilItsClassIsAnother) {
  ASSERT_TRUE(
      Record({Contact(501, "p-1", "Nobody", "retention_class: 'bevaras'")})
          .status.ok());
  Decide("subjects: 'p-1'");
  EXPECT_THAT(Rules(Destroy("p-1")), ElementsAre("KEY_OF_WHAT_IS_KEPT"));
  ASSERT_TRUE(
      Record("event_corrected { target: '" + Uuid(501) +
             "' reason_code: 'klass' reason: 'r' replacement { "
             "retention_class: 'gallras 7 år' actor_registered { "
             "actor: 'a-501' name: 'A501' kind: ACTOR_KIND_COMPANY } } }")
          .status.ok());
  EXPECT_THAT(Rules(Destroy("p-1")), IsEmpty());
}

TEST_F(RecordingPersonal, ADecisionWithoutNamesIsAboutItsClassAlone) {
  ASSERT_TRUE(
      Record({Contact(501, "p-1", "Nobody", "retention_class: 'gallras 7 år'"),
              Contact(502, "p-2", "Nobody", "retention_class: 'gallras 2 år'")})
          .status.ok());
  Decide("retention_class: 'gallras 2 år'");
  EXPECT_THAT(Rules(Destroy("p-1")), ElementsAre("KEY_OF_OTHER_CLASS"));
  EXPECT_THAT(Rules(Destroy("p-2")), IsEmpty());
}

TEST_F(RecordingPersonal, NothingIsDestroyedWhileSomebodyAsksForIt) {
  ASSERT_TRUE(Record({Contact(501, "p-1")}).status.ok());
  Decide("subjects: 'p-1'");
  ASSERT_TRUE(Record("disclosure_requested { request: 'r-1' scope: 'allt' }")
                  .status.ok());
  EXPECT_THAT(Rules(Destroy("p-1")), ElementsAre("KEY_ASKED_FOR"));
  ASSERT_TRUE(Record("disclosed { request: 'r-1' legal_ground: 'OSL 21:7' }")
                  .status.ok());
  EXPECT_THAT(Rules(Destroy("p-1")), IsEmpty());
}

TEST_F(RecordingPersonal, NobodyCarriesOutTheirOwnDecision) {
  ASSERT_TRUE(Record({Contact(501, "p-1")}).status.ok());
  Decide("subjects: 'p-1'");
  EXPECT_THAT(Rules(Destroy("p-1", "")), ElementsAre("KEY_ON_OWN_DECISION"));
  Recorder by_one(store_, given_.clock(), pool_, sealer_.get(),
                  /*disposal_by_one=*/true);
  Event event = EventOf("key_destroyed { gallring: 'g-1' subject: 'p-1' }");
  event.set_id(Uuid(990));
  EXPECT_TRUE(RecordNow(by_one, {event}).status.ok());
}

}  // namespace
}  // namespace samverk::privacy
