// What was acknowledged is there after the process was killed (G1, G2).
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

class RocksDbCrash : public RocksDbTest {
 protected:
  // A child appends batches of three, and writes the last position of each to
  // the pipe once it is acknowledged. Killed after `acknowledged` bytes came.
  uint64_t AppendUntilKilled(uint64_t first, int acknowledgements) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      Child(first, ends[1]);
      _exit(1);
    }
    close(ends[1]);
    uint64_t last = 0;
    for (int i = 0; i < acknowledgements; ++i) {
      EXPECT_EQ(read(ends[0], &last, sizeof(last)), ssize_t{sizeof(last)});
    }
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    // What it acknowledged before it was hit.
    uint64_t more;
    while (read(ends[0], &more, sizeof(more)) == ssize_t{sizeof(more)}) {
      last = more;
    }
    close(ends[0]);
    return last;
  }

  void Child(uint64_t n, int out) {
    if (!TryOpen(Options()).ok()) return;
    while (true) {
      AppendRequest request;
      for (int i = 0; i < 3; ++i) request.events.push_back(Event(++n));
      const auto result = AppendAndWait(*store_, std::move(request));
      if (!result.ok()) return;
      const uint64_t position = result->recorded.back().position.value();
      if (write(out, &position, sizeof(position)) != sizeof(position)) return;
    }
  }
};

TEST_F(RocksDbCrash, AcknowledgedEventsAreThereUnchanged) {
  std::mt19937 random(std::random_device{}());
  uint64_t head = 0;
  for (int round = 0; round < 8; ++round) {
    const uint64_t acknowledged =
        AppendUntilKilled(head, 1 + static_cast<int>(random() % 120));
    ASSERT_NO_FATAL_FAILURE(Open());
    EXPECT_GE(store_->Head().value(), acknowledged);
    head = store_->Head().value();
    EXPECT_EQ(head % 3, 0u) << "a part of a batch";
    const auto events = ReadAll();
    ASSERT_EQ(events.size(), head);
    TreeFrontier tree;
    for (uint64_t n = 1; n <= head; ++n) {
      EXPECT_EQ(events[n - 1].body(), EncodeBody(Event(n)));
      tree.Append(LeafHash(events[n - 1].record()));
    }
    EXPECT_EQ(store_->CurrentTree(), tree.Head());
    EXPECT_EQ(ReadAll({{QueryItem{{}, {absl::StrCat("n:", head)}, {}}}}).size(),
              1u);
    // Sending again what was in doubt is safe.
    AppendRequest again;
    for (uint64_t n = head - 2; n <= head; ++n)
      again.events.push_back(Event(n));
    const auto replay = AppendAndWait(*store_, again);
    ASSERT_TRUE(replay.ok()) << replay.status();
    EXPECT_TRUE(replay->replayed);
    Close();
  }
}

}  // namespace
}  // namespace samverk
