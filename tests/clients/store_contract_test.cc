// The store's contract once more, through the wire: the default engine behind
// the raw store service, asked by the client library.
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/limits.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "services/bus/tracking_service.h"
#include "services/store/store_service.h"
#include "tests/clients/grpc_event_store.h"
#include "tests/contract/event_store_contract.h"
#include "tests/contract/temporary_directory.h"

namespace samverk::contract {
namespace {

constexpr int64_t kStart = 1'750'000'000;

template <GrpcEventStore::Appends kAppends>
class ServedUnderTest : public StoreUnderTest {
 public:
  ServedUnderTest() { Open(); }
  ~ServedUnderTest() override { Close(); }

  EventStore& store() override { return *client_; }
  TrackStore& tracks() override { return *client_; }
  FakeClock* clock() override { return &clock_; }
  bool Restart() override {
    Close();
    Open();
    return true;
  }

 private:
  void Open() {
    RocksDbEventStore::Options options;
    options.directory = directory_.path();
    options.origin = "test.example/register";
    options.clock = &clock_;
    auto store = RocksDbEventStore::Open(std::move(options));
    SAMVERK_CHECK(store.ok()) << store.status().ToString();
    store_ = *std::move(store);
    service_ = MakeStoreService(*store_, access::OpenGate());
    tracking_ =
        std::make_unique<TrackingService>(*store_, *store_, access::OpenGate());
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.SetMaxReceiveMessageSize(limits::kMessageBytes);
    builder.RegisterService(service_.get());
    builder.RegisterService(tracking_.get());
    server_ = builder.BuildAndStart();
    client::Options client_options;
    client_options.address = absl::StrCat("127.0.0.1:", port);
    auto client = client::Client::Connect(client_options);
    SAMVERK_CHECK(client.ok()) << client.status().ToString();
    client_ = std::make_unique<GrpcEventStore>(*std::move(client), kAppends);
  }

  void Close() {
    client_.reset();
    server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
    service_.reset();
    tracking_.reset();
    store_.reset();
  }

  TemporaryDirectory directory_;
  FakeClock clock_{absl::FromUnixSeconds(kStart)};
  std::unique_ptr<RocksDbEventStore> store_;
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<TrackingService> tracking_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<GrpcEventStore> client_;
};

template <typename Under>
Implementation Of(std::string name) {
  return {std::move(name), [] { return std::make_unique<Under>(); }};
}

using Appends = GrpcEventStore::Appends;

auto All() {
  return testing::Values(Of<ServedUnderTest<Appends::kUnary>>("unary"),
                         Of<ServedUnderTest<Appends::kStream>>("stream"));
}

INSTANTIATE_TEST_SUITE_P(Wire, EventStoreContract, All(), NameOf);
INSTANTIATE_TEST_SUITE_P(Wire, TrackStoreContract, All(), NameOf);

}  // namespace
}  // namespace samverk::contract
