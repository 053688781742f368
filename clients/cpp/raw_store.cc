#include "clients/cpp/raw_store.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/status.h"
#include "samverk/store/v1/store_service.grpc.pb.h"

namespace samverk::client {
namespace {

using store::v1::EventStoreService;

// One append that goes on: what gRPC reads and writes until the call is over.
// Its context keeps the channel alive, and a channel must not end on a thread
// of gRPC.
struct PendingAppend {
  grpc::ClientContext context;
  store::v1::AppendRequest request;
  store::v1::AppendResponse response;
};

// How many appends are not over yet. The calls share it, because the last of
// them still lowers it when the store's destructor is already awake.
class Outstanding {
 public:
  void Add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++count_;
  }
  void Remove() {
    std::lock_guard<std::mutex> lock(mu_);
    if (--count_ == 0) none_.notify_all();
  }
  void AwaitNone() {
    std::unique_lock<std::mutex> lock(mu_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mu_;
  std::condition_variable none_;
  int count_ = 0;  // guarded by mu_
};

// Writes on the caller's thread, reads on one of its own.
class GrpcAppendStream : public AppendStream {
 public:
  GrpcAppendStream(const Connection& connection, EventStoreService::Stub& stub,
                   size_t in_flight)
      : in_flight_(in_flight) {
    connection.Prepare(absl::InfiniteFuture(), context_);
    stream_ = stub.AppendStream(&context_);
    reader_ = std::thread([this] { ReadAnswers(); });
  }

  ~GrpcAppendStream() override {
    if (!reader_.joinable()) return;
    context_.TryCancel();
    reader_.join();
  }

  void Send(store::v1::AppendRequest request, Done done) override {
    absl::Status broken;
    {
      std::unique_lock<std::mutex> lock(mu_);
      room_.wait(lock,
                 [this] { return over_ || waiting_.size() < in_flight_; });
      if (over_) {
        broken = outcome_;
      } else {
        waiting_.push_back(std::move(done));
      }
    }
    if (!broken.ok()) {
      done(std::move(broken));
      return;
    }
    store::v1::AppendStreamRequest message;
    *message.mutable_append() = std::move(request);
    std::lock_guard<std::mutex> lock(write_mu_);
    // A failed write means that the stream is over; the reader finds out why
    // and answers for it.
    if (!closed_) stream_->Write(message);
  }

  absl::Status Finish() override {
    if (reader_.joinable()) {
      {
        std::lock_guard<std::mutex> lock(write_mu_);
        if (!closed_) stream_->WritesDone();
      }
      reader_.join();
    }
    std::lock_guard<std::mutex> lock(mu_);
    return finished_well_ ? absl::OkStatus() : outcome_;
  }

 private:
  void ReadAnswers() {
    store::v1::AppendStreamResponse answer;
    while (stream_->Read(&answer)) {
      Done done;
      {
        std::lock_guard<std::mutex> lock(mu_);
        if (waiting_.empty()) {
          context_.TryCancel();  // An answer to nothing: the server is broken.
          break;
        }
        done = std::move(waiting_.front());
        waiting_.pop_front();
      }
      room_.notify_one();
      if (answer.has_appended()) {
        done(std::move(*answer.mutable_appended()));
      } else {
        done(FromRpcStatusBytes(answer.error()));
      }
    }
    grpc::Status status;
    {
      std::lock_guard<std::mutex> lock(write_mu_);
      closed_ = true;
      status = stream_->Finish();
    }
    End(FromGrpcStatus(status));
  }

  // No more answers: those who wait get the reason.
  void End(absl::Status status) {
    // As a server that stops ends a call, or its client.
    if (absl::IsCancelled(status)) {
      status = absl::UnavailableError(
          "the stream of appends was cut off; open a new one and send what was "
          "not answered again");
    }
    std::deque<Done> unanswered;
    absl::Status outcome;
    {
      std::lock_guard<std::mutex> lock(mu_);
      over_ = true;
      finished_well_ = status.ok();
      outcome_ = status.ok() ? absl::UnavailableError(
                                   "the stream of appends has ended; open a "
                                   "new one and send again")
                             : std::move(status);
      outcome = outcome_;
      unanswered.swap(waiting_);
    }
    room_.notify_all();
    for (Done& done : unanswered) done(outcome);
  }

  const size_t in_flight_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<store::v1::AppendStreamRequest,
                                           store::v1::AppendStreamResponse>>
      stream_;
  std::thread reader_;

  std::mutex write_mu_;
  bool closed_ = false;  // guarded by write_mu_: the stream is finished

  std::mutex mu_;
  std::condition_variable room_;
  std::deque<Done> waiting_;    // guarded by mu_
  bool over_ = false;           // guarded by mu_
  bool finished_well_ = false;  // guarded by mu_
  absl::Status outcome_;        // guarded by mu_: why it is over
};

}  // namespace

struct RawStore::Parts {
  explicit Parts(const Connection& opened)
      : connection(opened),
        stub(EventStoreService::NewStub(opened.channel())) {}

  absl::Time Deadline() const {
    return absl::Now() + connection.options().timeout;
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (EventStoreService::Stub::*method)(
                                    grpc::ClientContext*, const Request&,
                                    Response*),
                                const Request& request, absl::Time deadline) {
    grpc::ClientContext context;
    connection.Prepare(deadline, context);
    Response response;
    const absl::Status status =
        FromGrpcStatus((stub.get()->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  const Connection& connection;
  const std::unique_ptr<EventStoreService::Stub> stub;
  const std::shared_ptr<Outstanding> outstanding =
      std::make_shared<Outstanding>();
};

RawStore::RawStore(const Connection& connection)
    : parts_(std::make_unique<Parts>(connection)) {}

RawStore::~RawStore() { parts_->outstanding->AwaitNone(); }

absl::StatusOr<store::v1::AppendResponse> RawStore::Append(
    const store::v1::AppendRequest& request) {
  return parts_->Call(&EventStoreService::Stub::Append, request,
                      parts_->Deadline());
}

void RawStore::AppendAsync(store::v1::AppendRequest request,
                           absl::Time deadline, AppendDone done) {
  // gRPC copies the function that it calls, so no copy of it owns the call; it
  // is called exactly once.
  auto* pending = new PendingAppend;
  pending->request = std::move(request);
  parts_->connection.Prepare(deadline, pending->context);
  const auto outstanding = parts_->outstanding;
  outstanding->Add();
  parts_->stub->async()->Append(
      &pending->context, &pending->request, &pending->response,
      [pending, outstanding, done = std::move(done)](grpc::Status status) {
        store::v1::AppendResponse response = std::move(pending->response);
        // Before the answer, upon which the caller may end the client.
        delete pending;
        if (status.ok()) {
          done(std::move(response));
        } else {
          done(FromGrpcStatus(status));
        }
        outstanding->Remove();
      });
}

std::unique_ptr<AppendStream> RawStore::OpenAppendStream(size_t in_flight) {
  return std::make_unique<GrpcAppendStream>(parts_->connection, *parts_->stub,
                                            in_flight);
}

absl::Status RawStore::Read(
    const store::v1::ReadRequest& request,
    const std::function<bool(store::v1::ReadResponse& page)>& on_page) {
  grpc::ClientContext context;
  parts_->connection.Prepare(absl::InfiniteFuture(), context);
  const auto stream = parts_->stub->Read(&context, request);
  store::v1::ReadResponse page;
  while (stream->Read(&page)) {
    if (on_page(page)) continue;
    context.TryCancel();
    while (stream->Read(&page)) {
    }
    stream->Finish();
    return absl::OkStatus();
  }
  return FromGrpcStatus(stream->Finish());
}

absl::StatusOr<store::v1::GetHeadResponse> RawStore::GetHead() {
  return parts_->Call(&EventStoreService::Stub::GetHead,
                      store::v1::GetHeadRequest(), parts_->Deadline());
}

absl::StatusOr<store::v1::AwaitBeyondResponse> RawStore::AwaitBeyond(
    const store::v1::AwaitBeyondRequest& request) {
  // The server keeps the time; the call's own deadline only bounds its absence.
  const absl::Duration asked = absl::Seconds(request.timeout().seconds()) +
                               absl::Nanoseconds(request.timeout().nanos());
  return parts_->Call(&EventStoreService::Stub::AwaitBeyond, request,
                      parts_->Deadline() + asked);
}

absl::StatusOr<store::v1::LocateResponse> RawStore::Locate(
    const store::v1::LocateRequest& request) {
  return parts_->Call(&EventStoreService::Stub::Locate, request,
                      parts_->Deadline());
}

}  // namespace samverk::client
