// Whatever is changed in a stopped register, with RocksDB's own means and so
// with checksums that are right: nothing of it is proved, and somebody says
// where it is.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/audit/verifier.h"
#include "eventstore/rocksdb/fsck.h"
#include "services/audit/scrubber.h"
#include "tests/audit/audit_fixture.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kEvents = 900;

struct Tampering {
  const char* name;
  std::function<void(Database&)> change;
  // The first event that is not what was recorded; 0: all events are, and
  // something that follows from them is not.
  uint64_t first = 0;
  bool named = true;  // by samverk fsck; otherwise it names the commit
};

std::string Key(uint64_t number) { return keys::Number(number); }

std::string Get(Database& database, rocksdb::ColumnFamilyHandle* family,
                const std::string& key) {
  std::string value;
  EXPECT_TRUE(
      database.db().Get(rocksdb::ReadOptions(), family, key, &value).ok());
  return value;
}
void Put(Database& database, rocksdb::ColumnFamilyHandle* family,
         const std::string& key, const std::string& value) {
  rocksdb::WriteOptions durably;
  durably.sync = true;
  EXPECT_TRUE(database.db().Put(durably, family, key, value).ok());
}
void Remove(Database& database, rocksdb::ColumnFamilyHandle* family,
            const std::string& key) {
  rocksdb::WriteOptions durably;
  durably.sync = true;
  EXPECT_TRUE(database.db().Delete(durably, family, key).ok());
}

// Changes the bytes of the record at a position.
std::function<void(Database&)> ChangeRecord(
    uint64_t position, std::function<void(std::string&)> change) {
  return [=](Database& database) {
    std::string record = Get(database, database.events(), Key(position));
    change(record);
    Put(database, database.events(), Key(position), record);
  };
}
std::function<void(Database&)> ChangeTile(
    TileId tile, std::function<void(std::string&)> change) {
  return [=](Database& database) {
    std::string bytes = Get(database, database.derived(), keys::Tile(tile));
    change(bytes);
    Put(database, database.derived(), keys::Tile(tile), bytes);
  };
}
std::function<void(std::string&)> FlipBit(size_t at) {
  return [at](std::string& bytes) {
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
  };
}

std::vector<Tampering> AllTamperings() {
  std::vector<Tampering> all = {
      {"a record is changed in its payload",
       ChangeRecord(
           300, [](auto& r) { r.back() = static_cast<char>(r.back() ^ 1); }),
       300},
      {"a record has other random bytes", ChangeRecord(2, FlipBit(40)), 2},
      {"a record was recorded at another time", ChangeRecord(9, FlipBit(24)),
       9},
      {"a record has another revision", ChangeRecord(9, FlipBit(16)), 9},
      {"a record has another position", ChangeRecord(9, FlipBit(8)), 9},
      {"the last record is changed",
       ChangeRecord(kEvents, [](auto& r) { r.back() ^= 1; }), kEvents},
      {"a record is cut short",
       ChangeRecord(100, [](auto& r) { r.resize(r.size() - 1); }), 100},
      {"a record is empty", ChangeRecord(100, [](auto& r) { r.clear(); }), 100},
      {"a record has more behind it",
       ChangeRecord(100, [](auto& r) { r.push_back('x'); }), 100},
      {"a record is gone",
       [](Database& database) { Remove(database, database.events(), Key(77)); },
       77},
      {"the first record is gone",
       [](Database& database) { Remove(database, database.events(), Key(1)); },
       1},
      {"two records are in each other's place",
       [](Database& database) {
         const std::string a = Get(database, database.events(), Key(50));
         const std::string b = Get(database, database.events(), Key(51));
         Put(database, database.events(), Key(50), b);
         Put(database, database.events(), Key(51), a);
       },
       50},
      {"a record is there twice",
       [](Database& database) {
         Put(database, database.events(), Key(61),
             Get(database, database.events(), Key(60)));
       },
       61},
      {"a record is put in, and those after it are moved",
       [](Database& database) {
         std::string moved = Get(database, database.events(), Key(200));
         for (uint64_t n = 201; n <= kEvents; ++n) {
           std::string next = Get(database, database.events(), Key(n));
           Put(database, database.events(), Key(n), moved);
           moved = std::move(next);
         }
       },
       201},
      {"a record is taken out, and those after it are moved",
       [](Database& database) {
         for (uint64_t n = 200; n < kEvents; ++n) {
           Put(database, database.events(), Key(n),
               Get(database, database.events(), Key(n + 1)));
         }
       },
       200},
      {"a record follows the last one",
       [](Database& database) {
         Put(database, database.events(), Key(kEvents + 1),
             Get(database, database.events(), Key(kEvents)));
       },
       kEvents + 1},
      {"the last records are gone",
       [](Database& database) {
         for (uint64_t n = kEvents - 5; n <= kEvents; ++n) {
           Remove(database, database.events(), Key(n));
         }
       },
       kEvents - 5},
      {"a hash of a record is changed", ChangeTile({0, 0}, FlipBit(32 * 7))},
      {"a hash above is changed", ChangeTile({0, 1}, FlipBit(32 * 200 + 31))},
      {"hashes are gone",
       [](Database& database) {
         Remove(database, database.derived(), keys::Tile({0, 0}));
       }},
      {"hashes are in each other's place",
       [](Database& database) {
         const std::string a =
             Get(database, database.derived(), keys::Tile({0, 0}));
         const std::string b =
             Get(database, database.derived(), keys::Tile({0, 1}));
         Put(database, database.derived(), keys::Tile({0, 0}), b);
         Put(database, database.derived(), keys::Tile({0, 1}), a);
       }},
      {"hashes are cut short",
       ChangeTile({0, 1}, [](auto& tile) { tile.resize(32 * 100); })},
      {"a record is changed, and its hash with it",
       [](Database& database) {
         ChangeRecord(30, FlipBit(60))(database);
         const std::string record = Get(database, database.events(), Key(30));
         ChangeTile({0, 0}, [&record](std::string& tile) {
           const Hash hash = LeafHash(record);
           tile.replace(32 * 29, 32, std::string(AsBytes(hash)));
         })(database);
       },
       30, false},
      {"an entry of the index of ids is gone",
       [](Database& database) {
         Remove(database, database.derived(),
                keys::Id(UuidV8FromText("event 20")));
       }},
      {"an entry of the index of tags leads elsewhere",
       [](Database& database) {
         const std::string key =
             keys::Block(keys::TermKind::kTag, "n:20", Position(20));
         std::string block = Get(database, database.derived(), key);
         block.back() = static_cast<char>(block.back() ^ 1);
         Put(database, database.derived(), key, block);
       }},
  };
  return all;
}

class TamperTest : public AuditTest {
 protected:
  void SetUp() override {
    OpenAll();
    AppendEvents(1, kEvents);
    const auto head = signer_->Covering(Position(kEvents));
    ASSERT_TRUE(head.ok()) << head.status();
    for (const RecordedEvent& event : ReadAll()) {
      records_.push_back(event.record());
    }
    ASSERT_EQ(records_.size(), kEvents);
    CloseAll();
    fs::copy(directory_.path(), Untouched(), fs::copy_options::recursive);
    fs::copy(Secrets(), Untouched() + "-secrets", fs::copy_options::recursive);
  }
  std::string Untouched() const { return outside_.path() + "/untouched"; }
  void PutBack() {
    CloseAll();
    fs::remove_all(directory_.path());
    fs::copy(Untouched(), directory_.path(), fs::copy_options::recursive);
    fs::remove_all(Secrets());
    fs::copy(Untouched() + "-secrets", Secrets(), fs::copy_options::recursive);
  }

  // The first event that a finding is about; 0: it is about none.
  static uint64_t EventIn(const Finding& finding) {
    const std::string text =
        absl::StrCat(finding.where, " ", finding.expected, " ", finding.found);
    for (const char* before : {"event is ", "event ", "events "}) {
      for (size_t at = text.find(before); at != std::string::npos;
           at = text.find(before, at + 1)) {
        const size_t begin = at + std::string(before).size();
        const size_t end = text.find_first_not_of("0123456789", begin);
        uint64_t number = 0;
        if (absl::SimpleAtoi(text.substr(begin, end - begin), &number)) {
          return number;
        }
      }
    }
    return 0;
  }

  void ExpectFsckFinds(const Tampering& tampering) {
    std::string all;
    uint64_t first = 0;
    FsckOptions options;
    options.directory = directory_.path();
    options.segment_size = Options().segment_size;
    options.on_finding = [&](const Finding& finding) {
      absl::StrAppend(&all, finding.where, ": ", finding.expected, ", found ",
                      finding.found, "\n");
      const uint64_t number = EventIn(finding);
      if (number > 0 && (first == 0 || number < first)) first = number;
    };
    const auto result = CheckRegister(options);
    ASSERT_TRUE(result.ok()) << result.status();
    ASSERT_GT(result->Findings(), 0u) << "nothing is found";
    if (tampering.first == 0 || !tampering.named) return;
    // By the record itself, or by those of its commit, three at most.
    EXPECT_LE(first, tampering.first) << all;
    EXPECT_GE(first + 3, tampering.first) << all;
  }

  // Of a register that opens nevertheless.
  void ExpectOnlyWhatWasRecordedIsProved() {
    for (uint64_t n = 1; n <= store_->Head().value(); ++n) {
      const auto proof = prover_->Inclusion(Position(n));
      if (!proof.ok()) continue;
      ASSERT_LE(n, kEvents);
      EXPECT_EQ(proof->extra, records_[n - 1]) << "event " << n;
      const auto verified =
          ProofVerifier(AuditTest::Key()).Verify(FormatTlogProof(*proof));
      EXPECT_TRUE(verified.ok()) << verified.status();
    }
  }
  // What the reading for damage says of the first damaged event.
  void ExpectScrubFinds(uint64_t first) {
    Scrubber scrubber({.store = store_.get(),
                       .tree = store_.get(),
                       .bytes_per_second = 1 << 30,
                       .before_first = absl::ZeroDuration()});
    const absl::Time late = absl::Now() + absl::Seconds(30);
    Scrubber::State state;
    do {
      state = scrubber.GetState();
      absl::SleepFor(absl::Milliseconds(1));
    } while (state.rounds == 0 && state.damaged == 0 && absl::Now() < late);
    EXPECT_EQ(state.damaged, first) << state.damage;
  }

  std::vector<std::string> records_;
};

TEST_F(TamperTest, NothingOfItIsProvedAndItIsFound) {
  int opened = 0;
  for (const Tampering& tampering : AllTamperings()) {
    SCOPED_TRACE(tampering.name);
    PutBack();
    Tamper(tampering.change);
    ExpectFsckFinds(tampering);
    const absl::Status started = TryOpen(Options());
    if (!started.ok()) {
      EXPECT_REASON(started, DAMAGED);
      continue;
    }
    const absl::Status signing = TrySign();
    if (!signing.ok()) {
      EXPECT_REASON(signing, DAMAGED);
      continue;
    }
    ++opened;
    prover_ = std::make_unique<Prover>(*store_, *store_, *signer_);
    ExpectOnlyWhatWasRecordedIsProved();
    if (tampering.first > 0 && tampering.first <= kEvents) {
      EXPECT_FALSE(prover_->Inclusion(Position(tampering.first)).ok());
      ExpectScrubFinds(tampering.first);
    }
  }
  EXPECT_GT(opened, 5) << "only what opens can be asked";
}

// The test itself: of what nobody has touched, all is proved.
TEST_F(TamperTest, WhatIsAsItWasIsProved) {
  PutBack();
  OpenAll();
  ExpectOnlyWhatWasRecordedIsProved();
  for (uint64_t n = 1; n <= kEvents; ++n) {
    EXPECT_TRUE(prover_->Inclusion(Position(n)).ok()) << n;
  }
}

}  // namespace
}  // namespace samverk
