// A stored byte is changed, whichever it is. It is noticed and named, or does
// not matter; what is served is what was written, or nothing (G1, G10).
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/query.h"
#include "tests/eventstore/rocksdb_fixture.h"
#include "tests/fault/suite.h"

namespace samverk::fault {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kEvents = 300;
constexpr uint64_t kInLog = 25;  // of a killed one: in the log alone

// The bytes of every file, by its path within the register.
using Files = std::map<std::string, std::string>;

Files ReadFiles(const fs::path& directory) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[fs::relative(entry.path(), directory)] = {
        std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

void WriteFiles(const Files& files, const fs::path& directory) {
  fs::remove_all(directory);
  fs::create_directories(directory / "rocksdb");
  for (const auto& [name, bytes] : files) {
    std::ofstream(directory / name, std::ios::binary) << bytes;
  }
}

bool Has(const std::string& name, std::string_view part) {
  return name.find(part) != std::string::npos;
}
bool IsLog(const std::string& name) {
  return fs::path(name).extension() == ".log";
}
// Written for people, or copies of what is compiled in: nothing is read back.
bool IsNotRead(const std::string& name) {
  return Has(name, "LOG") || Has(name, "OPTIONS-") || Has(name, "IDENTITY");
}

// A register as it lies on a disk, and what it holds.
struct Image {
  Files files;
  std::vector<std::string> records;
  TreeHead tree;
};

class BitRotRun : public RocksDbTest {
 public:
  BitRotRun() : RocksDbTest(TemporaryDirectory::InMemory()) {}
  void TestBody() override {}

  // One that was closed, and the same after more was written and the process
  // was killed.
  void Make(Image& closed, Image& killed) {
    Open();
    AppendEvents(1, kEvents / 2);
    PutCursorsAndTrack();
    AppendEvents(kEvents / 2 + 1, kEvents);
    Close();
    Open();  // what was in the log goes into tables
    closed = Now();
    Close();
    closed.files = ReadFiles(directory_.path());
    Open();
    AppendEvents(kEvents + 1, kEvents + kInLog);
    killed = Now();
    killed.files = ReadFiles(directory_.path());
    Close();
  }

  // What has become of the image, one of whose files has been changed: "" or a
  // sentence. `may_lack` events at the end may be missing.
  enum class Found { kHarmless, kDamaged, kOther };
  Found Look(const Image& image, const Files& files, uint64_t may_lack,
             std::string& other);

 private:
  void PutCursorsAndTrack() {
    AppendRequest request;
    request.events = {Event(10'000)};
    request.track = Track{"consumer", 7};
    request.events[0].metadata.source_system = "system";
    request.events[0].metadata.source_ref = "reference";
    ASSERT_TRUE(AppendAndWait(*store_, request).ok());
    store_->PutCursors({{"group/a", "1"}}, absl::InfiniteFuture(),
                       [](const absl::Status&) {});
    request.events = {Event(10'001)};
    request.track.reset();
    ASSERT_TRUE(AppendAndWait(*store_, request).ok());
  }
  Image Now() {
    Image image;
    for (const RecordedEvent& event : ReadAll()) {
      image.records.push_back(event.record());
    }
    image.tree = store_->CurrentTree();
    return image;
  }

  // Each: OK, DAMAGED, or an error that tells what is wrong.
  absl::Status Check(const Image& image, uint64_t may_lack);
  absl::Status CheckLog(const Image& image, uint64_t may_lack);
  absl::Status CheckQueries(const Image& image);
  absl::Status CheckQuery(const Image& image, const QueryItem& item);
  absl::Status CheckKeys(const Image& image);

  size_t there_ = 0;  // events
};

BitRotRun::Found BitRotRun::Look(const Image& image, const Files& files,
                                 uint64_t may_lack, std::string& other) {
  Close();
  WriteFiles(files, directory_.path());
  absl::Status status = TryOpen(Options());
  if (status.ok()) status = Check(image, may_lack);
  Close();
  if (status.ok()) return Found::kHarmless;
  if (ReasonOf(status) == error::v1::REASON_DAMAGED) return Found::kDamaged;
  // A number that this program does not know: it leaves the directory alone.
  if (ReasonOf(status) == error::v1::REASON_FORMAT_NEWER) {
    return Found::kDamaged;
  }
  other = status.ToString();
  return Found::kOther;
}

absl::Status BitRotRun::Check(const Image& image, uint64_t may_lack) {
  RETURN_IF_ERROR(CheckLog(image, may_lack));
  RETURN_IF_ERROR(CheckQueries(image));
  return CheckKeys(image);
}

absl::Status BitRotRun::CheckLog(const Image& image, uint64_t may_lack) {
  there_ = store_->Head().value();
  if (there_ > image.records.size() ||
      there_ + may_lack < image.records.size()) {
    return absl::InternalError(
        absl::StrCat("SERVED: ", there_, " events of ", image.records.size()));
  }
  TreeFrontier tree;
  ReadOptions options;
  while (true) {
    ASSIGN_OR_RETURN(const EventPage page, store_->Read(options));
    for (const RecordedEvent& event : page.events) {
      if (event.record() != image.records[tree.size()]) {
        return absl::InternalError(
            absl::StrCat("SERVED: event ", tree.size() + 1, " changed"));
      }
      tree.Append(LeafHash(event.record()));
    }
    if (page.end) break;
    options.after = page.scanned_to;
  }
  if (tree.size() != there_) return absl::InternalError("SERVED: too few");
  if (tree.Head() != store_->CurrentTree()) {
    return absl::InternalError("SERVED: another tree");
  }
  if (there_ == image.records.size() && tree.Head() != image.tree) {
    return absl::InternalError("SERVED: another root");
  }
  return absl::OkStatus();
}

absl::Status BitRotRun::CheckQuery(const Image& image, const QueryItem& item) {
  std::vector<uint64_t> expected;
  for (size_t i = 0; i < there_; ++i) {
    const auto body = DecodeBody(
        std::string_view(image.records[i]).substr(kRecordHeaderBytes));
    if (Matches(item, *body)) expected.push_back(i + 1);
  }
  for (const Direction direction :
       {Direction::kForward, Direction::kBackward}) {
    ReadOptions options;
    options.query.items = {item};
    options.direction = direction;
    ASSIGN_OR_RETURN(const EventPage page, store_->Read(options));
    std::vector<uint64_t> got;
    for (const RecordedEvent& event : page.events) {
      got.push_back(event.position().value());
      if (event.record() != image.records[got.back() - 1]) {
        return absl::InternalError("SERVED: a changed event to a query");
      }
    }
    if (got != expected) return absl::InternalError("SERVED: another answer");
    std::reverse(expected.begin(), expected.end());
  }
  return absl::OkStatus();
}

absl::Status BitRotRun::CheckQueries(const Image& image) {
  for (int i = 0; i < 7; ++i) {
    RETURN_IF_ERROR(CheckQuery(image, {{}, {}, {absl::StrCat("stream ", i)}}));
  }
  RETURN_IF_ERROR(CheckQuery(image, {{"test.happened"}, {}, {}}));
  RETURN_IF_ERROR(CheckQuery(image, {{"never"}, {}, {}}));
  for (int i = 0; i < 3; ++i) {
    RETURN_IF_ERROR(CheckQuery(image, {{}, {absl::StrCat("k:", i)}, {}}));
  }
  for (uint64_t n = 1; n <= kEvents; n += 13) {
    RETURN_IF_ERROR(CheckQuery(image, {{}, {absl::StrCat("n:", n)}, {}}));
  }
  return absl::OkStatus();
}

absl::Status BitRotRun::CheckKeys(const Image& image) {
  std::vector<EventId> ids;
  for (size_t i = 0; i < there_; ++i) {
    ids.push_back(
        DecodeBody(
            std::string_view(image.records[i]).substr(kRecordHeaderBytes))
            ->id);
  }
  ASSIGN_OR_RETURN(const auto positions, store_->Locate(ids));
  for (size_t i = 0; i < there_; ++i) {
    if (positions[i] != Position(i + 1)) {
      return absl::InternalError("SERVED: an id is elsewhere");
    }
  }
  ASSIGN_OR_RETURN(const auto cursor, store_->GetCursor("group/a"));
  if (cursor != "1") return absl::InternalError("SERVED: another cursor");
  // A second event of the same source, and a track that does not go on.
  AppendRequest request;
  request.events = {Event(20'000)};
  request.track = Track{"consumer", 7};
  absl::Status status = AppendAndWait(*store_, request).status();
  if (status.code() != absl::StatusCode::kAborted) return status;
  request.track.reset();
  request.events[0].metadata.source_system = "system";
  request.events[0].metadata.source_ref = "reference";
  status = AppendAndWait(*store_, request).status();
  if (status.code() != absl::StatusCode::kAlreadyExists) return status;
  return absl::OkStatus();
}

// A process that dies says where.
char dying_at[200];
void DyingAt(const std::string& where) {
  const size_t n = where.copy(dying_at, sizeof(dying_at) - 2);
  dying_at[n] = '\n';
  dying_at[n + 1] = '\0';
}
void SayWhere(int) {
  if (write(STDERR_FILENO, dying_at, strlen(dying_at)) < 0) return;
}

// Both images, made once.
class BitRot : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::signal(SIGABRT, SayWhere);
    BitRotRun().Make(images_[0], images_[1]);
  }

  struct Place {
    size_t image;
    std::string file;
    size_t at;
  };
  // Changes the byte: one of its bits, or all. What is never read is changed
  // at every `kApart`-th byte from there on at once.
  static constexpr size_t kApart = 64;
  void Change(const Place& place, unsigned mask) {
    const Image& image = images_[place.image];
    if (EndsRocksDb(place, mask)) return;
    Files files = image.files;
    std::string& bytes = files[place.file];
    const size_t step = IsNotRead(place.file) ? kApart : bytes.size();
    for (size_t at = place.at; at < bytes.size(); at += step) {
      bytes[at] = static_cast<char>(static_cast<uint8_t>(bytes[at]) ^ mask);
    }
    const std::string where =
        absl::StrCat(place.file, " byte ", place.at, " of ", bytes.size(),
                     place.image == 0 ? " (closed)" : " (killed)", " ^ ", mask);
    DyingAt(where);
    std::string other;
    const auto found = run_.Look(image, files, MayLack(place), other);
    ++found_[KindOf(place.file)][found];
    EXPECT_NE(found, BitRotRun::Found::kOther) << where << ": " << other;
  }
  // One bit of each table: the highest of the properties' last four bytes, just
  // before the metaindex. RocksDB looks at it before the checksum, and where it
  // is built with assertions (as Debian's is) the process ends. Nothing is
  // served then, but it is not named either.
  bool EndsRocksDb(const Place& place, unsigned mask) {
    if (fs::path(place.file).extension() != ".sst" || (mask & 0x80) == 0) {
      return false;
    }
    constexpr size_t kFooterBytes = 53;
    constexpr size_t kTrailerBytes = 5;
    const std::string& bytes = images_[place.image].files[place.file];
    // The kind of checksum, then where the metaindex begins.
    std::string_view footer =
        std::string_view(bytes).substr(bytes.size() - kFooterBytes + 1);
    uint64_t metaindex = 0;
    return TakeVarint(footer, metaindex) &&
           place.at == metaindex - kTrailerBytes - 1;
  }
  // The last record of the log alone may be missing.
  uint64_t MayLack(const Place& place) {
    if (!IsLog(place.file) || place.image == 0) return 0;
    const std::string& bytes = images_[place.image].files[place.file];
    return place.at >= LastRecord(bytes) ? 1 : 0;
  }
  // Where the last record of a log of one block begins.
  static size_t LastRecord(const std::string& log) {
    size_t last = 0;
    for (size_t at = 0; at + 7 <= log.size();) {
      last = at;
      at += 7 + static_cast<uint8_t>(log[at + 4]) +
            256 * static_cast<uint8_t>(log[at + 5]);
    }
    return last;
  }
  static std::string KindOf(const std::string& name) {
    std::string kind = fs::path(name).filename();
    kind.erase(std::remove_if(kind.begin(), kind.end(), ::isdigit), kind.end());
    return kind;
  }
  // Every file of the first, and what the second has beside.
  std::vector<std::pair<size_t, std::string>> DistinctFiles() {
    std::vector<std::pair<size_t, std::string>> distinct;
    for (size_t i = 0; i < 2; ++i) {
      for (const auto& [name, bytes] : images_[i].files) {
        if (bytes.empty()) continue;
        const auto it = images_[0].files.find(name);
        if (i == 0 || it == images_[0].files.end() || it->second != bytes) {
          distinct.emplace_back(i, name);
        }
      }
    }
    return distinct;
  }
  size_t Offsets(size_t image, const std::string& name) {
    const size_t size = images_[image].files[name].size();
    return IsNotRead(name) ? std::min(size, kApart) : size;
  }
  void Tell() {
    for (const auto& [kind, count] : found_) {
      std::cout << kind << ":";
      for (const auto& [found, n] : count) {
        std::cout << (found == BitRotRun::Found::kHarmless  ? " harmless "
                      : found == BitRotRun::Found::kDamaged ? " named "
                                                            : " WRONG ")
                  << n;
      }
      std::cout << "\n";
    }
  }

  static inline Image images_[2];
  BitRotRun run_;
  std::map<std::string, std::map<BitRotRun::Found, uint64_t>> found_;
};

TEST_F(BitRot, UnchangedImagesOpen) {
  for (const Image& image : images_) {
    std::string other;
    EXPECT_EQ(run_.Look(image, image.files, 0, other),
              BitRotRun::Found::kHarmless)
        << other;
  }
  EXPECT_EQ(images_[0].records.size(), kEvents + 2);
}

// RocksDB reads some kinds of fragments as the end of a log, without an error.
TEST_F(BitRot, AChangedHeaderInALogIsNamedWhicheverItsBit) {
  constexpr size_t kHeaderBytes = 7;
  for (const auto& [image, name] : DistinctFiles()) {
    if (!IsLog(name)) continue;
    const std::string& log = images_[image].files[name];
    for (size_t record = 0; record < log.size();) {
      for (size_t at = 4; at < kHeaderBytes; ++at) {  // length and type
        for (unsigned mask = 1; mask < 256; mask <<= 1) {
          Change({image, name, record + at}, mask);
        }
      }
      record += kHeaderBytes + static_cast<uint8_t>(log[record + 4]) +
                256 * static_cast<uint8_t>(log[record + 5]);
    }
  }
  Tell();
}

TEST_F(BitRot, AChangedByteIsNamedOrHarmless) {
  const auto files = DistinctFiles();
  size_t all = 0;
  for (const auto& [image, name] : files) all += Offsets(image, name);
  std::cout << all << " bytes to change\n";
  std::mt19937_64 random(0);
  if (Rounds() < all) {
    ForEachSeed([&](uint64_t seed) {
      random.seed(seed);
      const auto& [image, name] = files[random() % files.size()];
      const unsigned mask = random() % 2 == 0 ? 0xff : 1u << random() % 8;
      Change({image, name, random() % Offsets(image, name)}, mask);
    });
  } else {
    for (const auto& [image, name] : files) {
      for (size_t at = 0; at < Offsets(image, name); ++at) {
        Change({image, name, at},
               random() % 4 == 0 ? 0xff : 1u << random() % 8);
      }
    }
  }
  Tell();
}

}  // namespace
}  // namespace samverk::fault
