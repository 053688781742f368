// Damage is found by reading the log while it is served.
#include "services/audit/scrubber.h"

#include <functional>

#include "absl/time/clock.h"
#include "tests/audit/audit_fixture.h"

namespace samverk {
namespace {

constexpr uint64_t kEvents = 700;

class ScrubberTest : public AuditTest {
 protected:
  void SetUp() override {
    Open();
    AppendEvents(1, kEvents);
  }
  void TearDown() override { scrubber_.reset(); }

  // Reads the log until a round has ended.
  Scrubber::State Scrub() {
    scrubber_ = std::make_unique<Scrubber>(
        Scrubber::Options{.store = store_.get(),
                          .tree = store_.get(),
                          .bytes_per_second = 1 << 30,
                          .before_first = absl::ZeroDuration(),
                          .between = absl::Milliseconds(1),
                          .warn = [this](std::string_view text) {
                            MutexLock lock(mu_);
                            warnings_.emplace_back(text);
                          }});
    const absl::Time late = absl::Now() + absl::Seconds(30);
    Scrubber::State state;
    do {
      state = scrubber_->GetState();
      absl::SleepFor(absl::Milliseconds(1));
    } while (state.rounds == 0 && state.damaged == 0 && absl::Now() < late);
    return state;
  }
  void ExpectDamage(const Scrubber::State& state, uint64_t position,
                    const std::string& what) {
    EXPECT_EQ(state.rounds, 0u);
    EXPECT_EQ(state.damaged, position);
    EXPECT_NE(state.damage.find(what), std::string::npos) << state.damage;
    EXPECT_TRUE(Warned(absl::StrCat("damage at event ", position, ": ")));
  }

  std::unique_ptr<Scrubber> scrubber_;
};

TEST_F(ScrubberTest, AWholeLogHasNoDamage) {
  const Scrubber::State state = Scrub();
  EXPECT_GE(state.rounds, 1u);
  EXPECT_EQ(state.damaged, 0u) << state.damage;
  EXPECT_GT(state.ended, absl::Now() - absl::Minutes(1));
  // And again, with what came.
  AppendEvents(kEvents + 1, kEvents + 30);
  const uint64_t rounds = scrubber_->GetState().rounds;
  const absl::Time late = absl::Now() + absl::Seconds(30);
  while (scrubber_->GetState().rounds < rounds + 2 && absl::Now() < late) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_GE(scrubber_->GetState().rounds, rounds + 2);
  EXPECT_EQ(scrubber_->GetState().damaged, 0u);
}

TEST_F(ScrubberTest, AChangedRecordIsNamed) {
  for (const uint64_t position : {300, 5}) {
    scrubber_.reset();
    Tamper([&](Database& database) {
      const std::string key = keys::Number(position);
      std::string record = Get(database, database.events(), key);
      record.back() = static_cast<char>(record.back() ^ 1);
      Put(database, database.events(), key, record);
    });
    Open();
    ExpectDamage(Scrub(), position, "whose hash is in the tree");
  }
}

TEST_F(ScrubberTest, AMissingRecordIsNamed) {
  Tamper([](Database& database) {
    EXPECT_TRUE(database.db()
                    .Delete(rocksdb::WriteOptions(), database.events(),
                            keys::Number(400))
                    .ok());
  });
  Open();
  ExpectDamage(Scrub(), 400, "");
}

TEST_F(ScrubberTest, RecordsInEachOthersPlaceAreNamed) {
  Tamper([](Database& database) {
    const std::string a = keys::Number(90);
    const std::string b = keys::Number(91);
    const std::string record = Get(database, database.events(), a);
    Put(database, database.events(), a, Get(database, database.events(), b));
    Put(database, database.events(), b, record);
  });
  Open();
  ExpectDamage(Scrub(), 90, "");
}

TEST_F(ScrubberTest, ItIsStoppedInTheMiddle) {
  scrubber_ = std::make_unique<Scrubber>(
      Scrubber::Options{.store = store_.get(),
                        .tree = store_.get(),
                        .bytes_per_second = 1'000,
                        .before_first = absl::ZeroDuration()});
  const absl::Time late = absl::Now() + absl::Seconds(30);
  while (scrubber_->GetState().done == 0 && absl::Now() < late) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  const absl::Time begin = absl::Now();
  scrubber_.reset();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

}  // namespace
}  // namespace samverk
