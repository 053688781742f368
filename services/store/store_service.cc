#include "services/store/store_service.h"

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"
#include "samverk/store/v1/store_service.grpc.pb.h"
#include "services/common/caller.h"
#include "services/common/grpc_status.h"
#include "services/common/head_watcher.h"
#include "services/common/refused_call.h"
#include "services/common/retry_delay.h"
#include "services/common/wire_bytes.h"
#include "services/common/worker_pool.h"
#include "services/store/append_stream.h"
#include "services/store/conversions.h"
#include "services/store/read_stream.h"

namespace samverk {
namespace {

using access::CallKind;
using access::CallRight;
using store::v1::EventStoreService;

// Reading waits for the disk, which gRPC's own threads must not. More threads
// read no faster from one disk.
constexpr int kThreads = 2;
constexpr size_t kWaitingReadings = 1'024;
constexpr absl::Duration kAwaitDefault = absl::Seconds(30);
constexpr absl::Duration kAwaitLongest = absl::Seconds(60);

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  return deadline == std::chrono::system_clock::time_point::max()
             ? absl::InfiniteFuture()
             : absl::FromChrono(deadline);
}

// Answers at once.
grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                 const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

// A caller that waits for the log to grow.
class AwaitReactor final : public grpc::ServerUnaryReactor {
 public:
  AwaitReactor(HeadWatcher& watcher, store::v1::AwaitBeyondResponse& response)
      : watcher_(watcher), response_(response) {}

  // Called once. Nothing may be done with the reactor afterwards.
  void Start(Position position, absl::Time deadline) {
    MutexLock lock(mu_);
    waiter_ = watcher_.Await(
        position, deadline, [this](absl::StatusOr<Position> head) {
          response_.set_head(head.ok() ? head->value() : 0);
          Finish(ToGrpcStatus(head.status()));
        });
  }

  void OnCancel() override {
    MutexLock lock(mu_);
    if (watcher_.Remove(waiter_)) Finish(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    // Start or OnCancel may still hold the lock.
    { MutexLock lock(mu_); }
    delete this;
  }

 private:
  HeadWatcher& watcher_;
  store::v1::AwaitBeyondResponse& response_;
  Mutex mu_;
  HeadWatcher::WaiterId waiter_ ABSL_GUARDED_BY(mu_) = 0;
};

// Appends and reads are handed the bytes of their messages; the others are as
// generated.
using ServiceBase = EventStoreService::WithRawCallbackMethod_Append<
    EventStoreService::WithRawCallbackMethod_AppendStream<
        EventStoreService::WithRawCallbackMethod_Read<
            EventStoreService::WithCallbackMethod_GetHead<
                EventStoreService::WithCallbackMethod_AwaitBeyond<
                    EventStoreService::WithCallbackMethod_Locate<
                        EventStoreService::Service>>>>>>;

class StoreService final : public ServiceBase {
 public:
  StoreService(EventStore& store, access::Gate& gate)
      : store_(store),
        gate_(gate),
        watcher_(store),
        pool_(kThreads, kWaitingReadings) {}

  grpc::ServerUnaryReactor* Append(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override {
    const auto who = gate_.Admit(*context, CallRight::kOperates,
                                 CallKind::kUnary, request->Length());
    if (!who.ok()) return RefuseCall(*context, who.status());
    store::v1::AppendRequest parsed;
    if (const absl::Status status = ParseMessage(*request, parsed);
        !status.ok()) {
      return Answer(context, status);
    }
    absl::StatusOr<AppendRequest> append = AppendFromProto(parsed);
    if (!append.ok()) return Answer(context, append.status());
    append->caller = CallerOf(*context);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    store_.Append(
        *std::move(append), DeadlineOf(*context),
        [reactor, response](absl::StatusOr<AppendResult> result) {
          if (result.ok()) {
            *response = ToByteBuffer(AppendToProto(*result));
          }
          reactor->Finish(ToGrpcStatus(WithRetryDelay(result.status())));
        });
    return reactor;
  }

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* AppendStream(
      grpc::CallbackServerContext* context) override {
    auto who = gate_.Admit(*context, CallRight::kOperates, CallKind::kStream);
    if (!who.ok()) {
      return new RefusedExchange<grpc::ByteBuffer, grpc::ByteBuffer>(
          who.status());
    }
    return NewAppendStream(
        store_, DeadlineOf(*context), CallerOf(*context),
        access::LastingRight(gate_, *std::move(who), CallRight::kOperates));
  }

  grpc::ServerWriteReactor<grpc::ByteBuffer>* Read(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override {
    auto who = gate_.Admit(*context, CallRight::kReadsAll, CallKind::kStream);
    if (!who.ok()) return new RefusedStream<grpc::ByteBuffer>(who.status());
    return NewReadStream(
        store_, pool_, *request,
        access::LastingRight(gate_, *std::move(who), CallRight::kReadsAll));
  }

  grpc::ServerUnaryReactor* GetHead(
      grpc::CallbackServerContext* context, const store::v1::GetHeadRequest*,
      store::v1::GetHeadResponse* response) override {
    const auto who = gate_.Admit(*context, CallRight::kLoggedIn);
    if (!who.ok()) return RefuseCall(*context, who.status());
    response->set_position(store_.Head().value());
    return Answer(context, absl::OkStatus());
  }

  grpc::ServerUnaryReactor* AwaitBeyond(
      grpc::CallbackServerContext* context,
      const store::v1::AwaitBeyondRequest* request,
      store::v1::AwaitBeyondResponse* response) override {
    const auto who = gate_.Admit(*context, CallRight::kLoggedIn);
    if (!who.ok()) return RefuseCall(*context, who.status());
    absl::Duration timeout = kAwaitDefault;
    if (request->has_timeout()) {
      timeout = absl::Seconds(request->timeout().seconds()) +
                absl::Nanoseconds(request->timeout().nanos());
    }
    if (timeout < absl::ZeroDuration() || timeout > kAwaitLongest) {
      return Answer(
          context,
          MakeError(absl::StatusCode::kInvalidArgument,
                    error::v1::REASON_INVALID_FIELD,
                    absl::StrCat("timeout is ", absl::FormatDuration(timeout),
                                 "; wait from 0 to 60 s at a time"),
                    {{"field", "timeout"},
                     {"value", absl::FormatDuration(timeout)}}));
    }
    auto* reactor = new AwaitReactor(watcher_, *response);
    reactor->Start(Position(request->position()), absl::Now() + timeout);
    return reactor;
  }

  grpc::ServerUnaryReactor* Locate(
      grpc::CallbackServerContext* context,
      const store::v1::LocateRequest* request,
      store::v1::LocateResponse* response) override {
    const auto who = gate_.Admit(*context, CallRight::kReadsAll);
    if (!who.ok()) return RefuseCall(*context, who.status());
    absl::StatusOr<std::vector<EventId>> ids = IdsFromProto(*request);
    if (!ids.ok()) return Answer(context, ids.status());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::Status queued =
        pool_.Submit([this, ids = *std::move(ids), reactor, response] {
          reactor->Finish(ToGrpcStatus(LocateInto(ids, *response)));
        });
    if (!queued.ok()) reactor->Finish(ToGrpcStatus(WithRetryDelay(queued)));
    return reactor;
  }

 private:
  absl::Status LocateInto(const std::vector<EventId>& ids,
                          store::v1::LocateResponse& response) {
    ASSIGN_OR_RETURN(const auto positions, store_.Locate(ids));
    for (const std::optional<Position>& position : positions) {
      response.add_positions(position.value_or(Position(0)).value());
    }
    return absl::OkStatus();
  }

  EventStore& store_;
  access::Gate& gate_;
  HeadWatcher watcher_;
  WorkerPool pool_;  // last: its jobs use all of the above
};

absl::Status Disabled() {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_DISABLED,
      "the raw store service is switched off; set raw_store = true in the "
      "server's configuration",
      {{"setting", "raw_store"}});
}

// Every call gets the same answer.
class DisabledStoreService final : public EventStoreService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Append(grpc::CallbackServerContext* context,
                                   const store::v1::AppendRequest*,
                                   store::v1::AppendResponse*) override {
    return Answer(context, Disabled());
  }
  grpc::ServerBidiReactor<store::v1::AppendStreamRequest,
                          store::v1::AppendStreamResponse>*
  AppendStream(grpc::CallbackServerContext*) override {
    return new RefusedExchange<store::v1::AppendStreamRequest,
                               store::v1::AppendStreamResponse>(Disabled());
  }
  grpc::ServerWriteReactor<store::v1::ReadResponse>* Read(
      grpc::CallbackServerContext*, const store::v1::ReadRequest*) override {
    return new RefusedStream<store::v1::ReadResponse>(Disabled());
  }
  grpc::ServerUnaryReactor* GetHead(grpc::CallbackServerContext* context,
                                    const store::v1::GetHeadRequest*,
                                    store::v1::GetHeadResponse*) override {
    return Answer(context, Disabled());
  }
  grpc::ServerUnaryReactor* AwaitBeyond(
      grpc::CallbackServerContext* context,
      const store::v1::AwaitBeyondRequest*,
      store::v1::AwaitBeyondResponse*) override {
    return Answer(context, Disabled());
  }
  grpc::ServerUnaryReactor* Locate(grpc::CallbackServerContext* context,
                                   const store::v1::LocateRequest*,
                                   store::v1::LocateResponse*) override {
    return Answer(context, Disabled());
  }
};

}  // namespace

std::unique_ptr<grpc::Service> MakeStoreService(EventStore& store,
                                                access::Gate& gate) {
  return std::make_unique<StoreService>(store, gate);
}

std::unique_ptr<grpc::Service> MakeDisabledStoreService() {
  return std::make_unique<DisabledStoreService>();
}

}  // namespace samverk
