// One call of the file system fails, whichever it is, while a register is made,
// appended to or opened; then the power is cut. Every append's answer must be
// true of what is found afterwards (G1, G2, G4).
#include <rocksdb/env.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/eventstore/power_cut_file_system.h"
#include "tests/eventstore/rocksdb_fixture.h"
#include "tests/fault/io_faults_file_system.h"
#include "tests/fault/suite.h"

namespace samverk::fault {
namespace {

// While what the fault comes.
enum class Stage { kCreate, kAppend, kOpen };
constexpr Stage kStages[] = {Stage::kCreate, Stage::kAppend, Stage::kOpen};

const char* NameOf(Stage stage) {
  switch (stage) {
    case Stage::kCreate:
      return "creating";
    case Stage::kAppend:
      return "appending";
    case Stage::kOpen:
      return "opening";
  }
  return "";
}

struct Combination {
  Call call;
  IoFault fault;
};
constexpr Combination kCombinations[] = {
    {Call::kAppend, IoFault::kError},
    {Call::kAppend, IoFault::kNoSpace},
    {Call::kAppend, IoFault::kShort},
    {Call::kAppend, IoFault::kFull},
    {Call::kSync, IoFault::kError},
    {Call::kSync, IoFault::kNoSpace},
    {Call::kSync, IoFault::kLie},
    {Call::kFlush, IoFault::kError},
    {Call::kFlush, IoFault::kNoSpace},
    {Call::kClose, IoFault::kError},
    {Call::kClose, IoFault::kNoSpace},
    {Call::kTruncate, IoFault::kError},
    {Call::kNewFile, IoFault::kError},
    {Call::kNewFile, IoFault::kNoSpace},
    {Call::kReopenFile, IoFault::kError},
    {Call::kRename, IoFault::kError},
    {Call::kRename, IoFault::kNoSpace},
    {Call::kLink, IoFault::kError},
    {Call::kLink, IoFault::kNoSpace},
    {Call::kDirectorySync, IoFault::kError},
    {Call::kDirectorySync, IoFault::kLie},
};

// One run: a fault, a power cut, and what is found then.
class IoFaultRun : public RocksDbTest {
 public:
  IoFaultRun() : RocksDbTest(TemporaryDirectory::InMemory()) {}
  void TestBody() override {}

  // False when the stage had fewer than k such calls.
  bool Run(Stage stage, const Combination& what, uint64_t k);
  // What the fault was done to.
  std::string fired_at() { return faults_->fired_at(); }

 private:
  enum class Outcome { kDurable, kNotWritten, kUnknown };
  struct Sent {
    AppendRequest request;
    Outcome outcome = Outcome::kUnknown;
    std::vector<AppendResult::Recorded> recorded;
  };

  bool OpenFaulty();
  void AppendSome(int appends);
  void AppendOne();
  Outcome OutcomeOf(const absl::Status& status);
  void CheckRefuses();
  void CheckReads();
  void CrashAndCheck();
  void CheckLog();
  void CheckTree();
  void SettleUnknown();

  bool lying_ = false;
  std::vector<Sent> sent_;
  TreeHead kept_;  // a checkpoint after the last answer
  const std::shared_ptr<PowerCutFileSystem> power_ =
      std::make_shared<PowerCutFileSystem>();
  const std::shared_ptr<OneFaultFileSystem> faults_ =
      std::make_shared<OneFaultFileSystem>(power_);
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(faults_);
};

bool IoFaultRun::OpenFaulty() {
  auto options = Options();
  options.env = env_.get();
  options.segment_size.entries = 4;
  options.reserved_bytes = 0;
  const absl::Status opened = TryOpen(std::move(options));
  if (opened.ok()) return true;
  // An error that says so, and nothing else.
  EXPECT_TRUE(faults_->fired()) << opened;
  EXPECT_TRUE(opened.code() == absl::StatusCode::kUnavailable ||
              ReasonOf(opened) == error::v1::REASON_DISK_FULL)
      << opened;
  return false;
}

IoFaultRun::Outcome IoFaultRun::OutcomeOf(const absl::Status& status) {
  if (status.ok()) return Outcome::kDurable;
  switch (ReasonOf(status)) {
    case error::v1::REASON_OUTCOME_UNKNOWN:
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
      return Outcome::kUnknown;
    case error::v1::REASON_DISK_FULL:
      EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
      return Outcome::kNotWritten;
    case error::v1::REASON_READ_ONLY:
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
      return Outcome::kNotWritten;
    default:
      // Why an index file cannot be written: said before anything is.
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
      return Outcome::kNotWritten;
  }
}

void IoFaultRun::AppendOne() {
  Sent& sent = sent_.emplace_back();
  const uint64_t n = 3 * sent_.size();
  for (uint64_t i = 0; i < 1 + sent_.size() % 3; ++i) {
    sent.request.events.push_back(Event(n + i));
  }
  const auto result = AppendAndWait(*store_, sent.request);
  sent.outcome = OutcomeOf(result.status());
  if (result.ok()) {
    sent.recorded = result->recorded;
    kept_ = store_->CurrentTree();
  } else {
    EXPECT_TRUE(faults_->fired()) << result.status();
  }
  if (sent.outcome == Outcome::kUnknown) CheckRefuses();
}

void IoFaultRun::CheckRefuses() {
  // Until it is opened again, and it says why.
  EXPECT_FALSE(store_->GetStats().read_only_because.empty());
  AppendRequest more;
  more.events = {Event(1'000)};
  EXPECT_REASON(AppendAndWait(*store_, more).status(), READ_ONLY);
}

void IoFaultRun::CheckReads() {
  const auto events = ReadAll();
  EXPECT_EQ(events.size(), store_->Head().value());
  for (const Sent& sent : sent_) {
    for (size_t i = 0; i < sent.recorded.size(); ++i) {
      const uint64_t position = sent.recorded[i].position.value();
      ASSERT_LE(position, events.size());
      EXPECT_EQ(events[position - 1].body(),
                EncodeBody(sent.request.events[i]));
    }
  }
}

void IoFaultRun::AppendSome(int appends) {
  for (int i = 0; i < appends; ++i) AppendOne();
  CheckReads();
  store_->Close();  // waits for the index's files
}

bool IoFaultRun::Run(Stage stage, const Combination& what, uint64_t k) {
  lying_ = what.fault == IoFault::kLie;
  const auto reach = [&](Stage now) {
    if (now == stage) {
      faults_->Arm(what.call, what.fault, k);
    } else {
      faults_->Disarm();
    }
  };
  reach(Stage::kCreate);
  bool open = OpenFaulty();
  reach(Stage::kAppend);
  if (open) AppendSome(12);
  Close();
  reach(Stage::kOpen);
  if (open) open = OpenFaulty();
  if (open) AppendSome(3);
  CrashAndCheck();
  return faults_->fired();
}

void IoFaultRun::CrashAndCheck() {
  power_->CutPower();
  Close();
  power_->LoseUnsynced();
  auto options = Options();
  options.segment_size.entries = 4;
  const absl::Status opened = TryOpen(options);
  if (lying_ && !opened.ok()) {
    // Refused by name: more is known than what is there.
    EXPECT_REASON(opened, DAMAGED);
    options.rebuild_derived = true;  // somebody accepts the loss
    if (!TryOpen(options).ok()) return;
  } else {
    ASSERT_TRUE(opened.ok()) << opened;
  }
  CheckLog();
  CheckTree();
  if (!lying_) SettleUnknown();
}

// Whole appends in their order, each once: all that were answered, none that
// were refused. After a lie, a prefix of that.
void IoFaultRun::CheckLog() {
  const auto events = ReadAll();
  size_t at = 0;
  bool ended = false;
  for (const Sent& sent : sent_) {
    const auto& expected = sent.request.events;
    const bool there =
        at < events.size() && events[at].body() == EncodeBody(expected.front());
    if (!there) {
      if (sent.outcome == Outcome::kDurable) {
        EXPECT_TRUE(lying_) << "an acknowledged append is not there";
        ended = true;
      }
      continue;
    }
    EXPECT_NE(sent.outcome, Outcome::kNotWritten) << "it was refused";
    EXPECT_FALSE(ended) << "no prefix";
    ASSERT_LE(at + expected.size(), events.size()) << "a part of an append";
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(events[at + i].body(), EncodeBody(expected[i]));
      EXPECT_EQ(events[at + i].position(), Position(at + i + 1));
      if (sent.outcome == Outcome::kDurable) {
        EXPECT_EQ(sent.recorded[i].position, Position(at + i + 1));
        EXPECT_EQ(sent.recorded[i].revision, events[at + i].revision());
      }
    }
    at += expected.size();
  }
  EXPECT_EQ(at, events.size()) << "events that nobody sent";
}

void IoFaultRun::CheckTree() {
  const TreeHead now = store_->CurrentTree();
  TreeFrontier tree;
  TreeHead then;
  for (const RecordedEvent& event : ReadAll()) {
    tree.Append(LeafHash(event.record()));
    if (tree.size() == kept_.size) then = tree.Head();
  }
  EXPECT_EQ(now, tree.Head());
  // A kept checkpoint tells whether anything is lost.
  if (kept_.size <= now.size) {
    EXPECT_EQ(then.size, kept_.size);
    EXPECT_EQ(then.root, kept_.root);
  } else {
    EXPECT_TRUE(lying_) << "of " << kept_.size << " events " << now.size;
  }
}

void IoFaultRun::SettleUnknown() {
  for (Sent& sent : sent_) {
    if (sent.outcome != Outcome::kUnknown) continue;
    const auto located = store_->Locate({sent.request.events.front().id});
    ASSERT_TRUE(located.ok()) << located.status();
    const bool there = located->front().has_value();
    const auto again = AppendAndWait(*store_, sent.request);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->replayed, there);
  }
  AppendRequest more;
  more.events = {Event(2'000)};
  EXPECT_TRUE(AppendAndWait(*store_, more).ok());
}

TEST(IoFaults, WhicheverCallFailsEveryAnswerIsTrue) {
  std::map<std::string, uint64_t> hit;
  uint64_t runs = 0;
  for (const Stage stage : kStages) {
    for (const Combination& what : kCombinations) {
      for (uint64_t k = 1; k <= Rounds(); ++k) {
        const std::string name =
            absl::StrCat(NameOf(what.fault), " at ", NameOf(what.call), " ", k,
                         " when ", NameOf(stage));
        SCOPED_TRACE(name);
        IoFaultRun run;
        if (!run.Run(stage, what, k)) break;
        ++runs;
        std::string at = run.fired_at();
        at.erase(std::remove_if(at.begin(), at.end(), ::isdigit), at.end());
        ++hit[at];
        if (testing::Test::HasFailure()) {
          ADD_FAILURE() << name << " in " << run.fired_at();
          return;
        }
      }
    }
  }
  std::cout << runs << " faults injected";
  for (const auto& [name, count] : hit) {
    std::cout << ", " << name << " " << count;
  }
  std::cout << "\n";
}

}  // namespace
}  // namespace samverk::fault
