// What monitoring sees of a running server.
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

httplib::Result Get(const RunningServer& server, const char* path) {
  return httplib::Client(server.http_address()).Get(path);
}

// The value of a series ("name{label=\"value\"}"), or nothing.
std::optional<double> ValueOf(const std::string& metrics,
                              const std::string& series) {
  for (const std::string& line : Lines(metrics)) {
    double value = 0;
    if (line.rfind(series + " ", 0) == 0 &&
        absl::SimpleAtod(line.substr(series.size() + 1), &value)) {
      return value;
    }
  }
  return std::nullopt;
}

class Monitoring : public testing::Test {
 protected:
  TemporaryDirectory directory_;
};

TEST_F(Monitoring, CountsWhatWasRecorded) {
  RunningServer server(directory_.path());
  server.RecordDemo();
  server.RecordDemo();  // again: nothing new
  const auto answer = Get(server, "/metrics");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->get_header_value("Content-Type"),
            "text/plain; version=0.0.4; charset=utf-8");
  const std::string& metrics = answer->body;
  const auto events = static_cast<double>(DemoEvents());
  EXPECT_EQ(ValueOf(metrics, "samverk_log_head"), events);
  EXPECT_EQ(ValueOf(metrics, "samverk_recorded_events_total"), events);
  const auto files = static_cast<double>(DemoFiles().size());
  EXPECT_EQ(
      ValueOf(metrics, R"(samverk_append_requests_total{outcome="recorded"})"),
      files);
  EXPECT_EQ(
      ValueOf(metrics, R"(samverk_append_requests_total{outcome="replayed"})"),
      files);
  EXPECT_EQ(ValueOf(metrics, "samverk_append_seconds_count"), 2 * files);
  EXPECT_EQ(ValueOf(metrics, "samverk_commit_events_sum"), events);
  for (const char* stage : {"check", "write", "sync", "apply"}) {
    const auto seconds = ValueOf(
        metrics, absl::StrCat("samverk_commit_stage_seconds_sum{stage=\"",
                              stage, "\"}"));
    ASSERT_TRUE(seconds.has_value()) << stage;
    EXPECT_GT(*seconds, 0) << stage;
  }
  EXPECT_EQ(ValueOf(metrics, "samverk_store_writable"), 1);
  EXPECT_EQ(
      ValueOf(metrics, R"(samverk_projection_stopped{projection="budget"})"),
      0);
  EXPECT_GT(ValueOf(metrics, "process_resident_memory_bytes"), 1e6);
  EXPECT_GT(ValueOf(metrics, "samverk_disk_free_bytes"), 0);
}

// "samverk_…" and "process_…" in a text, without what a histogram appends.
std::set<std::string> MetricsNamedIn(const std::string& text) {
  static const std::regex name("\\b(samverk|process)(_[a-z]+)+");
  std::set<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end;
       ++it) {
    std::string found = it->str();
    for (const std::string ending : {"_bucket", "_sum", "_count"}) {
      if (found.ends_with(ending)) found.resize(found.size() - ending.size());
    }
    names.insert(found);
  }
  return names;
}

TEST_F(Monitoring, RulesDashboardAndManualUseMetricsThatThereAre) {
  RunningServer server(directory_.path());
  const std::set<std::string> there =
      MetricsNamedIn(Get(server, "/metrics")->body);
  for (const char* file :
       {"deploy/monitoring/alerts.yml", "deploy/monitoring/grafana.json",
        "docs/operations.md"}) {
    const std::set<std::string> named = MetricsNamedIn(ReadFile(file));
    EXPECT_GE(named.size(), 6u) << file;
    for (const std::string& name : named) {
      EXPECT_TRUE(there.count(name)) << name << " in " << file;
    }
  }
  // And the manual has them all.
  EXPECT_EQ(MetricsNamedIn(ReadFile("docs/operations.md")), there);
}

TEST_F(Monitoring, SaysWhenTheLastBackupWasMade) {
  RunningServer server(directory_.path() + "/data",
                       {"--backups", directory_.path() + "/backups"});
  const auto last = [&server] {
    return ValueOf(Get(server, "/metrics")->body,
                   "samverk_last_backup_time_seconds");
  };
  EXPECT_EQ(last(), 0);
  server.RecordDemo();
  const auto before = static_cast<double>(absl::ToUnixSeconds(absl::Now()));
  const Outcome made = server.Samverk({"backup"});
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_GE(last(), before);
  EXPECT_LE(last(), before + 60);
}

TEST_F(Monitoring, SaysThatItIsReady) {
  RunningServer server(directory_.path());
  const auto ready = Get(server, "/readyz");
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->status, 200);
  EXPECT_EQ(Get(server, "/livez")->status, 200);
  EXPECT_EQ(Get(server, "/elsewhere")->status, 404);
}

TEST_F(Monitoring, IsNotServedWhenNotWanted) {
  RunningServer server(directory_.path(), {"--http", "none"});
  EXPECT_FALSE(Has(server.greeting(), "http://")) << server.greeting();
}

// A small file system of the test's own; needs root.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path, const char* size) : path_(path) {
    mounted_ = mount("tmpfs", path.c_str(), "tmpfs", 0, size) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  const std::string path_;
  bool mounted_ = false;
};

TEST_F(Monitoring, SaysWhyNothingIsRecordedWhileTheDiskIsFull) {
  const SmallDisk disk(directory_.path(), "size=160m");
  if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs needs root";
  RunningServer server(directory_.path() + "/data");
  EXPECT_EQ(Get(server, "/readyz")->status, 200);
  const std::string ballast = directory_.path() + "/ballast";
  {
    std::ofstream file(ballast, std::ios::binary);
    const std::string megabyte(1 << 20, 'x');
    for (int i = 0; i < 120; ++i) file << megabyte;
  }
  const auto full = Get(server, "/readyz");
  EXPECT_EQ(full->status, 503);
  EXPECT_TRUE(Has(full->body, "read only: ")) << full->body;
  EXPECT_TRUE(Has(full->body, "reserved")) << full->body;
  const std::string metrics = Get(server, "/metrics")->body;
  EXPECT_EQ(ValueOf(metrics, "samverk_store_writable"), 0);

  unlink(ballast.c_str());
  EXPECT_EQ(Get(server, "/readyz")->status, 200);
  server.RecordDemo();
  EXPECT_EQ(server.Stop().status, 0);
}

}  // namespace
}  // namespace samverk::e2e
