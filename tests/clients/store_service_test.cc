// The raw store service over the wire: what the contract suite does not ask.
#include "services/store/store_service.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "clients/cpp/raw_store.h"
#include "clients/cpp/status.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/memory/memory_event_store.h"
#include "eventstore/store_errors.h"
#include "samverk/store/v1/store_service.grpc.pb.h"
#include "tests/testing/wrapped_store.h"

namespace samverk {
namespace {

class StoreServiceTest : public ::testing::Test {
 protected:
  void SetUp() override { Serve(MakeStoreService(store_, access::OpenGate())); }

  void TearDown() override {
    client_.reset();
    server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
    service_.reset();
  }

  void Serve(std::unique_ptr<grpc::Service> service) {
    service_ = std::move(service);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    address_ = absl::StrCat("127.0.0.1:", port);
    auto client = client::Client::Connect({.address = address_});
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }

  client::RawStore& raw() { return client_->raw_store(); }

  static store::v1::AppendRequest OneEvent(int number) {
    store::v1::AppendRequest request;
    store::v1::NewEvent& event = *request.add_events();
    const EventId id = UuidV8FromText(absl::StrCat("event ", number));
    event.set_id(std::string(id.bytes.begin(), id.bytes.end()));
    event.set_stream("meter/1");
    event.set_type("meter.read");
    event.set_payload(absl::StrCat("value ", number));
    return request;
  }

  void AppendMany(int count) {
    for (int i = 0; i < count; ++i) {
      const auto appended = raw().Append(OneEvent(i));
      ASSERT_TRUE(appended.ok()) << appended.status();
    }
  }

  SystemClock clock_;
  MemoryEventStore store_{clock_};
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::unique_ptr<client::Client> client_;
};

// A store whose reads wait until they are let go.
class SlowStore : public testing::WrappedStore {
 public:
  explicit SlowStore(EventStore& store) : WrappedStore(store) {}
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    ++reading;
    released_.wait(false);
    return WrappedStore::Visit(options, visit);
  }
  absl::StatusOr<std::vector<std::optional<Position>>> Locate(
      absl::Span<const EventId> ids) override {
    ++reading;
    released_.wait(false);
    return WrappedStore::Locate(ids);
  }
  void Release() {
    released_ = true;
    released_.notify_all();
  }

  std::atomic<int> reading{0};

 private:
  std::atomic<bool> released_{false};
};

TEST_F(StoreServiceTest, SlowReadingsKeepNobodyElseWaiting) {
  TearDown();
  SlowStore slow(store_);
  Serve(MakeStoreService(slow, access::OpenGate()));
  // More than gRPC has threads.
  std::vector<std::thread> readers;
  for (unsigned i = 0; i < 4 + 2 * std::thread::hardware_concurrency(); ++i) {
    readers.emplace_back([this, i] {
      if (i % 2 == 0) {
        EXPECT_TRUE(
            raw().Read({}, [](store::v1::ReadResponse&) { return true; }).ok());
      } else {
        store::v1::LocateRequest request;
        request.add_ids(OneEvent(1).events(0).id());
        EXPECT_TRUE(raw().Locate(request).ok());
      }
    });
  }
  while (slow.reading < 2) std::this_thread::yield();
  auto quick = client::Client::Connect(
      {.address = address_, .timeout = absl::Seconds(5)});
  ASSERT_TRUE(quick.ok()) << quick.status();
  EXPECT_TRUE((*quick)->raw_store().GetHead().ok());
  EXPECT_TRUE((*quick)->raw_store().Append(OneEvent(2)).ok());
  slow.Release();
  for (std::thread& reader : readers) reader.join();
}

TEST_F(StoreServiceTest, RefusesTheTypeNamesOfTheCatalogue) {
  store::v1::AppendRequest request = OneEvent(1);
  request.mutable_events(0)->set_type("samverk.cost_booked");
  const auto appended = raw().Append(request);
  EXPECT_EQ(appended.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(client::ReasonOf(appended.status()),
            error::v1::REASON_INVALID_FIELD);
  EXPECT_NE(std::string(appended.status().message()).find("events[0].type"),
            std::string::npos);
  EXPECT_EQ(store_.Head(), Position(0));
}

TEST_F(StoreServiceTest, RefusesAnIdThatIsNotAUuid) {
  store::v1::AppendRequest request = OneEvent(1);
  request.mutable_events(0)->set_id("seventeen bytes..");
  const auto appended = raw().Append(request);
  EXPECT_EQ(appended.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(appended.status().message()).find("has 17 bytes"),
            std::string::npos)
      << appended.status();
}

TEST_F(StoreServiceTest, RefusesAConditionThatSaysNothing) {
  store::v1::AppendRequest request = OneEvent(1);
  request.add_conditions()->mutable_stream()->set_stream("meter/1");
  EXPECT_EQ(raw().Append(request).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store_.Head(), Position(0));
}

TEST_F(StoreServiceTest, SendsTheStoredBodiesByteForByte) {
  AppendMany(3);
  const auto stored = store_.Read({});
  ASSERT_TRUE(stored.ok());
  std::vector<std::string> bodies;
  ASSERT_TRUE(raw()
                  .Read({},
                        [&](store::v1::ReadResponse& page) {
                          for (const auto& event : page.events()) {
                            bodies.push_back(event.body().SerializeAsString());
                          }
                          return true;
                        })
                  .ok());
  ASSERT_EQ(bodies.size(), 3u);
  for (size_t i = 0; i < bodies.size(); ++i) {
    EXPECT_EQ(bodies[i], stored->events[i].body());
  }
}

TEST_F(StoreServiceTest, ReadsInPagesUpToTheLimitInBothDirections) {
  AppendMany(25);
  for (const bool backward : {false, true}) {
    store::v1::ReadRequest request;
    request.set_page_size(10);
    request.set_limit(23);
    if (backward) request.set_direction(store::v1::DIRECTION_BACKWARD);
    std::vector<uint64_t> positions;
    std::vector<int> pages;
    ASSERT_TRUE(raw()
                    .Read(request,
                          [&](store::v1::ReadResponse& page) {
                            EXPECT_EQ(page.head(), 25u);
                            pages.push_back(page.events_size());
                            for (const auto& event : page.events()) {
                              positions.push_back(event.position());
                            }
                            return true;
                          })
                    .ok());
    EXPECT_EQ(pages, (std::vector<int>{10, 10, 3}));
    ASSERT_EQ(positions.size(), 23u);
    EXPECT_EQ(positions.front(), backward ? 25u : 1u);
    EXPECT_EQ(positions.back(), backward ? 3u : 23u);
  }
}

TEST_F(StoreServiceTest, PagesBeginSmallAndGrow) {
  constexpr int kEvents = 10'700;  // more than one reading of the store
  for (int i = 0; i < kEvents; i += 535) {
    store::v1::AppendRequest request;
    for (int j = 0; j < 535; ++j) {
      request.add_events()->Swap(OneEvent(i + j).mutable_events(0));
    }
    ASSERT_TRUE(raw().Append(request).ok());
  }
  std::vector<int> pages;
  uint64_t last = 0;
  uint64_t told = 0;
  ASSERT_TRUE(raw()
                  .Read({},
                        [&](store::v1::ReadResponse& page) {
                          pages.push_back(page.events_size());
                          for (const auto& event : page.events()) {
                            EXPECT_EQ(event.position(), ++last);
                          }
                          told = page.scanned_to();
                          EXPECT_EQ(told, last);
                          return true;
                        })
                  .ok());
  EXPECT_EQ(last, static_cast<uint64_t>(kEvents));
  ASSERT_GT(pages.size(), 4u);
  EXPECT_EQ(pages[0], 128);
  EXPECT_EQ(pages[1], 512);
  EXPECT_EQ(pages[2], 1'000);
}

// A store that counts the bytes of the events that are read, and whose event at
// a position is damaged.
class CountingStore : public testing::WrappedStore {
 public:
  explicit CountingStore(EventStore& store) : WrappedStore(store) {}
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    bool found = false;
    const auto read =
        WrappedStore::Visit(options, [&](const RecordView& event) {
          found = event.position() == damaged;
          if (found) return false;
          bytes += event.record().size();
          return visit(event);
        });
    if (found) return DataDamaged("event 301", "it was changed");
    return read;
  }

  std::atomic<size_t> bytes{0};
  Position damaged;
};

TEST_F(StoreServiceTest, SlowReadersHoldNoThreadAndFewPages) {
  TearDown();
  CountingStore counting(store_);
  Serve(MakeStoreService(counting, access::OpenGate()));
  constexpr size_t kEventBytes = 50'000;
  constexpr size_t kEvents = 1'200;
  for (size_t i = 0; i < kEvents; i += 20) {
    store::v1::AppendRequest request;
    for (size_t j = 0; j < 20; ++j) {
      request.add_events()->Swap(
          OneEvent(static_cast<int>(i + j)).mutable_events(0));
      request.mutable_events(static_cast<int>(j))
          ->set_payload(std::string(kEventBytes, 'x'));
    }
    ASSERT_TRUE(raw().Append(request).ok());
  }
  // As many as there are threads to read, and more; each stops at its first
  // page.
  constexpr size_t kReaders = 4;
  std::atomic<size_t> stopped = 0;
  std::atomic<bool> go_on = false;
  std::vector<std::thread> readers;
  for (size_t i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      size_t events = 0;
      const absl::Status read =
          raw().Read({}, [&](store::v1::ReadResponse& page) {
            if (events == 0) ++stopped;
            go_on.wait(false);
            events += static_cast<size_t>(page.events_size());
            return true;
          });
      EXPECT_TRUE(read.ok()) << read;
      EXPECT_EQ(events, kEvents);
    });
  }
  while (stopped < kReaders) std::this_thread::yield();
  // Others are served, over and over, until nothing else is read.
  auto quick = client::Client::Connect({.address = address_});
  ASSERT_TRUE(quick.ok()) << quick.status();
  store::v1::ReadRequest one;
  one.set_limit(1);
  size_t slow = 0;
  size_t before;
  size_t quick_bytes = 0;
  do {
    before = slow;
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE((*quick)
                      ->raw_store()
                      .Read(one,
                            [&](store::v1::ReadResponse& page) {
                              quick_bytes +=
                                  kRecordHeaderBytes +
                                  page.events(0).body().ByteSizeLong();
                              return true;
                            })
                      .ok());
    }
    slow = counting.bytes - quick_bytes;
  } while (slow > before);
  // Two pages each, what gRPC takes in advance for the client, and what the
  // system keeps of the connection.
  constexpr size_t kInAdvance = 4 << 20;
  constexpr size_t kOfConnection = 16 << 20;
  const size_t most =
      kReaders * (2 * limits::kReadPageBytes + kInAdvance) + kOfConnection;
  EXPECT_LT(slow, most);
  static_assert(kReaders * kEvents * kEventBytes > 200'000'000);
  go_on = true;
  go_on.notify_all();
  for (std::thread& reader : readers) reader.join();
}

// A store on a disk so slow that each event takes a while.
class SlowDisk : public testing::WrappedStore {
 public:
  explicit SlowDisk(EventStore& store) : WrappedStore(store) {}
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    const auto read =
        WrappedStore::Visit(options, [&](const RecordView& event) {
          ++events;
          events.notify_all();
          absl::SleepFor(absl::Milliseconds(10));
          return visit(event);
        });
    ended = true;
    ended.notify_all();
    return read;
  }

  std::atomic<int> events{0};
  std::atomic<bool> ended{false};
};

TEST_F(StoreServiceTest, AReadingThatIsCancelledStopsWithinItsPage) {
  TearDown();
  SlowDisk slow(store_);
  Serve(MakeStoreService(slow, access::OpenGate()));
  AppendMany(128);
  const auto stub = store::v1::EventStoreService::NewStub(
      grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const auto stream = stub->Read(&context, {});
  slow.events.wait(0);
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  slow.ended.wait(false);
  EXPECT_LT(slow.events, 128);
}

TEST_F(StoreServiceTest, NothingIsServedFromADamagedEventOn) {
  TearDown();
  CountingStore damaged(store_);
  damaged.damaged = Position(301);
  Serve(MakeStoreService(damaged, access::OpenGate()));
  AppendMany(400);
  for (const uint32_t page_size : {0, 100, 150}) {
    store::v1::ReadRequest request;
    request.set_page_size(page_size);
    uint64_t last = 0;
    const absl::Status read =
        raw().Read(request, [&](store::v1::ReadResponse& page) {
          last = page.events().rbegin()->position();
          EXPECT_EQ(page.scanned_to(), last);
          return true;
        });
    EXPECT_EQ(read.code(), absl::StatusCode::kDataLoss) << read;
    EXPECT_EQ(client::ReasonOf(read), error::v1::REASON_DAMAGED);
    EXPECT_GT(last, 0u);
    EXPECT_LT(last, 301u);
  }
}

TEST_F(StoreServiceTest, AReadingEndsAtTheHeadOfItsBeginning) {
  AppendMany(4);
  store::v1::ReadRequest request;
  request.set_page_size(1);
  int events = 0;
  ASSERT_TRUE(raw()
                  .Read(request,
                        [&](store::v1::ReadResponse& page) {
                          events += page.events_size();
                          EXPECT_TRUE(
                              raw().Append(OneEvent(100 + events)).ok());
                          return true;
                        })
                  .ok());
  EXPECT_EQ(events, 4);
}

TEST_F(StoreServiceTest, RefusesAPageThatIsTooLarge) {
  store::v1::ReadRequest request;
  request.set_page_size(10'001);
  const absl::Status status =
      raw().Read(request, [](store::v1::ReadResponse&) { return true; });
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(client::ReasonOf(status), error::v1::REASON_LIMIT_EXCEEDED);
}

TEST_F(StoreServiceTest, StreamsAppendsInOrderAndAnswersEachError) {
  constexpr int kAppends = 3000;
  auto stream = raw().OpenAppendStream(/*in_flight=*/500);
  std::vector<int> answered;
  std::vector<uint64_t> positions;
  int errors = 0;
  for (int i = 0; i < kAppends; ++i) {
    store::v1::AppendRequest request = OneEvent(i);
    // Every hundredth is refused; the stream goes on.
    if (i % 100 == 50) request.mutable_events(0)->set_type("samverk.x");
    stream->Send(std::move(request),
                 [&, i](absl::StatusOr<store::v1::AppendResponse> response) {
                   answered.push_back(i);
                   if (response.ok()) {
                     positions.push_back(response->recorded(0).position());
                   } else {
                     EXPECT_EQ(response.status().code(),
                               absl::StatusCode::kInvalidArgument);
                     EXPECT_EQ(client::ReasonOf(response.status()),
                               error::v1::REASON_INVALID_FIELD);
                     ++errors;
                   }
                 });
  }
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_EQ(answered.size(), static_cast<size_t>(kAppends));
  for (int i = 0; i < kAppends; ++i) EXPECT_EQ(answered[i], i);
  EXPECT_EQ(errors, kAppends / 100);
  for (size_t i = 0; i < positions.size(); ++i) EXPECT_EQ(positions[i], i + 1);
}

TEST_F(StoreServiceTest, AStreamThatIsCutAnswersWhatWasSent) {
  auto stream = raw().OpenAppendStream();
  std::atomic<int> answers = 0;
  for (int i = 0; i < 200; ++i) {
    stream->Send(
        OneEvent(i), [&](absl::StatusOr<store::v1::AppendResponse> answer) {
          EXPECT_TRUE(answer.ok() || absl::IsUnavailable(answer.status()))
              << answer.status();
          ++answers;
        });
    if (i == 100) server_->Shutdown(std::chrono::system_clock::now());
  }
  const absl::Status ended = stream->Finish();
  EXPECT_TRUE(absl::IsUnavailable(ended)) << ended;
  EXPECT_EQ(answers, 200);
}

TEST_F(StoreServiceTest, AStreamThatTheServerEndsMayBeTriedAgain) {
  auto stream = raw().OpenAppendStream();
  std::atomic<bool> answered = false;
  stream->Send(OneEvent(1), [&](auto answer) {
    EXPECT_TRUE(answer.ok()) << answer.status();
    answered = true;
    answered.notify_one();
  });
  answered.wait(false);
  // The call is still open when the time to drain ends.
  server_->Shutdown(std::chrono::system_clock::now() +
                    std::chrono::milliseconds(100));
  const absl::Status ended = stream->Finish();
  EXPECT_TRUE(absl::IsUnavailable(ended)) << ended;
}

TEST_F(StoreServiceTest, AStreamMayBeFinishedTwice) {
  auto stream = raw().OpenAppendStream();
  stream->Send(OneEvent(1), [](auto answer) { EXPECT_TRUE(answer.ok()); });
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StoreServiceTest, TheClientMayEndAsSoonAsItHasItsAnswer) {
  for (int i = 0; i < 20; ++i) {
    auto client = client::Client::Connect({.address = address_});
    ASSERT_TRUE(client.ok()) << client.status();
    std::atomic<bool> answered = false;
    std::atomic<bool> left = false;
    (*client)->raw_store().AppendAsync(
        OneEvent(i), absl::InfiniteFuture(), [&](auto answer) {
          EXPECT_TRUE(answer.ok()) << answer.status();
          answered = true;
          answered.notify_one();
          // As if gRPC's thread lost its core here.
          absl::SleepFor(absl::Milliseconds(5));
          left = true;
        });
    answered.wait(false);
    client->reset();
    EXPECT_TRUE(left) << "the client ended before the answer was taken";
  }
}

TEST_F(StoreServiceTest, WakesManyWaitersWhenTheLogGrows) {
  constexpr int kWaiters = 40;
  std::atomic<int> woken = 0;
  std::vector<std::thread> waiters;
  for (int i = 0; i < kWaiters; ++i) {
    waiters.emplace_back([this, &woken] {
      const auto answer = raw().AwaitBeyond({});
      EXPECT_TRUE(answer.ok()) << answer.status();
      EXPECT_EQ(answer->head(), 1u);
      ++woken;
    });
  }
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(woken, 0);
  AppendMany(1);
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(woken, kWaiters);
}

TEST_F(StoreServiceTest, AwaitBeyondGivesUpInTime) {
  store::v1::AwaitBeyondRequest request;
  request.mutable_timeout()->set_nanos(50'000'000);
  const absl::Time before = absl::Now();
  const auto answer = raw().AwaitBeyond(request);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_GE(absl::Now() - before, absl::Milliseconds(50));
  EXPECT_LE(absl::Now() - before, absl::Seconds(5));
  request.mutable_timeout()->set_seconds(61);
  EXPECT_EQ(raw().AwaitBeyond(request).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(StoreServiceTest, LocatesWhatIsRecordedAndLimitsTheQuestion) {
  AppendMany(2);
  store::v1::LocateRequest request;
  request.add_ids(OneEvent(1).events(0).id());
  request.add_ids(OneEvent(7).events(0).id());
  const auto found = raw().Locate(request);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->positions(0), 2u);
  EXPECT_EQ(found->positions(1), 0u);
  for (int i = 0; i < 1000; ++i) request.add_ids(request.ids(0));
  EXPECT_EQ(client::ReasonOf(raw().Locate(request).status()),
            error::v1::REASON_LIMIT_EXCEEDED);
}

TEST_F(StoreServiceTest, EveryCallSaysThatItIsSwitchedOff) {
  TearDown();
  Serve(MakeDisabledStoreService());
  const auto expect_disabled = [](const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(client::ReasonOf(status), error::v1::REASON_DISABLED);
    EXPECT_NE(std::string(status.message()).find("raw_store"),
              std::string::npos);
  };
  expect_disabled(raw().Append(OneEvent(1)).status());
  expect_disabled(
      raw().Read({}, [](store::v1::ReadResponse&) { return true; }));
  expect_disabled(raw().GetHead().status());
  expect_disabled(raw().AwaitBeyond({}).status());
  expect_disabled(raw().Locate({}).status());
  auto stream = raw().OpenAppendStream();
  stream->Send(OneEvent(1), [](absl::StatusOr<store::v1::AppendResponse> a) {
    EXPECT_FALSE(a.ok());
  });
  expect_disabled(stream->Finish());
}

}  // namespace
}  // namespace samverk
