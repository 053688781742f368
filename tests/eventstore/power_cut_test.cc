// What was acknowledged is there after a power cut (G1, G2): everything that
// was written but not synced is lost.
#include <rocksdb/env.h>

#include <atomic>
#include <random>
#include <thread>

#include "tests/eventstore/power_cut_file_system.h"
#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

class PowerCut : public RocksDbTest {
 protected:
  void OpenOn(const std::shared_ptr<PowerCutFileSystem>& system) {
    env_ = rocksdb::NewCompositeEnv(system);
    auto options = Options();
    options.env = env_.get();
    const absl::Status opened = TryOpen(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened;
  }

  std::unique_ptr<rocksdb::Env> env_;
};

TEST_F(PowerCut, NothingAcknowledgedIsUnsyncedAndOneSyncIsEnough) {
  const auto system = std::make_shared<PowerCutFileSystem>();
  OpenOn(system);
  for (uint64_t n = 1; n <= 350; ++n) {
    const int before = system->log_syncs();
    AppendRequest request;
    request.events = {Event(n)};
    ASSERT_TRUE(AppendAndWait(*store_, request).ok());
    EXPECT_EQ(system->UnsyncedLogBytes(), 0u);
    EXPECT_EQ(system->log_syncs(), before + 1);
  }
  Close();
}

TEST_F(PowerCut, AcknowledgedEventsAreThere) {
  std::mt19937 random(std::random_device{}());
  uint64_t acknowledged = 0;
  for (int round = 0; round < 6; ++round) {
    const auto system = std::make_shared<PowerCutFileSystem>();
    ASSERT_NO_FATAL_FAILURE(OpenOn(system));
    acknowledged = store_->Head().value();
    const uint64_t cut_at = acknowledged + random() % 400;
    // Another thread cuts the power in the midst of it.
    std::atomic<bool> cut{false};
    std::thread cutter([&] {
      store_->AwaitBeyond(Position(cut_at), absl::InfiniteFuture())
          .status()
          .IgnoreError();
      system->CutPower();
      cut = true;
    });
    for (uint64_t n = acknowledged; true;) {
      AppendRequest request;
      for (int i = 0; i < 3; ++i) request.events.push_back(Event(++n));
      const auto result = AppendAndWait(*store_, std::move(request));
      if (!result.ok()) break;
      acknowledged = result->recorded.back().position.value();
    }
    cutter.join();
    EXPECT_TRUE(cut);
    Close();
    system->LoseUnsynced();
    ASSERT_NO_FATAL_FAILURE(Open());
    ASSERT_GE(store_->Head().value(), acknowledged);
    ASSERT_EQ(store_->Head().value() % 3, 0u) << "a part of a batch";
    const auto events = ReadAll();
    ASSERT_EQ(events.size(), store_->Head().value());
    for (uint64_t n = 1; n <= events.size(); ++n) {
      ASSERT_EQ(events[n - 1].body(), EncodeBody(Event(n)));
    }
    Close();
  }
}

}  // namespace
}  // namespace samverk
