#include "tests/bench/limit_server.h"

#include <grpcpp/grpcpp.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "eventstore/base/check.h"
#include "tests/bench/limit.grpc.pb.h"

namespace samverk::bench {
namespace {

// An append that waits for the disk. Both must live until it is answered.
struct Waiting {
  const Events* events;
  Appended* appended;
  std::function<void()> answer;
};

// Writes what has come while the last batch was on its way to the disk.
class Writer {
 public:
  explicit Writer(const std::string& directory) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.write_buffer_size = 64 << 20;
    options.max_background_jobs = 2;
    options.compression = rocksdb::kLZ4Compression;
    rocksdb::DB* db = nullptr;
    const auto status = rocksdb::DB::Open(options, directory, &db);
    SAMVERK_CHECK(status.ok()) << status.ToString();
    db_.reset(db);
    thread_ = std::thread([this] { Run(); });
  }

  ~Writer() {
    {
      std::lock_guard<std::mutex> lock(mu_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void Add(Waiting waiting) {
    bool first = false;
    {
      std::lock_guard<std::mutex> lock(mu_);
      first = waiting_.empty();
      waiting_.push_back(std::move(waiting));
    }
    if (first) changed_.notify_one();
  }

 private:
  void Run() {
    rocksdb::WriteOptions durable;
    durable.sync = true;
    rocksdb::WriteBatch batch;
    std::vector<Waiting> group;
    for (;;) {
      group.clear();
      {
        std::unique_lock<std::mutex> lock(mu_);
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        group.swap(waiting_);
      }
      batch.Clear();
      for (const Waiting& one : group) Put(one, batch);
      const auto status = db_->Write(durable, &batch);
      SAMVERK_CHECK(status.ok()) << status.ToString();
      for (const Waiting& one : group) one.answer();
    }
  }

  // The key is the position, most significant byte first.
  void Put(const Waiting& one, rocksdb::WriteBatch& batch) {
    for (const std::string& event : one.events->events()) {
      ++position_;
      char key[8];
      for (int i = 0; i < 8; ++i) {
        key[i] = static_cast<char>(position_ >> (56 - 8 * i));
      }
      SAMVERK_CHECK(batch.Put(rocksdb::Slice(key, sizeof key), event).ok());
    }
    one.appended->set_position(position_);
  }

  std::unique_ptr<rocksdb::DB> db_;
  uint64_t position_ = 0;  // of the writer's thread
  std::mutex mu_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;  // guarded by mu_
  bool stopping_ = false;         // guarded by mu_
  std::thread thread_;
};

class StreamReactor : public grpc::ServerBidiReactor<Events, Appended> {
 public:
  explicit StreamReactor(Writer& writer) : writer_(writer) {
    StartRead(&events_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
      return;
    }
    writer_.Add({&events_, &appended_, [this] { StartWrite(&appended_); }});
  }
  void OnWriteDone(bool /*ok*/) override { StartRead(&events_); }
  void OnDone() override { delete this; }

 private:
  Writer& writer_;
  Events events_;
  Appended appended_;
};

class LimitService : public Limit::CallbackService {
 public:
  explicit LimitService(Writer& writer) : writer_(writer) {}

  grpc::ServerUnaryReactor* Append(grpc::CallbackServerContext* context,
                                   const Events* events,
                                   Appended* appended) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    writer_.Add(
        {events, appended, [reactor] { reactor->Finish(grpc::Status::OK); }});
    return reactor;
  }

  grpc::ServerBidiReactor<Events, Appended>* AppendStream(
      grpc::CallbackServerContext* /*context*/) override {
    return new StreamReactor(writer_);
  }

 private:
  Writer& writer_;
};

class RunningLimitServer : public LimitServer {
 public:
  explicit RunningLimitServer(const std::string& directory)
      : writer_(directory), service_(writer_) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    SAMVERK_CHECK(server_ != nullptr && port_ != 0) << "no port on loopback";
  }

  ~RunningLimitServer() override {
    server_->Shutdown(std::chrono::system_clock::now() +
                      std::chrono::seconds(1));
    server_->Wait();
  }

  int port() const override { return port_; }

 private:
  Writer writer_;
  LimitService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

std::unique_ptr<LimitServer> LimitServer::Start(const std::string& directory) {
  return std::make_unique<RunningLimitServer>(directory);
}

}  // namespace samverk::bench
