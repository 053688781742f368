// Disposals that are on record: carried out, or kept from everybody until then.
#include "services/privacy/disposals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <variant>

#include "services/privacy/disposed_marks.h"
#include "services/privacy/personal_sealer.h"
#include "tests/privacy/privacy_fixture.h"
#include "tests/testing/given.h"

namespace samverk::privacy {
namespace {

using event::v1::Event;
using samverk::testing::EventOf;
using samverk::testing::Given;
using samverk::testing::Uuid;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Keys = recording::EventSealer::Keys;

constexpr char kDecided[] =
    "gallring_decided { gallring: 'g-1' plan_reference: 'P' "
    "registry_number: 'KS 2' subjects: 'p-7' }";
constexpr char kDestroyed[] =
    "key_destroyed { gallring: 'g-1' subject: 'p-7' } "
    "recorded_by { organisation: 'fgk' role: 'arkivarie' subject: 's-2' }";

class DisposalsOfTheLog : public PrivacyTest {
 protected:
  DisposalsOfTheLog() {
    std::vector<MasterKey> master;
    master.push_back(RandomMasterKey());
    SubjectKeys::Options options{Directory(), MasterKeys(std::move(master))};
    options.hook = [this](std::string_view, const std::string&) {
      return disk_full_ ? ENOSPC : 0;
    };
    auto opened = SubjectKeys::Open(std::move(options));
    EXPECT_TRUE(opened.ok()) << opened.status();
    keys_ = *std::move(opened);
    disposals_ = std::make_unique<Disposals>(given_.store(), *keys_,
                                             [this] { ++destroyed_; });
    sealer_ = std::make_unique<PersonalSealer>(given_.store(), *keys_,
                                               *disposals_, "r");
  }

  Event Contact(uint64_t n) {
    Event event = EventOf(
        "actor_registered { actor: 'bo' name: 'B' kind: ACTOR_KIND_COMPANY "
        "contact { subject: 'p-7' clear: 'Nobody In Particular' } }");
    event.set_id(Uuid(n));
    return event;
  }
  absl::StatusOr<Opened> Open(const Event& event) {
    return sealer_->Open(event.actor_registered().contact(), event.id(),
                         "actor_registered.contact");
  }

  Given given_;
  bool disk_full_ = false;
  int destroyed_ = 0;
  std::unique_ptr<SubjectKeys> keys_;
  std::unique_ptr<Disposals> disposals_;
  std::unique_ptr<PersonalSealer> sealer_;
};

TEST_F(DisposalsOfTheLog, AreCarriedOutOnce) {
  Event event = Contact(7);
  ASSERT_TRUE(sealer_->Seal(event, Keys::kMake).ok());
  given_.And(kDecided);
  ASSERT_TRUE(disposals_->CarryOut().ok());
  EXPECT_TRUE(std::holds_alternative<std::string>(*Open(event)));
  EXPECT_EQ(destroyed_, 0);
  given_.And(kDestroyed);
  ASSERT_TRUE(disposals_->CarryOut().ok());
  EXPECT_EQ(destroyed_, 1);
  EXPECT_EQ(std::get<Disposal>(*Open(event)).decision, "KS 2");
  EXPECT_EQ(std::get<Disposal>(*Open(event)).date, absl::CivilDay(2026, 2, 1));
  // Again, from the beginning, as a start does.
  EXPECT_TRUE(Disposals(given_.store(), *keys_).CarryOut().ok());
}

TEST_F(DisposalsOfTheLog, CiteTheDecisionAsItStood) {
  Event decided = EventOf(kDecided);
  decided.set_id(Uuid(300));
  given_.And(decided);
  given_.And("event_corrected { target: '" + Uuid(300) +
             "' reason_code: 'skrivfel' reason: 'fel dnr' replacement { "
             "gallring_decided { gallring: 'g-1' plan_reference: 'P' "
             "registry_number: 'KS 3' subjects: 'p-7' } } }");
  Event event = Contact(7);
  ASSERT_TRUE(sealer_->Seal(event, Keys::kMake).ok());
  given_.And(kDestroyed);
  ASSERT_TRUE(disposals_->CarryOut().ok());
  EXPECT_EQ(std::get<Disposal>(*Open(event)).decision, "KS 3");
}

TEST_F(DisposalsOfTheLog, WhatCannotBeCarriedOutIsKeptFromEverybodyUntilItIs) {
  Event event = Contact(7);
  ASSERT_TRUE(sealer_->Seal(event, Keys::kMake).ok());
  given_.And(kDecided).And(kDestroyed);
  disk_full_ = true;
  EXPECT_TRUE(absl::IsResourceExhausted(disposals_->CarryOut()));
  EXPECT_TRUE(disposals_->Follow().ok());
  EXPECT_THAT(disposals_->Problem(), HasSubstr("1 keys are to be destroyed"));
  EXPECT_EQ(std::get<Disposal>(*Open(event)).decision, "KS 2");
  // Nothing is sealed with the key that is still there.
  Event after = Contact(8);
  const auto disposed = sealer_->Seal(after, Keys::kMake);
  ASSERT_TRUE(disposed.ok()) << disposed.status();
  EXPECT_EQ(disposed->size(), 1u);
  EXPECT_FALSE(after.actor_registered().contact().has_sealed());

  disk_full_ = false;
  EXPECT_TRUE(disposals_->CarryOut().ok());
  EXPECT_THAT(disposals_->Problem(), IsEmpty());
  EXPECT_EQ(keys_->Find("p-7")->key, nullptr);
}

TEST_F(DisposalsOfTheLog, ADamagedTombstoneIsWrittenAnew) {
  Event event = Contact(7);
  ASSERT_TRUE(sealer_->Seal(event, Keys::kMake).ok());
  given_.And(kDecided).And(kDestroyed);
  ASSERT_TRUE(disposals_->CarryOut().ok());
  std::string tombstone;
  for (const auto& file : std::filesystem::directory_iterator(Directory())) {
    const std::string bytes = BytesOf(file.path());
    if (bytes.find("samverk disposal") == 0) tombstone = file.path();
  }
  ASSERT_FALSE(tombstone.empty());
  std::string bytes = BytesOf(tombstone);
  bytes[25] ^= 1;
  WriteBytes(tombstone, bytes);
  const MasterKey key = RandomMasterKey();
  Disposals again(given_.store(), *keys_);
  EXPECT_TRUE(again.CarryOut().ok());
  EXPECT_EQ(std::get<Disposal>(*Open(event)).decision, "KS 2");
}

TEST_F(DisposalsOfTheLog, AreToldWithTheEvent) {
  view::v1::LoggedEvent logged;
  *logged.mutable_event() = Contact(7);
  ASSERT_TRUE(sealer_->Seal(*logged.mutable_event(), Keys::kMake).ok());
  const DisposedMarks marks(*keys_, *disposals_);
  marks.Mark(logged);
  EXPECT_EQ(logged.disposed_size(), 0);
  given_.And(kDecided).And(kDestroyed);
  ASSERT_TRUE(disposals_->Follow().ok());
  marks.Mark(logged);
  ASSERT_EQ(logged.disposed_size(), 1);
  EXPECT_EQ(logged.disposed(0).field(), "actor_registered.contact");
  EXPECT_EQ(logged.disposed(0).date(), "2026-02-01");
  EXPECT_EQ(logged.disposed(0).decision(), "KS 2");
}

}  // namespace
}  // namespace samverk::privacy
