// How fast is the register followed? In one process, over the loopback.
//
//   bus_bench catch_up DIR [EVENTS] [SUBSCRIBERS]   DIR is made, if not there
//   bus_bench live DIR [SECONDS] [IDLE] [RATE]      64 writers, as fast as they
//                                                   can or RATE a second; IDLE
//                                                   others follow what never
//                                                   comes
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
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

constexpr int kWriters = 64;
// Messages that are smaller hold no event.
constexpr size_t kSmall = 40;

grpc::ByteBuffer ToBytes(const SubscribeRequest& request) {
  const grpc::Slice slice(request.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

// Takes messages as bytes, and looks only into those that are asked for: what
// is measured is the server.
class Reader final
    : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  using OnMessage = std::function<void(const SubscribeResponse&)>;

  Reader(const std::string& address, const SubscribeRequest& request,
         bool look_into_all, OnMessage on_message)
      : look_into_all_(look_into_all),
        on_message_(std::move(on_message)),
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
    if (look_into_all_ || bytes_.Length() < kSmall) {
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
  const bool look_into_all_;
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
    service_ = std::make_unique<SubscriptionService>(*store_, clock_);
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
          address_, request, /*look_into_all=*/false,
          [&caught_up](const SubscribeResponse& message) {
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

  void Live(double seconds, int idle, int rate) {
    constexpr size_t kMost = 4'000'000;
    const uint64_t first = store_->Head().value() + 1;
    std::vector<std::atomic<int64_t>> acknowledged(kMost);
    std::vector<std::atomic<int64_t>> delivered(kMost);
    SubscribeRequest now;
    now.mutable_start()->set_now(true);
    SubscribeRequest never = now;
    never.mutable_filter()->add_types("cost_booked");
    std::vector<std::unique_ptr<Reader>> others;
    for (int i = 0; i < idle; ++i) {
      others.push_back(std::make_unique<Reader>(
          address_, never, true, [](const SubscribeResponse&) {}));
    }
    std::atomic<bool> ready{false};
    std::atomic<uint64_t> cursor{0};
    Reader reader(address_, now, true, [&](const SubscribeResponse& message) {
      const int64_t at = absl::GetCurrentTimeNanos();
      for (const auto& event : message.events().events()) {
        delivered[event.position() - first] = at;
      }
      cursor = message.cursor();
      ready = true;
    });
    while (!ready) absl::SleepFor(absl::Milliseconds(1));
    std::atomic<uint64_t> ids{first};
    const absl::Time begun = absl::Now();
    const absl::Time end = begun + absl::Seconds(seconds);
    std::vector<std::thread> writers;
    for (int w = 0; w < kWriters; ++w) {
      writers.emplace_back([&] {
        absl::Time next = begun;
        while (absl::Now() < end) {
          if (rate > 0) {
            next += absl::Seconds(1) * kWriters / rate;
            absl::SleepFor(next - absl::Now());
          }
          AppendRequest request;
          request.events.push_back(Goal(payload_, ids++));
          const auto appended = AppendAndWait(*store_, std::move(request));
          SAMVERK_CHECK(appended.ok()) << appended.status();
          acknowledged[appended->recorded[0].position.value() - first] =
              absl::GetCurrentTimeNanos();
        }
      });
    }
    for (std::thread& writer : writers) writer.join();
    const double took = absl::ToDoubleSeconds(absl::Now() - begun);
    while (cursor < store_->Head().value()) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    const uint64_t count = store_->Head().value() - first + 1;
    std::vector<double> ms;
    for (uint64_t i = 0; i < count; ++i) {
      SAMVERK_CHECK(delivered[i] != 0) << "a gap at " << first + i;
      ms.push_back(std::max<double>(
          0, static_cast<double>(delivered[i] - acknowledged[i]) / 1e6));
    }
    std::sort(ms.begin(), ms.end());
    std::printf(
        "%d writers, %d idle: %.0f events/s; acknowledged to delivered: "
        "p50 %.2f ms, p99 %.2f ms, longest %.2f ms\n",
        kWriters, idle, static_cast<double>(count) / took, ms[count / 2],
        ms[count * 99 / 100], ms.back());
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
  const std::string mode = argc > 2 ? argv[1] : "";
  const auto number = [&](int at, int otherwise) {
    return argc > at ? std::atoi(argv[at]) : otherwise;
  };
  if (mode == "catch_up") {
    samverk::Bench(argv[2]).CatchUp(static_cast<uint64_t>(number(3, 1'000'000)),
                                    number(4, 64));
  } else if (mode == "live") {
    samverk::Bench(argv[2]).Live(number(3, 10), number(4, 0), number(5, 0));
  } else {
    std::fprintf(stderr, "usage: bus_bench catch_up|live DIR [N] [M]\n");
    return 2;
  }
  return 0;
}
