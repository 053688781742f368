// The contract, for the model and for the default engine.
#include "tests/contract/event_store_contract.h"

#include <memory>

#include "eventstore/memory/memory_event_store.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "tests/contract/temporary_directory.h"

namespace samverk::contract {
namespace {

constexpr int64_t kStart = 1'750'000'000;

class MemoryUnderTest : public StoreUnderTest {
 public:
  EventStore& store() override { return store_; }
  TrackStore& tracks() override { return store_; }
  FakeClock* clock() override { return &clock_; }

 private:
  FakeClock clock_{absl::FromUnixSeconds(kStart)};
  MemoryEventStore store_{clock_};
};

// With small segments nearly everything is found on the disk.
template <size_t kSegmentEntries>
class RocksDbUnderTest : public StoreUnderTest {
 public:
  RocksDbUnderTest() { Open(); }
  EventStore& store() override { return *store_; }
  TrackStore& tracks() override { return *store_; }
  FakeClock* clock() override { return &clock_; }
  bool Restart() override {
    store_.reset();
    Open();
    return true;
  }

 private:
  void Open() {
    RocksDbEventStore::Options options;
    options.directory = directory_.path();
    options.origin = "test.example/register";
    options.clock = &clock_;
    options.segment_size.entries = kSegmentEntries;
    auto store = RocksDbEventStore::Open(std::move(options));
    SAMVERK_CHECK(store.ok()) << store.status().ToString();
    store_ = *std::move(store);
  }

  TemporaryDirectory directory_;
  FakeClock clock_{absl::FromUnixSeconds(kStart)};
  std::unique_ptr<RocksDbEventStore> store_;
};

template <typename Under>
Implementation Of(std::string name) {
  return {std::move(name), [] { return std::make_unique<Under>(); }};
}

auto All() {
  return testing::Values(Of<MemoryUnderTest>("memory"),
                         Of<RocksDbUnderTest<32768>>("rocksdb"),
                         Of<RocksDbUnderTest<1>>("rocksdb_segments_of_one"),
                         Of<RocksDbUnderTest<20>>("rocksdb_small_segments"));
}

INSTANTIATE_TEST_SUITE_P(Stores, EventStoreContract, All(), NameOf);
INSTANTIATE_TEST_SUITE_P(Stores, TrackStoreContract, All(), NameOf);

}  // namespace
}  // namespace samverk::contract
