// The checker itself: histories of few operations, each rule with one that
// keeps it and one that breaks it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/fault/linearizability.h"

namespace samverk::fault {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kNoRoom[] = "fits nowhere between its call and its answer";

// Makes histories. Instants are small numbers; the log is what Logged says.
class LinearizabilityChecker : public testing::Test {
 protected:
  void Logged(const std::string& id, const std::string& stream,
              const std::vector<std::string>& tags = {}) {
    history_.log.push_back({id, stream, tags, ++revisions_[stream]});
  }

  // An append that is answered with where the log has its events.
  Operation& Append(int64_t called, int64_t returned,
                    const std::vector<std::string>& ids,
                    const std::vector<Expectation>& conditions = {}) {
    Operation append;
    append.called = called;
    append.returned = returned;
    append.ids = ids;
    append.conditions = conditions;
    for (size_t i = 0; i < history_.log.size(); ++i) {
      if (std::find(ids.begin(), ids.end(), history_.log[i].id) != ids.end()) {
        append.recorded.push_back(
            {history_.base + i + 1, history_.log[i].revision});
      }
    }
    history_.operations.push_back(append);
    return history_.operations.back();
  }
  void Refused(int64_t called, int64_t returned, const std::string& id,
               const std::vector<Expectation>& conditions) {
    Operation& append = Append(called, returned, {id}, conditions);
    append.outcome = Operation::Outcome::kRefused;
  }
  void Unanswered(int64_t called, int64_t over, const std::string& id,
                  const std::vector<Expectation>& conditions = {}) {
    Operation& append = Append(called, over, {id}, conditions);
    append.outcome = Operation::Outcome::kUnknown;
  }
  void Read(int64_t called, int64_t returned, const std::string& stream,
            const std::vector<uint64_t>& positions, uint64_t head) {
    Operation read;
    read.kind = Operation::Kind::kReadStream;
    read.called = called;
    read.returned = returned;
    read.stream = stream;
    read.positions = positions;
    read.head = head;
    history_.operations.push_back(read);
  }
  void Head(int64_t called, int64_t returned, uint64_t head) {
    Operation read;
    read.kind = Operation::Kind::kReadHead;
    read.called = called;
    read.returned = returned;
    read.head = head;
    history_.operations.push_back(read);
  }

  std::string Why() const { return WhyNotLinearizable(history_); }

  History history_;
  std::map<std::string, uint64_t> revisions_;
};

TEST_F(LinearizabilityChecker, NothingIsLinearizable) {
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, OneAfterTheOther) {
  Logged("a", "s");
  Logged("b", "s");
  Head(1, 2, 0);
  Append(3, 4, {"a"}, {StreamIsAt{"s", 0}});
  Read(5, 6, "s", {1}, 1);
  Append(7, 8, {"b"}, {StreamIsAt{"s", 1}, StreamExists{"s"}});
  Refused(9, 10, "c", {StreamIsAt{"s", 1}});
  Head(11, 12, 2);
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, PositionsAreCountedFromTheBase) {
  history_.base = 100;
  Logged("a", "s", {"t"});
  Append(1, 2, {"a"}, {NoneSince{{"t"}, 100}});
  Refused(3, 4, "b", {NoneSince{{"t"}, 100}});
  Read(5, 6, "s", {101}, 101);
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, AnEventThatNobodySent) {
  Logged("a", "s");
  EXPECT_EQ(Why(), "nobody sent a");
}

TEST_F(LinearizabilityChecker, AnEventThatIsThereTwice) {
  Logged("a", "s");
  Logged("a", "s");
  Append(1, 2, {"a"});
  EXPECT_EQ(Why(), "a is recorded twice");
}

TEST_F(LinearizabilityChecker, ARevisionThatDoesNotFollow) {
  Logged("a", "s");
  history_.log[0].revision = 2;
  Append(1, 2, {"a"});
  EXPECT_THAT(Why(), HasSubstr("is revision 2 of s, not 1"));
}

TEST_F(LinearizabilityChecker, AnAcknowledgedAppendThatIsNotThere) {
  Append(1, 2, {"a"});
  EXPECT_THAT(Why(), HasSubstr("is not in the log"));
}

TEST_F(LinearizabilityChecker, AnAppendThatWasAnsweredAnotherPlace) {
  Logged("a", "s");
  Append(1, 2, {"a"}).recorded[0].position = 2;
  EXPECT_THAT(Why(), HasSubstr("was answered another place"));
}

TEST_F(LinearizabilityChecker, APartOfABatch) {
  Logged("a", "s");
  Append(1, 2, {"a", "b"});
  EXPECT_THAT(Why(), HasSubstr("only a part of"));
}

TEST_F(LinearizabilityChecker, ABatchInTwoPieces) {
  Logged("a", "s");
  Logged("c", "s");
  Logged("b", "s");
  Append(1, 2, {"a", "b"});
  Append(1, 2, {"c"});
  EXPECT_THAT(Why(), HasSubstr("is not in one piece"));
}

TEST_F(LinearizabilityChecker, ARevisionThatWasAnotherAtTheWrite) {
  Logged("a", "s");
  Logged("b", "s");
  Append(1, 9, {"a"});
  Append(1, 9, {"b"}, {StreamIsAt{"s", 0}});
  EXPECT_THAT(Why(), HasSubstr("nobody may have recorded b"));
}

TEST_F(LinearizabilityChecker, AQueryThatMatchedAtTheWrite) {
  Logged("a", "s", {"t", "u"});
  Logged("b", "s", {"t"});
  Append(1, 9, {"a"}, {NoneSince{{"t"}, 0}});
  Append(1, 9, {"b"}, {NoneSince{{"t", "u"}, 0}});
  EXPECT_THAT(Why(), HasSubstr("nobody may have recorded b"));
  // Of what was there before the position it does not speak.
  history_.operations[1].conditions = {NoneSince{{"t", "u"}, 1}};
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, AStreamThatWasMissingAtTheWrite) {
  Logged("a", "s");
  Append(1, 9, {"a"}, {StreamExists{"s"}});
  EXPECT_THAT(Why(), HasSubstr("nobody may have recorded a"));
}

TEST_F(LinearizabilityChecker, APositionBeforeThatOfAnEarlierAnswer) {
  Logged("b", "s");
  Logged("a", "s");
  Append(1, 2, {"a"});
  Append(3, 4, {"b"});
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
  history_.operations[1].called = 2;  // Now they overlap.
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, ARefusalThatWasNeverRight) {
  Logged("a", "s");
  Append(1, 2, {"a"});
  Refused(3, 4, "b", {StreamIsAt{"s", 1}});
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
}

TEST_F(LinearizabilityChecker, ARefusalThatWasRightOnlyBeforeItsCall) {
  Logged("a", "s");
  Append(1, 4, {"a"});
  Head(2, 5, 1);
  Refused(6, 7, "b", {StreamIsAt{"s", 1}});
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
  history_.operations[2].called = 3;
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, ARefusalThatWasRightOnlyAfterItsAnswer) {
  Logged("a", "s", {"t"});
  Refused(1, 2, "b", {NoneSince{{"t"}, 0}});
  Append(3, 4, {"a"});
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
  history_.operations[1].called = 2;
  EXPECT_THAT(Why(), IsEmpty());
}

// Right before the revision is reached and after it has passed.
TEST_F(LinearizabilityChecker, ARefusalThatMayBeRightAtTwoEnds) {
  Logged("a", "s");
  Logged("b", "s");
  Append(1, 10, {"a"});
  Append(1, 10, {"b"});
  Refused(2, 9, "c", {StreamIsAt{"s", 1}});
  EXPECT_THAT(Why(), IsEmpty());
  // Two readings at its own ends keep the stream at the revision.
  Head(1, 2, 1);
  Head(9, 10, 1);
  history_.operations[2].called = 3;
  history_.operations[2].returned = 8;
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
}

TEST_F(LinearizabilityChecker, ARefusedAppendThatIsThere) {
  Logged("a", "s");
  Refused(1, 2, "a", {StreamIsAt{"s", 1}});
  EXPECT_THAT(Why(), HasSubstr("nobody may have recorded a"));
}

TEST_F(LinearizabilityChecker, ARefusalOfWhatIsRecorded) {
  Logged("a", "s");
  Append(1, 2, {"a"}, {StreamIsAt{"s", 0}});
  Refused(3, 4, "a", {StreamIsAt{"s", 0}});
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
}

TEST_F(LinearizabilityChecker, AReadingThatMissesAnEarlierAnswer) {
  Logged("a", "s");
  Append(1, 2, {"a"});
  Read(3, 4, "s", {}, 0);
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
  history_.operations[1].called = 2;
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, AReadingOfWhatWasCalledLater) {
  Logged("a", "s");
  Read(1, 2, "s", {1}, 1);
  Append(3, 4, {"a"});
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
}

TEST_F(LinearizabilityChecker, AReadingThatGoesBack) {
  Logged("a", "s");
  Append(1, 10, {"a"});
  Read(2, 3, "s", {1}, 1);
  Read(4, 5, "s", {}, 0);
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
  std::swap(history_.operations[1].called, history_.operations[2].called);
  std::swap(history_.operations[1].returned, history_.operations[2].returned);
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, AReadingOfHalfABatch) {
  Logged("a", "s");
  Logged("b", "s");
  Append(1, 10, {"a", "b"});
  Read(2, 3, "s", {1}, 1);
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
}

TEST_F(LinearizabilityChecker, AReadingWithAHole) {
  Logged("a", "s");
  Logged("b", "s");
  Append(1, 2, {"a"});
  Append(3, 4, {"b"});
  Read(5, 6, "s", {2}, 2);
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
}

TEST_F(LinearizabilityChecker, AHeadThatIsOld) {
  Logged("a", "s");
  Append(1, 2, {"a"});
  Head(3, 4, 0);
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
}

TEST_F(LinearizabilityChecker, AnUnansweredAppendMayBeThereOrNot) {
  Logged("a", "s");
  Unanswered(1, kNever, "a");
  Unanswered(1, kNever, "b");
  Head(5, 6, 0);
  Head(7, 8, 1);
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, AnUnansweredAppendCannotActAfterItsEnd) {
  Logged("a", "s");
  Unanswered(1, 4, "a");
  Head(5, 6, 0);
  EXPECT_THAT(Why(), HasSubstr("recorded after every call"));
  history_.operations[1].called = 3;
  EXPECT_THAT(Why(), IsEmpty());
}

TEST_F(LinearizabilityChecker, AnUnansweredAppendHeldToItsConditions) {
  Logged("a", "s");
  Unanswered(1, kNever, "a", {StreamExists{"s"}});
  EXPECT_THAT(Why(), HasSubstr("nobody may have recorded a"));
}

TEST_F(LinearizabilityChecker, ARepetitionIsAnsweredOnceItIsThere) {
  Logged("a", "s");
  Unanswered(1, 3, "a");
  Append(4, 5, {"a"}).replayed = true;
  EXPECT_THAT(Why(), IsEmpty());
  // Nobody is left who recorded it.
  history_.operations[0].called = 6;
  history_.operations[0].returned = 7;
  EXPECT_THAT(Why(), HasSubstr(kNoRoom));
}

TEST_F(LinearizabilityChecker, TwoWhoWereToldToBeTheFirst) {
  Logged("a", "s");
  Append(1, 2, {"a"});
  Append(3, 4, {"a"});
  EXPECT_THAT(Why(), HasSubstr("were both told to be the first"));
}

TEST_F(LinearizabilityChecker, AllWereToldToBeTheSecond) {
  Logged("a", "s");
  Append(1, 2, {"a"}).replayed = true;
  EXPECT_THAT(Why(), HasSubstr("nobody may have recorded a"));
}

// The definition itself: some order of the operations that keeps the order of
// answers and calls, and in which every answer is right.
bool HasAnOrder(const History& history) {
  const auto& operations = history.operations;
  std::vector<size_t> order(operations.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto right = [&] {
    uint64_t length = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      const Operation& now = operations[order[i]];
      for (size_t j = i + 1; j < order.size(); ++j) {
        if (operations[order[j]].returned < now.called) return false;
      }
      if (now.kind == Operation::Kind::kReadHead) {
        if (now.head != length) return false;
        continue;
      }
      // One stream, one condition.
      const bool holds =
          now.conditions.empty() ||
          std::get<StreamIsAt>(now.conditions[0]).revision == length;
      if (holds != (now.outcome == Operation::Outcome::kDone)) return false;
      if (!holds) continue;
      if (now.recorded != std::vector<Place>{{length + 1, length + 1}}) {
        return false;
      }
      ++length;
    }
    return true;
  };
  do {
    if (right()) return true;
  } while (std::next_permutation(order.begin(), order.end()));
  return false;
}

TEST_F(LinearizabilityChecker, AgreesWithTheDefinition) {
  std::mt19937 random(7);
  const auto below = [&random](uint32_t n) {
    return static_cast<uint32_t>(random() % n);
  };
  int linearizable = 0;
  constexpr int kHistories = 4'000;
  for (int round = 0; round < kHistories; ++round) {
    history_ = {};
    revisions_.clear();
    const uint32_t appends = 1 + below(3);
    for (uint32_t i = 0; i < appends; ++i) Logged(absl::StrCat("e", i), "s");
    const auto interval = [&] {
      const int64_t called = below(12);
      return std::pair<int64_t, int64_t>(called, called + 1 + below(8));
    };
    for (uint32_t i = 0; i < appends; ++i) {
      const auto [called, returned] = interval();
      std::vector<Expectation> conditions;
      if (below(3) == 0) conditions.push_back(StreamIsAt{"s", i});
      Append(called, returned, {absl::StrCat("e", i)}, conditions);
    }
    for (uint32_t i = 0; i < 3; ++i) {
      const auto [called, returned] = interval();
      if (below(2) == 0) {
        Head(called, returned, below(appends + 1));
      } else {
        Refused(called, returned, absl::StrCat("r", i),
                {StreamIsAt{"s", below(appends + 1)}});
      }
    }
    const bool has_an_order = HasAnOrder(history_);
    linearizable += has_an_order ? 1 : 0;
    ASSERT_EQ(Why().empty(), has_an_order) << "history " << round << Why();
  }
  // Both answers are common.
  EXPECT_GT(linearizable, kHistories / 20);
  EXPECT_LT(linearizable, kHistories * 19 / 20);
}

}  // namespace
}  // namespace samverk::fault
