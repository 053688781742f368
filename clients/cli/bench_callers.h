// Those who call the server in samverk bench.
#ifndef SAMVERK_CLIENTS_CLI_BENCH_CALLERS_H_
#define SAMVERK_CLIENTS_CLI_BENCH_CALLERS_H_

#include <grpcpp/channel.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "clients/load/load.h"
#include "samverk/recording/v1/recording_service.pb.h"
#include "samverk/store/v1/store_service.pb.h"

namespace samverk::cli {

using Channels = std::vector<std::shared_ptr<grpc::Channel>>;
using Callers = std::vector<std::unique_ptr<load::Caller>>;

// What samverk bench append sends.
struct AppendLoad {
  size_t callers = 64;
  size_t batch = 1;
  size_t payload = 256;
  bool stream = false;  // AppendStream: one stream a caller
  bool conditional =
      false;  // a query over two tags must have found nothing new
  std::chrono::milliseconds time{0};  // how long it will last
  // Told each answer of a unary append, on the thread on which it comes. May be
  // empty.
  std::function<void(const store::v1::AppendResponse&)> on_appended = nullptr;
};

// Callers of EventStoreService. Every event has an id of its own, one of
// 100,000 streams, three tags (one common, one of 1,000, one of the stream) and
// a payload of which half is random. `head` is the register's; both must
// outlive the callers.
Callers AppendCallers(const AppendLoad& load, const Channels& channels,
                      std::atomic<uint64_t>& head);

// What samverk bench read asks for, again and again.
struct ReadLoad {
  size_t callers = 1;
  store::v1::ReadRequest request;
  bool decode = true;  // otherwise events are counted in the bytes that come
  bool first_page = false;  // a reading is ended when its first message is here
};
Callers ReadCallers(const ReadLoad& load, const Channels& channels);

// The events that samverk bench record begins with: the process `process`, an
// actor, a grant and a budget line.
recording::v1::RecordRequest BenchProcess(const std::string& process);

// Callers that each record one booked cost of the process at a time.
Callers RecordCallers(const std::string& process, size_t callers,
                      const Channels& channels);

// Callers that each ask for the proof of one event at a time, any of the first
// `head`, which is at least 1. An answer that is no proof of it ends the run.
Callers ProveCallers(uint64_t head, size_t callers, const Channels& channels);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_BENCH_CALLERS_H_
