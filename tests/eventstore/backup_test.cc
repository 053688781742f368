// Backups of an open register, and registers made again from them.
#include "eventstore/rocksdb/backup.h"

#include <rocksdb/file_system.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "eventstore/rocksdb/fsck.h"
#include "eventstore/rocksdb/restore.h"
#include "gmock/gmock.h"
#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// No room for what is written under a directory once so many bytes are.
class SmallDisk : public rocksdb::FileSystemWrapper {
 public:
  explicit SmallDisk(std::string directory)
      : FileSystemWrapper(rocksdb::FileSystem::Default()),
        directory_(std::move(directory)) {}
  const char* Name() const override { return "SmallDisk"; }
  rocksdb::IOStatus NewWritableFile(
      const std::string& name, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* context) override {
    const auto status = target()->NewWritableFile(name, options, file, context);
    if (status.ok() && name.rfind(directory_, 0) == 0) {
      *file = std::make_unique<File>(std::move(*file), left);
    }
    return status;
  }

  std::atomic<int64_t> left{0};

 private:
  class File : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile> file,
         std::atomic<int64_t>& left)
        : FSWritableFileOwnerWrapper(std::move(file)), left_(left) {}
    using FSWritableFileOwnerWrapper::Append;
    rocksdb::IOStatus Append(const rocksdb::Slice& data,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override {
      if ((left_ -= static_cast<int64_t>(data.size())) < 0) {
        return rocksdb::IOStatus::NoSpace("injected");
      }
      return target()->Append(data, options, context);
    }

   private:
    std::atomic<int64_t>& left_;
  };
  const std::string directory_;
};

class BackupTest : public RocksDbTest {
 protected:
  BackupTest() : RocksDbTest(TemporaryDirectory::InMemory()) {
    backups_ = beside_.path() + "/backups";
  }
  BackupOptions ToBackups() {
    BackupOptions options;
    options.directory = backups_;
    options.now = clock_.Now();
    options.reserved_bytes = 0;
    return options;
  }
  absl::StatusOr<Backup> TryBackup(const BackupOptions& options) {
    return CreateBackup(store_->database(), store_->LastCommit(), options);
  }
  Backup MakeBackup() {
    auto backup = TryBackup(ToBackups());
    EXPECT_TRUE(backup.ok()) << backup.status();
    return backup.ok() ? *backup : Backup();
  }
  // Into a directory of its own each time.
  RestoreOptions FromBackups() {
    RestoreOptions options;
    options.backups = backups_;
    options.directory =
        absl::StrCat(beside_.path(), "/restored-", ++restores_, "/log");
    options.segment_size = Options().segment_size;
    return options;
  }
  Restored MustRestore(const RestoreOptions& options) {
    auto restored = Restore(options);
    EXPECT_TRUE(restored.ok()) << restored.status();
    EXPECT_FALSE(fs::exists(RestoringDirectory(options.directory)));
    return restored.ok() ? *restored : Restored();
  }
  FsckResult Fsck(const std::string& directory) {
    FsckOptions options;
    options.directory = directory;
    options.segment_size = Options().segment_size;
    options.on_finding = [](const Finding& finding) {
      ADD_FAILURE() << NameOf(finding.kind) << ": " << finding.where
                    << ": expected " << finding.expected << ", found "
                    << finding.found;
    };
    auto result = CheckRegister(options);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : FsckResult();
  }
  // Records of a register, in order.
  static std::vector<std::string> RecordsIn(const std::string& directory) {
    Database::Options options;
    options.directory = directory;
    auto database = Database::Open(options);
    EXPECT_TRUE(database.ok()) << database.status();
    std::vector<std::string> records;
    const std::unique_ptr<rocksdb::Iterator> it((*database)->db().NewIterator(
        rocksdb::ReadOptions(), (*database)->events()));
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      records.push_back(it->value().ToString());
    }
    return records;
  }
  std::vector<std::string> Records() {
    std::vector<std::string> records;
    for (const RecordedEvent& event : ReadAll()) {
      records.push_back(event.record());
    }
    return records;
  }
  static void FlipByte(const std::string& path, size_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    ASSERT_TRUE(file.is_open()) << path;
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }
  static std::vector<std::string> FilesUnder(const std::string& directory) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  TemporaryDirectory beside_{TemporaryDirectory::InMemory()};
  std::string backups_;
  int restores_ = 0;
};

TEST_F(BackupTest, AManifestReadsBackAndKnowsItsChecksum) {
  BackupManifest manifest;
  manifest.origin = "a\n\"b\"";
  manifest.point.sequence = 7;
  manifest.point.position = Position(9);
  manifest.point.tree.size = 9;
  manifest.point.recorded_at_us = -5;
  manifest.made = absl::FromUnixSeconds(1'750'000'000);
  const std::string text = EncodeManifest(manifest);
  const auto decoded = DecodeManifest(text);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, manifest);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(DecodeManifest(changed).ok()) << i;
  }
}

TEST_F(BackupTest, AManifestOfALaterProgramIsRefusedAsNewer) {
  std::string text = EncodeManifest({});
  text.replace(text.find("backup 1"), 8, "backup 2");
  EXPECT_REASON(DecodeManifest(text).status(), FORMAT_NEWER);
  BackupManifest later;
  later.log_format = kLogFormat + 1;
  EXPECT_REASON(DecodeManifest(EncodeManifest(later)).status(), FORMAT_NEWER);
}

TEST_F(BackupTest, ARestoredRegisterIsTheSame) {
  Open();
  AppendEvents(1, 450);
  const Backup backup = MakeBackup();
  EXPECT_EQ(backup.number, 1u);
  EXPECT_EQ(backup.manifest.origin, kTestOrigin);
  EXPECT_EQ(backup.manifest.point, store_->LastCommit());
  EXPECT_GT(backup.bytes, 0u);
  const auto records = Records();
  Close();
  const RestoreOptions options = FromBackups();
  const Restored restored = MustRestore(options);
  EXPECT_EQ(restored.point, backup.manifest.point);
  EXPECT_EQ(restored.origin, kTestOrigin);
  EXPECT_EQ(Fsck(options.directory).events, 450u);
  EXPECT_EQ(RecordsIn(options.directory), records);
  // It goes on.
  auto again = Options();
  again.directory = options.directory;
  ASSERT_TRUE(TryOpen(std::move(again)).ok());
  AppendEvents(451, 500);
  EXPECT_EQ(store_->Head(), Position(500));
}

TEST_F(BackupTest, ASecondBackupSharesTheTables) {
  Open();
  AppendEvents(1, 2'000);
  ASSERT_TRUE(store_->database()
                  .db()
                  .Flush({}, {store_->database().events(),
                              store_->database().commits()})
                  .ok());
  MakeBackup();
  const auto first = FilesUnder(backups_ + "/shared_checksum");
  AppendEvents(2'001, 2'010);
  MakeBackup();
  const auto second = FilesUnder(backups_ + "/shared_checksum");
  ASSERT_FALSE(first.empty());
  EXPECT_TRUE(
      std::includes(second.begin(), second.end(), first.begin(), first.end()));
  EXPECT_LT(second.size(), 2 * first.size());
  RestoreOptions older = FromBackups();
  older.number = 1;
  EXPECT_EQ(MustRestore(older).point.position, Position(2'000));
  EXPECT_EQ(MustRestore(FromBackups()).point.position, Position(2'010));
}

TEST_F(BackupTest, OldBackupsAreRemovedAndTheOthersStayWhole) {
  Open();
  for (uint64_t n = 1; n <= 4; ++n) {
    AppendEvents(100 * n - 99, 100 * n);
    MakeBackup();
  }
  BackupOptions options = ToBackups();
  options.keep = 2;
  AppendEvents(401, 450);
  ASSERT_TRUE(TryBackup(options).ok());
  const auto left = ListBackups(backups_);
  ASSERT_TRUE(left.ok()) << left.status();
  ASSERT_EQ(left->size(), 2u);
  EXPECT_EQ((*left)[0].number, 4u);
  EXPECT_EQ((*left)[1].number, 5u);
  RestoreOptions older = FromBackups();
  older.number = 4;
  EXPECT_EQ(MustRestore(older).point.position, Position(400));
  ASSERT_TRUE(PurgeBackups(backups_, 1).ok());
  EXPECT_EQ(ListBackups(backups_)->size(), 1u);
  EXPECT_EQ(MustRestore(FromBackups()).point.position, Position(450));
}

TEST_F(BackupTest, WhileAWriterAppendsItIsAPrefix) {
  Open();
  AppendEvents(1, 100);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (uint64_t n = 101; !stop; n += 10) AppendEvents(n, n + 9);
  });
  std::vector<CommitPoint> points;
  for (int i = 0; i < 5; ++i) points.push_back(MakeBackup().manifest.point);
  stop = true;
  writer.join();
  const auto records = Records();
  for (uint32_t number = 1; number <= 5; ++number) {
    RestoreOptions options = FromBackups();
    options.number = number;
    const Restored restored = MustRestore(options);
    EXPECT_GE(restored.point.position, points[number - 1].position);
    EXPECT_EQ(Fsck(options.directory).point, restored.point);
    const auto prefix = RecordsIn(options.directory);
    ASSERT_LE(prefix.size(), records.size());
    EXPECT_TRUE(std::equal(prefix.begin(), prefix.end(), records.begin()));
  }
}

TEST_F(BackupTest, RestoresToEveryPositionThatEndsARequest) {
  Open();
  AppendEvents(1, 24);  // 10 to 12 and 20 to 22 come together
  MakeBackup();
  const auto records = Records();
  std::vector<TreeHead> trees = {TreeHead()};
  TreeFrontier frontier;
  for (const std::string& record : records) {
    frontier.Append(LeafHash(record));
    trees.push_back(frontier.Head());
  }
  for (uint64_t to = 1; to <= 24; ++to) {
    RestoreOptions options = FromBackups();
    options.to = Position(to);
    const uint64_t within = to % 10;
    if (to >= 10 && within <= 1) {
      const absl::Status refused = Restore(options).status();
      EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << refused;
      const uint64_t first = to - within;
      EXPECT_THAT(std::string(refused.message()),
                  HasSubstr(absl::StrCat("restore to ", first + 2, ", or to ",
                                         first - 1)));
      EXPECT_FALSE(fs::exists(options.directory));
      EXPECT_FALSE(fs::exists(RestoringDirectory(options.directory)));
      continue;
    }
    const Restored restored = MustRestore(options);
    EXPECT_EQ(restored.point.position, Position(to));
    EXPECT_EQ(restored.point.tree, trees[to]);
    EXPECT_EQ(Fsck(options.directory).point, restored.point);
    EXPECT_EQ(RecordsIn(options.directory),
              std::vector<std::string>(records.begin(), records.begin() + to));
  }
}

TEST_F(BackupTest, ACommitIsCutAtTheEndOfARequest) {
  // Appends that wait together are committed together.
  Open();
  std::atomic<int> left{64};
  for (uint64_t n = 1; n <= 64; ++n) {
    AppendRequest request;
    request.events = {Event(n)};
    request.track = Track{"bus", n};
    store_->Append(std::move(request), absl::InfiniteFuture(),
                   [&](const absl::StatusOr<AppendResult>& result) {
                     EXPECT_TRUE(result.ok()) << result.status();
                     --left;
                   });
  }
  while (left > 0) std::this_thread::yield();
  ASSERT_LT(store_->LastCommit().sequence, 60u);
  MakeBackup();
  const auto records = Records();
  for (uint64_t to = 1; to <= 64; to += 7) {
    RestoreOptions options = FromBackups();
    options.to = Position(to);
    EXPECT_EQ(MustRestore(options).point.position, Position(to));
    EXPECT_EQ(Fsck(options.directory).events, to);
    EXPECT_EQ(RecordsIn(options.directory),
              std::vector<std::string>(records.begin(), records.begin() + to));
  }
}

TEST_F(BackupTest, AFlippedByteInAnyFileIsFound) {
  Open();
  AppendEvents(1, 300);
  ASSERT_TRUE(store_->database()
                  .db()
                  .Flush({}, {store_->database().events(),
                              store_->database().commits()})
                  .ok());
  AppendEvents(301, 330);
  MakeBackup();
  ASSERT_TRUE(VerifyBackup(backups_, 1).ok());
  for (const std::string& path : FilesUnder(backups_)) {
    const size_t size = fs::file_size(path);
    if (size == 0) continue;  // LOCK
    const bool meta = path.find("/meta/") != std::string::npos;
    for (const size_t at : {size / 3, size / 2, size - 2}) {
      FlipByte(path, at);
      const absl::Status found = VerifyBackup(backups_, 1);
      // In the list of files there are bytes that say nothing that is used.
      if (!meta) {
        EXPECT_EQ(found.code(), absl::StatusCode::kDataLoss)
            << path << " at " << at << ": " << found;
      }
      const RestoreOptions options = FromBackups();
      const auto restored = Restore(options);
      EXPECT_EQ(restored.ok(), found.ok()) << path << " at " << at;
      if (!restored.ok()) {
        EXPECT_EQ(restored.status().code(), absl::StatusCode::kDataLoss)
            << restored.status();
        EXPECT_FALSE(fs::exists(options.directory));
        EXPECT_FALSE(fs::exists(RestoringDirectory(options.directory)));
      }
      FlipByte(path, at);
    }
  }
  MustRestore(FromBackups());
}

TEST_F(BackupTest, ARegisterThatIsNotWhatTheManifestSaysIsRefused) {
  Open();
  AppendEvents(1, 30);
  CommitPoint lie = store_->LastCommit();
  lie.tree.root[0] ^= 1;
  ASSERT_TRUE(CreateBackup(store_->database(), lie, ToBackups()).ok());
  RestoreOptions options = FromBackups();
  const absl::Status refused = Restore(options).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("another root"));
  options.to = Position(5);
  EXPECT_FALSE(Restore(options).ok());
  CommitPoint later = store_->LastCommit();
  later.sequence += 1;
  later.position = later.position.Next();
  ASSERT_TRUE(CreateBackup(store_->database(), later, ToBackups()).ok());
  EXPECT_THAT(std::string(Restore(FromBackups()).status().message()),
              HasSubstr("its log ends at position 30"));
}

// Every checksum fits; only the tree tells.
TEST_F(BackupTest, ACommitWhoseRecordsDoNotGiveItsRootIsRefused) {
  Open();
  AppendEvents(1, 450);
  Tamper([](Database& database) {
    const RegisterHash origin = HashOfOrigin(kTestOrigin);
    auto header = DecodeCommitHeader(
        Get(database, database.commits(), keys::Number(3)), origin);
    ASSERT_TRUE(header.ok()) << header.status();
    header->after.tree.root[5] ^= 1;
    const Hash leaf =
        LeafHash(Get(database, database.events(), keys::Number(3)));
    Put(database, database.commits(), keys::Number(3),
        EncodeCommitHeader(*header, origin, {&leaf, 1}));
  });
  Open();
  MakeBackup();
  ASSERT_TRUE(VerifyBackup(backups_, 1).ok());
  RestoreOptions options = FromBackups();
  const absl::Status refused = Restore(options).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("commit 3"));
  EXPECT_FALSE(fs::exists(options.directory));
  options.to = Position(2);
  EXPECT_FALSE(Restore(options).ok());
}

TEST_F(BackupTest, AFullDiskFailsTheBackupAndNothingElse) {
  Open();
  AppendEvents(1, 300);
  MakeBackup();
  AppendEvents(301, 600);
  auto disk = std::make_shared<SmallDisk>(backups_);
  const auto env = rocksdb::NewCompositeEnv(disk);
  BackupOptions options = ToBackups();
  options.env = env.get();
  for (const int64_t bytes : {0, 100, 5'000, 40'000}) {
    disk->left = bytes;
    const absl::Status refused = TryBackup(options).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted) << refused;
    EXPECT_REASON(refused, DISK_FULL);
    AppendEvents(601 + static_cast<uint64_t>(bytes),
                 603 + static_cast<uint64_t>(bytes));
  }
  EXPECT_EQ(ListBackups(backups_)->size(), 1u);
  ASSERT_TRUE(VerifyBackup(backups_, 1).ok());
  disk->left = 1 << 30;
  ASSERT_TRUE(TryBackup(options).ok());
  EXPECT_EQ(MustRestore(FromBackups()).point.position, store_->Head());
}

TEST_F(BackupTest, NothingIsWrittenWhenTheReserveWouldSuffer) {
  Open();
  AppendEvents(1, 30);
  BackupOptions options = ToBackups();
  options.reserved_bytes = uint64_t{1} << 60;
  const absl::Status refused = TryBackup(options).status();
  EXPECT_REASON(refused, DISK_FULL);
  EXPECT_EQ(ListBackups(backups_).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(BackupTest, OneBackupAtATimeAndItCanBeStopped) {
  Open();
  std::mt19937_64 random(7);
  for (uint64_t n = 1; n <= 500; ++n) {
    AppendRequest request;
    request.events = {Event(n)};
    std::string& payload = request.events[0].payload;
    while (payload.size() < 60'000) PutLittle(random(), payload);
    ASSERT_TRUE(AppendAndWait(*store_, std::move(request)).ok());
  }
  BackupOptions options = ToBackups();
  absl::Status meanwhile;
  int calls = 0;
  options.on_progress = [&](const BackupProgress& progress) {
    EXPECT_LE(progress.bytes_done, progress.bytes_total);
    if (++calls == 1) meanwhile = TryBackup(ToBackups()).status();
    return false;
  };
  const absl::Status stopped = TryBackup(options).status();
  ASSERT_GT(calls, 0);
  EXPECT_REASON(meanwhile, IN_USE);
  EXPECT_REASON(stopped, SHUTTING_DOWN);
  EXPECT_EQ(ListBackups(backups_).status().code(), absl::StatusCode::kNotFound);
  MakeBackup();
  MustRestore(FromBackups());
}

TEST_F(BackupTest, ADirectoryBelongsToOneRegister) {
  Open();
  AppendEvents(1, 3);
  MakeBackup();
  TemporaryDirectory other(TemporaryDirectory::InMemory());
  auto options = Options();
  options.directory = other.path();
  options.origin = "another";
  ASSERT_TRUE(TryOpen(std::move(options)).ok());
  const absl::Status refused = TryBackup(ToBackups()).status();
  EXPECT_REASON(refused, READ_ONLY);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(kTestOrigin));
  Close();
}

TEST_F(BackupTest, ARestoreThatWasCutShortIsBegunAgain) {
  Open();
  AppendEvents(1, 30);
  MakeBackup();
  const RestoreOptions options = FromBackups();
  const std::string work = RestoringDirectory(options.directory);
  fs::create_directories(work + "/whole/rocksdb");
  std::ofstream(work + "/whole/rocksdb/CURRENT") << "MANIFEST-000001\n";
  EXPECT_EQ(MustRestore(options).point.position, Position(30));
  Fsck(options.directory);

  RestoreOptions cut = FromBackups();
  cut.to = Position(5);
  const std::string part = RestoringDirectory(cut.directory) + "/cut";
  fs::create_directories(RestoringDirectory(cut.directory));
  fs::rename(options.directory, part);
  EXPECT_EQ(MustRestore(cut).point.position, Position(5));
  EXPECT_EQ(Fsck(cut.directory).events, 5u);
}

TEST_F(BackupTest, WhatCannotBeRestoredIsSaidInOneSentence) {
  Open();
  const auto sentence = [](const RestoreOptions& options) {
    const auto restored = Restore(options);
    EXPECT_FALSE(restored.ok());
    EXPECT_FALSE(fs::exists(RestoringDirectory(options.directory)));
    return std::string(restored.status().message());
  };
  EXPECT_THAT(sentence(FromBackups()), HasSubstr("holds no backups"));
  fs::create_directories(backups_);
  EXPECT_THAT(sentence(FromBackups()), HasSubstr("holds no backups"));
  AppendEvents(1, 30);
  MakeBackup();
  MakeBackup();
  RestoreOptions options = FromBackups();
  options.number = 7;
  EXPECT_THAT(sentence(options), HasSubstr("has no backup 7; it has 1, 2"));
  options.number = 2;
  options.to = Position(31);
  EXPECT_THAT(sentence(options),
              HasSubstr("position 31 is beyond the end of backup 2, which is "
                        "30"));
  options.to = Position(0);
  EXPECT_THAT(sentence(options), HasSubstr("before the first event"));
  options = FromBackups();
  fs::create_directories(options.directory);
  EXPECT_THAT(sentence(options), HasSubstr("is there already"));
}

TEST_F(BackupTest, ABackupOfALaterProgramIsRefusedAndTheOthersAreNot) {
  Open();
  AppendEvents(1, 30);
  MakeBackup();
  MakeBackup();
  const std::string path = backups_ + "/meta/2";
  std::string text;
  {
    std::ifstream file(path);
    text = {std::istreambuf_iterator<char>(file), {}};
  }
  // In hexadecimal: "samverk backup 1".
  const std::string one = "73616d7665726b206261636b75702031";
  size_t at = text.find(one);
  if (at == std::string::npos) {
    at = text.find("73616D7665726B206261636B75702031");
  }
  ASSERT_NE(at, std::string::npos) << text;
  text[at + one.size() - 1] = '9';
  std::ofstream(path) << text;
  RestoreOptions options = FromBackups();
  options.number = 2;
  EXPECT_REASON(Restore(options).status(), FORMAT_NEWER);
  EXPECT_EQ(MustRestore(FromBackups()).backup.number, 1u);
}

}  // namespace
}  // namespace samverk
