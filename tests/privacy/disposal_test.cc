// Tombstones.
#include "services/privacy/disposal.h"

#include "services/privacy/aead.h"
#include "tests/privacy/privacy_fixture.h"

namespace samverk::privacy {
namespace {

class DisposalTest : public ::testing::Test {
 protected:
  const SecretBytes key_ = SecretBytes::Random(kKeyBytes);
};

TEST_F(DisposalTest, ComesBackAsItWasWritten) {
  Disposal longest{absl::CivilDay(9999, 12, 31),
                   std::string(kDecisionBytes, 'd'),
                   std::string(kDisposalTextBytes, 't')};
  Disposal shortest{absl::CivilDay(1, 1, 1), "d", ""};
  for (const Disposal& disposal : {SomeDisposal(), longest, shortest}) {
    ASSERT_TRUE(CheckDisposal(disposal).ok()) << CheckDisposal(disposal);
    const std::string bytes = FormatTombstone(disposal, "name-1", key_);
    EXPECT_LE(bytes.size(), kTombstoneBytes);
    const auto read = ParseTombstone(bytes, "name-1", key_, "path");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, disposal);
  }
  // A person can read it.
  const std::string bytes = FormatTombstone(SomeDisposal(), "name-1", key_);
  EXPECT_NE(bytes.find("2031-02-01"), std::string::npos);
  EXPECT_NE(bytes.find("KS-2031-17"), std::string::npos);
}

TEST_F(DisposalTest, IsRefusedWhenAnythingIsAnother) {
  const std::string bytes = FormatTombstone(SomeDisposal(), "name-1", key_);
  const auto expect = [&](std::string_view text, std::string_view name,
                          const SecretBytes& key) {
    const absl::Status refused =
        ParseTombstone(text, name, key, "path-1").status();
    EXPECT_REFUSED(refused, kDataLoss, DAMAGED);
    EXPECT_TRUE(refused.message().find("path-1 ") == 0) << refused;
  };
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string changed = bytes;
    changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
    expect(changed, "name-1", key_);
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    expect(bytes.substr(0, size), "name-1", key_);
  }
  expect(bytes + "x", "name-1", key_);
  expect(bytes, "name-2", key_);
  expect(bytes, "name-1", SecretBytes::Random(kKeyBytes));
}

TEST_F(DisposalTest, MustSayWhenAndByWhichDecision) {
  const auto changed = [](auto change) {
    Disposal disposal = SomeDisposal();
    change(disposal);
    return CheckDisposal(disposal);
  };
  EXPECT_REFUSED(changed([](Disposal& d) { d.decision.clear(); }),
                 kInvalidArgument, INVALID_FIELD);
  EXPECT_REFUSED(changed([](Disposal& d) { d.decision = "\xff"; }),
                 kInvalidArgument, INVALID_FIELD);
  EXPECT_REFUSED(changed([](Disposal& d) { d.text = "\xff"; }),
                 kInvalidArgument, INVALID_FIELD);
  EXPECT_REFUSED(changed([](Disposal& d) { d.date = absl::CivilDay(0); }),
                 kInvalidArgument, INVALID_FIELD);
  EXPECT_REFUSED(changed([](Disposal& d) { d.date = absl::CivilDay(10'000); }),
                 kInvalidArgument, INVALID_FIELD);
  EXPECT_REFUSED(changed([](Disposal& d) {
                   d.decision = std::string(kDecisionBytes + 1, 'd');
                 }),
                 kInvalidArgument, LIMIT_EXCEEDED);
  EXPECT_REFUSED(changed([](Disposal& d) {
                   d.text = std::string(kDisposalTextBytes + 1, 'd');
                 }),
                 kInvalidArgument, LIMIT_EXCEEDED);
}

}  // namespace
}  // namespace samverk::privacy
