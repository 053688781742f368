// How fast is the store itself, without a network?
//
//   store_bench append    durable appends a second, and how long one takes
//   store_bench read      reading the whole log, and by tags
//   store_bench open N    opening a register of N events, closed and killed
//
// store_bench --help tells the options. Events have random ids, one of 100,000
// streams, and three tags (one common, one of 1,000, one of 100,000); half of
// the payload compresses. Everything is on: indexes, tree, idempotency. Every
// append is durable before it is answered.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;
using SteadyClock = std::chrono::steady_clock;

struct Settings {
  std::string directory;
  uint64_t events = 200'000;
  size_t batch = 1;
  size_t callers = 64;
  bool conditions = false;
  bool cold = false;
  size_t bytes = 256;
  uint64_t entities = 100'000;
};

double Since(SteadyClock::time_point start) {
  return Seconds(SteadyClock::now() - start).count();
}

double Mib(uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

double ResidentMib() {
  std::ifstream file("/proc/self/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  file >> total >> resident;
  return Mib(resident * 4096);
}

std::unique_ptr<RocksDbEventStore> OpenStore(const std::string& directory) {
  static SystemClock clock;
  RocksDbEventStore::Options options;
  options.directory = directory;
  options.origin = "bench.example/register";
  options.clock = &clock;
  auto store = RocksDbEventStore::Open(std::move(options));
  SAMVERK_CHECK(store.ok()) << store.status().ToString();
  return *std::move(store);
}

NewEvent MakeEvent(std::mt19937_64& random, const Settings& settings) {
  NewEvent event;
  for (uint8_t& byte : event.id.bytes) byte = static_cast<uint8_t>(random());
  const uint64_t n = random() % settings.entities;
  event.stream = absl::StrCat("augustenborg/finding/", n);
  event.type = absl::StrCat("samverk.type_", n % 20);
  event.tags = {"process:augustenborg", absl::StrCat("place:", n % 1'000),
                absl::StrCat("finding:", n)};
  event.payload.resize(settings.bytes);
  for (size_t i = 0; i < settings.bytes / 2; ++i) {
    event.payload[i] = static_cast<char>(random());
  }
  return event;
}

AppendRequest MakeRequest(std::mt19937_64& random, const Settings& settings,
                          Position head) {
  AppendRequest request;
  for (size_t i = 0; i < settings.batch; ++i) {
    request.events.push_back(MakeEvent(random, settings));
  }
  if (settings.conditions) {
    const auto& tags = request.events[0].tags;
    request.conditions = {
        QueryCondition{{{QueryItem{{}, {tags[0], tags[2]}, {}}}}, head}};
  }
  return request;
}

// Appends settings.events events, and gives the milliseconds of each append. A
// condition that does not hold is an answer too.
std::vector<double> Fill(RocksDbEventStore& store, const Settings& settings) {
  std::atomic<int64_t> left{static_cast<int64_t>(settings.events)};
  std::vector<std::vector<double>> latencies(settings.callers);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < settings.callers; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(std::random_device{}());
      while (left.fetch_sub(static_cast<int64_t>(settings.batch)) > 0) {
        AppendRequest request = MakeRequest(random, settings, store.Head());
        const auto sent = SteadyClock::now();
        const auto result = AppendAndWait(store, std::move(request));
        latencies[t].push_back(Since(sent) * 1e3);
        SAMVERK_CHECK(result.ok() || absl::IsAborted(result.status()))
            << result.status().ToString();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<double> all;
  for (auto& part : latencies) all.insert(all.end(), part.begin(), part.end());
  return all;
}

void Append(const Settings& settings) {
  const auto store = OpenStore(settings.directory);
  const Position before = store->Head();
  const std::clock_t cpu = std::clock();
  const auto start = SteadyClock::now();
  std::vector<double> ms = Fill(*store, settings);
  const double seconds = Since(start);
  const auto events =
      static_cast<double>(store->Head().value() - before.value());
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double q) {
    return ms[static_cast<size_t>(q * static_cast<double>(ms.size() - 1))];
  };
  std::printf(
      "append: %zu callers, %zu events an append%s: %.0f events/s, "
      "p50 %.3f p99 %.3f p99.9 %.3f max %.3f ms, cpu %.2f us/event, "
      "resident %.0f MiB\n",
      settings.callers, settings.batch,
      settings.conditions ? ", conditional" : "", events / seconds, at(0.5),
      at(0.99), at(0.999), at(1),
      static_cast<double>(std::clock() - cpu) * 1e6 / CLOCKS_PER_SEC / events,
      ResidentMib());
}

void ReadWhole(EventStore& store) {
  ReadOptions options;
  options.limit = 1'000;
  uint64_t events = 0;
  const auto start = SteadyClock::now();
  for (bool end = false; !end;) {
    const auto page = store.Read(options);
    SAMVERK_CHECK(page.ok()) << page.status().ToString();
    events += page->events.size();
    options.after = page->scanned_to;
    end = page->end;
  }
  std::printf("read: whole log: %lu events, %.0f events/s, resident %.0f MiB\n",
              events, static_cast<double>(events) / Since(start),
              ResidentMib());
}

void ReadTag(EventStore& store, const char* tag, Direction direction) {
  const bool forward = direction == Direction::kForward;
  ReadOptions options;
  options.query.items = {QueryItem{{}, {tag}, {}}};
  options.direction = direction;
  options.limit = forward ? 1'000 : 100;
  const auto start = SteadyClock::now();
  const auto page = store.Read(options);
  SAMVERK_CHECK(page.ok()) << page.status().ToString();
  const double seconds = Since(start);
  std::printf("read: %s %zu with tag %s: %.3f ms, %.0f events/s\n",
              forward ? "first" : "last", page->events.size(), tag,
              seconds * 1e3,
              static_cast<double>(page->events.size()) / seconds);
}

void Read(const Settings& settings) {
  const auto store = OpenStore(settings.directory);
  for (int round = 0; round < 2; ++round) ReadWhole(*store);
  for (const char* tag : {"place:7", "finding:77", "process:augustenborg"}) {
    ReadTag(*store, tag, Direction::kForward);
    ReadTag(*store, tag, Direction::kBackward);
  }
}

// Runs `work` in a process of its own, so that nothing of it is left in ours;
// kills it when `work` has called its argument.
void InChild(
    const std::function<void(const std::function<void()>& die)>& work) {
  std::fflush(stdout);
  const pid_t child = fork();
  SAMVERK_CHECK(child >= 0) << "fork failed";
  if (child == 0) {
    // As a crash would end it: no destructor runs, nothing is flushed.
    work([] { kill(getpid(), SIGKILL); });
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  SAMVERK_CHECK(status == 0 ||
                (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
      << "a child process failed";
}

// Takes the directory's files out of the page cache.
void DropFromCache(const std::string& directory) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const int fd = open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    SAMVERK_CHECK(fd >= 0) << entry.path().string();
    fsync(fd);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
  }
}

void MeasureOpen(const Settings& settings, const char* how) {
  if (settings.cold) DropFromCache(settings.directory);
  InChild([&](const auto&) {
    const auto start = SteadyClock::now();
    auto store = OpenStore(settings.directory);
    const double seconds = Since(start);
    const auto stats = store->GetStats();
    std::printf(
        "open: %s%s: %.3f s, %lu events of which %lu were indexed again, "
        "%.0f MiB on disk, resident %.0f MiB\n",
        how, settings.cold ? ", not in the page cache" : "", seconds,
        stats.head.value(), stats.head.value() - stats.derived_from.value(),
        Mib(stats.bytes_on_disk), ResidentMib());
  });
}

void Open(Settings settings) {
  // A few segments and a log that was not written as tables yet: what a crash
  // in the midst of work leaves.
  constexpr uint64_t kLast = 120'000;
  settings.batch = std::max<size_t>(
      1, std::min<size_t>(1'000, 900'000 / (settings.bytes + 256)));
  settings.callers = 4;
  const uint64_t last = std::min(kLast, settings.events / 2);
  settings.events -= last;
  InChild([&](const auto&) {
    auto store = OpenStore(settings.directory);
    const uint64_t there = store->Head().value();
    settings.events -= std::min(settings.events, there);
    Fill(*store, settings);
  });
  MeasureOpen(settings, "closed");
  settings.events = last;
  InChild([&](const auto& die) {
    auto store = OpenStore(settings.directory);
    Fill(*store, settings);
    die();
  });
  MeasureOpen(settings, "killed");
  MeasureOpen(settings, "closed again");
}

int Main(int argc, char** argv) {
  CLI::App app("Measures the store itself, without a network.");
  app.require_subcommand(1);
  Settings settings;
  app.add_option("--dir", settings.directory,
                 "Directory of the register; without it, one is made and "
                 "removed");
  app.add_option("--bytes", settings.bytes, "Bytes of an event's payload")
      ->capture_default_str()
      ->check(CLI::Range(0, 60'000));
  app.add_option("--entities", settings.entities, "Different streams")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);

  auto* append = app.add_subcommand("append", "Durable appends a second");
  append->add_option("--events", settings.events, "Events in all")
      ->capture_default_str();
  append->add_option("--batch", settings.batch, "Events of one append")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000));
  append->add_option("--callers", settings.callers, "Appends at the same time")
      ->capture_default_str()
      ->check(CLI::Range(1, 4'096));
  append->add_flag("--conditions", settings.conditions,
                   "Each append has a condition on a query of two tags");
  auto* read = app.add_subcommand(
      "read", "Reads the whole log twice, then by tags (needs --dir)");
  auto* open = app.add_subcommand(
      "open", "Makes a register of N events and opens it: closed, and killed");
  open->add_option("N", settings.events, "Events")->required();
  open->add_flag("--cold", settings.cold,
                 "Takes the files out of the page cache first");
  try {
    app.parse(argc, argv);
    if (*read && settings.directory.empty()) {
      throw CLI::RequiredError("--dir, the register to read,");
    }
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const bool keep = !settings.directory.empty();
  if (!keep) {
    std::string pattern =
        (fs::temp_directory_path() / "samverk-XXXXXX").string();
    SAMVERK_CHECK(mkdtemp(pattern.data()) != nullptr) << pattern;
    settings.directory = pattern;
  }
  if (*append) Append(settings);
  if (*read) Read(settings);
  if (*open) Open(settings);
  if (!keep) fs::remove_all(settings.directory);
  return 0;
}

}  // namespace
}  // namespace samverk

int main(int argc, char** argv) { return samverk::Main(argc, argv); }
