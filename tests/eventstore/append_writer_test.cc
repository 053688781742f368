// The writer with a commit log that fails, and a queue that is full.
#include "eventstore/rocksdb/append_writer.h"

#include <atomic>
#include <map>
#include <string>
#include <thread>

#include "eventstore/base/error.h"
#include "eventstore/limits.h"
#include "eventstore/store_errors.h"
#include "tests/eventstore/rocksdb_fixture.h"
#include "tests/testing/gate.h"

namespace samverk {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// Passes everything on, until told how to fail, and how many appends later.
class FaultyCommitLog : public CommitLog {
 public:
  enum class Fault { kNone, kNothingWritten, kUnknownNotWritten, kUnknown };

  explicit FaultyCommitLog(CommitLog& log) : log_(log) {}
  absl::StatusOr<uint64_t> Lead() override { return log_.Lead(); }
  absl::StatusOr<absl::Duration> Append(
      absl::Span<const Commit> commits) override {
    if (ungated > 0) {
      --ungated;
    } else {
      gate.Pass();
    }
    if (good_appends > 0) {
      --good_appends;
      return log_.Append(commits);
    }
    if (fault != Fault::kNone && bad_appends-- <= 0)
      return log_.Append(commits);
    switch (fault) {
      case Fault::kNone:
        return log_.Append(commits);
      case Fault::kNothingWritten:
        return DiskFull("here", "test");
      case Fault::kUnknown:
        EXPECT_TRUE(log_.Append(commits).ok());
        return OutcomeUnknown("test");
      case Fault::kUnknownNotWritten:
        return OutcomeUnknown("test");
    }
    return absl::ZeroDuration();
  }
  CommitPoint Head() override { return log_.Head(); }
  absl::StatusOr<std::vector<Commit>> Read(uint64_t sequence,
                                           size_t bytes) override {
    return log_.Read(sequence, bytes);
  }
  absl::StatusOr<uint64_t> Follow(uint64_t sequence,
                                  absl::Time deadline) override {
    return log_.Follow(sequence, deadline);
  }
  absl::Status Trim(uint64_t sequence) override { return log_.Trim(sequence); }
  Description State() override { return log_.State(); }

  std::atomic<Fault> fault{Fault::kNone};
  std::atomic<int> good_appends{0};
  std::atomic<int> bad_appends{1'000'000};  // then they are good again
  // Every append passes it, but for the first so many.
  testing::Gate gate;
  std::atomic<int> ungated{0};

 private:
  CommitLog& log_;
};

// Keeps what it hears.
class Listener : public StoreObserver {
 public:
  void OnTurnedAway(const absl::Status& why) override {
    MutexLock lock(mu_);
    turned_away.push_back(why);
  }
  void OnAnswered(absl::Span<const AnsweredRequest> requests) override {
    MutexLock lock(mu_);
    answered.insert(answered.end(), requests.begin(), requests.end());
  }
  void OnCommit(const CommitWork& work) override {
    MutexLock lock(mu_);
    commits.push_back(work);
  }

  // To be read when the writer is at rest.
  std::vector<absl::Status> turned_away;
  std::vector<AnsweredRequest> answered;
  std::vector<CommitWork> commits;

 private:
  Mutex mu_;
};

class AppendWriterTest : public RocksDbTest {
 protected:
  void SetUp() override {
    Database::Options options;
    options.directory = directory_.path();
    options.origin = kTestOrigin;
    database_ = *Database::Open(options);
    log_ = *RocksDbCommitLog::Open(*database_);
    faulty_ = std::make_unique<FaultyCommitLog>(*log_);
    reader_ = std::make_unique<LogReader>(*database_);
    derived_ = std::make_unique<DerivedStore>(*database_);
    state_ = *RegisterState::Open(*log_, *reader_, *derived_, {});
    AppendWriter::Options writer;
    writer.log = faulty_.get();
    writer.state = state_.get();
    writer.records = reader_.get();
    writer.clock = &clock_;
    writer.salt = [this](std::array<uint8_t, 16>& salt) {
      salt.fill(1);
      MutexLock lock(mu_);
      ++salted_;
      changed_.NotifyAll();
      while (held_) changed_.Wait(mu_);
    };
    writer.publish = [this](const CommitPoint& point) {
      published_ = point.position.value();
    };
    writer.observer = &listener_;
    writer_ = std::make_unique<AppendWriter>(std::move(writer));
  }
  void TearDown() override { Release(); }

  // Makes the writer stop in the midst of deciding its next request.
  void Hold() {
    MutexLock lock(mu_);
    held_ = true;
    salted_ = 0;
  }
  void WaitUntilHeld() {
    MutexLock lock(mu_);
    while (salted_ == 0) changed_.Wait(mu_);
  }
  void Release() {
    MutexLock lock(mu_);
    held_ = false;
    changed_.NotifyAll();
  }

  void Start(NewEvent event, EventStore::AppendCallback done,
             absl::Time deadline = absl::InfiniteFuture()) {
    AppendRequest request;
    request.events = {std::move(event)};
    Start(std::move(request), std::move(done), deadline);
  }
  void Start(AppendRequest request, EventStore::AppendCallback done,
             absl::Time deadline = absl::InfiniteFuture()) {
    auto checked = CheckAppend(std::move(request));
    ASSERT_TRUE(checked.ok());
    auto facts = GatherFacts(state_->index(), *checked);
    ASSERT_TRUE(facts.ok());
    writer_->Append(*std::move(checked), *std::move(facts), deadline,
                    std::move(done));
  }
  absl::StatusOr<AppendResult> Append(NewEvent event) {
    absl::StatusOr<AppendResult> answer;
    std::atomic<bool> answered{false};
    Start(std::move(event), [&](absl::StatusOr<AppendResult> result) {
      answer = std::move(result);
      answered = true;
      answered.notify_one();
    });
    answered.wait(false);
    return answer;
  }
  void Reopen() {
    writer_.reset();
    state_.reset();
    derived_.reset();
    reader_.reset();
    faulty_.reset();
    log_.reset();
    database_.reset();
    Open();
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<RocksDbCommitLog> log_;
  std::unique_ptr<FaultyCommitLog> faulty_;
  std::unique_ptr<LogReader> reader_;
  std::unique_ptr<DerivedStore> derived_;
  std::unique_ptr<RegisterState> state_;
  std::atomic<uint64_t> published_{0};
  Mutex mu_;
  CondVar changed_;
  bool held_ = false;
  int salted_ = 0;
  Listener listener_;
  std::unique_ptr<AppendWriter> writer_;
};

TEST_F(AppendWriterTest, AnUnknownOutcomeIsSaidAndStopsTheWriter) {
  ASSERT_TRUE(Append(Event(1)).ok());
  faulty_->fault = FaultyCommitLog::Fault::kUnknown;
  const auto unknown = Append(Event(2));
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_REASON(unknown.status(), OUTCOME_UNKNOWN);
  EXPECT_EQ(published_, 1u) << "not committed for certain, not visible";
  faulty_->fault = FaultyCommitLog::Fault::kNone;
  const auto refused = Append(Event(3));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_REASON(refused.status(), READ_ONLY);
  EXPECT_FALSE(writer_->Problem().empty());
  Reopen();
  EXPECT_EQ(store_->Head(), Position(2));
  AppendRequest again;
  again.events = {Event(2)};
  EXPECT_TRUE(AppendAndWait(*store_, again)->replayed);
}

TEST_F(AppendWriterTest, AnUnknownOutcomeMayAlsoMeanNotWritten) {
  ASSERT_TRUE(Append(Event(1)).ok());
  faulty_->fault = FaultyCommitLog::Fault::kUnknownNotWritten;
  EXPECT_REASON(Append(Event(2)).status(), OUTCOME_UNKNOWN);
  Reopen();
  EXPECT_EQ(store_->Head(), Position(1));
  AppendRequest again;
  again.events = {Event(2)};
  EXPECT_FALSE(AppendAndWait(*store_, again)->replayed);
}

TEST_F(AppendWriterTest, WhenNothingWasWrittenItGoesOn) {
  faulty_->fault = FaultyCommitLog::Fault::kNothingWritten;
  EXPECT_REASON(Append(Event(1)).status(), DISK_FULL);
  EXPECT_EQ(published_, 0u);
  faulty_->fault = FaultyCommitLog::Fault::kNone;
  const auto result = Append(Event(1));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->replayed);
  EXPECT_EQ(published_, 1u);
}

// A commit that fails, with requests that were decided upon what it would have
// recorded, and one that was not.
class FailedCommitTest : public AppendWriterTest {
 protected:
  static AppendRequest Request(std::vector<NewEvent> events,
                               std::vector<Condition> conditions = {}) {
    AppendRequest request;
    request.events = std::move(events);
    request.conditions = std::move(conditions);
    return request;
  }
  static NewEvent WithSource(NewEvent event, std::string reference) {
    event.metadata.source_system = "walks";
    event.metadata.source_ref = std::move(reference);
    return event;
  }
  static AppendRequest WithTrack(NewEvent event, uint64_t position) {
    AppendRequest request = Request({std::move(event)});
    request.track = Track{"bus", position};
    return request;
  }

  // All in one commit, which fails like this. By request, its answer.
  std::vector<absl::Status> AnswersOf(std::vector<AppendRequest> requests,
                                      FaultyCommitLog::Fault fault) {
    Hold();
    Start(Event(90), [](auto) {});
    WaitUntilHeld();
    std::vector<absl::Status> answers(requests.size());
    for (size_t i = 0; i < requests.size(); ++i) {
      Start(std::move(requests[i]),
            [&answers, i](auto result) { answers[i] = result.status(); });
    }
    faulty_->good_appends = 1;
    faulty_->fault = fault;
    Release();
    writer_->Close();
    return answers;
  }
  std::vector<AppendRequest> Dependent() {
    NewEvent changed = Event(2);
    changed.payload = "another";
    std::vector<AppendRequest> requests;
    requests.push_back(Request({WithSource(Event(2), "7")}));
    requests.push_back(Request({Event(2), Event(3)}));
    requests.push_back(Request({changed}));
    requests.push_back(Request({WithSource(Event(4), "7")}));
    requests.push_back(Request(
        {Event(5)}, {StreamCondition{"stream 2", StreamCondition::Expect::kNone,
                                     Revision()}}));
    requests.push_back(Request(
        {Event(6)}, {QueryCondition{{{QueryItem{{}, {"n:2"}, {}}}}, {}}}));
    requests.push_back(WithTrack(Event(7), 5));
    requests.push_back(WithTrack(Event(8), 5));
    return requests;
  }
};

TEST_F(FailedCommitTest, NoRefusalRestsOnWhatWasNotRecorded) {
  ASSERT_TRUE(Append(Event(1)).ok());
  auto requests = Dependent();
  const size_t dependent = requests.size();
  requests.push_back(Request({Event(1), Event(9)}));
  const auto answers =
      AnswersOf(std::move(requests), FaultyCommitLog::Fault::kNothingWritten);
  for (size_t i = 0; i < dependent; ++i) EXPECT_REASON(answers[i], DISK_FULL);
  EXPECT_REASON(answers[dependent], ID_CONFLICT)
      << "this rests on what was recorded before";
}

TEST_F(FailedCommitTest, NoRefusalRestsOnWhatIsPerhapsRecorded) {
  for (const absl::Status& answer :
       AnswersOf(Dependent(), FaultyCommitLog::Fault::kUnknown)) {
    EXPECT_REASON(answer, OUTCOME_UNKNOWN);
  }
}

// Requests that are decided while the large commit that they depend on is on
// its way to the disk.
class OverlappingCommitsTest : public FailedCommitTest {
 protected:
  static std::vector<NewEvent> Events(uint64_t first, uint64_t end) {
    std::vector<NewEvent> events;
    for (uint64_t n = first; n < end; ++n) events.push_back(Event(n));
    return events;
  }

  // Has events 2 and 7 and 300 others recorded in one commit, which waits on
  // its way, and others decided meanwhile. Then that commit ends so.
  void SendDependent(FaultyCommitLog::Fault fault) {
    faulty_->ungated = 1;
    faulty_->gate.Close();
    Hold();
    Start(Event(90), [](auto) {});
    WaitUntilHeld();
    Start(Request({WithSource(Event(2), "7")}), Keep("event 2"));
    Start(WithTrack(Event(7), 5), Keep("event 7"));
    Start(Request(Events(1000, 1300)), Keep("many"));
    Release();
    faulty_->gate.AwaitSomebody();

    NewEvent changed = Event(2);
    changed.payload = "another";
    Start(Request({WithSource(Event(4), "7")}), Keep("source"));
    Start(Request({Event(5)},
                  {StreamCondition{"stream 2", StreamCondition::Expect::kNone,
                                   Revision()}}),
          Keep("stream"));
    Start(Request({Event(6)},
                  {QueryCondition{{{QueryItem{{}, {"n:2"}, {}}}}, {}}}),
          Keep("query"));
    Start(WithTrack(Event(8), 5), Keep("track"));
    Start(Request({WithSource(Event(2), "7")}), Keep("again"));
    Start(Request({changed}), Keep("changed"));
    Start(Request(Events(2000, 2100)), Keep("others"));
    // They are taken from the queue although nothing is written yet.
    while (writer_->QueueLength() > 0) std::this_thread::yield();
    faulty_->bad_appends = 1;
    faulty_->fault = fault;
    faulty_->gate.Open();
    writer_->Close();
  }
  EventStore::AppendCallback Keep(std::string name) {
    return [this, name](auto result) {
      MutexLock lock(answers_mu_);
      EXPECT_TRUE(answers_.emplace(name, std::move(result)).second) << name;
    };
  }
  // By name, what each was answered.
  std::map<std::string, error::v1::Reason> Reasons() const {
    std::map<std::string, error::v1::Reason> reasons;
    for (const auto& [name, answer] : answers_) {
      reasons[name] = ReasonOf(answer.status());
    }
    return reasons;
  }

  Mutex answers_mu_;
  std::map<std::string, absl::StatusOr<AppendResult>> answers_;
};

constexpr error::v1::Reason kRecorded = error::v1::REASON_UNSPECIFIED;

TEST_F(OverlappingCommitsTest, WhatIsOnItsWayCounts) {
  SendDependent(FaultyCommitLog::Fault::kNone);
  EXPECT_THAT(
      Reasons(),
      UnorderedElementsAre(Pair("event 2", kRecorded),
                           Pair("event 7", kRecorded), Pair("many", kRecorded),
                           Pair("source", error::v1::REASON_SOURCE_CONFLICT),
                           Pair("stream", error::v1::REASON_REVISION_CONFLICT),
                           Pair("query", error::v1::REASON_QUERY_CONFLICT),
                           Pair("track", error::v1::REASON_REVISION_CONFLICT),
                           Pair("again", kRecorded),
                           Pair("changed", error::v1::REASON_ID_CONFLICT),
                           Pair("others", kRecorded)));
  EXPECT_TRUE(answers_["again"]->replayed);
  EXPECT_EQ(answers_["again"]->recorded, answers_["event 2"]->recorded);
  EXPECT_EQ(answers_["again"]->recorded_at, answers_["event 2"]->recorded_at);
  EXPECT_EQ(answers_["others"]->recorded.front().position, Position(304));
  EXPECT_EQ(log_->Head().sequence, 3u);
  EXPECT_EQ(published_, 403u);
}

TEST_F(OverlappingCommitsTest, WhatFailedOnItsWayDoesNotCount) {
  SendDependent(FaultyCommitLog::Fault::kNothingWritten);
  EXPECT_THAT(Reasons(),
              UnorderedElementsAre(
                  Pair("event 2", error::v1::REASON_DISK_FULL),
                  Pair("event 7", error::v1::REASON_DISK_FULL),
                  Pair("many", error::v1::REASON_DISK_FULL),
                  Pair("source", kRecorded), Pair("stream", kRecorded),
                  Pair("query", kRecorded), Pair("track", kRecorded),
                  Pair("again", error::v1::REASON_SOURCE_CONFLICT),
                  Pair("changed", kRecorded), Pair("others", kRecorded)));
  EXPECT_EQ(answers_["source"]->recorded.front().position, Position(2));
  EXPECT_EQ(log_->Head().sequence, 2u);
  EXPECT_EQ(published_, 106u);
}

TEST_F(OverlappingCommitsTest, AfterAnUnknownOutcomeNoOtherIsBegun) {
  SendDependent(FaultyCommitLog::Fault::kUnknown);
  for (const auto& [name, reason] : Reasons()) {
    const bool sent = name == "event 2" || name == "event 7" || name == "many";
    EXPECT_EQ(reason, sent ? error::v1::REASON_OUTCOME_UNKNOWN
                           : error::v1::REASON_READ_ONLY)
        << name;
  }
  EXPECT_EQ(answers_.size(), 10u);
  EXPECT_EQ(published_, 1u);
  EXPECT_EQ(log_->Head().sequence, 2u);
}

TEST_F(AppendWriterTest, AFullQueueIsSaid) {
  Hold();
  std::atomic<int> answered{0};
  const auto count = [&](absl::StatusOr<AppendResult> result) {
    EXPECT_TRUE(result.ok()) << result.status();
    ++answered;
  };
  Start(Event(0), count);
  WaitUntilHeld();  // taken from the queue
  for (uint64_t n = 1; n <= limits::kAppendQueue; ++n) {
    AppendRequest request;
    request.events = {Event(n)};
    request.caller = n;
    Start(std::move(request), count);
  }
  EXPECT_EQ(writer_->QueueLength(), limits::kAppendQueue);
  const auto refused = Append(Event(99'999));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_REASON(refused.status(), QUEUE_FULL);
  ASSERT_EQ(listener_.turned_away.size(), 1u);
  EXPECT_EQ(listener_.turned_away[0], refused.status());
  Release();
  writer_->Close();
  EXPECT_EQ(answered, static_cast<int>(limits::kAppendQueue) + 1);
  EXPECT_EQ(published_, limits::kAppendQueue + 1);
}

TEST_F(AppendWriterTest, OneCallerDoesNotFillTheQueue) {
  Hold();
  std::atomic<uint64_t> recorded{0};
  std::atomic<uint64_t> turned_away{0};
  const auto count = [&](absl::StatusOr<AppendResult> result) {
    if (result.ok()) ++recorded;
    if (ReasonOf(result.status()) == error::v1::REASON_QUEUE_FULL) {
      ++turned_away;
    }
  };
  Start(Event(0), count);
  WaitUntilHeld();
  for (uint64_t n = 1; n <= limits::kAppendQueue; ++n) Start(Event(n), count);
  EXPECT_GT(turned_away, 0u);
  const uint64_t waiting = writer_->QueueLength();
  EXPECT_EQ(waiting + turned_away, limits::kAppendQueue);
  AppendRequest of_another;
  of_another.events = {Event(99'999)};
  of_another.caller = 7;
  Start(std::move(of_another), count);
  Release();
  writer_->Close();
  EXPECT_EQ(recorded, waiting + 2);
}

TEST_F(AppendWriterTest, ADeadlineThatPassesInTheQueueWritesNothing) {
  Hold();
  Start(Event(1), [](auto) {});
  WaitUntilHeld();
  absl::Status late;
  Start(
      Event(2), [&](auto result) { late = result.status(); },
      absl::Now() + absl::Milliseconds(5));
  const absl::Time passed = absl::Now() + absl::Milliseconds(6);
  while (absl::Now() < passed) std::this_thread::yield();
  Release();
  writer_->Close();
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(published_, 1u);
}

TEST_F(AppendWriterTest, ClosingFinishesWhatIsQueuedAndRefusesTheRest) {
  Hold();
  int done = 0;
  Start(Event(1), [&](auto result) { done += result.ok(); });
  WaitUntilHeld();
  Start(Event(2), [&](auto result) { done += result.ok(); });
  std::thread closer([&] { writer_->Close(); });
  Release();
  closer.join();
  EXPECT_EQ(done, 2);
  EXPECT_EQ(published_, 2u);
  EXPECT_REASON(Append(Event(3)).status(), SHUTTING_DOWN);
}

TEST_F(AppendWriterTest, QueuedRequestsAreOneCommit) {
  Hold();
  Start(Event(1), [](auto) {});
  WaitUntilHeld();
  for (uint64_t n = 2; n <= 50; ++n) Start(Event(n), [](auto) {});
  Start(Event(7), [](auto result) { EXPECT_TRUE(result->replayed); });
  Release();
  writer_->Close();
  EXPECT_EQ(log_->Head().sequence, 2u);
  EXPECT_EQ(log_->Head().position, Position(50));
}

TEST_F(AppendWriterTest, ACallerIsAnsweredWhileTheNextCommitIsOnItsWay) {
  faulty_->ungated = 1;
  faulty_->gate.Close();
  std::atomic<bool> first{false};
  std::atomic<bool> second{false};
  Hold();
  Start(Event(1), [&](auto result) {
    EXPECT_TRUE(result.ok());
    first = true;
    first.notify_one();
  });
  WaitUntilHeld();
  Start(Event(2), [&](auto result) {
    EXPECT_TRUE(result.ok());
    second = true;
  });
  Release();
  faulty_->gate.AwaitSomebody();
  first.wait(false);
  EXPECT_FALSE(second);
  faulty_->gate.Open();
  writer_->Close();
  EXPECT_TRUE(second);
}

TEST_F(AppendWriterTest, TellsOfEachCommitAndEachAnswer) {
  Hold();
  Start(Event(1), [](auto) {});
  WaitUntilHeld();
  const absl::Time held = absl::Now();
  Start(Event(2), [](auto) {});
  Start(Event(2), [](auto) {});
  Start(Event(3), [](auto) {});
  while (absl::Now() < held + absl::Milliseconds(5)) std::this_thread::yield();
  Release();
  writer_->Close();

  ASSERT_EQ(listener_.commits.size(), 2u);
  const CommitWork& second = listener_.commits[1];
  EXPECT_EQ(second.requests, 2u);
  EXPECT_EQ(second.events, 2u);
  EXPECT_EQ(second.bytes, reader_->EventAt(Position(2))->record().size() +
                              reader_->EventAt(Position(3))->record().size());
  for (const absl::Duration stage :
       {second.check, second.write, second.sync, second.apply}) {
    EXPECT_GT(stage, absl::ZeroDuration());
    EXPECT_LT(stage, absl::Minutes(1));
  }
  ASSERT_EQ(listener_.answered.size(), 4u);
  const AnsweredRequest& replayed = listener_.answered[2];
  EXPECT_TRUE(replayed.replayed);
  EXPECT_TRUE(replayed.status.ok());
  EXPECT_GE(replayed.queued, absl::Milliseconds(5));
  EXPECT_GE(replayed.total, replayed.queued + second.sync);
  EXPECT_FALSE(listener_.answered[3].replayed);
}

TEST_F(AppendWriterTest, AFailedCommitIsNoneAndItsAnswersAreFailures) {
  faulty_->fault = FaultyCommitLog::Fault::kNothingWritten;
  const auto result = Append(Event(1));
  writer_->Close();
  EXPECT_TRUE(listener_.commits.empty());
  ASSERT_EQ(listener_.answered.size(), 1u);
  EXPECT_EQ(listener_.answered[0].status, result.status());
}

}  // namespace
}  // namespace samverk
