// Clients race for the same few streams and tags, through gRPC: nobody can tell
// the register from one that does one operation after the other (G3, G5). In
// some rounds the server is killed meanwhile.
#include "tests/fault/linearizability.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"
#include "tests/fault/recording_client.h"
#include "tests/fault/suite.h"

namespace samverk::fault {
namespace {

constexpr size_t kClients = 6;
constexpr int kOperations = 40;  // of a client
constexpr size_t kStreams = 2;

// The streams and tags of one round, and what its clients last heard of them:
// they all build on it, so their conditions collide.
class Contested {
 public:
  Contested(uint64_t seed, uint64_t base)
      : seed_(seed), base_(base), last_(base) {}

  uint64_t base() const { return base_; }
  std::string Stream(size_t number) const {
    return absl::StrCat(seed_, "/", number);
  }
  std::string Tag(size_t number) const {
    return absl::StrCat("contested:", seed_, ":", number);
  }
  std::string NextId() { return absl::StrCat(seed_, " ", ++made_); }

  void Heard(const std::string& stream, const Place& place) {
    for (size_t i = 0; i < kStreams; ++i) {
      if (stream == Stream(i)) revisions_[i] = place.revision;
    }
    last_ = place.position;
  }

  WantedAppend Next(std::mt19937_64& random) {
    WantedAppend wanted;
    const size_t stream = random() % kStreams;
    const size_t events = 1 + random() % 3;
    for (size_t i = 0; i < events; ++i) {
      wanted.ids.push_back(NextId());
      wanted.streams.push_back(Stream(i == 0 ? stream : random() % kStreams));
      wanted.tags.push_back({Tag(random() % 2)});
      if (random() % 2 == 0) wanted.tags.back().push_back(Tag(2));
    }
    switch (random() % 8) {
      case 0:
        break;  // on no condition
      case 1:
        wanted.conditions.push_back(StreamExists{Stream(stream)});
        break;
      case 2:
      case 3:
        wanted.conditions.push_back(NoneSince{{Tag(random() % 2)}, last_});
        break;
      case 4:
        wanted.conditions.push_back(NoneSince{{Tag(0), Tag(2)}, last_});
        wanted.conditions.push_back(
            StreamIsAt{Stream(stream), revisions_[stream]});
        break;
      default:
        wanted.conditions.push_back(
            StreamIsAt{Stream(stream), revisions_[stream]});
    }
    return wanted;
  }

 private:
  const uint64_t seed_;
  const uint64_t base_;
  std::atomic<uint64_t> made_{0};
  std::atomic<uint64_t> last_;
  std::atomic<uint64_t> revisions_[kStreams] = {};
};

std::unique_ptr<client::Client> ConnectTo(const std::string& address) {
  auto client = client::Client::Connect({.address = address});
  EXPECT_TRUE(client.ok()) << client.status();
  return client.ok() ? *std::move(client) : nullptr;
}

// One client's operations. `again` is sent first.
void Race(Contested& contested, uint64_t seed,
          const std::vector<WantedAppend>& again, RecordingClient& client) {
  std::mt19937_64 random(seed);
  std::vector<WantedAppend> sent = again;
  for (const WantedAppend& wanted : again) client.Append(wanted);
  for (int i = 0; i < kOperations && !client.gone(); ++i) {
    const uint64_t kind = random() % 20;
    if (kind < 3) {
      client.ReadStream(contested.Stream(random() % kStreams), contested.base(),
                        random() % 2 == 0 ? 2 : 0);
    } else if (kind < 5) {
      client.ReadHead();
    } else if (kind == 5 && !sent.empty()) {
      client.Append(sent[random() % sent.size()]);
    } else {
      sent.push_back(contested.Next(random));
      client.Append(sent.back());
      const Operation& append = client.operations().back();
      for (size_t e = 0; e < append.recorded.size(); ++e) {
        contested.Heard(sent.back().streams[e], append.recorded[e]);
      }
    }
  }
}

class LinearizabilityTest : public testing::Test {
 protected:
  void Start() {
    server_ = std::make_unique<e2e::RunningServer>(
        directory_.path() + "/data", std::vector<std::string>{"--raw-store"});
  }

  // Lets clients race; kills the server after a while, unless that is zero.
  // Takes their operations into the history and returns what has no answer.
  std::vector<WantedAppend> RaceAll(Contested& contested, uint64_t seed,
                                    const std::vector<WantedAppend>& again,
                                    absl::Duration kill_after,
                                    History& history) {
    std::vector<std::unique_ptr<RecordingClient>> clients;
    for (size_t i = 0; i < kClients; ++i) {
      auto client = ConnectTo(server_->address());
      if (client == nullptr) return {};
      clients.push_back(std::make_unique<RecordingClient>(std::move(client)));
    }
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kClients; ++i) {
      threads.emplace_back([&, i] {
        // Two clients send what has no answer, at the same time.
        Race(contested, seed * 100 + i,
             i < 2 ? again : std::vector<WantedAppend>(), *clients[i]);
      });
    }
    int64_t over = kNever;
    if (kill_after > absl::ZeroDuration()) {
      absl::SleepFor(kill_after);
      server_->Kill();
      over = NowNanoseconds();
    }
    for (std::thread& thread : threads) thread.join();
    std::vector<WantedAppend> unanswered;
    for (const auto& client : clients) {
      EXPECT_TRUE(over != kNever || !client->gone());
      for (Operation operation : client->operations()) {
        // A server that is dead records nothing.
        if (operation.outcome == Operation::Outcome::kUnknown) {
          operation.returned = std::max(operation.called, over);
        }
        history.operations.push_back(std::move(operation));
      }
      unanswered.insert(unanswered.end(), client->unanswered().begin(),
                        client->unanswered().end());
    }
    return unanswered;
  }

  void Round(uint64_t seed) {
    std::mt19937_64 random(seed);
    if (server_ == nullptr) Start();
    if (HasFailure()) return;
    History history;
    history.base = head_;
    Contested contested(seed, head_);
    std::vector<WantedAppend> unanswered;
    if (random() % 3 == 0) {
      unanswered = RaceAll(contested, seed * 2, {},
                           absl::Microseconds(1 + random() % 60'000), history);
      Start();
      if (HasFailure()) return;
    }
    RaceAll(contested, seed * 2 + 1, unanswered, absl::ZeroDuration(), history);
    const auto client = ConnectTo(server_->address());
    if (client == nullptr) return;
    history.log = ReadLog(*client, history.base);
    head_ += history.log.size();
    EXPECT_EQ(WhyNotLinearizable(history), "");
    Count(history);
  }

  void Count(const History& history) {
    for (const Operation& operation : history.operations) {
      ++operations_;
      if (operation.outcome == Operation::Outcome::kRefused) ++refused_;
      if (operation.outcome == Operation::Outcome::kUnknown) ++unanswered_;
    }
  }

  TemporaryDirectory directory_;
  std::unique_ptr<e2e::RunningServer> server_;
  uint64_t head_ = 0;
  int operations_ = 0;
  int refused_ = 0;
  int unanswered_ = 0;
};

TEST_F(LinearizabilityTest, NobodyCanTellThatOthersAreAtWork) {
  ForEachSeed([this](uint64_t seed) { Round(seed); });
  std::cout << "linearizability: " << operations_ << " operations, of which "
            << refused_ << " were refused and " << unanswered_
            << " not answered" << std::endl;
  // Else there was nothing to tell.
  EXPECT_GT(refused_, 0);
}

}  // namespace
}  // namespace samverk::fault
