// Values that only the right key opens, at the right place, unchanged.
#include "services/privacy/sealed_value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "services/privacy/aead.h"

namespace samverk::privacy {
namespace {

constexpr size_t kOverhead = 1 + 8 + 24 + 16;

std::string SomePlace() {
  return PlaceOf("subject-1", "register-1", "event-1", "contact");
}

// The code that opening gives.
absl::StatusCode Opening(const DataKey& key, const std::string& place,
                         const std::string& sealed) {
  return Open(key, place, sealed).status().code();
}

TEST(SealedValue, OpensWhatWasSealed) {
  const DataKey key = RandomDataKey();
  const auto sealed = Seal(key, SomePlace(), "value-1");
  ASSERT_TRUE(sealed.ok()) << sealed.status();
  EXPECT_EQ(sealed->find("value-1"), std::string::npos);
  const auto opened = Open(key, SomePlace(), *sealed);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, "value-1");
  EXPECT_EQ(*SealedWith(*sealed), key.id());
}

TEST(SealedValue, HasTheFormatThatTheHeaderSays) {
  const DataKey key = RandomDataKey();
  const std::string sealed = *Seal(key, SomePlace(), "value-1");
  ASSERT_EQ(sealed.size(), kOverhead + 64);
  EXPECT_EQ(sealed[0], 1);
  EXPECT_EQ(sealed.substr(1, 8), AsBytes(key.id()));
  // What the tag covers, written out.
  const std::string bound =
      absl::StrCat("\x14", "samverk sealed value", "\x09",
                   absl::string_view(sealed.data(), 9), "\x25", SomePlace());
  ASSERT_EQ(SomePlace().size(), 0x25);
  const std::string clear = absl::StrCat("value-1\x80", std::string(56, '\0'));
  EXPECT_EQ(AeadSeal(key.bytes(), sealed.substr(9, 24), bound, clear),
            sealed.substr(33));
}

TEST(SealedValue, IsNeverTheSameTwice) {
  const DataKey key = RandomDataKey();
  std::set<std::string> all;
  for (int n = 0; n < 100; ++n) all.insert(*Seal(key, SomePlace(), "value-1"));
  EXPECT_EQ(all.size(), 100u);
}

TEST(SealedValue, IsTheSameWhenItIsToBe) {
  const DataKey key = RandomDataKey();
  const std::string other = PlaceOf("subject-1", "r", "event-2", "contact");
  const std::string sealed = *SealRepeatably(key, SomePlace(), "value-1");
  EXPECT_EQ(*SealRepeatably(key, SomePlace(), "value-1"), sealed);
  EXPECT_EQ(*Open(key, SomePlace(), sealed), "value-1");
  // Never one nonce for two texts.
  std::set<std::string> nonces = {sealed.substr(9, 24)};
  for (const auto& [place, clear] :
       {std::pair(SomePlace(), "value-2"), std::pair(other, "value-1"),
        std::pair(SomePlace() + "v", "alue-1")}) {
    nonces.insert(SealRepeatably(key, place, clear)->substr(9, 24));
  }
  nonces.insert(
      SealRepeatably(RandomDataKey(), SomePlace(), "value-1")->substr(9, 24));
  EXPECT_EQ(nonces.size(), 5u);
}

TEST(SealedValue, IsRefusedWhenAnyBitIsAnother) {
  const DataKey key = RandomDataKey();
  const std::string sealed = *Seal(key, SomePlace(), "value-1");
  for (size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string changed = sealed;
    changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
    const absl::Status refused = Open(key, SomePlace(), changed).status();
    const auto expected =
        bit == 0      ? absl::StatusCode::kInvalidArgument     // format 0
        : bit / 8 < 9 ? absl::StatusCode::kFailedPrecondition  // format, key
                      : absl::StatusCode::kDataLoss;
    EXPECT_EQ(refused.code(), expected) << bit << " " << refused;
  }
}

TEST(SealedValue, IsRefusedWhenItIsShorterOrLonger) {
  const DataKey key = RandomDataKey();
  const std::string sealed = *Seal(key, SomePlace(), "value-1");
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(Opening(key, SomePlace(), sealed.substr(0, size)),
              absl::StatusCode::kInvalidArgument)
        << size;
  }
  EXPECT_EQ(Opening(key, SomePlace(), sealed + "x"),
            absl::StatusCode::kInvalidArgument);
  // As long as another bucket.
  EXPECT_EQ(Opening(key, SomePlace(), sealed + std::string(64, '\0')),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(Opening(key, SomePlace(), std::string(1 << 20, '\1')),
            absl::StatusCode::kInvalidArgument);
}

TEST(SealedValue, OpensAtItsPlaceAlone) {
  const DataKey key = RandomDataKey();
  const std::string sealed = *Seal(key, SomePlace(), "value-1");
  for (const std::string& place :
       {PlaceOf("subject-2", "register-1", "event-1", "contact"),
        PlaceOf("subject-1", "register-2", "event-1", "contact"),
        PlaceOf("subject-1", "register-1", "event-2", "contact"),
        PlaceOf("subject-1", "register-1", "event-1", "note"),
        // The same letters, otherwise divided.
        PlaceOf("subject-1r", "egister-1", "event-1", "contact"),
        PlaceOf("subject-1", "register-1", "event-1c", "ontact"),
        std::string()}) {
    const absl::Status refused = Open(key, place, sealed).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << place;
    EXPECT_EQ(ReasonOf(refused), error::v1::REASON_DAMAGED);
  }
}

TEST(SealedValue, OpensWithItsKeyAlone) {
  const DataKey key = RandomDataKey();
  const DataKey other = RandomDataKey();
  std::string sealed = *Seal(key, SomePlace(), "value-1");
  const absl::Status refused = Open(other, SomePlace(), sealed).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.message().find(KeyIdText(key.id())), std::string::npos);
  // Also when it says that it is the other's.
  sealed.replace(1, 8, AsBytes(other.id()));
  EXPECT_EQ(Opening(other, SomePlace(), sealed), absl::StatusCode::kDataLoss);
}

TEST(SealedValue, OfANewerReleaseIsSaidToBe) {
  const DataKey key = RandomDataKey();
  std::string sealed = *Seal(key, SomePlace(), "value-1");
  sealed[0] = 2;
  const absl::Status refused = Open(key, SomePlace(), sealed).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(refused), error::v1::REASON_FORMAT_NEWER);
}

TEST(SealedValue, HidesLengths) {
  for (size_t bytes = 0; bytes < 64; ++bytes) {
    EXPECT_EQ(PaddedBytes(bytes), 64u) << bytes;
  }
  EXPECT_EQ(PaddedBytes(64), 128u);
  EXPECT_EQ(PaddedBytes(127), 128u);
  EXPECT_EQ(PaddedBytes(128), 256u);
  EXPECT_EQ(PaddedBytes(1'023), 1'024u);
  EXPECT_EQ(PaddedBytes(1'024), 2'048u);
  EXPECT_EQ(PaddedBytes(2'048), 3'072u);
  const DataKey key = RandomDataKey();
  for (const size_t bytes : {0, 1, 63, 64, 5'000}) {
    const auto sealed = Seal(key, SomePlace(), std::string(bytes, 'x'));
    EXPECT_EQ(sealed->size(), kOverhead + PaddedBytes(bytes));
  }
}

TEST(SealedValue, HasLimits) {
  const DataKey key = RandomDataKey();
  const std::string longest(kClearBytes, 'x');
  const std::string place(kPlaceBytes, 'p');
  const std::string sealed = *Seal(key, place, longest);
  EXPECT_EQ(*Open(key, place, sealed), longest);
  for (const absl::Status& refused :
       {Seal(key, place, longest + "x").status(),
        Seal(key, place + "p", longest).status(),
        SealRepeatably(key, place, longest + "x").status(),
        SealRepeatably(key, place + "p", longest).status()}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ReasonOf(refused), error::v1::REASON_LIMIT_EXCEEDED);
    EXPECT_EQ(refused.message().find("xx"), std::string::npos);
  }
}

TEST(SealedValue, AnyBytesComeBack) {
  const uint32_t seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto bytes = [&](size_t most) {
    // Small ones as often as large ones; many ends look like padding.
    std::string text(random() % (size_t{1} << random() % 15) % (most + 1), 0);
    for (char& c : text) c = static_cast<char>(random());
    const size_t tail = std::min<size_t>(text.size(), random() % 4);
    std::fill(text.end() - static_cast<ptrdiff_t>(tail), text.end(),
              random() % 2 == 0 ? '\0' : '\x80');
    return text;
  };
  const DataKey key = RandomDataKey();
  for (int n = 0; n < 2'000; ++n) {
    const std::string clear = bytes(kClearBytes);
    const std::string place = bytes(kPlaceBytes);
    const auto sealed = n % 2 == 0 ? Seal(key, place, clear)
                                   : SealRepeatably(key, place, clear);
    ASSERT_TRUE(sealed.ok()) << sealed.status();
    ASSERT_EQ(*Open(key, place, *sealed), clear);
    std::string changed = *sealed;
    changed[random() % changed.size()] ^= static_cast<char>(1 << random() % 8);
    ASSERT_FALSE(Open(key, place, changed).ok());
    ASSERT_FALSE(Open(key, place + "x", *sealed).ok());
  }
}

}  // namespace
}  // namespace samverk::privacy
