// Random steps against the model and against the default engine: whatever is
// done, in whatever order, the answers are those of a plain list of events.
// Every kEngineEvery-th seed is done to the engine, with segments of a few
// entries, so that most of what it is asked is found on the disk.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "tests/contract/temporary_directory.h"
#include "tests/fault/simulation_run.h"
#include "tests/fault/suite.h"

namespace samverk::fault {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kEngineEvery = 20;
constexpr size_t kSteps = 150;

class SimulatedEngine : public SimulatedStore {
 public:
  explicit SimulatedEngine(size_t segment_entries)
      : segment_entries_(segment_entries) {
    const absl::Status opened = Open(false);
    SAMVERK_CHECK(opened.ok()) << opened.ToString();
  }
  EventStore& store() override { return *store_; }
  Abilities abilities() const override { return {true, true, true}; }
  CursorStore* cursors() override { return store_.get(); }
  TreeReader* tree() override { return store_.get(); }

  absl::Status Reopen(Step::Kind how) override {
    if (how == Step::Kind::kKill) {
      // What a killed process leaves: all it wrote, but nothing of closing.
      auto image = CopyAsItIs();
      store_.reset();
      directory_ = std::move(image);
    }
    return Open(how == Step::Kind::kRebuild);
  }

 private:
  // Files with their sizes and times; empty when one has just gone.
  std::map<std::string, std::pair<uintmax_t, fs::file_time_type>> Files() {
    std::map<std::string, std::pair<uintmax_t, fs::file_time_type>> files;
    std::error_code gone;
    for (const auto& entry :
         fs::recursive_directory_iterator(directory_->path())) {
      const uintmax_t size = entry.is_directory() ? 0 : entry.file_size(gone);
      files[entry.path()] = {size, entry.last_write_time(gone)};
      if (gone) return {};
    }
    return files;
  }
  // Of one moment: tried again while the store writes behind our back.
  std::unique_ptr<TemporaryDirectory> CopyAsItIs() {
    while (true) {
      const auto before = Files();
      auto image =
          std::make_unique<TemporaryDirectory>(TemporaryDirectory::InMemory());
      std::error_code gone;
      fs::copy(directory_->path(), image->path(), fs::copy_options::recursive,
               gone);
      if (!gone && !before.empty() && Files() == before) return image;
    }
  }
  absl::Status Open(bool rebuild) {
    store_.reset();
    RocksDbEventStore::Options options;
    options.directory = directory_->path();
    options.origin = "test.example/simulation";
    options.clock = &clock;
    options.rebuild_derived = rebuild;
    options.reserved_bytes = 0;
    options.segment_size.entries = segment_entries_;
    auto store = RocksDbEventStore::Open(std::move(options));
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    return absl::OkStatus();
  }

  const size_t segment_entries_;
  std::unique_ptr<TemporaryDirectory> directory_ =
      std::make_unique<TemporaryDirectory>(TemporaryDirectory::InMemory());
  std::unique_ptr<RocksDbEventStore> store_;
};

TEST(Simulation, AnswersAreThoseOfAPlainListOfEvents) {
  ForEachSeed([](uint64_t seed) {
    RandomChoices choices(seed);
    std::unique_ptr<SimulatedStore> store;
    if (seed % kEngineEvery == 0) {
      store = std::make_unique<SimulatedEngine>(1 + choices.Below(40));
    } else {
      store = std::make_unique<SimulatedMemoryStore>();
    }
    const std::string wrong = Simulate(*store, choices, kSteps);
    EXPECT_TRUE(wrong.empty()) << wrong;
  });
}

}  // namespace
}  // namespace samverk::fault
