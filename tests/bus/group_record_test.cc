// The stored form of a group: every byte, and what is no such form.
#include "eventstore/bus/group_record.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "eventstore/base/error.h"
#include "eventstore/limits.h"

namespace samverk::bus {
namespace {

std::string Hex(const std::string& bytes) {
  return absl::BytesToHexString(bytes);
}

GroupSettings SomeSettings() {
  GroupSettings settings;
  settings.query.items = {{{"samverk.cost_booked"}, {"process:p"}, {}}};
  settings.key = "grant";
  settings.block_key_while_parked = true;
  settings.definition = "d";
  return settings;
}

Place SomePlace() {
  Place place;
  place.cursor = Position(299);
  place.settled = {{Position(301), Position(310)},
                   {Position(312), Position(312)}};
  place.retries[Position(300)].attempts = 2;
  place.retries[Position(311)] = {1,
                                  absl::FromUnixMicros(1'764'000'000'000'000)};
  return place;
}

Parked SomeParked() {
  Parked parked;
  parked.key = "grant:2025";
  parked.attempts = 5;
  parked.reason = "no such account";
  parked.parked_at = absl::FromUnixMicros(1'764'000'000'000'000);
  return parked;
}

// The worked example of docs/bus_format.md.
TEST(GroupRecord, IsAsItIsDocumented) {
  EXPECT_EQ(PlaceKey("finance"), "group/finance/place");
  EXPECT_EQ(ParkedKey("finance", Position(17)),
            "group/finance/parked/00000000000000000017");
  EXPECT_EQ(Hex(EncodeSettings(SomeSettings())),
            "01"
            "8087a70e"
            "e807"
            "05"
            "c0843d"
            "80c6868f01"
            "01"
            "056772616e74"
            "0164"
            "01"
            "01"
            "1373616d7665726b2e636f73745f626f6f6b6564"
            "01"
            "0970726f636573733a70"
            "00");
  EXPECT_EQ(Hex(EncodePlace(SomePlace())),
            "01"
            "ab02"
            "02"
            "0209"
            "0200"
            "02"
            "010200"
            "0b010180809296a896a206");
  EXPECT_EQ(Hex(EncodeParked(SomeParked())),
            "01"
            "00"
            "0a6772616e743a32303235"
            "05"
            "0f6e6f2073756368206163636f756e74"
            "80809296a896a206");
}

TEST(GroupRecord, ComesBackAsItWas) {
  const std::string place = EncodePlace(SomePlace());
  EXPECT_EQ(*DecodePlace("g", place), SomePlace());
  EXPECT_EQ(*DecodeParked("g", EncodeParked(SomeParked())), SomeParked());
  Parked replaying;
  replaying.key = "k";
  replaying.replaying = true;
  replaying.retry = {3, absl::FromUnixMicros(-1)};
  EXPECT_EQ(*DecodeParked("g", EncodeParked(replaying)), replaying);
  const std::string settings = EncodeSettings(SomeSettings());
  EXPECT_EQ(EncodeSettings(*DecodeSettings("g", settings)), settings);
}

// Whatever of an entry is cut off, added or changed: it is damage, a later
// format, or another value; never a crash, and never bytes that differ.
TEST(GroupRecord, DamagedBytesAreNamed) {
  const auto check = [](const std::string& bytes, auto decode, auto encode) {
    const auto try_it = [&](const std::string& damaged) {
      const auto decoded = decode("g", damaged);
      if (decoded.ok()) {
        EXPECT_EQ(encode(*decoded), damaged);
        return;
      }
      const auto reason = ReasonOf(decoded.status());
      EXPECT_TRUE(reason == error::v1::REASON_DAMAGED ||
                  reason == error::v1::REASON_FORMAT_NEWER)
          << decoded.status();
    };
    for (size_t i = 0; i < bytes.size(); ++i) {
      EXPECT_FALSE(decode("g", bytes.substr(0, i)).ok()) << i;
      for (int bit = 0; bit < 8; ++bit) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
        try_it(damaged);
      }
    }
    EXPECT_FALSE(decode("g", bytes + '\0').ok());
  };
  check(EncodePlace(SomePlace()), DecodePlace, EncodePlace);
  check(EncodeParked(SomeParked()), DecodeParked, EncodeParked);
  check(EncodeSettings(SomeSettings()), DecodeSettings, EncodeSettings);
}

TEST(GroupRecord, LaterFormatIsNotGuessed) {
  std::string bytes = EncodePlace(SomePlace());
  bytes[0] = 2;
  EXPECT_EQ(ReasonOf(DecodePlace("g", bytes).status()),
            error::v1::REASON_FORMAT_NEWER);
}

TEST(GroupRecord, EntriesThatContradictEachOtherAreDamage) {
  StoredGroup group;
  group.settings = SomeSettings();
  group.place = SomePlace();
  group.parked[Position(305)] = SomeParked();
  ASSERT_TRUE(DecodeGroup("g", EncodeGroup("g", group)).ok());
  const auto reason = [](const StoredGroup& each) {
    return ReasonOf(DecodeGroup("g", EncodeGroup("g", each)).status());
  };
  // Parked, but beyond what is settled.
  StoredGroup wrong = group;
  wrong.parked[Position(400)] = SomeParked();
  EXPECT_EQ(reason(wrong), error::v1::REASON_DAMAGED);
  // Settled, but to be tried again.
  wrong = group;
  wrong.place.retries[Position(302)].attempts = 1;
  EXPECT_EQ(reason(wrong), error::v1::REASON_DAMAGED);
  // A part is missing, or of no known kind.
  auto entries = EncodeGroup("g", group);
  entries.erase(entries.begin() + 1);
  EXPECT_FALSE(DecodeGroup("g", entries).ok());
  for (const char* key : {"group/g/other", "group/g/parked/1",
                          "group/g/parked/0000000000000000000x",
                          "group/g/parked/99999999999999999999"}) {
    entries = EncodeGroup("g", group);
    entries.push_back({key, EncodeParked(SomeParked())});
    EXPECT_FALSE(DecodeGroup("g", entries).ok()) << key;
  }
}

TEST(GroupRecord, GroupsAreToldApart) {
  StoredGroup group;
  auto entries = EncodeGroup("a", group);
  for (auto& entry : EncodeGroup("a.b", group)) entries.push_back(entry);
  entries.push_back({"other/a", "x"});
  const auto groups = EntriesByGroup(entries);
  ASSERT_EQ(groups.size(), 2);
  EXPECT_TRUE(DecodeGroup("a", groups.at("a")).ok());
  EXPECT_TRUE(DecodeGroup("a.b", groups.at("a.b")).ok());
}

TEST(GroupSettings, AreChecked) {
  const auto field = [](auto change) {
    GroupSettings settings;
    change(settings);
    return CheckSettings(settings).ok();
  };
  EXPECT_TRUE(field([](GroupSettings&) {}));
  EXPECT_FALSE(field([](GroupSettings& s) { s.lease = absl::Seconds(0.5); }));
  EXPECT_FALSE(field([](GroupSettings& s) { s.lease = absl::Hours(2); }));
  EXPECT_FALSE(field([](GroupSettings& s) { s.in_flight = 0; }));
  EXPECT_FALSE(field([](GroupSettings& s) { s.in_flight = 10'001; }));
  EXPECT_FALSE(field([](GroupSettings& s) { s.attempts = 0; }));
  EXPECT_FALSE(field([](GroupSettings& s) { s.attempts = 101; }));
  EXPECT_FALSE(field([](GroupSettings& s) {
    s.first_delay = s.longest_delay + absl::Seconds(1);
  }));
  EXPECT_FALSE(
      field([](GroupSettings& s) { s.longest_delay = absl::Hours(25); }));
  EXPECT_FALSE(field([](GroupSettings& s) {
    s.first_delay = absl::Seconds(1) + absl::Nanoseconds(1);
  }));
  EXPECT_FALSE(field([](GroupSettings& s) { s.key = "\xff"; }));
  EXPECT_FALSE(field([](GroupSettings& s) {
    s.definition.assign(limits::kGroupDefinitionBytes + 1, 'x');
  }));
  for (const char* name : {"a", "finance-2025_b.c", "z9"}) {
    EXPECT_TRUE(CheckGroupName(name).ok()) << name;
  }
  for (const char* name : {"", "A", "1a", "a/b", "\xc3\xa5", ".a"}) {
    EXPECT_FALSE(CheckGroupName(name).ok()) << name;
  }
  EXPECT_FALSE(CheckGroupName(std::string(65, 'a')).ok());
}

}  // namespace
}  // namespace samverk::bus
