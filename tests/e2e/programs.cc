#include "tests/e2e/programs.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "proto/codec/event_json.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kPoll = absl::Milliseconds(5);

std::string TemporaryFile() {
  std::string path =
      (fs::temp_directory_path() / "samverk-e2e-XXXXXX").string();
  const int fd = mkstemp(path.data());
  SAMVERK_CHECK(fd >= 0) << path;
  close(fd);
  return path;
}

int OpenOrDie(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags);
  if (fd < 0) _exit(127);
  return fd;
}

// In the child: nothing but system calls. It ends with the test that started
// it, however that one ends.
[[noreturn]] void Become(const std::vector<char*>& arguments,
                         const std::vector<char*>& environment,
                         const std::string& in, const std::string& out,
                         const std::string& err) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(OpenOrDie(in, O_RDONLY), STDIN_FILENO);
  dup2(OpenOrDie(out, O_WRONLY), STDOUT_FILENO);
  dup2(OpenOrDie(err, O_WRONLY), STDERR_FILENO);
  execve(arguments[0], arguments.data(), environment.data());
  _exit(127);
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentOf(const Environment& wanted) {
  Environment all = {{"PATH", "/usr/bin:/bin"}, {"HOME", "/nonexistent"}};
  // What the sanitizers are told goes for the programs too.
  for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  for (const auto& [name, value] : wanted) all[name] = value;
  std::vector<std::string> strings;
  for (const auto& [name, value] : all) {
    strings.push_back(absl::StrCat(name, "=", value));
  }
  return strings;
}

int StatusOf(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
                                : 128 + WTERMSIG(wait_status);
}

}  // namespace

Process::Process(const std::vector<std::string>& command,
                 const std::string& input, const Environment& environment)
    : in_path_(TemporaryFile()),
      out_path_(TemporaryFile()),
      err_path_(TemporaryFile()) {
  std::ofstream(in_path_, std::ios::binary) << input;
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = EnvironmentOf(environment);
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const std::vector<char*> variable_pointers = Pointers(variables);
  pid_ = fork();
  SAMVERK_CHECK(pid_ >= 0) << "fork";
  if (pid_ == 0) {
    Become(argument_pointers, variable_pointers, in_path_, out_path_,
           err_path_);
  }
}

Process::~Process() {
  if (!Ended()) {
    Signal(SIGKILL);
    Wait();
  }
  for (const std::string& path : {in_path_, out_path_, err_path_}) {
    fs::remove(path);
  }
}

void Process::Signal(int signal) const { kill(pid_, signal); }
std::string Process::Out() const { return ReadFile(out_path_); }
std::string Process::Err() const { return ReadFile(err_path_); }

bool Process::Ended() {
  if (status_.has_value()) return true;
  int wait_status = 0;
  if (waitpid(pid_, &wait_status, WNOHANG) != pid_) return false;
  status_ = StatusOf(wait_status);
  return true;
}

Outcome Process::Wait() {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!Ended()) {
    if (absl::Now() >= deadline) {
      ADD_FAILURE() << "process " << pid_ << " did not end in "
                    << absl::FormatDuration(kPatience) << "; it wrote:\n"
                    << Err();
      Signal(SIGKILL);
    }
    absl::SleepFor(kPoll);
  }
  return {*status_, Out(), Err()};
}

std::vector<std::string> ServerCommand(
    const std::string& data, const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {SAMVERKD_PROGRAM, "--data", data};
  for (const char* port : {"--grpc", "--http"}) {
    if (std::find(arguments.begin(), arguments.end(), port) ==
        arguments.end()) {
      command.insert(command.end(), {port, "127.0.0.1:0"});
    }
  }
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

Outcome RunProgram(const std::vector<std::string>& command,
                   const std::string& input, const Environment& environment) {
  return Process(command, input, environment).Wait();
}

RunningServer::RunningServer(const std::string& data,
                             const std::vector<std::string>& arguments,
                             const Environment& environment)
    : process_(ServerCommand(data, arguments), "", environment) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (process_.Out().find('\n') == std::string::npos) {
    const bool ended = process_.Ended();
    if (ended || absl::Now() >= deadline) {
      ADD_FAILURE() << "samverkd did not get ready"
                    << (ended ? absl::StrCat(", ended with status ",
                                             process_.Wait().status)
                              : "")
                    << "; it wrote:\n"
                    << process_.Err();
      return;
    }
    absl::SleepFor(kPoll);
  }
  greeting_ = LastLine(process_.Out());
  const size_t at = greeting_.find(" at ") + 4;
  address_ = greeting_.substr(at, greeting_.find(',', at) - at);
}

std::string RunningServer::http_address() const {
  const std::string start = "http://";
  const size_t from = greeting_.find(start) + start.size();
  return greeting_.substr(from, greeting_.find('/', from) - from);
}

Outcome RunningServer::Samverk(const std::vector<std::string>& arguments,
                               const std::string& input,
                               Environment environment) const {
  std::vector<std::string> command = {SAMVERK_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  environment["SAMVERK_SERVER"] = address_;
  return RunProgram(command, input, environment);
}

void RunningServer::RecordDemo() const {
  for (const std::string& file : DemoFiles()) {
    const Outcome recorded = Samverk({"record", file});
    ASSERT_EQ(recorded.status, 0) << recorded.err;
  }
}

Outcome RunningServer::Stop() {
  process_.Signal(SIGTERM);
  return process_.Wait();
}

void RunningServer::Kill() {
  process_.Signal(SIGKILL);
  process_.Wait();
}

Outcome TryServer(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {SAMVERKD_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return RunProgram(command);
}

std::vector<std::string> DemoFiles() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator("deploy/demo")) {
    if (entry.path().extension() == ".jsonl") {
      files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  SAMVERK_CHECK(!files.empty()) << "run this test from the source tree";
  return files;
}

size_t DemoEvents() {
  size_t events = 0;
  for (const std::string& file : DemoFiles()) {
    const auto read = codec::EventsFromJson(ReadFile(file));
    SAMVERK_CHECK(read.ok()) << file;
    events += read->size();
  }
  return events;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

std::string WithPlainSpaces(std::string text) {
  for (size_t at; (at = text.find("\u00a0")) != std::string::npos;) {
    text.replace(at, 2, " ");
  }
  return text;
}

std::string LastLine(const std::string& text) {
  const size_t end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "";
  const size_t before = text.rfind('\n', end);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  return text.substr(begin, end + 1 - begin);
}

}  // namespace samverk::e2e
