// How fast is the store itself, without a network? Prints one line a question.
//
//   store_bench --dir DIR [--events N] [--batch B] [--threads T]
//               [--conditions] [--bytes PAYLOAD] [--entities N]
//               append|scan|tag|open …
//
// Events have 256-byte payloads, one of 100,000 streams, three tags (one
// common, one of 1,000, one of 100,000), random ids. Every append is durable.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"

namespace samverk {
namespace {

using Seconds = std::chrono::duration<double>;
using SteadyClock = std::chrono::steady_clock;

struct Settings {
  std::string directory;
  uint64_t events = 200'000;
  size_t batch = 1;
  int threads = 1;
  bool conditions = false;
  size_t bytes = 256;
  uint64_t entities = 100'000;
};

double Since(SteadyClock::time_point start) {
  return Seconds(SteadyClock::now() - start).count();
}

// Resident memory in MiB.
double ResidentMib() {
  std::ifstream file("/proc/self/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident) * 4096 / (1 << 20);
}

std::unique_ptr<RocksDbEventStore> OpenStore(const Settings& settings) {
  static SystemClock clock;
  RocksDbEventStore::Options options;
  options.directory = settings.directory;
  options.origin = "bench.example/register";
  options.clock = &clock;
  auto store = RocksDbEventStore::Open(std::move(options));
  SAMVERK_CHECK(store.ok()) << store.status().ToString();
  return *std::move(store);
}

NewEvent MakeEvent(std::mt19937_64& random, const Settings& settings) {
  const size_t bytes = settings.bytes;
  NewEvent event;
  for (uint8_t& byte : event.id.bytes) byte = static_cast<uint8_t>(random());
  const uint64_t n = random() % settings.entities;
  event.stream = absl::StrCat("augustenborg/finding/", n);
  event.type = absl::StrCat("samverk.type_", n % 20);
  event.tags = {"process:augustenborg", absl::StrCat("place:", n % 1'000),
                absl::StrCat("finding:", n)};
  event.payload.resize(bytes);
  // Half of it compresses.
  for (size_t i = 0; i < bytes / 2; ++i) {
    event.payload[i] = static_cast<char>(random());
  }
  return event;
}

void PrintLatency(std::vector<double>& ms) {
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double q) {
    return ms[static_cast<size_t>(q * static_cast<double>(ms.size() - 1))];
  };
  std::printf("  p50 %.3f p99 %.3f p99.9 %.3f max %.3f ms\n", at(0.5), at(0.99),
              at(0.999), at(1));
}

void Append(const Settings& settings) {
  auto store = OpenStore(settings);
  std::atomic<int64_t> left{static_cast<int64_t>(settings.events)};
  std::vector<std::vector<double>> latencies(settings.threads);
  const auto start = SteadyClock::now();
  const std::clock_t cpu = std::clock();
  std::vector<std::thread> threads;
  for (int t = 0; t < settings.threads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(std::random_device{}());
      while (left.fetch_sub(static_cast<int64_t>(settings.batch)) > 0) {
        AppendRequest request;
        for (size_t i = 0; i < settings.batch; ++i) {
          request.events.push_back(MakeEvent(random, settings));
        }
        if (settings.conditions) {
          const auto& tags = request.events[0].tags;
          request.conditions = {QueryCondition{
              {{QueryItem{{}, {tags[0], tags[2]}, {}}}}, store->Head()}};
        }
        const auto sent = SteadyClock::now();
        const auto result = AppendAndWait(*store, std::move(request));
        latencies[t].push_back(Since(sent) * 1e3);
        SAMVERK_CHECK(result.ok() || absl::IsAborted(result.status()))
            << result.status().ToString();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const double seconds = Since(start);
  std::printf(
      "append batch %zu threads %d%s: %.0f events/s, cpu %.2f us/event, "
      "resident %.0f MiB\n",
      settings.batch, settings.threads,
      settings.conditions ? " conditional" : "",
      static_cast<double>(settings.events) / seconds,
      static_cast<double>(std::clock() - cpu) /
          static_cast<double>(settings.events),
      ResidentMib());
  std::vector<double> all;
  for (auto& part : latencies) all.insert(all.end(), part.begin(), part.end());
  PrintLatency(all);
}

void Scan(const Settings& settings) {
  auto store = OpenStore(settings);
  for (int round = 0; round < 2; ++round) {
    ReadOptions options;
    options.limit = 1'000;
    uint64_t events = 0;
    const auto start = SteadyClock::now();
    while (true) {
      const auto page = store->Read(options);
      SAMVERK_CHECK(page.ok()) << page.status().ToString();
      events += page->events.size();
      if (page->end) break;
      options.after = page->scanned_to;
    }
    std::printf("scan: %lu events, %.0f events/s, resident %.0f MiB\n", events,
                static_cast<double>(events) / Since(start), ResidentMib());
  }
}

void Tag(const Settings& settings) {
  auto store = OpenStore(settings);
  for (const char* tag :
       {"place:7", "place:7", "finding:77", "process:augustenborg"}) {
    for (const Direction direction :
         {Direction::kForward, Direction::kBackward}) {
      ReadOptions options;
      options.query.items = {QueryItem{{}, {tag}, {}}};
      options.direction = direction;
      options.limit = direction == Direction::kForward ? 1'000 : 100;
      const auto start = SteadyClock::now();
      const auto page = store->Read(options);
      SAMVERK_CHECK(page.ok()) << page.status().ToString();
      const double seconds = Since(start);
      std::printf("tag %s %s: %zu events in %.3f ms, %.0f events/s\n", tag,
                  direction == Direction::kForward ? "forward" : "backward",
                  page->events.size(), seconds * 1e3,
                  static_cast<double>(page->events.size()) / seconds);
    }
  }
}

void Open(const Settings& settings) {
  const auto start = SteadyClock::now();
  auto store = OpenStore(settings);
  const double seconds = Since(start);
  const auto stats = store->GetStats();
  std::printf(
      "open: head %lu, derived from %lu, %.3f s, %.1f MiB on disk, "
      "resident %.0f MiB\n",
      stats.head.value(), stats.derived_from.value(), seconds,
      static_cast<double>(stats.bytes_on_disk) / (1 << 20), ResidentMib());
  // As a crash would: no destructor runs.
  std::fflush(stdout);
}

int Main(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    const auto number = [&] { return std::strtoull(argv[++i], nullptr, 10); };
    if (arg == "--dir") {
      settings.directory = argv[++i];
    } else if (arg == "--events") {
      settings.events = number();
    } else if (arg == "--batch") {
      settings.batch = number();
    } else if (arg == "--threads") {
      settings.threads = static_cast<int>(number());
    } else if (arg == "--bytes") {
      settings.bytes = number();
    } else if (arg == "--entities") {
      settings.entities = number();
    } else if (arg == "--conditions") {
      settings.conditions = true;
    } else if (arg == "append") {
      Append(settings);
    } else if (arg == "scan") {
      Scan(settings);
    } else if (arg == "tag") {
      Tag(settings);
    } else if (arg == "open") {
      Open(settings);
    } else {
      std::cerr << "unknown argument " << arg << "\n";
      return 2;
    }
  }
  return 0;
}

}  // namespace
}  // namespace samverk

int main(int argc, char** argv) { return samverk::Main(argc, argv); }
