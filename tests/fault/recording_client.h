// A gRPC client that writes down what it does, and when.
#ifndef SAMVERK_TESTS_FAULT_RECORDING_CLIENT_H_
#define SAMVERK_TESTS_FAULT_RECORDING_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "clients/cpp/client.h"
#include "tests/fault/history.h"

namespace samverk::fault {

// What is appended, in the words of a history. The event's place in `ids` says
// its stream and tags.
struct WantedAppend {
  std::vector<std::string> ids;
  std::vector<std::string> streams;            // of each event
  std::vector<std::vector<std::string>> tags;  // of each event
  std::vector<Expectation> conditions;
};

// One thread.
class RecordingClient {
 public:
  // Takes a client over.
  explicit RecordingClient(std::unique_ptr<client::Client> client)
      : client_(std::move(client)) {}

  void Append(const WantedAppend& wanted);
  void ReadStream(const std::string& stream, uint64_t base, uint32_t page_size);
  void ReadHead();

  // True when the server is gone. What was appended last may have no answer;
  // a reading without an answer is no operation.
  bool gone() const { return gone_; }
  const std::vector<Operation>& operations() const { return operations_; }
  // What was appended without an answer.
  const std::vector<WantedAppend>& unanswered() const { return unanswered_; }

 private:
  // Fails the test unless the server is gone.
  void TakeFailure(const absl::Status& status);

  const std::unique_ptr<client::Client> client_;
  std::vector<Operation> operations_;
  std::vector<WantedAppend> unanswered_;
  bool gone_ = false;
};

// Nanoseconds of a clock that runs evenly.
int64_t NowNanoseconds();

// The log after a position, as a history has it. Fails the test when it cannot
// be read, or its positions have a gap.
std::vector<LoggedEvent> ReadLog(client::Client& client, uint64_t base);

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_RECORDING_CLIENT_H_
