// Whatever is changed on the disk is noticed (G10).
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

using std::string_literals::operator""s;

class RocksDbDamage : public RocksDbTest {
 protected:
  void SetUp() override {
    Open();
    AppendEvents(1, 450);
    derived_from_ = [&] {
      Open();
      return store_->GetStats().derived_from;
    }();
    ASSERT_GT(derived_from_, Position(300));
    Close();
  }
  void TamperEvent(Position position, size_t at) {
    Tamper([&](Database& database) {
      const std::string key = keys::Number(position.value());
      std::string record = Get(database, database.events(), key);
      record[at] = static_cast<char>(record[at] ^ 1);
      Put(database, database.events(), key, record);
    });
  }
  void ExpectRefused() {
    const absl::Status opened = TryOpen(Options());
    EXPECT_EQ(opened.code(), absl::StatusCode::kDataLoss) << opened;
    EXPECT_REASON(opened, DAMAGED);
  }
  // But RocksDB's own record of each start.
  std::set<std::string> Files() {
    std::set<std::string> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(directory_.path())) {
      const std::string name = entry.path().filename();
      if (name.rfind("LOG", 0) != 0) files.insert(entry.path());
    }
    return files;
  }
  absl::Status Rebuild() {
    auto options = Options();
    options.rebuild_derived = true;
    return TryOpen(std::move(options));
  }

  Position derived_from_;
};

TEST_F(RocksDbDamage, AChangedEventInTheTailIsRefused) {
  TamperEvent(Position(449), 60);
  ExpectRefused();
  EXPECT_REASON(Rebuild(), DAMAGED);
}

TEST_F(RocksDbDamage, AChangedSaltInTheTailIsRefused) {
  TamperEvent(Position(450), 32);
  ExpectRefused();
}

TEST_F(RocksDbDamage, AChangedOldEventIsFoundWhenDerivingAgain) {
  TamperEvent(Position(5), 60);
  // Not read at start: that would make start-up as long as the log.
  ASSERT_TRUE(TryOpen(Options()).ok());
  EXPECT_REASON(Rebuild(), DAMAGED);
}

TEST_F(RocksDbDamage, AChangedOldEventHasNoProof) {
  TamperEvent(Position(5), 60);
  ASSERT_TRUE(TryOpen(Options()).ok());
  const TreeHead tree = store_->CurrentTree();
  const auto read = [&](uint32_t level, uint64_t index) {
    return store_->ReadNode(level, index);
  };
  const auto events = ReadAll();
  for (const uint64_t position : {4, 5, 6}) {
    const LeafIndex leaf(position - 1);
    const auto proof = InclusionProof(leaf, tree.size, read);
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_EQ(VerifyInclusion(LeafHash(events[position - 1].record()), leaf,
                              tree, *proof)
                  .ok(),
              position != 5);
  }
}

TEST_F(RocksDbDamage, AnImpossibleRecordIsNeverReturned) {
  TamperEvent(Position(5), 8);  // its position
  ASSERT_TRUE(TryOpen(Options()).ok());
  const auto page = store_->Read({});
  EXPECT_EQ(page.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_REASON(page.status(), DAMAGED);
  ReadOptions before;
  before.before = Position(5);
  EXPECT_TRUE(store_->Read(before).ok());
}

TEST_F(RocksDbDamage, AMissingEventIsNoticed) {
  Tamper([](Database& database) {
    ASSERT_TRUE(
        database.db()
            .Delete(rocksdb::WriteOptions(), database.events(), keys::Number(5))
            .ok());
  });
  ASSERT_TRUE(TryOpen(Options()).ok());
  EXPECT_REASON(store_->Read({}).status(), DAMAGED);
}

TEST_F(RocksDbDamage, AMissingLastEventIsRefused) {
  Tamper([](Database& database) {
    ASSERT_TRUE(database.db()
                    .Delete(rocksdb::WriteOptions(), database.events(),
                            keys::Number(450))
                    .ok());
  });
  ExpectRefused();
}

TEST_F(RocksDbDamage, AnInventedEventIsRefused) {
  Tamper([](Database& database) {
    Put(database, database.events(), keys::Number(451),
        Get(database, database.events(), keys::Number(450)));
  });
  ExpectRefused();
}

TEST_F(RocksDbDamage, KeysThatAreNoNumbersAreRefused) {
  for (const std::string& key : {"\xff"s, std::string(9, '\xff')}) {
    for (const bool events : {true, false}) {
      const auto family = [&](Database& database) {
        return events ? database.events() : database.commits();
      };
      Tamper([&](Database& database) {
        Put(database, family(database), key, "stray");
      });
      ExpectRefused();
      Tamper([&](Database& database) {
        ASSERT_TRUE(database.db()
                        .Delete(rocksdb::WriteOptions(), family(database), key)
                        .ok());
      });
    }
  }
  ASSERT_TRUE(TryOpen(Options()).ok());
}

TEST_F(RocksDbDamage, AStrayKeyAmongEventsIsNoEvent) {
  Tamper([](Database& database) {
    Put(database, database.events(), keys::Number(5) + "x", "stray");
    Put(database, database.events(), keys::Number(6).substr(0, 7), "stray");
  });
  ASSERT_TRUE(TryOpen(Options()).ok());
  EXPECT_REASON(store_->Read({}).status(), DAMAGED);
  ReadOptions one;
  one.after = Position(5);
  one.limit = 1;
  EXPECT_TRUE(store_->Read(one).ok());
}

TEST_F(RocksDbDamage, AChangedLastCommitIsRefused) {
  for (const size_t at : {4, 16, 32, 40, 48, 88, 97}) {
    std::string good;
    std::string key;
    Tamper([&](Database& database) {
      const std::unique_ptr<rocksdb::Iterator> it(database.db().NewIterator(
          rocksdb::ReadOptions(), database.commits()));
      it->SeekToLast();
      key = it->key().ToString();
      good = it->value().ToString();
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      Put(database, database.commits(), key, bad);
    });
    ExpectRefused();
    Tamper([&](Database& database) {
      Put(database, database.commits(), key, good);
    });
  }
  ASSERT_TRUE(TryOpen(Options()).ok());
}

TEST_F(RocksDbDamage, AForgedCommitDoesNotReachItsRoot) {
  // Record, header and checksum fit each other; only the tree tells.
  Tamper([&](Database& database) {
    const std::unique_ptr<rocksdb::Iterator> it(
        database.db().NewIterator(rocksdb::ReadOptions(), database.commits()));
    it->SeekToLast();
    const auto origin = HashOfOrigin(kTestOrigin);
    const auto header = DecodeCommitHeader(ToStd(it->value()), origin);
    ASSERT_TRUE(header.ok());
    std::vector<Hash> leaves;
    for (uint64_t p = header->first_position().value();
         p <= header->after.position.value(); ++p) {
      std::string record = Get(database, database.events(), keys::Number(p));
      record.back() = static_cast<char>(record.back() ^ 1);
      Put(database, database.events(), keys::Number(p), record);
      leaves.push_back(LeafHash(record));
    }
    Put(database, database.commits(), it->key().ToString(),
        EncodeCommitHeader(*header, origin, leaves));
  });
  ExpectRefused();
}

TEST_F(RocksDbDamage, AChangedEventBeforeTheMarkerInItsPartialTileIsRefused) {
  auto options = Options();
  options.segment_size.entries = 1;  // the marker then stands at the head
  ASSERT_TRUE(TryOpen(options).ok());
  AppendEvents(451, 460);
  TamperEvent(Position(455), 60);
  const absl::Status opened = TryOpen(options);
  EXPECT_EQ(opened.code(), absl::StatusCode::kDataLoss) << opened;
  EXPECT_REASON(opened, DAMAGED);
}

TEST_F(RocksDbDamage, AChangedTileIsRefusedAndDerivedAgain) {
  Tamper([](Database& database) {
    std::string tile = Get(database, database.derived(), keys::Tile({0, 0}));
    ASSERT_EQ(tile.size(), kTileBytes);
    tile[77] = static_cast<char>(tile[77] ^ 1);
    Put(database, database.derived(), keys::Tile({0, 0}), tile);
  });
  ExpectRefused();
  ASSERT_TRUE(Rebuild().ok());
  ASSERT_TRUE(TryOpen(Options()).ok());
}

TEST_F(RocksDbDamage, AMissingTileIsRefused) {
  Tamper([](Database& database) {
    ASSERT_TRUE(database.db()
                    .Delete(rocksdb::WriteOptions(), database.derived(),
                            keys::Tile({0, 0}))
                    .ok());
  });
  ExpectRefused();
}

TEST_F(RocksDbDamage, ALogShorterThanItsDerivedDataIsRefused) {
  // As after a disk that lost what it had said to be written.
  Tamper([&](Database& database) {
    const std::unique_ptr<rocksdb::Iterator> it(
        database.db().NewIterator(rocksdb::ReadOptions(), database.commits()));
    const auto origin = HashOfOrigin(kTestOrigin);
    for (it->SeekToLast(); it->Valid(); it->Prev()) {
      const auto header = DecodeCommitHeader(ToStd(it->value()), origin);
      ASSERT_TRUE(header.ok());
      if (header->after.position < derived_from_) break;
      ASSERT_TRUE(
          database.db()
              .Delete(rocksdb::WriteOptions(), database.commits(), it->key())
              .ok());
      for (uint64_t p = header->first_position().value();
           p <= header->after.position.value(); ++p) {
        ASSERT_TRUE(database.db()
                        .Delete(rocksdb::WriteOptions(), database.events(),
                                keys::Number(p))
                        .ok());
      }
    }
  });
  ExpectRefused();
  // Somebody has to say that the loss is accepted.
  ASSERT_TRUE(Rebuild().ok());
  EXPECT_LT(store_->Head(), derived_from_);
}

TEST_F(RocksDbDamage, AManifestThatIsNotThereIsDamage) {
  std::ofstream(directory_.path() + "/rocksdb/CURRENT") << "MANIFEST-999999\n";
  ExpectRefused();
}

TEST_F(RocksDbDamage, ALostCurrentIsDamageAndNothingIsChanged) {
  const std::string current = directory_.path() + "/rocksdb/CURRENT";
  std::filesystem::rename(current, directory_.path() + "/kept");
  const auto before = Files();
  for (int times = 0; times < 2; ++times) {
    ExpectRefused();
    auto unnamed = Options();
    unnamed.origin.clear();
    EXPECT_REASON(TryOpen(std::move(unnamed)), DAMAGED);
    EXPECT_EQ(Files(), before);
  }
  std::filesystem::rename(directory_.path() + "/kept", current);
  ASSERT_TRUE(TryOpen(Options()).ok());
  EXPECT_EQ(ReadAll().size(), 450u);
}

TEST_F(RocksDbDamage, AnIndexFileIsNotLeftInAnothersPlace) {
  // Larger than a table of the log's events, and lost with it.
  std::string lost;
  for (const auto& entry :
       std::filesystem::directory_iterator(directory_.path() + "/rocksdb")) {
    if (entry.path().extension() == ".sst") lost = entry.path();
  }
  ASSERT_FALSE(lost.empty());
  std::filesystem::remove(lost);
  std::ofstream(directory_.path() + "/segment.sst") << "of another size";
  const auto before = Files();
  ExpectRefused();
  EXPECT_EQ(Files(), before);
}

TEST_F(RocksDbDamage, ADamagedIndexIsNamed) {
  Tamper([](Database& database) {
    Put(database, database.derived(), keys::Id(Event(5).id), "garbage");
  });
  ASSERT_TRUE(TryOpen(Options()).ok());
  EXPECT_REASON(store_->Locate({Event(5).id}).status(), DAMAGED);
  AppendRequest request;
  request.events = {Event(5)};
  EXPECT_REASON(AppendAndWait(*store_, request).status(), DAMAGED);
}

}  // namespace
}  // namespace samverk
