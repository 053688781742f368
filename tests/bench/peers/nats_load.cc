// Load on a NATS server with JetStream, for compare.sh, which builds it: NATS
// is no dependency of the project.
//
//   nats_load PORT append CALLERS SECONDS    publishes one at a time, each
//                                            caller waiting for its answer
//   nats_load PORT read                      reads all of it
//
// One line: events events_per_second p50_ms p99_ms.
#include <nats/nats.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kEventBytes = 256;
constexpr int kStreams = 100'000;
constexpr int kFetch = 1'000;

void Check(natsStatus status, const char* what) {
  if (status == NATS_OK) return;
  std::fprintf(stderr, "nats_load: %s: %s\n", what, natsStatus_GetText(status));
  std::exit(1);
}

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Server {
  explicit Server(const std::string& port) {
    Check(natsConnection_ConnectTo(&connection,
                                   ("nats://127.0.0.1:" + port).c_str()),
          "connecting");
    Check(natsConnection_JetStream(&jetstream, connection, nullptr),
          "JetStream");
  }
  ~Server() {
    jsCtx_Destroy(jetstream);
    natsConnection_Destroy(connection);
  }
  natsConnection* connection = nullptr;
  jsCtx* jetstream = nullptr;
};

void MakeStream(const std::string& port) {
  Server server(port);
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  const char* subjects[] = {"bench.>"};
  config.Name = "BENCH";
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  jsErrCode error = static_cast<jsErrCode>(0);
  Check(js_AddStream(nullptr, server.jetstream, &config, nullptr, &error),
        "making the stream");
}

// Milliseconds of each publish after a second of warming up.
std::vector<double> Publish(const std::string& port, Clock::time_point begin,
                            Clock::time_point end) {
  Server server(port);
  std::mt19937_64 random(std::random_device{}());
  std::string event(kEventBytes, 'x');
  std::vector<double> ms;
  for (;;) {
    for (int i = 0; i < kEventBytes / 2; ++i) {
      event[i] = static_cast<char>(random());
    }
    const std::string subject = "bench." + std::to_string(random() % kStreams);
    const auto sent = Clock::now();
    if (sent >= end) return ms;
    Check(js_Publish(nullptr, server.jetstream, subject.c_str(), event.data(),
                     kEventBytes, nullptr, nullptr),
          "publishing");
    const auto now = Clock::now();
    if (now >= begin && now < end) ms.push_back(Since(sent) * 1e3);
  }
}

void Append(const std::string& port, int callers, int seconds) {
  MakeStream(port);
  const auto begin = Clock::now() + std::chrono::seconds(1);
  const auto end = begin + std::chrono::seconds(seconds);
  std::vector<std::vector<double>> parts(callers);
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&, i] { parts[i] = Publish(port, begin, end); });
  }
  for (auto& thread : threads) thread.join();
  std::vector<double> ms;
  for (const auto& part : parts) ms.insert(ms.end(), part.begin(), part.end());
  if (ms.empty()) Check(NATS_TIMEOUT, "nothing was published");
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double share) {
    return ms[static_cast<size_t>(share * static_cast<double>(ms.size() - 1))];
  };
  std::printf("%zu %.0f %.3f %.3f\n", ms.size(),
              static_cast<double>(ms.size()) / seconds, at(0.5), at(0.99));
}

void Read(const std::string& port) {
  Server server(port);
  jsStreamInfo* info = nullptr;
  Check(js_GetStreamInfo(&info, server.jetstream, "BENCH", nullptr, nullptr),
        "the stream");
  const uint64_t all = info->State.Msgs;
  jsStreamInfo_Destroy(info);
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Stream = "BENCH";
  options.Config.AckPolicy = js_AckNone;
  options.Config.Durable = "reader";
  natsSubscription* subscription = nullptr;
  Check(js_PullSubscribe(&subscription, server.jetstream, "bench.>", "reader",
                         nullptr, &options, nullptr),
        "subscribing");
  uint64_t read = 0;
  const auto start = Clock::now();
  while (read < all) {
    natsMsgList list;
    Check(natsSubscription_Fetch(&list, subscription, kFetch, 5'000, nullptr),
          "reading");
    read += static_cast<uint64_t>(list.Count);
    natsMsgList_Destroy(&list);
  }
  std::printf("%lu %.0f 0 0\n", static_cast<unsigned long>(read),
              static_cast<double>(read) / Since(start));
  natsSubscription_Destroy(subscription);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[2] : "";
  if (what == "append" && argc == 5) {
    Append(argv[1], std::atoi(argv[3]), std::atoi(argv[4]));
  } else if (what == "read" && argc == 3) {
    Read(argv[1]);
  } else {
    std::fprintf(stderr, "nats_load PORT append CALLERS SECONDS | PORT read\n");
    return 2;
  }
  nats_Close();
  return 0;
}
