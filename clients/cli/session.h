// What every command shares: the global options, the connection, and how
// results and errors are put out.
#ifndef SAMVERK_CLIENTS_CLI_SESSION_H_
#define SAMVERK_CLIENTS_CLI_SESSION_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/style.h"
#include "clients/cpp/client.h"
#include "clients/cpp/options.h"
#include "google/protobuf/message.h"

namespace samverk::cli {

// How a program ends.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // refused or failed
inline constexpr int kUsage = 2;

// One run of the program. One thread.
class Session {
 public:
  // Set from the command line before a command runs.
  std::string server;
  // Files; empty: none.
  std::string token_file;
  std::string authorities_file;
  std::string certificate_file;
  std::string key_file;
  bool tls = false;
  bool json = false;
  Style style;

  // The server; null when it cannot be reached, or a file that it takes cannot
  // be read, which has then been said. The connection is made once.
  client::Client* Connect();
  // How Connect has reached it.
  const client::Options& connection() const { return connection_; }

  // Writes to standard output.
  void Print(std::string_view text);
  // Writes a message as one line of JSON to standard output.
  void PrintJson(const google::protobuf::Message& message);
  // Says something on standard error: progress, notes, errors. Adds the line
  // break.
  void Say(std::string_view text);

  // Says why a call failed, and what rules refused, if any did; kFailed.
  int Fail(const absl::Status& status);
  // Says what is wrong with the command line; kUsage.
  int Misuse(std::string_view what);

  // Ends the output: `code`, or kFailed when not all of it could be written.
  int Finish(int code);

 private:
  // What the command line and the environment say of the connection.
  absl::StatusOr<client::Options> ConnectionOptions() const;

  client::Options connection_;
  std::unique_ptr<client::Client> client_;
};

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_SESSION_H_
