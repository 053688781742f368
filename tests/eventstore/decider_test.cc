// The decider and what it remembers of streams, step by step.
#include "eventstore/rocksdb/decider.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/rocksdb/stream_cache.h"
#include "tests/eventstore/rocksdb_fixture.h"
#include "tests/testing/gate.h"

namespace samverk {
namespace {

// Holds up the writing of index files.
class GatedFileSystem : public rocksdb::FileSystemWrapper {
 public:
  GatedFileSystem()
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "GatedFileSystem"; }
  rocksdb::IOStatus NewWritableFile(
      const std::string& name, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* context) override {
    if (name.find("segment.sst") != std::string::npos) index.Pass();
    return target()->NewWritableFile(name, options, file, context);
  }
  testing::Gate index;
};

class DeciderTest : public RocksDbTest {
 protected:
  void SetUp() override {
    Database::Options options;
    options.directory = directory_.path();
    options.origin = kTestOrigin;
    options.env = env_.get();
    database_ = *Database::Open(options);
    log_ = *RocksDbCommitLog::Open(*database_);
    reader_ = std::make_unique<LogReader>(*database_);
    derived_ = std::make_unique<DerivedStore>(*database_);
    RegisterState::Options state;
    state.segment_size.entries = 10;
    state_ = *RegisterState::Open(*log_, *reader_, *derived_, state);
  }
  void TearDown() override { system_->index.Open(); }

  static CheckedAppend Checked(uint64_t n, const std::string& stream) {
    AppendRequest request;
    request.events = {Event(n)};
    request.events[0].stream = stream;
    return *CheckAppend(std::move(request));
  }
  std::unique_ptr<Decider> MakeDecider() {
    return std::make_unique<Decider>(*state_, nullptr, *reader_, salt_, 1);
  }
  // Decides, commits and applies one event.
  void Record(uint64_t n, const std::string& stream) {
    const CheckedAppend append = Checked(n, stream);
    StoredFacts facts = *GatherFacts(state_->index(), append);
    const auto decider = MakeDecider();
    ASSERT_TRUE(decider->Decide(append, facts).ok());
    const auto bodies = decider->pending().bodies();
    const auto commits = decider->pending().TakeCommits(1);
    ASSERT_EQ(commits.size(), 1u);
    ASSERT_TRUE(log_->Append(commits).ok());
    const absl::Status applied = state_->Apply(commits[0], bodies);
    ASSERT_TRUE(applied.ok()) << applied;
  }

  const SaltSource salt_ = [](std::array<uint8_t, 16>& salt) { salt.fill(1); };
  const std::shared_ptr<GatedFileSystem> system_ =
      std::make_shared<GatedFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(system_);
  std::unique_ptr<Database> database_;
  std::unique_ptr<RocksDbCommitLog> log_;
  std::unique_ptr<LogReader> reader_;
  std::unique_ptr<DerivedStore> derived_;
  std::unique_ptr<RegisterState> state_;
};

TEST_F(DeciderTest, AStreamThatIsForgottenMeanwhileKeepsItsRevision) {
  uint64_t n = 0;
  while (n < 10) Record(++n, "other");
  ASSERT_TRUE(state_->index().Flush().ok());
  ASSERT_EQ(state_->index().stored_through(), Position(10));

  // A request on the stream is looked up while the stream has no event.
  CheckedAppend waiting = Checked(1'000, "z");
  StoredFacts facts = *GatherFacts(state_->index(), waiting);
  ASSERT_EQ(facts.through, Position(10));

  // It gets one, in a segment that is full and waits for the disk.
  system_->index.Close();
  Record(++n, "z");
  while (n < 20) Record(++n, "other");
  const auto decider = MakeDecider();
  const auto on_condition = MakeDecider();
  system_->index.Open();
  ASSERT_TRUE(state_->index().Flush().ok());
  ASSERT_EQ(state_->index().stored_through(), Position(20));

  // And so many others are used that the index does not remember it.
  for (size_t i = 0; i <= 2 * StreamCache::kGeneration; ++i) {
    state_->index().RememberStream(absl::StrCat("s", i),
                                   {Revision(1), Position(1)}, Position(20));
  }
  ASSERT_FALSE(state_->index().RememberedStream("z").has_value());

  const auto answer = decider->Decide(waiting, facts);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->recorded[0].revision, Revision(2));

  // Nor does a condition hold that says that it has none.
  AppendRequest request;
  request.events = {Event(1'001)};
  request.conditions = {StreamCondition{"z", StreamCondition::Expect::kNone, {}}};
  CheckedAppend conditional = *CheckAppend(std::move(request));
  StoredFacts none;
  none.through = Position(10);
  none.condition_streams.resize(1);
  EXPECT_EQ(on_condition->Decide(conditional, none).status().code(),
            absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace samverk
