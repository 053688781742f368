// How fast do subscribers catch up? In one process, over the loopback.
//
//   bus_bench DIR [EVENTS] [SUBSCRIBERS]   DIR is made, if not there
//
// How long an event takes to those who follow, and what a consumer group bears,
// is measured by samverk bench.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "proto/codec/event_codec.h"
#include "services/bus/subscription_service.h"
#include "tests/testing/events.h"

namespace samverk {
namespace {

using bus::v1::SubscribeRequest;
using bus::v1::SubscribeResponse;

// Messages that are smaller hold no event.
constexpr size_t kSmall = 40;

grpc::ByteBuffer ToBytes(const SubscribeRequest& request) {
  const grpc::Slice slice(request.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

// Takes messages as bytes, and looks only into those without events: what is
// measured is the server.
class Reader final
    : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  using OnMessage = std::function<void(const SubscribeResponse&)>;

  Reader(const std::string& address, const SubscribeRequest& request,
         OnMessage on_message)
      : on_message_(std::move(on_message)),
        request_(ToBytes(request)),
        stub_(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {
    stub_.PrepareBidiStreamingCall(
        &context_, "/samverk.bus.v1.SubscriptionService/Subscribe", {}, this);
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&bytes_);
    StartCall();
  }
  ~Reader() override {
    context_.TryCancel();
    std::unique_lock<std::mutex> lock(mu_);
    changed_.wait(lock, [this] { return done_; });
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    if (bytes_.Length() < kSmall) {
      grpc::ProtoBufferReader reader(&bytes_);
      SAMVERK_CHECK(message_.ParseFromZeroCopyStream(&reader)) << "nonsense";
      on_message_(message_);
    }
    bytes_.Clear();
    StartRead(&bytes_);
  }
  void OnDone(const grpc::Status&) override {
    std::lock_guard<std::mutex> lock(mu_);
    done_ = true;
    changed_.notify_all();
  }

 private:
  const OnMessage on_message_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer bytes_;
  SubscribeResponse message_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  std::mutex mu_;
  std::condition_variable changed_;
  bool done_ = false;
};

NewEvent Goal(const std::string& payload, uint64_t number) {
  NewEvent event;
  event.id = *ParseUuid(testing::Uuid(number));
  event.stream = absl::StrCat("p/goal/g-", number);
  event.type = "samverk.goal_set";
  event.tags = {"process:p", absl::StrCat("p/goal:g-", number)};
  event.payload = payload;
  return event;
}

class Bench {
 public:
  explicit Bench(const std::string& directory) {
    RocksDbEventStore::Options options;
    options.directory = directory;
    options.origin = "bench";
    options.clock = &clock_;
    auto opened = RocksDbEventStore::Open(options);
    SAMVERK_CHECK(opened.ok()) << opened.status();
    store_ = *std::move(opened);
    service_ = std::make_unique<SubscriptionService>(*store_, clock_,
                                                     access::OpenGate());
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
    payload_ = codec::EncodePayload(testing::EventOf(
        "goal_set { goal: 'g-1' text: 'Fler ska känna sig trygga på väg hem "
        "från torget, också på vintern.' }"));
  }
  ~Bench() {
    store_->Close();
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  void CatchUp(uint64_t events, int subscribers) {
    while (store_->Head().value() < events) {
      AppendRequest request;
      for (int i = 0; i < 1'000; ++i) {
        request.events.push_back(
            Goal(payload_, store_->Head().value() + 1 + i));
      }
      SAMVERK_CHECK(AppendAndWait(*store_, std::move(request)).ok())
          << "not appended";
    }
    std::atomic<int> caught_up{0};
    SubscribeRequest request;
    request.set_batch_size(1'000);
    const absl::Time begun = absl::Now();
    std::vector<std::unique_ptr<Reader>> readers;
    for (int i = 0; i < subscribers; ++i) {
      readers.push_back(std::make_unique<Reader>(
          address_, request, [&caught_up](const SubscribeResponse& message) {
            if (message.has_caught_up()) ++caught_up;
          }));
    }
    while (caught_up < subscribers) absl::SleepFor(absl::Milliseconds(1));
    const double seconds = absl::ToDoubleSeconds(absl::Now() - begun);
    const double given = static_cast<double>(store_->Head().value()) *
                         static_cast<double>(subscribers);
    std::printf("%d subscribers, %llu events: %.2f s, %.2f M deliveries/s\n",
                subscribers,
                static_cast<unsigned long long>(store_->Head().value()),
                seconds, given / seconds / 1e6);
  }

 private:
  SystemClock clock_;
  std::unique_ptr<RocksDbEventStore> store_;
  std::unique_ptr<SubscriptionService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::string payload_;
};

}  // namespace
}  // namespace samverk

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "usage: bus_bench DIR [EVENTS] [SUBSCRIBERS]\n");
    return 2;
  }
  const auto number = [&](int at, int otherwise) {
    return argc > at ? std::atoi(argv[at]) : otherwise;
  };
  samverk::Bench(argv[1]).CatchUp(static_cast<uint64_t>(number(2, 1'000'000)),
                                  number(3, 64));
  return 0;
}
