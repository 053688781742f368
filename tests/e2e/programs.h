// The built programs as processes of their own.
#ifndef SAMVERK_TESTS_E2E_PROGRAMS_H_
#define SAMVERK_TESTS_E2E_PROGRAMS_H_

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace samverk::e2e {

using Environment = std::map<std::string, std::string>;

// How a program ended, and what it wrote.
struct Outcome {
  int status = -1;  // exit status; 128 + signal when killed by one
  std::string out;
  std::string err;
};

// A program that runs. One thread. Killed (SIGKILL) when destroyed before its
// end.
class Process {
 public:
  // Starts it with standard input from `input`. Variables are set on top of a
  // bare environment (PATH and HOME).
  Process(const std::vector<std::string>& command, const std::string& input,
          const Environment& environment);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;

  // What it has written so far.
  std::string Out() const;
  std::string Err() const;

  // True when it has ended.
  bool Ended();
  // Waits for its end; a program that takes longer than kPatience is killed and
  // fails the test.
  Outcome Wait();

 private:
  pid_t pid_ = -1;
  std::string in_path_;
  std::string out_path_;
  std::string err_path_;
  std::optional<int> status_;
};

// How long a program may take, however busy the machine is. What takes longer
// hangs.
inline constexpr absl::Duration kPatience = absl::Minutes(5);

// Runs a program to its end.
Outcome RunProgram(const std::vector<std::string>& command,
                   const std::string& input = "",
                   const Environment& environment = {});

// The command that serves `data`, on ports of its own unless the arguments name
// others.
std::vector<std::string> ServerCommand(
    const std::string& data, const std::vector<std::string>& arguments);

// samverkd, with ServerCommand.
class RunningServer {
 public:
  // Starts it on `data` with further arguments and waits until it is ready.
  // Fails the test when it does not get ready.
  explicit RunningServer(const std::string& data,
                         const std::vector<std::string>& arguments = {},
                         const Environment& environment = {});

  // "127.0.0.1:40123".
  const std::string& address() const { return address_; }
  // The same of HTTP.
  std::string http_address() const;
  // Its line when it was ready.
  const std::string& greeting() const { return greeting_; }
  Process& process() { return process_; }

  // Runs samverk against it.
  Outcome Samverk(const std::vector<std::string>& arguments,
                  const std::string& input = "",
                  Environment environment = {}) const;
  // Records every file of the demo process.
  void RecordDemo() const;

  // Stops it as an operator would.
  Outcome Stop();
  // Stops it as a power failure would.
  void Kill();

 private:
  Process process_;
  std::string greeting_;
  std::string address_;
};

// Starts a server that is expected not to start.
Outcome TryServer(const std::vector<std::string>& arguments);

// Files of the demo process, in order.
std::vector<std::string> DemoFiles();
// How many events they hold: the head of a register with nothing else in it.
size_t DemoEvents();

std::string ReadFile(const std::string& path);
// True when `text` has `part` in it.
bool Has(const std::string& text, const std::string& part);
// Lines of a text, without their line breaks.
std::vector<std::string> Lines(const std::string& text);
// U+00A0, which keeps a sum whole, reads as a space.
std::string WithPlainSpaces(std::string text);
// The last line of a text.
std::string LastLine(const std::string& text);

}  // namespace samverk::e2e

#endif  // SAMVERK_TESTS_E2E_PROGRAMS_H_
