// A register that is followed over gRPC, for tests.
#ifndef SAMVERK_TESTS_BUS_BUS_REGISTER_H_
#define SAMVERK_TESTS_BUS_BUS_REGISTER_H_

#include <grpcpp/client_context.h>
#include <grpcpp/server.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"
#include "eventstore/memory/memory_event_store.h"
#include "samverk/bus/v1/subscription.grpc.pb.h"
#include "services/bus/subscription_service.h"
#include "tests/testing/wrapped_store.h"

namespace samverk::testing {

// The memory store, counting what is read of it.
class CountedStore final : public WrappedStore {
 public:
  explicit CountedStore(Clock& clock) : WrappedStore(store_), store_(clock) {}

  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    ++readings_;
    const auto read =
        WrappedStore::Visit(options, [&](const RecordView& event) {
          ++visited_;
          return visit(event);
        });
    if (after_visit_) after_visit_();
    return read;
  }
  void Close() { store_.Close(); }

  // Events, and how often some were asked for.
  uint64_t visited() const { return visited_; }
  uint64_t readings() const { return readings_; }
  // Is called after each reading, before its reader has been told. Set while
  // nobody reads.
  void set_after_visit(std::function<void()> call) {
    after_visit_ = std::move(call);
  }

 private:
  MemoryEventStore store_;
  std::atomic<uint64_t> visited_{0};
  std::atomic<uint64_t> readings_{0};
  std::function<void()> after_visit_;
};

// An event of another application: a type outside "samverk.".
struct Foreign {
  std::string type = "inventory.counted";
  std::string stream = "p/shelf/1";
  std::vector<std::string> tags = {"process:p"};
  std::string payload = "7";
};

// The store with its subscription service on a port of the loopback. Appending
// may be done by several threads at once.
class BusRegister {
 public:
  explicit BusRegister(size_t subscriptions_max = limits::kSubscriptions);
  ~BusRegister();
  BusRegister(const BusRegister&) = delete;
  BusRegister& operator=(const BusRegister&) = delete;

  // Appends, one by one in one request; the position of the last one. Ends the
  // program when the store refuses.
  uint64_t Append(const std::vector<Foreign>& events);
  uint64_t Append(const Foreign& event, int times = 1);
  // Goals of the process "p", as the recording service would store them, with
  // a text of so many bytes.
  uint64_t AppendGoals(int times = 1, size_t text_bytes = 1);

  CountedStore& store() { return store_; }
  FakeClock& clock() { return clock_; }
  SubscriptionService& service() { return *service_; }
  bus::v1::SubscriptionService::Stub& stub() { return *stub_; }
  uint64_t head() { return store_.Head().value(); }

 private:
  FakeClock clock_;
  CountedStore store_;
  std::atomic<uint64_t> ids_{0};
  std::unique_ptr<SubscriptionService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<bus::v1::SubscriptionService::Stub> stub_;
};

// A subscriber that reads when it is told to. One thread.
class Subscriber {
 public:
  Subscriber(BusRegister& followed, const bus::v1::SubscribeRequest& request);
  // Cancels.
  ~Subscriber();

  // The next message; false when the stream has ended.
  bool Read(bus::v1::SubscribeResponse& message);
  // Messages up to the first one of this kind, which is returned; an empty one
  // when the stream has ended before. What events came on the way is kept.
  bus::v1::SubscribeResponse ReadTo(
      bus::v1::SubscribeResponse::MessageCase kind);
  // Reads until so many events have come, or the stream has ended.
  void ReadEvents(size_t count);
  // Reads until the cursor is there, or the stream has ended.
  void ReadUpTo(uint64_t position);

  // Of every event that came, in the order in which they came.
  const std::vector<uint64_t>& positions() const { return positions_; }
  // The kinds of messages that came, but for Progress and events.
  const std::vector<bus::v1::SubscribeResponse::MessageCase>& turns() const {
    return turns_;
  }
  // Of the last message.
  uint64_t cursor() const { return cursor_; }
  grpc::Status Finish();

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<bus::v1::SubscribeResponse>> reader_;
  std::vector<uint64_t> positions_;
  std::vector<bus::v1::SubscribeResponse::MessageCase> turns_;
  uint64_t cursor_ = 0;
};

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_BUS_BUS_REGISTER_H_
