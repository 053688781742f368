// What the index has remembered of an earlier start: it may save time, and must
// never hide an event.
#include "eventstore/rocksdb/remembered.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

constexpr uint64_t kEvents = 1'200;  // more than ten segments
constexpr uint64_t kWrongRevision = 1'000'000;

class RememberedTest : public RocksDbTest {
 protected:
  void SetUp() override {
    OpenAndLearn();
    AppendEvents(1, kEvents);
    Close();
  }

  std::string Path() const { return directory_.path() + "/remembered"; }
  std::string Bytes() const {
    std::ifstream file(Path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Replace(const std::string& bytes) {
    std::ofstream(Path(), std::ios::binary) << bytes;
  }
  // A file that is whole and of this register, but says that no id is known
  // and that every stream has an event with a wrong revision.
  std::string Wrong() {
    std::string bytes;
    Tamper([&](Database& database) {
      const auto applied = DerivedStore(database).Applied();
      ASSERT_TRUE(applied.ok() && applied->has_value());
      StreamCache streams;
      for (int i = 0; i < 7; ++i) {
        streams.Put(absl::StrCat("stream ", i),
                    {Revision(kWrongRevision), Position(1)});
      }
      bytes = EncodeRemembered(**applied, ScalableIdFilter(), streams);
    });
    return bytes;
  }
  void OpenAndLearn() {
    Open();
    while (!store_->GetStats().knows_new_ids) std::this_thread::yield();
  }
  void ExpectAllKnown() {
    const Position head = store_->Head();
    for (uint64_t n = 1; n <= kEvents; ++n) {
      AppendRequest request;
      request.events = {Event(n)};
      if (n % 10 == 0 && n + 2 <= kEvents) {
        request.events.push_back(Event(++n));
        request.events.push_back(Event(++n));
      }
      const auto again = AppendAndWait(*store_, std::move(request));
      ASSERT_TRUE(again.ok()) << again.status();
      ASSERT_TRUE(again->replayed) << n;
    }
    EXPECT_EQ(store_->Head(), head);
  }
  // Of a new event of the stream of event `n`.
  Revision NextRevision(uint64_t n) {
    AppendRequest request;
    request.events = {Event(n)};
    request.events[0].id = UuidV8FromText(absl::StrCat("another ", n));
    const auto result = AppendAndWait(*store_, std::move(request));
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? result->recorded[0].revision : Revision();
  }
};

TEST_F(RememberedTest, AStartKnowsWhatTheStopWrote) {
  ASSERT_GT(Bytes().size(), ScalableIdFilter::kDefaultBytes);
  OpenAndLearn();
  ExpectAllKnown();
  EXPECT_EQ(NextRevision(7), Revision(kEvents / 7 + 1));
}

// Without this, the tests below would not show that a file is refused.
TEST_F(RememberedTest, AFileThatFitsIsTaken) {
  std::string wrong;
  StreamCache streams;
  Tamper([&](Database& database) {
    const auto applied = DerivedStore(database).Applied();
    ASSERT_TRUE(applied.ok() && applied->has_value());
    // No stream of an event that the start reads again.
    streams.Put("elsewhere", {Revision(kWrongRevision), Position(1)});
    wrong = EncodeRemembered(**applied, ScalableIdFilter(), streams);
  });
  Replace(wrong);
  OpenAndLearn();
  AppendRequest request;
  request.events = {Event(kEvents + 1)};
  request.events[0].stream = "elsewhere";
  const auto result = AppendAndWait(*store_, std::move(request));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->recorded[0].revision, Revision(kWrongRevision + 1));
}

TEST_F(RememberedTest, ADamagedFileHidesNothing) {
  const std::string sound = Bytes();
  for (const size_t at : {size_t{0}, size_t{10}, sound.size() / 2,
                          sound.size() - 40, sound.size() - 1}) {
    SCOPED_TRACE(at);
    std::string damaged = Wrong();
    damaged[std::min(at, damaged.size() - 1)] ^= 1;
    Replace(damaged);
    OpenAndLearn();
    ExpectAllKnown();
    Close();
  }
  for (const size_t size : {size_t{0}, size_t{79}, size_t{100}}) {
    SCOPED_TRACE(size);
    Replace(Wrong().substr(0, size));
    OpenAndLearn();
    ExpectAllKnown();
    Close();
  }
}

TEST_F(RememberedTest, AFileOfAnEarlierStopHidesNothing) {
  const std::string earlier = Bytes();
  OpenAndLearn();  // only who knows all writes a file
  AppendEvents(kEvents + 1, kEvents + 300);
  Close();
  ASSERT_NE(Bytes(), earlier);
  Replace(earlier);
  OpenAndLearn();
  for (uint64_t n = kEvents + 1; n <= kEvents + 300; ++n) {
    const auto found = store_->Locate({Event(n).id});
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_TRUE(found->front().has_value()) << n;
  }
  EXPECT_EQ(NextRevision(7), Revision((kEvents + 300) / 7 + 1));
}

TEST_F(RememberedTest, WhatIsReadAgainAtAStartIsNewerThanTheFile) {
  // No segment is written meanwhile: the file still fits, but does not tell of
  // these.
  Open();
  const std::string earlier = Bytes();
  AppendEvents(kEvents + 1, kEvents + 40);
  Close();
  Replace(earlier);
  OpenAndLearn();
  EXPECT_EQ(NextRevision(7), Revision((kEvents + 40) / 7 + 1));
  const auto found = store_->Locate({Event(kEvents + 40).id});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->front().has_value());
}

TEST_F(RememberedTest, DerivingAgainForgetsTheFile) {
  Replace(Wrong());
  auto options = Options();
  options.rebuild_derived = true;
  ASSERT_TRUE(TryOpen(options).ok());
  EXPECT_FALSE(std::filesystem::exists(Path()));
  ExpectAllKnown();
  Close();
  OpenAndLearn();
  ExpectAllKnown();
  EXPECT_EQ(NextRevision(7), Revision(kEvents / 7 + 1));
}

}  // namespace
}  // namespace samverk
