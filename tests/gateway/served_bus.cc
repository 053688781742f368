#include "tests/gateway/served_bus.h"

#include <grpcpp/server_builder.h>

#include <utility>

#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"
#include "services/common/caller.h"
#include "services/common/grpc_status.h"

namespace samverk {

class FakeGroups::Never final : public grpc::ServerUnaryReactor {
 public:
  explicit Never(FakeGroups& groups) : groups_(groups) { ++groups_.waiting_; }
  void OnCancel() override {
    ++groups_.cancelled_;
    Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override {
    --groups_.waiting_;
    delete this;
  }

 private:
  FakeGroups& groups_;
};

std::multimap<std::string, std::string> FakeGroups::Metadata() {
  MutexLock lock(mu_);
  return metadata_;
}
uint64_t FakeGroups::Caller() {
  MutexLock lock(mu_);
  return caller_;
}
bool FakeGroups::HasDeadline() {
  MutexLock lock(mu_);
  return has_deadline_;
}

grpc::ServerUnaryReactor* FakeGroups::GetGroup(
    grpc::CallbackServerContext* context,
    const bus::v1::GetGroupRequest* request,
    bus::v1::GetGroupResponse* response) {
  {
    MutexLock lock(mu_);
    metadata_.clear();
    for (const auto& [name, value] : context->client_metadata()) {
      metadata_.emplace(std::string(name.data(), name.size()),
                        std::string(value.data(), value.size()));
    }
    caller_ = CallerOf(*context);
    has_deadline_ =
        context->deadline() < std::chrono::system_clock::time_point::max();
  }
  if (request->name() == "never") return new Never(*this);
  auto* reactor = context->DefaultReactor();
  context->AddInitialMetadata("x-lead", "l");
  context->AddTrailingMetadata("x-trail", "t");
  if (request->name() == "refused") {
    reactor->Finish(ToGrpcStatus(
        MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                  "there is no such group", {{"name", "refused"}})));
    return reactor;
  }
  response->mutable_group()->set_name(request->name());
  response->mutable_group()->set_cursor((uint64_t{1} << 53) + 1);
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

class FakeLog::Writer final
    : public grpc::ServerWriteReactor<bus::v1::SubscribeResponse> {
 public:
  Writer(FakeLog& log, int messages, const grpc::Status& end)
      : log_(log), silent_(messages == 0), messages_(messages), end_(end) {
    ++log_.open_;
    response_.mutable_events()->add_events()->set_stream(
        std::string(kMessageBytes, 'x'));
    if (!silent_) Write();
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    ++log_.written_;
    if (--messages_ == 0) return Finish(end_);
    Write();
  }
  void OnCancel() override {
    // A write that goes on fails.
    if (silent_) Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override {
    --log_.open_;
    delete this;
  }

 private:
  void Write() {
    response_.set_cursor(response_.cursor() + 1);
    StartWrite(&response_);
  }

  FakeLog& log_;
  const bool silent_;
  int messages_;  // to be written still
  const grpc::Status end_;
  bus::v1::SubscribeResponse response_;
};

grpc::ServerWriteReactor<bus::v1::SubscribeResponse>* FakeLog::Subscribe(
    grpc::CallbackServerContext* context,
    const bus::v1::SubscribeRequest* request) {
  constexpr int kEndless = 1'000'000;
  const std::string& process = request->filter().process();
  context->AddTrailingMetadata("x-trail", "t");
  if (process == "endless") {
    return new Writer(*this, kEndless, grpc::Status::OK);
  }
  if (process == "three") return new Writer(*this, 3, grpc::Status::OK);
  if (process == "broken") {
    return new Writer(
        *this, 1,
        ToGrpcStatus(MakeError(absl::StatusCode::kDataLoss,
                               error::v1::REASON_DAMAGED, "it is damaged")));
  }
  return new Writer(*this, 0, grpc::Status::OK);
}

ServedBus::ServedBus(std::vector<std::string> origins) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &grpc_port_);
  builder.RegisterService(&groups_);
  builder.RegisterService(&log_);
  grpc_ = builder.BuildAndStart();
  Gateway::Options options{std::move(origins), "", 2};
  gateway_ = std::make_unique<Gateway>(grpc_->InProcessChannel({}), registry_,
                                       options);
  HttpServer::Options http;
  http.host = "127.0.0.1";
  http.connections = Gateway::ConnectionsFor(options);
  http.handlers["/livez"] = [](const HttpRequest&) {
    return HttpAnswer{.body = "alive\n"};
  };
  http.others = [this](const HttpRequest& request) {
    return gateway_->Answer(request);
  };
  auto started = HttpServer::Start(std::move(http));
  SAMVERK_CHECK(started.ok()) << started.status();
  http_ = *std::move(started);
}

ServedBus::~ServedBus() {
  grpc_->Shutdown(std::chrono::system_clock::now());
  http_.reset();
  gateway_.reset();
  grpc_->Wait();
}

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Seconds(10);
  while (!holds()) {
    if (absl::Now() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

}  // namespace samverk
