// The write-ahead log after a crash, a power cut, and rot: what was cut short
// was not acknowledged and goes; what is damaged is told, never dropped (G1).
#include <rocksdb/db.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "eventstore/base/coding.h"
#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

// Of RocksDB's log: a block is so long, a fragment begins with so much.
constexpr size_t kBlock = 32 << 10;
constexpr size_t kHeader = 7;
constexpr char kFull = 1;
constexpr char kFirst = 2;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Where each record of a log begins, and at last the end.
std::vector<size_t> RecordStarts(const std::string& log) {
  std::vector<size_t> starts;
  size_t at = 0;
  while (at + kHeader <= log.size()) {
    if (kBlock - at % kBlock < kHeader) {
      at += kBlock - at % kBlock;
      continue;
    }
    const char type = log[at + 6];
    if (type == kFull || type == kFirst) starts.push_back(at);
    at += kHeader + GetLittle<uint16_t>(log.data() + at + 4);
  }
  starts.push_back(at);
  return starts;
}

class WalDamage : public RocksDbTest {
 protected:
  void SetUp() override { ASSERT_TRUE(TryOpen(LongSegments()).ok()); }

  // Nothing but the log says what there is.
  RocksDbEventStore::Options LongSegments() {
    auto options = Options();
    options.segment_size.entries = 32'768;
    return options;
  }
  // The directory as a crash would leave it now; its log is log().
  void Crash() {
    fs::remove_all(image_.path());
    fs::copy(directory_.path(), image_.path(), fs::copy_options::recursive);
    for (const auto& entry :
         fs::directory_iterator(image_.path() + "/rocksdb")) {
      if (entry.path().extension() == ".log" && entry.file_size() > 0) {
        log_path_ = entry.path();
      }
    }
    log_ = ReadFile(log_path_);
    ASSERT_FALSE(log_.empty());
    starts_ = RecordStarts(log_);
    Close();
  }
  const std::string& log() const { return log_; }
  const std::vector<size_t>& starts() const { return starts_; }

  // Opens a copy of the image whose log has these bytes.
  absl::Status OpenWith(const std::string& log, bool rebuild = false) {
    Close();
    fs::remove_all(directory_.path());
    fs::copy(image_.path(), directory_.path(), fs::copy_options::recursive);
    const std::string path = directory_.path() + "/rocksdb/" +
                             fs::path(log_path_).filename().string();
    WriteFile(path, log);
    auto options = LongSegments();
    options.rebuild_derived = rebuild;
    const absl::Status opened = TryOpen(std::move(options));
    if (!opened.ok()) {
      EXPECT_EQ(ReadFile(path), log) << "a refused log is left as it is";
    }
    return opened;
  }
  std::string Flipped(size_t at) const {
    std::string bytes = log_;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    return bytes;
  }
  void ExpectRefused(const std::string& log, const std::string& what) {
    const absl::Status opened = OpenWith(log);
    EXPECT_EQ(opened.code(), absl::StatusCode::kDataLoss) << what << opened;
    EXPECT_REASON(opened, DAMAGED) << what;
  }
  void ExpectHead(const std::string& log, uint64_t head,
                  const std::string& what) {
    const absl::Status opened = OpenWith(log);
    ASSERT_TRUE(opened.ok()) << what << opened;
    EXPECT_EQ(store_->Head(), Position(head)) << what;
    EXPECT_EQ(ReadAll().size(), head) << what;
    // And it goes on from there.
    AppendEvents(head + 1, head + 1);
    EXPECT_EQ(store_->Head(), Position(head + 1)) << what;
  }

  TemporaryDirectory image_;
  std::string log_path_;
  std::string log_;
  std::vector<size_t> starts_;
};

TEST_F(WalDamage, AWholeLogIsReadToItsEnd) {
  AppendEvents(1, 9);
  Crash();
  ExpectHead(log(), 9, "whole ");
}

TEST_F(WalDamage, AFlippedBitBeforeTheLastRecordIsRefused) {
  for (uint64_t n = 1; n <= 300; ++n) AppendEvents(n, n);
  Crash();
  ASSERT_EQ(starts().size(), 302u);  // the description, 300 appends, the end
  ASSERT_GT(log().size(), 2 * kBlock);
  // The description, the first append, some in the midst, the last but one.
  for (const size_t record : {0, 1, 30, 150, 299}) {
    const size_t begin = starts()[record];
    const size_t end = starts()[record + 1];
    // Checksum, length (both bytes), type, content.
    for (const size_t at : {begin, begin + 4, begin + 5, begin + 6,
                            begin + kHeader + 12, end - 1}) {
      ExpectRefused(Flipped(at),
                    absl::StrCat("record ", record, " byte ", at - begin, " "));
    }
  }
  ExpectHead(log(), 300, "whole ");
}

TEST_F(WalDamage, ALostSectorBeforeTheLastRecordIsRefused) {
  AppendEvents(1, 300);
  Crash();
  std::string bytes = log();
  const size_t at = starts()[starts().size() / 2] + 20;
  std::fill_n(bytes.begin() + at, 512, '\0');
  ExpectRefused(bytes, "lost sector ");
}

TEST_F(WalDamage, RefusedUntilSomebodyAcceptsTheLoss) {
  for (uint64_t n = 1; n <= 20; ++n) AppendEvents(n, n);
  Crash();
  const std::string bytes = Flipped(starts()[11] + kHeader + 20);
  ExpectRefused(bytes, "flip ");
  ASSERT_TRUE(OpenWith(bytes, /*rebuild=*/true).ok());
  EXPECT_EQ(store_->Head(), Position(10));
}

TEST_F(WalDamage, ALastRecordThatIsCutShortIsDropped) {
  for (uint64_t n = 1; n <= 10; ++n) AppendEvents(n, n);
  Crash();
  const size_t last = starts()[10];
  for (size_t end = last; end < log().size(); end += 15) {
    ExpectHead(log().substr(0, end), 9, absl::StrCat("cut at ", end, " "));
  }
  // Nor can it be told from one that was changed afterwards.
  for (const size_t at : {last, last + 4, last + 5, last + 6, last + 50}) {
    ExpectHead(Flipped(at), 9, absl::StrCat("flip at ", at, " "));
  }
}

TEST_F(WalDamage, SectorsOfALastRecordThatAreMissingAreNoDamage) {
  AppendEvents(1, 5);
  AppendRequest large;
  for (uint64_t n = 6; n <= 8; ++n) {
    large.events.push_back(Event(n));
    large.events.back().payload.assign(40'000, static_cast<char>('a' + n));
  }
  ASSERT_TRUE(AppendAndWait(*store_, large).ok());
  Crash();
  const size_t last = starts()[starts().size() - 2];
  ASSERT_GT(log().size() - last, 3 * kBlock);
  // A power cut in the midst of one write: the file has its new length, but
  // any of its sectors may still be empty.
  for (size_t lost = last / 512 + 1; lost < log().size() / 512; lost += 31) {
    std::string bytes = log();
    std::fill_n(bytes.begin() + lost * 512, 512, '\0');
    ExpectHead(bytes, 5, absl::StrCat("sector ", lost, " "));
  }
  std::string bytes = log();
  std::fill(bytes.begin() + last, bytes.end(), '\0');
  ExpectHead(bytes, 5, "all of it ");
  bytes = log();
  std::fill(bytes.begin() + last + 20'000, bytes.end(), '\0');
  ExpectHead(bytes, 5, "the end of it ");
}

TEST_F(WalDamage, ALostDescriptionIsNotANewRegister) {
  Crash();
  // All that the log has is the description.
  for (const std::string& bytes : {std::string(), Flipped(30)}) {
    ExpectRefused(bytes, "description ");
  }
}

// What a first start leaves that ends before the register is described.
class FirstStart : public RocksDbTest {
 protected:
  void SetUp() override {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open(options, directory_.path() + "/rocksdb", &db).ok());
    delete db;
  }
  void DeleteDescription() {
    Tamper([](Database& database) {
      rocksdb::DB& db = database.db();
      for (const char* key : {"origin", "created_us", "log_format"}) {
        ASSERT_TRUE(
            db.Delete(rocksdb::WriteOptions(), db.DefaultColumnFamily(), key)
                .ok());
      }
    });
  }
};

TEST_F(FirstStart, CutShortStillNeedsAName) {
  auto options = Options();
  options.origin.clear();
  EXPECT_EQ(TryOpen(options).code(), absl::StatusCode::kInvalidArgument);
  Open();
  AppendEvents(1, 3);
  EXPECT_EQ(store_->GetStats().origin, kTestOrigin);
  options.segment_size.entries = 100;
  ASSERT_TRUE(TryOpen(options).ok());
  EXPECT_EQ(store_->Head(), Position(3));
  EXPECT_EQ(store_->GetStats().origin, kTestOrigin);
}

TEST_F(FirstStart, ARegisterWithoutItsDescriptionIsDamaged) {
  Open();
  AppendEvents(1, 3);
  DeleteDescription();
  EXPECT_REASON(TryOpen(Options()), DAMAGED);
  // Nor was one without events just being made: its directory is marked.
  fs::remove(directory_.path() + "/FORMAT");
  EXPECT_REASON(TryOpen(Options()), DAMAGED);
}

TEST_F(FirstStart, AMarkedDirectoryWithoutDescriptionIsDamaged) {
  Open();
  DeleteDescription();
  EXPECT_REASON(TryOpen(Options()), DAMAGED);
}

}  // namespace
}  // namespace samverk
