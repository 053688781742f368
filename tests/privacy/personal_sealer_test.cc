// Personal data of events: sealed, opened, disposed of.
#include "services/privacy/personal_sealer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "services/privacy/disposals.h"
#include "services/privacy/personal_fields.h"
#include "tests/contract/temporary_directory.h"
#include "tests/testing/given.h"
#include "tests/testing/proto_fill.h"

namespace samverk::privacy {
namespace {

using event::v1::Event;
using event::v1::Personal;
using Keys = recording::EventSealer::Keys;
using samverk::testing::EventOf;
using samverk::testing::Given;
using samverk::testing::Uuid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kContact[] =
    "actor_registered { actor: 'bo' name: 'B' kind: ACTOR_KIND_COMPANY contact "
    "{ subject: 'p-7' clear: 'Nobody In Particular' } }";

class Sealer : public ::testing::Test {
 protected:
  Sealer() {
    std::vector<MasterKey> keys;
    keys.push_back(RandomMasterKey());
    auto opened = SubjectKeys::Open(
        {directory_.path() + "/keys", MasterKeys(std::move(keys))});
    EXPECT_TRUE(opened.ok()) << opened.status();
    keys_ = *std::move(opened);
    disposals_ = std::make_unique<Disposals>(given_.store(), *keys_);
    sealer_ = std::make_unique<PersonalSealer>(given_.store(), *keys_,
                                               *disposals_, "r");
  }
  Event Contact(const std::string& id) {
    Event event = EventOf(kContact);
    event.set_id(id);
    return event;
  }
  // What is in the event's contact now.
  absl::StatusOr<Opened> Open(const Event& event) {
    return sealer_->Open(event.actor_registered().contact(), event.id(),
                         "actor_registered.contact");
  }

  Given given_;
  TemporaryDirectory directory_;
  std::unique_ptr<SubjectKeys> keys_;
  std::unique_ptr<Disposals> disposals_;
  std::unique_ptr<PersonalSealer> sealer_;
};

TEST_F(Sealer, SealsRepeatablyAndOpensInItsPlaceAlone) {
  Event event = Contact(Uuid(7));
  ASSERT_TRUE(sealer_->HasClear(event));
  const auto disposed = sealer_->Seal(event, Keys::kMake);
  ASSERT_TRUE(disposed.ok()) << disposed.status();
  EXPECT_THAT(*disposed, IsEmpty());
  EXPECT_FALSE(sealer_->HasClear(event));
  EXPECT_EQ(event.SerializeAsString().find("Nobody"), std::string::npos);
  const auto opened = Open(event);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(std::get<std::string>(*opened), "Nobody In Particular");

  Event again = Contact(Uuid(7));
  ASSERT_TRUE(sealer_->Seal(again, Keys::kMake).ok());
  EXPECT_EQ(again.SerializeAsString(), event.SerializeAsString());
  Event other = Contact(Uuid(8));
  ASSERT_TRUE(sealer_->Seal(other, Keys::kMake).ok());
  EXPECT_NE(other.actor_registered().contact().sealed().ciphertext(),
            event.actor_registered().contact().sealed().ciphertext());
  // Moved to another event, it does not open.
  *other.mutable_actor_registered()->mutable_contact() =
      event.actor_registered().contact();
  EXPECT_FALSE(Open(other).ok());
}

TEST_F(Sealer, LooksIntoCorrections) {
  Event event = EventOf(
      "event_corrected { target: 'x' reason_code: 'r' reason: 'r' replacement "
      "{ process: 'p' " +
      std::string(kContact) + " } }");
  event.set_id(Uuid(9));
  ASSERT_TRUE(sealer_->HasClear(event));
  ASSERT_TRUE(sealer_->Seal(event, Keys::kMake).ok());
  EXPECT_EQ(event.SerializeAsString().find("Nobody"), std::string::npos);
}

TEST_F(Sealer, OfADisposedSubjectNothingIsSealed) {
  Event before = Contact(Uuid(7));
  ASSERT_TRUE(sealer_->Seal(before, Keys::kMake).ok());
  ASSERT_TRUE(
      keys_->Dispose("p-7", {absl::CivilDay(2031, 2, 1), "KS 1", ""}).ok());
  Event after = Contact(Uuid(8));
  const auto disposed = sealer_->Seal(after, Keys::kMake);
  ASSERT_TRUE(disposed.ok()) << disposed.status();
  EXPECT_THAT(*disposed, ElementsAre("actor_registered.contact"));
  EXPECT_FALSE(after.actor_registered().contact().has_clear());
  const auto opened = Open(before);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const auto& disposal = std::get<Disposal>(*opened);
  EXPECT_EQ(DisposedText(disposal, codec::Language::kSwedish),
            "[gallrad 2031-02-01, beslut KS 1]");
  EXPECT_EQ(DisposedText(disposal, codec::Language::kEnglish),
            "[disposed of 2031-02-01, decision KS 1]");
}

TEST(PersonalFields, EveryKindThatCanHaveSomeIsKnown) {
  for (Event& event : samverk::testing::OneOfEachKind()) {
    bool has = false;
    ForEachPersonal(event,
                    [&has](Personal&, const std::string&) { has = true; });
    const auto& kinds = PersonalKinds();
    const bool known =
        std::find(kinds.begin(), kinds.end(), event.fact_case()) != kinds.end();
    EXPECT_LE(has, known) << event.fact_case();
  }
  EXPECT_GE(PersonalKinds().size(), 2u);
}

}  // namespace
}  // namespace samverk::privacy
